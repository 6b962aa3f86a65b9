# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Sourced by scripts: what they say and how they end, steps whose time is shown, and where
# DPDK's source is. Needs nothing but bash and what every Debian has.

# die MESSAGE...: with status 1, or $DIE_STATUS
die()
{
	echo "${0##*/}: $*" >&2
	exit "${DIE_STATUS:-1}"
}

# Print the part of the comment at the head of the script that begins with WORDS,
# by default with "usage".
usage_of_head() # [WORDS]
{
	sed -n "/^# ${1-usage}/,/^\$/s/^# \\{0,1\\}//p" "$0"
}

# step TEXT COMMAND...: run it, its output shown, and say how long it took. With
# STEP_QUIET=quiet it is one line, and the output is shown only if it fails.
step()
{
	local text=$1 start=$SECONDS status=0

	shift
	[ -n "${STEP_QUIET-}" ] || echo "==> $text"
	${STEP_QUIET-} "$@" || status=$?
	if [ $status -ne 0 ]; then
		echo "==> $text: FAILED after $((SECONDS - start)) s" >&2
		return "$status"
	fi
	echo "==> $text: done in $((SECONDS - start)) s"
}

# quiet COMMAND...: run it, and show its output only if it fails
quiet()
{
	local log status=0

	log=$(mktemp) || die "cannot create a temporary file in ${TMPDIR:-/tmp}"
	"$@" >"$log" 2>&1 || status=$?
	if [ $status -ne 0 ]; then
		grep -nE 'error|ERROR|FAILED' "$log" | head -n 20 >&2 || true
		tail -n 30 "$log" >&2
	fi
	rm -f "$log"
	return "$status"
}

# The newest source package that devtools/setup.sh downloaded, nothing without one
dpdk_tarball() # TOP
{
	{ find "$1/.cache/dpdk/" -name 'dpdk_*.orig.tar.xz' 2>/dev/null || true; } |
		sort -V | tail -n 1
}

no_dpdk_tarball()
{
	die "no DPDK source; run devtools/setup.sh build to download it," \
		"or give a tree of your own"
}

# A copy of DPDK's source without our changes; without SOURCE_DIR of Debian's package
unpack_dpdk() # TOP DIRECTORY [SOURCE_DIR]
{
	local tarball

	mkdir -p "$2"
	if [ -n "${3-}" ]; then
		tar -C "$3" --exclude=./.git --exclude='./build*/' -cf - . | tar -C "$2" -xf -
		return
	fi
	tarball=$(dpdk_tarball "$1")
	[ -n "$tarball" ] || no_dpdk_tarball
	tar -C "$2" --strip-components=1 -xf "$tarball"
}

# What SOURCE_DIR is, and that it is DPDK
need_dpdk_source() # SOURCE_DIR
{
	[ -f "$1/VERSION" ] || die "$1 is no DPDK source tree: it has no VERSION file"
}
