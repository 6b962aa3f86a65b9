# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Print shell commands that compile sources of another tree as a build compiles its own.

usage: recompile.py BUILD_DIR STAGED_TREE TREE source SOURCE OBJECT
       recompile.py BUILD_DIR STAGED_TREE TREE library NAME DIR

A source is named by the end of its path; of a library, such as "ethdev" or "bus_pci", all
sources that the tree has are compiled to objects in a directory, by a command each.
"""

import json
import os
import shlex
import sys
from pathlib import Path


def command_for(entry: dict[str, str], staged: str, tree: str, target: str) -> str:
    """The command of an entry of the database, for the same source of another tree."""
    relative = os.path.relpath(staged, entry["directory"])
    skip = False
    words = []
    for word in shlex.split(entry["command"]):
        if skip or word == "-MD":
            skip = False
        elif word in ("-MQ", "-MF", "-o"):
            skip = True
        elif word != "ccache":
            words.append(word.replace(relative, tree))
    words += [f"-fmacro-prefix-map={tree}=", "-o", target]
    return f"cd {shlex.quote(entry['directory'])} && {shlex.join(words)}"


def main() -> None:
    """Print them."""
    build, staged, tree, what, name, target = sys.argv[1:]
    entries = json.loads((Path(build) / "compile_commands.json").read_text(encoding="utf-8"))
    if what == "source":
        found = [entry for entry in entries if entry["file"].endswith("/" + name)][:1]
    else:
        directories = (f"/librte_{name}.a.p", f"/libtmp_rte_{name}.a.p")
        found = [entry for entry in entries
                 if os.path.dirname(entry["output"]).endswith(directories)]
    if not found:
        sys.exit(f"recompile: {name} is not built")
    for entry in found:
        if what == "source":
            print(command_for(entry, staged, tree, target))
            continue
        path = os.path.normpath(os.path.join(entry["directory"], entry["file"]))
        if os.path.exists(os.path.join(tree, os.path.relpath(path, staged))):
            print(command_for(entry, staged, tree,
                              os.path.join(target, os.path.basename(entry["output"]))))


if __name__ == "__main__":
    main()
