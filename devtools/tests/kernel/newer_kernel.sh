#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The dpdk-tph authors

# Compile the module for the newest kernel that Debian has the source of, with and
# without TPH in its PCI core, and the series for upstream in that kernel's own tree,
# where checkpatch.pl has nothing to say about it. Not for CI: it downloads the source,
# 150 MB, and takes some minutes.
#
# usage: newer_kernel.sh WORK_DIR [SUITE...]   suites of Debian (sid experimental)
#
# Warnings are errors, and every symbol the module needs has to be exported by that
# source; nothing is run. WORK_DIR keeps source and package lists.

# shellcheck source-path=SCRIPTDIR

set -euo pipefail

TESTS=$(cd "$(dirname "$0")" && pwd)
TOP=$(cd "$TESTS/../../.." && pwd)

# shellcheck source=../../lib.sh
. "$TOP/devtools/lib.sh"
# shellcheck source=linux_source.sh
. "$TESTS/linux_source.sh"

readonly DRIVER=drivers/vfio/pci/tph

case ${1-} in
'' | -*)
	usage_of_head Compile >&2
	exit 2
	;;
esac
source_directory "$1"
shift
[ $# -gt 0 ] || set -- sid experimental

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
		grep -v '^CONFIG_PCIE_TPH=' "$TESTS/vm_kernel.config"
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

# The mails of the series, applied to a copy of the source, $work/tree, one by one: each
# compiles.
apply_series()
{
	local mail

	rm -rf "$work/mails" "$work/tree"
	"$TOP/devtools/make-series.sh" --author 'dpdk-tph <dpdk-tph@example.com>' \
		linux "$work/mails" "$work/$source"
	cp -al "$work/$source" "$work/tree"
	for mail in "$work"/mails/*.patch; do
		patch -d "$work/tree" -p1 -F0 -s -i "$mail"
		compile_mail "$mail"
	done
}

# Whoever adds a file is asked whether MAINTAINERS has it: it has. _Static_assert
# is no name of ours.
check_mails()
{
	local file found=0

	(cd "$work/tree" && scripts/checkpatch.pl --strict --terse --show-types --no-summary \
		--ignore FILE_PATH_CHANGES,CAMELCASE "$work"/mails/*.patch)
	while read -r file; do
		(cd "$work/tree" && scripts/get_maintainer.pl --no-git --no-git-fallback -f "$file") |
			grep -q dpdk-tph || { echo "$file: not in MAINTAINERS" >&2; found=1; }
	done < <(sed -n 's,^ create mode [0-9]* ,,p' "$work"/mails/*.patch)
	return $found
}

# kmake TARGET...: in the tree of the series
kmake()
{
	make -s -C "$work/tree" O="$work/obj-y" -j"$(nproc)" "$@"
}

# All sources that a mail adds compile with it.
compile_mail() # MAIL
{
	local file objects

	mapfile -t objects < <(sed -nE 's,^\+\+\+ b/(drivers/.*)\.c$,\1.o,p' "$1")
	[ ${#objects[@]} -gt 0 ] || return 0
	grep -qx CONFIG_TPH_VFIO_PCI=m "$work/config-y" ||
		echo CONFIG_TPH_VFIO_PCI=m >>"$work/config-y"
	KCONFIG_ALLCONFIG=$work/config-y kmake allnoconfig
	kmake modules_prepare
	if [ -d "$work/tree/$DRIVER" ]; then
		grep -qx CONFIG_TPH_VFIO_PCI=m "$work/obj-y/.config"
		kmake W=1 KCFLAGS=-Werror "$DRIVER/"
	else
		kmake W=1 KCFLAGS=-Werror "${objects[@]}"
	fi
	for file in "${objects[@]}"; do
		[ -e "$work/obj-y/$file" ] || { echo "$1: $file is not compiled" >&2; return 1; }
	done
	echo "ok   $(basename "$1"): ${#objects[@]} objects"
}

check_series()
{
	ld -r -o "$work/series.o" "$work/obj-y/$DRIVER"/tph_*.o
	echo pcie_tph_disabled >>"$work/exported"
	check_symbols "$work/series.o"
	kmake headers
	gcc -std=c90 -Wall -Werror -fsyntax-only -I "$work/obj-y/usr/include" \
		-x c "$work/obj-y/usr/include/linux/vfio_pci_tph.h"
	echo "ok   series in Linux $(cat "$work/obj-y/include/config/kernel.release")"
}

"$TOP/devtools/setup.sh" kernel
get_source "$@"
grep -rhoE --include='*.[chS]' 'EXPORT_[A-Z_]*(SYMBOL|FUNC)[A-Z_]*\(_*[a-zA-Z0-9_]+' \
	"$work/$source"/{arch/x86,block,drivers/{acpi,base,iommu,pci,vfio},fs,include,kernel,lib,mm,security,virt} |
	sed 's/.*(//' | sort -u >"$work/exported"
compile y
compile n
apply_series
check_mails
check_series
