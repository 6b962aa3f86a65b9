# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""README's "Use it with a real NIC", as it stands: the module built here, the rest in the VM."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import igb
import vm
from session import QUEUES, RX_OBJECTS, TX_OBJECTS
from test_tools import RUN, dpdk_tool, make_python
from vm import tag

README = vm.TOP / "README.md"
# What each test does: these are how one comes to a build.
BUILD = ["devtools/setup.sh build", "meson setup build", "ninja -C build"]
MAKE = "make -C kernel/linux/tph_vfio_pci"
# Which DPDK the reader has, on Debian 12.
DPDK = "dpdk-22.11"
# Where the reader's NIC is, and the first of the VM.
NIC = "0000:3b:00.0"


def commands() -> list[str]:
    """The lines of the chapter's blocks of code that are commands, of a shell or of testpmd."""
    chapter = README.read_text(encoding="utf-8").split("\n## Use it with a real NIC\n")[1]
    blocks = re.findall(r"^   ```\n(.*?)^   ```\n", chapter.split("In an application:")[0],
                        re.MULTILINE | re.DOTALL)
    return [line.strip() for line in "".join(blocks).splitlines()]


class RealNic(unittest.TestCase):
    """A server as the README finds it: a NIC that no driver has, and our checkout."""

    run_: vm.Run
    steps: dict[str, vm.Step]

    @classmethod
    def make_module(cls, top: Path) -> None:
        """README's command for the module, for the VM's kernel, in a copy of the sources."""
        directory = vm.KERNELS / "kernel-6.12"
        release = (directory / "release").read_text().strip()
        shutil.copytree(vm.TOP / "kernel", top / "kernel")
        subprocess.run(
            MAKE.split(), cwd=top, check=True, capture_output=True,
            env={**os.environ, "CROSS_COMPILE": vm.CROSS_COMPILE,
                 "KDIR": f"{directory}/usr/src/linux-headers-{release}"})

    @classmethod
    def make_checkout(cls, top: Path) -> None:
        """What of a built checkout the commands name."""
        cls.make_module(top)
        tools = top / "subprojects" / vm.staged().name / "usertools"
        tools.mkdir(parents=True)
        devbind = tools / "dpdk-devbind.py"
        shutil.copy(dpdk_tool("dpdk-devbind.py"), top / "devbind.py")
        devbind.write_text(f'#!/bin/sh\n{RUN} /root/devbind.py "$@"\n')
        devbind.chmod(0o755)
        app = top / "build/subprojects" / vm.staged().name / "app"
        app.mkdir(parents=True)
        (app / "dpdk-testpmd").symlink_to("/bin/dpdk-testpmd")

    @classmethod
    def setUpClass(cls) -> None:
        lines = [line for line in commands() if line not in [*BUILD, MAKE]]
        lines.append("testpmd> quit")
        page = ".. code-block:: console\n\n" + "".join(
            f"   {line if line.startswith('testpmd>') else f'# {line}'}\n" for line in lines)
        with tempfile.TemporaryDirectory() as name:
            top = Path(name)
            cls.make_checkout(top)
            (top / "page.rst").write_text(
                page.replace(NIC, vm.bdf(0)).replace(DPDK, vm.staged().name))
            copies = [make_python(top), vm.TESTS / "run_page.py",
                      *(top / part for part in ("kernel", "subprojects", "build", "devbind.py",
                                                "page.rst"))]
            cls.run_ = vm.run_vm(
                # What testpmd asks for where it is not told to be modest
                ["sh", "-c", "echo 320 >/proc/sys/vm/nr_hugepages;"
                 f" {RUN} /root/run_page.py /root/page.rst"], "--driver", "none",
                "--cpus", "5", "--ports", "1",
                *(word for path in copies for word in ("--copy", os.fspath(path))))
        cls.steps = {step.line: step for step in vm.parse_steps(cls.run_.stdout)}
        if cls.run_.status != 0 or "end" not in cls.steps:
            raise AssertionError(cls.run_.stdout + cls.run_.stderr)

    def test_commands(self) -> None:
        """All that comes before: the build of this tree, and of the module."""
        self.assertEqual([line for line in commands() if line in [*BUILD, MAKE]], [*BUILD, MAKE])

    def test_loaded(self) -> None:
        """Modules load and the NIC is bound without a word."""
        for line, step in self.steps.items():
            if re.match("# (modprobe|insmod|subprojects)", line):
                self.assertEqual(step.output, "", line)

    def test_bound(self) -> None:
        """testpmd shows each queue bound to an lcore, and the NIC has its tag."""
        table = self.steps["testpmd> show port 0 tph"].table()
        self.assertEqual(sorted(table), sorted(QUEUES))
        written: dict[str, int] = {}
        for access in self.run_.accesses():
            if access.write and access.name[1:5] == "XCTL":
                written.setdefault(access.name, access.value)
        self.assertEqual(written, {
            igb.name(*key): igb.value(
                key[0], tag(queue.cpu), RX_OBJECTS if key[0] == "Rx" else TX_OBJECTS)
            for key, queue in table.items()})


if __name__ == "__main__":
    unittest.main()
