/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* Which CPUs an lcore stands for, and who the calling lcore is. */

#include <errno.h>
#include <pthread.h>
#include <sched.h>

#include <rte_lcore.h>

#include "fake_lcore.h"
#include "fake_port.h"
#include "suites.h"
#include "test.h"

/* Lcores that the tests make: lcore LCORE(i) is on CPU CPU(i). */
#define LCORE(i) (100 + (i))
#define CPU(i) (11 + (i))
#define NB_LCORES 2

static struct test_tph_port port;

static int
lcore_setup(void)
{
	int ret = test_tph_setup(&port, LCORE(0), CPU(0), NB_LCORES, 1);

	return ret != TEST_SUCCESS ? ret : rte_eth_dev_start(port.port_id);
}

static void
lcore_teardown(void)
{
	test_tph_teardown(&port);
}

static int
test_lcore_without_cpu(void)
{
	test_tph_lcore_set(LCORE(0), NULL, 0);
	TEST_ASSERT_EQUAL(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE(0)), -ENOENT,
		"lcore without CPU");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_RESOLVE], 0, "driver called");
	return TEST_SUCCESS;
}

/* Whether the tags of several CPUs are the same, only the driver knows. */
static int
test_lcore_of_cpus(void)
{
	static const unsigned int cpus[] = { 70, 3, CPU_SETSIZE - 1 };
	const rte_cpuset_t *cpuset = &port.last[0].cpuset;
	unsigned int i;

	test_tph_lcore_set(LCORE(0), cpus, RTE_DIM(cpus));
	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE(0)), "bind");
	TEST_ASSERT_EQUAL(CPU_COUNT(cpuset), (int)RTE_DIM(cpus), "%d CPUs", CPU_COUNT(cpuset));
	for (i = 0; i < RTE_DIM(cpus); i++)
		TEST_ASSERT(CPU_ISSET(cpus[i], cpuset), "no CPU %u", cpus[i]);
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_RX, 0, LCORE(0), 3,
		TEST_TPH_RX_OBJECTS), "Rx queue");

	test_tph_lcore_set(LCORE(1), &cpus[2], 1);
	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_TX, 0, LCORE(1)), "bind");
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_TX, 0, LCORE(1), cpus[2],
		TEST_TPH_TX_OBJECTS), "Tx queue");
	return TEST_SUCCESS;
}

static int
test_lcore_roles(void)
{
	test_tph_lcore_role_set(LCORE(0), ROLE_SERVICE);
	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE(0)), "service");
	test_tph_lcore_role_set(LCORE(0), ROLE_NON_EAL);
	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE(0)), "non-EAL");
	test_tph_lcore_role_set(LCORE(0), ROLE_OFF);
	TEST_ASSERT_EQUAL(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE(0)), -ENOENT, "off");
	return TEST_SUCCESS;
}

static int
stale_check(int stale, unsigned int cpu)
{
	struct rte_eth_tph_queue_state state;

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(port.port_id, RTE_ETH_TPH_RX, 0, &state),
		"get");
	TEST_ASSERT_EQUAL(state.stale, stale, "stale is %d", state.stale);
	TEST_ASSERT_EQUAL(state.cpu_id, cpu, "CPU %u", state.cpu_id);
	TEST_ASSERT_EQUAL(state.status, RTE_ETH_TPH_APPLIED, "status %d", state.status);
	return TEST_SUCCESS;
}

static int
test_lcore_moves(void)
{
	static const unsigned int both[] = { CPU(0), CPU(1) };

	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE(0)), "bind");
	TEST_ASSERT_SUCCESS(stale_check(0, CPU(0)), "bound");

	test_tph_lcore_set(LCORE(0), &both[1], 1);
	TEST_ASSERT_SUCCESS(stale_check(1, CPU(0)), "moved");
	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE(0)), "bind again");
	TEST_ASSERT_SUCCESS(stale_check(0, CPU(1)), "bound again");

	test_tph_lcore_set(LCORE(0), both, 2);
	TEST_ASSERT_SUCCESS(stale_check(1, CPU(1)), "one more CPU");
	test_tph_lcore_clear(LCORE(0));
	TEST_ASSERT_SUCCESS(stale_check(1, CPU(1)), "gone");
	test_tph_lcore_set(LCORE(0), &both[1], 1);
	TEST_ASSERT_SUCCESS(stale_check(0, CPU(1)), "back");
	return TEST_SUCCESS;
}

/* What a thread that binds its own queue is told. */
struct self_bind {
	bool do_register;
	unsigned int lcore_id;
	int cpu;
	int ret;
};

static void *
self_bind_thread(void *arg)
{
	struct self_bind *self = arg;
	rte_cpuset_t cpuset;

	if (self->do_register) {
		CPU_ZERO(&cpuset);
		CPU_SET(self->cpu, &cpuset);
		if (pthread_setaffinity_np(pthread_self(), sizeof(cpuset), &cpuset) != 0 ||
		    rte_thread_register() != 0) {
			self->ret = -ECHILD;
			return NULL;
		}
	}
	self->lcore_id = rte_lcore_id();
	self->ret = test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE_ID_ANY);
	if (self->do_register)
		rte_thread_unregister();
	return NULL;
}

static int
self_bind(struct self_bind *self)
{
	pthread_t thread;

	TEST_ASSERT_SUCCESS(pthread_create(&thread, NULL, self_bind_thread, self), "no thread");
	TEST_ASSERT_SUCCESS(pthread_join(thread, NULL), "join");
	return TEST_SUCCESS;
}

static int
test_calling_lcore(void)
{
	unsigned int lcore_id = rte_lcore_id();
	rte_cpuset_t cpuset = rte_lcore_cpuset(lcore_id);
	unsigned int cpu = 0;

	while (!CPU_ISSET(cpu, &cpuset))
		cpu++;
	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE_ID_ANY), "bind");
	return test_tph_applied_check(&port, RTE_ETH_TPH_RX, 0, lcore_id, cpu,
		TEST_TPH_RX_OBJECTS);
}

static int
test_unregistered_thread(void)
{
	struct self_bind self = { .do_register = false };

	TEST_ASSERT_SUCCESS(self_bind(&self), "thread");
	TEST_ASSERT_EQUAL(self.lcore_id, LCORE_ID_ANY, "thread is lcore %u", self.lcore_id);
	TEST_ASSERT_EQUAL(self.ret, -ENOENT, "bind: %d", self.ret);
	return test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 0);
}

static int
test_registered_thread(void)
{
	struct self_bind self = { .do_register = true };
	struct rte_eth_tph_queue_state state;
	rte_cpuset_t allowed;

	/* The last CPU, which is rather not that of the main lcore. */
	TEST_ASSERT_SUCCESS(sched_getaffinity(0, sizeof(allowed), &allowed), "affinity");
	for (self.cpu = CPU_SETSIZE - 1; !CPU_ISSET(self.cpu, &allowed); self.cpu--)
		;
	TEST_ASSERT_SUCCESS(self_bind(&self), "thread");
	TEST_ASSERT_SUCCESS(self.ret, "bind: %d", self.ret);
	TEST_ASSERT_NOT_EQUAL(self.lcore_id, LCORE_ID_ANY, "thread is no lcore");
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_RX, 0, self.lcore_id,
		self.cpu, TEST_TPH_RX_OBJECTS), "Rx queue");

	/* The lcore of the thread is gone. */
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(port.port_id, RTE_ETH_TPH_RX, 0, &state),
		"get");
	TEST_ASSERT_EQUAL(state.stale, 1, "not stale");
	return TEST_SUCCESS;
}

/* Someone else moves a thread: EAL does not know, the thread itself does. */
static void *
moved_thread(void *arg)
{
	struct rte_eth_tph_queue_state state;
	struct self_bind *self = arg;
	rte_cpuset_t all, one;

	self->ret = -1;
	if (pthread_getaffinity_np(pthread_self(), sizeof(all), &all) != 0 ||
	    rte_thread_register() != 0)
		return NULL;
	CPU_ZERO(&one);
	CPU_SET(self->cpu, &one);
	if (pthread_setaffinity_np(pthread_self(), sizeof(one), &one) == 0 &&
	    test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE_ID_ANY) == 0 &&
	    test_tph_applied_check(&port, RTE_ETH_TPH_RX, 0, rte_lcore_id(), self->cpu,
			TEST_TPH_RX_OBJECTS) == 0 &&
	    rte_eth_dev_tph_queue_get(port.port_id, RTE_ETH_TPH_RX, 0, &state) == 0 &&
	    state.stale == 0 &&
	    pthread_setaffinity_np(pthread_self(), sizeof(all), &all) == 0 &&
	    rte_eth_dev_tph_queue_get(port.port_id, RTE_ETH_TPH_RX, 0, &state) == 0)
		self->ret = state.stale == (CPU_COUNT(&all) > 1) ? 0 : -2;
	rte_thread_unregister();
	return NULL;
}

static int
test_moved_thread(void)
{
	struct self_bind self = { .cpu = CPU_SETSIZE - 1 };
	rte_cpuset_t allowed;
	pthread_t thread;

	TEST_ASSERT_SUCCESS(sched_getaffinity(0, sizeof(allowed), &allowed), "affinity");
	while (!CPU_ISSET(self.cpu, &allowed))
		self.cpu--;
	TEST_ASSERT_SUCCESS(pthread_create(&thread, NULL, moved_thread, &self), "no thread");
	pthread_join(thread, NULL);
	TEST_ASSERT_SUCCESS(self.ret, "%d", self.ret);
	return TEST_SUCCESS;
}

struct unit_test_suite test_tph_lcore_suite = {
	.suite_name = "TPH of ethdev: lcores",
	.unit_test_cases = {
		TEST_CASE_ST(lcore_setup, lcore_teardown, test_lcore_without_cpu),
		TEST_CASE_ST(lcore_setup, lcore_teardown, test_lcore_of_cpus),
		TEST_CASE_ST(lcore_setup, lcore_teardown, test_lcore_roles),
		TEST_CASE_ST(lcore_setup, lcore_teardown, test_lcore_moves),
		TEST_CASE_ST(lcore_setup, lcore_teardown, test_calling_lcore),
		TEST_CASE_ST(lcore_setup, lcore_teardown, test_unregistered_thread),
		TEST_CASE_ST(lcore_setup, lcore_teardown, test_registered_thread),
		TEST_CASE_ST(lcore_setup, lcore_teardown, test_moved_thread),
		TEST_CASES_END()
	},
};
