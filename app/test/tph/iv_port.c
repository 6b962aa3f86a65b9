/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <rte_interrupts.h>
#include <tph_pci.h>

#include "fake_kernel.h"
#include "fake_lcore.h"
#include "iv_port.h"
#include "test.h"

/* Lcores that the tests make */
#define NB_LCORES 64

struct test_tph_port iv_port;
static struct test_tph_kernel *const kernel = &test_tph_kernel;

int
iv_vectors_set(uint16_t nb)
{
	struct rte_intr_handle *intr_handle = iv_port.pci_dev.intr_handle;
	uint16_t q;

	rte_intr_vec_list_free(intr_handle);
	TEST_ASSERT_SUCCESS(rte_intr_nb_efd_set(intr_handle, nb), "cannot set efds");
	TEST_ASSERT_SUCCESS(rte_intr_vec_list_alloc(intr_handle, "tph", nb), "no vectors");
	for (q = 0; q < nb; q++)
		TEST_ASSERT_SUCCESS(rte_intr_vec_list_index_set(intr_handle, q, IV_VECTOR(q)),
			"cannot set vector");
	return TEST_SUCCESS;
}

int
iv_vector_set(uint16_t queue_id, int vector)
{
	return rte_intr_vec_list_index_set(iv_port.pci_dev.intr_handle, queue_id, vector);
}

int
iv_setup(void)
{
	const struct rte_eth_tph_conf conf = { .mode = RTE_TPH_MODE_AUTO };

	if (!test_tph_lcores_available())
		return TEST_SKIPPED;
	test_tph_lcores_set(IV_LCORE(0), IV_CPU(0), NB_LCORES);
	TEST_ASSERT_SUCCESS(test_tph_kernel_start(), "no kernel");
	kernel->table_size = 2048;
	TEST_ASSERT_SUCCESS(test_tph_port_create(&iv_port, "tph_test0", &tph_pci_iv_pmd.ops),
		"no port");
	TEST_ASSERT_SUCCESS(test_tph_device_open(&iv_port.pci_dev), "no device");
	TEST_ASSERT_SUCCESS(iv_vectors_set(IV_NB_QUEUES), "no vectors");
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&iv_port, IV_NB_QUEUES, IV_NB_QUEUES),
		"cannot configure");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(iv_port.port_id), "cannot start");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(iv_port.port_id, &conf), "cannot enable");
	TEST_ASSERT_EQUAL(kernel->enabled, TEST_TPH_MODE_IV, "mode %u", kernel->enabled);
	test_tph_kernel_calls_reset();
	return TEST_SUCCESS;
}

void
iv_teardown(void)
{
	kernel->fail = 0;
	test_tph_port_destroy(&iv_port);
	test_tph_device_close(&iv_port.pci_dev);
	test_tph_kernel_stop();
	test_tph_lcores_restore();
}

int
iv_bind_one(uint16_t queue_id, unsigned int i)
{
	return test_tph_bind_one(&iv_port, RTE_ETH_TPH_RX, queue_id, IV_LCORE(i));
}

int
iv_unbind_one(uint16_t queue_id)
{
	return rte_eth_dev_tph_queue_unbind(iv_port.port_id, RTE_ETH_TPH_RX, queue_id);
}

int
iv_bind_queues(uint16_t nb, unsigned int first, unsigned int of)
{
	return test_tph_bind_rx(&iv_port, nb, IV_LCORE(first), of);
}

int
iv_state_check(uint16_t queue_id, enum rte_eth_tph_status status, unsigned int i)
{
	struct rte_eth_tph_queue_state state;

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(iv_port.port_id, RTE_ETH_TPH_RX, queue_id,
		&state), "get");
	TEST_ASSERT_EQUAL(state.status, status, "queue %u: status %d", queue_id, state.status);
	if (status == RTE_ETH_TPH_UNBOUND)
		return TEST_SUCCESS;
	TEST_ASSERT_EQUAL(state.lcore_id, IV_LCORE(i), "queue %u: lcore %u", queue_id,
		state.lcore_id);
	TEST_ASSERT_EQUAL(state.cpu_id, IV_CPU(i), "queue %u: CPU %u", queue_id, state.cpu_id);
	/* The kernel does not tell the tag. */
	TEST_ASSERT_EQUAL(state.st_bits, 0, "queue %u: %u bits", queue_id, state.st_bits);
	TEST_ASSERT_EQUAL(state.st, 0, "queue %u: tag %#x", queue_id, state.st);
	return TEST_SUCCESS;
}

int
iv_table_check(uint16_t index, uint32_t cpu)
{
	TEST_ASSERT_EQUAL(kernel->table[index].cpu, cpu, "entry %u: CPU %u, expected %u", index,
		kernel->table[index].cpu, cpu);
	return TEST_SUCCESS;
}

unsigned int
iv_table_used(void)
{
	unsigned int i, nb = 0;

	for (i = 0; i < TEST_TPH_ENTRIES_MAX; i++)
		nb += kernel->table[i].cpu != TEST_TPH_CPU_NONE;
	return nb;
}

int
iv_set_calls_check(unsigned int calls, uint32_t nb_ents)
{
	TEST_ASSERT_EQUAL(kernel->calls, calls, "%u calls", kernel->calls);
	TEST_ASSERT_EQUAL(kernel->ops[TEST_TPH_OP_SET_ST], calls, "other calls");
	TEST_ASSERT_EQUAL(kernel->nb_ents, nb_ents, "%u entries", kernel->nb_ents);
	test_tph_kernel_calls_reset();
	return TEST_SUCCESS;
}
