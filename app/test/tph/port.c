/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* Arguments and return codes of the TPH functions of ports. */

#include <errno.h>
#include <string.h>

#include <rte_malloc.h>

#include "fake_lcore.h"
#include "fake_port.h"
#include "suites.h"
#include "test.h"

#define NB_QUEUES 4
/* An lcore that a test makes. */
#define LCORE 100
#define CPU 11

static struct test_tph_port port;
static const struct rte_eth_tph_conf auto_conf = { .mode = RTE_TPH_MODE_AUTO };

/* Errors of drivers that ethdev hands on as they are. */
static const int driver_errors[] = { -ENOTSUP, -EACCES, -EINVAL, -EBUSY, -ENXIO, -ENOMEM, -EIO };

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

static int
all_fail_check(uint16_t port_id, int error)
{
	const struct rte_eth_tph_queue_conf conf = test_tph_good_conf();
	struct rte_eth_tph_queue_state state;
	struct rte_eth_tph_info info;

	TEST_ASSERT_EQUAL(rte_eth_dev_tph_info_get(port_id, &info), error, "info_get");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_enable(port_id, &auto_conf), error, "enable");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_disable(port_id), error, "disable");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_bind(port_id, &conf, 1), error, "bind");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_unbind(port_id, RTE_ETH_TPH_RX, 0), error,
		"unbind");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_get(port_id, RTE_ETH_TPH_RX, 0, &state), error,
		"get");
	return TEST_SUCCESS;
}

static int
test_no_port(void)
{
	uint16_t port_id;

	TEST_ASSERT_SUCCESS(all_fail_check(RTE_MAX_ETHPORTS, -ENODEV), "beyond the last port");
	TEST_ASSERT_SUCCESS(all_fail_check(UINT16_MAX, -ENODEV), "far beyond");
	for (port_id = 0; port_id < RTE_MAX_ETHPORTS; port_id++)
		if (!rte_eth_dev_is_valid_port(port_id))
			break;
	TEST_ASSERT_SUCCESS(all_fail_check(port_id, -ENODEV), "port that does not exist");
	return TEST_SUCCESS;
}

static int
test_port_gone(void)
{
	uint16_t port_id = port.port_id;

	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, rte_get_main_lcore()),
		"cannot bind");
	port_teardown();
	return all_fail_check(port_id, -ENODEV);
}

static int
test_no_driver(void)
{
	port.dev_ops.tph_ops = NULL;
	TEST_ASSERT_SUCCESS(all_fail_check(port.port_id, -ENOTSUP), "driver without TPH");
	return TEST_SUCCESS;
}

static int
test_info_get(void)
{
	const struct rte_eth_tph_info expected = {
		.modes = RTE_TPH_MODE_IV | RTE_TPH_MODE_DS,
		.mode = RTE_TPH_MODE_AUTO,
		.rx_objects = TEST_TPH_RX_OBJECTS,
		.tx_objects = TEST_TPH_TX_OBJECTS,
		.table = RTE_TPH_TABLE_CAP,
		.table_size = 64,
		.st_bits = 8,
		.platform = 1,
	};
	struct rte_eth_tph_info info;

	memset(&info, 0xff, sizeof(info));
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_info_get(port.port_id, &info), "info_get");
	TEST_ASSERT_EQUAL(memcmp(&info, &expected, sizeof(info)), 0, "wrong info");

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &auto_conf), "enable");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_info_get(port.port_id, &info), "info_get");
	TEST_ASSERT_EQUAL(info.mode, RTE_TPH_MODE_DS, "mode %d", info.mode);
	return TEST_SUCCESS;
}

static int
test_info_get_errors(void)
{
	struct rte_eth_tph_info info, before;
	unsigned int i;

	TEST_ASSERT_EQUAL(rte_eth_dev_tph_info_get(port.port_id, NULL), -EINVAL, "NULL");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_INFO_GET], 0, "driver called");

	memset(&info, 0x5a, sizeof(info));
	before = info;
	for (i = 0; i < RTE_DIM(driver_errors); i++) {
		port.fail[TEST_TPH_INFO_GET] = driver_errors[i];
		TEST_ASSERT_EQUAL(rte_eth_dev_tph_info_get(port.port_id, &info),
			driver_errors[i], "error %d of the driver", driver_errors[i]);
		TEST_ASSERT_EQUAL(memcmp(&info, &before, sizeof(info)), 0, "info touched");
	}

	port.removed = true;
	port.fail[TEST_TPH_INFO_GET] = -ENOTSUP;
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_info_get(port.port_id, &info), -EIO, "removed");
	return TEST_SUCCESS;
}

static int
test_enable_arguments(void)
{
	static const uint32_t bad_modes[] = {
		RTE_TPH_MODE_IV | RTE_TPH_MODE_DS, RTE_BIT32(2), RTE_BIT32(31), UINT32_MAX,
	};
	struct rte_eth_tph_conf conf;
	unsigned int i;

	TEST_ASSERT_EQUAL(rte_eth_dev_tph_enable(port.port_id, NULL), -EINVAL, "NULL");
	for (i = 0; i < RTE_DIM(bad_modes); i++) {
		conf = auto_conf;
		conf.mode = bad_modes[i];
		TEST_ASSERT_EQUAL(rte_eth_dev_tph_enable(port.port_id, &conf), -EINVAL,
			"mode %#x", bad_modes[i]);
	}
	conf = auto_conf;
	conf.reserved32 = 1;
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_enable(port.port_id, &conf), -EINVAL, "reserved32");
	for (i = 0; i < RTE_DIM(conf.reserved); i++) {
		conf = auto_conf;
		conf.reserved[i] = UINT64_C(1) << 63;
		TEST_ASSERT_EQUAL(rte_eth_dev_tph_enable(port.port_id, &conf), -EINVAL,
			"reserved[%u]", i);
	}
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_ENABLE], 0, "driver called");
	return TEST_SUCCESS;
}

static int
test_enable_errors(void)
{
	unsigned int i;

	for (i = 0; i < RTE_DIM(driver_errors); i++) {
		port.fail[TEST_TPH_ENABLE] = driver_errors[i];
		TEST_ASSERT_EQUAL(rte_eth_dev_tph_enable(port.port_id, &auto_conf),
			driver_errors[i], "error %d of the driver", driver_errors[i]);
		TEST_ASSERT_EQUAL(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0,
			rte_get_main_lcore()), -EINVAL, "enabled nonetheless");
	}

	port.fail[TEST_TPH_ENABLE] = 0;
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &auto_conf), "enable");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port.port_id), "disable");

	port.fail[TEST_TPH_ENABLE] = -ENOTSUP;
	port.removed = true;
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_enable(port.port_id, &auto_conf), -EIO, "removed");
	return TEST_SUCCESS;
}

/* Take all memory of DPDK, in pieces that are freed by memory_give(). */
static void *
memory_take(void)
{
	size_t size = 1 << 30;
	void **last = NULL, **mem;

	while (size >= sizeof(*mem)) {
		mem = rte_malloc(NULL, size, 0);
		if (mem == NULL) {
			size /= 2;
			continue;
		}
		*mem = last;
		last = mem;
	}
	return last;
}

static void
memory_give(void *mem)
{
	void *next;

	for (; mem != NULL; mem = next) {
		next = *(void **)mem;
		rte_free(mem);
	}
}

static int
test_enable_no_memory(void)
{
	void *mem;
	int ret;

	mem = memory_take();
	ret = rte_eth_dev_tph_enable(port.port_id, &auto_conf);
	memory_give(mem);

	TEST_ASSERT_EQUAL(ret, -ENOMEM, "enable without memory: %d", ret);
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_ENABLE], 0, "driver called");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &auto_conf), "enable");
	return TEST_SUCCESS;
}

static int
test_enable_modes(void)
{
	static const enum rte_tph_mode modes[] = { RTE_TPH_MODE_IV, RTE_TPH_MODE_DS };
	struct rte_eth_tph_conf conf = auto_conf;
	unsigned int i;

	for (i = 0; i < RTE_DIM(modes); i++) {
		test_tph_port_calls_reset(&port);
		conf.mode = modes[i];
		TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &conf), "enable");
		TEST_ASSERT_EQUAL(port.info.mode, modes[i], "mode %d", port.info.mode);
		TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 1,
			rte_get_main_lcore()), "bind");

		/* The mode that is enabled, in so many words or not. */
		TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &conf), "again");
		TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &auto_conf), "auto");
		conf.mode = modes[1 - i];
		TEST_ASSERT_EQUAL(rte_eth_dev_tph_enable(port.port_id, &conf), -EBUSY, "other");
		TEST_ASSERT_EQUAL(port.calls[TEST_TPH_ENABLE], 1, "driver called again");
		TEST_ASSERT_EQUAL(port.hw[RTE_ETH_TPH_RX][1].objects, TEST_TPH_RX_OBJECTS,
			"binding lost");

		TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port.port_id), "disable");
		TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port.port_id), "disable again");
		TEST_ASSERT_EQUAL(port.calls[TEST_TPH_DISABLE], 1, "driver called again");
	}
	return TEST_SUCCESS;
}

static int
test_disable_errors(void)
{
	static const int faults[] = { -EIO, -ENOTSUP };
	struct rte_eth_tph_queue_state state;
	uint16_t id = port.port_id;
	unsigned int i;

	for (i = 0; i < RTE_DIM(faults); i++) {
		TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(id, &auto_conf), "enable");
		TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0,
			rte_get_main_lcore()), "bind");
		test_tph_port_calls_reset(&port);
		port.fail[TEST_TPH_DISABLE] = faults[i];
		TEST_ASSERT_EQUAL(rte_eth_dev_tph_disable(id), faults[i], "disable");
		TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 0), "bound");

		/* It is enabled still, and may be tried again. */
		port.fail[TEST_TPH_DISABLE] = 0;
		TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(id), "disable");
		TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(id), "disable");
		TEST_ASSERT_EQUAL(port.calls[TEST_TPH_DISABLE], 2, "%u calls",
			port.calls[TEST_TPH_DISABLE]);
	}

	/* A queue that cannot be cleared does not keep TPH enabled, nor is it lost sight of. */
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(id, &auto_conf), "enable");
	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, rte_get_main_lcore()),
		"bind");
	port.fail[TEST_TPH_APPLY] = -EIO;
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(id), "disable");
	TEST_ASSERT_EQUAL(port.info.mode, RTE_TPH_MODE_AUTO, "enabled");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(id, RTE_ETH_TPH_RX, 0, &state), "get");
	TEST_ASSERT_EQUAL(state.status, RTE_ETH_TPH_FAILED, "status %d", state.status);
	TEST_ASSERT_EQUAL(state.error, -EIO, "error %d", state.error);
	TEST_ASSERT_EQUAL(state.objects, 0, "bound to objects %#x", state.objects);
	TEST_ASSERT_NOT_EQUAL(port.hw[RTE_ETH_TPH_RX][0].objects, 0, "cleared");

	/* Or enabling would make the old tag live. */
	port.lost[RTE_ETH_TPH_RX][0] = true;
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_enable(id, &auto_conf), -EIO, "enable");
	TEST_ASSERT_EQUAL(port.info.mode, RTE_TPH_MODE_AUTO, "enabled");
	port.fail[TEST_TPH_APPLY] = 0;
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(id, &auto_conf), "enable");
	TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 0), "not cleared");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(id), "disable");

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &auto_conf), "enable");
	port.fail[TEST_TPH_DISABLE] = -ENOTSUP;
	port.removed = true;
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_disable(port.port_id), -EIO, "removed");
	return TEST_SUCCESS;
}

static int
secondary_check(void)
{
	const struct rte_eth_tph_queue_conf conf = test_tph_good_conf();
	struct rte_eth_tph_queue_state state;
	struct rte_eth_tph_info info;
	uint16_t id = port.port_id;

	TEST_ASSERT_EQUAL(rte_eth_dev_tph_enable(id, &auto_conf), -EPERM, "enable");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_disable(id), -EPERM, "disable");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_bind(id, &conf, 1), -EPERM, "bind");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_unbind(id, RTE_ETH_TPH_TX, 1), -EPERM, "unbind");

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_info_get(id, &info), "info_get");
	TEST_ASSERT_EQUAL(info.mode, RTE_TPH_MODE_DS, "mode %d", info.mode);
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(id, RTE_ETH_TPH_TX, 1, &state), "get");
	TEST_ASSERT_EQUAL(state.status, RTE_ETH_TPH_APPLIED, "status %d", state.status);
	TEST_ASSERT_EQUAL(state.lcore_id, LCORE, "lcore %u", state.lcore_id);
	TEST_ASSERT_EQUAL(state.cpu_id, CPU, "CPU %u", state.cpu_id);
	TEST_ASSERT_EQUAL(state.stale, 0, "stale");
	return TEST_SUCCESS;
}

/*
 * A real secondary process needs huge pages to share, but it is the type of
 * the process that ethdev asks for.
 */
static int
test_secondary(void)
{
	struct rte_eth_tph_queue_state state;
	enum rte_proc_type_t type;
	int ret;

	if (!test_tph_lcores_available())
		return TEST_SKIPPED;
	test_tph_lcores_set(LCORE, CPU, 1);
	ret = test_tph_bind_one(&port, RTE_ETH_TPH_TX, 1, LCORE);
	/* Lcores of the primary do not exist in a secondary process. */
	test_tph_lcore_clear(LCORE);
	TEST_ASSERT_SUCCESS(ret, "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(port.port_id, RTE_ETH_TPH_TX, 1, &state),
		"get");
	TEST_ASSERT_EQUAL(state.stale, 1, "not stale");
	test_tph_port_calls_reset(&port);

	type = test_tph_process_type_set(RTE_PROC_SECONDARY);
	ret = secondary_check();
	(void)test_tph_process_type_set(type);
	test_tph_lcores_restore();

	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_ENABLE] + port.calls[TEST_TPH_DISABLE] +
		port.calls[TEST_TPH_RESOLVE] + port.calls[TEST_TPH_APPLY], 0, "driver called");
	TEST_ASSERT_EQUAL(port.hw[RTE_ETH_TPH_TX][1].objects, TEST_TPH_TX_OBJECTS,
		"binding changed");
	return ret;
}

static struct unit_test_suite test_tph_suite = {
	.suite_name = "TPH of ethdev: arguments and return codes of ports",
	.unit_test_cases = {
		TEST_CASE(test_no_port),
		TEST_CASE_ST(enabled_setup, port_teardown, test_port_gone),
		TEST_CASE_ST(port_setup, port_teardown, test_no_driver),
		TEST_CASE_ST(port_setup, port_teardown, test_info_get),
		TEST_CASE_ST(port_setup, port_teardown, test_info_get_errors),
		TEST_CASE_ST(port_setup, port_teardown, test_enable_arguments),
		TEST_CASE_ST(port_setup, port_teardown, test_enable_errors),
		TEST_CASE_ST(port_setup, port_teardown, test_enable_no_memory),
		TEST_CASE_ST(port_setup, port_teardown, test_enable_modes),
		TEST_CASE_ST(port_setup, port_teardown, test_disable_errors),
		TEST_CASE_ST(enabled_setup, port_teardown, test_secondary),
		TEST_CASES_END()
	},
};

static int
test_tph(void)
{
	struct unit_test_suite *suites[] = {
		&test_tph_suite, &test_tph_advice_suite, &test_tph_queue_suite,
		&test_tph_bind_suite, &test_tph_lcore_suite, &test_tph_life_suite,
		&test_tph_end_suite, &test_tph_queue_start_suite, &test_tph_port_start_suite,
		&test_tph_thread_suite, &test_tph_telemetry_suite, &test_tph_trace_suite,
		&test_tph_stash_suite, &test_tph_follow_suite, &test_tph_follow_life_suite,
	};
	int result = TEST_SUCCESS;
	unsigned int i;

	for (i = 0; i < RTE_DIM(suites); i++)
		if (unit_test_suite_runner(suites[i]) != TEST_SUCCESS)
			result = TEST_FAILED;
	return result;
}

REGISTER_TEST_COMMAND(tph_autotest, test_tph);
