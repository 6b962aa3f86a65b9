/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <eal_private.h>

#include "fake_lcore.h"

/* Not exported by shared libraries. */
#pragma weak lcore_config
#pragma weak rte_eal_get_configuration

/* The lcores that tests changed, as they were. */
static struct {
	bool changed;
	enum rte_lcore_role_t role;
	rte_cpuset_t cpuset;
} old_lcores[RTE_MAX_LCORE];

bool
test_tph_lcores_available(void)
{
	return rte_eal_get_configuration != NULL && lcore_config != NULL;
}

static void
lcore_change(unsigned int lcore_id, enum rte_lcore_role_t role, const rte_cpuset_t *cpuset)
{
	struct rte_config *config = rte_eal_get_configuration();

	if (!old_lcores[lcore_id].changed) {
		old_lcores[lcore_id].changed = true;
		old_lcores[lcore_id].role = config->lcore_role[lcore_id];
		old_lcores[lcore_id].cpuset = lcore_config[lcore_id].cpuset;
	}
	config->lcore_role[lcore_id] = role;
	lcore_config[lcore_id].cpuset = *cpuset;
}

void
test_tph_lcore_set(unsigned int lcore_id, const unsigned int *cpus, unsigned int nb)
{
	rte_cpuset_t cpuset;
	unsigned int i;

	CPU_ZERO(&cpuset);
	for (i = 0; i < nb; i++)
		CPU_SET(cpus[i], &cpuset);
	lcore_change(lcore_id, ROLE_RTE, &cpuset);
}

void
test_tph_lcores_set(unsigned int first, unsigned int cpu, unsigned int nb)
{
	for (; nb != 0; nb--)
		test_tph_lcore_set(first++, &(unsigned int){ cpu++ }, 1);
}

void
test_tph_lcore_clear(unsigned int lcore_id)
{
	test_tph_lcore_role_set(lcore_id, ROLE_OFF);
}

void
test_tph_lcore_role_set(unsigned int lcore_id, enum rte_lcore_role_t role)
{
	rte_cpuset_t cpuset = lcore_config[lcore_id].cpuset;

	lcore_change(lcore_id, role, &cpuset);
}

void
test_tph_lcores_restore(void)
{
	unsigned int i;

	for (i = 0; i < RTE_MAX_LCORE; i++) {
		if (!old_lcores[i].changed)
			continue;
		lcore_change(i, old_lcores[i].role, &old_lcores[i].cpuset);
		old_lcores[i].changed = false;
	}
}

enum rte_proc_type_t
test_tph_process_type_set(enum rte_proc_type_t type)
{
	enum rte_proc_type_t before = rte_eal_process_type();

	rte_eal_get_configuration()->process_type = type;
	return before;
}
