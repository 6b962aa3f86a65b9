// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steering tags in the MSI-X table: the upper half of each Vector Control.
 *
 * The lower half of the same register masks the vector and is written by the
 * interrupt code from a copy it keeps, msi_desc::pci.msix_ctrl, at any time and
 * in interrupt context. A tag thus has to go into the copy as well, under the
 * locks of both, or the next mask or unmask takes it away again.
 *
 * User space may have the table mapped and can write it without this module;
 * see the notes on security in the documentation.
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
 * tph_msix_open - make the MSI-X table accessible
 * @tdev: the device, enabled by vfio-pci-core
 *
 * Return: number of entries, 0 if there is no usable table.
 */
u16 tph_msix_open(struct tph_vfio_dev *tdev)
{
	struct vfio_pci_core_device *core = &tdev->core;
	struct pci_dev *pdev = core->pdev;
	resource_size_t start, len;

	if (!pdev->msix_cap || core->msix_bar >= PCI_STD_NUM_BARS)
		return 0;
	start = pci_resource_start(pdev, core->msix_bar);
	len = pci_resource_len(pdev, core->msix_bar);
	if (!start || !(pci_resource_flags(pdev, core->msix_bar) & IORESOURCE_MEM) ||
	    core->msix_offset > len || core->msix_size > len - core->msix_offset)
		return 0;
	tdev->msix = ioremap(start + core->msix_offset, core->msix_size);
	if (!tdev->msix)
		return 0;
	return core->msix_size / PCI_MSIX_ENTRY_SIZE;
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
 * Return: 0 or -EIO.
 */
int tph_msix_get_tag(struct tph_vfio_dev *tdev, u16 index, u16 *tag)
{
	u32 ctrl = readl(tph_msix_ctrl(tdev, index));

	/* Reserved bits are 0, so that all ones is nobody answering. */
	if (PCI_POSSIBLE_ERROR(ctrl))
		return -EIO;
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

static void tph_msix_write(struct tph_vfio_dev *tdev, u16 index, u16 tag,
			   struct msi_desc *desc)
{
	void __iomem *reg = tph_msix_ctrl(tdev, index);
	u32 ctrl;

	/* Without can_mask the copy says nothing about the register. */
	if (desc && desc->pci.msi_attrib.can_mask)
		ctrl = desc->pci.msix_ctrl;
	else
		ctrl = readl(reg);
	ctrl &= ~TPH_MSIX_TAG;
	ctrl |= FIELD_PREP(TPH_MSIX_TAG, tag);
	if (desc && desc->pci.msi_attrib.can_mask)
		desc->pci.msix_ctrl = ctrl;
	writel(ctrl, reg);
}

/* A tag on its way to the table */
struct tph_msix_tag {
	struct tph_vfio_dev *tdev;
	u16 index;
	u16 tag;
};

static void tph_msix_write_locked(void *arg)
{
	const struct tph_msix_tag *new = arg;
	struct msi_desc *desc = tph_msix_desc(new->tdev->core.pdev, new->index);
	struct irq_data *data = NULL;
	struct irq_desc *irq;
	unsigned long flags;

	if (desc && desc->irq)
		data = irq_get_irq_data(desc->irq);
	if (!data) {
		/* No interrupt, nobody who masks. */
		tph_msix_write(new->tdev, new->index, new->tag, desc);
		return;
	}
	irq = irq_data_to_desc(data);
	raw_spin_lock_irqsave(&irq->lock, flags);
	tph_msix_write(new->tdev, new->index, new->tag, desc);
	raw_spin_unlock_irqrestore(&irq->lock, flags);
}

/**
 * tph_msix_set_tag - write the tag of an MSI-X table entry
 * @tdev: the device, locked, with memory decode on
 * @index: entry, within the table
 * @tag: the tag
 *
 * Return: 0, or -EIO if the entry does not hold the tag afterwards.
 */
int tph_msix_set_tag(struct tph_vfio_dev *tdev, u16 index, u16 tag)
{
	struct tph_msix_tag new = { .tdev = tdev, .index = index, .tag = tag };
	struct device *device = &tdev->core.pdev->dev;
	u16 back;

	/* There are no descriptors to lock before the first vector is set up. */
	if (device->msi.data)
		tph_compat_with_msi_descs(device, tph_msix_write_locked, &new);
	else
		tph_msix_write(tdev, index, tag, NULL);
	if (tph_msix_get_tag(tdev, index, &back) || back != tag)
		return -EIO;
	return 0;
}
