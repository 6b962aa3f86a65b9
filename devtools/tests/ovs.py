# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Debian's Open vSwitch, as it is, with our libraries: what the guide's page tells, done.

Not found by itself: devtools/test.sh ovs names it.
"""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import page
import vm

PAGE = vm.TOP / "doc/guides/howto/tph_ovs.rst"
PACKAGE = "openvswitch-switch-dpdk"
# The VM has the kernel's modules, its Debian none.
MODULES = 'modprobe -a openvswitch tun && exec "$@"'
SCRIPT = """
export PATH=/usr/local/bin:$PATH
cp -a /root/installed/. / && ldconfig || exit
python3 /root/run_page.py /root/tph_ovs.rst
status=$?
cp /var/log/openvswitch/ovs-vswitchd.log /root/out
exit $status
"""


def install(directory: Path) -> None:
    """What programs need at run time of what "meson install" puts there."""
    everything = directory / "everything"
    subprocess.run(["meson", "install", "-C", vm.BUILD, "--quiet"], check=True,
                   env=dict(os.environ, DESTDIR=os.fspath(everything)))
    shutil.copytree(
        everything, directory / "installed", symlinks=True,
        ignore=shutil.ignore_patterns("*.a", "*.h", "*.pc", "examples", "dpdk-test*", "doc"))


class OpenVswitch(unittest.TestCase):
    """Two ports, two PMD threads, and a queue that moves from one to the other."""

    run_: vm.Run

    @classmethod
    def setUpClass(cls) -> None:
        disk = subprocess.run([vm.TOP / "devtools/vm/debian-disk.sh", "ovs", PACKAGE], check=True,
                              stdout=subprocess.PIPE, text=True).stdout.strip()
        # Next to the build: EAL loads no plugins from a directory that all can write to.
        with tempfile.TemporaryDirectory(dir=vm.BUILD) as directory:
            install(Path(directory))
            cls.run_ = vm.run_vm(
                ["sh", "-c", MODULES, "sh", "tph-debian", "sh", "-c", SCRIPT],
                "--disk", disk, "--timeout", "1800",
                *(word for path in [Path(directory) / "installed", vm.TESTS / "run_page.py", PAGE]
                  for word in ("--copy", os.fspath(path))))
        cls.run_.steps = vm.parse_steps(cls.run_.stdout)

    def test_page(self) -> None:
        """What the page shows is printed."""
        page.check(self, PAGE, self.run_)

    def test_registers(self) -> None:
        """Tags of the CPUs that poll arrive in the registers, and change when queues move."""
        before, after = vm.tag(2), vm.tag(3)
        first, second = (self.run_.tags(port) for port in range(2))
        self.assertEqual((first["RXCTL[0]"], first["RXCTL[1]"]),
                         ([before, after], [after, before]))
        self.assertEqual((second["RXCTL[0]"], second["RXCTL[1]"]), ([before], [after]))
        # Which Tx queue belongs to which thread is up to Open vSwitch.
        for tags in (first, second):
            sent = [values for name, values in tags.items() if name.startswith("TXCTL")]
            self.assertIn([before], sent)
            self.assertLessEqual(len(sent), 2)

    def test_forwards(self) -> None:
        """Packets went round."""
        ports = self.run_.step("# ovs-ofctl dump-ports br0").output
        for received in re.findall(r"port +[12]: rx pkts=(\d+)", ports):
            self.assertGreater(int(received), 1000)


if __name__ == "__main__":
    unittest.main()
