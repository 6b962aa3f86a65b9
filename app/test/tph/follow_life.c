/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* Following over the life of a port, what it is refused, and threads that meet. */

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include <rte_cycles.h>

#include "fake_lcore.h"
#include "fake_log.h"
#include "follow_by_hand.h"
#include "suites.h"
#include "test.h"

#define NB_QUEUES 4
#define KEEP RTE_ETH_TPH_FOLLOW_KEEP
#define ONCE RTE_ETH_TPH_FOLLOW_ONCE

static const struct rte_eth_tph_conf auto_conf = { .mode = RTE_TPH_MODE_AUTO };

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

/* Bring following into one of its phases; the last one is none. */
enum phase { UNSEEN, SEEN, BOUND, LEFT, PHASES };

static int
phase_enter(enum phase phase, enum rte_eth_tph_follow_mode mode)
{
	unsigned int i;

	TEST_ASSERT_SUCCESS(test_tph_follow(&port, mode), "follow");
	if (phase == SEEN)
		test_tph_poll_and_look(&port, 1, ETH_TPH_FOLLOW_AGREE - 1);
	else if (phase == BOUND)
		test_tph_poll_and_look(&port, 1, ETH_TPH_FOLLOW_AGREE);
	for (i = 0; phase == LEFT && i < 2 * ETH_TPH_FOLLOW_STRAYS; i++)
		test_tph_poll_and_look(&port, i % 2, 1);
	return TEST_SUCCESS;
}

static int
callbacks_check(unsigned int nb)
{
	TEST_ASSERT_EQUAL(test_tph_callbacks(port.port_id), nb, "%u callbacks, expected %u",
		test_tph_callbacks(port.port_id), nb);
	return TEST_SUCCESS;
}

/* Callbacks are there while the port is started; what is bound comes back. */
static int
test_restart(void)
{
	enum phase phase;

	for (phase = UNSEEN; phase < PHASES; phase++) {
		TEST_ASSERT_SUCCESS(phase_enter(phase, KEEP), "phase %d", phase);
		TEST_ASSERT_SUCCESS(callbacks_check(2 * NB_QUEUES), "phase %d", phase);
		TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
		TEST_ASSERT_SUCCESS(callbacks_check(0), "phase %d, stopped", phase);
		test_tph_look();
		TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
		TEST_ASSERT_SUCCESS(callbacks_check(2 * NB_QUEUES), "phase %d", phase);
		if (phase == BOUND)
			TEST_ASSERT_SUCCESS(test_tph_followed_check(&port, 1), "not restored");
		test_tph_poll_and_look(&port, 0, ETH_TPH_FOLLOW_AGREE);
		TEST_ASSERT_SUCCESS(test_tph_followed_check(&port, 0), "phase %d", phase);
		TEST_ASSERT_SUCCESS(rte_eth_dev_tph_unfollow(port.port_id), "unfollow");
	}
	return TEST_SUCCESS;
}

/* Queues that go take their callbacks along, those that come are followed. */
static int
reconfigure(uint16_t nb, bool reset)
{
	if (reset)
		TEST_ASSERT_SUCCESS(rte_eth_dev_reset(port.port_id), "reset");
	else
		TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, nb, nb), "configure");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(callbacks_check(2 * nb), "%u queues", nb);
	test_tph_poll_and_look(&port, nb % 2, ETH_TPH_FOLLOW_AGREE);
	return test_tph_followed_check(&port, nb % 2);
}

static int
test_reconfigure(void)
{
	enum phase phase;

	for (phase = UNSEEN; phase < PHASES; phase++) {
		TEST_ASSERT_SUCCESS(phase_enter(phase, KEEP), "phase %d", phase);
		TEST_ASSERT_SUCCESS(reconfigure(1, false), "fewer");
		TEST_ASSERT_SUCCESS(reconfigure(2 * NB_QUEUES, true), "more");
		TEST_ASSERT_SUCCESS(reconfigure(NB_QUEUES, true), "as before");
		TEST_ASSERT_SUCCESS(rte_eth_dev_tph_unfollow(port.port_id), "unfollow");
		TEST_ASSERT_SUCCESS(callbacks_check(0), "phase %d", phase);
	}
	return TEST_SUCCESS;
}

/* A port leaves no callback to the next one of its number. */
static int
test_close(void)
{
	uint16_t id = port.port_id;
	enum phase phase;

	for (phase = UNSEEN; phase < PHASES; phase++) {
		TEST_ASSERT_SUCCESS(phase_enter(phase, phase % 2 == 0 ? KEEP : ONCE), "phase %d",
			phase);
		test_tph_port_destroy(&port);
		TEST_ASSERT_EQUAL(test_tph_callbacks(id), 0, "%u callbacks",
			test_tph_callbacks(id));
		test_tph_look();
		TEST_ASSERT_SUCCESS(test_tph_port_start(&port, "tph_test0", NB_QUEUES), "port");
		TEST_ASSERT_EQUAL(port.port_id, id, "another number");
		test_tph_poll_and_look(&port, 1, ETH_TPH_FOLLOW_AGREE);
		TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 0), "followed");
	}
	return TEST_SUCCESS;
}

/* So does one that is torn out while it is started. */
static int
test_removal(void)
{
	uint16_t id = port.port_id;

	TEST_ASSERT_SUCCESS(phase_enter(BOUND, KEEP), "bound");
	eth_dev_tph_teardown(&rte_eth_devices[id]);
	TEST_ASSERT_SUCCESS(callbacks_check(0), "torn down");
	TEST_ASSERT_EQUAL(test_tph_follow(&port, KEEP), -ENODEV, "follow");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_unfollow(id), -ENODEV, "unfollow");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_enable(id, &auto_conf), -ENODEV, "enable");

	/* If the removal comes to nothing, the port is as good as new. */
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(id), "stop");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(test_tph_follow(&port, KEEP), "follow");
	TEST_ASSERT_SUCCESS(rte_eth_dev_release_port(&rte_eth_devices[id]), "release");
	TEST_ASSERT_EQUAL(test_tph_callbacks(id), 0, "%u callbacks", test_tph_callbacks(id));
	port.port_id = RTE_MAX_ETHPORTS;
	return TEST_SUCCESS;
}

/* Following ends with TPH; TPH ends with following unless somebody else wants it. */
static int
test_enable_and_disable(void)
{
	uint16_t id = port.port_id;

	TEST_ASSERT_SUCCESS(phase_enter(BOUND, KEEP), "bound");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(id), "disable");
	TEST_ASSERT_SUCCESS(callbacks_check(0), "disabled");
	TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 0), "bound");

	TEST_ASSERT_SUCCESS(phase_enter(BOUND, KEEP), "bound");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(id, &auto_conf), "enable");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_unfollow(id), "unfollow");
	TEST_ASSERT_EQUAL(port.info.mode, RTE_TPH_MODE_DS, "disabled");
	TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 0), "bound");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_unfollow(id), "unfollow again");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(id), "disable");

	/* Disabling is tried, and following ends, whatever comes of it. */
	TEST_ASSERT_SUCCESS(phase_enter(BOUND, KEEP), "bound");
	port.fail[TEST_TPH_DISABLE] = -EIO;
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_unfollow(id), -EIO, "unfollow");
	TEST_ASSERT_SUCCESS(callbacks_check(0), "failed");
	TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 0), "bound");
	return TEST_SUCCESS;
}

/* Hardware that takes hints at start has them from the next one on. */
static int
test_pulled(void)
{
	uint16_t id = port.port_id;

	port.info.when = RTE_ETH_TPH_PORT_START;
	TEST_ASSERT_SUCCESS(test_tph_log_start(), "log");
	TEST_ASSERT_SUCCESS(phase_enter(BOUND, KEEP), "bound");
	test_tph_poll_and_look(&port, 0, 2 * ETH_TPH_FOLLOW_AGREE);
	TEST_ASSERT_EQUAL(test_tph_log_stop("hinted from the next start of the port on"), 1,
		"said otherwise");
	TEST_ASSERT_SUCCESS(test_tph_status_check(&port, RTE_ETH_TPH_RX, 0,
		RTE_ETH_TPH_PENDING), "bound");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(id), "stop");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(test_tph_followed_check(&port, 0), "not applied");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(id), "stop");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_unfollow(id), "unfollow");
	return test_tph_status_check(&port, RTE_ETH_TPH_RX, 0, RTE_ETH_TPH_UNBOUND);
}

static int started_follow, started_unfollow;

static void
in_start_follow(struct test_tph_port *self)
{
	test_tph_look();
	started_unfollow = rte_eth_dev_tph_unfollow(self->port_id);
	started_follow = test_tph_follow(self, KEEP);
}

/* A port that is being started is left alone. */
static int
test_transition(void)
{
	TEST_ASSERT_SUCCESS(phase_enter(SEEN, KEEP), "seen");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	port.in_start = in_start_follow;
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_EQUAL(started_unfollow, -EAGAIN, "unfollow %d", started_unfollow);
	TEST_ASSERT_EQUAL(started_follow, -EAGAIN, "follow %d", started_follow);
	test_tph_poll_and_look(&port, 1, ETH_TPH_FOLLOW_AGREE);
	return test_tph_followed_check(&port, 1);
}

static int
conf_check(const struct rte_eth_tph_follow_conf *conf, int ret, const char *text)
{
	unsigned int lines;
	int got;

	TEST_ASSERT_SUCCESS(test_tph_log_start(), "log");
	got = rte_eth_dev_tph_follow(port.port_id, conf);
	lines = test_tph_log_lines();
	TEST_ASSERT_EQUAL(test_tph_log_stop(text), 1, "said otherwise");
	TEST_ASSERT_EQUAL(got, ret, "returned %d, expected %d", got, ret);
	TEST_ASSERT_EQUAL(lines, 1, "%u lines", lines);
	TEST_ASSERT_EQUAL(port.info.mode, RTE_TPH_MODE_AUTO, "enabled");
	return callbacks_check(0);
}

static int
test_arguments(void)
{
	struct rte_eth_tph_follow_conf conf = { .mode = KEEP };

	TEST_ASSERT_EQUAL(rte_eth_dev_tph_follow(RTE_MAX_ETHPORTS, &conf), -ENODEV, "no port");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_unfollow(RTE_MAX_ETHPORTS), -ENODEV, "no port");
	TEST_ASSERT_SUCCESS(conf_check(NULL, -EINVAL, "conf is NULL"), "NULL");
	conf = (struct rte_eth_tph_follow_conf) { .mode = 2 };
	TEST_ASSERT_SUCCESS(conf_check(&conf, -EINVAL, "unknown mode 2"), "mode");
	conf = (struct rte_eth_tph_follow_conf) { .reserved32 = 1 };
	TEST_ASSERT_SUCCESS(conf_check(&conf, -EINVAL, "a reserved field"), "reserved");
	conf = (struct rte_eth_tph_follow_conf) { .reserved = { 0, 1 } };
	TEST_ASSERT_SUCCESS(conf_check(&conf, -EINVAL, "a reserved field"), "reserved");
	conf = (struct rte_eth_tph_follow_conf) { .rx_objects = 8 };
	TEST_ASSERT_SUCCESS(conf_check(&conf, -EINVAL, "unknown objects"), "Rx objects");
	conf = (struct rte_eth_tph_follow_conf) { .tx_objects = 9 };
	TEST_ASSERT_SUCCESS(conf_check(&conf, -EINVAL, "unknown objects"), "Tx objects");
	conf = (struct rte_eth_tph_follow_conf) { .tx_objects = RTE_TPH_OBJECT_HEADER };
	return conf_check(&conf, -ENOTSUP, "to follow Tx queues, objects 0x2 asked for");
}

static int
test_refused(void)
{
	uint16_t id = port.port_id;
	enum rte_proc_type_t type;
	int follow, unfollow;

	type = test_tph_process_type_set(RTE_PROC_SECONDARY);
	follow = test_tph_follow(&port, KEEP);
	unfollow = rte_eth_dev_tph_unfollow(id);
	(void)test_tph_process_type_set(type);
	TEST_ASSERT_EQUAL(follow, -EPERM, "secondary");
	TEST_ASSERT_EQUAL(unfollow, -EPERM, "secondary");

	/* By the policy of the kernel, or whatever else. */
	port.fail[TEST_TPH_ENABLE] = -EACCES;
	TEST_ASSERT_EQUAL(test_tph_follow(&port, KEEP), -EACCES, "policy");
	TEST_ASSERT_SUCCESS(callbacks_check(0), "policy");
	port.fail[TEST_TPH_ENABLE] = 0;

	TEST_ASSERT_SUCCESS(test_tph_follow(&port, KEEP), "follow");
	TEST_ASSERT_SUCCESS(test_tph_log_start(), "log");
	TEST_ASSERT_EQUAL(test_tph_follow(&port, ONCE), -EALREADY, "twice");
	TEST_ASSERT_EQUAL(test_tph_log_stop("is followed already"), 1, "said otherwise");
	test_tph_poll_and_look(&port, 1, ETH_TPH_FOLLOW_AGREE);
	TEST_ASSERT_SUCCESS(callbacks_check(2 * NB_QUEUES), "it is once now");

	port.dev_ops.tph_ops = NULL;
	TEST_ASSERT_EQUAL(test_tph_follow(&port, KEEP), -ENOTSUP, "no TPH");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_unfollow(id), -ENOTSUP, "no TPH");
	port.dev_ops.tph_ops = &test_tph_ops;

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_unfollow(id), "unfollow");
	port.fail[TEST_TPH_ENABLE] = -ENOTSUP;
	port.removed = true;
	TEST_ASSERT_EQUAL(test_tph_follow(&port, KEEP), -EIO, "removed");
	return TEST_SUCCESS;
}

/* A port that polls another one, as a bonded port does with its members. */
static struct test_tph_port member;

static uint16_t
member_burst(void *queue __rte_unused, struct rte_mbuf **pkts, uint16_t nb)
{
	return rte_eth_rx_burst(member.port_id, 0, pkts, nb);
}

static int
test_member(void)
{
	struct rte_eth_dev *dev = &rte_eth_devices[port.port_id];
	int ret;

	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	dev->rx_pkt_burst = member_burst;
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(test_tph_port_start(&member, "tph_test1", 1), "member");
	ret = test_tph_follow(&member, KEEP);
	test_tph_poll_and_look(&port, 1, ETH_TPH_FOLLOW_AGREE);
	if (ret == 0)
		ret = test_tph_applied_check(&member, RTE_ETH_TPH_RX, 0, LCORE_ID_ANY, 1,
			RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_HEADER);
	test_tph_port_destroy(&member);
	return ret;
}

/* How a real poller goes on: until it is told to pause or to end. */
enum order { POLL, PAUSE, END };

static enum order order, obeyed;

static void *
poller_run(void *arg __rte_unused)
{
	enum order given;

	do {
		given = __atomic_load_n(&order, __ATOMIC_ACQUIRE);
		if (given == POLL)
			test_tph_poll(&port, 1);
		__atomic_store_n(&obeyed, given, __ATOMIC_RELEASE);
	} while (given != END);
	return NULL;
}

static void
order_give(enum order given)
{
	__atomic_store_n(&order, given, __ATOMIC_RELEASE);
	while (__atomic_load_n(&obeyed, __ATOMIC_ACQUIRE) != given)
		sched_yield();
}

/* Wait for queues to be followed, by the alarm. */
static bool
followed_wait(void)
{
	struct rte_eth_tph_queue_state state = { .follow = 0 };
	unsigned int i;

	for (i = 0; i < 10000 && state.follow != RTE_ETH_TPH_FOLLOWED; i++) {
		rte_delay_us_sleep(1000);
		if (rte_eth_dev_tph_queue_get(port.port_id, RTE_ETH_TPH_TX, NB_QUEUES - 1,
				&state) != 0)
			return false;
	}
	return state.follow == RTE_ETH_TPH_FOLLOWED;
}

/* Restart a port that is followed, at different moments of what the alarm does. */
static int
alarm_rounds(void)
{
	uint16_t id = port.port_id;
	unsigned int i;

	for (i = 0; i < 60; i++) {
		TEST_ASSERT_SUCCESS(test_tph_follow(&port, i % 2 == 0 ? KEEP : ONCE), "follow");
		order_give(POLL);
		if (i % 20 == 0)
			TEST_ASSERT(followed_wait(), "round %u: not followed", i);
		else
			rte_delay_us_sleep(i * 100);
		if (i % 3 == 0)
			TEST_ASSERT_SUCCESS(rte_eth_dev_tph_unfollow(id), "unfollow");
		order_give(PAUSE);
		TEST_ASSERT_SUCCESS(rte_eth_dev_stop(id), "stop");
		if (i % 3 == 1)
			TEST_ASSERT_SUCCESS(rte_eth_dev_tph_unfollow(id), "unfollow");
		TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
		if (i % 3 == 2)
			TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(id), "disable");
		TEST_ASSERT_SUCCESS(callbacks_check(0), "round %u", i);
	}
	TEST_ASSERT(!port.broken, "a promise is broken");
	return TEST_SUCCESS;
}

/* The alarm looks while another thread polls, and a third one restarts the port. */
static int
test_alarm(void)
{
	pthread_t thread;
	int ret;

	test_tph_follow_alarm(1000);
	order = obeyed = PAUSE;
	TEST_ASSERT_SUCCESS(pthread_create(&thread, NULL, poller_run, NULL), "no thread");
	ret = alarm_rounds();
	order_give(END);
	pthread_join(thread, NULL);
	return ret;
}

struct unit_test_suite test_tph_follow_life_suite = {
	.suite_name = "TPH of ethdev: following over the life of a port",
	.unit_test_cases = {
		TEST_CASE_ST(follow_setup, follow_teardown, test_restart),
		TEST_CASE_ST(follow_setup, follow_teardown, test_reconfigure),
		TEST_CASE_ST(follow_setup, follow_teardown, test_close),
		TEST_CASE_ST(follow_setup, follow_teardown, test_removal),
		TEST_CASE_ST(follow_setup, follow_teardown, test_enable_and_disable),
		TEST_CASE_ST(follow_setup, follow_teardown, test_pulled),
		TEST_CASE_ST(follow_setup, follow_teardown, test_transition),
		TEST_CASE_ST(follow_setup, follow_teardown, test_arguments),
		TEST_CASE_ST(follow_setup, follow_teardown, test_refused),
		TEST_CASE_ST(follow_setup, follow_teardown, test_member),
		TEST_CASE_ST(follow_setup, follow_teardown, test_alarm),
		TEST_CASES_END()
	},
};
