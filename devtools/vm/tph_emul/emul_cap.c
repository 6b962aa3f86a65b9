// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The dpdk-tph authors
 *
 * The capability as hardware has it: what reads see, which bits a write changes.
 */
#include <linux/string.h>

#include "tph_emul.h"

#define EMUL_CAP_VERSION	1
#define EMUL_CAP_ID		0x17
#define EMUL_VENDOR_ID		0x0b

static u16 emul_table_read(const struct emul_cap *cap, unsigned int index)
{
	return index < cap->entries ? cap->table[index] : 0;
}

u32 emul_cap_read(const struct emul_cap *cap, u16 reg, u32 *value)
{
	unsigned int index;

	if (reg == cap->last) {
		*value = (u32)cap->offset << 20;
		return 0xfff00000;
	}
	*value = 0;
	if (!emul_cap_covers(cap, reg))
		return 0;

	if (cap->behind && reg == cap->offset + cap->behind) {
		*value = EMUL_VENDOR_ID | EMUL_CAP_VERSION << 16;
		return 0xffffffff;
	}
	switch (reg - cap->offset) {
	case 0:
		*value = EMUL_CAP_ID | EMUL_CAP_VERSION << 16;
		if (cap->behind)
			*value |= (u32)(cap->offset + cap->behind) << 20;
		break;
	case EMUL_CAP:
		*value = cap->cap;
		break;
	case EMUL_CTRL:
		*value = cap->ctrl;
		break;
	default:
		index = (reg - cap->offset - EMUL_TABLE) / 2;
		*value = emul_table_read(cap, index) |
			(u32)emul_table_read(cap, index + 1) << 16;
	}
	return 0xffffffff;
}

bool emul_cap_covers(const struct emul_cap *cap, int where)
{
	return where >= cap->offset && where < cap->offset + cap->len;
}

static void emul_table_write(struct emul_cap *cap, unsigned int index, u16 value, u16 mask)
{
	mask &= cap->st_mask;
	if (index < cap->entries)
		cap->table[index] = (cap->table[index] & ~mask) | (value & mask);
}

void emul_cap_write(struct emul_cap *cap, u16 reg, u32 value, u32 mask)
{
	unsigned int index;

	switch (reg - cap->offset) {
	case 0:
	case EMUL_CAP:
		break;
	case EMUL_CTRL:
		mask &= cap->ctrl_mask;
		cap->ctrl = (cap->ctrl & ~mask) | (value & mask);
		break;
	default:
		index = (reg - cap->offset - EMUL_TABLE) / 2;
		emul_table_write(cap, index, value, mask);
		emul_table_write(cap, index + 1, value >> 16, mask >> 16);
	}
}

void emul_cap_reset(struct emul_cap *cap)
{
	cap->ctrl = 0;
	memset(cap->table, 0, sizeof(cap->table));
}
