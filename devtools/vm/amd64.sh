# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Part of vm.sh: what the amd64 VM is made of, a PC with Intel's IOMMU.

readonly QEMU=qemu-system-x86_64
readonly CONSOLE=ttyS0
readonly DEFAULT_TIMEOUT=600
readonly ARCH_PARAMS='intel_iommu=on iommu=nopt no_timer_check tsc=reliable'

# The tables that replace those of the firmware; here firmware takes another one as well.
acpi_tables() # DIRECTORY
{
	"$VM/acpi-tables.py" "$1" "$TAG_UID_XOR" "$QEMU" "${machine_args[@]}" || return 1
	[ "$acpi" = none ] || acpi_args=(-acpitable "file=$run/tph.aml")
}

machine() # ACCEL
{
	case $1 in
	kvm) machine_args=(-machine q35,accel=kvm,kernel-irqchip=split -cpu host) ;;
	tcg) machine_args=(-machine q35 -accel tcg,thread=single -cpu max) ;;
	esac
	[ $iommu = no ] || machine_args+=(-device intel-iommu,intremap=on,caching-mode=on)
}

# QEMU shows the link of a cold-plugged NIC as up only without ACPI hot-plug of bridges.
readonly PORT_ARGS=(-global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off)
