/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* TPH of the PCI bus: every byte that goes to the kernel and comes back. */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bus_pci_driver.h>
#include <bus_pci_tph.h>
#include <rte_interrupts.h>

#include "fake_kernel.h"
#include "suites.h"
#include "test.h"

#ifdef RTE_EXEC_ENV_LINUX

static struct rte_pci_device dev;
static struct test_tph_kernel *const kernel = &test_tph_kernel;

/* Errors of the kernel and what they become. */
static const struct {
	int err;
	int ret;
} errors[] = {
	{ EPERM, -EACCES }, { EIO, -EIO }, { EBUSY, -EBUSY }, { ENODEV, -ENXIO },
	{ EINVAL, -EINVAL }, { EFAULT, -EFAULT }, { ENOMEM, -ENOMEM }, { ENXIO, -ENXIO },
	{ EACCES, -EACCES }, { EINTR, -EINTR }, { EBADF, -EBADF },
	{ EOPNOTSUPP, -ENOTSUP }, { ENOTTY, -ENOTSUP },
};

static int
dev_setup(void)
{
	memset(&dev, 0, sizeof(dev));
	strlcpy(dev.name, "0000:01:00.0", sizeof(dev.name));
	TEST_ASSERT_SUCCESS(test_tph_kernel_start(), "no kernel");
	TEST_ASSERT_SUCCESS(test_tph_device_open(&dev), "no device");
	return TEST_SUCCESS;
}

static void
dev_teardown(void)
{
	test_tph_device_close(&dev);
	test_tph_kernel_stop();
}

#define ANSWER(...) do { \
	static const uint8_t answer_[] = { __VA_ARGS__ }; \
	kernel->answer = answer_; \
	kernel->answer_len = sizeof(answer_); \
} while (0)

/* Compare the argument of the last call with bytes. */
#define CHECK_CALL(nb, ...) do { \
	static const uint8_t bytes_[] = { __VA_ARGS__ }; \
	TEST_ASSERT_EQUAL(kernel->calls, (unsigned int)(nb), "%u calls", kernel->calls); \
	TEST_ASSERT_EQUAL(kernel->last_len, (uint32_t)sizeof(bytes_), "argsz %u", \
		kernel->last_len); \
	TEST_ASSERT_BUFFERS_ARE_EQUAL(kernel->last, bytes_, sizeof(bytes_), "wrong bytes"); \
} while (0)

static int
cap_check(const struct rte_pci_tph_cap *expected)
{
	struct rte_pci_tph_cap cap;

	memset(&cap, 0x5a, sizeof(cap));
	TEST_ASSERT_SUCCESS(rte_pci_tph_cap_get(&dev, &cap), "cap_get");
	TEST_ASSERT_EQUAL(cap.modes, expected->modes, "modes %#x", cap.modes);
	TEST_ASSERT_EQUAL(cap.enabled, expected->enabled, "enabled %#x", cap.enabled);
	TEST_ASSERT_EQUAL(cap.table, expected->table, "table %d", cap.table);
	TEST_ASSERT_EQUAL(cap.table_size, expected->table_size, "%u entries", cap.table_size);
	TEST_ASSERT_EQUAL(cap.extended, expected->extended, "extended %d", cap.extended);
	TEST_ASSERT_EQUAL(cap.platform, expected->platform, "platform %d", cap.platform);
	TEST_ASSERT_EQUAL(cap.why, expected->why, "why %#x", cap.why);
	return TEST_SUCCESS;
}

static int
test_cap_get(void)
{
	ANSWER(0x03, 0x0b, 0x40, 0x00, 0, 0, 0, 0);
	TEST_ASSERT_SUCCESS(cap_check(&(struct rte_pci_tph_cap) {
		.modes = RTE_TPH_MODE_IV | RTE_TPH_MODE_DS,
		.table = RTE_TPH_TABLE_CAP, .table_size = 64,
		.extended = true, .platform = true,
	}), "both modes");
	CHECK_CALL(1, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

	ANSWER(0x01, 0x14, 0x00, 0x08, 0, 0, 0, 0);
	TEST_ASSERT_SUCCESS(cap_check(&(struct rte_pci_tph_cap) {
		.modes = RTE_TPH_MODE_IV, .enabled = RTE_TPH_MODE_IV,
		.table = RTE_TPH_TABLE_MSIX, .table_size = 2048,
	}), "interrupt-vector mode");

	ANSWER(0x02, 0x38, 0, 0, 0x24, 0, 0, 0);
	TEST_ASSERT_SUCCESS(cap_check(&(struct rte_pci_tph_cap) {
		.modes = RTE_TPH_MODE_DS, .enabled = RTE_TPH_MODE_DS,
		.table = RTE_TPH_TABLE_NONE, .platform = true,
		.why = RTE_PCI_TPH_WHY_NO_DSM | RTE_PCI_TPH_WHY_NO_TABLE,
	}), "device-specific mode");

	ANSWER(0, 0, 0, 0, 0, 0, 0, 0);
	TEST_ASSERT_SUCCESS(cap_check(&(struct rte_pci_tph_cap) { .modes = 0 }), "nothing");

	/* The mode that is enabled means nothing while TPH is not. */
	ANSWER(0x03, 0x20, 0, 0, 0, 0, 0, 0);
	TEST_ASSERT_SUCCESS(cap_check(&(struct rte_pci_tph_cap) {
		.modes = RTE_TPH_MODE_IV | RTE_TPH_MODE_DS,
	}), "disabled");
	return TEST_SUCCESS;
}

/* A newer kernel may know more modes and flags than this code. */
static int
test_cap_unknown_bits(void)
{
	ANSWER(0xfc, 0xc0, 0xff, 0xff, 0x80, 0xff, 0xff, 0xff);
	TEST_ASSERT_SUCCESS(cap_check(&(struct rte_pci_tph_cap) {
		.table_size = UINT16_MAX,
	}), "only unknown bits");
	ANSWER(0xff, 0xff, 0x34, 0x12, 0xff, 0xff, 0xff, 0xff);
	TEST_ASSERT_SUCCESS(cap_check(&(struct rte_pci_tph_cap) {
		.modes = RTE_TPH_MODE_IV | RTE_TPH_MODE_DS,
		.enabled = RTE_TPH_MODE_DS,
		.table = RTE_TPH_TABLE_CAP, .table_size = 0x1234,
		.extended = true, .platform = true, .why = 0x7f,
	}), "all bits");
	return TEST_SUCCESS;
}

static int
test_enable(void)
{
	TEST_ASSERT_SUCCESS(rte_pci_tph_enable(&dev, RTE_TPH_MODE_IV), "IV");
	CHECK_CALL(1, 0x10, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0);
	TEST_ASSERT_EQUAL(rte_pci_tph_enable(&dev, RTE_TPH_MODE_DS), -EBUSY, "DS on IV");
	CHECK_CALL(2, 0x10, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0);
	return TEST_SUCCESS;
}

static int
test_disable(void)
{
	TEST_ASSERT_SUCCESS(rte_pci_tph_disable(&dev), "disable");
	CHECK_CALL(1, 0x10, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	return TEST_SUCCESS;
}

static int
test_st_get(void)
{
	/* What the caller left in members that are filled in does not matter. */
	struct rte_pci_tph_st ents[] = {
		{ .cpu = 5, .st = 0xffff, .extended = true },
		{ .cpu = 0x01020304, .mem = RTE_TPH_MEM_PERSISTENT, .st = 0xffff },
		{ .cpu = 0xfe, .st = 0xffff },
	};

	ANSWER(0x03, 0, 0, 0, 0, 0, 0, 0,
		0x05, 0, 0, 0, 0, 0, 0, 0, 0x42, 0x00, 0, 0,
		0x04, 3, 2, 1, 1, 0, 0, 0, 0x34, 0x12, 1, 0,
		0xfe, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x00, 0xfe, 0xff);
	TEST_ASSERT_SUCCESS(rte_pci_tph_st_get(&dev, ents, 3), "st_get");
	CHECK_CALL(1, 0x34, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0,
		0x05, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0x04, 3, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0,
		0xfe, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

	TEST_ASSERT_EQUAL(ents[0].st, 0x42, "tag %#x", ents[0].st);
	TEST_ASSERT(!ents[0].extended, "extended");
	TEST_ASSERT_EQUAL(ents[1].st, 0x1234, "tag %#x", ents[1].st);
	TEST_ASSERT(ents[1].extended, "not extended");
	TEST_ASSERT_EQUAL(ents[2].st, 0, "tag %#x", ents[2].st);
	TEST_ASSERT(!ents[2].extended, "taken for extended by an unknown bit");
	TEST_ASSERT_EQUAL(ents[1].cpu, 0x01020304, "CPU %#x", ents[1].cpu);
	return TEST_SUCCESS;
}

static int
test_st_set(void)
{
	const struct rte_pci_tph_st ents[] = {
		{ .cpu = 7, .index = 0x0102, .st = 0xffff, .extended = true },
		{ .cpu = RTE_PCI_TPH_CPU_NONE, .index = 3 },
		{ .cpu = 0x80, .mem = RTE_TPH_MEM_PERSISTENT, .index = 0x7ff },
	};

	ANSWER(0x03);
	TEST_ASSERT_SUCCESS(rte_pci_tph_st_set(&dev, ents, 3), "st_set");
	CHECK_CALL(1, 0x34, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0,
		0x07, 0, 0, 0, 0, 0, 0x02, 0x01, 0, 0, 0, 0,
		0xff, 0xff, 0xff, 0xff, 0, 0, 0x03, 0, 0, 0, 0, 0,
		0x80, 0, 0, 0, 1, 0, 0xff, 0x07, 0, 0, 0, 0);
	return TEST_SUCCESS;
}

static int
test_one_entry(void)
{
	struct rte_pci_tph_st ent = { .cpu = 1, .index = 2 };

	ANSWER(0x01);
	TEST_ASSERT_SUCCESS(rte_pci_tph_st_set(&dev, &ent, 1), "st_set");
	CHECK_CALL(1, 0x1c, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
		0x01, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0);
	return TEST_SUCCESS;
}

static int
test_most_entries(void)
{
	static const uint8_t get[] = { 0x10, 0x60, 0, 0, 3, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0 };
	static const uint8_t set[] = { 0x10, 0x60, 0, 0, 4, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0 };
	static struct rte_pci_tph_st ents[RTE_PCI_TPH_ST_MAX];
	uint32_t i;

	for (i = 0; i < RTE_PCI_TPH_ST_MAX; i++)
		ents[i].cpu = RTE_PCI_TPH_ST_MAX - i;
	ANSWER(0);
	TEST_ASSERT_SUCCESS(rte_pci_tph_st_get(&dev, ents, 2048), "st_get");
	TEST_ASSERT_BUFFERS_ARE_EQUAL(kernel->last, get, sizeof(get), "wrong header");
	for (i = 0; i < 2048; i++)
		TEST_ASSERT_EQUAL(test_tph_last_cpu(i), 2048 - i, "CPU of entry %u", i);

	for (i = 0; i < RTE_PCI_TPH_ST_MAX; i++)
		ents[i].index = i;
	TEST_ASSERT_SUCCESS(rte_pci_tph_st_set(&dev, ents, 2048), "st_set");
	TEST_ASSERT_BUFFERS_ARE_EQUAL(kernel->last, set, sizeof(set), "wrong header");
	for (i = 0; i < 2048; i++)
		TEST_ASSERT_EQUAL(test_tph_last_index(i), i, "index of entry %u", i);
	return TEST_SUCCESS;
}

static int
test_arguments(void)
{
	static struct rte_pci_tph_st ents[RTE_PCI_TPH_ST_MAX + 1];
	static const uint32_t bad_modes[] = { 0, 3, 4, UINT32_MAX };
	static const uint32_t bad_nb[] = { 0, RTE_PCI_TPH_ST_MAX + 1, UINT32_MAX };
	struct rte_pci_tph_cap cap;
	uint32_t i;

	TEST_ASSERT_EQUAL(rte_pci_tph_cap_get(NULL, &cap), -EINVAL, "device");
	TEST_ASSERT_EQUAL(rte_pci_tph_cap_get(&dev, NULL), -EINVAL, "cap");
	TEST_ASSERT_EQUAL(rte_pci_tph_enable(NULL, RTE_TPH_MODE_IV), -EINVAL, "device");
	TEST_ASSERT_EQUAL(rte_pci_tph_disable(NULL), -EINVAL, "device");
	TEST_ASSERT_EQUAL(rte_pci_tph_st_get(NULL, ents, 1), -EINVAL, "device");
	TEST_ASSERT_EQUAL(rte_pci_tph_st_set(NULL, ents, 1), -EINVAL, "device");
	TEST_ASSERT_EQUAL(rte_pci_tph_st_get(&dev, NULL, 1), -EINVAL, "entries");
	TEST_ASSERT_EQUAL(rte_pci_tph_st_set(&dev, NULL, 1), -EINVAL, "entries");
	for (i = 0; i < RTE_DIM(bad_modes); i++)
		TEST_ASSERT_EQUAL(rte_pci_tph_enable(&dev, bad_modes[i]), -EINVAL, "mode %#x",
			bad_modes[i]);
	for (i = 0; i < RTE_DIM(bad_nb); i++) {
		TEST_ASSERT_EQUAL(rte_pci_tph_st_get(&dev, ents, bad_nb[i]), -EINVAL,
			"%u entries", bad_nb[i]);
		TEST_ASSERT_EQUAL(rte_pci_tph_st_set(&dev, ents, bad_nb[i]), -EINVAL,
			"%u entries", bad_nb[i]);
	}
	ents[2].mem = 2;
	TEST_ASSERT_EQUAL(rte_pci_tph_st_get(&dev, ents, 3), -EINVAL, "memory");
	TEST_ASSERT_EQUAL(rte_pci_tph_st_set(&dev, ents, 3), -EINVAL, "memory");
	TEST_ASSERT_EQUAL(kernel->calls, 0, "kernel called");
	return TEST_SUCCESS;
}

/* Every function returns *ret* and leaves what the caller gave untouched. */
static int
all_fail_check(int ret)
{
	struct rte_pci_tph_st ents[2], ents_before[2];
	struct rte_pci_tph_cap cap, cap_before;

	memset(&cap, 0x5a, sizeof(cap));
	cap_before = cap;
	memset(ents, 0, sizeof(ents));
	ents[0].st = 0x5a5a;
	ents[1].st = 0xa5a5;
	ents[1].extended = true;
	memcpy(ents_before, ents, sizeof(ents));

	TEST_ASSERT_EQUAL(rte_pci_tph_cap_get(&dev, &cap), ret, "cap_get");
	TEST_ASSERT_EQUAL(rte_pci_tph_enable(&dev, RTE_TPH_MODE_IV), ret, "enable");
	TEST_ASSERT_EQUAL(rte_pci_tph_disable(&dev), ret, "disable");
	TEST_ASSERT_EQUAL(rte_pci_tph_st_get(&dev, ents, 2), ret, "st_get");
	TEST_ASSERT_EQUAL(rte_pci_tph_st_set(&dev, ents, 2), ret, "st_set");
	/* But for what is missing. */
	cap_before.why = cap.why;
	TEST_ASSERT_EQUAL(memcmp(&cap, &cap_before, sizeof(cap)), 0, "cap touched");
	TEST_ASSERT_EQUAL(memcmp(ents, ents_before, sizeof(ents)), 0, "entries touched");
	return TEST_SUCCESS;
}

static int
test_errors(void)
{
	unsigned int i;

	for (i = 0; i < RTE_DIM(errors); i++) {
		kernel->fail = errors[i].err;
		TEST_ASSERT_SUCCESS(all_fail_check(errors[i].ret), "errno %d", errors[i].err);
	}
	TEST_ASSERT_EQUAL(kernel->calls, 5 * RTE_DIM(errors), "%u calls", kernel->calls);
	return TEST_SUCCESS;
}

/* Who is told that there is no TPH is also told why. */
static int
test_why(void)
{
	struct rte_pci_tph_cap cap;

	kernel->fail = ENOTTY;
	TEST_ASSERT_EQUAL(rte_pci_tph_cap_get(&dev, &cap), -ENOTSUP, "no ioctl");
	TEST_ASSERT_EQUAL(cap.why, (uint32_t)RTE_PCI_TPH_WHY_NO_DRIVER, "why %#x", cap.why);
	kernel->fail = EOPNOTSUPP;
	TEST_ASSERT_EQUAL(rte_pci_tph_cap_get(&dev, &cap), -ENOTSUP, "no capability");
	TEST_ASSERT_EQUAL(cap.why, (uint32_t)RTE_PCI_TPH_WHY_NO_CAP, "why %#x", cap.why);
	dev.kdrv = RTE_PCI_KDRV_UIO_GENERIC;
	TEST_ASSERT_EQUAL(rte_pci_tph_cap_get(&dev, &cap), -ENOTSUP, "no VFIO");
	TEST_ASSERT_EQUAL(cap.why, (uint32_t)RTE_PCI_TPH_WHY_NO_DRIVER, "why %#x", cap.why);
	return TEST_SUCCESS;
}

/* The kernel of this machine knows no such ioctl on /dev/null. */
static int
test_kernel_without_tph(void)
{
	int fd = kernel->fd;
	int ret;

	kernel->fd = -1;
	ret = all_fail_check(-ENOTSUP);
	kernel->fd = fd;
	TEST_ASSERT_EQUAL(kernel->calls, 0, "kernel called");
	return ret;
}

static int
test_not_open(void)
{
	struct rte_intr_handle *intr_handle = dev.intr_handle;
	int ret;

	/* Not probed. */
	dev.intr_handle = NULL;
	ret = all_fail_check(-EIO);
	dev.intr_handle = intr_handle;
	TEST_ASSERT_SUCCESS(ret, "no interrupt handle");

	/* Closed. */
	(void)rte_intr_dev_fd_set(dev.intr_handle, -1);
	TEST_ASSERT_SUCCESS(all_fail_check(-EIO), "no descriptor");
	TEST_ASSERT_EQUAL(kernel->calls, 0, "kernel called");
	return TEST_SUCCESS;
}

static int
test_other_drivers(void)
{
	static const enum rte_pci_kernel_driver drivers[] = {
		RTE_PCI_KDRV_UNKNOWN, RTE_PCI_KDRV_IGB_UIO, RTE_PCI_KDRV_UIO_GENERIC,
		RTE_PCI_KDRV_NIC_UIO, RTE_PCI_KDRV_NONE,
	};
	unsigned int i;

	for (i = 0; i < RTE_DIM(drivers); i++) {
		dev.kdrv = drivers[i];
		TEST_ASSERT_SUCCESS(all_fail_check(-ENOTSUP), "driver %d", drivers[i]);
	}
	TEST_ASSERT_EQUAL(kernel->calls, 0, "kernel called");
	return TEST_SUCCESS;
}

static struct unit_test_suite test_pci_tph_suite = {
	.suite_name = "TPH of the PCI bus",
	.unit_test_cases = {
		TEST_CASE_ST(dev_setup, dev_teardown, test_cap_get),
		TEST_CASE_ST(dev_setup, dev_teardown, test_cap_unknown_bits),
		TEST_CASE_ST(dev_setup, dev_teardown, test_enable),
		TEST_CASE_ST(dev_setup, dev_teardown, test_disable),
		TEST_CASE_ST(dev_setup, dev_teardown, test_st_get),
		TEST_CASE_ST(dev_setup, dev_teardown, test_st_set),
		TEST_CASE_ST(dev_setup, dev_teardown, test_one_entry),
		TEST_CASE_ST(dev_setup, dev_teardown, test_most_entries),
		TEST_CASE_ST(dev_setup, dev_teardown, test_arguments),
		TEST_CASE_ST(dev_setup, dev_teardown, test_errors),
		TEST_CASE_ST(dev_setup, dev_teardown, test_why),
		TEST_CASE_ST(dev_setup, dev_teardown, test_kernel_without_tph),
		TEST_CASE_ST(dev_setup, dev_teardown, test_not_open),
		TEST_CASE_ST(dev_setup, dev_teardown, test_other_drivers),
		TEST_CASES_END()
	},
};

static int
test_pci_tph(void)
{
	struct unit_test_suite *suites[] = {
		&test_pci_tph_suite, &test_tph_pci_mode_suite, &test_tph_pci_ds_suite,
		&test_tph_pci_iv_suite, &test_tph_pci_iv_error_suite,
	};
	int result = TEST_SUCCESS;
	unsigned int i;

	for (i = 0; i < RTE_DIM(suites); i++)
		if (unit_test_suite_runner(suites[i]) != TEST_SUCCESS)
			result = TEST_FAILED;
	return result;
}

#else /* !RTE_EXEC_ENV_LINUX */

static int
test_pci_tph(void)
{
	return TEST_SKIPPED;
}

#endif /* RTE_EXEC_ENV_LINUX */

REGISTER_TEST_COMMAND(pci_tph_autotest, test_pci_tph);
