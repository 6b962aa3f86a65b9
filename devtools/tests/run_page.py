# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""In the VM: run the commands of a guide's page, and print what they print.

"# command" is run by a shell, "testpmd> command" typed into the testpmd that is running.
"""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path


class Testpmd:
    """A testpmd with a terminal, without which it would keep its output.

    It is told to keep news of links to itself: they would come between prompts.
    """

    def __init__(self, command: str) -> None:
        self.terminal, other = pty.openpty()
        self.process = subprocess.Popen(  # pylint: disable=consider-using-with
            command + " --mask-event=intr_lsc", shell=True, stdin=subprocess.PIPE,
            stdout=other, stderr=other)
        os.close(other)

    def read(self) -> str:
        """What it prints up to its prompt, or its end."""
        output = b""
        while not output.endswith(b"testpmd> "):
            try:
                output += os.read(self.terminal, 4096)
            except OSError:
                self.process.wait()
                break
        return output.decode().replace("\r", "").removesuffix("testpmd> ")

    def type(self, line: str) -> str:
        """Type a line; what it prints."""
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        return self.read()


def commands(page: str) -> list[str]:
    """The lines of the page that are commands."""
    blocks = re.findall(r"^\.\. code-block:: console\n\n((?:   .*\n|\n)+)", page, re.MULTILINE)
    return re.findall(r"^   ((?:#|testpmd>) .*)$", "".join(blocks), re.MULTILINE)


def main() -> None:
    """Run all commands in order."""
    testpmd = None
    for line in commands(Path(sys.argv[1]).read_text(encoding="utf-8")):
        prompt, _, command = line.partition(" ")
        print(f"=== {line}", flush=True)
        if prompt == "testpmd>":
            assert testpmd is not None
            print(testpmd.type(command), end="")
        elif Path(command.split()[0]).name == "dpdk-testpmd":
            testpmd = Testpmd(command)
            print(testpmd.read(), end="")
        else:
            print(subprocess.run(command, shell=True, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True, check=False).stdout, end="")
    print("=== end")


if __name__ == "__main__":
    main()
