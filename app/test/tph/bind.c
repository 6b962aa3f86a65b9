/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* Binding queues: directions, objects, batches, CPUs. */

#include <errno.h>
#include <string.h>

#include <rte_lcore.h>

#include "fake_lcore.h"
#include "fake_port.h"
#include "suites.h"
#include "test.h"

#define NB_QUEUES 8

/* Lcores that the tests make: lcore LCORE(i) is on CPU CPU(i). */
#define LCORE(i) (100 + (i))
#define CPU(i) (11 + (i))
#define NB_LCORES 8

static const struct rte_eth_tph_conf auto_conf = { .mode = RTE_TPH_MODE_AUTO };

static struct test_tph_port port;

static int
bind_setup(void)
{
	if (!test_tph_lcores_available())
		return TEST_SKIPPED;
	test_tph_lcores_set(LCORE(0), CPU(0), NB_LCORES);
	test_tph_lcore_clear(LCORE(NB_LCORES));

	TEST_ASSERT_SUCCESS(test_tph_port_create(&port, "tph_test0", &test_tph_ops), "no port");
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, NB_QUEUES, NB_QUEUES),
		"cannot configure");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "cannot start");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &auto_conf), "cannot enable");
	return TEST_SUCCESS;
}

static void
bind_teardown(void)
{
	test_tph_teardown(&port);
}

static struct rte_eth_tph_queue_conf
make_conf(enum rte_eth_tph_dir dir, uint16_t queue_id, uint32_t lcore_id, uint32_t objects)
{
	return (struct rte_eth_tph_queue_conf) {
		.dir = dir,
		.queue_id = queue_id,
		.lcore_id = lcore_id,
		.objects = objects,
	};
}

static int
bind_batch(const struct rte_eth_tph_queue_conf *confs, uint16_t nb)
{
	return rte_eth_dev_tph_queue_bind(port.port_id, confs, nb);
}

/* Rx and Tx queues of one number are different queues. */
static int
test_directions(void)
{
	const struct rte_eth_tph_queue_conf confs[] = {
		make_conf(RTE_ETH_TPH_TX, 0, LCORE(2), RTE_TPH_OBJECT_ALL),
		make_conf(RTE_ETH_TPH_RX, 0, LCORE(1), RTE_TPH_OBJECT_ALL),
		make_conf(RTE_ETH_TPH_RX, NB_QUEUES - 1, LCORE(1), RTE_TPH_OBJECT_ALL),
	};

	TEST_ASSERT_SUCCESS(bind_batch(confs, RTE_DIM(confs)), "bind");
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_RX, 0, LCORE(1), CPU(1),
		TEST_TPH_RX_OBJECTS), "Rx queue 0");
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_TX, 0, LCORE(2), CPU(2),
		TEST_TPH_TX_OBJECTS), "Tx queue 0");
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_RX, NB_QUEUES - 1,
		LCORE(1), CPU(1), TEST_TPH_RX_OBJECTS), "last Rx queue");
	TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 1), "Rx queue 1");
	TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_TX, NB_QUEUES - 1),
		"last Tx queue");

	/* One call of the driver for all. */
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_RESOLVE], 1, "resolve");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], 1, "apply");

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_unbind(port.port_id, RTE_ETH_TPH_RX, 0),
		"unbind");
	TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 0), "Rx queue 0");
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_TX, 0, LCORE(2), CPU(2),
		TEST_TPH_TX_OBJECTS), "Tx queue 0");
	return TEST_SUCCESS;
}

static int
test_objects(void)
{
	const uint32_t supported[TEST_TPH_DIRS] = { TEST_TPH_RX_OBJECTS, TEST_TPH_TX_OBJECTS };
	struct rte_eth_tph_queue_conf conf;
	uint32_t objects;
	int dir, ret;

	for (dir = 0; dir < TEST_TPH_DIRS; dir++) {
		for (objects = 1; objects <= TEST_TPH_RX_OBJECTS; objects++) {
			conf = make_conf(dir, 3, LCORE(0), objects);
			ret = bind_batch(&conf, 1);
			if ((objects & ~supported[dir]) != 0) {
				TEST_ASSERT_EQUAL(ret, -ENOTSUP, "dir %d objects %#x: %d", dir,
					objects, ret);
				continue;
			}
			TEST_ASSERT_SUCCESS(ret, "dir %d objects %#x: %d", dir, objects, ret);
			TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, dir, 3, LCORE(0),
				CPU(0), objects), "dir %d", dir);
		}
		conf = make_conf(dir, 3, LCORE(0), RTE_TPH_OBJECT_ALL);
		TEST_ASSERT_SUCCESS(bind_batch(&conf, 1), "all objects");
		TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, dir, 3, LCORE(0), CPU(0),
			supported[dir]), "dir %d", dir);
	}
	return TEST_SUCCESS;
}

/* What a direction supports may depend on the mode, and may be nothing. */
static int
test_objects_of_mode(void)
{
	const struct rte_eth_tph_conf conf = { .mode = RTE_TPH_MODE_IV };

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port.port_id), "disable");
	port.info.rx_objects = RTE_TPH_OBJECT_PAYLOAD;
	port.info.tx_objects = 0;
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &conf), "enable");

	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE(0)), "bind");
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_RX, 0, LCORE(0), CPU(0),
		RTE_TPH_OBJECT_PAYLOAD), "Rx queue");
	TEST_ASSERT_EQUAL(test_tph_bind_one(&port, RTE_ETH_TPH_TX, 0, LCORE(0)), -ENOTSUP,
		"Tx queue");
	return TEST_SUCCESS;
}

static int
test_memory(void)
{
	struct rte_eth_tph_queue_conf conf;
	struct rte_eth_tph_queue_state state;

	conf = make_conf(RTE_ETH_TPH_RX, 0, LCORE(0), RTE_TPH_OBJECT_ALL);
	conf.mem = RTE_TPH_MEM_PERSISTENT;
	TEST_ASSERT_SUCCESS(bind_batch(&conf, 1), "bind");
	TEST_ASSERT_EQUAL(port.last[0].mem, RTE_TPH_MEM_PERSISTENT, "asked of the driver");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(port.port_id, RTE_ETH_TPH_RX, 0, &state),
		"get");
	TEST_ASSERT_EQUAL(state.mem, RTE_TPH_MEM_PERSISTENT, "recorded");
	return TEST_SUCCESS;
}

/* Of a queue named twice, the later binding counts. */
static int
test_named_twice(void)
{
	const struct rte_eth_tph_queue_conf confs[] = {
		make_conf(RTE_ETH_TPH_RX, 2, LCORE(0), RTE_TPH_OBJECT_HEADER),
		make_conf(RTE_ETH_TPH_TX, 2, LCORE(1), RTE_TPH_OBJECT_DESC),
		make_conf(RTE_ETH_TPH_RX, 2, LCORE(2), RTE_TPH_OBJECT_PAYLOAD),
		make_conf(RTE_ETH_TPH_RX, 3, LCORE(3), RTE_TPH_OBJECT_DESC),
		make_conf(RTE_ETH_TPH_RX, 2, LCORE(4), RTE_TPH_OBJECT_DESC),
	};

	TEST_ASSERT_SUCCESS(bind_batch(confs, RTE_DIM(confs)), "bind");
	TEST_ASSERT_EQUAL(port.nb_last, 3, "%u queues", port.nb_last);
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_RX, 2, LCORE(4), CPU(4),
		RTE_TPH_OBJECT_DESC), "Rx queue 2");
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_RX, 3, LCORE(3), CPU(3),
		RTE_TPH_OBJECT_DESC), "Rx queue 3");
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_TX, 2, LCORE(1), CPU(1),
		RTE_TPH_OBJECT_DESC), "Tx queue 2");

	/* What is wrong with the earlier one still is an error. */
	TEST_ASSERT_EQUAL(bind_batch((struct rte_eth_tph_queue_conf[]) {
			make_conf(RTE_ETH_TPH_RX, 2, LCORE(NB_LCORES), RTE_TPH_OBJECT_ALL),
			make_conf(RTE_ETH_TPH_RX, 2, LCORE(0), RTE_TPH_OBJECT_ALL),
		}, 2), -ENOENT, "earlier lcore");
	return TEST_SUCCESS;
}

/* The record of all queues, to be compared as a whole. */
static void
record_get(struct rte_eth_tph_queue_state record[TEST_TPH_DIRS][NB_QUEUES])
{
	uint16_t q;
	int dir;

	memset(record, 0, sizeof(record[0]) * TEST_TPH_DIRS);
	for (dir = 0; dir < TEST_TPH_DIRS; dir++)
		for (q = 0; q < NB_QUEUES; q++)
			(void)rte_eth_dev_tph_queue_get(port.port_id, dir, q, &record[dir][q]);
}

static int
record_unchanged(struct rte_eth_tph_queue_state before[TEST_TPH_DIRS][NB_QUEUES], uint16_t k,
		const char *what)
{
	struct rte_eth_tph_queue_state now[TEST_TPH_DIRS][NB_QUEUES];

	record_get(now);
	TEST_ASSERT_EQUAL(memcmp(now, before, sizeof(now)), 0, "%s fails at %u: record changed",
		what, k);
	return TEST_SUCCESS;
}

/* A batch of all queues: those bound move, the others are bound. */
static void
batch_make(struct rte_eth_tph_queue_conf confs[TEST_TPH_DIRS * NB_QUEUES])
{
	uint16_t i;

	for (i = 0; i < TEST_TPH_DIRS * NB_QUEUES; i++)
		confs[i] = make_conf(i % 2, i / 2, LCORE((i + 1) % NB_LCORES),
			RTE_TPH_OBJECT_DESC);
}

static int
test_all_or_nothing(void)
{
	static const enum test_tph_op ops[] = { TEST_TPH_RESOLVE, TEST_TPH_APPLY };
	struct rte_eth_tph_queue_state before[TEST_TPH_DIRS][NB_QUEUES];
	struct rte_eth_tph_queue_conf confs[TEST_TPH_DIRS * NB_QUEUES];
	uint16_t k, q;
	unsigned int i;

	for (q = 0; q < NB_QUEUES; q += 2) {
		TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, q, LCORE(q)), "Rx");
		TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_TX, q, LCORE(q)), "Tx");
	}
	record_get(before);

	for (k = 0; k < RTE_DIM(confs); k++) {
		batch_make(confs);
		confs[k].lcore_id = LCORE(NB_LCORES);
		TEST_ASSERT_EQUAL(bind_batch(confs, RTE_DIM(confs)), -ENOENT, "lcore %u", k);
		TEST_ASSERT_SUCCESS(record_unchanged(before, k, "lcore"), "changed");

		batch_make(confs);
		confs[k].queue_id = NB_QUEUES;
		TEST_ASSERT_EQUAL(bind_batch(confs, RTE_DIM(confs)), -ERANGE, "queue %u", k);
		TEST_ASSERT_SUCCESS(record_unchanged(before, k, "queue"), "changed");

		batch_make(confs);
		port.fail_bad_only = true;
		port.bad[confs[k].dir][confs[k].queue_id] = true;
		for (i = 0; i < RTE_DIM(ops); i++) {
			port.fail[ops[i]] = -ENXIO;
			TEST_ASSERT_EQUAL(bind_batch(confs, RTE_DIM(confs)), -ENXIO, "driver %u",
				k);
			TEST_ASSERT_SUCCESS(record_unchanged(before, k, "driver"), "changed");
			port.fail[ops[i]] = 0;
		}
		port.bad[confs[k].dir][confs[k].queue_id] = false;
	}

	/* The same batch without a failure. */
	batch_make(confs);
	TEST_ASSERT_SUCCESS(bind_batch(confs, RTE_DIM(confs)), "bind");
	for (k = 0; k < RTE_DIM(confs); k++)
		TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, k % 2, k / 2,
			LCORE((k + 1) % NB_LCORES), CPU((k + 1) % NB_LCORES),
			RTE_TPH_OBJECT_DESC), "queue %u", k);
	return TEST_SUCCESS;
}

/* Every queue that a port can have, in one batch. */
static int
test_all_queues(void)
{
	static struct rte_eth_tph_queue_conf confs[TEST_TPH_DIRS * TEST_TPH_QUEUES];
	uint16_t i;

	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, TEST_TPH_QUEUES, TEST_TPH_QUEUES),
		"configure");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	for (i = 0; i < RTE_DIM(confs); i++)
		confs[i] = make_conf(i % 2, i / 2, LCORE(i % NB_LCORES), RTE_TPH_OBJECT_DESC);
	TEST_ASSERT_SUCCESS(bind_batch(confs, RTE_DIM(confs)), "bind");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_RESOLVE], 1, "resolve");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], 1, "apply");
	for (i = 0; i < RTE_DIM(confs); i++)
		TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, i % 2, i / 2,
			LCORE(i % NB_LCORES), CPU(i % NB_LCORES), RTE_TPH_OBJECT_DESC),
			"queue %u", i);
	return TEST_SUCCESS;
}

/* Whoever binds anew leaves nothing of the old binding behind. */
static int
test_rebind(void)
{
	const struct rte_eth_tph_queue_conf confs[] = {
		make_conf(RTE_ETH_TPH_RX, 0, LCORE(5), RTE_TPH_OBJECT_HEADER),
		make_conf(RTE_ETH_TPH_RX, 1, LCORE(6), RTE_TPH_OBJECT_DESC),
	};

	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE(0)), "bind");
	TEST_ASSERT_SUCCESS(bind_batch(confs, RTE_DIM(confs)), "bind again");
	TEST_ASSERT_EQUAL(port.last[0].old_objects, TEST_TPH_RX_OBJECTS, "old objects %#x",
		port.last[0].old_objects);
	TEST_ASSERT_EQUAL(port.last[0].old_st, TEST_TPH_ST(CPU(0)), "old tag %#x",
		port.last[0].old_st);
	TEST_ASSERT_EQUAL(port.last[1].old_objects, 0, "old objects %#x",
		port.last[1].old_objects);
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_RX, 0, LCORE(5), CPU(5),
		RTE_TPH_OBJECT_HEADER), "Rx queue 0");
	return TEST_SUCCESS;
}

/* A CPU is named as such, whatever lcore has its number. */
static int
test_cpu(void)
{
	struct rte_eth_tph_queue_conf conf = make_conf(RTE_ETH_TPH_RX, 0, 0, RTE_TPH_OBJECT_ALL);
	struct rte_eth_tph_queue_state state;

	conf.target = RTE_ETH_TPH_TARGET_CPU;
	conf.cpu_id = 0;
	TEST_ASSERT_SUCCESS(bind_batch(&conf, 1), "CPU 0");
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_RX, 0, LCORE_ID_ANY, 0,
		TEST_TPH_RX_OBJECTS), "CPU 0");
	TEST_ASSERT_EQUAL(port.last[0].lcore_id, LCORE_ID_ANY, "lcore %u", port.last[0].lcore_id);
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(port.port_id, RTE_ETH_TPH_RX, 0, &state),
		"get");
	TEST_ASSERT_EQUAL(state.target, RTE_ETH_TPH_TARGET_CPU, "target %u", state.target);
	TEST_ASSERT_EQUAL(state.stale, 0, "stale");

	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE(2)), "lcore");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(port.port_id, RTE_ETH_TPH_RX, 0, &state),
		"get");
	TEST_ASSERT_EQUAL(state.target, RTE_ETH_TPH_TARGET_LCORE, "target %u", state.target);
	return TEST_SUCCESS;
}

/* One entry for all queues of a direction, or of both. */
static int
test_queue_all(void)
{
	struct rte_eth_tph_queue_conf confs[2] = {
		make_conf(RTE_ETH_TPH_RX_TX, RTE_ETH_TPH_QUEUE_ALL, LCORE(1), RTE_TPH_OBJECT_DESC),
		make_conf(RTE_ETH_TPH_RX, 2, LCORE(3), RTE_TPH_OBJECT_HEADER),
	};
	uint16_t id = port.port_id;
	uint16_t q;

	/* The later entry counts. */
	TEST_ASSERT_SUCCESS(bind_batch(confs, 2), "all and one");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], 1, "%u calls", port.calls[TEST_TPH_APPLY]);
	for (q = 0; q < NB_QUEUES; q++) {
		TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_RX, q,
			LCORE(q == 2 ? 3 : 1), CPU(q == 2 ? 3 : 1),
			q == 2 ? RTE_TPH_OBJECT_HEADER : RTE_TPH_OBJECT_DESC), "Rx %u", q);
		TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_TX, q, LCORE(1),
			CPU(1), RTE_TPH_OBJECT_DESC), "Tx %u", q);
	}
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_unbind(id, RTE_ETH_TPH_TX,
		RTE_ETH_TPH_QUEUE_ALL), "unbind Tx");
	TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_TX, 1), "Tx");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_unbind(id, RTE_ETH_TPH_RX_TX, 0), "unbind both");
	TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 0), "Rx 0");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_unbind(id, RTE_ETH_TPH_RX_TX,
		RTE_ETH_TPH_QUEUE_ALL), "unbind all");
	for (q = 0; q < NB_QUEUES; q++)
		TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, q), "Rx");

	/* An object that one direction lacks is no reason to leave it out. */
	confs[0].objects = RTE_TPH_OBJECT_HEADER;
	TEST_ASSERT_EQUAL(bind_batch(confs, 1), -ENOTSUP, "header of Tx");
	TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 0), "Rx 0");
	return TEST_SUCCESS;
}

/* A direction that hints nothing in this mode is left out. */
static int
test_queue_all_of_rx(void)
{
	struct rte_eth_tph_queue_conf conf = make_conf(RTE_ETH_TPH_RX_TX, RTE_ETH_TPH_QUEUE_ALL,
		LCORE(1), RTE_TPH_OBJECT_ALL);

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port.port_id), "disable");
	port.info.tx_objects = 0;
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &auto_conf), "enable");
	TEST_ASSERT_SUCCESS(bind_batch(&conf, 1), "bind");
	TEST_ASSERT_EQUAL(port.nb_last, NB_QUEUES, "%u queues", port.nb_last);
	TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_TX, 0), "Tx");
	conf.dir = RTE_ETH_TPH_TX;
	TEST_ASSERT_EQUAL(bind_batch(&conf, 1), -ENOTSUP, "Tx alone");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port.port_id), "disable");
	port.info.rx_objects = 0;
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &auto_conf), "enable");
	conf.dir = RTE_ETH_TPH_RX_TX;
	TEST_ASSERT_EQUAL(bind_batch(&conf, 1), -ENOTSUP, "neither");
	return TEST_SUCCESS;
}

struct unit_test_suite test_tph_bind_suite = {
	.suite_name = "TPH of ethdev: binding",
	.unit_test_cases = {
		TEST_CASE_ST(bind_setup, bind_teardown, test_directions),
		TEST_CASE_ST(bind_setup, bind_teardown, test_objects),
		TEST_CASE_ST(bind_setup, bind_teardown, test_objects_of_mode),
		TEST_CASE_ST(bind_setup, bind_teardown, test_memory),
		TEST_CASE_ST(bind_setup, bind_teardown, test_named_twice),
		TEST_CASE_ST(bind_setup, bind_teardown, test_all_or_nothing),
		TEST_CASE_ST(bind_setup, bind_teardown, test_all_queues),
		TEST_CASE_ST(bind_setup, bind_teardown, test_rebind),
		TEST_CASE_ST(bind_setup, bind_teardown, test_cpu),
		TEST_CASE_ST(bind_setup, bind_teardown, test_queue_all),
		TEST_CASE_ST(bind_setup, bind_teardown, test_queue_all_of_rx),
		TEST_CASES_END()
	},
};
