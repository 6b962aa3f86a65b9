// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The dpdk-tph authors
 *
 * Accesses to config space below the root buses: the answers for the functions that have a
 * capability, and for the bridges above them.
 */
#include <linux/pci.h>

#include "tph_emul.h"

LIST_HEAD(emul_ports);
LIST_HEAD(emul_roots);

struct emul_root *emul_find_root(struct pci_bus *bus)
{
	struct emul_root *root;

	while (!pci_is_root_bus(bus))
		bus = bus->parent;
	list_for_each_entry(root, &emul_roots, list) {
		if (root->bus == bus)
			return root;
	}
	return NULL;
}

static struct emul_port *emul_find(struct pci_bus *bus, unsigned int devfn)
{
	struct emul_port *port;

	list_for_each_entry(port, &emul_ports, list) {
		if (port->busnr == bus->number && port->devfn == devfn)
			return port;
	}
	return NULL;
}

/* The bytes of an access within its dword. */
static u32 access_mask(int where, int size)
{
	return (size == 4 ? ~0U : (1U << size * 8) - 1) << (where & 3) * 8;
}

/* Put those bits of a dword that have an answer of ours into the value of an access. */
static void overlay(int where, int size, u32 *val, u32 ours, u32 mask)
{
	unsigned int shift = (where & 3) * 8;

	mask = (mask & access_mask(where, size)) >> shift;
	*val = (*val & ~mask) | (ours >> shift & mask);
}

static void emul_reset(struct emul_port *port)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&port->lock, flags);
	if (!port->keep)
		emul_cap_reset(&port->cap);
	port->resets++;
	raw_spin_unlock_irqrestore(&port->lock, flags);
}

/* What a function's own registers say of standard capabilities, 0: none */
static u16 raw_find_cap(struct pci_ops *ops, struct pci_bus *bus, unsigned int devfn, u8 id)
{
	int limit = (PCI_CFG_SPACE_SIZE - 0x40) / 4;
	u32 value = 0;
	u16 pos;

	ops->read(bus, devfn, PCI_CAPABILITY_LIST, 1, &value);
	for (pos = value & 0xfc; pos >= 0x40 && limit-- > 0; pos = (value >> 8) & 0xfc) {
		if (ops->read(bus, devfn, pos, 2, &value) != PCIBIOS_SUCCESSFUL)
			return 0;
		if ((value & 0xff) == id)
			return pos;
	}
	return 0;
}

/* The end of the chain of extended capabilities; none may lie behind ours. */
static int raw_find_last(struct pci_ops *ops, struct pci_bus *bus, unsigned int devfn,
			 struct emul_cap *cap)
{
	int limit = (PCI_CFG_SPACE_EXP_SIZE - PCI_CFG_SPACE_SIZE) / 8;
	u16 pos = PCI_CFG_SPACE_SIZE;
	u32 header;

	while (limit-- > 0) {
		if (ops->read(bus, devfn, pos, 4, &header) != PCIBIOS_SUCCESSFUL ||
		    header == 0 || header == ~0U)
			return -ENODEV;
		if (pos >= cap->offset)
			return -EBUSY;
		cap->last = pos;
		pos = PCI_EXT_CAP_NEXT(header);
		if (pos == 0)
			return 0;
	}
	return -ELOOP;
}

/* Virtual functions come and go: it is looked when there is one. */
int emul_look(struct emul_port *port, struct pci_ops *ops, struct pci_bus *bus)
{
	int ret;

	if (port->cap.last != 0)
		return 0;
	ret = raw_find_last(ops, bus, port->devfn, &port->cap);
	if (ret != 0) {
		port->cap.last = 0;
		return ret;
	}
	port->pcie = raw_find_cap(ops, bus, port->devfn, PCI_CAP_ID_EXP);
	port->pm = raw_find_cap(ops, bus, port->devfn, PCI_CAP_ID_PM);
	return 0;
}

static void emul_port_read(struct emul_port *port, int where, int size, u32 *val)
{
	unsigned long flags;
	u32 ours, mask;

	raw_spin_lock_irqsave(&port->lock, flags);
	mask = emul_cap_read(&port->cap, where & ~3, &ours);
	raw_spin_unlock_irqrestore(&port->lock, flags);
	overlay(where, size, val, ours, mask);

	if (port->shown_id != 0 && (where & ~3) == PCI_VENDOR_ID)
		overlay(where, size, val, port->shown_id, ~0U);
	if (port->soft_reset && port->pm != 0 && (where & ~3) == port->pm + PCI_PM_CTRL)
		overlay(where, size, val, 0, PCI_PM_CTRL_NO_SOFT_RESET);
	if (port->no_prefix && port->pcie != 0 && (where & ~3) == port->pcie + PCI_EXP_DEVCAP2)
		overlay(where, size, val, 0, PCI_EXP_DEVCAP2_EE_PREFIX);
}

/* Root ports and switch ports above a function */
static void emul_bridge_read(const struct emul_bridge *bridge, int where, int size, u32 *val)
{
	if ((where & ~3) == bridge->pcie + PCI_EXP_DEVCAP2)
		overlay(where, size, val, bridge->devcap2, bridge->devcap2_mask);
}

static bool bridge_is(const struct emul_bridge *bridge, struct pci_bus *bus, unsigned int devfn)
{
	return bridge->busnr == bus->number && bridge->devfn == devfn;
}

int emul_read(struct pci_bus *bus, unsigned int devfn, int where, int size, u32 *val)
{
	struct emul_root *root = emul_find_root(bus);
	struct emul_port *port;
	int i, ret;

	ret = root->ops->read(bus, devfn, where, size, val);
	if (ret != PCIBIOS_SUCCESSFUL)
		return ret;
	list_for_each_entry(port, &emul_ports, list) {
		if (port->busnr == bus->number && port->devfn == devfn &&
		    emul_look(port, root->ops, bus) == 0)
			emul_port_read(port, where, size, val);
		for (i = 0; i < port->depth; i++) {
			if (bridge_is(&port->path[i], bus, devfn))
				emul_bridge_read(&port->path[i], where, size, val);
		}
	}
	return ret;
}

/* A write to the capability itself, with the faults that were asked for. */
static int emul_write_cap(struct emul_port *port, int where, int size, u32 val)
{
	struct emul_log_entry *entry;
	enum emul_result result = EMUL_WRITTEN;
	unsigned long flags;

	raw_spin_lock_irqsave(&port->lock, flags);
	port->writes++;
	if (port->fail_write != 0 && --port->fail_write == 0)
		result = EMUL_FAILED;
	if (port->ignore_write != 0 && --port->ignore_write == 0)
		result = EMUL_IGNORED;
	if (result == EMUL_WRITTEN)
		emul_cap_write(&port->cap, where & ~3, val << (where & 3) * 8,
			       access_mask(where, size));

	entry = &port->log[port->logged++ % EMUL_LOG_LEN];
	entry->offset = where - port->cap.offset;
	entry->size = size;
	entry->value = val & (access_mask(where, size) >> (where & 3) * 8);
	entry->result = result;
	raw_spin_unlock_irqrestore(&port->lock, flags);

	return result == EMUL_FAILED ? PCIBIOS_SET_FAILED : PCIBIOS_SUCCESSFUL;
}

/* Whether a write sets one of these bits of the dword at reg. */
static bool write_sets(int where, int size, u32 val, int reg, u32 bits)
{
	return (where & ~3) == reg &&
		(val << (where & 3) * 8 & access_mask(where, size) & bits) != 0;
}

/* Whether a write takes the function from D3hot to D0. */
static bool leaves_d3hot(struct emul_port *port, struct pci_ops *ops, struct pci_bus *bus,
			 int where, u32 val)
{
	u32 old;

	if (port->pm == 0 || where != port->pm + PCI_PM_CTRL)
		return false;
	if (ops->read(bus, port->devfn, where, 2, &old) != PCIBIOS_SUCCESSFUL)
		return false;
	return (old & PCI_PM_CTRL_STATE_MASK) == (__force u32)PCI_D3hot &&
		(val & PCI_PM_CTRL_STATE_MASK) == (__force u32)PCI_D0;
}

static int emul_port_write(struct emul_port *port, struct pci_ops *ops, struct pci_bus *bus,
			   int where, int size, u32 val)
{
	bool reset;
	int ret;

	if (emul_cap_covers(&port->cap, where))
		return emul_write_cap(port, where, size, val);

	reset = (port->soft_reset && leaves_d3hot(port, ops, bus, where, val)) ||
		(port->pcie != 0 && write_sets(where, size, val, port->pcie + PCI_EXP_DEVCTL,
					       PCI_EXP_DEVCTL_BCR_FLR));
	ret = ops->write(bus, port->devfn, where, size, val);
	if (reset)
		emul_reset(port);
	return ret;
}

int emul_write(struct pci_bus *bus, unsigned int devfn, int where, int size, u32 val)
{
	struct pci_ops *ops = emul_find_root(bus)->ops;
	struct emul_port *port = emul_find(bus, devfn);
	int i, ret;

	if (port && emul_look(port, ops, bus) == 0)
		return emul_port_write(port, ops, bus, where, size, val);

	ret = ops->write(bus, devfn, where, size, val);
	if (!write_sets(where, size, val, PCI_INTERRUPT_LINE, PCI_BRIDGE_CTL_BUS_RESET << 16))
		return ret;
	list_for_each_entry(port, &emul_ports, list) {
		for (i = 0; i < port->depth; i++) {
			if (bridge_is(&port->path[i], bus, devfn))
				emul_reset(port);
		}
	}
	return ret;
}
