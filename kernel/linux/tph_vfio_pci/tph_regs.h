/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of linux/pci_regs.h that appeared in 6.13. In the kernel's own tree this
 * file is not needed.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_REGS_H
#define TPH_REGS_H

#include <linux/pci_regs.h>

#ifndef PCI_EXP_DEVCAP2_TPH_COMP_MASK
#define PCI_EXP_DEVCAP2_TPH_COMP_MASK	0x00003000
#endif

#ifndef PCI_TPH_CTRL
#define PCI_TPH_CAP_ST_IV		0x00000002
#define PCI_TPH_CAP_ST_DS		0x00000004
#define PCI_TPH_CAP_EXT_TPH		0x00000100
#define PCI_TPH_CTRL			8
#define PCI_TPH_CTRL_MODE_SEL_MASK	0x00000007
#define PCI_TPH_ST_IV_MODE		0x1
#define PCI_TPH_ST_DS_MODE		0x2
#define PCI_TPH_CTRL_REQ_EN_MASK	0x00000300
#endif

#endif /* TPH_REGS_H */
