/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <eal_export.h>
#include <rte_bus.h>
#include <rte_dev.h>
#include <rte_errno.h>

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

/* What the kernel says is missing, and what to do. */
static const struct {
	uint32_t why;
	const char *text;
} tph_pci_whys[] = {
	{ RTE_PCI_TPH_WHY_NO_DRIVER,
		"the kernel driver of the device serves no TPH: bind the device to tph-vfio-pci" },
	{ RTE_PCI_TPH_WHY_NO_CAP,
		"the device has no TPH capability, or the kernel was booted with pci=notph" },
	{ RTE_PCI_TPH_WHY_POLICY,
		"policy forbids device-specific mode: load tph-vfio-pci with ds_mode=always" },
	{ RTE_PCI_TPH_WHY_ROOT_PORT,
		"the root port completes no TPH requests: try another slot" },
	{ RTE_PCI_TPH_WHY_NO_ST,
		"the device hints without steering tags only" },
	{ RTE_PCI_TPH_WHY_NO_TABLE,
		"the device has no ST table that can be used for interrupt-vector mode" },
	{ RTE_PCI_TPH_WHY_NO_DSM,
		"the firmware names no tags here (no _DSM): look for TPH or SDCI in its set-up" },
	{ RTE_PCI_TPH_WHY_BAD_DSM,
		"the firmware answers wrongly when asked for tags (_DSM): update it" },
	{ RTE_PCI_TPH_WHY_PREFIX,
		"tags have 8 bits only, as a bridge above the device forwards no TLP prefixes" },
};

/* The first of some reasons that applies, NULL if none is known. */
static const char *
tph_pci_why_text(uint32_t why)
{
	unsigned int i;

	for (i = 0; i < RTE_DIM(tph_pci_whys); i++)
		if ((tph_pci_whys[i].why & why) != 0)
			return tph_pci_whys[i].text;
	return NULL;
}

const char *
tph_pci_tag_text(const struct tph_pci_port *port, int ret)
{
	const char *text = NULL;

	switch (ret) {
	case -ENXIO:
		text = tph_pci_why_text(port->why & (RTE_PCI_TPH_WHY_NO_DSM |
				RTE_PCI_TPH_WHY_BAD_DSM | RTE_PCI_TPH_WHY_PREFIX));
		return text != NULL ? text :
			"the firmware names no tag of the width in use: take another CPU";
	case -EACCES:
		return "the process may not run there: allow it, by taskset or cpuset";
	case -EINVAL:
		return "there is no such CPU or vector, or the kernel has disabled TPH";
	default:
		return rte_strerror(-ret);
	}
}

/* Say why a mode cannot be enabled; *ret* is what the kernel answered, if anything. */
static void
tph_pci_enable_blame(const struct rte_eth_dev *dev, const struct rte_pci_tph_cap *cap,
		enum rte_tph_mode mode, int ret)
{
	uint32_t why = cap->why & (RTE_PCI_TPH_WHY_NO_DRIVER | RTE_PCI_TPH_WHY_NO_CAP |
			RTE_PCI_TPH_WHY_ROOT_PORT | RTE_PCI_TPH_WHY_NO_ST);
	const char *text;

	if (mode != RTE_TPH_MODE_IV)
		why |= cap->why & RTE_PCI_TPH_WHY_POLICY;
	if (mode != RTE_TPH_MODE_DS)
		why |= cap->why & RTE_PCI_TPH_WHY_NO_TABLE;
	text = tph_pci_why_text(why);
	/* Older kernel modules give no reasons. */
	if (text == NULL && ret == -EACCES)
		text = tph_pci_why_text(RTE_PCI_TPH_WHY_POLICY);
	if (text == NULL && ret == -ENOTSUP)
		text = mode == RTE_TPH_MODE_AUTO ? "device and driver have no mode in common" :
			"device, root port or driver do not serve this mode, try another";
	TPH_PCI_LOG(ERR, "port %u: cannot enable %s: %s", dev->data->port_id,
		mode == RTE_TPH_MODE_IV ? "interrupt-vector mode" :
		mode == RTE_TPH_MODE_DS ? "device-specific mode" : "TPH",
		text != NULL ? text : rte_strerror(-ret));
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

/* Enable a mode in the kernel, with nothing left from before. */
static int
tph_pci_mode_enable(struct rte_eth_dev *dev, const struct rte_pci_tph_cap *cap,
		enum rte_tph_mode mode)
{
	const struct rte_pci_device *pci_dev = tph_pci_device_of(dev);
	int ret = 0;

	if (mode == RTE_TPH_MODE_AUTO)
		return -ENOTSUP;
	/* Left over from a port that ended without a word. */
	if (cap->enabled != RTE_TPH_MODE_AUTO)
		ret = rte_pci_tph_disable(pci_dev);
	return ret != 0 ? ret : rte_pci_tph_enable(pci_dev, mode);
}

RTE_EXPORT_INTERNAL_SYMBOL(tph_pci_enable)
int
tph_pci_enable(struct rte_eth_dev *dev, enum rte_tph_mode mode, struct rte_eth_tph_info *info)
{
	struct rte_pci_tph_cap cap = { .why = 0 };
	enum rte_tph_mode picked;
	struct tph_pci_port *port;
	int ret;

	if (!tph_pci_is_on_bus(dev))
		return -ENOTSUP;
	port = calloc(1, sizeof(*port));
	if (port == NULL)
		return -ENOMEM;

	ret = rte_pci_tph_cap_get(tph_pci_device_of(dev), &cap);
	if (ret == 0) {
		picked = tph_pci_mode_pick(dev, &cap, mode);
		ret = tph_pci_mode_enable(dev, &cap, picked);
	}
	if (ret != 0) {
		tph_pci_enable_blame(dev, &cap, mode, ret);
		free(port);
		return ret;
	}

	port->mode = picked;
	port->why = cap.why;
	/* Left over if the last port of this number vanished while enabled. */
	free(tph_pci_ports[dev->data->port_id]);
	tph_pci_ports[dev->data->port_id] = port;
	tph_pci_info_fill(dev, &cap, picked, info);
	return 0;
}

RTE_EXPORT_INTERNAL_SYMBOL(tph_pci_disable)
int
tph_pci_disable(struct rte_eth_dev *dev)
{
	int ret;

	ret = rte_pci_tph_disable(tph_pci_device_of(dev));
	if (ret != 0)
		return ret;
	free(tph_pci_ports[dev->data->port_id]);
	tph_pci_ports[dev->data->port_id] = NULL;
	return 0;
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
tph_pci_apply(struct rte_eth_dev *dev, struct eth_dev_tph_queue *queues, uint16_t nb_queues)
{
	struct tph_pci_port *port = tph_pci_ports[dev->data->port_id];

	/* While TPH is disabled there may be registers to clear, but no table. */
	if (port == NULL || port->mode == RTE_TPH_MODE_DS)
		return tph_pci_ds_apply(dev, queues, nb_queues);
	return tph_pci_iv_apply(dev, port, queues, nb_queues);
}

RTE_EXPORT_INTERNAL_SYMBOL(tph_pci_desc_size)
uint16_t
tph_pci_desc_size(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir)
{
	return tph_pci_pmd_of(dev)->desc_size[dir];
}
