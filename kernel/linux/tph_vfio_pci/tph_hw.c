// SPDX-License-Identifier: GPL-2.0-only
/*
 * The TPH Requester extended capability, with the ST table if that is in it. A
 * table in the MSI-X table is handed on to tph_msix.c.
 *
 * Where the PCI core knows TPH (CONFIG_PCIE_TPH) the capability is switched by
 * it, since it keeps a record of that. Table entries are written here all the
 * same, and to the same effect: the core's function for it handles a single
 * entry, switches TPH off for good when that fails, and in the MSI-X table
 * refuses vectors that have no Linux interrupt.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <linux/bitfield.h>
#include <linux/pci.h>

#include "tph_vfio_pci.h"

/* Kernel headers before 6.13 have but a few of these, hence own names. */
#define TPH_CAP				0x04
#define TPH_CAP_IV			BIT(1)
#define TPH_CAP_DS			BIT(2)
#define TPH_CAP_EXT			BIT(8)
#define TPH_CAP_LOC			GENMASK(10, 9)
#define TPH_CAP_SIZE			GENMASK(26, 16)
#define TPH_CTRL			0x08
#define TPH_CTRL_MODE			GENMASK(2, 0)
#define TPH_CTRL_MODE_IV		1
#define TPH_CTRL_MODE_DS		2
#define TPH_CTRL_REQ			GENMASK(9, 8)
#define TPH_TABLE			0x0c

/*
 * What the root port completes. Switches in between and support of end-to-end
 * TLP prefixes along the path are not looked at; neither does the PCI core.
 */
static u8 tph_hw_root_port_req(struct pci_dev *pdev)
{
	struct pci_dev *rp = pcie_find_root_port(pdev);
	u32 cap2;

	/*
	 * An integrated endpoint has no port above it and nothing that tells
	 * what the root complex completes: trust in what the device offers.
	 */
	if (pci_pcie_type(pdev) == PCI_EXP_TYPE_RC_END)
		return TPH_OP_REQ_EXT;
	if (!rp || pcie_capability_read_dword(rp, PCI_EXP_DEVCAP2, &cap2))
		return TPH_OP_REQ_OFF;
	return FIELD_GET(PCI_EXP_DEVCAP2_TPH_COMP_MASK, cap2);
}

/**
 * tph_hw_open - find out what TPH the device has and where
 * @tdev: the device, enabled by vfio-pci-core
 */
void tph_hw_open(struct tph_vfio_dev *tdev)
{
	struct pci_dev *pdev = tdev->core.pdev;
	struct tph_op_dev *op = &tdev->op;
	u32 cap, entries;

	op->usable = false;
	op->modes = 0;
	op->req = TPH_OP_REQ_OFF;
	op->loc = TPH_OP_LOC_NONE;
	op->entries = 0;

	tdev->cap = pci_find_ext_capability(pdev, PCI_EXT_CAP_ID_TPH);
	if (!tdev->cap || tph_policy_no_tph())
		return;
	if (pci_read_config_dword(pdev, tdev->cap + TPH_CAP, &cap) ||
	    PCI_POSSIBLE_ERROR(cap))
		return;

	op->usable = true;
	if (cap & TPH_CAP_IV)
		op->modes |= VFIO_PCI_TPH_MODE_IV;
	if (cap & TPH_CAP_DS)
		op->modes |= VFIO_PCI_TPH_MODE_DS;
	op->req = tph_op_common_req(cap & TPH_CAP_EXT ? TPH_OP_REQ_EXT : TPH_OP_REQ_TPH,
				    tph_hw_root_port_req(pdev));

	/* The size field is that of a table in here, nothing otherwise. */
	switch (FIELD_GET(TPH_CAP_LOC, cap)) {
	case TPH_OP_LOC_CAP:
		entries = FIELD_GET(TPH_CAP_SIZE, cap) + 1;
		if (tdev->cap + TPH_TABLE + entries * 2 > PCI_CFG_SPACE_EXP_SIZE) {
			pci_warn(pdev, "ST table of %u entries exceeds config space, not used\n",
				 entries);
			return;
		}
		op->loc = TPH_OP_LOC_CAP;
		op->entries = entries;
		break;
	case TPH_OP_LOC_MSIX:
		op->entries = tph_msix_open(tdev);
		if (op->entries)
			op->loc = TPH_OP_LOC_MSIX;
		else
			pci_warn(pdev, "ST table in the MSI-X table, but that cannot be used\n");
		break;
	}
}

/**
 * tph_hw_close - undo tph_hw_open()
 * @tdev: the device
 */
void tph_hw_close(struct tph_vfio_dev *tdev)
{
	tdev->op.usable = false;
	tph_msix_close(tdev);
}

/* The value of the ST Mode Select field */
static u8 tph_hw_mode(u8 mode)
{
	switch (mode) {
	case VFIO_PCI_TPH_MODE_IV:
		return TPH_CTRL_MODE_IV;
	case VFIO_PCI_TPH_MODE_DS:
		return TPH_CTRL_MODE_DS;
	default:
		return 0;
	}
}

static u32 tph_hw_ctrl(u8 mode, enum tph_op_req req)
{
	return FIELD_PREP(TPH_CTRL_MODE, tph_hw_mode(mode)) | FIELD_PREP(TPH_CTRL_REQ, req);
}

static int tph_hw_read_ctrl(struct tph_vfio_dev *tdev, u32 *ctrl)
{
	if (pci_read_config_dword(tdev->core.pdev, tdev->cap + TPH_CTRL, ctrl) ||
	    PCI_POSSIBLE_ERROR(*ctrl))
		return -EIO;
	return 0;
}

/**
 * tph_hw_ctrl_is - does the control register hold this mode and request type?
 * @tdev: the device, locked
 * @mode: VFIO_PCI_TPH_MODE_* or 0
 * @req: request type
 *
 * Return: whether it does; false if it cannot be read.
 */
bool tph_hw_ctrl_is(struct tph_vfio_dev *tdev, u8 mode, enum tph_op_req req)
{
	u32 ctrl;

	if (tph_hw_read_ctrl(tdev, &ctrl))
		return false;
	return (ctrl & (TPH_CTRL_MODE | TPH_CTRL_REQ)) == tph_hw_ctrl(mode, req);
}

/**
 * tph_hw_set_ctrl - write mode and request type into the control register
 * @tdev: the device, locked
 * @mode: VFIO_PCI_TPH_MODE_*, or 0
 * @req: request type
 *
 * Return: 0, or -EIO if the register does not hold them afterwards.
 */
int tph_hw_set_ctrl(struct tph_vfio_dev *tdev, u8 mode, enum tph_op_req req)
{
	struct pci_dev *pdev = tdev->core.pdev;
	u32 ctrl;

	/*
	 * A PCI core that knows TPH saves and restores it over resets, and so
	 * has to know what is enabled.
	 */
	if (!mode)
		tph_compat_core_disable(pdev);
	else if (tph_compat_core_enable(pdev, tph_hw_mode(mode)))
		return -EIO;

	if (tph_hw_ctrl_is(tdev, mode, req))
		return 0;
	if (tph_hw_read_ctrl(tdev, &ctrl))
		return -EIO;
	/* Reserved bits stay as they are, both fields change in one write. */
	ctrl &= ~(TPH_CTRL_MODE | TPH_CTRL_REQ);
	ctrl |= tph_hw_ctrl(mode, req);
	if (pci_write_config_dword(pdev, tdev->cap + TPH_CTRL, ctrl))
		return -EIO;
	return tph_hw_ctrl_is(tdev, mode, req) ? 0 : -EIO;
}

/**
 * tph_hw_get_tag - read an entry of the ST table
 * @tdev: the device, locked
 * @index: entry, within the table
 * @tag: where to put the tag
 *
 * Return: 0 or -EIO.
 */
int tph_hw_get_tag(struct tph_vfio_dev *tdev, u16 index, u16 *tag)
{
	if (tdev->op.loc == TPH_OP_LOC_MSIX)
		return tph_msix_get_tag(tdev, index, tag);
	if (pci_read_config_word(tdev->core.pdev,
				 tdev->cap + TPH_TABLE + index * 2, tag))
		return -EIO;
	return 0;
}

/**
 * tph_hw_set_tag - write an entry of the ST table
 * @tdev: the device, locked
 * @index: entry, within the table
 * @tag: the tag
 *
 * Return: 0, or -EIO if the entry does not hold the tag afterwards.
 */
int tph_hw_set_tag(struct tph_vfio_dev *tdev, u16 index, u16 tag)
{
	u16 back;

	if (tdev->op.loc == TPH_OP_LOC_MSIX)
		return tph_msix_set_tag(tdev, index, tag);
	if (pci_write_config_word(tdev->core.pdev,
				  tdev->cap + TPH_TABLE + index * 2, tag))
		return -EIO;
	if (tph_hw_get_tag(tdev, index, &back) || back != tag)
		return -EIO;
	return 0;
}
