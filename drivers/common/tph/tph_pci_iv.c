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

/* One call may have to clear an old and to write a new entry of each Rx queue. */
static_assert(2 * RTE_MAX_QUEUES_PER_PORT <= RTE_PCI_TPH_ST_MAX, "most entries");

int
tph_pci_iv_resolve(struct rte_eth_dev *dev, struct eth_dev_tph_queue *queues,
		uint16_t nb_queues)
{
	uint16_t i;

	for (i = 0; i < nb_queues; i++) {
		if (queues[i].objects != TPH_PCI_IV_OBJECTS) {
			TPH_PCI_QUEUE_LOG(dev, &queues[i],
				"in interrupt-vector mode the device decides on objects: name all");
			return -ENOTSUP;
		}
		/* The kernel keeps tags to itself, so they cannot be compared. */
		if (CPU_COUNT(&queues[i].cpuset) != 1) {
			TPH_PCI_QUEUE_LOG(dev, &queues[i], "the lcore may run on %d CPUs: pin it to one",
				CPU_COUNT(&queues[i].cpuset));
			return -EINVAL;
		}
	}
	return 0;
}

/* The interrupt vector of an Rx queue, -1 if it has none of its own. */
static int
tph_pci_iv_vector(const struct rte_eth_dev *dev, uint16_t queue_id)
{
	struct rte_intr_handle *intr_handle = tph_pci_device_of(dev)->intr_handle;
	int vector;

	if (rte_intr_dp_is_en(intr_handle) == 0)
		return -1;
	vector = rte_intr_vec_list_index_get(intr_handle, queue_id);
	/* The driver keeps it for other causes; there are lists of nothing but 0. */
	if (vector == RTE_INTR_VEC_ZERO_OFFSET && rte_intr_allow_others(intr_handle) != 0)
		return -1;
	return vector;
}

/* What the table has to hold for a queue. */
static int
tph_pci_iv_entry_make(const struct rte_eth_dev *dev, const struct eth_dev_tph_queue *queue,
		struct tph_pci_iv_entry *entry)
{
	int vector = tph_pci_iv_vector(dev, queue->queue_id);

	if (vector < 0) {
		TPH_PCI_QUEUE_LOG(dev, queue,
			"no interrupt vector: configure the port with intr_conf.rxq");
		return -ENOTSUP;
	}

	entry->used = true;
	entry->index = vector;
	entry->cpu = queue->cpu_id;
	entry->mem = queue->mem;
	return 0;
}

/* A vector hints for all of its queues, so all have to be bound to one CPU. */
static int
tph_pci_iv_bound_check(const struct rte_eth_dev *dev, const struct tph_pci_iv_entry *entries,
		const struct eth_dev_tph_queue *queue)
{
	const struct tph_pci_iv_entry *entry = &entries[queue->queue_id];
	uint16_t q;

	for (q = 0; q < dev->data->nb_rx_queues; q++) {
		if (q == queue->queue_id || tph_pci_iv_vector(dev, q) != entry->index)
			continue;
		/* It may have been bound when it had another vector. */
		if (!entries[q].used || entries[q].index != entry->index) {
			TPH_PCI_QUEUE_LOG(dev, queue, "Rx queue %u shares vector %u and is not bound: bind both at once, to one CPU",
				q, entry->index);
			return -EINVAL;
		}
		if (entries[q].cpu != entry->cpu || entries[q].mem != entry->mem) {
			TPH_PCI_QUEUE_LOG(dev, queue, "Rx queue %u shares vector %u, but is bound to CPU %"
				PRIu32 ": bind both to one CPU", q, entry->index, entries[q].cpu);
			return -EINVAL;
		}
	}
	return 0;
}

/* Nor can a queue be unbound while one that shares its vector stays bound. */
static int
tph_pci_iv_unbound_check(const struct rte_eth_dev *dev, const struct tph_pci_iv_entry *before,
		const struct tph_pci_iv_entry *after, const struct eth_dev_tph_queue *queue)
{
	const struct tph_pci_iv_entry *old = &before[queue->queue_id];
	uint16_t q;

	/* A queue that is gone or has moved is not hinted by its old vector. */
	if (!old->used || dev->data->dev_started == 0 ||
	    queue->queue_id >= dev->data->nb_rx_queues ||
	    tph_pci_iv_vector(dev, queue->queue_id) != old->index)
		return 0;
	for (q = 0; q < dev->data->nb_rx_queues; q++) {
		if (!after[q].used || after[q].index != old->index)
			continue;
		TPH_PCI_QUEUE_LOG(dev, queue, "Rx queue %u shares vector %u and stays bound: unbind all queues",
			q, old->index);
		return -EINVAL;
	}
	return 0;
}

static int
tph_pci_iv_check(const struct rte_eth_dev *dev, const struct tph_pci_iv_entry *before,
		const struct tph_pci_iv_entry *after,
		const struct eth_dev_tph_queue *queues, uint16_t nb_queues)
{
	uint16_t i;
	int ret = 0;

	for (i = 0; ret == 0 && i < nb_queues; i++) {
		if (queues[i].objects != 0)
			ret = tph_pci_iv_bound_check(dev, after, &queues[i]);
		else
			ret = tph_pci_iv_unbound_check(dev, before, after, &queues[i]);
	}
	return ret;
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

/* Which queue the kernel refused is not known, unless there is but one. */
static void
tph_pci_iv_blame(const struct rte_eth_dev *dev, const struct tph_pci_port *port,
		const struct eth_dev_tph_queue *queues, uint16_t nb_queues, int ret)
{
	const char *text = tph_pci_tag_text(port, ret);

	if (nb_queues == 1)
		TPH_PCI_QUEUE_LOG(dev, &queues[0], "CPU %" PRIu32 ": %s", queues[0].cpu_id, text);
	else
		TPH_PCI_QUEUE_LOG(dev, &queues[0], "and %u others: %s", nb_queues - 1, text);
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
	ret = tph_pci_iv_check(dev, port->entries, after, queues, nb_queues);
	if (ret != 0)
		return ret;

	ret = tph_pci_iv_write(dev, port->entries, after, queues, nb_queues);
	if (ret == 0)
		memcpy(port->entries, after, sizeof(after));
	else
		tph_pci_iv_blame(dev, port, queues, nb_queues, ret);
	return ret;
}
