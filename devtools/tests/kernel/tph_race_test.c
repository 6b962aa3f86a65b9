// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test of calls made by one thread while another one has the device reset. Part
 * of tph_ioctl_test.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tap.h"
#include "tph_dev.h"
#include "tph_ioctl_test.h"

#define RESETS	4

static struct tph_dev dev;
static struct tph_witness before, now;
static uint8_t mode;
static bool tags;
static atomic_bool stop;
static atomic_int good, refused, other;

static int call(void)
{
	return tags ? tph_set_st(dev.fd, 1, 0, 0) : tph_enable(dev.fd, mode);
}

static void *caller(void *arg)
{
	(void)arg;
	while (!stop) {
		int ret = call();

		if (!ret)
			good++;
		else if (ret == -EIO)
			refused++;
		else
			other++;
	}
	return NULL;
}

/* Not a hot reset: that one is refused while somebody else is in a call. */
static int vfio_reset(void)
{
	return ioctl(dev.fd, VFIO_DEVICE_RESET) ? -errno : 0;
}

static int sysfs_reset(void)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/reset", dev.bdf);
	return tph_dev_sysfs_write(path, "1");
}

/* Some resets while the other thread calls; how many calls there were is counted. */
static void race(int (*reset)(void), const char *what)
{
	pthread_t thread;
	int i, wait, wrong = 0;

	stop = false;
	good = 0;
	refused = 0;
	other = 0;
	if (!check(!pthread_create(&thread, NULL, caller, NULL), "start a thread"))
		return;
	for (i = 0; i < RESETS; i++) {
		for (wait = 0; good <= i && wait < 10000; wait++)
			usleep(1000);
		wrong += reset() != 0;
	}
	stop = true;
	pthread_join(thread, NULL);
	check_int(wrong, 0, what);
	check_int(other, 0, "calls with another error than EIO");
	check_int(call(), 0, "a call after them");
	check(!tph_dev_look(dev.bdf, &now) && !now.msix_unread &&
	      !memcmp(&now, &before, sizeof(now)),
	      "mode and table are as before");
}

/* Calls wait for a reset that comes through VFIO, others are refused. */
void test_reset_race(const char *bdf, bool firmware_has_tags)
{
	struct vfio_pci_tph_cap cap;

	if (tph_dev_open(&dev, bdf))
		return;
	tph_get_cap(dev.fd, &cap);
	mode = cap.supported_modes & VFIO_PCI_TPH_MODE_DS ? VFIO_PCI_TPH_MODE_DS :
		VFIO_PCI_TPH_MODE_IV;
	tags = firmware_has_tags && cap.st_table_sz;
	check_int(tph_enable(dev.fd, mode), 0, "ENABLE");
	check_int(call(), 0, "a call");
	check_int(tph_dev_look(bdf, &before), 0, "look at it");

	race(vfio_reset, "VFIO_DEVICE_RESET while another thread calls");
	check_int(refused, 0, "calls that were refused meanwhile");
	race(sysfs_reset, "resets by the administrator while another thread calls");
	check(refused > 0, "%d calls were refused meanwhile, %d went well", refused, good);
	tph_dev_close(&dev);
}
