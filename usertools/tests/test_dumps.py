# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""What lspci prints of other machines, as text, as bytes, or both."""

import re
import unittest
from typing import Any

import tool
from tool import DS, EXT, IN_CAP, IN_MSIX, IV, NO_ST, hex_dump, make_config

SERVER = (tool.HERE / "dumps/server.txt").read_text()
# Listings of real machines, which are not part of this project.
PUBLIC = tool.HERE.parents[2] / "shared/dumps"


def read(text: str) -> list[Any]:
    """The functions of a dump."""
    return list(tool.tph.read_dump(text))


def nic(text: str) -> Any:
    """The last function of a dump."""
    return read(text)[-1]


class Text(unittest.TestCase):
    """The words of lspci."""

    def test_server(self) -> None:
        """A root port and a NIC, with all the words of lspci -vvv."""
        port, fn = read(SERVER)
        self.assertEqual((port.kind, port.completer, port.prefixes, port.bridge, port.buses),
                         ("root port", 1, True, True, (1, 1)))
        self.assertEqual((fn.kind, fn.completer, fn.prefixes, fn.bridge),
                         ("endpoint", 0, True, False))
        self.assertEqual(fn.tph, tool.tph.Tph(0x200, ("iv", "ds"), "capability", None, False))
        self.assertEqual((fn.driver, fn.ids, fn.dev_class), ("tph-vfio-pci", "8086:10c9", 2))
        self.assertEqual(fn.parents, [port])

    def test_titles(self) -> None:
        """Names, numbers, or both: -n, -nn, no list of names; with a domain or not."""
        for title in ("01:00.0 Ethernet controller: Intel Corporation I350 (rev 01)",
                      "01:00.0 0200: 8086:1521 (rev 01)",
                      "0000:01:00.0 Ethernet controller [0200]: Intel I350 [8086:1521] (rev 01)",
                      "10000:01:00.0 Class 0280: Device 8086:1521",
                      "01:00.0 Infiniband controller: Mellanox", "01:00.0 Fabric controller: X"):
            fn = nic(title + "\n")
            self.assertEqual((fn.dev_class, fn.bridge), (2, False), title)
            self.assertEqual(fn.ids, "8086:1521" if "1521" in title else "")
        for title in ("00:01.0 PCI bridge: X", "00:01.0 0604: 8086:1 (rev 2)", "00:01.0 Class 0600: Y",
                      "00:00.0 Host bridge [0600]: Intel [8086:29c0]"):
            self.assertTrue(nic(title + "\n").bridge, title)

    def test_words(self) -> None:
        """Modes and tables, as old and new lspci print them."""
        head = "01:00.0 Ethernet controller: X\n\tCapabilities: [70] MSI-X: Enable+ Count=129" \
               " Masked-\n\tCapabilities: [1a0 v1] "
        for words, modes, table, entries, extended in (
            ("Transaction Processing Hints\n\t\tDevice specific mode supported\n"
             "\t\tNo steering table available", ("ds",), "none", 0, False),
            ("Transaction Processing Hints\n\t\tInterrupt vector mode supported\n"
             "\t\tExtended requester support\n\t\tSteering table in MSI-X table",
             ("iv",), "msix", 129, True),
            ("Transaction Processing Hints\n\t\tReserved steering table location",
             (), "reserved", 0, False),
            ("Transaction Processing Hints", None, None, None, None),
            ("#17", None, None, None, None),
        ):
            fn = nic(head + words + "\n\tCapabilities: [1d0 v1] Access Control Services\n"
                     "\t\tDevice specific mode supported\n")
            self.assertTrue(fn.has_tph)
            self.assertEqual((fn.tph.modes, fn.tph.table, fn.tph.entries, fn.tph.extended),
                             (modes, table, entries, extended), words)

    def test_nothing_stated(self) -> None:
        """No capabilities are no statement about them."""
        for words in ("Capabilities: <access denied>", "Capabilities: [a0] Express Endpoint, MSI 00",
                      "Flags: fast devsel"):
            fn = nic(f"01:00.0 Ethernet controller: X\n\t{words}\n")
            self.assertEqual((fn.has_tph, fn.unread), (None, "truncated"))
        fn = nic("01:00.0 Ethernet controller: X\n\tCapabilities: [100 v1] Device Serial Number\n")
        self.assertEqual((fn.has_tph, fn.unread), (False, None))


class Bytes(unittest.TestCase):
    """Hexadecimal bytes, which tell more than the words."""

    def test_round_trip(self) -> None:
        """What is printed is what was there."""
        for cap in (NO_ST | IV | DS | IN_CAP, NO_ST | EXT | IN_MSIX, None):
            config = make_config(tph_cap=cap, completer=3)
            fn, direct = nic(hex_dump("01:00.0", config)), tool.decode(config)
            for name in ("has_tph", "tph", "kind", "completer", "prefixes", "unread", "ids"):
                self.assertEqual(getattr(fn, name), getattr(direct, name), name)

    def test_text_behind_the_bytes(self) -> None:
        """Where the bytes end, the words go on."""
        for length, table_size in ((4096, 8), (256, None), (64, None)):
            config = make_config(tph_cap=NO_ST | DS | IN_CAP)[:length]
            words = ("\tCapabilities: [1a0 v1] Transaction Processing Hints\n"
                     "\t\tDevice specific mode supported\n"
                     "\t\tSteering table in TPH capability structure\n")
            head, _, rest = hex_dump("01:00.0", config).partition("\n")
            fn = nic(f"{head}\n{words}{rest}")
            self.assertEqual((fn.tph.entries, fn.unread), (table_size, None), length)
            self.assertIn("ds", fn.tph.modes)

    def test_asleep(self) -> None:
        """A device that did not answer was not read, whatever else is printed."""
        fn = nic(hex_dump("01:00.0", b"\xff" * 4096) + "\tCapabilities: [100 v1] #17\n")
        self.assertEqual((fn.has_tph, fn.unread), (None, "asleep"))

    def test_gap(self) -> None:
        """Lines that are missing end the bytes, lines out of order are none."""
        lines = hex_dump("01:00.0", make_config(tph_cap=DS)).splitlines()
        fn = nic("\n".join(lines[:20] + lines[21:]))
        self.assertEqual((fn.size, fn.unread), (19 * 16, "truncated"))
        fn = nic("\n".join([lines[0], lines[2], lines[1], *lines[2:]]))
        self.assertEqual((fn.size, fn.unread), (4096, None))


class Path(unittest.TestCase):
    """The bridges above a function, found by bus numbers."""

    def test_switch(self) -> None:
        """Nearest first, in whatever order they are printed."""
        port = hex_dump("00:02.0", make_config(kind=4, completer=1, buses=(1, 9)))
        up = hex_dump("01:00.0", make_config(kind=5, buses=(2, 9)))
        down = hex_dump("02:03.0", make_config(kind=6, buses=(7, 7)))
        other = hex_dump("02:04.0", make_config(kind=6, buses=(8, 9)))
        end = hex_dump("07:00.0", make_config(tph_cap=DS))
        for text in (port + up + down + other + end, down + other + up + port + end):
            self.assertEqual([hop.bdf for hop in nic(text).parents],
                             ["0000:02:03.0", "0000:01:00.0", "0000:00:02.0"])
        # Below a root port that is itself below one, the kernel stops at the first.
        outer = hex_dump("00:03.0", make_config(kind=4, completer=0, buses=(1, 20)))
        inner = hex_dump("01:00.0", make_config(kind=4, completer=1, buses=(7, 7)))
        self.assertEqual(nic(outer + inner + end).root_port().bdf, "0000:01:00.0")
        # The switch is missing: the root port is known all the same.
        self.assertEqual(nic(port + end).root_port().completer, 1)
        self.assertEqual(nic(port + hex_dump("0001:07:00.0", make_config())).parents, [])

    def test_hostile(self) -> None:
        """Bridges that claim each other, themselves, or everything."""
        a = hex_dump("01:00.0", make_config(kind=4, buses=(0, 255)))
        b = hex_dump("02:00.0", make_config(kind=4, buses=(1, 255)))
        c = hex_dump("03:00.0", make_config(kind=4, buses=(4, 2)))
        for fn in read(a + b + c + hex_dump("04:00.0", make_config(tph_cap=DS))):
            self.assertEqual(fn.parents, [])
        two = (hex_dump("05:00.0", make_config(kind=4, buses=(6, 6)))
               + hex_dump("06:00.0", make_config(kind=4, buses=(5, 5))))
        for fn in read(two):
            self.assertLess(len(fn.parents), 2)


class Public(unittest.TestCase):
    """Listings of real machines, read where they are."""

    WORDS = {"unknown": None, "absent": None, "none": (), "none-shown": ()}

    def test_listings(self) -> None:
        """All that the listings expect."""
        files = sorted(PUBLIC.glob("*.txt"))
        if not files:
            print("no ../shared/dumps: not read")
        for file in files:
            with self.subTest(file.name):
                self.check(file.name, file.read_text())

    def check(self, name: str, text: str) -> None:
        """Compare one listing with what it says of itself."""
        expected = dict(re.findall(r"([a-z]+)=([a-z0-9,-]+?)(?:, |$)",
                                   re.search(r"^# expect: (.*)", text, re.MULTILINE)[1]))  # type: ignore
        if name.endswith("-hex.txt"):
            # The bytes alone, without the words.
            text = "\n".join(line for line in text.splitlines() if not line[:1].isspace())
        fn = nic(text)
        modes = expected["modes"]
        self.assertEqual(fn.has_tph, False if modes == "absent" else
                         None if modes == "unknown" and "-v-only" not in name else True)
        stated = None if fn.tph is None else fn.tph.modes
        self.assertEqual(stated, self.WORDS.get(modes, tuple(modes.split(","))))
        if stated is not None:
            table = {"cap": "capability"}.get(expected["table"], expected["table"])
            # A reserved location is no table.
            self.assertIn(fn.tph.table, (table, "reserved"))
            self.assertEqual(fn.tph.extended, expected["width"] == "16")
            # The size is in no text; of tables in MSI-X it is that of MSI-X.
            if name.endswith("-hex.txt"):
                self.assertEqual(fn.tph.entries, int(expected["size"]))
        port = fn.root_port()
        completer = None if port is None or fn.integrated() else port.completer
        self.assertEqual({None: "unknown", 0: "no", 1: "yes", 3: "yes"}[completer],
                         expected["rootport"])


if __name__ == "__main__":
    unittest.main()
