/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <stddef.h>

#include <bus_pci_driver.h>
#include <eal_export.h>
#include <rte_bus_pci.h>

#include "pci_tph.h"

/* NULL if the kernel driver of the device cannot serve TPH. */
static const struct pci_tph_ops *
pci_tph_ops_find(const struct rte_pci_device *dev)
{
#ifdef RTE_EXEC_ENV_LINUX
	if (dev->kdrv == RTE_PCI_KDRV_VFIO)
		return &pci_vfio_tph_ops;
#endif
	RTE_SET_USED(dev);
	return NULL;
}

RTE_EXPORT_INTERNAL_SYMBOL(rte_pci_tph_cap_get)
int
rte_pci_tph_cap_get(const struct rte_pci_device *dev, struct rte_pci_tph_cap *cap)
{
	const struct pci_tph_ops *ops;

	if (dev == NULL || cap == NULL)
		return -EINVAL;
	ops = pci_tph_ops_find(dev);
	if (ops == NULL) {
		cap->why = RTE_PCI_TPH_WHY_NO_DRIVER;
		return -ENOTSUP;
	}

	return ops->cap_get(dev, cap);
}

RTE_EXPORT_INTERNAL_SYMBOL(rte_pci_tph_enable)
int
rte_pci_tph_enable(const struct rte_pci_device *dev, enum rte_tph_mode mode)
{
	const struct pci_tph_ops *ops;

	if (dev == NULL || (mode != RTE_TPH_MODE_IV && mode != RTE_TPH_MODE_DS))
		return -EINVAL;
	ops = pci_tph_ops_find(dev);
	if (ops == NULL)
		return -ENOTSUP;

	return ops->enable(dev, mode);
}

RTE_EXPORT_INTERNAL_SYMBOL(rte_pci_tph_disable)
int
rte_pci_tph_disable(const struct rte_pci_device *dev)
{
	const struct pci_tph_ops *ops;

	if (dev == NULL)
		return -EINVAL;
	ops = pci_tph_ops_find(dev);
	if (ops == NULL)
		return -ENOTSUP;

	return ops->disable(dev);
}

static int
pci_tph_ents_check(const struct rte_pci_tph_st *ents, uint32_t nb)
{
	uint32_t i;

	if (ents == NULL || nb == 0 || nb > RTE_PCI_TPH_ST_MAX)
		return -EINVAL;

	for (i = 0; i < nb; i++) {
		if (ents[i].mem != RTE_TPH_MEM_VOLATILE &&
		    ents[i].mem != RTE_TPH_MEM_PERSISTENT)
			return -EINVAL;
	}
	return 0;
}

/* What serves the device, for entries that are not wrong. */
static int
pci_tph_ents_ops(const struct rte_pci_device *dev, const struct rte_pci_tph_st *ents,
		uint32_t nb, const struct pci_tph_ops **ops)
{
	if (dev == NULL || pci_tph_ents_check(ents, nb) != 0)
		return -EINVAL;
	*ops = pci_tph_ops_find(dev);
	return *ops == NULL ? -ENOTSUP : 0;
}

RTE_EXPORT_INTERNAL_SYMBOL(rte_pci_tph_st_get)
int
rte_pci_tph_st_get(const struct rte_pci_device *dev, struct rte_pci_tph_st *ents, uint32_t nb)
{
	const struct pci_tph_ops *ops;
	int ret = pci_tph_ents_ops(dev, ents, nb, &ops);

	return ret != 0 ? ret : ops->st_get(dev, ents, nb);
}

RTE_EXPORT_INTERNAL_SYMBOL(rte_pci_tph_st_set)
int
rte_pci_tph_st_set(const struct rte_pci_device *dev, const struct rte_pci_tph_st *ents,
		uint32_t nb)
{
	const struct pci_tph_ops *ops;
	int ret = pci_tph_ents_ops(dev, ents, nb, &ops);

	return ret != 0 ? ret : ops->st_set(dev, ents, nb);
}
