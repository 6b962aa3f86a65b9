/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * TPH that drivers of PCI devices share: interrupt-vector mode, of a driver
 * that knows nothing of TPH. The test is the kernel, with its ST table.
 */

#include <pthread.h>

#include <rte_interrupts.h>

#include "fake_kernel.h"
#include "fake_port.h"
#include "iv_port.h"
#include "suites.h"
#include "test.h"

static struct test_tph_kernel *const kernel = &test_tph_kernel;

/* Whatever the number of queues, there is one call of the kernel. */
static int
test_one_call(void)
{
	static const uint16_t sizes[] = { 1, 8, 16, RTE_MAX_RXTX_INTR_VEC_ID };
	unsigned int i;
	uint16_t q;

	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(iv_port.port_id), "stop");
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&iv_port, RTE_MAX_RXTX_INTR_VEC_ID, 1),
		"configure");
	TEST_ASSERT_SUCCESS(iv_vectors_set(RTE_MAX_RXTX_INTR_VEC_ID), "vectors");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(iv_port.port_id), "start");
	for (i = 0; i < RTE_DIM(sizes); i++) {
		TEST_ASSERT_SUCCESS(iv_bind_queues(sizes[i], i, 16), "bind");
		TEST_ASSERT_SUCCESS(iv_set_calls_check(1, sizes[i]), "%u queues", sizes[i]);
		for (q = 0; q < sizes[i]; q++) {
			TEST_ASSERT_SUCCESS(iv_table_check(IV_VECTOR(q), IV_CPU(i + q % 16)),
				"table");
			TEST_ASSERT_SUCCESS(iv_state_check(q, RTE_ETH_TPH_APPLIED, i + q % 16),
				"state");
		}
		TEST_ASSERT_EQUAL(iv_table_used(), sizes[i], "%u entries", iv_table_used());
	}
	return TEST_SUCCESS;
}

static int
test_restart(void)
{
	TEST_ASSERT_SUCCESS(iv_bind_queues(8, 0, 8), "bind");
	TEST_ASSERT_SUCCESS(iv_set_calls_check(1, 8), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(iv_port.port_id), "stop");
	TEST_ASSERT_SUCCESS(iv_state_check(7, RTE_ETH_TPH_PENDING, 7), "stopped");
	TEST_ASSERT_EQUAL(kernel->calls, 0, "%u calls", kernel->calls);
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(iv_port.port_id), "start");
	TEST_ASSERT_SUCCESS(iv_set_calls_check(1, 8), "restart");
	TEST_ASSERT_SUCCESS(iv_table_check(IV_VECTOR(7), IV_CPU(7)), "table");
	return iv_state_check(7, RTE_ETH_TPH_APPLIED, 7);
}

/* Vectors are given to queues anew with each start. */
static int
test_vectors_move(void)
{
	TEST_ASSERT_SUCCESS(iv_bind_queues(3, 0, 3), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(iv_port.port_id), "stop");
	/* Two swap, one goes elsewhere. */
	TEST_ASSERT_SUCCESS(iv_vector_set(0, IV_VECTOR(1)), "vector");
	TEST_ASSERT_SUCCESS(iv_vector_set(1, IV_VECTOR(0)), "vector");
	TEST_ASSERT_SUCCESS(iv_vector_set(2, 40), "vector");
	test_tph_kernel_calls_reset();
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(iv_port.port_id), "start");
	TEST_ASSERT_SUCCESS(iv_set_calls_check(1, 4), "restart");
	TEST_ASSERT_SUCCESS(iv_table_check(IV_VECTOR(1), IV_CPU(0)), "queue 0");
	TEST_ASSERT_SUCCESS(iv_table_check(IV_VECTOR(0), IV_CPU(1)), "queue 1");
	TEST_ASSERT_SUCCESS(iv_table_check(40, IV_CPU(2)), "queue 2");
	TEST_ASSERT_SUCCESS(iv_table_check(IV_VECTOR(2), TEST_TPH_CPU_NONE), "old vector");
	TEST_ASSERT_EQUAL(iv_table_used(), 3, "%u entries", iv_table_used());
	return TEST_SUCCESS;
}

static int
test_unbind(void)
{
	TEST_ASSERT_SUCCESS(iv_bind_queues(4, 0, 4), "bind");
	test_tph_kernel_calls_reset();
	TEST_ASSERT_SUCCESS(iv_unbind_one(2), "unbind");
	TEST_ASSERT_SUCCESS(iv_set_calls_check(1, 1), "unbind");
	TEST_ASSERT_SUCCESS(iv_table_check(IV_VECTOR(2), TEST_TPH_CPU_NONE), "table");
	TEST_ASSERT_SUCCESS(iv_state_check(2, RTE_ETH_TPH_UNBOUND, 0), "state");
	TEST_ASSERT_EQUAL(iv_table_used(), 3, "%u entries", iv_table_used());

	/* Also while the port is stopped: the table is not in its hands. */
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(iv_port.port_id), "stop");
	TEST_ASSERT_SUCCESS(iv_unbind_one(3), "unbind");
	TEST_ASSERT_EQUAL(iv_table_used(), 2, "%u entries", iv_table_used());

	/* And for queues that a new configuration removes. */
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&iv_port, 1, 1), "configure");
	TEST_ASSERT_EQUAL(iv_table_used(), 1, "%u entries", iv_table_used());
	TEST_ASSERT_SUCCESS(iv_table_check(IV_VECTOR(0), IV_CPU(0)), "table");

	test_tph_kernel_calls_reset();
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(iv_port.port_id), "disable");
	TEST_ASSERT_EQUAL(kernel->ops[TEST_TPH_OP_SET_ST], 1, "not cleared");
	TEST_ASSERT_EQUAL(kernel->ops[TEST_TPH_OP_DISABLE], 1, "not disabled");
	TEST_ASSERT_EQUAL(iv_table_used(), 0, "%u entries", iv_table_used());
	return TEST_SUCCESS;
}

static int
bind_shared(const struct rte_eth_tph_queue_conf *confs)
{
	return rte_eth_dev_tph_queue_bind(iv_port.port_id, confs, 2);
}

/* Queues may share a vector if all of them go to the same CPU. */
static int
test_shared_vector(void)
{
	TEST_ASSERT_SUCCESS(iv_vector_set(1, IV_VECTOR(0)), "vector");
	TEST_ASSERT_EQUAL(iv_bind_one(0, 0), -EINVAL, "queue 1 would be hinted as well");
	TEST_ASSERT_SUCCESS(iv_bind_queues(2, 0, 1), "both, to the same CPU");
	TEST_ASSERT_EQUAL(iv_table_used(), 1, "%u entries", iv_table_used());
	TEST_ASSERT_SUCCESS(iv_bind_one(1, 0), "queue 1 anew");

	test_tph_kernel_calls_reset();
	TEST_ASSERT_EQUAL(iv_bind_one(1, 1), -EINVAL, "queue 1 to another CPU");
	TEST_ASSERT_EQUAL(iv_bind_queues(3, 0, 3), -EINVAL, "both, to different CPUs");
	TEST_ASSERT_EQUAL(iv_unbind_one(1), -EINVAL, "queue 1 would still be hinted");
	TEST_ASSERT_EQUAL(kernel->ops[TEST_TPH_OP_SET_ST], 0, "kernel called");
	TEST_ASSERT_SUCCESS(iv_state_check(0, RTE_ETH_TPH_APPLIED, 0), "state");
	TEST_ASSERT_SUCCESS(iv_state_check(1, RTE_ETH_TPH_APPLIED, 0), "state");
	TEST_ASSERT_SUCCESS(iv_state_check(2, RTE_ETH_TPH_UNBOUND, 0), "state");

	/* Both at once may move, and go. */
	TEST_ASSERT_SUCCESS(iv_bind_queues(2, 5, 1), "both, to another CPU");
	TEST_ASSERT_SUCCESS(iv_table_check(IV_VECTOR(0), IV_CPU(5)), "table");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_unbind(iv_port.port_id, RTE_ETH_TPH_RX,
		RTE_ETH_TPH_QUEUE_ALL), "unbind");
	TEST_ASSERT_SUCCESS(iv_state_check(0, RTE_ETH_TPH_UNBOUND, 0), "state");
	TEST_ASSERT_SUCCESS(iv_state_check(1, RTE_ETH_TPH_UNBOUND, 0), "state");
	TEST_ASSERT_EQUAL(iv_table_used(), 0, "%u entries", iv_table_used());

	/* A stopped port hints nothing. */
	TEST_ASSERT_SUCCESS(iv_bind_queues(2, 5, 1), "both");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(iv_port.port_id), "stop");
	TEST_ASSERT_SUCCESS(iv_unbind_one(1), "unbind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(iv_port.port_id), "start");
	TEST_ASSERT_SUCCESS(iv_state_check(0, RTE_ETH_TPH_FAILED, 5), "queue 1 would be hinted");
	TEST_ASSERT_EQUAL(iv_table_used(), 0, "%u entries", iv_table_used());
	return TEST_SUCCESS;
}

static int
test_shared_vector_memory(void)
{
	struct rte_eth_tph_queue_conf confs[2] = {
		{ .queue_id = 0, .lcore_id = IV_LCORE(0), .objects = RTE_TPH_OBJECT_ALL },
		{ .queue_id = 1, .lcore_id = IV_LCORE(0), .objects = RTE_TPH_OBJECT_ALL,
		  .mem = RTE_TPH_MEM_PERSISTENT },
	};

	TEST_ASSERT_SUCCESS(iv_vector_set(1, IV_VECTOR(0)), "vector");
	TEST_ASSERT_EQUAL(bind_shared(confs), -EINVAL, "kinds of memory");
	confs[0].mem = RTE_TPH_MEM_PERSISTENT;
	TEST_ASSERT_SUCCESS(bind_shared(confs), "persistent");
	TEST_ASSERT_EQUAL(kernel->table[IV_VECTOR(0)].mem, 1, "memory");
	return TEST_SUCCESS;
}

/* Where the driver keeps vector 0 for other causes, it is no queue's vector. */
static int
test_vector_zero(void)
{
	struct rte_intr_handle *intr_handle = iv_port.pci_dev.intr_handle;

	TEST_ASSERT_SUCCESS(iv_vector_set(0, 0), "vector");
	TEST_ASSERT_EQUAL(iv_bind_one(0, 0), -ENOTSUP, "vector of other causes");
	TEST_ASSERT_SUCCESS(rte_intr_max_intr_set(intr_handle, IV_NB_QUEUES), "vectors");
	TEST_ASSERT_SUCCESS(iv_bind_one(0, 0), "vector of the queue alone");
	return iv_table_check(0, IV_CPU(0));
}

/* It is the device that decides on objects: some of them cannot be had. */
static int
test_objects(void)
{
	static const struct {
		uint32_t objects;
		int ret;
	} cases[] = {
		{ RTE_TPH_OBJECT_ALL, 0 },
		{ TEST_TPH_RX_OBJECTS, 0 },
		{ RTE_TPH_OBJECT_DESC, -ENOTSUP },
		{ RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_PAYLOAD, -ENOTSUP },
		{ RTE_TPH_OBJECT_HEADER | RTE_TPH_OBJECT_PAYLOAD, -ENOTSUP },
	};
	struct rte_eth_tph_queue_conf conf = { .lcore_id = IV_LCORE(0) };
	struct rte_eth_tph_queue_state state;
	uint32_t objects;
	unsigned int i;

	for (i = 0; i < RTE_DIM(cases); i++) {
		conf.queue_id = i;
		conf.objects = cases[i].objects;
		TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_bind(iv_port.port_id, &conf, 1),
			cases[i].ret, "objects %#x", conf.objects);
		TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(iv_port.port_id, RTE_ETH_TPH_RX, i,
			&state), "get");
		objects = 0;
		if (cases[i].ret == 0)
			objects = TEST_TPH_RX_OBJECTS;
		TEST_ASSERT_EQUAL(state.objects, objects, "objects %#x", state.objects);
	}
	return TEST_SUCCESS;
}

static void *
thread_run(void *arg)
{
	uint16_t queue_id = *(uint16_t *)arg;
	unsigned int i;

	/* Long enough for both to run at once. */
	for (i = 0; i < 100000; i++)
		if (iv_bind_one(queue_id, queue_id) != 0 ||
		    kernel->table[IV_VECTOR(queue_id)].cpu != (uint32_t)IV_CPU(queue_id) ||
		    iv_unbind_one(queue_id) != 0 ||
		    kernel->table[IV_VECTOR(queue_id)].cpu != TEST_TPH_CPU_NONE)
			return arg;
	return NULL;
}

/* Threads that bind and unbind queues of their own leave nothing in the table. */
static int
test_threads(void)
{
	static uint16_t queue_ids[] = { 0, 1 };
	pthread_t threads[RTE_DIM(queue_ids)];
	unsigned int i;
	void *failed;

	for (i = 0; i < RTE_DIM(threads); i++)
		TEST_ASSERT_SUCCESS(pthread_create(&threads[i], NULL, thread_run, &queue_ids[i]),
			"no thread");
	for (i = 0; i < RTE_DIM(threads); i++) {
		pthread_join(threads[i], &failed);
		TEST_ASSERT_NULL(failed, "queue %u", i);
	}
	TEST_ASSERT_EQUAL(iv_table_used(), 0, "%u entries", iv_table_used());
	return TEST_SUCCESS;
}

static int
test_close(void)
{
	TEST_ASSERT_SUCCESS(iv_bind_queues(4, 0, 4), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(iv_port.port_id), "stop");
	TEST_ASSERT_SUCCESS(rte_eth_dev_close(iv_port.port_id), "close");
	TEST_ASSERT_EQUAL(kernel->enabled, 0, "still enabled");
	TEST_ASSERT_EQUAL(iv_table_used(), 0, "%u entries", iv_table_used());
	return TEST_SUCCESS;
}

struct unit_test_suite test_tph_pci_iv_suite = {
	.suite_name = "TPH of PCI drivers: interrupt-vector mode",
	.unit_test_cases = {
		TEST_CASE_ST(iv_setup, iv_teardown, test_one_call),
		TEST_CASE_ST(iv_setup, iv_teardown, test_restart),
		TEST_CASE_ST(iv_setup, iv_teardown, test_vectors_move),
		TEST_CASE_ST(iv_setup, iv_teardown, test_unbind),
		TEST_CASE_ST(iv_setup, iv_teardown, test_shared_vector),
		TEST_CASE_ST(iv_setup, iv_teardown, test_shared_vector_memory),
		TEST_CASE_ST(iv_setup, iv_teardown, test_vector_zero),
		TEST_CASE_ST(iv_setup, iv_teardown, test_objects),
		TEST_CASE_ST(iv_setup, iv_teardown, test_threads),
		TEST_CASE_ST(iv_setup, iv_teardown, test_close),
		TEST_CASES_END()
	},
};
