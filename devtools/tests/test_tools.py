# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""DPDK's own tools, and ours, know the module and show what is bound."""

import json
import os
import re
import shutil
import tempfile
import unittest
from pathlib import Path

import igb
import vm
from session import QUEUES, RX_OBJECTS, TX_OBJECTS, TestpmdCase
from vm import CONTROL_OFF, tag

# Debian's own, 3.11 or 3.13
[*_, PYTHON] = sorted(vm.SYSROOT.glob("usr/bin/python3.[0-9][0-9]"))
LIBRARY = vm.SYSROOT / "usr/lib" / PYTHON.name
# What makes Debian's library large and no tool needs.
LEFT_OUT = shutil.ignore_patterns(
    "__pycache__", "test", "config-*", "lib2to3", "idlelib", "pydoc_data", "ensurepip",
    "unittest", "distutils", "asyncio", "tkinter", "sqlite3", "multiprocessing",
)
RUN = "PYTHONHOME=/root/python LD_LIBRARY_PATH=/root/python/so /root/python/python -B"


def dpdk_tool(name: str) -> Path:
    """A tool of the DPDK that is built."""
    return vm.staged() / "usertools" / name


def make_python(directory: Path) -> Path:
    """Put Debian's Python, its library and the shared objects into a directory."""
    root = directory / "python"
    shutil.copytree(LIBRARY, root / "lib" / PYTHON.name, ignore=LEFT_OUT, symlinks=False,
                    ignore_dangling_symlinks=True)
    shutil.copy(PYTHON, root / "python")
    (root / "so").mkdir()
    objects = [PYTHON, *(root / "lib" / PYTHON.name / "lib-dynload").glob("readline.*.so")]
    for library in vm.libraries(*objects):
        shutil.copy(library, root / "so")
    return root


class Devbind(unittest.TestCase):
    """dpdk-devbind.py lists the module and binds to it."""

    def test_bind(self) -> None:
        """The NIC is listed with the module before and after it is bound."""
        with tempfile.TemporaryDirectory() as directory:
            python = make_python(Path(directory))
            tool = f"{RUN} /root/dpdk-devbind.py"
            run = vm.run_vm(
                ["sh", "-c",
                 "modprobe tph-vfio-pci; echo '=== before';"
                 f"{tool} --status-dev net; echo '=== bind';"
                 f"{tool} --bind=tph-vfio-pci 0000:01:00.0; echo '=== after';"
                 f"{tool} --status-dev net; echo '=== driver';"
                 "readlink /sys/bus/pci/devices/0000:01:00.0/driver"],
                "--driver", "none", "--copy", os.fspath(python),
                "--copy", os.fspath(dpdk_tool("dpdk-devbind.py")),
            )
        self.assertEqual(run.status, 0, run.stdout + run.stderr)
        output = {step.line: step.output for step in vm.parse_steps(run.stdout)}
        self.assertRegex(output["before"], r"0000:01:00.0 .* unused=.*tph-vfio-pci")
        self.assertRegex(output["after"], r"0000:01:00.0 .* drv=tph-vfio-pci")
        self.assertRegex(output["after"], r"0000:02:00.0 .* unused=.*tph-vfio-pci")
        self.assertTrue(output["driver"].strip().endswith("/tph-vfio-pci"), output["driver"])


class Telemetry(TestpmdCase):
    """dpdk-telemetry.py and dpdk-tph.py show what testpmd has bound."""

    ASK = ("!(echo /ethdev/tph,0; echo /ethdev/tph_queue,0,rx,1; echo /ethdev/tph,9;"
           f" echo quit) | {RUN} /root/dpdk-telemetry.py")
    SHOW = "!" + "; ".join(f"{RUN} /root/dpdk-tph.py show {port}; echo status $?"
                           for port in ("0", "01:00.0", "3"))
    TPH = f"{RUN} /root/dpdk-tph.py"
    # The time in which queues are learnt several times over.
    WAIT = "sleep 3"
    FOLLOW = (f"!{TPH} follow all; echo status $?; {TPH} follow 0 once; echo status $?;"
              f" {TPH} follow 3; {WAIT}; {TPH} show 0")
    UNFOLLOW = f"!{TPH} unfollow all; echo status $?; tph-snapshot -"

    @classmethod
    def setUpClass(cls) -> None:
        with tempfile.TemporaryDirectory() as directory:
            python = make_python(Path(directory))
            cls.session(
                f"""
                port tph 0 enable
                port tph 0 rxq 1 lcore 2
                show port 0 tph
                {cls.ASK}
                {cls.SHOW}
                port tph 0 disable
                ?Link status: up?show port info 0
                ?Link status: up?show port info 1
                start tx_first
                {cls.FOLLOW}
                show port 0 tph
                show port 1 tph
                stop
                set corelist 3,1,2
                start tx_first
                !{cls.WAIT}
                show port 0 tph
                show port 1 tph
                {cls.UNFOLLOW}
                show port 0 tph
                port tph 7 follow
                port tph 0 follow always
                port tph 0 follow once desc,cache
                port tph 1 follow once payload
                !{cls.WAIT}
                port tph 1 follow
                show port 1 tph
                port tph all unfollow
                show port 1 tph
                quit
                """,
                "--copy", os.fspath(python), "--copy", os.fspath(dpdk_tool("dpdk-telemetry.py")),
                "--copy", os.fspath(vm.TOP / "usertools/dpdk-tph.py"),
                log=[f"ETHDEV TPH: port {port}: is followed already" for port in range(2)],
            )

    def test_json(self) -> None:
        """Capabilities and the binding are those that were set."""
        answers = [json.loads(line) for line in re.findall(
            r'\{"/ethdev/tph.*\}', self.run_.step(self.ASK).output)]
        port, queue, gone = (answer.popitem()[1] for answer in answers)
        self.assertEqual(port["mode"], "ds")
        self.assertEqual(port["rx_applied"], [1])
        self.assertEqual((queue["lcore_id"], queue["cpu_id"], queue["st"]), (2, 2, tag(2)))
        self.assertIsNone(gone)

    def check_followed(self, nth: int, steps: list[vm.Step]) -> None:
        """All queues of both ports carry the tags of the CPUs that forwarding uses."""
        for port in range(2):
            cpus = self.forwarding_lcores(port, nth)
            self.assertEqual(sorted(cpus), sorted(QUEUES))
            table = self.run_.step(f"show port {port} tph", nth + 1 - port).table()
            self.assertEqual({key: (q.lcore, q.cpu, q.tag, q.state, q.follow)
                              for key, q in table.items()},
                             {key: (-1, cpu, tag(cpu), "applied", "followed")
                              for key, cpu in cpus.items()})
            expected = {igb.name(d, q): igb.value(d, tag(cpu), RX_OBJECTS if d == "Rx"
                                                  else TX_OBJECTS)
                        for (d, q), cpu in cpus.items()}
            written = [write for step in steps for write in step.writes(port)]
            self.assertEqual(dict(written).items() - expected.items(), set())
            # Each at most once, and those that stay where they were not at all.
            self.assertEqual(len(dict(written)), len(written))

    def test_follow(self) -> None:
        """testpmd was not told of TPH; the tool has it bind queues to where they are polled."""
        self.check_followed(0, [self.run_.step(self.FOLLOW)])
        for port in range(2):
            self.assertEqual(len(self.run_.step(self.FOLLOW).writes(port)), len(QUEUES))
        said, _, shown = self.run_.step(self.FOLLOW).output.partition("Port 0 TPH")
        self.assertIn("port 0: the port is followed already\nstatus 2\n", said)
        self.assertIn("port 3: no such port", said)
        self.assertIn("  Followed: keep\n", shown)

    def test_move(self) -> None:
        """Queues that other lcores poll now carry the tags of these."""
        self.assertNotEqual(self.forwarding_lcores(0, 1), self.forwarding_lcores(0))
        self.check_followed(1, [self.run_.step("start tx_first", 1),
                                self.run_.step(f"!{self.WAIT}")])

    def test_unfollow(self) -> None:
        """What was done is undone: queues, and TPH itself."""
        step = self.run_.step(self.UNFOLLOW)
        self.assertIn("status 0\n", step.output)
        for port in range(2):
            self.assertEqual(dict(step.writes(port)),
                             {igb.name(*key): igb.UNBOUND[key[0]] for key in QUEUES})
            self.assertEqual(step.snapshot()[vm.bdf(port), "control"], CONTROL_OFF)
        self.assertEqual(self.run_.step("show port 0 tph", 3).table(), {})

    def test_follow_command(self) -> None:
        """The command of testpmd, for objects of its own, and mistakes."""
        self.check_error("port tph 7 follow", "Invalid port 7")
        self.check_error("port tph 0 follow always", "Bad arguments")
        self.check_error("port tph 0 follow once desc,cache", "not a list of all, desc")
        self.check_error("port tph 1 follow", "is followed already")
        table = self.run_.step("show port 1 tph", 2).table()
        self.assertEqual({key: (q.objects, q.follow) for key, q in table.items()},
                         {key: (frozenset({"payload"}), "followed") for key in QUEUES})
        self.assertEqual(self.run_.step("show port 1 tph", 3).table(), {})

    def test_show(self) -> None:
        """dpdk-tph.py prints what testpmd prints, by number and by address."""
        expected = (self.run_.step("show port 0 tph").output + "status 0\n"
                    + self.run_.step("show port 0 tph").output + "status 0\n"
                    "dpdk-tph.py: no port 3 in this application\nstatus 2\n")
        self.assertEqual(self.run_.step(self.SHOW).output, expected)


if __name__ == "__main__":
    unittest.main()
