// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of the argument logic (tph_op.c) on the host: what
 * becomes of mode and table, hardware that fails included.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include "tph_op_test.h"

/* The hardware holds what it is to hold. */
static bool is_in_step(void)
{
	return f.hw_mode == f.dev.mode && f.hw_req == (f.dev.mode ? f.dev.req : TPH_OP_REQ_OFF) &&
		!memcmp(f.hw_tags, f.tags, sizeof(f.hw_tags));
}

/* All of it is gone, as after the reset of a link. */
static void wipe(void)
{
	memset(f.hw_tags, 0, sizeof(f.hw_tags));
	f.hw_mode = 0;
	f.hw_req = 0;
}

static void revive(void)
{
	f.fault = FAKE_FAULT_NONE;
	f.dead = false;
}

/* What the module does at the end of a reset and the like */
static int restore(void)
{
	int ret;

	f.locked = 1;
	f.timeouts = 0;
	ret = tph_op_restore(&f.dev);
	CHECK(f.timeouts <= 1);
	f.locked = 0;
	return ret;
}

static void test_enable_faults(void)
{
	enum fake_fault fault;
	u32 at;

	for (fault = FAKE_FAULT_ERROR; fault < FAKE_FAULT_KINDS; fault++) {
		/* off, a tag that is cleared, on */
		for (at = 1; at <= 3; at++) {
			fake_init(&f);
			f.hw_mode = VFIO_PCI_TPH_MODE_IV;
			f.hw_req = TPH_OP_REQ_TPH;
			f.hw_tags[3] = 9;
			f.fault = fault;
			f.fault_at = at;
			CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), -EIO);
			CHECK_INT(f.dev.mode, 0);
			/* what answers is off, and what may be left is known */
			CHECK(f.dev.lost || is_in_step());
			if (fault == FAKE_FAULT_ERROR || fault == FAKE_FAULT_LATE)
				CHECK_INT(f.hw_req, TPH_OP_REQ_OFF);
			revive();
			CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), 0);
			CHECK(table_is_clear());
			CHECK(is_in_step());
		}
	}
	fake_init(&f);
	f.read_fails = true;
	f.read_fails_at = 5;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), -EIO);
	CHECK_INT(f.hw_req, TPH_OP_REQ_OFF);
}

/* Enabled already, and then it was lost without a word */
static void test_enable_again(void)
{
	fake_init(&f);
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), 0);
	CHECK_INT(set_one(1, 4), 0);
	f.writes = 0;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), 0);
	CHECK_INT(f.writes, 0);
	wipe();
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), 0);
	CHECK(is_in_step());
	CHECK_INT(f.hw_tags[4], fake_tag(1, 0, false));
	/* just the mode */
	f.hw_mode = 0;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), 0);
	CHECK(is_in_step());
	/* just one tag */
	f.hw_tags[9] = 3;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), 0);
	CHECK(is_in_step());
	/* asking is no occasion */
	wipe();
	f.writes = 0;
	CHECK_INT(get_cap(), 0);
	CHECK_INT(f.writes, 0);
	/* success would be a lie */
	f.fault = FAKE_FAULT_STUCK;
	f.fault_at = 1;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), -EIO);
	CHECK(f.dev.lost);
	f.fault = FAKE_FAULT_NONE;
	f.dead = true;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), -EIO);
	CHECK_INT(f.timeouts, 1);
	revive();
	f.ready = false;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), -EIO);
	f.ready = true;
	CHECK_INT(restore(), 0);
	CHECK(is_in_step());
	CHECK_INT(f.hw_tags[4], fake_tag(1, 0, false));
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
	CHECK(is_in_step());
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

static void test_restore(void)
{
	u32 at;

	fake_init(&f);
	CHECK_INT(restore(), 0);
	CHECK_INT(f.writes, 0);

	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), 0);
	CHECK_INT(set_one(1, 1), 0);
	CHECK_INT(set_one(2, 5), 0);
	/* nothing lost, nothing done */
	f.writes = 0;
	CHECK_INT(restore(), 0);
	CHECK_INT(f.writes, 0);
	/* a reset that leaves rubbish: mode, three tags, requests on */
	for (at = 0; at <= 6; at++) {
		wipe();
		f.hw_tags[7] = 3;
		f.dev.lost = true;
		f.writes = 0;
		f.fault = at ? FAKE_FAULT_ERROR : FAKE_FAULT_NONE;
		f.fault_at = at;
		CHECK_INT(restore(), at && at < 6 ? -EIO : 0);
		CHECK_INT(f.dev.lost, at && at < 6);
		/* no requests before every tag is right */
		CHECK(f.hw_req == TPH_OP_REQ_OFF || is_in_step());
		f.fault = FAKE_FAULT_NONE;
		CHECK_INT(restore(), 0);
		CHECK(is_in_step());
		CHECK_INT(f.hw_tags[1], fake_tag(1, 0, false));
		CHECK_INT(f.hw_tags[5], fake_tag(2, 0, false));
	}
	/* writing tags notices a lost state first */
	f.locked = 0;
	f.fault = FAKE_FAULT_NONE;
	wipe();
	CHECK_INT(set_one(0, 9), 0);
	CHECK_INT(f.hw_tags[5], fake_tag(2, 0, false));
	CHECK_INT(f.hw_tags[9], fake_tag(0, 0, false));
	/* and a tag that somebody else put there */
	f.hw_tags[12] = 0x66;
	CHECK_INT(set_one(0, 9), 0);
	CHECK_INT(f.hw_tags[12], 0);
	f.locked = 1;
	tph_op_forget(&f.dev);
	CHECK_INT(tph_op_restore(&f.dev), 0);
	CHECK(table_is_clear());
	CHECK_INT(f.hw_req, TPH_OP_REQ_OFF);
	CHECK_INT(f.dev.mode, 0);
	f.locked = 0;

	/* the tags of before do not come back with the mode */
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), 0);
	wipe();
	f.dev.lost = true;
	CHECK_INT(restore(), 0);
	CHECK_INT(f.hw_mode, VFIO_PCI_TPH_MODE_DS);
	CHECK(table_is_clear());

	/* off: what comes out of a reset must not work */
	CHECK_INT(disable(), 0);
	f.hw_tags[2] = 0x77;
	f.hw_mode = VFIO_PCI_TPH_MODE_IV;
	f.dev.lost = true;
	CHECK_INT(restore(), 0);
	CHECK(is_in_step());
}

/* In MSI-X what is read is not all there is: every tag is written. */
static void test_restore_msix(void)
{
	fake_init(&f);
	f.dev.loc = TPH_OP_LOC_MSIX;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), 0);
	CHECK_INT(set_one(1, 1), 0);
	CHECK_INT(set_one(2, 15), 0);
	f.dev.lost = true;
	f.writes = 0;
	CHECK_INT(restore(), 0);
	/* off, 16 tags, on */
	CHECK_INT(f.writes, 18);
	CHECK(is_in_step());

	/* what could not be put back is remembered */
	wipe();
	f.dev.lost = true;
	f.fault = FAKE_FAULT_STUCK;
	f.fault_at = f.writes + 3;
	CHECK_INT(restore(), -EIO);
	CHECK(f.dev.lost);
	f.fault = FAKE_FAULT_NONE;
	CHECK_INT(restore(), 0);
	CHECK(!f.dev.lost);
	CHECK(is_in_step());
	f.dev.lost = true;
	CHECK_INT(disable(), 0);
	CHECK(!f.dev.lost);
}

/*
 * Nobody answers from the n-th access on: one time-out, and as soon as somebody
 * does, everything is as it was.
 */
static void test_dead(void)
{
	u16 before[FAKE_ENTRIES];
	u32 at, i, entries[] = { 16, 2048 };
	size_t k, len;
	int ret;

	for (k = 0; k < 2; k++) {
		for (at = 0; at < 8; at++) {
			fake_init(&f);
			f.dev.entries = entries[k];
			f.dev.loc = k ? TPH_OP_LOC_MSIX : TPH_OP_LOC_CAP;
			CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), 0);
			CHECK_INT(set_one(1, 1), 0);
			memcpy(before, f.tags, sizeof(before));
			f.fault = FAKE_FAULT_DEAD;
			f.fault_at = at ? f.writes + at : 0;
			f.dead = !at;
			len = prepare(VFIO_PCI_TPH_SET_ST, 16);
			for (i = 0; i < 16; i++)
				entry(i, i % 3, i);
			ret = fake_ioctl(&f, &a, len);
			CHECK_INT(ret, -EIO);
			CHECK_INT(f.timeouts, 1);
			CHECK(f.dev.lost || !at);
			CHECK(!memcmp(f.tags, before, sizeof(before)));
			CHECK_INT(f.dev.mode, VFIO_PCI_TPH_MODE_IV);
			/* whatever is asked of it */
			CHECK_INT(disable(), -EIO);
			CHECK_INT(f.timeouts, 1);
			CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), -EIO);
			CHECK_INT(f.timeouts, 1);
			CHECK_INT(restore(), -EIO);
			CHECK_INT(f.timeouts, 1);
			revive();
			CHECK_INT(restore(), 0);
			CHECK(is_in_step());
			CHECK(!memcmp(f.hw_tags, before, sizeof(before)));
		}
	}
	/* it does not do as told, and then does not answer when that is undone */
	fake_init(&f);
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), 0);
	CHECK_INT(set_one(1, 1), 0);
	f.fault = FAKE_FAULT_ERROR;
	f.fault_at = f.writes + 3;
	f.dead_at = f.writes + 4;
	len = prepare(VFIO_PCI_TPH_SET_ST, 4);
	for (i = 0; i < 4; i++)
		entry(i, 2, i);
	CHECK_INT(fake_ioctl(&f, &a, len), -EIO);
	CHECK_INT(f.timeouts, 1);
	CHECK_INT(f.dev.mode, VFIO_PCI_TPH_MODE_IV);
	revive();
	CHECK_INT(restore(), 0);
	CHECK(is_in_step());
	CHECK_INT(f.hw_tags[1], fake_tag(1, 0, false));

	/* its owner goes: nothing of that comes back to life */
	f.dead = true;
	f.locked = 1;
	f.timeouts = 0;
	tph_op_forget(&f.dev);
	CHECK_INT(tph_op_restore(&f.dev), -EIO);
	CHECK_INT(f.timeouts, 1);
	revive();
	CHECK_INT(tph_op_restore(&f.dev), 0);
	CHECK(table_is_clear());
	CHECK_INT(f.hw_req, TPH_OP_REQ_OFF);
}

void test_life(void)
{
	tap_run(test_enable_faults);
	tap_run(test_enable_again);
	tap_run(test_disable_faults);
	tap_run(test_restore);
	tap_run(test_restore_msix);
	tap_run(test_dead);
}
