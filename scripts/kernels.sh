# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# Debian's kernels, of any suite and architecture: headers and image are taken out of the packages, and
# nothing is installed. To be sourced after lib.sh; what looks unused is for the scripts.

# apt_of SUITE ARCH COMMAND…: apt with lists of its own, beside those of the host. trixie-backports is
# only that.
apt_of() {
	local suite=$1 arch=$2 tool=$3 dir=$cache/apt/$1-$2
	shift 3
	"$tool" -q -o "Dir::State=$dir" -o "Dir::Cache=$dir" -o "Dir::Etc=$dir" -o Dir::State::status=/dev/null \
		-o Dir::Etc::trustedparts=/etc/apt/trusted.gpg.d -o "APT::Architecture=$arch" \
		-o "APT::Architectures::=$arch" -o Acquire::Languages=none -o APT::Sandbox::User= "$@"
}

# update_lists SUITE ARCH: not more than once a day.
update_lists() {
	local suite=$1 arch=$2 dir=$cache/apt/$1-$2 mirror=http://deb.debian.org
	if [[ $(find "$dir/updated" -mtime -1 2>/dev/null) ]]; then
		return
	fi
	mkdir -p "$dir"/{lists,archives}/partial "$dir"/{sources.list.d,preferences.d,apt.conf.d}
	{
		echo "deb $mirror/debian $suite main"
		case $suite in
			bookworm | trixie) echo "deb $mirror/debian-security $suite-security main" ;;
		esac
	} | sed 's|^deb |&[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] |' >"$dir/sources.list"
	# A mirror that lacks one list for a time may have what is asked for in another.
	if apt_of "$suite" "$arch" apt-get -o APT::Update::Error-Mode=any update; then
		touch "$dir/updated"
	else
		echo 'going on with the lists that there are'
	fi
}

depends_of() { apt_of "$1" "$2" apt-cache show --no-all-versions "$3" | sed -n 's/^Depends: //p'; }

# get_debian_kernel SUITE ARCH META FILE: what the headers' meta-package META has now. The kernel's folder
# in the cache is written to FILE.
get_debian_kernel() {
	local suite=$1 arch=$2 meta=$3 release version dir depends binary deb lock work=$run_dir/packages
	exec {lock}>"$cache/kernels/lock"
	flock "$lock"
	update_lists "$suite" "$arch" || return
	# The programs among the headers are those of the machine that builds.
	update_lists "$suite" amd64 || return
	release=$(depends_of "$suite" "$arch" "$meta" | grep -o 'linux-headers-[0-9][^ ,]*')
	release=${release#linux-headers-}
	version=$(apt_of "$suite" "$arch" apt-cache show --no-all-versions "linux-headers-$release" |
		sed -n 's/^Version: //p')
	dir=$cache/kernels/${release}_$version
	echo "$meta of $suite is $release, version $version"
	if ! [[ -e $dir ]]; then
		depends=$(depends_of "$suite" "$arch" "linux-headers-$release")
		# The image of older kernels, a part of it of newer ones.
		binary=linux-binary-$release
		depends_of "$suite" "$arch" "$binary" | grep -q . || binary=linux-image-$release
		rm -rf "$work"
		mkdir -p "$work/tree" "$cache/kernels"
		(
			# Each by itself, as the shell ignores set -e before the ||.
			cd "$work" &&
				apt_of "$suite" "$arch" apt-get download "linux-headers-$release=$version" "$binary" \
					"$(grep -o 'linux-headers-[^ ,]*-common[^ ,]*' <<<"$depends")" &&
				apt_of "$suite" amd64 apt-get download "$(grep -o 'linux-kbuild-[^ ,]*' <<<"$depends")" || exit
			for deb in linux-headers-*.deb linux-kbuild-*.deb; do
				dpkg -x "$deb" tree || exit
			done
			dpkg --fsys-tarfile "$binary"_*.deb | tar -xO --wildcards '*/vmlinu[xz]*' >tree/vmlinuz
		) || return
		sed -i "s|/usr/src/|$dir&|" "$work/tree/usr/src/linux-headers-$release/Makefile"
		mv -T "$work/tree" "$dir"
	fi
	echo "$dir" >"$4"
}

# announce WHAT: what is not there and how much it is. Or fails, if that is not wanted.
announce() {
	echo "${0##*/}: needs $1" >&2
	[[ ! $no_install ]] || fail 'nothing was installed, downloaded or built'
}

# known FILE: whether the path in that file is there, and is what there was a day ago, if there may be newer ones
known() { [[ -e $1 && -e $(<"$1") ]] && [[ $no_install || $(find "$1" -mtime -1) ]]; }

# debian_kernel_of SUITE ARCH META: sets kernel_release, kernel_tree and kernel_image.
debian_kernel_of() {
	local at=$cache/kernels/$1-$2-$3
	mkdir -p "$cache/kernels"
	if ! known "$at"; then
		announce "to look up $3 of $1, $2: at most 140 MB to download, 130 MB of disk in $cache"
		run "fetch $3 of $1, $2" get_debian_kernel "$@" "$at"
	fi
	kernel_release=$(basename "$(<"$at")")
	kernel_release=${kernel_release%%_*}
	kernel_tree=$(<"$at")/usr/src/linux-headers-$kernel_release
	kernel_image=$(<"$at")/vmlinuz
}

# busybox_of SUITE ARCH: sets busybox, a static one.
busybox_of() {
	busybox=$cache/busybox-$2
	if ! [[ -e $busybox ]]; then
		announce "to download busybox of $1, $2: 1 MB, and 10 MB of lists"
		mkdir -p "$cache/kernels"
		run "fetch busybox of $1, $2" get_busybox "$1" "$2"
	fi
}

get_busybox() {
	update_lists "$1" "$2" || return
	cd "$(mktemp -d "$run_dir/busybox.XXXXXX")" || return
	apt_of "$1" "$2" apt-get download busybox-static || return
	dpkg -x ./*.deb .
	cp "$(find . -name busybox -type f -perm -1)" "$busybox.$$"
	mv "$busybox.$$" "$busybox"
}

# uml_kernel_of SUITE META: sets kernel_release, kernel_tree and kernel_image, of the UML kernel with KUnit that
# is built from the source package META.
uml_kernel_of() {
	local at=$cache/kernels/$1-$2 source source_tar source_version
	mkdir -p "$cache/kernels"
	install_packages '' "${uml_packages[@]}"
	if ! known "$at"; then
		announce "to look up $2 of $1: at most 170 MB to download"
		run "fetch $2 of $1" get_source "$@" "$at"
	fi
	source_tar=$(<"$at")
	source=$(basename "$source_tar" .tar.xz)
	source_version=${source#*_}
	source=${source%%_*}
	local build=(test_kernel uml-elsewhere uml um linux arch/um arch/x86/Makefile.um arch/x86/um)
	(only_look=1 && "${build[@]}") 2>/dev/null ||
		announce "to build a UML kernel from $source: about $((build_minutes[uml] / $(nproc) + 1)) minutes if nothing else runs; 3 GB of disk while it builds"
	"${build[@]}"
	kernel_release="$source_version UML"
	kernel_image=$kernel_tree/linux
}

# get_source SUITE META FILE: the path of the source's archive is written to FILE.
get_source() {
	local suite=$1 package=$2 version tar deb
	update_lists "$suite" amd64 || return
	# A package without a version in its name depends on the newest.
	package=$(depends_of "$suite" amd64 "$package" | grep -o 'linux-source-[0-9.]*[0-9]') || package=$2
	version=$(apt_of "$suite" amd64 apt-cache show --no-all-versions "$package" | sed -n 's/^Version: //p')
	tar=$cache/kernels/${package}_$version.tar.xz
	if ! [[ -e $tar ]]; then
		cd "$(mktemp -d "$run_dir/source.XXXXXX")" || return
		apt_of "$suite" amd64 apt-get download "$package=$version" || return
		dpkg --fsys-tarfile ./*.deb | tar -xO --wildcards '*.tar.xz' >"$tar.$$"
		mv "$tar.$$" "$tar"
	fi
	echo "$tar" >"$3"
}
