/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * TPH through the ioctl VFIO_DEVICE_PCI_TPH on the VFIO device. No other file
 * knows this ioctl.
 */

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <uapi/linux/vfio_pci_tph.h>

#include <bus_pci_driver.h>
#include <eal_export.h>
#include <rte_bus_pci.h>
#include <rte_interrupts.h>
#include <rte_log.h>

#include "pci_tph.h"

RTE_LOG_REGISTER_SUFFIX(pci_vfio_tph_logtype, tph, NOTICE);

#define PCI_VFIO_TPH_LOG(level, fmt, ...) \
	rte_log(RTE_LOG_ ## level, pci_vfio_tph_logtype, "PCI TPH: " fmt "\n", ## __VA_ARGS__)

/* What this layer hands on as it is. */
static_assert(RTE_PCI_TPH_ST_MAX == VFIO_PCI_TPH_MAX_ENTRIES, "most entries");
static_assert(RTE_PCI_TPH_CPU_NONE == VFIO_PCI_TPH_CPU_NONE, "no CPU");
static_assert((int)RTE_TPH_MODE_IV == VFIO_PCI_TPH_MODE_IV, "interrupt-vector mode");
static_assert((int)RTE_TPH_MODE_DS == VFIO_PCI_TPH_MODE_DS, "device-specific mode");
static_assert((int)RTE_TPH_MEM_VOLATILE == VFIO_PCI_TPH_MEM_TYPE_VM, "volatile");
static_assert((int)RTE_TPH_MEM_PERSISTENT == VFIO_PCI_TPH_MEM_TYPE_PM, "persistent");

static_assert(RTE_PCI_TPH_WHY_ROOT_PORT == (int)VFIO_PCI_TPH_WHY_ROOT_PORT, "root port");
static_assert(RTE_PCI_TPH_WHY_POLICY == (int)VFIO_PCI_TPH_WHY_POLICY, "policy");
static_assert(RTE_PCI_TPH_WHY_NO_DSM == (int)VFIO_PCI_TPH_WHY_NO_DSM, "no _DSM");
static_assert(RTE_PCI_TPH_WHY_BAD_DSM == (int)VFIO_PCI_TPH_WHY_BAD_DSM, "bad _DSM");
static_assert(RTE_PCI_TPH_WHY_NO_ST == (int)VFIO_PCI_TPH_WHY_NO_ST, "no tags");
static_assert(RTE_PCI_TPH_WHY_NO_TABLE == (int)VFIO_PCI_TPH_WHY_NO_TABLE, "no table");
static_assert(RTE_PCI_TPH_WHY_PREFIX == (int)VFIO_PCI_TPH_WHY_PREFIX, "prefixes");

/* All reasons of the kernel that have a name here. */
#define PCI_VFIO_TPH_WHYS (2 * VFIO_PCI_TPH_WHY_PREFIX - 1)

static const char * const op_names[] = {
	[VFIO_PCI_TPH_GET_CAP] = "query",
	[VFIO_PCI_TPH_ENABLE] = "enable",
	[VFIO_PCI_TPH_DISABLE] = "disable",
	[VFIO_PCI_TPH_GET_ST] = "tag look-up",
	[VFIO_PCI_TPH_SET_ST] = "table write",
};

static int
pci_vfio_tph_ioctl(int fd, unsigned long request, void *arg)
{
	return ioctl(fd, request, arg);
}

RTE_EXPORT_INTERNAL_SYMBOL(rte_pci_tph_sys)
struct rte_pci_tph_sys rte_pci_tph_sys = {
	.ioctl = pci_vfio_tph_ioctl,
};

/* The errno of the kernel in the words of ethdev; nobody above turns it again. */
static int
pci_vfio_tph_err(int err)
{
	switch (err) {
	case ENOTTY:
	case EOPNOTSUPP:
		return -ENOTSUP;
	case EPERM:
		/* Policy; -EPERM of ethdev is: not the primary process. */
		return -EACCES;
	case ENODEV:
		/* No tag; -ENODEV of ethdev is: no such port. */
		return -ENXIO;
	default:
		return -err;
	}
}

/* The one system call. */
static int
pci_vfio_tph_call(const struct rte_pci_device *dev, struct vfio_device_pci_tph_op *arg)
{
	int fd = rte_intr_dev_fd_get(dev->intr_handle);
	int err;

	if (fd < 0) {
		PCI_VFIO_TPH_LOG(DEBUG, "%s: %s: the device is not open",
			dev->name, op_names[arg->op]);
		return -EIO;
	}
	if (rte_pci_tph_sys.ioctl(fd, VFIO_DEVICE_PCI_TPH, arg) == 0)
		return 0;

	err = errno;
	PCI_VFIO_TPH_LOG(DEBUG, "%s: %s: %s", dev->name, op_names[arg->op], strerror(err));
	errno = err;
	return pci_vfio_tph_err(err);
}

static int
pci_vfio_tph_cap_get(const struct rte_pci_device *dev, struct rte_pci_tph_cap *cap)
{
	struct vfio_device_pci_tph_op arg = {
		.argsz = sizeof(arg),
		.op = VFIO_PCI_TPH_GET_CAP,
	};
	uint8_t flags;
	int ret;

	ret = pci_vfio_tph_call(dev, &arg);
	if (ret == -ENOTSUP)
		cap->why = errno == ENOTTY ? RTE_PCI_TPH_WHY_NO_DRIVER : RTE_PCI_TPH_WHY_NO_CAP;
	if (ret != 0)
		return ret;

	flags = arg.cap.flags;
	*cap = (struct rte_pci_tph_cap) {
		.modes = arg.cap.supported_modes & (RTE_TPH_MODE_IV | RTE_TPH_MODE_DS),
		.table_size = arg.cap.st_table_sz,
		.extended = (flags & VFIO_PCI_TPH_CAP_EXTENDED) != 0,
		.platform = (flags & VFIO_PCI_TPH_CAP_PLATFORM_ST) != 0,
		.why = arg.cap.why & PCI_VFIO_TPH_WHYS,
	};
	if ((flags & VFIO_PCI_TPH_CAP_ENABLED) != 0)
		cap->enabled = (flags & VFIO_PCI_TPH_CAP_ENABLED_DS) != 0 ?
			RTE_TPH_MODE_DS : RTE_TPH_MODE_IV;
	if ((flags & VFIO_PCI_TPH_CAP_ST_IN_CAP) != 0)
		cap->table = RTE_TPH_TABLE_CAP;
	else if ((flags & VFIO_PCI_TPH_CAP_ST_IN_MSIX) != 0)
		cap->table = RTE_TPH_TABLE_MSIX;
	return 0;
}

static int
pci_vfio_tph_enable(const struct rte_pci_device *dev, enum rte_tph_mode mode)
{
	struct vfio_device_pci_tph_op arg = {
		.argsz = sizeof(arg),
		.op = VFIO_PCI_TPH_ENABLE,
		.ctrl.mode = mode,
	};

	return pci_vfio_tph_call(dev, &arg);
}

static int
pci_vfio_tph_disable(const struct rte_pci_device *dev)
{
	struct vfio_device_pci_tph_op arg = {
		.argsz = sizeof(arg),
		.op = VFIO_PCI_TPH_DISABLE,
	};

	return pci_vfio_tph_call(dev, &arg);
}

/* The argument of both operations on tags, to be freed by the caller. */
static struct vfio_device_pci_tph_op *
pci_vfio_tph_st_arg(uint32_t op, const struct rte_pci_tph_st *ents, uint32_t nb)
{
	struct vfio_device_pci_tph_op *arg;
	uint32_t argsz, i;

	argsz = sizeof(*arg) + nb * sizeof(arg->st.ents[0]);
	arg = calloc(1, argsz);
	if (arg == NULL)
		return NULL;

	arg->argsz = argsz;
	arg->op = op;
	arg->st.count = nb;
	for (i = 0; i < nb; i++) {
		arg->st.ents[i].cpu = ents[i].cpu;
		arg->st.ents[i].mem_type = ents[i].mem;
		arg->st.ents[i].index = ents[i].index;
	}
	return arg;
}

static int
pci_vfio_tph_st_get(const struct rte_pci_device *dev, struct rte_pci_tph_st *ents, uint32_t nb)
{
	struct vfio_device_pci_tph_op *arg;
	uint32_t i;
	int ret;

	arg = pci_vfio_tph_st_arg(VFIO_PCI_TPH_GET_ST, ents, nb);
	if (arg == NULL)
		return -ENOMEM;

	ret = pci_vfio_tph_call(dev, arg);
	for (i = 0; ret == 0 && i < nb; i++) {
		ents[i].st = arg->st.ents[i].st;
		ents[i].extended =
			(arg->st.ents[i].reserved1 & VFIO_PCI_TPH_ST_EXTENDED) != 0;
	}

	free(arg);
	return ret;
}

static int
pci_vfio_tph_st_set(const struct rte_pci_device *dev, const struct rte_pci_tph_st *ents,
		uint32_t nb)
{
	struct vfio_device_pci_tph_op *arg;
	int ret;

	arg = pci_vfio_tph_st_arg(VFIO_PCI_TPH_SET_ST, ents, nb);
	if (arg == NULL)
		return -ENOMEM;

	ret = pci_vfio_tph_call(dev, arg);

	free(arg);
	return ret;
}

const struct pci_tph_ops pci_vfio_tph_ops = {
	.cap_get = pci_vfio_tph_cap_get,
	.enable = pci_vfio_tph_enable,
	.disable = pci_vfio_tph_disable,
	.st_get = pci_vfio_tph_st_get,
	.st_set = pci_vfio_tph_st_set,
};
