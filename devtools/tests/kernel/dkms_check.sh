# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The dpdk-tph authors

# Sourced by what dkms_vm.sh runs in the Debian of the test VM. Set by who does so: package, as
# DKMS names it, its version, and driver.

checks=0
failed=0

# check TEXT COMMAND...: it succeeds; what it said is shown otherwise
check()
{
	text=$1
	shift
	checks=$((checks + 1))
	if "$@" > /tmp/log 2>&1; then
		echo "ok $checks - $text"
	else
		echo "not ok $checks - $text"
		tail -n 40 /tmp/log | sed 's/^/# /'
		failed=$((failed + 1))
	fi
}

end()
{
	echo "1..$checks"
	exit $((failed > 0))
}

is_installed()
{
	# shellcheck disable=SC2154 # see above
	dkms status | grep "^$package/$version, $(uname -r), .*: installed$"
}

# It is loaded, and what modprobe finds is in that directory.
is_loaded_from() # DIRECTORY
{
	# shellcheck disable=SC2154 # see above
	modinfo -F filename "$driver" | grep "^/lib/modules/$(uname -r)/$1/$driver.ko" &&
		[ -d "/sys/module/$(echo "$driver" | tr - _)" ]
}

# DKMS built it, and it is ours.
is_loaded()
{
	is_loaded_from updates/dkms && [ -e "/sys/module/$(echo "$driver" | tr - _)/parameters/ds_mode" ]
}
