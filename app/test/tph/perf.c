/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * What it costs to bind queues: all in one call, or one by one. The kernel is
 * the test, so what counts is our code and one real system call per call of
 * the kernel; what a kernel does in it comes on top.
 */

#include <inttypes.h>
#include <stdio.h>

#include <rte_cycles.h>
#include <rte_interrupts.h>
#include <tph_pci.h>

#include "fake_kernel.h"
#include "fake_lcore.h"
#include "fake_port.h"
#include "suites.h"
#include "test.h"

/* An lcore per CPU, both from these on. */
#define LCORE 64
#define CPU 11
#define NB_LCORES 32

#define ROUNDS 32

static struct test_tph_port port;
static struct test_tph_kernel *const kernel = &test_tph_kernel;

static int
queue_set(struct rte_eth_dev *dev __rte_unused, enum rte_eth_tph_dir dir, uint16_t queue_id,
		uint32_t objects, uint16_t st)
{
	port.hw[dir][queue_id].objects = objects;
	port.hw[dir][queue_id].st = st;
	return 0;
}

static const struct tph_pci_pmd perf_pmd = {
	.ops = TPH_PCI_OPS,
	.rx_objects = TEST_TPH_RX_OBJECTS,
	.tx_objects = TEST_TPH_TX_OBJECTS,
	.st_bits = 8,
	.queue_set = queue_set,
};

static int
vectors_make(uint16_t nb)
{
	struct rte_intr_handle *intr_handle = port.pci_dev.intr_handle;
	uint16_t q;

	if (rte_intr_nb_efd_set(intr_handle, nb) != 0 ||
	    rte_intr_vec_list_alloc(intr_handle, "tph", nb) != 0)
		return -1;
	for (q = 0; q < nb; q++)
		if (rte_intr_vec_list_index_set(intr_handle, q, 1 + q) != 0)
			return -1;
	return 0;
}

static int
perf_setup(void)
{
	test_tph_lcores_set(LCORE, CPU, NB_LCORES);
	TEST_ASSERT_SUCCESS(test_tph_kernel_start(), "no kernel");
	kernel->table_size = TEST_TPH_ENTRIES_MAX;
	kernel->enter = true;
	TEST_ASSERT_SUCCESS(test_tph_port_create(&port, "tph_test0", &perf_pmd.ops), "no port");
	TEST_ASSERT_SUCCESS(test_tph_device_open(&port.pci_dev), "no device");
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, TEST_TPH_QUEUES, 1), "configure");
	TEST_ASSERT_SUCCESS(vectors_make(RTE_MAX_RXTX_INTR_VEC_ID), "no vectors");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	return TEST_SUCCESS;
}

static void
perf_teardown(void)
{
	test_tph_port_destroy(&port);
	test_tph_device_close(&port.pci_dev);
	test_tph_kernel_stop();
	test_tph_lcores_restore();
}

/*
 * Time of binding *nb* queues, in calls of *batch* queues each; the shortest
 * of some rounds. Tags of another set of CPUs are needed in each round.
 */
static int
measure(enum rte_tph_mode mode, uint16_t nb, uint16_t batch, uint64_t *cycles)
{
	static struct rte_eth_tph_queue_conf confs[TEST_TPH_QUEUES];
	const struct rte_eth_tph_conf conf = { .mode = mode };
	uint64_t start, spent;
	unsigned int round;
	uint16_t q;

	*cycles = UINT64_MAX;
	for (round = 0; round < ROUNDS; round++) {
		for (q = 0; q < nb; q++)
			confs[q] = (struct rte_eth_tph_queue_conf) {
				.dir = RTE_ETH_TPH_RX,
				.queue_id = q,
				.lcore_id = LCORE + (q + round) % NB_LCORES,
				.objects = RTE_TPH_OBJECT_ALL,
			};
		/* Nothing is known from an earlier round. */
		TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port.port_id), "disable");
		TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &conf), "enable");
		start = rte_rdtsc_precise();
		for (q = 0; q < nb; q += batch)
			TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_bind(port.port_id, &confs[q],
				batch), "bind");
		spent = rte_rdtsc_precise() - start;
		*cycles = RTE_MIN(*cycles, spent);
	}
	return TEST_SUCCESS;
}

static int
measure_mode(const char *name, enum rte_tph_mode mode, uint16_t max)
{
	double batch_ns, single_ns, ns = 1E9 / rte_get_tsc_hz();
	uint64_t batch, single;
	uint16_t nb;

	printf("%s\n  %6s %16s %16s %8s\n", name, "queues", "batch ns/queue", "single ns/queue",
		"ratio");
	for (nb = 1; nb <= max; nb *= 2) {
		if (measure(mode, nb, nb, &batch) != TEST_SUCCESS ||
		    measure(mode, nb, 1, &single) != TEST_SUCCESS)
			return TEST_FAILED;
		batch_ns = batch * ns / nb;
		single_ns = single * ns / nb;
		printf("  %6u %16.0f %16.0f %8.2f\n", nb, batch_ns, single_ns,
			single_ns / batch_ns);
	}
	return TEST_SUCCESS;
}

static int
test_tph_perf(void)
{
	int ret;

	if (!test_tph_lcores_available())
		return TEST_SKIPPED;
	ret = perf_setup();
	if (ret == TEST_SUCCESS)
		ret = measure_mode("Device-specific mode", RTE_TPH_MODE_DS, TEST_TPH_QUEUES);
	if (ret == TEST_SUCCESS)
		ret = measure_mode("Interrupt-vector mode", RTE_TPH_MODE_IV,
				RTE_MAX_RXTX_INTR_VEC_ID);
	perf_teardown();
	return ret;
}

REGISTER_TEST_COMMAND(tph_perf_autotest, test_tph_perf);
