/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <pthread.h>

#include <rte_alarm.h>
#include <rte_lcore.h>
#include <rte_thread.h>

#include "fake_lcore.h"
#include "follow_by_hand.h"
#include "test.h"

/* Not exported by shared libraries. */
#pragma weak eth_tph_follow_look
#pragma weak eth_tph_follow_period

/* So long that no alarm goes off during the test. */
#define NEVER (3600ull * 1000 * 1000)

#define BURST 4

static uint64_t old_period;
static rte_cpuset_t old_cpus;

int
test_tph_follow_setup(struct test_tph_port *port, uint16_t nb_queues)
{
	if (!test_tph_lcores_available() ||
	    eth_tph_follow_look == NULL || &eth_tph_follow_period == NULL)
		return TEST_SKIPPED;
	old_period = eth_tph_follow_period;
	eth_tph_follow_period = NEVER;
	if (rte_thread_get_affinity_by_id(rte_thread_self(), &old_cpus) != 0)
		return TEST_SKIPPED;
	return test_tph_port_start(port, "tph_test0", nb_queues);
}

void
test_tph_follow_teardown(struct test_tph_port *port)
{
	test_tph_port_destroy(port);
	(void)rte_thread_set_affinity_by_id(rte_thread_self(), &old_cpus);
	test_tph_follow_alarm(old_period);
}

void
test_tph_follow_alarm(uint64_t period)
{
	eth_tph_follow_period = period;
	rte_eal_alarm_cancel(eth_tph_follow_look, (void *)-1);
	/* As if the last one had gone off, and found nothing. */
	eth_tph_follow_look(NULL);
}

int
test_tph_follow(const struct test_tph_port *port, enum rte_eth_tph_follow_mode mode)
{
	const struct rte_eth_tph_follow_conf conf = { .mode = mode };

	return rte_eth_dev_tph_follow(port->port_id, &conf);
}

void
test_tph_look(void)
{
	eth_tph_follow_look(NULL);
}

static void
thread_place(unsigned int cpu)
{
	rte_cpuset_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	(void)rte_thread_set_affinity_by_id(rte_thread_self(), &cpus);
}

void
test_tph_poll_queue(const struct test_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id, unsigned int cpu)
{
	struct rte_mbuf *pkts[BURST];

	thread_place(cpu);
	if (dir == RTE_ETH_TPH_RX)
		(void)rte_eth_rx_burst(port->port_id, queue_id, pkts, BURST);
	else
		(void)rte_eth_tx_burst(port->port_id, queue_id, pkts, 0);
}

void
test_tph_poll(const struct test_tph_port *port, unsigned int cpu)
{
	const struct rte_eth_dev_data *data = rte_eth_devices[port->port_id].data;
	uint16_t q;

	for (q = 0; q < data->nb_rx_queues; q++)
		test_tph_poll_queue(port, RTE_ETH_TPH_RX, q, cpu);
	for (q = 0; q < data->nb_tx_queues; q++)
		test_tph_poll_queue(port, RTE_ETH_TPH_TX, q, cpu);
}

struct elsewhere {
	const struct test_tph_port *port;
	unsigned int cpu;
};

static void *
elsewhere_run(void *arg)
{
	const struct elsewhere *elsewhere = arg;

	test_tph_poll(elsewhere->port, elsewhere->cpu);
	return NULL;
}

void
test_tph_poll_elsewhere(const struct test_tph_port *port, unsigned int cpu)
{
	struct elsewhere elsewhere = { .port = port, .cpu = cpu };
	pthread_t thread;

	if (pthread_create(&thread, NULL, elsewhere_run, &elsewhere) == 0)
		pthread_join(thread, NULL);
}

void
test_tph_poll_and_look(const struct test_tph_port *port, unsigned int cpu, unsigned int nb)
{
	for (; nb != 0; nb--) {
		test_tph_poll(port, cpu);
		test_tph_look();
	}
}

int
test_tph_follow_check(const struct test_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id, enum rte_eth_tph_follow_state follow)
{
	struct rte_eth_tph_queue_state state;

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(port->port_id, dir, queue_id, &state),
		"get");
	TEST_ASSERT_EQUAL(state.follow, follow, "dir %d queue %u: follow %d, expected %d", dir,
		queue_id, state.follow, follow);
	return TEST_SUCCESS;
}

int
test_tph_followed_check(const struct test_tph_port *port, unsigned int cpu)
{
	const struct rte_eth_dev_data *data = rte_eth_devices[port->port_id].data;
	uint16_t q;

	for (q = 0; q < data->nb_rx_queues; q++)
		if (test_tph_follow_check(port, RTE_ETH_TPH_RX, q, RTE_ETH_TPH_FOLLOWED) != 0 ||
		    test_tph_applied_check(port, RTE_ETH_TPH_RX, q, LCORE_ID_ANY, cpu,
				RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_HEADER) != 0)
			return -1;
	for (q = 0; q < data->nb_tx_queues; q++)
		if (test_tph_follow_check(port, RTE_ETH_TPH_TX, q, RTE_ETH_TPH_FOLLOWED) != 0 ||
		    test_tph_applied_check(port, RTE_ETH_TPH_TX, q, LCORE_ID_ANY, cpu,
				RTE_TPH_OBJECT_DESC) != 0)
			return -1;
	return 0;
}

unsigned int
test_tph_callbacks(uint16_t port_id)
{
	const struct rte_eth_dev *dev = &rte_eth_devices[port_id];
	unsigned int q, nb = 0;

	for (q = 0; q < RTE_MAX_QUEUES_PER_PORT; q++)
		nb += (dev->post_rx_burst_cbs[q] != NULL) + (dev->pre_tx_burst_cbs[q] != NULL);
	return nb;
}
