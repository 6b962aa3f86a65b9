/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef ETHDEV_TPH_PUSH_H
#define ETHDEV_TPH_PUSH_H

/**
 * @file
 * Giving hardware what is bound, and clearing it. The port is locked, nobody
 * else changes anything of it.
 */

#include "ethdev_tph_state.h"

/** Whether queues take a hint only when they, or the port, are started. */
static inline bool
eth_tph_is_pulled(const struct eth_tph_port *port)
{
	return port->info.when != RTE_ETH_TPH_LIVE;
}

/** Whether the hardware can be given now what a queue is bound to. */
bool eth_tph_can_push(const struct rte_eth_dev *dev, const struct eth_tph_port *port,
		enum rte_eth_tph_dir dir, uint16_t queue_id);

/** What the driver has to know to bind a queue as recorded. */
void eth_tph_queue_fill(const struct eth_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id, struct eth_dev_tph_queue *queue);

/**
 * Give queues to the driver, for all that are running or to be unbound.
 * Returns its error; then a queue that could not be put back is recorded, and
 * whether the kernel has disabled TPH.
 */
int eth_tph_apply(struct rte_eth_dev *dev, struct eth_tph_port *port,
		struct eth_dev_tph_queue *queues, uint16_t nb_queues);

/**
 * Unbind all queues of a port from *first* on. The record forgets them, unless
 * the hardware cannot be cleared: a queue that fails says so and leaves the
 * others alone.
 */
void eth_tph_unbind_from(struct rte_eth_dev *dev, struct eth_tph_port *port,
		const uint16_t first[ETH_TPH_DIRS]);

/**
 * Unbind the queues that are bound and of which following stands at one of
 * *states*, a mask of bits by enum rte_eth_tph_follow_state. As above.
 */
void eth_tph_unbind_followed(struct rte_eth_dev *dev, struct eth_tph_port *port,
		uint32_t states);

/** Clear what could not be cleared earlier. Returns 0 or the error of the driver. */
int eth_tph_clean(struct rte_eth_dev *dev, struct eth_tph_port *port);

/** Unbind all queues and disable TPH. Returns 0 or the error of the driver. */
int eth_tph_shut_down(struct rte_eth_dev *dev, struct eth_tph_port *port);

/** Give all queues that run what they are bound to, after the port was started. */
void eth_tph_push_all(struct rte_eth_dev *dev, struct eth_tph_port *port);

/** The same for one queue, after it was started. */
void eth_tph_push_queue(struct rte_eth_dev *dev, struct eth_tph_port *port,
		enum rte_eth_tph_dir dir, uint16_t queue_id);

#endif /* ETHDEV_TPH_PUSH_H */
