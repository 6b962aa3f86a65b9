# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""What the registers of igb queues hold, written down apart from the driver."""

# I210 datasheet, TXCTL; RXCTL alike: descriptor fetch and write-back, header,
# payload or packet; relaxed ordering of reads stays on, that of writes goes.
OBJECT_BITS = {"desc": 0x3, "header": 0x4, "payload": 0x8}
OBJECTS = {"Rx": frozenset({"desc", "header", "payload"}), "Tx": frozenset({"desc", "payload"})}
HINTED = {"Rx": 0x0200, "Tx": 0x2200}
UNBOUND = {"Rx": 0xA200, "Tx": 0x2A00}


def name(direction: str, queue: int) -> str:
    """The register of a queue as the trace calls it."""
    return f"{direction.upper()}CTL[{queue}]"


def value(direction: str, tag: int, objects: frozenset[str]) -> int:
    """What the register holds while the queue is bound."""
    result = tag << 24 | HINTED[direction]
    for item in objects:
        result |= OBJECT_BITS[item]
    return result
