// SPDX-License-Identifier: GPL-2.0-only
/*
 * A VFIO device and the view of it from outside, for test programs that run on
 * a machine with a TPH device.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tph_dev.h"

/* Open container and group of a device; 0 or -errno. */
int tph_dev_open_group(struct tph_dev *dev, const char *bdf)
{
	char path[PATH_MAX], link[PATH_MAX];
	ssize_t len;

	dev->bdf = bdf;
	dev->fd = -1;
	dev->group = -1;
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu_group", bdf);
	len = readlink(path, link, sizeof(link) - 1);
	if (len < 0)
		return -errno;
	link[len] = '\0';

	dev->container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	if (dev->container < 0)
		return -errno;
	snprintf(path, sizeof(path), "/dev/vfio/%s", strrchr(link, '/') + 1);
	dev->group = open(path, O_RDWR | O_CLOEXEC);
	if (dev->group < 0 ||
	    ioctl(dev->group, VFIO_GROUP_SET_CONTAINER, &dev->container) ||
	    ioctl(dev->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU)) {
		int ret = -errno;

		tph_dev_close(dev);
		return ret;
	}
	return 0;
}

/* One more fd of the device; >= 0 or -errno. */
int tph_dev_get_fd(struct tph_dev *dev)
{
	const char *token = getenv(TPH_VF_TOKEN);
	char name[80];
	int fd;

	snprintf(name, sizeof(name), "%s%s%s", dev->bdf, token ? " vf_token=" : "",
		 token ? token : "");
	fd = ioctl(dev->group, VFIO_GROUP_GET_DEVICE_FD, name);
	return fd < 0 ? -errno : fd;
}

/* Open all of it; 0 or -errno. */
int tph_dev_open(struct tph_dev *dev, const char *bdf)
{
	int ret = tph_dev_open_group(dev, bdf);

	if (ret)
		return ret;
	ret = tph_dev_get_fd(dev);
	if (ret < 0) {
		tph_dev_close(dev);
		return ret;
	}
	dev->fd = ret;
	return 0;
}

void tph_dev_close(struct tph_dev *dev)
{
	if (dev->fd >= 0)
		close(dev->fd);
	if (dev->group >= 0)
		close(dev->group);
	if (dev->container >= 0)
		close(dev->container);
	dev->fd = -1;
	dev->group = -1;
	dev->container = -1;
}

/* Registers as the administrator gets at them, 16 KiB at most; NULL if not. */
volatile uint32_t *tph_dev_map_bar(const char *bdf, int bar, long offset)
{
	char path[PATH_MAX];
	void *mem;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource%d", bdf, bar);
	fd = open(path, O_RDWR | O_CLOEXEC | O_SYNC);
	if (fd < 0)
		return NULL;
	mem = mmap(NULL, 0x4000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset & ~0xfffL);
	close(fd);
	if (mem == MAP_FAILED)
		return NULL;
	return (volatile uint32_t *)((char *)mem + (offset & 0xfff));
}

/* Set a feature of a VFIO device; 0 or -errno. */
int tph_dev_feature(int fd, uint32_t what, const void *data, size_t len)
{
	struct vfio_device_feature *arg = calloc(1, sizeof(*arg) + len);
	int ret;

	if (!arg)
		abort();
	arg->argsz = sizeof(*arg) + len;
	arg->flags = VFIO_DEVICE_FEATURE_SET | what;
	if (len)
		memcpy(arg->data, data, len);
	ret = ioctl(fd, VFIO_DEVICE_FEATURE, arg) ? -errno : 0;
	free(arg);
	return ret;
}

/* Low power until somebody wakes the device up, which it does not mind; 0 or -errno. */
int tph_dev_low_power(int fd)
{
	struct vfio_device_low_power_entry_with_wakeup entry = {
		.wakeup_eventfd = eventfd(0, EFD_CLOEXEC),
	};
	int ret = tph_dev_feature(fd, VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY_WITH_WAKEUP, &entry,
				  sizeof(entry));

	close(entry.wakeup_eventfd);
	return ret;
}

/* Access configuration space the way the owner of the device does. */
int tph_dev_config(int fd, uint32_t pos, void *buf, size_t len, bool write)
{
	struct vfio_region_info info = {
		.argsz = sizeof(info),
		.index = VFIO_PCI_CONFIG_REGION_INDEX,
	};
	ssize_t done;

	if (ioctl(fd, VFIO_DEVICE_GET_REGION_INFO, &info))
		return -errno;
	done = write ? pwrite(fd, buf, len, info.offset + pos) :
		pread(fd, buf, len, info.offset + pos);
	return done < 0 ? -errno : (size_t)done == len ? 0 : -EIO;
}

/* Change bits of a register the way the owner of the device does. */
int tph_dev_config16(int fd, uint32_t pos, uint16_t clear, uint16_t set)
{
	uint16_t value;
	int ret = tph_dev_config(fd, pos, &value, 2, false);

	if (ret)
		return ret;
	value = (value & ~clear) | set;
	return tph_dev_config(fd, pos, &value, 2, true);
}

/* Offset of a capability as the owner of the device sees it, 0 if none. */
int tph_dev_find_cap(int fd, uint8_t id)
{
	uint8_t config[256];

	if (tph_dev_config(fd, 0, config, sizeof(config), false))
		return 0;
	return tph_find_cap(config, id);
}

/* The MSI-X table of an open device as the administrator gets at it; NULL if not. */
volatile uint32_t *tph_dev_map_msix(const struct tph_dev *dev)
{
	int pos = tph_dev_find_cap(dev->fd, PCI_CAP_ID_MSIX);
	uint32_t reg;

	if (!pos || tph_dev_config(dev->fd, pos + PCI_MSIX_TABLE, &reg, 4, false))
		return NULL;
	return tph_dev_map_bar(dev->bdf, reg & PCI_MSIX_TABLE_BIR, reg & PCI_MSIX_TABLE_OFFSET);
}

/* Write a word to a file of sysfs; 0 or -errno. */
int tph_dev_sysfs_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

/* Secondary bus reset of the port above, which no other device may be below; 0 or -errno. */
int tph_dev_hot_reset(const struct tph_dev *dev)
{
	struct vfio_pci_hot_reset *reset = calloc(1, sizeof(*reset) + sizeof(int));
	int ret;

	if (!reset)
		abort();
	reset->argsz = sizeof(*reset) + sizeof(int);
	reset->count = 1;
	reset->group_fds[0] = dev->group;
	ret = ioctl(dev->fd, VFIO_DEVICE_PCI_HOT_RESET, reset) ? -errno : 0;
	free(reset);
	return ret;
}

/* How many resets the emulated capability of a device has seen, -1 if that cannot be read */
int tph_dev_resets(const char *bdf)
{
	char path[PATH_MAX];
	int count = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/debug/tph_emul/%s/resets", bdf);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%d", &count) != 1)
		count = -1;
	if (file)
		fclose(file);
	return count;
}

/* Is the device runtime suspended, or does it become so soon? */
bool tph_dev_is_suspended(const char *bdf)
{
	char path[PATH_MAX], status[16];
	int fd, i;
	ssize_t len;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/power/runtime_status", bdf);
	for (i = 0; i < 100; i++) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		len = fd < 0 ? -1 : read(fd, status, sizeof(status));
		close(fd);
		if (len > 9 && !memcmp(status, "suspended", 9))
			return true;
		usleep(20000);
	}
	return false;
}

int tph_call(int fd, void *arg)
{
	return ioctl(fd, VFIO_DEVICE_PCI_TPH, arg) ? -errno : 0;
}

int tph_get_cap(int fd, struct vfio_pci_tph_cap *cap)
{
	struct vfio_device_pci_tph_op op = {
		.argsz = sizeof(op),
		.op = VFIO_PCI_TPH_GET_CAP,
	};
	int ret = tph_call(fd, &op);

	*cap = op.cap;
	return ret;
}

int tph_enable(int fd, uint8_t mode)
{
	struct vfio_device_pci_tph_op op = {
		.argsz = sizeof(op),
		.op = VFIO_PCI_TPH_ENABLE,
		.ctrl.mode = mode,
	};

	return tph_call(fd, &op);
}

int tph_disable(int fd)
{
	struct vfio_device_pci_tph_op op = {
		.argsz = sizeof(op),
		.op = VFIO_PCI_TPH_DISABLE,
	};

	return tph_call(fd, &op);
}

/* An argument of GET_ST or SET_ST, to be freed; entries may be NULL. */
struct vfio_device_pci_tph_op *tph_st_arg(uint32_t op, uint32_t count,
					  const struct vfio_pci_tph_entry *ents)
{
	size_t len = count * sizeof(*ents);
	struct vfio_device_pci_tph_op *arg = calloc(1, sizeof(*arg) + len);

	if (!arg)
		abort();
	arg->argsz = sizeof(*arg) + len;
	arg->op = op;
	arg->st.count = count;
	if (ents)
		memcpy(arg->st.ents, ents, len);
	return arg;
}

int tph_get_st(int fd, uint32_t cpu, uint8_t mem_type, struct vfio_pci_tph_entry *ent)
{
	struct vfio_device_pci_tph_op *arg;
	int ret;

	memset(ent, 0, sizeof(*ent));
	ent->cpu = cpu;
	ent->mem_type = mem_type;
	arg = tph_st_arg(VFIO_PCI_TPH_GET_ST, 1, ent);
	ret = tph_call(fd, arg);
	*ent = arg->st.ents[0];
	free(arg);
	return ret;
}

int tph_set_st(int fd, uint32_t cpu, uint16_t index, uint8_t mem_type)
{
	struct vfio_pci_tph_entry ent = {
		.cpu = cpu,
		.mem_type = mem_type,
		.index = index,
	};
	struct vfio_device_pci_tph_op *arg = tph_st_arg(VFIO_PCI_TPH_SET_ST, 1, &ent);
	int ret = tph_call(fd, arg);

	free(arg);
	return ret;
}
