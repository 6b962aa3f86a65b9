# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Change a file of the staged tree, and see whether a test notices."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("TPH_BUILD_DIR", TOP / "build"))

# Seconds that a test may take; one in the VM has a limit of its own.
LIMIT = 1200


@dataclass(frozen=True)
class Check:
    """A test: targets of ninja that it needs, none for all, and its command."""

    targets: tuple[str, ...]
    command: Sequence[str | Path]

    def build(self) -> bool:
        """Whether it can be built."""
        return subprocess.run(["ninja", "-C", BUILD, *self.targets], capture_output=True,
                              check=False).returncode == 0

    def passes(self) -> bool:
        """Whether it passes; one that comes to no end does not."""
        environment = {**os.environ, "TPH_BUILD_DIR": os.fspath(BUILD)}
        try:
            return subprocess.run(self.command, capture_output=True, check=False,
                                  env=environment, timeout=LIMIT).returncode == 0
        except subprocess.TimeoutExpired:
            return False


@contextmanager
def replaced(path: Path, text: str) -> Iterator[None]:
    """Have the file hold that text for a while; what it links to is left alone."""
    link = os.readlink(path) if path.is_symlink() else None
    original = path.read_text()
    if link is not None:
        path.unlink()
    try:
        path.write_text(text)
        yield
    finally:
        if link is not None:
            path.unlink()
            path.symlink_to(link)
            # Ninja looks at the time of what a link leads to.
            os.utime(path)
        else:
            path.write_text(original)


def survives(path: Path, text: str, check: Check) -> str:
    """Why a mutant was not noticed by a test, '' if it was."""
    with replaced(path, text):
        if not check.build():
            return "it does not compile"
        return "the test passes" if check.passes() else ""


def report(name: str, why: str) -> bool:
    """Tell what became of a mutant; whether it was noticed."""
    print(f"{'ok  ' if why == '' else 'FAIL'} {name}{': ' if why else ''}{why}", flush=True)
    return why == ""
