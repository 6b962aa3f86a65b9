/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * TPH that drivers of PCI devices share: device-specific mode. The ethdev
 * layer above, the bus below and all between are the real ones; the test is
 * the kernel and the driver of the queues.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <tph_pci.h>

#include "fake_kernel.h"
#include "fake_lcore.h"
#include "fake_log.h"
#include "fake_port.h"
#include "suites.h"
#include "test.h"

#define NB_QUEUES 16

/* Lcores that the tests make: lcore LCORE(i) is on CPU CPU(i). */
#define LCORE(i) (64 + (i))
#define CPU(i) (11 + (i))
#define NB_LCORES 64

static struct test_tph_port port;
static struct test_tph_kernel *const kernel = &test_tph_kernel;

/* Number of calls of queue_set, and which of them fails with what. */
static unsigned int queue_sets;
static unsigned int queue_set_fail_at;
static unsigned int queue_set_fails = 1;
static int queue_set_error;

static int
queue_set(struct rte_eth_dev *dev, enum rte_eth_tph_dir dir, uint16_t queue_id,
		uint32_t objects, uint16_t st)
{
	if (dev->data->port_id != port.port_id)
		return -EPROTO;
	queue_sets++;
	if (queue_set_fail_at != 0 && queue_sets >= queue_set_fail_at &&
	    queue_sets < queue_set_fail_at + queue_set_fails)
		return queue_set_error;
	port.hw[dir][queue_id].objects = objects;
	port.hw[dir][queue_id].st = st;
	return 0;
}

static const struct tph_pci_pmd pmd_8_bits = {
	.ops = TPH_PCI_OPS,
	.rx_objects = TEST_TPH_RX_OBJECTS,
	.tx_objects = TEST_TPH_TX_OBJECTS,
	.st_bits = 8,
	.queue_set = queue_set,
};

static const struct tph_pci_pmd pmd_16_bits = {
	.ops = TPH_PCI_OPS,
	.rx_objects = TEST_TPH_RX_OBJECTS,
	.tx_objects = TEST_TPH_TX_OBJECTS,
	.st_bits = 16,
	.queue_set = queue_set,
};

static int
enable(void)
{
	const struct rte_eth_tph_conf conf = { .mode = RTE_TPH_MODE_DS };

	return rte_eth_dev_tph_enable(port.port_id, &conf);
}

static int
ds_setup(void)
{
	queue_sets = 0;
	queue_set_fail_at = 0;
	queue_set_fails = 1;
	if (!test_tph_lcores_available())
		return TEST_SKIPPED;
	test_tph_lcores_set(LCORE(0), CPU(0), NB_LCORES);
	TEST_ASSERT_SUCCESS(test_tph_kernel_start(), "no kernel");
	TEST_ASSERT_SUCCESS(test_tph_port_create(&port, "tph_test0", &pmd_8_bits.ops),
		"no port");
	TEST_ASSERT_SUCCESS(test_tph_device_open(&port.pci_dev), "no device");
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, NB_QUEUES, NB_QUEUES),
		"cannot configure");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "cannot start");
	TEST_ASSERT_SUCCESS(enable(), "cannot enable");
	test_tph_kernel_calls_reset();
	return TEST_SUCCESS;
}

static void
ds_teardown(void)
{
	kernel->fail = 0;
	test_tph_port_destroy(&port);
	test_tph_device_close(&port.pci_dev);
	test_tph_kernel_stop();
	test_tph_lcores_restore();
}

/* Use another driver for the port. */
static void
pmd_set(const struct tph_pci_pmd *pmd)
{
	port.dev_ops.tph_ops = &pmd->ops;
}

/* Bind *nb* queues of both directions in turn to lcores *first* on, of *of*. */
static int
bind_queues(uint16_t nb, unsigned int first, unsigned int of)
{
	static struct rte_eth_tph_queue_conf confs[TEST_TPH_DIRS * TEST_TPH_QUEUES];
	uint16_t i;

	for (i = 0; i < nb; i++)
		confs[i] = (struct rte_eth_tph_queue_conf) {
			.dir = i % 2,
			.queue_id = i / 2,
			.lcore_id = LCORE(first + i % of),
			.objects = RTE_TPH_OBJECT_DESC,
		};
	return rte_eth_dev_tph_queue_bind(port.port_id, confs, nb);
}

static int
queues_check(uint16_t nb, unsigned int first, unsigned int of)
{
	uint16_t i;

	for (i = 0; i < nb; i++)
		if (test_tph_applied_check(&port, i % 2, i / 2, LCORE(first + i % of),
				CPU(first + i % of), RTE_TPH_OBJECT_DESC) != 0)
			return -1;
	return 0;
}

/* Whatever the number of queues, there is one call of the kernel. */
static int
test_one_call(void)
{
	static const uint16_t sizes[] = { 1, 8, 16, 1024, 2048 };
	static const uint32_t cpus[] = { 1, 8, 16, 64, 64 };
	unsigned int i;

	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, 1024, 1024), "configure");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	for (i = 0; i < RTE_DIM(sizes); i++) {
		TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port.port_id), "disable");
		TEST_ASSERT_SUCCESS(enable(), "enable");
		test_tph_kernel_calls_reset();
		TEST_ASSERT_SUCCESS(bind_queues(sizes[i], 0, NB_LCORES), "bind");
		TEST_ASSERT_EQUAL(kernel->ops[TEST_TPH_OP_GET_ST], 1, "%u queues: %u calls",
			sizes[i], kernel->ops[TEST_TPH_OP_GET_ST]);
		TEST_ASSERT_EQUAL(kernel->calls, 1, "%u queues: other calls", sizes[i]);
		TEST_ASSERT_EQUAL(kernel->nb_ents, cpus[i], "%u queues: %u CPUs", sizes[i],
			kernel->nb_ents);
		TEST_ASSERT_SUCCESS(queues_check(sizes[i], 0, NB_LCORES), "%u queues", sizes[i]);
	}
	return TEST_SUCCESS;
}

/* Tags do not change: they are looked up once. */
static int
test_known_tags(void)
{
	struct rte_eth_tph_queue_conf conf;

	TEST_ASSERT_SUCCESS(bind_queues(8, 0, 8), "bind");
	test_tph_kernel_calls_reset();
	TEST_ASSERT_SUCCESS(bind_queues(16, 2, 6), "bind to known CPUs");
	TEST_ASSERT_SUCCESS(queues_check(16, 2, 6), "known CPUs");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	memset(port.hw, 0, sizeof(port.hw));
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(queues_check(16, 2, 6), "restart");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_unbind(port.port_id, RTE_ETH_TPH_TX, 2),
		"unbind");
	TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_TX, 2), "Tx queue 2");
	TEST_ASSERT_EQUAL(kernel->calls, 0, "%u calls", kernel->calls);

	/* Of several CPUs, only the new one is asked for. */
	TEST_ASSERT_SUCCESS(bind_queues(16, 7, 2), "bind");
	TEST_ASSERT_EQUAL(kernel->calls, 1, "%u calls", kernel->calls);
	TEST_ASSERT_EQUAL(kernel->nb_ents, 1, "%u CPUs", kernel->nb_ents);
	TEST_ASSERT_EQUAL(test_tph_last_cpu(0), CPU(8), "CPU %u", test_tph_last_cpu(0));

	/* The other kind of memory has tags of its own. */
	kernel->tags[1][CPU(0)].st = 0xaa;
	conf = (struct rte_eth_tph_queue_conf) {
		.lcore_id = LCORE(0),
		.objects = RTE_TPH_OBJECT_DESC,
		.mem = RTE_TPH_MEM_PERSISTENT,
	};
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_bind(port.port_id, &conf, 1), "bind");
	TEST_ASSERT_EQUAL(kernel->calls, 2, "%u calls", kernel->calls);
	TEST_ASSERT_EQUAL(test_tph_last_mem(0), 1, "memory %u", test_tph_last_mem(0));
	TEST_ASSERT_EQUAL(port.hw[RTE_ETH_TPH_RX][0].st, 0xaa, "tag %#x",
		port.hw[RTE_ETH_TPH_RX][0].st);

	/* What was known is forgotten when TPH is disabled. */
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port.port_id), "disable");
	TEST_ASSERT_SUCCESS(enable(), "enable");
	test_tph_kernel_calls_reset();
	TEST_ASSERT_SUCCESS(bind_queues(1, 0, 1), "bind");
	TEST_ASSERT_EQUAL(kernel->calls, 1, "%u calls", kernel->calls);
	return TEST_SUCCESS;
}

/* An lcore of several CPUs needs one tag for all of them. */
static int
test_several_cpus(void)
{
	static const unsigned int cpus[] = { 3, 5, CPU_SETSIZE - 1 };
	struct test_tph_tag *tags = kernel->tags[0];
	unsigned int i;

	test_tph_lcore_set(LCORE(0), cpus, RTE_DIM(cpus));
	for (i = 0; i < RTE_DIM(cpus); i++)
		tags[cpus[i]].st = TEST_TPH_ST(cpus[0]);
	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE(0)), "same tag");
	TEST_ASSERT_EQUAL(kernel->calls, 1, "%u calls", kernel->calls);
	TEST_ASSERT_EQUAL(kernel->nb_ents, RTE_DIM(cpus), "%u CPUs", kernel->nb_ents);
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_RX, 0, LCORE(0), cpus[0],
		TEST_TPH_RX_OBJECTS), "Rx queue 0");

	for (i = 0; i < RTE_DIM(cpus); i++) {
		TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port.port_id), "disable");
		TEST_ASSERT_SUCCESS(enable(), "enable");
		tags[cpus[i]].st++;
		TEST_ASSERT_EQUAL(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE(0)), -EINVAL,
			"CPU %u has another tag", cpus[i]);
		TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 0), "bound");
		tags[cpus[i]].st--;
	}
	return TEST_SUCCESS;
}

/* Tags of 8 and of 16 bits are different things, even if alike in value. */
static int
test_several_widths(void)
{
	static const unsigned int cpus[] = { 3, 5 };

	pmd_set(&pmd_16_bits);
	test_tph_lcore_set(LCORE(0), cpus, RTE_DIM(cpus));
	kernel->tags[0][3].st = 0x77;
	kernel->tags[0][5].st = 0x77;
	kernel->tags[0][5].extended = true;
	TEST_ASSERT_EQUAL(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE(0)), -EINVAL,
		"tags of different width");
	return TEST_SUCCESS;
}

static int
test_wide_tags(void)
{
	struct rte_eth_tph_queue_state state;
	unsigned int i;

	/* A value that fits in 8 bits is not a tag of 8 bits. */
	kernel->tags[0][CPU(0)].extended = true;
	kernel->tags[0][CPU(2)].extended = true;
	kernel->tags[0][CPU(2)].st = 0x1234;
	for (i = 0; i <= 2; i += 2) {
		TEST_ASSERT_EQUAL(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE(i)), -ENXIO,
			"8-bit queue, lcore %u", i);
		TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 0), "bound");
	}
	TEST_ASSERT_EQUAL(bind_queues(8, 0, 8), -ENXIO, "8-bit queues");
	TEST_ASSERT_EQUAL(queue_sets, 0, "driver called");
	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE(1)), "8-bit tag");

	pmd_set(&pmd_16_bits);
	TEST_ASSERT_SUCCESS(bind_queues(8, 0, 8), "16-bit queues");
	TEST_ASSERT_EQUAL(port.hw[RTE_ETH_TPH_RX][1].st, 0x1234, "tag %#x",
		port.hw[RTE_ETH_TPH_RX][1].st);
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(port.port_id, RTE_ETH_TPH_RX, 1, &state),
		"get");
	TEST_ASSERT_EQUAL(state.st, 0x1234, "tag %#x", state.st);
	TEST_ASSERT_EQUAL(state.st_bits, 16, "%u bits", state.st_bits);
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(port.port_id, RTE_ETH_TPH_TX, 0, &state),
		"get");
	TEST_ASSERT_EQUAL(state.st_bits, 8, "%u bits", state.st_bits);
	return TEST_SUCCESS;
}

/* Errors of looking up tags. */
static const struct {
	int err;
	int ret;
} tag_errors[] = {
	{ ENODEV, -ENXIO }, { EPERM, -EACCES }, { EINVAL, -EINVAL }, { EIO, -EIO },
	{ EOPNOTSUPP, -ENOTSUP }, { ENOMEM, -ENOMEM },
};

static int
test_tag_errors(void)
{
	unsigned int i;

	for (i = 0; i < RTE_DIM(tag_errors); i++) {
		kernel->fail = tag_errors[i].err;
		TEST_ASSERT_EQUAL(bind_queues(4, 0, 4), tag_errors[i].ret, "errno %d",
			tag_errors[i].err);
		TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 0), "bound");
	}
	TEST_ASSERT_EQUAL(queue_sets, 0, "driver called");

	/* Nothing of an answer that failed is kept. */
	kernel->fail = 0;
	TEST_ASSERT_SUCCESS(bind_queues(4, 0, 4), "bind");
	return queues_check(4, 0, 4);
}

static int
test_no_tag(void)
{
	TEST_ASSERT_SUCCESS(bind_queues(8, 8, 8), "bind");
	kernel->tags[0][CPU(5)].none = true;
	TEST_ASSERT_EQUAL(bind_queues(16, 0, 8), -ENXIO, "CPU without tag");
	TEST_ASSERT_SUCCESS(queues_check(8, 8, 8), "other bindings");
	kernel->tags[0][CPU(5)].none = false;
	kernel->tags[0][CPU(6)].forbidden = true;
	TEST_ASSERT_EQUAL(bind_queues(16, 0, 8), -EACCES, "CPU forbidden");
	TEST_ASSERT_SUCCESS(queues_check(8, 8, 8), "other bindings");
	return TEST_SUCCESS;
}

/* When the k-th queue does not take its tag, all are as they were. */
static int
test_rollback(void)
{
	static struct test_tph_hw before[TEST_TPH_DIRS][TEST_TPH_QUEUES];
	static const int rets[] = { -EIO, -ENXIO };
	unsigned int k, i;

	/* Half of the batch is bound before, the other is not. */
	TEST_ASSERT_SUCCESS(bind_queues(8, 8, 8), "bind");
	memcpy(before, port.hw, sizeof(before));
	for (k = 1; k <= 16; k++) {
		for (i = 0; i < RTE_DIM(rets); i++) {
			queue_sets = 0;
			queue_set_fail_at = k;
			queue_set_error = rets[i];
			TEST_ASSERT_EQUAL(bind_queues(16, 0, 16), rets[i], "fail at %u", k);
			TEST_ASSERT_EQUAL(queue_sets, 2 * k - 1, "fail at %u: %u calls", k,
				queue_sets);
			TEST_ASSERT_EQUAL(memcmp(before, port.hw, sizeof(before)), 0,
				"fail at %u: hardware changed", k);
			TEST_ASSERT_SUCCESS(queues_check(8, 8, 8), "fail at %u", k);
			TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 4),
				"fail at %u: Rx queue 4", k);
		}
	}
	queue_set_fail_at = 0;
	TEST_ASSERT_SUCCESS(bind_queues(16, 0, 16), "bind");
	TEST_ASSERT_SUCCESS(queues_check(16, 0, 16), "all");

	/* Unbinding all of them in one call. */
	memcpy(before, port.hw, sizeof(before));
	queue_sets = 0;
	queue_set_fail_at = 1;
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_unbind(port.port_id, RTE_ETH_TPH_RX, 0),
		queue_set_error, "unbind");
	TEST_ASSERT_EQUAL(memcmp(before, port.hw, sizeof(before)), 0, "hardware changed");
	return queues_check(16, 0, 16);
}

static int
test_close(void)
{
	TEST_ASSERT_SUCCESS(bind_queues(16, 0, 16), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	TEST_ASSERT_SUCCESS(rte_eth_dev_close(port.port_id), "close");
	TEST_ASSERT_EQUAL(kernel->enabled, 0, "still enabled");
	TEST_ASSERT_EQUAL(kernel->ops[TEST_TPH_OP_DISABLE], 1, "%u calls",
		kernel->ops[TEST_TPH_OP_DISABLE]);
	TEST_ASSERT_EQUAL(port.hw[RTE_ETH_TPH_TX][7].objects, 0, "still hinted");
	return TEST_SUCCESS;
}

/* One line names queue, lcore and CPU, the reason, and what to do. */
static int
test_tag_log(void)
{
	static const struct {
		bool none;
		bool forbidden;
		int fail;
		uint16_t why;
		const char *text;
	} cases[] = {
		{ true, false, 0, 0, "CPU 12: the firmware names no tag of the width in use: "
			"take another CPU\n" },
		{ true, false, 0, 4, "CPU 12: the firmware names no tags here (no _DSM): "
			"look for TPH or SDCI in its set-up\n" },
		{ false, true, 0, 0, "CPU 12: the process may not run there: allow it, "
			"by taskset or cpuset\n" },
		{ false, false, EIO, 0, "CPU 11: Input/output error\n" },
	};
	unsigned int i, all, lines;
	char text[256];
	uint16_t nb;
	int ret;

	for (i = 0; i < RTE_DIM(cases); i++) {
		/* One CPU needs no second call to find out which. */
		for (nb = 2; nb <= 4; nb += 2) {
			kernel->fail = 0;
			kernel->why = cases[i].why;
			TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port.port_id), "disable");
			TEST_ASSERT_SUCCESS(enable(), "enable");
			kernel->tags[0][CPU(1)].none = cases[i].none;
			kernel->tags[0][CPU(1)].forbidden = cases[i].forbidden;
			kernel->fail = cases[i].fail;
			snprintf(text, sizeof(text), "TPH: port %u %s queue 0 (lcore %u): %s",
				port.port_id, nb == 4 && kernel->fail == 0 ? "Tx" : "Rx",
				kernel->fail == 0 ? LCORE(1) : LCORE(0), cases[i].text);
			test_tph_kernel_calls_reset();
			TEST_ASSERT_SUCCESS(test_tph_log_start(), "log");
			ret = bind_queues(nb, nb == 2 && cases[i].fail == 0, nb / 2);
			all = test_tph_log_lines();
			lines = test_tph_log_stop(text);
			TEST_ASSERT(ret < 0, "%u queues: bound", nb);
			TEST_ASSERT_EQUAL(lines, 1, "%u queues: %u lines", nb, lines);
			TEST_ASSERT_EQUAL(all, 1, "%u queues: %u lines", nb, all);
			if (nb == 2)
				TEST_ASSERT_EQUAL(kernel->calls, 1, "%u calls", kernel->calls);
		}
	}
	return TEST_SUCCESS;
}

/* A rollback that fails is not kept quiet. */
static int
test_rollback_fails(void)
{
	struct rte_eth_tph_queue_state state;

	TEST_ASSERT_SUCCESS(bind_queues(2, 8, 2), "bind");
	queue_sets = 0;
	queue_set_fail_at = 4;
	queue_set_fails = 3;
	queue_set_error = -EIO;
	/* The fourth queue fails, and two of three before it cannot be put back. */
	TEST_ASSERT_EQUAL(bind_queues(4, 0, 4), -EIO, "bind");
	TEST_ASSERT_EQUAL(queue_sets, 7, "%u calls", queue_sets);
	TEST_ASSERT_SUCCESS(test_tph_applied_check(&port, RTE_ETH_TPH_RX, 0, LCORE(8), CPU(8),
		RTE_TPH_OBJECT_DESC), "put back");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(port.port_id, RTE_ETH_TPH_TX, 0, &state),
		"get");
	TEST_ASSERT_EQUAL(state.status, RTE_ETH_TPH_FAILED, "status %d", state.status);
	TEST_ASSERT_EQUAL(state.lcore_id, LCORE(9), "lcore %u", state.lcore_id);
	/* It was not bound before, and may hint nonetheless. */
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(port.port_id, RTE_ETH_TPH_RX, 1, &state),
		"get");
	TEST_ASSERT_EQUAL(state.status, RTE_ETH_TPH_FAILED, "status %d", state.status);
	TEST_ASSERT_EQUAL(state.objects, 0, "objects %#x", state.objects);
	TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_TX, 1), "Tx queue 1");

	queue_set_fail_at = 0;
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_unbind(port.port_id, RTE_ETH_TPH_RX, 1),
		"unbind");
	TEST_ASSERT_SUCCESS(test_tph_unbound_check(&port, RTE_ETH_TPH_RX, 1), "Rx queue 1");
	TEST_ASSERT_SUCCESS(bind_queues(4, 0, 4), "bind");
	return queues_check(4, 0, 4);
}

/* A reset from outside empties the registers; DPDK does not see it. */
static int
test_bind_again(void)
{
	TEST_ASSERT_SUCCESS(bind_queues(4, 0, 4), "bind");
	memset(port.hw, 0, sizeof(port.hw));
	TEST_ASSERT_SUCCESS(bind_queues(4, 0, 4), "bind the same");
	return queues_check(4, 0, 4);
}

struct unit_test_suite test_tph_pci_ds_suite = {
	.suite_name = "TPH of PCI drivers: device-specific mode",
	.unit_test_cases = {
		TEST_CASE_ST(ds_setup, ds_teardown, test_one_call),
		TEST_CASE_ST(ds_setup, ds_teardown, test_known_tags),
		TEST_CASE_ST(ds_setup, ds_teardown, test_several_cpus),
		TEST_CASE_ST(ds_setup, ds_teardown, test_several_widths),
		TEST_CASE_ST(ds_setup, ds_teardown, test_wide_tags),
		TEST_CASE_ST(ds_setup, ds_teardown, test_tag_errors),
		TEST_CASE_ST(ds_setup, ds_teardown, test_no_tag),
		TEST_CASE_ST(ds_setup, ds_teardown, test_tag_log),
		TEST_CASE_ST(ds_setup, ds_teardown, test_rollback),
		TEST_CASE_ST(ds_setup, ds_teardown, test_rollback_fails),
		TEST_CASE_ST(ds_setup, ds_teardown, test_bind_again),
		TEST_CASE_ST(ds_setup, ds_teardown, test_close),
		TEST_CASES_END()
	},
};
