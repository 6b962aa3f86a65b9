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

/* How one call changes the table; by vector what needs to be found for many queues. */
struct tph_pci_iv_plan {
	/* What Rx queues have in the table, and what they are to have. */
	const struct tph_pci_iv_entry *before;
	struct tph_pci_iv_entry after[RTE_MAX_QUEUES_PER_PORT];
	/* How many of the latter have an index. */
	uint16_t users[RTE_PCI_TPH_ST_MAX];
	/* Rx queues of a vector: one, and the next one of each, counted from 1. */
	uint16_t first[RTE_PCI_TPH_ST_MAX];
	uint16_t next[RTE_MAX_QUEUES_PER_PORT];
};

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
	if (vector >= RTE_PCI_TPH_ST_MAX) {
		TPH_PCI_QUEUE_LOG(dev, queue, "no ST table has an entry for vector %d", vector);
		return -EINVAL;
	}

	entry->used = true;
	entry->index = vector;
	entry->cpu = queue->cpu_id;
	entry->mem = queue->mem;
	return 0;
}

/* Find out which Rx queues have the same vector; the last one comes first. */
static void
tph_pci_iv_vectors_gather(const struct rte_eth_dev *dev, struct tph_pci_iv_plan *plan)
{
	uint16_t q;
	int vector;

	for (q = 0; q < dev->data->nb_rx_queues; q++) {
		vector = tph_pci_iv_vector(dev, q);
		if (vector < 0 || vector >= RTE_PCI_TPH_ST_MAX)
			continue;
		plan->next[q] = plan->first[vector];
		plan->first[vector] = q + 1;
	}
}

/* Make the table that is to be. */
static int
tph_pci_iv_plan_make(const struct rte_eth_dev *dev, const struct eth_dev_tph_queue *queues,
		uint16_t nb_queues, struct tph_pci_iv_plan *plan)
{
	bool bound = false;
	uint16_t i;
	int ret;

	memcpy(plan->after, plan->before, sizeof(plan->after));
	for (i = 0; i < nb_queues; i++) {
		if (queues[i].objects == 0) {
			plan->after[queues[i].queue_id].used = false;
			continue;
		}
		bound = true;
		ret = tph_pci_iv_entry_make(dev, &queues[i], &plan->after[queues[i].queue_id]);
		if (ret != 0)
			return ret;
	}

	for (i = 0; i < RTE_MAX_QUEUES_PER_PORT; i++)
		if (plan->after[i].used)
			plan->users[plan->after[i].index]++;
	if (bound)
		tph_pci_iv_vectors_gather(dev, plan);
	return 0;
}

/* A vector hints for all of its queues, so all have to be bound to one CPU. */
static int
tph_pci_iv_bound_check(const struct rte_eth_dev *dev, const struct tph_pci_iv_plan *plan,
		const struct eth_dev_tph_queue *queue)
{
	const struct tph_pci_iv_entry *entry = &plan->after[queue->queue_id], *other;
	uint16_t next, q;

	for (next = plan->first[entry->index]; next != 0; next = plan->next[q]) {
		q = next - 1;
		other = &plan->after[q];
		/* It may have been bound when it had another vector. */
		if (!other->used || other->index != entry->index) {
			TPH_PCI_QUEUE_LOG(dev, queue, "Rx queue %u shares vector %u and is not bound: bind both at once, to one CPU",
				q, entry->index);
			return -EINVAL;
		}
		if (other->cpu != entry->cpu || other->mem != entry->mem) {
			TPH_PCI_QUEUE_LOG(dev, queue, "Rx queue %u shares vector %u, but is bound to CPU %"
				PRIu32 ": bind both to one CPU", q, entry->index, other->cpu);
			return -EINVAL;
		}
	}
	return 0;
}

/* Nor can a queue be unbound while one that shares its vector stays bound. */
static int
tph_pci_iv_unbound_check(const struct rte_eth_dev *dev, const struct tph_pci_iv_plan *plan,
		const struct eth_dev_tph_queue *queue)
{
	const struct tph_pci_iv_entry *old = &plan->before[queue->queue_id];
	uint16_t q;

	/* A queue that is gone or has moved is not hinted by its old vector. */
	if (!old->used || plan->users[old->index] == 0 || dev->data->dev_started == 0 ||
	    queue->queue_id >= dev->data->nb_rx_queues ||
	    tph_pci_iv_vector(dev, queue->queue_id) != old->index)
		return 0;
	for (q = 0; q < dev->data->nb_rx_queues; q++) {
		if (!plan->after[q].used || plan->after[q].index != old->index)
			continue;
		TPH_PCI_QUEUE_LOG(dev, queue, "Rx queue %u shares vector %u and stays bound: unbind all queues",
			q, old->index);
		return -EINVAL;
	}
	return 0;
}

static int
tph_pci_iv_check(const struct rte_eth_dev *dev, const struct tph_pci_iv_plan *plan,
		const struct eth_dev_tph_queue *queues, uint16_t nb_queues)
{
	uint16_t i;
	int ret = 0;

	for (i = 0; ret == 0 && i < nb_queues; i++) {
		if (queues[i].objects != 0)
			ret = tph_pci_iv_bound_check(dev, plan, &queues[i]);
		else
			ret = tph_pci_iv_unbound_check(dev, plan, &queues[i]);
	}
	return ret;
}

/* Write what the queues change, in one call. */
static int
tph_pci_iv_write(const struct rte_eth_dev *dev, const struct tph_pci_iv_plan *plan,
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
		old = &plan->before[queues[i].queue_id];
		new = &plan->after[queues[i].queue_id];
		if (old->used && plan->users[old->index] == 0) {
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
	struct tph_pci_iv_plan plan = { .before = port->entries };
	int ret;

	ret = tph_pci_iv_plan_make(dev, queues, nb_queues, &plan);
	if (ret == 0)
		ret = tph_pci_iv_check(dev, &plan, queues, nb_queues);
	if (ret != 0)
		return ret;

	ret = tph_pci_iv_write(dev, &plan, queues, nb_queues);
	if (ret == 0)
		memcpy(port->entries, plan.after, sizeof(plan.after));
	else
		tph_pci_iv_blame(dev, port, queues, nb_queues, ret);
	return ret;
}
