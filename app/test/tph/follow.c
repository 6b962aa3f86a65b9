/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* What following makes of those who poll. */

#include <errno.h>
#include <string.h>

#include <rte_eal.h>

#include "fake_lcore.h"
#include "fake_log.h"
#include "follow_by_hand.h"
#include "suites.h"
#include "test.h"

#define NB_QUEUES 4
#define KEEP RTE_ETH_TPH_FOLLOW_KEEP
#define ONCE RTE_ETH_TPH_FOLLOW_ONCE

static struct test_tph_port port;

static int
follow_setup(void)
{
	return test_tph_follow_setup(&port, NB_QUEUES);
}

static void
follow_teardown(void)
{
	test_tph_follow_teardown(&port);
}

static int
calls_check(unsigned int nb)
{
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_RESOLVE], nb, "resolved in %u calls",
		port.calls[TEST_TPH_RESOLVE]);
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], nb, "applied in %u calls",
		port.calls[TEST_TPH_APPLY]);
	return TEST_SUCCESS;
}

/* All queues are bound in one call when they were seen often enough, and again. */
static int
test_learn_and_follow(void)
{
	TEST_ASSERT_SUCCESS(test_tph_follow(&port, KEEP), "follow");
	test_tph_look();
	TEST_ASSERT_SUCCESS(test_tph_follow_check(&port, RTE_ETH_TPH_RX, 0,
		RTE_ETH_TPH_LEARNING), "unseen");
	test_tph_poll_and_look(&port, 1, ETH_TPH_FOLLOW_AGREE - 1);
	TEST_ASSERT_SUCCESS(calls_check(0), "too early");
	/* A look that sees nobody does not count. */
	test_tph_look();
	TEST_ASSERT_SUCCESS(calls_check(0), "nobody polled");
	test_tph_poll_and_look(&port, 1, 1);
	TEST_ASSERT_SUCCESS(test_tph_followed_check(&port, 1), "not learnt");
	TEST_ASSERT_SUCCESS(calls_check(1), "learn");
	TEST_ASSERT_EQUAL(port.nb_last, 2 * NB_QUEUES, "%u queues", port.nb_last);

	/* Nothing changes while nothing changes. */
	test_tph_poll_and_look(&port, 1, 2 * ETH_TPH_FOLLOW_AGREE);
	TEST_ASSERT_SUCCESS(calls_check(1), "bound again");

	test_tph_port_calls_reset(&port);
	test_tph_poll_and_look(&port, 0, ETH_TPH_FOLLOW_AGREE);
	TEST_ASSERT_SUCCESS(test_tph_followed_check(&port, 0), "not followed");
	return calls_check(1);
}

/* A queue that is not polled waits, and the others do not wait for it. */
static int
test_unpolled(void)
{
	unsigned int i;

	TEST_ASSERT_SUCCESS(test_tph_follow(&port, KEEP), "follow");
	for (i = 0; i < ETH_TPH_FOLLOW_AGREE; i++) {
		test_tph_poll_queue(&port, RTE_ETH_TPH_RX, 1, 1);
		test_tph_look();
	}
	TEST_ASSERT_EQUAL(port.nb_last, 1, "%u queues", port.nb_last);
	TEST_ASSERT_SUCCESS(test_tph_follow_check(&port, RTE_ETH_TPH_RX, 1,
		RTE_ETH_TPH_FOLLOWED), "polled");
	TEST_ASSERT_SUCCESS(test_tph_follow_check(&port, RTE_ETH_TPH_TX, 1,
		RTE_ETH_TPH_LEARNING), "unpolled");
	return test_tph_status_check(&port, RTE_ETH_TPH_TX, 1, RTE_ETH_TPH_UNBOUND);
}

/* The thread that polls is told, even if another one goes on at the same place. */
static int
test_thread(void)
{
	struct rte_eth_tph_queue_state state;

	TEST_ASSERT_SUCCESS(test_tph_follow(&port, KEEP), "follow");
	test_tph_poll_and_look(&port, 1, ETH_TPH_FOLLOW_AGREE);
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(port.port_id, RTE_ETH_TPH_RX, 0, &state),
		"get");
	TEST_ASSERT_EQUAL(state.thread, (uint32_t)rte_gettid(), "thread %u", state.thread);
	TEST_ASSERT_EQUAL(state.target, RTE_ETH_TPH_TARGET_CPU, "target %u", state.target);

	/* Its end ends no binding. */
	test_tph_poll_elsewhere(&port, 1);
	test_tph_look();
	test_tph_look();
	TEST_ASSERT_SUCCESS(test_tph_followed_check(&port, 1), "lost");
	return calls_check(1);
}

static int
left_check(enum rte_eth_tph_follow_state state)
{
	TEST_ASSERT_SUCCESS(test_tph_follow_check(&port, RTE_ETH_TPH_RX, 0, state), "Rx");
	TEST_ASSERT_SUCCESS(test_tph_follow_check(&port, RTE_ETH_TPH_TX, 0, state), "Tx");
	TEST_ASSERT_SUCCESS(test_tph_status_check(&port, RTE_ETH_TPH_RX, 0, RTE_ETH_TPH_UNBOUND),
		"bound");
	TEST_ASSERT_EQUAL(port.hw[RTE_ETH_TPH_RX][0].objects, 0, "hinted");
	return TEST_SUCCESS;
}

/* Two threads at a queue are seen together or in turns; it is bound to neither. */
static int
shared_check(bool together, unsigned int nb_lines)
{
	unsigned int i, lines;

	TEST_ASSERT_SUCCESS(test_tph_log_start(), "log");
	for (i = 0; i < 3 * ETH_TPH_FOLLOW_STRAYS; i++) {
		test_tph_poll(&port, 0);
		if (!together)
			test_tph_look();
		test_tph_poll_elsewhere(&port, 1);
		test_tph_look();
	}
	lines = test_tph_log_lines();
	TEST_ASSERT_EQUAL(test_tph_log_stop("several threads poll it"), nb_lines,
		"said otherwise");
	TEST_ASSERT_EQUAL(lines, nb_lines, "%u lines", lines);
	return left_check(RTE_ETH_TPH_SHARED);
}

static int
test_shared(void)
{
	TEST_ASSERT_SUCCESS(test_tph_follow(&port, KEEP), "follow");
	TEST_ASSERT_SUCCESS(shared_check(true, 2 * NB_QUEUES), "together");
	TEST_ASSERT_SUCCESS(calls_check(0), "bound");

	/* What is quiet for long is followed again. */
	test_tph_poll_and_look(&port, 1, ETH_TPH_FOLLOW_CALM - 1);
	TEST_ASSERT_SUCCESS(left_check(RTE_ETH_TPH_SHARED), "too early");
	test_tph_poll_and_look(&port, 1, 1);
	return test_tph_followed_check(&port, 1);
}

static int
test_shared_in_turns(void)
{
	TEST_ASSERT_SUCCESS(test_tph_follow(&port, KEEP), "follow");
	TEST_ASSERT_SUCCESS(shared_check(false, 2 * NB_QUEUES), "in turns");
	return calls_check(0);
}

/* A bound queue that comes to be shared is unbound. */
static int
test_shared_later(void)
{
	TEST_ASSERT_SUCCESS(test_tph_follow(&port, KEEP), "follow");
	test_tph_poll_and_look(&port, 1, ETH_TPH_FOLLOW_AGREE);
	TEST_ASSERT_SUCCESS(test_tph_followed_check(&port, 1), "not learnt");
	test_tph_port_calls_reset(&port);
	TEST_ASSERT_SUCCESS(shared_check(true, 2 * NB_QUEUES), "shared");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], 1, "unbound in %u calls",
		port.calls[TEST_TPH_APPLY]);
	return TEST_SUCCESS;
}

/* What was said of a queue is not said again until the port is followed anew. */
static int
test_told_once(void)
{
	uint16_t id = port.port_id;

	TEST_ASSERT_SUCCESS(test_tph_follow(&port, KEEP), "follow");
	TEST_ASSERT_SUCCESS(shared_check(true, 2 * NB_QUEUES), "shared");
	test_tph_poll_and_look(&port, 1, ETH_TPH_FOLLOW_CALM);
	TEST_ASSERT_SUCCESS(test_tph_followed_check(&port, 1), "not followed again");
	TEST_ASSERT_SUCCESS(shared_check(true, 0), "shared again");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(id), "stop");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(shared_check(true, 0), "shared after a restart");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_unfollow(id), "unfollow");
	TEST_ASSERT_SUCCESS(test_tph_follow(&port, KEEP), "follow");
	return shared_check(true, 2 * NB_QUEUES);
}

static int
test_wandering(void)
{
	unsigned int i, lines;

	TEST_ASSERT_SUCCESS(test_tph_follow(&port, KEEP), "follow");
	TEST_ASSERT_SUCCESS(test_tph_log_start(), "log");
	for (i = 0; i < 3 * ETH_TPH_FOLLOW_STRAYS; i++)
		test_tph_poll_and_look(&port, i % 2, 1);
	lines = test_tph_log_lines();
	TEST_ASSERT_EQUAL(test_tph_log_stop("its thread wanders"), 2 * NB_QUEUES,
		"said otherwise");
	TEST_ASSERT_EQUAL(lines, 2 * NB_QUEUES, "%u lines", lines);
	TEST_ASSERT_SUCCESS(left_check(RTE_ETH_TPH_WANDERING), "not left alone");
	return calls_check(0);
}

/* A queue that moves slowly, and on and on, is not bound each time. */
static int
test_back_and_forth(void)
{
	unsigned int i;

	TEST_ASSERT_SUCCESS(test_tph_follow(&port, KEEP), "follow");
	for (i = 0; i < 20; i++)
		test_tph_poll_and_look(&port, i % 2, 2 * ETH_TPH_FOLLOW_AGREE);
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_RESOLVE], ETH_TPH_FOLLOW_STRAYS, "bound %u times",
		port.calls[TEST_TPH_RESOLVE]);
	return left_check(RTE_ETH_TPH_WANDERING);
}

/* What the application binds or unbinds is left alone, until it is asked for anew. */
static int
test_explicit(void)
{
	uint16_t id = port.port_id;

	test_tph_lcores_set(100, 11, 2);
	TEST_ASSERT_SUCCESS(test_tph_follow(&port, KEEP), "follow");
	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, 100), "bind");
	test_tph_poll_and_look(&port, 1, ETH_TPH_FOLLOW_AGREE);
	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 1, 101), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_unbind(id, RTE_ETH_TPH_RX, 2), "unbind");
	test_tph_poll_and_look(&port, 0, ETH_TPH_FOLLOW_AGREE);
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_RX, 0, 100, 11,
		TEST_TPH_RX_OBJECTS), "bound while learning");
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_RX, 1, 101, 12,
		TEST_TPH_RX_OBJECTS), "bound when followed");
	TEST_ASSERT_SUCCESS(test_tph_status_check(&port, RTE_ETH_TPH_RX, 2,
		RTE_ETH_TPH_UNBOUND), "unbound");
	TEST_ASSERT_SUCCESS(test_tph_follow_check(&port, RTE_ETH_TPH_RX, 2,
		RTE_ETH_TPH_EXPLICIT), "unbound");
	TEST_ASSERT_EQUAL(test_tph_callbacks(id), 2 * NB_QUEUES - 3, "%u callbacks",
		test_tph_callbacks(id));

	/* Explicit bindings outlive following; TPH was enabled for it, and is used. */
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_unfollow(id), "unfollow");
	TEST_ASSERT_EQUAL(port.info.mode, RTE_TPH_MODE_DS, "disabled");
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_RX, 0, 100, 11,
		TEST_TPH_RX_OBJECTS), "unbound");
	TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 3), "bound");

	TEST_ASSERT_SUCCESS(test_tph_follow(&port, KEEP), "follow");
	test_tph_poll_and_look(&port, 1, ETH_TPH_FOLLOW_AGREE);
	TEST_ASSERT_SUCCESS(test_tph_follow_check(&port, RTE_ETH_TPH_RX, 1,
		RTE_ETH_TPH_EXPLICIT), "bound");
	TEST_ASSERT_SUCCESS(test_tph_follow_check(&port, RTE_ETH_TPH_RX, 2,
		RTE_ETH_TPH_FOLLOWED), "unbound before");
	test_tph_lcores_restore();
	return TEST_SUCCESS;
}

/* Callbacks go as soon as queues are learnt, and nothing follows any more. */
static int
test_once(void)
{
	uint16_t id = port.port_id;
	unsigned int i;

	TEST_ASSERT_SUCCESS(test_tph_follow(&port, ONCE), "follow");
	TEST_ASSERT_EQUAL(test_tph_callbacks(id), 2 * NB_QUEUES, "%u callbacks",
		test_tph_callbacks(id));
	for (i = 0; i < ETH_TPH_FOLLOW_AGREE; i++) {
		test_tph_poll_queue(&port, RTE_ETH_TPH_RX, 2, 1);
		test_tph_look();
	}
	TEST_ASSERT_EQUAL(test_tph_callbacks(id), 2 * NB_QUEUES - 1, "%u callbacks",
		test_tph_callbacks(id));
	test_tph_poll_and_look(&port, 1, ETH_TPH_FOLLOW_AGREE);
	TEST_ASSERT_EQUAL(test_tph_callbacks(id), 0, "%u callbacks", test_tph_callbacks(id));
	TEST_ASSERT_SUCCESS(test_tph_followed_check(&port, 1), "not learnt");
	test_tph_poll_and_look(&port, 0, 2 * ETH_TPH_FOLLOW_AGREE);
	TEST_ASSERT_SUCCESS(test_tph_followed_check(&port, 1), "followed");

	/* Nor after a restart. */
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(id), "stop");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_EQUAL(test_tph_callbacks(id), 0, "%u callbacks", test_tph_callbacks(id));
	TEST_ASSERT_SUCCESS(test_tph_followed_check(&port, 1), "lost");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_unfollow(id), "unfollow");
	TEST_ASSERT_EQUAL(port.info.mode, RTE_TPH_MODE_AUTO, "enabled");
	return test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 2);
}

/* Who polls a queue together with others is learnt as well. */
static int
test_once_shared(void)
{
	TEST_ASSERT_SUCCESS(test_tph_follow(&port, ONCE), "follow");
	TEST_ASSERT_SUCCESS(shared_check(true, 2 * NB_QUEUES), "shared");
	TEST_ASSERT_EQUAL(test_tph_callbacks(port.port_id), 0, "%u callbacks",
		test_tph_callbacks(port.port_id));
	return TEST_SUCCESS;
}

/* A queue that cannot be bound is told of, and the others go on. */
static int
test_bind_fails(void)
{
	struct rte_eth_tph_queue_state state;

	TEST_ASSERT_SUCCESS(test_tph_follow(&port, KEEP), "follow");
	port.fail_bad_only = true;
	port.bad[RTE_ETH_TPH_RX][1] = true;
	port.fail[TEST_TPH_RESOLVE] = -ENXIO;
	TEST_ASSERT_SUCCESS(test_tph_log_start(), "log");
	test_tph_poll_and_look(&port, 1, 2 * ETH_TPH_FOLLOW_AGREE);
	TEST_ASSERT_EQUAL(test_tph_log_stop("Rx queue 1: cannot be bound to CPU 1"), 1,
		"said otherwise");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(port.port_id, RTE_ETH_TPH_RX, 1, &state),
		"get");
	TEST_ASSERT_EQUAL(state.follow, RTE_ETH_TPH_UNFOLLOWABLE, "follow %d", state.follow);
	TEST_ASSERT_EQUAL(state.follow_error, -ENXIO, "error %d", state.follow_error);
	TEST_ASSERT_SUCCESS(test_tph_follow_check(&port, RTE_ETH_TPH_RX, 2,
		RTE_ETH_TPH_FOLLOWED), "another");

	/* It is tried again where there is something new to try. */
	port.fail[TEST_TPH_RESOLVE] = 0;
	test_tph_poll_and_look(&port, 0, ETH_TPH_FOLLOW_AGREE);
	TEST_ASSERT_SUCCESS(test_tph_followed_check(&port, 0), "not tried again");

	/* A binding to where nobody polls any more does not stay. */
	port.fail[TEST_TPH_RESOLVE] = -ENXIO;
	test_tph_poll_and_look(&port, 1, ETH_TPH_FOLLOW_AGREE);
	TEST_ASSERT_SUCCESS(test_tph_follow_check(&port, RTE_ETH_TPH_RX, 1,
		RTE_ETH_TPH_UNFOLLOWABLE), "follow");
	TEST_ASSERT_SUCCESS(test_tph_status_check(&port, RTE_ETH_TPH_RX, 1,
		RTE_ETH_TPH_UNBOUND), "stays");
	TEST_ASSERT_EQUAL(port.hw[RTE_ETH_TPH_RX][1].objects, 0, "hinted");
	return TEST_SUCCESS;
}

/* In interrupt-vector mode everything is hinted, and of Rx queues only. */
static int
test_iv(void)
{
	const struct rte_eth_tph_conf iv_conf = { .mode = RTE_TPH_MODE_IV };
	const struct rte_eth_tph_follow_conf some = { .rx_objects = RTE_TPH_OBJECT_DESC };

	port.info.tx_objects = 0;
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &iv_conf), "enable");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_follow(port.port_id, &some), -ENOTSUP, "some objects");
	TEST_ASSERT_SUCCESS(test_tph_follow(&port, KEEP), "follow");
	test_tph_poll_and_look(&port, 1, ETH_TPH_FOLLOW_AGREE);
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_RX, 0, LCORE_ID_ANY, 1,
		TEST_TPH_RX_OBJECTS), "Rx");
	TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_TX, 0), "Tx");
	TEST_ASSERT_EQUAL(test_tph_callbacks(port.port_id), NB_QUEUES, "%u callbacks",
		test_tph_callbacks(port.port_id));
	/* It was not enabled for this. */
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_unfollow(port.port_id), "unfollow");
	TEST_ASSERT_EQUAL(port.info.mode, RTE_TPH_MODE_IV, "disabled");
	return test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 0);
}

static int
test_objects(void)
{
	struct rte_eth_tph_follow_conf conf = { .tx_objects = RTE_TPH_OBJECT_ALL };

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_follow(port.port_id, &conf), "follow");
	test_tph_poll_and_look(&port, 1, ETH_TPH_FOLLOW_AGREE);
	TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 0), "Rx");
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_TX, 0, LCORE_ID_ANY, 1,
		TEST_TPH_TX_OBJECTS), "Tx");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_unfollow(port.port_id), "unfollow");

	conf.rx_objects = RTE_TPH_OBJECT_PAYLOAD;
	conf.tx_objects = RTE_TPH_OBJECT_HEADER;
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_follow(port.port_id, &conf), -ENOTSUP, "Tx headers");
	TEST_ASSERT_EQUAL(port.info.mode, RTE_TPH_MODE_AUTO, "enabled");
	return TEST_SUCCESS;
}

struct unit_test_suite test_tph_follow_suite = {
	.suite_name = "TPH of ethdev: following who polls",
	.unit_test_cases = {
		TEST_CASE_ST(follow_setup, follow_teardown, test_learn_and_follow),
		TEST_CASE_ST(follow_setup, follow_teardown, test_unpolled),
		TEST_CASE_ST(follow_setup, follow_teardown, test_thread),
		TEST_CASE_ST(follow_setup, follow_teardown, test_shared),
		TEST_CASE_ST(follow_setup, follow_teardown, test_shared_in_turns),
		TEST_CASE_ST(follow_setup, follow_teardown, test_shared_later),
		TEST_CASE_ST(follow_setup, follow_teardown, test_told_once),
		TEST_CASE_ST(follow_setup, follow_teardown, test_wandering),
		TEST_CASE_ST(follow_setup, follow_teardown, test_back_and_forth),
		TEST_CASE_ST(follow_setup, follow_teardown, test_explicit),
		TEST_CASE_ST(follow_setup, follow_teardown, test_once),
		TEST_CASE_ST(follow_setup, follow_teardown, test_once_shared),
		TEST_CASE_ST(follow_setup, follow_teardown, test_bind_fails),
		TEST_CASE_ST(follow_setup, follow_teardown, test_iv),
		TEST_CASE_ST(follow_setup, follow_teardown, test_objects),
		TEST_CASES_END()
	},
};
