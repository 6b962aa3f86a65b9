# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""A physical function with virtual ones: its queues come after those of the VFs."""

import unittest

import igb
import vm
from session import RX_OBJECTS, TX_OBJECTS, TestpmdCase
from vm import CONTROL_DS, CONTROL_OFF, tag

VFS = 3
# RXDCTL and TXDCTL, as the driver itself writes them
ENABLE = 1 << 25


class PhysicalFunction(TestpmdCase):
    """Port 0 has three VFs, each with one of the first three queues; port 1 has none."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.session(
            """
            port tph all enable
            port tph all rxq 0 lcore 1
            port tph all txq 0 lcore 2
            show port 0 tph
            show port 1 tph
            !tph-snapshot -
            port stop 0
            port start 0
            show port 0 tph
            port tph 0 rx+tx 0 unbind
            quit
            """,
            before="echo Y >/sys/module/tph_vfio_pci/parameters/enable_sriov &&"
                   f" echo {VFS} >/sys/bus/pci/devices/{vm.bdf(0)}/sriov_numvfs",
            eal=["-l", "0-3", "--vfio-vf-token=00112233-4455-6677-8899-aabbccddeeff"],
            args=["--rxq=1", "--txq=1", "--nb-cores=1"],
        )

    def enabled(self, port: int) -> set[str]:
        """The queues of the device that the driver has ever enabled, by their tag registers."""
        return {access.name.replace("DCTL", "CTL") for access in self.run_.accesses()
                if access.device == vm.bdf(port) and access.write
                and access.name[1:6] == "XDCTL" and access.value & ENABLE}

    def test_queue(self) -> None:
        """The tags are in the registers of the queues that the driver uses."""
        for port, queue in ((0, VFS), (1, 0)):
            names = [igb.name(direction, queue) for direction in ("Rx", "Tx")]
            self.assertEqual(self.enabled(port), set(names))
            for name, line, value in (
                (names[0], "port tph all rxq 0 lcore 1", igb.value("Rx", tag(1), RX_OBJECTS)),
                (names[1], "port tph all txq 0 lcore 2", igb.value("Tx", tag(2), TX_OBJECTS)),
            ):
                self.assertEqual(self.run_.step(line).writes(port), [(name, value)])

    def test_table(self) -> None:
        """To the application they are the port's first queues."""
        for line, nth in (("show port 0 tph", 0), ("show port 1 tph", 0), ("show port 0 tph", 1)):
            self.check_table(self.run_.step(line, nth), {("Rx", 0): 1, ("Tx", 0): 2})
        self.assertEqual(
            self.run_.step("!tph-snapshot -").snapshot()[vm.bdf(0), "control"], CONTROL_DS)

    def test_restart(self) -> None:
        """Restored and unbound is the same queue."""
        self.assertEqual(dict(self.run_.step("port start 0").writes(0)), {
            igb.name("Rx", VFS): igb.value("Rx", tag(1), RX_OBJECTS),
            igb.name("Tx", VFS): igb.value("Tx", tag(2), TX_OBJECTS),
        })
        self.assertEqual(self.run_.step("port tph 0 rx+tx 0 unbind").writes(0), [
            (igb.name(direction, VFS), igb.UNBOUND[direction]) for direction in ("Rx", "Tx")])
        self.assertEqual(self.run_.snapshot("after")[vm.bdf(0), "control"], CONTROL_OFF)


if __name__ == "__main__":
    unittest.main()
