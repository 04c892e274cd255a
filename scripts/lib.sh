# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# What the scripts share: progress, packages, kernels, builds. To be sourced;
# what looks unused is for the scripts.

set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kthreadxx
# Where this checkout is built, away from it, in a tree for each kernel.
builds=$cache/build${project//\//-}
started=${EPOCHREALTIME/[.,]/}

# Under `make check` the variables of the outer make would reach the kernel's.
unset MAKEFLAGS MFLAGS MAKELEVEL LLVM

# Results go to stdout, everything about the way there to stderr.
step() {
	local now=${EPOCHREALTIME/[.,]/}
	local tenths=$(((now - started) / 100000))
	printf '[%5d.%ds] %s\n' $((tenths / 10)) $((tenths % 10)) "$*" >&2
}

# fail TEXT [STATUS]
fail() {
	printf '%s: %s\n' "${0##*/}" "$1" >&2
	exit "${2:-1}"
}

# The run's own directory: the logs in it outlive a failure, whose last line
# names one of them; the rest goes in any case, as do the dirs in `scratch`.
run_dir=$(mktemp -d "${TMPDIR:-/tmp}/kthreadxx.XXXXXX")
scratch=()
job=
# A function of the script's own, to be called first.
at_exit=:

clean_up() {
	local status=$?
	trap '' INT TERM HUP
	"$at_exit"
	if [[ $job ]]; then
		kill -- "-$job" 2>/dev/null || true
	fi
	wait
	rm -rf "${scratch[@]}"
	if ((status == 0 || status > 128)); then
		rm -rf "$run_dir"
	else
		find "$run_dir" -mindepth 1 ! -name '*.log' -delete
		rmdir "$run_dir" 2>/dev/null || true
	fi
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# try LABEL COMMAND…: a command (or function) that takes long. Its output goes
# to a log, $run_log, of which a line shows now and then. How it ended is in
# $run_status, and not the status of this, which would turn off set -e in it.
try() {
	local label=$1 bell status=
	run_log=$run_dir/${1//[^A-Za-z0-9.]/-}.log
	shift
	step "$label"
	# A pipe that rings at the end: read has a timeout, wait has none.
	exec {bell}<> <(:)
	# Job control gives the job a process group of its own, to be killed whole.
	set -m
	{
		trap 'echo $? >&"$bell"' EXIT
		"$@"
	} </dev/null >"$run_log" 2>&1 &
	job=$!
	set +m
	until read -rt 15 -u "$bell" status; do
		if ! kill -0 "$job" 2>/dev/null; then
			status=killed
			break
		fi
		step "  … $(tail -n 1 "$run_log" | tr -d '\r' | cut -c -70)"
	done
	job=
	exec {bell}>&-
	run_status=$status
}

# run LABEL COMMAND…: the same for what must not fail.
run() {
	try "$@"
	if [[ $run_status != 0 ]]; then
		tail -n 15 "$run_log" >&2
		fail "$1: failed ($run_status), log: $run_log"
	fi
}

# What the functions below and scripts/guest take, for a script to install at once.
# g++ and libc6-dev: the headers bring only the C compiler.
debian_packages=(linux-headers-cloud-amd64 make g++ libc6-dev)
rt_packages=(linux-headers-rt-amd64 "${debian_packages[@]:1}")
# python3 is for kunit.py.
uml_packages=(linux-source-6.1 xz-utils make gcc g++ libc6-dev flex bison bc python3)
# libelf-dev is for objtool.
smp_packages=("${uml_packages[@]}" libelf-dev)
cfi_packages=(clang-16 lld-16 llvm-16)
guest_packages=(busybox-static qemu-system-x86)

as_root() {
	if ((EUID == 0)); then
		"$@"
	else
		sudo -n "$@"
	fi
}

apt_get() {
	# A new machine may be busy with its first unattended upgrade.
	as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get -q -o DPkg::Lock::Timeout=120 "$@"
}

# need PACKAGE…: installs those that are missing.
need() {
	local package installed missing=()
	installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null) || true
	for package; do
		if [[ $'\n'$installed$'\n' != *$'\n'"$package installed"$'\n'* ]]; then
			missing+=("$package")
		fi
	done
	if [[ ${#missing[@]} -eq 0 ]]; then
		return
	fi
	if ! command -v apt-get >/dev/null; then
		fail "not a Debian system: install what Debian calls ${missing[*]}"
	fi
	if ((EUID != 0)); then
		# Here it can ask for a password, from a job it could not.
		sudo -v || fail "installing ${missing[*]} takes root or sudo"
	fi
	run 'apt-get update' apt_get update
	run "apt-get install ${missing[*]}" apt_get install -y --no-install-recommends "${missing[@]}"
}

need_amd64() {
	if [[ $(uname -m) != x86_64 ]]; then
		fail "this script knows only amd64 kernels, the machine is $(uname -m)"
	fi
}

# Sets DEBIAN_KDIR and DEBIAN_KERNEL, the image that belongs to those headers.
debian_kernel() {
	need "${debian_packages[@]}"
	packaged_kernel cloud-amd64
	DEBIAN_KDIR=$kernel_tree DEBIAN_KERNEL=$kernel_image
}

# Sets RT_KDIR and RT_KERNEL likewise, of Debian's kernel with PREEMPT_RT.
rt_kernel() {
	need "${rt_packages[@]}"
	packaged_kernel rt-amd64
	RT_KDIR=$kernel_tree RT_KERNEL=$kernel_image
}

# packaged_kernel FLAVOUR: sets kernel_tree and kernel_image.
packaged_kernel() {
	local release version
	need_amd64
	release=$(dpkg-query -W -f '${Depends}' "linux-headers-$1")
	release=${release#linux-headers-}
	release=${release%% *}
	version=$(dpkg-query -W -f '${Version}' "linux-headers-$release")
	kernel_tree=/lib/modules/$release/build
	kernel_image=$cache/linux-image-${release}_$version
	if ! [[ -e $kernel_image ]]; then
		mkdir -p "$cache"
		run "download linux-image-$release" get_image "$release" "$version" "$kernel_image"
	fi
}

# Not installed, which would touch the boot loader: only the image is taken out.
get_image() {
	local package=linux-image-$1=$2
	mkdir "$run_dir/image"
	cd "$run_dir/image"
	if ! apt-get download "$package"; then
		apt_get update
		apt-get download "$package" || {
			echo "no $package to download any more: apt-get upgrade brings newer headers"
			return 1
		}
	fi
	dpkg --fsys-tarfile ./*.deb | tar -x "./boot/vmlinuz-$1"
	cp "boot/vmlinuz-$1" "$3.$$"
	mv "$3.$$" "$3"
}

# Sets UML_KDIR, a tree to build modules in that has kunit.py too, and
# UML_KERNEL, which runs as a program.
uml_kernel() {
	need "${uml_packages[@]}"
	test_kernel uml uml um linux arch/um arch/x86/Makefile.um arch/x86/um
	UML_KDIR=$kernel_tree UML_KERNEL=$kernel_tree/linux
}

# Sets SMP_KDIR and SMP_KERNEL likewise. That one runs under QEMU.
smp_kernel() {
	qemu_kernel smp 'smp kasan'
	SMP_KDIR=$kernel_tree SMP_KERNEL=$kernel_image
}

# Sets KCSAN_KDIR and KCSAN_KERNEL likewise.
kcsan_kernel() {
	qemu_kernel kcsan 'smp kcsan'
	KCSAN_KDIR=$kernel_tree KCSAN_KERNEL=$kernel_image
}

# Sets CFI_KDIR and CFI_KERNEL likewise. Its modules take LLVM=-16 too.
cfi_kernel() {
	# From the environment, to which the kernel's make looks.
	local -x LLVM=-16
	need "${cfi_packages[@]}"
	qemu_kernel cfi 'smp cfi'
	CFI_KDIR=$kernel_tree CFI_KERNEL=$kernel_image
}

# Sets LTO_KDIR and LTO_KERNEL likewise. Its modules take LLVM=-16 too.
lto_kernel() {
	local -x LLVM=-16
	need "${cfi_packages[@]}"
	qemu_kernel lto 'smp lto'
	LTO_KDIR=$kernel_tree LTO_KERNEL=$kernel_image
}

# qemu_kernel NAME FRAGMENTS: sets kernel_tree and kernel_image.
qemu_kernel() {
	need "${smp_packages[@]}"
	test_kernel "$@" x86 arch/x86/boot/bzImage arch/x86/Makefile tools/objtool/objtool
	kernel_image=$kernel_tree/arch/x86/boot/bzImage
}

# test_kernel NAME FRAGMENTS ARCH KEPT…: a kernel from kunit/FRAGMENT.config of
# each, and of its tree what is KEPT. Sets kernel_tree. Of another source than
# Debian 12's, if that is in source_tar, and in source_version.
test_kernel() {
	local name=$1 config=$run_dir/$1.config fragment version key work
	need_amd64
	for fragment in $2; do
		cat "$project/kunit/$fragment.config"
	done >"$config"
	version=${source_version:-$(dpkg-query -W -f '${Version}' linux-source-6.1)}
	key=$({
		echo "$name" "${@:3}"
		cat "$config"
		gcc --version
		if [[ ${LLVM-} ]]; then
			"clang$LLVM" --version
		fi
		declare -f build_kernel
	} | sha256sum)
	kernel_tree=$cache/$name-$version-${key::12}
	if ! [[ -e $kernel_tree ]]; then
		mkdir -p "$cache"
		work=$(mktemp -d "$cache/tmp.XXXXXX")
		scratch+=("$work")
		run "build the ${name^^} kernel from linux-source $version" \
			build_kernel_once "$kernel_tree" "$work" "$config" "${@:3}"
		rm -rf "$work"
	fi
}

# build_kernel_once TREE DIR ARGUMENT…: waits for another run that is at it.
build_kernel_once() {
	local lock tree=$1 dir=$2
	exec {lock}>"$cache/$(basename "$3" .config).lock"
	echo 'waiting for the build of another run'
	flock "$lock"
	if ! [[ -e $tree ]]; then
		build_kernel "${@:2}"
		mv -T "$dir/tree" "$tree"
	fi
}

# build_kernel DIR CONFIG ARCH KEPT…: makes DIR/tree.
build_kernel() {
	local config=$2 arch=$3 line
	cd "$1"
	echo 'unpacking the source'
	mkdir source tree
	# The two parts that are huge and no Makefile or Kconfig asks for.
	tar -xf "${source_tar:-/usr/src/linux-source-6.1.tar.xz}" -C source --strip-components=1 \
		--exclude='*/arch/*/boot/dts' --exclude='*/drivers/gpu/drm/amd/include'
	cd source
	make ARCH="$arch" allnoconfig KCONFIG_ALLCONFIG="$config"
	# Kconfig drops without a word what it cannot have.
	while read -r line; do
		case $line in
			CONFIG_*) grep -qxF "$line" .config ;;
			'# CONFIG_'*' is not set') ! grep -q "^${line:2:-11}=" .config ;;
		esac || {
			echo "not in the kernel's .config: $line"
			# Other sources have other options: the cell then does without.
			[[ ${source_tar-} ]] || return 1
		}
	done <"$config"
	# UML 6.1 walks a new process's mappings without the lock, and lockdep says so.
	if grep -q '^void force_flush_all' arch/um/kernel/tlb.c && ! grep -q mmap_read_lock arch/um/kernel/tlb.c; then
		sed -i '/^void force_flush_all/,/^}/ {
			s/^\tfor_each_vma/\tmmap_read_lock(mm);\n&/
			s/^\t\tfix_range.*/&\n\tmmap_read_unlock(mm);/
		}' arch/um/kernel/tlb.c
		grep -A 8 '^void force_flush_all' arch/um/kernel/tlb.c
	fi
	# It keeps 2696 bytes for a process's registers, and a processor with AMX has 11008.
	sed -i 's/DEFINE_LONGS(HOST_FP_SIZE, 2696)/DEFINE_LONGS(HOST_FP_SIZE, 12288)/' arch/x86/um/user-offsets.c
	make -j"$(nproc)" ARCH="$arch"
	# What building modules takes: a twentieth of the whole.
	find . -type f \( -name '*.[oa]' -o -name '*.cmd' \) -delete
	cp -al --parents .config Makefile Module.symvers include scripts arch/x86/include \
		tools/testing/kunit "${@:4}" ../tree
}

# How many suites the KUnit module has.
count_suites() { grep -c '^	suite(' "$project/kunit/suites.h"; }

# A program, and what it loads, for a guest.
with_libraries() { echo "$1" && ldd "$1" | grep -o '/[^ ]*'; }

# The names of the project's sources in DIR, and of no build product.
sources() {
	local dir=$1
	(
		cd "$dir"
		find Kbuild Makefile module cxxrt kunit examples bench -type f ! -name '.*' ! -path '*/generated/*' \
			! -name '*.o' ! -name '*.a' ! -name '*.dwo' ! -name '*.ko' ! -name '*.mod' ! -name '*.mod.c' ! -name '*.gc[dn]?' \
			! -name Module.symvers ! -name modules.order 2>/dev/null | sort
	) || true
}

# copy_tree DEST: one tree for each kernel to build for. With the times of the
# checkout, so that make does there what a change takes and no more.
copy_tree() {
	local dest=$1 file
	mkdir -p "$dest"
	comm -13 <(sources "$project") <(sources "$dest") | while read -r file; do
		rm "$dest/$file"
	done
	(cd "$project" && sources . | xargs -d '\n' cp -p --parents -t "$dest")
}

# build_modules DEST KDIR [ARGUMENT of make]…, in turn if two runs meet there.
build_modules() {
	local dest=$1 kdir=$2
	shift 2
	run "make ${*:-modules} KDIR=$kdir" \
		flock "$dest" make -C "$dest" -j"$(nproc)" KDIR="$kdir" "$@"
}
