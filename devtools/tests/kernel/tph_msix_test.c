// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test of steering tags in the MSI-X table, which is read past VFIO: Vector
 * Control belongs to the interrupt code as well. Part of tph_ioctl_test.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tags.h"
#include "tap.h"
#include "tph_dev.h"
#include "tph_ioctl_test.h"

#define MAX_VECTORS	64

/* Registers of the igb family that let the driver cause an interrupt */
#define IGB_GPIE	0x1514
#define IGB_GPIE_MULTI	0x10
#define IGB_EICS	0x1520
#define IGB_EIMS	0x1524
#define IGB_EICR	0x1580

static const char *bdf;
static struct tph_dev dev;
static volatile uint32_t *table;
static uint32_t entries, base_tag;
static uint16_t want[TPH_DEV_TAGS];
static int events[MAX_VECTORS];

static bool find_table(void)
{
	entries = tph_dev_msix_entries(bdf);
	table = tph_dev_map_msix(&dev);
	return table;
}

static uint32_t vector_ctrl(uint32_t index)
{
	return table[index * 4 + 3];
}

/* The tags are those of want[], and nothing but mask bits is set besides. */
static void check_tags(const char *when)
{
	uint32_t i, wrong = 0;

	for (i = 0; i < entries; i++)
		wrong += (vector_ctrl(i) & ~1U) != (uint32_t)want[i] << 16;
	check(!wrong, "tags of all %u vectors are right %s", entries, when);
	for (i = 0; wrong && i < entries; i++)
		tap_note("%u: 0x%08x, tag 0x%04x expected", i, vector_ctrl(i), want[i]);
}

/* The first n vectors can fire, the others cannot. */
static void check_masks(uint32_t n, const char *when)
{
	uint32_t i, wrong = 0;

	for (i = 0; i < entries; i++)
		wrong += (vector_ctrl(i) & 1) != (i >= n);
	check(!wrong, "%u vectors are unmasked %s", n, when);
}

static void set_tag(uint32_t cpu, uint32_t index)
{
	check_int(tph_set_st(dev.fd, cpu, index, 0), 0, "SET_ST");
	want[index] = cpu == VFIO_PCI_TPH_CPU_NONE ? 0 : base_tag + cpu;
}

/* Vectors [start, start + n) from now on signal their eventfd, or none. */
static int set_irqs(uint32_t start, uint32_t n, bool on)
{
	struct vfio_irq_set *set = calloc(1, sizeof(*set) + n * sizeof(int));
	uint32_t i;
	int fd, ret;

	if (!set)
		abort();
	set->argsz = sizeof(*set) + n * sizeof(int);
	set->flags = VFIO_IRQ_SET_ACTION_TRIGGER |
		(n ? VFIO_IRQ_SET_DATA_EVENTFD : VFIO_IRQ_SET_DATA_NONE);
	set->index = VFIO_PCI_MSIX_IRQ_INDEX;
	set->start = start;
	set->count = n;
	for (i = 0; i < n; i++) {
		fd = on ? events[start + i] : -1;
		memcpy(set->data + i * sizeof(fd), &fd, sizeof(fd));
	}
	ret = ioctl(dev.fd, VFIO_DEVICE_SET_IRQS, set) ? -errno : 0;
	free(set);
	return ret;
}

/* Have the device send an interrupt: mask and message are as they should be. */
static void check_interrupt(const char *when)
{
	volatile uint32_t *regs = tph_dev_map_bar(bdf, 0, 0);
	struct pollfd pfd = { .fd = events[0], .events = POLLIN };
	uint64_t count;

	if (!check(regs, "registers of the device"))
		return;
	while (poll(&pfd, 1, 0) == 1)
		if (read(events[0], &count, sizeof(count)) < 0)
			break;
	tph_dev_config16(dev.fd, PCI_COMMAND, 0, PCI_COMMAND_MASTER);
	regs[IGB_GPIE / 4] = IGB_GPIE_MULTI;
	regs[IGB_EICR / 4] = 1;
	regs[IGB_EIMS / 4] = 1;
	regs[IGB_EICS / 4] = 1;
	check_int(poll(&pfd, 1, 2000), 1, when);
	tph_dev_config16(dev.fd, PCI_COMMAND, PCI_COMMAND_MASTER, 0);
	munmap((void *)regs, 0x4000);
}

/* What a device without power has of its tags */
static void wipe(void)
{
	uint32_t i;

	for (i = 0; i < entries; i++)
		table[i * 4 + 3] &= 1;
}

/* Power states in which the device may lose its tags, the control register apart */
static void test_power_states(void)
{
	int pm = tph_dev_find_cap(dev.fd, PCI_CAP_ID_PM);
	char path[PATH_MAX];

	wipe();
	check_int(tph_dev_config16(dev.fd, pm + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK, 3), 0,
		  "to D3hot");
	check_int(tph_dev_config16(dev.fd, pm + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK, 0), 0,
		  "back to D0");
	check_tags("after D3hot");

	/* Its owner need not do anything at the end of this one. */
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/power/control", bdf);
	wipe();
	check_int(tph_dev_sysfs_write(path, "auto"), 0, "power saving on");
	check_int(tph_dev_low_power(dev.fd), 0, "to low power until woken up");
	check(tph_dev_is_suspended(bdf), "the device is suspended");
	check_int(tph_dev_sysfs_write(path, "on"), 0, "the administrator wakes it up");
	usleep(200000);
	check_tags("after low power");
}

/* What vectors do, beginning with a disabled MSI-X */
static void test_vectors(void)
{
	uint32_t i;

	check_int(set_irqs(0, 2, true), 0, "enable MSI-X with two vectors");
	check_tags("after MSI-X was enabled");
	check_masks(2, "after MSI-X was enabled");
	check_interrupt("an interrupt arrives");

	/* with an interrupt and without */
	set_tag(3, 0);
	set_tag(2, 2);
	check_tags("after changes");
	check_masks(2, "after changes");
	check_interrupt("an interrupt arrives after a change");

	/* the kernel masks and unmasks, from its copy of the register */
	check_int(set_irqs(1, 1, false), 0, "take vector 1 away");
	check_tags("with one vector less");
	set_tag(0, 1);
	check_int(set_irqs(1, 1, true), 0, "and back");
	check_tags("with that vector back");
	check_masks(2, "with that vector back");

	for (i = 0; i < entries; i++)
		set_tag(i % 4, i);
	check_int(set_irqs(0, 0, false), 0, "disable MSI-X");
	check_int(set_irqs(0, 4, true), 0, "enable MSI-X with four vectors");
	check_tags("after MSI-X was enabled again");
	check_masks(4, "after MSI-X was enabled again");
	check_interrupt("an interrupt arrives");

	check_int(ioctl(dev.fd, VFIO_DEVICE_RESET) ? -errno : 0, 0, "VFIO_DEVICE_RESET");
	check_tags("after a reset");
	check_masks(4, "after a reset");
	check_interrupt("an interrupt arrives after a reset");

	check_int(tph_dev_hot_reset(&dev), 0, "VFIO_DEVICE_PCI_HOT_RESET");
	check_tags("after a hot reset");
	check_masks(4, "after a hot reset");
	check_interrupt("an interrupt arrives after a hot reset");

	test_power_states();

	/* memory decode is off as far as the owner knows: nothing can be put back */
	check_int(set_irqs(0, 0, false), 0, "disable MSI-X");
	check_int(tph_dev_config16(dev.fd, PCI_COMMAND, PCI_COMMAND_MEMORY, 0), 0, "memory decode off");
	check_int(set_irqs(0, 1, true), 0, "enable MSI-X");
	check_int(tph_dev_config16(dev.fd, PCI_COMMAND, 0, PCI_COMMAND_MEMORY), 0, "memory decode on");
	check_tags("once memory can be reached");
	check_masks(1, "once memory can be reached");

	set_tag(VFIO_PCI_TPH_CPU_NONE, 0);
	check_tags("after one was cleared");
	check_int(tph_disable(dev.fd), 0, "DISABLE");
	memset(want, 0, sizeof(want));
	check_tags("after DISABLE");
	check_masks(1, "after DISABLE");
	check_interrupt("an interrupt arrives after DISABLE");
}

/* Tags in the MSI-X table, if that is where the device has them */
void test_msix(const char *device, bool firmware_has_tags)
{
	struct vfio_pci_tph_cap cap;
	char power[PATH_MAX];
	uint32_t i;

	bdf = device;
	/* No D3 after close, or there would be nothing to be read. */
	snprintf(power, sizeof(power), "/sys/bus/pci/devices/%s/power/control", bdf);
	if (!firmware_has_tags || tph_dev_open(&dev, bdf))
		return;
	if (tph_get_cap(dev.fd, &cap) || !(cap.flags & VFIO_PCI_TPH_CAP_ST_IN_MSIX)) {
		tph_dev_close(&dev);
		return;
	}
	check_int(tph_dev_sysfs_write(power, "on"), 0, "power saving off");
	base_tag = cap.flags & VFIO_PCI_TPH_CAP_EXTENDED ? TAG_VOLATILE_16 : TAG_VOLATILE_8;
	if (!check(find_table(), "find the MSI-X table") ||
	    !check(entries == cap.st_table_sz && entries <= MAX_VECTORS, "its size"))
		goto out;
	for (i = 0; i < MAX_VECTORS; i++)
		events[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	memset(want, 0, sizeof(want));
	check_int(tph_enable(dev.fd, VFIO_PCI_TPH_MODE_IV), 0, "ENABLE IV");
	check_tags("after ENABLE");
	set_tag(0, 0);
	set_tag(1, 1);
	set_tag(2, entries - 1);
	check_tags("without any interrupt");
	test_vectors();

	check_int(tph_enable(dev.fd, VFIO_PCI_TPH_MODE_IV), 0, "ENABLE IV");
	set_tag(1, 0);
	set_tag(1, entries - 1);
	check_tags("before close");
	memset(want, 0, sizeof(want));
	tph_dev_close(&dev);
	check_tags("after close");
	for (i = 0; i < MAX_VECTORS; i++)
		close(events[i]);
out:
	tph_dev_close(&dev);
	tph_dev_sysfs_write(power, "auto");
}
