# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Each state of a function has its verdict; the VM's tests show most of them for real."""

import json
import re
import shutil
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

import tool
from tool import DS, EXT, IN_CAP, IN_MSIX, IV, NO_ST, FakeMachine, hex_dump, make_config

NIC = NO_ST | IV | DS | IN_CAP
TOP = tool.HERE.parents[1]
GUIDE = TOP / "doc/guides/tools/tph.rst"
HOWTO = TOP / "doc/guides/howto/tph.rst"
seen: set[str] = set()


class States(unittest.TestCase):
    """One thing after the other is put right, until the function is ready."""

    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.machine = FakeMachine(Path(directory.name))

    def add(self, config: bytes, completer: int = 1, **more: str) -> str:
        """A function below a root port."""
        port = "0000:00:02.0"
        if not (self.machine.root / "sys/bus/pci/devices" / port).exists():
            self.machine.add(port, make_config(kind=tool.ROOT_PORT, completer=completer,
                                               buses=(1, 1)))
        return self.machine.add(f"{port}/0000:01:00.0", config, **more)

    def expect(self, bdf: str, state: str) -> Any:
        """Compare the state."""
        verdict = self.machine.judge(bdf)
        self.assertEqual(verdict.state, state)
        self.assertNotRegex(verdict.text + verdict.step, r"[{}]")
        self.assertEqual(verdict.step == "", state == "ready")
        seen.add(state)
        return verdict

    def facts(self, bdf: str, modes: str, why: int) -> None:
        """What the module says of the function."""
        directory = f"sys/bus/pci/devices/{bdf}"
        self.machine.write(f"{directory}/tph_modes", modes + "\n")
        self.machine.write(f"{directory}/tph_why", f"0x{why:x}\n")

    def test_capability(self) -> None:
        """What the device itself lacks."""
        for cap, state in ((None, "no-capability"), (NO_ST, "no-tag-mode"),
                           (NO_ST | IV, "no-tag-mode"), (NO_ST | IV | 0x600, "no-tag-mode"),
                           (NO_ST | IV | IN_MSIX, "no-module"), (NO_ST | DS, "no-module"),
                           (NO_ST | DS | 0x600, "no-module")):
            with self.subTest(cap=cap), tempfile.TemporaryDirectory() as directory:
                self.machine = FakeMachine(Path(directory))
                self.expect(self.add(make_config(tph_cap=cap)), state)

    def test_not_readable(self) -> None:
        """What cannot be read."""
        config = make_config(tph_cap=NIC)
        bdf = self.add(config)
        with mock.patch.object(tool.tph, "read_config",
                               lambda path: tool.tph.ConfigSpace(bytes(config[:64]), 4096)):
            verdict = self.expect(bdf, "not-root")
            self.assertIn("64 bytes", verdict.text)
            # What the module says is for everyone.
            self.facts(bdf, "iv ds", 0)
            self.expect(bdf, "ready")
            self.facts(bdf, "", 1)
            self.expect(bdf, "no-completer")
        asleep = self.machine.add("0000:00:02.0/0000:01:00.1", b"\xff" * 4096)
        self.assertIn(asleep, self.expect(asleep, "asleep").step)
        (self.machine.root / "sys/bus/pci/devices" / asleep / "config").unlink()
        self.expect(asleep, "asleep")
        short = self.machine.add("0000:00:02.0/0000:01:00.2", config[:256])
        self.expect(short, "no-extended-space")

    def test_root_port(self) -> None:
        """What is above the device."""
        self.expect(self.machine.add("0000:00:05.0", make_config(tph_cap=NIC)), "no-root-port")
        integrated = make_config(kind=tool.INTEGRATED, tph_cap=NIC)
        self.expect(self.machine.add("0000:00:06.0", integrated), "no-module")
        for completer, state in ((0, "no-completer"), (2, "no-completer"), (1, "no-module"),
                                 (3, "no-module")):
            with self.subTest(completer), tempfile.TemporaryDirectory() as directory:
                self.machine = FakeMachine(Path(directory))
                bdf = self.add(make_config(tph_cap=NIC), completer)
                verdict = self.expect(bdf, state)
                self.assertEqual("0000:00:02.0" in verdict.text, state == "no-completer")
                self.expect("0000:00:02.0", "bridge")

    def test_switch(self) -> None:
        """The root port above a switch counts; the ports of the switch do not complete."""
        self.machine.add("0000:00:02.0", make_config(kind=tool.ROOT_PORT, completer=3,
                                                     prefixes=True, buses=(1, 3)))
        up = "0000:00:02.0/0000:01:00.0"
        self.machine.add(up, make_config(kind=tool.UPSTREAM, buses=(2, 3)))
        down = f"{up}/0000:02:00.0"
        self.machine.add(down, make_config(kind=tool.DOWNSTREAM, prefixes=True, buses=(3, 3)))
        bdf = self.machine.add(f"{down}/0000:03:00.0",
                               make_config(tph_cap=NIC | EXT, prefixes=True))
        self.expect(bdf, "no-module")
        fn = tool.tph.Machine(self.machine.root).function(bdf)
        self.assertEqual([hop.bdf for hop in fn.parents],
                         ["0000:02:00.0", "0000:01:00.0", "0000:00:02.0"])
        self.assertEqual(fn.tag_bits(), 8, "the upstream port forwards no prefixes")
        self.assertIn("2 switch ports on the way, end-end prefixes not forwarded: 8-bit tags",
                      tool.tph.path_text(fn))
        fn.parents[1].prefixes = True
        self.assertEqual(fn.tag_bits(), 16)
        fn.parents[0].prefixes = None
        self.assertIsNone(fn.tag_bits())

    def test_kernel(self) -> None:
        """From a bare server to a function that is ready."""
        bdf = self.add(make_config(tph_cap=NIC), group="")
        self.machine.write("proc/cmdline", 'quiet pci="noaer,notph" ro\n')
        self.expect(bdf, "notph")
        self.machine.write("proc/cmdline", "quiet -- pci=notph\n")
        self.expect(bdf, "no-iommu")
        device = self.machine.root / "sys/bus/pci/devices" / bdf
        # An SMMU takes it when it is bound, or not.
        iommu = self.machine.write("sys/class/iommu/smmu3.0x9050000/uevent", "")
        self.expect(bdf, "no-module")
        (device / "driver").symlink_to("/sys/bus/pci/drivers/ixgbe")
        self.expect(bdf, "no-iommu")
        (device / "driver").unlink()
        shutil.rmtree(iommu.parent)
        self.expect(bdf, "no-iommu")
        (device / "iommu_group").symlink_to("/sys/kernel/iommu_groups/9")
        self.assertIn(FakeMachine.RELEASE, self.expect(bdf, "no-module").text)
        self.machine.install()
        self.expect(bdf, "not-loaded")
        self.machine.load(notph=True)
        self.expect(bdf, "module-notph")
        self.machine.load()
        self.assertIn(f"--bind=tph-vfio-pci {bdf}", self.expect(bdf, "no-driver").step)
        for driver, state in (("ixgbe", "other-driver"), ("vfio-pci", "stock-driver"),
                              ("mlx5_core", "bifurcated"), ("tph-vfio-pci", "no-interface")):
            (device / "driver").symlink_to(f"/sys/bus/pci/drivers/{driver}")
            self.expect(bdf, state)
            (device / "driver").unlink()
        for modes, why, state in (
            ("", 0x01, "no-completer"), ("", 0x10, "no-tag-mode"),
            ("", 0x02, "rawio"), ("", 0x80000000, "no-mode"),
            ("ds", 0x04, "no-firmware"), ("ds", 0x08, "bad-firmware"),
            ("iv", 0x42, "ready"), ("iv ds", 0, "ready"),
        ):
            self.facts(bdf, modes, why)
            self.expect(bdf, state)
        self.facts(bdf, "", 0x02)
        self.machine.write("sys/module/tph_vfio_pci/parameters/ds_mode", "never\n")
        self.expect(bdf, "policy")
        self.facts(bdf, "ds", 0x100000000)
        self.expect(bdf, "no-driver")

    def test_replaced(self) -> None:
        """The module in place of vfio-pci, under its name."""
        bdf = self.add(make_config(tph_cap=NIC), driver="vfio-pci")
        self.machine.load("vfio_pci")
        self.expect(bdf, "no-interface")
        self.facts(bdf, "iv ds", 0)
        self.expect(bdf, "ready")
        other = self.machine.add("0000:00:02.0/0000:01:00.1", make_config(tph_cap=NIC))
        self.assertIn("--bind=vfio-pci", self.expect(other, "no-driver").step)

    def test_dump(self) -> None:
        """States that only a dump has."""
        port = hex_dump("00:02.0", make_config(kind=tool.ROOT_PORT, completer=1, buses=(1, 1)))
        nic = make_config(tph_cap=NIC)
        for text, state in (
            (port + hex_dump("01:00.0", nic), "capable"),
            (hex_dump("01:00.0", nic), "unknown-root-port"),
            (port + hex_dump("01:00.0", nic[:256]), "truncated"),
            ("01:00.0 Ethernet controller: X\n\tCapabilities: [1a0 v1] Transaction Processing"
             " Hints\n\tCapabilities: [1c0 v1] Access Control Services\n", "unstated"),
        ):
            status, out, _ = tool.run("--dump", "-", "-s", "01:00.0", "--json", stdin=text)
            [function] = json.loads(out)["functions"]
            self.assertEqual(function["verdict"]["state"], state)
            self.assertEqual(status, 0 if state == "capable" else 1)
            seen.add(state)

    def test_z_all_of_them(self) -> None:
        """Every state was seen, and the guide has a word on it."""
        self.assertEqual(seen, set(tool.tph.STATES))
        words = set(re.findall(r"^``([a-z-]+)``$", GUIDE.read_text(), re.MULTILINE))
        self.assertEqual(words, set(tool.tph.STATES))


class Guide(unittest.TestCase):
    """What the guide says of messages and numbers."""

    def test_messages(self) -> None:
        """testpmd prints what the guide explains."""
        source = "".join((TOP / "app/test-pmd" / name).read_text()
                         for name in ("tph.c", "tph_show.c"))
        messages = re.findall(r"^``Port 0: (.*): [A-Z].*``$", HOWTO.read_text(), re.MULTILINE)
        self.assertGreater(len(messages), 3)
        for message in messages:
            self.assertIn(f'"Port %u: {message}: %s\\n"', source)

    def test_example(self) -> None:
        """The example of bytes in flight is reckoned right."""
        text = HOWTO.read_text()
        cache, frame = 1 << 20, 1500 + 14
        for payload in (0, frame - 128):
            in_flight = 1024 * (16 + 128 + payload) + 1024 * 16
            self.assertIn(f"= {in_flight:,}", text)
            self.assertIn(f"- {round(100 * in_flight / cache)} %", text)
        fit = cache // (16 + frame + 16)
        self.assertIn(f"{cache:,} / (1530 + 16) = {fit}, hence {fit // 32 * 32} descriptors", text)


class CommandLine(unittest.TestCase):
    """Options, exit status, output."""

    def test_errors(self) -> None:
        """One line and status 2."""
        cases: tuple[tuple[list[str], str, str], ...] = (
            (["--dump", "/no/such/file"], "", "/no/such/file: No such file or directory"),
            (["--dump", "-"], "nothing\n", "-: no output of lspci in it"),
            (["--dump", "-"], "00:1f.0 ISA bridge: X\n", "no network function; --all shows"),
            (["--dump", "-", "-s", "2:3"], "00:1f.0 ISA bridge: X\n", "no PCI function 0000:2:3"),
            (["-s", "ffff:ff:1f.7"], "", "no PCI function ffff:ff:1f.7"),
            (["show", "0", "-f", "no-such-application"], "", "is the application running"),
        )
        for argv, stdin, words in cases:
            status, out, err = tool.run(*argv, stdin=stdin)
            self.assertEqual((status, out), (2, ""), argv)
            self.assertIn(words, err)
            self.assertEqual(err.count("\n"), 1, err)

    def test_selection(self) -> None:
        """Network functions, all of them, or one."""
        dump = str(tool.HERE / "dumps/server.txt")
        cases: dict[str, list[str]] = {
            "": ["0000:01:00.0"], "--all": ["0000:00:02.0", "0000:01:00.0"],
            "-s 00:02.0": ["0000:00:02.0"], "-s 0000:01:00.0": ["0000:01:00.0"]}
        for options, shown in cases.items():
            _, out, _ = tool.run("--dump", dump, *options.split())
            self.assertEqual(re.findall(r"(?m)^\S+:\S+", out), shown)

    def test_this_machine(self) -> None:
        """It looks at the machine it runs on without falling over, whatever that is."""
        status, out, err = tool.run("--all", "--json")
        self.assertEqual(err, "")
        self.assertIn(status, (0, 1))
        self.assertEqual(len(json.loads(out)["functions"]),
                         len(list(Path("/sys/bus/pci/devices").glob("*"))))


if __name__ == "__main__":
    unittest.main()
