# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""What a port goes through while it is bound: a new MTU, threads, processes, its end."""

import os
import re
import unittest

import igb
import vm
from session import RX_OBJECTS, TestpmdCase
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


# What the application does by itself, and what it does after the kernel has asked for the device.
ENDS = ("close", "remove", "detach", "cleanup")
PULLS = {
    "pulled": f"echo 1 > {SYS}/devices/{DEVICE}/remove",
    "unbound": f"echo {DEVICE} > {SYS}/drivers/tph-vfio-pci/unbind",
}
END = """
echo '=== {end}'
strace -f -e trace=ioctl -o /root/out/{end} ./tph_life_app {eal} -- {end} 2>&1
tph-snapshot -
"""
# The device comes back as new, and is bound again.
PULL = """
echo '=== {end}'
rm -f held
strace -f -e trace=ioctl -o /root/out/{end} ./tph_life_app {eal} -- pulled >held 2>&1 &
until grep -q '^held' held; do usleep 100000; done
{pull}
wait
cat held
echo 1 > {sys}/rescan
[ ! -e {sys}/devices/{device}/driver ] || echo {device} > {sys}/devices/{device}/driver/unbind
echo tph-vfio-pci > {sys}/devices/{device}/driver_override
echo {device} > {sys}/drivers_probe
tph-snapshot -
"""
# Of a process that another one meets: it ends when its standard input does.
HOLD = """
mkfifo in
./tph_life_app {eal} -- hold <in >held 2>&1 &
exec 3>in
until grep -q '^held' held; do usleep 100000; done
./tph_life_app {eal} --proc-type=secondary -- restart
echo "secondary: $?"
exec 3>&-
wait
cat held
"""


class Ends(unittest.TestCase):
    """Ports of virtio, whose driver unmaps the device by itself."""

    all_ends = (*ENDS, *PULLS)
    steps: dict[str, vm.Step]
    traces: dict[str, str]

    @classmethod
    def setUpClass(cls) -> None:
        eal = f"-l 0-3 -a {DEVICE}"
        script = "".join(
            [END.format(end=end, eal=eal) for end in ENDS]
            + [PULL.format(end=end, pull=pull, eal=eal, sys=SYS, device=DEVICE)
               for end, pull in PULLS.items()]
        ) + (
            f"echo '=== threads'; ./tph_life_app {eal} -- threads 2>&1\n"
            f"echo '=== secondary'; {HOLD.format(eal=eal)}"
        )
        run = vm.run_vm(
            ["sh", "-c", script], "--copy", os.fspath(vm.BUILD / "tph_life_app"),
            "--nic", "virtio", "--ports", "1", "--st-entries", "32",
        )
        cls.steps = {step.line: step for step in vm.parse_steps(run.stdout)}
        if run.status != 0 or len(cls.steps) != len(cls.all_ends) + 2:
            raise AssertionError(f"ended with {run.status}:\n{run.stdout}{run.stderr}")
        cls.traces = {end: (run.out / end).read_text() for end in cls.all_ends}

    def test_closed_files(self) -> None:
        """No call is made on the descriptor of a device that is closed."""
        for end in self.all_ends:
            way = "pulled" if end in PULLS else end
            self.assertIn(f"{way}: done", self.steps[end].output)
            # _IO(VFIO_TYPE, VFIO_BASE + 22)
            calls = re.findall(r"0x3b, 0x7a, 0\), .*= (.*)", self.traces[end])
            # Ask, enable and bind, unbind and disable
            self.assertEqual(calls, ["0"] * 5, end)
            self.assertNotIn("EBADF", self.traces[end], end)

    def test_clean(self) -> None:
        """However a port ends, nothing is left in the hardware."""
        for end in self.all_ends:
            snapshot = self.steps[end].snapshot()
            self.assertEqual(snapshot[DEVICE, "control"], CONTROL_OFF, end)

    def test_threads(self) -> None:
        """Threads that bind queues of their own leave no tag in the table."""
        step = self.steps["threads"]
        self.assertIn("threads: done", step.output)
        tags = {name: value for (device, name), value in step.snapshot().items()
                if name.startswith("st[") and value != 0}
        self.assertEqual(tags, {})

    def test_secondary(self) -> None:
        """A secondary process that restarts the port neither crashes nor changes a state."""
        output = self.steps["secondary"].output
        self.assertIn("secondary: 0\n", output)
        self.assertIn("MTU: Success\n", output)
        self.assertEqual(re.findall(r"queue (\d) (\w+)", output),
                         [(str(queue), "applied") for _ in range(2) for queue in range(4)])


if __name__ == "__main__":
    unittest.main()
