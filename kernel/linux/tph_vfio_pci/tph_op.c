// SPDX-License-Identifier: GPL-2.0-only
/*
 * The logic of the TPH ioctl: argument checks in the order of the contract,
 * the state machine, and all-or-nothing programming of the ST table.
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

/* Make sure that the table holds the tags it is to hold. */
static int tph_op_put_tags(struct tph_op_dev *dev)
{
	int err, ret = 0;
	u16 i;

	for (i = 0; i < dev->entries && ret != -ENODEV; i++) {
		err = tph_op_put_tag(dev, i, dev->tags[i]);
		if (err)
			ret = err;
	}
	return ret;
}

/* The one way back: make the hardware hold what it is to hold. */
static int tph_op_put_back(struct tph_op_dev *dev)
{
	const struct tph_op_ops *ops = dev->ops;
	int ret;

	/*
	 * Off first: a tag must not change while requests that carry it may be
	 * sent (PCIe Base Specification, "ST Modes of Operation").
	 */
	ret = ops->set_ctrl(dev, dev->mode, TPH_OP_REQ_OFF);
	if (!ret)
		ret = tph_op_put_tags(dev);
	if (!ret && dev->mode)
		ret = ops->set_ctrl(dev, dev->mode, dev->req);
	dev->lost = ret;
	return ret;
}

/**
 * tph_op_forget - TPH is to be off, the ST table clear
 * @dev: the device, locked
 *
 * For the moments when the device changes hands, too: does not touch the hardware,
 * and does not rely on what is known about it. It is marked as lost.
 */
void tph_op_forget(struct tph_op_dev *dev)
{
	dev->mode = 0;
	memset(dev->tags, 0, dev->entries * sizeof(*dev->tags));
	dev->lost = true;
}

/**
 * tph_op_restore - put back what the hardware may have lost
 * @dev: the device, locked and ready
 *
 * If that fails it stays marked as lost, for the next time.
 *
 * Return: 0, or -EIO if the hardware did not do as told.
 */
int tph_op_restore(struct tph_op_dev *dev)
{
	if (!dev->usable || !dev->lost)
		return 0;
	return tph_op_put_back(dev) ? -EIO : 0;
}

/* Does the hardware hold what it is to hold? */
static int tph_op_compare(struct tph_op_dev *dev)
{
	u16 i, tag;
	int ret;

	ret = dev->ops->check_ctrl(dev, dev->mode, dev->req);
	for (i = 0; !ret && i < dev->entries; i++) {
		ret = dev->ops->get_tag(dev, i, &tag);
		if (!ret && tag != dev->tags[i])
			ret = -EIO;
	}
	return ret;
}

/*
 * Notice what nobody told of, such as the reset of a link, and put it back.
 * TPH is enabled.
 */
static int tph_op_check(struct tph_op_dev *dev)
{
	int ret;

	if (!dev->lost) {
		ret = tph_op_compare(dev);
		dev->lost = ret;
		if (ret == -ENODEV)
			return -EIO;
	}
	return tph_op_restore(dev);
}

/*
 * A write failed: have everything as it was before. If nobody answers that is
 * for later.
 */
static void tph_op_undo(struct tph_op_dev *dev, int err)
{
	dev->lost = true;
	if (err == -ENODEV)
		return;
	err = tph_op_put_back(dev);
	if (!err || err == -ENODEV)
		return;
	/*
	 * Hardware that cannot even be put back holds tags nobody asked for:
	 * better no hints than wrong ones. The caller sees it in GET_CAP.
	 */
	dev->ops->set_ctrl(dev, 0, TPH_OP_REQ_OFF);
	tph_op_forget(dev);
}

static int tph_op_off(struct tph_op_dev *dev)
{
	int ret = dev->ops->set_ctrl(dev, 0, TPH_OP_REQ_OFF);

	if (ret) {
		tph_op_undo(dev, ret);
		return -EIO;
	}
	tph_op_forget(dev);
	return tph_op_restore(dev);
}

/* What the caller would have to see to for modes and tags that are missing */
static u32 tph_op_why(struct tph_op_dev *dev, u8 modes)
{
	u32 why = dev->why | dev->ops->platform(dev);

	if (dev->modes & ~modes & VFIO_PCI_TPH_MODE_DS)
		why |= VFIO_PCI_TPH_WHY_POLICY;
	return why;
}

/**
 * tph_op_fill_cap - what VFIO_PCI_TPH_GET_CAP tells
 * @dev: the device
 * @ds_allowed: may the caller enable device-specific mode?
 * @cap: filled
 *
 * Goes by what is known: the device may be powered down, in reset or gone.
 */
void tph_op_fill_cap(struct tph_op_dev *dev, bool ds_allowed, struct vfio_pci_tph_cap *cap)
{
	u8 modes = dev->modes;

	memset(cap, 0, sizeof(*cap));
	if (!ds_allowed)
		modes &= ~VFIO_PCI_TPH_MODE_DS;
	if (dev->req != TPH_OP_REQ_OFF)
		cap->supported_modes = modes;
	cap->st_table_sz = dev->entries;
	cap->why = tph_op_why(dev, modes);
	if (dev->req == TPH_OP_REQ_EXT)
		cap->flags |= VFIO_PCI_TPH_CAP_EXTENDED;
	if (dev->loc == TPH_OP_LOC_CAP)
		cap->flags |= VFIO_PCI_TPH_CAP_ST_IN_CAP;
	else if (dev->loc == TPH_OP_LOC_MSIX)
		cap->flags |= VFIO_PCI_TPH_CAP_ST_IN_MSIX;
	if (!(cap->why & VFIO_PCI_TPH_WHY_NO_DSM))
		cap->flags |= VFIO_PCI_TPH_CAP_PLATFORM_ST;
	if (dev->mode)
		cap->flags |= VFIO_PCI_TPH_CAP_ENABLED;
	if (dev->mode == VFIO_PCI_TPH_MODE_DS)
		cap->flags |= VFIO_PCI_TPH_CAP_ENABLED_DS;
}

static int tph_op_enable(struct tph_op_dev *dev, struct tph_op_call *call)
{
	const struct tph_op_ops *ops = dev->ops;
	u8 mode = call->op.ctrl.mode;
	int ret;

	if (dev->req == TPH_OP_REQ_OFF || !(dev->modes & mode))
		return -EOPNOTSUPP;
	if (dev->mode && dev->mode != mode)
		return -EBUSY;
	if (!dev->mode && mode == VFIO_PCI_TPH_MODE_DS && !ops->ds_allowed(call))
		return -EPERM;
	if (!ops->ready(dev))
		return -EIO;
	if (dev->mode)
		return tph_op_check(dev);

	ret = tph_op_off(dev);
	if (ret)
		return ret;
	ret = ops->set_ctrl(dev, mode, dev->req);
	if (ret) {
		/* It may have arrived although it could not be read back. */
		tph_op_undo(dev, ret);
		return -EIO;
	}
	dev->mode = mode;
	return 0;
}

static int tph_op_disable(struct tph_op_dev *dev)
{
	if (!dev->mode && !dev->lost)
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
 * Write the tags of all entries, the last one first, each index once: of several
 * entries for one index the last counts.
 */
static int tph_op_write_tags(struct tph_op_dev *dev,
			     const struct vfio_pci_tph_entry *ents, u32 count)
{
	u8 seen[VFIO_PCI_TPH_MAX_ENTRIES / 8] = { 0 };
	int ret;
	u32 i;

	for (i = count; i-- > 0;) {
		u16 index = ents[i].index;

		if (seen[index / 8] & (1U << (index % 8)))
			continue;
		seen[index / 8] |= 1U << (index % 8);
		ret = dev->ops->set_tag(dev, index, ents[i].st);
		if (ret)
			return ret;
	}
	return 0;
}

/* Write tags, without requests while they change (see tph_op_put_back()). */
static int tph_op_program(struct tph_op_dev *dev, const struct tph_op_call *call)
{
	const struct tph_op_ops *ops = dev->ops;
	int ret;

	ret = ops->set_ctrl(dev, dev->mode, TPH_OP_REQ_OFF);
	if (!ret)
		ret = tph_op_write_tags(dev, call->ents, call->op.st.count);
	if (!ret)
		ret = ops->set_ctrl(dev, dev->mode, dev->req);
	return ret;
}

static int tph_op_set_st(struct tph_op_dev *dev, struct tph_op_call *call)
{
	const struct vfio_pci_tph_entry *ents = call->ents;
	u32 i, count = call->op.st.count;
	int ret;

	if (!dev->entries)
		return -EOPNOTSUPP;
	if (!dev->mode)
		return -EINVAL;
	ret = tph_op_look_up(dev, call);
	if (ret)
		return ret;
	if (!dev->ops->ready(dev) || tph_op_check(dev))
		return -EIO;

	ret = tph_op_program(dev, call);
	if (ret) {
		tph_op_undo(dev, ret);
		return -EIO;
	}
	for (i = 0; i < count; i++)
		dev->tags[ents[i].index] = ents[i].st;
	return 0;
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
		tph_op_fill_cap(dev, dev->ops->ds_allowed(call), &call->op.cap);
		return 0;
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
	if (!ret && call->ents)
		ret = dev->ops->find_cpus(call);
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
