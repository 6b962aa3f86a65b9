/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* Threads that meet at one port. */

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "fake_port.h"
#include "suites.h"
#include "test.h"

#define NB_QUEUES 4
#define ROUNDS 200000

/* Lcores that the tests make: lcore LCORE(i) is on CPU CPU(i). */
#define LCORE(i) (100 + (i))
#define CPU(i) (11 + (i))

static const struct rte_eth_tph_conf auto_conf = { .mode = RTE_TPH_MODE_AUTO };

static struct test_tph_port port;

static int
thread_setup(void)
{
	return test_tph_setup(&port, LCORE(0), CPU(0), 8, NB_QUEUES);
}

static void
thread_teardown(void)
{
	test_tph_teardown(&port);
}

/* 0: not there yet, 1: a driver is in start, 2: it may go on. */
static int stage;

static void
stage_wait(int wanted)
{
	while (__atomic_load_n(&stage, __ATOMIC_ACQUIRE) != wanted)
		sched_yield();
}

static void
stage_set(int to)
{
	__atomic_store_n(&stage, to, __ATOMIC_RELEASE);
}

static void
in_start_wait(struct test_tph_port *self __rte_unused)
{
	stage_set(1);
	stage_wait(2);
}

static void *
start_run(void *arg)
{
	*(int *)arg = rte_eth_dev_start(port.port_id);
	return NULL;
}

/* What a thread gets while another one starts the port. */
static int
setters_check(int ret)
{
	uint16_t id = port.port_id;

	TEST_ASSERT_EQUAL(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 1, LCORE(1)), ret, "bind");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_unbind(id, RTE_ETH_TPH_RX, 1), ret, "unbind");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_enable(id, &auto_conf), ret, "enable");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_disable(id), ret, "disable");
	return TEST_SUCCESS;
}

/* A driver that starts may take its time, nobody waits for it. */
static int
test_transition(void)
{
	struct rte_eth_tph_queue_state state;
	pthread_t thread;
	int started = -1, busy, got;

	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE(0)), "bind");
	stage_set(0);
	port.in_start = in_start_wait;
	TEST_ASSERT_SUCCESS(pthread_create(&thread, NULL, start_run, &started), "no thread");
	stage_wait(1);
	busy = setters_check(-EAGAIN);
	got = rte_eth_dev_tph_queue_get(port.port_id, RTE_ETH_TPH_RX, 0, &state);
	stage_set(2);
	pthread_join(thread, NULL);
	port.in_start = NULL;

	TEST_ASSERT_SUCCESS(busy, "setters");
	TEST_ASSERT_SUCCESS(got, "get");
	TEST_ASSERT_EQUAL(state.status, RTE_ETH_TPH_PENDING, "status %d", state.status);
	TEST_ASSERT_SUCCESS(started, "start");
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_RX, 0, LCORE(0), CPU(0),
		TEST_TPH_RX_OBJECTS), "not applied");
	return setters_check(0);
}

/* A start that fails leaves no mark behind. */
static int
test_transition_fails(void)
{
	port.fail_start = -EIO;
	TEST_ASSERT_EQUAL(rte_eth_dev_start(port.port_id), -EIO, "start");
	return setters_check(0);
}

static int writer_done;

/* Move a queue back and forth between two lcores. */
static void *
writer_run(void *arg)
{
	int i, ret = 0;

	for (i = 0; ret == 0 && test_tph_race_goes_on(i, ROUNDS); i++)
		ret = test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE(i % 2));
	*(int *)arg = ret;
	__atomic_store_n(&writer_done, 1, __ATOMIC_RELEASE);
	return NULL;
}

/* Who reads meanwhile sees the one or the other, never half of each. */
static int
test_reader(void)
{
	struct rte_eth_tph_queue_state state;
	unsigned int reads = 0, torn = 0;
	pthread_t thread;
	int ret = -1;

	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE(0)), "bind");
	__atomic_store_n(&writer_done, 0, __ATOMIC_RELEASE);
	TEST_ASSERT_SUCCESS(pthread_create(&thread, NULL, writer_run, &ret), "no thread");
	while (__atomic_load_n(&writer_done, __ATOMIC_ACQUIRE) == 0) {
		if (rte_eth_dev_tph_queue_get(port.port_id, RTE_ETH_TPH_RX, 0, &state) != 0)
			break;
		reads++;
		torn += state.lcore_id - LCORE(0) != state.cpu_id - CPU(0) ||
			state.st != TEST_TPH_ST(state.cpu_id) || state.hw_st != state.st ||
			state.status != RTE_ETH_TPH_APPLIED;
	}
	pthread_join(thread, NULL);
	TEST_ASSERT_SUCCESS(ret, "bind: %d", ret);
	TEST_ASSERT_NOT_EQUAL(reads, 0, "nothing read");
	TEST_ASSERT_EQUAL(torn, 0, "%u of %u torn", torn, reads);
	return TEST_SUCCESS;
}

/* Two threads change the same queues, with the driver in between. */
static int
test_writers(void)
{
	pthread_t thread;
	int i, ret = 0, other = -1;

	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(pthread_create(&thread, NULL, writer_run, &other), "no thread");
	for (i = 0; ret == 0 && test_tph_race_goes_on(i, ROUNDS); i++) {
		ret = test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE(2 + i % 2));
		if (ret == 0)
			ret = rte_eth_dev_tph_queue_unbind(port.port_id, RTE_ETH_TPH_RX, 0);
	}
	pthread_join(thread, NULL);
	TEST_ASSERT(ret == 0 && other == 0, "bind: %d and %d", ret, other);
	TEST_ASSERT(!port.broken, "a promise is broken");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_unbind(port.port_id, RTE_ETH_TPH_RX, 0),
		"unbind");
	return test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 0);
}

struct unit_test_suite test_tph_thread_suite = {
	.suite_name = "TPH of ethdev: threads",
	.unit_test_cases = {
		TEST_CASE_ST(thread_setup, thread_teardown, test_transition),
		TEST_CASE_ST(thread_setup, thread_teardown, test_transition_fails),
		TEST_CASE_ST(thread_setup, thread_teardown, test_reader),
		TEST_CASE_ST(thread_setup, thread_teardown, test_writers),
		TEST_CASES_END()
	},
};
