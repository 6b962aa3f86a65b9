#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Write the VM's table of processors (MADT), in which UIDs are unlike CPU numbers.

usage: madt.py CPUS XOR >FILE

CPU n has the ACPI processor UID n ^ XOR; all else is as in the table of QEMU's q35
(ACPI specification, "Multiple APIC Description Table"). Linux takes it in place of
that one for its ids and its higher OEM revision.
"""

import struct
import sys

OEM = b"BOCHS ", b"BXPC    "
OEM_REVISION = 2  # QEMU's is 1
LEVEL_HIGH = 0x000D


def processor(cpu: int, uid: int) -> bytes:
    """An enabled processor, whose local APIC has the CPU's number."""
    return struct.pack("<BBBBI", 0, 8, uid, cpu, 1)


def interrupt(source: int, target: int, flags: int) -> bytes:
    """An ISA interrupt that is another one at the I/O APIC, or of another kind."""
    return struct.pack("<BBBBIH", 2, 10, 0, source, target, flags)


def table(cpus: int, xor: int) -> bytes:
    """The table, checksum included."""
    body = struct.pack("<II", 0xFEE00000, 1)
    body += b"".join(processor(cpu, cpu ^ xor) for cpu in range(cpus))
    body += struct.pack("<BBBBII", 1, 12, 0, 0, 0xFEC00000, 0)
    body += interrupt(0, 2, 0)
    body += b"".join(interrupt(irq, irq, LEVEL_HIGH) for irq in (5, 9, 10, 11))
    body += struct.pack("<BBBHB", 4, 6, 0xFF, 0, 1)
    head = struct.pack("<4sIBB6s8sI4sI", b"APIC", 36 + len(body), 3, 0, *OEM, OEM_REVISION,
                       b"TPH ", 1)
    checksum = -sum(head + body) % 256
    return head[:9] + bytes([checksum]) + head[10:] + body


if __name__ == "__main__":
    sys.stdout.buffer.write(table(int(sys.argv[1]), int(sys.argv[2], 0)))
