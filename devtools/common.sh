# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# shellcheck source-path=SCRIPTDIR
# Sourced by run.sh, test.sh and others: what is built, where and how.

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# shellcheck source=lib.sh
. "$TOP/devtools/lib.sh"
# shellcheck source=host-arch.sh
. "$TOP/devtools/host-arch.sh"

# What is built for and run in the VM: this machine's architecture unless TPH_ARCH
# names another one, whose build directory bears its name.
export TPH_ARCH=${TPH_ARCH:-$HOST_ARCH}
BUILD=$TOP/build
[ "$TPH_ARCH" = "$HOST_ARCH" ] || BUILD+=-$TPH_ARCH
BUILD=${TPH_BUILD_DIR:-$BUILD}
export TPH_BUILD_DIR=$BUILD

# Debian's tools come before others of the same name: DPDK's build wants the
# Python that Debian's meson and python3-pyelftools belong to.
export PATH=/usr/bin:/bin:/usr/sbin:/sbin:$PATH

# configure OPTION...: for Meson, if it was not done before
configure()
{
	local cross=()

	[ "$TPH_ARCH" = "$HOST_ARCH" ] || cross=(--cross-file "$TOP/.cache/$TPH_ARCH/cross")
	[ -e "$BUILD/build.ninja" ] || quiet meson setup "${cross[@]}" "$@" "$BUILD" "$TOP"
}

build()
{
	configure "$@" && quiet ninja -C "$BUILD"
}
