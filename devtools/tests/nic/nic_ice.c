/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <string.h>

#include "ice_ethdev.h"
#include "ice_rxtx.h"

#include "nic.h"

#define NB_QUEUES 64
#define RX_CONTEXT_WORDS 8
#define TX_CONTEXT_LEN 22

/* QRX_CONTEXT of dword i and queue q. */
#define RX_CONTEXT(i, q) (0x00280000 + 0x2000 * (i) + 4 * (q))

/* Where the command "add Tx queues" (0x0C30) has queue and context of one. */
#define ADD_TXQS_QUEUE 8
#define ADD_TXQS_CONTEXT 16

static struct ice_adapter *adapter;
static struct ice_vsi main_vsi, fdir_vsi;
static struct ice_port_info port_info;
static uint8_t tx_contexts[NB_QUEUES][TX_CONTEXT_LEN];

/* What firmware would be told: it is sent by the scheduler's functions. */
int __wrap_ice_ena_vsi_txq(struct ice_port_info *pi, u16 vsi_handle, u8 tc, u16 q_handle,
		u8 num_qgrps, const uint8_t *command, u16 len, struct ice_sq_cd *cd);
int __wrap_ice_dis_vsi_txq(struct ice_port_info *pi, u16 vsi_handle, u8 tc, u8 num_queues,
		u16 *q_handles, u16 *q_ids, u32 *q_teids, enum ice_disq_rst_src rst_src,
		u16 vmvf_num, struct ice_sq_cd *cd);

int
__wrap_ice_ena_vsi_txq(struct ice_port_info *pi, u16 vsi_handle, u8 tc, u16 q_handle,
		u8 num_qgrps, const uint8_t *command, u16 len, struct ice_sq_cd *cd)
{
	uint16_t queue_id = command[ADD_TXQS_QUEUE] | command[ADD_TXQS_QUEUE + 1] << 8;

	(void)pi;
	(void)vsi_handle;
	(void)tc;
	(void)q_handle;
	(void)num_qgrps;
	(void)cd;
	nic_must("length of the command", len < ADD_TXQS_CONTEXT + TX_CONTEXT_LEN ? -EINVAL : 0);
	nic_must("Tx queue", queue_id >= NB_QUEUES ? -EINVAL : 0);
	memcpy(tx_contexts[queue_id], command + ADD_TXQS_CONTEXT, TX_CONTEXT_LEN);
	return 0;
}

int
__wrap_ice_dis_vsi_txq(struct ice_port_info *pi, u16 vsi_handle, u8 tc, u8 num_queues,
		u16 *q_handles, u16 *q_ids, u32 *q_teids, enum ice_disq_rst_src rst_src,
		u16 vmvf_num, struct ice_sq_cd *cd)
{
	(void)pi;
	(void)vsi_handle;
	(void)tc;
	(void)num_queues;
	(void)q_handles;
	(void)q_ids;
	(void)q_teids;
	(void)rst_src;
	(void)vmvf_num;
	(void)cd;
	return 0;
}

static void
vsi_init(struct ice_vsi *vsi, enum ice_vsi_type type, uint16_t base_queue)
{
	vsi->adapter = adapter;
	vsi->type = type;
	vsi->base_queue = base_queue;
	vsi->nb_qps = 8;
	/* Traffic class 0 has all 8 queues. */
	vsi->info.tc_mapping[0] = rte_cpu_to_le_16(3 << ICE_AQ_VSI_TC_Q_NUM_S);
}

static void
ice_init(struct rte_eth_dev *dev, uint8_t *registers)
{
	struct ice_pf *pf;

	adapter = dev->data->dev_private;
	pf = &adapter->pf;
	adapter->hw.back = adapter;
	adapter->hw.hw_addr = registers;
	adapter->hw.port_info = &port_info;
	pf->adapter = adapter;
	pf->dev_data = dev->data;
	pf->supported_rxdid = UINT64_MAX;
	pf->main_vsi = &main_vsi;
	pf->fdir.fdir_vsi = &fdir_vsi;
	vsi_init(&main_vsi, ICE_VSI_PF, NIC_BASE_QUEUE);
	vsi_init(&fdir_vsi, ICE_VSI_CTRL, NIC_FDIR_QUEUE);
}

static int
ice_queues_start(struct rte_eth_dev *dev)
{
	uint16_t q;
	int ret;

	for (q = 0; q < dev->data->nb_tx_queues; q++) {
		ret = ice_tx_queue_start(dev, q);
		if (ret != 0)
			return ret;
	}
	for (q = 0; q < dev->data->nb_rx_queues; q++) {
		ret = ice_rx_queue_start(dev, q);
		if (ret != 0)
			return ret;
	}
	return 0;
}

static int
ice_fdir_start(struct rte_eth_dev *dev)
{
	struct ice_pf *pf = &adapter->pf;
	int ret;

	ret = ice_fdir_setup_tx_resources(pf);
	if (ret == 0)
		ret = ice_fdir_setup_rx_resources(pf);
	if (ret == 0)
		ret = ice_fdir_tx_queue_start(dev, pf->fdir.txq->queue_id);
	if (ret == 0)
		ret = ice_fdir_rx_queue_start(dev, pf->fdir.rxq->queue_id);
	return ret;
}

static uint32_t *
rx_context_word(uint16_t queue_id, unsigned int i)
{
	return (uint32_t *)((uint8_t *)adapter->hw.hw_addr + RX_CONTEXT(i, queue_id));
}

static void
ice_context_get(enum rte_eth_tph_dir dir, uint16_t queue_id, uint8_t *context)
{
	unsigned int i;

	if (dir == RTE_ETH_TPH_TX) {
		memcpy(context, tx_contexts[queue_id], TX_CONTEXT_LEN);
		return;
	}
	for (i = 0; i < RX_CONTEXT_WORDS; i++)
		memcpy(context + 4 * i, rx_context_word(queue_id, i), 4);
}

static void
ice_context_spoil(enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	unsigned int i;

	if (dir == RTE_ETH_TPH_TX) {
		memset(tx_contexts[queue_id], 0xff, TX_CONTEXT_LEN);
		return;
	}
	for (i = 0; i < RX_CONTEXT_WORDS; i++)
		*rx_context_word(queue_id, i) = UINT32_MAX;
}

const struct nic nic_ice = {
	.driver = "net_ice",
	.device_id = 0x1593,
	.layout = {
		[RTE_ETH_TPH_RX] = {
			.st = 13, .desc_fetch = 193, .desc_write_back = 194,
			.data = 195, .header = 196, .desc_32 = 116,
		},
		[RTE_ETH_TPH_TX] = {
			.st = 93, .desc_fetch = 102, .desc_write_back = 104,
			.data = 103,
		},
	},
	.when = RTE_ETH_TPH_QUEUE_START,
	.switch_registers = {
		[RTE_ETH_TPH_RX] = 0x00120000,
		[RTE_ETH_TPH_TX] = 0,
	},
	.init = ice_init,
	.queues_start = ice_queues_start,
	.fdir_start = ice_fdir_start,
	.context_get = ice_context_get,
	.context_spoil = ice_context_spoil,
};
