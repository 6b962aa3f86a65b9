#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Build a directory holding a Kbuild file as out-of-tree kernel modules, without
# writing into that directory: sources are mirrored into OUT_DIR and built there.
# Incremental, silent unless something is wrong; W=1, and any warning fails.
#
# The modules find the headers below kernel/linux/uapi through the make variable
# TPH_UAPI. V=1 in the environment shows what make prints.

set -eu

usage()
{
	cat <<-END_OF_HELP
	usage: $(basename "$0") KERNEL_BUILD_DIR SOURCE_DIR OUT_DIR
	  KERNEL_BUILD_DIR  prepared kernel tree, e.g. /lib/modules/\$(uname -r)/build
	                    or /usr/src/linux-headers-VERSION
	  SOURCE_DIR        directory with a Kbuild file and its *.c and *.h
	  OUT_DIR           where sources are mirrored to and *.ko appear
	END_OF_HELP
}

# shellcheck source-path=SCRIPTDIR
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

case "${1:-}" in
-h|--help)
	usage
	exit 0 ;;
esac
if [ $# -ne 3 ]; then
	usage >&2
	exit 2
fi

kdir=$1
src=$2
out=$3
root=$(cd "$(dirname "$0")/.." && pwd)

[ -f "$kdir/Makefile" ] || die "$kdir: no kernel build directory (install linux-headers?)"
[ -f "$src/Kbuild" ] || die "$src: no Kbuild file"
command -v flock > /dev/null || die "flock not found (install util-linux)"
mkdir -p "$out" || die "$out: cannot create"

kdir=$(cd "$kdir" && pwd)
src=$(cd "$src" && pwd)
out=$(cd "$out" && pwd)
[ "$src" != "$out" ] || die "$src: SOURCE_DIR and OUT_DIR are the same"

# Debian's headers say for which machine they are.
arch=$(sed -n 's/^override ARCH = //p' "$kdir/.kernelvariables" 2> /dev/null || true)
if [ "$arch" = arm64 ] && [ "$(uname -m)" != aarch64 ]; then
	export CROSS_COMPILE="${CROSS_COMPILE:-aarch64-linux-gnu-}"
fi

# One build at a time in one directory.
exec 9> "$out/.lock"
flock 9

# make in $out with the given extra arguments
kmake()
{
	make -s -C "$kdir" M="$out" TPH_UAPI="$root/kernel/linux/uapi" \
		W=1 KCFLAGS=-Werror "$@"
}

# Objects of another kernel are of no use.
if [ "$(cat "$out/.kdir" 2> /dev/null)" != "$kdir" ]; then
	if [ -e "$out/.kdir" ]; then
		find "$out" -type f \( -name '*.o' -o -name '*.ko' -o -name '*.cmd' -o \
			-name '*.mod' -o -name '*.mod.c' -o -name 'Module.symvers' -o \
			-name 'modules.order' \) -delete
	fi
	echo "$kdir" > "$out/.kdir"
fi

for file in "$src"/*.c "$src"/*.h "$src/Kbuild" "$src/Makefile"; do
	[ -f "$file" ] || continue
	copy=$out/${file##*/}
	cmp -s "$file" "$copy" || cp "$file" "$copy"
done
for copy in "$out"/*.c "$out"/*.h; do
	case "$copy" in
	*.mod.c) continue ;;
	esac
	[ -f "$src/${copy##*/}" ] || rm -f "$copy"
done

log=$out/build.log
status=0
kmake modules > "$log" 2>&1 || status=$?

# Neither a fault of the sources: Debian ships no vmlinux to take BTF from, and
# its compiler gets updates after the kernel was built.
noise='Skipping BTF generation|compiler differs from the one used to build|'
noise=$noise'The kernel was built by:|You are using:'
if [ $status -eq 0 ] && grep -Ev "$noise" "$log" | grep -qi 'warning'; then
	status=1
	# Some warnings appear only when a file is built: show them again next time.
	kmake clean > /dev/null 2>&1 || true
fi

if [ $status -ne 0 ]; then
	cat "$log" >&2
	die "building $src for $kdir failed"
fi
[ -z "${V:-}" ] || cat "$log"
