# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""A session of testpmd on two igb ports, and what its tests have in common."""

import unittest
from collections.abc import Sequence

import vm
from vm import tag

QUEUES = [(direction, queue) for direction in ("Rx", "Tx") for queue in range(4)]
# What is hinted where nothing is asked for.
RX_OBJECTS = frozenset({"desc", "header"})
TX_OBJECTS = frozenset({"desc"})


class TestpmdCase(unittest.TestCase):
    """Common to all sessions."""

    run_: vm.Run
    maxDiff = None

    @classmethod
    def session(cls, script: str, *options: str, status: int = 0, wrapper: str = "",
                eal: list[str] | None = None, args: list[str] | None = None, before: str = "",
                log: Sequence[str] = ()) -> None:
        """Run the session all tests of a class look at."""
        cls.run_ = vm.run_testpmd(script, *options, eal=eal, args=args, wrapper=wrapper,
                                  before=before, log=log)
        if cls.run_.status != status:
            raise AssertionError(
                f"testpmd ended with {cls.run_.status}:\n{cls.run_.stdout}{cls.run_.stderr}"
            )

    def check_error(self, line: str, text: str, nth: int = 0) -> None:
        """A line failed with that text and touched no queue register."""
        step = self.run_.step(line, nth)
        self.assertIn(text, step.output, line)
        for port in range(2):
            self.assertEqual(step.writes(port), [], line)

    def check_table(self, step: vm.Step, lcores: dict[tuple[str, int], int],
                    state: str = "applied") -> None:
        """The table shows exactly these queues, each with its lcore's tag."""
        self.assertEqual({key: q.lcore for key, q in step.table().items()}, lcores)
        for key, queue in step.table().items():
            self.assertEqual(queue.tag, tag(queue.cpu), key)
            self.assertEqual(queue.state, state, key)

    def forwarding_lcores(self, port: int, nth: int = 0) -> dict[tuple[str, int], int]:
        """Which lcore polls which queue, as testpmd's own listing says."""
        lcores: dict[tuple[str, int], int] = {}
        lcore = -1
        for row in self.run_.step("start tx_first", nth).output.splitlines():
            words = row.replace("=", " ").replace("/", " ").split()
            if words[:2] == ["Logical", "Core"]:
                lcore = int(words[2])
            elif words[:2] == ["RX", "P"]:
                # RX P 0 Q 1 (socket 0) -> TX P 1 Q 1 (socket 0) ...
                if int(words[2]) == port:
                    lcores["Rx", int(words[4])] = lcore
                if int(words[10]) == port:
                    lcores["Tx", int(words[12])] = lcore
        return lcores
