/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* TPH that drivers of PCI devices share: what a port offers, and its modes. */

#include <errno.h>
#include <string.h>

#include <rte_bus.h>
#include <tph_pci.h>

#include "fake_kernel.h"
#include "fake_port.h"
#include "suites.h"
#include "test.h"

static struct test_tph_port port;
static struct test_tph_kernel *const kernel = &test_tph_kernel;

/* What the driver says of the device. */
static int check_error;

static int
queue_set(struct rte_eth_dev *dev __rte_unused, enum rte_eth_tph_dir dir __rte_unused,
		uint16_t queue_id __rte_unused, uint32_t objects __rte_unused,
		uint16_t st __rte_unused)
{
	return 0;
}

static int
check(struct rte_eth_dev *dev)
{
	return dev->data->port_id == port.port_id ? check_error : -EPROTO;
}

static const struct tph_pci_pmd pmd_8_bits = {
	.ops = TPH_PCI_OPS,
	.rx_objects = TEST_TPH_RX_OBJECTS,
	.tx_objects = TEST_TPH_TX_OBJECTS,
	.st_bits = 8,
	.queue_set = queue_set,
};

static const struct tph_pci_pmd pmd_with_check = {
	.ops = TPH_PCI_OPS,
	.rx_objects = TEST_TPH_RX_OBJECTS,
	.tx_objects = TEST_TPH_TX_OBJECTS,
	.st_bits = 8,
	.check = check,
	.queue_set = queue_set,
};

static int
mode_setup(void)
{
	check_error = 0;
	TEST_ASSERT_SUCCESS(test_tph_kernel_start(), "no kernel");
	TEST_ASSERT_SUCCESS(test_tph_port_create(&port, "tph_test0", &pmd_8_bits.ops),
		"no port");
	TEST_ASSERT_SUCCESS(test_tph_device_open(&port.pci_dev), "no device");
	return TEST_SUCCESS;
}

static void
mode_teardown(void)
{
	kernel->fail = 0;
	test_tph_port_destroy(&port);
	test_tph_device_close(&port.pci_dev);
	test_tph_kernel_stop();
}

static int
enable(enum rte_tph_mode mode)
{
	const struct rte_eth_tph_conf conf = { .mode = mode };

	return rte_eth_dev_tph_enable(port.port_id, &conf);
}

static int
test_info(void)
{
	struct rte_eth_tph_info info;
	uint16_t id = port.port_id;

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_info_get(id, &info), "info_get");
	TEST_ASSERT_EQUAL(info.modes, (uint32_t)(RTE_TPH_MODE_IV | RTE_TPH_MODE_DS),
		"modes %#x", info.modes);
	TEST_ASSERT_EQUAL(info.mode, RTE_TPH_MODE_AUTO, "mode %d", info.mode);
	TEST_ASSERT_EQUAL(info.rx_objects, TEST_TPH_RX_OBJECTS, "Rx %#x", info.rx_objects);
	TEST_ASSERT_EQUAL(info.tx_objects, TEST_TPH_TX_OBJECTS, "Tx %#x", info.tx_objects);
	TEST_ASSERT_EQUAL(info.table, RTE_TPH_TABLE_CAP, "table %d", info.table);
	TEST_ASSERT_EQUAL(info.table_size, 64, "%u entries", info.table_size);
	TEST_ASSERT_EQUAL(info.st_bits, 8, "%u bits", info.st_bits);
	TEST_ASSERT_EQUAL(info.platform, 1, "platform %u", info.platform);

	/* In the other mode it is not the driver that decides on objects. */
	TEST_ASSERT_SUCCESS(enable(RTE_TPH_MODE_IV), "enable");
	kernel->flags = TEST_TPH_FLAG_IN_MSIX | TEST_TPH_FLAG_EXTENDED;
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_info_get(id, &info), "info_get");
	TEST_ASSERT_EQUAL(info.mode, RTE_TPH_MODE_IV, "mode %d", info.mode);
	TEST_ASSERT_EQUAL(info.rx_objects, TEST_TPH_RX_OBJECTS, "Rx %#x", info.rx_objects);
	TEST_ASSERT_EQUAL(info.tx_objects, 0, "Tx %#x", info.tx_objects);
	TEST_ASSERT_EQUAL(info.table, RTE_TPH_TABLE_MSIX, "table %d", info.table);
	TEST_ASSERT_EQUAL(info.st_bits, 16, "%u bits", info.st_bits);
	TEST_ASSERT_EQUAL(info.platform, 0, "platform %u", info.platform);

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(id), "disable");
	TEST_ASSERT_SUCCESS(enable(RTE_TPH_MODE_DS), "enable");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_info_get(id, &info), "info_get");
	TEST_ASSERT_EQUAL(info.mode, RTE_TPH_MODE_DS, "mode %d", info.mode);
	TEST_ASSERT_EQUAL(info.tx_objects, TEST_TPH_TX_OBJECTS, "Tx %#x", info.tx_objects);
	return TEST_SUCCESS;
}

/* What device, kernel and driver have, and which modes come of it. */
static const struct mode_case {
	const char *what;
	const struct tph_pci_pmd *pmd;
	int check_error;
	uint8_t modes;
	uint8_t forbidden;
	uint16_t table_size;
	/* What is reported. */
	uint32_t info_modes;
	/* What enabling returns, by mode asked for; 0 with the mode it picks. */
	int ret_auto;
	int ret_iv;
	int ret_ds;
	uint8_t picked;
} mode_cases[] = {
	{ "both", &pmd_8_bits, 0, 3, 0, 64, RTE_TPH_MODE_IV | RTE_TPH_MODE_DS,
		0, 0, 0, TEST_TPH_MODE_DS },
	{ "IV device", &pmd_8_bits, 0, 1, 0, 64, RTE_TPH_MODE_IV,
		0, 0, -ENOTSUP, TEST_TPH_MODE_IV },
	{ "DS device", &pmd_8_bits, 0, 2, 0, 64, RTE_TPH_MODE_DS,
		0, -ENOTSUP, 0, TEST_TPH_MODE_DS },
	{ "no table", &pmd_8_bits, 0, 3, 0, 0, RTE_TPH_MODE_DS,
		0, -ENOTSUP, 0, TEST_TPH_MODE_DS },
	{ "IV device without table", &pmd_8_bits, 0, 1, 0, 0, 0,
		-ENOTSUP, -ENOTSUP, -ENOTSUP, 0 },
	{ "no mode", &pmd_8_bits, 0, 0, 0, 64, 0, -ENOTSUP, -ENOTSUP, -ENOTSUP, 0 },
	{ "DS forbidden", &pmd_8_bits, 0, 3, 2, 64, RTE_TPH_MODE_IV,
		0, 0, -EACCES, TEST_TPH_MODE_IV },
	{ "all forbidden", &pmd_8_bits, 0, 3, 3, 64, 0, -EACCES, -EACCES, -EACCES, 0 },
	{ "DS device, forbidden", &pmd_8_bits, 0, 2, 2, 0, 0,
		-EACCES, -ENOTSUP, -EACCES, 0 },
	{ "DS device with table, forbidden", &pmd_8_bits, 0, 2, 2, 64, 0,
		-EACCES, -ENOTSUP, -EACCES, 0 },
	{ "DS device, driver without DS", &tph_pci_iv_pmd, 0, 2, 2, 0, 0,
		-ENOTSUP, -ENOTSUP, -ENOTSUP, 0 },
	{ "driver without DS", &tph_pci_iv_pmd, 0, 3, 0, 64, RTE_TPH_MODE_IV,
		0, 0, -ENOTSUP, TEST_TPH_MODE_IV },
	{ "driver without DS, no table", &tph_pci_iv_pmd, 0, 3, 0, 0, 0,
		-ENOTSUP, -ENOTSUP, -ENOTSUP, 0 },
	{ "device served", &pmd_with_check, 0, 3, 0, 64, RTE_TPH_MODE_IV | RTE_TPH_MODE_DS,
		0, 0, 0, TEST_TPH_MODE_DS },
	{ "device not served", &pmd_with_check, -ENOTSUP, 3, 0, 64, RTE_TPH_MODE_IV,
		0, 0, -ENOTSUP, TEST_TPH_MODE_IV },
};

static int
mode_check(const struct mode_case *c, enum rte_tph_mode mode, int ret, uint8_t picked)
{
	TEST_ASSERT_EQUAL(enable(mode), ret, "%s: mode %d", c->what, mode);
	if (ret != 0)
		picked = 0;
	TEST_ASSERT_EQUAL(kernel->enabled, picked, "%s: mode %d enables %u", c->what, mode,
		kernel->enabled);
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port.port_id), "disable");
	TEST_ASSERT_EQUAL(kernel->enabled, 0, "%s: still enabled", c->what);
	return TEST_SUCCESS;
}

static int
test_modes(void)
{
	const struct mode_case *c;
	struct rte_eth_tph_info info;
	unsigned int i;

	for (i = 0; i < RTE_DIM(mode_cases); i++) {
		c = &mode_cases[i];
		port.dev_ops.tph_ops = &c->pmd->ops;
		check_error = c->check_error;
		kernel->modes = c->modes;
		kernel->forbidden = c->forbidden;
		kernel->table_size = c->table_size;
		kernel->flags = c->table_size != 0 ? TEST_TPH_FLAG_IN_CAP : 0;
		TEST_ASSERT_SUCCESS(rte_eth_dev_tph_info_get(port.port_id, &info), "info_get");
		TEST_ASSERT_EQUAL(info.modes, c->info_modes, "%s: modes %#x", c->what,
			info.modes);
		if (mode_check(c, RTE_TPH_MODE_AUTO, c->ret_auto, c->picked) != 0 ||
		    mode_check(c, RTE_TPH_MODE_IV, c->ret_iv, TEST_TPH_MODE_IV) != 0 ||
		    mode_check(c, RTE_TPH_MODE_DS, c->ret_ds, TEST_TPH_MODE_DS) != 0)
			return TEST_FAILED;
	}
	return TEST_SUCCESS;
}

/* Errors of querying and switching. */
static const struct {
	int err;
	int ret;
} dev_errors[] = {
	{ ENOTTY, -ENOTSUP }, { EOPNOTSUPP, -ENOTSUP }, { EPERM, -EACCES }, { EBUSY, -EBUSY },
	{ EIO, -EIO }, { ENOMEM, -ENOMEM },
};

static int
test_device_errors(void)
{
	struct rte_eth_tph_info info;
	uint16_t id = port.port_id;
	unsigned int i;

	for (i = 0; i < RTE_DIM(dev_errors); i++) {
		kernel->fail = dev_errors[i].err;
		kernel->fail_op = TEST_TPH_OP_GET_CAP;
		TEST_ASSERT_EQUAL(rte_eth_dev_tph_info_get(id, &info), dev_errors[i].ret,
			"info_get, errno %d", dev_errors[i].err);
		TEST_ASSERT_EQUAL(enable(RTE_TPH_MODE_AUTO), dev_errors[i].ret,
			"enable, errno %d", dev_errors[i].err);
		kernel->fail_op = TEST_TPH_OP_ENABLE;
		TEST_ASSERT_EQUAL(enable(RTE_TPH_MODE_IV), dev_errors[i].ret,
			"enable, errno %d", dev_errors[i].err);

		kernel->fail_op = TEST_TPH_OP_DISABLE;
		TEST_ASSERT_SUCCESS(enable(RTE_TPH_MODE_DS), "enable");
		TEST_ASSERT_EQUAL(rte_eth_dev_tph_disable(id), dev_errors[i].ret,
			"disable, errno %d", dev_errors[i].err);
		kernel->fail = 0;
		TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(id), "disable again");
		TEST_ASSERT_EQUAL(kernel->enabled, 0, "enabled");
	}
	return TEST_SUCCESS;
}

/* What is not a PCI device is not taken for one, whatever its driver says. */
static int
test_other_bus(void)
{
	const struct rte_bus *buses[] = { rte_bus_find_by_name("vdev"), NULL };
	struct rte_eth_tph_info info;
	uint16_t id = port.port_id;
	unsigned int i;

	TEST_ASSERT_NOT_NULL(buses[0], "no bus");
	port.dev_ops.tph_ops = &tph_pci_iv_pmd.ops;
	for (i = 0; i < RTE_DIM(buses); i++) {
		port.pci_dev.device.bus = buses[i];
		test_tph_kernel_calls_reset();
		TEST_ASSERT_EQUAL(rte_eth_dev_tph_info_get(id, &info), -ENOTSUP, "info_get");
		TEST_ASSERT_EQUAL(enable(RTE_TPH_MODE_IV), -ENOTSUP, "enable");
		TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(id), "disable");
		TEST_ASSERT_EQUAL(kernel->calls, 0, "kernel called");
	}
	return TEST_SUCCESS;
}

/* Enabling asks what there is and enables, no more. */
static int
test_enable_calls(void)
{
	test_tph_kernel_calls_reset();
	TEST_ASSERT_SUCCESS(enable(RTE_TPH_MODE_AUTO), "enable");
	TEST_ASSERT_EQUAL(kernel->calls, 2, "%u calls", kernel->calls);
	TEST_ASSERT_EQUAL(kernel->ops[TEST_TPH_OP_GET_CAP], 1, "query");
	TEST_ASSERT_EQUAL(kernel->ops[TEST_TPH_OP_ENABLE], 1, "enable");
	return TEST_SUCCESS;
}

struct unit_test_suite test_tph_pci_mode_suite = {
	.suite_name = "TPH of PCI drivers: modes",
	.unit_test_cases = {
		TEST_CASE_ST(mode_setup, mode_teardown, test_info),
		TEST_CASE_ST(mode_setup, mode_teardown, test_modes),
		TEST_CASE_ST(mode_setup, mode_teardown, test_device_errors),
		TEST_CASE_ST(mode_setup, mode_teardown, test_enable_calls),
		TEST_CASE_ST(mode_setup, mode_teardown, test_other_bus),
		TEST_CASES_END()
	},
};
