// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test of what becomes of TPH when a device is opened, closed, reset, powered
 * down or taken away. Part of tph_ioctl_test.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"
#include "tph_dev.h"
#include "tph_ioctl_test.h"

static const char *bdf;
static struct tph_dev dev;
static struct tph_witness before, now;
static uint8_t mode;
static bool have_tags, tags;

/* Open, enable, give two entries a tag where that can be done. */
static bool set_up(void)
{
	struct vfio_pci_tph_cap cap;
	int ret = tph_dev_open(&dev, bdf);

	if (!check(!ret, "open (%s)", strerror(-ret)))
		return false;
	tph_get_cap(dev.fd, &cap);
	mode = cap.supported_modes & VFIO_PCI_TPH_MODE_DS ? VFIO_PCI_TPH_MODE_DS :
		VFIO_PCI_TPH_MODE_IV;
	tags = have_tags && cap.st_table_sz;
	ret = tph_enable(dev.fd, mode);
	if (!ret && tags)
		ret = tph_set_st(dev.fd, 1, 0, 0);
	if (!ret && tags)
		ret = tph_set_st(dev.fd, 2, cap.st_table_sz - 1, 0);
	tph_dev_look(bdf, &before);
	return check(!ret && (before.ctrl & 0x300), "enable and set tags");
}

static bool is_off(void)
{
	return !tph_dev_look(bdf, &now) && tph_dev_is_clear(&now);
}

/* Once nobody has the device any more */
static bool is_off_closed(void)
{
	return !tph_dev_look_awake(bdf, &now) && tph_dev_is_clear(&now);
}

static bool is_as_before(void)
{
	return !tph_dev_look(bdf, &now) && !now.msix_unread && !memcmp(&now, &before, sizeof(now));
}

static void test_close(void)
{
	if (!set_up())
		return;
	tph_dev_close(&dev);
	check(is_off_closed(), "off and clear after close");
}

static void test_two_fds(void)
{
	int fd;

	if (!set_up())
		return;
	fd = tph_dev_get_fd(&dev);
	check(fd >= 0, "second fd");
	check_int(tph_enable(fd, mode), 0, "it sees the same state");
	check(is_as_before(), "opening it changed nothing");
	close(fd);
	check(is_as_before(), "closing it changed nothing");
	check_int(tph_enable(dev.fd, mode), 0, "the first one still works");
	tph_dev_close(&dev);
	check(is_off_closed(), "off and clear after the last close");
}

static void test_fork(void)
{
	int fds[2], status;
	pid_t pid;
	char c;

	if (!set_up() || pipe(fds))
		return;
	fflush(stdout);
	pid = fork();
	if (!pid) {
		close(fds[1]);
		if (read(fds[0], &c, 1) < 0)
			_exit(1);
		_exit(0);
	}
	close(fds[0]);
	tph_dev_close(&dev);
	check(is_as_before(), "a child still has the fd: nothing changed");
	close(fds[1]);
	waitpid(pid, &status, 0);
	check(is_off_closed(), "off and clear after the child's exit");
}

static void test_kill(void)
{
	int fds[2], status;
	pid_t pid;
	char c;

	if (pipe(fds))
		return;
	fflush(stdout);
	pid = fork();
	if (!pid) {
		bool ok = set_up();

		if (write(fds[1], ok ? "y" : "n", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	if (read(fds[0], &c, 1) != 1)
		c = 'n';
	tph_dev_look(bdf, &now);
	check(c == 'y' && (now.ctrl & 0x300), "owner is running, TPH is on");
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	check(is_off_closed(), "off and clear after kill -9");
	close(fds[0]);
	close(fds[1]);
}

/* With nobody else on this CPU: a work item that is queued here is not done before we sleep. */
static void run_alone(bool alone)
{
	struct sched_param param = { .sched_priority = alone };
	static cpu_set_t all;
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	check(!(alone && sched_getaffinity(0, sizeof(all), &all)) &&
	      !sched_setaffinity(0, sizeof(one), alone ? &one : &all) &&
	      !sched_setscheduler(0, alone ? SCHED_FIFO : SCHED_OTHER, &param),
	      "%s on a CPU", alone ? "alone" : "not alone");
}

/* The device had lost its state, and now it is there again. */
static void check_restored(int *resets, const char *after)
{
	int seen = tph_dev_resets(bdf);

	check(seen > *resets, "%s clears the device (%d resets)", after, seen);
	check(is_as_before(), "mode and table are back after %s", after);
	*resets = tph_dev_resets(bdf);
}

static void test_resets(void)
{
	int pos, resets = tph_dev_resets(bdf);
	char path[PATH_MAX];

	if (!set_up())
		return;
	/* What an owner does is put right before it returns. */
	run_alone(true);
	check_int(ioctl(dev.fd, VFIO_DEVICE_RESET) ? -errno : 0, 0, "VFIO_DEVICE_RESET");
	check_restored(&resets, "VFIO_DEVICE_RESET");

	pos = tph_dev_find_cap(dev.fd, PCI_CAP_ID_EXP);
	check_int(tph_dev_config16(dev.fd, pos + PCI_EXP_DEVCTL, 0, PCI_EXP_DEVCTL_BCR_FLR), 0,
		  "FLR through configuration space");
	check_restored(&resets, "FLR through configuration space");

	check_int(tph_dev_hot_reset(&dev), 0, "VFIO_DEVICE_PCI_HOT_RESET");
	check_restored(&resets, "hot reset");
	run_alone(false);

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/reset", bdf);
	check_int(tph_dev_sysfs_write(path, "1"), 0, "reset by the administrator");
	check_restored(&resets, "reset by the administrator");

	check_int(tph_disable(dev.fd), 0, "DISABLE");
	check_int(ioctl(dev.fd, VFIO_DEVICE_RESET) ? -errno : 0, 0, "VFIO_DEVICE_RESET");
	check(is_off(), "off stays off");
	check_int(tph_dev_hot_reset(&dev), 0, "VFIO_DEVICE_PCI_HOT_RESET");
	check(is_off(), "off stays off");
	tph_dev_close(&dev);
}

static void all_refused(const char *when)
{
	struct vfio_pci_tph_cap cap;
	uint8_t other = mode ^ (VFIO_PCI_TPH_MODE_IV | VFIO_PCI_TPH_MODE_DS);
	int ret;

	check(!tph_get_cap(dev.fd, &cap) && cap.supported_modes & mode &&
	      cap.flags & VFIO_PCI_TPH_CAP_ENABLED, "GET_CAP as ever: %s", when);
	check(tph_enable(dev.fd, mode) == -EIO, "ENABLE refused: %s", when);
	ret = tph_enable(dev.fd, other);
	check(ret == -EBUSY || ret == -EOPNOTSUPP, "ENABLE of another mode refused: %s", when);
	if (tags)
		check(tph_set_st(dev.fd, 3, 0, 0) == -EIO, "SET_ST refused: %s", when);
	check(tph_disable(dev.fd) == -EIO, "DISABLE refused: %s", when);
}

static void test_power(void)
{
	int pm;

	if (!set_up())
		return;
	check_int(tph_dev_config16(dev.fd, PCI_COMMAND, PCI_COMMAND_MEMORY, 0), 0, "memory decode off");
	all_refused("memory decode off");
	check_int(tph_dev_config16(dev.fd, PCI_COMMAND, 0, PCI_COMMAND_MEMORY), 0, "memory decode on");
	check(is_as_before(), "nothing changed");
	check_int(tph_enable(dev.fd, mode), 0, "and it works again");

	pm = tph_dev_find_cap(dev.fd, PCI_CAP_ID_PM);
	if (!check(pm, "power management capability")) {
		tph_dev_close(&dev);
		return;
	}
	check_int(tph_dev_config16(dev.fd, pm + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK, 3), 0, "to D3hot");
	all_refused("D3hot");
	check_int(tph_dev_config16(dev.fd, pm + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK, 0), 0, "back to D0");
	check(is_as_before(), "mode and table are as before");
	if (tags)
		check_int(tph_set_st(dev.fd, 3, 0, 0), 0, "and it works again");

	check_int(tph_dev_config16(dev.fd, pm + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK, 3), 0, "to D3hot");
	tph_dev_close(&dev);
	check(is_off_closed(), "off and clear after close in D3hot");
	if (!set_up())
		return;
	check_int(tph_dev_config16(dev.fd, PCI_COMMAND, PCI_COMMAND_MEMORY, 0), 0, "memory decode off");
	tph_dev_close(&dev);
	check(is_off_closed(), "off and clear after close without memory decode");
}

/* Power states as the owner asks for by VFIO's own means */
static void test_low_power(void)
{
	struct vfio_device_low_power_entry_with_wakeup entry = { 0 };
	struct vfio_pci_tph_cap cap;
	struct pollfd pfd = { .events = POLLIN };
	char path[PATH_MAX];

	if (!set_up())
		return;
	entry.wakeup_eventfd = eventfd(0, EFD_CLOEXEC);
	pfd.fd = entry.wakeup_eventfd;

	check_int(tph_dev_feature(dev.fd, VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY, NULL, 0), 0, "to low power");
	check(tph_dev_is_suspended(bdf), "the device is suspended");
	check_int(tph_get_cap(dev.fd, &cap), 0, "GET_CAP wakes it for a moment");
	check(tph_dev_is_suspended(bdf), "and it is suspended again");
	if (tags)
		check_int(tph_set_st(dev.fd, 1, 0, 0), 0, "SET_ST, too");
	check_int(tph_dev_feature(dev.fd, VFIO_DEVICE_FEATURE_LOW_POWER_EXIT, NULL, 0), 0, "end of low power");
	check(is_as_before(), "mode and table are as before");

	check_int(tph_dev_feature(dev.fd, VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY_WITH_WAKEUP, &entry,
			  sizeof(entry)), 0, "to low power until woken up");
	check(tph_dev_is_suspended(bdf), "the device is suspended");
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/power/control", bdf);
	check_int(tph_dev_sysfs_write(path, "on"), 0, "the administrator wakes it up");
	check_int(poll(&pfd, 1, 1000), 1, "its owner is told");
	usleep(100000);
	check(is_as_before(), "mode and table are as before");
	check_int(tph_dev_sysfs_write(path, "auto"), 0, "power saving is on again");

	check_int(tph_dev_feature(dev.fd, VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY, NULL, 0), 0, "to low power");
	check(tph_dev_is_suspended(bdf), "the device is suspended");
	tph_dev_close(&dev);
	check(is_off_closed(), "off and clear after close in low power");
	close(entry.wakeup_eventfd);
}

/*
 * Take a CPU away or bring it back. What was printed has to be out by then: the
 * VM's console would wait forever for an interrupt lost on that occasion.
 */
static void set_online(const char *path, const char *value)
{
	usleep(700000);
	check_int(tph_dev_sysfs_write(path, value), 0, path);
	usleep(300000);
}

/* CPUs come and go; a tag is a hint and outlives that. */
static void test_cpu_hotplug(void)
{
	static const char online[] = "/sys/devices/system/cpu/cpu3/online";
	struct vfio_pci_tph_entry ent, ent_off;

	if (!have_tags || access(online, W_OK) || !set_up())
		return;
	if (tags)
		check_int(tph_set_st(dev.fd, 3, 1, 0), 0, "tag of CPU 3");
	tph_dev_look(bdf, &before);
	if (mode == VFIO_PCI_TPH_MODE_DS)
		check_int(tph_get_st(dev.fd, 3, 0, &ent), 0, "GET_ST");
	set_online(online, "0");
	check(is_as_before(), "nothing changed");
	if (mode == VFIO_PCI_TPH_MODE_DS) {
		check_int(tph_get_st(dev.fd, 3, 0, &ent_off), 0, "GET_ST of an offline CPU");
		check_int(ent_off.st, ent.st, "its tag");
	}
	if (tags)
		check_int(tph_set_st(dev.fd, 3, 0, 0), 0, "SET_ST of an offline CPU");
	set_online(online, "1");
	if (tags)
		check_int(tph_set_st(dev.fd, 1, 0, 0), 0, "SET_ST");
	check(is_as_before(), "all is as before");
	tph_dev_close(&dev);
}

/* Reset the link to the device behind everybody's back. */
static void reset_link(void)
{
	char path[PATH_MAX];
	uint16_t control = 0;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/../config", bdf);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || pread(fd, &control, 2, PCI_BRIDGE_CONTROL) != 2) {
		check(false, "open %s", path);
		return;
	}
	control |= PCI_BRIDGE_CTL_BUS_RESET;
	check_int(pwrite(fd, &control, 2, PCI_BRIDGE_CONTROL), 2, "reset of the link");
	control &= ~PCI_BRIDGE_CTL_BUS_RESET;
	check_int(pwrite(fd, &control, 2, PCI_BRIDGE_CONTROL), 2, "end of the reset");
	close(fd);
	usleep(200000);
	tph_dev_look(bdf, &now);
}

/* Nobody tells of it; asking is no occasion to notice it, using TPH is. */
static void test_link_reset(void)
{
	struct vfio_pci_tph_cap cap;

	if (!set_up() || (tags && !before.entries)) {
		/* In MSI-X there is nothing to be put back to before the BAR is. */
		tph_dev_close(&dev);
		return;
	}
	reset_link();
	check_int(now.ctrl & 0x307, 0, "all is lost");
	check_int(tph_get_cap(dev.fd, &cap), 0, "GET_CAP");
	tph_dev_look(bdf, &now);
	check_int(now.ctrl & 0x307, 0, "changes nothing");
	check_int(tph_enable(dev.fd, mode), 0, "ENABLE of what is enabled");
	check(is_as_before(), "mode and table are back");
	if (tags) {
		reset_link();
		check_int(tph_set_st(dev.fd, 1, 0, 0), 0, "SET_ST");
		check(is_as_before(), "mode and table are back");
	}
	tph_dev_close(&dev);
	check(is_off_closed(), "off and clear after close");
}

/* What the kernel's own error injector is told */
struct aer_error {
	uint8_t bus;
	uint8_t dev;
	uint8_t fn;
	uint32_t uncor_status;
	uint32_t cor_status;
	uint32_t header_log[4];
	uint32_t domain;
};

/* Has the owner been told of an error of the device? */
static bool report_error(int event, uint32_t status)
{
	struct aer_error error = { .uncor_status = status };
	struct pollfd pfd = { .fd = event, .events = POLLIN };
	unsigned int domain, bus, slot, fn;
	uint64_t count;
	int fd;

	if (sscanf(bdf, "%x:%x:%x.%x", &domain, &bus, &slot, &fn) != 4)
		return false;
	error.domain = domain;
	error.bus = bus;
	error.dev = slot;
	error.fn = fn;
	fd = open("/dev/aer_inject", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, &error, sizeof(error)) != sizeof(error))
		perror("aer_inject");
	close(fd);
	if (poll(&pfd, 1, 5000) != 1)
		return false;
	sleep(2);
	return read(event, &count, sizeof(count)) == sizeof(count);
}

/* PCIe errors; needs the module aer_inject. */
static void test_aer(void)
{
	struct {
		struct vfio_irq_set set;
		int fd;
	} irq = {
		.set = {
			.argsz = sizeof(irq),
			.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
			.index = VFIO_PCI_ERR_IRQ_INDEX,
			.count = 1,
		},
		.fd = eventfd(0, EFD_CLOEXEC),
	};

	if (access("/dev/aer_inject", W_OK) || !set_up())
		return;
	check_int(ioctl(dev.fd, VFIO_DEVICE_SET_IRQS, &irq) ? -errno : 0, 0, "error interrupt");
	check(report_error(irq.fd, PCI_ERR_UNC_COMP_TIME), "completion timeout is reported");
	check(is_as_before(), "mode and table are as before");
	check_int(tph_enable(dev.fd, mode), 0, "and it works");

	/* Here the link is reset, and nobody puts anything back but ours. */
	check(report_error(irq.fd, PCI_ERR_UNC_DLP), "a fatal error is reported");
	if (tags && !before.entries) {
		/* nor the BAR that the table is in */
		check_int(tph_set_st(dev.fd, 1, 0, 0), -EIO, "SET_ST in the MSI-X table");
	} else {
		check(is_as_before(), "mode and table are as before");
		if (tags)
			check_int(tph_set_st(dev.fd, 1, 0, 0), 0, "SET_ST");
		else
			check_int(ioctl(dev.fd, VFIO_DEVICE_RESET) ? -errno : 0, 0,
				  "VFIO_DEVICE_RESET");
		check(is_as_before(), "mode and table are as before");
	}
	tph_dev_close(&dev);
	close(irq.fd);
	check(is_off_closed(), "off and clear after close");
	test_close();
}

/* The module stays as long as somebody has a device. */
static void test_unload(void)
{
	if (!set_up())
		return;
	check_int(syscall(SYS_delete_module, "tph_vfio_pci", O_NONBLOCK) ? -errno : 0,
		  -EWOULDBLOCK, "rmmod while the device is open");
	check(is_as_before(), "nothing changed");
	check_int(tph_enable(dev.fd, mode), 0, "the owner still works");
	tph_dev_close(&dev);
}

static void test_unbind(void)
{
	char path[PATH_MAX];
	int status;
	pid_t pid;

	if (!set_up())
		return;
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/driver/unbind", bdf);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		close(dev.fd);
		close(dev.group);
		close(dev.container);
		_exit(tph_dev_sysfs_write(path, bdf) ? 1 : 0);
	}
	usleep(300000);
	check_int(waitpid(pid, &status, WNOHANG), 0, "unbind waits for the owner");
	check(is_as_before(), "nothing changed");
	check_int(tph_enable(dev.fd, mode), 0, "the owner still works");
	tph_dev_close(&dev);
	waitpid(pid, &status, 0);
	check(WIFEXITED(status) && !WEXITSTATUS(status), "unbind is done after close");
	check(is_off_closed(), "off and clear after unbind");
	check_int(tph_dev_sysfs_write("/sys/bus/pci/drivers_probe", bdf), 0, "bind again");
	test_close();
}

/* What becomes of TPH over the life of an open device */
void test_life(const char *device, bool firmware_has_tags)
{
	bdf = device;
	have_tags = firmware_has_tags;
	tph_dev_look(bdf, &now);
	check(is_off_closed(), "off and clear while nobody has the device");
	test_close();
	test_two_fds();
	test_fork();
	test_kill();
	test_resets();
	test_link_reset();
	test_power();
	test_low_power();
	test_cpu_hotplug();
	test_unload();
	test_aer();
	test_unbind();
}
