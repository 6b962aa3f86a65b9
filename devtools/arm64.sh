# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Part of setup.sh, on a machine that is no arm64 one: what building for arm64 and the
# arm64 VM need. This machine's own packages stay of one architecture: Debian's arm64
# packages are fetched by an apt with lists of its own and unpacked below .cache/arm64.

readonly ARM64=$CACHE/arm64
readonly ARM64_SYSROOT=$ARM64/sysroot

# On this machine
readonly CROSS_PACKAGES=(g++-aarch64-linux-gnu gcc-aarch64-linux-gnu qemu-user)
# Unpacked, with all they depend on: to link with, and to run in the VM
readonly SYSROOT_PACKAGES=(
	busybox-static coreutils libasan8 libc6-dev libgcc-s1 libnuma-dev
	"libpython$PYTHON_VERSION-stdlib" libubsan1 pciutils "python$PYTHON_VERSION-minimal" strace
)
readonly CROSS_MIB=700
readonly SYSROOT_MIB=500

arm64_apt_sources()
{
	local suite uri

	for suite in "$CODENAME" "$CODENAME-security" "$BACKPORTS"; do
		uri=$MIRROR
		[ "$suite" != "$CODENAME-security" ] || uri=${MIRROR%/debian}/debian-security
		echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $suite main"
	done | sort -u
}

# Nothing of the machine's own package state is read or changed.
arm64_apt_config()
{
	cat <<TEXT
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
Dir::Cache "$ARM64/apt/cache";
Dir::Etc::sourcelist "$ARM64/apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::Lists "$ARM64/apt/lists";
Dir::State::status "$ARM64/apt/status";
TEXT
}

# arm64_apt TOOL ARGUMENTS...
arm64_apt()
{
	APT_CONFIG=$ARM64/apt/apt.conf "$@"
}

arm64_update_lists()
{
	[ "$ARM64_LISTS_FRESH" = no ] || return 0
	mkdir -p "$ARM64/apt/lists/partial" "$ARM64/apt/cache/archives/partial" ||
		die "no permission to write to $ARM64"
	arm64_apt_sources >"$ARM64/apt/sources.list"
	arm64_apt_config >"$ARM64/apt/apt.conf"
	: >"$ARM64/apt/status"
	step "update package lists of arm64" arm64_apt apt-get -q update ||
		die "no lists of Debian's arm64 packages: check the network, then repeat"
	ARM64_LISTS_FRESH=yes
}
ARM64_LISTS_FRESH=no

# unpack_packages DIRECTORY PACKAGE...: with all that they depend on
unpack_packages()
{
	local dir=$1 tmp=$1.tmp file archives=$ARM64/apt/cache/archives
	shift

	rm -rf "$tmp" "$archives"/*.deb && mkdir -p "$tmp" &&
		arm64_apt apt-get -q -y --no-install-recommends --download-only install "$@" ||
		return 1
	for file in "$archives"/*.deb; do
		dpkg -x "$file" "$tmp" || return 1
	done
	# Debian 13 has all below /usr, and nobody depends on the package with the links.
	for file in bin lib sbin; do
		[ -e "$tmp/$file" ] || ln -s "usr/$file" "$tmp/$file" || return 1
	done
	echo "$*" >"$tmp/packages"
	rm -rf "$dir" "$archives"/*.deb && mv "$tmp" "$dir"
}

setup_sysroot()
{
	[ "$(cat "$ARM64_SYSROOT/packages" 2>/dev/null)" != "${SYSROOT_PACKAGES[*]}" ] || return 0
	need_space "$CACHE" $SYSROOT_MIB "unpacking arm64 packages"
	arm64_update_lists
	step "unpack arm64 packages" unpack_packages "$ARM64_SYSROOT" "${SYSROOT_PACKAGES[@]}" ||
		die "cannot download Debian's arm64 packages: check the network, then repeat"
}

# The compiler wants absolute paths: without the link that .cache may be.
write_cross_file()
{
	local sysroot

	sysroot=$(cd "$ARM64_SYSROOT" && pwd -P) || die "$ARM64_SYSROOT is missing"
	# Left alone if nothing changes: Meson configures anew when it is touched.
	cmp -s - "$ARM64/cross" < <(sed "s|@SYSROOT@|$sysroot|" "$TOP/devtools/arm64.cross.in") ||
		sed "s|@SYSROOT@|$sysroot|" "$TOP/devtools/arm64.cross.in" >"$ARM64/cross" ||
		die "cannot write $ARM64/cross"
}

setup_arm64_build()
{
	local series

	setup_build
	setup_packages "cross compiler" $CROSS_MIB "${CROSS_PACKAGES[@]}"
	setup_sysroot
	write_cross_file
	for series in "${KERNEL_SERIES[@]}"; do
		setup_kernel "$series" "$ARM64/kernel-$series"
	done
}

setup_arm64() # PART
{
	need_cache "$ARM64"
	exec 9>"$ARM64/.lock"
	flock 9
	case $1 in
	build)
		setup_arm64_build
		;;
	vm | run | all)
		# The VM's file system and modules are built with the same things.
		setup_arm64_build
		setup_packages "VM tools" "$VM_MIB" "${VM_PACKAGES[@]}"
		setup_qemu
		;;
	*)
		die "part '$1' is the same for every architecture: leave --arch out"
		;;
	esac
}
