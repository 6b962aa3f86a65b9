// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The dpdk-tph authors
 *
 * Test only, for the VM: replaces the config space accessors of the NICs' buses, links a TPH
 * Requester capability into the extended capabilities and answers for it from memory, then
 * lets the PCI core find the functions anew. Also answers for the TPH completer bits of
 * the root ports. The accessors are replaced as the kernel's AER injector does it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/slab.h>

#include "tph_emul.h"

static ushort vendor = 0x8086;
module_param(vendor, ushort, 0444);
MODULE_PARM_DESC(vendor, "vendor id of the functions that get a capability");

static ushort device = 0x10c9;
module_param(device, ushort, 0444);
MODULE_PARM_DESC(device, "device id of the functions that get a capability");

static uint port_mask = ~0U;
module_param(port_mask, uint, 0444);
MODULE_PARM_DESC(port_mask, "bit n: the n-th such function gets one (all)");

static ushort offset = 0x200;
module_param(offset, ushort, 0444);
MODULE_PARM_DESC(offset, "where the capability lies in config space (0x200)");

static char *location = "cap";
module_param(location, charp, 0444);
MODULE_PARM_DESC(location, "ST table location: cap, msix, none, reserved");

static uint entries = 16;
module_param(entries, uint, 0444);
MODULE_PARM_DESC(entries, "ST table entries (16)");

static char *modes = "iv,ds";
module_param(modes, charp, 0444);
MODULE_PARM_DESC(modes, "modes beside No ST: iv, ds, iv,ds or none");

static bool ext_device;
module_param(ext_device, bool, 0444);
MODULE_PARM_DESC(ext_device, "functions support 16-bit tags");

static bool ext_port;
module_param(ext_port, bool, 0444);
MODULE_PARM_DESC(ext_port, "root ports support 16-bit tags");

static int completer = -1;
module_param(completer, int, 0444);
MODULE_PARM_DESC(completer, "TPH completer field of the root ports, 0 to 3, overrides ext_port");

static bool soft_reset;
module_param(soft_reset, bool, 0444);
MODULE_PARM_DESC(soft_reset, "leaving D3hot resets the functions (No_Soft_Reset reads 0)");

static LIST_HEAD(emul_ports);
static struct pci_bus *emul_root_bus;
static struct pci_ops *emul_root_bus_ops;

static struct emul_port *emul_find(struct pci_bus *bus)
{
	struct emul_port *port;

	list_for_each_entry(port, &emul_ports, list) {
		if (port->bus == bus)
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
	emul_cap_reset(&port->cap);
	port->resets++;
	raw_spin_unlock_irqrestore(&port->lock, flags);
}

static int emul_read(struct pci_bus *bus, unsigned int devfn, int where, int size, u32 *val)
{
	struct emul_port *port = emul_find(bus);
	unsigned long flags;
	u32 ours, mask;
	int ret;

	ret = port->ops->read(bus, devfn, where, size, val);
	if (ret != PCIBIOS_SUCCESSFUL || devfn != port->devfn)
		return ret;

	raw_spin_lock_irqsave(&port->lock, flags);
	mask = emul_cap_read(&port->cap, where & ~3, &ours);
	raw_spin_unlock_irqrestore(&port->lock, flags);
	overlay(where, size, val, ours, mask);

	if (port->soft_reset && port->pm != 0 && (where & ~3) == port->pm + PCI_PM_CTRL)
		overlay(where, size, val, 0, PCI_PM_CTRL_NO_SOFT_RESET);
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
static bool
leaves_d3hot(struct emul_port *port, int where, u32 val)
{
	u32 old;

	if (port->pm == 0 || where != port->pm + PCI_PM_CTRL)
		return false;
	if (port->ops->read(port->bus, port->devfn, where, 2, &old) != PCIBIOS_SUCCESSFUL)
		return false;
	return (old & PCI_PM_CTRL_STATE_MASK) == (__force u32)PCI_D3hot &&
		(val & PCI_PM_CTRL_STATE_MASK) == (__force u32)PCI_D0;
}

static int emul_write(struct pci_bus *bus, unsigned int devfn, int where, int size, u32 val)
{
	struct emul_port *port = emul_find(bus);
	bool reset;
	int ret;

	if (devfn != port->devfn)
		return port->ops->write(bus, devfn, where, size, val);
	if (emul_cap_covers(&port->cap, where))
		return emul_write_cap(port, where, size, val);

	reset = (port->soft_reset && leaves_d3hot(port, where, val)) ||
		(port->pcie != 0 && write_sets(where, size, val, port->pcie + PCI_EXP_DEVCTL,
					       PCI_EXP_DEVCTL_BCR_FLR));
	ret = port->ops->write(bus, devfn, where, size, val);
	if (reset)
		emul_reset(port);
	return ret;
}

static struct pci_ops emul_ops = {
	.read = emul_read,
	.write = emul_write,
};

static u32 completer_bits(void)
{
	u32 bits = ext_port ? 3 : 1;

	if (completer >= 0)
		bits = completer;
	return bits << 12;
}

static int emul_root_read(struct pci_bus *bus, unsigned int devfn, int where, int size, u32 *val)
{
	struct emul_port *port;
	int ret;

	ret = emul_root_bus_ops->read(bus, devfn, where, size, val);
	if (ret != PCIBIOS_SUCCESSFUL)
		return ret;
	list_for_each_entry(port, &emul_ports, list) {
		if (port->rp_devfn == devfn && (where & ~3) == port->rp_pcie + PCI_EXP_DEVCAP2)
			overlay(where, size, val, completer_bits(), 3 << 12);
	}
	return ret;
}

static int emul_root_write(struct pci_bus *bus, unsigned int devfn, int where, int size, u32 val)
{
	struct emul_port *port;
	int ret;

	ret = emul_root_bus_ops->write(bus, devfn, where, size, val);
	if (!write_sets(where, size, val, PCI_INTERRUPT_LINE, PCI_BRIDGE_CTL_BUS_RESET << 16))
		return ret;
	list_for_each_entry(port, &emul_ports, list) {
		if (port->rp_devfn == devfn)
			emul_reset(port);
	}
	return ret;
}

static struct pci_ops emul_root_ops = {
	.read = emul_root_read,
	.write = emul_root_write,
};

/* Fill in what the parameters say. */
static int emul_describe(struct emul_cap *cap)
{
	static const char * const names[] = {
		[EMUL_LOC_NONE] = "none",
		[EMUL_LOC_CAP] = "cap",
		[EMUL_LOC_MSIX] = "msix",
		[EMUL_LOC_RESERVED] = "reserved",
	};
	int loc = match_string(names, ARRAY_SIZE(names), location);

	if (loc < 0 || entries < 1 || entries > EMUL_MAX_ENTRIES || completer > 3)
		return -EINVAL;

	cap->cap = EMUL_CAP_NS | (u32)loc << EMUL_CAP_LOC_SHIFT;
	if (strstr(modes, "iv"))
		cap->cap |= EMUL_CAP_IV;
	if (strstr(modes, "ds"))
		cap->cap |= EMUL_CAP_DS;
	if (loc != EMUL_LOC_NONE)
		cap->cap |= (entries - 1) << EMUL_CAP_SIZE_SHIFT;
	if (ext_device)
		cap->cap |= EMUL_CAP_EXT;

	cap->entries = loc == EMUL_LOC_CAP ? entries : 0;
	cap->offset = offset;
	cap->len = ALIGN(EMUL_TABLE + 2 * cap->entries, 4);
	cap->ctrl_mask = EMUL_CTRL_MODE | EMUL_CTRL_TPH | (ext_device ? EMUL_CTRL_EXT : 0);
	cap->st_mask = ext_device ? 0xffff : 0xff;
	if (offset < PCI_CFG_SPACE_SIZE || offset % 4 != 0 ||
	    cap->offset + cap->len > PCI_CFG_SPACE_EXP_SIZE)
		return -EINVAL;
	return 0;
}

/* The end of the chain of extended capabilities; none may lie behind ours. */
static int emul_find_last(struct pci_dev *pdev, struct emul_cap *cap)
{
	u32 header;
	u16 pos = PCI_CFG_SPACE_SIZE;
	int limit = (PCI_CFG_SPACE_EXP_SIZE - PCI_CFG_SPACE_SIZE) / 8;

	while (limit-- > 0) {
		if (pci_read_config_dword(pdev, pos, &header) != PCIBIOS_SUCCESSFUL ||
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

static int emul_add(struct pci_dev *pdev)
{
	struct pci_dev *rp = pcie_find_root_port(pdev);
	struct emul_port *port;
	int ret;

	if (!rp || rp->subordinate != pdev->bus)
		return 0;
	port = kzalloc(sizeof(*port), GFP_KERNEL);
	if (!port)
		return -ENOMEM;
	raw_spin_lock_init(&port->lock);
	port->bus = pdev->bus;
	port->ops = pdev->bus->ops;
	port->devfn = pdev->devfn;
	port->pcie = pci_pcie_cap(pdev);
	port->pm = pdev->pm_cap;
	port->soft_reset = soft_reset;
	port->rp_devfn = rp->devfn;
	port->rp_pcie = pci_pcie_cap(rp);
	strscpy(port->name, pci_name(pdev), sizeof(port->name));

	ret = emul_describe(&port->cap);
	if (ret == 0)
		ret = emul_find_last(pdev, &port->cap);
	if (ret != 0) {
		pci_err(pdev, "tph_emul: no capability possible: %d\n", ret);
		kfree(port);
		return ret;
	}
	emul_root_bus = rp->bus;
	list_add_tail(&port->list, &emul_ports);
	return 0;
}

static int emul_find_ports(void)
{
	struct pci_dev *pdev = NULL;
	unsigned int n = 0;
	int ret;

	while ((pdev = pci_get_device(vendor, device, pdev)) != NULL) {
		/* Virtual functions share the bus of their physical one. */
		if (pdev->is_virtfn || emul_find(pdev->bus) || !(port_mask & BIT(n++ % 32)))
			continue;
		ret = emul_add(pdev);
		if (ret != 0) {
			pci_dev_put(pdev);
			return ret;
		}
	}
	return list_empty(&emul_ports) ? -ENODEV : 0;
}

/* Take a function out, exchange the accessors of its bus, and let it be found again. */
static void emul_exchange(struct emul_port *port, struct pci_ops *ops)
{
	struct pci_dev *pdev = pci_get_slot(port->bus, port->devfn);

	if (pdev) {
		pci_stop_and_remove_bus_device_locked(pdev);
		pci_dev_put(pdev);
	}
	pci_lock_rescan_remove();
	pci_bus_set_ops(port->bus, ops);
	pci_rescan_bus(port->bus);
	pci_unlock_rescan_remove();
}

static void emul_free_ports(void)
{
	struct emul_port *port, *next;

	list_for_each_entry_safe(port, next, &emul_ports, list) {
		list_del(&port->list);
		kfree(port);
	}
}

static int __init emul_init(void)
{
	struct emul_port *port;
	int ret;

	ret = emul_find_ports();
	if (ret != 0) {
		emul_free_ports();
		return ret;
	}

	emul_debugfs_init();
	emul_root_bus_ops = emul_root_bus->ops;
	pci_bus_set_ops(emul_root_bus, &emul_root_ops);
	list_for_each_entry(port, &emul_ports, list) {
		emul_exchange(port, &emul_ops);
		emul_debugfs_add(port);
		pr_info("%s: TPH capability 0x%08x at 0x%x, test only\n", port->name,
			port->cap.cap, port->cap.offset);
	}
	return 0;
}
module_init(emul_init);

static void __exit emul_exit(void)
{
	struct emul_port *port;

	list_for_each_entry(port, &emul_ports, list)
		emul_exchange(port, port->ops);
	pci_bus_set_ops(emul_root_bus, emul_root_bus_ops);
	emul_debugfs_exit();
	emul_free_ports();
}
module_exit(emul_exit);

MODULE_DESCRIPTION("PCIe TPH Requester capability for functions without it, test only");
MODULE_LICENSE("GPL");
