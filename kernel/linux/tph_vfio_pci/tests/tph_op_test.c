// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of the argument logic (tph_op.c) on the host.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include "tph_op_test.h"

struct arg a;
struct fake f;

size_t prepare(u32 op, u32 count)
{
	size_t len = 16 + 12 * (size_t)count;

	memset(&a, 0, sizeof(a));
	a.op.argsz = len;
	a.op.op = op;
	if (count)
		a.op.st.count = count;
	return len;
}

void entry(u32 i, u32 cpu, u16 index)
{
	a.ents[i].cpu = cpu;
	a.ents[i].index = index;
}

int call(size_t len)
{
	int want = fake_oracle(&f, &a, len), ret;

	ret = fake_ioctl(&f, &a, len);
	if (f.fault == FAKE_FAULT_NONE && !f.read_fails && !fake_alloc_fails &&
	    !fake_cpus_fail && !f.dead)
		CHECK_INT(ret, want);
	return ret;
}

int enable(u8 mode)
{
	size_t len = prepare(VFIO_PCI_TPH_ENABLE, 0);

	a.op.ctrl.mode = mode;
	return call(len);
}

int disable(void)
{
	return call(prepare(VFIO_PCI_TPH_DISABLE, 0));
}

int get_cap(void)
{
	return call(prepare(VFIO_PCI_TPH_GET_CAP, 0));
}

int set_one(u32 cpu, u16 index)
{
	size_t len = prepare(VFIO_PCI_TPH_SET_ST, 1);

	entry(0, cpu, index);
	return call(len);
}

int get_one(u32 cpu)
{
	size_t len = prepare(VFIO_PCI_TPH_GET_ST, 1);

	entry(0, cpu, 0);
	return call(len);
}

bool table_is_clear(void)
{
	u32 i;

	for (i = 0; i < FAKE_ENTRIES; i++)
		if (f.hw_tags[i])
			return false;
	return true;
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
		fake_cpus_fail = true;
		CHECK_INT(call(len), -ENOMEM);
		fake_cpus_fail = false;
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
	tph_op_forget(&f.dev);
	CHECK_INT(tph_op_restore(&f.dev), 0);
	CHECK_INT(f.writes, 0);
}

static void test_get_cap(void)
{
	fake_init(&f);
	CHECK_INT(get_cap(), 0);
	CHECK_INT(a.op.cap.supported_modes, 3);
	CHECK_INT(a.op.cap.flags, VFIO_PCI_TPH_CAP_ST_IN_CAP | VFIO_PCI_TPH_CAP_PLATFORM_ST);
	CHECK_INT(a.op.cap.st_table_sz, 16);
	CHECK_INT(a.op.cap.why, 0);

	f.ds_allowed = false;
	f.platform = VFIO_PCI_TPH_WHY_NO_DSM;
	f.dev.req = TPH_OP_REQ_EXT;
	f.dev.loc = TPH_OP_LOC_MSIX;
	f.dev.entries = 2048;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), 0);
	CHECK_INT(get_cap(), 0);
	CHECK_INT(a.op.cap.supported_modes, VFIO_PCI_TPH_MODE_IV);
	CHECK_INT(a.op.cap.flags, VFIO_PCI_TPH_CAP_ST_IN_MSIX | VFIO_PCI_TPH_CAP_EXTENDED |
		  VFIO_PCI_TPH_CAP_ENABLED);
	CHECK_INT(a.op.cap.st_table_sz, 2048);
	CHECK_INT(a.op.cap.why, VFIO_PCI_TPH_WHY_POLICY | VFIO_PCI_TPH_WHY_NO_DSM);

	fake_init(&f);
	f.dev.loc = TPH_OP_LOC_NONE;
	f.dev.entries = 0;
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), 0);
	CHECK_INT(get_cap(), 0);
	CHECK_INT(a.op.cap.flags, VFIO_PCI_TPH_CAP_PLATFORM_ST | VFIO_PCI_TPH_CAP_ENABLED |
		  VFIO_PCI_TPH_CAP_ENABLED_DS);

	fake_init(&f);
	f.dev.req = TPH_OP_REQ_OFF;
	f.dev.why = VFIO_PCI_TPH_WHY_ROOT_PORT;
	f.platform = VFIO_PCI_TPH_WHY_BAD_DSM;
	CHECK_INT(get_cap(), 0);
	CHECK_INT(a.op.cap.supported_modes, 0);
	CHECK_INT(a.op.cap.why, VFIO_PCI_TPH_WHY_ROOT_PORT | VFIO_PCI_TPH_WHY_BAD_DSM);
	CHECK(a.op.cap.flags & VFIO_PCI_TPH_CAP_PLATFORM_ST);

	/* nothing is forbidden that the device does not have */
	fake_init(&f);
	f.dev.modes = VFIO_PCI_TPH_MODE_IV;
	f.ds_allowed = false;
	CHECK_INT(get_cap(), 0);
	CHECK_INT(a.op.cap.why, 0);

	/* powered down, in reset, gone: the answer is the same, nobody is asked */
	fake_init(&f);
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_IV), 0);
	f.ready = false;
	f.dead = true;
	CHECK_INT(get_cap(), 0);
	CHECK_INT(a.op.cap.supported_modes, 3);
	CHECK(a.op.cap.flags & VFIO_PCI_TPH_CAP_ENABLED);
	CHECK_INT(f.timeouts, 0);
}

/*
 * An earlier proposal used the same ioctl number with argsz, flags and count, 12
 * bytes, and the operation in flags: bits 0-2 a mode, 3-5 what to do. What it
 * called ENABLE of a mode has the values of our operations.
 */
static void test_other_proposal(void)
{
	struct { u32 argsz, flags, count; u8 entry[16]; } old;
	u32 flags, count;
	size_t len;

	fake_init(&f);
	CHECK_INT(enable(VFIO_PCI_TPH_MODE_DS), 0);
	CHECK_INT(set_one(1, 4), 0);
	f.writes = 0;
	for (flags = 0; flags < 64; flags++) {
		for (count = 0; count < 2; count++) {
			memset(&old, 0, sizeof(old));
			len = 12 + 16 * count;
			old.argsz = len;
			old.flags = flags;
			old.count = count;
			/* 28 bytes: there an op is an op, with what it takes for a CPU */
			if (count && flags <= VFIO_PCI_TPH_SET_ST)
				continue;
			CHECK(fake_ioctl(&f, &old, len) < 0);
			/* more is readable behind it */
			CHECK(count || fake_ioctl(&f, &old, sizeof(old)) == -EINVAL);
		}
	}
	CHECK_INT(f.writes, 0);
	CHECK_INT(f.dev.mode, VFIO_PCI_TPH_MODE_DS);
	CHECK_INT(f.hw_tags[4], fake_tag(1, 0, false));
}

int main(void)
{
	tap_run(test_header);
	tap_run(test_st_header);
	tap_run(test_enable);
	tap_run(test_no_capability);
	tap_run(test_get_cap);
	tap_run(test_other_proposal);
	test_st();
	test_life();
	test_cap();
	return tap_end();
}
