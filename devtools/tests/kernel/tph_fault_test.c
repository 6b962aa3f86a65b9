// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test of hardware that does not do as told: every single write of a call
 * fails, or is ignored, in turn. Part of tph_ioctl_test; needs the emulated
 * capability of the test VM.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <unistd.h>

#include "tap.h"
#include "tph_dev.h"
#include "tph_ioctl_test.h"

#define MAX_WRITES	40
#define MANY_FAILURES	60
#define KLOG_READ_ALL	3

static const char * const kinds[] = { "fail", "ignore" };

static const char *bdf;
static struct tph_dev dev;
static struct vfio_pci_tph_cap cap;
static struct tph_witness before, now;
static uint8_t mode;

/* Let the k-th write from now on go wrong, 0 for none. */
static void inject(const char *kind, int k)
{
	char path[PATH_MAX], number[16];

	snprintf(path, sizeof(path), "/sys/kernel/debug/tph_emul/%s/%s_write", bdf, kind);
	snprintf(number, sizeof(number), "%d", k);
	tph_dev_sysfs_write(path, number);
}

static void inject_none(void)
{
	inject("fail", 0);
	inject("ignore", 0);
}

/* Was the fault reached? If not, all writes of the call have had theirs. */
static bool was_hit(const char *kind)
{
	char path[PATH_MAX];
	unsigned int left = 1;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/debug/tph_emul/%s/%s_write", bdf, kind);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%u", &left) != 1)
		left = 1;
	if (file)
		fclose(file);
	return !left;
}

static bool is_enabled(void)
{
	struct vfio_pci_tph_cap seen = { 0 };

	return !tph_get_cap(dev.fd, &seen) && (seen.flags & VFIO_PCI_TPH_CAP_ENABLED);
}

static int set_many(uint32_t first_cpu)
{
	static const uint16_t index[] = { 0, 3, 1, 3, 4, 0 };
	struct vfio_device_pci_tph_op *arg = tph_st_arg(VFIO_PCI_TPH_SET_ST, 6, NULL);
	uint32_t i;
	int ret;

	for (i = 0; i < 6; i++) {
		arg->st.ents[i].cpu = (first_cpu + i) % 3;
		arg->st.ents[i].index = index[i];
	}
	ret = tph_call(dev.fd, arg);
	free(arg);
	return ret;
}

/* All or nothing, and the caller may try again */
static void test_set_st(const char *kind)
{
	bool good = true, hit;
	int k, ret;

	check_int(set_many(0), 0, "SET_ST");
	tph_dev_look(bdf, &before);
	for (k = 1; k < MAX_WRITES; k++) {
		inject(kind, k);
		ret = set_many(1);
		hit = was_hit(kind);
		inject_none();
		if (!hit)
			break;
		tph_dev_look(bdf, &now);
		good &= check(ret == -EIO && !memcmp(&now, &before, sizeof(now)),
			      "write %d of SET_ST: %s, all is as before", k, kind);
	}
	check(good && k == 7, "%d writes could go wrong", k - 1);
	tph_dev_look(bdf, &now);
	check(memcmp(&now, &before, sizeof(now)), "and in the end it worked");

	/* The second tag fails, then putting the first one back: better off than wrong */
	inject("fail", 3);
	inject("ignore", 4);
	check_int(set_many(0), -EIO, "SET_ST that cannot be undone");
	inject_none();
	tph_dev_look(bdf, &now);
	check_int(now.ctrl & 0x307, 0, "leaves TPH off");
	check(!is_enabled(), "and says so");
	check_int(tph_disable(dev.fd), 0, "DISABLE");
	tph_dev_look(bdf, &now);
	check(tph_dev_is_clear(&now), "cleans up");
	check_int(tph_enable(dev.fd, mode), 0, "ENABLE");
}

static void test_disable(const char *kind)
{
	int k, ret;
	bool hit;

	for (k = 1; k < MAX_WRITES; k++) {
		check_int(set_many(0), 0, "SET_ST");
		inject(kind, k);
		ret = tph_disable(dev.fd);
		hit = was_hit(kind);
		inject_none();
		tph_dev_look(bdf, &now);
		if (!hit)
			break;
		/* A PCI core that knows TPH writes first, unseen, and then it is seen to. */
		check(ret == -EIO || (!ret && k == 1), "DISABLE with a fault");
		check(is_enabled() == !!(now.ctrl & 0x300), "GET_CAP tells what there is");
		check_int(tph_disable(dev.fd), 0, "DISABLE again");
		tph_dev_look(bdf, &now);
		check(tph_dev_is_clear(&now), "%s write %d: off and clear", kind, k);
		check_int(tph_enable(dev.fd, mode), 0, "ENABLE");
	}
	/* control, four entries */
	check_int(k, 6, "all writes of DISABLE");
	check(tph_dev_is_clear(&now), "off and clear");
}

static void test_enable(const char *kind)
{
	int k, ret;
	bool hit;

	for (k = 1; k < MAX_WRITES; k++) {
		inject(kind, k);
		ret = tph_enable(dev.fd, mode);
		hit = was_hit(kind);
		inject_none();
		tph_dev_look(bdf, &now);
		if (!hit)
			break;
		/* Here, too, it may be seen to. */
		check(is_enabled() == !ret && (now.ctrl & 7) == (ret ? 0 : mode) &&
		      !(now.ctrl & 0x300) == !!ret, "%s write %d of ENABLE", kind, k);
		check_int(tph_disable(dev.fd), 0, "DISABLE");
	}
	check_int(k, 2, "all writes of ENABLE");
	tph_disable(dev.fd);
	check_int(tph_enable(dev.fd, mode), 0, "ENABLE");
}

/* What could not be restored is restored with the next occasion. */
static void test_restore(const char *kind)
{
	int k;

	check_int(set_many(0), 0, "SET_ST");
	tph_dev_look(bdf, &before);
	for (k = 1; k < 7; k++) {
		inject(kind, k);
		check_int(ioctl(dev.fd, VFIO_DEVICE_RESET) ? -errno : 0, 0, "reset");
		inject_none();
		check_int(tph_set_st(dev.fd, 0, 7, 0), 0, "SET_ST");
		check_int(tph_set_st(dev.fd, VFIO_PCI_TPH_CPU_NONE, 7, 0), 0, "SET_ST");
		tph_dev_look(bdf, &now);
		check(!memcmp(&now, &before, sizeof(now)), "%s write %d after a reset: as before",
		      kind, k);
	}
}

/* How often the kernel log has a text */
static int logged(const char *text)
{
	static char log[1 << 20];
	int count = 0, len = klogctl(KLOG_READ_ALL, log, sizeof(log) - 1);
	const char *pos = log;

	if (len < 0)
		return -errno;
	log[len] = '\0';
	while ((pos = strstr(pos, text)) != NULL) {
		pos += strlen(text);
		count++;
	}
	return count;
}

/* The owner of a device that fails cannot fill the log with it. */
static void test_log(void)
{
	int i, hits = 0, pm = tph_dev_find_cap(dev.fd, PCI_CAP_ID_PM);
	int old_lines = logged("cannot restore TPH"), lines;

	for (i = 0; i < MANY_FAILURES; i++) {
		inject("fail", 1);
		/* To the power state that it is in, which may have cost it something */
		tph_dev_config16(dev.fd, pm + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK, 0);
		hits += was_hit("fail");
	}
	inject_none();
	check_int(hits, MANY_FAILURES, "what was lost is restored, and fails");
	/* What failed just before counts as well. */
	lines = logged("cannot restore TPH");
	check(lines > 0 && lines - old_lines < MANY_FAILURES / 2, "%d lines for %d failures",
	      lines - old_lines, MANY_FAILURES);
	check_int(tph_enable(dev.fd, mode), 0, "ENABLE restores it");
}

/* Faults of a device whose table is in the emulated capability */
void test_faults(const char *device, bool firmware_has_tags)
{
	char path[PATH_MAX];
	size_t i;

	bdf = device;
	snprintf(path, sizeof(path), "/sys/kernel/debug/tph_emul/%s/fail_write", bdf);
	if (!firmware_has_tags || access(path, F_OK) || tph_dev_open(&dev, bdf))
		return;
	tph_get_cap(dev.fd, &cap);
	if (cap.flags & VFIO_PCI_TPH_CAP_ST_IN_CAP && cap.st_table_sz >= 8) {
		mode = cap.supported_modes & VFIO_PCI_TPH_MODE_DS ? VFIO_PCI_TPH_MODE_DS :
			VFIO_PCI_TPH_MODE_IV;
		check_int(tph_enable(dev.fd, mode), 0, "ENABLE");
		for (i = 0; i < 2; i++) {
			test_set_st(kinds[i]);
			test_restore(kinds[i]);
			test_disable(kinds[i]);
			test_enable(kinds[i]);
		}
		test_log();
	}
	tph_dev_close(&dev);
	tph_dev_look_awake(bdf, &now);
	check(tph_dev_is_clear(&now), "off and clear after close");
}
