# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# shellcheck disable=SC2154 # variables of make-series.sh
# Sourced by make-series.sh, whose functions and variables this uses: trying mails for DPDK.
: "${top:?}"

# Drivers of the patches, and what they need: those that are not there yet are left out.
readonly TRY_DRIVERS=(common/tph common/iavf net/null net/ring net/e1000 net/i40e net/ice
	net/virtio net/vmxnet3)

# All of DPDK is in $tmp/plain, what the mails change in $tmp/git, where they are commits.
begin_try()
{
	[ -z "$source_dir" ] || need_dpdk_source "$source_dir"
	unpack_dpdk "$top" "$tmp/plain" "$source_dir"
	mkdir "$tmp/git"
	(cd "$tmp/plain" && sed -n 's,^--- a/,,p' "$dir"/*.patch | sort -u |
		xargs ls -d 2>/dev/null | xargs cp --parents -t "$tmp/git")
	git_begin
}

# check_with TEXT COMMAND...: its output is shown if it fails
check_with()
{
	local text=$1

	shift
	if "$@" >"$tmp/out" 2>&1; then
		echo "$text: ok"
	else
		echo "$text: FAILED"
		cat "$tmp/out"
		failed=1
	fi
}

# The suites of dpdk-test stand in for a driver, whose headers applications have no use for:
# the checker forbids them, as to suites that DPDK has.
check_mail() # MAIL
{
	local out

	! out=$(DPDK_CHECKPATCH_PATH=$top/.cache/checkpatch/checkpatch.pl \
		devtools/checkpatches.sh -q "$1" 2>&1) || return 0
	echo "$out"
	[[ $1 == *-test-* ]] && ! grep -vxE \
		'|### .*|0/1 valid patch|Warning in app/test/tph/fake_.*|Using driver specific headers in applications' \
		<<<"$out"
}

check_series()
{
	local mail failed=0

	begin_try
	apply_mails
	cp -a "$tmp/git/." "$tmp/plain"
	rm -rf "$tmp/plain/.git"
	cd "$tmp/plain" || return
	for mail in "$dir"/*.patch; do
		check_with "checkpatches.sh $(basename "$mail")" check_mail "$mail"
	done
	cd "$tmp/git" || return
	check_with check-git-log.sh "$tmp/plain/devtools/check-git-log.sh" -r plain..HEAD
	cd "$tmp/plain" || return
	if [ -e devtools/check-symbol-maps.sh ]; then
		(cd "$tmp/git" && find . -name version.map -printf '%P\n') >"$tmp/maps"
		check_with check-symbol-maps.sh xargs -a "$tmp/maps" devtools/check-symbol-maps.sh
	fi
	if [ -e devtools/check-symbol-change.py ]; then
		check_with check-symbol-change.py devtools/check-symbol-change.py --patch "$dir"/*.patch
	fi
	[ $failed -eq 0 ] || die "DPDK's checkers have something to say"
}

# Of the drivers, those that the tree has
drivers_there()
{
	local name names=()

	for name in "${TRY_DRIVERS[@]}"; do
		for place in "$name" "${name/net/net\/intel}"; do
			[ ! -e "$tmp/plain/drivers/$place/meson.build" ] || names+=("$place")
		done
	done
	(IFS=, && echo "${names[*]}")
}

try_build() # BUILD-DIRECTORY
{
	local drivers

	drivers=$(drivers_there)
	if [ ! -e "$1" ]; then
		meson setup "$1" "$tmp/plain" -Dplatform=generic -Dtests=true -Doptimization=1 \
			-Denable_apps=test-pmd,test '-Ddisable_libs=*' -Denable_drivers="$drivers" \
			-Ddeveloper_mode=enabled -Dwerror=true
	elif [ "$drivers" != "$(cat "$tmp/drivers")" ]; then
		meson configure "$1" -Denable_drivers="$drivers"
	fi
	echo "$drivers" >"$tmp/drivers"
	ninja -C "$1"
}

build_series()
{
	local mail start

	export PATH=/usr/bin:$PATH
	begin_try
	for mail in "$dir"/*.patch; do
		start=$SECONDS
		patch -d "$tmp/plain" -p1 -F0 -s -f -i "$mail"
		try_build "$tmp/build" >"$tmp/out" 2>&1 || {
			tail -n 50 "$tmp/out"
			die "$(basename "$mail") does not build"
		}
		echo "$(basename "$mail"): $(grep -cE '^\[[0-9]+/[0-9]+\]' "$tmp/out") steps," \
			"$((SECONDS - start)) s"
	done
}
