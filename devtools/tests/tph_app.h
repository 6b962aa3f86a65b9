/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_APP_H
#define TPH_APP_H

/**
 * @file
 * What the applications of the VM tests share. Whatever goes wrong ends them
 * with a message.
 */

#include <stdint.h>

#include <rte_ethdev.h>
#include <rte_mbuf.h>

/** The mbufs of all queues, made by app_init(). */
extern struct rte_mempool *app_pool;

/** Start EAL; returns the number of arguments that were for it. */
int app_init(int argc, char **argv);

/** Make the mbufs, if app_init() was not called. */
void app_pool_make(void);

/** End the application if *ret*, of what *what* says, is not 0. */
void app_check(const char *what, int ret);

/** Configure a port with as many Rx as Tx queues, and set these up. */
void app_port_configure(uint16_t port_id, uint16_t nb_queues, const struct rte_eth_conf *conf);

/** Binding of an Rx queue with all objects. */
struct rte_eth_tph_queue_conf app_rx_binding(uint16_t queue_id, uint32_t lcore_id);

/** The state of an Rx queue, and a word for its status. */
const char *app_rx_state(uint16_t port_id, uint16_t queue_id,
		struct rte_eth_tph_queue_state *state);

#endif /* TPH_APP_H */
