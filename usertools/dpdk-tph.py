#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Tell whether this machine can do PCIe TPH, and what the next step is.

One file, as every tool in this directory is, so that it can be copied to the
machine in question. It binds nothing and changes nothing, but for "follow" and "unfollow",
which have a running application bind its queues to where they are polled.
"""

import argparse
import json
import os
import platform
import re
import socket
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple

# Configuration space, names as in linux/pci_regs.h.
CFG_SIZE, CFG_EXT_SIZE, CFG_USER_SIZE = 256, 4096, 64
PCI_STATUS, PCI_STATUS_CAP_LIST = 0x06, 0x10
PCI_CLASS, PCI_HEADER_TYPE, PCI_SECONDARY_BUS, PCI_CAPABILITY_LIST = 0x0a, 0x0e, 0x19, 0x34
PCI_CAP_ID_EXP, PCI_CAP_ID_MSIX, PCI_EXT_CAP_ID_TPH = 0x10, 0x11, 0x17
PCI_EXP_FLAGS, PCI_EXP_DEVCAP2 = 0x02, 0x24
TPH_CAP, TPH_CTRL, TPH_TABLE, TPH_TABLE_MAX = 0x04, 0x08, 0x0c, 64

NETWORK_CLASS, BRIDGE_CLASS = 0x02, 0x06

# Device/Port Type of the PCI Express Capabilities register.
KINDS = {
    0: "endpoint", 1: "legacy endpoint", 4: "root port", 5: "switch upstream port",
    6: "switch downstream port", 7: "bridge to PCI", 8: "bridge from PCI",
    9: "integrated endpoint", 10: "event collector",
}
TABLES = ("none", "capability", "msix", "reserved")
MODES = ("no-st", "iv", "ds")

# Kernel drivers that DPDK works beside: the device is never bound to VFIO.
BIFURCATED = ("mlx4_core", "mlx5_core", "mana")
STOCK_DRIVER, TPH_DRIVER = "vfio-pci", "tph-vfio-pci"

# What keeps a mode or tags away: bits of "why" in linux/vfio_pci_tph.h.
WHY = ("no-completer", "policy", "no-firmware", "bad-firmware", "no-tag-mode", "no-table",
       "no-prefixes")

# Every state a function can be in: what is the matter, and the one next step.
STATES = {
    "ready": ("the platform names steering tags and a mode can be enabled", ""),
    "capable": ("device and root port can do it",
                "run this tool on that machine: driver, IOMMU and firmware are in no dump"),
    "bridge": ("a bridge, which no driver of DPDK takes", "look at the functions below it"),
    "not-root": ("the kernel shows {size} bytes of config space without root",
                 "run this tool as root"),
    "truncated": ("the dump has {size} bytes of config space and no text about TPH",
                  "dump with lspci -vvv -xxxx as root"),
    "unstated": ("the dump names the capability, not what is in it",
                 "dump with lspci -vvv -xxxx as root"),
    "asleep": ("config space does not answer: powered down, or gone from the bus",
               "wake it up: echo on > /sys/bus/pci/devices/{bdf}/power/control"),
    "no-extended-space": ("the kernel reaches no extended config space of this PCIe function",
                          "see to the MCFG table of the firmware; in a VM take a machine"
                          " type with PCIe (QEMU: q35)"),
    "no-capability": ("no TPH Requester capability",
                      "take another NIC, or look whether newer firmware of it brings TPH"),
    "no-tag-mode": ("the device offers no mode that takes steering tags",
                    "take another NIC, or look whether newer firmware of it brings one"),
    "no-root-port": ("no root port above it is visible, as in most VMs",
                     "run on the host, or put a root port above it in the VM"),
    "unknown-root-port": ("the root port above it is not in the dump",
                          "dump the whole machine, root ports too: lspci -vvv -xxxx as root"),
    "no-completer": ("root port {port} does not complete TPH requests",
                     "look for a TPH switch in the firmware set-up, or use a slot below"
                     " another root port"),
    "notph": ("pci=notph is on the kernel command line", "boot without it"),
    "module-notph": ("the module was loaded with notph", "load it anew without"),
    "bifurcated": ("DPDK shares this NIC with {driver}, which passes on no TPH",
                   "use an interface of {driver}, or another NIC"),
    "no-iommu": ("the IOMMU is off, so VFIO cannot take the device",
                 "switch VT-d, AMD-Vi or SMMU on in the firmware set-up; on Intel boot with"
                 " intel_iommu=on"),
    "no-module": ("tph-vfio-pci is not installed for Linux {release}",
                  "make -C kernel/linux/tph_vfio_pci install, or its DKMS package"),
    "not-loaded": ("tph-vfio-pci is installed and not loaded", "modprobe tph-vfio-pci"),
    "stock-driver": ("vfio-pci has no interface for TPH",
                     "dpdk-devbind.py --bind={wanted} {bdf}"),
    "other-driver": ("bound to {driver}", "dpdk-devbind.py --bind={wanted} {bdf}"),
    "no-driver": ("bound to no driver", "dpdk-devbind.py --bind={wanted} {bdf}"),
    "no-interface": ("{driver} has the device and offers no TPH for it",
                     "see the kernel log, dmesg | grep {bdf}; if it is silent, install the"
                     " module of this release"),
    "policy": ("ds_mode=never forbids the only mode this device has",
               "modprobe -r tph-vfio-pci; modprobe tph-vfio-pci ds_mode=rawio"),
    "rawio": ("its only mode takes CAP_SYS_RAWIO, which this user has not",
              "run the application with that capability, or load the module with"
              " ds_mode=always"),
    "no-mode": ("the module can enable no mode (why=0x{why:x})",
                "see the kernel log: dmesg | grep {bdf}"),
    "no-firmware": ("the firmware names no steering tags for this host bridge",
                    "look for a TPH or SDCI switch in the firmware set-up, or update it"),
    "bad-firmware": ("the firmware answers badly when asked for steering tags",
                     "update the firmware, and report it to its vendor"),
}


def bits(value: int, high: int, low: int) -> int:
    """A field of a register."""
    return value >> low & ((1 << (high - low + 1)) - 1)


# Config space: bytes of a device, which may be few, asleep, or made by an enemy.


class ConfigSpace:
    """As many bytes from the start of configuration space as could be read."""

    def __init__(self, data: bytes, full_size: int = CFG_EXT_SIZE) -> None:
        self.data = data
        # What there would be to read for root.
        self.full_size = full_size

    def read(self, offset: int, size: int) -> Optional[int]:
        """A little-endian number, None beyond the end."""
        if offset < 0 or offset + size > len(self.data):
            return None
        return int.from_bytes(self.data[offset:offset + size], "little")

    def asleep(self) -> bool:
        """Nobody answers. The ids alone do not tell: those of a virtual function are all ones."""
        return not self.data[:CFG_USER_SIZE].strip(b"\xff")


class Chain(NamedTuple):
    """Offsets of capabilities by id, the first of each, as the kernel finds them."""

    found: Dict[int, int]
    # Every place where a capability starts.
    offsets: List[int]
    # The end of the chain was seen.
    complete: bool
    problems: List[str]


def walk_standard(cfg: ConfigSpace) -> Chain:
    """Follow the capabilities in the first 256 bytes."""
    chain = Chain({}, [], True, [])
    status = cfg.read(PCI_STATUS, 2)
    kind = cfg.read(PCI_HEADER_TYPE, 1)
    if status is None or kind is None:
        return chain._replace(complete=False)
    if not status & PCI_STATUS_CAP_LIST:
        return chain
    # CardBus bridges have the pointer elsewhere, and no PCIe.
    if kind & 0x7f > 1:
        return chain
    pointer = cfg.read(PCI_CAPABILITY_LIST, 1)
    while True:
        # The lowest two bits are reserved and masked by everyone.
        offset = None if pointer is None else pointer & 0xfc
        if offset is None:
            return chain._replace(complete=False)
        if offset < 0x40:
            if offset:
                chain.problems.append(f"capability pointer 0x{offset:x} points into the header")
            return chain
        if offset in chain.offsets:
            chain.problems.append(f"capabilities loop at 0x{offset:x}")
            return chain
        cap_id = cfg.read(offset, 1)
        if cap_id is None:
            return chain._replace(complete=False)
        if cap_id == 0xff:
            chain.problems.append(f"capability at 0x{offset:x} reads as all ones")
            return chain
        chain.offsets.append(offset)
        chain.found.setdefault(cap_id, offset)
        pointer = cfg.read(offset + 1, 1)


def walk_extended(cfg: ConfigSpace) -> Chain:
    """Follow the capabilities from 0x100 on."""
    chain = Chain({}, [], True, [])
    offset = CFG_SIZE
    while True:
        header = cfg.read(offset, 4)
        if header is None:
            return chain._replace(complete=False)
        if header == 0xffffffff:
            chain.problems.append(f"extended capability at 0x{offset:x} reads as all ones")
            return chain
        # No capability at all is one with neither id, version nor successor.
        if header == 0:
            return chain
        chain.offsets.append(offset)
        chain.found.setdefault(bits(header, 15, 0), offset)
        successor = bits(header, 31, 20) & 0xffc
        if successor < CFG_SIZE:
            if successor:
                chain.problems.append(f"extended capability at 0x{offset:x} points back to"
                                      f" 0x{successor:x}")
            return chain
        if successor in chain.offsets:
            chain.problems.append(f"extended capabilities loop at 0x{successor:x}")
            return chain
        offset = successor


class Tph(NamedTuple):
    """The TPH Requester capability; None is what could not be learnt."""

    offset: Optional[int]
    modes: Optional[Tuple[str, ...]]
    table: Optional[str]
    entries: Optional[int]
    extended: Optional[bool]
    enabled: Optional[str] = None

    def takes_tags(self) -> bool:
        """Interrupt-vector mode is of use with a table only, where the kernel puts the tags."""
        modes = self.modes or ()
        return "ds" in modes or ("iv" in modes and self.table in ("capability", "msix"))


class Function:
    """A PCI function, and what is known of it."""

    def __init__(self, bdf: str) -> None:
        self.bdf = bdf
        self.ids = ""
        self.dev_class: Optional[int] = None
        self.bridge = False
        # What of the PCI Express capability matters; "" if it has none.
        self.kind: Optional[str] = None
        self.completer: Optional[int] = None
        self.prefixes: Optional[bool] = None
        # Whether there is a TPH Requester capability, and what is in it.
        self.has_tph: Optional[bool] = None
        self.tph: Optional[Tph] = None
        self.problems: List[str] = []
        # The state that says why something is not known.
        self.unread: Optional[str] = None
        self.size = 0
        # From the bridge right above it to the root port, if all of them are known.
        self.parents: List["Function"] = []
        self.buses: Optional[Tuple[int, int]] = None
        self.driver: Optional[str] = None
        self.numa: Optional[int] = None
        self.iommu_group: Optional[str] = None
        self.module: Optional["ModuleFacts"] = None

    def root_port(self) -> Optional["Function"]:
        """The root port that its requests go through: the first above it, as for the kernel."""
        ports = [port for port in [self, *self.parents] if port.kind == "root port"]
        return ports[0] if ports else None

    def integrated(self) -> bool:
        """It is part of the root complex and has no port above it."""
        return self.kind == "integrated endpoint"

    def tag_bits(self) -> Optional[int]:
        """Width of the tags that device, path and root port can have in use."""
        port = self.root_port()
        if self.tph is None or self.tph.extended is None:
            return None
        if not self.tph.extended:
            return 8
        if self.integrated():
            return 16
        if port is None or port.completer is None:
            return None
        if port.completer != 3:
            return 8
        # 16-bit tags travel in an end-end prefix, which every hop must forward.
        hops = [hop.prefixes for hop in [self, *self.parents]]
        if False in hops:
            return 8
        return None if None in hops else 16


def decode_express(fn: Function, cfg: ConfigSpace, offset: int) -> None:
    """Read the PCI Express capability."""
    flags = cfg.read(offset + PCI_EXP_FLAGS, 2)
    if flags is None:
        return
    fn.kind = KINDS.get(bits(flags, 7, 4), "of reserved type")
    # Device Capabilities 2 came with version 2 of the capability.
    cap2 = 0 if bits(flags, 3, 0) < 2 else cfg.read(offset + PCI_EXP_DEVCAP2, 4)
    if cap2 is not None:
        fn.completer = bits(cap2, 13, 12)
        fn.prefixes = bool(bits(cap2, 21, 21))


def decode_tph(fn: Function, cfg: ConfigSpace, chain: Chain, msix: Optional[int]) -> None:
    """Read the TPH Requester capability."""
    offset = chain.found[PCI_EXT_CAP_ID_TPH]
    if offset + TPH_TABLE > CFG_EXT_SIZE:
        fn.problems.append(f"TPH capability at 0x{offset:x} does not fit config space")
        fn.has_tph = False
        return
    fn.has_tph = True
    cap, ctrl = cfg.read(offset + TPH_CAP, 4), cfg.read(offset + TPH_CTRL, 4)
    if cap is None:
        fn.tph = Tph(offset, None, None, None, None)
        return
    modes = tuple(name for i, name in enumerate(MODES) if cap >> i & 1)
    table = TABLES[bits(cap, 10, 9)]
    entries: Optional[int] = 0
    if table == "capability":
        entries = bits(cap, 26, 16) + 1
        check_table(fn, offset, entries, chain)
    elif table == "msix":
        control = None if msix is None else cfg.read(msix + 2, 2)
        entries = None if control is None else bits(control, 10, 0) + 1
    elif table == "reserved":
        fn.problems.append("reserved location of the ST table")
    enabled = None
    if ctrl is not None:
        enabled = "off" if not bits(ctrl, 9, 8) else (MODES + ("reserved",) * 5)[bits(ctrl, 2, 0)]
    fn.tph = Tph(offset, modes, table, entries, bool(bits(cap, 8, 8)), enabled)


def check_table(fn: Function, offset: int, entries: int, chain: Chain) -> None:
    """A table ends before the next capability and has at most 64 entries."""
    limit = min([place for place in chain.offsets if place > offset], default=CFG_EXT_SIZE)
    if entries > TPH_TABLE_MAX:
        fn.problems.append(f"ST table of {entries} entries, the specification allows"
                           f" {TPH_TABLE_MAX}")
    if offset + TPH_TABLE + 2 * entries > limit:
        fn.problems.append(f"ST table of {entries} entries runs into 0x{limit:x}")


def decode(fn: Function, cfg: ConfigSpace) -> None:
    """Learn what configuration space tells."""
    fn.size = len(cfg.data)
    vendor, device = cfg.read(0, 2), cfg.read(2, 2)
    if cfg.asleep():
        fn.unread = "asleep"
        return
    if vendor is not None and device is not None:
        fn.ids = f"{vendor:04x}:{device:04x}"
    dev_class = cfg.read(PCI_CLASS + 1, 1)
    if dev_class is not None:
        fn.dev_class = dev_class
    fn.bridge = dev_class == BRIDGE_CLASS or (cfg.read(PCI_HEADER_TYPE, 1) or 0) & 0x7f == 1
    if (cfg.read(PCI_HEADER_TYPE, 1) or 0) & 0x7f == 1:
        secondary = cfg.read(PCI_SECONDARY_BUS, 2)
        if secondary is not None:
            fn.buses = (secondary & 0xff, secondary >> 8)

    standard = walk_standard(cfg)
    fn.problems += standard.problems
    express = standard.found.get(PCI_CAP_ID_EXP)
    if express is None:
        # Conventional PCI has no extended configuration space.
        fn.kind, fn.has_tph = ("", False) if standard.complete else (None, None)
        fn.unread = None if standard.complete else "truncated"
        return
    decode_express(fn, cfg, express)
    if cfg.full_size <= CFG_SIZE and len(cfg.data) >= CFG_SIZE:
        fn.unread = "no-extended-space"
        return
    extended = walk_extended(cfg)
    fn.problems += extended.problems
    if PCI_EXT_CAP_ID_TPH in extended.found:
        decode_tph(fn, cfg, extended, standard.found.get(PCI_CAP_ID_MSIX))
        if fn.tph is not None and fn.tph.modes is None:
            fn.unread = "truncated"
    elif extended.complete:
        fn.has_tph = False
    else:
        fn.unread = "truncated"


# What lspci prints of another machine.


BDF_LINE = re.compile(r"((?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])\s+(\S.*)", re.ASCII)
HEX_LINE = re.compile(r"([0-9a-f]{2,3}):((?: [0-9a-f]{2}){1,16})", re.ASCII)
CAP_LINE = re.compile(r"\s+Capabilities: \[([0-9a-f]+)(?: v\d+)?\] (.*)", re.ASCII)
NETWORK_NAMES = re.compile(r"(Ethernet|Network|Infiniband|Fabric|Token ring network|FDDI network"
                           r"|ATM network|ISDN) controller", re.ASCII)


def full_bdf(text: str) -> str:
    """The address with its domain."""
    return text if text.count(":") == 2 else "0000:" + text


class DumpSection:
    """The lines about one function."""

    def __init__(self, bdf: str, title: str) -> None:
        self.bdf = full_bdf(bdf)
        self.title = title
        self.lines: List[str] = []
        self.data = bytearray()

    def add(self, line: str) -> None:
        """Take in one more line."""
        match = HEX_LINE.fullmatch(line.rstrip())
        if match is None:
            self.lines.append(line)
        elif int(match.group(1), 16) == len(self.data) < CFG_EXT_SIZE:
            self.data += bytes.fromhex(match.group(2).replace(" ", ""))

    def flag(self, name: str) -> Optional[bool]:
        """Whether lspci says "name+" or "name-"."""
        for line in self.lines:
            match = re.search(r"(?<!\w)" + name + r"([+-])", line)
            if match is not None:
                return match.group(1) == "+"
        return None

    def text(self, pattern: str) -> Optional[str]:
        """What the first line that matches says."""
        for line in self.lines:
            match = re.search(pattern, line, re.ASCII)
            if match is not None:
                return match.group(1)
        return None


def read_tph_text(section: DumpSection) -> Optional[Tph]:
    """What lspci prints below the capability; it never prints "no ST" and the size."""
    lines: List[str] = []
    offset = None
    for line in section.lines:
        match = CAP_LINE.match(line)
        if match is not None:
            if offset is not None:
                break
            if match.group(2).startswith(("Transaction Processing Hints", "#17")):
                offset = int(match.group(1), 16)
        elif offset is not None:
            lines.append(line.strip())
    if offset is None:
        return None
    tables = {"No steering table available": "none", "Steering table in MSI-X table": "msix",
              "Steering table in TPH capability structure": "capability",
              "Reserved steering table location": "reserved"}
    table = next((tables[line] for line in lines if line in tables), None)
    if table is None:
        return Tph(offset, None, None, None, None)
    modes = [name for name, words in (("iv", "Interrupt vector mode supported"),
                                      ("ds", "Device specific mode supported")) if words in lines]
    entries: Optional[int] = None
    if table == "msix":
        count = section.text(r"\] MSI-X: Enable[+-] Count=(\d+)")
        entries = None if count is None else int(count)
    elif table != "capability":
        entries = 0
    return Tph(offset, tuple(modes), table, entries, "Extended requester support" in lines)


def read_text(fn: Function, section: DumpSection) -> None:
    """Fill in from the text what the bytes do not tell."""
    if fn.dev_class is None:
        # With the options -n, -nn, or without a list of names.
        number = re.search(r"(?:^|\[|Class )([0-9a-f]{2})[0-9a-f]{2}\]?:", section.title, re.ASCII)
        if number is not None:
            fn.dev_class = int(number.group(1), 16)
        elif NETWORK_NAMES.match(section.title):
            fn.dev_class = NETWORK_CLASS
    if fn.dev_class == BRIDGE_CLASS or section.title.startswith("PCI bridge"):
        fn.bridge = True
    ids = re.search(r"[0-9a-f]{4}:[0-9a-f]{4}(?!.*[0-9a-f]{4}:[0-9a-f]{4})", section.title, re.ASCII)
    if ids is not None:
        fn.ids = ids.group()
    if fn.kind is None:
        kind = section.text(r"\] Express (?:\(v\d+\) )?([A-Z][A-Za-z -]*[A-Za-z])")
        fn.kind = None if kind is None else {
            "Root Complex Integrated Endpoint": "integrated endpoint",
            "Upstream Port": "switch upstream port",
            "Downstream Port": "switch downstream port",
        }.get(kind, kind.lower())
    if fn.completer is None and section.flag("TPHComp") is not None:
        fn.completer = 3 if section.flag("ExtTPHComp") else int(bool(section.flag("TPHComp")))
    if fn.prefixes is None:
        fn.prefixes = section.flag("EETLPPrefix")
    if fn.buses is None:
        secondary = section.text(r"\sBus: .*secondary=([0-9a-f]{2})")
        last = section.text(r"\sBus: .*subordinate=([0-9a-f]{2})")
        if secondary is not None and last is not None:
            fn.buses = (int(secondary, 16), int(last, 16))
    fn.driver = section.text(r"^\s+Kernel driver in use: (\S+)")
    numa = section.text(r"^\s+NUMA node: (\d{1,9})$")
    fn.numa = None if numa is None else int(numa)
    read_text_tph(fn, section)


def read_text_tph(fn: Function, section: DumpSection) -> None:
    """Take the capability from the text if the bytes end before it."""
    if fn.unread not in (None, "truncated") or (fn.has_tph is not None and fn.unread is None):
        return
    tph = read_tph_text(section)
    places = [int(match.group(1), 16) for match in map(CAP_LINE.match, section.lines) if match]
    if tph is not None:
        fn.has_tph, fn.tph = True, tph
        fn.unread = "unstated" if tph.modes is None else None
    elif any(place >= CFG_SIZE for place in places):
        fn.has_tph, fn.unread = False, None
    else:
        fn.unread = "truncated"


def dump_sections(text: str) -> List[DumpSection]:
    """Split the text of lspci."""
    sections: List[DumpSection] = []
    for line in text.splitlines():
        match = BDF_LINE.fullmatch(line)
        if match is not None:
            sections.append(DumpSection(match.group(1), match.group(2)))
        elif sections and not line.startswith("#"):
            sections[-1].add(line)
    return sections


def read_dump(text: str) -> List[Function]:
    """The functions of another machine."""
    functions = []
    for section in dump_sections(text):
        fn = Function(section.bdf)
        if section.data:
            decode(fn, ConfigSpace(bytes(section.data)))
        if fn.unread != "asleep":
            read_text(fn, section)
        functions.append(fn)
    for fn in functions:
        fn.parents = dump_parents(fn, functions)
    return functions


def dump_parents(fn: Function, functions: Sequence[Function]) -> List[Function]:
    """The bridges above a function, by the bus numbers they lead to."""
    domain, bus = fn.bdf.split(":")[0], int(fn.bdf.split(":")[1], 16)
    above = []
    for bridge in functions:
        if bridge.buses is None or bridge.bdf.split(":")[0] != domain or bridge is fn:
            continue
        first, last = bridge.buses
        # Its own bus is not below a bridge, whatever hostile bytes say.
        if 0 < first <= bus <= last and not first <= int(bridge.bdf.split(":")[1], 16) <= last:
            above.append((last - first, first, bridge))
    above.sort(key=lambda item: (item[0], -item[1], item[2].bdf))
    return [bridge for _, _, bridge in above]


# This machine.


class ModuleFacts(NamedTuple):
    """What the kernel module says of a device that is bound to it."""

    modes: Tuple[str, ...]
    why: int

    def tags(self) -> bool:
        """Whether the platform names steering tags."""
        return not {"no-firmware", "bad-firmware"} & set(self.reasons())

    def reasons(self) -> List[str]:
        """The names of the bits of why."""
        return [name for i, name in enumerate(WHY) if self.why >> i & 1]


def read_file(path: Path) -> str:
    """The content of a small file, "" if there is none."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def link_name(path: Path) -> Optional[str]:
    """The last part of what a link points to."""
    try:
        return os.path.basename(os.readlink(str(path)))
    except OSError:
        return None


def kernel_words(line: str) -> Iterator[str]:
    """The words of a kernel command line, by the kernel's rules for quotes."""
    for match in re.finditer(r'(?:"[^"]*"?|[^\s"])+', line):
        word = match.group()
        # What follows is for init.
        if word == "--":
            return
        yield word.replace('"', "")


class Machine:
    """This machine, as its kernel shows it."""

    DEVICES = Path("sys/bus/pci/devices")

    def __init__(self, root: Path = Path("/"), release: str = platform.release()) -> None:
        self.root = root
        self.release = release
        self.cmdline = read_file(root / "proc/cmdline")
        modules = root / "sys/module"
        self.loaded = (modules / "tph_vfio_pci").is_dir()
        # The module is built under the name of the stock driver as well.
        self.replaced = (modules / "vfio_pci/parameters/ds_mode").exists()
        name = "vfio_pci" if self.replaced else "tph_vfio_pci"
        self.module_notph = read_file(modules / name / "parameters/notph") == "Y"
        self.ds_mode = read_file(modules / name / "parameters/ds_mode")
        dependencies = read_file(root / "lib/modules" / release / "modules.dep")
        self.installed = re.search(r"(?m)^[^:]*\btph[-_]vfio[-_]pci\.ko", dependencies) is not None
        self.has_iommu = any((root / "sys/class/iommu").glob("*"))
        self.functions: Dict[str, Function] = {}

    def notph(self) -> bool:
        """Whether the kernel was told to leave TPH off."""
        return any("notph" in word[4:].split(",") for word in kernel_words(self.cmdline)
                   if word.startswith("pci="))

    def wanted_driver(self) -> str:
        """The driver to bind a device to."""
        return STOCK_DRIVER if self.replaced else TPH_DRIVER

    def addresses(self) -> List[str]:
        """All PCI functions, in order."""
        try:
            return sorted(os.listdir(str(self.root / self.DEVICES)))
        except OSError:
            return []

    def function(self, bdf: str) -> Function:
        """Learn what there is to know of a function and of the bridges above it."""
        if bdf in self.functions:
            return self.functions[bdf]
        fn = self.functions[bdf] = Function(bdf)
        path = self.root / self.DEVICES / bdf
        cfg = read_config(path)
        decode(fn, cfg)
        if fn.unread == "truncated" and len(cfg.data) <= CFG_USER_SIZE < cfg.full_size:
            fn.unread = "not-root"
        # The kernel knows them even if the function sleeps or is a virtual one.
        ids = read_file(path / "vendor")[2:] + ":" + read_file(path / "device")[2:]
        if re.fullmatch(r"[0-9a-f]{4}:[0-9a-f]{4}", ids):
            fn.ids = ids
        class_text = read_file(path / "class")
        if re.fullmatch(r"0x[0-9a-f]{6}", class_text):
            fn.dev_class = int(class_text, 16) >> 16
        fn.driver = link_name(path / "driver")
        fn.iommu_group = link_name(path / "iommu_group")
        numa = read_file(path / "numa_node")
        fn.numa = int(numa) if re.fullmatch(r"\d{1,9}", numa) else None
        fn.module = read_module_facts(path)
        fn.parents = [self.function(parent) for parent in parents_of(path)]
        return fn


def read_config(path: Path) -> ConfigSpace:
    """The configuration space of a function."""
    config = path / "config"
    try:
        full_size = config.stat().st_size
        with config.open("rb") as file:
            return ConfigSpace(file.read(CFG_EXT_SIZE), full_size)
    except OSError:
        return ConfigSpace(b"")


def parents_of(path: Path) -> List[str]:
    """The addresses of the bridges above a function, nearest first."""
    parts = list(path.resolve().parts[:-1])
    above: List[str] = []
    while parts and re.fullmatch(r"[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]", parts[-1]):
        above.append(parts.pop())
    return above


def read_module_facts(path: Path) -> Optional[ModuleFacts]:
    """The attributes that the module makes in the directory of a device."""
    why = read_file(path / "tph_why")
    if not re.fullmatch(r"0x[0-9a-f]{1,8}", why):
        return None
    modes = read_file(path / "tph_modes").split()
    return ModuleFacts(tuple(mode for mode in modes if mode in MODES), int(why, 16))


# The verdict: what stands in the way first, in the order in which a user would meet it.


class Verdict(NamedTuple):
    """The state of a function."""

    state: str
    text: str
    step: str


def hardware_state(fn: Function) -> Optional[str]:
    """What of device and root port is in the way."""
    if fn.bridge:
        return "bridge"
    if fn.unread is not None:
        return fn.unread
    if not fn.has_tph or fn.tph is None:
        return "no-capability"
    if not fn.tph.takes_tags():
        return "no-tag-mode"
    if fn.integrated():
        return None
    port = fn.root_port()
    if port is not None and port.completer is not None:
        # The value 2 is reserved: nobody knows what it means.
        return None if port.completer in (1, 3) else "no-completer"
    return "unknown-root-port" if port is None else port.unread or "unknown-root-port"


def module_state(facts: ModuleFacts, ds_mode: str) -> str:
    """What the module says is in the way, of this user."""
    reasons = facts.reasons()
    if not facts.modes:
        for reason in ("no-completer", "no-tag-mode"):
            if reason in reasons:
                return reason
        if "policy" in reasons:
            return "policy" if ds_mode == "never" else "rawio"
        return "no-mode"
    if not facts.tags():
        return "bad-firmware" if "bad-firmware" in reasons else "no-firmware"
    return "ready"


def machine_state(fn: Function, machine: Machine) -> str:
    """What of kernel, module and firmware is in the way."""
    if machine.notph():
        return "notph"
    if machine.module_notph:
        return "module-notph"
    if fn.driver in BIFURCATED:
        return "bifurcated"
    # On arm64 a function gets its group when a driver is bound to it.
    if fn.iommu_group is None and (fn.driver is not None or not machine.has_iommu):
        return "no-iommu"
    if fn.module is not None:
        return module_state(fn.module, machine.ds_mode)
    if fn.driver == TPH_DRIVER or (fn.driver == STOCK_DRIVER and machine.replaced):
        return "no-interface"
    if not machine.loaded and not machine.replaced:
        return "not-loaded" if machine.installed else "no-module"
    if fn.driver == STOCK_DRIVER:
        return "stock-driver"
    return "no-driver" if fn.driver is None else "other-driver"


def judge(fn: Function, machine: Optional[Machine]) -> Verdict:
    """The verdict on a function; without a machine it comes from a dump."""
    state = hardware_state(fn)
    if machine is not None:
        if state == "unknown-root-port":
            state = "no-root-port"
        # The module says it to everyone; configuration space is for root.
        if state is None or (state == "not-root" and fn.module is not None):
            state = machine_state(fn, machine)
    port = fn.root_port()
    state = state or "capable"
    words = {
        "bdf": fn.bdf, "driver": fn.driver or "no driver", "size": fn.size,
        "port": port.bdf if port is not None else "above it",
        "release": machine.release if machine is not None else "",
        "wanted": machine.wanted_driver() if machine is not None else TPH_DRIVER,
        "why": fn.module.why if fn.module is not None else 0,
    }
    text, step = STATES[state]
    return Verdict(state, text.format(**words), step.format(**words))


# Output.


def tph_text(fn: Function) -> str:
    """The capability in words."""
    if fn.has_tph is None:
        return "unknown"
    if not fn.has_tph:
        return "none"
    tph = fn.tph
    if tph is None or tph.modes is None:
        return "there, modes unknown"
    words = "modes " + (",".join(tph.modes) or "none")
    if tph.table in ("capability", "msix"):
        words += "; ST table in " + ("the capability" if tph.table == "capability" else "MSI-X")
        words += ", " + ("?" if tph.entries is None else str(tph.entries)) + " entries"
    else:
        words += f"; ST table: {tph.table}"
    words += "; tags of " + ("16 bits" if tph.extended else "8 bits")
    if tph.enabled not in (None, "off"):
        words += f"; {tph.enabled} is enabled"
    return words


def path_text(fn: Function) -> str:
    """The way to the root port in words."""
    if fn.integrated():
        return "integrated endpoint, needs none"
    port = fn.root_port()
    if port is None:
        return "unknown"
    words = {None: "TPH completer unknown", 0: "does not complete TPH",
             1: "completes TPH, 8-bit tags", 2: "reserved TPH completer value",
             3: "completes TPH, 8-bit and 16-bit tags"}[port.completer]
    between = len(fn.parents) - 1
    if between > 0:
        words += f", {between} switch port{'s' if between > 1 else ''} on the way"
    if fn.tph is not None and fn.tph.extended and port.completer == 3 and fn.tag_bits() == 8:
        words += ", end-end prefixes not forwarded: 8-bit tags"
    return f"{'itself' if port is fn else port.bdf} {words}"


def platform_text(fn: Function) -> str:
    """What the module says of the platform's tags, in words."""
    if fn.module is None:
        return "unknown until the module has the device"
    return "named" if fn.module.tags() else "not named"


def print_function(fn: Function, verdict: Verdict, on_machine: bool) -> None:
    """Print what is known of a function."""
    print(f"{fn.bdf} {fn.ids or '-'} drv={fn.driver or '-'}"
          f" numa={'-' if fn.numa is None else fn.numa}"
          + (f" iommu_group={fn.iommu_group or '-'}" if on_machine else ""))
    print(f"  TPH:           {tph_text(fn)}")
    print(f"  Root port:     {path_text(fn)}")
    if on_machine and not fn.bridge:
        print(f"  Interface:     {'the ioctl of the module' if fn.module else 'none'}")
        print(f"  Platform tags: {platform_text(fn)}")
    for problem in fn.problems:
        print(f"  Broken:        {problem}")
    print(f"  {'Ready' if verdict.state in ('ready', 'capable') else 'Not ready'}:"
          f" {verdict.text} [{verdict.state}]")
    if verdict.step:
        print(f"  Next step: {verdict.step}")


def print_machine(machine: Machine) -> None:
    """Print what is the same for all functions."""
    module = "not installed"
    if machine.replaced:
        module = "loaded, in place of vfio-pci"
    elif machine.loaded:
        module = "loaded"
    elif machine.installed:
        module = "installed, not loaded"
    if machine.ds_mode:
        module += f", ds_mode={machine.ds_mode}"
    print(f"Linux {machine.release}; pci=notph: {'yes' if machine.notph() else 'no'};"
          f" tph-vfio-pci: {module}\n")


def as_json(fn: Function, verdict: Verdict) -> Dict[str, Any]:
    """What is known of a function, null for what is not."""
    port = fn.root_port()
    return {
        "bdf": fn.bdf, "ids": fn.ids or None, "class": fn.dev_class, "kind": fn.kind,
        "driver": fn.driver, "numa_node": fn.numa, "iommu_group": fn.iommu_group,
        "has_tph": fn.has_tph,
        "tph": None if fn.tph is None else dict(fn.tph._asdict()),
        "tag_bits": fn.tag_bits(),
        "root_port": None if port is None else port.bdf,
        "root_port_completer": None if port is None else port.completer,
        "path": [{"bdf": hop.bdf, "kind": hop.kind, "end_end_prefixes": hop.prefixes}
                 for hop in fn.parents],
        "module": None if fn.module is None else {
            "modes": fn.module.modes, "platform_tags": fn.module.tags(),
            "why": fn.module.reasons()},
        "problems": fn.problems,
        "verdict": dict(verdict._asdict()),
    }


def report(functions: Sequence[Function], machine: Optional[Machine], json_wanted: bool) -> int:
    """Print the functions; 0 if one of them is ready, else 1."""
    verdicts = [judge(fn, machine) for fn in functions]
    if json_wanted:
        facts = None if machine is None else {
            "release": machine.release, "notph": machine.notph(), "loaded": machine.loaded,
            "installed": machine.installed, "replaces_vfio_pci": machine.replaced,
            "ds_mode": machine.ds_mode or None}
        print(json.dumps({"machine": facts,
                          "functions": list(map(as_json, functions, verdicts))}, indent=2))
    else:
        if machine is not None:
            print_machine(machine)
        for i, (fn, verdict) in enumerate(zip(functions, verdicts)):
            if i:
                print()
            print_function(fn, verdict, machine is not None)
    return 0 if any(verdict.state in ("ready", "capable") for verdict in verdicts) else 1


class ToolError(Exception):
    """What ends the tool with one line and status 2."""


def select(functions: Sequence[Function], args: argparse.Namespace) -> List[Function]:
    """The functions that the user wants to see."""
    if args.device is not None:
        wanted = full_bdf(args.device.lower())
        chosen = [fn for fn in functions if fn.bdf == wanted]
        if not chosen:
            raise ToolError(f"no PCI function {wanted}")
        return chosen
    if args.all:
        return list(functions)
    chosen = [fn for fn in functions if fn.dev_class == NETWORK_CLASS]
    if not chosen:
        raise ToolError("no network function; --all shows every PCI function")
    return chosen


def check(args: argparse.Namespace) -> int:
    """Look at this machine, or at a dump of another one."""
    if args.dump is None:
        machine = Machine()
        functions = [machine.function(bdf) for bdf in machine.addresses()]
        return report(select(functions, args), machine, args.json)
    try:
        if args.dump == "-":
            text = sys.stdin.buffer.read().decode("utf-8", "replace")
        else:
            text = Path(args.dump).read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise ToolError(f"{args.dump}: {error.strerror}") from error
    functions = read_dump(text)
    if not functions:
        raise ToolError(f"{args.dump}: no output of lspci in it")
    return report(select(functions, args), None, args.json)


# A running application, over its telemetry socket.

FOLLOW_WORDS = ("keep", "once", "all", "desc", "header", "payload")


class Telemetry:
    """The telemetry of a DPDK application."""

    def __init__(self, prefix: str, instance: int) -> None:
        name = "dpdk_telemetry.v2" + (f":{instance}" if instance else "")
        self.path = self.runtime_dir() / prefix / name
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.settimeout(10)
        try:
            self.socket.connect(str(self.path))
            self.max_len = int(json.loads(self.socket.recv(1024))["max_output_len"])
        except OSError as error:
            self.socket.close()
            raise ToolError(f"{self.path}: {error.strerror or error}; is the application running,"
                            " with this file prefix and as this user?") from error
        except (ValueError, KeyError, TypeError) as error:
            self.socket.close()
            raise ToolError(f"{self.path}: no DPDK telemetry") from error

    def __enter__(self) -> "Telemetry":
        return self

    def __exit__(self, *_: Any) -> None:
        self.socket.close()

    @staticmethod
    def runtime_dir() -> Path:
        """Where EAL has its files."""
        directory = os.environ.get("RUNTIME_DIRECTORY", "")
        if not directory:
            directory = ("/var/run" if os.getuid() == 0
                         else os.environ.get("XDG_RUNTIME_DIR", "/tmp"))
        return Path(directory) / "dpdk"

    def ask(self, command: str, *params: Any) -> Any:
        """What a command answers, None if it failed."""
        try:
            self.socket.send(",".join([command, *map(str, params)]).encode())
            answer = json.loads(self.socket.recv(self.max_len))
        except OSError as error:
            raise ToolError(f"{command}: {error.strerror or error}") from error
        except ValueError as error:
            raise ToolError(f"{command}: the answer is not JSON, it may be cut off") from error
        if not isinstance(answer, dict) or command not in answer:
            raise ToolError(f"{command}: no answer of DPDK telemetry")
        return answer[command]

    def check_command(self, command: str) -> None:
        """Tell a command that failed from one that is not there: both answer with null."""
        if command not in (self.ask("/") or []):
            raise ToolError(f"{command}: this application is built without TPH")

    def port(self, name: str) -> int:
        """The number of a port, given that or its name."""
        if re.fullmatch(r"\d{1,5}", name):
            return int(name)
        for port in self.ask("/ethdev/list") or []:
            info = self.ask("/ethdev/info", port)
            if info is not None and info.get("name") in (name, full_bdf(name)):
                return int(port)
        raise ToolError(f"no port {name} in this application")


def follow_text(queue: Dict[str, Any]) -> str:
    """What has become of following a queue, as testpmd prints it."""
    if not queue.get("follow"):
        return ""
    return f", {queue['follow']}" + (f" ({queue['follow_error']})" if queue["follow_error"] else "")


def queue_line(direction: str, queue: Dict[str, Any]) -> str:
    """A line of the table, as testpmd prints it."""
    head = f"  {direction:<3} {queue['queue_id']:5} "
    follow = follow_text(queue)
    if queue["status"] == "unbound":
        return head + f"{'-':>5} {'-':>5} {'-':>6} unbound{follow}"
    # A binding to a CPU has no lcore; one that could not be undone has no target.
    tag, width = "-", queue.get("st_bits", 0)
    if width:
        tag = f"0x{queue['st']:0{width // 4}x}"
    status = queue["status"] + (f" ({queue['error']})" if queue["status"] == "failed" else "")
    return (head + f"{queue.get('lcore_id', '-'):>5} {queue.get('cpu_id', '-'):>5} {tag:>6}"
            f" {status} " + (",".join(queue.get("objects", [])) or "none")
            + (" stale: the lcore has moved" if queue.get("stale") else "") + follow)


def cache_text(name: str, size: int, cpus: int) -> str:
    """A cache of a CPU."""
    return f"{name} {size} of {cpus} CPU{'' if cpus == 1 else 's'}" if size else f"{name} unknown"


def advice_lines(advice: Dict[str, int]) -> List[str]:
    """What the queues of a CPU have in flight beside its caches, as testpmd prints it."""
    parts = [advice[name] for name in ("desc_bytes", "header_bytes", "payload_bytes")]
    head = f"  CPU {advice['cpu_id']}: "
    counted = advice["queues"] - advice["queues_unknown"]
    lines = [head + f"in flight {sum(parts)} bytes (desc {parts[0]}, header {parts[1]}, payload"
             f" {parts[2]}) of {counted} queues, "
             + cache_text("L2", advice["l2_bytes"], advice["l2_cpus"]) + ", "
             + cache_text("L3", advice["l3_bytes"], advice["l3_cpus"])]
    if advice["queues_unknown"]:
        lines.append(head + f"{advice['queues_unknown']} queues are not counted: the size of their"
                     " rings is unknown")
    if advice["l2_bytes"] and sum(parts) > advice["l2_bytes"] // max(advice["l2_cpus"], 1):
        lines.append(head + "warning: more than its share of L2: hint less, or rings of at most"
                     f" {advice['desc_fit']}")
    return lines


def follow_word(text: str) -> str:
    """A word of the command line that says how to follow."""
    if text not in FOLLOW_WORDS:
        raise argparse.ArgumentTypeError(f"{text} is none of {', '.join(FOLLOW_WORDS)}")
    return text


def ports_of(telemetry: Telemetry, name: str) -> List[int]:
    """The ports that are meant; "all" leaves out those that the driver of another port owns."""
    if name != "all":
        return [telemetry.port(name)]
    ports = [int(port) for port in telemetry.ask("/ethdev/list") or []]
    if not ports:
        raise ToolError("this application has no ports")
    return ports


def change(args: argparse.Namespace) -> int:
    """Follow ports, or follow them no more."""
    command = f"/ethdev/tph_{args.command}"
    failed = 0
    with Telemetry(args.file_prefix, args.instance) as telemetry:
        for port in ports_of(telemetry, args.port):
            answer = telemetry.ask(command, port, *args.words)
            if answer is None:
                telemetry.check_command(command)
                raise ToolError(f"{command}: no answer for port {port}")
            if answer["error"]:
                print(f"dpdk-tph.py: port {port}: {answer['error']}", file=sys.stderr)
                failed += 1
    return 2 if failed else 0


def show(args: argparse.Namespace) -> int:
    """Print what testpmd's "show port tph" prints, of any application."""
    with Telemetry(args.file_prefix, args.instance) as telemetry:
        port = telemetry.port(args.port)
        info = telemetry.ask("/ethdev/info", port)
        if info is None:
            raise ToolError(f"no port {args.port} in this application")
        tph = telemetry.ask("/ethdev/tph", port)
        if tph is None:
            telemetry.check_command("/ethdev/tph")
            raise ToolError(f"port {port} has no TPH; look at it with dpdk-tph.py -s"
                            f" {info['name']}")
        print_port(port, tph)
        cpus: List[int] = []
        for direction in ("rx", "tx"):
            for number in range(info[f"nb_{direction}_queues"]):
                queue = telemetry.ask("/ethdev/tph_queue", port, direction, number)
                if queue is not None:
                    print(queue_line(direction.capitalize(), queue))
                    cpus += [queue["cpu_id"]] if "cpu_id" in queue else []
        for cpu in dict.fromkeys(cpus):
            advice = telemetry.ask("/ethdev/tph_advice", cpu)
            if advice is not None:
                print("\n".join(advice_lines(advice)))
    return 0


def print_port(port: int, tph: Dict[str, Any]) -> None:
    """The lines above the table, as testpmd prints them."""
    tables = {"capability": "capability", "msix": "MSI-X"}
    # Telemetry tells what is kept, and asks no kernel.
    unknown = "none" if tph["mode"] != "none" else "unknown until TPH is enabled"
    print(f"Port {port} TPH")
    print(f"  Modes: {','.join(tph['modes']) or unknown}")
    print(f"  Enabled: {tph['mode']}")
    if tph.get("follow", "none") != "none":
        print(f"  Followed: {tph['follow']}")
    print(f"  Steering tags: {tph['st_bits']} bits,"
          f" {'named' if tph['platform'] else 'not named'} by the platform")
    print(f"  ST table: {tables.get(tph['table'], 'none')}, {tph['table_size']} entries")
    for direction in ("rx", "tx"):
        objects = ",".join(tph[direction + "_objects"]) or unknown
        print(f"  {direction.capitalize()} objects: {objects}")
    print("  Dir Queue Lcore   CPU    Tag State")


def parse_args(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="Tell which network functions can do PCIe TPH, and the next step for each.",
        epilog="Exit status: 0 if a listed function is ready (with --dump: capable), 1 if none"
               " is, 2 for an error. Root sees all of config space, others its first 64 bytes.")
    parser.set_defaults(run=check)
    parser.add_argument("-a", "--all", action="store_true", help="every PCI function")
    parser.add_argument("-s", "--device", metavar="BDF", help="one function, as 0000:3b:00.0")
    parser.add_argument("-d", "--dump", metavar="FILE",
                        help="output of lspci -vvv, best with -xxxx, of another machine;"
                             " - for standard input")
    parser.add_argument("-j", "--json", action="store_true", help="print JSON")
    commands = parser.add_subparsers(metavar="COMMAND", title="a running application")
    command = commands.add_parser("show", help="what is bound, over telemetry")
    command.add_argument("port", help="number, or PCI address")
    command.set_defaults(run=show)
    add_application(command)
    command = commands.add_parser("follow", help="have queues bound to where they are polled")
    command.add_argument("port", help="number, PCI address, or all")
    command.add_argument("words", nargs="*", metavar="WORD", type=follow_word,
                         help="keep (default) or once: how long; then what is hinted: all, desc,"
                              " header, payload")
    command.set_defaults(run=change, command="follow")
    add_application(command)
    command = commands.add_parser("unfollow", help="undo that")
    command.add_argument("port", help="number, PCI address, or all")
    command.set_defaults(run=change, command="unfollow", words=[])
    add_application(command)
    return parser.parse_args(argv)


def add_application(command: argparse.ArgumentParser) -> None:
    """Which application is meant."""
    command.add_argument("-f", "--file-prefix", default="rte", help="as given to the application")
    command.add_argument("-i", "--instance", type=int, default=0,
                         help="of several applications with one prefix, the number of this")


def main() -> int:
    """Do what the command line says."""
    args = parse_args()
    try:
        return int(args.run(args))
    except ToolError as error:
        print(f"dpdk-tph.py: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader has seen enough; Python is not to complain of it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2


if __name__ == "__main__":
    sys.exit(main())
