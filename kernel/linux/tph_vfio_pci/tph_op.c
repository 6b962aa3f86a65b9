// SPDX-License-Identifier: GPL-2.0-only
/*
 * The logic of the TPH ioctl: argument checks in the order of the contract,
 * the state machine, and all-or-nothing programming of the ST table.
 *
 * Compiled into the kernel module and, unchanged, into host programs for unit
 * tests and fuzzing.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include "tph_op.h"

#define TPH_OP_HDR_SIZE		16
#define TPH_OP_ENTRY_SIZE	12

static_assert(sizeof(struct tph_op_arg) == TPH_OP_HDR_SIZE, "arg size");
static_assert(offsetof(struct tph_op_arg, op) == 4 && offsetof(struct tph_op_arg, cap) == 8 &&
	      offsetof(struct tph_op_arg, ctrl) == 8 &&
	      offsetof(struct tph_op_arg, st.count) == 8 &&
	      offsetof(struct tph_op_arg, st.reserved) == 12, "arg layout");

/**
 * tph_op_common_req - the request type that device and root port both support
 * @device: what the device supports, coded as TPH Requester Enable
 * @root_port: TPH Completer Supported of the root port
 *
 * Extended requests need both sides. The reserved value 2 is read as no
 * support: nothing says what a device means by it.
 *
 * Return: the request type; never the reserved one.
 */
enum tph_op_req tph_op_common_req(u8 device, u8 root_port)
{
	if (device == TPH_OP_REQ_EXT && root_port == TPH_OP_REQ_EXT)
		return TPH_OP_REQ_EXT;
	if ((device == TPH_OP_REQ_TPH || device == TPH_OP_REQ_EXT) &&
	    (root_port == TPH_OP_REQ_TPH || root_port == TPH_OP_REQ_EXT))
		return TPH_OP_REQ_TPH;
	return TPH_OP_REQ_OFF;
}

/* Make sure that a table entry holds a tag. */
static int tph_op_put_tag(struct tph_op_dev *dev, u16 index, u16 tag)
{
	u16 old;
	int ret;

	/*
	 * Spare writes: there are many entries and mostly they are right. But
	 * not in MSI-X, where what is read is not all there is: the kernel has
	 * a copy that it writes to the table when it likes.
	 */
	if (dev->loc == TPH_OP_LOC_CAP) {
		ret = dev->ops->get_tag(dev, index, &old);
		if (ret || old == tag)
			return ret;
	}
	return dev->ops->set_tag(dev, index, tag);
}

/* Turn TPH off, then zero the table, whatever was known about it. */
static int tph_op_off(struct tph_op_dev *dev)
{
	const struct tph_op_ops *ops = dev->ops;
	int ret, clear = 0;
	u16 i;

	/*
	 * Off first: a tag must not change while requests that carry it may be
	 * sent (PCIe Base Specification, "ST Modes of Operation").
	 */
	ret = ops->set_ctrl(dev, 0, TPH_OP_REQ_OFF);
	if (ret)
		return -EIO;

	dev->mode = 0;
	dev->lost = false;
	dev->dirty = true;
	for (i = 0; i < dev->entries; i++) {
		ret = tph_op_put_tag(dev, i, 0);
		if (ret)
			clear = -EIO;
		else
			dev->tags[i] = 0;
	}
	if (!clear)
		dev->dirty = false;
	return clear;
}

/**
 * tph_op_reset - turn TPH off and clear the ST table
 * @dev: the device, locked
 *
 * For the moments when the device changes hands: does not rely on what is
 * known about the state of the hardware.
 *
 * Return: 0, or -EIO if the hardware did not do as told.
 */
int tph_op_reset(struct tph_op_dev *dev)
{
	if (!dev->usable)
		return 0;
	return tph_op_off(dev);
}

/**
 * tph_op_restore - put mode and ST table back after the hardware lost them
 * @dev: the device, locked
 *
 * If that fails it stays marked as lost, for the next tph_op_sync().
 *
 * Return: 0, or -EIO if the hardware did not do as told.
 */
int tph_op_restore(struct tph_op_dev *dev)
{
	const struct tph_op_ops *ops = dev->ops;
	int ret;
	u16 i;

	if (!dev->usable || !dev->mode)
		return 0;

	ret = ops->set_ctrl(dev, dev->mode, TPH_OP_REQ_OFF);
	for (i = 0; !ret && i < dev->entries; i++)
		ret = tph_op_put_tag(dev, i, dev->tags[i]);
	if (!ret)
		ret = ops->set_ctrl(dev, dev->mode, dev->req);
	dev->lost = ret;
	return ret ? -EIO : 0;
}

/**
 * tph_op_sync - restore if the hardware is not in the state it should be in
 * @dev: the device, locked
 *
 * A function that comes back from D3hot may have been reset on the way without
 * anyone being told; the control register gives it away.
 *
 * Return: 0, or -EIO if the hardware did not do as told.
 */
int tph_op_sync(struct tph_op_dev *dev)
{
	if (!dev->usable || !dev->mode ||
	    (!dev->lost && dev->ops->ctrl_is(dev, dev->mode, dev->req)))
		return 0;
	return tph_op_restore(dev);
}

/**
 * tph_op_check - restore if control register or ST table differ from what they
 *                should be
 * @dev: the device, locked
 *
 * For when tags alone may be gone, which tph_op_sync() would not notice.
 *
 * Return: 0, or -EIO if the hardware did not do as told.
 */
int tph_op_check(struct tph_op_dev *dev)
{
	u16 i, tag;

	if (!dev->usable || !dev->mode)
		return 0;
	for (i = 0; !dev->lost && i < dev->entries; i++)
		dev->lost = dev->ops->get_tag(dev, i, &tag) || tag != dev->tags[i];
	return tph_op_sync(dev);
}

static int tph_op_get_cap(struct tph_op_dev *dev, struct tph_op_call *call)
{
	struct vfio_pci_tph_cap *cap = &call->op.cap;
	const struct tph_op_ops *ops = dev->ops;

	if (!ops->ready(dev))
		return -EIO;

	memset(cap, 0, sizeof(*cap));
	if (dev->req != TPH_OP_REQ_OFF) {
		cap->supported_modes = dev->modes;
		if (!ops->ds_allowed(call))
			cap->supported_modes &= ~VFIO_PCI_TPH_MODE_DS;
	}
	cap->st_table_sz = dev->entries;
	if (dev->req == TPH_OP_REQ_EXT)
		cap->flags |= VFIO_PCI_TPH_CAP_EXTENDED;
	if (dev->loc == TPH_OP_LOC_CAP)
		cap->flags |= VFIO_PCI_TPH_CAP_ST_IN_CAP;
	else if (dev->loc == TPH_OP_LOC_MSIX)
		cap->flags |= VFIO_PCI_TPH_CAP_ST_IN_MSIX;
	if (ops->platform(dev))
		cap->flags |= VFIO_PCI_TPH_CAP_PLATFORM_ST;
	if (dev->mode)
		cap->flags |= VFIO_PCI_TPH_CAP_ENABLED;
	if (dev->mode == VFIO_PCI_TPH_MODE_DS)
		cap->flags |= VFIO_PCI_TPH_CAP_ENABLED_DS;
	return 0;
}

static int tph_op_enable(struct tph_op_dev *dev, struct tph_op_call *call)
{
	const struct tph_op_ops *ops = dev->ops;
	u8 mode = call->op.ctrl.mode;
	int ret;

	if (dev->req == TPH_OP_REQ_OFF || !(dev->modes & mode))
		return -EOPNOTSUPP;
	if (dev->mode == mode)
		return 0;
	if (dev->mode)
		return -EBUSY;
	if (mode == VFIO_PCI_TPH_MODE_DS && !ops->ds_allowed(call))
		return -EPERM;
	if (!ops->ready(dev))
		return -EIO;

	ret = tph_op_off(dev);
	if (ret)
		return ret;
	if (ops->set_ctrl(dev, mode, dev->req)) {
		/* It may have arrived although it could not be read back. */
		dev->dirty = ops->set_ctrl(dev, 0, TPH_OP_REQ_OFF);
		return -EIO;
	}
	dev->mode = mode;
	return 0;
}

static int tph_op_disable(struct tph_op_dev *dev)
{
	if (!dev->mode && !dev->dirty)
		return 0;
	if (!dev->ops->ready(dev))
		return -EIO;
	return tph_op_off(dev);
}

/*
 * Check what the entries ask for, kind of error by kind of error, and find out
 * the tags. The hardware is not touched.
 */
static int tph_op_look_up(struct tph_op_dev *dev, struct tph_op_call *call)
{
	bool set = call->op.op == VFIO_PCI_TPH_SET_ST;
	bool ext = dev->req == TPH_OP_REQ_EXT;
	const struct tph_op_ops *ops = dev->ops;
	struct vfio_pci_tph_entry *ent;
	u32 i, count = call->op.st.count;
	u16 tag;

	for (i = 0; i < count; i++) {
		ent = &call->ents[i];
		if (set && ent->index >= dev->entries)
			return -EINVAL;
		if (set && ent->cpu == VFIO_PCI_TPH_CPU_NONE)
			continue;
		if (!ops->cpu_valid(call, ent->cpu))
			return -EINVAL;
	}

	for (i = 0; i < count; i++) {
		ent = &call->ents[i];
		if (set && ent->cpu == VFIO_PCI_TPH_CPU_NONE)
			continue;
		if (!ops->cpu_allowed(call, ent->cpu))
			return -EPERM;
	}

	for (i = 0; i < count; i++) {
		ent = &call->ents[i];
		tag = 0;
		if (!(set && ent->cpu == VFIO_PCI_TPH_CPU_NONE) &&
		    ops->cpu_tag(dev, ent->cpu, ent->mem_type, ext, &tag))
			return -ENODEV;
		/* 8-bit and 16-bit tags are different things: never cut one. */
		if (!ext && tag > 0xff)
			return -ENODEV;
		ent->st = tag;
		ent->reserved1 = ext ? VFIO_PCI_TPH_ST_EXTENDED : 0;
	}
	return 0;
}

static int tph_op_get_st(struct tph_op_dev *dev, struct tph_op_call *call)
{
	int ret;

	if (dev->mode != VFIO_PCI_TPH_MODE_DS)
		return -EINVAL;
	ret = tph_op_look_up(dev, call);
	if (ret)
		return ret;
	if (!dev->ops->ready(dev))
		return -EIO;
	return 0;
}

/*
 * Write the tags of entries [*from, count), the last one first, each index
 * once: of several entries for one index the last counts. On failure *from is
 * the entry that failed, otherwise 0.
 */
static int tph_op_write_tags(struct tph_op_dev *dev,
			     const struct vfio_pci_tph_entry *ents, u32 count,
			     u32 *from)
{
	u8 seen[VFIO_PCI_TPH_MAX_ENTRIES / 8] = { 0 };
	int ret;
	u32 i;

	for (i = count; i-- > 0;) {
		u16 index = ents[i].index;

		*from = i;
		if (seen[index / 8] & (1U << (index % 8)))
			continue;
		seen[index / 8] |= 1U << (index % 8);
		ret = dev->ops->set_tag(dev, index, ents[i].st);
		if (ret)
			return ret;
	}
	return 0;
}

/* Give the table entries named by entries [from, count) their old tags back. */
static int tph_op_roll_back(struct tph_op_dev *dev,
			    const struct vfio_pci_tph_entry *ents, u32 count,
			    u32 from)
{
	int ret = 0;
	u32 i;

	for (i = from; i < count; i++) {
		if (dev->ops->set_tag(dev, ents[i].index,
				      dev->tags[ents[i].index]))
			ret = -EIO;
	}
	return ret;
}

static int tph_op_set_st(struct tph_op_dev *dev, struct tph_op_call *call)
{
	const struct vfio_pci_tph_entry *ents = call->ents;
	const struct tph_op_ops *ops = dev->ops;
	u32 i, from = 0, count = call->op.st.count;
	int ret, undo = 0;

	if (!dev->entries)
		return -EOPNOTSUPP;
	if (!dev->mode)
		return -EINVAL;
	ret = tph_op_look_up(dev, call);
	if (ret)
		return ret;
	if (!ops->ready(dev) || tph_op_sync(dev))
		return -EIO;

	/* No requests while tags change (see tph_op_off()). */
	ret = ops->set_ctrl(dev, dev->mode, TPH_OP_REQ_OFF);
	if (!ret) {
		ret = tph_op_write_tags(dev, ents, count, &from);
		if (ret)
			undo = tph_op_roll_back(dev, ents, count, from);
	}
	if (ops->set_ctrl(dev, dev->mode, dev->req)) {
		if (!ret)
			undo = tph_op_roll_back(dev, ents, count, 0);
		ret = -EIO;
		if (ops->set_ctrl(dev, dev->mode, dev->req))
			undo = -EIO;
	}
	if (!ret) {
		for (i = 0; i < count; i++)
			dev->tags[ents[i].index] = ents[i].st;
		return 0;
	}

	/*
	 * Hardware that cannot even be put back holds tags nobody asked for:
	 * better no hints than wrong ones. The caller sees it in GET_CAP.
	 */
	if (undo) {
		ops->set_ctrl(dev, 0, TPH_OP_REQ_OFF);
		dev->mode = 0;
		dev->lost = false;
		dev->dirty = true;
	}
	return -EIO;
}

static bool tph_op_all_zero(const u8 *bytes, size_t len)
{
	while (len) {
		if (bytes[--len])
			return false;
	}
	return true;
}

/* Copy the entries in and check what can be checked without a device. */
static int tph_op_copy_entries(struct tph_op_dev *dev, struct tph_op_call *call)
{
	const struct vfio_pci_tph_entry *ent;
	u32 i, len, count = call->op.st.count;

	if (!count || count > VFIO_PCI_TPH_MAX_ENTRIES || call->op.st.reserved)
		return -EINVAL;
	/* Cannot overflow: count is bounded. */
	len = count * TPH_OP_ENTRY_SIZE;
	if (call->op.argsz < TPH_OP_HDR_SIZE + len)
		return -EINVAL;

	call->ents = tph_alloc(count, TPH_OP_ENTRY_SIZE);
	if (!call->ents)
		return -ENOMEM;
	if (dev->ops->copy_in(call, call->ents, TPH_OP_HDR_SIZE, len))
		return -EFAULT;

	for (i = 0; i < count; i++) {
		ent = &call->ents[i];
		if (ent->mem_type != VFIO_PCI_TPH_MEM_TYPE_VM &&
		    ent->mem_type != VFIO_PCI_TPH_MEM_TYPE_PM)
			return -EINVAL;
		if (ent->reserved0 || ent->reserved1)
			return -EINVAL;
	}
	return 0;
}

/* Copy the argument in and check what can be checked without a device. */
static int tph_op_copy_arg(struct tph_op_dev *dev, struct tph_op_call *call)
{
	const struct vfio_pci_tph_ctrl *ctrl = &call->op.ctrl;

	if (dev->ops->copy_in(call, &call->op, 0, TPH_OP_HDR_SIZE))
		return -EFAULT;
	if (call->op.argsz < TPH_OP_HDR_SIZE)
		return -EINVAL;

	switch (call->op.op) {
	case VFIO_PCI_TPH_GET_CAP:
	case VFIO_PCI_TPH_DISABLE:
		return 0;
	case VFIO_PCI_TPH_ENABLE:
		if (ctrl->mode != VFIO_PCI_TPH_MODE_IV &&
		    ctrl->mode != VFIO_PCI_TPH_MODE_DS)
			return -EINVAL;
		if (!tph_op_all_zero(ctrl->reserved, sizeof(ctrl->reserved)))
			return -EINVAL;
		return 0;
	case VFIO_PCI_TPH_GET_ST:
	case VFIO_PCI_TPH_SET_ST:
		return tph_op_copy_entries(dev, call);
	default:
		return -EINVAL;
	}
}

static int tph_op_run(struct tph_op_dev *dev, struct tph_op_call *call)
{
	if (!dev->usable)
		return -EOPNOTSUPP;

	switch (call->op.op) {
	case VFIO_PCI_TPH_GET_CAP:
		return tph_op_get_cap(dev, call);
	case VFIO_PCI_TPH_ENABLE:
		return tph_op_enable(dev, call);
	case VFIO_PCI_TPH_DISABLE:
		return tph_op_disable(dev);
	case VFIO_PCI_TPH_GET_ST:
		return tph_op_get_st(dev, call);
	default:
		return tph_op_set_st(dev, call);
	}
}

/* Hand the caller what the operation found out. */
static int tph_op_copy_result(struct tph_op_dev *dev, struct tph_op_call *call)
{
	const struct tph_op_arg *op = &call->op;
	int ret = 0;

	if (op->op == VFIO_PCI_TPH_GET_CAP)
		ret = dev->ops->copy_out(call, offsetof(struct tph_op_arg, cap),
					 &op->cap, sizeof(op->cap));
	else if (op->op == VFIO_PCI_TPH_GET_ST)
		ret = dev->ops->copy_out(call, TPH_OP_HDR_SIZE, call->ents,
					 op->st.count * TPH_OP_ENTRY_SIZE);
	return ret ? -EFAULT : 0;
}

/**
 * tph_op_ioctl - do what one VFIO_DEVICE_PCI_TPH asks for
 * @dev: the device, not locked
 * @call: the call; the argument is read through the accessors
 *
 * The argument is read once, so that it cannot change after it was checked,
 * and user memory is touched only while @dev is not locked.
 *
 * Return: 0 or a negative errno as documented with the operation.
 */
int tph_op_ioctl(struct tph_op_dev *dev, struct tph_op_call *call)
{
	int ret;

	call->ents = NULL;
	ret = tph_op_copy_arg(dev, call);
	if (!ret) {
		dev->ops->lock(dev);
		ret = tph_op_run(dev, call);
		dev->ops->unlock(dev);
	}
	if (!ret)
		ret = tph_op_copy_result(dev, call);
	tph_free(call->ents);
	call->ents = NULL;
	return ret;
}
