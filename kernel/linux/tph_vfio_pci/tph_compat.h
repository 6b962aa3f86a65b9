/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the newest kernels have and others lack. The module is written for the
 * newest; where a function of its own does not do, TPH_HAVE_* tells, which the
 * Kbuild file finds out. In the kernel's own tree this file is not needed.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_COMPAT_H
#define TPH_COMPAT_H

#include <linux/acpi.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/smp.h>

#ifndef kzalloc_obj
#define kzalloc_obj(obj)	kzalloc(sizeof(obj), GFP_KERNEL)
#endif

#ifndef TPH_HAVE_ACPI_GET_CPU_UID
/**
 * acpi_get_cpu_uid - ACPI processor UID of a CPU
 * @cpu: logical CPU number, valid
 * @uid: where to put the UID
 *
 * It went to stable kernels too, so the version does not tell.
 *
 * Return: 0, or -ENODEV if the CPU has no UID.
 */
static inline int acpi_get_cpu_uid(unsigned int cpu, u32 *uid)
{
#if defined(CONFIG_X86) && defined(CONFIG_SMP)
	*uid = cpu_acpi_id(cpu);
	return *uid == U32_MAX ? -ENODEV : 0;
#elif defined(CONFIG_ARM64)
	*uid = get_acpi_id_for_cpu(cpu);
	return 0;
#else
	return -ENODEV;
#endif
}
#endif

#ifndef TPH_HAVE_PCIE_TPH_DISABLED
/* tph_notph.c */
void tph_notph_init(void);
bool pcie_tph_disabled(void);
#endif

#endif /* TPH_COMPAT_H */
