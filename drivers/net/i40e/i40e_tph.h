/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef I40E_TPH_H
#define I40E_TPH_H

#include <stdint.h>

#include <tph_pci.h>

struct i40e_hmc_obj_rxq;
struct i40e_hmc_obj_txq;

/** TPH of i40e ports. */
extern const struct tph_pci_pmd i40e_tph_pmd;

/** Put what an Rx queue of the port is to hint into its context. */
void i40e_tph_rx_hint(struct rte_eth_dev *dev, uint16_t queue_id, struct i40e_hmc_obj_rxq *ctx);

/** Put what a Tx queue of the port is to hint into its context. */
void i40e_tph_tx_hint(struct rte_eth_dev *dev, uint16_t queue_id, struct i40e_hmc_obj_txq *ctx);

#endif /* I40E_TPH_H */
