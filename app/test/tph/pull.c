/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * Hardware that takes hints only when a queue or the port is started: its
 * driver asks for them while it makes contexts. Each case is run for both.
 */

#include <errno.h>
#include <string.h>

#include "fake_lcore.h"
#include "fake_port.h"
#include "suites.h"
#include "test.h"

#define NB_QUEUES 4

/* Lcores that the tests make: lcore LCORE(i) is on CPU CPU(i). */
#define LCORE(i) (100 + (i))
#define CPU(i) (11 + (i))

static const struct rte_eth_tph_conf auto_conf = { .mode = RTE_TPH_MODE_AUTO };

static struct test_tph_port port;

/* A port whose queues can be started one by one, not started. */
static int
pull_setup(enum rte_eth_tph_when when)
{
	if (!test_tph_lcores_available())
		return TEST_SKIPPED;
	test_tph_lcores_set(LCORE(0), CPU(0), 8);
	TEST_ASSERT_SUCCESS(test_tph_port_create(&port, "tph_test0", &test_tph_ops), "no port");
	test_tph_port_queue_start_add(&port);
	port.info.when = when;
	return test_tph_port_enable(&port, NB_QUEUES);
}

static int
queue_start_setup(void)
{
	return pull_setup(RTE_ETH_TPH_QUEUE_START);
}

static int
port_start_setup(void)
{
	return pull_setup(RTE_ETH_TPH_PORT_START);
}

static void
pull_teardown(void)
{
	test_tph_teardown(&port);
}

static int
bind_rx(uint16_t queue_id, unsigned int i)
{
	return test_tph_bind_one(&port, RTE_ETH_TPH_RX, queue_id, LCORE(i));
}

static int
unbind_rx(uint16_t queue_id)
{
	return rte_eth_dev_tph_queue_unbind(port.port_id, RTE_ETH_TPH_RX, queue_id);
}

static int
restart(void)
{
	return rte_eth_dev_stop(port.port_id) != 0 ? -1 : rte_eth_dev_start(port.port_id);
}

static int
queue_restart(uint16_t queue_id)
{
	return rte_eth_dev_rx_queue_stop(port.port_id, queue_id) != 0 ? -1 :
		rte_eth_dev_rx_queue_start(port.port_id, queue_id);
}

/* Rx queue is bound to lcore *i* and hints for it. */
static int
applied_check(uint16_t queue_id, unsigned int i)
{
	return test_tph_applied_check(&port, RTE_ETH_TPH_RX, queue_id, LCORE(i), CPU(i),
		TEST_TPH_RX_OBJECTS);
}

static int
unbound_check(uint16_t queue_id)
{
	return test_tph_unbound_check(&port, RTE_ETH_TPH_RX, queue_id);
}

/*
 * Rx queue is at *status*, bound to lcore *i* if it is bound, and hints for
 * lcore *hw*, -1 for none. What is told of the hardware is what it does.
 */
static int
state_check(uint16_t queue_id, enum rte_eth_tph_status status, unsigned int i, int hw)
{
	const struct test_tph_hw *real = &port.hw[RTE_ETH_TPH_RX][queue_id];
	uint32_t objects = hw < 0 ? 0 : TEST_TPH_RX_OBJECTS;
	uint16_t st = hw < 0 ? 0 : TEST_TPH_ST(CPU(hw));
	struct rte_eth_tph_queue_state state;

	TEST_ASSERT(!port.broken, "a promise is broken");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(port.port_id, RTE_ETH_TPH_RX, queue_id,
		&state), "get");
	TEST_ASSERT_EQUAL(state.status, status, "queue %u: status %d", queue_id, state.status);
	TEST_ASSERT_EQUAL(state.error, 0, "queue %u: error %d", queue_id, state.error);
	if (status == RTE_ETH_TPH_PENDING)
		TEST_ASSERT_EQUAL(state.lcore_id, LCORE(i), "lcore %u", state.lcore_id);
	else
		TEST_ASSERT_EQUAL(state.objects, 0, "objects %#x", state.objects);
	TEST_ASSERT(state.hw_objects == objects && state.hw_st == st,
		"queue %u: objects %#x and tag %#x told", queue_id, state.hw_objects,
		state.hw_st);
	TEST_ASSERT(real->objects == objects && real->st == st,
		"queue %u: objects %#x and tag %#x hinted", queue_id, real->objects, real->st);
	return TEST_SUCCESS;
}

/* Bound while stopped, and while it runs. */
static int
test_bind(void)
{
	TEST_ASSERT_SUCCESS(bind_rx(0, 0), "bind");
	TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_PENDING, 0, -1), "stopped");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(applied_check(0, 0), "started");
	TEST_ASSERT_EQUAL(port.asked, 2 * NB_QUEUES, "asked %u times", port.asked);

	TEST_ASSERT_SUCCESS(bind_rx(1, 1), "bind");
	TEST_ASSERT_SUCCESS(state_check(1, RTE_ETH_TPH_PENDING, 1, -1), "running");
	TEST_ASSERT_SUCCESS(bind_rx(0, 2), "bind anew");
	TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_PENDING, 2, 0), "running, hinted");
	TEST_ASSERT_SUCCESS(bind_rx(0, 0), "bind back");
	TEST_ASSERT_SUCCESS(applied_check(0, 0), "as it was");
	TEST_ASSERT_SUCCESS(bind_rx(0, 2), "bind anew");
	TEST_ASSERT_SUCCESS(restart(), "restart");
	TEST_ASSERT_SUCCESS(applied_check(0, 2), "restarted");
	TEST_ASSERT_SUCCESS(applied_check(1, 1), "restarted");
	TEST_ASSERT_SUCCESS(unbound_check(2), "never bound");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], 0, "driver was told");
	return TEST_SUCCESS;
}

static int
test_unbind(void)
{
	TEST_ASSERT_SUCCESS(bind_rx(0, 0), "bind");
	TEST_ASSERT_SUCCESS(unbind_rx(0), "unbind");
	TEST_ASSERT_SUCCESS(unbound_check(0), "stopped");
	TEST_ASSERT_SUCCESS(bind_rx(0, 0), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(unbind_rx(0), "unbind");
	TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_UNBINDING, 0, 0), "running");
	TEST_ASSERT_SUCCESS(unbind_rx(0), "unbind again");
	TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_UNBINDING, 0, 0), "running");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(unbound_check(0), "restarted");
	/* What never ran hints nothing. */
	TEST_ASSERT_SUCCESS(bind_rx(0, 0), "bind");
	TEST_ASSERT_SUCCESS(unbind_rx(0), "unbind");
	return unbound_check(0);
}

/* Restart of one queue makes its context anew, or not. */
static int
test_queue_restart(void)
{
	bool anew = port.info.when == RTE_ETH_TPH_QUEUE_START;
	uint16_t id = port.port_id;

	TEST_ASSERT_SUCCESS(bind_rx(0, 0), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(queue_restart(0), "restart queue");
	TEST_ASSERT_SUCCESS(applied_check(0, 0), "the same");

	TEST_ASSERT_SUCCESS(bind_rx(0, 1), "bind anew");
	TEST_ASSERT_SUCCESS(queue_restart(0), "restart queue");
	if (anew)
		TEST_ASSERT_SUCCESS(applied_check(0, 1), "context made anew");
	else
		TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_PENDING, 1, 0), "context kept");

	TEST_ASSERT_SUCCESS(unbind_rx(0), "unbind");
	TEST_ASSERT_SUCCESS(queue_restart(0), "restart queue");
	if (anew)
		return unbound_check(0);
	TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_UNBINDING, 0, 0), "context kept");
	TEST_ASSERT_SUCCESS(restart(), "restart");
	return unbound_check(0);
}

/* A queue that the port does not start has what it was given when it starts. */
static int
test_deferred(void)
{
	uint16_t id = port.port_id;

	port.deferred[RTE_ETH_TPH_RX][1] = true;
	TEST_ASSERT_SUCCESS(bind_rx(1, 1), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	port.deferred[RTE_ETH_TPH_RX][1] = false;
	TEST_ASSERT_SUCCESS(test_tph_status_check(&port, RTE_ETH_TPH_RX, 1,
		RTE_ETH_TPH_PENDING), "deferred");
	if (port.info.when == RTE_ETH_TPH_PORT_START) {
		/* Its context is older than this. */
		TEST_ASSERT_SUCCESS(bind_rx(1, 2), "bind anew");
		TEST_ASSERT_SUCCESS(rte_eth_dev_rx_queue_start(id, 1), "start queue");
		return state_check(1, RTE_ETH_TPH_PENDING, 2, 1);
	}
	TEST_ASSERT_SUCCESS(bind_rx(1, 2), "bind anew");
	TEST_ASSERT_SUCCESS(rte_eth_dev_rx_queue_start(id, 1), "start queue");
	return applied_check(1, 2);
}

/* To have asked is not to have started. */
static int
test_start_fails(void)
{
	uint16_t id = port.port_id;

	TEST_ASSERT_SUCCESS(bind_rx(0, 0), "bind");
	port.fail_start = -EIO;
	TEST_ASSERT_EQUAL(rte_eth_dev_start(id), -EIO, "start");
	TEST_ASSERT_NOT_EQUAL(port.asked, 0, "not asked");
	TEST_ASSERT_SUCCESS(test_tph_status_check(&port, RTE_ETH_TPH_RX, 0,
		RTE_ETH_TPH_PENDING), "not started");
	port.fail_start = 0;
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(applied_check(0, 0), "started");

	TEST_ASSERT_SUCCESS(bind_rx(0, 1), "bind anew");
	TEST_ASSERT_SUCCESS(rte_eth_dev_rx_queue_stop(id, 0), "stop queue");
	port.fail_queue_start = -EIO;
	TEST_ASSERT_EQUAL(rte_eth_dev_rx_queue_start(id, 0), -EIO, "start queue");
	TEST_ASSERT_SUCCESS(test_tph_status_check(&port, RTE_ETH_TPH_RX, 0,
		RTE_ETH_TPH_PENDING), "not started");
	port.fail_queue_start = 0;
	TEST_ASSERT_SUCCESS(rte_eth_dev_rx_queue_start(id, 0), "start queue");
	if (port.info.when == RTE_ETH_TPH_QUEUE_START)
		return applied_check(0, 1);
	return state_check(0, RTE_ETH_TPH_PENDING, 1, 0);
}

static int in_start_ret;

static void
in_start_rebind(struct test_tph_port *self)
{
	in_start_ret = test_tph_bind_one(self, RTE_ETH_TPH_RX, 0, LCORE(3));
}

/* Nobody changes a binding between question and start. */
static int
test_bind_in_start(void)
{
	TEST_ASSERT_SUCCESS(bind_rx(0, 0), "bind");
	port.in_start = in_start_rebind;
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	port.in_start = NULL;
	TEST_ASSERT_EQUAL(in_start_ret, -EAGAIN, "bind within start: %d", in_start_ret);
	return applied_check(0, 0);
}

/* Contexts outlive TPH; enabled again, the hardware hints as it did. */
static int
test_disable(void)
{
	uint16_t id = port.port_id;

	TEST_ASSERT_SUCCESS(bind_rx(0, 0), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	port.fail[TEST_TPH_APPLY] = -EPROTO;
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(id), "disable");
	TEST_ASSERT_SUCCESS(test_tph_status_check(&port, RTE_ETH_TPH_RX, 0,
		RTE_ETH_TPH_UNBOUND), "disabled");
	port.info.when = RTE_ETH_TPH_PORT_START;
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(id, &auto_conf), "enable");
	TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_UNBINDING, 0, 0), "enabled again");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(id), "disable");
	TEST_ASSERT_SUCCESS(restart(), "restart");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(id, &auto_conf), "enable");
	return unbound_check(0);
}

static int
test_reset(void)
{
	uint16_t id = port.port_id;

	TEST_ASSERT_SUCCESS(bind_rx(0, 0), "bind");
	TEST_ASSERT_SUCCESS(bind_rx(3, 3), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(rte_eth_dev_reset(id), "reset");
	TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_PENDING, 0, -1), "reset");
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, 2, 2), "configure");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(applied_check(0, 0), "restarted");

	/* A queue that was away is not bound any more. */
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(id), "stop");
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, NB_QUEUES, NB_QUEUES), "configure");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(applied_check(0, 0), "restarted");
	return unbound_check(3);
}

/* A driver that restarts the port for it asks again. */
static int
test_mtu(void)
{
	uint16_t id = port.port_id;

	TEST_ASSERT_SUCCESS(bind_rx(0, 0), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(bind_rx(0, 1), "bind anew");
	port.mtu_without_restart = true;
	TEST_ASSERT_SUCCESS(rte_eth_dev_set_mtu(id, 1400), "MTU");
	TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_PENDING, 1, 0), "no restart");
	port.mtu_without_restart = false;
	TEST_ASSERT_SUCCESS(rte_eth_dev_set_mtu(id, 1500), "MTU");
	TEST_ASSERT_SUCCESS(applied_check(0, 1), "restart");

	/* Nothing is claimed of a restart that failed. */
	TEST_ASSERT_SUCCESS(bind_rx(0, 2), "bind anew");
	port.fail_mtu = -EIO;
	TEST_ASSERT_EQUAL(rte_eth_dev_set_mtu(id, 1400), -EIO, "MTU");
	return test_tph_status_check(&port, RTE_ETH_TPH_RX, 0, RTE_ETH_TPH_PENDING);
}

/* Set up at run time, a queue has its context before it is started. */
static int
test_queue_setup(void)
{
	uint16_t id = port.port_id;

	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(bind_rx(0, 1), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_rx_queue_stop(id, 0), "stop queue");
	TEST_ASSERT_SUCCESS(test_tph_rx_queue_setup(&port, 0), "set queue up");
	TEST_ASSERT_SUCCESS(test_tph_status_check(&port, RTE_ETH_TPH_RX, 0,
		RTE_ETH_TPH_PENDING), "set up");
	TEST_ASSERT_SUCCESS(rte_eth_dev_rx_queue_start(id, 0), "start queue");
	return applied_check(0, 1);
}

/* Who asks without need hears of nothing to hint. */
static int
test_ask(void)
{
	const struct rte_eth_tph_conf iv = { .mode = RTE_TPH_MODE_IV };
	struct rte_eth_dev *dev = &rte_eth_devices[port.port_id];
	uint16_t id = port.port_id;
	struct eth_dev_tph_hint hint;

	TEST_ASSERT_SUCCESS(bind_rx(0, 0), "bind");
	eth_dev_tph_hint_get(dev, RTE_ETH_TPH_RX, 0, &hint);
	TEST_ASSERT_EQUAL(hint.objects, TEST_TPH_RX_OBJECTS, "bound: %#x", hint.objects);
	TEST_ASSERT_EQUAL(hint.st, TEST_TPH_ST(CPU(0)), "tag %#x", hint.st);
	eth_dev_tph_hint_get(dev, RTE_ETH_TPH_TX, 0, &hint);
	TEST_ASSERT_EQUAL(hint.objects, 0, "other direction: %#x", hint.objects);
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(id), "disable");
	eth_dev_tph_hint_get(dev, RTE_ETH_TPH_RX, 0, &hint);
	TEST_ASSERT_EQUAL(hint.objects, 0, "disabled: %#x", hint.objects);

	/* In interrupt-vector mode it is the kernel that hints, at once. */
	port.info.when = RTE_ETH_TPH_LIVE;
	port.asks = true;
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(id, &iv), "enable");
	TEST_ASSERT_SUCCESS(bind_rx(0, 0), "bind");
	eth_dev_tph_hint_get(dev, RTE_ETH_TPH_RX, 0, &hint);
	TEST_ASSERT_EQUAL(hint.objects, 0, "interrupt vectors: %#x", hint.objects);
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	return applied_check(0, 0);
}

#define PULL_CASES(setup) { \
	TEST_CASE_ST(setup, pull_teardown, test_bind), \
	TEST_CASE_ST(setup, pull_teardown, test_unbind), \
	TEST_CASE_ST(setup, pull_teardown, test_queue_restart), \
	TEST_CASE_ST(setup, pull_teardown, test_deferred), \
	TEST_CASE_ST(setup, pull_teardown, test_start_fails), \
	TEST_CASE_ST(setup, pull_teardown, test_bind_in_start), \
	TEST_CASE_ST(setup, pull_teardown, test_disable), \
	TEST_CASE_ST(setup, pull_teardown, test_reset), \
	TEST_CASE_ST(setup, pull_teardown, test_mtu), \
	TEST_CASE_ST(setup, pull_teardown, test_queue_setup), \
	TEST_CASE_ST(setup, pull_teardown, test_ask), \
	TEST_CASES_END() \
}

struct unit_test_suite test_tph_queue_start_suite = {
	.suite_name = "TPH of ethdev: hints taken when a queue starts",
	.unit_test_cases = PULL_CASES(queue_start_setup),
};

struct unit_test_suite test_tph_port_start_suite = {
	.suite_name = "TPH of ethdev: hints taken when the port starts",
	.unit_test_cases = PULL_CASES(port_start_setup),
};
