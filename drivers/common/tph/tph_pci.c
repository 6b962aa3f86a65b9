/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <eal_export.h>
#include <rte_bus.h>
#include <rte_dev.h>

#include "tph_pci_private.h"

RTE_LOG_REGISTER_DEFAULT(tph_pci_logtype, NOTICE);

static struct tph_pci_port *tph_pci_ports[RTE_MAX_ETHPORTS];

RTE_EXPORT_INTERNAL_SYMBOL(tph_pci_iv_pmd)
const struct tph_pci_pmd tph_pci_iv_pmd = {
	.ops = TPH_PCI_OPS,
};

int
tph_pci_cpu_next(const rte_cpuset_t *cpuset, int cpu)
{
	for (cpu++; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, cpuset))
			return cpu;
	return -1;
}

/* Virtual devices may share the operations of a PCI driver, as virtio-user does. */
static bool
tph_pci_is_on_bus(const struct rte_eth_dev *dev)
{
	const struct rte_bus *bus = rte_dev_bus(dev->device);

	return bus != NULL && strcmp(rte_bus_name(bus), "pci") == 0;
}

/* Mask of enum rte_tph_mode that could be served, whatever the kernel allows. */
static uint32_t
tph_pci_modes_served(struct rte_eth_dev *dev, const struct rte_pci_tph_cap *cap)
{
	const struct tph_pci_pmd *pmd = tph_pci_pmd_of(dev);
	uint32_t modes = 0;

	if ((pmd->queue_set != NULL || pmd->when != RTE_ETH_TPH_LIVE) &&
	    (pmd->check == NULL || pmd->check(dev) == 0))
		modes |= RTE_TPH_MODE_DS;
	if (cap->table != RTE_TPH_TABLE_NONE)
		modes |= RTE_TPH_MODE_IV;
	return modes;
}

/* A driver that has tags of its own uses them, for both directions. */
static enum rte_tph_mode
tph_pci_mode_best(uint32_t modes)
{
	if ((modes & RTE_TPH_MODE_DS) != 0)
		return RTE_TPH_MODE_DS;
	if ((modes & RTE_TPH_MODE_IV) != 0)
		return RTE_TPH_MODE_IV;
	return RTE_TPH_MODE_AUTO;
}

/* What ethdev tells of a port, in the mode that is or would be enabled. */
static void
tph_pci_info_fill(struct rte_eth_dev *dev, const struct rte_pci_tph_cap *cap,
		enum rte_tph_mode mode, struct rte_eth_tph_info *info)
{
	const struct tph_pci_pmd *pmd = tph_pci_pmd_of(dev);

	info->modes = cap->modes & tph_pci_modes_served(dev, cap);
	info->mode = mode;
	info->table = cap->table;
	info->table_size = cap->table_size;
	info->st_bits = cap->extended ? 16 : 8;
	info->platform = cap->platform;

	if (mode == RTE_TPH_MODE_AUTO)
		mode = tph_pci_mode_best(info->modes);
	if (mode == RTE_TPH_MODE_DS) {
		info->rx_objects = pmd->rx_objects;
		info->tx_objects = pmd->tx_objects;
		info->when = pmd->when;
	} else if (mode == RTE_TPH_MODE_IV) {
		/* ethdev knows vectors of Rx queues only. */
		info->rx_objects = TPH_PCI_IV_OBJECTS;
	}
}

RTE_EXPORT_INTERNAL_SYMBOL(tph_pci_info_get)
int
tph_pci_info_get(struct rte_eth_dev *dev, struct rte_eth_tph_info *info)
{
	struct rte_pci_tph_cap cap;
	int ret;

	if (!tph_pci_is_on_bus(dev))
		return -ENOTSUP;
	ret = rte_pci_tph_cap_get(tph_pci_device_of(dev), &cap);
	if (ret == 0)
		tph_pci_info_fill(dev, &cap, cap.enabled, info);
	return ret;
}

/* The mode to enable, RTE_TPH_MODE_AUTO if there is none. */
static enum rte_tph_mode
tph_pci_mode_pick(struct rte_eth_dev *dev, const struct rte_pci_tph_cap *cap,
		enum rte_tph_mode mode)
{
	uint32_t served = tph_pci_modes_served(dev, cap);

	if (mode == RTE_TPH_MODE_AUTO)
		mode = tph_pci_mode_best(cap->modes & served);
	/* What the kernel does not offer it is asked for, to hear the reason. */
	if (mode == RTE_TPH_MODE_AUTO)
		mode = tph_pci_mode_best(served);
	return (enum rte_tph_mode)(mode & served);
}

RTE_EXPORT_INTERNAL_SYMBOL(tph_pci_enable)
int
tph_pci_enable(struct rte_eth_dev *dev, enum rte_tph_mode mode, struct rte_eth_tph_info *info)
{
	const struct rte_pci_device *pci_dev = tph_pci_device_of(dev);
	struct rte_pci_tph_cap cap;
	struct tph_pci_port *port;
	int ret;

	if (!tph_pci_is_on_bus(dev))
		return -ENOTSUP;
	ret = rte_pci_tph_cap_get(pci_dev, &cap);
	if (ret != 0)
		return ret;
	mode = tph_pci_mode_pick(dev, &cap, mode);
	if (mode == RTE_TPH_MODE_AUTO) {
		TPH_PCI_LOG(INFO, "port %u: no mode that device and driver serve",
			dev->data->port_id);
		return -ENOTSUP;
	}

	port = calloc(1, sizeof(*port));
	if (port == NULL)
		return -ENOMEM;
	port->mode = mode;

	ret = rte_pci_tph_enable(pci_dev, mode);
	if (ret != 0) {
		free(port);
		return ret;
	}

	/* Left over if the last port of this number vanished while enabled. */
	free(tph_pci_ports[dev->data->port_id]);
	tph_pci_ports[dev->data->port_id] = port;
	tph_pci_info_fill(dev, &cap, mode, info);
	return 0;
}

RTE_EXPORT_INTERNAL_SYMBOL(tph_pci_disable)
int
tph_pci_disable(struct rte_eth_dev *dev)
{
	free(tph_pci_ports[dev->data->port_id]);
	tph_pci_ports[dev->data->port_id] = NULL;
	return rte_pci_tph_disable(tph_pci_device_of(dev));
}

RTE_EXPORT_INTERNAL_SYMBOL(tph_pci_resolve)
int
tph_pci_resolve(struct rte_eth_dev *dev, struct eth_dev_tph_queue *queues, uint16_t nb_queues)
{
	struct tph_pci_port *port = tph_pci_ports[dev->data->port_id];

	if (port->mode == RTE_TPH_MODE_DS)
		return tph_pci_ds_resolve(dev, port, queues, nb_queues);
	return tph_pci_iv_resolve(dev, queues, nb_queues);
}

RTE_EXPORT_INTERNAL_SYMBOL(tph_pci_apply)
int
tph_pci_apply(struct rte_eth_dev *dev, const struct eth_dev_tph_queue *queues,
		uint16_t nb_queues)
{
	struct tph_pci_port *port = tph_pci_ports[dev->data->port_id];

	if (port->mode == RTE_TPH_MODE_DS)
		return tph_pci_ds_apply(dev, queues, nb_queues);
	return tph_pci_iv_apply(dev, port, queues, nb_queues);
}

RTE_EXPORT_INTERNAL_SYMBOL(tph_pci_desc_size)
uint16_t
tph_pci_desc_size(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir)
{
	return tph_pci_pmd_of(dev)->desc_size[dir];
}
