#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Check that who cannot build from a checkout is told why in one sentence.
#
# usage: devtools/check-newcomer.sh

set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
status=0

checkout() # DIRECTORY
{
	mkdir -p "$1"
	tar -C "$top" --exclude=./.git --exclude=./.cache --exclude='./build*' \
		--exclude=./subprojects -cf - . | tar -C "$1" -xf -
}

# says TEXT COMMAND...: it fails, and the last thing it says, but for where the
# log is, is one line with the text
says()
{
	local text=$1 out

	shift
	if out=$("$@" 2>&1); then
		echo "$*: succeeds"
		status=1
		return
	fi
	out=$(grep -v '^A full log can be found at' <<<"$out" | sed '/^$/d' | tail -n 1)
	[[ $out == *"$text"* ]] || { echo "$*: '$out' instead of '$text'"; status=1; }
}

checkout "$tmp/with space"
cd "$tmp/with space"
says 'move this checkout' meson setup build
says 'move this checkout' devtools/setup.sh build
says 'move this checkout' devtools/vm.sh -- true

checkout "$tmp/plain"
cd "$tmp/plain"
says 'run devtools/setup.sh build to download it' meson setup build
says 'is no DPDK source tree' meson setup build -Ddpdk_source=devtools
exit $status
