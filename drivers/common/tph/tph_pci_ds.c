/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* Device-specific mode: the kernel names tags, the driver hands them on. */

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include <rte_errno.h>

#include "tph_pci_private.h"

/* Say why a look-up failed with *ret*, and which CPU of several was the reason. */
static void
tph_pci_ds_blame(const struct rte_eth_dev *dev, struct rte_pci_tph_st *ents, uint32_t nb, int ret)
{
	uint32_t i;
	int err;

	for (i = 0; i < nb; i++) {
		err = nb == 1 ? ret : rte_pci_tph_st_get(tph_pci_device_of(dev), &ents[i], 1);
		if (err == 0)
			continue;
		if (err == -ENXIO)
			TPH_PCI_LOG(ERR, "port %u: no steering tag for CPU %" PRIu32,
				dev->data->port_id, ents[i].cpu);
		else
			TPH_PCI_LOG(ERR, "port %u: cannot look up the steering tag of CPU %" PRIu32
				": %s", dev->data->port_id, ents[i].cpu, rte_strerror(-err));
		return;
	}
	TPH_PCI_LOG(ERR, "port %u: cannot look up steering tags: %s", dev->data->port_id,
		rte_strerror(-ret));
}

/* Look up the tags that are not known yet, in one call. */
static int
tph_pci_ds_look_up(const struct rte_eth_dev *dev, struct tph_pci_port *port,
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
		tph_pci_ds_blame(dev, ents, nb, ret);
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
		TPH_PCI_LOG(ERR, "port %u: the lcore runs on CPUs %d and %d, whose tags differ: pin it",
			dev->data->port_id, first, cpu);
		return -EINVAL;
	}

	/* Tags of 8 and of 16 bits are different things, whatever their value. */
	if (extended && pmd->st_bits < 16) {
		TPH_PCI_LOG(ERR, "port %u: the tag of CPU %d has 16 bits, queues take %u",
			dev->data->port_id, first, pmd->st_bits);
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
		ret = tph_pci_ds_look_up(dev, port, wanted);
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
tph_pci_ds_apply(struct rte_eth_dev *dev, const struct eth_dev_tph_queue *queues,
		uint16_t nb_queues)
{
	const struct tph_pci_pmd *pmd = tph_pci_pmd_of(dev);
	uint16_t i;
	int ret;

	for (i = 0; i < nb_queues; i++) {
		ret = pmd->queue_set(dev, queues[i].dir, queues[i].queue_id,
				queues[i].objects, queues[i].st);
		if (ret != 0)
			goto rollback;
	}
	return 0;

rollback:
	TPH_PCI_QUEUE_LOG(&queues[i], "port %u: %s queue %u does not take tag %#x",
		dev->data->port_id, queues[i].dir == RTE_ETH_TPH_RX ? "Rx" : "Tx",
		queues[i].queue_id, queues[i].st);
	while (i-- > 0)
		(void)pmd->queue_set(dev, queues[i].dir, queues[i].queue_id,
				queues[i].old_objects, queues[i].old_st);
	return ret;
}
