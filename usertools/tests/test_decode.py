# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Configuration space is decoded right, however short or hostile it is."""

import ast
import unittest

import tool
from tool import DS, EXPRESS, EXT, IN_CAP, IN_MSIX, IV, NO_ST, TPH, decode, make_config, put


class Decode(unittest.TestCase):
    """What is in the capability."""

    def test_fields(self) -> None:
        """Every field of the capability, of all kinds of devices."""
        for cap, modes, table, entries, extended in (
            (NO_ST, ("no-st",), "none", 0, False),
            (NO_ST | DS, ("no-st", "ds"), "none", 0, False),
            (NO_ST | IV | DS | IN_CAP, ("no-st", "iv", "ds"), "capability", 8, False),
            (NO_ST | IV | IN_MSIX, ("no-st", "iv"), "msix", 10, False),
            (IV | EXT | IN_MSIX, ("iv",), "msix", 10, True),
            (EXT | IN_CAP, (), "capability", 8, True),
        ):
            with self.subTest(f"0x{cap:x}"):
                fn = decode(make_config(tph_cap=cap))
                self.assertTrue(fn.has_tph)
                self.assertEqual(
                    (fn.tph.modes, fn.tph.table, fn.tph.entries, fn.tph.extended),
                    (modes, table, entries, extended))
                self.assertEqual((fn.tph.offset, fn.problems, fn.unread), (TPH, [], None))

    def test_enabled(self) -> None:
        """The mode counts only while requests are enabled."""
        for control, enabled in ((0, "off"), (2, "off"), (0x101, "iv"), (0x302, "ds"),
                                 (0x100, "no-st"), (0x107, "reserved")):
            fn = decode(make_config(tph_cap=7 | IN_CAP, control=control))
            self.assertEqual(fn.tph.enabled, enabled, hex(control))

    def test_no_capability(self) -> None:
        """Neither a PCIe function without it, nor a conventional one, has it."""
        self.assertIs(decode(make_config()).has_tph, False)
        conventional = make_config(tph_cap=DS)
        put(conventional, EXPRESS, 0x05, 1)
        fn = decode(conventional)
        self.assertEqual((fn.has_tph, fn.kind, fn.unread), (False, "", None))
        bare = make_config(tph_cap=DS)
        put(bare, 0x06, 0, 2)
        self.assertIs(decode(bare).has_tph, False)

    def test_express(self) -> None:
        """Kind, completer and prefixes of the PCI Express capability."""
        for kind, name in ((0, "endpoint"), (4, "root port"), (5, "switch upstream port"),
                           (6, "switch downstream port"), (9, "integrated endpoint"),
                           (15, "of reserved type")):
            fn = decode(make_config(kind=kind, completer=kind & 3, prefixes=kind == 4))
            self.assertEqual((fn.kind, fn.completer, fn.prefixes), (name, kind & 3, kind == 4))
        first = make_config(completer=3, prefixes=True)
        put(first, EXPRESS + 2, 1, 2)
        fn = decode(first)
        self.assertEqual((fn.completer, fn.prefixes), (0, False), "version 1 has no such register")

    def test_virtual_function(self) -> None:
        """The ids of a virtual function are all ones, and it is not asleep."""
        config = make_config(tph_cap=NO_ST | DS)
        put(config, 0, 0xffffffff, 4)
        fn = decode(config)
        self.assertEqual((fn.unread, fn.tph.modes), (None, ("no-st", "ds")))

    def test_no_extended_space(self) -> None:
        """The kernel cannot reach it: it is not known what is there."""
        fn = decode(make_config(tph_cap=DS)[:256], 256)
        self.assertEqual((fn.unread, fn.has_tph, fn.kind), ("no-extended-space", None, "endpoint"))

    def test_asleep(self) -> None:
        """All ones, or nothing, tell nothing."""
        for config in (b"", b"\xff" * 64, b"\xff" * 4096):
            fn = decode(config)
            self.assertEqual((fn.unread, fn.has_tph, fn.kind), ("asleep", None, None))


class Truncated(unittest.TestCase):
    """Cut off anywhere, nothing wrong is said."""

    def test_every_length(self) -> None:
        """What is known of the first bytes is what is known of all, or unknown."""
        for tph_cap in (NO_ST | IV | DS | IN_CAP, None):
            config = make_config(kind=tool.ROOT_PORT, tph_cap=tph_cap, completer=1, prefixes=True)
            whole = decode(config)
            for length in range(1, len(config)):
                part = decode(config[:length])
                for known, full in ((part.has_tph, whole.has_tph), (part.kind, whole.kind),
                                    (part.completer, 1), (part.prefixes, True)):
                    self.assertIn(known, (None, full), length)
                if part.tph is not None and part.tph.modes is not None:
                    self.assertEqual(part.tph.modes, whole.tph.modes, length)
                self.assertEqual(part.problems, [], length)
                self.assertIn(part.unread, (None, "truncated"))
                self.assertEqual(part.has_tph is None or
                                 (part.tph is not None and part.tph.modes is None),
                                 part.unread == "truncated", length)


class Hostile(unittest.TestCase):
    """Chains that no device should have."""

    def problem(self, config: bytes) -> str:
        """The one thing that is wrong."""
        [problem] = decode(config).problems
        return str(problem)

    def test_standard_chain(self) -> None:
        """Loops and pointers into nowhere end the walk."""
        config = make_config(tph_cap=DS)
        put(config, tool.MSIX + 1, EXPRESS, 1)
        self.assertEqual(self.problem(config), "capabilities loop at 0x40")
        self.assertTrue(decode(config).has_tph)
        put(config, tool.MSIX + 1, tool.MSIX, 1)
        self.assertEqual(self.problem(config), "capabilities loop at 0x70")
        put(config, tool.MSIX + 1, 0x3c, 1)
        self.assertEqual(self.problem(config), "capability pointer 0x3c points into the header")
        put(config, 0x34, 0x10, 1)
        fn = decode(config)
        self.assertEqual((fn.has_tph, fn.kind), (False, ""))
        put(config, 0x34, 0xc0, 1)
        put(config, 0xc0, 0xff, 1)
        self.assertEqual(self.problem(config), "capability at 0xc0 reads as all ones")

    def test_misaligned(self) -> None:
        """The lowest two bits of pointers are reserved and mean nothing."""
        config = make_config(tph_cap=DS)
        put(config, 0x34, EXPRESS | 3, 1)
        put(config, tool.AER, 0x0001 | 2 << 16 | (TPH | 3) << 20, 4)
        fn = decode(config)
        self.assertEqual((fn.has_tph, fn.tph.offset, fn.problems), (True, TPH, []))

    def test_header_types(self) -> None:
        """CardBus bridges and unknown headers have no capabilities at 0x34."""
        config = make_config(tph_cap=DS)
        for kind in (2, 3, 0x7f):
            put(config, 0x0e, kind, 1)
            self.assertIs(decode(config).has_tph, False)
        put(config, 0x0e, 0x80, 1)
        self.assertIs(decode(config).has_tph, True, "a multi-function device")

    def test_extended_chain(self) -> None:
        """Loops and pointers back into the first 256 bytes."""
        config = make_config(tph_cap=NO_ST | DS)
        put(config, TPH, 0x0017 | 1 << 16 | TPH << 20, 4)
        self.assertEqual(self.problem(config), "extended capabilities loop at 0x1a0")
        self.assertEqual(decode(config).tph.modes, ("no-st", "ds"))
        put(config, TPH, 0x0017 | 1 << 16 | 0x40 << 20, 4)
        self.assertEqual(self.problem(config), "extended capability at 0x1a0 points back to 0x40")
        put(config, tool.AER, 0x0001 | 2 << 16 | tool.AER << 20, 4)
        fn = decode(config)
        self.assertEqual(fn.problems, ["extended capabilities loop at 0x100"])
        self.assertIs(fn.has_tph, False)
        put(config, tool.AER, 0xffffffff, 4)
        self.assertEqual(self.problem(config), "extended capability at 0x100 reads as all ones")

    def test_backward(self) -> None:
        """A chain may go back and forth as long as it ends."""
        config = make_config(tph_cap=NO_ST | DS)
        put(config, tool.AER, 0x0001 | 2 << 16 | tool.SERIAL << 20, 4)
        put(config, tool.SERIAL, 0x0003 | 1 << 16 | TPH << 20, 4)
        put(config, TPH, 0x0017 | 1 << 16, 4)
        fn = decode(config)
        self.assertEqual((fn.tph.modes, fn.problems), (("no-st", "ds"), []))

    def test_end_of_space(self) -> None:
        """A capability that does not fit is none."""
        for offset in (0xff8, 0xffc):
            config = make_config(tph_cap=None)
            put(config, tool.AER, 0x0001 | 2 << 16 | offset << 20, 4)
            put(config, offset, 0x0017 | 1 << 16, 4)
            fn = decode(config)
            self.assertEqual((fn.has_tph, fn.tph, fn.unread), (False, None, None))
            self.assertEqual(fn.problems,
                             [f"TPH capability at 0x{offset:x} does not fit config space"])
        put(config, tool.AER, 0x0001 | 2 << 16 | 0xff4 << 20, 4)
        put(config, 0xff4, 0x0017 | 1 << 16, 4)
        put(config, 0xff8, NO_ST | DS, 4)
        self.assertEqual(decode(config).tph.modes, ("no-st", "ds"))

    def test_twice(self) -> None:
        """The kernel takes the first, so does the tool."""
        config = make_config(tph_cap=NO_ST | DS)
        put(config, tool.SERIAL, 0x0017 | 1 << 16, 4)
        put(config, tool.SERIAL + 4, NO_ST | IV, 4)
        self.assertEqual(decode(config).tph.modes, ("no-st", "ds"))

    def test_table(self) -> None:
        """Locations and sizes that no device should have."""
        config = make_config(tph_cap=NO_ST | DS | 0x600)
        self.assertEqual(decode(config).tph.table, "reserved")
        self.assertEqual(self.problem(config), "reserved location of the ST table")
        # 0x1a0 + 12 + 2 * 10 is where the next capability starts.
        self.assertEqual(decode(make_config(tph_cap=DS | IN_CAP, entries=10)).problems, [])
        self.assertEqual(self.problem(make_config(tph_cap=DS | IN_CAP, entries=11)),
                         "ST table of 11 entries runs into 0x1c0")
        config = make_config(tph_cap=DS | IN_CAP, entries=65)
        put(config, TPH, 0x0017 | 1 << 16, 4)
        self.assertEqual(self.problem(config), "ST table of 65 entries, the specification allows 64")
        put(config, TPH + 4, DS | IN_CAP | 0x7ff << 16, 4)
        self.assertEqual(decode(config).problems, [
            "ST table of 2048 entries, the specification allows 64",
            "ST table of 2048 entries runs into 0x1000"])


class Source(unittest.TestCase):
    """The tool itself."""

    def test_python_3_6(self) -> None:
        """It runs with the oldest Python that DPDK wants."""
        ast.parse(tool.PATH.read_text(encoding="utf-8"), feature_version=(3, 6))


if __name__ == "__main__":
    unittest.main()
