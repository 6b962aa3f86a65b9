# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors
#
# Turn QEMU's trace of register accesses into nic-registers.log: the NICs' steering tag
# registers and MSI-X tables only, one access a line:
#   SECONDS BDF write|read NAME VALUE (OFFSET, cpu N)
#
# First input: lines "bar BDF NUMBER START END" that the VM reports about its ports.
# Second input: lines of QEMU's memory_region_ops_write and _read trace events.
# Addresses are of at most 32 bits here, which fits every awk's numbers.

function number(hex, n, i)
{
	n = 0
	hex = tolower(hex)
	for (i = 3; i <= length(hex); i++)
		n = 16 * n + index("0123456789abcdef", substr(hex, i, 1)) - 1
	return n
}

# The name of a register that each of 16 queues has, from BASE on, and queues 0 to 3 at a second
# address each, from LOW on: 0x2814 and 0xC014 for RXCTL, 0x2828 and 0xC028 for RXDCTL, and those
# of Tx.
function queue_register(offset, low, base, name)
{
	if (offset >= low && offset <= low + 768 && (offset - low) % 256 == 0)
		return name "[" (offset - low) / 256 "]"
	if (offset >= base && offset <= base + 960 && (offset - base) % 64 == 0)
		return name "[" (offset - base) / 64 "]"
	return ""
}

# The register's name, "" for one that is not wanted.
function nic_register(offset)
{
	if (offset == 0)
		return "CTRL"
	if (offset == 23412) # 0x5B74
		return "DCA_CTRL"
	return queue_register(offset, 10260, 49172, "RXCTL") queue_register(offset, 10280, 49192, "RXDCTL") \
		queue_register(offset, 14356, 57364, "TXCTL") queue_register(offset, 14376, 57384, "TXDCTL")
}

function msix_register(offset)
{
	return "MSIX[" int(offset / 16) "]." msix_field[int(offset % 16 / 4)]
}

BEGIN {
	split("addr_lo addr_hi data ctrl", fields)
	for (i = 1; i <= 4; i++)
		msix_field[i - 1] = fields[i]
}

$1 == "bar" {
	bars++
	bar_bdf[bars] = $2
	bar_start[bars] = number($4)
	bar_end[bars] = number($5)
	next
}

/:memory_region_ops_(read|write) / {
	if (!match($0, /name '[^']*'/))
		next
	region = substr($0, RSTART + 6, RLENGTH - 7)
	if (region != "igb-mmio" && region != "msix-table")
		next
	op = $1 ~ /_write$/ ? "write" : "read"
	if (region == "msix-table" && op == "read")
		next
	# PID@SECONDS:EVENT cpu N mr POINTER addr A value V size S name 'NAME'
	split($1, head, /[@:]/)
	address = number($7)
	bdf = ""
	for (i = 1; i <= bars && bdf == ""; i++) {
		if (address >= bar_start[i] && address <= bar_end[i]) {
			bdf = bar_bdf[i]
			offset = address - bar_start[i]
		}
	}
	if (bdf == "")
		next
	name = region == "msix-table" ? msix_register(offset) : nic_register(offset)
	if (name == "")
		next
	if (start == "")
		start = head[2]
	printf "%.6f %s %s %s 0x%08x (0x%04x, cpu %s)\n", head[2] - start, bdf, op, name,
		number($9), offset, $3
}
