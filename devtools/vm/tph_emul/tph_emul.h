/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The dpdk-tph authors
 *
 * Test only: gives PCI functions a TPH Requester capability that they do not have.
 */
#ifndef TPH_EMUL_H
#define TPH_EMUL_H

#include <linux/bits.h>
#include <linux/list.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#define EMUL_MAX_ENTRIES	2048

/* Offsets in the capability, and the bits that can be written. */
#define EMUL_CAP		0x04
#define EMUL_CTRL		0x08
#define EMUL_TABLE		0x0c
#define EMUL_CTRL_MODE		0x007
#define EMUL_CTRL_TPH		0x100
#define EMUL_CTRL_EXT		0x200

#define EMUL_CAP_NS		BIT(0)
#define EMUL_CAP_IV		BIT(1)
#define EMUL_CAP_DS		BIT(2)
#define EMUL_CAP_EXT		BIT(8)
#define EMUL_CAP_LOC_SHIFT	9
#define EMUL_CAP_SIZE_SHIFT	16

#define EMUL_LOC_NONE		0
#define EMUL_LOC_CAP		1
#define EMUL_LOC_MSIX		2
#define EMUL_LOC_RESERVED	3

#define EMUL_LOG_LEN		256
#define EMUL_MAX_DEPTH		4

/* TPH Completer Supported of Device Capabilities 2, unknown to older headers */
#define EMUL_DEVCAP2_COMPLETER	GENMASK(13, 12)

enum emul_result {
	EMUL_WRITTEN,
	EMUL_FAILED,
	EMUL_IGNORED,
};

struct emul_log_entry {
	u32 value;
	u16 offset;
	u8 size;
	u8 result;
};

/* What a function looks like; the registers and the table are the "hardware". */
struct emul_cap {
	u16 offset;	/* of the capability in config space */
	u16 last;	/* the capability that gets linked to it; 0: not known yet */
	u16 len;	/* whole dwords */
	u16 entries;	/* of the table in the capability, 0: the table is elsewhere */
	u16 behind;	/* offset from this one of another capability, 0: none */
	u32 cap;
	u32 ctrl_mask;
	u16 st_mask;

	u32 ctrl;
	u16 table[EMUL_MAX_ENTRIES];
};

/* A root bus with a function below */
struct emul_root {
	struct list_head list;
	struct pci_bus *bus;
	struct pci_ops *ops;	/* the bus's own */
	struct pci_ops taken;	/* the same but for read and write */
};

/* A bridge above a function: for its capabilities and the secondary bus reset */
struct emul_bridge {
	u8 busnr;
	u8 devfn;
	u16 pcie;
	u32 devcap2;		/* what is answered for these bits of the register */
	u32 devcap2_mask;
};

/* By number: the kernel's own structures come and go. */
struct emul_port {
	struct list_head list;
	struct emul_root *root;
	char name[32];
	u8 busnr;
	u8 devfn;
	u8 top;			/* devfn on the root bus of itself or of the root port above */
	u8 depth;
	struct emul_bridge path[EMUL_MAX_DEPTH];
	u16 pcie;		/* offsets of standard capabilities, 0: none */
	u16 pm;
	u32 shown_id;		/* in place of its own ids, if not 0 */
	bool soft_reset;	/* D3hot to D0 resets the function */
	bool keep;		/* a reset changes nothing here */
	bool no_prefix;		/* end-end TLP prefixes are not supported */

	raw_spinlock_t lock;	/* all below */
	struct emul_cap cap;
	u32 writes;
	u32 resets;
	u32 fail_write;		/* counted down to the write that fails */
	u32 ignore_write;
	u32 logged;
	struct emul_log_entry log[EMUL_LOG_LEN];

	struct dentry *dir;
};

/* Bits of the dword at reg that are the emulator's (also returned in value). */
u32 emul_cap_read(const struct emul_cap *cap, u16 reg, u32 *value);
bool emul_cap_covers(const struct emul_cap *cap, int where);
void emul_cap_write(struct emul_cap *cap, u16 reg, u32 value, u32 mask);
void emul_cap_reset(struct emul_cap *cap);

extern struct list_head emul_ports;
extern struct list_head emul_roots;
int emul_read(struct pci_bus *bus, unsigned int devfn, int where, int size, u32 *val);
int emul_write(struct pci_bus *bus, unsigned int devfn, int where, int size, u32 val);
struct emul_root *emul_find_root(struct pci_bus *bus);
int emul_look(struct emul_port *port, struct pci_ops *ops, struct pci_bus *bus);

void emul_debugfs_init(void);
void emul_debugfs_exit(void);
void emul_debugfs_add(struct emul_port *port);

#endif /* TPH_EMUL_H */
