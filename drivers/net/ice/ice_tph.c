/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * TPH of ice ports (E810 and later), in device-specific mode: the context of a
 * queue takes a steering tag of 8 bits and says which of its requests carry
 * it. It is written whenever the queue is started.
 *
 * Fields and their places are those of base/ice_common.c. That cpuid takes the
 * tag is INFERRED as for i40e. EXPERIMENTAL beyond that: the E810 datasheet is
 * reported to call the TPH capability a dummy function, a question about which
 * is open at Intel. That the header bit has an effect without buffer split is
 * UNVERIFIED.
 */

#include <ethdev_driver.h>
#include <tph_intel.h>

#include "ice_ethdev.h"
#include "ice_logs.h"
#include "ice_tph.h"

/* Rx descriptors are as large as the driver was built for; the second macro is of 25.07 on. */
#if defined(RTE_LIBRTE_ICE_16BYTE_RX_DESC) || defined(RTE_NET_INTEL_USE_16BYTE_DESC)
#define ICE_TPH_RX_DESC_SIZE 16
#else
#define ICE_TPH_RX_DESC_SIZE 32
#endif
#define ICE_TPH_TX_DESC_SIZE 16

static int
ice_tph_enable(struct rte_eth_dev *dev, enum rte_tph_mode mode, struct rte_eth_tph_info *info)
{
	int ret = tph_pci_enable(dev, mode, info);

	if (ret == 0)
		PMD_DRV_LOG(NOTICE, "port %u: TPH is experimental, the device may not hint at all",
			dev->data->port_id);
	return ret;
}

void
ice_tph_rx_hint(struct rte_eth_dev *dev, uint16_t queue_id, struct ice_rlan_ctx *ctx)
{
	struct eth_dev_tph_hint hint;

	eth_dev_tph_hint_get(dev, RTE_ETH_TPH_RX, queue_id, &hint);
	TPH_INTEL_RX_CTX_SET(ctx, &hint);
}

/* There is no bit for headers of packets, which are read as a whole. */
void
ice_tph_tx_hint(struct rte_eth_dev *dev, uint16_t queue_id, struct ice_tlan_ctx *ctx)
{
	struct eth_dev_tph_hint hint;

	eth_dev_tph_hint_get(dev, RTE_ETH_TPH_TX, queue_id, &hint);
	ctx->cpuid = hint.st;
	ctx->tphrd_desc = (hint.objects & RTE_TPH_OBJECT_DESC) != 0;
	ctx->tphwr_desc = (hint.objects & RTE_TPH_OBJECT_DESC) != 0;
	ctx->tphrd = (hint.objects & RTE_TPH_OBJECT_PAYLOAD) != 0;
}

const struct tph_pci_pmd ice_tph_pmd = {
	.ops = TPH_PCI_OPS_ENABLED_BY(ice_tph_enable),
	.desc_size = {
		[RTE_ETH_TPH_RX] = ICE_TPH_RX_DESC_SIZE,
		[RTE_ETH_TPH_TX] = ICE_TPH_TX_DESC_SIZE,
	},
	.rx_objects = RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_HEADER | RTE_TPH_OBJECT_PAYLOAD,
	.tx_objects = RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_PAYLOAD,
	.st_bits = 8,
	.when = RTE_ETH_TPH_QUEUE_START,
};
