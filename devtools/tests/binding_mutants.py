#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

"""Take what keeps the promises of a binding out, one by one, and see a test fail.

usage: binding_mutants.py [WORD...]    mutants whose line has one of the words (all)

Not for CI: most take a build of dpdk-test, some a run of the VM. Works on the tree
that is staged for the build, and leaves it as it was. nic/mutants.py and
kernel/module_mutants.py do the same to drivers of NICs and to the kernel module.
"""

import sys
from dataclasses import dataclass

from mutate import BUILD, TOP, Check, report, survives
from vm import staged

[DPDK_TEST] = [path.relative_to(BUILD) for path in (
    *BUILD.glob("subprojects/*/app/test/dpdk-test"), *BUILD.glob("subprojects/*/app/dpdk-test"),
) if not path.is_symlink()]
EXAMPLES = [path.relative_to(BUILD) for path in BUILD.glob("subprojects/*/examples/dpdk-*fwd")]
[TESTPMD] = [path.relative_to(BUILD) for path in BUILD.glob("subprojects/*/app/dpdk-testpmd")]


@dataclass(frozen=True)
class Mutant:
    """What is changed in which file, and who has to notice: a suite or a class of VM tests."""

    what: str
    file: str
    old: str
    new: str
    test: str


LIFE = "lib/ethdev/ethdev_tph_life.c"
STATE = "lib/ethdev/ethdev_tph_state.c"
TARGET = "lib/ethdev/ethdev_tph_target.c"
PUSH = "lib/ethdev/ethdev_tph_push.c"
BIND = "lib/ethdev/ethdev_tph_bind.c"
API = "lib/ethdev/rte_ethdev_tph.c"
TELEMETRY = "lib/ethdev/ethdev_tph_telemetry.c"
IGB = "drivers/net/e1000/igb_tph.c"
COMMON = "drivers/common/tph/tph_pci"
VFIO = "drivers/bus/pci/linux/pci_vfio_tph.c"
FOLLOW = "lib/ethdev/ethdev_tph_follow.c"
LOOK = "lib/ethdev/ethdev_tph_look.c"

# A function that is called no more would not compile: its result is dropped instead.
MUTANTS = [
    Mutant("hooks of ethdev run in a secondary process", LIFE,
           "	if (rte_eal_process_type() != RTE_PROC_PRIMARY)\n		return NULL;\n", "",
           "test_life.Ends"),
    Mutant("a secondary process sets", API,
           "	if (rte_eal_process_type() == RTE_PROC_PRIMARY)\n", "	if (true)\n",
           "test_process.Secondary"),

    Mutant("no tear-down before a driver closes", "lib/ethdev/rte_ethdev.c",
           "	eth_dev_tph_teardown(dev);\n", "", "test_life.Ends"),
    Mutant("no tear-down before a PCI driver removes", "lib/ethdev/ethdev_pci.h",
           "	eth_dev_tph_teardown(eth_dev);\n", "", "test_life.Ends"),
    Mutant("no tear-down before a port is destroyed", "lib/ethdev/ethdev_driver.c",
           "	eth_dev_tph_teardown(ethdev);\n", "", "tph_autotest"),
    Mutant("a port that is gone is remembered", "lib/ethdev/ethdev_driver.c",
           "	eth_dev_tph_released(eth_dev);\n", "", "tph_autotest"),

    Mutant("setters do not exclude each other", STATE,
           "	pthread_mutex_lock(&eth_tph_local[port_id].mutex);\n", "	(void)port_id;\n",
           "tph_autotest"),
    Mutant("setters do not exclude each other, real hardware", STATE,
           "	pthread_mutex_lock(&eth_tph_local[port_id].mutex);\n", "	(void)port_id;\n",
           "test_life.Ends"),
    Mutant("setters do not mind a transition", STATE,
           "	return eth_tph_local[port_id].transitions != 0;\n",
           "	return eth_tph_local[port_id].transitions == 1000;\n",
           "tph_autotest"),
    Mutant("readers do not try again", STATE,
           "	} while (rte_seqcount_read_retry(&port->sn, sn));\n",
           "	} while (rte_seqcount_read_retry(&port->sn, sn) && sn == UINT32_MAX);\n",
           "tph_autotest"),

    Mutant("igb takes the queue of a VF", IGB,
           "		hw_queue_id += RTE_ETH_DEV_SRIOV(dev).def_pool_q_idx;\n",
           "		hw_queue_id += 0;\n", "nic_igb"),
    Mutant("igb takes the queue of a VF, real hardware", IGB,
           "		hw_queue_id += RTE_ETH_DEV_SRIOV(dev).def_pool_q_idx;\n",
           "		hw_queue_id += 0;\n", "test_sriov"),

    Mutant("a queue that keeps its new tag counts as rolled back", COMMON + "_ds.c",
           "queues[i].lost = pmd->queue_set(", "queues[i].lost = 0 * pmd->queue_set(",
           "pci_tph_autotest"),
    Mutant("a queue that lost its tag stays applied", PUSH,
           "		if (queues[i].lost)\n", "		if (false)\n", "pci_tph_autotest"),
    Mutant("a queue that cannot be cleared is forgotten", PUSH,
           "		.error = error,\n		.follow = old->follow,\n",
           "		.error = 0 * error,\n		.follow = old->follow,\n", "tph_autotest"),
    Mutant("enabled with tags left in queues", API,
           "	ret = eth_tph_clean(dev, port);\n", "	ret = 0;\n", "tph_autotest"),
    Mutant("bindings stay applied after the kernel disabled TPH", PUSH,
           "	eth_tph_fail_from(port, all_queues, ALL_STATES, -EIO);\n", "", "pci_tph_autotest"),

    Mutant("a restore that fails leaves the old entry", PUSH,
           "	queue->objects = 0;\n	(void)eth_tph_apply(dev, port, queue, 1);\n", "",
           "pci_tph_autotest"),
    Mutant("a queue is hinted along with the one that is bound", COMMON + "_iv.c",
           "			ret = tph_pci_iv_bound_check(", "			ret = 0 & tph_pci_iv_bound_check(",
           "pci_tph_autotest"),
    Mutant("one of the queues of a vector is unbound", COMMON + "_iv.c",
           "			ret = tph_pci_iv_unbound_check(", "			ret = 0 & tph_pci_iv_unbound_check(",
           "pci_tph_autotest"),
    Mutant("vector 0 is that of a queue", COMMON + "_iv.c",
           "	if (vector == RTE_INTR_VEC_ZERO_OFFSET &&", "	if (vector == -2 &&",
           "pci_tph_autotest"),

    Mutant("the same binding writes nothing", BIND,
           "		if (!eth_tph_can_push(batch->dev, batch->port, queue.dir, queue.queue_id))\n",
           "		if (queue.objects == queue.old_objects ||\n"
           "		    !eth_tph_can_push(batch->dev, batch->port, queue.dir, queue.queue_id))\n",
           "tph_autotest"),

    Mutant("the caller's lcore is where EAL put it", TARGET,
           "	if (lcore_id != rte_lcore_id() ||", "	if (lcore_id != UINT32_MAX ||",
           "test_lcore.Lcores"),
    Mutant("no word of an offline CPU", TARGET,
           "	if (CPU_ISSET(cpus->first, offline) &&", "	if (false &&", "test_lcore.Lcores"),

    Mutant("entries of all queues need not fit one call", COMMON + "_iv.c",
           "static_assert(2 * RTE_MAX_QUEUES_PER_PORT", "static_assert(3 * RTE_MAX_QUEUES_PER_PORT",
           "compiler"),

    Mutant("a reader's question is an error of the application", API,
           "		ETH_TPH_LOG(DEBUG, \"port %u: no %s queue",
           "		ETH_TPH_LOG(ERR, \"port %u: no %s queue",
           "tph_autotest"),
    Mutant("telemetry asks the device", TELEMETRY,
           "	eth_tph_read(port_id, RTE_ETH_TPH_RX, 0, &info, NULL);\n",
           "	memset(&info, 0, sizeof(info));\n	(void)rte_eth_dev_tph_info_get(port_id, &info);\n",
           "tph_autotest"),

    Mutant("no word of why a queue is not bound", COMMON + "_private.h",
           "(queue)->quiet ? RTE_LOG_DEBUG : RTE_LOG_ERR", "RTE_LOG_DEBUG", "test_refused.NoTag"),
    Mutant("no word of why TPH cannot be enabled", COMMON + ".c",
           "	TPH_PCI_LOG(ERR, \"port %u: cannot enable",
           "	TPH_PCI_LOG(DEBUG, \"port %u: cannot enable",
           "test_refused.NoIoctl"),
    Mutant("the kernel's reasons are not asked for", VFIO,
           "		.why = arg.cap.why & PCI_VFIO_TPH_WHYS,\n", "		.why = 0,\n",
           "pci_tph_autotest"),

    Mutant("a queue that is left alone is told of again", LOOK,
           "	if (!queue->told)\n", "	if (true)\n", "tph_autotest"),
    Mutant("a queue that is left alone is told of again after a restart", FOLLOW,
           "{ .told = queue->told }", "{ .told = false }", "tph_autotest"),
    Mutant("queues are learnt and not bound", LOOK,
           "	if (round.nb_confs != 0)\n", "	if (false)\n", "apps"),
]


def check_of(test: str) -> Check:
    """What builds and runs a test."""
    if test == "nic_igb":
        return Check(("devtools/tests/nic/igb_test",), [BUILD / "devtools/tests/nic/igb_test"])
    if test.endswith("_autotest"):
        return Check((str(DPDK_TEST),), [
            "env", f"DPDK_TEST={test}", f"XDG_RUNTIME_DIR={BUILD}", BUILD / DPDK_TEST, "--no-huge",
            "-m", "512", "--no-pci", "--file-prefix=mutant",
        ])
    if test == "apps":
        return Check((str(TESTPMD), *map(str, EXAMPLES)), [sys.executable, TOP / "devtools/tests", test])
    return Check((str(TESTPMD), "tph_life_app", "tph_lcore_app"),
                 [sys.executable, TOP / "devtools/tests", test])


def fate(mutant: Mutant) -> str:
    """Why it was not noticed, '' if it was."""
    path = staged() / mutant.file
    text = path.read_text()
    if text.count(mutant.old) != 1:
        return f"the file has it {text.count(mutant.old)} times"
    changed = text.replace(mutant.old, mutant.new)
    if mutant.test != "compiler":
        return survives(path, changed, check_of(mutant.test))
    compiled = survives(path, changed, Check((str(DPDK_TEST),), ["false"]))
    return "" if compiled else "it compiles"


def main() -> int:
    """Run the mutants, and before them their tests without any."""
    chosen = [mutant for mutant in MUTANTS if len(sys.argv) == 1
              or any(word in f"{mutant.what} {mutant.test}" for word in sys.argv[1:])]
    failed = 0
    for test in sorted({mutant.test for mutant in chosen} - {"compiler"}):
        check = check_of(test)
        failed += not report(f"nothing is taken out: {test} passes",
                             "" if check.build() and check.passes() else "it fails")
    if failed:
        return 1
    for mutant in chosen:
        failed += not report(f"{mutant.what}: {mutant.test}", fate(mutant))
    Check((), []).build()
    print(f"{len(chosen)} mutants, {failed} not noticed")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
