#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The dpdk-tph authors

# The Debian packages in the test VM, on a Debian 12 with dpkg and DKMS: install one,
# which builds the module there, use the module, remove the package.
#
# usage: dkms_vm.sh [6.1|6.12]...   the kernels of the VM (both)
# Needs a build (TPH_BUILD_DIR, default build) for the test program. The Debian of
# the VM is kept in .cache/ of the work tree.

# shellcheck source-path=SCRIPTDIR

set -euo pipefail

TESTS=$(cd "$(dirname "$0")" && pwd)
TOP=$(cd "$TESTS/../../.." && pwd)
BUILD=${TPH_BUILD_DIR:-$TOP/build}
PROGRAM=$BUILD/devtools/tests/kernel/tph_ioctl_test

# shellcheck source=../../lib.sh
. "$TOP/devtools/lib.sh"

case ${1-} in
-h | --help)
	usage_of_head 'The Debian packages'
	exit 0
	;;
esac
[ $# -gt 0 ] || set -- 6.1 6.12

[ -x "$PROGRAM" ] || DIE_STATUS=2 die "no $PROGRAM: build first (devtools/run.sh or ninja)"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A Debian as administrators have it, with the kernels of the VM and their headers, and DPDK
make_disk()
{
	local packages=(dkms kmod systemd driverctl iproute2 dpdk dpdk-dev librte-net-e1000-23) series release

	for series in 6.1 6.12; do
		release=$(cat "$TOP/.cache/kernel-$series/release")
		packages+=("linux-image-$release" "linux-headers-$release")
	done
	"$TOP/devtools/vm/debian-disk.sh" dkms "${packages[@]}"
}

# From a copy: the package tools write into the directory and next to it.
make_package()
{
	cp -r "$TOP/kernel/linux/tph_vfio_pci" "$TOP/kernel/linux/uapi" "$work" &&
		(cd "$work/tph_vfio_pci" && dpkg-buildpackage -b -us -uc)
}

disk=$(make_disk)
quiet make_package
failed=0
for series; do
	for package in tph-vfio-pci vfio-pci-tph; do
		guest=dkms_guest.sh
		[ $package = tph-vfio-pci ] || guest=dkms_drop_in_guest.sh
		echo "dkms: $package, Linux $series"
		"$TOP/devtools/vm.sh" --kernel "$series" --driver none --disk "$disk" --timeout 1800 \
			--copy "$(echo "$work/$package"-dkms_*_all.deb)" --copy "$PROGRAM" \
			--copy "$TESTS/dkms_check.sh" --copy "$TESTS/$guest" -- tph-debian sh $guest ||
			failed=1
	done
done
exit $failed
