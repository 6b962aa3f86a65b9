/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * TPH that drivers of PCI devices share: interrupt-vector mode, of a driver
 * that knows nothing of TPH. The test is the kernel, with its ST table.
 */

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include <rte_interrupts.h>
#include <tph_pci.h>

#include "fake_kernel.h"
#include "fake_lcore.h"
#include "fake_port.h"
#include "suites.h"
#include "test.h"

#define NB_QUEUES 16
/* Vector 0 is for other things, as it mostly is. */
#define VECTOR(queue_id) (1 + (queue_id))

/* Lcores that the tests make: lcore LCORE(i) is on CPU CPU(i). */
#define LCORE(i) (64 + (i))
#define CPU(i) (11 + (i))
#define NB_LCORES 64

static struct test_tph_port port;
static struct test_tph_kernel *const kernel = &test_tph_kernel;

static int
vectors_set(uint16_t nb)
{
	struct rte_intr_handle *intr_handle = port.pci_dev.intr_handle;
	uint16_t q;

	rte_intr_vec_list_free(intr_handle);
	TEST_ASSERT_SUCCESS(rte_intr_nb_efd_set(intr_handle, nb), "cannot set efds");
	TEST_ASSERT_SUCCESS(rte_intr_vec_list_alloc(intr_handle, "tph", nb), "no vectors");
	for (q = 0; q < nb; q++)
		TEST_ASSERT_SUCCESS(rte_intr_vec_list_index_set(intr_handle, q, VECTOR(q)),
			"cannot set vector");
	return TEST_SUCCESS;
}

static int
vector_set(uint16_t queue_id, int vector)
{
	return rte_intr_vec_list_index_set(port.pci_dev.intr_handle, queue_id, vector);
}

static int
iv_setup(void)
{
	const struct rte_eth_tph_conf conf = { .mode = RTE_TPH_MODE_AUTO };

	if (!test_tph_lcores_available())
		return TEST_SKIPPED;
	test_tph_lcores_set(LCORE(0), CPU(0), NB_LCORES);
	TEST_ASSERT_SUCCESS(test_tph_kernel_start(), "no kernel");
	kernel->table_size = 2048;
	TEST_ASSERT_SUCCESS(test_tph_port_create(&port, "tph_test0", &tph_pci_iv_pmd.ops),
		"no port");
	TEST_ASSERT_SUCCESS(test_tph_device_open(&port.pci_dev), "no device");
	TEST_ASSERT_SUCCESS(vectors_set(NB_QUEUES), "no vectors");
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, NB_QUEUES, NB_QUEUES),
		"cannot configure");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "cannot start");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &conf), "cannot enable");
	TEST_ASSERT_EQUAL(kernel->enabled, TEST_TPH_MODE_IV, "mode %u", kernel->enabled);
	test_tph_kernel_calls_reset();
	return TEST_SUCCESS;
}

static void
iv_teardown(void)
{
	kernel->fail = 0;
	test_tph_port_destroy(&port);
	test_tph_device_close(&port.pci_dev);
	test_tph_kernel_stop();
	test_tph_lcores_restore();
}

static int
bind_one(uint16_t queue_id, unsigned int i)
{
	return test_tph_bind_one(&port, RTE_ETH_TPH_RX, queue_id, LCORE(i));
}

static int
unbind_one(uint16_t queue_id)
{
	return rte_eth_dev_tph_queue_unbind(port.port_id, RTE_ETH_TPH_RX, queue_id);
}

/* Bind Rx queues 0 to *nb* - 1 to lcores *first* on, of *of*. */
static int
bind_queues(uint16_t nb, unsigned int first, unsigned int of)
{
	static struct rte_eth_tph_queue_conf confs[TEST_TPH_QUEUES];
	uint16_t q;

	for (q = 0; q < nb; q++)
		confs[q] = (struct rte_eth_tph_queue_conf) {
			.dir = RTE_ETH_TPH_RX,
			.queue_id = q,
			.lcore_id = LCORE(first + q % of),
			.objects = RTE_TPH_OBJECT_ALL,
		};
	return rte_eth_dev_tph_queue_bind(port.port_id, confs, nb);
}

/* Check the state of a queue. */
static int
state_check(uint16_t queue_id, enum rte_eth_tph_status status, unsigned int i)
{
	struct rte_eth_tph_queue_state state;

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(port.port_id, RTE_ETH_TPH_RX, queue_id,
		&state), "get");
	TEST_ASSERT_EQUAL(state.status, status, "queue %u: status %d", queue_id, state.status);
	if (status == RTE_ETH_TPH_UNBOUND)
		return TEST_SUCCESS;
	TEST_ASSERT_EQUAL(state.lcore_id, LCORE(i), "queue %u: lcore %u", queue_id,
		state.lcore_id);
	TEST_ASSERT_EQUAL(state.cpu_id, CPU(i), "queue %u: CPU %u", queue_id, state.cpu_id);
	/* The kernel does not tell the tag. */
	TEST_ASSERT_EQUAL(state.st_bits, 0, "queue %u: %u bits", queue_id, state.st_bits);
	TEST_ASSERT_EQUAL(state.st, 0, "queue %u: tag %#x", queue_id, state.st);
	return TEST_SUCCESS;
}

/* Check one entry of the table; *cpu* -1: it is empty. */
static int
table_check(uint16_t index, uint32_t cpu)
{
	TEST_ASSERT_EQUAL(kernel->table[index].cpu, cpu, "entry %u: CPU %u, expected %u", index,
		kernel->table[index].cpu, cpu);
	return TEST_SUCCESS;
}

/* Number of entries of the table that are not empty. */
static unsigned int
table_used(void)
{
	unsigned int i, nb = 0;

	for (i = 0; i < TEST_TPH_ENTRIES_MAX; i++)
		nb += kernel->table[i].cpu != TEST_TPH_CPU_NONE;
	return nb;
}

static int
set_calls_check(unsigned int calls, uint32_t nb_ents)
{
	TEST_ASSERT_EQUAL(kernel->calls, calls, "%u calls", kernel->calls);
	TEST_ASSERT_EQUAL(kernel->ops[TEST_TPH_OP_SET_ST], calls, "other calls");
	TEST_ASSERT_EQUAL(kernel->nb_ents, nb_ents, "%u entries", kernel->nb_ents);
	test_tph_kernel_calls_reset();
	return TEST_SUCCESS;
}

/* Whatever the number of queues, there is one call of the kernel. */
static int
test_one_call(void)
{
	static const uint16_t sizes[] = { 1, 8, 16, RTE_MAX_RXTX_INTR_VEC_ID };
	unsigned int i;
	uint16_t q;

	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, RTE_MAX_RXTX_INTR_VEC_ID, 1),
		"configure");
	TEST_ASSERT_SUCCESS(vectors_set(RTE_MAX_RXTX_INTR_VEC_ID), "vectors");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	for (i = 0; i < RTE_DIM(sizes); i++) {
		TEST_ASSERT_SUCCESS(bind_queues(sizes[i], i, 16), "bind");
		TEST_ASSERT_SUCCESS(set_calls_check(1, sizes[i]), "%u queues", sizes[i]);
		for (q = 0; q < sizes[i]; q++) {
			TEST_ASSERT_SUCCESS(table_check(VECTOR(q), CPU(i + q % 16)), "table");
			TEST_ASSERT_SUCCESS(state_check(q, RTE_ETH_TPH_APPLIED, i + q % 16),
				"state");
		}
		TEST_ASSERT_EQUAL(table_used(), sizes[i], "%u entries", table_used());
	}
	return TEST_SUCCESS;
}

static int
test_restart(void)
{
	TEST_ASSERT_SUCCESS(bind_queues(8, 0, 8), "bind");
	TEST_ASSERT_SUCCESS(set_calls_check(1, 8), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	TEST_ASSERT_SUCCESS(state_check(7, RTE_ETH_TPH_PENDING, 7), "stopped");
	TEST_ASSERT_EQUAL(kernel->calls, 0, "%u calls", kernel->calls);
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(set_calls_check(1, 8), "restart");
	TEST_ASSERT_SUCCESS(table_check(VECTOR(7), CPU(7)), "table");
	return state_check(7, RTE_ETH_TPH_APPLIED, 7);
}

/* Vectors are given to queues anew with each start. */
static int
test_vectors_move(void)
{
	TEST_ASSERT_SUCCESS(bind_queues(3, 0, 3), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	/* Two swap, one goes elsewhere. */
	TEST_ASSERT_SUCCESS(vector_set(0, VECTOR(1)), "vector");
	TEST_ASSERT_SUCCESS(vector_set(1, VECTOR(0)), "vector");
	TEST_ASSERT_SUCCESS(vector_set(2, 40), "vector");
	test_tph_kernel_calls_reset();
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(set_calls_check(1, 4), "restart");
	TEST_ASSERT_SUCCESS(table_check(VECTOR(1), CPU(0)), "queue 0");
	TEST_ASSERT_SUCCESS(table_check(VECTOR(0), CPU(1)), "queue 1");
	TEST_ASSERT_SUCCESS(table_check(40, CPU(2)), "queue 2");
	TEST_ASSERT_SUCCESS(table_check(VECTOR(2), TEST_TPH_CPU_NONE), "old vector");
	TEST_ASSERT_EQUAL(table_used(), 3, "%u entries", table_used());
	return TEST_SUCCESS;
}

static int
test_unbind(void)
{
	TEST_ASSERT_SUCCESS(bind_queues(4, 0, 4), "bind");
	test_tph_kernel_calls_reset();
	TEST_ASSERT_SUCCESS(unbind_one(2), "unbind");
	TEST_ASSERT_SUCCESS(set_calls_check(1, 1), "unbind");
	TEST_ASSERT_SUCCESS(table_check(VECTOR(2), TEST_TPH_CPU_NONE), "table");
	TEST_ASSERT_SUCCESS(state_check(2, RTE_ETH_TPH_UNBOUND, 0), "state");
	TEST_ASSERT_EQUAL(table_used(), 3, "%u entries", table_used());

	/* Also while the port is stopped: the table is not in its hands. */
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	TEST_ASSERT_SUCCESS(unbind_one(3), "unbind");
	TEST_ASSERT_EQUAL(table_used(), 2, "%u entries", table_used());

	/* And for queues that a new configuration removes. */
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, 1, 1), "configure");
	TEST_ASSERT_EQUAL(table_used(), 1, "%u entries", table_used());
	TEST_ASSERT_SUCCESS(table_check(VECTOR(0), CPU(0)), "table");

	test_tph_kernel_calls_reset();
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port.port_id), "disable");
	TEST_ASSERT_EQUAL(kernel->ops[TEST_TPH_OP_SET_ST], 1, "not cleared");
	TEST_ASSERT_EQUAL(kernel->ops[TEST_TPH_OP_DISABLE], 1, "not disabled");
	TEST_ASSERT_EQUAL(table_used(), 0, "%u entries", table_used());
	return TEST_SUCCESS;
}

static int
bind_shared(const struct rte_eth_tph_queue_conf *confs)
{
	return rte_eth_dev_tph_queue_bind(port.port_id, confs, 2);
}

/* Queues may share a vector if all of them go to the same CPU. */
static int
test_shared_vector(void)
{
	TEST_ASSERT_SUCCESS(vector_set(1, VECTOR(0)), "vector");
	TEST_ASSERT_EQUAL(bind_one(0, 0), -EINVAL, "queue 1 would be hinted as well");
	TEST_ASSERT_SUCCESS(bind_queues(2, 0, 1), "both, to the same CPU");
	TEST_ASSERT_EQUAL(table_used(), 1, "%u entries", table_used());
	TEST_ASSERT_SUCCESS(bind_one(1, 0), "queue 1 anew");

	test_tph_kernel_calls_reset();
	TEST_ASSERT_EQUAL(bind_one(1, 1), -EINVAL, "queue 1 to another CPU");
	TEST_ASSERT_EQUAL(bind_queues(3, 0, 3), -EINVAL, "both, to different CPUs");
	TEST_ASSERT_EQUAL(unbind_one(1), -EINVAL, "queue 1 would still be hinted");
	TEST_ASSERT_EQUAL(kernel->ops[TEST_TPH_OP_SET_ST], 0, "kernel called");
	TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_APPLIED, 0), "state");
	TEST_ASSERT_SUCCESS(state_check(1, RTE_ETH_TPH_APPLIED, 0), "state");
	TEST_ASSERT_SUCCESS(state_check(2, RTE_ETH_TPH_UNBOUND, 0), "state");

	/* Both at once may move, and go. */
	TEST_ASSERT_SUCCESS(bind_queues(2, 5, 1), "both, to another CPU");
	TEST_ASSERT_SUCCESS(table_check(VECTOR(0), CPU(5)), "table");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_unbind(port.port_id, RTE_ETH_TPH_RX,
		RTE_ETH_TPH_QUEUE_ALL), "unbind");
	TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_UNBOUND, 0), "state");
	TEST_ASSERT_SUCCESS(state_check(1, RTE_ETH_TPH_UNBOUND, 0), "state");
	TEST_ASSERT_EQUAL(table_used(), 0, "%u entries", table_used());

	/* A stopped port hints nothing. */
	TEST_ASSERT_SUCCESS(bind_queues(2, 5, 1), "both");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	TEST_ASSERT_SUCCESS(unbind_one(1), "unbind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_FAILED, 5), "queue 1 would be hinted");
	TEST_ASSERT_EQUAL(table_used(), 0, "%u entries", table_used());
	return TEST_SUCCESS;
}

static int
test_shared_vector_memory(void)
{
	struct rte_eth_tph_queue_conf confs[2] = {
		{ .queue_id = 0, .lcore_id = LCORE(0), .objects = RTE_TPH_OBJECT_ALL },
		{ .queue_id = 1, .lcore_id = LCORE(0), .objects = RTE_TPH_OBJECT_ALL,
		  .mem = RTE_TPH_MEM_PERSISTENT },
	};

	TEST_ASSERT_SUCCESS(vector_set(1, VECTOR(0)), "vector");
	TEST_ASSERT_EQUAL(bind_shared(confs), -EINVAL, "kinds of memory");
	confs[0].mem = RTE_TPH_MEM_PERSISTENT;
	TEST_ASSERT_SUCCESS(bind_shared(confs), "persistent");
	TEST_ASSERT_EQUAL(kernel->table[VECTOR(0)].mem, 1, "memory");
	return TEST_SUCCESS;
}

/* Where the driver keeps vector 0 for other causes, it is no queue's vector. */
static int
test_vector_zero(void)
{
	struct rte_intr_handle *intr_handle = port.pci_dev.intr_handle;

	TEST_ASSERT_SUCCESS(vector_set(0, 0), "vector");
	TEST_ASSERT_EQUAL(bind_one(0, 0), -ENOTSUP, "vector of other causes");
	TEST_ASSERT_SUCCESS(rte_intr_max_intr_set(intr_handle, NB_QUEUES), "vectors");
	TEST_ASSERT_SUCCESS(bind_one(0, 0), "vector of the queue alone");
	return table_check(0, CPU(0));
}

/* A queue that cannot be restored leaves nothing in the table. */
static int
test_restore_clears(void)
{
	TEST_ASSERT_SUCCESS(bind_queues(3, 0, 3), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	/* The old vector of queue 1 is that of another queue now. */
	TEST_ASSERT_SUCCESS(vector_set(5, VECTOR(1)), "vector");
	TEST_ASSERT_SUCCESS(vector_set(1, 0), "vector");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(state_check(1, RTE_ETH_TPH_FAILED, 1), "queue 1");
	TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_APPLIED, 0), "queue 0");
	TEST_ASSERT_SUCCESS(state_check(2, RTE_ETH_TPH_APPLIED, 2), "queue 2");
	TEST_ASSERT_SUCCESS(table_check(VECTOR(1), TEST_TPH_CPU_NONE), "old vector");
	TEST_ASSERT_EQUAL(table_used(), 2, "%u entries", table_used());
	return TEST_SUCCESS;
}

static int
test_no_vectors(void)
{
	struct rte_intr_handle *intr_handle = port.pci_dev.intr_handle;

	/* Fewer vectors than queues. */
	TEST_ASSERT_SUCCESS(vectors_set(4), "vectors");
	TEST_ASSERT_EQUAL(bind_queues(8, 0, 8), -ENOTSUP, "queue without vector");
	TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_UNBOUND, 0), "state");
	TEST_ASSERT_SUCCESS(bind_queues(4, 0, 4), "queues with vectors");

	/* Vectors, but not for queues. */
	TEST_ASSERT_SUCCESS(rte_intr_nb_efd_set(intr_handle, 0), "efds");
	test_tph_kernel_calls_reset();
	TEST_ASSERT_EQUAL(bind_one(0, 5), -ENOTSUP, "no vectors");
	TEST_ASSERT_EQUAL(kernel->calls, 0, "kernel called");
	TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_APPLIED, 0), "state");

	/* On a stopped port it is found out by start. */
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	TEST_ASSERT_SUCCESS(bind_one(0, 5), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_FAILED, 5), "state");

	/* There is nothing to forget about vectors to unbind. */
	TEST_ASSERT_SUCCESS(unbind_one(0), "unbind");
	TEST_ASSERT_SUCCESS(table_check(VECTOR(0), TEST_TPH_CPU_NONE), "table");
	return TEST_SUCCESS;
}

static int
test_refused(void)
{
	static const unsigned int cpus[] = { 3, 5 };

	/* ethdev knows no vectors of Tx queues. */
	TEST_ASSERT_EQUAL(test_tph_bind_one(&port, RTE_ETH_TPH_TX, 0, LCORE(0)), -ENOTSUP,
		"Tx queue");
	/* Whether the tags are the same, only the kernel knows. */
	test_tph_lcore_set(LCORE(0), cpus, RTE_DIM(cpus));
	TEST_ASSERT_EQUAL(bind_one(0, 0), -EINVAL, "lcore of two CPUs");
	TEST_ASSERT_EQUAL(kernel->calls, 0, "kernel called");

	/* A vector beyond the table. */
	kernel->table_size = VECTOR(3);
	TEST_ASSERT_EQUAL(bind_queues(4, 1, 4), -EINVAL, "vector beyond the table");
	TEST_ASSERT_EQUAL(table_used(), 0, "%u entries", table_used());
	TEST_ASSERT_SUCCESS(bind_queues(3, 1, 3), "vectors in the table");
	return TEST_SUCCESS;
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
	struct rte_eth_tph_queue_conf conf = { .lcore_id = LCORE(0) };
	struct rte_eth_tph_queue_state state;
	uint32_t objects;
	unsigned int i;

	for (i = 0; i < RTE_DIM(cases); i++) {
		conf.queue_id = i;
		conf.objects = cases[i].objects;
		TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_bind(port.port_id, &conf, 1),
			cases[i].ret, "objects %#x", conf.objects);
		TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(port.port_id, RTE_ETH_TPH_RX, i,
			&state), "get");
		objects = 0;
		if (cases[i].ret == 0)
			objects = TEST_TPH_RX_OBJECTS;
		TEST_ASSERT_EQUAL(state.objects, objects, "objects %#x", state.objects);
	}
	return TEST_SUCCESS;
}

/* The kernel disables TPH by itself if it cannot keep the table consistent. */
static int
test_kernel_disabled(void)
{
	const struct rte_eth_tph_conf conf = { .mode = RTE_TPH_MODE_IV };

	TEST_ASSERT_SUCCESS(bind_queues(4, 0, 4), "bind");
	kernel->enabled = 0;
	TEST_ASSERT_EQUAL(bind_queues(4, 1, 4), -EINVAL, "bind");
	TEST_ASSERT_EQUAL(unbind_one(0), -EINVAL, "unbind");
	TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_FAILED, 0), "state");

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port.port_id), "disable");
	TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_UNBOUND, 0), "state");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &conf), "enable");
	TEST_ASSERT_SUCCESS(bind_queues(4, 1, 4), "bind");
	TEST_ASSERT_EQUAL(table_used(), 4, "%u entries", table_used());
	return TEST_SUCCESS;
}

/* What fails at start is logged once, however often it is tried. */
static int
test_restore_log(void)
{
	struct rte_intr_handle *intr_handle = port.pci_dev.intr_handle;
	unsigned int lines;

	TEST_ASSERT_SUCCESS(bind_queues(4, 0, 4), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	TEST_ASSERT_SUCCESS(rte_intr_nb_efd_set(intr_handle, 0), "efds");
	TEST_ASSERT_SUCCESS(test_tph_log_start(), "log");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	lines = test_tph_log_stop("Rx queue 0 (lcore 64): no interrupt vector: "
		"configure the port with intr_conf.rxq\n");
	TEST_ASSERT_EQUAL(lines, 1, "%u lines", lines);
	return state_check(0, RTE_ETH_TPH_FAILED, 0);
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

	TEST_ASSERT_SUCCESS(bind_queues(8, 0, 8), "bind");
	memcpy(before, kernel->table, sizeof(before));
	for (i = 0; i < RTE_DIM(errors); i++) {
		kernel->fail = errors[i].err;
		TEST_ASSERT_EQUAL(bind_queues(16, 1, 16), errors[i].ret, "errno %d",
			errors[i].err);
		TEST_ASSERT_EQUAL(unbind_one(0), errors[i].ret, "unbind, errno %d",
			errors[i].err);
		TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_APPLIED, 0), "state");
		TEST_ASSERT_SUCCESS(state_check(8, RTE_ETH_TPH_UNBOUND, 0), "state");
	}
	TEST_ASSERT_EQUAL(memcmp(before, kernel->table, sizeof(before)), 0, "table changed");

	/* What failed left nothing behind that would be in the way. */
	kernel->fail = 0;
	TEST_ASSERT_SUCCESS(bind_queues(16, 1, 16), "bind");
	TEST_ASSERT_EQUAL(table_used(), 16, "%u entries", table_used());
	TEST_ASSERT_SUCCESS(unbind_one(15), "unbind");
	TEST_ASSERT_EQUAL(table_used(), 15, "%u entries", table_used());
	return TEST_SUCCESS;
}

/* Of a start that cannot restore one queue, the others are served. */
static int
test_restore_fails(void)
{
	TEST_ASSERT_SUCCESS(bind_queues(4, 0, 4), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	kernel->tags[0][CPU(1)].none = true;
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_APPLIED, 0), "queue 0");
	TEST_ASSERT_SUCCESS(state_check(1, RTE_ETH_TPH_FAILED, 1), "queue 1");
	TEST_ASSERT_SUCCESS(state_check(2, RTE_ETH_TPH_APPLIED, 2), "queue 2");
	return state_check(3, RTE_ETH_TPH_APPLIED, 3);
}

/* Queues that trade their vectors meanwhile are no conflict, one by one. */
static int
test_restore_fails_moved(void)
{
	TEST_ASSERT_SUCCESS(bind_queues(3, 0, 3), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	TEST_ASSERT_SUCCESS(vector_set(0, VECTOR(1)), "vector");
	TEST_ASSERT_SUCCESS(vector_set(1, VECTOR(0)), "vector");
	kernel->tags[0][CPU(2)].none = true;
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(state_check(0, RTE_ETH_TPH_APPLIED, 0), "queue 0");
	TEST_ASSERT_SUCCESS(state_check(1, RTE_ETH_TPH_APPLIED, 1), "queue 1");
	TEST_ASSERT_SUCCESS(state_check(2, RTE_ETH_TPH_FAILED, 2), "queue 2");
	TEST_ASSERT_SUCCESS(table_check(VECTOR(1), CPU(0)), "queue 0");
	TEST_ASSERT_SUCCESS(table_check(VECTOR(0), CPU(1)), "queue 1");
	return TEST_SUCCESS;
}

static void *
thread_run(void *arg)
{
	uint16_t queue_id = *(uint16_t *)arg;
	unsigned int i;

	/* Long enough for both to run at once. */
	for (i = 0; i < 100000; i++)
		if (bind_one(queue_id, queue_id) != 0 ||
		    kernel->table[VECTOR(queue_id)].cpu != (uint32_t)CPU(queue_id) ||
		    unbind_one(queue_id) != 0 ||
		    kernel->table[VECTOR(queue_id)].cpu != TEST_TPH_CPU_NONE)
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
	TEST_ASSERT_EQUAL(table_used(), 0, "%u entries", table_used());
	return TEST_SUCCESS;
}

static int
test_close(void)
{
	TEST_ASSERT_SUCCESS(bind_queues(4, 0, 4), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	TEST_ASSERT_SUCCESS(rte_eth_dev_close(port.port_id), "close");
	TEST_ASSERT_EQUAL(kernel->enabled, 0, "still enabled");
	TEST_ASSERT_EQUAL(table_used(), 0, "%u entries", table_used());
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
		TEST_CASE_ST(iv_setup, iv_teardown, test_restore_clears),
		TEST_CASE_ST(iv_setup, iv_teardown, test_no_vectors),
		TEST_CASE_ST(iv_setup, iv_teardown, test_refused),
		TEST_CASE_ST(iv_setup, iv_teardown, test_objects),
		TEST_CASE_ST(iv_setup, iv_teardown, test_kernel_disabled),
		TEST_CASE_ST(iv_setup, iv_teardown, test_restore_log),
		TEST_CASE_ST(iv_setup, iv_teardown, test_errors),
		TEST_CASE_ST(iv_setup, iv_teardown, test_restore_fails),
		TEST_CASE_ST(iv_setup, iv_teardown, test_restore_fails_moved),
		TEST_CASE_ST(iv_setup, iv_teardown, test_threads),
		TEST_CASE_ST(iv_setup, iv_teardown, test_close),
		TEST_CASES_END()
	},
};
