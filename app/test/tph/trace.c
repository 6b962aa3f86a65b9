/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* Trace points of the TPH functions, and what they record. */

#include <errno.h>
#include <string.h>

#include <eal_trace.h>
#include <rte_trace.h>
#include <rte_trace_point.h>

#include "fake_port.h"
#include "suites.h"
#include "test.h"

#define NB_QUEUES 4

static const struct rte_eth_tph_conf auto_conf = { .mode = RTE_TPH_MODE_AUTO };

static struct test_tph_port port;

/* Not exported by shared libraries. */
#pragma weak trace_mem_per_thread_free

/* Where the next event goes. */
static uint32_t event_at;
/* Nobody else traces in this process. */
static bool own_trace;

static const char * const trace_points[] = {
	"lib.ethdev.tph_info_get", "lib.ethdev.tph_enable", "lib.ethdev.tph_disable",
	"lib.ethdev.tph_queue_bind", "lib.ethdev.tph_queue_unbind", "lib.ethdev.tph_queue_get",
	"lib.ethdev.tph_follow", "lib.ethdev.tph_unfollow",
};

static int
trace_setup(void)
{
	unsigned int i;

	own_trace = !rte_trace_is_enabled();
	for (i = 0; i < RTE_DIM(trace_points); i++) {
		TEST_ASSERT_NOT_NULL(rte_trace_point_lookup(trace_points[i]), "no %s",
			trace_points[i]);
		TEST_ASSERT_SUCCESS(rte_trace_point_enable(
			rte_trace_point_lookup(trace_points[i])), "cannot enable");
	}
	TEST_ASSERT_SUCCESS(test_tph_port_create(&port, "tph_test0", &test_tph_ops), "no port");
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, NB_QUEUES, NB_QUEUES),
		"cannot configure");
	return TEST_SUCCESS;
}

static void
trace_teardown(void)
{
	unsigned int i;

	test_tph_port_destroy(&port);
	for (i = 0; i < RTE_DIM(trace_points); i++)
		(void)rte_trace_point_disable(rte_trace_point_lookup(trace_points[i]));
	/* What is left would be saved to a file at exit. */
	if (own_trace && trace_mem_per_thread_free != NULL) {
		trace_mem_per_thread_free();
		RTE_PER_LCORE(trace_mem) = NULL;
	}
}

/* Remember where this thread records the next event. */
static void
event_expect(void)
{
	const struct __rte_trace_header *trace = RTE_PER_LCORE(trace_mem);

	event_at = trace == NULL ? 0 : RTE_ALIGN_CEIL(trace->offset, 8);
}

/* The fields of an event, as they are recorded: one behind the other. */
struct fields {
	uint8_t bytes[32];
	uint32_t len;
};

#define FIELD_ADD(fields, value) do { \
	memcpy(&(fields)->bytes[(fields)->len], &(value), sizeof(value)); \
	(fields)->len += sizeof(value); \
} while (0)

/* Check that one event was recorded since, with these fields. */
static int
event_check(const char *name, const struct fields *fields)
{
	const struct __rte_trace_header *trace = RTE_PER_LCORE(trace_mem);
	const rte_trace_point_t *tp = rte_trace_point_lookup(name);
	uint64_t header;

	TEST_ASSERT_NOT_NULL(trace, "no memory for traces");
	TEST_ASSERT_EQUAL(trace->offset, event_at + 8 + fields->len, "%s: %u bytes", name,
		trace->offset - event_at - 8);
	memcpy(&header, &trace->mem[event_at], sizeof(header));
	TEST_ASSERT_EQUAL(header >> __RTE_TRACE_EVENT_HEADER_ID_SHIFT,
		(*tp & __RTE_TRACE_FIELD_ID_MASK) >> __RTE_TRACE_FIELD_ID_SHIFT,
		"not an event of %s", name);
	TEST_ASSERT_EQUAL(memcmp(&trace->mem[event_at + 8], fields->bytes, fields->len), 0,
		"%s: wrong fields", name);
	event_expect();
	return TEST_SUCCESS;
}

static int
port_event_check(const char *name, uint16_t port_id, int ret)
{
	struct fields fields = { .len = 0 };

	FIELD_ADD(&fields, port_id);
	FIELD_ADD(&fields, ret);
	return event_check(name, &fields);
}

static int
mode_event_check(const char *name, uint16_t port_id, uint32_t mode, int ret)
{
	struct fields fields = { .len = 0 };

	FIELD_ADD(&fields, port_id);
	FIELD_ADD(&fields, mode);
	FIELD_ADD(&fields, ret);
	return event_check(name, &fields);
}

static int
enable_event_check(uint16_t port_id, uint32_t mode, int ret)
{
	return mode_event_check("lib.ethdev.tph_enable", port_id, mode, ret);
}

static int
bind_event_check(const struct rte_eth_tph_queue_conf *confs, uint16_t nb_confs, int ret)
{
	struct fields fields = { .len = 0 };

	FIELD_ADD(&fields, port.port_id);
	FIELD_ADD(&fields, confs);
	FIELD_ADD(&fields, nb_confs);
	FIELD_ADD(&fields, ret);
	return event_check("lib.ethdev.tph_queue_bind", &fields);
}

static int
queue_event_check(const char *name, uint32_t dir, uint16_t queue_id, int ret)
{
	struct fields fields = { .len = 0 };

	FIELD_ADD(&fields, port.port_id);
	FIELD_ADD(&fields, dir);
	FIELD_ADD(&fields, queue_id);
	FIELD_ADD(&fields, ret);
	return event_check(name, &fields);
}

static int
test_events(void)
{
	const struct rte_eth_tph_queue_conf confs[2] = {
		{ .dir = RTE_ETH_TPH_RX, .queue_id = 1, .lcore_id = rte_get_main_lcore(),
		  .objects = RTE_TPH_OBJECT_ALL },
		{ .dir = RTE_ETH_TPH_TX, .queue_id = 1, .lcore_id = rte_get_main_lcore(),
		  .objects = RTE_TPH_OBJECT_ALL },
	};
	const struct rte_eth_tph_follow_conf once = { .mode = RTE_ETH_TPH_FOLLOW_ONCE };
	struct rte_eth_tph_queue_state state;
	struct rte_eth_tph_info info;
	uint16_t id = port.port_id;

	event_expect();
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_info_get(id, &info), "info_get");
	TEST_ASSERT_SUCCESS(port_event_check("lib.ethdev.tph_info_get", id, 0), "info_get");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(id, &auto_conf), "enable");
	TEST_ASSERT_SUCCESS(enable_event_check(id, RTE_TPH_MODE_AUTO, 0), "enable");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_bind(id, confs, 2), "bind");
	TEST_ASSERT_SUCCESS(bind_event_check(confs, 2, 0), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(id, RTE_ETH_TPH_TX, 3, &state), "get");
	TEST_ASSERT_SUCCESS(queue_event_check("lib.ethdev.tph_queue_get", RTE_ETH_TPH_TX, 3, 0),
		"get");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_unbind(id, RTE_ETH_TPH_TX, 1), "unbind");
	TEST_ASSERT_SUCCESS(queue_event_check("lib.ethdev.tph_queue_unbind", RTE_ETH_TPH_TX, 1,
		0), "unbind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_follow(id, &once), "follow");
	TEST_ASSERT_SUCCESS(mode_event_check("lib.ethdev.tph_follow", id,
		RTE_ETH_TPH_FOLLOW_ONCE, 0), "follow");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_unfollow(id), "unfollow");
	TEST_ASSERT_SUCCESS(port_event_check("lib.ethdev.tph_unfollow", id, 0), "unfollow");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(id), "disable");
	return port_event_check("lib.ethdev.tph_disable", id, 0);
}

/* What fails is what one wants to see most. */
static int
test_errors(void)
{
	const struct rte_eth_tph_conf conf = { .mode = RTE_BIT32(5) };
	uint16_t id = port.port_id;

	event_expect();
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_info_get(UINT16_MAX, NULL), -ENODEV, "info_get");
	TEST_ASSERT_SUCCESS(port_event_check("lib.ethdev.tph_info_get", UINT16_MAX, -ENODEV),
		"info_get");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_enable(id, &conf), -EINVAL, "enable");
	TEST_ASSERT_SUCCESS(enable_event_check(id, RTE_BIT32(5), -EINVAL), "enable");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_enable(id, NULL), -EINVAL, "enable");
	TEST_ASSERT_SUCCESS(enable_event_check(id, 0, -EINVAL), "enable");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_bind(id, NULL, 7), -EINVAL, "bind");
	TEST_ASSERT_SUCCESS(bind_event_check(NULL, 7, -EINVAL), "bind");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_get(id, 2, 0, NULL), -EINVAL, "get");
	TEST_ASSERT_SUCCESS(queue_event_check("lib.ethdev.tph_queue_get", 2, 0, -EINVAL), "get");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_unbind(id, RTE_ETH_TPH_RX, 99), -ERANGE,
		"unbind");
	TEST_ASSERT_SUCCESS(queue_event_check("lib.ethdev.tph_queue_unbind", RTE_ETH_TPH_RX, 99,
		-ERANGE), "unbind");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_follow(id, NULL), -EINVAL, "follow");
	TEST_ASSERT_SUCCESS(mode_event_check("lib.ethdev.tph_follow", id, 0, -EINVAL), "follow");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_unfollow(UINT16_MAX), -ENODEV, "unfollow");
	TEST_ASSERT_SUCCESS(port_event_check("lib.ethdev.tph_unfollow", UINT16_MAX, -ENODEV),
		"unfollow");
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_disable(UINT16_MAX), -ENODEV, "disable");
	return port_event_check("lib.ethdev.tph_disable", UINT16_MAX, -ENODEV);
}

struct unit_test_suite test_tph_trace_suite = {
	.suite_name = "TPH of ethdev: trace points",
	.unit_test_cases = {
		TEST_CASE_ST(trace_setup, trace_teardown, test_events),
		TEST_CASE_ST(trace_setup, trace_teardown, test_errors),
		TEST_CASES_END()
	},
};
