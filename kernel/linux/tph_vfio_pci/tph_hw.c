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
#ifdef CONFIG_PCIE_TPH
#include <linux/pci-tph.h>
#endif

#include "tph_cap.h"
#include "tph_vfio_pci.h"

#define TPH_HW_CTRL	(PCI_TPH_CTRL_MODE_SEL_MASK | PCI_TPH_CTRL_REQ_EN_MASK)

/* What the root port completes; 0 without one */
static u8 tph_hw_completer(struct pci_dev *pdev)
{
	struct pci_dev *rp = pcie_find_root_port(pdev);
	u32 cap2;

	if (!rp || pcie_capability_read_dword(rp, PCI_EXP_DEVCAP2, &cap2))
		return 0;
	return FIELD_GET(PCI_EXP_DEVCAP2_TPH_COMP_MASK, cap2);
}

/* Do end-end TLP prefixes get from the device to the root complex? */
static bool tph_hw_prefixes(struct pci_dev *pdev)
{
	u32 cap2;

	for (pdev = pci_physfn(pdev); pdev; pdev = pci_upstream_bridge(pdev)) {
		if (pcie_capability_read_dword(pdev, PCI_EXP_DEVCAP2, &cap2) ||
		    !(cap2 & PCI_EXP_DEVCAP2_EE_PREFIX))
			return false;
	}
	return true;
}

/* Bytes from a capability to the one that comes next in configuration space */
static u16 tph_hw_room(struct pci_dev *pdev, u16 cap)
{
	int pos = PCI_CFG_SPACE_SIZE, end = PCI_CFG_SPACE_EXP_SIZE;
	int limit = (PCI_CFG_SPACE_EXP_SIZE - PCI_CFG_SPACE_SIZE) / 8;
	u32 head;

	/* The list need not be in the order of addresses. */
	while (pos >= PCI_CFG_SPACE_SIZE && limit--) {
		if (pos > cap && pos < end)
			end = pos;
		if (pci_read_config_dword(pdev, pos, &head) || PCI_POSSIBLE_ERROR(head))
			break;
		pos = PCI_EXT_CAP_NEXT(head);
	}
	return end - cap;
}

/**
 * tph_hw_probe - find out what TPH the device has and where
 * @tdev: the device, powered
 */
void tph_hw_probe(struct tph_vfio_dev *tdev)
{
	struct pci_dev *pdev = tdev->core.pdev;
	struct tph_op_dev *op = &tdev->op;
	struct tph_cap_place place = {};

	tdev->cap = pci_find_ext_capability(pdev, PCI_EXT_CAP_ID_TPH);
	if (!tdev->cap || pcie_tph_disabled())
		return;
	if (pci_read_config_dword(pdev, tdev->cap + PCI_TPH_CAP, &place.cap) ||
	    PCI_POSSIBLE_ERROR(place.cap))
		return;

	place.room = tph_hw_room(pdev, tdev->cap);
	place.vectors = tph_msix_vectors(pdev);
	place.completer = tph_hw_completer(pdev);
	place.integrated = pci_pcie_type(pdev) == PCI_EXP_TYPE_RC_END;
	place.prefixes = tph_hw_prefixes(pdev);
	tph_cap_read(op, &place);
	if (tph_cap_has_table(place.cap) && !op->entries)
		pci_warn(pdev, "TPH capability 0x%08x: the ST table cannot be used\n", place.cap);
	/*
	 * The PCI core would enable extended requests, since it looks at both
	 * ends of the path only, and would restore a table of any size.
	 */
	tdev->untold = (op->why & VFIO_PCI_TPH_WHY_PREFIX) ||
		(tph_cap_has_table(place.cap) && !op->entries);
}

/* The value of the ST Mode Select field */
static u8 tph_hw_mode(u8 mode)
{
	switch (mode) {
	case VFIO_PCI_TPH_MODE_IV:
		return PCI_TPH_ST_IV_MODE;
	case VFIO_PCI_TPH_MODE_DS:
		return PCI_TPH_ST_DS_MODE;
	default:
		return 0;
	}
}

static u32 tph_hw_ctrl(u8 mode, enum tph_op_req req)
{
	return FIELD_PREP(PCI_TPH_CTRL_MODE_SEL_MASK, tph_hw_mode(mode)) |
		FIELD_PREP(PCI_TPH_CTRL_REQ_EN_MASK, req);
}

/* Nobody there is a different thing from somebody who does not do as told. */
static int tph_hw_errno(int pcibios)
{
	if (!pcibios)
		return 0;
	return pcibios == PCIBIOS_DEVICE_NOT_FOUND ? -ENODEV : -EIO;
}

static int tph_hw_read_ctrl(struct tph_vfio_dev *tdev, u32 *ctrl)
{
	int ret = pci_read_config_dword(tdev->core.pdev, tdev->cap + PCI_TPH_CTRL, ctrl);

	/* Reserved bits are 0, so that all ones is nobody answering. */
	return !ret && PCI_POSSIBLE_ERROR(*ctrl) ? -ENODEV : tph_hw_errno(ret);
}

/**
 * tph_hw_check_ctrl - does the control register hold this mode and request type?
 * @op: TPH state of the device, locked
 * @mode: VFIO_PCI_TPH_MODE_* or 0
 * @req: request type
 *
 * Return: 0 if so, -EIO if not, -ENODEV if nobody answers.
 */
int tph_hw_check_ctrl(struct tph_op_dev *op, u8 mode, enum tph_op_req req)
{
	u32 ctrl;
	int ret = tph_hw_read_ctrl(tph_from_op(op), &ctrl);

	if (ret)
		return ret;
	return (ctrl & TPH_HW_CTRL) == tph_hw_ctrl(mode, req) ? 0 : -EIO;
}

/**
 * tph_hw_forget_core - the PCI core shall have no record of TPH
 * @tdev: the device, locked
 */
void tph_hw_forget_core(struct tph_vfio_dev *tdev)
{
#ifdef CONFIG_PCIE_TPH
	pcie_disable_tph(tdev->core.pdev);
#endif
}

/*
 * A PCI core that knows TPH saves and restores it over resets, and so should
 * know what is enabled, see tph_hw_probe() for when not. It may change the
 * control register, which is read again.
 */
static int tph_hw_tell_core(struct tph_vfio_dev *tdev, u8 mode, u32 *ctrl)
{
#ifdef CONFIG_PCIE_TPH
	struct pci_dev *pdev = tdev->core.pdev;
	u8 want = tdev->untold ? 0 : tph_hw_mode(mode);

	if (!want || (pdev->tph_enabled && pdev->tph_mode != want))
		pcie_disable_tph(pdev);
	/*
	 * The first cores that know TPH refuse integrated endpoints: they have
	 * no record to restore from then, which this driver does anyway.
	 */
	if (want && !pdev->tph_enabled && pcie_enable_tph(pdev, want))
		pci_dbg(pdev, "TPH is enabled without the PCI core\n");
	return tph_hw_read_ctrl(tdev, ctrl);
#else
	return 0;
#endif
}

/**
 * tph_hw_set_ctrl - write mode and request type into the control register
 * @op: TPH state of the device, locked
 * @mode: VFIO_PCI_TPH_MODE_*, or 0
 * @req: request type
 *
 * Return: 0, -EIO if the register does not hold them afterwards, or -ENODEV if
 * nobody answers.
 */
int tph_hw_set_ctrl(struct tph_op_dev *op, u8 mode, enum tph_op_req req)
{
	struct tph_vfio_dev *tdev = tph_from_op(op);
	u32 ctrl;
	int ret;

	ret = tph_hw_read_ctrl(tdev, &ctrl);
	if (ret)
		return ret;
	ret = tph_hw_tell_core(tdev, mode, &ctrl);
	if (ret)
		return ret;
	if ((ctrl & TPH_HW_CTRL) == tph_hw_ctrl(mode, req))
		return 0;
	/* Reserved bits stay as they are, both fields change in one write. */
	ctrl &= ~TPH_HW_CTRL;
	ctrl |= tph_hw_ctrl(mode, req);
	ret = pci_write_config_dword(tdev->core.pdev, tdev->cap + PCI_TPH_CTRL, ctrl);
	return ret ? tph_hw_errno(ret) : tph_hw_check_ctrl(op, mode, req);
}

/* Where in configuration space an entry of the table is */
static int tph_hw_entry(const struct tph_vfio_dev *tdev, u16 index)
{
	return tdev->cap + PCI_TPH_BASE_SIZEOF + index * sizeof(u16);
}

static int tph_hw_get_tag_cap(struct tph_vfio_dev *tdev, u16 index, u16 *tag)
{
	u32 ctrl;
	int ret;

	ret = pci_read_config_word(tdev->core.pdev, tph_hw_entry(tdev, index), tag);
	/* All ones may be a tag. */
	if (!ret && PCI_POSSIBLE_ERROR(*tag))
		return tph_hw_read_ctrl(tdev, &ctrl);
	return tph_hw_errno(ret);
}

/**
 * tph_hw_get_tag - read an entry of the ST table
 * @op: TPH state of the device, locked
 * @index: entry, within the table
 * @tag: where to put the tag
 *
 * Return: 0, -EIO, or -ENODEV if nobody answers.
 */
int tph_hw_get_tag(struct tph_op_dev *op, u16 index, u16 *tag)
{
	struct tph_vfio_dev *tdev = tph_from_op(op);

	if (op->loc == TPH_OP_LOC_MSIX)
		return tph_msix_get_tag(tdev, index, tag);
	return tph_hw_get_tag_cap(tdev, index, tag);
}

/**
 * tph_hw_set_tag - write an entry of the ST table
 * @op: TPH state of the device, locked
 * @index: entry, within the table
 * @tag: the tag
 *
 * Return: 0, -EIO if the entry does not hold the tag afterwards, or -ENODEV if
 * nobody answers.
 */
int tph_hw_set_tag(struct tph_op_dev *op, u16 index, u16 tag)
{
	struct tph_vfio_dev *tdev = tph_from_op(op);
	u16 back;
	int ret;

	if (op->loc == TPH_OP_LOC_MSIX)
		return tph_msix_set_tag(tdev, index, tag);
	ret = pci_write_config_word(tdev->core.pdev, tph_hw_entry(tdev, index), tag);
	if (ret)
		return tph_hw_errno(ret);
	ret = tph_hw_get_tag_cap(tdev, index, &back);
	return ret ? ret : back == tag ? 0 : -EIO;
}
