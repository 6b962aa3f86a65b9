#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The dpdk-tph authors

# What dkms_vm.sh runs in the Debian of the test VM: the package that takes vfio-pci's place, with
# Debian's own tools and programs, and vfio-pci after it. Prints TAP.

port1=0000:01:00.0
port2=0000:02:00.0
package=vfio-pci-tph
driver=vfio-pci
version=$(dpkg-deb -f /root/$package-dkms_*.deb Version)

# shellcheck source-path=SCRIPTDIR
# shellcheck source=dkms_check.sh
. ./dkms_check.sh

stock=kernel/drivers/vfio/pci

# has_driver PORT...: all of them are bound to what is named vfio-pci
has_driver()
{
	for port; do
		[ "$(basename "$(readlink "/sys/bus/pci/devices/$port/driver")")" = "$driver" ] || return 1
	done
}

# has_tph PORT...: and that is the one of the package
has_tph()
{
	for port; do
		grep -q ds "/sys/bus/pci/devices/$port/tph_modes" || return 1
	done
}

# Debian's program as it is, and its drivers
forwards()
{
	dpkg -S /usr/bin/dpdk-testpmd | grep '^dpdk-dev: ' || return 1
	{
		sleep 15
		echo 'start tx_first'
		sleep 5
		echo stop
		echo quit
	} | dpdk-testpmd -l 0-2 -a "$port1" -a "$port2" -- -i --total-num-mbufs=8192 --nb-cores=2 \
		> /tmp/testpmd 2>&1
	cat /tmp/testpmd
	awk '/Accumulated forward statistics/ { all = 1 }
		all && /RX-packets:/ { received = $2 }
		END { exit received < 1000 }' /tmp/testpmd
}

is_stock()
{
	is_loaded_from "$stock" && [ ! -e /sys/module/vfio_pci/parameters/ds_mode ]
}

is_gone()
{
	[ -z "$(dkms status)" ] && [ ! -e "/usr/src/$package-$version" ] &&
		! find /lib/modules -path '*dkms*' -name 'vfio-pci*' | grep .
}

check "vfio-pci" modprobe $driver
check "it is the kernel's" is_stock
check "unload" modprobe -r $driver

check "install the package" dpkg -i /root/$package-dkms_*.deb
check "DKMS built and installed the module" is_installed
check "vfio-pci" modprobe $driver
check "it is DKMS's" is_loaded
check "driverctl" driverctl set-override $port1 $driver
check "dpdk-devbind.py" dpdk-devbind.py --bind=$driver $port2
check "both ports are bound" has_driver $port1 $port2
check "both have TPH" has_tph $port1 $port2
check "the ioctl" ./tph_ioctl_test -q $port1
check "Debian's testpmd forwards packets" forwards

# It fails: there is no other driver for the port here that it could find.
driverctl unset-override $port1 2> /dev/null
check "driverctl again: the port left the driver" sh -c "! readlink /sys/bus/pci/devices/$port1/driver | grep vfio"
check "remove the package while a port is bound" dpkg -P $package-dkms
check "the loaded module can still be used" ./tph_ioctl_test -q $port2
check "unload" rmmod vfio_pci
check "nothing is left" is_gone
check "vfio-pci" modprobe $driver
check "it is the kernel's" is_stock
check "driverctl" driverctl set-override $port1 $driver
check "the port is bound" has_driver $port1
check "without TPH" sh -c "[ ! -e /sys/bus/pci/devices/$port1/tph_modes ]"
end
