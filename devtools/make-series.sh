#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Write the patch series that upstream would get, as mails of git format-patch.
#
# usage: devtools/make-series.sh [--author 'NAME <MAIL>'] dpdk DIR [DPDK_SOURCE_DIR [STAGED_TREE]]
#        devtools/make-series.sh [--author 'NAME <MAIL>'] linux DIR LINUX_SOURCE_DIR
#        devtools/make-series.sh check|build DIR [DPDK_SOURCE_DIR]
#   dpdk   hooks and new files, folded into commits by library and driver; without
#          a source directory, or with '', for Debian's source package
#   linux  the kernel module without what serves other kernels, for a tree with TPH in
#          its PCI core
#   check  what DPDK's own checkers say of the mails for DPDK in DIR
#   build  apply them one by one, and build testpmd and dpdk-test with each
#   DIR    where the mails go; it must not exist or be empty
# Who signs off is asked of git config. A series is applied again and has to give what was
# split; with STAGED_TREE, what the build staged there.

# shellcheck source-path=SCRIPTDIR

set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)

# shellcheck source=lib.sh
. "$top/devtools/lib.sh"
# shellcheck source=hooks.sh
. "$top/devtools/hooks.sh"
# shellcheck source=series-dpdk.sh
. "$top/devtools/series-dpdk.sh"
# shellcheck source=series-linux.sh
. "$top/devtools/series-linux.sh"
# shellcheck source=series-try.sh
. "$top/devtools/series-try.sh"

# NAME <MAIL> of who signs off
author_of_git()
{
	local name mail

	name=$(git -C "$top" config user.name || true)
	mail=$(git -C "$top" config user.email || true)
	[ -n "$mail" ] || die "who signs off? See --author, or set user.name and user.email of git"
	echo "${name:-$mail} <$mail>"
}

in_git()
{
	git -C "$tmp/git" -c user.name="${author% <*}" -c user.email="$(mail_of "$author")" "$@"
}

mail_of() # NAME <MAIL>
{
	local mail=${1##*<}

	echo "${mail%>}"
}

# Begin the tree $tmp/git, which has of the plain one what is changed
git_begin()
{
	in_git init -q
	in_git add -Af
	in_git commit -q -m plain
	in_git tag plain
}

# What there is in TREE that the commits do not give
differences() # TREE
{
	diff -rqN "$tmp/git" "$1" -x .git || true
}

# Files that no commit has taken over yet.
changed()
{
	differences "$tmp/complete" | sed -n "s,^Files $tmp/git/\(.*\) and .*,\1,p"
}

# commit PATTERN... <MESSAGE: take over the files whose paths match
commit()
{
	local file pattern message files=()

	message=$(cat)
	while read -r file; do
		for pattern; do
			# shellcheck disable=SC2053 # it is a pattern
			[[ $file != $pattern ]] || { files+=("$file"); break; }
		done
	done < <(changed)
	[ ${#files[@]} -gt 0 ] || die "nothing for the commit '${message%%$'\n'*}'"
	(cd "$tmp/complete" && cp -p --parents -t "$tmp/git" "${files[@]}")
	in_git add -f "${files[@]}"
	in_git commit -q -s -m "$message"
}

# Every file that differs is in a commit: write the mails, and apply them again.
write_mails()
{
	local left

	left=$(differences "$tmp/complete")
	[ -z "$left" ] || die "no commit takes:"$'\n'"$left"
	in_git format-patch -q -o "$dir" plain
	apply_mails
	left=$(differences "$tmp/complete")
	[ -z "$left" ] || die "the mails do not give the same tree:"$'\n'"$left"
}

apply_mails()
{
	in_git checkout -q plain
	in_git am -q --whitespace=nowarn "$dir"/*.patch
}

author=
if [ "${1-}" = --author ]; then
	author=${2-}
	[[ $author == *?' <'?*@?*'>' ]] || die "--author wants 'NAME <MAIL>'"
	shift 2
fi
dir=${2-}
# shellcheck disable=SC2034 # for the files above
source_dir=${3-}
case ${1-}/$# in
dpdk/[234] | linux/3) mkdir -p "$dir" ;;
check/[23] | build/[23]) ;;
-h/1 | --help/1)
	usage_of_head Write
	exit 0
	;;
*)
	usage_of_head Write >&2
	exit 2
	;;
esac
dir=$(cd "$dir" && pwd)
author=${author:-$(author_of_git)}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
case $1 in
check | build)
	[ -n "$(ls "$dir"/*.patch)" ] || die "there are no mails in $dir"
	"$1"_series
	exit
	;;
esac
[ -z "$(ls -A "$dir")" ] || die "$dir is not empty"
case $1 in
dpdk) dpdk_series "${4-}" ;;
linux) linux_series ;;
esac
