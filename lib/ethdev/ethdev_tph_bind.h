/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef ETHDEV_TPH_BIND_H
#define ETHDEV_TPH_BIND_H

/**
 * @file
 * Binding and unbinding queues in batches. The port is locked, TPH is enabled,
 * and what can be checked without knowing the port has been.
 */

#include "ethdev_tph_state.h"

/** Whether a mask is one of objects that there are, 0 included. */
bool eth_tph_objects_known(uint32_t objects);

/** 0 if the fields of a binding are in their range, else -EINVAL. */
int eth_tph_conf_check(uint16_t port_id, const struct rte_eth_tph_queue_conf *conf);

/**
 * See rte_eth_dev_tph_queue_bind(). *follow*: that is where the queues are polled,
 * the application did not say so.
 */
int eth_tph_bind(struct rte_eth_dev *dev, struct eth_tph_port *port,
		const struct rte_eth_tph_queue_conf *confs, uint16_t nb_confs, bool follow);

/** See rte_eth_dev_tph_queue_unbind(). */
int eth_tph_unbind(struct rte_eth_dev *dev, struct eth_tph_port *port,
		enum rte_eth_tph_dir dir, uint16_t queue_id);

/** 0 if a queue, or all queues, are configured in these directions, else -ERANGE. */
int eth_tph_queue_check(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir,
		uint16_t queue_id);

#endif /* ETHDEV_TPH_BIND_H */
