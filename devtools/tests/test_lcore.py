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
# What the guide hints.
HINTED = frozenset({"desc", "header"})
# CPU of each queue, and whether its lcore is elsewhere by now.
State = dict[int, tuple[int, bool]]


def registers(cpus: list[tuple[int, int]], objects: frozenset[str]) -> list[tuple[str, int]]:
    """What registers hold of queues that are bound to CPUs."""
    return [(igb.name("Rx", queue), igb.value("Rx", tag(cpu), objects)) for queue, cpu in cpus]


class Lcores(unittest.TestCase):
    """The application of tph_lcore_app.c; CPU 7 has no tag of 8 bits."""

    run_: vm.Run
    steps: dict[str, vm.Step]

    @classmethod
    def setUpClass(cls) -> None:
        cls.run_ = vm.run_vm(
            ["./tph_lcore_app", "-l", "0-3,7", "-S", "3", "-a", vm.bdf(0)],
            "--copy", os.fspath(vm.BUILD / "tph_lcore_app"), "--cpus", "8", "--emul", "ext_port=1",
            log=[
                *(f"TPH: port 0 Rx queue {queue} (lcore 7): CPU 7: the firmware names no tag"
                  " of the width in use: take another CPU" for queue in range(QUEUES)),
                "ETHDEV TPH: port 0: CPU 5 is offline, nobody polls there:"
                " bind again when the lcore runs elsewhere",
            ],
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

    def test_moved_from_outside(self) -> None:
        """An lcore that another process moved sees it, and binds where it really is."""
        rest = {0: (0, True), 1: (0, True), 2: (0, True)}
        self.check("taskset", {**rest, 3: (0, True)})
        self.check("bound after taskset", {**rest, 3: (1, False)})
        self.check("cgroup", {**rest, 3: (1, True)})
        self.check("bound after cgroup", {**rest, 3: (2, False)})

    def test_offline(self) -> None:
        """An offline CPU can be bound to; the log has one warning, see setUpClass."""
        rest = {0: (0, True), 1: (0, True), 2: (0, True)}
        for title in ("offline", "online"):
            self.check(title, {**rest, 3: (5, False)})

    def test_guide(self) -> None:
        """The functions that the guide shows bind queues and follow who polls."""
        self.check("guide binds", {0: (2, False), 1: (2, False), 2: (3, False), 3: (2, False)})
        self.check("guide follows", {0: (2, False)})

    def test_registers(self) -> None:
        """The NIC got these values in this order, and no other."""
        bound = [(0, 3), (1, 2), (2, 1), (2, 2)] + [(queue, 0) for queue in range(QUEUES)]
        bound += [(3, 1), (3, 2), (3, 5), (3, 5)]
        guide = [(0, 2), (1, 2), (2, 3), (3, 2)]
        unbound = [(igb.name("Rx", queue), igb.UNBOUND["Rx"]) for queue in range(QUEUES)]
        self.assertEqual(
            [(a.name, a.value) for a in self.run_.accesses()
             if a.write and a.name.startswith("RXCTL")],
            [*registers(bound, igb.OBJECTS["Rx"]), *registers(guide, HINTED), *unbound,
             *registers([(0, 2)], HINTED), *unbound[:1]],
        )


if __name__ == "__main__":
    unittest.main()
