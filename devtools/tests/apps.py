# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Queues of DPDK's own l2fwd and l3fwd, as they are, are bound to where they are polled.

So are those of ports that are members of a bonded port.

Not found by itself: devtools/test.sh apps names it.
"""

import os
import re
import tempfile
import unittest
from pathlib import Path

import igb
import vm
from session import TestpmdCase
from test_tools import RUN, make_python
from vm import CONTROL_OFF, tag

EXAMPLES = vm.BUILD / "subprojects/dpdk-22.11/examples"
# What of the VM's four ports the applications have; the others send packets to these.
PORTS = (0, 2)
# Where the thread that is on CPU 2 goes to.
MOVED_TO = 0
EAL = " ".join(["-l 1-2 --file-prefix=app", *(f"-a {vm.bdf(port)}" for port in PORTS)])
# With how many queues are bound, and move.
COMMANDS = f"""
4 2 /root/dpdk-l2fwd {EAL} -- -p 3 -P -q 1 -T 1
5 3 /root/dpdk-l3fwd {EAL} -- -p 3 -P --parse-ptype --config=(0,0,1),(0,1,2),(1,0,2)
""".lstrip()
# CPUs of each queue: Rx or Tx, and number.
Cpus = dict[tuple[str, int], int]
# What is hinted unless something else is asked for.
OBJECTS = {"Rx": frozenset({"desc", "header"}), "Tx": frozenset({"desc"})}


def registers(cpus: Cpus) -> dict[str, int]:
    """What the registers of queues hold that are bound to these CPUs."""
    return {igb.name(d, q): igb.value(d, tag(cpu), OBJECTS[d]) for (d, q), cpu in cpus.items()}


class Applications(unittest.TestCase):
    """Each has two lcores, on CPUs 1 and 2; then the second one is moved."""

    run_: vm.Run

    @classmethod
    def setUpClass(cls) -> None:
        with tempfile.TemporaryDirectory() as directory:
            commands = Path(directory) / "commands"
            commands.write_text(COMMANDS)
            copies = [commands, make_python(Path(directory)), vm.TESTS / "apps_guest.sh",
                      vm.TOP / "usertools/dpdk-tph.py",
                      EXAMPLES / "dpdk-l2fwd", EXAMPLES / "dpdk-l3fwd"]
            cls.run_ = vm.run_vm(
                ["env", f"TOOL={RUN} /root/dpdk-tph.py", "sh", "apps_guest.sh", "commands"],
                "--ports", "4",
                *(word for path in copies for word in ("--copy", os.fspath(path))))
        cls.run_.steps = vm.parse_steps(cls.run_.stdout)
        if cls.run_.status != 0:
            raise AssertionError(cls.run_.stdout + cls.run_.stderr)
        marked = [step for step in cls.run_.steps
                  if not step.line.endswith(("start", "started"))]
        for step, accesses in zip(marked, vm.split_accesses(cls.run_.accesses())[1:]):
            step.accesses = accesses

    def written(self, names: list[str], port: int) -> list[tuple[str, int]]:
        """Queue registers of a port that were written in these steps."""
        return [write for name in names for write in self.run_.step(name).writes(PORTS[port])]

    def check(self, app: str, steps: list[str], port: int, cpus: Cpus, moved: Cpus) -> None:
        """Queues were bound in these steps, each once, and those that moved; the table says so."""
        names = [f"{app} {name}" for name in steps]
        self.assertEqual(sorted(self.written(names, port)), sorted(registers(moved).items()))
        table = vm.Step("", self.run_.step(names[-1]).output.split("TPH\n")[1 + port]).table()
        self.assertEqual({key: (q.lcore, q.cpu, q.tag, q.state, q.objects, q.follow)
                          for key, q in table.items()},
                         {(d, q): (-1, cpu, tag(cpu), "applied", OBJECTS[d], "followed")
                          for (d, q), cpu in cpus.items()})

    def check_app(self, app: str, ports: list[Cpus]) -> None:
        """Nothing is bound, all queues are, those of CPU 2 move along, nothing is bound."""
        for line in ("follow", "unfollow"):
            self.assertEqual(self.run_.step(f"{app} {line}").output, "status 0\n")
        for port, cpus in enumerate(ports):
            moved = {key: MOVED_TO for key, cpu in cpus.items() if cpu == 2}
            self.check(app, ["follow", "followed"], port, cpus, cpus)
            self.check(app, ["move", "moved"], port, {**cpus, **moved}, moved)
            self.assertEqual(
                dict(self.written([f"{app} unfollow"], port)),
                {igb.name(d, q): igb.UNBOUND[d] for d, q in cpus})
        self.assertIn("status 0\n", self.run_.step(f"{app} end").output)

    def test_l2fwd(self) -> None:
        """One queue a port: what one lcore receives, it sends from the other port."""
        self.check_app("dpdk-l2fwd", [{("Rx", 0): 1, ("Tx", 0): 2}, {("Rx", 0): 2, ("Tx", 0): 1}])
        self.assertRegex(self.run_.step("dpdk-l2fwd end").output, r"Total packets sent: +[1-9]\d\d")

    def test_l3fwd(self) -> None:
        """Both lcores receive from one port, and send by queues of their own from the other."""
        self.check_app("dpdk-l3fwd", [{("Rx", 0): 1, ("Rx", 1): 2},
                                 {("Rx", 0): 2, ("Tx", 0): 1, ("Tx", 1): 2}])

    def test_untouched(self) -> None:
        """No tag is in a register before the first port is followed, nor enabled in the end."""
        first = vm.split_accesses(self.run_.accesses())[0]
        self.assertEqual([access for access in first if access.write and access.value >> 24
                          and access.name[:5] in ("RXCTL", "TXCTL")], [])
        for port in PORTS:
            self.assertEqual(self.run_.snapshot("after")[vm.bdf(port), "control"], CONTROL_OFF)


class Bonding(TestpmdCase):
    """testpmd forwards on a bonded port, number 2, that has both ports of the VM."""

    WAIT = "sleep 3"

    @classmethod
    def setUpClass(cls) -> None:
        members = ",".join(f"slave={vm.bdf(port)}" for port in range(2))
        cls.session(
            f"""
            set portlist 2
            ?Link status: up?show port info 2
            port tph all follow
            start tx_first
            !{cls.WAIT}
            show port 0 tph
            show port 1 tph
            stop
            set corelist 3,1
            start tx_first
            !{cls.WAIT}
            show port 0 tph
            show port 1 tph
            port tph 2 follow
            port tph all unfollow
            quit
            """,
            eal=["-l", "0-3", f"--vdev=net_bonding0,mode=0,{members}"],
            args=["--rxq=2", "--txq=2", "--nb-cores=2"])

    def check_members(self, nth: int) -> None:
        """Queues of both members are bound to where those of the bonded port are polled."""
        lcores = self.forwarding_lcores(2, nth)
        self.assertEqual(len(lcores), 4, lcores)
        for port in range(2):
            table = self.run_.step(f"show port {port} tph", nth).table()
            self.assertEqual({key: (q.cpu, q.state, q.follow) for key, q in table.items()},
                             {key: (cpu, "applied", "followed") for key, cpu in lcores.items()})
            written = [write for line in ("start tx_first", f"!{self.WAIT}")
                       for write in self.run_.step(line, nth).writes(port)]
            self.assertEqual(dict(written), registers(lcores))

    def test_followed(self) -> None:
        """They are followed by the thread that polls the bonded port."""
        self.check_members(0)

    def test_moved(self) -> None:
        """They move with it."""
        before, after = (self.forwarding_lcores(2, nth) for nth in range(2))
        self.assertEqual({key for key, lcore in before.items() if after[key] == lcore}, set())
        self.check_members(1)

    def test_bonded_port(self) -> None:
        """It has no TPH itself."""
        for line in ("port tph all follow", "port tph 2 follow"):
            self.assertIn("Port 2: cannot follow: Operation not supported",
                          self.run_.step(line).output)


if __name__ == "__main__":
    unittest.main()
