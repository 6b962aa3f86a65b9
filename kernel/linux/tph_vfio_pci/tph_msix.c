// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steering tags in the MSI-X table: the upper half of each Vector Control.
 *
 * The lower half of the same register masks the vector and is written by the
 * interrupt code from a copy it keeps, msi_desc::pci.msix_ctrl, at any time and
 * in interrupt context. A tag thus has to go into the copy as well, under the
 * locks of both, or the next mask or unmask takes it away again.
 *
 * User space that may not choose tags has no way to the table, see tph_region.c.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <linux/bitfield.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/msi.h>
#include <linux/pci.h>

#include "tph_vfio_pci.h"

#define TPH_MSIX_TAG	GENMASK(31, 16)

/**
 * tph_msix_vectors - entries of the MSI-X table
 * @pdev: the device, powered
 *
 * Return: their number, 0 if there is no usable table.
 */
u16 tph_msix_vectors(struct pci_dev *pdev)
{
	int bar, vectors = pci_msix_vec_count(pdev);
	resource_size_t len;
	u32 table, size;

	if (vectors <= 0 ||
	    pci_read_config_dword(pdev, pdev->msix_cap + PCI_MSIX_TABLE, &table))
		return 0;
	bar = table & PCI_MSIX_TABLE_BIR;
	if (bar >= PCI_STD_NUM_BARS || !pci_resource_start(pdev, bar) ||
	    !(pci_resource_flags(pdev, bar) & IORESOURCE_MEM))
		return 0;
	table &= PCI_MSIX_TABLE_OFFSET;
	size = vectors * PCI_MSIX_ENTRY_SIZE;
	len = pci_resource_len(pdev, bar);
	return table <= len && size <= len - table ? vectors : 0;
}

/**
 * tph_msix_open - make the MSI-X table accessible, if it is the ST table
 * @tdev: the device, enabled by vfio-pci-core
 *
 * Return: 0 or -ENOMEM.
 */
int tph_msix_open(struct tph_vfio_dev *tdev)
{
	struct vfio_pci_core_device *core = &tdev->core;

	if (tdev->op.loc != TPH_OP_LOC_MSIX)
		return 0;
	tdev->msix = ioremap(pci_resource_start(core->pdev, core->msix_bar) + core->msix_offset,
			     core->msix_size);
	return tdev->msix ? 0 : -ENOMEM;
}

/**
 * tph_msix_close - undo tph_msix_open()
 * @tdev: the device
 */
void tph_msix_close(struct tph_vfio_dev *tdev)
{
	if (tdev->msix)
		iounmap(tdev->msix);
	tdev->msix = NULL;
}

static void __iomem *tph_msix_ctrl(struct tph_vfio_dev *tdev, u16 index)
{
	return tdev->msix + index * PCI_MSIX_ENTRY_SIZE + PCI_MSIX_ENTRY_VECTOR_CTRL;
}

/**
 * tph_msix_get_tag - read the tag of an MSI-X table entry
 * @tdev: the device, locked, with memory decode on
 * @index: entry, within the table
 * @tag: where to put the tag
 *
 * Return: 0, or -ENODEV if nobody answers.
 */
int tph_msix_get_tag(struct tph_vfio_dev *tdev, u16 index, u16 *tag)
{
	u32 ctrl = readl(tph_msix_ctrl(tdev, index));

	/* Reserved bits are 0, so that all ones is nobody answering. */
	if (PCI_POSSIBLE_ERROR(ctrl))
		return -ENODEV;
	*tag = FIELD_GET(TPH_MSIX_TAG, ctrl);
	return 0;
}

/* The kernel's own idea of a vector, NULL if it has none; descs are locked. */
static struct msi_desc *tph_msix_desc(struct pci_dev *pdev, u16 index)
{
	struct msi_desc *desc;

	if (!pdev->msix_enabled)
		return NULL;
	msi_for_each_desc(desc, &pdev->dev, MSI_DESC_ALL) {
		if (desc->pci.msi_attrib.is_msix && desc->msi_index == index &&
		    !desc->pci.msi_attrib.is_virtual)
			return desc;
	}
	return NULL;
}

/* A tag on its way to the table, and what came of it */
struct tph_msix_tag {
	struct tph_vfio_dev *tdev;
	u16 index;
	u16 tag;
	int ret;
};

static void tph_msix_write(struct tph_msix_tag *new, struct msi_desc *desc)
{
	void __iomem *reg = tph_msix_ctrl(new->tdev, new->index);
	u32 ctrl;

	/* Without can_mask the copy says nothing about the register. */
	if (desc && desc->pci.msi_attrib.can_mask)
		ctrl = desc->pci.msix_ctrl;
	else
		ctrl = readl(reg);
	if (PCI_POSSIBLE_ERROR(ctrl)) {
		new->ret = -ENODEV;
		return;
	}
	ctrl &= ~TPH_MSIX_TAG;
	ctrl |= FIELD_PREP(TPH_MSIX_TAG, new->tag);
	if (desc && desc->pci.msi_attrib.can_mask)
		desc->pci.msix_ctrl = ctrl;
	writel(ctrl, reg);
}

static void tph_msix_write_locked(struct tph_msix_tag *new)
{
	struct msi_desc *desc = tph_msix_desc(new->tdev->core.pdev, new->index);
	struct irq_data *data = NULL;
	struct irq_desc *irq;
	unsigned long flags;

	if (desc && desc->irq)
		data = irq_get_irq_data(desc->irq);
	if (!data) {
		/* No interrupt, nobody who masks. */
		tph_msix_write(new, desc);
		return;
	}
	irq = irq_data_to_desc(data);
	raw_spin_lock_irqsave(&irq->lock, flags);
	tph_msix_write(new, desc);
	raw_spin_unlock_irqrestore(&irq->lock, flags);
}

/* With the descriptors locked, once there are any */
static void tph_msix_write_descs(struct tph_msix_tag *new, struct device *dev)
{
#ifdef TPH_HAVE_MSI_DESCS_GUARD
	guard(msi_descs_lock)(dev);
	tph_msix_write_locked(new);
#else
	msi_lock_descs(dev);
	tph_msix_write_locked(new);
	msi_unlock_descs(dev);
#endif
}

/**
 * tph_msix_set_tag - write the tag of an MSI-X table entry
 * @tdev: the device, locked, with memory decode on
 * @index: entry, within the table
 * @tag: the tag
 *
 * Return: 0, -EIO if the entry does not hold the tag afterwards, or -ENODEV if
 * nobody answers.
 */
int tph_msix_set_tag(struct tph_vfio_dev *tdev, u16 index, u16 tag)
{
	struct tph_msix_tag new = { .tdev = tdev, .index = index, .tag = tag };
	struct device *device = &tdev->core.pdev->dev;
	u16 back;
	int ret;

	/* There are no descriptors to lock before the first vector is set up. */
	if (device->msi.data)
		tph_msix_write_descs(&new, device);
	else
		tph_msix_write(&new, NULL);
	if (new.ret)
		return new.ret;
	ret = tph_msix_get_tag(tdev, index, &back);
	return ret ? ret : back == tag ? 0 : -EIO;
}
