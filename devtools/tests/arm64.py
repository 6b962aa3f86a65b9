# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""What is tried on arm64 only, beside all that is tried everywhere.

Not found by itself: devtools/test.sh arm64 names it.
"""

import contextlib
import io
import os
import sys
import tempfile
import unittest
from pathlib import Path

import demo
import vm
from test_kernel import ModuleCase

sys.path.append(os.fspath(vm.TESTS / "kernel"))
import module_mutants  # pylint: disable=wrong-import-position


class Ioctl(ModuleCase):
    """The ioctl with the table in the capability, in the MSI-X table, and without one."""

    def test(self) -> None:
        """Vectors come through the ITS, UIDs from the GICC entries of the MADT."""
        self.run_parts(["places"], ["--cpus", "8"])


class Processors(unittest.TestCase):
    """The kernel's own idea of who is who."""

    def test_uids(self) -> None:
        """The namespace knows CPUs by the UIDs of the MADT, none of which is a CPU's number."""
        run = vm.run_vm(["sh", "-c", "echo === madt; tph-uid; echo === namespace;"
                         "for n in $(seq 0 5); do"
                         " echo $n $(cat /sys/devices/system/cpu/cpu$n/firmware_node/uid); done"],
                        "--cpus", "6", "--driver", "none")
        self.assertEqual(run.status, 0, run.stderr)
        madt, namespace = (
            dict(line.split() for line in step.output.splitlines())
            for step in vm.parse_steps(run.stdout)
        )
        self.assertEqual(namespace, madt)
        self.assertEqual(sorted(madt), [str(cpu) for cpu in range(6)])
        self.assertFalse(set(madt) & set(madt.values()), madt)


class NoTranslation(unittest.TestCase):
    """A module that takes the numbers of CPUs for UIDs."""

    def test(self) -> None:
        """The demonstration, which is the first thing people see, does not agree with it."""
        [mutant] = [one for one in module_mutants.load()[0] if one.name == "ACPI UID"]
        with tempfile.TemporaryDirectory() as directory:
            guest = module_mutants.Guest(Path(directory))
            self.assertTrue(guest.build_mutant(mutant, "6.12"))
            module = guest.module(mutant.name, "6.12")
            run = vm.run_testpmd(demo.SESSION, "--copy", os.fspath(module),
                                 before=f"rmmod tph_vfio_pci && insmod ./{module.name}")
        self.assertEqual(run.status, 0, run.stdout + run.stderr)
        for port in range(2):
            with contextlib.redirect_stdout(io.StringIO()):
                problems = demo.check_port(run, port)
            self.assertEqual(sum("has the tag of another CPU" in line for line in problems), 8,
                             problems)


class Suites(unittest.TestCase):
    """The suites of dpdk-test on the kernel of the architecture, not under an emulator."""

    def test(self) -> None:
        """Those that run on the build machine elsewhere."""
        for suite in ("pci_tph_autotest", "tph_autotest"):
            with self.subTest(suite):
                # They provoke what is logged, and look at it themselves. Line by line, so that
                # one sees how far they came.
                run = vm.run_vm(["env", f"DPDK_TEST={suite}", "LD_PRELOAD=/root/libstdbuf.so",
                                 "_STDBUF_O=L", "dpdk-test", "--no-huge", "-m", "512", "--no-pci"],
                                "--driver", "none", "--copy", os.fspath(vm.STDBUF), log=None)
                self.assertEqual(run.status, 0, run.stdout + run.stderr)
                self.assertIn("Test OK", run.stdout)


if __name__ == "__main__":
    unittest.main()
