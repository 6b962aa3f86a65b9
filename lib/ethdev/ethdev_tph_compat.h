/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef ETHDEV_TPH_COMPAT_H
#define ETHDEV_TPH_COMPAT_H

/**
 * @file
 * What differs between the versions of DPDK that the TPH sources serve.
 */

#include <stddef.h>

#include <rte_eal_memconfig.h>
#include <rte_spinlock.h>
#include <rte_telemetry.h>
#include <rte_version.h>

#include "ethdev_private.h"

/**
 * The lock under which ports are made and released, NULL if there was never
 * any port.
 */
static inline rte_spinlock_t *
eth_tph_ports_lock(void)
{
#if RTE_VER_YEAR >= 24
	return rte_mcfg_ethdev_get_lock();
#else
	return eth_dev_shared_data == NULL ? NULL : &eth_dev_shared_data->ownership_lock;
#endif
}

static inline int
eth_tph_tel_add_u64(struct rte_tel_data *d, const char *name, uint64_t value)
{
#if RTE_VER_YEAR >= 24
	return rte_tel_data_add_dict_uint(d, name, value);
#else
	return rte_tel_data_add_dict_u64(d, name, value);
#endif
}

#endif /* ETHDEV_TPH_COMPAT_H */
