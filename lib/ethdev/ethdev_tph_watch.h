/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef ETHDEV_TPH_WATCH_H
#define ETHDEV_TPH_WATCH_H

/**
 * @file
 * Which thread polls a queue: callbacks in the data path, and their memory. The
 * port is locked by whoever calls these functions.
 */

#include <stdbool.h>
#include <stdint.h>

#include "ethdev_tph_driver.h"

struct eth_tph_watch;

/** Who polled a queue since somebody looked. */
struct eth_tph_sight {
	/** The thread, by its Linux number; 0 if nobody did. */
	uint32_t thread;
	/** The CPU that it was on. */
	uint32_t cpu;
	/** Another thread did as well. */
	bool shared;
};

/**
 * Watch a queue that is configured. Returns 0 or a negative errno: -ENOTSUP if
 * DPDK is built without callbacks, -EINVAL if no thread can poll the queue.
 */
int eth_tph_watch_begin(uint16_t port_id, enum rte_eth_tph_dir dir, uint16_t queue_id,
		struct eth_tph_watch **watch);

/** Watch a queue no more; memory that a thread may still use is kept. */
void eth_tph_watch_end(uint16_t port_id, enum rte_eth_tph_dir dir, uint16_t queue_id,
		struct eth_tph_watch *watch);

/** Tell who was seen, and begin anew. False if it was nobody. */
bool eth_tph_watch_look(struct eth_tph_watch *watch, struct eth_tph_sight *sight);

/** Free what was kept: no thread polls the port. */
void eth_tph_watch_reclaim(uint16_t port_id);

#endif /* ETHDEV_TPH_WATCH_H */
