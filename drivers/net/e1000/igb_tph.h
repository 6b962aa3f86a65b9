/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef IGB_TPH_H
#define IGB_TPH_H

#include <tph_pci.h>

/** TPH of igb ports. */
extern const struct tph_pci_pmd igb_tph_pmd;

#endif /* IGB_TPH_H */
