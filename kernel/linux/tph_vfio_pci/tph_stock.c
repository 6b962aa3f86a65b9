// SPDX-License-Identifier: GPL-2.0-only
/*
 * What vfio-pci does besides vfio-pci-core: its parameters, its deny list, and
 * SR-IOV. A driver that is bound in its place has to do the same.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/pci.h>

#include "tph_vfio_pci.h"

static char ids[1024] __initdata;
module_param_string(ids, ids, sizeof(ids), 0);
MODULE_PARM_DESC(ids, "PCI ids to bind to from the start: vendor:device[:subvendor[:subdevice[:class[:class_mask]]]], several separated by commas");

/* Where each device has its own, what is written holds for those bound later. */
#ifdef TPH_HAVE_DEVICE_PARAMS
#define TPH_STOCK_WRITABLE	0644
#else
#define TPH_STOCK_WRITABLE	0444
#endif

/* Below zero: not given */
static int nointxmask = -1;
module_param(nointxmask, bint, TPH_STOCK_WRITABLE);
MODULE_PARM_DESC(nointxmask, "Do not mask INTx in the way of PCI 2.3");

static int disable_idle_d3 = -1;
module_param(disable_idle_d3, bint, TPH_STOCK_WRITABLE);
MODULE_PARM_DESC(disable_idle_d3, "Leave unused devices in D0");

static int disable_vga = -1;
#ifdef CONFIG_VFIO_PCI_VGA
module_param(disable_vga, bint, 0444);
MODULE_PARM_DESC(disable_vga, "Do not offer VGA ranges");
#endif

static bool enable_sriov;
#ifdef CONFIG_PCI_IOV
module_param(enable_sriov, bool, 0644);
MODULE_PARM_DESC(enable_sriov, "Let the administrator create VFs of a device that is bound; its owner has to know about them");
#endif

static bool disable_denylist;
module_param(disable_denylist, bool, 0444);
MODULE_PARM_DESC(disable_denylist, "Bind also devices whose errata let an owner harm the machine");

/* Those that vfio-pci does not take either */
static const struct pci_device_id tph_denylist[] = {
	{ PCI_DEVICE(PCI_VENDOR_ID_INTEL, PCI_DEVICE_ID_INTEL_QAT_C3XXX) },
	{ PCI_DEVICE(PCI_VENDOR_ID_INTEL, PCI_DEVICE_ID_INTEL_QAT_C3XXX_VF) },
	{ PCI_DEVICE(PCI_VENDOR_ID_INTEL, PCI_DEVICE_ID_INTEL_QAT_C62X) },
	{ PCI_DEVICE(PCI_VENDOR_ID_INTEL, PCI_DEVICE_ID_INTEL_QAT_C62X_VF) },
	{ PCI_DEVICE(PCI_VENDOR_ID_INTEL, PCI_DEVICE_ID_INTEL_QAT_DH895XCC) },
	{ PCI_DEVICE(PCI_VENDOR_ID_INTEL, PCI_DEVICE_ID_INTEL_QAT_DH895XCC_VF) },
	{ PCI_DEVICE(PCI_VENDOR_ID_INTEL, PCI_DEVICE_ID_INTEL_DSA_SPR0) },
	{ PCI_DEVICE(PCI_VENDOR_ID_INTEL, PCI_DEVICE_ID_INTEL_IAX_SPR0) },
	{}
};

/**
 * tph_stock_denied - is a device not to be given to user space?
 * @pdev: the device
 *
 * Return: whether so.
 */
bool tph_stock_denied(struct pci_dev *pdev)
{
	if (!pci_match_id(tph_denylist, pdev))
		return false;
	if (disable_denylist) {
		pci_warn(pdev, "%04x:%04x is on the deny list, bound because of disable_denylist\n",
			 pdev->vendor, pdev->device);
		return false;
	}
	pci_warn(pdev, "%04x:%04x is on the deny list, not bound (parameter disable_denylist)\n",
		 pdev->vendor, pdev->device);
	return true;
}

/**
 * tph_stock_sriov_configure - create or remove VFs, see &struct pci_driver
 * @pdev: the device
 * @nr_virtfn: how many VFs there are to be
 *
 * vfio-pci-core gives VFs to the driver that &vfio_device_ops.name names.
 *
 * Return: number of VFs, -ENOENT if that was not allowed at load, or another
 * negative errno.
 */
int tph_stock_sriov_configure(struct pci_dev *pdev, int nr_virtfn)
{
	if (!enable_sriov)
		return -ENOENT;
	return vfio_pci_core_sriov_configure(dev_get_drvdata(&pdev->dev), nr_virtfn);
}

#ifdef TPH_HAVE_DEVICE_PARAMS
/**
 * tph_stock_device_params - hand parameters that are not of this module's concern on
 * @core: the device
 */
void tph_stock_device_params(struct vfio_pci_core_device *core)
{
	core->nointxmask = nointxmask > 0;
	core->disable_vga = disable_vga > 0;
	core->disable_idle_d3 = disable_idle_d3 > 0;
}
#else
/**
 * tph_stock_params - hand parameters that are not of this module's concern on
 *
 * In most kernels they are settings of vfio-pci-core, for every driver it
 * serves: left alone unless one of them was given.
 */
void __init tph_stock_params(void)
{
	bool vga_off = !IS_ENABLED(CONFIG_VFIO_PCI_VGA) || disable_vga > 0;

	if (nointxmask < 0 && disable_idle_d3 < 0 && disable_vga < 0)
		return;
	vfio_pci_core_set_params(nointxmask > 0, vga_off, disable_idle_d3 > 0);
	pr_info("nointxmask, disable_vga and disable_idle_d3 are now set for vfio-pci and its variants too: the module loaded last wins\n");
}
#endif

static int __init tph_stock_add_id(struct pci_driver *driver, const char *text)
{
	u32 vendor, device, subvendor = PCI_ANY_ID, subdevice = PCI_ANY_ID;
	u32 class = 0, class_mask = 0;

	if (sscanf(text, "%x:%x:%x:%x:%x:%x", &vendor, &device, &subvendor, &subdevice,
		   &class, &class_mask) < 2)
		return -EINVAL;
	return pci_add_dynid(driver, vendor, device, subvendor, subdevice, class, class_mask, 0);
}

/**
 * tph_stock_add_ids - bind to what the parameter ids names
 * @driver: the driver, registered
 *
 * What cannot be added is said and left out.
 */
void __init tph_stock_add_ids(struct pci_driver *driver)
{
	char *text, *rest = ids;
	int ret;

	while ((text = strsep(&rest, ",")) != NULL) {
		ret = *text ? tph_stock_add_id(driver, text) : 0;
		if (ret)
			pr_warn("ids: \"%s\" is not added (%d)\n", text, ret);
	}
}
