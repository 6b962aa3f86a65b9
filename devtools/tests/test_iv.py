# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Interrupt-vector mode, with an application that uses Rx interrupts."""

import os
import re
import shlex
import unittest

import vm

# What the module was loaded with, as first line
POLICY = "cat /sys/module/tph_vfio_pci/parameters/ds_mode"

# Vector 0 is that of link changes; queues come after it.
FIRST_VECTOR = 1
QUEUES = range(4)


class InterruptVectorMsix(unittest.TestCase):
    """The kernel writes tags at the queues' vectors; table in the MSI-X table."""

    table = "msix"
    kernel = "6.1"
    nic = "igb"
    ports = 2
    entry = "msix[{}]"
    shift = 16
    args: list[str] = []
    # Nobody may choose tags: DPDK cannot map the MSI-X table and maps around it.
    policy = "never"
    reset = "Success"
    log = [
        "ETHDEV TPH: port 0 Tx queue 0: objects 0 asked for, 0 supported",
        "TPH: port 0 Rx queue 1 (lcore 7): CPU 7: the firmware names no tag of the width in use:"
        " take another CPU",
    ]
    steps: dict[str, vm.Step]
    after: dict[tuple[str, str], int]

    @classmethod
    def setUpClass(cls) -> None:
        eal = ["-l", "0-3,7"]
        for port in range(cls.ports):
            eal += ["-a", vm.bdf(port)]
        run = vm.run_vm(
            ["sh", "-c", f"{POLICY}; exec ./tph_iv_app {shlex.join([*eal, '--', *cls.args])}"],
            "--append", f"tph_vfio_pci.ds_mode={cls.policy}",
            "--copy", os.fspath(vm.BUILD / "tph_iv_app"), "--cpus", "8", "--emul", "ext_port=1",
            "--nic", cls.nic, "--ports", str(cls.ports),
            "--st-table", cls.table, "--kernel", cls.kernel, log=cls.log,
        )
        if run.status != 0 or not run.stdout.startswith(f"{cls.policy}\n"):
            raise AssertionError(f"ended with {run.status}:\n{run.stdout}{run.stderr}")
        cls.steps = {step.line: step for step in vm.parse_steps(run.stdout)}
        cls.after = run.snapshot("after")

    def tags(self, title: str) -> dict[int, int]:
        """The entries of the ST table that are not 0."""
        found = {}
        for (device, name), value in self.steps[title].snapshot().items():
            match = re.fullmatch(re.escape(self.entry).replace(r"\{\}", r"(\d+)"), name)
            if device == vm.bdf(0) and match and value >> self.shift != 0:
                found[int(match[1])] = value >> self.shift
        return found

    def check(self, title: str, cpus: dict[int, int]) -> None:
        """Queues are bound to these CPUs: in ethdev's eyes and in hardware."""
        states = re.findall(r"queue (\d+) applied cpu (\d+)", self.steps[title].output)
        self.assertEqual({int(q): int(cpu) for q, cpu in states}, cpus, title)
        self.assertEqual(
            self.tags(title),
            {FIRST_VECTOR + q: vm.tag(cpu) for q, cpu in cpus.items()}, title,
        )
        self.assertEqual(self.steps[title].snapshot()[vm.bdf(0), "control"], vm.CONTROL_IV, title)

    def test_bind(self) -> None:
        """Binding writes the tag of each CPU at the vector of its queue."""
        self.check("enabled", {})
        self.check("bound", {0: 1, 1: 2, 2: 3, 3: 1})
        self.check("rebound", {0: 1, 1: 3, 2: 3, 3: 1})
        self.check("unbound", {0: 1, 1: 3, 3: 1})

    def test_errors(self) -> None:
        """Tx queues have no vector; a CPU without a tag changes nothing."""
        self.assertIn("Tx: Operation not supported", self.steps["enabled"].output)
        self.assertIn("no tag: No such device or address", self.steps["rebound"].output)
        self.check("unchanged", {0: 1, 1: 3, 2: 3, 3: 1})

    def test_restore(self) -> None:
        """Bindings are back after a restart and after a reset of the port."""
        self.check("restarted", {0: 1, 1: 3, 3: 1})
        self.check("reset", {0: 1, 1: 3, 3: 1})
        self.assertIn(f"reset: {self.reset}\n", self.steps["reset"].output)

    def test_interrupts(self) -> None:
        """Rx queues interrupt while their vectors have tags."""
        titles = [("bound", QUEUES), ("restarted", QUEUES), ("reduced", range(2))]
        if self.reset == "Success":
            titles.append(("reset", QUEUES))
        for title, queues in titles:
            found = re.findall(r"queue (\d+) interrupts", self.steps[title].output)
            self.assertEqual([int(q) for q in found], list(queues), title)

    def test_fewer_queues(self) -> None:
        """The entries of queues that are gone are cleared."""
        self.check("reduced", {0: 1, 1: 3})

    def test_disable(self) -> None:
        """Nothing is left."""
        self.assertEqual(self.tags("disabled"), {})
        self.assertEqual(self.steps["disabled"].snapshot()[vm.bdf(0), "control"], 0)
        self.assertEqual(self.after[vm.bdf(0), "control"], 0)


class InterruptVector(InterruptVectorMsix):
    """The same with the ST table in the capability, where writes can fail."""

    table = "cap"
    kernel = "6.12"
    policy = "rawio"
    entry = "st[{}]"
    shift = 0
    args = ["faults"]
    # Each write of a batch fails, and then is ignored.
    log = [
        *InterruptVectorMsix.log,
        *["TPH: port 0 Rx queue 0 (lcore 1): and 3 others: Input/output error"] * 12,
    ]

    def test_faults(self) -> None:
        """Whichever write of a batch goes wrong: nothing has changed."""
        output = self.steps["enabled"].output
        [writes] = re.findall(r"writes of a batch: (\d+)", output)
        # One for each queue, and TPH is off meanwhile.
        self.assertEqual(int(writes), len(QUEUES) + 2)
        for kind in ("fail_write", "ignore_write"):
            self.assertEqual(
                re.findall(rf"{kind} (\d+): (.*)", output),
                [(str(n), "Input/output error, 0 to come, states same, config space same")
                 for n in range(1, int(writes) + 1)],
            )
        self.check("failed", {0: 2, 1: 1, 2: 2, 3: 3})
        self.check("recovered", {0: 1, 1: 2, 2: 3, 3: 1})


class InterruptVectorVirtioMsix(InterruptVectorMsix):
    """A driver that names the operations that are ready-made, and no more."""

    nic = "virtio"
    ports = 1
    reset = "Operation not supported"


class InterruptVectorVirtio(InterruptVector):
    """The same with the ST table in the capability."""

    nic = "virtio"
    ports = 1
    reset = "Operation not supported"


class InterruptVectorVmxnet3Msix(InterruptVectorMsix):
    """A driver whose device moves packets, though all to its Rx queue 0."""

    nic = "vmxnet3"
    kernel = "6.12"
    args = ["forward"]

    def test_interrupts(self) -> None:
        """An lcore that sleeps is woken to forward packets while vectors have tags."""
        for title in ("bound", "restarted", "reset", "reduced"):
            self.assertIn(
                "forwarding: woken 3 times, 96 of 96 packets came back\n",
                self.steps[title].output, title,
            )


class InterruptVectorCalls(unittest.TestCase):
    """Binding any number of queues takes one call of the kernel."""

    def test_counts(self) -> None:
        """The calls between one mark of the application and the next."""
        # The second is _IO(VFIO_TYPE, VFIO_BASE + 22).
        trace, ioctl = "/root/out/strace.log", "_IOC(_IOC_NONE, 0x3b, 0x7a, 0)"
        run = vm.run_vm(
            ["strace", "-f", "-e", "trace=ioctl,write", "-o", trace,
             "./tph_iv_app", "-l", "0-3", "-a", vm.bdf(0), "--", "calls"],
            "--copy", os.fspath(vm.BUILD / "tph_iv_app"), "--nic", "virtio", "--ports", "1",
            "--st-entries", "32",
        )
        self.assertEqual(run.status, 0, run.stdout + run.stderr)
        counts = {}
        parts = re.split(r'write\(1, "=== ([a-z]+ \d+)', (run.out / "strace.log").read_text())
        for part, title in zip(parts[0::2], parts[1::2]):
            counts[title] = part.count(ioctl)
        self.assertEqual(counts, {
            "enabled 0": 2,  # what there is, too
            "bound 1": 1,
            "bound 8": 1,
            "bound 16": 1,
            "restarted 16": 1,
        })


if __name__ == "__main__":
    unittest.main()
