# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Part of vm.sh: what the VM's firmware says. Processors have UIDs unlike their numbers, as on
# many servers, and the host bridges name steering tags by UID.

TAG_UID_XOR=$(sed -n 's/^#define TAG_UID_XOR[[:space:]]*//p' "$VM/tags.h")
readonly TAG_UID_XOR

# The host bridges' method and what replaces QEMU's tables, where Linux looks for it: in front
# of the initrd.
build_acpi_tables()
{
	local dir=$run/override/kernel/firmware/acpi

	mkdir -p "$dir"
	compile_method
	acpi_tables "$dir" && pack "$run/override" "$run/override.cpio" ||
		die "cannot write the VM's ACPI tables"
}

# The method, in a table of its own beside QEMU's
compile_method()
{
	local log options=(-va -D "ANSWER_$acpi")

	acpi_args=()
	[ "$acpi" != none ] || return 0
	# iasl writes its intermediate files beside the output, and reads includes beside the source.
	[[ " ${topology[*]} " != *" bridge2 "* ]] || options+=(-D BRIDGE_2)
	log=$(cd "$VM" && iasl "${options[@]}" -p "$run/tph" tph.asl 2>&1) ||
		die "iasl: $log"
}
