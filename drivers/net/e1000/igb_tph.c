/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * TPH of igb ports, in device-specific mode: each queue has a register that
 * takes a steering tag of 8 bits and says which of its requests carry it.
 *
 * The bits are those of I350 and I210; the I210 datasheet has TXCTL and the
 * rules in its chapters on TPH and on DCA control registers. Those of RXCTL
 * are INFERRED: from the datasheet's text and from the registers of the ixgbe
 * family, which are alike. That a tag may be changed while the queue runs is
 * INFERRED from Linux, which does so with the DCA tag in the same register.
 * Whether all 8 bits of a tag reach the bus is UNVERIFIED.
 *
 * The 82576 has the same registers for DCA. It offers no TPH capability, so
 * the kernel never enables TPH on a real one. QEMU's model of it, together
 * with an emulated capability, is what this code is tested on.
 *
 * Hints are of the bidirectional kind for descriptors and target kind for
 * data, as DCA_CTRL has them after reset.
 */

#include <errno.h>

#include <ethdev_driver.h>
#include <rte_bitops.h>
#include <rte_flow.h>
#include <rte_flow_driver.h>

#include "base/e1000_api.h"
#include "e1000_ethdev.h"
#include "e1000_logs.h"
#include "igb_tph.h"

#define IGB_TPH_ST_SHIFT		24
#define IGB_TPH_ST_MAX			0xFF

#define IGB_TPH_RXCTL_DESC_FETCH	RTE_BIT32(0)
#define IGB_TPH_RXCTL_DESC_WB		RTE_BIT32(1)
#define IGB_TPH_RXCTL_HEADER		RTE_BIT32(2)
#define IGB_TPH_RXCTL_PAYLOAD		RTE_BIT32(3)
#define IGB_TPH_RXCTL_DATA_WRO		RTE_BIT32(13)
#define IGB_TPH_RXCTL_HEADER_WRO	RTE_BIT32(15)

#define IGB_TPH_TXCTL_DESC_FETCH	RTE_BIT32(0)
#define IGB_TPH_TXCTL_DESC_WB		RTE_BIT32(1)
#define IGB_TPH_TXCTL_PACKET		RTE_BIT32(3)

/*
 * The registers as they are after reset: relaxed ordering is on, except for
 * what must not overtake data. For RXCTL this is INFERRED as above.
 */
#define IGB_TPH_RXCTL_RESET (E1000_DCA_RXCTRL_DESC_RRO_EN | \
	IGB_TPH_RXCTL_DATA_WRO | IGB_TPH_RXCTL_HEADER_WRO)
#define IGB_TPH_TXCTL_RESET (E1000_DCA_TXCTRL_DESC_RRO_EN | \
	E1000_DCA_TXCTRL_TX_WB_RO_EN | E1000_DCA_TXCTRL_DATA_RRO_EN)

/*
 * The same without relaxed ordering of writes: there are chipsets which clear
 * the tag of such a write, for which Linux does the same with DCA.
 */
#define IGB_TPH_RXCTL_HINTED E1000_DCA_RXCTRL_DESC_RRO_EN
#define IGB_TPH_TXCTL_HINTED (E1000_DCA_TXCTRL_DESC_RRO_EN | E1000_DCA_TXCTRL_DATA_RRO_EN)

/* Queues of the device in either direction, 0 if it has no TPH. */
static uint16_t
igb_tph_nb_queues(const struct e1000_hw *hw)
{
	switch (hw->mac.type) {
	case e1000_82576:
		return 16;
	case e1000_82580:
	case e1000_i350:
	case e1000_i354:
		return 8;
	case e1000_i210:
		return 4;
	case e1000_i211:
		return 2;
	default:
		/* The 82575 has its DCA tag elsewhere in the register. */
		return 0;
	}
}

static int
igb_tph_check(struct rte_eth_dev *dev)
{
	const struct e1000_hw *hw = E1000_DEV_PRIVATE_TO_HW(dev->data->dev_private);

	return igb_tph_nb_queues(hw) == 0 ? -ENOTSUP : 0;
}

static uint32_t
igb_tph_rxctl(uint32_t objects, uint16_t st)
{
	uint32_t value;

	if (objects == 0)
		return IGB_TPH_RXCTL_RESET;

	value = IGB_TPH_RXCTL_HINTED | (uint32_t)st << IGB_TPH_ST_SHIFT;
	if ((objects & RTE_TPH_OBJECT_DESC) != 0)
		value |= IGB_TPH_RXCTL_DESC_FETCH | IGB_TPH_RXCTL_DESC_WB;
	if ((objects & RTE_TPH_OBJECT_HEADER) != 0)
		value |= IGB_TPH_RXCTL_HEADER;
	if ((objects & RTE_TPH_OBJECT_PAYLOAD) != 0)
		value |= IGB_TPH_RXCTL_PAYLOAD;
	return value;
}

static uint32_t
igb_tph_txctl(uint32_t objects, uint16_t st)
{
	uint32_t value;

	if (objects == 0)
		return IGB_TPH_TXCTL_RESET;

	value = IGB_TPH_TXCTL_HINTED | (uint32_t)st << IGB_TPH_ST_SHIFT;
	if ((objects & RTE_TPH_OBJECT_DESC) != 0)
		value |= IGB_TPH_TXCTL_DESC_FETCH | IGB_TPH_TXCTL_DESC_WB;
	if ((objects & RTE_TPH_OBJECT_PAYLOAD) != 0)
		value |= IGB_TPH_TXCTL_PACKET;
	return value;
}

/*
 * The whole register is written from what is known here: nothing is left of an
 * earlier tag, and not all devices let the register be read back.
 */
static int
igb_tph_queue_set(struct rte_eth_dev *dev, enum rte_eth_tph_dir dir, uint16_t queue_id,
		uint32_t objects, uint16_t st)
{
	struct e1000_hw *hw = E1000_DEV_PRIVATE_TO_HW(dev->data->dev_private);
	uint32_t hw_queue_id = queue_id;

	/* With active VFs the queues of the function are those of its own pool. */
	if (RTE_ETH_DEV_SRIOV(dev).active != 0)
		hw_queue_id += RTE_ETH_DEV_SRIOV(dev).def_pool_q_idx;
	/* Beyond them the register of a queue is another register. */
	if (hw_queue_id >= igb_tph_nb_queues(hw)) {
		PMD_DRV_LOG(ERR, "no queue %u for TPH", hw_queue_id);
		return -ERANGE;
	}
	if (st > IGB_TPH_ST_MAX) {
		PMD_DRV_LOG(ERR, "steering tag %#x has more than 8 bits", st);
		return -ENXIO;
	}

	if (dir == RTE_ETH_TPH_RX)
		E1000_WRITE_REG(hw, E1000_RXCTL(hw_queue_id), igb_tph_rxctl(objects, st));
	else
		E1000_WRITE_REG(hw, E1000_TXCTL(hw_queue_id), igb_tph_txctl(objects, st));
	return 0;
}

const struct tph_pci_pmd igb_tph_pmd = {
	.ops = TPH_PCI_OPS,
	.desc_size = {
		[RTE_ETH_TPH_RX] = sizeof(union e1000_adv_rx_desc),
		[RTE_ETH_TPH_TX] = sizeof(union e1000_adv_tx_desc),
	},
	.rx_objects = RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_HEADER | RTE_TPH_OBJECT_PAYLOAD,
	.tx_objects = RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_PAYLOAD,
	.st_bits = 8,
	.check = igb_tph_check,
	.queue_set = igb_tph_queue_set,
};
