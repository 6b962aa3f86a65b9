// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random and mutated TPH ioctls from several threads, while the same devices
 * are reset, powered down, their interrupts set up, closed, unbound and bound
 * again. No matter what, nothing may be left in a device once it is closed, and
 * a device in a sane state has to do as it is told. Needs root and slub_debug=F, see
 * tph_held.c.
 *
 * usage: tph_vm_fuzz SECONDS SEED DEVICE...
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"
#include "tph_dev.h"
#include "tph_held.h"

#define CALLERS		3
#define ENTRIES		2048
#define VECTORS		4
/* What may be there more in the end than before, of any kind */
#define HELD_MORE	64

static const char *bdf;
static struct tph_dev dev;
static bool stop;
/* Unbinding waits for the owner to close: then nobody may wait for unbinding. */
static pthread_mutex_t admin_lock = PTHREAD_MUTEX_INITIALIZER;
static bool unbinding;
static long calls, worked, disturbances;
static unsigned int seed;

static unsigned int pick(unsigned int *state, unsigned int n)
{
	return (unsigned int)rand_r(state) % n;
}

/* Mostly what makes sense, so that it gets far; sometimes anything. */
static uint32_t pick_cpu(unsigned int *state)
{
	static const uint32_t odd[] = { 0xffffffff, 4, 63, 64, 8191, 0x7fffffff, 0x80000000 };

	return pick(state, 10) ? pick(state, 4) : odd[pick(state, 7)];
}

static void one_call(unsigned int *state, uint8_t *buf)
{
	struct vfio_device_pci_tph_op *arg = (void *)buf;
	uint32_t i, count, op = pick(state, 20);
	size_t len;
	int ret;

	op = op < 12 ? VFIO_PCI_TPH_SET_ST : op < 15 ? VFIO_PCI_TPH_GET_ST :
		op < 17 ? VFIO_PCI_TPH_ENABLE : op < 18 ? VFIO_PCI_TPH_DISABLE :
		op < 19 ? VFIO_PCI_TPH_GET_CAP : pick(state, 8);
	count = pick(state, 50) ? 1 + pick(state, 20) : 1 + pick(state, ENTRIES);
	memset(buf, 0, sizeof(*arg));
	arg->argsz = sizeof(*arg) + count * sizeof(arg->st.ents[0]);
	arg->op = op;
	if (op == VFIO_PCI_TPH_ENABLE)
		arg->ctrl.mode = 1 + pick(state, 2);
	if (op == VFIO_PCI_TPH_GET_ST || op == VFIO_PCI_TPH_SET_ST) {
		arg->st.count = count;
		for (i = 0; i < count; i++)
			arg->st.ents[i] = (struct vfio_pci_tph_entry){
				.cpu = pick_cpu(state),
				.mem_type = pick(state, 2),
				.index = pick(state, 30) ? pick(state, 10) : pick(state, 0x10000),
			};
	}
	len = arg->argsz;
	while (!pick(state, 4))
		buf[pick(state, len < 64 || pick(state, 2) ? 24 : len)] ^= 1 << pick(state, 8);
	if (!pick(state, 200))
		arg = (void *)(uintptr_t)(pick(state, 2) ? 0x1000 : -4096L);
	ret = tph_call(dev.fd, arg);
	__atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
	if (!ret)
		__atomic_add_fetch(&worked, 1, __ATOMIC_RELAXED);
}

static void *caller(void *arg)
{
	unsigned int state = seed + (uintptr_t)arg;
	uint8_t *buf = calloc(1, sizeof(struct vfio_device_pci_tph_op) +
			      (ENTRIES + 1) * sizeof(struct vfio_pci_tph_entry));

	while (buf && !__atomic_load_n(&stop, __ATOMIC_RELAXED))
		one_call(&state, buf);
	free(buf);
	return NULL;
}

static void set_irqs(uint32_t n, int event)
{
	struct vfio_irq_set *set = calloc(1, sizeof(*set) + VECTORS * sizeof(int));
	uint32_t i;

	if (!set)
		return;
	set->argsz = sizeof(*set) + n * sizeof(int);
	set->flags = VFIO_IRQ_SET_ACTION_TRIGGER |
		(n ? VFIO_IRQ_SET_DATA_EVENTFD : VFIO_IRQ_SET_DATA_NONE);
	set->index = VFIO_PCI_MSIX_IRQ_INDEX;
	set->count = n;
	for (i = 0; i < n; i++)
		memcpy(set->data + i * sizeof(int), &event, sizeof(event));
	ioctl(dev.fd, VFIO_DEVICE_SET_IRQS, set);
	free(set);
}

static void sysfs(const char *name, const char *value)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", bdf, name);
	tph_dev_sysfs_write(path, value);
}

static void low_power(uint32_t what)
{
	struct vfio_device_feature arg = {
		.argsz = sizeof(arg),
		.flags = VFIO_DEVICE_FEATURE_SET | what,
	};

	ioctl(dev.fd, VFIO_DEVICE_FEATURE, &arg);
}

/* What the owner or the administrator may do to the device at any time */
static void *disturber(void *arg)
{
	unsigned int state = seed ^ 0x5555;
	int pm = tph_dev_find_cap(dev.fd, PCI_CAP_ID_PM);
	int exp = tph_dev_find_cap(dev.fd, PCI_CAP_ID_EXP);
	int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		switch (pick(&state, 13)) {
		case 0:
			ioctl(dev.fd, VFIO_DEVICE_RESET);
			break;
		case 1:
			pthread_mutex_lock(&admin_lock);
			if (!unbinding)
				sysfs("reset", "1");
			pthread_mutex_unlock(&admin_lock);
			break;
		case 2:
			tph_dev_config16(dev.fd, exp + PCI_EXP_DEVCTL, 0, PCI_EXP_DEVCTL_BCR_FLR);
			break;
		case 3:
			tph_dev_config16(dev.fd, PCI_COMMAND, PCI_COMMAND_MEMORY, 0);
			break;
		case 4:
			tph_dev_config16(dev.fd, pm + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK, 3);
			break;
		case 5:
			low_power(VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY);
			usleep(pick(&state, 20000));
			low_power(VFIO_DEVICE_FEATURE_LOW_POWER_EXIT);
			break;
		case 6:
			set_irqs(0, -1);
			break;
		case 7:
		case 8:
			set_irqs(1 + pick(&state, VECTORS), pick(&state, 4) ? event : -1);
			break;
		case 9:
			tph_dev_hot_reset(&dev);
			break;
		default:
			tph_dev_config16(dev.fd, pm + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK, 0);
			tph_dev_config16(dev.fd, PCI_COMMAND, 0, PCI_COMMAND_MEMORY);
		}
		disturbances++;
		usleep(pick(&state, 30000));
	}
	tph_dev_config16(dev.fd, pm + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK, 0);
	tph_dev_config16(dev.fd, PCI_COMMAND, 0, PCI_COMMAND_MEMORY);
	if (event >= 0)
		close(event);
	return arg;
}

/* Left in peace, the device does as it is told, and holds what it should. */
static void check_sane(void)
{
	struct vfio_pci_tph_cap cap;
	struct tph_witness w;
	uint8_t mode;

	if (tph_get_cap(dev.fd, &cap) || !cap.supported_modes) {
		check(false, "GET_CAP in the end");
		return;
	}
	if (!(cap.flags & VFIO_PCI_TPH_CAP_ENABLED)) {
		mode = cap.supported_modes & VFIO_PCI_TPH_MODE_DS ? VFIO_PCI_TPH_MODE_DS :
			VFIO_PCI_TPH_MODE_IV;
		if (tph_enable(dev.fd, mode))
			check(false, "ENABLE in the end");
	} else {
		mode = cap.flags & VFIO_PCI_TPH_CAP_ENABLED_DS ? VFIO_PCI_TPH_MODE_DS :
			VFIO_PCI_TPH_MODE_IV;
	}
	tph_dev_look(bdf, &w);
	if ((w.ctrl & 7) != mode || !(w.ctrl & 0x300))
		check(false, "control register 0x%x in the end, mode %d", w.ctrl, mode);
	if (cap.st_table_sz && (tph_set_st(dev.fd, 1, 0, 0) || tph_set_st(dev.fd, 1, 0, 0)))
		check(false, "SET_ST in the end");
	tph_dev_look(bdf, &w);
	if ((w.entries && !w.tags[0]) || (w.msix_entries && !w.msix_tags[0]) || w.msix_unread)
		check(false, "tag in the table in the end");
}

static bool is_clear(void)
{
	struct tph_witness w;

	return !tph_dev_look_awake(bdf, &w) && w.cap && tph_dev_is_clear(&w);
}

/* From open to close, with the device taken away meanwhile now and then */
static bool session(unsigned int *state)
{
	pthread_t thread[CALLERS + 1];
	bool unbind = !pick(state, 3);
	pid_t pid = -1;
	uintptr_t i;
	int ret = tph_dev_open(&dev, bdf);

	if (!check(!ret, "open (%s)", strerror(-ret)))
		return false;
	seed = rand_r(state);
	stop = false;
	unbinding = false;
	for (i = 0; i < CALLERS; i++)
		pthread_create(&thread[i], NULL, caller, (void *)i);
	pthread_create(&thread[CALLERS], NULL, disturber, NULL);
	usleep(200000 + pick(state, 600000));
	if (unbind) {
		pthread_mutex_lock(&admin_lock);
		unbinding = true;
		pthread_mutex_unlock(&admin_lock);
		pid = fork();
		if (!pid) {
			close(dev.fd);
			close(dev.group);
			close(dev.container);
			sysfs("driver/unbind", bdf);
			_exit(0);
		}
		usleep(100000);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (i = 0; i <= CALLERS; i++)
		pthread_join(thread[i], NULL);
	if (pick(state, 2))
		check_sane();
	tph_dev_close(&dev);
	if (pid > 0) {
		waitpid(pid, NULL, 0);
		ret = tph_dev_sysfs_write("/sys/bus/pci/drivers_probe", bdf);
		check(!ret, "bind again (%s)", strerror(-ret));
	}
	return check(is_clear(), "off and clear after close");
}

static bool all_happened(void)
{
	return worked && disturbances > 2;
}

/* A busy machine needs more than the time given for something of everything. */
static int fuzz(const char *device, unsigned int state, time_t end)
{
	int sessions = 0;

	bdf = device;
	while ((time(NULL) < end || (!all_happened() && time(NULL) < end + 60)) &&
	       session(&state))
		sessions++;
	tap_note("%s: %d sessions, %ld calls (%ld successful), %ld disturbances",
		 bdf, sessions, calls, worked, disturbances);
	check(all_happened(), "all of it happened");
	return 0;
}

int main(int argc, char **argv)
{
	static struct tph_held before;
	int i, status;
	time_t end;

	if (argc < 4) {
		fprintf(stderr, "usage: %s SECONDS SEED DEVICE...\n", argv[0]);
		return 2;
	}
	check(tph_held_settle(&before), "counts of what the kernel holds");
	end = time(NULL) + atoi(argv[1]);
	tap_note("seed %s", argv[2]);
	for (i = 3; i < argc; i++)
		if (!fork())
			return fuzz(argv[i], atoi(argv[2]) + i, end);
	while (wait(&status) > 0)
		check_int(status, 0, "a device's process came to its end");
	tph_held_check(&before, HELD_MORE);
	return tap_end();
}
