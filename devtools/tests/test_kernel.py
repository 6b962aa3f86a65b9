# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""The kernel module on both kernels, on devices and firmware of every kind."""

import lzma
import os
import re
import tempfile
import unittest
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import vm

PROGRAMS = vm.BUILD / "devtools/tests/kernel"
SUITE = vm.TESTS / "kernel/tph_vm_suite.sh"

# Every slab object is checked, and thereby counted: see tph_held.c.
SLABS = ["--append", "slub_debug=FZP"]

# What is run in each VM: name, parts of the suite, options of vm.sh. The CPUs
# are those that tags.h treats in a special way.
RUNS = {
    "6.12": (["bench", "variants", "policy", "stock", "notph", "aer", "unload"], ["--cpus", "8"]),
    "6.1": (["bench", "variants", "policy", "stock", "aer", "unload"], ["--kernel", "6.1"]),
    "6.12, slabs": (["leak", "fuzz", "unload"], SLABS),
    "6.1, slabs": (["leak", "fuzz", "unload"], ["--kernel", "6.1", *SLABS]),
    "pci=notph": (["boot_notph"], ["--kernel", "6.1", "--append", "pci=noaer,notph"]),
    "no _DSM": (["no_firmware"], ["--acpi", "none"]),
    "_DSM without the function": (["no_firmware"], ["--kernel", "6.1", "--acpi", "nofunc"]),
    "short answer": (["bad_firmware"], ["--acpi", "short"]),
    "answer of the wrong type": (["bad_firmware"], ["--kernel", "6.1", "--acpi", "wrongtype"]),
    "failing _DSM": (["bad_firmware"], ["--acpi", "fail"]),
    "_DSM that fails at first": (["flaky_firmware"], ["--acpi", "flaky"]),
}

runs: dict[str, Future[vm.Run]] = {}


def aer_inject(kernel: str, directory: str) -> Path:
    """The kernel's own module that injects PCIe errors."""
    [module] = vm.TOP.glob(f".cache/kernel-{kernel}/lib/modules/*/kernel/drivers/pci/pcie/"
                           "aer_inject.ko*")
    content = module.read_bytes()
    copy = Path(directory) / "aer_inject.ko"
    copy.write_bytes(lzma.decompress(content) if module.suffix == ".xz" else content)
    return copy


def start(parts: list[str], options: list[str]) -> vm.Run:
    """One VM that goes through parts of the suite."""
    kernel = "6.1" if "6.1" in options else "6.12"
    with tempfile.TemporaryDirectory() as directory:
        copies = []
        for path in [SUITE, PROGRAMS / "tph_bench", PROGRAMS / "tph_ioctl_test",
                     PROGRAMS / "tph_leak_test", PROGRAMS / "tph_vm_fuzz",
                     aer_inject(kernel, directory)]:
            copies += ["--copy", os.fspath(path)]
        return vm.run_vm(["./tph_vm_suite.sh", *parts], *copies, *options)


def setUpModule() -> None:  # pylint: disable=invalid-name
    """Start the VMs, three at a time: they often sleep."""
    pool = ThreadPoolExecutor(3)
    for name, (parts, options) in RUNS.items():
        runs[name] = pool.submit(start, parts, options)
    pool.shutdown(wait=False)


class KernelTest(unittest.TestCase):
    """Every test of every VM ends well."""

    def check_run(self, name: str) -> None:
        """All tests that a VM was to run were run and succeeded."""
        run = runs[name].result()
        self.assertEqual(run.status, 0, run.stdout + run.stderr)
        parts = re.split(r"^=== (.*)\n", run.stdout, flags=re.MULTILINE)
        self.assertEqual(parts[0], "", "what comes before the first test")
        self.assertEqual(parts[-2:], ["end", ""], "how far it came")
        for test, text in zip(parts[1:-2:2], parts[2:-2:2]):
            with self.subTest(test):
                failures = [line for line in text.splitlines() if line.startswith("not ok")]
                self.assertRegex(text, r"--- 0\n$", "\n".join(failures) or text)

    def test_6_12(self) -> None:
        """Every kind of device, faults, resets on the newer kernel."""
        self.check_run("6.12")

    def test_6_1(self) -> None:
        """Every kind of device, faults, resets on the older kernel."""
        self.check_run("6.1")

    def test_slabs(self) -> None:
        """Many cycles and random calls, with every slab object checked and counted."""
        for name in list(RUNS)[2:4]:
            with self.subTest(name):
                self.check_run(name)

    def test_notph(self) -> None:
        """A machine booted with pci=notph has no TPH."""
        self.check_run("pci=notph")

    def test_firmware(self) -> None:
        """Firmware that has no tags or answers with rubbish."""
        for name in list(RUNS)[5:]:
            with self.subTest(name):
                self.check_run(name)
