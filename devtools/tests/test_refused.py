# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""testpmd says why a device or its platform has no tags."""

import unittest

import vm
from session import TestpmdCase
from vm import tag


class NoTag(TestpmdCase):
    """The platform has a tag of 16 bits only for CPU 7, the device takes 8."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.session(
            """
            port tph 0 enable
            port tph 0 rxq 0 lcore 1
            port tph 0 rxq 0 lcore 7
            port tph 0 rxq all lcore 7
            show port 0 tph
            !echo 0 >/sys/devices/system/cpu/cpu1/online
            port tph 0 rxq all lcore 1
            show port 0 tph
            quit
            """,
            "--cpus", "8", "--emul", "ext_port=1",
            eal=["-l", "0,1,7"], args=["--rxq=2", "--txq=2", "--nb-cores=2"],
            log=["ETHDEV TPH: port 0: CPU 1 is offline, nobody polls there: bind again when"
                 " the lcore runs elsewhere",
                 *["TPH: port 0 Rx queue 0 (lcore 7): CPU 7: the firmware names no tag"
                   " of the width in use: take another CPU"] * 2],
        )

    def test_no_tag(self) -> None:
        """The error says so, names the CPU, and leaves the old binding."""
        for line in ("port tph 0 rxq 0 lcore 7", "port tph 0 rxq all lcore 7"):
            self.check_error(line, "No such device or address")
            self.check_error(line, "CPU 7: the firmware names no tag of the width in use")
        self.check_table(self.run_.step("show port 0 tph"), {("Rx", 0): 1})

    def test_offline(self) -> None:
        """A CPU that is offline is bound as told, and warned of, once for all queues."""
        output = self.run_.step("port tph 0 rxq all lcore 1").output
        self.assertEqual(output.count("CPU 1 is offline, nobody polls there"), 1, output)
        self.check_table(self.run_.step("show port 0 tph", 1), {("Rx", 0): 1, ("Rx", 1): 1})
        for step in self.run_.steps[:4]:
            self.assertNotIn("is offline", step.output)


class WideTags(TestpmdCase):
    """Device and root port offer 16 bits, the queue registers hold 8."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.session(
            """
            port tph 0 enable
            port tph 0 rxq 0 lcore 1
            show port 0 tph
            !tph-snapshot -
            quit
            """,
            "--ext",
            log=["TPH: port 0 Rx queue 0 (lcore 1): the tag of CPU 1 has 16 bits,"
                 " the hardware takes 8: try interrupt-vector mode"],
        )

    def test_refused(self) -> None:
        """A tag is never cut."""
        self.assertIn("16 bits", self.run_.step("show port 0 tph").output)
        self.check_error("port tph 0 rxq 0 lcore 1", "No such device or address")
        self.assertEqual(self.run_.step("show port 0 tph").table(), {})
        snapshot = self.run_.step("!tph-snapshot -").snapshot()
        self.assertEqual(snapshot[vm.bdf(0), "control"], 0x302)


class NoIoctl(TestpmdCase):
    """vfio-pci of the distribution has no TPH."""

    options = ("--driver", "vfio-pci")
    reason = "the kernel driver of the device serves no TPH: bind the device to tph-vfio-pci"

    @classmethod
    def setUpClass(cls) -> None:
        cls.session(
            """
            show port 0 tph
            port tph 0 enable
            port tph 0 rxq 0 lcore 1
            port tph 0 follow
            port tph 0 disable
            ?Link status: up?show port info 0
            start tx_first
            ?RX-packets: [1-9]?show fwd stats all
            stop
            quit
            """,
            *cls.options, log=[f"TPH: port 0: cannot enable TPH: {cls.reason}"] * 2,
        )

    def test_errors(self) -> None:
        """Each command says that there is none; the port works nonetheless."""
        self.check_error("show port 0 tph", "Operation not supported")
        self.check_error("port tph 0 enable", "Operation not supported")
        self.check_error("port tph 0 rxq 0 lcore 1", "Operation not supported")
        self.check_error("port tph 0 follow", "Operation not supported")
        self.assertEqual(self.run_.step("port tph 0 disable").output, "")


class NoCapability(NoIoctl):
    """Our module, but a device without the capability."""

    options = ("--st-table", "off")
    reason = "the device has no TPH capability, or the kernel was booted with pci=notph"


if __name__ == "__main__":
    unittest.main()
