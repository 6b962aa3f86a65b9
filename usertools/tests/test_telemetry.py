# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""What is shown of a running application; a socket plays that, the VM's tests have a real one."""

import json
import os
import socket
import tempfile
import threading
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

import tool

HELLO = json.dumps({"version": "DPDK 22.11.11", "pid": 1, "max_output_len": 16384})
BOUND: dict[str, Any] = {"status": "applied", "error": "", "lcore_id": 3, "cpu_id": 11,
         "objects": ["desc", "header"], "mem": "volatile", "st": 33, "st_bits": 8, "stale": 0}
PORT: dict[str, Any] = {"port_id": 0, "modes": ["iv", "ds"], "mode": "ds", "rx_objects": ["desc", "header"],
        "tx_objects": ["desc"], "table": "msix", "table_size": 10, "st_bits": 8, "platform": 1}
ANSWERS: dict[str, Any] = {
    "/": ["/", "/ethdev/tph", "/ethdev/tph_queue"],
    "/ethdev/list": [0, 1],
    "/ethdev/info,0": {"name": "0000:01:00.0", "nb_rx_queues": 4, "nb_tx_queues": 3},
    "/ethdev/info,1": {"name": "net_null0", "nb_rx_queues": 1, "nb_tx_queues": 1},
    "/ethdev/tph,0": PORT,
    "/ethdev/tph_queue,0,rx,0": {"queue_id": 0, **BOUND},
    "/ethdev/tph_queue,0,rx,1": {"queue_id": 1, **BOUND, "status": "failed", "st_bits": 0,
                                 "error": "No such device"},
    "/ethdev/tph_queue,0,rx,2": {"queue_id": 2, **BOUND, "status": "pending", "stale": 1,
                                 "objects": [], "st_bits": 16, "st": 0x21},
    "/ethdev/tph_queue,0,rx,3": {"queue_id": 3, "status": "unbound"},
    "/ethdev/tph_queue,0,tx,1": {"queue_id": 1, "status": "applied", "error": "", "target": "cpu",
                                 "cpu_id": 5, "st": 0x25, "st_bits": 8, "objects": ["desc"]},
    "/ethdev/tph_queue,0,tx,2": {"queue_id": 2, "status": "unbinding", "error": "I/O error",
                                 "hw_st": 33, "hw_objects": ["desc"]},
    "/ethdev/tph_advice,11": {
        "cpu_id": 11, "queues": 3, "queues_unknown": 1, "desc_bytes": 16384,
        "header_bytes": 131072, "payload_bytes": 1, "l2_bytes": 262144, "l2_cpus": 2,
        "l3_bytes": 0, "l3_cpus": 0, "desc_fit": 896},
    "/ethdev/tph_advice,5": {
        "cpu_id": 5, "queues": 1, "queues_unknown": 0, "desc_bytes": 16384, "header_bytes": 0,
        "payload_bytes": 0, "l2_bytes": 1048576, "l2_cpus": 1, "l3_bytes": 33554432,
        "l3_cpus": 8, "desc_fit": 65504},
}
SHOWN = """\
Port 0 TPH
  Modes: iv,ds
  Enabled: ds
  Steering tags: 8 bits, named by the platform
  ST table: MSI-X, 10 entries
  Rx objects: desc,header
  Tx objects: desc
  Dir Queue Lcore   CPU    Tag State
  Rx      0     3    11   0x21 applied desc,header
  Rx      1     3    11      - failed (No such device) desc,header
  Rx      2     3    11 0x0021 pending none stale: the lcore has moved
  Rx      3     -     -      - unbound
  Tx      1     -     5   0x25 applied desc
  Tx      2     -     -      - unbinding none
  CPU 11: in flight 147457 bytes (desc 16384, header 131072, payload 1) of 2 queues, L2 262144 of 2\
 CPUs, L3 unknown
  CPU 11: 1 queues are not counted: the size of their rings is unknown
  CPU 11: warning: more than its share of L2: hint less, or rings of at most 896
  CPU 5: in flight 16384 bytes (desc 16384, header 0, payload 0) of 1 queues, L2 1048576 of 1 CPU,\
 L3 33554432 of 8 CPUs
"""


class Show(unittest.TestCase):
    """dpdk-tph.py show."""

    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.runtime = Path(directory.name)
        self.path = self.runtime / "dpdk/rte/dpdk_telemetry.v2"
        self.path.parent.mkdir(parents=True)
        patch = mock.patch.dict(os.environ, RUNTIME_DIRECTORY=directory.name)
        patch.start()
        self.addCleanup(patch.stop)

    def show(self, *argv: str, answers: dict[str, Any] | None = None, hello: str = HELLO,
             raw: str | None = None) -> tuple[int, str, str]:
        """Ask an application that answers so, null for what it does not know."""
        server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        server.bind(str(self.path))
        server.listen()

        def serve() -> None:
            client, _ = server.accept()
            with client:
                client.send(hello.encode())
                while request := client.recv(1024).decode():
                    answer = {request.split(",")[0]: (answers or ANSWERS).get(request)}
                    client.send((json.dumps(answer) if raw is None else raw).encode())
                    if raw == "":
                        return

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            return tool.run("show", *argv)
        finally:
            thread.join(10)
            server.close()
            self.path.unlink()

    def test_show(self) -> None:
        """By number, by address with and without domain, with a prefix and an instance."""
        for name in ("0", "0000:01:00.0", "01:00.0"):
            self.assertEqual(self.show(name), (0, SHOWN, ""))
        self.path = self.runtime / "dpdk/other/dpdk_telemetry.v2:2"
        self.path.parent.mkdir()
        self.assertEqual(self.show("0", "-f", "other", "-i", "2"), (0, SHOWN, ""))

    def test_disabled(self) -> None:
        """What is not known while TPH is disabled."""
        port = {**PORT, "mode": "none", "modes": [], "rx_objects": [], "tx_objects": []}
        _, out, _ = self.show("0", answers={**ANSWERS, "/ethdev/tph,0": port})
        self.assertEqual(out.count("unknown until TPH is enabled"), 3, out)

    def test_errors(self) -> None:
        """One line that says what is wrong."""
        without = {key: value for key, value in ANSWERS.items() if "tph" not in key}
        for status in (
            (self.show("7"), "no port 7 in this application"),
            (self.show("0000:09:00.0"), "no port 0000:09:00.0 in this application"),
            (self.show("1"), "port 1 has no TPH; look at it with dpdk-tph.py -s net_null0"),
            (self.show("0", answers={**without, "/": ["/"]}),
             "/ethdev/tph: this application is built without TPH"),
            (self.show("0", hello="hello"), f"{self.path}: no DPDK telemetry"),
            (self.show("0", hello="[]"), f"{self.path}: no DPDK telemetry"),
            (self.show("0", raw="[1"), "/ethdev/info: the answer is not JSON, it may be cut off"),
            (self.show("0", raw="{}"), "/ethdev/info: no answer of DPDK telemetry"),
            (self.show("0", raw=""), "/ethdev/info: the answer is not JSON, it may be cut off"),
        ):
            self.assertEqual(status[0], (2, "", f"dpdk-tph.py: {status[1]}\n"))

    def test_directories(self) -> None:
        """Where EAL has its sockets."""
        runtime_dir = tool.tph.Telemetry.runtime_dir
        self.assertEqual(runtime_dir(), self.runtime / "dpdk")
        with mock.patch.dict(os.environ, XDG_RUNTIME_DIR="/run/user/1000"):
            del os.environ["RUNTIME_DIRECTORY"]
            with mock.patch.object(os, "getuid", lambda: 1000):
                self.assertEqual(runtime_dir(), Path("/run/user/1000/dpdk"))
                del os.environ["XDG_RUNTIME_DIR"]
                self.assertEqual(runtime_dir(), Path("/tmp/dpdk"))
            with mock.patch.object(os, "getuid", lambda: 0):
                self.assertEqual(runtime_dir(), Path("/var/run/dpdk"))


if __name__ == "__main__":
    unittest.main()
