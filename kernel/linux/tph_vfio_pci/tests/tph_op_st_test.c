// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of the argument logic (tph_op.c) on the host: GET_ST and SET_ST.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include "tph_op_test.h"

static void test_get_st(void)
{
	size_t len;
	u32 i;

	fake_init(&f);
	CHECK_INT(get_one(0), -EINVAL);
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), 0);
	CHECK_INT(get_one(0), -EINVAL);
	CHECK_INT(disable(), 0);
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), 0);
	f.writes = 0;

	CHECK_INT(get_one(1), 0);
	CHECK_INT(a.ents[0].st, fake_tag(1, 0, false));
	CHECK_INT(a.ents[0].reserved1, 0);
	CHECK_INT(get_one(6), -EINVAL);
	CHECK_INT(get_one(FAKE_CPUS), -EINVAL);
	CHECK_INT(get_one(0x7fffffff), -EINVAL);
	CHECK_INT(get_one(VFIO_PCI_TPH_CPU_NONE), -EINVAL);
	CHECK_INT(get_one(4), -EPERM);
	CHECK_INT(get_one(3), -ENODEV);

	/* the kinds of error in their order, whatever the order of entries */
	len = prepare(VFIO_PCI_TPH_GET_ST, 3);
	entry(0, 3, 0);
	entry(1, 4, 0);
	entry(2, 7, 0);
	CHECK_INT(call(len), -EINVAL);
	entry(2, 1, 0);
	CHECK_INT(call(len), -EPERM);
	entry(1, 1, 0);
	CHECK_INT(call(len), -ENODEV);
	f.ready = false;
	CHECK_INT(call(len), -ENODEV);
	entry(0, 1, 0);
	CHECK_INT(call(len), -EIO);
	f.ready = true;

	/* index is ignored, the memory type is not */
	len = prepare(VFIO_PCI_TPH_GET_ST, 2048);
	for (i = 0; i < 2048; i++) {
		entry(i, i % 3, 0xffff);
		a.ents[i].mem_type = i & 1;
	}
	CHECK_INT(call(len), 0);
	for (i = 0; i < 2048; i++)
		CHECK(a.ents[i].st == fake_tag(i % 3, i & 1, false) &&
		      a.ents[i].cpu == i % 3 && a.ents[i].index == 0xffff);
	CHECK_INT(f.writes, 0);

	/* without a table too */
	fake_init(&f);
	f.dev.entries = 0;
	f.dev.req = TPH_OP_REQ_EXT;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), 0);
	CHECK_INT(get_one(3), 0);
	CHECK_INT(a.ents[0].st, fake_tag(3, 0, true));
	CHECK_INT(a.ents[0].reserved1, VFIO_PCI_TPH_ST_EXTENDED);
	CHECK_INT(get_one(2), -ENODEV);
	f.platform = VFIO_PCI_TPH_WHY_NO_DSM;
	CHECK_INT(get_one(1), -ENODEV);

	/* a wide tag is never cut to 8 bits */
	fake_init(&f);
	f.wide8 = true;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), 0);
	CHECK_INT(get_one(1), -ENODEV);

	/* the result has nowhere to go */
	len = prepare(VFIO_PCI_TPH_GET_ST, 1);
	f.wide8 = false;
	f.arg = (u8 *)&a;
	f.readable = len;
	f.writable = 20;
	CHECK_INT(tph_op_ioctl(&f.dev, &f.call), -EFAULT);
}

static void test_set_st(void)
{
	size_t len;
	u32 i;

	fake_init(&f);
	CHECK_INT(set_one(0, 0), -EINVAL);
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), 0);
	CHECK_INT(set_one(0, 16), -EINVAL);
	CHECK_INT(set_one(VFIO_PCI_TPH_CPU_NONE, 16), -EINVAL);
	CHECK_INT(set_one(6, 0), -EINVAL);
	CHECK_INT(set_one(4, 0), -EPERM);
	CHECK_INT(set_one(3, 0), -ENODEV);
	CHECK(table_is_clear());
	CHECK_INT(set_one(2, 15), 0);
	CHECK_INT(f.hw_tags[15], fake_tag(2, 0, false));
	CHECK_INT(f.hw_req, TPH_OP_REQ_TPH);
	CHECK_INT(f.hw_mode, VFIO_PCI_TPH_MODE_IV);
	f.asked = 0;
	CHECK_INT(set_one(VFIO_PCI_TPH_CPU_NONE, 15), 0);
	CHECK_INT(f.asked, 0);
	CHECK(table_is_clear());
	f.ready = false;
	CHECK_INT(set_one(2, 15), -EIO);
	f.ready = true;

	/* the last entry for an index counts, and each index is written once */
	len = prepare(VFIO_PCI_TPH_SET_ST, 5);
	entry(0, 0, 7);
	entry(1, 1, 7);
	entry(2, 2, 8);
	entry(3, 2, 7);
	entry(4, VFIO_PCI_TPH_CPU_NONE, 8);
	f.writes = 0;
	CHECK_INT(call(len), 0);
	CHECK_INT(f.hw_tags[7], fake_tag(2, 0, false));
	CHECK_INT(f.hw_tags[8], 0);
	CHECK_INT(f.writes, 4);

	/* even an entry that a later one replaces has to be right */
	entry(0, 3, 7);
	CHECK_INT(call(len), -ENODEV);
	CHECK_INT(f.hw_tags[7], fake_tag(2, 0, false));

	fake_init(&f);
	f.dev.entries = 2048;
	f.dev.req = TPH_OP_REQ_EXT;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), 0);
	len = prepare(VFIO_PCI_TPH_SET_ST, 2048);
	for (i = 0; i < 2048; i++) {
		entry(i, i & 1, i);
		a.ents[i].mem_type = (i >> 1) & 1;
	}
	CHECK_INT(call(len), 0);
	for (i = 0; i < 2048; i++)
		CHECK(f.hw_tags[i] == fake_tag(i & 1, (i >> 1) & 1, true));

	fake_init(&f);
	f.dev.entries = 0;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), 0);
	CHECK_INT(set_one(0, 0), -EOPNOTSUPP);
}

/* Every write of a batch with duplicates fails once, in every way */
static void test_roll_back(void)
{
	u16 before[FAKE_ENTRIES];
	enum fake_fault fault;
	u32 at, i;

	for (fault = FAKE_FAULT_ERROR; fault < FAKE_FAULT_KINDS; fault++) {
		for (at = 1;; at++) {
			size_t len;
			int ret;

			fake_init(&f);
			CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), 0);
			for (i = 0; i < 4; i++)
				CHECK_INT(set_one(i % 3, i), 0);
			memcpy(before, f.hw_tags, sizeof(before));
			len = prepare(VFIO_PCI_TPH_SET_ST, 7);
			for (i = 0; i < 7; i++)
				entry(i, 2 - i % 3, i % 5);
			f.fault = fault;
			f.fault_at = at;
			f.writes = 0;
			ret = call(len);
			if (!ret)
				break;
			CHECK_INT(ret, -EIO);
			CHECK(at < 20);
			if (fault == FAKE_FAULT_STUCK) {
				CHECK_INT(f.dev.mode, 0);
				/* once it works again it can be cleaned up */
				f.fault = FAKE_FAULT_NONE;
				CHECK(f.dev.lost);
				CHECK_INT(disable(), 0);
				CHECK(table_is_clear());
				CHECK_INT(f.hw_req, TPH_OP_REQ_OFF);
				CHECK(!f.dev.lost);
				continue;
			}
			if (fault == FAKE_FAULT_DEAD) {
				f.fault = FAKE_FAULT_NONE;
				f.dead = false;
				CHECK(f.dev.lost);
				f.locked = 1;
				CHECK_INT(tph_op_restore(&f.dev), 0);
				f.locked = 0;
			}
			CHECK(!memcmp(before, f.hw_tags, sizeof(before)));
			CHECK_INT(f.hw_mode, VFIO_PCI_TPH_MODE_DS);
			CHECK_INT(f.hw_req, TPH_OP_REQ_TPH);
			/* and what is remembered is what is there */
			f.fault = FAKE_FAULT_NONE;
			CHECK(!memcmp(before, f.tags, sizeof(before)));
			prepare(VFIO_PCI_TPH_SET_ST, 7);
			for (i = 0; i < 7; i++)
				entry(i, 2 - i % 3, i % 5);
			CHECK_INT(call(len), 0);
		}
		/* control off, five tags, control on: nothing left to fail */
		CHECK_INT(at, 8);
	}
}

void test_st(void)
{
	tap_run(test_get_st);
	tap_run(test_set_st);
	tap_run(test_roll_back);
}
