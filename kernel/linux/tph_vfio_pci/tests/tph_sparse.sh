#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The dpdk-tph authors

# Have sparse check the module, and kernel-doc its comments: tph_sparse.sh KERNEL_BUILD_DIR...
# Whatever they say is a failure.

set -eu

tests=$(cd "$(dirname "$0")" && pwd)
module=$(dirname "$tests")
uapi=$(dirname "$module")/uapi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
status=0

if [ $# -eq 0 ]; then
	echo "usage: $(basename "$0") KERNEL_BUILD_DIR..." >&2
	exit 2
fi

for kernel; do
	rm -rf "$out/module"
	mkdir "$out/module"
	cp "$module"/*.c "$module"/*.h "$module/Kbuild" "$out/module"
	rm -f "$out/module"/*.mod.c
	if ! make -s -C "$kernel" M="$out/module" TPH_UAPI="$uapi" C=2 \
		CF=-D__CHECK_ENDIAN__ modules > "$out/log" 2>&1; then
		cat "$out/log"
		exit 1
	fi
	# Debian ships no vmlinux to take BTF from, and its compiler gets updates.
	if grep -Ev 'BTF|compiler differs|The kernel was built by:|You are using:' "$out/log"; then
		echo "^ sparse, $kernel"
		status=1
	fi
	if [ "$(find "$out/module" -name '*.ko' | wc -l)" -ne 1 ]; then
		echo "nothing was built for $kernel"
		status=1
	fi
done

doc=$(find /usr/src/*/scripts "$1/scripts" "$1/source/scripts" -maxdepth 1 -name kernel-doc 2> \
	/dev/null | sort -V | tail -n 1)
if [ -n "$doc" ] && "$doc" -none "$module"/*.c "$module"/*.h "$uapi"/linux/*.h 2>&1 |
	grep .; then
	echo "^ kernel-doc"
	status=1
fi
exit $status
