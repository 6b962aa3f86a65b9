/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * An application that waits for packets by interrupts, so that its Rx queues
 * have vectors: interrupt-vector mode over the life of a port. After each step
 * it prints a title, the state of the queues and what tph-snapshot finds in
 * the hardware. For test_iv.py, in the test VM.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>

#define PORT 0
#define NB_QUEUES 4
#define NB_DESC 64

static struct rte_mempool *pool;

static void
check(const char *what, int ret)
{
	if (ret != 0)
		rte_exit(EXIT_FAILURE, "%s: %s\n", what, rte_strerror(-ret));
}

static void
port_configure(uint16_t nb_queues)
{
	struct rte_eth_conf conf;
	uint16_t q;

	memset(&conf, 0, sizeof(conf));
	conf.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
	conf.intr_conf.rxq = 1;
	check("configure", rte_eth_dev_configure(PORT, nb_queues, nb_queues, &conf));
	for (q = 0; q < nb_queues; q++) {
		check("Rx queue", rte_eth_rx_queue_setup(PORT, q, NB_DESC, SOCKET_ID_ANY,
				NULL, pool));
		check("Tx queue", rte_eth_tx_queue_setup(PORT, q, NB_DESC, SOCKET_ID_ANY,
				NULL));
	}
}

static int
bind_rx(uint16_t queue_id, uint32_t lcore_id)
{
	struct rte_eth_tph_queue_conf conf;

	memset(&conf, 0, sizeof(conf));
	conf.dir = RTE_ETH_TPH_RX;
	conf.queue_id = queue_id;
	conf.lcore_id = lcore_id;
	conf.objects = RTE_TPH_OBJECT_ALL;
	return rte_eth_dev_tph_queue_bind(PORT, &conf, 1);
}

/* In one call, as an application should. */
static int
bind_all(const uint32_t *lcores)
{
	struct rte_eth_tph_queue_conf confs[NB_QUEUES];
	uint16_t q;

	memset(confs, 0, sizeof(confs));
	for (q = 0; q < NB_QUEUES; q++) {
		confs[q].dir = RTE_ETH_TPH_RX;
		confs[q].queue_id = q;
		confs[q].lcore_id = lcores[q];
		confs[q].objects = RTE_TPH_OBJECT_ALL;
	}
	return rte_eth_dev_tph_queue_bind(PORT, confs, NB_QUEUES);
}

static void
show(const char *title)
{
	static const char * const names[] = { "unbound", "pending", "applied", "failed" };
	struct rte_eth_tph_queue_state state;
	struct rte_eth_dev_info info;
	uint16_t q;

	printf("=== %s\n", title);
	check("info", rte_eth_dev_info_get(PORT, &info));
	for (q = 0; q < info.nb_rx_queues; q++) {
		check("get", rte_eth_dev_tph_queue_get(PORT, RTE_ETH_TPH_RX, q, &state));
		printf("queue %u %s cpu %u\n", q, names[state.status], state.cpu_id);
	}
	fflush(stdout);
	if (system("tph-snapshot - 0000:01:00.0") != 0)
		rte_exit(EXIT_FAILURE, "tph-snapshot failed\n");
}

static void
run(void)
{
	static const uint32_t lcores[NB_QUEUES] = { 1, 2, 3, 1 };
	struct rte_eth_tph_conf conf = { .mode = RTE_TPH_MODE_IV };
	struct rte_eth_tph_queue_conf tx = {
		.dir = RTE_ETH_TPH_TX, .lcore_id = 1, .objects = RTE_TPH_OBJECT_ALL,
	};

	port_configure(NB_QUEUES);
	check("start", rte_eth_dev_start(PORT));
	check("enable", rte_eth_dev_tph_enable(PORT, &conf));
	show("enabled");
	printf("Tx: %s\n", rte_strerror(-rte_eth_dev_tph_queue_bind(PORT, &tx, 1)));
	check("bind", bind_all(lcores));
	show("bound");
	check("rebind", bind_rx(1, 3));
	show("rebound");
	printf("no tag: %s\n", rte_strerror(-bind_rx(1, 7)));
	show("unchanged");
	check("unbind", rte_eth_dev_tph_queue_unbind(PORT, RTE_ETH_TPH_RX, 2));
	show("unbound");
	check("stop", rte_eth_dev_stop(PORT));
	check("start", rte_eth_dev_start(PORT));
	show("restarted");
	check("reset", rte_eth_dev_reset(PORT));
	port_configure(NB_QUEUES);
	check("start", rte_eth_dev_start(PORT));
	show("reset");
	check("stop", rte_eth_dev_stop(PORT));
	port_configure(2);
	check("start", rte_eth_dev_start(PORT));
	show("reduced");
	check("disable", rte_eth_dev_tph_disable(PORT));
	show("disabled");
	check("stop", rte_eth_dev_stop(PORT));
	check("close", rte_eth_dev_close(PORT));
}

int
main(int argc, char **argv)
{
	int ret = rte_eal_init(argc, argv);

	if (ret < 0)
		rte_exit(EXIT_FAILURE, "EAL: %s\n", rte_strerror(rte_errno));
	pool = rte_pktmbuf_pool_create("mbufs", 2047, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE,
			SOCKET_ID_ANY);
	if (pool == NULL)
		rte_exit(EXIT_FAILURE, "mbufs: %s\n", rte_strerror(rte_errno));
	run();
	check("cleanup", rte_eal_cleanup());
	return 0;
}
