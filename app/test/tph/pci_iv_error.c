/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* Interrupt-vector mode where vectors, tags or the kernel fail. */

#include <errno.h>
#include <string.h>

#include <rte_interrupts.h>

#include "fake_kernel.h"
#include "fake_lcore.h"
#include "fake_log.h"
#include "iv_port.h"
#include "suites.h"
#include "test.h"

static struct test_tph_kernel *const kernel = &test_tph_kernel;

/* A queue that cannot be restored leaves nothing in the table. */
static int
test_restore_clears(void)
{
	TEST_ASSERT_SUCCESS(iv_bind_queues(3, 0, 3), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(iv_port.port_id), "stop");
	/* The old vector of queue 1 is that of another queue now. */
	TEST_ASSERT_SUCCESS(iv_vector_set(5, IV_VECTOR(1)), "vector");
	TEST_ASSERT_SUCCESS(iv_vector_set(1, 0), "vector");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(iv_port.port_id), "start");
	TEST_ASSERT_SUCCESS(iv_state_check(1, RTE_ETH_TPH_FAILED, 1), "queue 1");
	TEST_ASSERT_SUCCESS(iv_state_check(0, RTE_ETH_TPH_APPLIED, 0), "queue 0");
	TEST_ASSERT_SUCCESS(iv_state_check(2, RTE_ETH_TPH_APPLIED, 2), "queue 2");
	TEST_ASSERT_SUCCESS(iv_table_check(IV_VECTOR(1), TEST_TPH_CPU_NONE), "old vector");
	TEST_ASSERT_EQUAL(iv_table_used(), 2, "%u entries", iv_table_used());
	return TEST_SUCCESS;
}

static int
test_no_vectors(void)
{
	struct rte_intr_handle *intr_handle = iv_port.pci_dev.intr_handle;

	/* Fewer vectors than queues. */
	TEST_ASSERT_SUCCESS(iv_vectors_set(4), "vectors");
	TEST_ASSERT_EQUAL(iv_bind_queues(8, 0, 8), -ENOTSUP, "queue without vector");
	TEST_ASSERT_SUCCESS(iv_state_check(0, RTE_ETH_TPH_UNBOUND, 0), "state");
	TEST_ASSERT_SUCCESS(iv_bind_queues(4, 0, 4), "queues with vectors");

	/* Vectors, but not for queues. */
	TEST_ASSERT_SUCCESS(rte_intr_nb_efd_set(intr_handle, 0), "efds");
	test_tph_kernel_calls_reset();
	TEST_ASSERT_EQUAL(iv_bind_one(0, 5), -ENOTSUP, "no vectors");
	TEST_ASSERT_EQUAL(kernel->calls, 0, "kernel called");
	TEST_ASSERT_SUCCESS(iv_state_check(0, RTE_ETH_TPH_APPLIED, 0), "state");

	/* On a stopped port it is found out by start. */
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(iv_port.port_id), "stop");
	TEST_ASSERT_SUCCESS(iv_bind_one(0, 5), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(iv_port.port_id), "start");
	TEST_ASSERT_SUCCESS(iv_state_check(0, RTE_ETH_TPH_FAILED, 5), "state");

	/* There is nothing to forget about vectors to unbind. */
	TEST_ASSERT_SUCCESS(iv_unbind_one(0), "unbind");
	TEST_ASSERT_SUCCESS(iv_table_check(IV_VECTOR(0), TEST_TPH_CPU_NONE), "table");
	return TEST_SUCCESS;
}

static int
test_refused(void)
{
	static const unsigned int cpus[] = { 3, 5 };

	/* ethdev knows no vectors of Tx queues. */
	TEST_ASSERT_EQUAL(test_tph_bind_one(&iv_port, RTE_ETH_TPH_TX, 0, IV_LCORE(0)), -ENOTSUP,
		"Tx queue");
	/* Whether the tags are the same, only the kernel knows. */
	test_tph_lcore_set(IV_LCORE(0), cpus, RTE_DIM(cpus));
	TEST_ASSERT_EQUAL(iv_bind_one(0, 0), -EINVAL, "lcore of two CPUs");
	TEST_ASSERT_EQUAL(kernel->calls, 0, "kernel called");

	/* A vector beyond the table. */
	kernel->table_size = IV_VECTOR(3);
	TEST_ASSERT_EQUAL(iv_bind_queues(4, 1, 4), -EINVAL, "vector beyond the table");
	TEST_ASSERT_EQUAL(iv_table_used(), 0, "%u entries", iv_table_used());
	TEST_ASSERT_SUCCESS(iv_bind_queues(3, 1, 3), "vectors in the table");

	/* A vector beyond all tables, whose low bits are those of another one. */
	TEST_ASSERT_SUCCESS(iv_vector_set(0, UINT16_MAX + 1 + IV_VECTOR(0)), "vector");
	test_tph_kernel_calls_reset();
	TEST_ASSERT_EQUAL(iv_bind_one(0, 1), -EINVAL, "vector beyond all tables");
	TEST_ASSERT_EQUAL(kernel->ops[TEST_TPH_OP_SET_ST], 0, "kernel called");
	return TEST_SUCCESS;
}

/* The kernel disables TPH by itself if it cannot keep the table consistent. */
static int
test_kernel_disabled(void)
{
	const struct rte_eth_tph_conf conf = { .mode = RTE_TPH_MODE_IV };

	TEST_ASSERT_SUCCESS(iv_bind_queues(4, 0, 4), "bind");
	kernel->enabled = 0;
	TEST_ASSERT_EQUAL(iv_bind_queues(4, 1, 4), -EINVAL, "bind");
	TEST_ASSERT_EQUAL(iv_unbind_one(0), -EINVAL, "unbind");
	TEST_ASSERT_SUCCESS(iv_state_check(0, RTE_ETH_TPH_FAILED, 0), "state");

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(iv_port.port_id), "disable");
	TEST_ASSERT_SUCCESS(iv_state_check(0, RTE_ETH_TPH_UNBOUND, 0), "state");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(iv_port.port_id, &conf), "enable");
	TEST_ASSERT_SUCCESS(iv_bind_queues(4, 1, 4), "bind");
	TEST_ASSERT_EQUAL(iv_table_used(), 4, "%u entries", iv_table_used());
	return TEST_SUCCESS;
}

/* What fails at start is logged once, however often it is tried. */
static int
test_restore_log(void)
{
	struct rte_intr_handle *intr_handle = iv_port.pci_dev.intr_handle;
	unsigned int lines;

	TEST_ASSERT_SUCCESS(iv_bind_queues(4, 0, 4), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(iv_port.port_id), "stop");
	TEST_ASSERT_SUCCESS(rte_intr_nb_efd_set(intr_handle, 0), "efds");
	TEST_ASSERT_SUCCESS(test_tph_log_start(), "log");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(iv_port.port_id), "start");
	lines = test_tph_log_stop("Rx queue 0 (lcore 64): no interrupt vector: "
		"configure the port with intr_conf.rxq\n");
	TEST_ASSERT_EQUAL(lines, 1, "%u lines", lines);
	return iv_state_check(0, RTE_ETH_TPH_FAILED, 0);
}

/* Errors of writing the table. */
static const struct {
	int err;
	int ret;
} errors[] = {
	{ ENODEV, -ENXIO }, { EPERM, -EACCES }, { EINVAL, -EINVAL }, { EIO, -EIO },
	{ EOPNOTSUPP, -ENOTSUP }, { ENOMEM, -ENOMEM },
};

static int
test_errors(void)
{
	static struct test_tph_table_entry before[TEST_TPH_ENTRIES_MAX];
	unsigned int i;

	TEST_ASSERT_SUCCESS(iv_bind_queues(8, 0, 8), "bind");
	memcpy(before, kernel->table, sizeof(before));
	for (i = 0; i < RTE_DIM(errors); i++) {
		kernel->fail = errors[i].err;
		TEST_ASSERT_EQUAL(iv_bind_queues(16, 1, 16), errors[i].ret, "errno %d",
			errors[i].err);
		TEST_ASSERT_EQUAL(iv_unbind_one(0), errors[i].ret, "unbind, errno %d",
			errors[i].err);
		TEST_ASSERT_SUCCESS(iv_state_check(0, RTE_ETH_TPH_APPLIED, 0), "state");
		TEST_ASSERT_SUCCESS(iv_state_check(8, RTE_ETH_TPH_UNBOUND, 0), "state");
	}
	TEST_ASSERT_EQUAL(memcmp(before, kernel->table, sizeof(before)), 0, "table changed");

	/* What failed left nothing behind that would be in the way. */
	kernel->fail = 0;
	TEST_ASSERT_SUCCESS(iv_bind_queues(16, 1, 16), "bind");
	TEST_ASSERT_EQUAL(iv_table_used(), 16, "%u entries", iv_table_used());
	TEST_ASSERT_SUCCESS(iv_unbind_one(15), "unbind");
	TEST_ASSERT_EQUAL(iv_table_used(), 15, "%u entries", iv_table_used());
	return TEST_SUCCESS;
}

/* Of a start that cannot restore one queue, the others are served. */
static int
test_restore_fails(void)
{
	TEST_ASSERT_SUCCESS(iv_bind_queues(4, 0, 4), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(iv_port.port_id), "stop");
	kernel->tags[0][IV_CPU(1)].none = true;
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(iv_port.port_id), "start");
	TEST_ASSERT_SUCCESS(iv_state_check(0, RTE_ETH_TPH_APPLIED, 0), "queue 0");
	TEST_ASSERT_SUCCESS(iv_state_check(1, RTE_ETH_TPH_FAILED, 1), "queue 1");
	TEST_ASSERT_SUCCESS(iv_state_check(2, RTE_ETH_TPH_APPLIED, 2), "queue 2");
	return iv_state_check(3, RTE_ETH_TPH_APPLIED, 3);
}

/* Queues that trade their vectors meanwhile are no conflict, one by one. */
static int
test_restore_fails_moved(void)
{
	TEST_ASSERT_SUCCESS(iv_bind_queues(3, 0, 3), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(iv_port.port_id), "stop");
	TEST_ASSERT_SUCCESS(iv_vector_set(0, IV_VECTOR(1)), "vector");
	TEST_ASSERT_SUCCESS(iv_vector_set(1, IV_VECTOR(0)), "vector");
	kernel->tags[0][IV_CPU(2)].none = true;
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(iv_port.port_id), "start");
	TEST_ASSERT_SUCCESS(iv_state_check(0, RTE_ETH_TPH_APPLIED, 0), "queue 0");
	TEST_ASSERT_SUCCESS(iv_state_check(1, RTE_ETH_TPH_APPLIED, 1), "queue 1");
	TEST_ASSERT_SUCCESS(iv_state_check(2, RTE_ETH_TPH_FAILED, 2), "queue 2");
	TEST_ASSERT_SUCCESS(iv_table_check(IV_VECTOR(1), IV_CPU(0)), "queue 0");
	TEST_ASSERT_SUCCESS(iv_table_check(IV_VECTOR(0), IV_CPU(1)), "queue 1");
	return TEST_SUCCESS;
}

struct unit_test_suite test_tph_pci_iv_error_suite = {
	.suite_name = "TPH of PCI drivers: errors of interrupt-vector mode",
	.unit_test_cases = {
		TEST_CASE_ST(iv_setup, iv_teardown, test_restore_clears),
		TEST_CASE_ST(iv_setup, iv_teardown, test_no_vectors),
		TEST_CASE_ST(iv_setup, iv_teardown, test_refused),
		TEST_CASE_ST(iv_setup, iv_teardown, test_kernel_disabled),
		TEST_CASE_ST(iv_setup, iv_teardown, test_restore_log),
		TEST_CASE_ST(iv_setup, iv_teardown, test_errors),
		TEST_CASE_ST(iv_setup, iv_teardown, test_restore_fails),
		TEST_CASE_ST(iv_setup, iv_teardown, test_restore_fails_moved),
		TEST_CASES_END()
	},
};
