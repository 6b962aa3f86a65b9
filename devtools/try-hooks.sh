#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Try the hooks on DPDK source trees, without building: each has to apply
# without fuzz, and at one place only.
#
# usage: devtools/try-hooks.sh TREE...
# Prints a line for each tree. Exit status 1 if one does not take the hooks.

# shellcheck source-path=SCRIPTDIR

set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)

# shellcheck source=lib.sh
. "$top/devtools/lib.sh"
# shellcheck source=hooks.sh
. "$top/devtools/hooks.sh"

# Hooks have little context, so that changes around them do not matter. Print
# the hunks that fit more than one place.
ambiguous_hunks() # TREE, the patch on standard input
{
	python3 -c '
import sys

def places(lines, old):
    return sum(lines[i:i + len(old)] == old for i in range(len(lines)))

tree, lines = sys.argv[1], []
old = None
for line in sys.stdin.read().split("\n") + ["@@"]:
    if line.startswith(("@@", "diff --git")) or old is not None and line[:1] not in ("+", "-", " "):
        if old and places(lines, old) != 1:
            print(f"{name}: {places(lines, old)} places for\n" + "\n".join(old))
        old = [] if line.startswith("@@") else None
    elif old is not None and line[0] in "- ":
        old.append(line[1:])
    elif old is None and line.startswith("+++ b/"):
        name = line[6:].split("\t")[0]
        with open(f"{tree}/{name}", encoding="utf-8") as file:
            lines = file.read().split("\n")
' "$1"
}

# Try one patch on the copy of a tree.
try_patch() # TREE COPY PATCH
{
	local file out

	while read -r file; do
		[ -f "$1/$file" ] || { echo "$file: not in this tree"; return 1; }
		mkdir -p "$2/$(dirname "$file")"
		[ -e "$2/$file" ] || cp "$1/$file" "$2/$file"
	done < <(files_of_patch <"$3")
	out=$(ambiguous_hunks "$2" <"$3")
	[ -z "$out" ] || { echo "$out"; return 1; }
	apply_patch "$2" "$3"
}

try_tree()
{
	local tree=$1 hooks version hook out file moved status=0

	need_dpdk_source "$tree"
	version=$(cat "$tree/VERSION")
	hooks=$(hooks_for "$version")
	moved=$(moved_paths "$tree")
	rm -rf "$tmp/copy"
	mkdir "$tmp/copy"
	while read -r file; do
		[ ! -e "$tree/$file" ] ||
			{ echo "$version: $file is there already"; status=1; }
	done < <(overlay_files | sed "$moved"; local_files)
	while read -r hook; do
		move_hook "$moved" <"$hook" >"$tmp/patch"
		if ! out=$(try_patch "$tree" "$tmp/copy" "$tmp/patch" 2>&1); then
			echo "$version: ${hook#"$top"/} does not apply:"
			echo "$out"
			status=1
		fi
	done <<<"$hooks"
	[ $status -ne 0 ] || echo "$version: all $(wc -l <<<"$hooks") hooks apply to $tree"
	return $status
}

case ${1-} in
-h | --help | '')
	usage_of_head Try
	[ $# -gt 0 ] || exit 2
	exit 0
	;;
esac

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
status=0
for tree; do
	try_tree "$tree" || status=1
done
exit $status
