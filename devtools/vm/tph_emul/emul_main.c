// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The dpdk-tph authors
 *
 * Test only, for the VM: replaces the config space accessors of the root buses with NICs below,
 * links a TPH Requester capability into the NICs' extended capabilities and answers for it from
 * memory, then lets the PCI core find the functions anew. Also answers for the TPH completer bits
 * of the root ports and for end-end TLP prefix support along the path. The accessors are replaced
 * as the kernel's AER injector does it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitfield.h>
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

static ushort behind;
module_param(behind, ushort, 0444);
MODULE_PARM_DESC(behind, "where another capability begins, from the beginning of this one and in its table (none)");

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

static bool keep;
module_param(keep, bool, 0444);
MODULE_PARM_DESC(keep, "resets leave the capability as it is");

static uint shown_id;
module_param(shown_id, uint, 0444);
MODULE_PARM_DESC(shown_id, "device and vendor id that the functions show, 0xDDDDVVVV (their own)");

static char *no_prefix = "";
module_param(no_prefix, charp, 0444);
MODULE_PARM_DESC(no_prefix, "who does not support end-end TLP prefixes: device, switch, port, a list (nobody)");

static uint vfs;
module_param(vfs, uint, 0444);
MODULE_PARM_DESC(vfs, "virtual functions of each such function that get one as well (0)");

static u32 completer_bits(void)
{
	u32 bits = ext_port ? 3 : 1;

	if (completer >= 0)
		bits = completer;
	return FIELD_PREP(EMUL_DEVCAP2_COMPLETER, bits);
}

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
	cap->behind = behind;
	cap->len = ALIGN(EMUL_TABLE + 2 * cap->entries, 4);
	cap->ctrl_mask = EMUL_CTRL_MODE | EMUL_CTRL_TPH | (ext_device ? EMUL_CTRL_EXT : 0);
	cap->st_mask = ext_device ? 0xffff : 0xff;
	if (offset < PCI_CFG_SPACE_SIZE || offset % 4 != 0 || behind % 4 != 0 ||
	    cap->offset + cap->len > PCI_CFG_SPACE_EXP_SIZE)
		return -EINVAL;
	return 0;
}

/* A root bus whose accessors are to be replaced, with all that is below it */
static struct emul_root *emul_add_root(struct pci_bus *bus)
{
	struct emul_root *root = emul_find_root(bus);

	if (root)
		return root;
	root = kzalloc(sizeof(*root), GFP_KERNEL);
	if (!root)
		return NULL;
	while (!pci_is_root_bus(bus))
		bus = bus->parent;
	root->bus = bus;
	root->ops = bus->ops;
	/* On arm64 the bus's own accessors go through other members of these. */
	root->taken = *root->ops;
	root->taken.read = emul_read;
	root->taken.write = emul_write;
	list_add_tail(&root->list, &emul_roots);
	return root;
}

/* The bridges above a function, the root port last; none above an integrated endpoint */
static int emul_find_path(struct emul_port *port, struct pci_dev *pdev)
{
	struct pci_dev *up = pdev;

	port->top = pdev->devfn;
	while ((up = pci_upstream_bridge(up)) != NULL) {
		struct emul_bridge *bridge = &port->path[port->depth++];

		if (port->depth > EMUL_MAX_DEPTH)
			return -E2BIG;
		bridge->busnr = up->bus->number;
		bridge->devfn = up->devfn;
		bridge->pcie = pci_pcie_cap(up);
		if (pci_is_root_bus(up->bus)) {
			bridge->devcap2 = completer_bits();
			bridge->devcap2_mask = EMUL_DEVCAP2_COMPLETER;
		}
		if (strstr(no_prefix, pci_is_root_bus(up->bus) ? "port" : "switch"))
			bridge->devcap2_mask |= PCI_EXP_DEVCAP2_EE_PREFIX;
		port->top = up->devfn;
	}
	return 0;
}

/* One function: pdev, or the virtual function with routing id rid of it */
static int emul_add(struct pci_dev *pdev, u16 rid)
{
	struct emul_port *port;
	int ret;

	port = kzalloc(sizeof(*port), GFP_KERNEL);
	if (!port)
		return -ENOMEM;
	raw_spin_lock_init(&port->lock);
	port->root = emul_add_root(pdev->bus);
	port->busnr = PCI_BUS_NUM(rid);
	port->devfn = rid & 0xff;
	port->soft_reset = soft_reset;
	port->keep = keep;
	port->shown_id = shown_id;
	port->no_prefix = strstr(no_prefix, "device");
	snprintf(port->name, sizeof(port->name), "%04x:%02x:%02x.%u", pci_domain_nr(pdev->bus),
		 port->busnr, PCI_SLOT(port->devfn), PCI_FUNC(port->devfn));

	ret = port->root ? emul_find_path(port, pdev) : -ENOMEM;
	if (ret == 0)
		ret = emul_describe(&port->cap);
	if (ret == 0 && rid == pci_dev_id(pdev))
		ret = emul_look(port, port->root->ops, pdev->bus);
	if (ret != 0) {
		pci_err(pdev, "tph_emul: no capability possible: %d\n", ret);
		kfree(port);
		return ret;
	}
	list_add_tail(&port->list, &emul_ports);
	return 0;
}

static int emul_add_vfs(struct pci_dev *pdev)
{
	int pos = pci_find_ext_capability(pdev, PCI_EXT_CAP_ID_SRIOV), ret = 0;
	u16 first, stride;
	uint i;

	if (vfs == 0)
		return 0;
	if (!pos || pci_read_config_word(pdev, pos + PCI_SRIOV_VF_OFFSET, &first) ||
	    pci_read_config_word(pdev, pos + PCI_SRIOV_VF_STRIDE, &stride))
		return -ENODEV;
	for (i = 0; i < vfs && ret == 0; i++)
		ret = emul_add(pdev, pci_dev_id(pdev) + first + i * stride);
	return ret;
}

static int emul_find_ports(void)
{
	struct pci_dev *pdev = NULL;
	unsigned int n = 0;
	int ret;

	while ((pdev = pci_get_device(vendor, device, pdev)) != NULL) {
		/* Virtual functions come with their physical one. */
		if (pdev->is_virtfn || !(port_mask & BIT(n++ % 32)))
			continue;
		ret = emul_add(pdev, pci_dev_id(pdev));
		if (ret == 0)
			ret = emul_add_vfs(pdev);
		if (ret != 0) {
			pci_dev_put(pdev);
			return ret;
		}
	}
	return list_empty(&emul_ports) ? -ENODEV : 0;
}

/*
 * Take out all that is between root buses and functions, exchange the accessors, and let it be
 * found again: the PCI core keeps what it read, of bridges as well, and buses that appear have
 * the accessors of the one above.
 */
static void emul_exchange(bool ours)
{
	struct emul_root *root;
	struct emul_port *port;
	struct pci_dev *top;

	pci_lock_rescan_remove();
	list_for_each_entry(port, &emul_ports, list) {
		top = pci_get_slot(port->root->bus, port->top);
		if (top) {
			pci_stop_and_remove_bus_device(top);
			pci_dev_put(top);
		}
	}
	list_for_each_entry(root, &emul_roots, list) {
		pci_bus_set_ops(root->bus, ours ? &root->taken : root->ops);
		pci_rescan_bus(root->bus);
	}
	pci_unlock_rescan_remove();
}

static void emul_free(void)
{
	struct emul_port *port, *next_port;
	struct emul_root *root, *next_root;

	list_for_each_entry_safe(port, next_port, &emul_ports, list) {
		list_del(&port->list);
		kfree(port);
	}
	list_for_each_entry_safe(root, next_root, &emul_roots, list) {
		list_del(&root->list);
		kfree(root);
	}
}

static int __init emul_init(void)
{
	struct emul_port *port;
	int ret;

	ret = emul_find_ports();
	if (ret != 0) {
		emul_free();
		return ret;
	}

	emul_debugfs_init();
	emul_exchange(true);
	list_for_each_entry(port, &emul_ports, list) {
		emul_debugfs_add(port);
		pr_info("%s: TPH capability 0x%08x at 0x%x, test only\n", port->name,
			port->cap.cap, port->cap.offset);
	}
	return 0;
}
module_init(emul_init);

static void __exit emul_exit(void)
{
	emul_exchange(false);
	emul_debugfs_exit();
	emul_free();
}
module_exit(emul_exit);

MODULE_DESCRIPTION("PCIe TPH Requester capability for functions without it, test only");
MODULE_LICENSE("GPL");
