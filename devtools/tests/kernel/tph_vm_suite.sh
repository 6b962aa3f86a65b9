#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The dpdk-tph authors

# Run the tests of the kernel module on one device after the other: the test
# VM's ports with a TPH capability exchanged as the tests need it. Runs in the VM.
#
# usage: tph_vm_suite.sh PART...
# Each test prints "=== NAME", what the program says and "--- EXIT_STATUS". With names in
# the environment variable TPH_ONLY only those are run.

port1=0000:01:00.0
port2=0000:02:00.0
ports="$port1 $port2"
driver=tph-vfio-pci

# wanted NAME: is that test to be run?
wanted()
{
	case " ${TPH_ONLY-$1} " in *" $1 "*) ;; *) return 1 ;; esac
}

# test_ NAME COMMAND...
test_()
{
	wanted "$1" || return 0
	echo "=== $1"
	shift
	"$@"
	echo "--- $?"
}

# Give all ports to a driver.
bind_ports()
{
	for dev in $ports; do
		echo "$driver" > "/sys/bus/pci/devices/$dev/driver_override"
		echo "$dev" > /sys/bus/pci/drivers_probe
		[ -e "/sys/bus/pci/devices/$dev/driver" ] || echo "$dev is not bound"
	done
}

# The capability the ports have from now on: emul PARAMETER...
emul()
{
	rmmod tph_emul 2> /dev/null
	modprobe tph_emul "$@" && bind_ports
}

# module PARAMETER...: load the module under test anew
module()
{
	rmmod tph_vfio_pci 2> /dev/null
	modprobe tph_vfio_pci "$@" && bind_ports
}

# variant NAME PARAMETER...: the quick tests on a capability of that kind
variant()
{
	wanted "$1" || return 0
	name=$1
	shift
	emul "$@"
	test_ "$name" ./tph_ioctl_test -q $port1
}

# variant_all NAME PARAMETER...: all tests
variant_all()
{
	wanted "$1" || return 0
	name=$1
	shift
	emul "$@"
	test_ "$name" ./tph_ioctl_test $port1
}

part_variants()
{
	test_ default ./tph_ioctl_test $port2
	variant one-entry entries=1
	variant odd-entries entries=5
	variant most-entries entries=64
	variant too-many-entries entries=65
	variant end-of-config-space offset=0xf74 entries=64
	variant next-capability behind=0x28
	variant reset-keeps-all keep=1
	variant ext ext_device=1 ext_port=1
	variant ext-device-only ext_device=1
	variant ext-port-only ext_port=1
	variant iv-only modes=iv
	variant ds-only modes=ds
	variant no-mode modes=none
	variant no-completer completer=0
	variant reserved-completer ext_device=1 completer=2
	variant reserved-location location=reserved
	variant_all no-table location=none modes=ds
	variant_all msix location=msix ext_device=1 ext_port=1
	variant_all soft-reset soft_reset=1
	rmmod tph_emul
	bind_ports
	test_ no-capability ./tph_ioctl_test -q $port1
	emul
}

# Each place of the table, and no more: what CI runs for another architecture.
part_places()
{
	test_ table-in-capability ./tph_ioctl_test $port1
	variant_all table-in-msix location=msix
	variant_all no-table location=none modes=ds
	emul
}

# The VM was started with pci=notph
part_boot_notph()
{
	test_ boot-notph ./tph_ioctl_test -n $port1
}

# The option as the boot loader would pass it, then the module's own parameter.
part_notph()
{
	sed 's/$/ pci=noaer,notph/' /proc/cmdline > /tmp/cmdline
	mount --bind /tmp/cmdline /proc/cmdline
	module
	test_ pci-notph ./tph_ioctl_test -n $port1
	umount /proc/cmdline
	module notph=1
	test_ notph-parameter ./tph_ioctl_test -n $port1
	module
	test_ without-notph ./tph_ioctl_test -q $port1
}

# Who may choose tags: a table in the capability, then one in MSI-X
part_policy()
{
	for mode in always never; do
		module ds_mode=$mode
		test_ ds-$mode ./tph_ioctl_test -q -p $mode $port1
	done
	test_ ds-unknown sh -c '! modprobe -r tph_vfio_pci || ! modprobe tph_vfio_pci ds_mode=sometimes'
	module ds_mode=never
	emul location=msix
	test_ ds-never-msix ./tph_ioctl_test -p never $port1
	module
	emul
}

# bound DEVICE...: all of them have the driver under test
bound()
{
	for dev; do
		[ "$(basename "$(readlink "$dev/driver")")" = $driver ] || return 1
	done
}

# state DEVICE STATE: it gets there soon
state()
{
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(cat "/sys/bus/pci/devices/$1/power_state")" != "$2" ] || return 0
		usleep 200000
	done
	echo "power state $(cat "/sys/bus/pci/devices/$1/power_state"), not $2"
	return 1
}

# vfs NUMBER: as many VFs, all of them bound; fails if they are not allowed
vfs()
{
	dir=/sys/bus/pci/devices/$port1
	echo "$1" > $dir/sriov_numvfs || return 1
	[ "$(find $dir/ -name 'virtfn*' | wc -l)" = "$1" ] || return 1
	[ "$1" = 0 ] || bound $dir/virtfn* || return 1
	for vf in "$dir"/virtfn*; do
		[ "$1" = 0 ] || [ "$(cat "$vf/driver_override")" = $driver ] || return 1
	done
}

# unbound PARAMETER...: the module anew, with no device told to bind to it
unbound()
{
	rmmod tph_vfio_pci
	for dev in $port1 $port2; do
		echo > "/sys/bus/pci/devices/$dev/driver_override"
	done
	modprobe tph_vfio_pci "$@"
}

# Settings that are vfio-pci's as well: left alone, or set
shared_settings()
{
	test_ setting-of-vfio-pci state $port1 D0
	module disable_idle_d3=0
	test_ setting-of-the-last state $port1 D3hot
}

# Each device has those of its driver, from when it was bound.
own_settings()
{
	test_ not-the-setting-of-vfio-pci state $port1 D3hot
	echo 1 > /sys/module/tph_vfio_pci/parameters/disable_idle_d3
	test_ setting-after-it-was-bound state $port1 D3hot
	echo $port1 > /sys/bus/pci/devices/$port1/driver/unbind
	bind_ports
	test_ setting-when-it-was-bound state $port1 D0
}

# What vfio-pci does besides vfio-pci-core
part_stock()
{
	test_ no-vfs sh -c "! echo 2 > /sys/bus/pci/devices/$port1/sriov_numvfs"
	module enable_sriov=1
	test_ vfs vfs 2
	test_ no-more-vfs vfs 0

	# An Intel QAT, which is on the deny list
	rmmod tph_emul
	modprobe tph_emul shown_id=0x37c88086
	bind_ports >/dev/null
	test_ denied sh -c "[ -e /sys/bus/pci/devices/$port1 ] && [ ! -e /sys/bus/pci/devices/$port1/driver ]"
	module disable_denylist=1
	test_ not-denied bound /sys/bus/pci/devices/$port1
	module >/dev/null
	emul

	unbound ids=8086:ffff,rubbish,8086:10c9
	test_ ids bound /sys/bus/pci/devices/$port1 /sys/bus/pci/devices/$port2
	test_ bad-ids sh -c 'dmesg | grep -q "tph_vfio_pci: ids: \"rubbish\""'
	unbound
	test_ no-ids sh -c "[ ! -e /sys/bus/pci/devices/$port1/driver ]"
	echo 8086 10c9 > /sys/bus/pci/drivers/$driver/new_id
	test_ new-id bound /sys/bus/pci/devices/$port1

	# As when the module is upgraded: devices that are bound are bound anew.
	module
	rmmod tph_vfio_pci
	modprobe tph_vfio_pci
	test_ rebound bound /sys/bus/pci/devices/$port1 /sys/bus/pci/devices/$port2

	test_ idle state $port1 D3hot
	module disable_idle_d3=1
	test_ disable-idle-d3 state $port1 D0
	module disable_idle_d3=0
	test_ enable-idle-d3 state $port1 D3hot
	modprobe vfio-pci disable_idle_d3=1
	module
	if grep -q vfio_pci_core_set_params /proc/kallsyms; then
		shared_settings
	else
		own_settings
	fi
	rmmod vfio-pci
	module
}

# What firmware answers is up to how the VM was started: nothing at all,
part_no_firmware()
{
	test_ no-firmware ./tph_ioctl_test -f none $port1
	emul location=msix
	test_ no-firmware-msix ./tph_ioctl_test -q -f none $port1
}

# or rubbish.
part_bad_firmware()
{
	test_ bad-firmware ./tph_ioctl_test -f bad $port1
	emul location=msix
	test_ bad-firmware-msix ./tph_ioctl_test -q -f bad $port1
}

# At first, rubbish
part_flaky_firmware()
{
	test_ flaky-firmware ./tph_ioctl_test -q -f flaky $port1
}

# The build that takes vfio-pci's place, then vfio-pci again
part_drop_in()
{
	rmmod tph_vfio_pci
	insmod ./vfio-pci.ko
	driver=vfio-pci
	bind_ports
	test_ drop-in ./tph_ioctl_test -q $port1
	test_ drop-in-module sh -c "[ $(basename "$(readlink -f /sys/bus/pci/drivers/vfio-pci/module)") = vfio_pci ]"
	test_ drop-in-alias sh -c 'strings ./vfio-pci.ko | grep -qF "alias=vfio_pci:v*d*sv*sd*bc*sc*i*"'
	test_ beside sh -c 'modprobe tph_vfio_pci && rmmod tph_vfio_pci'
	rmmod vfio_pci
	modprobe vfio-pci
	bind_ports
	test_ stock sh -c '[ ! -e /sys/module/vfio_pci/parameters/ds_mode ]'
	rmmod vfio_pci
	driver=tph-vfio-pci
	module
}

# emul_for NAMES PARAMETER...: emul, if one of those tests is to be run
emul_for()
{
	names=$1
	shift
	for name in $names; do
		! wanted "$name" || { emul "$@"; return; }
	done
}

# Run on a VM with --ports 6 --topology root,switch,bridge2,rciep,root,twin
part_topology()
{
	switch=0000:04:00.0
	bridge2=0000:81:00.0
	rciep=0000:00:05.0
	twins="0000:05:00.0 0000:05:00.1"
	ports="$port1 $switch $bridge2 $rciep $twins"

	emul_for "switch bridge2 first-bridge rciep twins"
	test_ switch ./tph_ioctl_test $switch
	test_ bridge2 ./tph_ioctl_test -q -b $bridge2
	test_ first-bridge ./tph_ioctl_test -q $port1
	test_ rciep ./tph_ioctl_test -q $rciep
	# shellcheck disable=SC2086 # two words
	test_ twins ./tph_twin_test $twins

	emul_for "switch-ext bridge2-ext rciep-ext twins-msix" location=msix ext_device=1 ext_port=1
	test_ switch-ext ./tph_ioctl_test -q $switch
	test_ bridge2-ext ./tph_ioctl_test -q -b $bridge2
	test_ rciep-ext ./tph_ioctl_test -q $rciep
	# shellcheck disable=SC2086
	test_ twins-msix ./tph_twin_test $twins

	# Who does not forward prefixes keeps 16-bit tags from all that is below, and from nobody else.
	for who in switch port device; do
		emul_for "no-prefix-$who-switch no-prefix-$who-port no-prefix-$who-rciep" no_prefix=$who \
			ext_device=1 ext_port=1
		test_ "no-prefix-$who-switch" ./tph_ioctl_test -q $switch
		test_ "no-prefix-$who-port" ./tph_ioctl_test -q $port1
		test_ "no-prefix-$who-rciep" ./tph_ioctl_test -q $rciep
	done

	# Virtual functions, of which the first of the two has the capability
	wanted vf || wanted vf-without || return 0
	emul vfs=1
	module enable_sriov=1
	echo 2 > /sys/bus/pci/devices/$port1/sriov_numvfs
	test_ vf ./tph_vf_owner $port1 ./tph_ioctl_test -q 0000:01:10.0
	test_ vf-without ./tph_vf_owner $port1 ./tph_ioctl_test -q 0000:01:10.2
	echo 0 > /sys/bus/pci/devices/$port1/sriov_numvfs
	module
}

# Before anybody else asks the firmware
part_bench()
{
	rmmod tph_vfio_pci
	rmmod tph_emul
	modprobe tph_emul entries=64
	modprobe tph_vfio_pci
	bind_ports
	test_ bench ./tph_bench $port1
	emul
}

# Both devices at once, for FUZZ_SECONDS each time
part_fuzz()
{
	seed=${FUZZ_SEED:-$(date +%s)}
	test_ fuzz ./tph_vm_fuzz "${FUZZ_SECONDS:-5}" "$seed" $port1 $port2
	emul location=msix ext_device=1 ext_port=1
	test_ fuzz-msix ./tph_vm_fuzz "${FUZZ_SECONDS:-5}" "$seed" $port1 $port2
	emul soft_reset=1
	test_ fuzz-soft-reset ./tph_vm_fuzz "${FUZZ_SECONDS:-5}" "$seed" $port1 $port2
	test_ after-fuzz ./tph_ioctl_test -q $port2
	emul
}

# Nothing may stay behind from one use to the next.
part_leak()
{
	emul location=msix
	test_ leak ./tph_leak_test "${LEAK_CYCLES:-20}" $port1 $port2
	emul
}

# To come late: the error injector, too, takes the accesses to configuration space
part_aer()
{
	insmod ./aer_inject.ko
	test_ aer ./tph_ioctl_test $port1
}

# The module as it is in the file system now, on ports as they are at first
part_renew()
{
	module
	emul
}

# Nothing may be left once the module is gone.
part_unload()
{
	test_ unload rmmod tph_vfio_pci
	module
	test_ kernel-log sh -c '! dmesg | grep -E "BUG|WARNING|Oops|general protection|UBSAN|KASAN|possible recursive|possible circular|hung task"'
}

cd /root || exit 1
for part; do
	"part_$part"
done
echo "=== end"
