. /work/w17/scripts/lib.sh
set +e
uml_kernel
nice make -k -C $UML_KDIR M=/var/tmp/w17/module ARCH=um modules 2>&1 | grep -E "error|warning|LD|refuse" | head -60
