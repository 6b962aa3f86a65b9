/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A pretended device, machine and caller for the host tests of tph_op.c.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_OP_FAKE_H
#define TPH_OP_FAKE_H

#include "../tph_op.h"

#define FAKE_CPUS	8
#define FAKE_ENTRIES	2048

/* How the n-th hardware write goes wrong */
enum fake_fault {
	FAKE_FAULT_NONE,
	FAKE_FAULT_ERROR,	/* not done, reported */
	FAKE_FAULT_LATE,	/* done, yet reported as failed */
	FAKE_FAULT_STUCK,	/* this and all later ones not done, reported */
	FAKE_FAULT_DEAD,	/* nobody answers to this and anything later */
	FAKE_FAULT_KINDS,
};

struct fake {
	struct tph_op_dev dev;
	struct tph_op_call call;
	u16 tags[FAKE_ENTRIES];

	/* the caller */
	u8 *arg;
	size_t readable;
	size_t writable;
	bool ds_allowed;
	u32 allowed;		/* CPUs, bit by bit */
	u32 copies_in;
	bool found_cpus;

	/* the machine */
	u32 present;		/* CPUs, bit by bit */
	u32 platform;		/* VFIO_PCI_TPH_WHY_* */
	u32 tag8;		/* CPUs that have an 8-bit tag */
	u32 tag16;
	bool wide8;		/* answers 16-bit tags to 8-bit questions */
	u32 asked;

	/* the hardware */
	bool ready;
	u8 hw_mode;
	u8 hw_req;
	u16 hw_tags[FAKE_ENTRIES];
	u32 writes;
	u32 fault_at;		/* counted from 1 */
	enum fake_fault fault;
	bool read_fails;
	u16 read_fails_at;
	bool dead;
	u32 dead_at;		/* write from which on nobody answers, counted from 1 */
	u32 timeouts;		/* how often a dead device was spoken to */

	int locked;
};

extern bool fake_alloc_fails, fake_cpus_fail;
extern long fake_allocs;

void fake_init(struct fake *f);
int fake_ioctl(struct fake *f, void *arg, size_t len);
u16 fake_tag(u32 cpu, u8 mem_type, bool ext);
int fake_oracle(const struct fake *f, const void *arg, size_t len);

#endif /* TPH_OP_FAKE_H */
