/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * An application with lcores of every kind: a service lcore, a thread of its
 * own, an lcore that moves to another CPU, and one whose CPU has no tag. After
 * each step it prints a title and the state of the queues. For test_lcore.py,
 * in the test VM; started with "-l 0-3,7 -S 3".
 */

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_launch.h>
#include <rte_lcore.h>

#include "tph_app.h"

#define PORT 0
#define NB_QUEUES 4

#define SERVICE_LCORE 3
#define MOVING_LCORE 1
#define NO_TAG_LCORE 7
/* Where the thread runs, and the lcore moves to. */
#define OTHER_CPU 2

static void
bind_one(uint16_t queue_id, uint32_t lcore_id)
{
	struct rte_eth_tph_queue_conf conf = app_rx_binding(queue_id, lcore_id);

	app_check("bind", rte_eth_dev_tph_queue_bind(PORT, &conf, 1));
}

/* All queues to the main lcore, but one to a CPU without a tag. */
static int
bind_all(uint16_t bad_queue_id)
{
	struct rte_eth_tph_queue_conf confs[NB_QUEUES];
	uint16_t q;

	for (q = 0; q < NB_QUEUES; q++)
		confs[q] = app_rx_binding(q,
				q == bad_queue_id ? NO_TAG_LCORE : rte_get_main_lcore());
	return rte_eth_dev_tph_queue_bind(PORT, confs, NB_QUEUES);
}

static void
show(const char *title)
{
	struct rte_eth_tph_queue_state state;
	const char *status;
	uint16_t q;

	printf("=== %s\n", title);
	for (q = 0; q < NB_QUEUES; q++) {
		status = app_rx_state(PORT, q, &state);
		printf("queue %u %s cpu %u tag %#x%s\n", q, status, state.cpu_id, state.st,
			state.stale ? " stale" : "");
	}
}

static int
move(void *arg)
{
	rte_cpuset_t *cpuset = arg;

	return rte_thread_set_affinity(cpuset);
}

static void *
thread_main(void *arg)
{
	rte_cpuset_t *cpuset = arg;

	app_check("affinity", -pthread_setaffinity_np(pthread_self(), sizeof(*cpuset), cpuset));
	app_check("register", rte_thread_register());
	bind_one(1, LCORE_ID_ANY);
	show("thread");
	rte_thread_unregister();
	return NULL;
}

static void
port_start(void)
{
	struct rte_eth_conf conf;

	memset(&conf, 0, sizeof(conf));
	conf.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
	app_port_configure(PORT, NB_QUEUES, &conf);
	app_check("start", rte_eth_dev_start(PORT));
}

static void
run(void)
{
	struct rte_eth_tph_conf conf = { .mode = RTE_TPH_MODE_DS };
	rte_cpuset_t cpuset;
	pthread_t thread;
	char title[16];
	uint16_t q;
	int ret;

	CPU_ZERO(&cpuset);
	CPU_SET(OTHER_CPU, &cpuset);

	app_check("enable", rte_eth_dev_tph_enable(PORT, &conf));
	bind_one(0, SERVICE_LCORE);
	show("service lcore");
	app_check("thread", -pthread_create(&thread, NULL, thread_main, &cpuset));
	app_check("thread", -pthread_join(thread, NULL));
	show("thread gone");
	bind_one(2, MOVING_LCORE);
	app_check("launch", rte_eal_remote_launch(move, &cpuset, MOVING_LCORE));
	app_check("affinity", rte_eal_wait_lcore(MOVING_LCORE));
	show("lcore moved");
	bind_one(2, MOVING_LCORE);
	show("bound again");

	for (q = 0; q < NB_QUEUES; q++) {
		ret = bind_all(q);
		snprintf(title, sizeof(title), "queue %u fails", q);
		show(title);
		printf("%s\n", rte_strerror(-ret));
	}
	app_check("bind all", bind_all(NB_QUEUES));
	show("all");
	app_check("disable", rte_eth_dev_tph_disable(PORT));
	app_check("stop", rte_eth_dev_stop(PORT));
	app_check("close", rte_eth_dev_close(PORT));
}

int
main(int argc, char **argv)
{
	(void)app_init(argc, argv);
	port_start();
	run();
	app_check("cleanup", rte_eal_cleanup());
	return 0;
}
