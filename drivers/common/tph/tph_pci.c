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
tph_pci_tag_err(int ret)
{
	switch (ret) {
	case -ENODEV:
		/* The platform has no tag; -ENODEV of ethdev is: no port. */
		return -ENXIO;
	case -EPERM:
		/* The kernel forbids it; -EPERM of ethdev is: not the primary. */
		return -EACCES;
	default:
		return ret;
	}
}

/* ethdev's return code for one of querying or switching a device. */
static int
tph_pci_dev_err(int ret)
{
	switch (ret) {
	case -ENODEV:
		return -EIO;
	case -EPERM:
		return -EACCES;
	default:
		return ret;
	}
}

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

	if (pmd->queue_set != NULL && (pmd->check == NULL || pmd->check(dev) == 0))
		modes |= RTE_TPH_MODE_DS;
	if (cap->table != RTE_PCI_TPH_TABLE_NONE)
		modes |= RTE_TPH_MODE_IV;
	return modes;
}

/* Mask of enum rte_tph_mode that enabling accepts. */
static uint32_t
tph_pci_modes(struct rte_eth_dev *dev, const struct rte_pci_tph_cap *cap)
{
	uint32_t modes = 0;

	if ((cap->modes & RTE_PCI_TPH_MODE_DS) != 0)
		modes |= RTE_TPH_MODE_DS;
	if ((cap->modes & RTE_PCI_TPH_MODE_IV) != 0)
		modes |= RTE_TPH_MODE_IV;
	return modes & tph_pci_modes_served(dev, cap);
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

static enum rte_tph_table
tph_pci_table(enum rte_pci_tph_table table)
{
	switch (table) {
	case RTE_PCI_TPH_TABLE_CAP:
		return RTE_TPH_TABLE_CAP;
	case RTE_PCI_TPH_TABLE_MSIX:
		return RTE_TPH_TABLE_MSIX;
	default:
		return RTE_TPH_TABLE_NONE;
	}
}

RTE_EXPORT_INTERNAL_SYMBOL(tph_pci_info_get)
int
tph_pci_info_get(struct rte_eth_dev *dev, struct rte_eth_tph_info *info)
{
	const struct tph_pci_pmd *pmd = tph_pci_pmd_of(dev);
	struct rte_pci_tph_cap cap;
	enum rte_tph_mode mode;
	int ret;

	if (!tph_pci_is_on_bus(dev))
		return -ENOTSUP;
	ret = rte_pci_tph_cap_get(tph_pci_device_of(dev), &cap);
	if (ret != 0)
		return tph_pci_dev_err(ret);

	info->modes = tph_pci_modes(dev, &cap);
	if (cap.enabled == RTE_PCI_TPH_MODE_IV)
		info->mode = RTE_TPH_MODE_IV;
	else if (cap.enabled == RTE_PCI_TPH_MODE_DS)
		info->mode = RTE_TPH_MODE_DS;

	mode = info->mode != RTE_TPH_MODE_AUTO ? info->mode : tph_pci_mode_best(info->modes);
	if (mode == RTE_TPH_MODE_DS) {
		info->rx_objects = pmd->rx_objects;
		info->tx_objects = pmd->tx_objects;
	} else if (mode == RTE_TPH_MODE_IV) {
		/* ethdev knows vectors of Rx queues only. */
		info->rx_objects = TPH_PCI_IV_OBJECTS;
	}

	info->table = tph_pci_table(cap.table);
	info->table_size = cap.table_size;
	info->st_bits = cap.extended ? 16 : 8;
	info->platform = cap.platform;
	return 0;
}

/* Find the mode to enable, before anything is changed. */
static int
tph_pci_mode_pick(struct rte_eth_dev *dev, enum rte_tph_mode *mode)
{
	struct rte_pci_tph_cap cap;
	uint32_t served;
	int ret;

	ret = rte_pci_tph_cap_get(tph_pci_device_of(dev), &cap);
	if (ret != 0)
		return tph_pci_dev_err(ret);

	if (*mode == RTE_TPH_MODE_AUTO)
		*mode = tph_pci_mode_best(tph_pci_modes(dev, &cap));
	/* What the kernel does not offer it is asked for, to hear the reason. */
	served = tph_pci_modes_served(dev, &cap);
	if (*mode == RTE_TPH_MODE_AUTO)
		*mode = tph_pci_mode_best(served);
	return (served & *mode) != 0 ? 0 : -ENOTSUP;
}

RTE_EXPORT_INTERNAL_SYMBOL(tph_pci_enable)
int
tph_pci_enable(struct rte_eth_dev *dev, enum rte_tph_mode *mode)
{
	enum rte_tph_mode picked = *mode;
	struct tph_pci_port *port;
	int ret;

	if (!tph_pci_is_on_bus(dev))
		return -ENOTSUP;
	ret = tph_pci_mode_pick(dev, &picked);
	if (ret != 0) {
		TPH_PCI_LOG(INFO, "port %u: no mode that device and driver serve",
			dev->data->port_id);
		return ret;
	}

	port = calloc(1, sizeof(*port));
	if (port == NULL)
		return -ENOMEM;
	port->mode = picked == RTE_TPH_MODE_DS ? RTE_PCI_TPH_MODE_DS : RTE_PCI_TPH_MODE_IV;

	ret = rte_pci_tph_enable(tph_pci_device_of(dev), port->mode);
	if (ret != 0) {
		free(port);
		return tph_pci_dev_err(ret);
	}

	/* Left over if the last port of this number vanished while enabled. */
	free(tph_pci_ports[dev->data->port_id]);
	tph_pci_ports[dev->data->port_id] = port;
	*mode = picked;
	return 0;
}

RTE_EXPORT_INTERNAL_SYMBOL(tph_pci_disable)
int
tph_pci_disable(struct rte_eth_dev *dev)
{
	int ret;

	free(tph_pci_ports[dev->data->port_id]);
	tph_pci_ports[dev->data->port_id] = NULL;

	/* Other reasons are of no use to anyone: there is no second try. */
	ret = rte_pci_tph_disable(tph_pci_device_of(dev));
	return ret == 0 || ret == -ENOTSUP ? ret : -EIO;
}

RTE_EXPORT_INTERNAL_SYMBOL(tph_pci_resolve)
int
tph_pci_resolve(struct rte_eth_dev *dev, struct eth_dev_tph_queue *queues, uint16_t nb_queues)
{
	struct tph_pci_port *port = tph_pci_ports[dev->data->port_id];

	if (port->mode == RTE_PCI_TPH_MODE_DS)
		return tph_pci_ds_resolve(dev, port, queues, nb_queues);
	return tph_pci_iv_resolve(dev, queues, nb_queues);
}

RTE_EXPORT_INTERNAL_SYMBOL(tph_pci_apply)
int
tph_pci_apply(struct rte_eth_dev *dev, const struct eth_dev_tph_queue *queues,
		uint16_t nb_queues)
{
	struct tph_pci_port *port = tph_pci_ports[dev->data->port_id];

	if (port->mode == RTE_PCI_TPH_MODE_DS)
		return tph_pci_ds_apply(dev, queues, nb_queues);
	return tph_pci_iv_apply(dev, port, queues, nb_queues);
}
