/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_PCI_PRIVATE_H
#define TPH_PCI_PRIVATE_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include <bus_pci_driver.h>
#include <bus_pci_tph.h>
#include <ethdev_driver.h>
#include <rte_common.h>
#include <rte_lcore.h>
#include <rte_log.h>

#include "tph_pci.h"

extern int tph_pci_logtype;

#define TPH_PCI_LOG(level, fmt, ...) \
	rte_log(RTE_LOG_ ## level, tph_pci_logtype, "TPH: " fmt "\n", ## __VA_ARGS__)

/** Log what is wrong with a queue, and what to do. */
#define TPH_PCI_QUEUE_LOG(dev, queue, fmt, ...) \
	rte_log((queue)->quiet ? RTE_LOG_DEBUG : RTE_LOG_ERR, tph_pci_logtype, \
		"TPH: port %u %s queue %u (%s %u): " fmt "\n", (dev)->data->port_id, \
		(queue)->dir == RTE_ETH_TPH_RX ? "Rx" : "Tx", (queue)->queue_id, \
		(queue)->lcore_id != LCORE_ID_ANY ? "lcore" : "CPU", \
		(queue)->lcore_id != LCORE_ID_ANY ? (queue)->lcore_id : (queue)->cpu_id, \
		## __VA_ARGS__)

/** In interrupt-vector mode it is the device that decides what it hints. */
#define TPH_PCI_IV_OBJECTS \
	((uint32_t)(RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_HEADER | RTE_TPH_OBJECT_PAYLOAD))

/** What an Rx queue has in the ST table. */
struct tph_pci_iv_entry {
	bool used;
	uint16_t index;
	uint32_t cpu;
	enum rte_tph_mem mem;
};

/** A port on which TPH is enabled. In the primary process only. */
struct tph_pci_port {
	enum rte_tph_mode mode;
	/** Mask of enum rte_pci_tph_why, of when TPH was enabled. */
	uint32_t why;
	union {
		/** Tags that are known, by kind of memory and CPU; they never change. */
		struct {
			bool known;
			bool extended;
			uint16_t st;
		} tags[2][CPU_SETSIZE];
		/** ST table, by Rx queue. */
		struct tph_pci_iv_entry entries[RTE_MAX_QUEUES_PER_PORT];
	};
};

static inline const struct tph_pci_pmd *
tph_pci_pmd_of(const struct rte_eth_dev *dev)
{
	return container_of(dev->dev_ops->tph_ops, const struct tph_pci_pmd, ops);
}

static inline const struct rte_pci_device *
tph_pci_device_of(const struct rte_eth_dev *dev)
{
	return container_of(dev->device, const struct rte_pci_device, device);
}

/** Why there is no tag, and what to do, from what the kernel answered. */
const char *tph_pci_tag_text(const struct tph_pci_port *port, int ret);

/** The first CPU of a set after *cpu*, -1 if there is none. */
int tph_pci_cpu_next(const rte_cpuset_t *cpuset, int cpu);

/** All CPUs of a set, without looking beyond the last one; *left* counts them. */
#define TPH_PCI_FOREACH_CPU(cpu, left, cpuset) \
	for (left = CPU_COUNT(cpuset), cpu = -1; \
	     left > 0 && (cpu = tph_pci_cpu_next(cpuset, cpu)) >= 0; left--)

int tph_pci_ds_resolve(struct rte_eth_dev *dev, struct tph_pci_port *port,
		struct eth_dev_tph_queue *queues, uint16_t nb_queues);
int tph_pci_ds_apply(struct rte_eth_dev *dev, struct eth_dev_tph_queue *queues,
		uint16_t nb_queues);

int tph_pci_iv_resolve(struct rte_eth_dev *dev, struct eth_dev_tph_queue *queues,
		uint16_t nb_queues);
int tph_pci_iv_apply(struct rte_eth_dev *dev, struct tph_pci_port *port,
		const struct eth_dev_tph_queue *queues, uint16_t nb_queues);

#endif /* TPH_PCI_PRIVATE_H */
