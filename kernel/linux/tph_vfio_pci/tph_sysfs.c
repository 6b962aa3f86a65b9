// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a device can do, for tools that do not open it: tph_modes and tph_why in
 * its directory below /sys, while it is bound. The answers of GET_CAP to whoever
 * reads.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <linux/device.h>
#include <linux/pci.h>
#include <linux/sysfs.h>

#include "tph_vfio_pci.h"

static const struct vfio_pci_tph_cap *tph_sysfs_cap(struct device *dev,
						    struct vfio_pci_tph_cap *cap)
{
	struct tph_op_dev *op = &tph_from_pci(to_pci_dev(dev))->op;

	tph_op_fill_cap(op, tph_policy_ds_allowed(), cap);
	return cap;
}

static ssize_t tph_modes_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct vfio_pci_tph_cap cap;
	u8 modes = tph_sysfs_cap(dev, &cap)->supported_modes;

	return sysfs_emit(buf, "%s%s%s\n", modes & VFIO_PCI_TPH_MODE_IV ? "iv" : "",
			  modes == (VFIO_PCI_TPH_MODE_IV | VFIO_PCI_TPH_MODE_DS) ? " " : "",
			  modes & VFIO_PCI_TPH_MODE_DS ? "ds" : "");
}
static DEVICE_ATTR_RO(tph_modes);

static ssize_t tph_why_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct vfio_pci_tph_cap cap;

	return sysfs_emit(buf, "0x%x\n", tph_sysfs_cap(dev, &cap)->why);
}
static DEVICE_ATTR_RO(tph_why);

static struct attribute *tph_sysfs_attrs[] = {
	&dev_attr_tph_modes.attr,
	&dev_attr_tph_why.attr,
	NULL
};

static umode_t tph_sysfs_is_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	struct device *dev = kobj_to_dev(kobj);

	return tph_from_pci(to_pci_dev(dev))->op.usable ? attr->mode : 0;
}

static const struct attribute_group tph_sysfs_group = {
	.attrs = tph_sysfs_attrs,
	.is_visible = tph_sysfs_is_visible,
};

const struct attribute_group *tph_sysfs_groups[] = {
	&tph_sysfs_group,
	NULL
};
