#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""What QEMU's virtio-net devices are connected to: a vhost-user back end.

usage: vhost-nic.py QUEUE_PAIRS SOCKET...

QEMU gives such a device as many queues as its back end has, and those that
need neither privileges nor a network have one. No packet is moved here: when
the driver notifies of a Tx queue, the Rx queue of that number interrupts.
Prints "ready" when QEMU can connect, ends when QEMU does.
"""

import array
import os
import selectors
import socket
import struct
import sys

# Requests, see "Vhost-user Protocol" of QEMU's documentation.
GET_FEATURES = 1
GET_VRING_BASE = 11
SET_VRING_KICK = 12
SET_VRING_CALL = 13
GET_PROTOCOL_FEATURES = 15
GET_QUEUE_NUM = 17
SET_BACKEND_REQ_FD = 21

VERSION = 1
REPLY = 1 << 2
NEED_REPLY = 1 << 3
RING_MASK = 0xFF

# Several queues; protocol features; virtio 1; behind an IOMMU.
FEATURES = 1 << 22 | 1 << 30 | 1 << 32 | 1 << 33
# Several queues; acknowledgements and requests of the back end, for the IOMMU.
PROTOCOL_FEATURES = 1 << 0 | 1 << 3 | 1 << 5

HEADER = struct.Struct("=III")
U64 = struct.Struct("=Q")
FDS_MAX = 8


class Nic:
    """One device."""

    def __init__(self, connection: socket.socket, pairs: int,
                 selector: selectors.BaseSelector) -> None:
        self.connection = connection
        self.pairs = pairs
        self.selector = selector
        self.kicks: dict[int, int] = {}
        self.calls: dict[int, int] = {}
        self.kept: list[int] = []
        selector.register(connection, selectors.EVENT_READ, self.serve)

    def receive(self) -> tuple[int, int, bytes, list[int]] | None:
        """The next request with its flags, payload and descriptors."""
        size = array.array("i").itemsize
        head, ancillary, _, _ = self.connection.recvmsg(
            HEADER.size, socket.CMSG_SPACE(FDS_MAX * size), socket.MSG_WAITALL)
        if len(head) < HEADER.size:
            return None
        fds = array.array("i")
        for _, _, data in ancillary:
            fds.frombytes(data[:len(data) - len(data) % size])
        request, flags, length = HEADER.unpack(head)
        payload = self.connection.recv(length, socket.MSG_WAITALL) if length else b""
        return request, flags, payload, list(fds)

    def serve(self) -> bool:
        """Do what QEMU asks for; false when it is gone."""
        try:
            message = self.receive()
        except ConnectionError:
            message = None
        if message is None:
            self.selector.unregister(self.connection)
            self.connection.close()
            return False

        request, flags, payload, fds = message
        if request in (SET_VRING_KICK, SET_VRING_CALL):
            self.set_ring(request, U64.unpack(payload)[0] & RING_MASK, fds)
        elif request == SET_BACKEND_REQ_FD:
            self.kept += fds
        else:
            for fd in fds:
                os.close(fd)
        answer = self.answer(request, payload)
        if answer is None and flags & NEED_REPLY:
            answer = U64.pack(0)
        if answer is not None:
            self.connection.sendall(HEADER.pack(request, VERSION | REPLY, len(answer)) + answer)
        return True

    def answer(self, request: int, payload: bytes) -> bytes | None:
        """What the request wants to know, None if it is to do something."""
        if request == GET_VRING_BASE:
            ring = struct.unpack_from("=I", payload)[0]
            self.set_ring(SET_VRING_KICK, ring, [])
            return struct.pack("=II", ring, 0)
        values = {
            GET_FEATURES: FEATURES,
            GET_PROTOCOL_FEATURES: PROTOCOL_FEATURES,
            GET_QUEUE_NUM: self.pairs,
        }
        return U64.pack(values[request]) if request in values else None

    def set_ring(self, request: int, ring: int, fds: list[int]) -> None:
        """Take the descriptor by which a ring is notified or interrupts."""
        rings = self.kicks if request == SET_VRING_KICK else self.calls
        old = rings.pop(ring, None)
        if old is not None:
            if request == SET_VRING_KICK:
                self.selector.unregister(old)
            os.close(old)
        for fd in fds:
            rings[ring] = fd
            if request == SET_VRING_KICK:
                self.selector.register(fd, selectors.EVENT_READ, lambda: self.kicked(ring))

    def kicked(self, ring: int) -> bool:
        """Interrupt the Rx ring (even) that belongs to a Tx ring (odd)."""
        os.read(self.kicks[ring], U64.size)
        if ring % 2 == 1 and ring - 1 in self.calls:
            os.write(self.calls[ring - 1], U64.pack(1))
        return True


def main() -> int:
    """Serve each socket until QEMU has closed all of them."""
    selector = selectors.DefaultSelector()
    pairs, paths = int(sys.argv[1]), sys.argv[2:]
    left = len(paths)

    def accept(listener: socket.socket) -> bool:
        selector.unregister(listener)
        Nic(listener.accept()[0], pairs, selector)
        return True

    for path in paths:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen()
        selector.register(listener, selectors.EVENT_READ,
                          lambda listener=listener: accept(listener))
    print("ready", flush=True)

    while left > 0:
        for key, _ in selector.select():
            # An earlier one of the same turn may have taken it out.
            if key.fd in selector.get_map() and not key.data():
                left -= 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
