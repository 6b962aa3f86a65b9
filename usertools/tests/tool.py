# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""dpdk-tph.py as a module, configuration spaces to show it, and machines made of files."""

import importlib.util
import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

HERE = Path(__file__).resolve().parent
PATH = HERE.parent / "dpdk-tph.py"


def load() -> Any:
    """The tool; its name is none that "import" takes."""
    spec = importlib.util.spec_from_file_location("dpdk_tph", PATH)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(module)
    return module


tph = load()

# Where the parts of make_config() lie.
EXPRESS, MSIX, AER, TPH, SERIAL = 0x40, 0x70, 0x100, 0x1a0, 0x1c0
ENDPOINT, ROOT_PORT, UPSTREAM, DOWNSTREAM, INTEGRATED = 0, 4, 5, 6, 9
NO_ST, IV, DS, EXT, IN_CAP, IN_MSIX = 1, 2, 4, 0x100, 0x200, 0x400


def put(config: bytearray, offset: int, value: int, size: int) -> None:
    """Write a little-endian number."""
    config[offset:offset + size] = value.to_bytes(size, "little")


def make_config(
    kind: int = ENDPOINT, tph_cap: int | None = None, completer: int = 0, prefixes: bool = False,
    buses: tuple[int, int] | None = None, entries: int = 8, msix: int = 10, control: int = 0,
    dev_class: int = 0x0200,
) -> bytearray:
    """Configuration space as devices have it."""
    config = bytearray(4096)
    put(config, 0x00, 0x8086, 2)
    put(config, 0x02, 0x1521, 2)
    put(config, 0x06, 0x10, 2)
    put(config, 0x0a, dev_class, 2)
    put(config, 0x34, EXPRESS, 1)
    if buses is not None:
        put(config, 0x0a, 0x0604, 2)
        put(config, 0x0e, 1, 1)
        put(config, 0x19, buses[0], 1)
        put(config, 0x1a, buses[1], 1)
    put(config, EXPRESS, 0x0010 | MSIX << 8 | 2 << 16 | kind << 20, 4)
    put(config, EXPRESS + 0x24, completer << 12 | int(prefixes) << 21, 4)
    put(config, MSIX, 0x0011 | (msix - 1) << 16, 4)
    put(config, AER, 0x0001 | 2 << 16 | (SERIAL if tph_cap is None else TPH) << 20, 4)
    if tph_cap is not None:
        put(config, TPH, 0x0017 | 1 << 16 | SERIAL << 20, 4)
        put(config, TPH + 4, tph_cap | (entries - 1) << 16, 4)
        put(config, TPH + 8, control, 4)
    put(config, SERIAL, 0x0003 | 1 << 16, 4)
    return config


def decode(config: bytes, full_size: int = 4096) -> Any:
    """What the tool makes of configuration space."""
    fn = tph.Function("0000:01:00.0")
    tph.decode(fn, tph.ConfigSpace(bytes(config), full_size))
    return fn


def hex_dump(bdf: str, config: bytes, title: str = "Ethernet controller: Made Up") -> str:
    """As lspci -xxxx prints it."""
    lines = [f"{bdf} {title}"]
    for offset in range(0, len(config), 16):
        row = " ".join(f"{byte:02x}" for byte in config[offset:offset + 16])
        lines.append(f"{offset:02x}: {row}")
    return "\n".join(lines) + "\n\n"


def run(*argv: str, stdin: str = "") -> tuple[int, str, str]:
    """Run the tool: status and what it prints."""
    out, err = io.StringIO(), io.StringIO()
    source = io.TextIOWrapper(io.BytesIO(stdin.encode()))
    with redirect_stdout(out), redirect_stderr(err), \
            mock.patch.object(sys, "argv", ["dpdk-tph.py", *argv]), \
            mock.patch.object(sys, "stdin", source):
        status = tph.main()
    return status, out.getvalue(), err.getvalue()


class FakeMachine:
    """The files of /sys, /proc and /lib/modules that tell of a machine, elsewhere."""

    RELEASE = "6.12.0-made-up"

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "sys/bus/pci/devices").mkdir(parents=True)
        self.write("proc/cmdline", "quiet intel_iommu=on\n")

    def write(self, name: str, text: str | bytes) -> Path:
        """Make a file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def add(self, place: str, config: bytes, driver: str = "", group: str = "7") -> str:
        """Add a function below pci0000:00."""
        bdf = place.rpartition("/")[2]
        device = f"sys/devices/pci0000:00/{place}"
        path = self.write(f"{device}/config", config)
        self.write(f"{device}/vendor", "0x8086\n")
        self.write(f"{device}/device", "0x1521\n")
        self.write(f"{device}/class", f"0x{config[0x0b]:02x}{config[0x0a]:02x}00\n")
        self.write(f"{device}/numa_node", "0\n")
        if driver:
            (path.parent / "driver").symlink_to(f"/sys/bus/pci/drivers/{driver}")
        if group:
            (path.parent / "iommu_group").symlink_to(f"/sys/kernel/iommu_groups/{group}")
        (self.root / f"sys/bus/pci/devices/{bdf}").symlink_to(path.parent)
        return bdf

    def load(self, module: str = "tph_vfio_pci", notph: bool = False) -> None:
        """Load the module."""
        parameters = f"sys/module/{module}/parameters"
        self.write(f"{parameters}/notph", "Y\n" if notph else "N\n")
        self.write(f"{parameters}/ds_mode", "rawio\n")

    def install(self) -> None:
        """Install the module."""
        self.write(f"lib/modules/{self.RELEASE}/modules.dep",
                   "kernel/drivers/vfio/vfio.ko.xz:\n"
                   "updates/dkms/tph-vfio-pci.ko.xz: kernel/drivers/vfio/vfio.ko.xz\n")

    def judge(self, bdf: str) -> Any:
        """The tool's verdict on a function."""
        machine = tph.Machine(self.root, self.RELEASE)
        return tph.judge(machine.function(bdf), machine)
