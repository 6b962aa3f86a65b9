# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Random and hostile configuration spaces; lspci reads the same bytes as a witness.

TPH_FUZZ_ROUNDS=N tries N configuration spaces of each kind, TPH_FUZZ_SEED=N others.
"""

import contextlib
import io
import json
import os
import random
import re
import subprocess
import tempfile
import unittest
from typing import Any

import tool
from tool import decode, hex_dump, make_config, put

ROUNDS = int(os.environ.get("TPH_FUZZ_ROUNDS", "600"))
SEED = int(os.environ.get("TPH_FUZZ_SEED", "1"))

# Extended capabilities that say nothing about their own length in lspci.
HARMLESS = (0x0001, 0x0003, 0x000d, 0x0015, 0x0018, 0x001b, 0x001f)


def random_config(rng: random.Random) -> bytearray:
    """Well-formed: some capabilities in any order, TPH among them or not."""
    tph_cap = rng.choice((None, rng.getrandbits(3) | rng.getrandbits(1) << 8
                          | rng.randrange(4) << 9))
    kind = rng.choice((0, 1, 9))
    config = make_config(kind=kind, completer=rng.randrange(4), prefixes=rng.random() < 0.5,
                         msix=rng.randrange(1, 2049))
    places = rng.sample(range(0x140, 0xe00, 0x80), rng.randrange(1, 8))
    ids = [rng.choice(HARMLESS) for _ in places]
    if tph_cap is not None:
        ids[rng.randrange(len(ids))] = 0x17
    previous, config_id = 0x100, 0x0001
    for place, cap_id in zip(places, ids):
        put(config, previous, config_id | 1 << 16 | (place | rng.randrange(4)) << 20, 4)
        previous, config_id = place, cap_id
        if cap_id == 0x17 and tph_cap is not None:
            put(config, place + 4, tph_cap | rng.randrange(16) << 16, 4)
    put(config, previous, config_id | 1 << 16, 4)
    return config


def mutate(rng: random.Random, config: bytearray) -> bytearray:
    """Break something: a pointer, an id, a length, or whatever comes."""
    for _ in range(rng.randrange(1, 6)):
        choice = rng.randrange(6)
        if choice == 0:
            put(config, 0x34, rng.getrandbits(8), 1)
        elif choice == 1:
            put(config, rng.choice((0x41, 0x71)), rng.getrandbits(8), 1)
        elif choice == 2:
            offset = rng.choice((0x100, *range(0x140, 0xe00, 0x80)))
            put(config, offset + 2, rng.getrandbits(16), 2)
        elif choice == 3:
            put(config, rng.randrange(0x100, 0x1000, 4),
                rng.choice((0x10017, 0xffc10017, 0, 0xffffffff)), 4)
        elif choice == 4:
            put(config, rng.randrange(4096), rng.getrandbits(8), 1)
        else:
            config = bytearray(rng.getrandbits(8) for _ in range(64)) + config[64:]
    return config


def exercise(config: bytes, full_size: int) -> None:
    """All that the tool does with what it has read."""
    fn = decode(config, full_size)
    port = decode(config[::-1], full_size)
    fn.parents = [port]
    for machine in (None, tool.tph.Machine()):
        verdict = tool.tph.judge(fn, machine)
        json.dumps(tool.tph.as_json(fn, verdict))
        with contextlib.redirect_stdout(io.StringIO()):
            tool.tph.print_function(fn, verdict, machine is not None)
    assert len(fn.problems) < 8, fn.problems


class Robust(unittest.TestCase):
    """No bytes make it fail or hang."""

    def test_noise(self) -> None:
        """Nothing but noise, of any length."""
        rng = random.Random(SEED)
        for _ in range(ROUNDS):
            config = bytes(rng.getrandbits(8) for _ in range(rng.randrange(600)))
            exercise(config, rng.choice((64, 256, 4096)))

    def test_mutants(self) -> None:
        """Nearly right, cut off or not."""
        rng = random.Random(SEED)
        for _ in range(ROUNDS):
            config = mutate(rng, random_config(rng))
            exercise(config[:rng.choice((4096, rng.randrange(4097)))], 4096)

    def test_longest_chains(self) -> None:
        """Each dword a capability, in an order that jumps about."""
        rng = random.Random(SEED)
        config = make_config()
        places = list(range(0x104, 0x1000, 4))
        rng.shuffle(places)
        for place, successor in zip([0x100, *places], [*places, 0x100]):
            put(config, place, 0x0001 | 1 << 16 | successor << 20, 4)
        fn = decode(config)
        self.assertEqual(fn.problems, ["extended capabilities loop at 0x100"])

    def test_text(self) -> None:
        """Dumps of lspci with lines lost, cut and swapped."""
        rng = random.Random(SEED)
        lines = (tool.HERE / "dumps/server.txt").read_text().splitlines()
        for _ in range(ROUNDS // 10):
            text = [line[:rng.randrange(len(line) + 1)] if rng.random() < 0.1 else line
                    for line in lines if rng.random() < 0.9]
            for _ in range(rng.randrange(5)):
                text.insert(rng.randrange(len(text)), text.pop(rng.randrange(len(text))))
            for fn in tool.tph.read_dump("\n".join(text)):
                json.dumps(tool.tph.as_json(fn, tool.tph.judge(fn, None)))


class Lspci(unittest.TestCase):
    """lspci decodes the same bytes to the same."""

    TABLES = {
        "none": "No steering table available",
        "capability": "Steering table in TPH capability structure",
        "msix": "Steering table in MSI-X table",
        "reserved": "Reserved steering table location",
    }

    def compare(self, configs: list[bytearray]) -> int:
        """Compare all whose chains are whole; how many these are."""
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            for i, config in enumerate(configs):
                file.write(hex_dump(f"{i >> 5:02x}:{i & 31:02x}.0", config))
            file.flush()
            output = subprocess.run(["lspci", "-F", file.name, "-vvv", "-n"], check=True,
                                    capture_output=True).stdout.decode("latin-1")
        shown = dict(re.findall(r"^(\S+) (.*?)(?:\n\n|\Z)", output, re.DOTALL | re.MULTILINE))
        compared = 0
        for i, config in enumerate(configs):
            fn = decode(config)
            if fn.unread is not None or any("ST table" not in words for words in fn.problems):
                continue
            text = shown[f"{i >> 5:02x}:{i & 31:02x}.0"]
            with self.subTest(seed=SEED, i=i):
                self.check(fn, text)
            compared += 1
        return compared

    def check(self, fn: Any, text: str) -> None:
        """Compare one function."""
        facts = tool.tph.as_json(fn, tool.tph.judge(fn, None))
        found = re.search(r"\[([0-9a-f]+) v\d+\] Transaction Processing Hints", text)
        self.assertEqual(facts["has_tph"], found is not None, text)
        completer = re.search(r"\bTPHComp([+-]) ExtTPHComp([+-])", text)
        if completer is not None:
            value = int(completer[1] == "+") | int(completer[2] == "+") << 1
            self.assertEqual(fn.completer, value, text)
        prefixes = re.search(r"\bEETLPPrefix([+-])", text)
        if prefixes is not None:
            self.assertEqual(fn.prefixes, prefixes[1] == "+", text)
        if found is None:
            return
        # What comes after it belongs to another capability.
        text = text[found.end():].partition("Capabilities:")[0]
        tph = facts["tph"]
        self.assertEqual(tph["offset"], int(found[1], 16), text)
        self.assertEqual("Interrupt vector mode" in text, "iv" in tph["modes"], text)
        self.assertEqual("Device specific mode" in text, "ds" in tph["modes"], text)
        self.assertEqual("Extended requester" in text, tph["extended"], text)
        self.assertIn(self.TABLES[tph["table"]], text)

    def test_well_formed(self) -> None:
        """Any well-formed chain."""
        rng = random.Random(SEED)
        configs = [random_config(rng) for _ in range(ROUNDS)]
        self.assertEqual(self.compare(configs), ROUNDS)

    def test_mutants(self) -> None:
        """Broken ones, as far as the tool finds nothing wrong."""
        rng = random.Random(SEED)
        configs = [mutate(rng, random_config(rng)) for _ in range(ROUNDS)]
        self.assertGreater(self.compare(configs), ROUNDS // 5)


if __name__ == "__main__":
    unittest.main()
