#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The dpdk-tph authors

"""Take protections out of the kernel module, one at a time, and see a test fail.

usage: module_mutants.py RESULT_FILE [NAME...]   those of mutants.ini (all)

Each protection is a section of mutants.ini: an expression of sed that takes it
out, and the test that has to notice. Not for CI: it takes some minutes.

A mutant counts as noticed if it compiles, without warnings, and that test fails
or the kernel reports a fault while it runs. The tests are run on the module as it is
before and, in a VM that several mutants share, once more after all of them: they have
to pass then. A VM that dies or hangs is started again for the rest; the kernel's
panic is the mutant's where no other one was in that VM before. Protections that no
test can notice have the reason in place of a test; they have to be there and to
compile without, too.

RESULT_FILE is a table of all of it. What it has of others than those named is kept, as
long as the module is the same. Fails unless all in it were noticed. Needs a build
(TPH_BUILD_DIR, default build) for the test programs.
"""

import configparser
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, os.fspath(HERE.parent))
import test_kernel  # pylint: disable=wrong-import-position
import vm  # pylint: disable=wrong-import-position

MODULE = vm.TOP / "kernel/linux/tph_vfio_pci"
PROGRAMS = vm.BUILD / "devtools/tests/kernel"
CFLAGS = ["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-g", "-fsanitize=address,undefined",
          "-fno-sanitize-recover=all", f"-I{vm.TOP}/kernel/linux/uapi", f"-I{vm.TESTS}"]
HOST_TESTS = {
    "tph_op": ["tph_cap.c", "tph_op.c", *(f"tests/{name}.c" for name in (
        "tph_cap_test", "tph_op_fake", "tph_op_life_test", "tph_op_st_test", "tph_op_test"))],
    "tph_cmdline": ["tph_cmdline.c", "tests/tph_cmdline_test.c"],
}


@dataclass
class Mutant:
    """A protection, how to take it out, and what notices."""

    name: str
    file: str
    sed: str
    # host:PROGRAM, or MACHINE:TEST[:GROUP] with a machine of mutants.ini; "" if there is none.
    test: str
    reason: str
    result: str = ""
    how: str = ""

    def text(self) -> str:
        """The file without the protection."""
        before = (MODULE / self.file).read_text()
        after = subprocess.run(["sed", "-E", self.sed, MODULE / self.file], check=True,
                               capture_output=True, text=True).stdout
        if after == before:
            raise SystemExit(f"{self.name}: nothing in {self.file} matches {self.sed}")
        return after

    def where(self) -> tuple[str, str, str]:
        """The parts of test."""
        machine, test, group, *_ = (self.test + "::").split(":")
        return machine, test, group

    def judge(self, how: str) -> None:
        """What became of the test: why it failed, or '' if it passed."""
        self.result = "noticed" if how else "NOT NOTICED"
        self.how = how


@dataclass
class Machine:
    """A VM, and the part of the suite whose tests are run in there."""

    name: str
    part: str
    options: list[str]
    # Is a VM good for one module only?
    single: bool

    def kernel(self) -> str:
        """Its series."""
        return "6.1" if "6.1" in self.options else "6.12"


class Host:
    """The tests that need no kernel: compiled here, with one file exchanged."""

    def __init__(self, work: Path) -> None:
        self.work = work / "host"
        shutil.copytree(MODULE, self.work)
        for file in {file for files in HOST_TESTS.values() for file in files}:
            self.compile(file)

    def compile(self, file: str) -> bool:
        """Make the object of a source file."""
        source = self.work / file
        return subprocess.run(["gcc", *CFLAGS, "-c", source, "-o", source.with_suffix(".o")],
                              check=False).returncode == 0

    def run(self, test: str) -> str:
        """Link and run; why it fails."""
        objects = [(self.work / file).with_suffix(".o") for file in HOST_TESTS[test]]
        subprocess.run(["gcc", *CFLAGS, *objects, "-o", self.work / test], check=True)
        run = subprocess.run([self.work / test], capture_output=True, text=True, check=False)
        bad = [line for line in run.stdout.splitlines() if line.startswith("not ok")]
        if run.returncode == 0 or (not bad and run.returncode > 0 and "Sanitizer" not in run.stderr
                                   and "runtime error" not in run.stderr):
            return ""
        return bad[0] if bad else run.stderr.strip().splitlines()[0]

    def control(self, tests: set[str]) -> None:
        """The tests pass on what is there."""
        for test in sorted(tests):
            if why := self.run(test):
                raise SystemExit(f"host:{test} fails without any mutant: {why}")

    def try_mutant(self, mutant: Mutant) -> None:
        """Run the test on a mutant."""
        path = self.work / mutant.file
        path.write_text(mutant.text())
        if self.compile(mutant.file):
            mutant.judge(self.run(mutant.where()[1]))
        else:
            mutant.result = "DOES NOT BUILD"
        shutil.copy(MODULE / mutant.file, path)
        self.compile(mutant.file)


class Guest:
    """The tests in the VM, on modules that are exchanged in there."""

    # What the kernel of the last VM died of, "" if it did not
    panic = ""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.source = work / "module"
        shutil.copytree(MODULE, self.source)
        self.modules = work / "modules"
        for kernel in ("6.1", "6.12"):
            (self.modules / kernel).mkdir(parents=True)

    def build(self, name: str, kernel: str) -> bool:
        """Build what is in the source directory now."""
        out = self.work / f"build-{kernel}"
        if subprocess.run([vm.TOP / "devtools/build-kmod.sh", test_kernel.headers(kernel),
                           self.source, out], check=False).returncode:
            return False
        subprocess.run([f"{vm.CROSS_COMPILE}strip", "--strip-debug", "-o",
                        self.module(name, kernel),
                        out / "tph-vfio-pci.ko"], check=True)
        return True

    def module(self, name: str, kernel: str) -> Path:
        """Where the module without that protection is."""
        return self.modules / kernel / f"{name.replace(' ', '_')}.ko"

    def build_mutant(self, mutant: Mutant, kernel: str) -> bool:
        """Build a mutant."""
        (self.source / mutant.file).write_text(mutant.text())
        built = self.build(mutant.name, kernel)
        shutil.copy(MODULE / mutant.file, self.source / mutant.file)
        if not built:
            mutant.result = "DOES NOT BUILD"
        return built

    def boot(self, machine: Machine, plan: list[tuple[str, dict[str, set[str]]]],
             ) -> dict[str, str]:
        """Run tests on one module after the other: what each printed, as far as it came."""
        copies = []
        for path in [test_kernel.SUITE, HERE / "mutants_guest.sh",
                     test_kernel.aer_inject(machine.kernel(), os.fspath(self.work)),
                     *(path for path in sorted(PROGRAMS.glob("tph_*")) if path.is_file())]:
            copies += ["--copy", os.fspath(path)]
        for name in sorted({name for name, _ in plan}):
            copies += ["--copy", os.fspath(self.module(name, machine.kernel()))]
        words = [f"{name.replace(' ', '_')}:{items(tests)}" for name, tests in plan]
        run = vm.run_vm(["./mutants_guest.sh", machine.part, *words], *copies,
                        "--timeout", str(600 + 120 * len(plan)), *machine.options)
        panic = re.search(r"Kernel panic - not syncing: (?!sysrq).*", run.stderr)
        self.panic = panic[0] if panic else ""
        parts = re.split(r"^##### (\S+)\n", run.stdout, flags=re.MULTILINE)
        # The next one says that this one came to its end.
        names = {name.replace(" ", "_"): name for name, _ in plan}
        return {names[name]: text for name, text in zip(parts[1:-2:2], parts[2:-2:2])}

    def try_mutants(self, machine: Machine, mutants: list[Mutant]) -> None:
        """Run the tests of a machine on all mutants."""
        for name in ("before", "after"):
            if not self.build(name, machine.kernel()):
                raise SystemExit("the module does not build without any mutant")
        left = [mutant for mutant in mutants if self.build_mutant(mutant, machine.kernel())]
        tests: dict[str, set[str]] = {}
        for mutant in left:
            tests.setdefault(mutant.where()[1], set()).add(mutant.where()[2])
        while left:
            plan = [("before", tests)]
            plan += [(mutant.name, {mutant.where()[1]: {mutant.where()[2]}}) for mutant in left]
            plan += [("after", tests)]
            output: dict[str, str] = {}
            for part in [[one] for one in plan] if machine.single else [plan]:
                output |= self.boot(machine, part)
            why = failure(output["before"], tests) if "before" in output else "the VM died"
            if not why and "after" in output:
                why = failure(output["after"], tests)
            if why:
                for mutant in left:
                    mutant.result, mutant.how = "FAILS ANYWAY", why
                print(*output.values(), sep="", flush=True)
                return
            done = [mutant for mutant in left if mutant.name in output]
            for mutant in done:
                mutant.judge(failure(output[mutant.name], [mutant.where()[1]]))
            left = left[len(done):]
            # A new VM for the rest; only who is the first in there has nobody else to blame.
            if left and not done:
                mutant = left.pop(0)
                mutant.judge(self.panic)
                mutant.how = self.panic or "the VM died, of what is unknown"


def items(tests: dict[str, set[str]]) -> str:
    """Tests with their groups, as mutants_guest.sh takes them."""
    return ",".join(f"{test}={'+'.join(sorted(groups))}" if "" not in groups else test
                    for test, groups in sorted(tests.items()))


def failure(output: str, tests: Iterable[str]) -> str:
    """Why tests in the VM failed, '' if all of them were run and passed."""
    for line in output.splitlines():
        if line.startswith(("not ok", "kernel: ")):
            return line
    for test in tests:
        status = re.search(rf"^=== {test}\n(?:.*\n)*?--- (\d+)$", output, flags=re.MULTILINE)
        if status is None:
            return f"{test} was not run"
        if status[1] != "0":
            return f"{test} ends with status {status[1]}"
    return ""


def load() -> tuple[list[Mutant], dict[str, Machine]]:
    """What mutants.ini says."""
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.read_string((HERE / "mutants.ini").read_text())
    machines, mutants = {}, []
    for name, section in parser.items():
        if name.startswith("machine "):
            key = name.removeprefix("machine ")
            machines[key] = Machine(key, section["part"], section["options"].split(),
                                    section.getboolean("single", False))
        elif name != parser.default_section:
            mutants.append(Mutant(name, section["file"], section["sed"],
                                  section.get("test", ""), section.get("unnoticed", "")))
            if bool(mutants[-1].test) == bool(mutants[-1].reason):
                raise SystemExit(f"{name}: either a test or a reason why there is none")
    return mutants, machines


def keep(mutants: list[Mutant], result: Path) -> None:
    """Take the results of those that are not tried from the table there is."""
    if not result.exists():
        return
    lines = result.read_text().splitlines()
    if lines[1:2] != [f"# {source_version()}"]:
        return
    kept = {name: (state, how) for state, name, _, how in
            (re.split(" {2,}", line, maxsplit=3) for line in lines[2:])}
    for mutant in mutants:
        mutant.result, mutant.how = kept.get(mutant.name, ("", ""))


def source_version() -> str:
    """What tells this state of the module from others."""
    files = sorted([*MODULE.glob("*.[ch]"), MODULE / "Kbuild"])
    return subprocess.run(["git", "hash-object", "--stdin"], check=True, capture_output=True,
                          text=True, input="".join(file.read_text() for file in files),
                          ).stdout[:12]


def table(mutants: list[Mutant]) -> str:
    """The results for people."""
    lines = ["# Written by module_mutants.py, see there. Protections of the module in this state:",
             f"# {source_version()}"]
    for mutant in mutants:
        lines.append(f"{mutant.result or 'NOT TRIED':14}  {mutant.name:37}  "
                     f"{mutant.test or '-':37}  {mutant.how or mutant.reason}")
    return "\n".join(lines) + "\n"


def run_all(mutants: list[Mutant], machines: dict[str, Machine], write: Callable[[], object],
            ) -> None:
    """Try all of them, those that are quick first."""
    with tempfile.TemporaryDirectory() as directory:
        host = Host(Path(directory))
        own = [mutant for mutant in mutants if mutant.test.startswith("host:")]
        host.control({mutant.where()[1] for mutant in own})
        for mutant in own:
            host.try_mutant(mutant)
            print(f"{mutant.result} {mutant.name}", flush=True)
        guest = Guest(Path(directory))
        for mutant in mutants:
            if not mutant.test and guest.build_mutant(mutant, "6.12"):
                mutant.result = "unnoticed"
        for machine in machines.values():
            some = [mutant for mutant in mutants
                    if mutant.where()[0] == machine.name]
            if some:
                guest.try_mutants(machine, some)
            for mutant in some:
                print(f"{mutant.result} {mutant.name}", flush=True)
            write()
    write()


def main() -> int:
    """Run the mutants that are asked for."""
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    mutants, machines = load()
    result, names = Path(sys.argv[1]), sys.argv[2:]
    if unknown := set(names) - {mutant.name for mutant in mutants}:
        raise SystemExit(f"not in mutants.ini: {', '.join(sorted(unknown))}")
    tried = [mutant for mutant in mutants if not names or mutant.name in names]
    keep([mutant for mutant in mutants if mutant not in tried], result)
    run_all(tried, machines, lambda: result.write_text(table(mutants)))
    bad = [mutant for mutant in mutants if mutant.result not in ("noticed", "unnoticed")]
    print(f"{len(mutants)} protections, {len(bad)} not noticed")
    return 1 if bad or not mutants else 0


if __name__ == "__main__":
    sys.exit(main())
