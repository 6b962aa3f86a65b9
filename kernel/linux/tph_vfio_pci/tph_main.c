// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vfio-pci variant driver that adds PCIe TPH (VFIO_DEVICE_PCI_TPH) for any
 * PCI device bound to it.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/uaccess.h>
#include <linux/vfio_pci_core.h>

#include "tph_vfio_pci.h"

static char *tph_driver_name = "tph-vfio-pci";
module_param_named(driver_name, tph_driver_name, charp, 0444);
MODULE_PARM_DESC(driver_name, "Name to register the PCI driver under (default \"tph-vfio-pci\"); \"vfio-pci\", where that is not loaded, suits tools that know no other");

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

static bool tph_cpu_allowed(struct tph_op_call *call, u32 cpu)
{
	struct tph_vfio_call *vcall = tph_call(call);

	/* Once a call, all entries are judged alike. */
	if (!vcall->have_cpus) {
		tph_policy_process_cpus(vcall->cpus);
		vcall->have_cpus = true;
	}
	return cpumask_test_cpu(cpu, vcall->cpus);
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

static bool tph_ready(struct tph_op_dev *op)
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

static int tph_set_ctrl(struct tph_op_dev *op, u8 mode, enum tph_op_req req)
{
	return tph_hw_set_ctrl(tph_from_op(op), mode, req);
}

static bool tph_ctrl_is(struct tph_op_dev *op, u8 mode, enum tph_op_req req)
{
	return tph_hw_ctrl_is(tph_from_op(op), mode, req);
}

static int tph_set_tag(struct tph_op_dev *op, u16 index, u16 tag)
{
	return tph_hw_set_tag(tph_from_op(op), index, tag);
}

static int tph_get_tag(struct tph_op_dev *op, u16 index, u16 *tag)
{
	return tph_hw_get_tag(tph_from_op(op), index, tag);
}

static bool tph_platform(struct tph_op_dev *op)
{
	return tph_from_op(op)->acpi;
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
	.cpu_allowed = tph_cpu_allowed,
	.lock = tph_lock,
	.unlock = tph_unlock,
	.ready = tph_ready,
	.set_ctrl = tph_set_ctrl,
	.ctrl_is = tph_ctrl_is,
	.set_tag = tph_set_tag,
	.get_tag = tph_get_tag,
	.platform = tph_platform,
	.cpu_tag = tph_cpu_tag,
};

static long tph_ioctl(struct tph_vfio_dev *tdev, void __user *arg)
{
	struct tph_vfio_call call = { .arg = arg };
	long ret;

	if (!alloc_cpumask_var(&call.cpus, GFP_KERNEL))
		return -ENOMEM;
	ret = tph_op_ioctl(&tdev->op, &call.call);
	free_cpumask_var(call.cpus);
	return ret;
}

/* Put TPH back if something the user did just now made the device lose it. */
static void tph_sync(struct tph_vfio_dev *tdev)
{
	struct tph_op_dev *op = &tdev->op;

	tph_lock(op);
	if (tph_ready(op) && tph_op_sync(op))
		dev_warn_ratelimited(&tdev->core.pdev->dev, "cannot restore TPH\n");
	tph_unlock(op);
}

/* Enabling MSI-X wipes every tag in its table, with nothing to show for it. */
static void tph_sync_msix(struct tph_vfio_dev *tdev)
{
	struct tph_op_dev *op = &tdev->op;

	tph_lock(op);
	if (op->loc == TPH_OP_LOC_MSIX && op->mode) {
		if (!tph_ready(op))
			op->lost = true;
		else if (tph_op_check(op))
			dev_warn_ratelimited(&tdev->core.pdev->dev, "cannot restore TPH\n");
	}
	tph_unlock(op);
}

static long tph_vfio_ioctl(struct vfio_device *vdev, unsigned int cmd,
			   unsigned long arg)
{
	long ret;

	if (cmd == VFIO_DEVICE_PCI_TPH)
		return tph_ioctl(tph_from_vdev(vdev), (void __user *)arg);
	ret = vfio_pci_core_ioctl(vdev, cmd, arg);
	if (cmd == VFIO_DEVICE_SET_IRQS)
		tph_sync_msix(tph_from_vdev(vdev));
	return ret;
}

static int tph_vfio_feature(struct vfio_device *vdev, u32 flags,
			    void __user *arg, size_t argsz)
{
	int ret = vfio_pci_core_ioctl_feature(vdev, flags, arg, argsz);

	/* It may have been the end of a low power state. */
	tph_sync(tph_from_vdev(vdev));
	return ret;
}

static ssize_t tph_vfio_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	unsigned int region = VFIO_PCI_OFFSET_TO_INDEX(*ppos);
	struct tph_vfio_dev *tdev = tph_from_vdev(vdev);
	struct device *dev = &tdev->core.pdev->dev;
	ssize_t ret = vfio_pci_core_write(vdev, buf, count, ppos);
	int pm;

	if (region != VFIO_PCI_CONFIG_REGION_INDEX)
		return ret;
	/*
	 * It may have been a change of the power state. A device that is about
	 * to be runtime suspended is left alone, see tph_pm_runtime_resume().
	 */
	pm = pm_runtime_get_if_in_use(dev);
	if (pm)
		tph_sync(tdev);
	if (pm > 0)
		pm_runtime_put(dev);
	return ret;
}

static int tph_vfio_open(struct vfio_device *vdev)
{
	struct tph_vfio_dev *tdev = tph_from_vdev(vdev);
	struct tph_op_dev *op = &tdev->op;
	int ret;

	ret = vfio_pci_core_enable(&tdev->core);
	if (ret)
		return ret;

	mutex_lock(&tdev->lock);
	tph_hw_open(tdev);
	op->mode = 0;
	op->lost = false;
	/* Whatever was there before must not work for the new owner. */
	op->dirty = true;
	op->tags = kvcalloc(op->entries, sizeof(*op->tags), GFP_KERNEL_ACCOUNT);
	if (!op->tags)
		ret = -ENOMEM;
	else if (!tdev->resetting && tph_op_reset(op))
		pci_warn(tdev->core.pdev, "cannot clear TPH at open\n");
	tdev->open = !ret;
	if (ret)
		tph_hw_close(tdev);
	mutex_unlock(&tdev->lock);

	if (ret) {
		vfio_pci_core_disable(&tdev->core);
		return ret;
	}
	vfio_pci_core_finish_enable(&tdev->core);
	return 0;
}

/* Is memory decode on, going by the hardware? */
static bool tph_decodes(struct pci_dev *pdev)
{
	u16 cmd;

	if (pdev->current_state != PCI_D0)
		return false;
	if (pdev->no_command_memory)
		return true;
	return !pci_read_config_word(pdev, PCI_COMMAND, &cmd) &&
		!PCI_POSSIBLE_ERROR(cmd) && (cmd & PCI_COMMAND_MEMORY);
}

/* Leave nothing behind; says whether there was nothing in the way. */
static bool tph_clear_at_close(struct tph_vfio_dev *tdev)
{
	struct pci_dev *pdev = tdev->core.pdev;
	struct tph_op_dev *op = &tdev->op;

	if (op->loc == TPH_OP_LOC_MSIX && (tdev->resetting || !tph_decodes(pdev))) {
		if (op->usable && tph_set_ctrl(op, 0, TPH_OP_REQ_OFF))
			pci_warn(pdev, "cannot disable TPH at close\n");
		op->mode = 0;
		return false;
	}
	if (tph_op_reset(op))
		pci_warn(pdev, "cannot clear TPH at close\n");
	return true;
}

static void tph_vfio_close(struct vfio_device *vdev)
{
	struct tph_vfio_dev *tdev = tph_from_vdev(vdev);
	struct pci_dev *pdev = tdev->core.pdev;
	bool clear;
	int pm;

	/* The owner may have left it in a low power state. */
	pm = pm_runtime_resume_and_get(&pdev->dev);

	mutex_lock(&tdev->lock);
	clear = tph_clear_at_close(tdev);
	tdev->open = false;
	mutex_unlock(&tdev->lock);

	vfio_pci_core_close_device(vdev);

	mutex_lock(&tdev->lock);
	/* Powered and decoding once more, thanks to vfio-pci-core. */
	if (!clear)
		tph_clear_at_close(tdev);
	tph_hw_close(tdev);
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
	return vfio_pci_core_init_dev(vdev);
}

static void tph_vfio_release(struct vfio_device *vdev)
{
	struct tph_vfio_dev *tdev = tph_from_vdev(vdev);

	tph_acpi_put(tdev->acpi);
	mutex_destroy(&tdev->lock);
	vfio_pci_core_release_dev(vdev);
}

static const struct vfio_device_ops tph_vfio_ops = {
	.name = "tph-vfio-pci",
	.init = tph_vfio_init,
	.release = tph_vfio_release,
	.open_device = tph_vfio_open,
	.close_device = tph_vfio_close,
	.ioctl = tph_vfio_ioctl,
	.device_feature = tph_vfio_feature,
	.read = vfio_pci_core_read,
	.write = tph_vfio_write,
	.mmap = vfio_pci_core_mmap,
	.request = vfio_pci_core_request,
	.match = vfio_pci_core_match,
	TPH_COMPAT_OPS_BIND
	TPH_COMPAT_OPS_DETACH
	TPH_COMPAT_OPS_PASID
	TPH_COMPAT_OPS_REGION
	TPH_COMPAT_OPS_TOKEN
};

static struct tph_vfio_dev *tph_from_pci(struct pci_dev *pdev)
{
	struct vfio_pci_core_device *core = dev_get_drvdata(&pdev->dev);

	return container_of(core, struct tph_vfio_dev, core);
}

/* Put TPH back, or off, after the device may have lost its state. */
static void tph_restore(struct tph_vfio_dev *tdev, const char *after)
{
	struct tph_op_dev *op = &tdev->op;
	int ret = 0;

	lockdep_assert_held(&tdev->lock);
	op->lost = op->mode;
	/* If it cannot be touched now, it is restored when that changes. */
	if (!tph_ready(op))
		return;
	if (op->mode)
		ret = tph_op_restore(op);
	else if (op->dirty)
		ret = tph_op_reset(op);
	if (ret)
		dev_warn_ratelimited(&tdev->core.pdev->dev, "cannot restore TPH after %s\n", after);
}

/*
 * Power management is that of vfio-pci-core, which gives every driver it serves
 * its own operations and has no hook. Here they get one for the end of a
 * runtime suspend: the device may have been without power, and the owner need
 * not do anything that this driver would see, if it asked to be woken up.
 */
static const struct dev_pm_ops *tph_core_pm_ops;
static DEFINE_MUTEX(tph_pm_lock);

static int tph_pm_runtime_suspend(struct device *dev)
{
	return tph_core_pm_ops->runtime_suspend(dev);
}

static int tph_pm_runtime_resume(struct device *dev)
{
	struct tph_vfio_dev *tdev = tph_from_pci(to_pci_dev(dev));
	int ret = tph_core_pm_ops->runtime_resume(dev);

	if (ret)
		return ret;
	mutex_lock(&tdev->lock);
	if (tdev->op.mode)
		tph_restore(tdev, "low power state");
	mutex_unlock(&tdev->lock);
	return 0;
}

static const struct dev_pm_ops tph_pm_ops = {
	.runtime_suspend = tph_pm_runtime_suspend,
	.runtime_resume = tph_pm_runtime_resume,
};

/* Whenever a device is registered, vfio-pci-core puts its own there. */
static void tph_pm_hook(struct device_driver *driver)
{
	mutex_lock(&tph_pm_lock);
	if (!tph_core_pm_ops && driver->pm && driver->pm->runtime_suspend &&
	    driver->pm->runtime_resume)
		tph_core_pm_ops = driver->pm;
	if (tph_core_pm_ops)
		WRITE_ONCE(driver->pm, &tph_pm_ops);
	mutex_unlock(&tph_pm_lock);
}

static int tph_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct tph_vfio_dev *tdev;
	int ret;

	tdev = vfio_alloc_device(tph_vfio_dev, core.vdev, &pdev->dev, &tph_vfio_ops);
	if (IS_ERR(tdev))
		return PTR_ERR(tdev);

	tdev->acpi = tph_acpi_get(pdev);
	dev_set_drvdata(&pdev->dev, &tdev->core);
	ret = vfio_pci_core_register_device(&tdev->core);
	tph_pm_hook(pdev->dev.driver);
	if (ret)
		vfio_put_device(&tdev->core.vdev);
	return ret;
}

static void tph_pci_remove(struct pci_dev *pdev)
{
	struct vfio_pci_core_device *core = dev_get_drvdata(&pdev->dev);

	vfio_pci_core_unregister_device(core);
	vfio_put_device(&core->vdev);
}

static void tph_pci_reset_prepare(struct pci_dev *pdev)
{
	struct tph_vfio_dev *tdev = tph_from_pci(pdev);

	mutex_lock(&tdev->lock);
	tdev->resetting = true;
	mutex_unlock(&tdev->lock);
}

static void tph_pci_reset_done(struct pci_dev *pdev)
{
	struct tph_vfio_dev *tdev = tph_from_pci(pdev);

	mutex_lock(&tdev->lock);
	tdev->resetting = false;
	tph_restore(tdev, "reset");
	mutex_unlock(&tdev->lock);
}

static const struct pci_error_handlers tph_pci_err_handlers = {
	.error_detected = vfio_pci_core_aer_err_detected,
	.reset_prepare = tph_pci_reset_prepare,
	.reset_done = tph_pci_reset_done,
};

/*
 * Matches nothing but what is told to bind to this driver by driver_override.
 * Not exported as a module alias: tools that look for the variant driver of a
 * device there would find this one for every device.
 */
static const struct pci_device_id tph_pci_ids[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(PCI_ANY_ID, PCI_ANY_ID) },
	{}
};

static struct pci_driver tph_pci_driver = {
	.id_table = tph_pci_ids,
	.probe = tph_pci_probe,
	.remove = tph_pci_remove,
	.err_handler = &tph_pci_err_handlers,
	.driver_managed_dma = true,
};

static int __init tph_module_init(void)
{
	int ret;

	if (!*tph_driver_name || strchr(tph_driver_name, '/')) {
		pr_err("driver_name=\"%s\" is no name for a driver\n", tph_driver_name);
		return -EINVAL;
	}
	ret = tph_policy_init();
	if (ret)
		return ret;

	tph_pci_driver.name = tph_driver_name;
	ret = pci_register_driver(&tph_pci_driver);
	if (ret)
		pr_err("cannot register PCI driver %s (%d); is another one of that name loaded?\n",
		       tph_driver_name, ret);
	return ret;
}
module_init(tph_module_init);

static void __exit tph_module_exit(void)
{
	pci_unregister_driver(&tph_pci_driver);
}
module_exit(tph_module_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The dpdk-tph authors");
MODULE_DESCRIPTION("VFIO PCI driver with PCIe TLP Processing Hints");
