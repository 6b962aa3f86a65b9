// SPDX-License-Identifier: GPL-2.0-only
/*
 * libFuzzer target of the argument logic (tph_op.c): the input is a machine
 * (16 bytes) and the argument of one ioctl, whole. The result is compared with
 * what the contract says, and the hardware with what it should hold.
 *
 * With a directory as only argument and built with -DTPH_OP_SEEDS it writes a
 * seed corpus there instead.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <stdint.h>
#include <stdio.h>

#include "tph_op_fake.h"

#define MUST(cond) do { \
	if (!(cond)) { \
		fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #cond); \
		abort(); \
	} \
} while (0)

/* The machine, as the first bytes of the input describe it */
struct machine {
	u8 caps;	/* 0-1 modes, 2-3 request type, 4 not usable, 5 odd tags */
	u8 state;	/* 0-1 mode enabled, 2 not ready, 3 lost, 4 not allowed */
	__u16 entries;
	u8 allowed;
	u8 present;
	u8 tag8;
	u8 tag16;
	u8 fault;
	u8 fault_at;
	u8 flags;	/* 0 no platform, 1-2 allocations fail, 3 hardware was reset */
	u8 seed;	/* of the tags in the table */
	u8 spare[4];
};

static_assert(sizeof(struct machine) == 16, "part of the corpus format");

#ifndef TPH_OP_SEEDS

static void set_up(struct fake *f, const struct machine *m)
{
	u32 i;

	fake_init(f);
	f->dev.usable = !(m->caps & 0x10);
	f->dev.modes = m->caps & 3;
	f->dev.req = ((m->caps >> 2) & 3) == 2 ? TPH_OP_REQ_OFF : (m->caps >> 2) & 3;
	f->wide8 = m->caps & 0x20;
	f->dev.entries = m->entries % (FAKE_ENTRIES + 1);
	f->dev.loc = f->dev.entries ? TPH_OP_LOC_CAP : TPH_OP_LOC_NONE;
	f->ready = !(m->state & 4);
	f->ds_allowed = !(m->state & 0x10);
	f->allowed = m->allowed;
	f->present = m->present;
	f->tag8 = m->tag8;
	f->tag16 = m->tag16;
	f->platform = m->flags & 1 ? VFIO_PCI_TPH_WHY_NO_DSM : 0;
	if (!f->dev.usable || f->dev.req == TPH_OP_REQ_OFF)
		return;
	if ((m->state & 3) == 1 || (m->state & 3) == 2) {
		f->dev.mode = m->state & 3 & f->dev.modes;
		if (f->dev.mode) {
			f->hw_mode = f->dev.mode;
			f->hw_req = f->dev.req;
			for (i = 0; i < f->dev.entries; i++)
				f->tags[i] = (i * m->seed) & 0xff;
			memcpy(f->hw_tags, f->tags, sizeof(f->tags));
		}
	}
	f->dev.lost = m->state & 8;
	if (f->dev.lost && f->dev.entries)
		f->hw_tags[m->seed % f->dev.entries] = 0x55;
	if ((m->flags & 8) && f->dev.mode) {
		memset(f->hw_tags, 0, sizeof(f->hw_tags));
		f->hw_mode = 0;
		f->hw_req = 0;
	}
}

/* The table after a successful SET_ST */
static void apply(const struct fake *f, const u8 *arg, u16 *tags)
{
	struct vfio_pci_tph_entry ent;
	u32 i, count;

	memcpy(&count, arg + 8, 4);
	for (i = 0; i < count; i++) {
		memcpy(&ent, arg + 16 + 12 * (size_t)i, 12);
		tags[ent.index] = ent.cpu == 0xffffffff ? 0 :
			fake_tag(ent.cpu, ent.mem_type, f->dev.req == TPH_OP_REQ_EXT);
	}
}

static bool is_zero(const u16 *tags, u32 n)
{
	while (n)
		if (tags[--n])
			return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static u8 arg[16 + 12 * (VFIO_PCI_TPH_MAX_ENTRIES + 8)], copy[sizeof(arg)];
	static u16 before[FAKE_ENTRIES];
	static struct fake f;
	struct machine m;
	bool faulty;
	u8 mode;
	int ret, want;
	u32 op = 0;

	if (size < sizeof(m))
		return -1;
	memcpy(&m, data, sizeof(m));
	data += sizeof(m);
	size -= sizeof(m);
	if (size > sizeof(arg))
		size = sizeof(arg);
	memcpy(arg, data, size);
	memcpy(copy, data, size);
	if (size >= 8)
		memcpy(&op, arg + 4, 4);

	set_up(&f, &m);
	mode = f.dev.mode;
	memcpy(before, f.tags, sizeof(before));
	want = fake_oracle(&f, arg, size);
	f.fault = m.fault % FAKE_FAULT_KINDS;
	f.fault_at = m.fault_at;
	faulty = f.fault != FAKE_FAULT_NONE && f.fault_at;
	fake_alloc_fails = m.flags & 2;
	fake_cpus_fail = m.flags & 4;
	ret = fake_ioctl(&f, arg, size);

	/* A fault turns success into -EIO, and nothing else into anything */
	if ((fake_alloc_fails || fake_cpus_fail) && ret == -ENOMEM)
		want = -ENOMEM;
	fake_alloc_fails = false;
	fake_cpus_fail = false;
	if (faulty && !want && ret == -EIO)
		want = -EIO;
	MUST(ret == want);
	if (ret)
		MUST(!memcmp(arg, copy, size));

	if (ret && op == VFIO_PCI_TPH_SET_ST && mode) {
		/* Nothing happened, unless not even that was possible */
		if (f.dev.mode)
			MUST(!memcmp(f.tags, before, sizeof(before)));
		else
			MUST(f.dev.lost && faulty && is_zero(f.tags, FAKE_ENTRIES));
		if (f.dev.mode && !f.dev.lost && !(m.flags & 8)) {
			MUST(!memcmp(f.hw_tags, before, sizeof(before)));
			MUST(f.hw_mode == mode && f.hw_req == f.dev.req);
		}
	}
	if (!ret && op == VFIO_PCI_TPH_SET_ST) {
		apply(&f, copy, before);
		MUST(!memcmp(f.hw_tags, before, sizeof(before)));
		MUST(!memcmp(f.tags, before, sizeof(before)));
		MUST(f.hw_mode == mode && f.hw_req == f.dev.req);
	}
	if (!ret && op == VFIO_PCI_TPH_ENABLE && f.dev.mode != mode)
		MUST(is_zero(f.hw_tags, FAKE_ENTRIES) && f.hw_req == f.dev.req);
	if (!ret && op == VFIO_PCI_TPH_DISABLE)
		MUST(!f.dev.mode && is_zero(f.hw_tags, FAKE_ENTRIES));
	if (op == VFIO_PCI_TPH_GET_CAP || op == VFIO_PCI_TPH_GET_ST)
		MUST(!f.writes);

	/* And whatever was, it can be put back, and left clean. */
	f.fault = FAKE_FAULT_NONE;
	f.dead = false;
	f.ready = true;
	f.locked = 1;
	MUST(!f.dev.lost || f.dev.usable);
	f.dev.lost = f.dev.usable;
	MUST(!tph_op_restore(&f.dev));
	if (f.dev.mode)
		MUST(!memcmp(f.hw_tags, f.tags, f.dev.entries * sizeof(f.tags[0])) &&
		     f.hw_mode == f.dev.mode && f.hw_req == f.dev.req);
	tph_op_forget(&f.dev);
	MUST(!tph_op_restore(&f.dev));
	MUST(is_zero(f.hw_tags, FAKE_ENTRIES) && f.hw_req == TPH_OP_REQ_OFF);
	return 0;
}

#else /* TPH_OP_SEEDS */

static const char *dir;
static int seeds;

static void seed(const struct machine *m, const void *arg, size_t len)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s/seed-%03d", dir, seeds++);
	out = fopen(path, "wb");
	if (!out || fwrite(m, sizeof(*m), 1, out) != 1 ||
	    (len && fwrite(arg, len, 1, out) != 1) || fclose(out)) {
		perror(path);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	static u8 buf[16 + 12 * VFIO_PCI_TPH_MAX_ENTRIES];
	static const u32 counts[] = { 1, 2, 17, VFIO_PCI_TPH_MAX_ENTRIES };
	struct tph_op_arg *op = (void *)buf;
	struct machine m;
	size_t i, j, len;
	u8 state, fault;

	if (argc != 2) {
		fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
		return 2;
	}
	dir = argv[1];
	for (state = 0; state < 3; state++) {
		memset(&m, 0, sizeof(m));
		m.caps = 3 | (state ? 3 : 1) << 2;
		m.state = state;
		m.entries = state == 2 ? 2048 : 16;
		m.allowed = 0xff;
		m.present = 0x7f;
		m.tag8 = 0xff;
		m.tag16 = 0xff;
		m.seed = 7;
		memset(buf, 0, sizeof(buf));
		op->argsz = 16;
		for (op->op = 0; op->op <= VFIO_PCI_TPH_DISABLE; op->op++) {
			if (op->op == VFIO_PCI_TPH_ENABLE)
				op->ctrl.mode = state == 1 ? 2 : 1;
			seed(&m, buf, 16);
			m.fault = 1;
			m.fault_at = 1;
			seed(&m, buf, 16);
			m.fault = 0;
		}
		for (op->op = VFIO_PCI_TPH_GET_ST; op->op <= VFIO_PCI_TPH_SET_ST; op->op++) {
			for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
				op->st.count = counts[i];
				op->st.reserved = 0;
				len = 16 + 12 * counts[i];
				op->argsz = len;
				for (j = 0; j < counts[i]; j++) {
					struct vfio_pci_tph_entry ent = {
						.cpu = j % 6,
						.mem_type = j & 1,
						.index = j % (m.entries - 1),
					};

					if (j % 6 == 5)
						ent.cpu = VFIO_PCI_TPH_CPU_NONE;
					memcpy(buf + 16 + 12 * j, &ent, 12);
				}
				for (fault = 0; fault < 4; fault++) {
					m.fault = fault;
					m.fault_at = fault ? i + 1 : 0;
					seed(&m, buf, len);
				}
				m.fault = 0;
			}
		}
	}
	return 0;
}

#endif /* TPH_OP_SEEDS */
