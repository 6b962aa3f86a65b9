# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Compare what a guide's page shows with what its commands print; see run_page.py."""

import re
import unittest
from pathlib import Path

import vm


def shown(page: Path) -> list[vm.Step]:
    """The commands of the page and what it shows of their output."""
    steps: list[vm.Step] = []
    for block in re.findall(r"^\.\. code-block:: console\n\n((?:   .*\n|\n)+)",
                            page.read_text(), re.MULTILINE):
        for line in block.splitlines():
            if re.match(r"   (#|testpmd>) ", line):
                steps.append(vm.Step(line[3:], ""))
            elif line.strip():
                steps[-1].output += line[3:] + "\n"
    return steps


def check(case: unittest.TestCase, page: Path, run: vm.Run) -> None:
    """Each line that the page shows is printed, in that order; ... stands for anything."""
    steps = vm.parse_steps(run.stdout)
    case.assertEqual((run.status, steps[-1].line), (0, "end"), run.stdout + run.stderr)
    expected = shown(page)
    case.assertEqual([step.line for step in steps[:-1]], [step.line for step in expected])
    for text, step in zip(expected, steps):
        pattern = "".join(
            "(?:.*\n)*?" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + "\n"
            for line in text.output.splitlines())
        with case.subTest(text.line):
            printed = re.sub(r"\n+", "\n", step.output)
            case.assertRegex(printed, "(?:^|\n)" + pattern)
