# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""What is tried on arm64 only, beside all that is tried everywhere.

Not found by itself: devtools/test.sh arm64 names it.
"""

import unittest

import vm
from test_kernel import ModuleCase


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


class Suites(unittest.TestCase):
    """The suites of dpdk-test on the kernel of the architecture, not under an emulator."""

    def test(self) -> None:
        """Those that run on the build machine elsewhere."""
        for suite in ("pci_tph_autotest", "tph_autotest"):
            with self.subTest(suite):
                run = vm.run_vm(["env", f"DPDK_TEST={suite}", "dpdk-test", "--no-huge", "-m",
                                 "512", "--no-pci"], "--driver", "none")
                self.assertEqual(run.status, 0, run.stdout + run.stderr)
                self.assertIn("Test OK", run.stdout)


if __name__ == "__main__":
    unittest.main()
