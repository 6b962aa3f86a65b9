# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""testpmd binds igb queues to lcores; witnesses say what really happened."""

import unittest

import igb
import vm
from session import QUEUES, RX_OBJECTS, TX_OBJECTS, TestpmdCase
from vm import CONTROL_DS, CONTROL_OFF, tag

BIND_ALL = "port tph all rx+tx all lcore auto"
# Without a size where firmware tells none, as QEMU's for arm64.
CACHES = ("!for i in 2 3; do"
          " cat /sys/devices/system/cpu/cpu1/cache/index$i/size 2>/dev/null || echo unknown; done")

MAIN = f"""
port tph 0 rxq 0 lcore 1
port tph 7 enable
port tph x enable
show port 7 tph
port tph 0 enable ds
port tph 1 enable
port tph 0 enable iv
port tph 0 enable auto
port tph 0 rxq 9 lcore 1
port tph 0 txq 9 unbind
port tph 0 rxq 0 lcore 99
port tph 0 rxq 0 lcore 4000000000
port tph 0 txq 0 lcore 1 header
port tph 0 rxq x lcore 1
port tph 0 rxq 0 lcore y
port tph 0 rxq 0 cpu auto
port tph 0 rxq 0 cpu 77
port tph 0 rxq 0 lcore 1 cache
port tph 0 rxq 0 lcore 1 desc,
port tph 0 rxq 0 lcore 1 desc payload
port config 0 rx_intr on
port tph 0 rxq 9 lcore auto
?Link status: up?show port info 0
?Link status: up?show port info 1
{BIND_ALL}
{CACHES}
show port 0 tph
show port 1 tph
!tph-snapshot -
start tx_first
?RX-packets: [1-9]?show fwd stats all
stop
port tph 0 rxq 1 lcore 3 desc,payload
port tph 0 rxq 1 lcore 99
port tph 0 rx+tx 3 lcore 2 all
port tph 0 rx+tx 3 lcore 1 header
show port 0 tph
port tph 0 rx+tx 3 unbind
port tph all rx+tx 3 lcore auto
port tph 0 rxq 2 unbind
show port 0 tph
port stop 0
show port 0 tph
port tph 0 rxq 2 lcore 1
port start 0
show port 0 tph
port tph 1 txq 0 unbind
port stop all
port config all rxq 2
port start all
show port 1 tph
port tph 0 disable
show port 0 tph
!tph-snapshot -
port tph 0 disable
quit
"""


class MainSession(TestpmdCase):
    """Two ports of four queues each, on the newer kernel."""

    kernel = "6.12"

    @classmethod
    def setUpClass(cls) -> None:
        cls.session(MAIN, "--kernel", cls.kernel,
                    args=["--rxq=4", "--txq=4", "--nb-cores=3", "--rxd=512", "--txd=256"],
                    log=[
                        "ETHDEV TPH: port 0: TPH is not enabled",
                        "ETHDEV TPH: port 0: another TPH mode is enabled, disable it first",
                        "ETHDEV TPH: port 0: no queue 9, 4 Rx and 4 Tx queues are configured",
                        "ETHDEV TPH: port 0: no queue 9 to unbind",
                        "ETHDEV TPH: port 0: no CPU 77",
                        "ETHDEV TPH: port 0 Tx queue 0: objects 0x2 asked for, 0x5 supported",
                    ])

    def test_bad_input(self) -> None:
        """Each mistake has a message with its own reason and changes nothing."""
        self.check_error("port tph 0 rxq 0 lcore 1", "Invalid argument")
        self.check_error("port tph 7 enable", "Invalid port 7")
        self.check_error("port tph x enable", "neither a number below 65535 nor all")
        self.check_error("show port 7 tph", "Invalid port 7")
        self.check_error("port tph 0 enable iv", "Device or resource busy")
        self.check_error("port tph 0 rxq 9 lcore 1", "Numerical result out of range")
        self.check_error("port tph 0 txq 9 unbind", "Numerical result out of range")
        self.check_error("port tph 0 rxq 0 lcore 99", "no lcore 99 here")
        self.check_error("port tph 0 rxq 0 lcore 4000000000", "no lcore 4000000000 here")
        self.check_error("port tph 0 txq 0 lcore 1 header", "Operation not supported")
        self.check_error("port tph 0 rxq x lcore 1", "neither a number")
        self.check_error("port tph 0 rxq 0 lcore y", "neither a number")
        self.check_error("port tph 0 rxq 0 cpu auto", "auto: no number")
        self.check_error("port tph 0 rxq 0 cpu 77", "no CPU 77")
        for objects in ("cache", "desc,"):
            self.check_error(f"port tph 0 rxq 0 lcore 1 {objects}",
                             f"{objects}: not a list of all, desc, header and payload")
        self.check_error("port tph 0 rxq 0 lcore 1 desc payload", "Bad arguments")
        self.check_error("port config 0 rx_intr on", "stop it first")
        self.check_error("port tph 0 rxq 9 lcore auto", "no lcore forwards")

    def test_enable_is_idempotent(self) -> None:
        """Enabling the enabled mode is no error."""
        self.assertEqual(self.run_.step("port tph 0 enable auto").output, "")

    def test_bind_all(self) -> None:
        """Table, registers and forwarding agree for every queue of both ports."""
        for port in range(2):
            lcores = self.forwarding_lcores(port)
            self.assertEqual(sorted(lcores), sorted(QUEUES))
            table = self.run_.step(f"show port {port} tph")
            self.check_table(table, lcores)
            self.check_advice(table)
            self.assertEqual(self.run_.step(BIND_ALL).writes(port), [
                (igb.name(direction, q),
                 igb.value(direction, tag(lcores[direction, q]),
                           RX_OBJECTS if direction == "Rx" else TX_OBJECTS))
                for direction, q in QUEUES
            ])

    def check_advice(self, table: vm.Step) -> None:
        """Bytes in flight of rings of 512 and 256, of both ports.

        16 bytes of a descriptor, 128 of a header.
        """
        sizes = self.run_.step(CACHES).output.split()
        l2, l3 = (size if size == "unknown" else f"{int(size.removesuffix('K')) << 10} of "
                  for size in sizes)
        queues = {"Rx": [0] * 4, "Tx": [0] * 4}
        for port in range(2):
            for (direction, _), lcore in self.forwarding_lcores(port).items():
                queues[direction][lcore] += 1
        for lcore in range(1, 4):
            rx, tx = queues["Rx"][lcore], queues["Tx"][lcore]
            desc, header = rx * 512 * 16 + tx * 256 * 16, rx * 512 * 128
            self.assertNotIn("warning", table.output)
            self.assertIn(
                f"  CPU {lcore}: in flight {desc + header} bytes (desc {desc}, header {header},"
                f" payload 0) of {rx + tx} queues, L2 {l2.replace(' of ', ' of 1 CPU')},"
                f" L3 {l3}", table.output)

    def test_control_register(self) -> None:
        """The capability says device-specific mode; its table stays empty."""
        on = self.run_.step("!tph-snapshot -").snapshot()
        off = self.run_.step("!tph-snapshot -", 1).snapshot()
        for port in range(2):
            self.assertEqual(on[vm.bdf(port), "control"], CONTROL_DS)
            self.assertEqual({v for (_, name), v in on.items() if name.startswith("st[")}, {0})
        self.assertEqual(off[vm.bdf(0), "control"], CONTROL_OFF)
        self.assertEqual(off[vm.bdf(1), "control"], CONTROL_DS)

    def test_packets(self) -> None:
        """Both ports forwarded packets."""
        for port in range(2):
            text = self.run_.step("stop").output.split(f"statistics for port {port}")[1]
            self.assertGreater(int(text.split("RX-packets:")[1].split()[0]), 0)

    def test_rebind(self) -> None:
        """The new tag replaces the old one, and only at that queue."""
        step = self.run_.step("port tph 0 rxq 1 lcore 3 desc,payload")
        objects = frozenset({"desc", "payload"})
        self.assertEqual(step.writes(0), [(igb.name("Rx", 1), igb.value("Rx", tag(3), objects))])
        self.assertEqual(step.writes(1), [])

        lcores = self.forwarding_lcores(0)
        lcores["Rx", 1] = 3
        del lcores["Rx", 2]
        table = self.run_.step("show port 0 tph", 2)
        self.check_table(table, lcores)
        self.assertEqual(table.table()["Rx", 1].objects, objects)

    def test_both_directions(self) -> None:
        """An object that one direction lacks is hinted in the other."""
        self.assertEqual(
            self.run_.step("port tph 0 rx+tx 3 lcore 2 all").writes(0),
            [(igb.name(d, 3), igb.value(d, tag(2), igb.OBJECTS[d])) for d in ("Rx", "Tx")],
        )
        header = frozenset({"header"})
        self.assertEqual(self.run_.step("port tph 0 rx+tx 3 lcore 1 header").writes(0),
                         [(igb.name("Rx", 3), igb.value("Rx", tag(1), header))])
        table = self.run_.step("show port 0 tph", 1).table()
        self.assertEqual([(table[d, 3].lcore, table[d, 3].objects) for d in ("Rx", "Tx")],
                         [(1, header), (2, igb.OBJECTS["Tx"])])
        self.assertEqual(self.run_.step("port tph 0 rx+tx 3 unbind").writes(0),
                         [(igb.name(d, 3), igb.UNBOUND[d]) for d in ("Rx", "Tx")])

    def test_failed_rebind(self) -> None:
        """A binding that fails leaves the old one, see also test_rebind."""
        self.check_error("port tph 0 rxq 1 lcore 99", "no lcore 99 here")

    def test_unbind(self) -> None:
        """The queue gets the value it has after reset."""
        step = self.run_.step("port tph 0 rxq 2 unbind")
        self.assertEqual(step.writes(0), [(igb.name("Rx", 2), igb.UNBOUND["Rx"])])

    def test_restart(self) -> None:
        """Stop and start bring all bindings back, and one made in between."""
        lcores = self.forwarding_lcores(0)
        lcores["Rx", 1] = 3
        del lcores["Rx", 2]
        self.check_table(self.run_.step("show port 0 tph", 3), lcores, "pending")
        self.assertEqual(self.run_.step("port tph 0 rxq 2 lcore 1").writes(0), [])

        lcores["Rx", 2] = 1
        table = self.run_.step("show port 0 tph", 4)
        self.check_table(table, lcores)
        self.assertEqual(dict(self.run_.step("port start 0").writes(0)), {
            igb.name(*key): igb.value(key[0], tag(queue.lcore), queue.objects)
            for key, queue in table.table().items()
        })

    def test_fewer_queues(self) -> None:
        """Queues that a configuration removes are forgotten, others stay."""
        lcores = self.forwarding_lcores(1)
        del lcores["Tx", 0]
        del lcores["Rx", 2]
        del lcores["Rx", 3]
        self.check_table(self.run_.step("show port 1 tph", 1), lcores)

    def test_disable(self) -> None:
        """All queues of the port are cleared, a second time does nothing."""
        step = self.run_.step("port tph 0 disable")
        self.assertEqual(dict(step.writes(0)), {
            igb.name(*key): igb.UNBOUND[key[0]] for key in QUEUES
            if key not in (("Rx", 2), ("Rx", 3))
        })
        self.assertEqual(step.writes(1), [])
        self.assertEqual(self.run_.step("show port 0 tph", 5).table(), {})
        again = self.run_.step("port tph 0 disable", 1)
        self.assertEqual((again.output, again.writes(0)), ("", []))

    def test_close(self) -> None:
        """After close the hardware is as if nothing had been."""
        after = self.run_.snapshot("after")
        for port in range(2):
            self.assertEqual(after[vm.bdf(port), "control"], CONTROL_OFF)
        last: dict[str, int] = {}
        for name, value in self.run_.step("quit").writes(1):
            last[name] = value
        # Tags were in force until then, so each is taken back.
        self.assertEqual(last, {
            igb.name(*key): igb.UNBOUND[key[0]]
            for key in self.run_.step("show port 1 tph", 1).table()
        })


class MainSessionOldKernel(MainSession):
    """The same on the kernel of Debian 12."""

    kernel = "6.1"


class LcoreMap(TestpmdCase):
    """lcore ids are not CPU ids."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.session(
            """
            port tph 0 enable
            port tph 0 rxq 0 lcore 5
            port tph 0 txq 0 lcore 1
            port tph 0 rxq 1 lcore 7
            port tph 0 rxq 1 lcore 0
            port tph 0 txq 1 cpu 1
            show port 0 tph
            quit
            """,
            eal=["--lcores", "0@0,1@3,5@2,7@(1,2)"],
            args=["--rxq=2", "--txq=2", "--nb-cores=2"],
            log=["TPH: port 0 Rx queue 1 (lcore 7): the lcore runs on CPUs 1 and 2,"
                 " whose tags differ: pin it to one"],
        )

    def test_map(self) -> None:
        """The tag is that of the CPU which the lcore is mapped to."""
        table = self.run_.step("show port 0 tph").table()
        self.assertEqual(
            {key: (q.lcore, q.cpu, q.tag) for key, q in table.items()},
            {("Rx", 0): (5, 2, tag(2)), ("Tx", 0): (1, 3, tag(3)), ("Rx", 1): (0, 0, tag(0)),
             # A CPU, which is not what lcore 1 is mapped to.
             ("Tx", 1): (-1, 1, tag(1))},
        )
        self.assertEqual(
            self.run_.step("port tph 0 rxq 0 lcore 5").writes(0),
            [(igb.name("Rx", 0), igb.value("Rx", tag(2), RX_OBJECTS))],
        )

    def test_lcore_of_two_cpus(self) -> None:
        """An lcore that roams between CPUs of different tags is refused."""
        self.check_error("port tph 0 rxq 1 lcore 7", "Invalid argument")
        self.check_error("port tph 0 rxq 1 lcore 7", "CPUs 1 and 2, whose tags differ")


class SystemCalls(TestpmdCase):
    """Binding any number of queues takes one call of the kernel, or none."""

    # _IO(VFIO_TYPE, VFIO_BASE + 22)
    COUNT = "!grep -c '0x3b, 0x7a' /root/out/strace.log"

    @classmethod
    def setUpClass(cls) -> None:
        cls.session(
            f"""
            {cls.COUNT}
            port tph 0 enable
            {cls.COUNT}
            port tph 0 rxq 0 lcore 1 desc,header
            {cls.COUNT}
            port tph 0 rxq all lcore auto desc
            {cls.COUNT}
            port tph 0 rxq all lcore 2 desc
            port tph 0 txq all lcore auto desc
            port stop 0
            port start 0
            {cls.COUNT}
            port tph 0 disable
            {cls.COUNT}
            port stop all
            port config all rxq 8
            port config all txq 8
            port start all
            port tph 0 enable
            {cls.COUNT}
            port tph 0 rxq all lcore auto desc
            {cls.COUNT}
            quit
            """,
            wrapper="strace -f -e trace=ioctl -o /root/out/strace.log",
            args=["--rxq=16", "--txq=16", "--nb-cores=3", "--rxd=64", "--txd=64"],
        )

    def test_counts(self) -> None:
        """Only what is not known yet is asked for."""
        steps = [step for step in self.run_.steps if step.line == self.COUNT]
        counts = [int(step.output) for step in steps]
        query = 1
        self.assertEqual([b - a for a, b in zip(counts, counts[1:])], [
            1 + query,  # enable: what there is before
            1,  # the tag of CPU 1
            1,  # 16 queues: the tags of CPUs 2 and 3
            0,  # 32 queues, and a restart: all tags are known
            1,  # disable
            1 + query,  # enable
            1,  # 8 queues: all tags are unknown again
        ])
        table = self.run_.step("port tph 0 rxq all lcore auto desc")
        self.assertEqual(len(table.writes(0)), 16)


if __name__ == "__main__":
    unittest.main()
