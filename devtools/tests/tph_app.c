/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <stdlib.h>

#include <rte_eal.h>
#include <rte_errno.h>

#include "tph_app.h"

#define NB_DESC 64

struct rte_mempool *app_pool;

int
app_init(int argc, char **argv)
{
	int ret = rte_eal_init(argc, argv);

	if (ret < 0)
		rte_exit(EXIT_FAILURE, "EAL: %s\n", rte_strerror(rte_errno));
	app_pool_make();
	return ret;
}

void
app_pool_make(void)
{
	app_pool = rte_pktmbuf_pool_create("mbufs", 2047, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE,
			SOCKET_ID_ANY);
	if (app_pool == NULL)
		rte_exit(EXIT_FAILURE, "mbufs: %s\n", rte_strerror(rte_errno));
}

void
app_check(const char *what, int ret)
{
	if (ret != 0)
		rte_exit(EXIT_FAILURE, "%s: %s\n", what, rte_strerror(-ret));
}

void
app_port_configure(uint16_t port_id, uint16_t nb_queues, const struct rte_eth_conf *conf)
{
	uint16_t nb_rxd = NB_DESC, nb_txd = NB_DESC, q;

	app_check("configure", rte_eth_dev_configure(port_id, nb_queues, nb_queues, conf));
	app_check("descriptors", rte_eth_dev_adjust_nb_rx_tx_desc(port_id, &nb_rxd, &nb_txd));
	for (q = 0; q < nb_queues; q++) {
		app_check("Rx queue", rte_eth_rx_queue_setup(port_id, q, nb_rxd, SOCKET_ID_ANY,
				NULL, app_pool));
		app_check("Tx queue", rte_eth_tx_queue_setup(port_id, q, nb_txd, SOCKET_ID_ANY,
				NULL));
	}
}

struct rte_eth_tph_queue_conf
app_rx_binding(uint16_t queue_id, uint32_t lcore_id)
{
	return (struct rte_eth_tph_queue_conf) {
		.dir = RTE_ETH_TPH_RX,
		.queue_id = queue_id,
		.lcore_id = lcore_id,
		.objects = RTE_TPH_OBJECT_ALL,
	};
}

const char *
app_rx_state(uint16_t port_id, uint16_t queue_id, struct rte_eth_tph_queue_state *state)
{
	static const char * const names[] = {
		"unbound", "pending", "applied", "failed", "unbinding",
	};

	app_check("get", rte_eth_dev_tph_queue_get(port_id, RTE_ETH_TPH_RX, queue_id, state));
	return names[state->status];
}
