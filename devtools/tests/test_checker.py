# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""usertools/dpdk-tph.py on a real kernel, in each state it can name; lspci as witness."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any

import page
import vm
from test_tools import RUN, dpdk_tool, make_python

TOOL = vm.TOP / "usertools/dpdk-tph.py"
STATES = vm.TESTS / "checker-states"


def run_states(arguments: list[str], *options: str) -> list[vm.Step]:
    """Run a part of checker-states in the VM."""
    with tempfile.TemporaryDirectory() as directory:
        copies = []
        for path in (make_python(Path(directory)), TOOL, STATES):
            copies += ["--copy", os.fspath(path)]
        run = vm.run_vm(["./checker-states", *arguments], "--driver", "none", *copies, *options)
    steps = vm.parse_steps(run.stdout)
    if run.status != 0 or not steps or steps[-1].line != "end":
        raise AssertionError(f"status {run.status}\n{run.stdout}{run.stderr}")
    return steps[:-1]


def read_dump(text: str, bdf: str) -> Any:
    """What the tool makes of the output of lspci."""
    result = subprocess.run(
        [TOOL, "--dump", "-", "-s", bdf, "--json"], input=text, capture_output=True, text=True,
        check=False)
    assert result.stderr == "", result.stderr
    return json.loads(result.stdout)["functions"][0]


class CheckerCase(unittest.TestCase):
    """Steps of checker-states."""

    def check_steps(self, steps: list[vm.Step]) -> None:
        """The state is the one expected, and lspci sees the same."""
        for number, step in enumerate(steps):
            with self.subTest(step.line, number=number):
                if step.line.startswith("lspci "):
                    output = steps[number - 1].output.rpartition("--- ")[0]
                    for function in json.loads(output)["functions"]:
                        self.check_lspci(function, step.output)
                else:
                    self.check_step(step)

    def check_step(self, step: vm.Step) -> None:
        """Verdict and exit status."""
        output, _, status = step.output.rpartition("--- ")
        if output.startswith("{") and " " not in step.line:
            [function] = json.loads(output)["functions"]
            self.assertEqual(function["verdict"]["state"], step.line)
            self.assertEqual(int(status), 0 if step.line == "ready" else 1)

    def check_lspci(self, function: Any, text: str) -> None:
        """Compare with the words of lspci, with its bytes, and with both read as a dump."""
        bdf = function["bdf"]
        words = re.sub(r"(?m)^[0-9a-f]{2,3}:( [0-9a-f]{2})+$\n", "", text)
        sections = {section.partition(" ")[0]: section for section in words.split("\n\n")}
        hints = re.search(r"(?s)\[([0-9a-f]+) v1\] Transaction Processing Hints\n"
                          r"(.*?)(?=\tCap|\tKernel|\Z)", sections[bdf])
        self.assertEqual(function["has_tph"], hints is not None)
        if function["kind"] == "integrated endpoint":
            self.assertIsNone(function["root_port"])
        else:
            completer = re.search(r"\bTPHComp([+-]) ExtTPHComp([+-])",
                                  sections[function["root_port"]])
            # lspci says nothing of the value that is reserved.
            value = 2
            if completer is not None:
                value = int(completer[1] == "+") | int(completer[2] == "+") << 1
            self.assertEqual(function["root_port_completer"], value)
        if hints is not None:
            tph = function["tph"]
            self.assertEqual(tph["offset"], int(hints[1], 16))
            self.assertEqual("iv" in tph["modes"], "Interrupt vector mode" in hints[2])
            self.assertEqual("ds" in tph["modes"], "Device specific mode" in hints[2])
            self.assertEqual(tph["extended"], "Extended requester support" in hints[2])
            table = {"none": "No steering table", "capability": "TPH capability structure",
                     "msix": "MSI-X table", "reserved": "Reserved"}[tph["table"]]
            self.assertIn(table, hints[2])
        self.check_dump(function, text, words)

    def check_dump(self, function: Any, text: str, words: str) -> None:
        """The dump tells the same of the hardware, as far as it goes."""
        of_bytes, of_words = (read_dump(dump, function["bdf"]) for dump in (text, words))
        for name in ("ids", "kind", "has_tph", "tph", "tag_bits", "root_port",
                     "root_port_completer", "path", "problems", "driver"):
            self.assertEqual(of_bytes[name], function[name], name)
        for name in ("kind", "has_tph", "root_port", "path", "driver"):
            self.assertEqual(of_words[name], function[name], name)


class Way(CheckerCase):
    """From a bare server to a port that is ready."""

    steps: list[vm.Step]

    @classmethod
    def setUpClass(cls) -> None:
        cls.steps = run_states(["way"])

    def test_states(self) -> None:
        """Each step of the way."""
        self.assertEqual([step.line for step in self.steps if not step.line.startswith("lspci ")], [
            "no-module", "not-loaded", "no-driver", "stock-driver", "not-root", "ready", "ready",
            "ready text", "not-root text", "bridge", "all of it", "module-notph"])
        self.check_steps(self.steps)

    def test_text(self) -> None:
        """What people read."""
        [text] = [step.output for step in self.steps if step.line == "ready text"]
        self.assertRegex(text, r"^Linux 6\.12\..*; pci=notph: no; tph-vfio-pci: loaded, ds_mode=rawio")
        self.assertIn("modes no-st,iv,ds; ST table in the capability, 16 entries; tags of 8 bits",
                      text)
        self.assertIn("Platform tags: named", text)
        self.assertEqual(text.count("[ready]"), 1, "the other port is not bound")
        self.assertIn("Next step: dpdk-devbind.py --bind=tph-vfio-pci 0000:02:00.0", text)
        [text] = [step.output for step in self.steps if step.line == "not-root text"]
        self.assertIn("64 bytes of config space without root [not-root]", text)

    def test_all(self) -> None:
        """All functions that lspci lists."""
        [text] = [step.output for step in self.steps if step.line == "all of it"]
        listed = [function["bdf"] for function in json.loads(text.rpartition("---")[0])["functions"]]
        lspci = next(step.output for step in self.steps if step.line.startswith("lspci"))
        self.assertEqual(listed, re.findall(r"(?m)^(\S{12}) ", lspci))


class Hardware(CheckerCase):
    """What device and root port lack, on the older kernel."""

    def test_states(self) -> None:
        """Each kind of device."""
        steps = run_states(["hardware"], "--kernel", "6.1")
        self.assertEqual(sum(step.line.startswith("lspci") for step in steps), 10)
        self.check_steps(steps)


class Places(CheckerCase):
    """Where servers have their ports."""

    def test_places(self) -> None:
        """The path to the root port; the module draws the same conclusion on 16-bit tags."""
        places = ["root", "switch", "bridge2", "rciep"]
        steps = run_states(["places"], "--ports", str(len(places)),
                           "--topology", ",".join(places), "--ext")
        self.check_steps(steps)
        for step in steps[::2]:
            functions = json.loads(step.output.rpartition("--- ")[0])["functions"]
            self.assertEqual(len(functions), len(places))
            for function in functions:
                self.check_place(step.line, function)

    def check_place(self, line: str, function: Any) -> None:
        """16-bit tags are lost where something on the path forwards no prefixes."""
        kinds = [hop["kind"] for hop in function["path"]]
        switch = kinds == ["switch downstream port", "switch upstream port", "root port"]
        integrated = function["kind"] == "integrated endpoint"
        self.assertTrue(switch or integrated or kinds == ["root port"], kinds)
        lost = (line.endswith("switch") and switch) or (line.endswith("port") and not integrated)
        self.assertEqual(function["tag_bits"], 8 if lost else 16, function)
        self.assertEqual("no-prefixes" in function["module"]["why"], lost, function)
        self.assertEqual(function["verdict"]["state"], "ready")


class AsItIs(CheckerCase):
    """What is the same for the whole machine."""

    def test_notph(self) -> None:
        """pci=notph on the kernel command line."""
        self.check_steps(run_states(["as_it_is", "notph", "none"], "--append", "pci=noaer,notph"))

    def test_no_firmware(self) -> None:
        """The firmware has no method for steering tags."""
        self.check_steps(run_states(["as_it_is", "no-firmware", "tph-vfio-pci"], "--acpi", "none"))

    def test_bad_firmware(self) -> None:
        """The firmware's method fails."""
        self.check_steps(run_states(["bad_firmware"], "--acpi", "fail"))

    def test_no_iommu(self) -> None:
        """The machine has no IOMMU."""
        self.check_steps(run_states(["as_it_is", "no-iommu", "none"], "--no-iommu"))


class Page(unittest.TestCase):
    """What the guide tells people to do, done."""

    PAGE = vm.TOP / "doc/guides/howto/tph.rst"

    def test_page(self) -> None:
        """Each line that the page shows is printed, in that order; ... stands for anything."""
        with tempfile.TemporaryDirectory() as directory:
            # Python programs come under their own names.
            for tool in (TOOL, dpdk_tool("dpdk-devbind.py")):
                wrapper = Path(directory) / tool.name
                wrapper.write_text(f'#!/bin/sh\n{RUN} /root/tools/{tool.name} "$@"\n')
                wrapper.chmod(0o755)
            copies = [make_python(Path(directory)), vm.TESTS / "run_page.py", self.PAGE,
                      Path(directory) / TOOL.name, Path(directory) / "dpdk-devbind.py"]
            tools = Path(directory) / "tools"
            tools.mkdir()
            for tool in (TOOL, dpdk_tool("dpdk-devbind.py")):
                shutil.copy(tool, tools)
            run = vm.run_vm(
                ["sh", "-c", f"{RUN} /root/run_page.py /root/tph.rst"], "--driver", "none",
                *(word for path in [*copies, tools] for word in ("--copy", os.fspath(path))))
        page.check(self, self.PAGE, run)


if __name__ == "__main__":
    unittest.main()
