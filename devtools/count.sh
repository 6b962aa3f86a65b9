#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Count lines and files of a commit: how much of DPDK is changed, and what else there is.
#
# usage: devtools/count.sh [COMMIT...]    the one checked out by default

# shellcheck source-path=SCRIPTDIR

set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)

# shellcheck source=lib.sh
. "$top/devtools/lib.sh"

# Changed lines of the hooks for DPDK 22.11, by what kind of place they are in
count_hooks()
{
	local patch

	for patch in hooks/22.11/*.patch; do
		awk -v local="$([[ $patch == */local-* ]] && echo 1)" '
			/^diff --git / { file = $4; sub("^b/", "", file) }
			/^(---|\+\+\+)( |$)/ { next }
			/^[-+]/ {
				if (local) kind = "this build alone"
				else if (file ~ "^doc/") kind = "tables and lists of the guides"
				else if (file ~ "meson.build$") kind = "build files"
				else if (file ~ "version.map$") kind = "symbol maps"
				else if (file ~ "^(app|usertools)/") kind = "testpmd and tools"
				else if (file ~ "^drivers/net/") kind = "drivers of NICs"
				else kind = "buses and libraries"
				print kind
			}' "$patch"
	done | sort | uniq -c | sort -rn | awk '{ total += $1; print "  " $0 }
		END { printf "  %7d in all\n", total }'
}

# lines_of TEXT PATTERN...: files that match, and their lines
lines_of()
{
	local text=$1 files

	shift
	mapfile -t files < <(grep -hE "$@" "$tmp/files" || true)
	[ ${#files[@]} -gt 0 ] || return 0
	printf '  %7d in %3d files: %s\n' "$(cat -- "${files[@]}" | wc -l)" ${#files[@]} "$text"
}

count_commit() # COMMIT
{
	rm -rf "$tmp/tree"
	mkdir "$tmp/tree"
	git -C "$top" archive "$1" | tar -C "$tmp/tree" -xf -
	cd "$tmp/tree"
	find . -type f -printf '%P\n' | LC_ALL=C sort >"$tmp/files"
	git -C "$top" log -1 --format='%h %s' "$1"
	echo "changed lines of DPDK 22.11:"
	count_hooks
	echo "lines:"
	lines_of "hooks of all releases" -e '^hooks/[0-9].*\.patch$'
	lines_of "product: libraries and drivers of DPDK" -e '^(lib|drivers)/'
	lines_of "product: testpmd" -e '^app/test-pmd/'
	lines_of "product: kernel module" -e '^kernel/linux/(tph_vfio_pci|uapi/linux)/[^/]*$'
	lines_of "product: tool" -e '^usertools/[^/]*$'
	lines_of "tests: suites of dpdk-test" -e '^app/test/'
	lines_of "tests: others on the host" -e '^(kernel/.*|usertools)/tests/' -e '^devtools/tests/nic/'
	lines_of "tests: in the VM" -e '^devtools/tests/([^n]|n[^i])' -e '^devtools/vm/'
	lines_of "scripts" -e '^devtools/[^/]*$'
	lines_of "guides" -e '^doc/'
	echo "files:"
	sed -nE 's,/[^/]*$,,p' "$tmp/files" | sort | uniq -c
}

case ${1-} in
-h | --help)
	usage_of_head Count
	exit 0
	;;
esac
[ $# -gt 0 ] || set -- HEAD
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for commit; do
	count_commit "$commit"
done
