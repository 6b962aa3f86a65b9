/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* Before any header that takes in rte_trace_point.h. */
#include <rte_trace_point_register.h>

#include "ethdev_tph_trace.h"

RTE_TRACE_POINT_REGISTER(rte_eth_trace_tph_info_get,
	lib.ethdev.tph_info_get)

RTE_TRACE_POINT_REGISTER(rte_eth_trace_tph_enable,
	lib.ethdev.tph_enable)

RTE_TRACE_POINT_REGISTER(rte_eth_trace_tph_disable,
	lib.ethdev.tph_disable)

RTE_TRACE_POINT_REGISTER(rte_eth_trace_tph_queue_bind,
	lib.ethdev.tph_queue_bind)

RTE_TRACE_POINT_REGISTER(rte_eth_trace_tph_queue_unbind,
	lib.ethdev.tph_queue_unbind)

RTE_TRACE_POINT_REGISTER(rte_eth_trace_tph_queue_get,
	lib.ethdev.tph_queue_get)

RTE_TRACE_POINT_REGISTER(rte_eth_trace_tph_follow,
	lib.ethdev.tph_follow)

RTE_TRACE_POINT_REGISTER(rte_eth_trace_tph_unfollow,
	lib.ethdev.tph_unfollow)
