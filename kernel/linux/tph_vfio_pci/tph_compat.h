/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that differs between kernel versions.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_COMPAT_H
#define TPH_COMPAT_H

#include <linux/acpi.h>
#include <linux/msi.h>
#include <linux/pci.h>
#include <linux/smp.h>
#include <linux/version.h>
#include <linux/vfio.h>
#include <linux/vfio_pci_core.h>

#if KERNEL_VERSION(6, 12, 0) <= LINUX_VERSION_CODE
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#ifdef CONFIG_PCIE_TPH
#include <linux/pci-tph.h>
#endif

/*
 * Operations that came with time; the Kbuild file looks for them in the headers.
 * Those of iommufd are NULL macros where that is configured off.
 */
#ifdef TPH_HAVE_BIND_IOMMUFD
#define TPH_COMPAT_OPS_BIND \
	.bind_iommufd = vfio_iommufd_physical_bind, \
	.unbind_iommufd = vfio_iommufd_physical_unbind, \
	.attach_ioas = vfio_iommufd_physical_attach_ioas,
#else
#define TPH_COMPAT_OPS_BIND
#endif
#ifdef TPH_HAVE_DETACH_IOAS
#define TPH_COMPAT_OPS_DETACH .detach_ioas = vfio_iommufd_physical_detach_ioas,
#else
#define TPH_COMPAT_OPS_DETACH
#endif
#ifdef TPH_HAVE_PASID_ATTACH_IOAS
#define TPH_COMPAT_OPS_PASID \
	.pasid_attach_ioas = vfio_iommufd_physical_pasid_attach_ioas, \
	.pasid_detach_ioas = vfio_iommufd_physical_pasid_detach_ioas,
#else
#define TPH_COMPAT_OPS_PASID
#endif
#ifdef TPH_HAVE_GET_REGION_INFO_CAPS
#define TPH_COMPAT_OPS_REGION .get_region_info_caps = tph_region_info_caps,
#else
#define TPH_COMPAT_OPS_REGION
#endif
#ifdef TPH_HAVE_MATCH_TOKEN_UUID
#define TPH_COMPAT_OPS_TOKEN .match_token_uuid = vfio_pci_core_match_token_uuid,
#else
#define TPH_COMPAT_OPS_TOKEN
#endif

/* Here since it serves an operation of vfio-pci-core's, see below */
bool tph_region_refused(struct vfio_pci_core_device *core, unsigned int index, u64 start,
			u64 len);

#ifdef TPH_HAVE_GET_DMABUF_PHYS
static inline int tph_compat_dmabuf_phys(struct vfio_pci_core_device *core,
					 struct p2pdma_provider **provider,
					 unsigned int index, struct phys_vec *vec,
					 struct vfio_region_dma_range *ranges, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (tph_region_refused(core, index, ranges[i].offset, ranges[i].length))
			return -EPERM;
	}
	return vfio_pci_core_get_dmabuf_phys(core, provider, index, vec, ranges, count);
}
#endif

/**
 * tph_compat_set_pci_ops - what vfio-pci offers newer kernels besides vfio_device_ops
 * @core: the device
 *
 * A part of a BAR as DMA buffer for other devices, which is one more way to it.
 */
static inline void tph_compat_set_pci_ops(struct vfio_pci_core_device *core)
{
#ifdef TPH_HAVE_GET_DMABUF_PHYS
	static const struct vfio_pci_device_ops ops = {
		.get_dmabuf_phys = tph_compat_dmabuf_phys,
	};

	core->pci_ops = &ops;
#endif
}

/**
 * tph_compat_region_info - describe a region
 * @vdev: the device
 * @info: description of the region
 * @caps: its capabilities
 *
 * Return: 0 or a negative errno; kernels without the callback never get here.
 */
static inline int tph_compat_region_info(struct vfio_device *vdev, struct vfio_region_info *info,
					 struct vfio_info_cap *caps)
{
#ifdef TPH_HAVE_GET_REGION_INFO_CAPS
	return vfio_pci_ioctl_get_region_info(vdev, info, caps);
#else
	return -ENOTTY;
#endif
}

/**
 * tph_compat_core_params - settings of vfio-pci-core for all drivers it serves
 * @nointxmask: do not mask INTx
 * @disable_vga: no VGA ranges
 * @disable_idle_d3: idle devices stay in D0
 *
 * Return: whether there are such settings; otherwise they are by device.
 */
static inline bool tph_compat_core_params(bool nointxmask, bool disable_vga,
					  bool disable_idle_d3)
{
#ifdef TPH_HAVE_DEVICE_PARAMS
	return false;
#else
	vfio_pci_core_set_params(nointxmask, disable_vga, disable_idle_d3);
	return true;
#endif
}

/**
 * tph_compat_device_params - the same settings where they are those of a device
 * @core: the device
 * @nointxmask: do not mask INTx
 * @disable_vga: no VGA ranges
 * @disable_idle_d3: the device stays in D0 when idle
 */
static inline void tph_compat_device_params(struct vfio_pci_core_device *core, bool nointxmask,
					    bool disable_vga, bool disable_idle_d3)
{
#ifdef TPH_HAVE_DEVICE_PARAMS
	core->nointxmask = nointxmask;
	core->disable_vga = disable_vga;
	core->disable_idle_d3 = disable_idle_d3;
#endif
}

/* Appeared in 6.13 with the TPH support of the PCI core. */
#ifndef PCI_EXP_DEVCAP2_TPH_COMP_MASK
#define PCI_EXP_DEVCAP2_TPH_COMP_MASK	0x00003000
#endif

/**
 * tph_compat_with_msi_descs - do something with a device's MSI descriptors locked
 * @dev: the device, which has such
 * @func: what to do
 * @arg: argument of @func
 */
static inline void tph_compat_with_msi_descs(struct device *dev, void (*func)(void *arg),
					     void *arg)
{
#ifdef TPH_HAVE_MSI_DESCS_GUARD
	guard(msi_descs_lock)(dev);
	func(arg);
#else
	msi_lock_descs(dev);
	func(arg);
	msi_unlock_descs(dev);
#endif
}

/**
 * tph_compat_core_enable - let the PCI core enable TPH, if it knows how
 * @pdev: the device
 * @mode: value of the ST Mode Select field, not 0
 *
 * Does nothing if the core has that mode enabled already. The first cores that
 * know TPH refuse integrated endpoints: the core then has no record to restore
 * from, which this module does anyway.
 */
static inline void tph_compat_core_enable(struct pci_dev *pdev, u8 mode)
{
#ifdef CONFIG_PCIE_TPH
	if (pdev->tph_enabled && pdev->tph_mode != mode)
		pcie_disable_tph(pdev);
	if (!pdev->tph_enabled && pcie_enable_tph(pdev, mode))
		pci_dbg(pdev, "TPH is enabled without the PCI core\n");
#endif
}

/**
 * tph_compat_core_disable - let the PCI core disable TPH, if it knows how
 * @pdev: the device
 */
static inline void tph_compat_core_disable(struct pci_dev *pdev)
{
#ifdef CONFIG_PCIE_TPH
	pcie_disable_tph(pdev);
#endif
}

/**
 * tph_compat_cpu_uid - ACPI processor UID of a CPU
 * @cpu: logical CPU number, valid
 * @uid: where to put the UID
 *
 * TPH_HAVE_ACPI_GET_CPU_UID is found out by the Kbuild file: the function went
 * to stable kernels too, so the version does not tell.
 *
 * Return: 0, or -ENODEV if the CPU has no UID.
 */
static inline int tph_compat_cpu_uid(unsigned int cpu, u32 *uid)
{
#ifdef TPH_HAVE_ACPI_GET_CPU_UID
	return acpi_get_cpu_uid(cpu, uid) ? -ENODEV : 0;
#elif defined(CONFIG_X86) && defined(CONFIG_SMP)
	*uid = cpu_acpi_id(cpu);
	return *uid == U32_MAX ? -ENODEV : 0;
#elif defined(CONFIG_ARM64)
	*uid = get_acpi_id_for_cpu(cpu);
	return 0;
#else
	return -ENODEV;
#endif
}

#endif /* TPH_COMPAT_H */
