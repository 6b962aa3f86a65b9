/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef ETHDEV_TPH_TRACE_H
#define ETHDEV_TPH_TRACE_H

/**
 * @file
 * Trace points of the TPH functions: every call, with what it returned.
 */

#include <rte_trace_point.h>

#include "rte_ethdev.h"

RTE_TRACE_POINT(
	rte_eth_trace_tph_info_get,
	RTE_TRACE_POINT_ARGS(uint16_t port_id, int ret),
	rte_trace_point_emit_u16(port_id);
	rte_trace_point_emit_int(ret);
)

RTE_TRACE_POINT(
	rte_eth_trace_tph_enable,
	RTE_TRACE_POINT_ARGS(uint16_t port_id, uint32_t mode, int ret),
	rte_trace_point_emit_u16(port_id);
	rte_trace_point_emit_u32(mode);
	rte_trace_point_emit_int(ret);
)

RTE_TRACE_POINT(
	rte_eth_trace_tph_disable,
	RTE_TRACE_POINT_ARGS(uint16_t port_id, int ret),
	rte_trace_point_emit_u16(port_id);
	rte_trace_point_emit_int(ret);
)

RTE_TRACE_POINT(
	rte_eth_trace_tph_queue_bind,
	RTE_TRACE_POINT_ARGS(uint16_t port_id, const struct rte_eth_tph_queue_conf *confs,
		uint16_t nb_confs, int ret),
	rte_trace_point_emit_u16(port_id);
	rte_trace_point_emit_ptr(confs);
	rte_trace_point_emit_u16(nb_confs);
	rte_trace_point_emit_int(ret);
)

RTE_TRACE_POINT(
	rte_eth_trace_tph_queue_unbind,
	RTE_TRACE_POINT_ARGS(uint16_t port_id, uint32_t dir, uint16_t queue_id, int ret),
	rte_trace_point_emit_u16(port_id);
	rte_trace_point_emit_u32(dir);
	rte_trace_point_emit_u16(queue_id);
	rte_trace_point_emit_int(ret);
)

RTE_TRACE_POINT(
	rte_eth_trace_tph_queue_get,
	RTE_TRACE_POINT_ARGS(uint16_t port_id, uint32_t dir, uint16_t queue_id, int ret),
	rte_trace_point_emit_u16(port_id);
	rte_trace_point_emit_u32(dir);
	rte_trace_point_emit_u16(queue_id);
	rte_trace_point_emit_int(ret);
)

RTE_TRACE_POINT(
	rte_eth_trace_tph_follow,
	RTE_TRACE_POINT_ARGS(uint16_t port_id, uint32_t mode, int ret),
	rte_trace_point_emit_u16(port_id);
	rte_trace_point_emit_u32(mode);
	rte_trace_point_emit_int(ret);
)

RTE_TRACE_POINT(
	rte_eth_trace_tph_unfollow,
	RTE_TRACE_POINT_ARGS(uint16_t port_id, int ret),
	rte_trace_point_emit_u16(port_id);
	rte_trace_point_emit_int(ret);
)

#endif /* ETHDEV_TPH_TRACE_H */
