#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The dpdk-tph authors

# Run the tests of the kernel module on a kernel whose PCI core knows TPH (CONFIG_PCIE_TPH=y): the
# newest one that Debian has the source of, built here for the VM. Not for CI: it downloads 170 MB,
# and takes a quarter of an hour on an idle machine.
#
# usage: own_kernel.sh tph|debug WORK_DIR [PART...]   parts of tph_vm_suite.sh (all, in two VMs)
#
# "debug" adds KASAN, lockdep, UBSAN and kmemleak to that kernel: what they report is a failure,
# and so is a lockdep that gave up. WORK_DIR keeps source and kernel, and has the VM's output.
# Needs a build (TPH_BUILD_DIR, default build) for the test programs.

# shellcheck source-path=SCRIPTDIR

set -euo pipefail

TESTS=$(cd "$(dirname "$0")" && pwd)
TOP=$(cd "$TESTS/../../.." && pwd)
PROGRAMS=${TPH_BUILD_DIR:-$TOP/build}/devtools/tests/kernel
PARTS=(bench variants policy stock notph leak fuzz aer unload)
TOPOLOGY=root,switch,bridge2,rciep,root,twin

# shellcheck source=../../lib.sh
. "$TOP/devtools/lib.sh"
# shellcheck source=linux_source.sh
. "$TESTS/linux_source.sh"

# In a tree of its own it takes the place of a kernel of the VM.
build()
{
	local obj=$work/obj-$kind kmake

	kmake=(make -s -C "$work/$source" O="$obj")
	mkdir -p "$obj"
	cat "$TESTS/vm_kernel.config" >"$work/config-$kind"
	[ "$kind" = tph ] || cat "$TESTS/debug_kernel.config" >>"$work/config-$kind"
	KCONFIG_ALLCONFIG=$work/config-$kind "${kmake[@]}" allnoconfig
	grep -qx CONFIG_PCIE_TPH=y "$obj/.config"
	"${kmake[@]}" -j"$(nproc)" bzImage modules

	release=$(cat "$obj/include/config/kernel.release")
	kernel=$tree/.cache/kernel-6.12
	rm -rf "$tree"
	mkdir -p "$kernel/boot"
	echo "$release" >"$kernel/release"
	cp "$obj/arch/x86/boot/bzImage" "$kernel/boot/vmlinuz-$release"
	"${kmake[@]}" INSTALL_MOD_PATH="$kernel" modules_install
	mkdir -p "$kernel/usr/src"
	ln -sfn "$obj" "$kernel/usr/src/linux-headers-$release"
}

# What is run in the VM
suite() # PART...
{
	echo "./tph_vm_suite.sh $*"
	[ "$kind" = debug ] || return 0
	cat <<-'END'
		sleep 6 # kmemleak takes nothing that is younger for a leak
		for i in 1 2; do echo scan > /sys/kernel/debug/kmemleak; done
		echo "=== kmemleak"
		cat /sys/kernel/debug/kmemleak
		echo "=== lockdep"
		grep debug_locks /proc/lockdep_stats
	END
}

# The run came to its end, no test failed, no leak was found, lockdep still works.
judge() # LOG CONSOLE
{
	awk -v kind="$kind" '/^=== / { part = $2 }
		/^not ok|^--- [^0]/ { print part ": " $0; bad = 1 }
		part == "kmemleak" && !/^===/ { bad = 1 }
		/debug_locks: *1$/ { lockdep = 1 }
		/^=== end/ { end = 1 }
		END { exit bad || !end || (kind == "debug" && !lockdep) }' "$1" &&
		! grep -E "BUG[: ]|WARNING:|UBSAN:|INFO: task" "$2"
}

# run NAME OPTION... -- PART...
run()
{
	local name=$1 options=() copies=() file
	shift
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	suite "$@" >"$work/suite"
	for file in "$PROGRAMS"/tph_* "$kernel"/lib/modules/*/kernel/drivers/pci/pcie/aer_inject.ko; do
		[ ! -f "$file" ] || copies+=(--copy "$file")
	done
	echo "own_kernel.sh: Linux $release, $name: $*"
	TPH_BUILD_DIR=$work/build-$kind "$tree/devtools/vm.sh" --timeout 3600 --out "$work/$name" \
		--append slub_debug=F "${options[@]}" --copy "$TESTS/tph_vm_suite.sh" \
		--copy "$work/suite" "${copies[@]}" \
		-- env FUZZ_SECONDS="${FUZZ_SECONDS-5}" sh suite >"$work/$name.log"
	judge "$work/$name.log" "$work/$name/console.log"
	grep -c '^--- 0' "$work/$name.log" | sed 's/$/ tests passed/'
}

kind=${1-}
if [[ $kind != tph && $kind != debug ]] || [ $# -lt 2 ]; then
	usage_of_head Run >&2
	exit 2
fi
source_directory "$2"
shift 2
tree=$work/tree-$kind
"$TOP/devtools/setup.sh" kernel
get_source sid experimental
build
cp -r "$TOP/kernel" "$TOP/devtools" "$tree"
if [ $# -gt 0 ]; then
	run ports --cpus 8 -- "$@"
else
	run ports --cpus 8 -- "${PARTS[@]}"
	run topology --ports 6 --topology $TOPOLOGY -- topology unload
fi
