/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * Interrupt-vector mode: the kernel writes the tag of a queue's CPU to the ST
 * table, at the number of the queue's interrupt vector.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <rte_interrupts.h>

#include "tph_pci_private.h"

int
tph_pci_iv_resolve(struct rte_eth_dev *dev, struct eth_dev_tph_queue *queues,
		uint16_t nb_queues)
{
	uint16_t i;

	for (i = 0; i < nb_queues; i++) {
		if (queues[i].objects != TPH_PCI_IV_OBJECTS) {
			TPH_PCI_LOG(ERR, "port %u: Rx queue %u: the device decides on objects, name all",
				dev->data->port_id, queues[i].queue_id);
			return -ENOTSUP;
		}
		/* The kernel keeps tags to itself, so they cannot be compared. */
		if (CPU_COUNT(&queues[i].cpuset) != 1) {
			TPH_PCI_LOG(ERR, "port %u: the lcore of Rx queue %u runs on %d CPUs: pin it",
				dev->data->port_id, queues[i].queue_id,
				CPU_COUNT(&queues[i].cpuset));
			return -EINVAL;
		}
	}
	return 0;
}

/* What the table has to hold for a queue. */
static int
tph_pci_iv_entry_make(const struct rte_eth_dev *dev, const struct eth_dev_tph_queue *queue,
		struct tph_pci_iv_entry *entry)
{
	struct rte_intr_handle *intr_handle = tph_pci_device_of(dev)->intr_handle;
	int vector = -1;

	if (rte_intr_dp_is_en(intr_handle) != 0)
		vector = rte_intr_vec_list_index_get(intr_handle, queue->queue_id);
	if (vector < 0) {
		TPH_PCI_QUEUE_LOG(queue, "port %u: Rx queue %u has no interrupt vector: configure the port with intr_conf.rxq",
			dev->data->port_id, queue->queue_id);
		return -ENOTSUP;
	}

	entry->used = true;
	entry->index = vector;
	entry->cpu = tph_pci_cpu_next(&queue->cpuset, -1);
	entry->mem = queue->mem;
	return 0;
}

/* An entry of the table serves one CPU. */
static int
tph_pci_iv_conflict_check(const struct rte_eth_dev *dev, const struct tph_pci_iv_entry *entries,
		const struct eth_dev_tph_queue *queue)
{
	const struct rte_intr_handle *intr_handle = tph_pci_device_of(dev)->intr_handle;
	const struct tph_pci_iv_entry *entry = &entries[queue->queue_id];
	uint16_t q;

	for (q = 0; q < RTE_MAX_QUEUES_PER_PORT; q++) {
		if (!entries[q].used || entries[q].index != entry->index)
			continue;
		/* A restart may have moved it to another vector since. */
		if (rte_intr_vec_list_index_get(intr_handle, q) != entries[q].index)
			continue;
		if (entries[q].cpu == entry->cpu && entries[q].mem == entry->mem)
			continue;
		TPH_PCI_QUEUE_LOG(queue, "port %u: Rx queues %u and %u share vector %u, not CPUs %"
			PRIu32 " and %" PRIu32, dev->data->port_id, q, queue->queue_id,
			entry->index, entries[q].cpu, entry->cpu);
		return -EINVAL;
	}
	return 0;
}

static bool
tph_pci_iv_index_is_used(const struct tph_pci_iv_entry *entries, uint16_t index)
{
	uint16_t q;

	for (q = 0; q < RTE_MAX_QUEUES_PER_PORT; q++)
		if (entries[q].used && entries[q].index == index)
			return true;
	return false;
}

/* Write what the queues change from *before* to *after*, in one call. */
static int
tph_pci_iv_write(const struct rte_eth_dev *dev, const struct tph_pci_iv_entry *before,
		const struct tph_pci_iv_entry *after,
		const struct eth_dev_tph_queue *queues, uint16_t nb_queues)
{
	const struct tph_pci_iv_entry *old, *new;
	struct rte_pci_tph_st *ents;
	uint32_t nb = 0;
	uint16_t i;
	int ret = 0;

	ents = calloc(2 * nb_queues, sizeof(*ents));
	if (ents == NULL)
		return -ENOMEM;

	for (i = 0; i < nb_queues; i++) {
		old = &before[queues[i].queue_id];
		new = &after[queues[i].queue_id];
		if (old->used && !tph_pci_iv_index_is_used(after, old->index)) {
			ents[nb].cpu = RTE_PCI_TPH_CPU_NONE;
			ents[nb].index = old->index;
			nb++;
		}
		if (new->used) {
			ents[nb].cpu = new->cpu;
			ents[nb].mem = new->mem;
			ents[nb].index = new->index;
			nb++;
		}
	}

	if (nb != 0)
		ret = rte_pci_tph_st_set(tph_pci_device_of(dev), ents, nb);
	free(ents);
	return ret;
}

int
tph_pci_iv_apply(struct rte_eth_dev *dev, struct tph_pci_port *port,
		const struct eth_dev_tph_queue *queues, uint16_t nb_queues)
{
	struct tph_pci_iv_entry after[RTE_MAX_QUEUES_PER_PORT];
	uint16_t i;
	int ret;

	memcpy(after, port->entries, sizeof(after));
	for (i = 0; i < nb_queues; i++) {
		if (queues[i].objects == 0) {
			after[queues[i].queue_id].used = false;
			continue;
		}
		ret = tph_pci_iv_entry_make(dev, &queues[i], &after[queues[i].queue_id]);
		if (ret != 0)
			return ret;
	}
	for (i = 0; i < nb_queues; i++) {
		if (queues[i].objects == 0)
			continue;
		ret = tph_pci_iv_conflict_check(dev, after, &queues[i]);
		if (ret != 0)
			return ret;
	}

	ret = tph_pci_iv_write(dev, port->entries, after, queues, nb_queues);
	if (ret == 0)
		memcpy(port->entries, after, sizeof(after));
	return ret;
}
