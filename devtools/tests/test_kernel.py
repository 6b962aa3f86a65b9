# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""The kernel module on both kernels, on devices and firmware of every kind.

One class is one VM, or some that run one after the other.
"""

import lzma
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import vm

PROGRAMS = vm.BUILD / "devtools/tests/kernel"
NAMES = ["tph_bench", "tph_ioctl_test", "tph_leak_test", "tph_twin_test", "tph_vf_owner",
         "tph_vm_fuzz"]
SUITE = vm.TESTS / "kernel/tph_vm_suite.sh"

# Every slab object is checked, and thereby counted: see tph_held.c.
SLABS = ["--append", "slub_debug=FZP"]


def aer_inject(kernel: str, directory: str) -> Path:
    """The kernel's own module that injects PCIe errors."""
    [module] = vm.KERNELS.glob(f"kernel-{kernel}/lib/modules/*/kernel/drivers/pci/pcie/"
                           "aer_inject.ko*")
    content = module.read_bytes()
    copy = Path(directory) / "aer_inject.ko"
    copy.write_bytes(lzma.decompress(content) if module.suffix == ".xz" else content)
    return copy


def headers(kernel: str) -> Path:
    """What modules for a kernel are built against."""
    release = (vm.KERNELS / f"kernel-{kernel}/release").read_text().strip()
    installed = Path(f"/usr/src/linux-headers-{release}")
    if (installed / "Makefile").exists():
        return installed
    return vm.KERNELS / f"kernel-{kernel}" / installed.relative_to("/")


def drop_in(kernel: str, directory: str) -> Path:
    """The build of the module that takes vfio-pci's place."""
    subprocess.run(
        [vm.TOP / "devtools/build-kmod.sh",
         headers(kernel),
         vm.TOP / "kernel/linux/tph_vfio_pci", directory],
        env={**os.environ, "TPH_NAME": "vfio-pci"}, check=True)
    return Path(directory) / "vfio-pci.ko"


class ModuleCase(unittest.TestCase):
    """What the classes below have in common."""

    def run_parts(self, parts: list[str], options: list[str], *more: Path) -> None:
        """Have a VM go through parts of the suite: all tests are run and succeed."""
        kernel = "6.1" if "6.1" in options else "6.12"
        with tempfile.TemporaryDirectory() as directory:
            copies = []
            for path in [SUITE, *(PROGRAMS / name for name in NAMES),
                         aer_inject(kernel, directory), *more]:
                copies += ["--copy", os.fspath(path)]
            run = vm.run_vm(["./tph_vm_suite.sh", *parts], *copies, *options)
        self.assertEqual(run.status, 0, run.stdout + run.stderr)
        tests = re.split(r"^=== (.*)\n", run.stdout, flags=re.MULTILINE)
        self.assertEqual(tests[0], "", "what comes before the first test")
        self.assertEqual(tests[-2:], ["end", ""], "how far it came")
        for test, text in zip(tests[1:-2:2], tests[2:-2:2]):
            with self.subTest(test):
                failures = [line for line in text.splitlines() if line.startswith("not ok")]
                self.assertRegex(text, r"--- 0\n$", "\n".join(failures) or text)


class NewerKernel(ModuleCase):
    """Every kind of device, faults, resets; the CPUs are those that tags.h treats specially."""

    def test(self) -> None:
        """Linux 6.12."""
        self.run_parts(["bench", "variants", "policy", "stock", "notph", "aer", "unload"],
                       ["--cpus", "8"])


class OlderKernel(ModuleCase):
    """Every kind of device, faults, resets."""

    def test(self) -> None:
        """Linux 6.1."""
        self.run_parts(["bench", "variants", "policy", "stock", "aer", "unload"],
                       ["--kernel", "6.1", "--spare-cpus", "1"])


class DropIn(ModuleCase):
    """The module under the name vfio-pci, and the kernel's own after it."""

    def test(self) -> None:
        """Linux 6.12."""
        with tempfile.TemporaryDirectory() as directory:
            self.run_parts(["drop_in", "unload"], [], drop_in("6.12", directory))


class Topology(ModuleCase):
    """Devices in every place that a server has for them."""

    def test(self) -> None:
        """Switch, second host bridge, integrated endpoint, functions of a device."""
        places = ["root", "switch", "bridge2", "rciep", "root", "twin"]
        self.run_parts(["topology", "unload"], ["--kernel", "6.1", "--ports", str(len(places)),
                                                "--topology", ",".join(places)])


class NewerSlabs(ModuleCase):
    """Many cycles and random calls, with every slab object checked and counted."""

    def test(self) -> None:
        """Linux 6.12."""
        self.run_parts(["leak", "fuzz", "unload"], SLABS)


class OlderSlabs(ModuleCase):
    """Many cycles and random calls, with every slab object checked and counted."""

    def test(self) -> None:
        """Linux 6.1."""
        self.run_parts(["leak", "fuzz", "unload"], ["--kernel", "6.1", *SLABS])


class Firmware(ModuleCase):
    """Firmware that has no tags or answers with rubbish, and a machine without TPH."""

    def test_notph(self) -> None:
        """Booted with pci=notph."""
        self.run_parts(["boot_notph"], ["--kernel", "6.1", "--append", "pci=noaer,notph"])

    def test_none(self) -> None:
        """No _DSM."""
        self.run_parts(["no_firmware"], ["--acpi", "none"])

    def test_no_function(self) -> None:
        """A _DSM without the function."""
        self.run_parts(["no_firmware"], ["--kernel", "6.1", "--acpi", "nofunc"])

    def test_short(self) -> None:
        """A short answer."""
        self.run_parts(["bad_firmware"], ["--acpi", "short"])

    def test_wrong_type(self) -> None:
        """An answer of the wrong type."""
        self.run_parts(["bad_firmware"], ["--kernel", "6.1", "--acpi", "wrongtype"])

    def test_fail(self) -> None:
        """A _DSM that fails."""
        self.run_parts(["bad_firmware"], ["--acpi", "fail"])

    def test_flaky(self) -> None:
        """A _DSM that fails at first."""
        self.run_parts(["flaky_firmware"], ["--acpi", "flaky"])
