#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Write ACPI tables that replace those of QEMU in a kernel's eyes.

usage: acpi-tables.py [--dsdt] [--booted] DIRECTORY XOR QEMU [ARGUMENT...]

QEMU makes its tables when it starts. They are read from it without booting
anything, changed and written to DIRECTORY, for the kernel to take from the
initrd (CONFIG_ACPI_TABLE_UPGRADE), which it does as their OEM revision is higher.
With --booted they are read when UEFI has set up PCI, as QEMU makes them anew then;
ARGUMENTs must bring all PCI devices along.

  apic.aml  the table of processors (MADT), in which CPU n, counted in the order of the
            table, has the ACPI processor UID n ^ XOR
  pptt.aml  the topology of processors, if there is one, with the same UIDs
  dsdt.aml  with --dsdt: the host bridges' own _DSM is called QDSM and processors are no
            longer such, which makes room for others, see tph.asl and arm64.sh
"""

import base64
import re
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Length of a table's header, and places in it
HEADER, CHECKSUM, OEM_REVISION = 36, 9, 24

# Where fw_cfg's DMA address register is, a port or an address in memory, and RAM
# for its requests and answers.
DMA = {"x86_64": ("out", 0x514, 0x100000), "aarch64": ("write", 0x9020010, 0x40000000)}
TABLES = "etc/acpi/tables"
FILE_DIRECTORY = 0x19
DMA_READ, DMA_SELECT = 0x2, 0x8
LOADER_CHECKSUM = 3

# UEFI clears the screen of its console when PCI is set up and the tables were read, and then
# finds nothing to boot. An emulated machine on a busy one takes its time.
SCREEN_CLEARED = b"\x1b[2J"
UEFI_LIMIT_S = 300

# Entries of the MADT that stand for a CPU: length of the UID and its place.
LOCAL_APIC, LOCAL_X2APIC, GICC = 0, 9, 11
UID_FIELD = {LOCAL_APIC: ("<B", 2), LOCAL_X2APIC: ("<I", 12), GICC: ("<I", 8)}

# Nodes of the PPTT
PROCESSOR, PROCESSOR_HAS_UID = 0, 0x2

# AML: a method's opcode, the length of it in one to four bytes, its name
METHOD_DSM = re.compile(rb"\x14(?:[\x00-\x3f]|[\x40-\x7f].|[\x80-\xbf]..|[\xc0-\xff]...)_DSM",
                        re.DOTALL)


class Firmware:
    """The firmware configuration device of a QEMU that does not run, or only UEFI."""

    def __init__(self, command: list[str], booted: bool) -> None:
        machine = command[0].rsplit("-", 1)[-1]
        self.access, self.register, self.ram = DMA[machine]
        with tempfile.NamedTemporaryFile() as console:
            # pylint: disable-next=consider-using-with
            self.qemu = subprocess.Popen(
                [*command, *([] if booted else ["-S"]), "-accel", "tcg", "-qtest", "stdio",
                 "-qtest-log", "/dev/null", "-nodefaults", "-display", "none",
                 "-serial", f"file:{console.name}"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            if booted:
                self.await_uefi(Path(console.name))

    def await_uefi(self, console: Path) -> None:
        """Wait until UEFI has set up PCI."""
        end = time.monotonic() + UEFI_LIMIT_S
        while SCREEN_CLEARED not in console.read_bytes():
            if self.qemu.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"UEFI does not get ready in {UEFI_LIMIT_S} s: {self.close()}")
            time.sleep(0.1)

    def ask(self, line: str) -> str:
        """One command of QEMU's test protocol; returns its answer."""
        assert self.qemu.stdin and self.qemu.stdout
        self.qemu.stdin.write(line + "\n")
        self.qemu.stdin.flush()
        answer = self.qemu.stdout.readline().split()
        if not answer or answer[0] != "OK":
            raise RuntimeError(f"QEMU answers '{' '.join(answer)}' to '{line}': {self.close()}")
        return answer[-1]

    def read(self, key: int, size: int) -> bytes:
        """The first bytes of an item."""
        data = self.ram + 0x1000
        request = struct.pack(">IIQ", key << 16 | DMA_SELECT | DMA_READ, size, data)
        self.ask(f"b64write {self.ram:#x} {len(request)} {base64.b64encode(request).decode()}")
        for offset, half in ((0, 0), (4, self.ram)):
            swapped = int.from_bytes(half.to_bytes(4, "big"), "little")
            self.ask(f"{self.access}l {self.register + offset:#x} {swapped:#x}")
        [left] = struct.unpack(">I", base64.b64decode(self.ask(f"b64read {self.ram:#x} 4")))
        if left != 0:
            raise RuntimeError(f"QEMU does not give item {key:#x}")
        return base64.b64decode(self.ask(f"b64read {data:#x} {size}"))

    def file(self, wanted: str) -> bytes:
        """A file by its name."""
        [count] = struct.unpack(">I", self.read(FILE_DIRECTORY, 4))
        listing = self.read(FILE_DIRECTORY, 4 + 64 * count)
        for size, key, name in struct.iter_unpack(">IH2x56s", listing[4:]):
            if name.rstrip(b"\0").decode() == wanted:
                return self.read(key, size)
        raise RuntimeError(f"QEMU has no {wanted}")

    def close(self) -> str:
        """End QEMU; what it had to complain of."""
        self.qemu.kill()
        return self.qemu.communicate()[1].strip()


def read_tables(command: list[str], booted: bool) -> dict[str, bytearray]:
    """The tables by signature, found where the loader is told to add a checksum."""
    firmware = Firmware(command, booted)
    try:
        blob, script = firmware.file(TABLES), firmware.file("etc/table-loader")
    finally:
        firmware.close()
    tables = {}
    for entry in range(0, len(script), 128):
        kind, name, _, start, length = struct.unpack_from("<I56sIII", script, entry)
        if kind == LOADER_CHECKSUM and name.rstrip(b"\0") == TABLES.encode():
            table = bytearray(blob[start:start + length])
            tables[table[:4].decode("ascii", "replace")] = table
    return tables


def write_table(table: bytearray, path: Path) -> None:
    """Write a table as one that is newer."""
    [revision] = struct.unpack_from("<I", table, OEM_REVISION)
    struct.pack_into("<I", table, OEM_REVISION, revision + 1)
    table[CHECKSUM] = 0
    table[CHECKSUM] = -sum(table) & 0xff
    path.write_bytes(table)


def renumber(madt: bytearray, xor: int) -> None:
    """Give each CPU of the MADT its UID."""
    cpu, place = 0, HEADER + 8
    while place < len(madt):
        kind, length = madt[place], madt[place + 1]
        if kind in UID_FIELD:
            field, offset = UID_FIELD[kind]
            struct.pack_into(field, madt, place + offset, cpu ^ xor)
            cpu += 1
        place += length


def renumber_topology(pptt: bytearray, xor: int) -> None:
    """Give each CPU of the PPTT its UID; in QEMU's own it is the CPU's number."""
    place = HEADER
    while place < len(pptt):
        kind, length, flags, uid = struct.unpack_from("<BB2xI4xI", pptt, place)
        if kind == PROCESSOR and flags & PROCESSOR_HAS_UID:
            struct.pack_into("<I", pptt, place + 12, uid ^ xor)
        place += length


def make_room(dsdt: bytearray) -> None:
    """Make room for a _DSM of each host bridge and for processors."""
    methods = list(METHOD_DSM.finditer(dsdt))
    if not methods:
        raise RuntimeError("no method _DSM in QEMU's DSDT")
    for method in methods:
        dsdt[method.end() - 4:method.end()] = b"QDSM"
    for device in list(re.finditer(rb"ACPI0007\0", dsdt)):
        dsdt[device.start():device.end()] = b"QEMU0007\0"


def main() -> int:
    """Read, change, write."""
    args = sys.argv[1:]
    options = set()
    while args and args[0] in ("--dsdt", "--booted"):
        options.add(args.pop(0))
    if len(args) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    directory, xor = Path(args[0]), int(args[1], 0)
    try:
        tables = read_tables(args[2:], "--booted" in options)
        renumber(tables["APIC"], xor)
        write_table(tables["APIC"], directory / "apic.aml")
        if "PPTT" in tables:
            renumber_topology(tables["PPTT"], xor)
            write_table(tables["PPTT"], directory / "pptt.aml")
        if "--dsdt" in options:
            make_room(tables["DSDT"])
            write_table(tables["DSDT"], directory / "dsdt.aml")
    except (OSError, KeyError, RuntimeError) as error:
        print(f"acpi-tables.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
