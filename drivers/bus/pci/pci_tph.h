/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef PCI_TPH_H
#define PCI_TPH_H

#include <bus_pci_tph.h>

/**
 * @internal
 * One way of reaching TPH through the kernel. Arguments are checked already,
 * except that the device may not be open; return codes are those of the
 * function rte_pci_tph_<name>().
 */
struct pci_tph_ops {
	int (*cap_get)(const struct rte_pci_device *dev, struct rte_pci_tph_cap *cap);
	int (*enable)(const struct rte_pci_device *dev, enum rte_tph_mode mode);
	int (*disable)(const struct rte_pci_device *dev);
	int (*st_get)(const struct rte_pci_device *dev, struct rte_pci_tph_st *ents,
			uint32_t nb);
	int (*st_set)(const struct rte_pci_device *dev, const struct rte_pci_tph_st *ents,
			uint32_t nb);
};

/** Through the ioctl on the VFIO device. */
extern const struct pci_tph_ops pci_vfio_tph_ops;

#endif /* PCI_TPH_H */
