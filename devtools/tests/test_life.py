# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""What a port goes through while it is bound: a new MTU, being pulled out and put back."""

import unittest

import igb
import vm
from test_testpmd import RX_OBJECTS, TestpmdCase
from vm import CONTROL_DS, CONTROL_OFF, tag

DEVICE = vm.bdf(0)
SYS = "/sys/bus/pci"
# Returns when the owner has let go of the device.
UNPLUG = f"!echo 1 > {SYS}/devices/{DEVICE}/remove"
REPLUG = (f"!echo 1 > {SYS}/rescan; echo tph-vfio-pci > {SYS}/devices/{DEVICE}/driver_override;"
          f" echo {DEVICE} > {SYS}/drivers_probe; tph-snapshot -")
LCORES = {("Rx", queue): 2 for queue in range(4)}


class Life(TestpmdCase):
    """Two ports, of which one is pulled out while packets are forwarded."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.session(
            f"""
            port tph 0 enable
            port tph 1 enable
            port tph 0 rxq all lcore 2
            port tph 1 rxq all lcore 2
            port config mtu 0 1400
            show port 0 tph
            ?Link status: up?show port info 0
            start tx_first
            {UNPLUG}
            ?Invalid port 0?show port info 0
            show port 0 tph
            show port 1 tph
            {REPLUG}
            port attach {DEVICE}
            show port 0 tph
            port start 0
            show port 0 tph
            port tph 0 enable
            port tph 0 rxq all lcore 2
            show port 0 tph
            show port 1 tph
            quit
            """,
            args=["--rxq=4", "--txq=4", "--nb-cores=3", "--hot-plug"],
        )

    def test_mtu(self) -> None:
        """A new MTU of a started port leaves what is bound, in hardware as well."""
        self.assertEqual(self.run_.step("port config mtu 0 1400").writes(0), [
            (igb.name(*key), igb.value("Rx", tag(lcore), RX_OBJECTS))
            for key, lcore in LCORES.items()
        ])
        self.check_table(self.run_.step("show port 0 tph"), LCORES)

    def test_unplug(self) -> None:
        """The bindings go with the port, those of the other one stay."""
        self.check_error("show port 0 tph", "Invalid port 0", nth=1)
        self.assertEqual(dict(self.run_.step(UNPLUG).writes(0)), {
            igb.name(*key): igb.UNBOUND["Rx"] for key in LCORES
        })
        self.assertEqual(self.run_.step(UNPLUG).writes(1), [])
        self.check_table(self.run_.step("show port 1 tph"), LCORES)

    def test_replug(self) -> None:
        """The device comes back clean and can be bound."""
        snapshot = self.run_.step(REPLUG).snapshot()
        self.assertEqual(snapshot[DEVICE, "control"], CONTROL_OFF)
        self.assertEqual(snapshot[vm.bdf(1), "control"], CONTROL_DS)
        for nth in (2, 3):
            self.assertEqual(self.run_.step("show port 0 tph", nth).table(), {})
        self.check_table(self.run_.step("show port 0 tph", 4), LCORES)
        self.check_table(self.run_.step("show port 1 tph", 1), LCORES)
        self.assertEqual(len(self.run_.step("port tph 0 rxq all lcore 2", 1).writes(0)), 4)


if __name__ == "__main__":
    unittest.main()
