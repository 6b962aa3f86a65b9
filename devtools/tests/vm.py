# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Run commands in the test VM and read what they and the witnesses say."""

import difflib
import os
import platform
import re
import shlex
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
TESTS = TOP / "devtools/tests"
HOST_ARCH = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
# What the VM is, in vm.sh's eyes as well.
ARCH = os.environ.get("TPH_ARCH", HOST_ARCH)
BUILD = Path(os.environ.get("TPH_BUILD_DIR",
                            TOP / ("build" if ARCH == HOST_ARCH else f"build-{ARCH}")))
# Where Debian's programs for the VM are, and its kernels.
SYSROOT = Path("/") if ARCH == HOST_ARCH else TOP / ".cache" / ARCH / "sysroot"
KERNELS = TOP / ".cache" / ("" if ARCH == HOST_ARCH else ARCH)
# What the names of compiler and tools for that architecture begin with, as kernel makefiles call it
CROSS_COMPILE = "" if ARCH == HOST_ARCH else "aarch64-linux-gnu-"
STDBUF = SYSROOT / "usr/libexec/coreutils/libstdbuf.so"

# The tag of CPU n is base + n, see devtools/vm/tags.h.
TAG_VOLATILE_8 = 0x20

# TPH Requester Control: mode [2:0], requester enable [9:8] TPH with 8-bit tags.
CONTROL_OFF = 0
CONTROL_IV = 0x101
CONTROL_DS = 0x102

# A line that our code in DPDK logs: by ethdev, common and bus, or by a function of a driver.
LOG_LINE = re.compile(r"^(?:(?:ETHDEV |PCI )?TPH: |\w+_tph_\w+\(\): ).*$", re.MULTILINE)

# Arguments of EAL and of testpmd that all sessions share. The mbufs are more
# than all descriptors, or the ports would wait for each other. News of links, which another
# thread prints at any time, would tear a prompt: it is written a character at a time. Flows
# differ in addresses or, from DPDK 24.11 on, in UDP ports.
EAL_ARGS = ["-a", "0000:01:00.0", "-a", "0000:02:00.0"]
TESTPMD_ARGS = ["-i", "--total-num-mbufs=16384", "--mask-event=intr_lsc", "--txonly-multi-flow",
                "--rss-udp"]
LINK_NEWS = "link state change event"


def staged() -> Path:
    """The staged tree of DPDK that the build directory uses."""
    [tree] = (BUILD / "subprojects").glob("dpdk-*")
    return TOP / "subprojects" / tree.name


def tag(cpu: int) -> int:
    """8-bit tag of volatile memory that the firmware names for a CPU."""
    return TAG_VOLATILE_8 + cpu


def bdf(port: int) -> str:
    """PCI address of a port, counted from 0 as testpmd does."""
    return f"0000:{port + 1:02x}:00.0"


def libraries(*programs: Path) -> list[Path]:
    """The shared libraries that programs for the VM load."""
    commands: list[list[str | Path]] = [["ldd", *programs]]
    if ARCH != HOST_ARCH:
        [loader] = SYSROOT.glob("lib/ld-linux-*.so.*")
        commands = [["qemu-aarch64", "-L", SYSROOT, loader, "--list", program]
                    for program in programs]
    found = set()
    for command in commands:
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        found.update(re.findall(r"=> (/\S+)", output))
    return [SYSROOT / name.removeprefix(os.fspath(SYSROOT)).lstrip("/") for name in sorted(found)]


@dataclass
class Queue:
    """One line of testpmd's table."""

    # -1 for a queue that is bound to a CPU.
    lcore: int
    cpu: int
    tag: int | None
    state: str
    objects: frozenset[str]
    # What has become of following it, "" if it is not followed.
    follow: str = ""


@dataclass
class Access:
    """One access to a register of a NIC that QEMU traced."""

    device: str
    write: bool
    name: str
    value: int


@dataclass
class Step:
    """One line of a session, what it printed and what it did to the NICs."""

    line: str
    output: str
    accesses: list[Access] = field(default_factory=list)

    def writes(self, port: int) -> list[tuple[str, int]]:
        """The queue registers that were written, in order."""
        return [
            (access.name, access.value) for access in self.accesses
            if access.write and access.device == bdf(port)
            and access.name[:5] in ("RXCTL", "TXCTL")
        ]

    def table(self) -> dict[tuple[str, int], Queue]:
        """The bound queues by direction and number."""
        queues = {}
        for row in self.output.splitlines():
            match = re.match(
                r"\s+(Rx|Tx)\s+(\d+)\s+(-|\d+)\s+(\d+)\s+(-|0x[0-9a-f]+) "
                r"(applied|pending|failed \(.*\)) (\w+(?:,\w+)*)(?:, (\w+))?",
                row,
            )
            if match:
                tag = None if match[5] == "-" else int(match[5], 16)
                queues[match[1], int(match[2])] = Queue(
                    -1 if match[3] == "-" else int(match[3]), int(match[4]), tag, match[6],
                    frozenset(match[7].split(",")), match[8] or "",
                )
        return queues

    def snapshot(self) -> dict[tuple[str, str], int]:
        """The lines of tph-snapshot: value by PCI address and name."""
        values = {}
        for row in self.output.splitlines():
            words = row.split()
            if len(words) == 3 and words[2].startswith("0x"):
                values[words[0], words[1]] = int(words[2], 16)
        return values


@dataclass
class Run:
    """What one run of the VM gave."""

    status: int
    stdout: str
    stderr: str
    out: Path
    steps: list[Step] = field(default_factory=list)

    def step(self, line: str, nth: int = 0) -> Step:
        """The nth step of that line."""
        return [step for step in self.steps if step.line == line][nth]

    def accesses(self) -> list[Access]:
        """QEMU's trace of the NICs, in order."""
        rows = (self.out / "nic-registers.log").read_text().splitlines()
        words = [row.split() for row in rows]
        return [Access(w[1], w[2] == "write", w[3], int(w[4], 16)) for w in words]

    def tags(self, port: int) -> dict[str, list[int]]:
        """The tags that each queue register of a port had, one after the other."""
        seen: dict[str, list[int]] = {}
        for access in self.accesses():
            value = access.value >> 24
            if (access.device == bdf(port) and access.write and value
                    and access.name[:5] in ("RXCTL", "TXCTL")
                    and seen.get(access.name, [0])[-1] != value):
                seen.setdefault(access.name, []).append(value)
        return seen

    def snapshot(self, name: str) -> dict[tuple[str, str], int]:
        """The state of the ports before or after the command."""
        return Step("", (self.out / f"st-{name}.txt").read_text()).snapshot()


def run_vm(command: list[str], *options: str, log: Sequence[str] | None = ()) -> Run:
    """Run a command in the VM, in which our code logs these lines and no other.

    They come in any order, as often as they are named; None: it may log what it will.
    """
    out = Path(tempfile.mkdtemp(prefix="tph-test-"))
    result = subprocess.run(
        [TOP / "devtools/vm.sh", "--out", out, *options, "--", *command],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )
    found = LOG_LINE.findall(result.stdout + result.stderr)
    if log is not None and sorted(found) != sorted(log):
        raise AssertionError("\n".join([
            "what our code logged, - missing, + unexpected:",
            *difflib.ndiff(sorted(log), sorted(found)),
            "" if result.returncode == 0 else result.stdout + result.stderr,
        ]))
    return Run(result.returncode, result.stdout, result.stderr, out)


def parse_steps(transcript: str) -> list[Step]:
    """Split a transcript of testpmd-session."""
    parts = re.split(r"^=== (.*)\n", transcript, flags=re.MULTILINE)
    return [Step(line, text) for line, text in zip(parts[1::2], parts[2::2])]


def split_accesses(accesses: list[Access]) -> list[list[Access]]:
    """Split a trace where testpmd-session left its marks: writes of DCA_CTRL."""
    parts: list[list[Access]] = [[]]
    marked: set[str] = set()
    for access in accesses:
        if access.name != "DCA_CTRL":
            parts[-1].append(access)
        elif not marked or access.device in marked:
            parts.append([])
            marked = {access.device}
        else:
            marked.add(access.device)
    return parts


def run_testpmd(
    script: str, *options: str, eal: list[str] | None = None, args: list[str] | None = None,
    wrapper: str = "", before: str = "", follow: str = "", log: Sequence[str] | None = (),
) -> Run:
    """Run a session of testpmd in the VM; see testpmd-session for the script, run_vm for the log.

    A shell command may come before it. A second script is run by a new testpmd after the
    first, whatever became of it.
    """
    with tempfile.TemporaryDirectory() as directory:
        scripts = [Path(directory) / name for name in ("first", "second")]
        for path, text in zip(scripts, (script, follow)):
            path.write_text(text)
        session = shlex.join([*(eal or ["-l", "0-3"]), *EAL_ARGS, "--", *TESTPMD_ARGS,
                              *(args or ["--rxq=4", "--txq=4", "--nb-cores=3"])])
        command = f"{before or ':'} && testpmd-session first {session}"
        if follow:
            command += f"; testpmd-session second {session}"
        run = run_vm(
            ["env", f"TPH_WRAPPER={wrapper}", "sh", "-c", command],
            "--copy", os.fspath(scripts[0]), "--copy", os.fspath(scripts[1]),
            "--copy", os.fspath(STDBUF),
            "--copy", os.fspath(TESTS / "testpmd-session"), *options, log=log,
        )
    if LINK_NEWS in run.stdout:
        raise AssertionError(f"testpmd prints news of links, between prompts:\n{run.stdout}")
    run.steps = parse_steps(run.stdout)
    for step, accesses in zip(run.steps, split_accesses(run.accesses())):
        step.accesses = accesses
    return run
