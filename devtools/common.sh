# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Sourced by run.sh and test.sh: steps whose time is shown, and the build.

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What is built for and run in the VM: this machine's architecture unless TPH_ARCH
# names another one, whose build directory bears its name.
HOST_ARCH=$(dpkg --print-architecture)
export TPH_ARCH=${TPH_ARCH:-$HOST_ARCH}
BUILD=$TOP/build
[ "$TPH_ARCH" = "$HOST_ARCH" ] || BUILD+=-$TPH_ARCH
BUILD=${TPH_BUILD_DIR:-$BUILD}
export TPH_BUILD_DIR=$BUILD

# Debian's tools come before others of the same name: DPDK's build wants the
# Python that Debian's meson and python3-pyelftools belong to.
export PATH=/usr/bin:/bin:/usr/sbin:/sbin:$PATH

# step TEXT COMMAND...: run it, its output shown, and say how long it took
step()
{
	local text=$1 start=$SECONDS status=0

	shift
	echo "==> $text"
	"$@" || status=$?
	if [ $status -ne 0 ]; then
		echo "==> $text: FAILED after $((SECONDS - start)) s" >&2
		return "$status"
	fi
	echo "==> $text: done in $((SECONDS - start)) s"
}

# quiet COMMAND...: run it, and show its output only if it fails
quiet()
{
	local log status=0

	log=$(mktemp)
	"$@" >"$log" 2>&1 || status=$?
	if [ $status -ne 0 ]; then
		grep -nE 'error|ERROR|FAILED' "$log" | head -n 20 >&2 || true
		tail -n 30 "$log" >&2
	fi
	rm -f "$log"
	return "$status"
}

configure()
{
	local cross=()

	[ "$TPH_ARCH" = "$HOST_ARCH" ] || cross=(--cross-file "$TOP/.cache/$TPH_ARCH/cross")
	[ -e "$BUILD/build.ninja" ] || quiet meson setup "${cross[@]}" "$BUILD" "$TOP"
}

build()
{
	configure && quiet ninja -C "$BUILD"
}
