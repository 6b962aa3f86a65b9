#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Check that programs which were linked with DPDK's shared libraries can run with ours: the
# ABI for applications has additions only. Libraries are made of the same sources with our
# changes and without them, with debug information, and compared by abidiff.
#
# usage: check-abi.sh BUILD_DIR SUBPROJECT DPDK_SOURCE_DIR|'' LIBRARY...
# Without a directory the source package of Debian is compared to. A library is named as
# ethdev, bus_pci or net_i40e.

set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)

# shellcheck source-path=SCRIPTDIR
# shellcheck source=lib.sh
. "$top/devtools/lib.sh"

if [ $# -lt 4 ]; then
	usage_of_head usage >&2
	exit 2
fi
build=$(cd "$1" && pwd)
staged=$top/subprojects/$2
plain=$3
shift 3
command -v abidiff >/dev/null || die "no abidiff: run devtools/setup.sh build"
[ -d "$staged" ] || die "$staged: no such tree"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
if [ -z "$plain" ]; then
	plain=$tmp/plain
	unpack_dpdk "$top" "$plain"
fi

# The version map of a library, which names what it exports.
version_map() # TREE LIBRARY
{
	local map

	for map in "$1/lib/$2/version.map" "$1/drivers/${2/_//}/version.map"; do
		[ ! -e "$map" ] || {
			echo "$map"
			return
		}
	done
	die "there is no version map of $2"
}

# What a library needs is left open: its own symbols and their types are compared.
make_library() # TREE LIBRARY DIR
{
	local map

	map=$(version_map "$1" "$2")
	mkdir -p "$3/$2"
	python3 "$top/devtools/recompile.py" "$build" "$staged" "$1" library "$2" "$3/$2" \
		>"$3/$2.commands"
	xargs -P "$(nproc)" -d '\n' -I '{}' sh -c '{} -g -O0' <"$3/$2.commands"
	gcc -shared -o "$3/librte_$2.so" "$3/$2"/*.o -Wl,-soname="librte_$2.so" \
		-Wl,--version-script="$map" -Wl,--unresolved-symbols=ignore-all
}

status=0
for library; do
	make_library "$plain" "$library" "$tmp/without"
	make_library "$staged" "$library" "$tmp/with"
	# What is experimental or internal is no part of it, as DPDK says.
	if abidiff --suppr "$plain/devtools/libabigail.abignore" --no-added-syms \
		"$tmp/without/librte_$library.so" "$tmp/with/librte_$library.so"; then
		echo "$library: additions only"
	else
		echo "$library: changed"
		status=1
	fi
done
exit $status
