// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two functions of one device, or two devices below one bridge: what a reset of
 * one does to the other, and that TPH of both is put back when the bus is reset.
 *
 * usage: tph_twin_test DEVICE DEVICE
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tap.h"
#include "tph_dev.h"

static struct twin {
	struct tph_dev dev;
	struct tph_witness before, now;
	int resets;
} twin[2];

static bool was_reset(struct twin *t)
{
	int before = t->resets;

	t->resets = tph_dev_resets(t->dev.bdf);
	return t->resets > before;
}

static bool is_as_before(struct twin *t)
{
	return !tph_dev_look(t->dev.bdf, &t->now) && !t->now.msix_unread &&
		!memcmp(&t->now, &t->before, sizeof(t->now));
}

/* Soon, for whom nobody waits */
static bool becomes_as_before(struct twin *t)
{
	int i;

	for (i = 0; i < 100; i++) {
		if (is_as_before(t))
			return true;
		usleep(10000);
	}
	return false;
}

static bool set_up(struct twin *t, const char *bdf, uint32_t cpu)
{
	struct vfio_pci_tph_cap cap;

	if (!check(!tph_dev_open(&t->dev, bdf), "open %s", bdf))
		return false;
	check_int(tph_get_cap(t->dev.fd, &cap), 0, "GET_CAP");
	check_int(tph_enable(t->dev.fd, VFIO_PCI_TPH_MODE_IV), 0, "ENABLE IV");
	check_int(tph_set_st(t->dev.fd, cpu, 0, 0), 0, "SET_ST of the first entry");
	check_int(tph_set_st(t->dev.fd, cpu, cap.st_table_sz - 1, 0), 0, "and of the last");
	t->resets = tph_dev_resets(t->dev.bdf);
	check_int(tph_dev_look(bdf, &t->before), 0, "look at it");
	return check(!t->before.msix_unread && !tph_dev_is_clear(&t->before), "tags are there");
}

/* Reset of the bus on behalf of the first, who shows that he owns the first n */
static int hot_reset(uint32_t n)
{
	struct vfio_pci_hot_reset *reset = calloc(1, sizeof(*reset) + n * sizeof(int));
	uint32_t i;
	int ret;

	if (!reset)
		abort();
	reset->argsz = sizeof(*reset) + n * sizeof(int);
	reset->count = n;
	for (i = 0; i < n; i++)
		reset->group_fds[i] = twin[i].dev.group;
	ret = ioctl(twin[0].dev.fd, VFIO_DEVICE_PCI_HOT_RESET, reset) ? -errno : 0;
	free(reset);
	return ret;
}

int main(int argc, char **argv)
{
	int i;

	if (argc != 3) {
		fprintf(stderr, "usage: %s DEVICE DEVICE\n", argv[0]);
		return 2;
	}
	for (i = 0; i < 2; i++)
		if (!set_up(&twin[i], argv[i + 1], i + 1))
			return tap_end();

	check_int(ioctl(twin[0].dev.fd, VFIO_DEVICE_RESET) ? -errno : 0, 0,
		  "reset of the first function");
	check(was_reset(&twin[0]) && !was_reset(&twin[1]), "it is one of that function alone");
	check(is_as_before(&twin[0]), "the first one has its tags again");
	check(is_as_before(&twin[1]), "the second one still has them");

	check(hot_reset(1) < 0, "reset of the bus by the owner of one is refused");
	check(!was_reset(&twin[0]) && !was_reset(&twin[1]), "nothing is reset");

	check_int(hot_reset(2), 0, "reset of the bus by the owner of both");
	check(is_as_before(&twin[0]), "the first one has its tags again");
	check(becomes_as_before(&twin[1]), "and so has the second one");
	check(was_reset(&twin[0]) && was_reset(&twin[1]), "both were reset");

	tph_dev_close(&twin[0].dev);
	check(becomes_as_before(&twin[1]), "the second one keeps them when the first is closed");
	tph_dev_close(&twin[1].dev);
	for (i = 0; i < 2; i++)
		check(!tph_dev_look_awake(argv[i + 1], &twin[i].now) &&
		      tph_dev_is_clear(&twin[i].now), "%s is off and clear after close",
		      argv[i + 1]);
	return tap_end();
}
