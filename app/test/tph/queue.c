/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* Arguments and return codes of the TPH functions of queues. */

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "fake_port.h"
#include "suites.h"
#include "test.h"

#define NB_QUEUES 4

static struct test_tph_port port;
static const struct rte_eth_tph_conf auto_conf = { .mode = RTE_TPH_MODE_AUTO };

/* Errors of drivers that ethdev hands on as they are. */
static const int driver_errors[] = { -ENOTSUP, -EACCES, -EINVAL, -ENXIO, -ENOMEM, -EIO };

static int
port_setup(void)
{
	return test_tph_port_start(&port, "tph_test0", NB_QUEUES);
}

static int
enabled_setup(void)
{
	TEST_ASSERT_SUCCESS(port_setup(), "no port");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &auto_conf), "cannot enable");
	return TEST_SUCCESS;
}

static void
port_teardown(void)
{
	test_tph_port_destroy(&port);
}

/* What is wrong with a binding, and what it gets. */
struct bind_fault {
	const char *what;
	void (*make)(struct rte_eth_tph_queue_conf *conf);
	int error;
};

static void
fault_dir(struct rte_eth_tph_queue_conf *conf)
{
	conf->dir = RTE_ETH_TPH_RX_TX + 1;
}

static void
fault_dir_negative(struct rte_eth_tph_queue_conf *conf)
{
	conf->dir = -1;
}

static void
fault_mem(struct rte_eth_tph_queue_conf *conf)
{
	conf->mem = 2;
}

static void
fault_target(struct rte_eth_tph_queue_conf *conf)
{
	conf->target = 2;
}

static void
fault_lcore_and_cpu(struct rte_eth_tph_queue_conf *conf)
{
	conf->cpu_id = 1;
}

static void
fault_cpu_and_lcore(struct rte_eth_tph_queue_conf *conf)
{
	conf->target = RTE_ETH_TPH_TARGET_CPU;
	conf->cpu_id = 0;
	conf->lcore_id = LCORE_ID_ANY;
}

static void
fault_cpu(struct rte_eth_tph_queue_conf *conf)
{
	conf->target = RTE_ETH_TPH_TARGET_CPU;
	conf->lcore_id = 0;
	conf->cpu_id = CPU_SETSIZE - 1;
}

static void
fault_far_beyond_cpu(struct rte_eth_tph_queue_conf *conf)
{
	conf->target = RTE_ETH_TPH_TARGET_CPU;
	conf->lcore_id = 0;
	conf->cpu_id = UINT32_MAX;
}

static void
fault_reserved_first(struct rte_eth_tph_queue_conf *conf)
{
	conf->reserved[0] = 1;
}

static void
fault_reserved_last(struct rte_eth_tph_queue_conf *conf)
{
	conf->reserved[1] = 1;
}

static void
fault_no_object(struct rte_eth_tph_queue_conf *conf)
{
	conf->objects = 0;
}

static void
fault_unknown_object(struct rte_eth_tph_queue_conf *conf)
{
	conf->objects = RTE_TPH_OBJECT_DESC | RTE_BIT32(3);
}

static void
fault_nearly_all_objects(struct rte_eth_tph_queue_conf *conf)
{
	conf->objects = RTE_TPH_OBJECT_ALL - 1;
}

static void
fault_unsupported_object(struct rte_eth_tph_queue_conf *conf)
{
	conf->dir = RTE_ETH_TPH_TX;
	conf->objects = RTE_TPH_OBJECT_HEADER;
}

static void
fault_rx_queue(struct rte_eth_tph_queue_conf *conf)
{
	conf->queue_id = NB_QUEUES;
}

static void
fault_tx_queue(struct rte_eth_tph_queue_conf *conf)
{
	conf->dir = RTE_ETH_TPH_TX;
	conf->queue_id = NB_QUEUES;
}

static void
fault_last_queue(struct rte_eth_tph_queue_conf *conf)
{
	conf->queue_id = RTE_ETH_TPH_QUEUE_ALL - 1;
}

static void
fault_lcore(struct rte_eth_tph_queue_conf *conf)
{
	conf->lcore_id = RTE_MAX_LCORE - 1;
	while (conf->lcore_id != 0 && rte_eal_lcore_role(conf->lcore_id) != ROLE_OFF)
		conf->lcore_id--;
}

static void
fault_beyond_lcore(struct rte_eth_tph_queue_conf *conf)
{
	conf->lcore_id = RTE_MAX_LCORE;
}

static void
fault_far_beyond_lcore(struct rte_eth_tph_queue_conf *conf)
{
	conf->lcore_id = LCORE_ID_ANY - 1;
}

static const struct bind_fault bind_faults[] = {
	{ "direction", fault_dir, -EINVAL },
	{ "negative direction", fault_dir_negative, -EINVAL },
	{ "kind of memory", fault_mem, -EINVAL },
	{ "kind of target", fault_target, -EINVAL },
	{ "lcore and CPU", fault_lcore_and_cpu, -EINVAL },
	{ "CPU and lcore", fault_cpu_and_lcore, -EINVAL },
	{ "reserved[0]", fault_reserved_first, -EINVAL },
	{ "reserved[1]", fault_reserved_last, -EINVAL },
	{ "no object", fault_no_object, -EINVAL },
	{ "unknown object", fault_unknown_object, -EINVAL },
	{ "nearly all objects", fault_nearly_all_objects, -EINVAL },
	{ "unsupported object", fault_unsupported_object, -ENOTSUP },
	{ "Rx queue", fault_rx_queue, -ERANGE },
	{ "Tx queue", fault_tx_queue, -ERANGE },
	{ "last queue", fault_last_queue, -ERANGE },
	{ "lcore", fault_lcore, -ENOENT },
	{ "beyond the last lcore", fault_beyond_lcore, -ENOENT },
	{ "far beyond the last lcore", fault_far_beyond_lcore, -ENOENT },
	{ "CPU", fault_cpu, -ENOENT },
	{ "far beyond the last CPU", fault_far_beyond_cpu, -ENOENT },
};

static int
test_bind_arguments(void)
{
	struct rte_eth_tph_queue_conf confs[3];
	unsigned int i, at, j;
	int ret;

	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_bind(port.port_id, NULL, 1), -EINVAL, "NULL");
	confs[0] = test_tph_good_conf();
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_bind(port.port_id, confs, 0), -EINVAL, "none");

	for (i = 0; i < RTE_DIM(bind_faults); i++) {
		for (at = 0; at < RTE_DIM(confs); at++) {
			for (j = 0; j < RTE_DIM(confs); j++) {
				confs[j] = test_tph_good_conf();
				confs[j].queue_id = j;
			}
			bind_faults[i].make(&confs[at]);
			ret = rte_eth_dev_tph_queue_bind(port.port_id, confs, RTE_DIM(confs));
			TEST_ASSERT_EQUAL(ret, bind_faults[i].error, "%s of binding %u: %d",
				bind_faults[i].what, at, ret);
		}
	}
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_RESOLVE], 0, "driver called");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], 0, "driver called");
	for (j = 0; j < NB_QUEUES; j++)
		TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, j), "bound");
	return TEST_SUCCESS;
}

static int
test_bind_not_enabled(void)
{
	TEST_ASSERT_EQUAL(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, rte_get_main_lcore()),
		-EINVAL, "never enabled");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &auto_conf), "enable");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port.port_id), "disable");
	TEST_ASSERT_EQUAL(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, rte_get_main_lcore()),
		-EINVAL, "disabled");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_RESOLVE], 0, "driver called");
	return TEST_SUCCESS;
}

static int
test_bind_errors(void)
{
	static const enum test_tph_op ops[] = { TEST_TPH_RESOLVE, TEST_TPH_APPLY };
	unsigned int i, j;

	for (i = 0; i < RTE_DIM(ops); i++) {
		for (j = 0; j < RTE_DIM(driver_errors); j++) {
			port.fail[ops[i]] = driver_errors[j];
			TEST_ASSERT_EQUAL(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0,
				rte_get_main_lcore()), driver_errors[j],
				"op %d, error %d", ops[i], driver_errors[j]);
			TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 0),
				"bound");
		}
		port.fail[ops[i]] = 0;
	}
	port.fail[TEST_TPH_RESOLVE] = -ENXIO;
	port.removed = true;
	TEST_ASSERT_EQUAL(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, rte_get_main_lcore()),
		-EIO, "removed");
	return TEST_SUCCESS;
}

static int
test_bind_no_memory(void)
{
#ifdef RTE_MALLOC_ASAN
	/* The address sanitizer ends the process when memory is short. */
	return TEST_SKIPPED;
#else
	static struct rte_eth_tph_queue_conf confs[UINT16_MAX];
	struct rlimit old, new;
	unsigned int i;
	int ret;

	for (i = 0; i < RTE_DIM(confs); i++)
		confs[i] = test_tph_good_conf();
	TEST_ASSERT_SUCCESS(getrlimit(RLIMIT_AS, &old), "getrlimit");
	new = old;
	new.rlim_cur = 4096;
	TEST_ASSERT_SUCCESS(setrlimit(RLIMIT_AS, &new), "setrlimit");
	ret = rte_eth_dev_tph_queue_bind(port.port_id, confs, RTE_DIM(confs));
	TEST_ASSERT_SUCCESS(setrlimit(RLIMIT_AS, &old), "setrlimit");

	TEST_ASSERT_EQUAL(ret, -ENOMEM, "bind without memory: %d", ret);
	TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 0), "bound");

	/* As many with memory: one queue named over and over. */
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_bind(port.port_id, confs, RTE_DIM(confs)),
		"bind");
	TEST_ASSERT_EQUAL(port.nb_last, 1, "%u queues applied", port.nb_last);
	return TEST_SUCCESS;
#endif
}

static int
test_unbind_errors(void)
{
	uint16_t id = port.port_id;
	unsigned int i;

	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_unbind(id, 3, 0), -EINVAL, "direction");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_unbind(id, -1, 0), -EINVAL, "direction");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_unbind(id, RTE_ETH_TPH_RX, NB_QUEUES), -ERANGE,
		"Rx queue");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_unbind(id, RTE_ETH_TPH_TX, UINT16_MAX - 1), -ERANGE,
		"Tx queue");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_unbind(id, RTE_ETH_TPH_RX, 0), "not bound");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], 0, "driver called");

	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, rte_get_main_lcore()),
		"bind");
	for (i = 0; i < RTE_DIM(driver_errors); i++) {
		port.fail[TEST_TPH_APPLY] = driver_errors[i];
		TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_unbind(id, RTE_ETH_TPH_RX, 0),
			driver_errors[i], "error %d of the driver", driver_errors[i]);
		TEST_ASSERT_EQUAL(port.hw[RTE_ETH_TPH_RX][0].objects, TEST_TPH_RX_OBJECTS,
			"unbound");
	}
	port.fail[TEST_TPH_APPLY] = 0;
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_unbind(id, RTE_ETH_TPH_RX, 0), "still bound");
	TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 0), "bound");

	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, rte_get_main_lcore()),
		"bind");
	port.fail[TEST_TPH_APPLY] = -ENOTSUP;
	port.removed = true;
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_unbind(id, RTE_ETH_TPH_RX, 0), -EIO, "removed");
	return TEST_SUCCESS;
}

static int
test_get_errors(void)
{
	struct rte_eth_tph_queue_state state, before;
	uint16_t id = port.port_id;

	memset(&state, 0x5a, sizeof(state));
	before = state;
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_get(id, RTE_ETH_TPH_RX, 0, NULL), -EINVAL,
		"NULL");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_get(id, 2, 0, &state), -EINVAL, "direction");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_get(id, RTE_ETH_TPH_RX, NB_QUEUES, &state),
		-ERANGE, "Rx queue");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_get(id, RTE_ETH_TPH_TX, UINT16_MAX, &state),
		-ERANGE, "Tx queue");
	TEST_ASSERT_EQUAL(memcmp(&state, &before, sizeof(state)), 0, "state touched");
	TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_TX, NB_QUEUES - 1),
		"bound");
	return TEST_SUCCESS;
}

struct unit_test_suite test_tph_queue_suite = {
	.suite_name = "TPH of ethdev: arguments and return codes of queues",
	.unit_test_cases = {
		TEST_CASE_ST(enabled_setup, port_teardown, test_bind_arguments),
		TEST_CASE_ST(port_setup, port_teardown, test_bind_not_enabled),
		TEST_CASE_ST(enabled_setup, port_teardown, test_bind_errors),
		TEST_CASE_ST(enabled_setup, port_teardown, test_bind_no_memory),
		TEST_CASE_ST(enabled_setup, port_teardown, test_unbind_errors),
		TEST_CASE_ST(enabled_setup, port_teardown, test_get_errors),
		TEST_CASES_END()
	},
};
