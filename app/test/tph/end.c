/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* The end of a port, in every way it may come. */

#include <errno.h>

#include <ethdev_pci.h>

#include "fake_port.h"
#include "suites.h"
#include "test.h"

#define NB_QUEUES 4
/* The first of the lcores that the tests make, a queue each, and its CPU. */
#define LCORE 100
#define CPU 11

static const struct rte_eth_tph_conf auto_conf = { .mode = RTE_TPH_MODE_AUTO };

static struct test_tph_port port;

/* A port with TPH that is configured, but not started. */
static int
end_setup(void)
{
	return test_tph_setup(&port, LCORE, CPU, NB_QUEUES, NB_QUEUES);
}

static void
end_teardown(void)
{
	test_tph_teardown(&port);
}

static int
all_unbound(void)
{
	uint16_t q;

	for (q = 0; q < NB_QUEUES; q++)
		if (test_tph_unbound_check(&port, RTE_ETH_TPH_RX, q) != 0)
			return -1;
	return 0;
}

static int
test_close(void)
{
	uint16_t id = port.port_id;

	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(test_tph_bind_rx(&port, NB_QUEUES, LCORE, NB_QUEUES), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(id), "stop");
	test_tph_port_calls_reset(&port);
	TEST_ASSERT_SUCCESS(rte_eth_dev_close(id), "close");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], 1, "not unbound");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_DISABLE], 1, "not disabled");
	TEST_ASSERT_EQUAL(port.info.mode, RTE_TPH_MODE_AUTO, "enabled");
	TEST_ASSERT(!port.broken, "a promise is broken");

	/* The next port of this number knows nothing of it. */
	TEST_ASSERT_SUCCESS(test_tph_port_create(&port, "tph_test1", &test_tph_ops), "no port");
	TEST_ASSERT_EQUAL(port.port_id, id, "port %u", port.port_id);
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, NB_QUEUES, NB_QUEUES), "configure");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(all_unbound(), "bound");
	TEST_ASSERT_EQUAL(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE), -EINVAL,
		"enabled");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(id, &auto_conf), "enable");
	TEST_ASSERT_SUCCESS(all_unbound(), "bound");
	return TEST_SUCCESS;
}

static int
close_without_ops(struct rte_eth_dev *dev)
{
	dev->dev_ops = NULL;
	return 0;
}

/* Some drivers have no operations any more when the port is released. */
static int
test_close_without_ops(void)
{
	uint16_t id = port.port_id;

	TEST_ASSERT_SUCCESS(test_tph_bind_rx(&port, NB_QUEUES, LCORE, NB_QUEUES), "bind");
	port.dev_ops.dev_close = close_without_ops;
	TEST_ASSERT_SUCCESS(rte_eth_dev_close(id), "close");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_DISABLE], 1, "not disabled before");

	TEST_ASSERT_SUCCESS(test_tph_port_create(&port, "tph_test1", &test_tph_ops), "no port");
	TEST_ASSERT_EQUAL(port.port_id, id, "port %u", port.port_id);
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, NB_QUEUES, NB_QUEUES), "configure");
	TEST_ASSERT_SUCCESS(all_unbound(), "bound");
	TEST_ASSERT_EQUAL(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE), -EINVAL,
		"enabled");
	return TEST_SUCCESS;
}

static int
uninit_check(struct rte_eth_dev *dev __rte_unused)
{
	/* By now the driver may have unmapped the device. */
	return port.info.mode == RTE_TPH_MODE_AUTO ? 0 : -EBUSY;
}

/* However a port ends: TPH does so first. */
static int
test_destroy(void)
{
	uint16_t id = port.port_id;

	TEST_ASSERT_SUCCESS(test_tph_bind_rx(&port, NB_QUEUES, LCORE, NB_QUEUES), "bind");
	test_tph_port_calls_reset(&port);
	TEST_ASSERT_SUCCESS(rte_eth_dev_destroy(&rte_eth_devices[id], uninit_check), "destroy");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_DISABLE], 1, "%u calls",
		port.calls[TEST_TPH_DISABLE]);
	return TEST_SUCCESS;
}

static int
test_generic_remove(void)
{
	TEST_ASSERT_SUCCESS(test_tph_bind_rx(&port, NB_QUEUES, LCORE, NB_QUEUES), "bind");
	test_tph_port_calls_reset(&port);
	TEST_ASSERT_SUCCESS(rte_eth_dev_pci_generic_remove(&port.pci_dev, uninit_check), "remove");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_DISABLE], 1, "%u calls",
		port.calls[TEST_TPH_DISABLE]);
	return TEST_SUCCESS;
}

/* A driver that ends a port in its own way is asked nothing afterwards. */
static int
test_release(void)
{
	TEST_ASSERT_SUCCESS(test_tph_bind_rx(&port, NB_QUEUES, LCORE, NB_QUEUES), "bind");
	test_tph_port_calls_reset(&port);
	TEST_ASSERT_SUCCESS(rte_eth_dev_release_port(&rte_eth_devices[port.port_id]), "release");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], 0, "unbound");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_DISABLE], 0, "disabled");
	return TEST_SUCCESS;
}

/* A device that is pulled out can still be stopped and closed. */
static int
test_removed(void)
{
	uint16_t id = port.port_id;

	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(test_tph_bind_rx(&port, NB_QUEUES, LCORE, NB_QUEUES), "bind");
	port.removed = true;
	port.fail[TEST_TPH_APPLY] = -EIO;
	port.fail[TEST_TPH_DISABLE] = -EIO;
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(id), "stop");
	TEST_ASSERT_SUCCESS(rte_eth_dev_close(id), "close");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_DISABLE], 1, "not disabled");
	return TEST_SUCCESS;
}

struct unit_test_suite test_tph_end_suite = {
	.suite_name = "TPH of ethdev: end of a port",
	.unit_test_cases = {
		TEST_CASE_ST(end_setup, end_teardown, test_close),
		TEST_CASE_ST(end_setup, end_teardown, test_close_without_ops),
		TEST_CASE_ST(end_setup, end_teardown, test_destroy),
		TEST_CASE_ST(end_setup, end_teardown, test_generic_remove),
		TEST_CASE_ST(end_setup, end_teardown, test_release),
		TEST_CASE_ST(end_setup, end_teardown, test_removed),
		TEST_CASES_END()
	},
};
