/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * The ends of a port, threads and processes, in interrupt-vector mode. The
 * argument behind those of EAL says what to do:
 *   close, remove, detach, cleanup
 *                           bind queues, and end the port in this way; to
 *                           detach is to close and to remove
 *   pulled                  bind queues, wait for the kernel to ask for the
 *                           device, and detach it
 *   threads                 two threads bind and unbind queues of their own
 *   hold                    bind queues and wait for the end of standard input
 *   restart                 in a secondary process: what restarts a port
 * For test_life.py, in the test VM.
 */

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_dev.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>

#include "tph_app.h"

#define PORT 0
#define NB_QUEUES 4
#define NB_ROUNDS 300

static void
queues_bind(void)
{
	struct rte_eth_tph_queue_conf conf = app_rx_binding(RTE_ETH_TPH_QUEUE_ALL, 1);
	const struct rte_eth_tph_conf iv = { .mode = RTE_TPH_MODE_IV };
	struct rte_eth_conf port_conf;

	memset(&port_conf, 0, sizeof(port_conf));
	port_conf.intr_conf.rxq = 1;
	app_port_configure(PORT, NB_QUEUES, &port_conf);
	app_check("start", rte_eth_dev_start(PORT));
	app_check("enable", rte_eth_dev_tph_enable(PORT, &iv));
	app_check("bind", rte_eth_dev_tph_queue_bind(PORT, &conf, 1));
}

/* Binds its queue to itself, and unbinds it, over and over. */
static void *
thread_run(void *arg)
{
	uint16_t queue_id = *(uint16_t *)arg;
	struct rte_eth_tph_queue_conf conf = app_rx_binding(queue_id, LCORE_ID_ANY);
	rte_cpuset_t cpus;
	unsigned int i;

	CPU_ZERO(&cpus);
	CPU_SET(queue_id + 1, &cpus);
	app_check("affinity", pthread_setaffinity_np(pthread_self(), sizeof(cpus), &cpus));
	app_check("register", rte_thread_register());
	for (i = 0; i < NB_ROUNDS; i++) {
		app_check("bind", rte_eth_dev_tph_queue_bind(PORT, &conf, 1));
		app_check("unbind", rte_eth_dev_tph_queue_unbind(PORT, RTE_ETH_TPH_RX, queue_id));
	}
	rte_thread_unregister();
	return NULL;
}

static void
threads_run(void)
{
	static uint16_t queue_ids[] = { 0, 1 };
	pthread_t threads[RTE_DIM(queue_ids)];
	unsigned int i;

	queues_bind();
	app_check("unbind", rte_eth_dev_tph_queue_unbind(PORT, RTE_ETH_TPH_RX,
			RTE_ETH_TPH_QUEUE_ALL));
	for (i = 0; i < RTE_DIM(threads); i++)
		app_check("thread", -pthread_create(&threads[i], NULL, thread_run, &queue_ids[i]));
	for (i = 0; i < RTE_DIM(threads); i++)
		pthread_join(threads[i], NULL);
	if (system("tph-snapshot -") != 0)
		rte_exit(EXIT_FAILURE, "tph-snapshot failed\n");
}

static bool asked_for;

static void
device_event(const char *name, enum rte_dev_event_type event, void *arg)
{
	(void)name;
	(void)arg;
	if (event == RTE_DEV_EVENT_REMOVE)
		__atomic_store_n(&asked_for, true, __ATOMIC_RELEASE);
}

static void
pull_wait(const char *name)
{
	app_check("callback", rte_dev_event_callback_register(name, device_event, NULL));
	printf("held\n");
	fflush(stdout);
	while (!__atomic_load_n(&asked_for, __ATOMIC_ACQUIRE))
		usleep(10000);
}

/* Which of several ways a word stands for. */
static bool
is_one_of(const char *arg, const char *one, const char *two, const char *three)
{
	return strcmp(arg, one) == 0 || strcmp(arg, two) == 0 || strcmp(arg, three) == 0;
}

static void
hold(void)
{
	struct rte_eth_tph_queue_state state;
	uint16_t q;

	queues_bind();
	printf("held\n");
	fflush(stdout);
	while (getchar() != EOF)
		;
	for (q = 0; q < NB_QUEUES; q++)
		printf("queue %u %s\n", q, app_rx_state(PORT, q, &state));
}

/* Nothing of this is right to do, but it must not crash, nor change what is recorded. */
static void
restart(void)
{
	struct rte_eth_tph_queue_state state;
	uint16_t q;

	printf("MTU: %s\n", rte_strerror(-rte_eth_dev_set_mtu(PORT, 1400)));
	for (q = 0; q < NB_QUEUES; q++)
		printf("queue %u %s\n", q, app_rx_state(PORT, q, &state));
}

int
main(int argc, char **argv)
{
	int ret = rte_eal_init(argc, argv);
	const char *arg = ret < 0 || argc <= ret + 1 ? "" : argv[ret + 1];
	struct rte_eth_dev_info info;

	if (ret < 0)
		rte_exit(EXIT_FAILURE, "EAL: %s\n", rte_strerror(rte_errno));
	if (strcmp(arg, "restart") == 0) {
		restart();
		fflush(stdout);
		return 0;
	}
	app_pool_make();
	if (strcmp(arg, "threads") == 0)
		threads_run();
	else if (strcmp(arg, "hold") == 0)
		hold();
	else
		queues_bind();

	app_check("info", rte_eth_dev_info_get(PORT, &info));
	if (strcmp(arg, "pulled") == 0)
		pull_wait(rte_dev_name(info.device));
	app_check("stop", rte_eth_dev_stop(PORT));
	if (is_one_of(arg, "close", "detach", "pulled"))
		app_check("close", rte_eth_dev_close(PORT));
	if (is_one_of(arg, "remove", "detach", "pulled"))
		app_check("remove", rte_dev_remove(info.device));
	app_check("cleanup", rte_eal_cleanup());
	printf("%s: done\n", arg);
	return 0;
}
