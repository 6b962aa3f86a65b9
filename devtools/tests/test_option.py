# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""testpmd binds the queues it forwards with at its start: --tph."""

import unittest

import igb
import vm
from session import QUEUES, RX_OBJECTS, TX_OBJECTS, TestpmdCase
from vm import tag


class Option(TestpmdCase):
    """--tph binds each queue to its forwarding lcore at start."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.session(
            """
            ?Link status: up?show port info 0
            ?Link status: up?show port info 1
            start tx_first
            show port all tph
            stop
            set nbcore 1
            start
            show port 0 tph
            stop
            quit
            """,
            args=["--rxq=4", "--txq=4", "--nb-cores=3", "--tph=desc,payload"],
        )

    def test_follows_forwarding(self) -> None:
        """A new forwarding configuration binds the queues anew."""
        ports = self.run_.step("show port all tph").output.split("Port 1 TPH")
        self.assertEqual(len(ports), 2)
        self.assertEqual(sorted(vm.Step("", ports[1]).table()), sorted(QUEUES))
        first = vm.Step("", ports[0]).table()
        self.assertEqual(sorted(first), sorted(QUEUES))
        self.assertEqual({q.lcore for q in first.values()}, {1, 2, 3})
        self.assertEqual({q.objects for q in first.values()}, {frozenset({"desc", "payload"})})
        second = self.run_.step("show port 0 tph")
        self.check_table(second, dict.fromkeys(QUEUES, 1))


class OptionDefault(TestpmdCase):
    """--tph in interrupt-vector mode, and a Tx queue left out."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.session(
            """
            port tph 0 enable iv
            port tph 0 rxq 0 lcore 1
            port stop all
            port config all rx_intr on
            port start all
            port tph 1 enable ds
            ?Link status: up?show port info 0
            ?Link status: up?show port info 1
            start tx_first
            ?RX-packets: [1-9]?show fwd stats all
            show port 0 tph
            show port 1 tph
            !tph-snapshot -
            port tph 0 txq 0 lcore 1
            port tph 0 rx+tx 0 lcore 3
            stop
            port stop 0
            port config 0 rx_intr off
            port start 0
            show port 0 tph
            quit
            """,
            "--st-table", "msix",
            args=["--rxq=2", "--txq=2", "--nb-cores=2", "--tph", "--rxd=2048"],
            log=[
                *(f"TPH: port 0 Rx queue {queue} (lcore {lcore}): no interrupt vector:"
                  " configure the port with intr_conf.rxq"
                  for queue, lcore in ((0, 1), (0, 3), (1, 2))),
                *(f"ETHDEV TPH: port 0 Rx queue {queue}: cannot restore the binding to"
                  f" CPU {cpu}: Operation not supported" for queue, cpu in ((0, 3), (1, 2))),
            ],
        )

    def test_vectors(self) -> None:
        """Rx queues get vectors when asked for, and not before."""
        self.check_error("port tph 0 rxq 0 lcore 1", "no interrupt vector")
        entries = {name: value >> 16 for (device, name), value
                   in self.run_.step("!tph-snapshot -").snapshot().items()
                   if device == vm.bdf(0) and name.startswith("msix[") and value >> 16 != 0}
        # Vector 0 is that of link changes.
        self.assertEqual(entries, {"msix[1]": tag(1), "msix[2]": tag(2)})
        last = self.run_.step("show port 0 tph", 1).output
        self.assertEqual(last.count("failed (Operation not supported)"), 2, last)

    def test_objects(self) -> None:
        """Rx descriptors and headers and Tx descriptors; in mode iv all of Rx."""
        found = [{key: (q.lcore, q.objects) for key, q in
                  self.run_.step(f"show port {port} tph").table().items()} for port in range(2)]
        self.assertEqual(found[0], {("Rx", 0): (1, igb.OBJECTS["Rx"]),
                                    ("Rx", 1): (2, igb.OBJECTS["Rx"])})
        self.assertEqual(found[1], {
            ("Rx", 0): (1, RX_OBJECTS), ("Rx", 1): (2, RX_OBJECTS),
            ("Tx", 0): (1, TX_OBJECTS), ("Tx", 1): (2, TX_OBJECTS),
        })

    def test_too_much(self) -> None:
        """Payload of full rings is more than the L2 that QEMU shows holds.

        In mode iv a descriptor of a ring means 16 + 1514 bytes, in mode ds 16 + 128,
        or 16 of Tx: 310 of each fit 512 KiB, so rings of 288.
        """
        bytes_ = 2048 * (16 + 1514 + 16 + 128) + 512 * 16
        for cpu in (1, 2):
            output = self.run_.step("show port 1 tph").output
            self.assertIn(f"CPU {cpu}: in flight {bytes_} bytes", output)
            warning = (f"CPU {cpu}: warning: more than its share of L2: hint less,"
                       " or rings of at most 288\n")
            # QEMU's firmware for arm64 tells of no caches.
            if vm.ARCH == "arm64":
                self.assertIn("L2 unknown", output)
                self.assertNotIn("warning", output)
            else:
                self.assertIn(warning, output)

    def test_left_out(self) -> None:
        """A Tx queue asked for alone is an error, with its Rx queue it is not."""
        self.check_error("port tph 0 txq 0 lcore 1", "Operation not supported")
        self.assertEqual(self.run_.step("port tph 0 rx+tx 0 lcore 3").output, "")


if __name__ == "__main__":
    unittest.main()
