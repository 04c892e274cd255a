# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# What the scripts share: packages, kernels, builds, and by jobs.sh progress. To be
# sourced; what looks unused is for the scripts.

set -euo pipefail

# Messages are read here, and a cd that finds its folder by CDPATH prints where. LANG, as kbuild drops LC_ALL.
unset CDPATH LANGUAGE "${!LC_@}"
export LANG=C.UTF-8 HOME=${HOME:-~}

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kthreadxx
# Where this checkout is built, away from it, in a tree for each kernel.
# kbuild takes no path with a space or a parenthesis, a checkout's may have one.
builds=$cache/build${project//[^A-Za-z0-9._+-]/-}-$(cksum <<<"$project" | cut -d ' ' -f 1)

# ccache's names of the compilers, if it is installed: what did not change is not compiled anew in another clone. It
# repeats the messages too, so a warning is seen each time. And who became root by su may have no sbin.
export PATH=/usr/lib/ccache:$PATH:/usr/local/sbin:/usr/sbin:/sbin CCACHE_DIR=$cache/ccache CCACHE_MAXSIZE=2G

# The variables of an outer make, and those by which a user builds kernels, would reach the kernel's make.
unset MAKEFLAGS MFLAGS MAKELEVEL LLVM ARCH CROSS_COMPILE {KC,KCPP,KA}FLAGS INSTALL_MOD_PATH "${!KBUILD_@}" "${!KCONFIG_@}"

# shellcheck source=scripts/jobs.sh
. "$project/scripts/jobs.sh"
[[ $cache != *[[:space:]\(\)\'\"\\:%\$\#]* ]] || fail "builds nothing below $cache, as make takes no such path: set XDG_CACHE_HOME"

# The packages that each kernel takes, by its name. The headers bring the C compiler, but no g++ and no libc6-dev.
debian_packages=(linux-headers-cloud-amd64 make g++ libc6-dev)
rt_packages=(linux-headers-rt-amd64 "${debian_packages[@]:1}")
# python3 is for kunit.py.
uml_packages=(linux-source xz-utils make gcc g++ libc6-dev flex bison bc python3)
# libelf-dev is for objtool.
smp_packages=("${uml_packages[@]}" libelf-dev)
kcsan_packages=("${smp_packages[@]}")
# CFI takes clang 16 or newer. Debian 12 has that beside its own, which is older.
cfi_llvm=-19
if grep -q '^VERSION_ID="12"' /etc/os-release 2>/dev/null; then
	cfi_llvm=-16
fi
cfi_packages=("${smp_packages[@]}" "clang$cfi_llvm" "lld$cfi_llvm" "llvm$cfi_llvm")
lto_packages=("${cfi_packages[@]}")
guest_packages=(busybox-static qemu-system-x86)

as_root() {
	if ((EUID == 0)); then
		"$@"
	else
		sudo -n "$@"
	fi
}

# may_be_root WHAT: whether as_root works, if need be by a password. A part that scripts/check runs cannot ask for one.
may_be_root() {
	((EUID == 0)) || sudo -n true 2>/dev/null || {
		[[ ! $one_run ]] && command -v sudo >/dev/null || return
		echo "${0##*/}: needs root to $1: sudo asks for your password" >&2
		sudo -v
	}
}

apt_get() {
	mkdir -p "$cache"
	# One at a time of ours. And a new machine may be busy with its first unattended upgrade.
	as_root flock "$cache" env DEBIAN_FRONTEND=noninteractive \
		apt-get -q -o DPkg::Lock::Timeout=120 "$@"
}

# For the lock of the lists apt-get has no timeout.
apt_update() {
	local end=$((SECONDS + 120))
	until apt_get update 2>&1 | tee "$run_dir/update"; do
		grep -q 'Could not get lock' "$run_dir/update" && ((SECONDS < end)) || return
		sleep 5
	done
}

# missing PACKAGE…: those that are not installed.
missing() {
	local package installed
	installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null) || true
	for package; do
		if [[ $'\n'$installed$'\n' != *$'\n'"$package installed"$'\n'* ]]; then
			echo "$package"
		fi
	done | sort -u
}

# header FILE NAME: of a file that says in the comment at its top what it takes, that line
header() { sed -n "/^#/!q; s/\\\$cfi_llvm/$cfi_llvm/; s/^# $2: *//p" "$1"; }

# Set by --no-install, also for the scripts that a script runs.
export no_install=${no_install-}

# Set by scripts/check to the name of its run, in which no source changes: what one part has built, others take as it is.
export one_run=${one_run-}

# show_help ARGUMENT…: with --help prints the comment at the top of the script, and exits
show_help() { [[ ${1-} != --help ]] || { sed -n '4,/^$/s/^# \?//p' "$0" && exit; }; }

# take_no_install ARGUMENT…: for a script that takes no other argument
take_no_install() {
	show_help "$@"
	[[ $# -eq 0 || $* == --no-install ]] || fail 'takes no argument but --no-install'
	no_install=${1-$no_install}
}

# prepare "KERNEL…" PACKAGE…: installs the packages, and those that the kernels take, and gets the kernels.
prepare() {
	local kernel
	install_packages "$@"
	for kernel in $1; do
		"${kernel}_kernel"
	done
}

# install_packages "KERNEL…" PACKAGE…: the packages only. Says before that what is missing, also of the kernels, and
# how much it is; or fails then if it has to.
install_packages() {
	local kernel packages=() list needs=() plan sizes
	# shellcheck disable=SC2206 # words
	local kernels=($1)
	for kernel in "${kernels[@]}"; do
		list="${kernel}_packages[@]"
		packages+=("${!list}")
	done
	mapfile -t packages < <(missing "${packages[@]}" "${@:2}")
	if [[ ${#packages[@]} -gt 0 ]]; then
		command -v apt-get >/dev/null || fail "takes Debian, or a system with its packages: ${packages[*]}"
		if [[ ! $no_install ]]; then
			may_be_root "install ${packages[*]}" || fail "installing ${packages[*]} takes root or sudo"
			run 'apt-get update' apt_update
		fi
		plan=$(LC_ALL=C apt-get install --assume-no --no-install-recommends -o Debug::NoLocking=1 \
			"${packages[@]}" 2>&1) || true
		list=$(sed -nE "s/^E: Unable to locate package //p
			s/^E: Package '(.*)' has no installation candidate/\1/p" <<<"$plan" | xargs)
		[[ ! $list || $no_install ]] || ! grep -q 'Failed to fetch' "$run_dir/update" ||
			fail "apt-get update reached no mirror of packages: is there a network?"
		[[ ! $list || $no_install ]] || fail "the package sources of this system have no $list: is it Debian 12 or 13, with amd64?"
		sizes=$(sed -nE 's/^Need to get (.*) of archives\./\1 to download/p
			s/^After this operation, (.*) of additional disk space will be used\./\1 of disk/p' <<<"$plan" |
			paste -sd , | sed "s|,|, |")
		needs+=("to install ${packages[*]}${list:+ (not in the lists of apt: $list)}${sizes:+: $sizes}")
		list=$(sed -n '/^The following packages will be REMOVED:/,/^[^ ]/s/^  //p' <<<"$plan" | xargs)
		[[ ! $list ]] || needs+=("to remove $list, which cannot stay beside them")
	fi
	mapfile -t -O ${#needs[@]} needs < <(kernels_needed "${kernels[@]}")
	if [[ ${#needs[@]} -gt 0 ]]; then
		printf "${0##*/}: needs %s\n" "${needs[@]}" >&2
		[[ ! $no_install ]] || fail 'nothing was installed, downloaded or built'
	fi
	if [[ ${#packages[@]} -gt 0 ]]; then
		run "apt-get install (${#packages[@]} packages)" apt_get install -y --no-install-recommends "${packages[@]}"
	fi
}

# Minutes to build a kernel on one processor that is idle; processors differ.
declare -A build_minutes=([uml]=5 [smp]=6 [kcsan]=7 [cfi]=9)

# kernels_needed KERNEL…: of these what is not in the cache, and what it takes to have it there.
kernels_needed() {
	local kernel names=() minutes=0
	for kernel; do
		# In a shell of its own, as what is only looked for exits it.
		(only_look=1 && "${kernel}_kernel") 2>/dev/null && continue
		if [[ $kernel == debian || $kernel == rt ]]; then
			echo "to download the image of the Debian kernel that is called $kernel here: 30 MB"
		else
			names+=("$kernel")
			minutes=$((minutes + ${build_minutes[$kernel]-6}))
		fi
	done
	minutes=$((minutes / $(nproc) + 1))
	((${#names[@]} == 0)) || echo "to build kernels: ${names[*]} (about $minutes minutes if nothing else runs;" \
		"3 GB of disk while it builds, $((${#names[@]} * 100)) MB in $cache)"
}

need_amd64() {
	if [[ $(uname -m) != x86_64 ]]; then
		fail "this script knows only amd64 kernels, the machine is $(uname -m)"
	fi
}

# Set where only the question is whether a kernel is there.
only_look=

# wanted PATH: whether that has to be made. Exits the shell if that was the only question.
wanted() {
	[[ ! -e $1 ]] || return
	[[ ! $only_look ]] || exit 1
}

# depends PACKAGE: the package that one stands for, which has a version in its name.
depends() {
	dpkg-query -W -f '${Depends}\n' "$1" 2>/dev/null | sed 's/[ ,].*//' | grep . || fail "$1 is not installed"
}

# Sets DEBIAN_KDIR and DEBIAN_KERNEL, the image that belongs to those headers.
debian_kernel() {
	packaged_kernel cloud-amd64
	DEBIAN_KDIR=$kernel_tree DEBIAN_KERNEL=$kernel_image
}

# Sets RT_KDIR and RT_KERNEL likewise, of Debian's kernel with PREEMPT_RT.
rt_kernel() {
	packaged_kernel rt-amd64
	RT_KDIR=$kernel_tree RT_KERNEL=$kernel_image
}

# packaged_kernel FLAVOUR: sets kernel_tree and kernel_image.
packaged_kernel() {
	local release version
	need_amd64
	release=$(depends "linux-headers-$1")
	release=${release#linux-headers-}
	version=$(dpkg-query -W -f '${Version}' "linux-headers-$release")
	kernel_tree=/lib/modules/$release/build
	kernel_image=$cache/linux-image-${release}_$version
	if wanted "$kernel_image"; then
		mkdir -p "$cache"
		run "download linux-image-$release" get_image "$release" "$version" "$kernel_image"
	fi
}

# Not installed, which would touch the boot loader: only the image is taken out.
get_image() {
	local package=linux-image-$1=$2
	# One run may get several.
	cd "$(mktemp -d "$run_dir/image.XXXXXX")"
	if ! apt-get download "$package"; then
		apt_update
		apt-get download "$package" || {
			echo "no $package to download any more: apt-get upgrade brings newer headers"
			return 1
		}
	fi
	dpkg --fsys-tarfile ./*.deb | tar -x "./boot/vmlinuz-$1"
	cp "boot/vmlinuz-$1" "$3.$$"
	mv "$3.$$" "$3"
}

# Sets source, the package with the kernel's source that belongs to this release of Debian, and its version.
linux_source() {
	source=$(depends linux-source)
	source_version=$(dpkg-query -W -f '${Version}' "$source")
}

# Sets work, a folder that goes with this run. Removes those of killed runs, a week later; others may be at it too.
make_work() {
	mkdir -p "$cache"
	find "$cache" -maxdepth 1 -name 'tmp.*' -mtime +6 -exec rm -rf {} + || true
	work=$(mktemp -d "$cache/tmp.XXXXXX")
	scratch+=("$work")
}

# Sets TOOLS, a folder with what of the kernel's source is no kernel: checkpatch.pl, kunit.py.
kernel_tools() {
	local work
	linux_source
	TOOLS=$cache/tools-$source_version
	if wanted "$TOOLS"; then
		make_work
		run "unpack checkpatch.pl and kunit.py of $source" unpack_source "$work" --wildcards \
			'*/scripts/checkpatch.pl' '*/scripts/spelling.txt' '*/scripts/const_structs.checkpatch' '*/tools/testing/kunit'
		mv -T "$work" "$TOOLS" 2>/dev/null || rm -r "$work"
	fi
}

# unpack_source DIR [ARGUMENT of tar]…
unpack_source() { tar -xf "${source_tar:-/usr/src/$source.tar.xz}" -C "$1" --strip-components=1 "${@:2}"; }

# Sets UML_KDIR, a tree to build modules in, and UML_KERNEL, which runs as a program.
uml_kernel() {
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

# Sets CFI_KDIR and CFI_KERNEL likewise. Its modules take LLVM=$cfi_llvm too.
cfi_kernel() {
	# From the environment, to which the kernel's make looks.
	local -x LLVM=$cfi_llvm
	qemu_kernel cfi 'smp cfi'
	CFI_KDIR=$kernel_tree CFI_KERNEL=$kernel_image
}

# Sets LTO_KDIR and LTO_KERNEL likewise. Its modules take that LLVM too.
lto_kernel() {
	local -x LLVM=$cfi_llvm
	qemu_kernel lto 'smp lto'
	LTO_KDIR=$kernel_tree LTO_KERNEL=$kernel_image
}

# qemu_kernel NAME FRAGMENTS: sets kernel_tree and kernel_image.
qemu_kernel() {
	test_kernel "$@" x86 arch/x86/boot/bzImage arch/x86/Makefile tools/objtool/objtool
	kernel_image=$kernel_tree/arch/x86/boot/bzImage
}

# test_kernel NAME FRAGMENTS ARCH KEPT…: a kernel from kunit/kernels/FRAGMENT.config of
# each, and of its tree what is KEPT. Sets kernel_tree. Of another source than
# the host's, if that is in source_tar, and its name and version in source and source_version.
test_kernel() {
	local name=$1 config=$run_dir/$1.config fragment key work
	need_amd64
	[[ ${source_tar-} ]] || linux_source
	for fragment in $2; do
		cat "$project/kunit/kernels/$fragment.config"
		# What only this version's Kconfig knows.
		cat "$project/kunit/kernels/$fragment-${source#linux-source-}.config" 2>/dev/null || true
	done >"$config"
	key=$({
		echo "$name" "${@:3}"
		cat "$config"
		gcc --version
		if [[ ${LLVM-} ]]; then
			"clang$LLVM" --version
		fi
		declare -f build_kernel
	} | sha256sum)
	kernel_tree=$cache/$name-$source_version-${key::12}
	if wanted "$kernel_tree"; then
		make_work
		run "build the ${name^^} kernel from $source $source_version" \
			build_kernel_once "$kernel_tree" "$work" "$config" "${@:3}"
		rm -rf "$work"
	fi
}

# build_kernel_once TREE DIR ARGUMENT…: waits for another run that is at it.
build_kernel_once() {
	local lock tree=$1 dir=$2
	exec {lock}>"$cache/$(basename "$3" .config).lock"
	flock -n "$lock" || {
		echo 'waiting for the build of another run'
		flock "$lock"
	}
	if ! [[ -e $tree ]]; then
		# Nobody builds it a second time.
		CCACHE_DISABLE=1 build_kernel "${@:2}"
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
	unpack_source source --exclude='*/arch/*/boot/dts' \
		--exclude='*/drivers/gpu/drm/amd/include'
	cd source
	# The machine's devices, as ACPI describes them: none. QEMU's own table is a program of some thousand steps, which
	# took half of the boot of a kernel with KASAN. The tables of processors and of the timer are others, and stay.
	echo 'static unsigned char AmlCode[] __used = "DSDT\44\0\0\0\2\44KTHRXXNODEVICE\1\0\0\0KTXX\1\0\0";' >include/dsdt.h
	# A table that is not the machine's own makes the kernel give up lockdep.
	sed -i '/add_taint(TAINT_OVERRIDDEN_ACPI_TABLE,/d' drivers/acpi/tables.c
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
		"${@:4}" ../tree
}

# How many suites the KUnit module has.
count_suites() { grep -c '^	suite(' "$project/kunit/suites/suites.h"; }

# A KUnit module prints the header of all its suites in newer kernels, and kunit/guest/run.sh does for all.
one_header() { awk '$0 == "KTAP version 1" && seen++ { getline; next } { print; fflush() }'; }

# make_detached ROUNDS: the files in `run_dir` that kunit/guest/detached.sh takes, which goes so many rounds
make_detached() {
	gcc -O2 -Wall -static -o "$run_dir/detached" "$project/kunit/guest/detached.c"
	echo "$1" >"$run_dir/rounds"
}

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
		# What kbuild made there, and can no longer clean.
		[[ $file != */Kbuild ]] || rm -rf "$dest/${file%/*}/generated"
	done
	# A checkout may be read-only; its copy is written to.
	(cd "$dest" && sources "$project" | grep -o '.*/' | sort -u | xargs -d '\n' mkdir -p)
	(cd "$project" && sources . | xargs -d '\n' cp -f --preserve=timestamps --parents -t "$dest")
}

# plain_project: make takes no path with a space. Of a checkout that has one a copy becomes the project.
plain_project() {
	local lock plain=$builds/plain
	[[ $project == *[^A-Za-z0-9/._+@~^-]* ]] || return 0
	mkdir -p "$plain"
	exec {lock}>"$plain.lock"
	flock "$lock"
	copy_tree "$plain"
	(cd "$project" && cp -rf --preserve=timestamps --parents scripts examples .clangd -t "$plain")
	exec {lock}>&-
	project=$plain
}

# build_modules DEST KDIR [ARGUMENT of make]…, in turn if two runs meet there.
build_modules() {
	local dest=$1 kdir=$2
	shift 2
	run "make ${*:-modules} KDIR=$kdir" \
		flock "$dest" make -C "$dest" -j"$(nproc)" KDIR="$kdir" "$@"
}

# build_for KERNEL [TARGET | VARIABLE=VALUE]…: the module for a kernel, and other targets of the Makefile.
# Sets `tree`, where they are, KDIR, the kernel's tree, and `build_log`.
build_for() {
	local kernel=$1 kdir=${1^^}_KDIR targets=(modules) arguments=() argument lock
	shift
	"${kernel}_kernel"
	case $kernel in
		uml) arguments=(ARCH=um) ;;
		cfi) arguments=(ARCH=x86 LLVM="$cfi_llvm") ;;
	esac
	for argument; do
		if [[ $argument == *=* ]]; then
			arguments+=("$argument")
		else
			targets+=("$argument")
		fi
	done
	tree=$builds/$kernel KDIR=${!kdir} build_log=$run_dir/build.log
	mkdir -p "$builds"
	exec {lock}>"$tree.lock"
	# Another run may copy the sources just now, or compile them.
	flock "$lock"
	copy_tree "$tree"
	: >>"$build_log"
	for argument in "${targets[@]}"; do
		# To find that there is nothing to do takes make a second for each module.
		if [[ ! $one_run || $(cat "$tree.made/$argument" 2>/dev/null) != "$one_run ${arguments[*]}" ]]; then
			mkdir -p "$tree.made"
			build_modules "$tree" "$KDIR" "${arguments[@]}" "$argument"
			cp "$run_log" "$tree.made/$argument.log"
		fi
		cat "$tree.made/$argument.log" >>"$build_log"
		echo "$one_run ${arguments[*]}" >"$tree.made/$argument"
	done
	exec {lock}>&-
}
