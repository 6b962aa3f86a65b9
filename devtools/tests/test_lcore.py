# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Lcores of every kind, and batches of which one queue fails."""

import os
import re
import unittest

import igb
import vm
from vm import tag

QUEUES = 4
# CPU of each queue, and whether its lcore is elsewhere by now.
State = dict[int, tuple[int, bool]]


class Lcores(unittest.TestCase):
    """The application of tph_lcore_app.c; CPU 7 has no tag of 8 bits."""

    run_: vm.Run
    steps: dict[str, vm.Step]

    @classmethod
    def setUpClass(cls) -> None:
        cls.run_ = vm.run_vm(
            ["./tph_lcore_app", "-l", "0-3,7", "-S", "3", "-a", vm.bdf(0)],
            "--copy", os.fspath(vm.BUILD / "tph_lcore_app"), "--cpus", "8", "--emul", "ext_port=1",
        )
        if cls.run_.status != 0:
            raise AssertionError(f"ended with {cls.run_.status}:\n"
                                 f"{cls.run_.stdout}{cls.run_.stderr}")
        cls.steps = {step.line: step for step in vm.parse_steps(cls.run_.stdout)}

    def check(self, title: str, expected: State) -> None:
        """Queues are bound to these CPUs and their tags, the others are not."""
        found: State = {}
        for row in self.steps[title].output.splitlines():
            match = re.fullmatch(r"queue (\d+) applied cpu (\d+) tag (0x\w+)( stale)?", row)
            if match:
                found[int(match[1])] = int(match[2]), match[4] is not None
                self.assertEqual(int(match[3], 16), tag(int(match[2])), row)
        self.assertEqual(found, expected, title)

    def test_service_lcore(self) -> None:
        """A service lcore polls a queue as any other does."""
        self.check("service lcore", {0: (3, False)})

    def test_thread(self) -> None:
        """A registered thread binds a queue to itself; then the lcore is gone."""
        self.check("thread", {0: (3, False), 1: (2, False)})
        self.check("thread gone", {0: (3, False), 1: (2, True)})

    def test_affinity(self) -> None:
        """A binding does not follow the lcore, tells so, and follows when made anew."""
        self.check("lcore moved", {0: (3, False), 1: (2, True), 2: (1, True)})
        self.check("bound again", {0: (3, False), 1: (2, True), 2: (2, False)})

    def test_all_or_nothing(self) -> None:
        """Whichever queue of a batch fails, the others are as they were."""
        for queue in range(QUEUES):
            title = f"queue {queue} fails"
            self.assertIn("No such device or address", self.steps[title].output)
            self.check(title, {0: (3, False), 1: (2, True), 2: (2, False)})
        self.check("all", {queue: (0, False) for queue in range(QUEUES)})

    def test_registers(self) -> None:
        """The NIC got these values in this order, and no other."""
        bound = [(0, 3), (1, 2), (2, 1), (2, 2)] + [(queue, 0) for queue in range(QUEUES)]
        self.assertEqual(
            [(a.name, a.value) for a in self.run_.accesses()
             if a.write and a.name.startswith("RXCTL")],
            [(igb.name("Rx", queue), igb.value("Rx", tag(cpu), igb.OBJECTS["Rx"]))
             for queue, cpu in bound]
            + [(igb.name("Rx", queue), igb.UNBOUND["Rx"]) for queue in range(QUEUES)],
        )


if __name__ == "__main__":
    unittest.main()
