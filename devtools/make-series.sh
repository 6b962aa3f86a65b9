#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Write the patch series that DPDK would get: hooks and new files, folded into
# commits by library and driver.
#
# usage: devtools/make-series.sh dpdk DIR [DPDK_SOURCE_DIR]
#   DIR  where the mails of git format-patch go; it must not exist or be empty
# Without a source directory the series is for Debian's source package. The
# series is applied to a plain tree again and has to give what the build uses.

set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)

die()
{
	echo "make-series: $*" >&2
	exit 1
}

# shellcheck source-path=SCRIPTDIR
# shellcheck source=hooks.sh
. "$top/devtools/hooks.sh"

readonly NAME='The dpdk-tph authors' MAIL=maintainers@users.noreply.r-seed-e48dd971.example

unpack() # DIRECTORY
{
	mkdir "$1"
	if [ -n "$source_dir" ]; then
		tar -C "$source_dir" --exclude=./.git --exclude='./build*/' -cf - . | tar -C "$1" -xf -
	else
		tar -C "$1" --strip-components=1 -xf "$tarball"
	fi
}

# What the build uses, but for what only this repository's build needs.
complete_tree() # TREE
{
	local tree=$1 moved file place hook

	moved=$(moved_paths "$tree")
	while read -r file place; do
		mkdir -p "$tree/$(dirname "$place")"
		cp "$top/$file" "$tree/$place"
	done < <(paste <(overlay_files) <(overlay_files | sed "$moved"))
	while read -r file; do
		[ -e "$tree/$file" ] || cp "$top/hooks/files/$file" "$tree/$file"
	done < <(fallback_files)
	hooks_for "$(cat "$tree/VERSION")" | grep -v '/local-' | while read -r hook; do
		move_hook "$moved" <"$hook" >"$tmp/hook"
		apply_patch "$tree" "$tmp/hook" || die "$hook does not apply"
	done
}

git_commit()
{
	git -C "$tmp/git" -c user.name="$NAME" -c user.email="$MAIL" commit -q -s "$@"
}

# Files that no commit has taken over yet.
changed()
{
	diff -rqN "$tmp/git" "$tmp/complete" -x .git | sed -n "s,^Files $tmp/git/\(.*\) and .*,\1,p"
}

# commit PATTERN... <MESSAGE: take over the files whose paths match
commit()
{
	local file pattern message taken=no

	message=$(cat)
	while read -r file; do
		for pattern; do
			# shellcheck disable=SC2053 # it is a pattern
			[[ $file == $pattern ]] || continue
			mkdir -p "$tmp/git/$(dirname "$file")"
			cp -p "$tmp/complete/$file" "$tmp/git/$file"
			git -C "$tmp/git" add -f "$file"
			taken=yes
			break
		done
	done < <(changed)
	[ $taken = yes ] || die "nothing for the commit '${message%%$'\n'*}'"
	git_commit -m "$message"
}

write_series()
{
	commit 'lib/eal/*' <<-'TEXT'
	eal: name PCIe TLP processing hints

	Buses, device classes and applications need the same few words to speak of
	steering tags: mode, where the table is, processing hints, memory type.
	TEXT
	commit 'drivers/bus/pci/*' 'kernel/*' 'doc/guides/linux_gsg/*' <<-'TEXT'
	bus/pci: support TLP processing hints

	Drivers may only name CPUs: the kernel alone knows and writes steering tags.
	Reach it through a table of operations, of which one speaks to variant
	drivers of vfio-pci, and take devices that are bound to such a driver.
	TEXT
	commit 'lib/ethdev/*' 'doc/api/*' 'doc/guides/prog_guide/*' 'doc/guides/nics/features.rst' \
		'doc/guides/nics/features/default.ini' 'doc/guides/rel_notes/*' \
		'doc/guides/howto/*' <<-'TEXT'
	ethdev: bind queues to lcores by TLP processing hints

	A NIC that labels its DMA with a steering tag has the data placed in the
	cache of one CPU. Let applications say which lcore polls a queue; bindings
	belong to the port and come back when it restarts.
	TEXT
	commit 'drivers/common/tph/*' drivers/meson.build <<-'TEXT'
	common/tph: share TLP processing hints of PCI drivers

	What drivers have in common: CPU to steering tag to queue register, queue
	context or interrupt vector, with one call to the kernel for a batch.
	TEXT
	local name page
	while read -r name; do
		page=$name
		[ "$name" != e1000 ] || page=igb
		commit "drivers/net/$name/*" "drivers/net/intel/$name/*" \
			"doc/guides/nics/features/$page*.ini" "doc/guides/nics/$page*.rst" <<-TEXT
		net/$name: support TLP processing hints

		Plug in the operations of TPH, so that queues can be bound to lcores.
		TEXT
	done < <(changed | sed -nE 's,^drivers/net/(intel/)?([^/]+)/.*,\2,p' | sort -u)
	commit 'app/test-pmd/*' 'doc/guides/testpmd_app_ug/*' <<-'TEXT'
	app/testpmd: bind queues by TLP processing hints

	Show and change the bindings of a port, and bind each queue to the lcore
	that forwards on it.
	TEXT
	commit 'usertools/*' 'doc/guides/tools/*' <<-'TEXT'
	usertools: tell what TLP processing hints lack

	Say for each function which step is missing on this machine, and bind to
	the variant driver that serves TPH.
	TEXT
	commit 'app/test/*' <<-'TEXT'
	test: check TLP processing hints

	Stand in for a driver and for the kernel, so that neither a device nor
	privileges are needed.
	TEXT
	commit doc/guides/nics/tph.rst <<-'TEXT'
	doc: tell which NICs have TLP processing hints

	A row for each family of drivers whose hardware shows the capability, with
	what is missing where it is not used.
	TEXT
}

if [ "${1-}" != dpdk ] || [ $# -lt 2 ] || [ $# -gt 3 ]; then
	sed -n '/^# Write/,/^$/s/^# \{0,1\}//p' "$0" >&2
	exit 2
fi
out=$2 source_dir=${3-}
mkdir -p "$out"
out=$(cd "$out" && pwd)
[ -z "$(ls -A "$out")" ] || die "$out is not empty"
if [ -n "$source_dir" ]; then
	[ -f "$source_dir/VERSION" ] || die "$source_dir is no DPDK source tree: it has no VERSION file"
else
	tarball=$(find "$top/.cache/dpdk/" -name 'dpdk_*.orig.tar.xz' | sort -V | tail -n 1)
	[ -n "$tarball" ] || die "no DPDK source; run devtools/setup.sh build to download it"
fi

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
unpack "$tmp/git"
cp -a "$tmp/git" "$tmp/complete"
complete_tree "$tmp/complete"
# The table of contents of this repository's guides is not DPDK's.
rm -f "$tmp/complete/doc/guides/tph_index.rst"
git -C "$tmp/git" init -q
git -C "$tmp/git" add -Af
git_commit -m plain
git -C "$tmp/git" tag plain
write_series
left=$(diff -rqN "$tmp/git" "$tmp/complete" -x .git || true)
[ -z "$left" ] || die "no commit takes:"$'\n'"$left"
git -C "$tmp/git" format-patch -q -o "$out" plain

git -C "$tmp/git" checkout -q plain
git -C "$tmp/git" -c user.name=x -c user.email=x@y am -q --whitespace=nowarn "$out"/*.patch
left=$(diff -rqN "$tmp/git" "$tmp/complete" -x .git || true)
[ -z "$left" ] || die "the mails do not give the same tree:"$'\n'"$left"
echo "$(find "$out" -name '*.patch' | wc -l) patches for DPDK $(cat "$tmp/git/VERSION") in $out"
