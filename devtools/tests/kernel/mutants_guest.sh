#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The dpdk-tph authors

# What module_mutants.py runs in the test VM: tests on one build of the module after the other.
#
# usage: mutants_guest.sh PART NAME:TEST[=GROUP[+GROUP]...][,TEST...]...
#
# NAME.ko is what is tested; groups are those of tph_ioctl_test. Prints "##### NAME", what
# tph_vm_suite.sh prints, and what the kernel has to report as "kernel: ...".

# Who dies in the kernel, which may hold a lock then, or hangs for good ends the VM.
echo 1 > /proc/sys/kernel/panic_on_oops
echo 60 > /proc/sys/kernel/hung_task_timeout_secs
echo 1 > /proc/sys/kernel/hung_task_panic
echo 1 > /proc/sys/kernel/softlockup_panic

# limit SECONDS: from now on, for the VM
limit()
{
	[ -z "$watchdog" ] || kill "$watchdog"
	{ sleep "$1"; echo c > /proc/sysrq-trigger; } > /dev/null 2>&1 &
	watchdog=$!
}

watchdog=
part=$1
shift
for word; do
	echo "##### ${word%%:*}"
	cp "/root/${word%%:*}.ko" "/lib/modules/$(uname -r)/tph-vfio-pci.ko"
	dmesg -c > /dev/null
	limit 100
	./tph_vm_suite.sh renew
	for test in $(echo "${word#*:}" | tr , ' '); do
		groups=${test#*=}
		[ "$groups" != "$test" ] || groups=calls+region+hands+race+life+msix+faults
		limit 400
		TPH_TESTS=$groups TPH_ONLY=${test%%=*} timeout -k 5 300 ./tph_vm_suite.sh "$part"
	done
	limit 100
	dmesg | grep -E 'BUG|WARNING|Oops|general protection|UBSAN|hung task' | sed 's/^/kernel: /'
done
kill "$watchdog"
echo "##### end"
