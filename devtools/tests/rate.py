# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Compare the forwarding rate of testpmd with and without TPH, in one run.

The emulated NIC does not place data in caches, so no gain is to be seen in the
VM: what this shows is that TPH costs the data path nothing. Without and with
TPH take turns, also in being the first, so that a change of the machine's load
meets both; a round before them warms up and does not count.
"""

import re
import sys

import vm

ROUNDS = 4
SECONDS = 4

FORWARD = f"start tx_first\n!sleep {SECONDS}\nstop\n"
WITH = "port tph all enable\nport tph all rx+tx all lcore auto all\n"
WITHOUT = "port tph all disable\n"


def main() -> int:
    """Run the rounds and print packets and ratios."""
    script = "?Link status: up?show port info 0\n?Link status: up?show port info 1\n"
    script += FORWARD
    for nth in range(ROUNDS):
        turns = [WITHOUT + FORWARD, WITH + FORWARD]
        script += "".join(turns if nth % 2 == 0 else reversed(turns))
    script += "quit\n"
    run = vm.run_testpmd(script, *sys.argv[1:])
    if run.status != 0:
        print(run.stdout, run.stderr, file=sys.stderr)
        return 1

    packets = []
    for nth in range(1, 1 + 2 * ROUNDS):
        total = run.step("stop", nth).output.split("Accumulated")[1]
        match = re.search(r"RX-packets: (\d+)", total)
        packets.append(int(match[1]) if match else 0)
    without = [packets[2 * nth + nth % 2] for nth in range(ROUNDS)]
    with_tph = [packets[2 * nth + 1 - nth % 2] for nth in range(ROUNDS)]
    print("round  without TPH    with TPH  ratio")
    for nth in range(ROUNDS):
        print(f"{nth + 1:5}  {without[nth]:11}  {with_tph[nth]:10}"
              f"  {with_tph[nth] / without[nth]:.3f}")
    print(f"total  {sum(without):11}  {sum(with_tph):10}  {sum(with_tph) / sum(without):.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
