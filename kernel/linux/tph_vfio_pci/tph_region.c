// SPDX-License-Identifier: GPL-2.0-only
/*
 * The MSI-X table as a region of the device: whoever may not choose steering
 * tags must not get at them by way of a mapping.
 *
 * vfio-pci-core lets user space map the table, since interrupt remapping keeps
 * what is written there from doing harm. Tags are not remapped. Reading and
 * writing the region it keeps off the table by itself.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include "tph_vfio_pci.h"

/* Are there tags in the MSI-X table that the caller must not write? */
static bool tph_region_guarded(struct vfio_pci_core_device *core)
{
	return tph_from_core(core)->op.loc == TPH_OP_LOC_MSIX && !tph_policy_ds_allowed();
}

/*
 * Is a part of a region off limits for the caller? What shares a page with the
 * MSI-X table is off limits as well.
 */
static bool tph_region_refused(struct vfio_pci_core_device *core, unsigned int index, u64 start,
			       u64 len)
{
	u64 table = round_down((u64)core->msix_offset, PAGE_SIZE);
	u64 end = round_up((u64)core->msix_offset + core->msix_size, PAGE_SIZE);

	return index == core->msix_bar && start < end && len > 0 &&
		(start >= table || len > table - start) && tph_region_guarded(core);
}

/**
 * tph_region_mmap - map a region, see vfio_device_ops
 * @vdev: the device
 * @vma: the mapping
 *
 * Return: 0, -EPERM if policy keeps the caller off, or what vfio-pci-core says.
 */
int tph_region_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct vfio_pci_core_device *core = &tph_from_vdev(vdev)->core;
	unsigned int shift = VFIO_PCI_OFFSET_SHIFT - PAGE_SHIFT;
	u64 start = (u64)(vma->vm_pgoff & ((1UL << shift) - 1)) << PAGE_SHIFT;

	if (tph_region_refused(core, vma->vm_pgoff >> shift, start, vma->vm_end - vma->vm_start))
		return -EPERM;
	return vfio_pci_core_mmap(vdev, vma);
}

#ifdef TPH_HAVE_GET_DMABUF_PHYS
static int tph_region_dmabuf_phys(struct vfio_pci_core_device *core,
				  struct p2pdma_provider **provider, unsigned int index,
				  struct phys_vec *vec, struct vfio_region_dma_range *ranges,
				  size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (tph_region_refused(core, index, ranges[i].offset, ranges[i].length))
			return -EPERM;
	}
	return vfio_pci_core_get_dmabuf_phys(core, provider, index, vec, ranges, count);
}

/* A part of a BAR as DMA buffer for other devices is one more way to it. */
const struct vfio_pci_device_ops tph_region_ops = {
	.get_dmabuf_phys = tph_region_dmabuf_phys,
};
#endif

#ifdef TPH_HAVE_GET_REGION_INFO_CAPS
/**
 * tph_region_info_caps - describe a region, see vfio_device_ops
 * @vdev: the device
 * @info: description of the region
 * @caps: its capabilities
 *
 * The region with the table is described as vfio-pci-core does, but for the
 * capability that invites to map the table. User space maps around it then, as
 * it does on kernels that know no such capability.
 *
 * Return: 0 or a negative errno.
 */
int tph_region_info_caps(struct vfio_device *vdev, struct vfio_region_info *info,
			 struct vfio_info_cap *caps)
{
	struct vfio_pci_core_device *core = &tph_from_vdev(vdev)->core;
	int ret = vfio_pci_ioctl_get_region_info(vdev, info, caps);

	/* It has no other one. */
	if (!ret && info->index == core->msix_bar && tph_region_guarded(core)) {
		kfree(caps->buf);
		caps->buf = NULL;
		caps->size = 0;
	}
	return ret;
}
#else
/**
 * tph_region_info - the same, VFIO_DEVICE_GET_REGION_INFO, without a callback for it
 * @tdev: the device
 * @arg: argument in user memory
 *
 * Return: 0 or a negative errno.
 */
long tph_region_info(struct tph_vfio_dev *tdev, struct vfio_region_info __user *arg)
{
	unsigned long minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_pci_core_device *core = &tdev->core;
	struct vfio_region_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	if (info.index != core->msix_bar || !tph_region_guarded(core))
		return vfio_pci_core_ioctl(&core->vdev, VFIO_DEVICE_GET_REGION_INFO,
					   (unsigned long)arg);

	info.flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
	if (core->bar_mmap_supported[info.index])
		info.flags |= VFIO_REGION_INFO_FLAG_MMAP;
	info.cap_offset = 0;
	info.size = pci_resource_len(core->pdev, info.index);
	info.offset = VFIO_PCI_INDEX_TO_OFFSET(info.index);
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}
#endif
