#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Configure a build as README.md says, install it below a directory of its own, and build
# programs with what is there: one that uses TPH, static and shared, and DPDK's l2fwd and
# l3fwd as they are. Programs that were built with DPDK's own libraries can run with these.
#
# usage: check-install.sh BUILD_DIR
# A build that is there already is taken, if it was configured to be installed.

set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)

# shellcheck source-path=SCRIPTDIR
# shellcheck source=lib.sh
. "$top/devtools/lib.sh"

if [ $# -ne 1 ]; then
	usage_of_head usage >&2
	exit 2
fi
mkdir -p "$1"
build=$(cd "$1" && pwd)

# EAL loads no drivers from below a directory that everyone can write to, such as /tmp.
root=$(mktemp -d "$build/install.XXXXXX")
trap 'rm -rf "$root"' EXIT
log=$root/log
# Where EAL has its files.
export RUNTIME_DIRECTORY=$root

quiet() # COMMAND...
{
	"$@" >"$log" 2>&1 || {
		grep -vE "^ +-|^EAL .*options" "$log" | tail -n 30 >&2
		die "failed: $*"
	}
}

[ -e "$build/build.ninja" ] ||
	quiet meson setup "$build" "$top" -Dinstall=true
quiet env DESTDIR="$root" meson install -C "$build"
prefix=$root$(meson introspect --buildoptions "$build" |
	python3 -c 'import json, sys
print(next(o["value"] for o in json.load(sys.stdin) if o["name"] == "prefix"))')
libdir=$(dirname "$(find "$prefix" -name librte_ethdev.a)")
[ -n "$libdir" ] || die "no librte_ethdev.a is installed"

# All that is ours and that others need.
for file in "$prefix"/include/{rte_tph.h,rte_ethdev_tph.h} "$prefix/bin/dpdk-tph.py" \
	"$libdir"/librte_{common_tph,bus_pci,ethdev,net_e1000}.{a,so} \
	"$libdir/pkgconfig/libdpdk.pc"; do
	[ -e "$file" ] || die "${file#"$root"} is not installed"
done
for file in "$prefix"/include/{ethdev_driver,ethdev_tph_driver,tph_pci,bus_pci_tph}.h; do
	[ ! -e "$file" ] || die "${file#"$root"} is for drivers, and installed"
done
plugins=$(dirname "$(find "$libdir" -path '*/pmds-*' -name librte_net_null.so)")
[ -e "$plugins/librte_common_tph.so" ] || die "the driver plugins lack librte_common_tph.so"
quiet "$prefix/bin/dpdk-tph.py" --help

# The files say where they will be, pkg-config where they are.
export PKG_CONFIG_PATH=$libdir/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root
read -ra cflags < <(pkg-config --cflags libdpdk)
read -ra static < <(pkg-config --static --libs libdpdk)
read -ra shared < <(pkg-config --libs libdpdk)
cflags+=(-O2 -Wall -Wextra -Werror -DALLOW_EXPERIMENTAL_API)
quiet gcc "${cflags[@]}" -o "$root/outside-static" "$top/devtools/tests/outside.c" "${static[@]}"
quiet gcc "${cflags[@]}" -o "$root/outside-shared" "$top/devtools/tests/outside.c" "${shared[@]}"

eal=(--no-huge -m 64 --no-pci --file-prefix=check-install --vdev=net_null0)
quiet "$root/outside-static" "${eal[@]}"
export LD_LIBRARY_PATH=$libdir
quiet "$root/outside-shared" "${eal[@]}" -d "$plugins"
ldd "$root/outside-shared" >"$log"
grep -q "librte_ethdev.so.* => $libdir/" "$log" || die "outside-shared is not linked with ours"
unset LD_LIBRARY_PATH

quiet "$top/devtools/check-abi.sh" "$build" "$("$top/devtools/stage-dpdk.sh")" '' \
	bus_pci ethdev net_i40e net_ice

cp -r "$prefix/share/dpdk/examples/"{common,l2fwd,l3fwd} "$root"
for app in l2fwd l3fwd; do
	quiet make -C "$root/$app" static CC="ccache gcc"
done
quiet timeout --preserve-status -s INT 2 "$root/l2fwd/build/l2fwd" --no-huge -m 256 --no-pci \
	--file-prefix=check-install --vdev=net_null0 --vdev=net_null1 -l 0 -- -p 3 -q 2 -T 1
grep -q 'Aggregate statistics' "$log" || die "l2fwd forwards nothing"

# A build that is not meant to be installed says so.
quiet meson setup --reconfigure "$build" -Dinstall=false
! DESTDIR="$root/none" meson install -C "$build" --no-rebuild >"$log" 2>&1 ||
	die "a build without shared libraries is installed"
grep -q 'setup-lacks--Dinstall=true' "$log" || {
	tail -n 5 "$log" >&2
	die "who installs a build without shared libraries is not told why it fails"
}
quiet meson setup --reconfigure "$build" -Dinstall=true
