# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Measure what TPH costs, several times; print a table and write JSON.

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
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

import vm

RUNS = 5
RUNS_QUICK = 1
TIMEOUT_S = 300

# What one run gave: value by name, and unit if it is no ratio.
Figures = dict[tuple[str, str], float]


@dataclass
class Row:
    """A figure of all runs."""

    name: str
    unit: str
    values: list[float] = field(default_factory=list)

    def text(self) -> str:
        """As a line of the table."""
        places = 0 if all(value == int(value) for value in self.values) else 2
        figures = (statistics.median(self.values), min(self.values), max(self.values))
        return " ".join([f"{self.name:64}", *(f"{f:9.{places}f}" for f in figures),
                         self.unit]).rstrip()


class Table:
    """All figures, in the order in which they came."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Row] = {}
        self.skipped: dict[str, str] = {}

    def add(self, figures: Figures) -> None:
        """Take the figures of one run."""
        for key, value in figures.items():
            self.rows.setdefault(key, Row(*key)).values.append(value)

    def show(self, runs: int) -> None:
        """Print it."""
        print(f"{'of ' + str(runs) + ' runs; ratios have no unit':64}"
              f" {'median':>9} {'least':>9} {'most':>9}")
        for row in self.rows.values():
            print(row.text())
        for name, reason in self.skipped.items():
            print(f"{name}: not on this machine: {reason}")

    def json(self, runs: int) -> str:
        """The same for programs."""
        return json.dumps({"runs": runs, "figures": [asdict(row) for row in self.rows.values()],
                           "skipped": self.skipped}, indent=2) + "\n"


def parse_figures(output: str) -> Figures:
    """Lines that benchmarks print for programs: figure NAME: VALUE [UNIT]."""
    return {
        (name, unit): float(value)
        for name, value, unit in re.findall(
            r"^(?:# )?figure (.+): ([-+]?\d+(?:\.\d+)?) ?(\S*)$", output, re.MULTILINE)
    }


def parse_bind(output: str) -> Figures:
    """How much longer single calls take than a batch, by mode and number of queues."""
    figures: Figures = {}
    mode = ""
    for line in output.splitlines():
        row = re.match(r"\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+\.\d+)$", line)
        if re.match(r"[A-Z][a-z-]+ mode$", line):
            mode = line
        elif row and mode and int(row[1]) in (1, 16, 128, 512, 1024):
            name = f"{mode}: {row[1]} queues"
            figures[name + " in one call", "ns/queue"] = float(row[2])
            figures[name + " one by one", "ns/queue"] = float(row[3])
            figures[name + " one by one / in one call", ""] = float(row[4])
    return figures


def parse_stash(output: str) -> Figures:
    """How much longer loads of lines take that are elsewhere."""
    return {
        (f"load of a line {name} / written by this lcore", ""): float(ratio)
        for name, ratio in re.findall(r"^  (written by another|flushed) +[\d.]+ +([\d.]+) ",
                                      output, re.MULTILINE)
    }


def find_dpdk_test() -> Path:
    """The dpdk-test of the build, wherever the release of DPDK puts it."""
    for pattern in ("app/test/dpdk-test", "app/dpdk-test"):
        for path in sorted(vm.BUILD.glob(f"subprojects/dpdk-*/{pattern}")):
            if path.is_file():
                return path
    sys.exit(f"bench: no dpdk-test in {vm.BUILD}: build first (ninja -C {vm.BUILD})")


def run_suite(dpdk_test: Path, name: str, mib: int, *wrapper: str) -> str:
    """The output of a suite of dpdk-test; exits if it fails."""
    command = [*wrapper, os.fspath(dpdk_test), "--no-huge", "-m", str(mib), "--no-pci",
               "--no-telemetry", f"--file-prefix=bench{os.getpid()}"]
    result = subprocess.run(command, env={**os.environ, "DPDK_TEST": name}, text=True,
                            capture_output=True, timeout=TIMEOUT_S, check=False,
                            stdin=subprocess.DEVNULL)
    if "Test OK" not in result.stdout and "Test Skipped" not in result.stdout:
        sys.exit(f"bench: {name} failed:\n{result.stdout}{result.stderr}")
    return result.stdout


def measure_suites(table: Table, dpdk_test: Path) -> None:
    """The benchmarks of dpdk-test, with a kernel that the test plays."""
    for name in ("tph_perf_autotest", "stash_perf_autotest"):
        output = run_suite(dpdk_test, name, 512)
        figures = {**parse_figures(output), **parse_bind(output), **parse_stash(output)}
        table.add(figures)
        if not figures:
            table.skipped[name] = output.splitlines()[-1] if output else "no output"


def measure_instructions(table: Table, dpdk_test: Path) -> None:
    """Instructions of receiving and sending a packet: without, with, and with bound queues."""
    function = "test_tph_instr_run"
    with tempfile.TemporaryDirectory() as directory:
        out = Path(directory) / "out"
        output = run_suite(
            dpdk_test, "tph_instr_autotest", 64, "valgrind", "--tool=callgrind",
            f"--callgrind-out-file={out}", f"--toggle-collect={function}",
            f"--dump-before={function}")
        runs = re.findall(r"^instructions (.+): (\d+) packets$", output, re.MULTILINE)
        # A dump has what was counted since the one before: the first one, nothing.
        dumps = [out.with_suffix(f".{n + 1}") for n in range(1, len(runs))] + [out]
        for (name, packets), dump in zip(runs, dumps):
            total = re.search(r"^totals: (\d+)$", dump.read_text(), re.MULTILINE)
            assert total is not None, dump
            table.add({(f"instructions per packet, {name}", ""): int(total[1]) / int(packets)})


def measure_kernel(table: Table, runs: int) -> None:
    """The ioctl on the VM's kernel, with what it asks of the firmware."""
    program = vm.BUILD / "devtools/tests/kernel/tph_bench"
    suite = vm.TESTS / "kernel/tph_vm_suite.sh"
    run = vm.run_vm(["./tph_vm_suite.sh", *["bench"] * runs],
                    "--copy", os.fspath(suite), "--copy", os.fspath(program))
    results = [step for step in vm.parse_steps(run.stdout) if step.line == "bench"]
    if run.status != 0 or len(results) != runs or "not ok" in run.stdout:
        sys.exit(f"bench: tph_bench failed in the VM:\n{run.stdout}{run.stderr}")
    for step in results:
        table.add({(f"VM: {name}", unit): value
                   for (name, unit), value in parse_figures(step.output).items()})


def main() -> int:
    """Run all, print the table, write JSON."""
    parser = argparse.ArgumentParser(prog="bench.sh")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path, default=vm.BUILD / "bench.json")
    args = parser.parse_args()

    if vm.ARCH != vm.HOST_ARCH:
        sys.exit("bench: what is built for another machine is not measured on this one")
    runs = RUNS_QUICK if args.quick else RUNS
    dpdk_test = find_dpdk_test()
    table = Table()
    for _ in range(runs):
        measure_suites(table, dpdk_test)
    for _ in range(runs):
        measure_instructions(table, dpdk_test)
    measure_kernel(table, runs)
    table.show(runs)
    args.json.write_text(table.json(runs))
    print(f"JSON: {args.json}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
