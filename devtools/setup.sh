#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors
#
# Install what this project needs on Debian 12 and 13, and nothing that is there already.
# shellcheck disable=SC2317 # functions called through step() look unreachable
# shellcheck source-path=SCRIPTDIR
set -u

usage()
{
	cat <<'TEXT'
usage: devtools/setup.sh [--arch ARCH] [build|vm|run|lint|dkms|kernel]

  build  compilers and tools, and the DPDK source package
  vm     QEMU, kernel headers and images for the test VM
  run    what devtools/run.sh needs: build, and vm with one kernel
  lint   checkers of style and documentation
  dkms   vm, and what builds Debian packages and file systems
  kernel what building a kernel needs
  (none) build and vm

With --arch arm64 on another machine, build and vm are about building for arm64
and the arm64 VM: a cross compiler, and below .cache/arm64 libraries of Debian's
arm64 packages and a file for Meson, meson setup --cross-file .cache/arm64/cross.

Packages come from Debian (12: also -security and -backports); what apt needs to
know for that goes to a file of its own, /etc/apt/sources.list.d/dpdk-tph.sources.
Kernel images and the DPDK source are only downloaded, to .cache/ of the work tree.
On other distributions it says which tools are missing, and what Debian calls them.
Environment: TPH_DEBIAN_MIRROR (default http://deb.debian.org/debian).
TEXT
}

os_release() # NAME
{
	# shellcheck source=/dev/null
	[ ! -r /etc/os-release ] || (. /etc/os-release && echo "${!1-}")
}

CODENAME=$(os_release VERSION_CODENAME)
case $CODENAME in
trixie)
	# The newest of its own; QEMU and the kernel come from the release itself.
	DPDK_VERSION='24\.11\.[0-9]+'
	BACKPORTS=trixie
	LIBCLANG_RT=libclang-rt-19-dev
	KERNEL_SERIES=(6.12)
	PYTHON_VERSION=3.13
	;;
*)
	DPDK_VERSION='22\.11\.11'
	BACKPORTS=bookworm-backports
	LIBCLANG_RT=libclang-rt-14-dev
	KERNEL_SERIES=(6.1 6.12)
	PYTHON_VERSION=3.11
	;;
esac
readonly CODENAME DPDK_VERSION BACKPORTS LIBCLANG_RT KERNEL_SERIES PYTHON_VERSION
readonly MIRROR=${TPH_DEBIAN_MIRROR:-http://deb.debian.org/debian}
readonly APT_SOURCES=/etc/apt/sources.list.d/dpdk-tph.sources

readonly BUILD_PACKAGES=(
	abigail-tools ccache clang dpkg-dev gawk gcc libc6-dev "$LIBCLANG_RT" libnuma-dev make
	meson ninja-build patch pciutils pkgconf python3 python3-pyelftools xz-utils
)
readonly VM_PACKAGES=(
	acpica-tools busybox-static cpio gcc kmod make pciutils python3 strace valgrind xz-utils
)
readonly LINT_PACKAGES=(
	codespell doxygen git mypy python3-sphinx shellcheck sparse
)
readonly DKMS_PACKAGES=(
	debhelper dh-dkms dpkg-dev mmdebstrap squashfs-tools uidmap
)
readonly KERNEL_PACKAGES=(
	bc bison cpio flex gcc libc6-dev libelf-dev libssl-dev make perl xz-utils
)
# Named by their architecture.
# shellcheck disable=SC2034
readonly QEMU_PACKAGES_amd64=(ipxe-qemu qemu-system-x86 seabios)
# shellcheck disable=SC2034
readonly QEMU_PACKAGES_arm64=(ipxe-qemu qemu-efi-aarch64 qemu-system-arm)
readonly QEMU_MIN_VERSION=1:8.0
# Whose checkpatch.pl checks the kernel module.
readonly CHECKPATCH_SERIES=6.12

# Free space in MiB that each part takes at most, measured and rounded up.
readonly BUILD_MIB=1300
readonly VM_MIB=900
readonly LINT_MIB=600
readonly DKMS_MIB=300
readonly ROOT_MIB=1500
readonly KERNEL_MIB=300
readonly CACHE_MIB=500

TOP=$(cd "$(dirname "$0")/.." && pwd) || exit 1
readonly TOP
readonly CACHE=$TOP/.cache
SUDO=()
LISTS_FRESH=no

# shellcheck source=lib.sh
. "$TOP/devtools/lib.sh"
# shellcheck disable=SC2034 # for lib.sh
readonly STEP_QUIET=quiet

need_root()
{
	if [ "$(id -u)" -eq 0 ] || [ ${#SUDO[@]} -gt 0 ]; then
		return
	fi
	command -v sudo >/dev/null ||
		die "must $1: run it as root (sudo is not installed)"
	SUDO=(sudo)
}

need_space() # DIRECTORY MIB WHAT
{
	local dir=$1 mib=$2 free

	while [ ! -d "$dir" ]; do
		dir=$(dirname "$dir")
	done
	free=$(df --output=avail -m "$dir" | tail -n 1)
	[ "$free" -ge "$mib" ] ||
		die "$3 needs $mib MiB on the disk of $dir, only ${free// /} MiB are free"
}

need_cache() # DIRECTORY
{
	if ! mkdir -p "$1" 2>/dev/null || [ ! -w "$1" ]; then
		die "no permission to write to $1"
	fi
}

apt_get()
{
	"${SUDO[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
		-o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"
}

apt_source() # TYPE URI SUITE
{
	cat <<TEXT
Types: $1
URIs: $2
Suites: $3
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

TEXT
}

apt_sources()
{
	echo "# Written by dpdk-tph's devtools/setup.sh; safe to remove."
	[ "$BACKPORTS" = "$CODENAME" ] || apt_source deb "$MIRROR" "$BACKPORTS"
	apt_source deb-src "$MIRROR" "$CODENAME"
	apt_source deb-src "${MIRROR%/debian}/debian-security" "$CODENAME-security"
}

# Only the active lines count: a comment of ours that changes is no reason to fetch lists.
write_apt_sources()
{
	local want
	want=$(apt_sources | grep -v '^#')
	[ -e "$APT_SOURCES" ] && [ "$(grep -v '^#' "$APT_SOURCES")" = "$want" ] && return
	need_root "write $APT_SOURCES"
	apt_sources | "${SUDO[@]}" tee "$APT_SOURCES" >/dev/null || die "cannot write $APT_SOURCES"
	update_lists
}

update_lists()
{
	[ "$LISTS_FRESH" = no ] || return 0
	need_root "update the package lists"
	# A broken third-party list of the user is no reason to stop: what is needed is checked later.
	step "update package lists" apt_get update ||
		echo "setup: apt-get update reports errors, going on with what it has" >&2
	LISTS_FRESH=yes
}

# The lists are there when they offer a package of the suite that only we ask for.
need_lists()
{
	write_apt_sources
	apt-cache madison qemu-system-x86 | grep -qF "$BACKPORTS/" || update_lists
}

missing_packages()
{
	local have p

	have=" $(dpkg-query -W -f '${db:Status-Status}=${Package} ' "$@" 2>/dev/null) "
	for p; do
		[[ $have == *" installed=$p "* ]] || echo "$p"
	done
}

install_packages() # WHAT APT-OPTIONS... -- PACKAGES...
{
	local what=$1 options=() p
	shift
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	need_lists
	need_root "install packages ($*)"
	step "install $what" apt_get install --no-install-recommends "${options[@]}" "$@" && return
	update_lists
	for p; do
		apt-cache show "$p" >/dev/null 2>&1 ||
			die "package $p is in no package list of this machine: check /etc/apt, then repeat"
	done
	step "install $what (fresh lists)" apt_get install --no-install-recommends "${options[@]}" "$@" ||
		die "apt-get could not install: $* (its messages are above)"
}

setup_packages() # WHAT MIB PACKAGES...
{
	local what=$1 mib=$2 missing
	shift 2
	mapfile -t missing < <(missing_packages "$@")
	[ ${#missing[@]} -gt 0 ] || return 0
	need_space /usr "$mib" "installing $what"
	install_packages "$what (${#missing[@]} packages)" -- "${missing[@]}"
}

setup_qemu()
{
	local version missing
	local -n packages=QEMU_PACKAGES_$ARCH

	mapfile -t missing < <(missing_packages "${packages[@]}")
	version=$(dpkg-query -W -f '${Version}' qemu-system-common 2>/dev/null)
	if [ ${#missing[@]} -eq 0 ] && dpkg --compare-versions "$version" ge $QEMU_MIN_VERSION; then
		return
	fi
	need_space /usr $VM_MIB "installing QEMU"
	install_packages "QEMU from $BACKPORTS" -t $BACKPORTS -- "${packages[@]}"
}

# shellcheck source=kernels.sh
. "$TOP/devtools/kernels.sh"

download_dpdk() # VERSION FILE
{
	local version=$1 file=$2 tmp=$2.tmp

	rm -rf "$tmp" && mkdir -p "$tmp" &&
		(cd "$tmp" && apt-get -q -o Acquire::Retries=3 -o APT::Sandbox::User=root \
			source --download-only --tar-only "dpdk=$version") &&
		mv "$tmp/$(basename "$file")" "$file" && rm -rf "$tmp"
}

dpdk_source_version()
{
	apt-cache showsrc dpdk 2>/dev/null |
		sed -nE "s/^Version: ($DPDK_VERSION-.*)/\1/p" | sort -V | tail -n 1
}

setup_dpdk()
{
	local version file

	! find "$CACHE/dpdk/" -name 'dpdk_*.orig.tar.xz' 2>/dev/null |
		grep -qE "/dpdk_$DPDK_VERSION\.orig" || return 0

	need_space "$CACHE" $CACHE_MIB "the DPDK source"
	write_apt_sources
	version=$(dpdk_source_version)
	if [ -z "$version" ]; then
		update_lists
		version=$(dpdk_source_version)
	fi
	[ -n "$version" ] || die "Debian's source lists have no dpdk ${DPDK_VERSION//\\/}:" \
		"put its dpdk_VERSION.orig.tar.xz into $CACHE/dpdk by hand, then repeat"
	need_cache "$CACHE/dpdk"
	file=$CACHE/dpdk/dpdk_${version%-*}.orig.tar.xz
	step "download DPDK ${version%-*}" download_dpdk "$version" "$file" ||
		die "cannot download the source of dpdk $version: check the network, then repeat"
}

download_checkpatch() # DIRECTORY
{
	local dir=$1 tmp=$1.tmp source=linux-source-$CHECKPATCH_SERIES

	rm -rf "$tmp" && mkdir -p "$tmp" &&
		(cd "$tmp" && apt-get -q -o Acquire::Retries=3 -o APT::Sandbox::User=root \
			download "$source") &&
		dpkg --fsys-tarfile "$tmp/$source"_*.deb |
		tar -x -O -f - "./usr/src/$source.tar.xz" |
			tar -x -J -C "$tmp" --strip-components=2 -f - "$source/scripts/checkpatch.pl" \
				"$source/scripts/spelling.txt" "$source/scripts/const_structs.checkpatch" &&
		rm "$tmp/$source"_*.deb && rm -rf "$dir" && mv "$tmp" "$dir"
}

setup_checkpatch()
{
	local dir=$CACHE/checkpatch
	[ ! -e "$dir/checkpatch.pl" ] || return 0

	need_space "$CACHE" $CACHE_MIB "checkpatch.pl"
	need_lists
	need_cache "$CACHE"
	step "extract checkpatch.pl of Linux $CHECKPATCH_SERIES" download_checkpatch "$dir" && return
	update_lists
	step "extract checkpatch.pl (fresh lists)" download_checkpatch "$dir" ||
		die "cannot download linux-source-$CHECKPATCH_SERIES: check the network, then repeat"
}

setup_lint()
{
	setup_packages "checkers" $LINT_MIB "${LINT_PACKAGES[@]}"
	setup_checkpatch
}

setup_build()
{
	setup_packages "build tools" $BUILD_MIB "${BUILD_PACKAGES[@]}"
	setup_dpdk
}

setup_vm() # SERIES...
{
	local series

	setup_packages "VM tools" $VM_MIB "${VM_PACKAGES[@]}"
	setup_qemu
	for series; do
		setup_kernel "$series" "$CACHE/kernel-$series"
	done
}

setup_dkms()
{
	setup_vm "${KERNEL_SERIES[@]}"
	setup_packages "package tools" $DKMS_MIB "${DKMS_PACKAGES[@]}"
	need_space "$CACHE" $CACHE_MIB "a Debian for the test VM"
	need_space "${TMPDIR:-/tmp}" $ROOT_MIB "making a Debian for the test VM"
}

# shellcheck source=host-arch.sh
. "$TOP/devtools/host-arch.sh"
readonly HOST_ARCH
ARCH=${TPH_ARCH:-$HOST_ARCH}
if [ "${1-}" = --arch ]; then
	ARCH=${2-}
	shift $(($# > 1 ? 2 : 1))
fi
if [ "$ARCH" != "$HOST_ARCH" ] && [ "$ARCH" != arm64 ]; then
	echo "setup.sh: --arch takes $HOST_ARCH or arm64 on this machine, not '$ARCH'" >&2
	exit 2
fi
readonly ARCH
if [ $# -gt 1 ]; then
	echo "setup.sh: at most one argument, see --help" >&2
	exit 2
fi
case ${1-all} in
all | build | vm | run | lint | dkms | kernel) ;;
-h | --help)
	usage
	exit 0
	;;
*)
	echo "setup.sh: unknown part '$1': build, vm, run, lint, dkms or kernel" >&2
	exit 2
	;;
esac

[[ $TOP != *[[:space:]]* ]] ||
	die "DPDK's build cannot cope with the space in '$TOP': move this checkout"

# Another distribution: its names of packages are its own, the tools are the same.
need_tools() # PART
{
	local tools=() packages=() missing=() tool

	case $1 in
	build | run | all)
		tools+=(gcc make meson ninja patch pkg-config python3 xz)
		packages+=("${BUILD_PACKAGES[@]}")
		;;&
	vm | run | all)
		tools+=("qemu-system-$(uname -m)" iasl busybox cpio depmod lspci strace valgrind)
		packages+=("${VM_PACKAGES[@]}" qemu-system)
		;;
	lint)
		tools+=(codespell doxygen mypy sphinx-build shellcheck sparse)
		packages+=("${LINT_PACKAGES[@]}")
		;;
	dkms)
		tools+=(dpkg-buildpackage mmdebstrap mksquashfs)
		packages+=("${DKMS_PACKAGES[@]}")
		;;
	kernel)
		tools+=(bc bison flex gcc make perl)
		packages+=("${KERNEL_PACKAGES[@]}")
		;;
	esac
	for tool in "${tools[@]}"; do
		command -v "$tool" >/dev/null || missing+=("$tool")
	done
	[ ${#missing[@]} -eq 0 ] ||
		die "made for Debian 12 and 13, this is $(os_release PRETTY_NAME); missing: ${missing[*]}." \
			"Debian's packages are: ${packages[*]}"
	echo "setup: neither Debian 12 nor 13, but the tools are there; name DPDK's source by" \
		"-Ddpdk_source=DIR, and unpack kernels for the VM yourself"
}

if [ "$CODENAME" != bookworm ] && [ "$CODENAME" != trixie ]; then
	need_tools "${1-all}"
	exit 0
fi
command -v apt-get dpkg-query >/dev/null || die "no apt-get: this is no complete Debian system"

if [ "$ARCH" != "$HOST_ARCH" ]; then
	# shellcheck source=arm64.sh
	. "$TOP/devtools/arm64.sh"
	setup_arm64 "${1-all}"
	exit 0
fi

case ${1-all} in
build) setup_build ;;
vm) setup_vm "${KERNEL_SERIES[@]}" ;;
run)
	setup_build
	setup_vm "${KERNEL_SERIES[-1]}"
	;;
dkms) setup_dkms ;;
kernel) setup_packages "what builds kernels" $KERNEL_MIB "${KERNEL_PACKAGES[@]}" ;;
lint) setup_lint ;;
all)
	setup_build
	setup_vm "${KERNEL_SERIES[@]}"
	;;
esac
exit 0
