# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Run the benchmarks of dpdk-test several times; print a table and write JSON.

Times of a machine say little of another one, ratios of one run more: each is
shown as the median of all runs, with the least and the most. A benchmark that
cannot run on this machine is named, with what it said.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("TPH_BUILD_DIR", TOP / "build"))
RUNS = 5
RUNS_QUICK = 3
TIMEOUT_S = 120

Figures = dict[str, float]


@dataclass
class Row:
    """A ratio of all runs."""

    name: str
    values: list[float] = field(default_factory=list)

    def text(self) -> str:
        """As a line of the table."""
        return (f"{self.name:58} {statistics.median(self.values):8.2f}"
                f" {min(self.values):8.2f} {max(self.values):8.2f}")


def parse_bind(output: str) -> Figures:
    """How much longer single calls take than a batch, by mode and number of queues."""
    figures = {}
    mode = ""
    for line in output.splitlines():
        title = re.match(r"([A-Z][a-z-]+)-?.* mode$", line)
        row = re.match(r"\s+(\d+)\s+\d+\s+\d+\s+(\d+\.\d+)$", line)
        if title:
            mode = line.strip()
        elif row and mode and int(row[1]) in (1, 16, 128, 512, 1024):
            figures[f"{mode}: {row[1]} queues one by one / in one call"] = float(row[2])
    return figures


def parse_stash(output: str) -> Figures:
    """How much longer loads of lines take that are elsewhere."""
    return {
        f"load of a line {name} / written by this lcore": float(ratio)
        for name, ratio in re.findall(r"^  (written by another|flushed) +[\d.]+ +([\d.]+) ",
                                      output, re.MULTILINE)
    }


BENCHMARKS: dict[str, Callable[[str], Figures]] = {
    "tph_perf_autotest": parse_bind,
    "stash_perf_autotest": parse_stash,
}


def find_dpdk_test() -> Path:
    """The dpdk-test of the build, wherever the release of DPDK puts it."""
    for pattern in ("app/test/dpdk-test", "app/dpdk-test"):
        for path in sorted(BUILD.glob(f"subprojects/dpdk-*/{pattern}")):
            if path.is_file():
                return path
    sys.exit(f"bench: no dpdk-test in {BUILD}: build first (ninja -C {BUILD})")


def run(dpdk_test: Path, name: str) -> str:
    """The output of one benchmark; exits if it fails."""
    result: subprocess.CompletedProcess[str]
    command = [os.fspath(dpdk_test), "--no-huge", "-m", "512", "--no-pci",
               f"--file-prefix=bench{os.getpid()}"]
    result = subprocess.run(command, env={**os.environ, "DPDK_TEST": name}, text=True,
                            capture_output=True, timeout=TIMEOUT_S, check=False,
                            stdin=subprocess.DEVNULL)
    if "Test OK" not in result.stdout and "Test Skipped" not in result.stdout:
        sys.exit(f"bench: {name} failed:\n{result.stdout}{result.stderr}")
    return result.stdout


def main() -> int:
    """Run all, print the table, write JSON."""
    parser = argparse.ArgumentParser(prog="bench.sh")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path, default=BUILD / "bench.json")
    args = parser.parse_args()

    runs = RUNS_QUICK if args.quick else RUNS
    dpdk_test = find_dpdk_test()
    rows: dict[str, Row] = {}
    skipped = {}
    for name, parse in BENCHMARKS.items():
        for _ in range(runs):
            output = run(dpdk_test, name)
            figures = parse(output)
            if not figures:
                skipped[name] = output.splitlines()[-1] if output else "no output"
            for key, value in figures.items():
                rows.setdefault(key, Row(key)).values.append(value)

    print(f"{'ratio, of ' + str(runs) + ' runs':58} {'median':>8} {'least':>8} {'most':>8}")
    for row in rows.values():
        print(row.text())
    for name, reason in skipped.items():
        print(f"{name}: not on this machine: {reason}")
    args.json.write_text(json.dumps(
        {"runs": runs, "ratios": [asdict(row) for row in rows.values()], "skipped": skipped},
        indent=2) + "\n")
    print(f"JSON: {args.json}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
