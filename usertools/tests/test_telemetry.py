# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""What is shown of a running application, and what it is told to follow.

A socket plays the application, the VM's tests have a real one.
"""

import io
import json
import os
import socket
import tempfile
import threading
import unittest
from contextlib import redirect_stderr
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
    "/": ["/", "/ethdev/tph", "/ethdev/tph_queue", "/ethdev/tph_follow", "/ethdev/tph_unfollow"],
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
    "/ethdev/tph_follow,0": {"port_id": 0, "error": ""},
    "/ethdev/tph_follow,1": {"port_id": 1, "error": "no TPH"},
    "/ethdev/tph_follow,0,once,desc,header": {"port_id": 0, "error": ""},
    "/ethdev/tph_unfollow,0": {"port_id": 0, "error": ""},
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


class Application(unittest.TestCase):
    """A socket that answers as an application does."""

    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.runtime = Path(directory.name)
        self.path = self.runtime / "dpdk/rte/dpdk_telemetry.v2"
        self.path.parent.mkdir(parents=True)
        patch = mock.patch.dict(os.environ, RUNTIME_DIRECTORY=directory.name)
        patch.start()
        self.addCleanup(patch.stop)

    def run_tool(self, *argv: str, answers: dict[str, Any] | None = None, hello: str = HELLO,
                 raw: str | None = None) -> tuple[int, str, str]:
        """Ask an application that answers so, null for what it does not know."""
        self.requests: list[str] = []
        server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        server.bind(str(self.path))
        server.listen()

        def serve() -> None:
            client, _ = server.accept()
            with client:
                client.send(hello.encode())
                while request := client.recv(1024).decode():
                    self.requests.append(request)
                    answer = {request.split(",")[0]: (answers or ANSWERS).get(request)}
                    client.send((json.dumps(answer) if raw is None else raw).encode())
                    if raw == "":
                        return

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            return tool.run(*argv)
        finally:
            thread.join(10)
            server.close()
            self.path.unlink()


class Show(Application):
    """dpdk-tph.py show."""

    def show(self, *argv: str, **how: Any) -> tuple[int, str, str]:
        """Show a port."""
        return self.run_tool("show", *argv, **how)

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

    def test_followed(self) -> None:
        """What has become of following, in the words of testpmd."""
        follow = {"follow_error": "", "thread": 7}
        _, out, _ = self.show("0", answers={
            **ANSWERS, "/ethdev/tph,0": {**PORT, "follow": "keep"},
            "/ethdev/tph_queue,0,rx,0": {"queue_id": 0, **BOUND, **follow, "follow": "followed"},
            "/ethdev/tph_queue,0,rx,3": {"queue_id": 3, "status": "unbound", **follow,
                                         "follow": "unfollowable", "follow_error": "No tag"}})
        self.assertIn("  Followed: keep\n", out)
        self.assertIn("  Rx      0     3    11   0x21 applied desc,header, followed\n", out)
        self.assertIn("  Rx      3     -     -      - unbound, unfollowable (No tag)\n", out)

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


class Follow(Application):
    """dpdk-tph.py follow and unfollow."""

    def test_follow(self) -> None:
        """By number and address, with a mode and objects; nothing is said."""
        for argv, request in (
            (("follow", "0"), "/ethdev/tph_follow,0"),
            (("follow", "0000:01:00.0", "once", "desc", "header"),
             "/ethdev/tph_follow,0,once,desc,header"),
            (("unfollow", "01:00.0"), "/ethdev/tph_unfollow,0"),
        ):
            self.assertEqual(self.run_tool(*argv), (0, "", ""))
            self.assertEqual(self.requests[-1], request)

    def test_all(self) -> None:
        """A port that cannot be followed leaves the others alone."""
        self.assertEqual(self.run_tool("follow", "all"),
                         (2, "", "dpdk-tph.py: port 1: no TPH\n"))
        self.assertEqual(self.requests[1:], ["/ethdev/tph_follow,0", "/ethdev/tph_follow,1"])

    def test_errors(self) -> None:
        """One line that says what is wrong."""
        without = {key: value for key, value in ANSWERS.items() if "tph" not in key}
        for status, text in (
            (self.run_tool("follow", "0", answers={**without, "/": ["/"]}),
             "/ethdev/tph_follow: this application is built without TPH"),
            (self.run_tool("unfollow", "7"), "/ethdev/tph_unfollow: no answer for port 7"),
            (self.run_tool("follow", "09:00.0"), "no port 09:00.0 in this application"),
            (self.run_tool("follow", "all", answers={"/ethdev/list": []}),
             "this application has no ports"),
        ):
            self.assertEqual(status, (2, "", f"dpdk-tph.py: {text}\n"))
        with self.assertRaises(SystemExit), redirect_stderr(io.StringIO()) as err:
            tool.tph.parse_args(["follow", "0", "always"])
        self.assertIn("always is none of keep, once, all, desc, header, payload", err.getvalue())


if __name__ == "__main__":
    unittest.main()
