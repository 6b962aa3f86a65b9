#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The dpdk-tph authors

# Run the tests of the kernel module on a kernel with KASAN, lockdep, UBSAN and
# kmemleak, built from Debian's linux-source. Not for CI: building takes half an hour.
#
# usage: debug_kernel.sh build SOURCE_DIR WORK_DIR   build the kernel of SOURCE_DIR
#        debug_kernel.sh run WORK_DIR PROGRAM_DIR PART...
#                        run parts of tph_vm_suite.sh; PROGRAM_DIR has the test
#                        programs (build/devtools/tests/kernel)
# Source: apt install linux-source-6.12 (bookworm-backports), unpack what it brings to
# /usr/src. Needs root for a link in /lib/modules, where the VM's modules are built
# against.

set -eu

tests=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$tests/../../.." && pwd)

build()
{
	"$top/devtools/setup.sh" kernel
	mkdir -p "$2/obj"
	work=$(cd "$2" && pwd)
	export KCONFIG_ALLCONFIG="$tests/debug_kernel.config"
	make -s -C "$1" O="$work/obj" allnoconfig
	make -s -C "$1" O="$work/obj" -j"$(nproc)" bzImage modules

	# A tree of its own, in which it takes the place of a kernel of the VM.
	release=$(cat "$work/obj/include/config/kernel.release")
	kernel=$work/tree/.cache/kernel-6.12
	rm -rf "$work/tree"
	mkdir -p "$kernel/boot"
	echo "$release" > "$kernel/release"
	cp "$work/obj/arch/x86/boot/bzImage" "$kernel/boot/vmlinuz-$release"
	make -s -C "$1" O="$work/obj" INSTALL_MOD_PATH="$kernel" modules_install
	mkdir -p "/lib/modules/$release"
	ln -sfn "$work/obj" "/lib/modules/$release/build"
}

# The run came to its end, no test failed, no leak was found, lockdep still works.
judge()
{
	awk '/^=== / { part = $2 }
		/^not ok|^--- [^0]/ { print; bad = 1 }
		part == "kmemleak" && !/^===/ { bad = 1 }
		/debug_locks: *1$/ { lockdep = 1 }
		/^=== end/ { end = 1 }
		END { exit bad || !lockdep || !end }' "$1" &&
		! grep -E "BUG[: ]|WARNING:|UBSAN:|INFO: task" "$2"
}

run()
{
	work=$(cd "$1" && pwd)
	programs=$(cd "$2" && pwd)
	shift 2
	rm -rf "$work/tree/kernel" "$work/tree/devtools"
	cp -r "$top/kernel" "$top/devtools" "$work/tree"
	cat > "$work/suite" <<-END
		./tph_vm_suite.sh $*
		sleep 6 # kmemleak takes nothing that is younger for a leak
		for i in 1 2; do echo scan > /sys/kernel/debug/kmemleak; done
		echo "=== kmemleak"
		cat /sys/kernel/debug/kmemleak
		echo "=== lockdep"
		grep debug_locks /proc/lockdep_stats
		dmesg > /root/out/dmesg.txt
	END
	TPH_BUILD_DIR=$work/build "$work/tree/devtools/vm.sh" --timeout 3600 --out "$work/out" \
		--append slub_debug=F \
		--copy "$tests/tph_vm_suite.sh" --copy "$work/suite" --copy "$programs/tph_bench" \
		--copy "$programs/tph_ioctl_test" --copy "$programs/tph_leak_test" \
		--copy "$programs/tph_vm_fuzz" \
		-- env FUZZ_SECONDS="${FUZZ_SECONDS:-200}" sh suite | tee "$work/run.log"
	judge "$work/run.log" "$work/out/console.log"
}

case "${1-}/$#" in
build/3) build "$2" "$3" ;;
run/[4-9]) shift; run "$@" ;;
*)
	sed -n '/^# usage/,/^# *programs/p' "$0" | cut -c 3- >&2
	exit 2
	;;
esac
