/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef ETHDEV_TPH_STATE_H
#define ETHDEV_TPH_STATE_H

/**
 * @file
 * What the queues of ports are bound to, and keeping it so over the life of a
 * port. The state is in shared memory, so that secondary processes read it.
 */

#include <stdint.h>

#include <rte_ethdev.h>
#include <rte_log.h>

#include "ethdev_tph_driver.h"

extern int eth_tph_logtype;

#define ETH_TPH_LOG(level, fmt, ...) \
	rte_log(RTE_LOG_ ## level, eth_tph_logtype, "ETHDEV TPH: " fmt "\n", ## __VA_ARGS__)

/** Number of directions. */
#define ETH_TPH_DIRS 2

/** Binding of a queue. */
struct eth_tph_binding {
	enum rte_eth_tph_status status;
	int32_t error;
	uint32_t lcore_id;
	uint32_t objects;
	enum rte_tph_mem mem;
	uint16_t st;
	uint8_t st_bits;
	/** CPUs of the lcore at the time of binding. */
	rte_cpuset_t cpuset;
};

/** TPH of a port. */
struct eth_tph_port {
	enum rte_tph_mode mode;
	/** Objects the driver supports, by direction. */
	uint32_t objects[ETH_TPH_DIRS];
	struct eth_tph_binding bindings[ETH_TPH_DIRS][RTE_MAX_QUEUES_PER_PORT];
};

/** Printable name of a direction. */
const char *eth_tph_dir_name(enum rte_eth_tph_dir dir);

/** Number of configured queues of a direction. */
uint16_t eth_tph_nb_queues(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir);

/** Whether a queue is in a state in which the hardware keeps a tag. */
bool eth_tph_queue_runs(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir,
		uint16_t queue_id);

/**
 * The state of a port, NULL if TPH is not enabled on it. It stays until TPH is
 * disabled, so this is for the control path of the primary process only.
 */
struct eth_tph_port *eth_tph_port_find(uint16_t port_id);

/**
 * Make the state of a port, with nothing bound.
 * Returns 0, or -ENOMEM if memory is short. Primary process only.
 */
int eth_tph_port_create(uint16_t port_id, const struct rte_eth_tph_info *info);

/** Forget the state of a port. Primary process only. */
void eth_tph_port_free(uint16_t port_id);

/** Change the binding of a queue; NULL to unbind it. Primary process only. */
void eth_tph_binding_set(struct eth_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id, const struct eth_tph_binding *binding);

/**
 * Read the binding of a queue, all 0 if it is not bound.
 * For any thread of any process, whatever becomes of TPH on the port meanwhile.
 */
void eth_tph_binding_get(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir,
		uint16_t queue_id, struct eth_tph_binding *binding);

/** What the driver has to know to bind a queue as recorded. */
void eth_tph_queue_fill(const struct eth_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id, struct eth_dev_tph_queue *queue);

/**
 * Unbind all queues of a port from *first* on, in hardware and in the record,
 * which forgets them even on failure. A queue that fails leaves the others alone.
 * Returns the error of the driver, which is also logged.
 */
int eth_tph_unbind_from(struct rte_eth_dev *dev, struct eth_tph_port *port,
		const uint16_t first[ETH_TPH_DIRS]);

/*
 * What rte_ethdev.c and ethdev_driver.c tell.
 */

/** The port got a new configuration: forget queues that are gone. */
void eth_dev_tph_configured(struct rte_eth_dev *dev);

/**
 * The port was started, or the driver may have restarted it: put the bindings
 * into the hardware. Does nothing to a stopped port.
 */
void eth_dev_tph_started(struct rte_eth_dev *dev);

/**
 * The port was stopped: the hardware may have lost the tags. Does nothing to a
 * port that could not be stopped.
 */
void eth_dev_tph_stopped(struct rte_eth_dev *dev);

/**
 * A queue was started, or was not if *ret* is not 0: put its binding into the
 * hardware. Returns *ret*.
 */
int eth_dev_tph_queue_started(struct rte_eth_dev *dev, enum rte_eth_tph_dir dir,
		uint16_t queue_id, int ret);

/** The port goes away: disable TPH and forget all. */
void eth_dev_tph_released(struct rte_eth_dev *dev);

#endif /* ETHDEV_TPH_STATE_H */
