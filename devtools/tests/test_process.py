# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Several processes use a port: at once, or one after the other."""

import unittest

import vm
from session import TestpmdCase
from vm import CONTROL_DS, CONTROL_OFF

ARGS = "--rxq=4 --txq=4 --nb-cores=1 --total-num-mbufs=8192 --num-procs=2"
SECONDARY = (
    "!(echo 'show port 0 tph'; echo 'port tph 0 disable'; echo 'port tph 0 enable';"
    " echo 'port tph 0 rxq 0 lcore 4'; echo 'port tph 0 rxq 0 unbind';"
    " echo 'port tph 0 follow'; echo 'port tph 0 unfollow';"
    " echo start; echo stop; echo quit) |"
    " LD_PRELOAD=/root/libstdbuf.so _STDBUF_O=L dpdk-testpmd --lcores 4@0,5@3"
    f" --proc-type=secondary -a {vm.bdf(0)} -- -i {ARGS} --proc-id=1 --tph 2>&1"
)
# Until it is a zombie, or gone, a process may not have closed its files.
KILL = (
    "!pid=$(pidof dpdk-testpmd); kill -9 $pid;"
    " while grep -q '^State:.[^Z]' /proc/$pid/status 2>/dev/null; do usleep 10000; done;"
    " tph-snapshot -"
)


class Secondary(TestpmdCase):
    """A secondary process reads what the primary has set, and sets nothing."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.session(
            f"""
            port tph 0 enable
            port tph 0 rxq 0 lcore 1
            port tph 0 txq 3 lcore 2
            show port 0 tph
            {SECONDARY}
            show port 0 tph
            quit
            """,
            args=[*ARGS.split(), "--proc-id=0"],
            log=["ETHDEV TPH: port 0: only the primary process may change TPH"] * 6,
        )

    def test_reads_the_same(self) -> None:
        """Capabilities and bindings are told alike in both processes."""
        primary = self.run_.step("show port 0 tph")
        secondary = vm.Step("", self.run_.step(SECONDARY).output)
        self.assertEqual(len(primary.table()), 2)
        self.assertEqual(secondary.table(), primary.table())
        for line in primary.output.splitlines()[:7]:
            self.assertIn(line, secondary.output)

    def test_sets_nothing(self) -> None:
        """Each setter says that it is not permitted, and nothing changes.

        It forwards without a word of TPH: its --tph is for the primary.
        """
        step = self.run_.step(SECONDARY)
        self.assertIn("Logical Core 5", step.output)
        self.assertIn("Done.", step.output)
        self.assertEqual(step.output.count("Operation not permitted"), 6)
        self.assertEqual(step.writes(0), [])
        before, after = (self.run_.step("show port 0 tph", nth) for nth in range(2))
        self.assertEqual(after.table(), before.table())


class Crash(unittest.TestCase):
    """The owner dies; the next one finds a clean device."""

    def test_kill(self) -> None:
        """Nothing of the killed process is left, and a new one can begin."""
        run = vm.run_testpmd(
            f"""
            port tph 0 enable
            port tph 0 rxq all lcore auto
            !tph-snapshot -
            {KILL}
            show port 0 tph
            """,
            follow="""
            show port 0 tph
            port tph 0 enable
            port tph 0 rxq all lcore auto
            show port 0 tph
            quit
            """,
        )
        self.assertEqual(run.status, 0, run.stdout)
        device = vm.bdf(0)
        self.assertEqual(
            run.step("!tph-snapshot -").snapshot()[device, "control"], CONTROL_DS)
        self.assertEqual(run.step(KILL).snapshot()[device, "control"], CONTROL_OFF)
        self.assertEqual(run.step("show port 0 tph", 1).table(), {})
        self.assertEqual(len(run.step("show port 0 tph", 2).table()), 4)


if __name__ == "__main__":
    unittest.main()
