#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The dpdk-tph authors

# Compile the module for the newest kernel that Debian has the source of, with and
# without TPH in its PCI core. Not for CI: it downloads the source, 150 MB, and takes
# some minutes.
#
# usage: newer_kernel.sh WORK_DIR [SUITE...]   suites of Debian (sid experimental)
#
# Warnings are errors, and every symbol the module needs has to be exported by that
# source; nothing is run. WORK_DIR keeps source and package lists.

set -euo pipefail

TESTS=$(cd "$(dirname "$0")" && pwd)
TOP=$(cd "$TESTS/../../.." && pwd)
MIRROR=${TPH_DEBIAN_MIRROR:-http://deb.debian.org/debian}
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

case ${1-} in
'' | -*)
	sed -n '/^# Compile/,/^$/s/^# \{0,1\}//p' "$0" >&2
	exit 2
	;;
esac
mkdir -p "$1/lists/partial" "$1/cache/partial" "$1/none"
work=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- sid experimental

# apt with these suites alone, so that the machine's own package lists stay as they are
apt_()
{
	"$@" -q -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts="$work/none" \
		-o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts="$work/none" \
		-o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" \
		-o Dir::Cache::PkgCache= -o Dir::Cache::SrcPkgCache= \
		-o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -o Acquire::Retries=3
}

# get_source SUITE...: the newest source is unpacked in $work/$source
get_source()
{
	local suite

	for suite; do
		echo "deb [signed-by=$KEYRING] $MIRROR $suite main"
	done >"$work/sources.list"
	apt_ apt-get update >"$work/apt.log" 2>&1 || {
		cat "$work/apt.log" >&2
		return 1
	}
	source=$(apt_ apt-cache search --names-only '^linux-source-[0-9]' | cut -d ' ' -f 1 |
		sort -V | tail -n 1)
	[ -n "$source" ] || {
		echo "newer_kernel.sh: no linux-source in $*" >&2
		return 1
	}
	[ ! -e "$work/$source/Makefile" ] || return 0
	rm -rf "$work"/linux-source-*
	(cd "$work" && apt_ apt-get download "$source" >>apt.log 2>&1)
	dpkg --fsys-tarfile "$work/$source"_*.deb |
		tar -x -O -f - "./usr/src/$source.tar.xz" | tar -x -J -C "$work" -f -
}

# check_symbols OBJECT: all it needs is exported by the source
check_symbols()
{
	local symbol missing=0

	# Linking a module adds the first; macros export the others.
	nm -u "$1" | awk '{ print $2 }' | grep -vE '^(__this_module|_dev_[a-z]+|__asan_.*)$' | while read -r symbol; do
		grep -qxF "$symbol" "$work/exported" || echo "$symbol"
	done >"$work/missing"
	[ ! -s "$work/missing" ] || missing=1
	sed 's/^/not exported: /' "$work/missing" >&2
	return $missing
}

# compile y|n: the module, with CONFIG_PCIE_TPH so
compile()
{
	local tph=$1 obj=$work/obj-$1 out=$work/module-$1
	local kmake=(make -s -C "$work/$source" O="$obj")

	mkdir -p "$obj" "$out"
	# Symbols with versions would need a kernel that was built.
	{
		grep -v '^CONFIG_PCIE_TPH=' "$TESTS/debug_kernel.config"
		printf '%s\n' "CONFIG_PCIE_TPH=$tph" CONFIG_MODVERSIONS=n
	} >"$work/config-$tph"
	KCONFIG_ALLCONFIG=$work/config-$tph "${kmake[@]}" allnoconfig
	grep -qx "$([ "$tph" = y ] && echo CONFIG_PCIE_TPH=y || echo '# CONFIG_PCIE_TPH is not set')" \
		"$obj/.config"
	grep -qx CONFIG_VFIO_PCI_CORE=m "$obj/.config"
	"${kmake[@]}" -j"$(nproc)" modules_prepare

	rm -rf "${out:?}"/*
	cp "$TOP"/kernel/linux/tph_vfio_pci/{*.[ch],Kbuild} "$out"
	make -s -C "$obj" M="$out" TPH_UAPI="$TOP/kernel/linux/uapi" W=1 KCFLAGS=-Werror \
		tph-vfio-pci.o
	check_symbols "$out/tph-vfio-pci.o"
	echo "ok   Linux $(cat "$obj/include/config/kernel.release"), CONFIG_PCIE_TPH=$tph"
}

"$TOP/devtools/setup.sh" kernel
get_source "$@"
grep -rhoE --include='*.[chS]' 'EXPORT_[A-Z_]*(SYMBOL|FUNC)[A-Z_]*\(_*[a-zA-Z0-9_]+' \
	"$work/$source"/{arch/x86,block,drivers/{acpi,base,iommu,pci,vfio},fs,include,kernel,lib,mm,security,virt} |
	sed 's/.*(//' | sort -u >"$work/exported"
compile y
compile n
