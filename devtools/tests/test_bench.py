# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""devtools/bench.sh measures all that it should; how long things take is not tested."""

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any

import vm

MODES = {"Device-specific mode": (1, 16, 128, 512, 1024),
         "Interrupt-vector mode": (1, 16, 128, 512)}
OPERATIONS = {"GET_ST": (1, 4, 16, 64, 256, 1024), "SET_ST": (1, 4, 16, 64)}
BATCHES = ((" in one call", True), (" one by one", True), (" one by one / in one call", False))
STATES = ("absent", "present", "bound")


def expected() -> dict[str, str]:
    """The rows of the table, with their units."""
    rows = {}
    for mode, numbers in MODES.items():
        for number in numbers:
            for what, timed in BATCHES:
                rows[f"{mode}: {number} queues{what}"] = "ns/queue" if timed else ""
        for batch in (" in one call", " one by one"):
            rows[f"ioctls, {mode}, {numbers[-1]} queues{batch}"] = ""
    for operation, numbers in OPERATIONS.items():
        for number in numbers:
            for what, timed in BATCHES:
                rows[f"VM: {operation}, {number} entries{what}"] = "us/entry" if timed else ""
    for driver in ("net_null", "net_ring"):
        for state in STATES:
            rows[f"instructions per packet, {driver}, TPH {state}"] = ""
    for what in ("a port on which TPH is enabled", "the first bound queue, which is that of 32",
                 "a further bound queue"):
        rows[f"state of {what}"] = "bytes"
    for what in ("TPH disabled", *(f"{number} queues bound" for number in (0, 1, 16, 128, 1024))):
        rows[f"stop and start of a port, {what}"] = "ns"
    rows["empty poll by a driver that does nothing"] = "ns"
    for what in ("with a callback that does nothing / without", "followed / not",
                 "followed before / never"):
        rows[f"empty poll, {what}"] = ""
    rows["VM: evaluations of _DSM for 1024 entries on 4 CPUs, one known"] = ""
    rows["VM: GET_ST, 1 entry, firmware asked / tag known"] = ""
    return rows


class Bench(unittest.TestCase):
    """One short run."""

    output: str
    json: Any

    @classmethod
    def setUpClass(cls) -> None:
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "figures.json"
            result = subprocess.run(
                [vm.TOP / "devtools/bench.sh", "--quick", "--json", os.fspath(path)],
                capture_output=True, text=True, check=False)
            assert result.returncode == 0, result.stdout + result.stderr
            cls.output = result.stdout
            cls.json = json.loads(path.read_text())

    def values(self) -> dict[str, list[float]]:
        """All figures by name."""
        return {row["name"]: row["values"] for row in self.json["figures"]}

    def test_rows(self) -> None:
        """Each figure is there, with one value, and no benchmark was left out but one."""
        rows = {row["name"]: row["unit"] for row in self.json["figures"]}
        loads = {name for name in rows if name.startswith("load of a line ")}
        self.assertEqual({name: rows.get(name) for name in expected()}, expected())
        self.assertEqual(self.json["runs"], 1)
        self.assertEqual({len(values) for values in self.values().values()}, {1})
        # It takes two CPUs, and caches to tell apart.
        self.assertLessEqual(set(self.json["skipped"]), {"stash_perf_autotest"})
        self.assertEqual(not loads, "stash_perf_autotest" in self.json["skipped"])

    def test_table(self) -> None:
        """People see the same."""
        for name, [value] in self.values().items():
            row = re.search(rf"^{re.escape(name)} +(\S+) +(\S+) +(\S+)", self.output,
                            re.MULTILINE)
            self.assertIsNotNone(row, name)
            assert row is not None
            for shown in row.groups():
                self.assertAlmostEqual(float(shown), value, delta=0.006)

    def test_instructions(self) -> None:
        """TPH costs the data path not one instruction, nor does a bound queue."""
        values = self.values()
        for driver in ("net_null", "net_ring"):
            counts = {values[f"instructions per packet, {driver}, TPH {state}"][0]
                      for state in STATES}
            self.assertEqual(len(counts), 1, counts)
            self.assertGreater(counts.pop(), 5)

    def test_ioctls(self) -> None:
        """A batch is one call of the kernel, in either mode."""
        for mode, numbers in MODES.items():
            name = f"ioctls, {mode}, {numbers[-1]} queues"
            self.assertEqual(self.values()[f"{name} in one call"], [1])
            self.assertGreater(self.values()[f"{name} one by one"][0], 1)

    def test_firmware(self) -> None:
        """It is asked once for each CPU."""
        [count] = self.values()["VM: evaluations of _DSM for 1024 entries on 4 CPUs, one known"]
        self.assertEqual(count, 3)


if __name__ == "__main__":
    unittest.main()
