// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VFIO device: vfio-pci's operations, and the TPH ioctl besides.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio_pci_core.h>

#include "tph_vfio_pci.h"

/* Accessors of the argument logic, see struct tph_op_ops */

static struct tph_vfio_call *tph_call(struct tph_op_call *call)
{
	return container_of(call, struct tph_vfio_call, call);
}

static int tph_copy_in(struct tph_op_call *call, void *to, size_t off, size_t len)
{
	return copy_from_user(to, tph_call(call)->arg + off, len) ? -EFAULT : 0;
}

static int tph_copy_out(struct tph_op_call *call, size_t off, const void *from,
			size_t len)
{
	return copy_to_user(tph_call(call)->arg + off, from, len) ? -EFAULT : 0;
}

static bool tph_ds_allowed(struct tph_op_call *call)
{
	return tph_policy_ds_allowed();
}

static bool tph_cpu_valid(struct tph_op_call *call, u32 cpu)
{
	return cpu < nr_cpu_ids && cpu_present(cpu);
}

/* Once a call, all entries are judged alike, and before there are locks held. */
static int tph_find_cpus(struct tph_op_call *call)
{
	struct tph_vfio_call *vcall = tph_call(call);
	u32 i;

	if (!zalloc_cpumask_var(&vcall->denied, GFP_KERNEL))
		return -ENOMEM;
	for (i = 0; i < call->op.st.count; i++) {
		if (tph_cpu_valid(call, call->ents[i].cpu))
			cpumask_set_cpu(call->ents[i].cpu, vcall->denied);
	}
	tph_policy_denied_cpus(vcall->denied);
	return 0;
}

static bool tph_cpu_allowed(struct tph_op_call *call, u32 cpu)
{
	return !cpumask_test_cpu(cpu, tph_call(call)->denied);
}

static void tph_lock(struct tph_op_dev *op)
{
	struct tph_vfio_dev *tdev = tph_from_op(op);

	down_read(&tdev->core.memory_lock);
	mutex_lock(&tdev->lock);
}

static void tph_unlock(struct tph_op_dev *op)
{
	struct tph_vfio_dev *tdev = tph_from_op(op);

	mutex_unlock(&tdev->lock);
	up_read(&tdev->core.memory_lock);
}

/**
 * tph_ready - may the hardware be touched?
 * @op: TPH state of the device, locked
 *
 * Return: whether it has an owner, is powered, decodes and is not in reset.
 */
bool tph_ready(struct tph_op_dev *op)
{
	struct tph_vfio_dev *tdev = tph_from_op(op);
	struct pci_dev *pdev = tdev->core.pdev;
	u16 cmd;

	/* Only in D0 does a function answer to anything but configuration. */
	if (!tdev->open || tdev->resetting || pdev->current_state != PCI_D0)
		return false;
	/* What the user asked for, the way vfio-pci itself judges it. */
	cmd = le16_to_cpup((__le16 *)&tdev->core.vconfig[PCI_COMMAND]);
	return pdev->no_command_memory || (cmd & PCI_COMMAND_MEMORY);
}

static u32 tph_platform(struct tph_op_dev *op)
{
	return tph_acpi_why(tph_from_op(op)->acpi);
}

static int tph_cpu_tag(struct tph_op_dev *op, u32 cpu, u8 mem_type, bool ext,
		       u16 *tag)
{
	return tph_acpi_cpu_tag(tph_from_op(op)->acpi, cpu, mem_type, ext, tag);
}

static const struct tph_op_ops tph_ops = {
	.copy_in = tph_copy_in,
	.copy_out = tph_copy_out,
	.ds_allowed = tph_ds_allowed,
	.cpu_valid = tph_cpu_valid,
	.find_cpus = tph_find_cpus,
	.cpu_allowed = tph_cpu_allowed,
	.lock = tph_lock,
	.unlock = tph_unlock,
	.ready = tph_ready,
	.set_ctrl = tph_hw_set_ctrl,
	.check_ctrl = tph_hw_check_ctrl,
	.set_tag = tph_hw_set_tag,
	.get_tag = tph_hw_get_tag,
	.platform = tph_platform,
	.cpu_tag = tph_cpu_tag,
};

static long tph_ioctl(struct tph_vfio_dev *tdev, void __user *arg)
{
	struct tph_vfio_call call = { .arg = arg };
	long ret;

	ret = tph_op_ioctl(&tdev->op, &call.call);
	free_cpumask_var(call.denied);
	return ret;
}

/* Enabling MSI-X wipes every tag in its table, with nothing to show for it. */
static long tph_set_irqs(struct vfio_device *vdev, unsigned long arg)
{
	struct tph_vfio_dev *tdev = tph_from_vdev(vdev);
	struct pci_dev *pdev = tdev->core.pdev;
	bool enabled = pdev->msix_enabled;
	long ret = vfio_pci_core_ioctl(vdev, VFIO_DEVICE_SET_IRQS, arg);

	if (tdev->op.loc == TPH_OP_LOC_MSIX && !enabled && pdev->msix_enabled)
		tph_lost(tdev);
	return ret;
}

static long tph_vfio_ioctl(struct vfio_device *vdev, unsigned int cmd,
			   unsigned long arg)
{
	struct tph_vfio_dev *tdev = tph_from_vdev(vdev);
	long ret;

	switch (cmd) {
	case VFIO_DEVICE_PCI_TPH:
		return tph_ioctl(tdev, (void __user *)arg);
#ifndef TPH_HAVE_GET_REGION_INFO_CAPS
	case VFIO_DEVICE_GET_REGION_INFO:
		return tph_region_info(tdev, (void __user *)arg);
#endif
	case VFIO_DEVICE_SET_IRQS:
		ret = tph_set_irqs(vdev, arg);
		break;
	default:
		ret = vfio_pci_core_ioctl(vdev, cmd, arg);
	}
	/* It may have been a reset. */
	tph_restore(tdev);
	return ret;
}

/* Is the power state among the bytes [pos, pos + count) of configuration space? */
static bool tph_writes_power_state(struct pci_dev *pdev, u64 pos, size_t count)
{
	u64 reg = pdev->pm_cap + PCI_PM_CTRL;

	return pdev->pm_cap && pos < reg + 2 && pos + count > reg;
}

static ssize_t tph_vfio_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct tph_vfio_dev *tdev = tph_from_vdev(vdev);
	loff_t pos = *ppos;
	ssize_t ret = vfio_pci_core_write(vdev, buf, count, ppos);

	if (VFIO_PCI_OFFSET_TO_INDEX(pos) != VFIO_PCI_CONFIG_REGION_INDEX)
		return ret;
	if (tph_writes_power_state(tdev->core.pdev, pos & VFIO_PCI_OFFSET_MASK, count))
		tph_lost(tdev);
	/* That or a reset, or memory decode is on again */
	tph_restore(tdev);
	return ret;
}

/* Make the device's tags and table accessible. Off is what it starts with. */
static int tph_open(struct tph_vfio_dev *tdev)
{
	struct tph_op_dev *op = &tdev->op;
	int ret = tph_msix_open(tdev);

	if (ret)
		return ret;
	op->tags = kvcalloc(op->entries, sizeof(*op->tags), GFP_KERNEL_ACCOUNT);
	if (!op->tags) {
		tph_msix_close(tdev);
		return -ENOMEM;
	}
	/* Whatever was there before must not work for the new owner. */
	tph_op_forget(op);
	tdev->open = true;
	if (!tdev->resetting && tph_op_restore(op))
		dev_warn_ratelimited(&tdev->core.pdev->dev, "cannot clear TPH at open\n");
	return 0;
}

static int tph_vfio_open(struct vfio_device *vdev)
{
	struct tph_vfio_dev *tdev = tph_from_vdev(vdev);
	int ret;

	ret = vfio_pci_core_enable(&tdev->core);
	if (ret)
		return ret;

	mutex_lock(&tdev->lock);
	ret = tph_open(tdev);
	mutex_unlock(&tdev->lock);
	if (ret) {
		vfio_pci_core_disable(&tdev->core);
		return ret;
	}
	vfio_pci_core_finish_enable(&tdev->core);
	return 0;
}

static void tph_vfio_close(struct vfio_device *vdev)
{
	struct tph_vfio_dev *tdev = tph_from_vdev(vdev);
	struct pci_dev *pdev = tdev->core.pdev;
	int pm;

	/* vfio-pci-core lets it sleep when it is done. */
	pm = pm_runtime_resume_and_get(&pdev->dev);

	mutex_lock(&tdev->lock);
	tph_op_forget(&tdev->op);
	tdev->open = false;
	mutex_unlock(&tdev->lock);

	vfio_pci_core_close_device(vdev);

	mutex_lock(&tdev->lock);
	/* Powered and decoding memory, whatever its owner left it in: nothing stays behind. */
	if (!tdev->resetting && tph_op_restore(&tdev->op))
		dev_warn_ratelimited(&pdev->dev, "cannot clear TPH at close\n");
	tph_hw_forget_core(tdev);
	tph_msix_close(tdev);
	kvfree(tdev->op.tags);
	tdev->op.tags = NULL;
	mutex_unlock(&tdev->lock);
	if (!pm)
		pm_runtime_put(&pdev->dev);
}

static int tph_vfio_init(struct vfio_device *vdev)
{
	struct tph_vfio_dev *tdev = tph_from_vdev(vdev);

	mutex_init(&tdev->lock);
	tdev->op.ops = &tph_ops;
#ifdef TPH_HAVE_DEVICE_PARAMS
	tph_stock_device_params(&tdev->core);
#endif
	return vfio_pci_core_init_dev(vdev);
}

static void tph_vfio_release(struct vfio_device *vdev)
{
	struct tph_vfio_dev *tdev = tph_from_vdev(vdev);

	tph_acpi_put(tdev->acpi);
	mutex_destroy(&tdev->lock);
	vfio_pci_core_release_dev(vdev);
}

const struct vfio_device_ops tph_vfio_ops = {
	.name = TPH_DRIVER_NAME,
	.init = tph_vfio_init,
	.release = tph_vfio_release,
	.open_device = tph_vfio_open,
	.close_device = tph_vfio_close,
	.ioctl = tph_vfio_ioctl,
	.device_feature = vfio_pci_core_ioctl_feature,
	.read = vfio_pci_core_read,
	.write = tph_vfio_write,
	.mmap = tph_region_mmap,
	.request = vfio_pci_core_request,
	.match = vfio_pci_core_match,
#ifdef TPH_HAVE_MATCH_TOKEN_UUID
	.match_token_uuid = vfio_pci_core_match_token_uuid,
#endif
#ifdef TPH_HAVE_GET_REGION_INFO_CAPS
	.get_region_info_caps = tph_region_info_caps,
#endif
	/* NULL where iommufd is configured off */
#ifdef TPH_HAVE_BIND_IOMMUFD
	.bind_iommufd = vfio_iommufd_physical_bind,
	.unbind_iommufd = vfio_iommufd_physical_unbind,
	.attach_ioas = vfio_iommufd_physical_attach_ioas,
#endif
#ifdef TPH_HAVE_DETACH_IOAS
	.detach_ioas = vfio_iommufd_physical_detach_ioas,
#endif
#ifdef TPH_HAVE_PASID_ATTACH_IOAS
	.pasid_attach_ioas = vfio_iommufd_physical_pasid_attach_ioas,
	.pasid_detach_ioas = vfio_iommufd_physical_pasid_detach_ioas,
#endif
};
