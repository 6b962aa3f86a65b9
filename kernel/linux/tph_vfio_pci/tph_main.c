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
#include <linux/vfio_pci_core.h>

#include "tph_vfio_pci.h"

static int tph_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct tph_vfio_dev *tdev;
	int ret;

	if (tph_stock_denied(pdev))
		return -EINVAL;

	tdev = vfio_alloc_device(tph_vfio_dev, core.vdev, &pdev->dev, &tph_vfio_ops);
	if (IS_ERR(tdev))
		return PTR_ERR(tdev);

	tdev->acpi = tph_acpi_get(pdev);
	tph_hw_probe(tdev);
	dev_set_drvdata(&pdev->dev, &tdev->core);
#ifdef TPH_HAVE_GET_DMABUF_PHYS
	tdev->core.pci_ops = &tph_region_ops;
#endif
	tph_restore_probe(tdev);
	ret = vfio_pci_core_register_device(&tdev->core);
	if (ret) {
		tph_restore_remove(tdev);
		vfio_put_device(&tdev->core.vdev);
	}
	return ret;
}

static void tph_pci_remove(struct pci_dev *pdev)
{
	struct tph_vfio_dev *tdev = tph_from_pci(pdev);

	vfio_pci_core_unregister_device(&tdev->core);
	tph_restore_remove(tdev);
	vfio_put_device(&tdev->core.vdev);
}

/*
 * Matches nothing but what is told to bind to this driver by driver_override.
 * Not exported as an alias: tools that look for the variant driver of a device
 * there would find this one for every device.
 */
static const struct pci_device_id tph_pci_ids[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(PCI_ANY_ID, PCI_ANY_ID) },
	{}
};

#ifdef TPH_DROP_IN
/* But in vfio-pci's place that is what they are to find. */
MODULE_DEVICE_TABLE(pci, tph_pci_ids);
#endif

static struct pci_driver tph_pci_driver = {
	.name = TPH_DRIVER_NAME,
	.id_table = tph_pci_ids,
	.probe = tph_pci_probe,
	.remove = tph_pci_remove,
	.sriov_configure = tph_stock_sriov_configure,
	.err_handler = &tph_pci_err_handlers,
	.dev_groups = tph_sysfs_groups,
	.driver_managed_dma = true,
};

static int __init tph_module_init(void)
{
	int ret;

#ifndef TPH_HAVE_PCIE_TPH_DISABLED
	tph_notph_init();
#endif
#ifndef TPH_HAVE_DEVICE_PARAMS
	tph_stock_params();
#endif
	ret = pci_register_driver(&tph_pci_driver);
	if (ret) {
		pr_err("cannot register PCI driver %s (%d); is another one of that name loaded?\n",
		       tph_pci_driver.name, ret);
		return ret;
	}
	tph_stock_add_ids(&tph_pci_driver);
	return 0;
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
#ifdef TPH_DROP_IN
/* DKMS puts nothing in the place of a module of the same version, such as none. */
MODULE_VERSION("0.1.0");
#endif
