// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of the argument logic (tph_op.c) on the host: what
 * becomes of mode and table, hardware that fails included.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include "tph_op_test.h"

static void test_enable_faults(void)
{
	enum fake_fault fault;
	u32 at;

	for (fault = FAKE_FAULT_ERROR; fault < FAKE_FAULT_KINDS; fault++) {
		for (at = 1; at <= 3; at++) {
			fake_init(&f);
			f.hw_tags[3] = 9;
			f.fault = fault;
			f.fault_at = at;
			CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), -EIO);
			CHECK_INT(f.dev.mode, 0);
			if (fault != FAKE_FAULT_DEAD)
				CHECK_INT(f.hw_req, TPH_OP_REQ_OFF);
			/* what may be left can be switched off */
			if (at > 1)
				CHECK_INT(f.dev.dirty, at == 2 || fault == FAKE_FAULT_DEAD);
			f.fault = FAKE_FAULT_NONE;
			CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), 0);
			CHECK(table_is_clear());
		}
	}
	fake_init(&f);
	f.read_fails = true;
	f.read_fails_at = 5;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), -EIO);
	CHECK_INT(f.hw_req, TPH_OP_REQ_OFF);
}

static void test_disable_faults(void)
{
	fake_init(&f);
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), 0);
	CHECK_INT(set_one(1, 1), 0);
	CHECK_INT(set_one(2, 2), 0);
	f.ready = false;
	CHECK_INT(disable(), -EIO);
	f.ready = true;
	f.fault = FAKE_FAULT_ERROR;
	f.fault_at = f.writes + 1;
	CHECK_INT(disable(), -EIO);
	CHECK_INT(f.dev.mode, VFIO_PCI_TPH_MODE_DS);
	/* off, yet a tag stays: the other one goes, and the next call tries again */
	f.fault_at = f.writes + 2;
	CHECK_INT(disable(), -EIO);
	CHECK_INT(f.hw_req, TPH_OP_REQ_OFF);
	CHECK_INT(f.hw_tags[1], fake_tag(1, 0, false));
	CHECK_INT(f.hw_tags[2], 0);
	f.fault = FAKE_FAULT_NONE;
	CHECK_INT(disable(), 0);
	CHECK(table_is_clear());
}

static void test_lifecycle(void)
{
	u32 at;

	fake_init(&f);
	f.locked = 1;
	CHECK_INT(tph_op_restore(&f.dev), 0);
	CHECK_INT(tph_op_sync(&f.dev), 0);
	CHECK_INT(f.writes, 0);
	f.locked = 0;

	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), 0);
	CHECK_INT(set_one(1, 1), 0);
	CHECK_INT(set_one(2, 5), 0);
	/* nothing lost, nothing done */
	f.locked = 1;
	f.writes = 0;
	CHECK_INT(tph_op_sync(&f.dev), 0);
	CHECK_INT(f.writes, 0);
	/* a reset that leaves rubbish */
	for (at = 0; at <= 6; at++) {
		memset(f.hw_tags, 0, sizeof(f.hw_tags));
		f.hw_tags[7] = 3;
		f.hw_mode = 0;
		f.hw_req = 0;
		f.writes = 0;
		f.fault = at ? FAKE_FAULT_ERROR : FAKE_FAULT_NONE;
		f.fault_at = at;
		CHECK_INT(tph_op_sync(&f.dev), at && at < 6 ? -EIO : 0);
		if (at && at < 6)
			continue;
		CHECK_INT(f.hw_tags[1], fake_tag(1, 0, false));
		CHECK_INT(f.hw_tags[5], fake_tag(2, 0, false));
		CHECK_INT(f.hw_tags[7], 0);
		CHECK_INT(f.hw_mode, VFIO_PCI_TPH_MODE_DS);
		CHECK_INT(f.hw_req, TPH_OP_REQ_TPH);
	}
	/* writing tags notices a lost state first */
	f.locked = 0;
	f.fault = FAKE_FAULT_NONE;
	memset(f.hw_tags, 0, sizeof(f.hw_tags));
	f.hw_mode = 0;
	f.hw_req = 0;
	CHECK_INT(set_one(0, 9), 0);
	CHECK_INT(f.hw_tags[5], fake_tag(2, 0, false));
	CHECK_INT(f.hw_tags[9], fake_tag(0, 0, false));
	f.locked = 1;
	CHECK_INT(tph_op_reset(&f.dev), 0);
	CHECK(table_is_clear());
	CHECK_INT(f.hw_req, TPH_OP_REQ_OFF);
	CHECK_INT(f.dev.mode, 0);

	/* the tags of before do not come back with the mode */
	f.locked = 0;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), 0);
	f.locked = 1;
	f.hw_mode = 0;
	CHECK_INT(tph_op_sync(&f.dev), 0);
	CHECK_INT(f.hw_mode, VFIO_PCI_TPH_MODE_DS);
	CHECK(table_is_clear());
}

/* What only shows in the tags: the MSI-X table, wiped when MSI-X is enabled */
static void test_lost_tags(void)
{
	fake_init(&f);
	f.dev.loc = TPH_OP_LOC_MSIX;
	f.locked = 1;
	CHECK_INT(tph_op_check(&f.dev), 0);
	f.locked = 0;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), 0);
	CHECK_INT(set_one(1, 1), 0);
	CHECK_INT(set_one(2, 15), 0);
	f.locked = 1;
	f.writes = 0;
	CHECK_INT(tph_op_check(&f.dev), 0);
	CHECK_INT(f.writes, 0);
	memset(f.hw_tags, 0, sizeof(f.hw_tags));
	CHECK_INT(tph_op_sync(&f.dev), 0);
	CHECK_INT(f.writes, 0);
	CHECK_INT(tph_op_check(&f.dev), 0);
	CHECK_INT(f.hw_tags[1], fake_tag(1, 0, false));
	CHECK_INT(f.hw_tags[15], fake_tag(2, 0, false));
	CHECK_INT(f.hw_req, TPH_OP_REQ_TPH);

	/* what could not be looked at, or not be put back, is remembered */
	f.read_fails = true;
	f.read_fails_at = 9;
	f.fault = FAKE_FAULT_DEAD;
	f.fault_at = f.writes + 3;
	CHECK_INT(tph_op_check(&f.dev), -EIO);
	CHECK(f.dev.lost);
	f.read_fails = false;
	f.hw_mode = f.dev.mode;
	f.hw_req = f.dev.req;
	memset(f.hw_tags, 0, sizeof(f.hw_tags));
	f.fault = FAKE_FAULT_NONE;
	CHECK_INT(tph_op_sync(&f.dev), 0);
	CHECK(!f.dev.lost);
	CHECK_INT(f.hw_tags[15], fake_tag(2, 0, false));
	f.dev.lost = true;
	f.locked = 0;
	CHECK_INT(disable(), 0);
	CHECK(!f.dev.lost);
}

void test_life(void)
{
	test_enable_faults();
	test_disable_faults();
	test_lifecycle();
	test_lost_tags();
}
