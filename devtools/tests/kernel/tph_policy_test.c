// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may choose tags, and for which CPUs.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"
#include "tph_dev.h"
#include "tph_ioctl_test.h"

/* What test_policy() was given */
static const struct tph_dev *dev;
static const struct vfio_pci_tph_cap *cap;
static int hardware_modes;
static bool for_all;

static void pin(pid_t pid, int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(pid, sizeof(set), &set))
		perror("sched_setaffinity");
}

static int stop_fds[2];

static void *thread_on_cpu1(void *started)
{
	char c;

	pin(0, 1);
	if (write(*(int *)started, "x", 1) != 1 || read(stop_fds[0], &c, 1) < 0)
		perror("pipe");
	return NULL;
}

static void child(void (*body)(void))
{
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		body();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	check_int(status, 0, "the child came to its end");
}

static void affinity_body(void)
{
	int started[2];
	struct vfio_pci_tph_entry ent;
	pthread_t thread;
	char c;
	int i;

	pin(0, 0);
	check_int(tph_get_st(dev->fd, 0, 0, &ent), 0, "own CPU");
	check_int(tph_get_st(dev->fd, 1, 0, &ent), -EPERM, "CPU of nobody in the process");
	if (cap->st_table_sz)
		check_int(tph_set_st(dev->fd, 1, 0, 0), -EPERM, "and not for the table either");
	if (pipe(started) || pipe(stop_fds) ||
	    pthread_create(&thread, NULL, thread_on_cpu1, &started[1]) ||
	    read(started[0], &c, 1) != 1) {
		check(false, "start a thread");
		return;
	}
	check_int(tph_get_st(dev->fd, 1, 0, &ent), 0, "CPU of another thread");
	close(stop_fds[1]);
	pthread_join(thread, NULL);
	/* The kernel may take a moment longer to forget it. */
	for (i = 0; i < 100 && !tph_get_st(dev->fd, 1, 0, &ent); i++)
		usleep(10000);
	check_int(tph_get_st(dev->fd, 1, 0, &ent), -EPERM, "the thread is gone");
}

static void drop_caps(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 };

	if (syscall(SYS_capset, &head, none))
		perror("capset");
}

static void unprivileged_body(void)
{
	int all = hardware_modes, modes = all;
	struct vfio_pci_tph_cap seen;

	if (!for_all)
		modes &= ~VFIO_PCI_TPH_MODE_DS;
	check_int(tph_get_cap(dev->fd, &seen), 0, "GET_CAP without CAP_SYS_RAWIO");
	check_int(seen.supported_modes, modes, "modes it offers");
	check_int(!!(seen.why & VFIO_PCI_TPH_WHY_POLICY), modes != all, "policy is why");
	check_int(tph_enable(dev->fd, VFIO_PCI_TPH_MODE_DS),
		  modes & VFIO_PCI_TPH_MODE_DS ? 0 :
		  all & VFIO_PCI_TPH_MODE_DS ? -EPERM : -EOPNOTSUPP, "ENABLE DS");
	check_int(tph_disable(dev->fd), 0, "DISABLE");
	check_int(tph_enable(dev->fd, VFIO_PCI_TPH_MODE_IV),
		  all & VFIO_PCI_TPH_MODE_IV ? 0 : -EOPNOTSUPP, "ENABLE IV");
	check_int(tph_disable(dev->fd), 0, "DISABLE");
}

static void no_caps_body(void)
{
	drop_caps();
	unprivileged_body();
}

/* In there the process has every capability, and none that counts. */
static void user_ns_body(void)
{
	check_int(unshare(CLONE_NEWUSER) ? -errno : 0, 0, "a user namespace of its own");
	unprivileged_body();
}

void test_policy(const struct tph_dev *device, const struct vfio_pci_tph_cap *capability, int modes,
		 bool ds_for_all, bool firmware_has_tags)
{
	char parameter[PATH_MAX];

	dev = device;
	cap = capability;
	hardware_modes = modes;
	for_all = ds_for_all;
	snprintf(parameter, sizeof(parameter),
		 "/sys/bus/pci/devices/%s/driver/module/parameters/ds_mode", dev->bdf);
	tph_disable(dev->fd);
	child(no_caps_body);
	child(user_ns_body);
	check_int(tph_dev_sysfs_write(parameter, "always"), -EACCES, "ds_mode stays as loaded");
	if (!(cap->supported_modes & VFIO_PCI_TPH_MODE_DS))
		return;
	check_int(tph_enable(dev->fd, VFIO_PCI_TPH_MODE_DS), 0, "ENABLE DS");
	if (firmware_has_tags)
		child(affinity_body);
	check_int(tph_disable(dev->fd), 0, "DISABLE");
}
