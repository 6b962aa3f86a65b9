// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be done with a TPH Requester capability where it is.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include "tph_cap.h"

/* The specification's limit for a table in the capability, whatever the field says */
#define TPH_CAP_MAX_ENTRIES	64

/* The reserved value 2 is read as no support: nothing says what is meant by it. */
static enum tph_op_req tph_cap_completer(const struct tph_cap_place *place)
{
	/* Nothing tells what the root complex completes: trust in the device. */
	if (place->integrated)
		return TPH_OP_REQ_EXT;
	if (place->completer == TPH_OP_REQ_TPH || place->completer == TPH_OP_REQ_EXT)
		return place->completer;
	return TPH_OP_REQ_OFF;
}

/* The request type: what all that a request passes supports. */
static void tph_cap_read_req(struct tph_op_dev *op, const struct tph_cap_place *place)
{
	enum tph_op_req completer = tph_cap_completer(place);

	op->req = completer == TPH_OP_REQ_OFF ? TPH_OP_REQ_OFF : TPH_OP_REQ_TPH;
	if (op->req == TPH_OP_REQ_OFF)
		op->why |= VFIO_PCI_TPH_WHY_ROOT_PORT;
	if (!(place->cap & PCI_TPH_CAP_EXT_TPH) || completer != TPH_OP_REQ_EXT)
		return;
	/*
	 * The upper half of a 16-bit tag travels in an end-end TLP prefix. To
	 * whom cannot forward it, it is a malformed TLP: a fatal error.
	 */
	if (place->prefixes)
		op->req = TPH_OP_REQ_EXT;
	else
		op->why |= VFIO_PCI_TPH_WHY_PREFIX;
}

static void tph_cap_read_table(struct tph_op_dev *op, const struct tph_cap_place *place)
{
	u16 entries;

	switch (place->cap & PCI_TPH_CAP_LOC_MASK) {
	case PCI_TPH_LOC_CAP:
		/* Writing to the table must not end in what follows it. */
		entries = ((place->cap & PCI_TPH_CAP_ST_MASK) >> PCI_TPH_CAP_ST_SHIFT) + 1;
		if (entries > TPH_CAP_MAX_ENTRIES ||
		    PCI_TPH_BASE_SIZEOF + entries * 2 > place->room)
			return;
		op->loc = TPH_OP_LOC_CAP;
		op->entries = entries;
		return;
	case PCI_TPH_LOC_MSIX:
		/* The size field is that of a table in the capability. */
		if (!place->vectors)
			return;
		op->loc = TPH_OP_LOC_MSIX;
		op->entries = place->vectors;
		return;
	}
}

static void tph_cap_read_modes(struct tph_op_dev *op, u32 cap)
{
	if (!(cap & (PCI_TPH_CAP_ST_IV | PCI_TPH_CAP_ST_DS)))
		op->why |= VFIO_PCI_TPH_WHY_NO_ST;
	if (cap & PCI_TPH_CAP_ST_DS)
		op->modes |= VFIO_PCI_TPH_MODE_DS;
	if (!(cap & PCI_TPH_CAP_ST_IV))
		return;
	/* Tags of that mode come from the table and from nowhere else. */
	if (op->entries)
		op->modes |= VFIO_PCI_TPH_MODE_IV;
	else
		op->why |= VFIO_PCI_TPH_WHY_NO_TABLE;
}

/**
 * tph_cap_has_table - does a TPH Requester capability speak of an ST table?
 * @cap: the capability register
 *
 * Return: whether so, be it of use or not.
 */
bool tph_cap_has_table(u32 cap)
{
	return cap & PCI_TPH_CAP_LOC_MASK;
}

/**
 * tph_cap_read - find out what a TPH Requester capability is good for
 * @op: TPH state of the device; all that does not change is filled in
 * @place: the capability
 */
void tph_cap_read(struct tph_op_dev *op, const struct tph_cap_place *place)
{
	op->usable = true;
	op->modes = 0;
	op->loc = TPH_OP_LOC_NONE;
	op->entries = 0;
	op->why = 0;
	tph_cap_read_req(op, place);
	tph_cap_read_table(op, place);
	tph_cap_read_modes(op, place->cap);
}
