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

import vm
from test_testpmd import TestpmdCase
from vm import tag

TOOLS = vm.TOP / "subprojects/dpdk-22.11/usertools"
PYTHON = vm.SYSROOT / "usr/bin/python3.11"
LIBRARY = vm.SYSROOT / "usr/lib/python3.11"
# What makes Debian's library large and no tool needs.
LEFT_OUT = shutil.ignore_patterns(
    "__pycache__", "test", "config-*", "lib2to3", "idlelib", "pydoc_data", "ensurepip",
    "unittest", "distutils", "asyncio", "tkinter", "sqlite3", "multiprocessing",
)
RUN = "PYTHONHOME=/root/python LD_LIBRARY_PATH=/root/python/so /root/python/python3.11 -B"


def make_python(directory: Path) -> Path:
    """Put Debian's Python, its library and the shared objects into a directory."""
    root = directory / "python"
    shutil.copytree(LIBRARY, root / "lib/python3.11", ignore=LEFT_OUT, symlinks=False,
                    ignore_dangling_symlinks=True)
    shutil.copy(PYTHON, root / "python3.11")
    (root / "so").mkdir()
    objects = [PYTHON, *(root / "lib/python3.11/lib-dynload").glob("readline.*.so")]
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
                "--copy", os.fspath(TOOLS / "dpdk-devbind.py"),
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
                quit
                """,
                "--copy", os.fspath(python), "--copy", os.fspath(TOOLS / "dpdk-telemetry.py"),
                "--copy", os.fspath(vm.TOP / "usertools/dpdk-tph.py"),
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

    def test_show(self) -> None:
        """dpdk-tph.py prints what testpmd prints, by number and by address."""
        expected = (self.run_.step("show port 0 tph").output + "status 0\n"
                    + self.run_.step("show port 0 tph").output + "status 0\n"
                    "dpdk-tph.py: no port 3 in this application\nstatus 2\n")
        self.assertEqual(self.run_.step(self.SHOW).output, expected)


if __name__ == "__main__":
    unittest.main()
