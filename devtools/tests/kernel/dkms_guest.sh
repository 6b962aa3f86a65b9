#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The dpdk-tph authors

# What dkms_vm.sh runs in the Debian of the test VM. Prints TAP.
# shellcheck disable=SC2086 # name and port are single words

port=0000:01:00.0
name=tph-vfio-pci
# shellcheck source-path=SCRIPTDIR
# shellcheck source=dkms_check.sh
. ./dkms_check.sh

package=$name
driver=$name

bind()
{
	echo $name > /sys/bus/pci/devices/$port/driver_override &&
		echo $port > /sys/bus/pci/drivers_probe &&
		[ "$(basename "$(readlink /sys/bus/pci/devices/$port/driver)")" = $name ]
}

ds_mode_is()
{
	[ "$(cat /sys/module/tph_vfio_pci/parameters/ds_mode)" = "$1" ]
}

# What the package ships for /etc does what it says.
examples()
{
	from=/usr/share/doc/$name-dkms/examples
	cp $from/modules-load.d-$name.conf /etc/modules-load.d/$name.conf &&
		cp $from/modprobe.d-$name.conf /etc/modprobe.d/$name.conf &&
		/usr/lib/systemd/systemd-modules-load && is_loaded && ds_mode_is rawio &&
		modprobe -r $name && sed -i s/ds_mode=rawio/ds_mode=never/ /etc/modprobe.d/$name.conf &&
		/usr/lib/systemd/systemd-modules-load && is_loaded && ds_mode_is never &&
		modprobe -r $name && rm /etc/modprobe.d/$name.conf && modprobe $name && ds_mode_is rawio
}

# refuses KERNEL TEXT: DKMS does not build for that kernel, and says why
refuses()
{
	! dkms build $name/"$version" -k "$1" > /tmp/refusal 2>&1 || return 1
	cat /tmp/refusal
	grep -q "$2" /tmp/refusal && ! dkms status | grep "$1"
}

is_gone()
{
	[ -z "$(dkms status)" ] && [ ! -e /usr/src/$name-"$version" ] &&
		! find /lib/modules | grep $name && ! modprobe $name
}

version=$(dpkg-deb -f /root/$name-dkms_*.deb Version)

check "install the package" dpkg -i /root/$name-dkms_*.deb
check "DKMS built and installed the module" is_installed
check "modprobe" modprobe $name
check "it is DKMS's module" is_loaded
check "bind a device" bind
check "use it" ./tph_ioctl_test -q $port
check "unload" modprobe -r $name
check "examples for /etc" examples

mkdir -p /lib/modules/5.10.0-1-amd64/build
check "a kernel too old is refused" refuses 5.10.0-1-amd64 BUILD_EXCLUSIVE
check "a kernel without headers is refused" refuses 6.13.0-1-amd64 headers
check "the one for this kernel is still there" is_installed

check "bind a device" bind
check "remove the package while that is bound" dpkg -P $name-dkms
check "the loaded module can still be used" ./tph_ioctl_test -q $port
check "unload" rmmod tph_vfio_pci
check "nothing is left" is_gone
end
