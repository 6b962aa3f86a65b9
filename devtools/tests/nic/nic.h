/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef NIC_H
#define NIC_H

/**
 * @file
 * A driver of a NIC that keeps steering tags in queue contexts, run on memory
 * instead of hardware: its own functions set up, initialize and start queues,
 * and what they leave in the contexts is taken apart bit by bit.
 */

#include <stdbool.h>
#include <stdint.h>

#include <bus_pci_driver.h>
#include <ethdev_driver.h>
#include <rte_ethdev.h>

#define NIC_DIRS 2
/** Descriptors of a ring. */
#define NIC_NB_DESC 64
/** Bytes of the largest context. */
#define NIC_CONTEXT_LEN 128
/** First queue of the port, of flow director and of a VF in the device. */
#define NIC_BASE_QUEUE 8
#define NIC_FDIR_QUEUE 40
#define NIC_VF_QUEUE 50

/** Bits of a context. */
struct nic_layout {
	/** First bit of the tag, which has 8. */
	unsigned int st;
	unsigned int desc_fetch;
	unsigned int desc_write_back;
	unsigned int data;
	/** 0: none. */
	unsigned int header;
	/** Set for descriptors of 32 bytes, which otherwise have 16; 0: none. */
	unsigned int desc_32;
};

/** A NIC. */
struct nic {
	const char *driver;
	uint16_t device_id;
	/** Bits of contexts by direction. */
	struct nic_layout layout[NIC_DIRS];
	enum rte_eth_tph_when when;
	/** Bit 0 of these registers, one per queue: on or off; bit 2: done. 0: none. */
	uint32_t switch_registers[NIC_DIRS];

	/** Make up what the driver would have learnt from the device. */
	void (*init)(struct rte_eth_dev *dev, uint8_t *registers);
	/** What start of the port does with queues; 0 or an error. */
	int (*queues_start)(struct rte_eth_dev *dev);
	/** Have the driver set up flow director. */
	int (*fdir_start)(struct rte_eth_dev *dev);
	/** Have the driver set up a queue pair of a VF; NULL: it never does. */
	int (*vf_start)(struct rte_eth_dev *dev);
	/** Copy the context of a queue of the device as the device has it. */
	void (*context_get)(enum rte_eth_tph_dir dir, uint16_t queue_id, uint8_t *context);
	/** Fill it with ones. */
	void (*context_spoil)(enum rte_eth_tph_dir dir, uint16_t queue_id);
};

extern const struct nic nic_i40e;
extern const struct nic nic_ice;

/** Probe the driver of the NIC; its port has number 0. */
void nic_probe(const struct nic *nic);

/** Configure and set up, with memory of fixed size for what is received. */
void nic_configure(uint16_t nb_queues);
int nic_rx_queue_setup(uint16_t queue_id);

/** Stop the port, spoil all contexts, and start it. */
void nic_restart(void);

/** End with a message unless *ret* is 0. */
void nic_must(const char *what, int ret);

#endif /* NIC_H */
