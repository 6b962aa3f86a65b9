# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Part of vm.sh: what the arm64 VM is made of, a server with UEFI, ACPI, GICv3 with an
# ITS, and SMMUv3.

readonly QEMU=qemu-system-aarch64
readonly CONSOLE=ttyAMA0
readonly ARCH_PARAMS='acpi=force iommu.passthrough=0'
# The resources of a second host bridge in QEMU's DSDT are those that UEFI has given to it.
[[ " ${topology[*]} " != *" bridge2 "* ]] || usage_error "--topology bridge2: not on arm64"
readonly FIRMWARE=/usr/share/qemu-efi-aarch64/QEMU_EFI.fd

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
# -acpitable.
acpi_tables() # DIRECTORY
{
	"$VM/acpi-tables.py" --dsdt "$1" "$TAG_UID_XOR" "$QEMU" "${machine_args[@]}" || return 1
	compile_processors "$1"
	[ "$acpi" = none ] || cp "$run/tph.aml" "$1"
}

# Pointer authentication as the specification has it would take half of the time.
machine() # ACCEL
{
	machine_args=(-machine virt,iommu=smmuv3,gic-version=3 -bios $FIRMWARE)
	case $1 in
	kvm) machine_args+=(-accel kvm -cpu host) ;;
	tcg) machine_args+=(-accel tcg,thread=single -cpu max,pauth-impdef=on) ;;
	esac
}

readonly PORT_ARGS=()
