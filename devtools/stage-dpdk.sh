#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors
#
# Stage a DPDK source tree for the build: DPDK itself, our new files linked in
# at their place, our hooks applied. The staged tree is derived: delete it and
# the next configure makes it again.
#
# Usage: stage-dpdk.sh [DPDK_SOURCE_DIR]
# Without a directory the source package unpacked is Debian's. The directory
# given is only read. Prints the name of the Meson subproject.

set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
source_dir=${1:-}
# What of this repository belongs in a DPDK tree.
overlay_dirs=(app doc drivers kernel/linux/uapi lib)

die() {
	echo "stage-dpdk: $*" >&2
	exit 1
}

find_tarball() {
	local found
	found=$(find "$top/.cache/dpdk" -name 'dpdk_*.orig.tar.xz' 2>/dev/null |
		sort -V | tail -n 1)
	[ -n "$found" ] ||
		die "no DPDK source; run devtools/setup.sh build to download it," \
			"or give a tree of your own with -Ddpdk_source=DIR"
	echo "$found"
}

overlay_files() {
	local dirs=() d
	for d in "${overlay_dirs[@]}"; do
		[ ! -d "$top/$d" ] || dirs+=("$d")
	done
	(cd "$top" && find "${dirs[@]}" -type f | LC_ALL=C sort)
}

# Link our new files in, so that editing one rebuilds just that one.
link_overlay() {
	local tree=$1 file place
	while read -r file; do
		place=$file
		# Since 25.03 drivers of Intel are one level further down.
		if [ -d "$tree/drivers/net/intel/e1000" ]; then
			place=${file/#drivers\/net\/e1000/drivers\/net\/intel\/e1000}
		fi
		[ ! -e "$tree/$place" ] ||
			die "$place exists in this DPDK: change it by a hook, not a new file"
		mkdir -p "$tree/$(dirname "$place")"
		ln -s "$top/$file" "$tree/$place"
	done < <(overlay_files)
}

# No fuzz: a hook that lands in a place it was not made for is an error.
apply_hooks() {
	local tree=$1 hooks=$2 hook out
	while read -r hook; do
		[ -f "$hooks/$hook" ] || die "$hooks/series names $hook, which is missing"
		if ! out=$(patch -d "$tree" -p1 -F0 -f -s --no-backup-if-mismatch \
			-i "$hooks/$hook" 2>&1); then
			die "hook $hook does not apply to DPDK $version:"$'\n'"$out"
		fi
		# Patched files are as old as their hook, so that staging anew
		# rebuilds no more than what changed.
		sed -n 's,^+++ b/\([^\t]*\).*,\1,p' "$hooks/$hook" |
			while read -r file; do
				touch -r "$hooks/$hook" "$tree/$file"
			done
	done < <(grep -v '^#' "$hooks/series")
}

if [ -n "$source_dir" ]; then
	[ -f "$source_dir/VERSION" ] ||
		die "$source_dir is no DPDK source tree: it has no VERSION file"
	source_dir=$(cd "$source_dir" && pwd)
	version=$(cat "$source_dir/VERSION")
	origin="$source_dir $version"
else
	tarball=$(find_tarball)
	version=$(basename "$tarball" .orig.tar.xz)
	version=${version#dpdk_}
	origin=$(sha256sum <"$tarball")
fi

release=$(echo "$version" | cut -d. -f1,2)
hooks=$top/hooks/$release
[ -f "$hooks/series" ] ||
	die "no hooks for DPDK $version; see hooks/ for those there are"

name=dpdk-$release
tree=$top/subprojects/$name
stamp=$(
	{
		echo "$origin $top"
		overlay_files
		cat "$0" "$hooks/series" "$hooks"/*.patch
	} | sha256sum
)

if [ "$(cat "$tree/.staged" 2>/dev/null)" != "$stamp" ]; then
	new=$top/subprojects/.$name.new
	rm -rf "$new"
	mkdir -p "$new"
	trap 'rm -rf "$new"' EXIT
	if [ -n "$source_dir" ]; then
		tar -C "$source_dir" --exclude=./.git --exclude='./build*/' \
			-cf - . | tar -C "$new" -xf -
	else
		tar -C "$new" --strip-components=1 -xf "$tarball"
	fi
	link_overlay "$new"
	apply_hooks "$new" "$hooks"
	echo "$stamp" >"$new/.staged"
	rm -rf "$tree"
	mv "$new" "$tree"
	trap - EXIT
fi

echo "$name"
