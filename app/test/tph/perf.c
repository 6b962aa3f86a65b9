/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * What it costs to bind queues, all in one call or one by one, in time and in
 * memory, and what it adds to the start of a port. The kernel is the test, so
 * what counts is our code and one real system call per call of the kernel; what
 * a kernel does in it comes on top.
 *
 * Times are those of the thread, so that others on the machine do not count.
 * Lines "figure NAME: VALUE UNIT" are for programs.
 */

#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <time.h>

#include <rte_interrupts.h>
#include <rte_malloc.h>
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
#define NB_POLLS 100000
#define STARTS 512

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

static uint64_t
thread_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * UINT64_C(1000000000) + t.tv_nsec;
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
 * of some rounds. Tags of another set of CPUs are needed in each round. With it
 * the calls of the kernel in the last one.
 */
static int
measure(enum rte_tph_mode mode, uint16_t nb, uint16_t batch, uint64_t *ns, unsigned int *calls)
{
	static struct rte_eth_tph_queue_conf confs[TEST_TPH_QUEUES];
	const struct rte_eth_tph_conf conf = { .mode = mode };
	uint64_t start, spent;
	unsigned int round;
	uint16_t q;

	*ns = UINT64_MAX;
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
		test_tph_kernel_calls_reset();
		start = thread_ns();
		for (q = 0; q < nb; q += batch)
			TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_bind(port.port_id, &confs[q],
				batch), "bind");
		spent = thread_ns() - start;
		*ns = RTE_MIN(*ns, spent);
		*calls = kernel->calls;
	}
	return TEST_SUCCESS;
}

static int
measure_mode(const char *name, enum rte_tph_mode mode, uint16_t max)
{
	unsigned int batch_calls = 0, single_calls = 0;
	double batch_ns, single_ns;
	uint64_t batch, single;
	uint16_t nb;

	printf("%s\n  %6s %16s %16s %8s\n", name, "queues", "batch ns/queue", "single ns/queue",
		"ratio");
	for (nb = 1; nb <= max; nb *= 2) {
		if (measure(mode, nb, nb, &batch, &batch_calls) != TEST_SUCCESS ||
		    measure(mode, nb, 1, &single, &single_calls) != TEST_SUCCESS)
			return TEST_FAILED;
		batch_ns = (double)batch / nb;
		single_ns = (double)single / nb;
		printf("  %6u %16.0f %16.0f %8.2f\n", nb, batch_ns, single_ns,
			single_ns / batch_ns);
	}
	printf("figure ioctls, %s, %u queues in one call: %u\n", name, max, batch_calls);
	printf("figure ioctls, %s, %u queues one by one: %u\n", name, max, single_calls);
	return TEST_SUCCESS;
}

static uint16_t
nothing_rx(uint16_t port_id __rte_unused, uint16_t queue_id __rte_unused,
		struct rte_mbuf **pkts __rte_unused, uint16_t nb_pkts,
		uint16_t max_pkts __rte_unused, void *param __rte_unused)
{
	return nb_pkts;
}

/* Nanoseconds of an empty poll by a driver that does nothing; the shortest of some rounds. */
static double
measure_poll(void)
{
	uint64_t start, spent, best = UINT64_MAX;
	struct rte_mbuf *pkts[4];
	unsigned int round, i;

	for (round = 0; round < ROUNDS; round++) {
		start = rte_rdtsc_precise();
		for (i = 0; i < NB_POLLS; i++)
			(void)rte_eth_rx_burst(port.port_id, 0, pkts, RTE_DIM(pkts));
		spent = rte_rdtsc_precise() - start;
		best = RTE_MIN(best, spent);
	}
	return best * 1E9 / rte_get_tsc_hz() / NB_POLLS;
}

/* What following adds to each poll of a queue. */
static int
measure_follow(void)
{
	const struct rte_eth_tph_follow_conf conf = { .mode = RTE_ETH_TPH_FOLLOW_KEEP };
	const struct rte_eth_rxtx_callback *nothing;
	double plain, called, followed, after;

	plain = measure_poll();
	nothing = rte_eth_add_rx_callback(port.port_id, 0, nothing_rx, NULL);
	TEST_ASSERT_NOT_NULL(nothing, "no callback");
	called = measure_poll();
	TEST_ASSERT_SUCCESS(rte_eth_remove_rx_callback(port.port_id, 0, nothing), "remove");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_follow(port.port_id, &conf), "follow");
	followed = measure_poll();
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_unfollow(port.port_id), "unfollow");
	after = measure_poll();
	printf("figure empty poll by a driver that does nothing: %.2f ns\n", plain);
	printf("figure empty poll, with a callback that does nothing / without: %.2f\n",
		called / plain);
	printf("figure empty poll, followed / not: %.2f\n", followed / plain);
	printf("figure empty poll, followed before / never: %.2f\n", after / plain);
	return TEST_SUCCESS;
}

/* Bytes that are allocated, by EAL and by the C library. */
static int64_t
allocated(void)
{
	struct rte_malloc_socket_stats stats;
	int64_t bytes = mallinfo2().uordblks;
	unsigned int i;

	for (i = 0; i < rte_socket_count(); i++)
		if (rte_malloc_get_socket_stats(rte_socket_id_by_idx(i), &stats) == 0)
			bytes += stats.heap_allocsz_bytes;
	return bytes;
}

static int
bind_first(uint16_t nb)
{
	return test_tph_bind_rx(&port, nb, LCORE, NB_LCORES);
}

/* Memory of a port that was never enabled before. */
static int
measure_memory(void)
{
	const struct rte_eth_tph_conf conf = { .mode = RTE_TPH_MODE_DS };
	int64_t before = allocated(), now;

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &conf), "enable");
	now = allocated();
	printf("figure state of a port on which TPH is enabled: %" PRId64 " bytes\n", now - before);
	before = now;
	TEST_ASSERT_SUCCESS(bind_first(1), "bind");
	now = allocated();
	printf("figure state of the first bound queue, which is that of 32: %" PRId64 " bytes\n",
		now - before);
	before = now;
	TEST_ASSERT_SUCCESS(bind_first(TEST_TPH_QUEUES), "bind");
	now = allocated();
	printf("figure state of a further bound queue: %.1f bytes\n",
		(double)(now - before) / (TEST_TPH_QUEUES - 32));
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port.port_id), "disable");
	return TEST_SUCCESS;
}

/* The shortest time of stop and start of a port. */
static int
measure_start(uint16_t port_id, double *ns)
{
	uint64_t start, spent, best = UINT64_MAX;
	unsigned int i;

	for (i = 0; i < STARTS; i++) {
		start = thread_ns();
		TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port_id), "stop");
		TEST_ASSERT_SUCCESS(rte_eth_dev_start(port_id), "start");
		spent = thread_ns() - start;
		best = RTE_MIN(best, spent);
	}
	*ns = best;
	return TEST_SUCCESS;
}

/* What TPH adds to stop and start of a port, with *nb* bound queues. */
static int
measure_starts(void)
{
	const struct rte_eth_tph_conf conf = { .mode = RTE_TPH_MODE_DS };
	static const uint16_t nbs[] = { 0, 1, 16, 128, TEST_TPH_QUEUES };
	double absent, ns;
	unsigned int i;
	int ret;

	/* As if the driver had none. */
	port.dev_ops.tph_ops = NULL;
	ret = measure_start(port.port_id, &absent);
	port.dev_ops.tph_ops = &perf_pmd.ops;
	TEST_ASSERT_SUCCESS(ret, "start without TPH");
	TEST_ASSERT_SUCCESS(measure_start(port.port_id, &ns), "start, disabled");
	printf("figure stop and start of a port, TPH disabled: %+.0f ns\n", ns - absent);

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &conf), "enable");
	for (i = 0; i < RTE_DIM(nbs); i++) {
		if (nbs[i] != 0)
			TEST_ASSERT_SUCCESS(bind_first(nbs[i]), "bind");
		TEST_ASSERT_SUCCESS(measure_start(port.port_id, &ns), "start, %u queues", nbs[i]);
		printf("figure stop and start of a port, %u queues bound: %+.0f ns\n", nbs[i],
			ns - absent);
	}
	return rte_eth_dev_tph_disable(port.port_id);
}

/* On a port of its own, about which nothing is kept from before. */
static int
measure_fresh(int (*measure_it)(void))
{
	int ret = perf_setup();

	if (ret == TEST_SUCCESS)
		ret = measure_it();
	perf_teardown();
	return ret;
}

static int
measure_modes(void)
{
	int ret;

	ret = measure_mode("Device-specific mode", RTE_TPH_MODE_DS, TEST_TPH_QUEUES);
	if (ret == TEST_SUCCESS)
		ret = measure_mode("Interrupt-vector mode", RTE_TPH_MODE_IV,
				RTE_MAX_RXTX_INTR_VEC_ID);
	return ret;
}

static int
test_tph_perf(void)
{
	int ret;

	if (!test_tph_lcores_available())
		return TEST_SKIPPED;
	ret = measure_fresh(measure_memory);
	if (ret == TEST_SUCCESS)
		ret = measure_fresh(measure_starts);
	if (ret == TEST_SUCCESS)
		ret = measure_fresh(measure_follow);
	if (ret == TEST_SUCCESS)
		ret = measure_fresh(measure_modes);
	return ret;
}

REGISTER_TEST_COMMAND(tph_perf_autotest, test_tph_perf);
