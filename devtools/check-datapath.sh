#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Check that TPH leaves Rx and Tx alone: sources of the data path compile to
# the same objects, byte for byte, with our changes and without them; where a
# source has other code that we change, its burst functions do.
#
# usage: check-datapath.sh BUILD_DIR SUBPROJECT [DPDK_SOURCE_DIR]
# Without a directory the source package of Debian is compared to.

set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
# Burst functions of drivers, and applications that have the calls inlined.
sources=(
	e1000/em_rxtx.c
	e1000/igb_rxtx.c
	virtio/virtio_rxtx.c
	vmxnet3/vmxnet3_rxtx.c
	test-pmd/iofwd.c
	test-pmd/macfwd.c
	test-pmd/rxonly.c
	test-pmd/txonly.c
)
# SOURCE FUNCTION...
functions=(
	"i40e/i40e_rxtx.c i40e_recv_pkts i40e_recv_pkts_bulk_alloc i40e_recv_scattered_pkts
		i40e_xmit_pkts i40e_xmit_pkts_simple"
	"ice/ice_rxtx.c ice_recv_pkts ice_recv_pkts_bulk_alloc ice_recv_scattered_pkts
		ice_xmit_pkts ice_xmit_pkts_simple"
)

# shellcheck source-path=SCRIPTDIR
# shellcheck source=lib.sh
. "$top/devtools/lib.sh"

if [ $# -lt 2 ] || [ $# -gt 3 ]; then
	usage_of_head usage >&2
	exit 2
fi
build=$(cd "$1" && pwd)
staged=$top/subprojects/$2
plain=${3:-}
[ -e "$build/compile_commands.json" ] || die "$build is no configured build"
[ -d "$staged" ] || die "$staged: no such tree"
# That of a cross compiler, if there is one
objcopy=$(sed -nE 's/^.*[ "]([a-z0-9_]+-linux-gnu-)gcc .*/\1/p;T;q' "$build/compile_commands.json")objcopy

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
if [ -z "$plain" ]; then
	plain=$tmp/plain
	unpack_dpdk "$top" "$plain"
fi

# The shell command that compiles a source of the tree $2 to the object $3.
compile_command() # SOURCE TREE OBJECT
{
	python3 "$top/devtools/recompile.py" "$build" "$staged" "$2" source "$1" "$3"
}

# The code of one function of an object, which has a section of its own.
function_code() # OBJECT FUNCTION
{
	"$objcopy" -O binary -j ".text.$2" "$1" "$1.$2"
	[ -s "$1.$2" ] || die "there is no function $2"
}

status=0
for line in "${functions[@]}"; do
	read -r -d "" source names <<<"$line" || true
	sh -c "$(compile_command "$source" "$staged" "$tmp/with.o") -ffunction-sections"
	sh -c "$(compile_command "$source" "$plain" "$tmp/without.o") -ffunction-sections"
	for name in $names; do
		function_code "$tmp/with.o" "$name"
		function_code "$tmp/without.o" "$name"
		if cmp -s "$tmp/with.o.$name" "$tmp/without.o.$name"; then
			echo "$source: $name identical, $(stat -c %s "$tmp/with.o.$name") bytes"
		else
			echo "$source: $name differs"
			status=1
		fi
	done
done
for source in "${sources[@]}"; do
	sh -c "$(compile_command "$source" "$staged" "$tmp/with.o")"
	sh -c "$(compile_command "$source" "$plain" "$tmp/without.o")"
	if cmp -s "$tmp/with.o" "$tmp/without.o"; then
		echo "$source: identical, $(stat -c %s "$tmp/with.o") bytes"
	else
		echo "$source: differs"
		status=1
	fi
done
exit $status
