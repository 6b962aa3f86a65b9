/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * Which register igb's TPH code writes for a queue, and what: on memory in
 * place of a device's registers. Offsets and bits are written down here apart
 * from the driver.
 */

#include <errno.h>
#include <string.h>

#include <ethdev_driver.h>

#include "base/e1000_api.h"
#include "e1000_ethdev.h"
#include "igb_tph.h"

#include "../tap.h"

#define BAR_LEN 0x20000
#define TAG 0xa5
#define ALL (RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_HEADER | RTE_TPH_OBJECT_PAYLOAD)
#define TX_ALL (RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_PAYLOAD)
#define RX_VALUE 0xa500020f
#define TX_VALUE 0xa500220b
#define RX_UNBOUND 0xa200
#define TX_UNBOUND 0x2a00
/* What is nowhere written. */
#define UNTOUCHED 0xcccccccc

static uint32_t bar[BAR_LEN / 4];
static struct e1000_adapter adapter;
static struct rte_eth_dev_data data = { .dev_private = &adapter };
static struct rte_eth_dev dev = { .data = &data };

static const struct {
	enum e1000_mac_type type;
	uint16_t nb_queues;
} macs[] = {
	{ e1000_82576, 16 }, { e1000_82580, 8 }, { e1000_i350, 8 }, { e1000_i354, 8 },
	{ e1000_i210, 4 }, { e1000_i211, 2 },
};

static void
device_make(enum e1000_mac_type type, uint16_t nb_vfs)
{
	memset(bar, 0xcc, sizeof(bar));
	adapter.hw.hw_addr = (void *)bar;
	adapter.hw.mac.type = type;
	data.sriov = (struct rte_eth_dev_sriov) {
		.active = nb_vfs != 0 ? RTE_ETH_8_POOLS : 0,
		.nb_q_per_pool = 1,
		.def_vmdq_idx = nb_vfs,
		.def_pool_q_idx = nb_vfs,
	};
}

/* RXCTL or TXCTL of a queue of the device, by the low address that the first four have. */
static uint32_t *
queue_register(enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	uint32_t low = dir == RTE_ETH_TPH_RX ? 0x2814 : 0x3814;
	uint32_t base = dir == RTE_ETH_TPH_RX ? 0xc014 : 0xe014;

	return &bar[(queue_id < 4 ? low + 0x100 * queue_id : base + 0x40 * queue_id) / 4];
}

/* All registers are as device_make() left them, but for one, put back to that. */
static void
check_written(uint32_t *reg, uint32_t value)
{
	uint32_t i, nb = 0;

	CHECK_INT(*reg, value);
	*reg = UNTOUCHED;
	for (i = 0; i < RTE_DIM(bar); i++)
		nb += bar[i] != UNTOUCHED;
	CHECK_INT(nb, 0);
}

static void
check_queue(uint16_t queue_id, uint16_t hw_queue_id)
{
	CHECK_INT(igb_tph_pmd.queue_set(&dev, RTE_ETH_TPH_RX, queue_id, ALL, TAG), 0);
	check_written(queue_register(RTE_ETH_TPH_RX, hw_queue_id), RX_VALUE);
	CHECK_INT(igb_tph_pmd.queue_set(&dev, RTE_ETH_TPH_TX, queue_id, TX_ALL, TAG), 0);
	check_written(queue_register(RTE_ETH_TPH_TX, hw_queue_id), TX_VALUE);
	CHECK_INT(igb_tph_pmd.queue_set(&dev, RTE_ETH_TPH_RX, queue_id, 0, TAG), 0);
	check_written(queue_register(RTE_ETH_TPH_RX, hw_queue_id), RX_UNBOUND);
	CHECK_INT(igb_tph_pmd.queue_set(&dev, RTE_ETH_TPH_TX, queue_id, 0, TAG), 0);
	check_written(queue_register(RTE_ETH_TPH_TX, hw_queue_id), TX_UNBOUND);
}

static void
check_refused(enum rte_eth_tph_dir dir, uint16_t queue_id, uint16_t st, int ret)
{
	uint32_t unused = UNTOUCHED;

	CHECK_INT(igb_tph_pmd.queue_set(&dev, dir, queue_id, TX_ALL, st), ret);
	check_written(&unused, UNTOUCHED);
}

static void
queues_of_each_device(void)
{
	unsigned int i;
	uint16_t q;

	for (i = 0; i < RTE_DIM(macs); i++) {
		device_make(macs[i].type, 0);
		CHECK_INT(igb_tph_pmd.check(&dev), 0);
		for (q = 0; q < macs[i].nb_queues; q++)
			check_queue(q, q);
		check_refused(RTE_ETH_TPH_RX, macs[i].nb_queues, TAG, -ERANGE);
		check_refused(RTE_ETH_TPH_TX, macs[i].nb_queues, TAG, -ERANGE);
	}
}

/* The first queues are those of the VFs. */
static void
queues_beside_vfs(void)
{
	uint16_t nb_vfs;

	for (nb_vfs = 1; nb_vfs <= 7; nb_vfs++) {
		device_make(e1000_82576, nb_vfs);
		check_queue(0, nb_vfs);
		check_queue(15 - nb_vfs, 15);
		check_refused(RTE_ETH_TPH_RX, 16 - nb_vfs, TAG, -ERANGE);
		check_refused(RTE_ETH_TPH_TX, UINT16_MAX, TAG, -ERANGE);
	}
	device_make(e1000_i350, 7);
	check_queue(0, 7);
	check_refused(RTE_ETH_TPH_RX, 1, TAG, -ERANGE);
}

static void
tags_of_16_bits(void)
{
	device_make(e1000_i350, 0);
	check_refused(RTE_ETH_TPH_RX, 0, 0x100, -ENXIO);
	check_refused(RTE_ETH_TPH_TX, 0, 0xffff, -ENXIO);
}

static void
device_without_registers(void)
{
	device_make(e1000_82575, 0);
	CHECK_INT(igb_tph_pmd.check(&dev), -ENOTSUP);
	check_refused(RTE_ETH_TPH_RX, 0, TAG, -ERANGE);
}

int
main(void)
{
	tap_run(queues_of_each_device);
	tap_run(queues_beside_vfs);
	tap_run(tags_of_16_bits);
	tap_run(device_without_registers);
	return tap_end();
}
