#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The dpdk-tph authors

# The Debian package in the test VM, on a Debian 12 with dpkg and DKMS: install it,
# which builds the module there, use the module, remove the package.
#
# usage: dkms_vm.sh [6.1|6.12]...   the kernels of the VM (both)
# Needs a build (TPH_BUILD_DIR, default build) for the test program. The Debian of
# the VM is kept in .cache/ of the work tree.

set -euo pipefail

TESTS=$(cd "$(dirname "$0")" && pwd)
TOP=$(cd "$TESTS/../../.." && pwd)
BUILD=${TPH_BUILD_DIR:-$TOP/build}
MIRROR=${TPH_DEBIAN_MIRROR:-http://deb.debian.org/debian}
ROOT=$TOP/.cache/dkms-root.squashfs
PROGRAM=$BUILD/devtools/tests/kernel/tph_ioctl_test

case ${1-} in
-h | --help)
	sed -n '/^# The Debian/,/^$/s/^# \{0,1\}//p' "$0"
	exit 0
	;;
esac
[ $# -gt 0 ] || set -- 6.1 6.12

"$TOP/devtools/setup.sh" dkms
[ -x "$PROGRAM" ] || {
	echo "dkms_vm.sh: no $PROGRAM: build first (devtools/run.sh or ninja)" >&2
	exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# quiet COMMAND...: show what it says only if it fails. set -e does not work in there.
quiet()
{
	"$@" >"$work/log" 2>&1 || {
		tail -n 40 "$work/log" >&2
		return 1
	}
}

# A Debian as administrators have it, with the kernels of the VM and their headers
make_root()
{
	local packages=dkms,kmod,systemd series release options=(--aptopt='APT::Install-Recommends "0"')
	local proxy

	for series in 6.1 6.12; do
		release=$(cat "$TOP/.cache/kernel-$series/release")
		packages+=,linux-image-$release,linux-headers-$release
	done
	[ "$(cat "$ROOT.key" 2>/dev/null)" != "$packages" ] || return 0
	proxy=$(apt-config dump --format '%v' Acquire::http::Proxy)
	[ -z "$proxy" ] || options+=(--aptopt="Acquire::http::Proxy \"$proxy\"")

	echo "dkms: making a Debian with $packages"
	rm -f "$ROOT" "$ROOT.key"
	mmdebstrap --variant=apt "${options[@]}" --include="$packages" bookworm - \
		"deb $MIRROR bookworm main" \
		"deb ${MIRROR%/debian}/debian-security bookworm-security main" \
		"deb $MIRROR bookworm-backports main" |
		sqfstar -quiet -no-progress -comp lz4 "$ROOT" &&
		echo "$packages" >"$ROOT.key"
}

# From a copy: the package tools write into the directory and next to it.
make_package()
{
	cp -r "$TOP/kernel/linux/tph_vfio_pci" "$TOP/kernel/linux/uapi" "$work" &&
		(cd "$work/tph_vfio_pci" && dpkg-buildpackage -b -us -uc)
}

quiet make_root
quiet make_package
for series; do
	echo "dkms: Linux $series"
	"$TOP/devtools/vm.sh" --kernel "$series" --driver none --disk "$ROOT" --timeout 1800 \
		--copy "$(echo "$work"/tph-vfio-pci-dkms_*_all.deb)" --copy "$PROGRAM" \
		--copy "$TESTS/dkms_guest.sh" -- sh dkms_guest.sh
done
