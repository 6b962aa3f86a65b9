/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef ETHDEV_TPH_LIFE_H
#define ETHDEV_TPH_LIFE_H

/**
 * @file
 * Keeping what is bound over the life of a port: what rte_ethdev.c and
 * ethdev_driver.c tell. In a secondary process all of this does nothing.
 */

#include "ethdev_driver.h"
#include "ethdev_tph_driver.h"
#include "ethdev_tph_state.h"

/**
 * Call a driver, which may take its time and ask for hints. Until it is done,
 * setters of other threads are told to try again later.
 */
#define ETH_TPH_CALL(dev, call) \
	eth_dev_tph_transition_end(dev, (eth_dev_tph_transition_begin(dev), (call)))

void eth_dev_tph_transition_begin(const struct rte_eth_dev *dev);

/** Returns *ret*. */
int eth_dev_tph_transition_end(const struct rte_eth_dev *dev, int ret);

/** The port got a new configuration: forget queues that are gone. */
void eth_dev_tph_configured(struct rte_eth_dev *dev);

/** The port was started: see that the hardware has what is bound. */
void eth_dev_tph_started(struct rte_eth_dev *dev);

/**
 * The driver may have restarted the port to change the MTU, for which it
 * returned *ret*. Returns *ret*.
 */
int eth_dev_tph_mtu_set(struct rte_eth_dev *dev, int ret);

/** The port was to be stopped: if it was, the hardware may have lost the tags. */
void eth_dev_tph_stopped(struct rte_eth_dev *dev);

/**
 * A queue was started, or was not if *ret* is not 0: see that the hardware has
 * what it is bound to. Returns *ret*.
 */
int eth_dev_tph_queue_started(struct rte_eth_dev *dev, enum rte_eth_tph_dir dir,
		uint16_t queue_id, int ret);

/** Start a queue of the driver, and see that it has what it is bound to. */
static inline int
eth_dev_tph_rx_queue_start(struct rte_eth_dev *dev, uint16_t queue_id)
{
	int ret = ETH_TPH_CALL(dev, dev->dev_ops->rx_queue_start(dev, queue_id));

	return eth_dev_tph_queue_started(dev, RTE_ETH_TPH_RX, queue_id, ret);
}

static inline int
eth_dev_tph_tx_queue_start(struct rte_eth_dev *dev, uint16_t queue_id)
{
	int ret = ETH_TPH_CALL(dev, dev->dev_ops->tx_queue_start(dev, queue_id));

	return eth_dev_tph_queue_started(dev, RTE_ETH_TPH_TX, queue_id, ret);
}

/** Let the driver set a queue up: on a started port it may ask for the hints. */
static inline int
eth_dev_tph_rx_queue_setup(struct rte_eth_dev *dev, uint16_t queue_id, uint16_t nb_desc,
		unsigned int socket_id, const struct rte_eth_rxconf *conf, struct rte_mempool *pool)
{
	return ETH_TPH_CALL(dev, dev->dev_ops->rx_queue_setup(dev, queue_id, nb_desc, socket_id,
			conf, pool));
}

static inline int
eth_dev_tph_tx_queue_setup(struct rte_eth_dev *dev, uint16_t queue_id, uint16_t nb_desc,
		unsigned int socket_id, const struct rte_eth_txconf *conf)
{
	return ETH_TPH_CALL(dev, dev->dev_ops->tx_queue_setup(dev, queue_id, nb_desc, socket_id,
			conf));
}

/**
 * The port is gone and nobody uses it: forget all, without asking anything of the
 * driver. Called with the lock of all ports.
 */
void eth_dev_tph_released(struct rte_eth_dev *dev);

#endif /* ETHDEV_TPH_LIFE_H */
