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

# shellcheck source-path=SCRIPTDIR

set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
source_dir=${1:-}

# shellcheck source=lib.sh
. "$top/devtools/lib.sh"
# shellcheck source=hooks.sh
. "$top/devtools/hooks.sh"

[[ $top != *[[:space:]]* ]] ||
	die "DPDK's build cannot cope with the space in '$top': move this checkout"

link_file() # FILE TREE PLACE
{
	mkdir -p "$2/$(dirname "$3")"
	ln -s "$top/$1" "$2/$3"
}

# Link our new files in, so that editing one rebuilds just that one.
link_overlay() # TREE MOVED-PATHS
{
	local tree=$1 file place

	while read -r file place; do
		[ ! -e "$tree/$place" ] ||
			die "$place exists in this DPDK: change it by a hook, not a new file"
		link_file "$file" "$tree" "$place"
	done < <(paste <(overlay_files) <(overlay_files | sed "$2"))
	while read -r file; do
		[ -e "$tree/$file" ] || link_file "hooks/files/$file" "$tree" "$file"
	done < <(fallback_files)
	while read -r file; do
		link_file "hooks/local/$file" "$tree" "$file"
	done < <(local_files)
}

apply_hooks() # TREE MOVED-PATHS
{
	local tree=$1 patch=$1/.hook hook out

	while read -r hook; do
		move_hook "$2" <"$hook" >"$patch"
		if ! out=$(apply_patch "$tree" "$patch" 2>&1); then
			die "hook $hook does not apply to DPDK $version:"$'\n'"$out"
		fi
		# Patched files are as old as their hook, so that staging anew
		# rebuilds no more than what changed.
		files_of_patch <"$patch" | while read -r file; do
			touch -r "$hook" "$tree/$file"
		done
	done <<<"$hooks"
	rm -f "$patch"
}

if [ -n "$source_dir" ]; then
	need_dpdk_source "$source_dir"
	source_dir=$(cd "$source_dir" && pwd)
	version=$(cat "$source_dir/VERSION")
	origin="$source_dir $version"
else
	tarball=$(dpdk_tarball "$top")
	[ -n "$tarball" ] || no_dpdk_tarball
	version=$(basename "$tarball" .orig.tar.xz)
	version=${version#dpdk_}
	origin=$(sha256sum <"$tarball")
fi

release=$(echo "$version" | cut -d. -f1,2)
hooks=$(hooks_for "$version")

name=dpdk-$release
tree=$top/subprojects/$name
stamp=$(
	{
		echo "$origin $top"
		overlay_files
		fallback_files
		local_files
		exported_symbols
		echo "$hooks"
		cat "$0" "$top/devtools/hooks.sh"
		xargs -d '\n' cat <<<"$hooks"
	} | sha256sum
)

if [ "$(cat "$tree/.staged" 2>/dev/null)" != "$stamp" ]; then
	new=$top/subprojects/.$name.new
	rm -rf "$new"
	mkdir -p "$new" 2>/dev/null ||
		die "DPDK is unpacked below $top/subprojects, which cannot be written to"
	trap 'rm -rf "$new"' EXIT
	unpack_dpdk "$top" "$new" "$source_dir"
	moved=$(moved_paths "$new")
	link_overlay "$new" "$moved"
	apply_hooks "$new" "$moved"
	list_symbols "$new"
	echo "$stamp" >"$new/.staged"
	rm -rf "$tree"
	mv "$new" "$tree"
	trap - EXIT
fi

echo "$name"
