/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* Device-specific mode: the kernel names tags, the driver hands them on. */

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include <rte_errno.h>

#include "tph_pci_private.h"

/* Say which CPU of several has no tag, and which queue wanted it. */
static void
tph_pci_ds_blame(const struct rte_eth_dev *dev, const struct tph_pci_port *port,
		const struct eth_dev_tph_queue *queues, uint16_t nb_queues,
		struct rte_pci_tph_st *ents, uint32_t nb, int ret)
{
	uint32_t i = 0;
	uint16_t q = 0;

	while (nb > 1 && i < nb - 1 &&
	       rte_pci_tph_st_get(tph_pci_device_of(dev), &ents[i], 1) != ret)
		i++;
	while (q < nb_queues - 1 && (queues[q].mem != ents[i].mem ||
			!CPU_ISSET(ents[i].cpu, &queues[q].cpuset)))
		q++;
	TPH_PCI_QUEUE_LOG(dev, &queues[q], "CPU %" PRIu32 ": %s", ents[i].cpu,
		tph_pci_tag_text(port, ret));
}

/* Look up the tags that are not known yet, in one call. */
static int
tph_pci_ds_look_up(const struct rte_eth_dev *dev, struct tph_pci_port *port,
		const struct eth_dev_tph_queue *queues, uint16_t nb_queues,
		const rte_cpuset_t wanted[2])
{
	struct rte_pci_tph_st *ents;
	uint32_t i, nb = 0;
	int mem, cpu, left, ret;

	ents = calloc(CPU_COUNT(&wanted[0]) + CPU_COUNT(&wanted[1]), sizeof(*ents));
	if (ents == NULL)
		return -ENOMEM;

	for (mem = 0; mem < 2; mem++) {
		TPH_PCI_FOREACH_CPU(cpu, left, &wanted[mem]) {
			ents[nb].cpu = cpu;
			ents[nb].mem = mem;
			nb++;
		}
	}

	ret = rte_pci_tph_st_get(tph_pci_device_of(dev), ents, nb);
	if (ret != 0) {
		tph_pci_ds_blame(dev, port, queues, nb_queues, ents, nb, ret);
		free(ents);
		return ret;
	}
	for (i = 0; i < nb; i++) {
		port->tags[ents[i].mem][ents[i].cpu].known = true;
		port->tags[ents[i].mem][ents[i].cpu].extended = ents[i].extended;
		port->tags[ents[i].mem][ents[i].cpu].st = ents[i].st;
	}
	free(ents);
	return 0;
}

/* The one tag of all CPUs of a queue. */
static int
tph_pci_ds_tag(const struct rte_eth_dev *dev, const struct tph_pci_port *port,
		struct eth_dev_tph_queue *queue)
{
	const struct tph_pci_pmd *pmd = tph_pci_pmd_of(dev);
	int first = tph_pci_cpu_next(&queue->cpuset, -1);
	bool extended = port->tags[queue->mem][first].extended;
	uint16_t st = port->tags[queue->mem][first].st;
	int cpu, left;

	TPH_PCI_FOREACH_CPU(cpu, left, &queue->cpuset) {
		if (port->tags[queue->mem][cpu].st == st &&
		    port->tags[queue->mem][cpu].extended == extended)
			continue;
		TPH_PCI_QUEUE_LOG(dev, queue, "the lcore runs on CPUs %d and %d, whose tags differ: pin it to one",
			first, cpu);
		return -EINVAL;
	}

	/* Tags of 8 and of 16 bits are different things, whatever their value. */
	if (extended && pmd->st_bits < 16) {
		TPH_PCI_QUEUE_LOG(dev, queue, "the tag of CPU %d has 16 bits, the hardware takes %u: try interrupt-vector mode",
			first, pmd->st_bits);
		return -ENXIO;
	}

	queue->st = st;
	queue->st_bits = extended ? 16 : 8;
	return 0;
}

int
tph_pci_ds_resolve(struct rte_eth_dev *dev, struct tph_pci_port *port,
		struct eth_dev_tph_queue *queues, uint16_t nb_queues)
{
	rte_cpuset_t wanted[2];
	uint16_t i;
	int cpu, left, ret;

	CPU_ZERO(&wanted[0]);
	CPU_ZERO(&wanted[1]);
	for (i = 0; i < nb_queues; i++) {
		TPH_PCI_FOREACH_CPU(cpu, left, &queues[i].cpuset)
			if (!port->tags[queues[i].mem][cpu].known)
				CPU_SET(cpu, &wanted[queues[i].mem]);
	}

	if (CPU_COUNT(&wanted[0]) + CPU_COUNT(&wanted[1]) != 0) {
		ret = tph_pci_ds_look_up(dev, port, queues, nb_queues, wanted);
		if (ret != 0)
			return ret;
	}

	for (i = 0; i < nb_queues; i++) {
		ret = tph_pci_ds_tag(dev, port, &queues[i]);
		if (ret != 0)
			return ret;
	}
	return 0;
}

int
tph_pci_ds_apply(struct rte_eth_dev *dev, struct eth_dev_tph_queue *queues, uint16_t nb_queues)
{
	const struct tph_pci_pmd *pmd = tph_pci_pmd_of(dev);
	uint16_t i;
	int ret;

	/* A driver that asks for hints has nothing to be told. */
	if (pmd->queue_set == NULL)
		return 0;
	for (i = 0; i < nb_queues; i++) {
		ret = pmd->queue_set(dev, queues[i].dir, queues[i].queue_id,
				queues[i].objects, queues[i].st);
		if (ret != 0)
			goto rollback;
	}
	return 0;

rollback:
	TPH_PCI_QUEUE_LOG(dev, &queues[i], "the hardware does not take tag %#x: %s",
		queues[i].st, rte_strerror(-ret));
	while (i-- > 0)
		queues[i].lost = pmd->queue_set(dev, queues[i].dir, queues[i].queue_id,
				queues[i].old_objects, queues[i].old_st) != 0;
	return ret;
}
