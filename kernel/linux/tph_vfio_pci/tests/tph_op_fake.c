// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pretended device, machine and caller for the host tests of tph_op.c. What
 * must never happen, whatever the input, ends the program right here.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <stdio.h>

#include "tph_op_fake.h"

#define MUST(cond) do { \
	if (!(cond)) { \
		fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #cond); \
		abort(); \
	} \
} while (0)

bool fake_alloc_fails, fake_cpus_fail;
long fake_allocs;

void *tph_alloc(size_t nmemb, size_t size)
{
	void *mem = fake_alloc_fails ? NULL : calloc(nmemb, size);

	fake_allocs += mem != NULL;
	return mem;
}

void tph_free(void *mem)
{
	fake_allocs -= mem != NULL;
	free(mem);
}

static struct fake *from_call(struct tph_op_call *call)
{
	return (struct fake *)((char *)call - offsetof(struct fake, call));
}

static struct fake *from_dev(struct tph_op_dev *dev)
{
	return (struct fake *)((char *)dev - offsetof(struct fake, dev));
}

static int fake_copy_in(struct tph_op_call *call, void *to, size_t off, size_t len)
{
	struct fake *f = from_call(call);

	MUST(!f->locked);
	f->copies_in++;
	if (off > f->readable || len > f->readable - off)
		return -EFAULT;
	memcpy(to, f->arg + off, len);
	/* Another thread changes it at once: whoever reads twice gets caught. */
	memset(f->arg + off, 0xa5, len);
	return 0;
}

static int fake_copy_out(struct tph_op_call *call, size_t off, const void *from,
			 size_t len)
{
	struct fake *f = from_call(call);

	MUST(!f->locked);
	if (off > f->writable || len > f->writable - off)
		return -EFAULT;
	memcpy(f->arg + off, from, len);
	return 0;
}

static bool fake_ds_allowed(struct tph_op_call *call)
{
	return from_call(call)->ds_allowed;
}

static bool fake_cpu_valid(struct tph_op_call *call, u32 cpu)
{
	return cpu < FAKE_CPUS && (from_call(call)->present & (1U << cpu));
}

static int fake_find_cpus(struct tph_op_call *call)
{
	struct fake *f = from_call(call);

	/* It may take long. */
	MUST(!f->locked);
	MUST(call->ents);
	f->found_cpus = true;
	return fake_cpus_fail ? -ENOMEM : 0;
}

static bool fake_cpu_allowed(struct tph_op_call *call, u32 cpu)
{
	MUST(from_call(call)->found_cpus);
	MUST(fake_cpu_valid(call, cpu));
	return from_call(call)->allowed & (1U << cpu);
}

static void fake_lock(struct tph_op_dev *dev)
{
	struct fake *f = from_dev(dev);

	MUST(!f->locked);
	f->locked = 1;
}

static void fake_unlock(struct tph_op_dev *dev)
{
	struct fake *f = from_dev(dev);

	MUST(f->locked == 1);
	f->locked = 0;
}

static bool fake_ready(struct tph_op_dev *dev)
{
	MUST(from_dev(dev)->locked);
	return from_dev(dev)->ready;
}

/*
 * Is anybody there? If not, the answer takes long: that must not happen more than
 * once to whoever asked for the operation.
 */
static bool fake_answers(struct fake *f)
{
	MUST(f->locked);
	MUST(f->ready);
	if (!f->dead)
		return true;
	f->timeouts++;
	return false;
}

/* Shall this write happen, and what shall be said about it? */
static bool fake_write(struct fake *f, int *ret)
{
	bool hit = ++f->writes == f->fault_at;

	if ((f->fault == FAKE_FAULT_DEAD && hit) || f->writes == f->dead_at)
		f->dead = true;
	if (!fake_answers(f)) {
		*ret = -ENODEV;
		return false;
	}
	*ret = 0;
	if (f->fault == FAKE_FAULT_STUCK && f->fault_at && f->writes >= f->fault_at)
		hit = true;
	if (f->fault == FAKE_FAULT_NONE || !hit)
		return true;
	*ret = -EIO;
	return f->fault == FAKE_FAULT_LATE;
}

static int fake_set_ctrl(struct tph_op_dev *dev, u8 mode, enum tph_op_req req)
{
	struct fake *f = from_dev(dev);
	int ret;

	MUST(req == TPH_OP_REQ_OFF || req == TPH_OP_REQ_TPH || req == TPH_OP_REQ_EXT);
	MUST(!(mode & ~dev->modes));
	MUST(mode || req == TPH_OP_REQ_OFF);
	MUST(req == TPH_OP_REQ_OFF || req == dev->req);
	/* As it is in the module: what is there already is not written. */
	if (!f->dead && f->hw_mode == mode && f->hw_req == req)
		return 0;
	if (fake_write(f, &ret)) {
		f->hw_mode = mode;
		f->hw_req = req;
	}
	return ret;
}

static int fake_check_ctrl(struct tph_op_dev *dev, u8 mode, enum tph_op_req req)
{
	struct fake *f = from_dev(dev);

	if (!fake_answers(f))
		return -ENODEV;
	return f->hw_mode == mode && f->hw_req == req ? 0 : -EIO;
}

static int fake_set_tag(struct tph_op_dev *dev, u16 index, u16 tag)
{
	struct fake *f = from_dev(dev);
	int ret;

	MUST(index < dev->entries);
	MUST(dev->req == TPH_OP_REQ_EXT || tag <= 0xff);
	/* Not while requests may carry it; a control register that is stuck
	 * is the only excuse.
	 */
	MUST(f->hw_req == TPH_OP_REQ_OFF || f->fault != FAKE_FAULT_NONE);
	if (fake_write(f, &ret))
		f->hw_tags[index] = tag;
	return ret;
}

static int fake_get_tag(struct tph_op_dev *dev, u16 index, u16 *tag)
{
	struct fake *f = from_dev(dev);

	MUST(index < dev->entries);
	if (!fake_answers(f))
		return -ENODEV;
	if (f->read_fails && index == f->read_fails_at)
		return -EIO;
	*tag = f->hw_tags[index];
	return 0;
}

static u32 fake_platform(struct tph_op_dev *dev)
{
	return from_dev(dev)->platform;
}

/**
 * fake_tag - the tag the pretended firmware has for a CPU
 * @cpu: CPU
 * @mem_type: memory type
 * @ext: 16-bit tag?
 *
 * Return: a tag that is never 0 and differs for everything.
 */
u16 fake_tag(u32 cpu, u8 mem_type, bool ext)
{
	return (ext ? 0x1200 : 0) + 0x10 * (cpu + 1) + mem_type + 1;
}

static int fake_cpu_tag(struct tph_op_dev *dev, u32 cpu, u8 mem_type, bool ext,
			u16 *tag)
{
	struct fake *f = from_dev(dev);

	MUST(f->locked);
	MUST(fake_cpu_valid(&f->call, cpu));
	MUST(mem_type <= 1);
	f->asked++;
	if (f->platform || !((ext ? f->tag16 : f->tag8) & (1U << cpu)))
		return -ENOENT;
	*tag = fake_tag(cpu, mem_type, ext || f->wide8);
	return 0;
}

static const struct tph_op_ops fake_ops = {
	.copy_in = fake_copy_in,
	.copy_out = fake_copy_out,
	.ds_allowed = fake_ds_allowed,
	.cpu_valid = fake_cpu_valid,
	.find_cpus = fake_find_cpus,
	.cpu_allowed = fake_cpu_allowed,
	.lock = fake_lock,
	.unlock = fake_unlock,
	.ready = fake_ready,
	.set_ctrl = fake_set_ctrl,
	.check_ctrl = fake_check_ctrl,
	.set_tag = fake_set_tag,
	.get_tag = fake_get_tag,
	.platform = fake_platform,
	.cpu_tag = fake_cpu_tag,
};

/**
 * fake_init - a machine where everything works
 * @f: filled
 *
 * Both modes, 8-bit requests, 16 entries in the capability; CPUs 0 to 5 are
 * present, the process may run on 0 to 3, CPU 3 has no 8-bit tag and CPU 2 no
 * 16-bit one.
 */
void fake_init(struct fake *f)
{
	memset(f, 0, sizeof(*f));
	f->dev.ops = &fake_ops;
	f->dev.usable = true;
	f->dev.modes = VFIO_PCI_TPH_MODE_IV | VFIO_PCI_TPH_MODE_DS;
	f->dev.req = TPH_OP_REQ_TPH;
	f->dev.loc = TPH_OP_LOC_CAP;
	f->dev.entries = 16;
	f->dev.tags = f->tags;
	f->ds_allowed = true;
	f->present = 0x3f;
	f->allowed = 0x0f;
	f->tag8 = 0xff & ~(1U << 3);
	f->tag16 = 0xff & ~(1U << 2);
	f->ready = true;
}

/**
 * fake_ioctl - call the ioctl
 * @f: the machine
 * @arg: argument, results are put there
 * @len: bytes of it that the caller really has
 *
 * Return: what the ioctl returns.
 */
int fake_ioctl(struct fake *f, void *arg, size_t len)
{
	u8 *mem = malloc(len ? len : 1);
	long allocs = fake_allocs;
	int ret;

	MUST(mem);
	if (len)
		memcpy(mem, arg, len);
	f->arg = mem;
	f->readable = len;
	f->writable = len;
	f->copies_in = 0;
	f->found_cpus = false;
	f->timeouts = 0;
	ret = tph_op_ioctl(&f->dev, &f->call);
	MUST(!f->locked);
	MUST(f->copies_in <= 2);
	MUST(f->timeouts <= 1);
	MUST(ret <= 0);
	MUST(fake_allocs == allocs);
	if (!ret) {
		const struct tph_op_arg *op = &f->call.op;

		/* Reading wiped it: take over only what is output. */
		if (op->op == VFIO_PCI_TPH_GET_CAP)
			memcpy((u8 *)arg + 8, mem + 8, 8);
		else if (op->op == VFIO_PCI_TPH_GET_ST)
			memcpy((u8 *)arg + 16, mem + 16, len - 16 < 12 * op->st.count ?
			       len - 16 : 12 * op->st.count);
	}
	free(mem);
	f->arg = NULL;
	return ret;
}

/* First error of one kind over all entries */
static int oracle_entries(const struct fake *f, const u8 *arg, u32 op, u32 count)
{
	bool ext = f->dev.req == TPH_OP_REQ_EXT;
	bool einval = false, eperm = false, enodev = false;
	struct vfio_pci_tph_entry ent;
	u32 i;

	for (i = 0; i < count; i++) {
		memcpy(&ent, arg + 16 + 12 * (size_t)i, 12);
		if (op == VFIO_PCI_TPH_SET_ST && ent.index >= f->dev.entries)
			einval = true;
		if (op == VFIO_PCI_TPH_SET_ST && ent.cpu == 0xffffffff)
			continue;
		if (ent.cpu >= FAKE_CPUS || !(f->present & (1U << ent.cpu))) {
			einval = true;
			continue;
		}
		if (!(f->allowed & (1U << ent.cpu)))
			eperm = true;
		if (f->platform || !((ext ? f->tag16 : f->tag8) & (1U << ent.cpu)) ||
		    (!ext && f->wide8))
			enodev = true;
	}
	return einval ? -EINVAL : eperm ? -EPERM : enodev ? -ENODEV : 0;
}

/**
 * fake_oracle - what the contract says a call returns, apart from faults
 * @f: the machine before the call
 * @arg: argument
 * @len: bytes of it that the caller really has
 *
 * Written from the contract, not from the code under test.
 *
 * Return: 0 or a negative errno.
 */
int fake_oracle(const struct fake *f, const void *arg, size_t len)
{
	const u8 *bytes = arg;
	u32 argsz, op, count, reserved;
	u64 need = 16;
	size_t i;
	int ret;

	if (len < 16)
		return -EFAULT;
	memcpy(&argsz, bytes, 4);
	memcpy(&op, bytes + 4, 4);
	memcpy(&count, bytes + 8, 4);
	memcpy(&reserved, bytes + 12, 4);
	if (argsz < 16 || op > VFIO_PCI_TPH_SET_ST)
		return -EINVAL;
	if (op == VFIO_PCI_TPH_ENABLE) {
		if (bytes[8] != 1 && bytes[8] != 2)
			return -EINVAL;
		for (i = 9; i < 16; i++)
			if (bytes[i])
				return -EINVAL;
	}
	if (op == VFIO_PCI_TPH_GET_ST || op == VFIO_PCI_TPH_SET_ST) {
		need += 12 * (u64)count;
		if (count < 1 || count > 2048 || reserved || argsz < need)
			return -EINVAL;
		if (len < need)
			return -EFAULT;
		for (i = 0; i < count; i++) {
			const u8 *ent = bytes + 16 + 12 * i;

			if (ent[4] > 1 || ent[5] || ent[10] || ent[11])
				return -EINVAL;
		}
	}

	if (!f->dev.usable)
		return -EOPNOTSUPP;
	switch (op) {
	case VFIO_PCI_TPH_GET_CAP:
		return 0;
	case VFIO_PCI_TPH_ENABLE:
		if (!(f->dev.modes & bytes[8]) || f->dev.req == TPH_OP_REQ_OFF)
			return -EOPNOTSUPP;
		if (f->dev.mode && f->dev.mode != bytes[8])
			return -EBUSY;
		if (!f->dev.mode && bytes[8] == VFIO_PCI_TPH_MODE_DS && !f->ds_allowed)
			return -EPERM;
		break;
	case VFIO_PCI_TPH_DISABLE:
		if (!f->dev.mode && !f->dev.lost)
			return 0;
		break;
	case VFIO_PCI_TPH_SET_ST:
		if (!f->dev.entries)
			return -EOPNOTSUPP;
		if (!f->dev.mode)
			return -EINVAL;
		ret = oracle_entries(f, bytes, op, count);
		if (ret)
			return ret;
		break;
	case VFIO_PCI_TPH_GET_ST:
		if (f->dev.mode != VFIO_PCI_TPH_MODE_DS)
			return -EINVAL;
		ret = oracle_entries(f, bytes, op, count);
		if (ret)
			return ret;
		break;
	}
	return f->ready ? 0 : -EIO;
}
