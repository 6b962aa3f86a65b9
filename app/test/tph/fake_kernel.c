/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <bus_pci_tph.h>
#include <rte_interrupts.h>

#include "fake_kernel.h"

struct test_tph_kernel test_tph_kernel = { .fd = -1 };

/* The system that the fake one stands before. */
static struct rte_pci_tph_sys real_sys;

static uint16_t
get16(const uint8_t *at)
{
	return at[0] | at[1] << 8;
}

static uint32_t
get32(const uint8_t *at)
{
	return get16(at) | (uint32_t)get16(at + 2) << 16;
}

static void
put16(uint8_t *at, uint16_t value)
{
	at[0] = value & 0xff;
	at[1] = value >> 8;
}

static const uint8_t *
last_entry(uint32_t i)
{
	return test_tph_kernel.last + TEST_TPH_HEADER + i * TEST_TPH_ENTRY;
}

uint32_t
test_tph_last_cpu(uint32_t i)
{
	return get32(last_entry(i));
}

uint8_t
test_tph_last_mem(uint32_t i)
{
	return last_entry(i)[4];
}

uint16_t
test_tph_last_index(uint32_t i)
{
	return get16(last_entry(i) + 6);
}

static bool
is_zero(const uint8_t *at, unsigned int len)
{
	for (; len != 0; len--)
		if (*at++ != 0)
			return false;
	return true;
}

static int
kernel_get_cap(struct test_tph_kernel *kernel, uint8_t *arg)
{
	arg[8] = kernel->modes & ~kernel->forbidden;
	arg[9] = kernel->flags;
	if (kernel->enabled != 0)
		arg[9] |= TEST_TPH_FLAG_ENABLED;
	if (kernel->enabled == TEST_TPH_MODE_DS)
		arg[9] |= TEST_TPH_FLAG_ENABLED_DS;
	put16(arg + 10, kernel->table_size);
	put16(arg + 12, kernel->why);
	return 0;
}

static int
kernel_enable(struct test_tph_kernel *kernel, const uint8_t *arg)
{
	uint8_t mode = arg[8];

	if ((mode != TEST_TPH_MODE_IV && mode != TEST_TPH_MODE_DS) || !is_zero(arg + 9, 7))
		return -EINVAL;
	if ((kernel->modes & mode) == 0)
		return -EOPNOTSUPP;
	if (kernel->enabled != 0 && kernel->enabled != mode)
		return -EBUSY;
	if ((kernel->forbidden & mode) != 0)
		return -EPERM;
	kernel->enabled = mode;
	return 0;
}

static void
kernel_table_clear(struct test_tph_kernel *kernel)
{
	unsigned int i;

	for (i = 0; i < TEST_TPH_ENTRIES_MAX; i++)
		kernel->table[i] = (struct test_tph_table_entry) { .cpu = TEST_TPH_CPU_NONE };
}

/* What GET_ST and SET_ST have in common. */
static int
kernel_ents_check(struct test_tph_kernel *kernel, const uint8_t *arg, bool set)
{
	const struct test_tph_tag *tag;
	uint32_t i, nb = get32(arg + 8);
	const uint8_t *ent;

	if (nb == 0 || nb > TEST_TPH_ENTRIES_MAX ||
	    kernel->last_len < TEST_TPH_HEADER + nb * TEST_TPH_ENTRY || !is_zero(arg + 12, 4))
		return -EINVAL;
	kernel->nb_ents = nb;

	for (i = 0; i < nb; i++) {
		ent = last_entry(i);
		/* The members that the kernel fills or reserves. */
		if (ent[4] > 1 || ent[5] != 0 || !is_zero(ent + 8, 4))
			return -EINVAL;
		if (set && get16(ent + 6) >= kernel->table_size)
			return -EINVAL;
		if (set && get32(ent) == TEST_TPH_CPU_NONE)
			continue;
		if (get32(ent) >= RTE_DIM(kernel->tags[0]))
			return -EINVAL;
		tag = &kernel->tags[ent[4]][get32(ent)];
		if (tag->forbidden)
			return -EPERM;
		if (tag->none)
			return -ENODEV;
	}
	return 0;
}

static int
kernel_get_st(struct test_tph_kernel *kernel, uint8_t *arg)
{
	const struct test_tph_tag *tag;
	uint8_t *ent = arg + TEST_TPH_HEADER;
	uint32_t i;
	int ret;

	if (kernel->enabled != TEST_TPH_MODE_DS)
		return -EINVAL;
	ret = kernel_ents_check(kernel, arg, false);
	if (ret != 0)
		return ret;
	for (i = 0; i < kernel->nb_ents; i++, ent += TEST_TPH_ENTRY) {
		tag = &kernel->tags[ent[4]][get32(ent)];
		put16(ent + 8, tag->st);
		put16(ent + 10, tag->extended);
	}
	return 0;
}

static int
kernel_set_st(struct test_tph_kernel *kernel, const uint8_t *arg)
{
	const uint8_t *ent = arg + TEST_TPH_HEADER;
	uint32_t i;
	int ret;

	if (kernel->table_size == 0)
		return -EOPNOTSUPP;
	if (kernel->enabled == 0)
		return -EINVAL;
	ret = kernel_ents_check(kernel, arg, true);
	if (ret != 0)
		return ret;
	for (i = 0; i < kernel->nb_ents; i++, ent += TEST_TPH_ENTRY) {
		kernel->table[get16(ent + 6)].cpu = get32(ent);
		kernel->table[get16(ent + 6)].mem = ent[4];
	}
	return 0;
}

static int
kernel_model(struct test_tph_kernel *kernel, uint8_t *arg)
{
	switch (get32(arg + 4)) {
	case TEST_TPH_OP_GET_CAP:
		return kernel_get_cap(kernel, arg);
	case TEST_TPH_OP_ENABLE:
		return kernel_enable(kernel, arg);
	case TEST_TPH_OP_DISABLE:
		kernel->enabled = 0;
		kernel_table_clear(kernel);
		return 0;
	case TEST_TPH_OP_GET_ST:
		return kernel_get_st(kernel, arg);
	case TEST_TPH_OP_SET_ST:
		return kernel_set_st(kernel, arg);
	default:
		return -EINVAL;
	}
}

static int
kernel_call(struct test_tph_kernel *kernel, uint8_t *arg)
{
	uint32_t len = get32(arg), op = get32(arg + 4);

	kernel->calls++;
	if (kernel->enter)
		(void)real_sys.ioctl(kernel->fd, TEST_TPH_REQUEST, arg);
	if (len < TEST_TPH_HEADER || len > sizeof(kernel->last) || op >= TEST_TPH_OP_NB)
		return -EINVAL;
	kernel->ops[op]++;
	kernel->last_len = len;
	memcpy(kernel->last, arg, len);

	if (kernel->fail != 0 && (kernel->fail_op < 0 || kernel->fail_op == (int)op)) {
		/* To see that nobody takes it for an answer. */
		memset(arg + 8, 0xa5, len - 8);
		return -kernel->fail;
	}
	if (kernel->answer != NULL) {
		memcpy(arg + 8, kernel->answer, kernel->answer_len);
		return 0;
	}
	return kernel_model(kernel, arg);
}

/* All but the TPH ioctl of the one descriptor is passed on. */
static int
kernel_ioctl(int fd, unsigned long request, void *arg)
{
	int ret;

	if (fd < 0 || fd != test_tph_kernel.fd || request != TEST_TPH_REQUEST)
		return real_sys.ioctl(fd, request, arg);

	ret = kernel_call(&test_tph_kernel, arg);
	if (ret == 0)
		return 0;
	errno = -ret;
	return -1;
}

int
test_tph_kernel_start(void)
{
	struct test_tph_kernel *kernel = &test_tph_kernel;
	unsigned int cpu, mem;

	memset(kernel, 0, sizeof(*kernel));
	kernel->fail_op = -1;
	kernel->modes = TEST_TPH_MODE_IV | TEST_TPH_MODE_DS;
	kernel->flags = TEST_TPH_FLAG_IN_CAP | TEST_TPH_FLAG_PLATFORM;
	kernel->table_size = 64;
	kernel_table_clear(kernel);
	for (mem = 0; mem < RTE_DIM(kernel->tags); mem++)
		for (cpu = 0; cpu < RTE_DIM(kernel->tags[0]); cpu++)
			kernel->tags[mem][cpu].st = TEST_TPH_ST(cpu);

	kernel->fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (kernel->fd < 0)
		return -1;
	if (real_sys.ioctl == NULL)
		real_sys = rte_pci_tph_sys;
	rte_pci_tph_sys.ioctl = kernel_ioctl;
	return 0;
}

void
test_tph_kernel_stop(void)
{
	if (test_tph_kernel.fd >= 0) {
		close(test_tph_kernel.fd);
		rte_pci_tph_sys = real_sys;
	}
	test_tph_kernel.fd = -1;
}

void
test_tph_kernel_calls_reset(void)
{
	test_tph_kernel.calls = 0;
	memset(test_tph_kernel.ops, 0, sizeof(test_tph_kernel.ops));
	test_tph_kernel.nb_ents = 0;
}

int
test_tph_device_open(struct rte_pci_device *dev)
{
	dev->kdrv = RTE_PCI_KDRV_VFIO;
	dev->intr_handle = rte_intr_instance_alloc(RTE_INTR_INSTANCE_F_PRIVATE);
	if (dev->intr_handle == NULL)
		return -1;
	(void)rte_intr_type_set(dev->intr_handle, RTE_INTR_HANDLE_VFIO_MSIX);
	return rte_intr_dev_fd_set(dev->intr_handle, test_tph_kernel.fd);
}

void
test_tph_device_close(struct rte_pci_device *dev)
{
	rte_intr_vec_list_free(dev->intr_handle);
	rte_intr_instance_free(dev->intr_handle);
	dev->intr_handle = NULL;
}
