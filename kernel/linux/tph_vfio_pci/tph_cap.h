/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What can be done with a TPH Requester capability where it is.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_CAP_H
#define TPH_CAP_H

#include <linux/pci_regs.h>

#include "tph_op.h"
#include "tph_regs.h"

/**
 * struct tph_cap_place - a TPH Requester capability and what is around it
 * @cap: the capability register
 * @room: bytes from the beginning of the capability to the next one, or to the
 *        end of configuration space
 * @vectors: entries of the MSI-X table, 0 if tags cannot be put there
 * @completer: TPH Completer Supported of the root port, 0 without one
 * @integrated: a Root Complex Integrated Endpoint: there is no root port
 * @prefixes: end-end TLP prefixes get from the device to the root complex
 */
struct tph_cap_place {
	u32 cap;
	u16 room;
	u16 vectors;
	u8 completer;
	bool integrated;
	bool prefixes;
};

bool tph_cap_has_table(u32 cap);
void tph_cap_read(struct tph_op_dev *op, const struct tph_cap_place *place);

#endif /* TPH_CAP_H */
