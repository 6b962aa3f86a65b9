#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Take each piece of the NICs' TPH code out, and see nic_test fail.

Pieces are the hunks of the hooks of i40e and ice, but for include lines, and
the lines of their new files that put something into a context or describe the
driver. Works on the tree that is staged for the build, and leaves it as it was.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

# pylint: disable=wrong-import-position
from mutate import BUILD, TOP, Check, report, survives  # noqa: E402
from vm import staged  # noqa: E402

NICS = ("i40e", "ice")
# What is worth a mutant of its own in our files. Operations with a function of the
# driver's own are not, nor is the macro: the compiler misses their use.
LINE = re.compile(r"\t(ctx->|\(ctx\)->|\.ops = TPH_PCI_OPS,$|"
                  r"\.(rx_objects|tx_objects|when) = .*,$)")


def driver_dir(nic: str) -> Path:
    """Where the driver is in the staged tree."""
    [found] = [path for path in (staged() / f"drivers/net/{nic}",
                                 staged() / f"drivers/net/intel/{nic}") if path.exists()]
    return found


def hook_mutants(nic: str) -> Iterator[tuple[str, Path, str]]:
    """Files of the driver, with one hunk of the hook undone."""
    [*_, patch] = sorted((TOP / "hooks").glob(f"*/*net-{nic}-support-TPH.patch"))
    for part in re.split(r"^diff --git .*\n", patch.read_text(), flags=re.MULTILINE)[1:]:
        name = part.split("\n+++ b/")[1].split("\n")[0]
        if not name.endswith(".c"):
            continue
        path = driver_dir(nic) / Path(name).name
        text = path.read_text()
        for hunk in re.split(r"^@@ .*\n", part, flags=re.MULTILINE)[1:]:
            lines = [line for line in hunk.split("\n") if line]
            new = "".join(line[1:] + "\n" for line in lines if line[0] in " +")
            old = "".join(line[1:] + "\n" for line in lines if line[0] in " -")
            changed = [line for line in lines if line[0] in "+-"]
            if all("#include" in line for line in changed):
                continue
            if text.count(new) != 1:
                raise SystemExit(f"{name}: the hook is not in the staged tree once:\n{new}")
            yield f"{path.name}: without {changed[-1][1:].strip()}", path, text.replace(new, old)


def line_mutants(nic: str) -> Iterator[tuple[str, Path, str]]:
    """Our files that make the driver's contexts, with one line missing."""
    for path in (driver_dir(nic) / f"{nic}_tph.c", staged() / "drivers/common/tph/tph_intel.h"):
        lines = path.read_text().splitlines(keepends=True)
        for number, line in enumerate(lines):
            if LINE.match(line):
                yield f"{path.name}:{number + 1}: without {line.strip()}", path, \
                    "".join(lines[:number] + lines[number + 1:])


def extra_mutants(nic: str) -> Iterator[tuple[str, Path, str]]:
    """What taking lines out does not show."""
    if nic != "i40e":
        return
    path = driver_dir(nic) / "i40e_rxtx.c"
    text = path.read_text()
    guard = "\telse\n\t\ti40e_tph_tx_hint("
    if text.count(guard) != 1:
        raise SystemExit("i40e_rxtx.c: no guard of flow director's queue")
    yield "i40e_rxtx.c: flow director's queue too", path, \
        text.replace(guard, "\ti40e_tph_tx_hint(")


def main() -> int:
    """Run all mutants."""
    target = "devtools/tests/nic/nic_test"
    total = failed = 0
    for nic in NICS:
        check = Check((target,), [BUILD / target, nic])
        for mutants in (hook_mutants, line_mutants, extra_mutants):
            for name, path, text in mutants(nic):
                total += 1
                failed += not report(name, survives(path, text, check))
    Check((target,), []).build()
    print(f"{total} mutants, {failed} not noticed")
    return 1 if failed or total == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
