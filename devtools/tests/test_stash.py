# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""The stash probe of testpmd over its life; its figures mean nothing in the VM."""

import re
import unittest

import igb
import vm
from session import RX_OBJECTS, TestpmdCase
from vm import tag

SESSION = """
show fwd stash
set fwd stash compare 1
set fwd stash line 0
set fwd stash line 17
set fwd stash
set txpkts 256
?Link status: up?show port info 0
?Link status: up?show port info 1
start tx_first
?Port 0 Rx queue 0, lcore 1: [1-9]?show fwd stash
?Port 0 Rx queue 1, lcore 2: [1-9]?show fwd stash
?Port 1 Rx queue 0, lcore 1: [1-9]?show fwd stash
?Port 1 Rx queue 1, lcore 2: [1-9]?show fwd stash
set fwd stash line 1
set fwd stash compare 0
set fwd stash compare 2
show port 0 tph
port tph 1 follow
set fwd stash compare 3
port tph 1 unfollow
port tph 0 enable
port tph 0 rxq 0 lcore 2 header
set fwd stash compare 1
show port 0 tph
stop
show fwd stash
set fwd stash line 16
set nbcore 1
start tx_first
?too short to have a line 16?show fwd stash
stop
set fwd stash line 1
start
show fwd stash
set fwd stash compare 1
stop
set fwd io
start
set fwd stash compare 1
stop
quit
"""


class Stash(TestpmdCase):
    """Two ports of two queues on two lcores, then on one."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.session(SESSION, args=["--rxq=2", "--txq=2", "--nb-cores=2"])

    def shown(self, nth: int) -> str:
        """What the nth line "show fwd stash" printed."""
        return self.run_.step("show fwd stash", nth).output

    def probed(self) -> str:
        """The first figures that all queues had."""
        [step] = [step for step in self.run_.steps if step.line.startswith("?Port 1 Rx queue 1")]
        return step.output

    def test_bad_input(self) -> None:
        """Each mistake has its own words."""
        self.assertIn("nothing probed yet", self.shown(0))
        self.check_error("set fwd stash compare 1", "nothing to compare")
        self.check_error("set fwd stash line 0", "not from 1 to 16")
        self.check_error("set fwd stash line 17", "not from 1 to 16")
        self.check_error("set fwd stash line 1", "stop forwarding first")
        self.check_error("set fwd stash compare 0", "not from 1 to 3600")
        self.check_error("set fwd stash compare 1", "nothing to compare", 3)

    def test_figures(self) -> None:
        """Each queue has shares that add up, and a histogram that does."""
        output = self.probed()
        self.assertRegex(output, r"^Stash probe: line 2 of packets, of 64 bytes, since \d+\.\d s\n")
        self.assertIn("The figures mean nothing: this CPU is emulated", output)
        for lcore in (1, 2):
            self.assertRegex(output, rf"Lcore {lcore} on CPU {lcore}: a load takes \d+\.\d ns")
        queues = re.split(r"^  Port ", output, flags=re.MULTILINE)[1:]
        names = [re.match(r"(\d) Rx queue (\d), lcore (\d)", queue) for queue in queues]
        self.assertEqual([match and match.groups() for match in names],
                         [("0", "0", "1"), ("0", "1", "2"), ("1", "0", "1"), ("1", "1", "2")])
        for queue in queues:
            self.assertRegex(queue, r"[1-9]\d* lines of [1-9]\d* packets of [1-9]\d* bursts timed, burst call \d+\.\d")
            shares = re.findall(r"(?:caches|shared|memory|elsewhere) (\d+\.\d) %", queue)
            self.assertAlmostEqual(sum(map(float, shares)), 100, delta=0.3)
            bins = re.findall(r"cycles\) +(\d+\.\d) %", queue)
            self.assertAlmostEqual(sum(map(float, bins)), 100, delta=0.1 * len(bins) + 0.1)

    def test_stopped(self) -> None:
        """What was seen stays after stop."""
        self.assertIn(", not forwarding\n", self.shown(1))
        self.assertRegex(self.shown(1), r": [1-9]\d* lines of ")

    def check_comparison(self, output: str) -> None:
        """All figures have medians, spreads and a verdict."""
        rows = re.findall(r"^  (.*?)  +\d+\.\d \(\d+\.\d to \d+\.\d\) +\d+\.\d \(\d+\.\d to \d+\.\d\) +"
                          r"(?:no difference|less with TPH|more with TPH)$", output, re.MULTILINE)
        self.assertEqual(rows, ["lines from own caches, %", "ns per line",
                                "burst call, cycles per packet"], output)
        self.assertIn("The figures mean nothing", output)

    def test_compare(self) -> None:
        """Binds all queues and unbinds them in turns, and leaves them unbound."""
        step = self.run_.step("set fwd stash compare 2")
        self.check_comparison(step.output)
        bound = igb.value("Rx", tag(1), RX_OBJECTS)
        values = [value for name, value in step.writes(0) if name == igb.name("Rx", 0)]
        # Found out what to bind; then each kind of turn goes first in turns: off, on,
        # on, off, off, on, on, off, off, on; and off in the end.
        off = igb.UNBOUND["Rx"]
        self.assertEqual(values, [bound, off, bound, bound, off, bound, bound, off, bound, off])
        self.assertIn("Enabled: none", self.run_.step("show port 0 tph").output)

    def test_compare_followed(self) -> None:
        """A port that is followed stays so: nothing is compared, of another port neither."""
        step = self.run_.step("set fwd stash compare 3")
        self.assertEqual(step.output, "Port 1: is followed: port tph 1 unfollow, and follow again"
                         " afterwards\n")
        self.assertEqual(step.writes(0), [])

    def test_compare_own(self) -> None:
        """Bindings that there are are compared, and stay."""
        step = self.run_.step("set fwd stash compare 1", 1)
        self.check_comparison(step.output)
        self.assertEqual({name for name, _ in step.writes(0)}, {igb.name("Rx", 0)})
        table = self.run_.step("show port 0 tph", 1).table()
        self.assertEqual({key: (q.lcore, q.objects, q.state) for key, q in table.items()},
                         {("Rx", 0): (2, frozenset({"header"}), "applied")})

    def test_short_packets(self) -> None:
        """256 bytes have no line 16; the calls are timed nonetheless, on one lcore."""
        [step] = [step for step in self.run_.steps if step.line.startswith("?too short")]
        self.assertNotIn("per line", step.output)
        self.assertIn("lcore 1: 0 lines of ", step.output)
        self.assertNotIn("Lcore 2", step.output)

    def test_no_traffic(self) -> None:
        """Says so, and compares nothing."""
        output = self.shown(2)
        self.assertEqual(output.count(": no packets\n"), 4, output)
        self.assertIn("Many drivers prefetch line 1", output)
        self.assertEqual(self.run_.step("set fwd stash compare 1", 2).output.count(
            "nothing was seen, so nothing is compared"), 3)


if __name__ == "__main__":
    unittest.main()
