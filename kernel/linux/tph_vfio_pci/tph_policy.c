// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may do what: the ds_mode parameter, and the CPUs a process may name.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <linux/capability.h>
#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/string.h>

#include "tph_vfio_pci.h"

enum tph_ds_mode {
	TPH_DS_RAWIO,
	TPH_DS_ALWAYS,
	TPH_DS_NEVER,
};

static const char * const tph_ds_modes[] = {
	[TPH_DS_RAWIO] = "rawio",
	[TPH_DS_ALWAYS] = "always",
	[TPH_DS_NEVER] = "never",
};

/* Not to be changed after load: mappings made under it stay, see tph_region.c. */
static enum tph_ds_mode tph_ds_mode = TPH_DS_RAWIO;

static int tph_ds_mode_set(const char *val, const struct kernel_param *kp)
{
	int mode = sysfs_match_string(tph_ds_modes, val);

	if (mode < 0)
		return mode;
	tph_ds_mode = mode;
	return 0;
}

static int tph_ds_mode_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%s\n", tph_ds_modes[tph_ds_mode]);
}

static const struct kernel_param_ops tph_ds_mode_ops = {
	.set = tph_ds_mode_set,
	.get = tph_ds_mode_get,
};

module_param_cb(ds_mode, &tph_ds_mode_ops, NULL, 0444);
MODULE_PARM_DESC(ds_mode, "Who may enable device-specific mode, which lets user space choose any steering tag: \"rawio\" (default: callers with CAP_SYS_RAWIO), \"always\" (everyone who has the device) or \"never\"");

/**
 * tph_policy_ds_allowed - may the calling thread enable device-specific mode?
 *
 * No audit record for a denial: asking what is supported is no offence.
 *
 * Return: whether so.
 */
bool tph_policy_ds_allowed(void)
{
	switch (tph_ds_mode) {
	case TPH_DS_ALWAYS:
		return true;
	case TPH_DS_NEVER:
		return false;
	default:
		return ns_capable_noaudit(&init_user_ns, CAP_SYS_RAWIO);
	}
}

/**
 * tph_policy_denied_cpus - the CPUs that the calling process may not run on
 * @cpus: CPUs asked for; those that a thread of the process may run on go
 *
 * All its threads, since the thread that sets things up is commonly not the
 * one that polls a queue, and pinned elsewhere. There may be many.
 */
void tph_policy_denied_cpus(struct cpumask *cpus)
{
	struct task_struct *thread;

	/* Not cpus_ptr: that is a single CPU while migration is disabled. */
	if (!cpumask_andnot(cpus, cpus, &current->cpus_mask))
		return;
	rcu_read_lock();
	for_each_thread(current, thread) {
		if (!cpumask_andnot(cpus, cpus, &thread->cpus_mask))
			break;
	}
	rcu_read_unlock();
}
