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
	busybox-static coreutils libasan8 libc6-dev libgcc-s1 libnuma-dev libpython3.11-stdlib
	libubsan1 pciutils python3.11-minimal strace
)
readonly CROSS_MIB=700
readonly SYSROOT_MIB=500

arm64_apt_sources()
{
	local suite uri

	for suite in bookworm bookworm-security "$BACKPORTS"; do
		uri=$MIRROR
		[ "$suite" != bookworm-security ] || uri=${MIRROR%/debian}/debian-security
		echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $suite main"
	done
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

# arm64_releases SERIES: those with headers and image, newest first
arm64_releases()
{
	local regex="^linux-(headers|image)-${1//./\\.}\\.[0-9].*-cloud-arm64$"

	arm64_apt apt-cache search --names-only "$regex" |
		sed -E 's/^linux-(headers|image)-([^ ]*) .*/\2/' | sort | uniq -d | sort -rV
}

# The links of the headers lead to programs that run here.
download_arm64_kernel() # RELEASE DIRECTORY
{
	local release=$1 dir=$2 tmp=$2.tmp headers link target
	headers=$tmp/root/usr/src/linux-headers-$release

	rm -rf "$tmp" && mkdir -p "$tmp/root" &&
		(cd "$tmp" && arm64_apt apt-get -q download "linux-image-$release" \
			"linux-headers-$release") &&
		dpkg -x "$tmp/linux-image-${release}"_*.deb "$tmp/root" &&
		dpkg -x "$tmp/linux-headers-${release}"_*.deb "$tmp/root" &&
		[ -e "$tmp/root/boot/vmlinuz-$release" ] && [ -e "$headers/Makefile" ] || return 1
	for link in "$headers/scripts" "$headers/tools"; do
		target=$(readlink "$link") && ln -sfn "/usr/${target#../../}" "$link" || return 1
	done
	echo "$release" >"$tmp/root/release" &&
		rm -rf "$dir" && mv "$tmp/root" "$dir" && rm -rf "$tmp"
}

# host_headers DIRECTORY RELEASE: packages of this machine that the headers build with
host_headers()
{
	local kbuild

	kbuild=$(readlink "$1/usr/src/linux-headers-$2/scripts")
	kbuild=${kbuild%/scripts}
	echo "linux-headers-${2%-cloud-arm64}-common" "${kbuild##*/}"
}

setup_arm64_kernel() # SERIES
{
	local series=$1 dir=$ARM64/kernel-$1 release packages missing

	release=$(cat "$dir/release" 2>/dev/null)
	if [ ! -e "$dir/usr/src/linux-headers-$release/Makefile" ]; then
		need_space "$CACHE" "$CACHE_MIB" "unpacking kernel $series for arm64"
		arm64_update_lists
		release=$(arm64_releases "$series" | head -n 1)
		[ -n "$release" ] || die "no Linux $series cloud kernel for arm64 in Debian's lists"
		step "download Linux $release" download_arm64_kernel "$release" "$dir" ||
			die "cannot download Linux $release: check the network, then repeat"
	fi
	read -ra packages < <(host_headers "$dir" "$release")
	mapfile -t missing < <(missing_packages "${packages[@]}")
	[ ${#missing[@]} -eq 0 ] ||
		install_packages "headers of Linux $release" -t "$BACKPORTS" -- "${missing[@]}"
}

setup_arm64_build()
{
	local series

	setup_build
	setup_packages "cross compiler" $CROSS_MIB "${CROSS_PACKAGES[@]}"
	setup_sysroot
	write_cross_file
	for series in "${KERNEL_SERIES[@]}"; do
		setup_arm64_kernel "$series"
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
	vm | all)
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
