# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Part of setup.sh: kernels for the VM, below .cache/. Neither they nor their headers are
# installed, as headers may bring the image of a kernel along; but what headers of several
# kernels share is.

# kernel_apt TOOL ARGUMENTS...: with the packages of the VM's architecture
kernel_apt()
{
	if [ "$ARCH" = "$HOST_ARCH" ]; then "$@"; else arm64_apt "$@"; fi
}

kernel_update_lists()
{
	if [ "$ARCH" = "$HOST_ARCH" ]; then update_lists; else arm64_update_lists; fi
}

# download_kernel RELEASE DIRECTORY: unpack vmlinuz, modules and headers there
download_kernel()
{
	local release=$1 dir=$2 tmp=$2.tmp headers link target
	headers=$tmp/root/usr/src/linux-headers-$release

	rm -rf "$tmp" && mkdir -p "$tmp/root" &&
		(cd "$tmp" && kernel_apt apt-get -q -o Acquire::Retries=3 -o APT::Sandbox::User=root \
			download "linux-image-$release" "linux-headers-$release") &&
		dpkg -x "$tmp/linux-image-${release}"_*.deb "$tmp/root" &&
		dpkg -x "$tmp/linux-headers-${release}"_*.deb "$tmp/root" &&
		[ -e "$tmp/root/boot/vmlinuz-$release" ] && [ -e "$headers/Makefile" ] || return 1
	# From Debian 13 on packages leave it to a link of the system.
	[ -e "$tmp/root/lib" ] || ln -s usr/lib "$tmp/root/lib" || return 1
	# The links lead to programs that run here.
	for link in "$headers/scripts" "$headers/tools"; do
		target=$(readlink "$link") && ln -sfn "/usr/${target#../../}" "$link" || return 1
	done
	echo "$release" >"$tmp/root/release" &&
		rm -rf "$dir" && mv "$tmp/root" "$dir" && rm -rf "$tmp"
}

# kernel_releases SERIES: those that have both headers and image, newest first
kernel_releases()
{
	local regex="^linux-(headers|image)-${1//./\\.}\\.[0-9].*-cloud-$ARCH$"

	kernel_apt apt-cache search --names-only "$regex" |
		sed -E 's/^linux-(headers|image)-([^ ]*) .*/\2/' | sort | uniq -d | sort -rV
}

# header_packages DIRECTORY RELEASE: packages of this machine that the headers build with
header_packages()
{
	local kbuild

	kbuild=$(readlink "$1/usr/src/linux-headers-$2/scripts")
	kbuild=${kbuild%/scripts}
	echo "linux-headers-${2%-cloud-"$ARCH"}-common" "${kbuild##*/}"
}

kernel_complete() # DIRECTORY
{
	local release

	release=$(cat "$1/release" 2>/dev/null) &&
		[ -e "$1/boot/vmlinuz-$release" ] && [ -d "$1/lib/modules/$release" ] &&
		[ -e "$1/usr/src/linux-headers-$release/Makefile" ]
}

fetch_kernel() # SERIES DIRECTORY
{
	local series=$1 dir=$2 release

	need_space "$CACHE" "$CACHE_MIB" "unpacking kernel $series"
	if [ "$ARCH" = "$HOST_ARCH" ]; then need_lists; else arm64_update_lists; fi
	release=$(kernel_releases "$series" | head -n 1)
	if [ -z "$release" ]; then
		kernel_update_lists
		release=$(kernel_releases "$series" | head -n 1)
	fi
	[ -n "$release" ] || die "no Linux $series cloud kernel (linux-image-$series*-cloud-$ARCH with" \
		"headers of the same version) in the package lists: check /etc/apt, then repeat"
	need_cache "$(dirname "$dir")"
	if ! step "download Linux $release" download_kernel "$release" "$dir"; then
		kernel_update_lists
		step "download Linux $release (fresh lists)" download_kernel "$release" "$dir" ||
			die "cannot download linux-image-$release: check the network, then repeat"
	fi
}

setup_kernel() # SERIES DIRECTORY
{
	local series=$1 dir=$2 release packages missing

	kernel_complete "$dir" || fetch_kernel "$series" "$dir"
	release=$(cat "$dir/release")
	read -ra packages < <(header_packages "$dir" "$release")
	mapfile -t missing < <(missing_packages "${packages[@]}")
	# Their tools need libraries that QEMU may have brought from there as well.
	[ ${#missing[@]} -eq 0 ] ||
		install_packages "headers of Linux $release" -t "$BACKPORTS" -- "${missing[@]}"
}
