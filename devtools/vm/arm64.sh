# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Part of vm.sh: what the arm64 VM is made of, a server with UEFI, ACPI, GICv3 with an
# ITS, and SMMUv3.

readonly QEMU=qemu-system-aarch64
readonly CONSOLE=ttyAMA0
# Emulated on a busy machine; a command that hangs is the only thing that it is for.
readonly DEFAULT_TIMEOUT=1200
readonly ARCH_PARAMS='acpi=force iommu.passthrough=0'
readonly FIRMWARE=/usr/share/qemu-efi-aarch64/QEMU_EFI.fd
# What virtio ports are connected to serves one QEMU only; see acpi_tables.
[ "$nic" != virtio ] || [[ " ${topology[*]} " != *" bridge2 "* ]] ||
	usage_error "--topology bridge2: not with --nic virtio on arm64"

# The processors by their UIDs, for Linux knows only those that the namespace has as well.
compile_processors() # DIRECTORY
{
	local n log

	{
		echo 'DefinitionBlock ("", "SSDT", 2, "TPHVM", "TPHCPU", 1) { Scope (\_SB) {'
		for ((n = 0; n < cpus; n++)); do
			printf 'Device (P%03X) { Name (_HID, "ACPI0007") Name (_UID, %d) }\n' \
				"$n" $((n ^ TAG_UID_XOR))
		done
		echo '} }'
	} >"$run/cpu.asl"
	log=$(iasl -va -p "$1/cpu" "$run/cpu.asl" 2>&1) || die "iasl: $log"
}

# QEMU's DSDT has processors and a _DSM of the host bridge, which give way to ours. There is no
# -acpitable. What a second host bridge has of memory and buses is in the DSDT when UEFI has given
# it that, which it does alike each time.
acpi_tables() # DIRECTORY
{
	local options=(--dsdt) args=("${machine_args[@]}")

	if [[ " ${topology[*]} " == *" bridge2 "* ]]; then
		options+=(--booted)
		args+=("${device_args[@]}")
	fi
	"$VM/acpi-tables.py" "${options[@]}" "$1" "$TAG_UID_XOR" "$QEMU" "${args[@]}" || return 1
	compile_processors "$1"
	[ "$acpi" = none ] || cp "$run/tph.aml" "$1"
}

# Pointer authentication as the specification has it would take half of the time.
machine() # ACCEL
{
	machine_args=(-machine virt,gic-version=3 -bios $FIRMWARE)
	[ $iommu = no ] || machine_args+=(-machine iommu=smmuv3)
	case $1 in
	kvm) machine_args+=(-accel kvm -cpu host) ;;
	tcg) machine_args+=(-accel tcg,thread=single -cpu max,pauth-impdef=on) ;;
	esac
}

readonly PORT_ARGS=()
