# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The dpdk-tph authors

# Sourced by newer_kernel.sh and own_kernel.sh: the newest kernel that Debian has the source of.

# $work with an absolute path, and what apt needs in there
source_directory() # DIRECTORY
{
	mkdir -p "$1/lists/partial" "$1/cache/partial" "$1/none"
	work=$(cd "$1" && pwd)
}

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
	local mirror=${TPH_DEBIAN_MIRROR:-http://deb.debian.org/debian} suite
	local keyring=/usr/share/keyrings/debian-archive-keyring.gpg

	for suite; do
		echo "deb [signed-by=$keyring] $mirror $suite main"
	done >"$work/sources.list"
	apt_ apt-get update >"$work/apt.log" 2>&1 || {
		cat "$work/apt.log" >&2
		return 1
	}
	source=$(apt_ apt-cache search --names-only '^linux-source-[0-9]' | cut -d ' ' -f 1 |
		sort -V | tail -n 1)
	[ -n "$source" ] || {
		echo "$(basename "$0"): no linux-source in $*" >&2
		return 1
	}
	[ ! -e "$work/$source/Makefile" ] || return 0
	rm -rf "$work"/linux-source-*
	(cd "$work" && apt_ apt-get download "$source" >>apt.log 2>&1)
	dpkg --fsys-tarfile "$work/$source"_*.deb |
		tar -x -O -f - "./usr/src/$source.tar.xz" | tar -x -J -C "$work" -f -
}
