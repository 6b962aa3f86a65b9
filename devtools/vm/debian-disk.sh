#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Make a disk for vm.sh --disk with a small Debian 12 on it, and print its path. It is kept in
# .cache/ of the work tree and made anew when other packages are asked for. In the VM,
# "tph-debian COMMAND" runs a command in that Debian.
#
# usage: debian-disk.sh NAME PACKAGE...
#
# Packages are Debian's, also of -security and -backports; what they recommend is not installed.

set -euo pipefail

TOP=$(cd "$(dirname "$0")/../.." && pwd)
MIRROR=${TPH_DEBIAN_MIRROR:-http://deb.debian.org/debian}

# shellcheck source-path=SCRIPTDIR/..
# shellcheck source=lib.sh
. "$TOP/devtools/lib.sh"

case ${1-} in
'' | -*)
	usage_of_head Make >&2
	exit 2
	;;
esac
disk=$TOP/.cache/$1.squashfs
shift
packages=$(IFS=,; echo "$*")

make_disk()
{
	local options=(--aptopt='APT::Install-Recommends "0"') proxy

	proxy=$(apt-config dump --format '%v' Acquire::http::Proxy)
	[ -z "$proxy" ] || options+=(--aptopt="Acquire::http::Proxy \"$proxy\"")
	rm -f "$disk" "$disk.key" &&
		INITRD=No mmdebstrap --variant=apt "${options[@]}" --include="$packages" bookworm - \
			"deb $MIRROR bookworm main" \
			"deb ${MIRROR%/debian}/debian-security bookworm-security main" \
			"deb $MIRROR bookworm-backports main" |
		sqfstar -quiet -no-progress -comp lz4 "$disk" &&
		echo "$packages" >"$disk.key"
}

"$TOP/devtools/setup.sh" dkms >&2
if [ "$(cat "$disk.key" 2>/dev/null)" != "$packages" ]; then
	echo "debian-disk.sh: making a Debian with $packages" >&2
	log=$(mktemp)
	trap 'rm -f "$log"' EXIT
	# set -e does not work in there.
	make_disk >"$log" 2>&1 || {
		tail -n 40 "$log" >&2
		exit 1
	}
fi
echo "$disk"
