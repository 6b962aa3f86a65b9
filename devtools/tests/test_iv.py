# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Interrupt-vector mode, with an application that uses Rx interrupts."""

import os
import re
import unittest
from pathlib import Path

import vm

BUILD = Path(os.environ.get("TPH_BUILD_DIR", vm.TOP / "build"))
# Vector 0 is that of link changes; queues come after it.
FIRST_VECTOR = 1


class InterruptVector(unittest.TestCase):
    """The kernel writes tags at the queues' vectors; table in the capability."""

    table = "cap"
    kernel = "6.12"
    entry = "st[{}]"
    shift = 0
    steps: dict[str, vm.Step]
    after: dict[tuple[str, str], int]

    @classmethod
    def setUpClass(cls) -> None:
        run = vm.run_vm(
            ["./tph_iv_app", "-l", "0-3,7", "-a", vm.bdf(0)],
            "--copy", os.fspath(BUILD / "tph_iv_app"), "--cpus", "8", "--emul", "ext_port=1",
            "--st-table", cls.table, "--kernel", cls.kernel,
        )
        if run.status != 0:
            raise AssertionError(f"ended with {run.status}:\n{run.stdout}{run.stderr}")
        cls.steps = {step.line: step for step in vm.parse_steps(run.stdout)}
        cls.after = run.snapshot("after")

    def tags(self, title: str) -> dict[int, int]:
        """The entries of the ST table that are not 0."""
        found = {}
        for (device, name), value in self.steps[title].snapshot().items():
            match = re.fullmatch(re.escape(self.entry).replace(r"\{\}", r"(\d+)"), name)
            if device == vm.bdf(0) and match and value >> self.shift != 0:
                found[int(match[1])] = value >> self.shift
        return found

    def check(self, title: str, cpus: dict[int, int]) -> None:
        """Queues are bound to these CPUs: in ethdev's eyes and in hardware."""
        states = re.findall(r"queue (\d+) applied cpu (\d+)", self.steps[title].output)
        self.assertEqual({int(q): int(cpu) for q, cpu in states}, cpus, title)
        self.assertEqual(
            self.tags(title),
            {FIRST_VECTOR + q: vm.tag(cpu) for q, cpu in cpus.items()}, title,
        )
        self.assertEqual(self.steps[title].snapshot()[vm.bdf(0), "control"], vm.CONTROL_IV, title)

    def test_bind(self) -> None:
        """Binding writes the tag of each CPU at the vector of its queue."""
        self.check("enabled", {})
        self.check("bound", {0: 1, 1: 2, 2: 3, 3: 1})
        self.check("rebound", {0: 1, 1: 3, 2: 3, 3: 1})
        self.check("unbound", {0: 1, 1: 3, 3: 1})

    def test_errors(self) -> None:
        """Tx queues have no vector; a CPU without a tag changes nothing."""
        self.assertIn("Tx: Operation not supported", self.steps["enabled"].output)
        self.assertIn("no tag: No such device or address", self.steps["rebound"].output)
        self.check("unchanged", {0: 1, 1: 3, 2: 3, 3: 1})

    def test_restore(self) -> None:
        """Bindings are back after a restart and after a reset of the port."""
        self.check("restarted", {0: 1, 1: 3, 3: 1})
        self.check("reset", {0: 1, 1: 3, 3: 1})

    def test_fewer_queues(self) -> None:
        """The entries of queues that are gone are cleared."""
        self.check("reduced", {0: 1, 1: 3})

    def test_disable(self) -> None:
        """Nothing is left."""
        self.assertEqual(self.tags("disabled"), {})
        self.assertEqual(self.steps["disabled"].snapshot()[vm.bdf(0), "control"], 0)
        self.assertEqual(self.after[vm.bdf(0), "control"], 0)


class InterruptVectorMsix(InterruptVector):
    """The same with the ST table in the MSI-X table, on the older kernel."""

    table = "msix"
    kernel = "6.1"
    entry = "msix[{}]"
    shift = 16


if __name__ == "__main__":
    unittest.main()
