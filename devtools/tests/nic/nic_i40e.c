/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <string.h>

#include "base/i40e_prototype.h"
#include "base/i40e_type.h"
#include "i40e_ethdev.h"
#include "i40e_pf.h"
#include "i40e_rxtx.h"

#include "nic.h"

#define NB_QUEUES 64
#define RX_CONTEXT_LEN 32
#define TX_CONTEXT_LEN 128

/* Sizes of contexts as powers of 2, and how many the device has. */
#define GLHMC_LANTXOBJSZ 0x000C2004
#define GLHMC_LANRXOBJSZ 0x000C200C
#define GLHMC_LANQMAX 0x000C2008

static struct i40e_adapter *adapter;
static struct i40e_vsi main_vsi, fdir_vsi, vf_vsi;
static struct i40e_pf_vf vf;

/* What firmware would do. */
struct i40e_vsi *__wrap_i40e_vsi_setup(struct i40e_pf *pf, enum i40e_vsi_type type,
		struct i40e_vsi *uplink_vsi, uint16_t user_param);
int __wrap_i40e_aq_send_msg_to_vf(struct i40e_hw *hw, u16 vfid, u32 v_opcode, u32 v_retval,
		u8 *msg, u16 msglen, struct i40e_asq_cmd_details *cmd_details);

struct i40e_vsi *
__wrap_i40e_vsi_setup(struct i40e_pf *pf, enum i40e_vsi_type type, struct i40e_vsi *uplink_vsi,
		uint16_t user_param)
{
	(void)pf;
	(void)uplink_vsi;
	(void)user_param;
	return type == I40E_VSI_FDIR ? &fdir_vsi : NULL;
}

int
__wrap_i40e_aq_send_msg_to_vf(struct i40e_hw *hw, u16 vfid, u32 v_opcode, u32 v_retval, u8 *msg,
		u16 msglen, struct i40e_asq_cmd_details *cmd_details)
{
	(void)hw;
	(void)vfid;
	(void)v_opcode;
	(void)msg;
	(void)msglen;
	(void)cmd_details;
	nic_must("message to the VF", v_retval);
	return 0;
}

static void
vsi_init(struct i40e_vsi *vsi, enum i40e_vsi_type type, uint16_t base_queue)
{
	vsi->adapter = adapter;
	vsi->type = type;
	vsi->base_queue = base_queue;
	vsi->nb_qps = 8;
	vsi->enabled_tc = 1;
	/* Traffic class 0 has all 8 queues. */
	vsi->info.tc_mapping[0] = rte_cpu_to_le_16(3 << I40E_AQ_VSI_TC_QUE_NUMBER_SHIFT);
}

static void
i40e_init(struct rte_eth_dev *dev, uint8_t *registers)
{
	struct i40e_hw *hw;
	struct i40e_pf *pf;

	adapter = dev->data->dev_private;
	hw = &adapter->hw;
	pf = &adapter->pf;
	hw->back = adapter;
	hw->hw_addr = registers;
	hw->func_caps.rx_buf_chain_len = 5;
	pf->adapter = adapter;
	pf->dev_data = dev->data;
	pf->flags = I40E_FLAG_FDIR;
	pf->main_vsi = &main_vsi;
	vsi_init(&main_vsi, I40E_VSI_MAIN, NIC_BASE_QUEUE);
	vsi_init(&fdir_vsi, I40E_VSI_FDIR, NIC_FDIR_QUEUE);
	vsi_init(&vf_vsi, I40E_VSI_SRIOV, NIC_VF_QUEUE);
	pf->vfs = &vf;
	pf->vf_num = 1;
	vf.pf = pf;
	vf.vsi = &vf_vsi;

	*(uint32_t *)(registers + GLHMC_LANTXOBJSZ) = 7;
	*(uint32_t *)(registers + GLHMC_LANRXOBJSZ) = 5;
	*(uint32_t *)(registers + GLHMC_LANQMAX) = NB_QUEUES;
	nic_must("memory of contexts", i40e_init_lan_hmc(hw, NB_QUEUES, NB_QUEUES, 0, 0));
	nic_must("memory of contexts", i40e_configure_lan_hmc(hw, I40E_HMC_MODEL_DIRECT_ONLY));
}

static int
i40e_queues_start(struct rte_eth_dev *dev)
{
	uint16_t q;
	int ret;

	for (q = 0; q < dev->data->nb_tx_queues; q++) {
		ret = i40e_tx_queue_init(dev->data->tx_queues[q]);
		if (ret != 0)
			return ret;
	}
	for (q = 0; q < dev->data->nb_rx_queues; q++) {
		ret = i40e_rx_queue_init(dev->data->rx_queues[q]);
		if (ret != 0)
			return ret;
	}
	for (q = 0; q < dev->data->nb_rx_queues; q++) {
		ret = i40e_dev_rx_queue_start(dev, q);
		if (ret != 0)
			return ret;
	}
	for (q = 0; q < dev->data->nb_tx_queues; q++) {
		ret = i40e_dev_tx_queue_start(dev, q);
		if (ret != 0)
			return ret;
	}
	return 0;
}

static int
i40e_fdir_start(struct rte_eth_dev *dev)
{
	(void)dev;
	return i40e_fdir_setup(&adapter->pf);
}

/* What a VF sends to have one queue pair set up. */
static int
i40e_vf_start(struct rte_eth_dev *dev)
{
	/* The structure has one pair already, the length counts it again. */
	struct virtchnl_vsi_queue_config_info info[2];

	memset(info, 0, sizeof(info));
	info->num_queue_pairs = 1;
	info->qpair[0].rxq.ring_len = 64;
	info->qpair[0].rxq.max_pkt_size = 1518;
	info->qpair[0].rxq.databuffer_size = 2048;
	info->qpair[0].txq.ring_len = 64;
	i40e_pf_host_handle_vf_msg(dev, 0, VIRTCHNL_OP_CONFIG_VSI_QUEUES, 0, (uint8_t *)info,
			I40E_VIRTCHNL_CONFIG_VSI_QUEUES_SIZE(info, 1));
	return 0;
}

/* Where the device finds a context: in a segment of memory that it was given. */
static uint8_t *
i40e_context(enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	struct i40e_hmc_info *hmc = &adapter->hw.hmc;
	struct i40e_hmc_obj_info *obj;
	uint64_t at;

	obj = &hmc->hmc_obj[dir == RTE_ETH_TPH_RX ? I40E_HMC_LAN_RX : I40E_HMC_LAN_TX];
	at = obj->base + obj->size * queue_id;
	return (uint8_t *)hmc->sd_table.sd_entry[at / I40E_HMC_DIRECT_BP_SIZE].u.bp.addr.va +
		at % I40E_HMC_DIRECT_BP_SIZE;
}

static void
i40e_context_get(enum rte_eth_tph_dir dir, uint16_t queue_id, uint8_t *context)
{
	memcpy(context, i40e_context(dir, queue_id),
		dir == RTE_ETH_TPH_RX ? RX_CONTEXT_LEN : TX_CONTEXT_LEN);
}

static void
i40e_context_spoil(enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	memset(i40e_context(dir, queue_id), 0xff,
		dir == RTE_ETH_TPH_RX ? RX_CONTEXT_LEN : TX_CONTEXT_LEN);
}

const struct nic nic_i40e = {
	.driver = "net_i40e",
	.device_id = 0x1572,
	.layout = {
		[RTE_ETH_TPH_RX] = {
			.st = 13, .desc_fetch = 193, .desc_write_back = 194,
			.data = 195, .header = 196, .desc_32 = 116,
		},
		[RTE_ETH_TPH_TX] = {
			.st = 96, .desc_fetch = 174, .desc_write_back = 176,
			.data = 175,
		},
	},
	.when = RTE_ETH_TPH_PORT_START,
	.switch_registers = {
		[RTE_ETH_TPH_RX] = 0x00120000,
		[RTE_ETH_TPH_TX] = 0x00100000,
	},
	.init = i40e_init,
	.queues_start = i40e_queues_start,
	.fdir_start = i40e_fdir_start,
	.vf_start = i40e_vf_start,
	.context_get = i40e_context_get,
	.context_spoil = i40e_context_spoil,
};
