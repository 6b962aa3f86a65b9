// SPDX-License-Identifier: GPL-2.0-only
/*
 * Open, use, close, unbind and bind devices many times, and see that the kernel
 * holds no more afterwards. Needs root and slub_debug=F, see tph_held.c.
 *
 * usage: tph_leak_test CYCLES DEVICE...
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tap.h"
#include "tph_dev.h"
#include "tph_held.h"

#define WARM_UP	3
#define ENTRIES	64

/* Successful and failing calls: each way out has something to free. */
static bool use(int fd)
{
	static struct vfio_pci_tph_entry ents[ENTRIES];
	struct vfio_device_pci_tph_op *arg;
	struct vfio_pci_tph_entry ent;
	struct vfio_pci_tph_cap cap;
	size_t size = sysconf(_SC_PAGESIZE);
	uint8_t *page;
	bool ok;
	int i;

	ok = !tph_get_cap(fd, &cap) && !tph_enable(fd, VFIO_PCI_TPH_MODE_DS);
	for (i = 0; i < ENTRIES; i++)
		ents[i] = (struct vfio_pci_tph_entry){ .cpu = i % 4, .index = i % cap.st_table_sz };
	arg = tph_st_arg(VFIO_PCI_TPH_SET_ST, ENTRIES, ents);
	ok = ok && !tph_call(fd, arg);
	arg->st.ents[ENTRIES - 1].cpu = 0x7fffffff;
	ok = ok && tph_call(fd, arg) == -EINVAL;
	arg->st.ents[ENTRIES - 1].mem_type = 7;
	ok = ok && tph_call(fd, arg) == -EINVAL;
	free(arg);
	ok = ok && !tph_get_st(fd, 1, 0, &ent);

	/* The entries cannot be read, and then the answer cannot be written. */
	page = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return false;
	arg = tph_st_arg(VFIO_PCI_TPH_GET_ST, 1, &(struct vfio_pci_tph_entry){ .cpu = 1 });
	memcpy(page, arg, arg->argsz);
	memcpy(page + size - sizeof(*arg), arg, sizeof(*arg));
	free(arg);
	mprotect(page, size, PROT_READ);
	mprotect(page + size, size, PROT_NONE);
	ok = ok && tph_call(fd, page + size - sizeof(*arg)) == -EFAULT;
	ok = ok && tph_call(fd, page) == -EFAULT;
	munmap(page, 2 * size);
	return ok && !tph_disable(fd) && !tph_enable(fd, VFIO_PCI_TPH_MODE_IV);
}

static bool rebind(const char *bdf, bool bind)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/driver/unbind", bdf);
	return !tph_dev_sysfs_write(bind ? "/sys/bus/pci/drivers_probe" : path, bdf);
}

static bool cycle(char **devices, int n)
{
	struct tph_witness w;
	struct tph_dev dev;
	bool ok = true;
	int i;

	if (tph_dev_open(&dev, devices[0]))
		return false;
	ok = use(dev.fd);
	tph_dev_close(&dev);
	ok = ok && !tph_dev_look_awake(devices[0], &w) && w.cap && tph_dev_is_clear(&w);
	/* Only without any device is what the firmware said forgotten. */
	for (i = 0; i < n; i++)
		ok = rebind(devices[i], false) && ok;
	for (i = 0; i < n; i++)
		ok = rebind(devices[i], true) && ok;
	return ok;
}

int main(int argc, char **argv)
{
	static struct tph_held before;
	int i, good = 0, cycles;
	struct tph_dev dev;

	if (argc < 3) {
		fprintf(stderr, "usage: %s CYCLES DEVICE...\n", argv[0]);
		return 2;
	}
	cycles = atoi(argv[1]);
	for (i = 0; i < WARM_UP; i++)
		cycle(argv + 2, argc - 2);
	check(tph_held_settle(&before), "counts of what the kernel holds");
	for (i = 0; i < cycles; i++)
		good += cycle(argv + 2, argc - 2);
	check_int(good, cycles, "cycles that went well");
	tph_held_check(&before, cycles / 2);

	check_int(tph_dev_open(&dev, argv[2]), 0, "open once more");
	tph_dev_close(&dev);
	check(tph_dev_is_suspended(argv[2]), "no reference keeps the device powered");
	return tap_end();
}
