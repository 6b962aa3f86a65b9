/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * An application with lcores of every kind: a service lcore, a thread of its
 * own, an lcore that moves to another CPU, one that is moved by others, and one
 * whose CPU has no tag; and a CPU that is offline. Functions that the guide shows
 * are called as well. After each step it prints a title and the state of the queues.
 * For test_lcore.py, in the test VM; started with "-l 0-3,7 -S 3".
 */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
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
/* Where others move the main lcore to. */
#define TASKSET_CPU 1
#define CGROUP_CPU 2
/* No lcore is there. */
#define OFFLINE_CPU 5

/* Time of following, in milliseconds. */
#define FOLLOW_MS 1000

/* In the guide. */
int bind_queues(uint16_t port_id, const unsigned int *lcores, uint16_t nb_queues);
int follow_port(uint16_t port_id);

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
shell(const char *format, int value)
{
	char command[512];

	snprintf(command, sizeof(command), format, value);
	app_check(command, system(command) == 0 ? 0 : -EINVAL);
}

/* EAL does not hear of what other processes do to a thread. */
static void
moved_from_outside(void)
{
	char command[512];

	snprintf(command, sizeof(command), "taskset -p %x %%d >/dev/null", 1 << TASKSET_CPU);
	shell(command, rte_sys_gettid());
	show("taskset");
	bind_one(3, LCORE_ID_ANY);
	show("bound after taskset");

	snprintf(command, sizeof(command), "mount -t cgroup2 none /sys/fs/cgroup && cd /sys/fs/cgroup &&"
		" echo +cpuset >cgroup.subtree_control && mkdir pinned && echo threaded >pinned/cgroup.type &&"
		" echo %u >pinned/cpuset.cpus && echo %%d >pinned/cgroup.threads", CGROUP_CPU);
	shell(command, rte_sys_gettid());
	show("cgroup");
	bind_one(3, LCORE_ID_ANY);
	show("bound after cgroup");
}

static void
offline(void)
{
	struct rte_eth_tph_queue_conf conf = app_rx_binding(3, 0);
	int online;

	conf.target = RTE_ETH_TPH_TARGET_CPU;
	conf.cpu_id = OFFLINE_CPU;
	for (online = 0; online <= 1; online++) {
		shell("echo %d >/sys/devices/system/cpu/cpu" RTE_STR(OFFLINE_CPU) "/online", online);
		app_check("bind", rte_eth_dev_tph_queue_bind(PORT, &conf, 1));
		show(online == 0 ? "offline" : "online");
	}
}

static void
guide(void)
{
	static const unsigned int lcores[NB_QUEUES] = { 1, 0, SERVICE_LCORE, 1 };
	struct rte_mbuf *m;
	unsigned int ms;

	app_check("guide", bind_queues(PORT, lcores, NB_QUEUES));
	show("guide binds");
	app_check("disable", rte_eth_dev_tph_disable(PORT));

	app_check("guide", follow_port(PORT));
	for (ms = 0; ms < FOLLOW_MS; ms++) {
		while (rte_eth_rx_burst(PORT, 0, &m, 1) != 0)
			rte_pktmbuf_free(m);
		rte_delay_us_sleep(1000);
	}
	show("guide follows");
	app_check("unfollow", rte_eth_dev_tph_unfollow(PORT));
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
	moved_from_outside();
	offline();
	guide();
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
