/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * TPH of i40e ports (X710, XXV710, XL710, X722), in device-specific mode: the
 * context of a queue takes a steering tag of 8 bits and says which of its
 * requests carry it. It is written while the queue is off: when the port is
 * started, or when the queue is set up on a started port.
 *
 * Fields and their places are those of base/i40e_lan_hmc.c. That cpuid takes
 * the tag is INFERRED from its name and from igb and ixgbe, where the field of
 * that name does. That the header bit has an effect while headers are not
 * split from data, which this driver never asks for, is UNVERIFIED.
 */

#include <ethdev_driver.h>
#include <tph_intel.h>

#include "base/i40e_prototype.h"
#include "base/i40e_type.h"
#include "i40e_ethdev.h"
#include "i40e_tph.h"

/* Rx descriptors are as large as the driver was built for; the second macro is of 25.07 on. */
#if defined(RTE_LIBRTE_I40E_16BYTE_RX_DESC) || defined(RTE_NET_INTEL_USE_16BYTE_DESC)
#define I40E_TPH_RX_DESC_SIZE 16
#else
#define I40E_TPH_RX_DESC_SIZE 32
#endif
#define I40E_TPH_TX_DESC_SIZE 16

void
i40e_tph_rx_hint(struct rte_eth_dev *dev, uint16_t queue_id, struct i40e_hmc_obj_rxq *ctx)
{
	struct eth_dev_tph_hint hint;

	eth_dev_tph_hint_get(dev, RTE_ETH_TPH_RX, queue_id, &hint);
	TPH_INTEL_RX_CTX_SET(ctx, &hint);
}

/* Packets are read as a whole: there is no bit for their headers. */
void
i40e_tph_tx_hint(struct rte_eth_dev *dev, uint16_t queue_id, struct i40e_hmc_obj_txq *ctx)
{
	struct eth_dev_tph_hint hint;

	eth_dev_tph_hint_get(dev, RTE_ETH_TPH_TX, queue_id, &hint);
	ctx->cpuid = hint.st;
	ctx->tphrdesc_ena = (hint.objects & RTE_TPH_OBJECT_DESC) != 0;
	ctx->tphwdesc_ena = (hint.objects & RTE_TPH_OBJECT_DESC) != 0;
	ctx->tphrpacket_ena = (hint.objects & RTE_TPH_OBJECT_PAYLOAD) != 0;
}

const struct tph_pci_pmd i40e_tph_pmd = {
	.ops = TPH_PCI_OPS,
	.desc_size = {
		[RTE_ETH_TPH_RX] = I40E_TPH_RX_DESC_SIZE,
		[RTE_ETH_TPH_TX] = I40E_TPH_TX_DESC_SIZE,
	},
	.rx_objects = RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_HEADER | RTE_TPH_OBJECT_PAYLOAD,
	.tx_objects = RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_PAYLOAD,
	.st_bits = 8,
	.when = RTE_ETH_TPH_PORT_START,
};
