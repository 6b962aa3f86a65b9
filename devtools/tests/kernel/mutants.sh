#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The dpdk-tph authors

# Take protections out of the kernel module, one at a time, and demand that a test in the VM
# notices each. Not for CI: each one is a build of the module and a run of the VM.
#
# usage: mutants.sh RESULT_FILE [NAME...]   those of mutants.txt (all)
#
# Writes a line "noticed|NOT NOTICED|DOES NOT BUILD NAME" for each to RESULT_FILE; fails unless
# all were noticed. Needs a build (TPH_BUILD_DIR, default build) for the test programs.

set -euo pipefail

TESTS=$(cd "$(dirname "$0")" && pwd)
TOP=$(cd "$TESTS/../../.." && pwd)
PROGRAMS=${TPH_BUILD_DIR:-$TOP/build}/devtools/tests/kernel

if [ $# -lt 1 ]; then
	sed -n '/^# Take/,/^$/s/^# \{0,1\}//p' "$0" >&2
	exit 2
fi
result=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$result"

# mutate FILE EXPRESSION: a tree with that change, in $work/tree
mutate()
{
	local file=$work/tree/kernel/linux/tph_vfio_pci/$1

	rm -rf "$work/tree"
	mkdir "$work/tree"
	cp -r "$TOP/kernel" "$TOP/devtools" "$work/tree"
	ln -s "$TOP/.cache" "$work/tree/.cache"
	sed -i "$2" "$file"
	if cmp -s "$file" "$TOP/kernel/linux/tph_vfio_pci/$1"; then
		echo "mutants.sh: nothing in $1 matches $2" >&2
		return 1
	fi
}

# judge STATUS LOG: one word of what a run of the VM says
judge()
{
	if grep -q '^vm.sh: building' "$2"; then
		echo "DOES NOT BUILD"
	elif [ "$1" -ne 0 ] || ! grep -q '^=== end' "$2" || grep -qE '^not ok|^--- [^0]' "$2"; then
		echo "noticed"
	else
		echo "NOT NOTICED"
	fi
}

while IFS='|' read -r name file expression parts options <&3; do
	case $name in '' | '#'*) continue ;; esac
	[ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
	mutate "$file" "$expression"
	copies=(--copy "$TESTS/tph_vm_suite.sh")
	for program in "$PROGRAMS"/tph_*; do
		[ ! -f "$program" ] || copies+=(--copy "$program")
	done
	status=0
	# shellcheck disable=SC2086 # lists of words
	TPH_BUILD_DIR=$work/build "$work/tree/devtools/vm.sh" --timeout 900 "${copies[@]}" $options \
		-- ./tph_vm_suite.sh $parts </dev/null >"$work/log" 2>&1 || status=$?
	echo "$(judge $status "$work/log") $name" | tee -a "$result"
done 3<"$TESTS/mutants.txt"
! grep -qv '^noticed ' "$result"
