# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Sourced by scripts that put this project's files and hooks into DPDK trees.
# They define $top, the root of this repository, and die().
: "${top:?}"

# What of this repository belongs in a DPDK tree.
readonly OVERLAY=(app doc/guides drivers kernel/linux/uapi lib usertools/dpdk-tph.py)

overlay_files()
{
	(cd "$top" && find "${OVERLAY[@]}" -type f | LC_ALL=C sort)
}

# Files that this repository's build alone needs.
local_files()
{
	(cd "$top/hooks/local" && find . -type f -printf '%P\n' | LC_ALL=C sort)
}

# Files that newer DPDK has itself.
fallback_files()
{
	(cd "$top/hooks/files" && find . -type f -printf '%P\n' | LC_ALL=C sort)
}

# 22.11.1 and 22.11.10 as numbers that compare as they should
version_number() # VERSION
{
	local year month point

	IFS=. read -r year month point <<<"${1%%-*}"
	[[ $year$month${point:-0} =~ ^[0-9]+$ ]] || die "'$1' is no version of DPDK"
	echo $((10#$year * 100000 + 10#$month * 1000 + 10#${point:-0}))
}

# Paths of the patches that a DPDK version takes, in the order of the series.
hooks_for() # VERSION
{
	local version releases release name end file known

	version=$(version_number "$1") || return
	mapfile -t releases < <(cd "$top/hooks" && find . -maxdepth 1 -name '[0-9]*' -printf '%P\n' |
		sort -V)
	[ "$version" -ge "$(version_number "${releases[0]}")" ] ||
		die "no hooks for DPDK $1: the oldest are for ${releases[0]}"

	while read -r name end; do
		[ -z "$end" ] || [ "$version" -lt "$(version_number "$end")" ] || continue
		file='' known=no
		for release in "${releases[@]}"; do
			[ -f "$top/hooks/$release/$name.patch" ] || continue
			known=yes
			[ "$(version_number "$release")" -gt "$version" ] ||
				file=$top/hooks/$release/$name.patch
		done
		[ $known = yes ] || die "hooks/series names $name, of which there is no patch"
		[ -z "$file" ] || echo "$file"
	done < <(grep -v '^#' "$top/hooks/series")
}

# Since 25.03 drivers of Intel are one level further down: sed commands that move
# their paths, as a tree needs it. 24.11.6 has a header of one there, but no driver.
moved_paths() # TREE
{
	local file name

	for file in "$1"/drivers/net/intel/*/meson.build; do
		name=${file%/*}
		name=${name##*/}
		[ "$name" = '*' ] || echo "s,drivers/net/$name/,drivers/net/intel/$name/,g"
	done
}

# The patch, on standard input, as it is for a tree of these moved paths.
move_hook() # MOVED-PATHS
{
	sed -E "/^(diff --git|---|\\+\\+\\+) /{$1
	}"
}

# What our sources mark as exported: COMPONENT EXPERIMENTAL|INTERNAL SYMBOL [RELEASE]
exported_symbols()
{
	local mark='RTE_EXPORT_(EXPERIMENTAL|INTERNAL)_SYMBOL\((\w+)(, ([0-9.]+))?\)'

	(cd "$top" && grep -rE "^$mark" --include='*.c' lib drivers) |
		sed -E "s#^(lib/[^/]*|drivers/[^/]*/[^/]*)/[^:]*:$mark.*#\\1 \\2 \\3 \\5#" |
		LC_ALL=C sort -k1,1 -k2,2 -k4,4 -k3,3
}

# Before 25.07 a library has a list of the symbols that it exports; newer DPDK makes it of
# those marks, as this does: INTERNAL in order, EXPERIMENTAL at the end by release.
list_symbols() # TREE
{
	local component map symbols

	[ -e "$1/lib/ethdev/version.map" ] || return 0
	symbols=$(exported_symbols)
	cut -d' ' -f1 <<<"$symbols" | uniq | while read -r component; do
		map=$1/$component/version.map
		[ -e "$map" ] || printf 'INTERNAL {\n\tglobal:\n\n\tlocal: *;\n};\n' >"$map"
		awk -v component="$component" '
			function put(before) {
				for (; at <= nb[section]; at++) {
					name = symbol[section, at]
					if (before != "" && name > before)
						return
					if (since[name] != release)
						print "\n\t# added in " (release = since[name])
					print "\t" name ";"
				}
			}
			NR == FNR && $1 == component {
				symbol[$2, ++nb[$2]] = $3
				since[$3] = $4
			}
			NR == FNR { next }
			/^[A-Z]+[A-Z0-9_]* \{$/ { section = $1; at = 1; release = "" }
			/^\t[a-z_].*;$/ && section == "INTERNAL" { put(substr($1, 1, length($1) - 1)) }
			/^\tlocal: / && at <= nb[section] { put(""); print "" }
			/^};$/ { put("") }
			{ print }' - "$map" <<<"$symbols" >"$1/.map"
		mv "$1/.map" "$map"
	done
}

# Names of the files that the patch on standard input changes.
files_of_patch()
{
	sed -n 's,^+++ b/\([^\t]*\).*,\1,p'
}

# No fuzz: a hook that lands in a place it was not made for is an error.
apply_patch() # TREE PATCH
{
	patch -d "$1" -p1 -F0 -f -s --no-backup-if-mismatch -i "$2"
}
