/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef ETHDEV_TPH_TARGET_H
#define ETHDEV_TPH_TARGET_H

/**
 * @file
 * What a queue is bound to: an lcore or a CPU, and the CPUs that stand for it.
 */

#include "ethdev_tph_state.h"

/** CPUs that a binding stands for. */
struct eth_tph_cpus {
	/** The lcore, LCORE_ID_ANY if it is a CPU that was named. */
	uint32_t lcore_id;
	/** The first of them. */
	uint32_t first;
	rte_cpuset_t set;
	/** Digests of the lcore's CPUs, see struct eth_tph_binding. */
	uint32_t thread_cpus;
	uint32_t eal_cpus;
};

/** Parse a list of CPUs such as 0-3,8. */
void eth_tph_cpus_parse(const char *list, rte_cpuset_t *set);

/** CPUs that the system does not use; none if it does not say. */
void eth_tph_offline_get(rte_cpuset_t *offline);

/** Whether two bindings are to the same lcore or CPU. */
bool eth_tph_target_is_same(const struct rte_eth_tph_queue_conf *one,
		const struct rte_eth_tph_queue_conf *other);

/**
 * Find the CPUs of a binding. Returns 0, or -ENOENT if there is no such lcore
 * or CPU, or the lcore has no CPU. Warns of a CPU that is among those *offline*,
 * from which it is taken.
 */
int eth_tph_target_find(uint16_t port_id, const struct rte_eth_tph_queue_conf *conf,
		rte_cpuset_t *offline, struct eth_tph_cpus *cpus);

/** Whether the lcore of a binding may run elsewhere by now, as far as is known here. */
bool eth_tph_target_is_stale(const struct eth_tph_binding *binding);

#endif /* ETHDEV_TPH_TARGET_H */
