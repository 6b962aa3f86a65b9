// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of the argument logic (tph_op.c) on the host.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <stdio.h>

#include "tph_op_fake.h"

static int checks, failures;

#define CHECK(cond) do { \
	checks++; \
	if (!(cond)) { \
		failures++; \
		fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, __func__, #cond); \
	} \
} while (0)

#define CHECK_INT(got, want) do { \
	long got_ = (got), want_ = (want); \
	checks++; \
	if (got_ != want_) { \
		failures++; \
		fprintf(stderr, "%s:%d: %s: %s is %ld, not %ld\n", __FILE__, \
			__LINE__, __func__, #got, got_, want_); \
	} \
} while (0)

/* The largest argument there is, as plain bytes */
struct arg {
	struct tph_op_arg op;
	struct vfio_pci_tph_entry ents[VFIO_PCI_TPH_MAX_ENTRIES + 1];
};

static struct arg a;
static struct fake f;

static size_t prepare(u32 op, u32 count)
{
	size_t len = 16 + 12 * (size_t)count;

	memset(&a, 0, sizeof(a));
	a.op.argsz = len;
	a.op.op = op;
	if (count)
		a.op.st.count = count;
	return len;
}

static void entry(u32 i, u32 cpu, u16 index)
{
	a.ents[i].cpu = cpu;
	a.ents[i].index = index;
}

/* Call it, and see that the oracle agrees when there are no faults */
static int call(size_t len)
{
	int want = fake_oracle(&f, &a, len), ret;

	ret = fake_ioctl(&f, &a, len);
	if (f.fault == FAKE_FAULT_NONE && !f.read_fails && !fake_alloc_fails)
		CHECK_INT(ret, want);
	return ret;
}

static int enable(u8 mode)
{
	size_t len = prepare(VFIO_PCI_TPH_ENABLE, 0);

	a.op.ctrl.mode = mode;
	return call(len);
}

static int disable(void)
{
	return call(prepare(VFIO_PCI_TPH_DISABLE, 0));
}

static int get_cap(void)
{
	return call(prepare(VFIO_PCI_TPH_GET_CAP, 0));
}

static int set_one(u32 cpu, u16 index)
{
	size_t len = prepare(VFIO_PCI_TPH_SET_ST, 1);

	entry(0, cpu, index);
	return call(len);
}

static int get_one(u32 cpu)
{
	size_t len = prepare(VFIO_PCI_TPH_GET_ST, 1);

	entry(0, cpu, 0);
	return call(len);
}

static bool table_is_clear(void)
{
	u32 i;

	for (i = 0; i < FAKE_ENTRIES; i++)
		if (f.hw_tags[i])
			return false;
	return true;
}

static void test_request_type(void)
{
	static const u8 want[4][4] = {
		{ 0, 0, 0, 0 },
		{ 0, 1, 0, 1 },
		{ 0, 0, 0, 0 },
		{ 0, 1, 0, 3 },
	};
	u8 device, port;

	for (device = 0; device < 4; device++)
		for (port = 0; port < 4; port++)
			CHECK_INT(tph_op_common_req(device, port), want[device][port]);
}

static void test_header(void)
{
	size_t len;
	u32 op;

	fake_init(&f);
	for (op = 0; op <= VFIO_PCI_TPH_SET_ST; op++) {
		/* not readable at all, or not as far as needed */
		for (len = 0; len < 16; len++) {
			prepare(op, 0);
			CHECK_INT(call(len), -EFAULT);
		}
		prepare(op, 0);
		a.op.argsz = 15;
		CHECK_INT(call(16), -EINVAL);
		a.op.argsz = 0;
		CHECK_INT(call(16), -EINVAL);
	}
	prepare(VFIO_PCI_TPH_SET_ST + 1, 0);
	CHECK_INT(call(16), -EINVAL);
	prepare(U32_MAX, 0);
	CHECK_INT(call(16), -EINVAL);

	/* larger than needed is fine */
	prepare(VFIO_PCI_TPH_GET_CAP, 0);
	a.op.argsz = U32_MAX;
	CHECK_INT(call(16), 0);
	CHECK_INT(f.writes, 0);
}

static void test_st_header(void)
{
	static const u32 counts[] = { 0, 2049, 0x10000000, 0x15555556, U32_MAX };
	size_t i, len;
	u32 op;

	fake_init(&f);
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), 0);
	for (op = VFIO_PCI_TPH_GET_ST; op <= VFIO_PCI_TPH_SET_ST; op++) {
		for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
			prepare(op, 0);
			a.op.st.count = counts[i];
			a.op.argsz = U32_MAX;
			CHECK_INT(call(sizeof(a)), -EINVAL);
		}
		len = prepare(op, 3);
		a.op.argsz = len - 1;
		CHECK_INT(call(len), -EINVAL);
		prepare(op, 3);
		a.op.st.reserved = 1;
		CHECK_INT(call(len), -EINVAL);
		/* argsz promises what is not there */
		prepare(op, 3);
		CHECK_INT(call(len - 1), -EFAULT);
		CHECK_INT(call(16), -EFAULT);
		/* the last entry is looked at as well */
		prepare(op, 3);
		a.ents[2].mem_type = 2;
		CHECK_INT(call(len), -EINVAL);
		prepare(op, 3);
		a.ents[2].reserved0 = 1;
		CHECK_INT(call(len), -EINVAL);
		prepare(op, 3);
		a.ents[2].reserved1 = 0x8000;
		CHECK_INT(call(len), -EINVAL);
		/* what is output or unused may hold anything */
		prepare(op, 3);
		a.ents[2].st = 0xffff;
		CHECK_INT(call(len), 0);
		prepare(op, 3);
		fake_alloc_fails = true;
		CHECK_INT(call(len), -ENOMEM);
		fake_alloc_fails = false;
	}
}

static void test_enable(void)
{
	size_t i, len;
	u8 mode;

	fake_init(&f);
	for (i = 0; i < FAKE_ENTRIES; i++)
		f.hw_tags[i] = i < 16 ? 0x77 : 0;
	len = prepare(VFIO_PCI_TPH_ENABLE, 0);
	for (mode = 0; mode != 255; mode++) {
		if (mode == VFIO_PCI_TPH_MODE_IV || mode == VFIO_PCI_TPH_MODE_DS)
			continue;
		CHECK_INT(enable(mode), -EINVAL);
	}
	for (i = 0; i < 7; i++) {
		prepare(VFIO_PCI_TPH_ENABLE, 0);
		a.op.ctrl.mode = VFIO_PCI_TPH_MODE_IV;
		a.op.ctrl.reserved[i] = 0x80;
		CHECK_INT(call(len), -EINVAL);
	}
	CHECK_INT(f.writes, 0);

	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), 0);
	CHECK(table_is_clear());
	CHECK_INT(f.hw_mode, VFIO_PCI_TPH_MODE_IV);
	CHECK_INT(f.hw_req, TPH_OP_REQ_TPH);
	CHECK_INT(set_one(1, 4), 0);
	f.writes = 0;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), 0);
	CHECK_INT(f.writes, 0);
	CHECK_INT(f.hw_tags[4], fake_tag(1, 0, false));
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), -EBUSY);
	/* busy comes before policy */
	f.ds_allowed = false;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), -EBUSY);
	CHECK_INT(disable(), 0);
	CHECK(table_is_clear());
	CHECK_INT(f.hw_req, TPH_OP_REQ_OFF);
	f.writes = 0;
	CHECK_INT(disable(), 0);
	CHECK_INT(f.writes, 0);

	/* policy comes before hardware, capability before state */
	f.ready = false;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), -EPERM);
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), -EIO);
	f.ready = true;
	f.dev.modes = VFIO_PCI_TPH_MODE_DS;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), -EOPNOTSUPP);
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), -EPERM);
	f.ds_allowed = true;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), 0);
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), -EOPNOTSUPP);
	/* allowed once stays allowed */
	f.ds_allowed = false;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), 0);

	fake_init(&f);
	f.dev.req = TPH_OP_REQ_OFF;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), -EOPNOTSUPP);
	fake_init(&f);
	f.dev.req = TPH_OP_REQ_EXT;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), 0);
	CHECK_INT(f.hw_req, TPH_OP_REQ_EXT);
}

static void test_no_capability(void)
{
	u32 op;

	fake_init(&f);
	f.dev.usable = false;
	f.ready = false;
	for (op = 0; op <= VFIO_PCI_TPH_SET_ST; op++) {
		size_t len = prepare(op, op >= VFIO_PCI_TPH_GET_ST ? 1 : 0);

		if (op == VFIO_PCI_TPH_ENABLE)
			a.op.ctrl.mode = VFIO_PCI_TPH_MODE_DS;
		CHECK_INT(call(len), -EOPNOTSUPP);
		/* arguments come first */
		a.op.argsz = 15;
		CHECK_INT(call(len), -EINVAL);
	}
	CHECK_INT(tph_op_reset(&f.dev), 0);
	CHECK_INT(tph_op_restore(&f.dev), 0);
	CHECK_INT(tph_op_sync(&f.dev), 0);
	CHECK_INT(f.writes, 0);
}

static void test_get_cap(void)
{
	fake_init(&f);
	CHECK_INT(get_cap(), 0);
	CHECK_INT(a.op.cap.supported_modes, 3);
	CHECK_INT(a.op.cap.flags, VFIO_PCI_TPH_CAP_ST_IN_CAP | VFIO_PCI_TPH_CAP_PLATFORM_ST);
	CHECK_INT(a.op.cap.st_table_sz, 16);
	CHECK_INT(a.op.cap.reserved, 0);

	f.ds_allowed = false;
	f.platform = false;
	f.dev.req = TPH_OP_REQ_EXT;
	f.dev.loc = TPH_OP_LOC_MSIX;
	f.dev.entries = 2048;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), 0);
	CHECK_INT(get_cap(), 0);
	CHECK_INT(a.op.cap.supported_modes, VFIO_PCI_TPH_MODE_IV);
	CHECK_INT(a.op.cap.flags, VFIO_PCI_TPH_CAP_ST_IN_MSIX | VFIO_PCI_TPH_CAP_EXTENDED |
		  VFIO_PCI_TPH_CAP_ENABLED);
	CHECK_INT(a.op.cap.st_table_sz, 2048);

	fake_init(&f);
	f.dev.loc = TPH_OP_LOC_NONE;
	f.dev.entries = 0;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), 0);
	CHECK_INT(get_cap(), 0);
	CHECK_INT(a.op.cap.flags, VFIO_PCI_TPH_CAP_PLATFORM_ST | VFIO_PCI_TPH_CAP_ENABLED |
		  VFIO_PCI_TPH_CAP_ENABLED_DS);

	fake_init(&f);
	f.dev.req = TPH_OP_REQ_OFF;
	CHECK_INT(get_cap(), 0);
	CHECK_INT(a.op.cap.supported_modes, 0);
	f.ready = false;
	CHECK_INT(get_cap(), -EIO);
}

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
	f.platform = false;
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
			if (fault == FAKE_FAULT_DEAD) {
				CHECK_INT(f.dev.mode, 0);
				/* once it works again it can be cleaned up */
				f.fault = FAKE_FAULT_NONE;
				CHECK(f.dev.dirty);
				CHECK_INT(disable(), 0);
				CHECK(table_is_clear());
				CHECK_INT(f.hw_req, TPH_OP_REQ_OFF);
				CHECK(!f.dev.dirty);
				continue;
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

int main(void)
{
	test_request_type();
	test_header();
	test_st_header();
	test_enable();
	test_no_capability();
	test_get_cap();
	test_get_st();
	test_set_st();
	test_roll_back();
	test_enable_faults();
	test_disable_faults();
	test_lifecycle();
	test_lost_tags();
	printf("%d checks, %d failed\n", checks, failures);
	return failures ? 1 : 0;
}
