/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef ICE_TPH_H
#define ICE_TPH_H

#include <stdint.h>

#include <tph_pci.h>

struct ice_rlan_ctx;
struct ice_tlan_ctx;

/** TPH of ice ports. */
extern const struct tph_pci_pmd ice_tph_pmd;

/** Put what an Rx queue of the port is to hint into its context. */
void ice_tph_rx_hint(struct rte_eth_dev *dev, uint16_t queue_id, struct ice_rlan_ctx *ctx);

/** Put what a Tx queue of the port is to hint into its context. */
void ice_tph_tx_hint(struct rte_eth_dev *dev, uint16_t queue_id, struct ice_tlan_ctx *ctx);

#endif /* ICE_TPH_H */
