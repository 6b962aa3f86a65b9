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
#include <linux/vfio_pci_core.h>

#include "tph_compat.h"
#include "tph_op.h"

struct tph_acpi;

/**
 * struct tph_vfio_dev - one bound device
 * @core: the vfio-pci device; has to come first, vfio_alloc_device() wants it so
 * @op: TPH state, shared with the argument logic
 * @lock: protects @op, @open, @resetting and the TPH registers of the device
 * @acpi: steering tags of the host bridge above, or NULL
 * @cap: offset of the TPH Requester capability, 0 if there is none
 * @msix: the MSI-X table, if the ST table is in there
 * @open: between open of the first and close of the last fd
 * @resetting: a reset of the function is under way
 *
 * Lock order: device lock, &vfio_pci_core_device.memory_lock, @lock, then
 * either &tph_acpi.lock or the lock of the MSI descriptors and, in it, that of
 * an interrupt descriptor.
 *
 * The ioctl takes memory_lock for reading, so that under it neither power state
 * nor memory decode change, nor does a reset that goes through VFIO begin;
 * vfio-pci-core also sets up and frees interrupts with memory_lock held for
 * writing. Reset handlers run with memory_lock held for writing or, when the
 * reset does not come through VFIO, without: they take @lock only, and so does
 * the end of a runtime suspend. User memory is not touched under any of these:
 * a page fault on a mapped BAR takes memory_lock.
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
	bool open;
	bool resetting;
};

/**
 * struct tph_vfio_call - one call of the ioctl
 * @call: the part the argument logic knows
 * @arg: the argument in user memory
 * @cpus: CPUs that a thread of the calling process may run on
 * @have_cpus: @cpus is filled in
 */
struct tph_vfio_call {
	struct tph_op_call call;
	void __user *arg;
	cpumask_var_t cpus;
	bool have_cpus;
};

static inline struct tph_vfio_dev *tph_from_op(struct tph_op_dev *op)
{
	return container_of(op, struct tph_vfio_dev, op);
}

static inline struct tph_vfio_dev *tph_from_vdev(struct vfio_device *vdev)
{
	return container_of(vdev, struct tph_vfio_dev, core.vdev);
}

/* tph_hw.c */
void tph_hw_open(struct tph_vfio_dev *tdev);
void tph_hw_close(struct tph_vfio_dev *tdev);
int tph_hw_set_ctrl(struct tph_vfio_dev *tdev, u8 mode, enum tph_op_req req);
bool tph_hw_ctrl_is(struct tph_vfio_dev *tdev, u8 mode, enum tph_op_req req);
int tph_hw_set_tag(struct tph_vfio_dev *tdev, u16 index, u16 tag);
int tph_hw_get_tag(struct tph_vfio_dev *tdev, u16 index, u16 *tag);

/* tph_msix.c */
u16 tph_msix_open(struct tph_vfio_dev *tdev);
void tph_msix_close(struct tph_vfio_dev *tdev);
int tph_msix_set_tag(struct tph_vfio_dev *tdev, u16 index, u16 tag);
int tph_msix_get_tag(struct tph_vfio_dev *tdev, u16 index, u16 *tag);

/* tph_acpi.c */
struct tph_acpi *tph_acpi_get(struct pci_dev *pdev);
void tph_acpi_put(struct tph_acpi *acpi);
int tph_acpi_cpu_tag(struct tph_acpi *acpi, u32 cpu, u8 mem_type, bool ext,
		     u16 *tag);

/* tph_policy.c */
int tph_policy_init(void);
bool tph_policy_no_tph(void);
bool tph_policy_ds_allowed(void);
void tph_policy_process_cpus(struct cpumask *cpus);

#endif /* TPH_VFIO_PCI_H */
