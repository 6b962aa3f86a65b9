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
# A newcomer has none of these set.
unset TPH_BUILD_DIR TPH_ARCH

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

# As some other distribution: its name, and no programs but a few of these and those named.
# on_fedora DIRECTORY TOOL...
on_fedora()
{
	local bin=$1/bin tool

	mkdir -p "$bin"
	echo 'PRETTY_NAME="Fedora Linux 42"' >"$1/os-release"
	for tool in bash dirname env sed uname; do
		ln -sf "$(command -v "$tool")" "$bin"
	done
	for tool in "${@:2}"; do
		ln -sf /bin/true "$bin/$tool"
	done
	# shellcheck disable=SC2016 # the words of the other shell
	unshare --map-root-user --mount sh -c 'mount --bind "$1/os-release" /etc/os-release &&
		PATH=$1/bin exec bash devtools/setup.sh build' sh "$1"
}

# read_only COMMAND...: with the checkout that one is in
read_only()
{
	# shellcheck disable=SC2016 # the words of the other shell
	unshare --map-root-user --mount sh -c 'mount --bind . . && mount -o remount,bind,ro "$PWD" &&
		cd "$PWD" && exec "$@"' sh "$@"
}

# does TEXT COMMAND...: it succeeds, and says the text
does()
{
	local text=$1 out

	shift
	out=$("$@" 2>&1) || { echo "$*: fails: $out"; status=1; }
	[[ $out == *"$text"* ]] || { echo "$*: '$out' instead of '$text'"; status=1; }
}

checkout "$tmp/plain"
cd "$tmp/plain"
says 'run devtools/setup.sh build to download it' meson setup build
says 'is no DPDK source tree' meson setup build -Ddpdk_source=devtools

tools=(gcc make ninja patch pkg-config python3 xz)
says "this is Fedora Linux 42; missing: meson. Debian's packages are: abigail-tools" on_fedora "$tmp/lacks" "${tools[@]}"
does 'the tools are there' on_fedora "$tmp/has" "${tools[@]}" meson

mkdir -p "$tmp/source/devtools" "$tmp/build" && echo 22.11.11 >"$tmp/source/VERSION"
says 'which cannot be written to' read_only meson setup "$tmp/build" -Ddpdk_source="$tmp/source"
says 'no permission to write to' read_only devtools/setup.sh build
says 'vm.sh: no permission to write to' read_only devtools/vm.sh -- true
exit $status
