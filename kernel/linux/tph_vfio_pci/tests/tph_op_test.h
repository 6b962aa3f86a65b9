/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the unit tests of the argument logic share.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_OP_TEST_H
#define TPH_OP_TEST_H

#include "tap.h"
#include "tph_op_fake.h"

/* The largest argument there is, as plain bytes */
struct arg {
	struct tph_op_arg op;
	struct vfio_pci_tph_entry ents[VFIO_PCI_TPH_MAX_ENTRIES + 1];
};

extern struct arg a;
extern struct fake f;

size_t prepare(u32 op, u32 count);
void entry(u32 i, u32 cpu, u16 index);
/* Call it, and see that the oracle agrees when there are no faults */
int call(size_t len);
int enable(u8 mode);
int disable(void);
int get_cap(void);
int set_one(u32 cpu, u16 index);
int get_one(u32 cpu);
bool table_is_clear(void);

/* Groups of tests */
void test_st(void);
void test_life(void);
void test_cap(void);

#endif /* TPH_OP_TEST_H */
