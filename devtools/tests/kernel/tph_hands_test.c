// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test of what one owner of a device leaves to the next: nothing, also where a
 * reset of the device would leave it. Part of tph_ioctl_test.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"
#include "tph_dev.h"
#include "tph_ioctl_test.h"

#define TPH_CTRL	0x08
#define TPH_TABLE	0x0c
#define CTRL_DS_ON	0x102
#define STALE_TAG	0x5a
/* In the last entry of the MSI-X table, which is masked */
#define STALE_VECTOR	(STALE_TAG << 16 | 1)

/* As the administrator can, past VFIO */
static int write_config(const char *bdf, uint32_t pos, uint16_t value)
{
	char path[PATH_MAX];
	int fd, ret;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config", bdf);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = pwrite(fd, &value, sizeof(value), pos) == sizeof(value) ? 0 : -EIO;
	close(fd);
	return ret;
}

/* The next owner gets a device that is off and clear, whoever had it before. */
void test_hands(const char *bdf, bool firmware_has_tags)
{
	struct vfio_pci_tph_cap cap;
	struct tph_witness w;
	struct tph_dev dev;
	volatile uint32_t *msix = NULL;
	char power[PATH_MAX];

	if (tph_dev_open(&dev, bdf))
		return;
	tph_get_cap(dev.fd, &cap);
	check_int(tph_enable(dev.fd, cap.supported_modes & VFIO_PCI_TPH_MODE_IV ?
			     VFIO_PCI_TPH_MODE_IV : VFIO_PCI_TPH_MODE_DS), 0, "ENABLE");
	if (firmware_has_tags && cap.st_table_sz)
		check_int(tph_set_st(dev.fd, 1, cap.st_table_sz - 1, 0), 0, "SET_ST");
	if (cap.flags & VFIO_PCI_TPH_CAP_ST_IN_MSIX)
		msix = tph_dev_map_msix(&dev);
	tph_dev_close(&dev);
	check(!tph_dev_look_awake(bdf, &w) && tph_dev_is_clear(&w), "off and clear after close");

	/* A device may lose what is written as soon as it sleeps. */
	snprintf(power, sizeof(power), "/sys/bus/pci/devices/%s/power/control", bdf);
	check_int(tph_dev_sysfs_write(power, "on"), 0, "awake");
	check_int(write_config(bdf, w.cap + TPH_CTRL, CTRL_DS_ON), 0, "enabled by somebody else");
	if (cap.flags & VFIO_PCI_TPH_CAP_ST_IN_CAP)
		check_int(write_config(bdf, w.cap + TPH_TABLE, STALE_TAG), 0, "with a tag");
	if (msix) {
		msix += (cap.st_table_sz - 1) * 4;
		msix[3] = STALE_VECTOR;
		check_int(msix[3], STALE_VECTOR, "with a tag");
	}
	check(!tph_dev_look(bdf, &w) && !w.msix_unread && !tph_dev_is_clear(&w),
	      "that is there");
	check_int(tph_dev_open(&dev, bdf), 0, "open");
	check(!tph_dev_look(bdf, &w) && tph_dev_is_clear(&w), "off and clear after open");
	tph_dev_close(&dev);
	check_int(tph_dev_sysfs_write(power, "auto"), 0, "may sleep again");
}
