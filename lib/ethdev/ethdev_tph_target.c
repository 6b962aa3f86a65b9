/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef RTE_EXEC_ENV_LINUX
#include <unistd.h>
#endif

#include <rte_eal.h>
#include <rte_lcore.h>
#include <rte_thread.h>

#include "ethdev_tph_target.h"

/* A number that tells sets of CPUs apart, instead of 128 bytes per queue. */
static uint32_t
eth_tph_digest(const rte_cpuset_t *set)
{
	uint32_t cpu, digest = UINT32_C(2166136261);
	int left = CPU_COUNT(set);

	/* Commonly a few of the first of many CPUs. */
	for (cpu = 0; left > 0; cpu++) {
		if (!CPU_ISSET(cpu, set))
			continue;
		digest = (digest ^ cpu) * UINT32_C(16777619) ^ digest >> 15;
		left--;
	}
	return digest;
}

static uint32_t
eth_tph_first_cpu(const rte_cpuset_t *set)
{
	uint32_t cpu = 0;

	while (cpu < CPU_SETSIZE - 1 && !CPU_ISSET(cpu, set))
		cpu++;
	return cpu;
}

void
eth_tph_cpus_parse(const char *list, rte_cpuset_t *set)
{
	unsigned long first, last;
	char *end;

	CPU_ZERO(set);
	for (;;) {
		first = strtoul(list, &end, 10);
		if (end == list)
			return;
		last = *end == '-' ? strtoul(end + 1, &end, 10) : first;
		for (; first <= last && first < CPU_SETSIZE; first++)
			CPU_SET(first, set);
		if (*end != ',')
			return;
		list = end + 1;
	}
}

/*
 * The CPUs of an lcore: those of its thread where it is the caller, as someone
 * else may have moved it, for instance by a cgroup; else those that EAL set.
 */
static void
eth_tph_lcore_cpus(uint32_t lcore_id, rte_cpuset_t *thread, rte_cpuset_t *eal)
{
	*eal = rte_lcore_cpuset(lcore_id);
	if (lcore_id != rte_lcore_id() ||
	    rte_thread_get_affinity_by_id(rte_thread_self(), thread) != 0)
		*thread = *eal;
}

#ifdef RTE_EXEC_ENV_LINUX
/* Whether the kernel has a CPU, and uses it. */
static bool
eth_tph_cpu_exists(uint32_t cpu)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u", cpu);
	return access(path, F_OK) == 0;
}

void
eth_tph_offline_get(rte_cpuset_t *offline)
{
	char list[1024];
	FILE *file;

	/* One file for all: a file of each CPU would cost most of a batch's time. */
	CPU_ZERO(offline);
	file = fopen("/sys/devices/system/cpu/offline", "r");
	if (file == NULL)
		return;
	if (fgets(list, sizeof(list), file) != NULL)
		eth_tph_cpus_parse(list, offline);
	fclose(file);
}

#else
static bool
eth_tph_cpu_exists(uint32_t cpu __rte_unused)
{
	return true;
}

void
eth_tph_offline_get(rte_cpuset_t *offline)
{
	CPU_ZERO(offline);
}
#endif

static int
eth_tph_lcore_find(uint16_t port_id, uint32_t lcore_id, struct eth_tph_cpus *cpus)
{
	rte_cpuset_t eal;

	if (lcore_id == LCORE_ID_ANY) {
		lcore_id = rte_lcore_id();
		if (lcore_id == LCORE_ID_ANY) {
			ETH_TPH_LOG(ERR, "port %u: the calling thread is no lcore: register it by rte_thread_register(), or name a CPU",
				port_id);
			return -ENOENT;
		}
	}
	if (rte_eal_lcore_role(lcore_id) == ROLE_OFF) {
		ETH_TPH_LOG(ERR, "port %u: no lcore %u", port_id, lcore_id);
		return -ENOENT;
	}

	cpus->lcore_id = lcore_id;
	eth_tph_lcore_cpus(lcore_id, &cpus->set, &eal);
	if (CPU_COUNT(&cpus->set) == 0) {
		ETH_TPH_LOG(ERR, "port %u: lcore %u has no CPU", port_id, lcore_id);
		return -ENOENT;
	}
	cpus->thread_cpus = eth_tph_digest(&cpus->set);
	cpus->eal_cpus = eth_tph_digest(&eal);
	return 0;
}

bool
eth_tph_target_is_same(const struct rte_eth_tph_queue_conf *one,
		const struct rte_eth_tph_queue_conf *other)
{
	return one->target == other->target && one->lcore_id == other->lcore_id &&
		one->cpu_id == other->cpu_id;
}

int
eth_tph_target_find(uint16_t port_id, const struct rte_eth_tph_queue_conf *conf,
		rte_cpuset_t *offline, struct eth_tph_cpus *cpus)
{
	int ret;

	memset(cpus, 0, sizeof(*cpus));
	if (conf->target == RTE_ETH_TPH_TARGET_LCORE) {
		ret = eth_tph_lcore_find(port_id, conf->lcore_id, cpus);
		if (ret != 0)
			return ret;
		cpus->first = eth_tph_first_cpu(&cpus->set);
	} else {
		cpus->lcore_id = LCORE_ID_ANY;
		cpus->first = conf->cpu_id;
		if (conf->cpu_id >= CPU_SETSIZE || !eth_tph_cpu_exists(conf->cpu_id)) {
			ETH_TPH_LOG(ERR, "port %u: no CPU %u", port_id, conf->cpu_id);
			return -ENOENT;
		}
		CPU_SET(conf->cpu_id, &cpus->set);
	}

	/* The list has CPUs as well that could be added to the system. */
	if (CPU_ISSET(cpus->first, offline) && eth_tph_cpu_exists(cpus->first))
		ETH_TPH_LOG(WARNING, "port %u: CPU %u is offline, nobody polls there: bind again when the lcore runs elsewhere",
			port_id, cpus->first);
	/* It is said once. */
	CPU_CLR(cpus->first, offline);
	return 0;
}

bool
eth_tph_target_is_stale(const struct eth_tph_binding *binding)
{
	rte_cpuset_t thread, eal;

	/* The lcores of the primary are not those of a secondary. */
	if (rte_eal_process_type() != RTE_PROC_PRIMARY ||
	    binding->target != RTE_ETH_TPH_TARGET_LCORE)
		return false;
	if (rte_eal_lcore_role(binding->lcore_id) == ROLE_OFF)
		return true;
	eth_tph_lcore_cpus(binding->lcore_id, &thread, &eal);
	if (binding->lcore_id == rte_lcore_id())
		return eth_tph_digest(&thread) != binding->thread_cpus;
	return eth_tph_digest(&eal) != binding->eal_cpus;
}
