# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Show testpmd binding all queues of two ports, and let witnesses confirm it.

What testpmd says is compared with what QEMU saw arrive at the NICs' queue
registers and with what lspci's way of reading shows of the TPH capability.
"""

import sys

import igb
import vm

SESSION = """
port tph all enable
?Link status: up?show port info 0
?Link status: up?show port info 1
port tph all rx+tx all lcore auto
start tx_first
?RX-packets: [1-9]?show fwd stats all
stop
show port 0 tph
show port 1 tph
!tph-snapshot -
!tph-uid
quit
"""


def queue_registers(run: vm.Run, port: int) -> dict[str, int]:
    """What the binding command left in the queue registers of a port."""
    return dict(run.step("port tph all rx+tx all lcore auto").writes(port))


def check_uids(run: vm.Run) -> list[str]:
    """Show what the firmware calls each CPU: never by its number."""
    uids = dict(line.split() for line in run.step("!tph-uid").output.splitlines())
    print("\nThe tag that the firmware names is that of an ACPI processor UID")
    for cpu, uid in uids.items():
        print(f"  CPU {cpu} = UID {uid}: tag {vm.tag(int(cpu)):#04x}")
    return [f"CPU {cpu} has UID {uid}" for cpu, uid in uids.items() if uid in uids]


def check_port(run: vm.Run, port: int) -> list[str]:
    """Compare the table of a port with its witnesses; returns what differs."""
    problems = []
    registers = queue_registers(run, port)
    snapshot = run.step("!tph-snapshot -").snapshot()
    table = run.step(f"show port {port} tph").table()

    problems += [
        f"port {port}: {direction} queue {number} has the tag of another CPU: {queue}"
        for (direction, number), queue in table.items() if queue.tag != vm.tag(queue.cpu)
    ]
    print(f"\nPort {port}, {vm.bdf(port)}: what QEMU saw written to the NIC")
    for (direction, number), queue in sorted(table.items()):
        register = igb.name(direction, number)
        value = registers.get(register)
        shown = "nothing" if value is None else f"{value:#010x}"
        print(f"  {register:9} = {shown}: tag {0 if value is None else value >> 24:#04x}")
        if queue.tag is None or value != igb.value(direction, queue.tag, queue.objects):
            problems.append(f"port {port}: {register} is {shown}, the table says {queue}")
    if len(table) != 8:
        problems.append(f"port {port}: {len(table)} of 8 queues are bound")

    device = vm.bdf(port)
    control = snapshot[device, "control"]
    used = [name for (where, name), value in snapshot.items()
            if where == device and name.startswith("st[") and value != 0]
    print(f"Port {port}, {device}: what is in the TPH capability")
    print(f"  control {control:#x} (device-specific mode, requester enabled: {vm.CONTROL_DS:#x})")
    print(f"  ST table entries in use: {len(used)} (device-specific mode uses none)")
    if control != vm.CONTROL_DS:
        problems.append(f"port {port}: TPH control is {control:#x}, not {vm.CONTROL_DS:#x}")
    if used:
        problems.append(f"port {port}: ST table entries in use: {used}")

    statistics = run.step("stop").output.split(f"statistics for port {port}")
    if len(statistics) < 2 or int(statistics[1].split("RX-packets:")[1].split()[0]) == 0:
        problems.append(f"port {port}: no packet was forwarded")
    return problems


def main() -> int:
    """Run the session, show it, check it."""
    run = vm.run_testpmd(SESSION, *sys.argv[1:])
    for line in run.stderr.splitlines():
        print(f"  {line}", file=sys.stderr)
    if run.status != 0:
        print(run.stdout)
        print(f"testpmd in the VM ended with status {run.status}", file=sys.stderr)
        return 1

    for step in run.steps:
        if step.line.startswith(("port tph", "start tx", "stop", "show port")):
            print(f"testpmd> {step.line}\n{step.output}", end="")

    problems = check_uids(run) + check_port(run, 0) + check_port(run, 1)
    for problem in problems:
        print(problem, file=sys.stderr)
    print("\nThe witnesses disagree." if problems else
          "\nFirmware, table, NIC registers and ST table agree for all 16 queues.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
