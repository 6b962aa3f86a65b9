// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test of the way around the ioctl: the MSI-X table as a region of the device.
 * Part of tph_ioctl_test.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#define _GNU_SOURCE
#include <errno.h>
#include <linux/capability.h>
#include <linux/pci_regs.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"
#include "tph_dev.h"
#include "tph_ioctl_test.h"

#define FORGED_TAG	0x5a
#define NOBODY		65534

static struct tph_dev dev;
static struct vfio_region_info whole;
static uint32_t table_bar, table_offset;

/* Describe the region; says whether it invites to map the MSI-X table. */
static bool invites(struct vfio_region_info *info)
{
	char buf[4096] __attribute__((aligned(8))) = { 0 };
	struct vfio_region_info *all = (void *)buf;
	struct vfio_info_cap_header *cap;
	uint32_t pos;

	all->argsz = sizeof(buf);
	all->index = table_bar;
	if (ioctl(dev.fd, VFIO_DEVICE_GET_REGION_INFO, all))
		all->size = 0;
	*info = *all;
	if (!(all->flags & VFIO_REGION_INFO_FLAG_CAPS))
		return false;
	for (pos = all->cap_offset; pos; pos = cap->next) {
		cap = (void *)(buf + pos);
		if (cap->id == VFIO_REGION_INFO_CAP_MSIX_MAPPABLE)
			return true;
	}
	return false;
}

/* Map a part of the region; 0 or -errno. A mapping is used to forge a tag. */
static int map(uint64_t start, uint64_t len)
{
	volatile uint32_t *mem;
	uint32_t ctrl = table_offset + PCI_MSIX_ENTRY_VECTOR_CTRL;

	mem = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, dev.fd, whole.offset + start);
	if (mem == MAP_FAILED)
		return -errno;
	if (start <= ctrl && ctrl < start + len)
		mem[(ctrl - start) / 4] = FORGED_TAG << 16 | 1;
	munmap((void *)mem, len);
	return 0;
}

/* Does the caller find the way to the table, and everything else as ever? */
static bool finds_way(bool *as_ever)
{
	uint64_t page = sysconf(_SC_PAGESIZE), first = table_offset & ~(page - 1);
	struct vfio_region_info info;
	bool invited = invites(&info), mapped;
	uint32_t forged = FORGED_TAG << 16 | 1, got;
	off_t ctrl = whole.offset + table_offset + PCI_MSIX_ENTRY_VECTOR_CTRL;

	*as_ever = info.size == whole.size && info.offset == whole.offset &&
		(info.flags | VFIO_REGION_INFO_FLAG_CAPS) ==
		(whole.flags | VFIO_REGION_INFO_FLAG_CAPS);
	/* what is behind the table belongs to the owner */
	*as_ever &= whole.size <= first + page ||
		!map(first + page, whole.size - first - page);
	/* this vfio-pci keeps off by itself */
	if (pwrite(dev.fd, &forged, 4, ctrl) == 4 && pread(dev.fd, &got, 4, ctrl) == 4)
		*as_ever &= got != forged;
	mapped = !map(0, whole.size);
	*as_ever &= mapped == !map(first, page) && mapped == invited;
	if (!mapped)
		*as_ever &= map(0, whole.size) == -EPERM && map(first, page) == -EPERM;
	return mapped;
}

static void drop_caps(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 };

	if (setresuid(NOBODY, NOBODY, NOBODY) || syscall(SYS_capset, &head, none))
		_exit(9);
}

/* In there the process has every capability, and none that counts. */
static void enter_user_ns(void)
{
	if (unshare(CLONE_NEWUSER))
		_exit(9);
}

static void stay(void)
{
}

/* In a process of its own: may who became like that write to the table? */
static void test_as(const char *who, void (*become)(void), bool may)
{
	bool way, as_ever;
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		become();
		way = finds_way(&as_ever);
		_exit(way | !as_ever << 1);
	}
	waitpid(pid, &status, 0);
	check(WIFEXITED(status) && WEXITSTATUS(status) == may, "%s %s map the MSI-X table (%d)", who,
	      may ? "may" : "must not", WEXITSTATUS(status));
}

/*
 * Whoever may not choose tags does not get at them by way of the MSI-X table. Has
 * the module been loaded so that nobody may?
 */
void test_region(const char *bdf, bool never)
{
	struct vfio_pci_tph_cap cap;
	volatile uint32_t *table;
	char power[128];
	uint32_t reg;
	bool in_msix;
	int pos;

	if (tph_dev_open(&dev, bdf))
		return;
	/* No D3 after close, or there would be nothing to be read. */
	snprintf(power, sizeof(power), "/sys/bus/pci/devices/%s/power/control", bdf);
	tph_dev_sysfs_write(power, "on");
	tph_get_cap(dev.fd, &cap);
	in_msix = cap.flags & VFIO_PCI_TPH_CAP_ST_IN_MSIX;
	pos = tph_dev_find_cap(dev.fd, PCI_CAP_ID_MSIX);
	if (!check(pos && !tph_dev_config(dev.fd, pos + PCI_MSIX_TABLE, &reg, 4, false),
		   "MSI-X capability"))
		goto out;
	table_bar = reg & PCI_MSIX_TABLE_BIR;
	table_offset = reg & PCI_MSIX_TABLE_OFFSET;
	invites(&whole);
	table = tph_dev_map_bar(bdf, table_bar, table_offset);
	if (!check(table && whole.size, "region with the table"))
		goto out;

	if (in_msix)
		check_int(tph_enable(dev.fd, VFIO_PCI_TPH_MODE_IV), 0, "ENABLE IV");
	test_as("a process without capabilities", drop_caps, !in_msix);
	test_as("a process in a user namespace of its own", enter_user_ns, !in_msix);
	if (in_msix) {
		check_int(table[3] >> 16, 0, "no forged tag is in the table");
		check_int(tph_set_st(dev.fd, VFIO_PCI_TPH_CPU_NONE, 1, 0), 0, "SET_ST");
		check_int(table[3] >> 16, 0, "nor is there one after SET_ST");
	}
	test_as("root", stay, !in_msix || !never);
	if (in_msix && !never) {
		check_int(table[3] >> 16, FORGED_TAG, "root's tag is in the table");
		check_int(tph_set_st(dev.fd, VFIO_PCI_TPH_CPU_NONE, 1, 0), 0, "SET_ST");
		check_int(table[3] >> 16, 0, "it is put right by SET_ST");
	}
out:
	tph_dev_close(&dev);
	tph_dev_sysfs_write(power, "auto");
}
