# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Part of vm.sh: what the VM's firmware says. Processors have UIDs unlike their numbers, as on
# many servers, and the host bridges name steering tags by UID.

# Tables that replace the firmware's, where Linux looks for them: in front of the initrd.
write_acpi_override()
{
	local dir=$run/override/kernel/firmware/acpi xor

	xor=$(sed -n 's/^#define TAG_UID_XOR[[:space:]]*//p' "$VM/tags.h")
	mkdir -p "$dir" && "$VM/madt.py" "$cpus" "$xor" >"$dir/madt.aml" &&
		pack "$run/override" "$run/override.cpio" || die "cannot write the VM's MADT"
}

# The host bridges' method, in a table of its own beside QEMU's
build_acpi_table()
{
	local log options=(-va -D "ANSWER_$acpi")

	acpi_args=()
	[ "$acpi" != none ] || return 0
	# iasl writes its intermediate files beside the output, and reads includes beside the source.
	[[ " ${topology[*]} " != *" bridge2 "* ]] || options+=(-D BRIDGE_2)
	log=$(cd "$VM" && iasl "${options[@]}" -p "$run/tph" tph.asl 2>&1) ||
		die "iasl: $log"
	acpi_args=(-acpitable "file=$run/tph.aml")
}
