/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that differs between kernel versions.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_COMPAT_H
#define TPH_COMPAT_H

#include <linux/acpi.h>
#include <linux/pci.h>
#include <linux/smp.h>
#include <linux/version.h>
#include <linux/vfio.h>

#if KERNEL_VERSION(6, 12, 0) <= LINUX_VERSION_CODE
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

/* iommufd: not known to 6.1, and NULL macros where configured off. */
#if KERNEL_VERSION(6, 6, 0) <= LINUX_VERSION_CODE
#define TPH_COMPAT_IOMMUFD_OPS \
	.bind_iommufd = vfio_iommufd_physical_bind, \
	.unbind_iommufd = vfio_iommufd_physical_unbind, \
	.attach_ioas = vfio_iommufd_physical_attach_ioas, \
	.detach_ioas = vfio_iommufd_physical_detach_ioas,
#elif KERNEL_VERSION(6, 2, 0) <= LINUX_VERSION_CODE
#define TPH_COMPAT_IOMMUFD_OPS \
	.bind_iommufd = vfio_iommufd_physical_bind, \
	.unbind_iommufd = vfio_iommufd_physical_unbind, \
	.attach_ioas = vfio_iommufd_physical_attach_ioas,
#else
#define TPH_COMPAT_IOMMUFD_OPS
#endif

/* Appeared in 6.13 with the TPH support of the PCI core. */
#ifndef PCI_EXP_DEVCAP2_TPH_COMP_MASK
#define PCI_EXP_DEVCAP2_TPH_COMP_MASK	0x00003000
#endif

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
