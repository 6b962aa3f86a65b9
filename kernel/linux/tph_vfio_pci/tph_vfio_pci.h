/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the module know of each other.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_VFIO_PCI_H
#define TPH_VFIO_PCI_H

#include <linux/cpumask.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/pm_domain.h>
#include <linux/workqueue.h>
#include <linux/vfio_pci_core.h>

#include "tph_compat.h"
#include "tph_op.h"

#ifndef TPH_DRIVER_NAME
#define TPH_DRIVER_NAME "tph-vfio-pci"
#endif

struct tph_acpi;

/**
 * struct tph_vfio_dev - one bound device
 * @core: the vfio-pci device; has to come first, vfio_alloc_device() wants it so
 * @op: TPH state, shared with the argument logic
 * @lock: protects @op, @open, @resetting and the TPH registers of the device
 * @acpi: steering tags of the host bridge above, or NULL
 * @cap: offset of the TPH Requester capability, 0 if there is none
 * @msix: the MSI-X table, if the ST table is in there
 * @untold: the PCI core must not be told of TPH, see tph_hw_tell_core()
 * @restore_work: restores TPH where that cannot be done at once
 * @pm_domain: tells of the end of a low power state
 * @open: between open of the first and close of the last fd
 * @resetting: a reset of the function is under way
 *
 * Lock order: device lock, &vfio_pci_core_device.memory_lock, @lock, then
 * either &tph_acpi.lock or the lock of the MSI descriptors and, in it, that of
 * an interrupt descriptor.
 *
 * The ioctl, and whatever restores TPH, takes memory_lock for reading, so that
 * under it neither power state nor memory decode change, nor does a reset that
 * goes through VFIO begin; vfio-pci-core also sets up and frees interrupts with
 * memory_lock held for writing. Reset handlers run with memory_lock held for
 * writing or, when the reset does not come through VFIO, without: they take
 * @lock only, to set marks. User memory is not touched under any of these: a
 * page fault on a mapped BAR takes memory_lock.
 *
 * A device that may be runtime suspended is never touched: VFIO holds a
 * reference over every ioctl, other paths take one or see that there is none.
 */
struct tph_vfio_dev {
	struct vfio_pci_core_device core;
	struct tph_op_dev op;
	/* see above */
	struct mutex lock;
	struct tph_acpi *acpi;
	u16 cap;
	void __iomem *msix;
	struct delayed_work restore_work;
	struct dev_pm_domain pm_domain;
	bool untold;
	bool open;
	bool resetting;
};

/**
 * struct tph_vfio_call - one call of the ioctl
 * @call: the part the argument logic knows
 * @arg: the argument in user memory
 * @denied: those of the CPUs asked for that no thread of the process may run on
 */
struct tph_vfio_call {
	struct tph_op_call call;
	void __user *arg;
	cpumask_var_t denied;
};

static inline struct tph_vfio_dev *tph_from_op(struct tph_op_dev *op)
{
	return container_of(op, struct tph_vfio_dev, op);
}

static inline struct tph_vfio_dev *tph_from_vdev(struct vfio_device *vdev)
{
	return container_of(vdev, struct tph_vfio_dev, core.vdev);
}

static inline struct tph_vfio_dev *tph_from_core(struct vfio_pci_core_device *core)
{
	return container_of(core, struct tph_vfio_dev, core);
}

static inline struct tph_vfio_dev *tph_from_pci(struct pci_dev *pdev)
{
	return tph_from_core(dev_get_drvdata(&pdev->dev));
}

/* tph_dev.c */
extern const struct vfio_device_ops tph_vfio_ops;
bool tph_ready(struct tph_op_dev *op);

/* tph_restore.c */
extern const struct pci_error_handlers tph_pci_err_handlers;
void tph_restore_probe(struct tph_vfio_dev *tdev);
void tph_restore_remove(struct tph_vfio_dev *tdev);
void tph_lost(struct tph_vfio_dev *tdev);
void tph_restore(struct tph_vfio_dev *tdev);

/* tph_region.c */
int tph_region_mmap(struct vfio_device *vdev, struct vm_area_struct *vma);
#ifdef TPH_HAVE_GET_DMABUF_PHYS
extern const struct vfio_pci_device_ops tph_region_ops;
#endif
#ifdef TPH_HAVE_GET_REGION_INFO_CAPS
int tph_region_info_caps(struct vfio_device *vdev, struct vfio_region_info *info,
			 struct vfio_info_cap *caps);
#else
long tph_region_info(struct tph_vfio_dev *tdev, struct vfio_region_info __user *arg);
#endif

/* tph_stock.c */
bool tph_stock_denied(struct pci_dev *pdev);
int tph_stock_sriov_configure(struct pci_dev *pdev, int nr_virtfn);
#ifdef TPH_HAVE_DEVICE_PARAMS
void tph_stock_device_params(struct vfio_pci_core_device *core);
#else
void tph_stock_params(void);
#endif
void tph_stock_add_ids(struct pci_driver *driver);

/* tph_sysfs.c */
extern const struct attribute_group *tph_sysfs_groups[];

/* tph_hw.c */
void tph_hw_probe(struct tph_vfio_dev *tdev);
void tph_hw_forget_core(struct tph_vfio_dev *tdev);
int tph_hw_set_ctrl(struct tph_op_dev *op, u8 mode, enum tph_op_req req);
int tph_hw_check_ctrl(struct tph_op_dev *op, u8 mode, enum tph_op_req req);
int tph_hw_set_tag(struct tph_op_dev *op, u16 index, u16 tag);
int tph_hw_get_tag(struct tph_op_dev *op, u16 index, u16 *tag);

/* tph_msix.c */
u16 tph_msix_vectors(struct pci_dev *pdev);
int tph_msix_open(struct tph_vfio_dev *tdev);
void tph_msix_close(struct tph_vfio_dev *tdev);
int tph_msix_set_tag(struct tph_vfio_dev *tdev, u16 index, u16 tag);
int tph_msix_get_tag(struct tph_vfio_dev *tdev, u16 index, u16 *tag);

/* tph_acpi.c */
struct tph_acpi *tph_acpi_get(struct pci_dev *pdev);
void tph_acpi_put(struct tph_acpi *acpi);
u32 tph_acpi_why(struct tph_acpi *acpi);
int tph_acpi_cpu_tag(struct tph_acpi *acpi, u32 cpu, u8 mem_type, bool ext,
		     u16 *tag);

/* tph_policy.c */
bool tph_policy_ds_allowed(void);
void tph_policy_denied_cpus(struct cpumask *cpus);

#endif /* TPH_VFIO_PCI_H */
