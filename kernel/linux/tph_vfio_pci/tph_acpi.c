// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steering tags of CPUs, asked from the firmware: the _DSM of the host bridge
 * for cache locality TPH features.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <linux/acpi.h>
#include <linux/bitfield.h>
#include <linux/jiffies.h>
#include <linux/nospec.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "tph_vfio_pci.h"

#define TPH_DSM_REV			7
#define TPH_DSM_FUNC			0xf
/* Argument: query the steering tags of a processor's cache */
#define TPH_DSM_FEATURE_CPU_ST		0

#define TPH_DSM_RETRY			HZ

/* Answer: 64 bits, the lower half for volatile memory, the upper for persistent */
#define TPH_DSM_PM_SHIFT		32
#define TPH_DSM_VALID_8			BIT(0)
#define TPH_DSM_VALID_16		BIT(1)
#define TPH_DSM_TAG_8			GENMASK(15, 8)
#define TPH_DSM_TAG_16			GENMASK(31, 16)

/* _DSM of PCI devices, as the PCI Firmware Specification gives it */
static const guid_t tph_dsm_guid =
	GUID_INIT(0xe5c937d0, 0x3553, 0x4d7a,
		  0x91, 0x17, 0xea, 0x4d, 0x19, 0xc3, 0x43, 0x4d);

/**
 * struct tph_acpi - what the firmware told for one host bridge
 * @node: in tph_acpi_bridges
 * @users: bound devices below the bridge
 * @handle: ACPI handle of the bridge
 * @lock: protects @answers, held over an evaluation so that none is done twice
 * @answers: u64 answers by ACPI processor UID: one evaluation tells everything
 *           about a CPU, for both memory types and both widths
 * @bad: the latest evaluation failed, or what it gave was none
 * @retry: in jiffies: what had a bad answer is not asked again before
 *
 * Answers are kept until the last device below the bridge is unbound. The UID
 * is the key since a logical CPU number may come to mean another processor
 * when processors are exchanged. What went wrong once may go well later; yet
 * nobody shall keep the firmware busy, or fill the log with what the ACPI code
 * has to say about it, by asking again and again. Thus after a bad answer no
 * processor that had one is asked about for a while.
 */
struct tph_acpi {
	struct list_head node;
	unsigned int users;
	acpi_handle handle;
	/* see above */
	struct mutex lock;
	struct xarray answers;
	bool bad;
	unsigned long retry;
};

/* In place of an answer in tph_acpi.answers */
#define TPH_ACPI_BAD	xa_mk_value(0)

static LIST_HEAD(tph_acpi_bridges);
/* Protects the list and the number of users. Nothing else is taken inside. */
static DEFINE_MUTEX(tph_acpi_bridges_lock);

/**
 * tph_acpi_get - find the firmware's steering tags for a device
 * @pdev: the device
 *
 * Return: to be given back with tph_acpi_put(); NULL if the firmware has none.
 */
struct tph_acpi *tph_acpi_get(struct pci_dev *pdev)
{
	struct pci_bus *bus = pdev->bus;
	struct tph_acpi *acpi;
	acpi_handle handle;

	/*
	 * The method belongs to the host bridge, not to port or device; an
	 * integrated endpoint has no port.
	 */
	while (!pci_is_root_bus(bus))
		bus = bus->parent;
	handle = ACPI_HANDLE(bus->bridge);
	if (!handle)
		return NULL;

	mutex_lock(&tph_acpi_bridges_lock);
	list_for_each_entry(acpi, &tph_acpi_bridges, node) {
		if (acpi->handle == handle) {
			acpi->users++;
			goto unlock;
		}
	}
	acpi = NULL;
	if (!acpi_check_dsm(handle, &tph_dsm_guid, TPH_DSM_REV, BIT(TPH_DSM_FUNC)))
		goto unlock;
	acpi = kzalloc_obj(*acpi);
	if (!acpi)
		goto unlock;
	acpi->users = 1;
	acpi->handle = handle;
	mutex_init(&acpi->lock);
	xa_init(&acpi->answers);
	list_add(&acpi->node, &tph_acpi_bridges);
unlock:
	mutex_unlock(&tph_acpi_bridges_lock);
	return acpi;
}

/**
 * tph_acpi_put - give back what tph_acpi_get() returned
 * @acpi: that, or NULL
 */
void tph_acpi_put(struct tph_acpi *acpi)
{
	unsigned long uid;
	u64 *answer;

	if (!acpi)
		return;
	mutex_lock(&tph_acpi_bridges_lock);
	if (--acpi->users) {
		mutex_unlock(&tph_acpi_bridges_lock);
		return;
	}
	list_del(&acpi->node);
	mutex_unlock(&tph_acpi_bridges_lock);

	xa_for_each(&acpi->answers, uid, answer) {
		if (!xa_is_value(answer))
			kfree(answer);
	}
	xa_destroy(&acpi->answers);
	mutex_destroy(&acpi->lock);
	kfree(acpi);
}

static int tph_acpi_evaluate(struct tph_acpi *acpi, u32 uid, u64 *answer)
{
	union acpi_object args[3], arg, *out;
	int ret = -ENODEV;
	__le64 raw;

	args[0].integer.type = ACPI_TYPE_INTEGER;
	args[0].integer.value = TPH_DSM_FEATURE_CPU_ST;
	args[1].integer.type = ACPI_TYPE_INTEGER;
	args[1].integer.value = uid;
	args[2].integer.type = ACPI_TYPE_INTEGER;
	args[2].integer.value = 0;
	arg.package.type = ACPI_TYPE_PACKAGE;
	arg.package.count = ARRAY_SIZE(args);
	arg.package.elements = args;

	out = acpi_evaluate_dsm(acpi->handle, &tph_dsm_guid, TPH_DSM_REV,
				TPH_DSM_FUNC, &arg);
	if (!out)
		return -ENODEV;
	/* It is firmware: take nothing for granted. */
	if (out->type == ACPI_TYPE_BUFFER && out->buffer.pointer &&
	    out->buffer.length >= sizeof(raw)) {
		memcpy(&raw, out->buffer.pointer, sizeof(raw));
		*answer = le64_to_cpu(raw);
		ret = 0;
	}
	ACPI_FREE(out);
	return ret;
}

/* Keep the answer for a processor. Not being able to is no error. */
static void tph_acpi_keep(struct tph_acpi *acpi, u32 uid, u64 answer)
{
	u64 *kept = kmalloc(sizeof(*kept), GFP_KERNEL);

	if (!kept)
		return;
	*kept = answer;
	if (xa_err(xa_store(&acpi->answers, uid, kept, GFP_KERNEL)))
		kfree(kept);
}

/* The firmware's answer for a processor; 0 = no tags. */
static u64 tph_acpi_answer(struct tph_acpi *acpi, u32 uid)
{
	u64 answer = 0, *kept;

	mutex_lock(&acpi->lock);
	kept = xa_load(&acpi->answers, uid);
	if (kept && !xa_is_value(kept)) {
		answer = *kept;
		goto unlock;
	}
	if (kept && time_before(jiffies, acpi->retry))
		goto unlock;

	WRITE_ONCE(acpi->bad, tph_acpi_evaluate(acpi, uid, &answer) != 0);
	if (acpi->bad) {
		acpi->retry = jiffies + TPH_DSM_RETRY;
		xa_store(&acpi->answers, uid, TPH_ACPI_BAD, GFP_KERNEL);
		goto unlock;
	}
	tph_acpi_keep(acpi, uid, answer);
unlock:
	mutex_unlock(&acpi->lock);
	return answer;
}

/**
 * tph_acpi_why - what keeps the firmware from naming steering tags
 * @acpi: from tph_acpi_get(), or NULL
 *
 * Return: VFIO_PCI_TPH_WHY_NO_DSM, VFIO_PCI_TPH_WHY_BAD_DSM or 0.
 */
u32 tph_acpi_why(struct tph_acpi *acpi)
{
	if (!acpi)
		return VFIO_PCI_TPH_WHY_NO_DSM;
	return READ_ONCE(acpi->bad) ? VFIO_PCI_TPH_WHY_BAD_DSM : 0;
}

/**
 * tph_acpi_cpu_tag - the steering tag of a CPU
 * @acpi: from tph_acpi_get(), or NULL
 * @cpu: logical CPU number, valid
 * @mem_type: VFIO_PCI_TPH_MEM_TYPE_*
 * @ext: the 16-bit tag, not the 8-bit one
 * @tag: where to put the tag
 *
 * Return: 0, or -ENODEV if the firmware has no such tag for the CPU.
 */
int tph_acpi_cpu_tag(struct tph_acpi *acpi, u32 cpu, u8 mem_type, bool ext,
		     u16 *tag)
{
	u64 answer;
	u32 half, uid;

	/* It comes from user space and picks from the per-CPU areas. */
	cpu = array_index_nospec(cpu, nr_cpu_ids);
	if (!acpi || acpi_get_cpu_uid(cpu, &uid))
		return -ENODEV;

	answer = tph_acpi_answer(acpi, uid);
	half = mem_type == VFIO_PCI_TPH_MEM_TYPE_PM ? answer >> TPH_DSM_PM_SHIFT : answer;
	if (!(half & (ext ? TPH_DSM_VALID_16 : TPH_DSM_VALID_8)))
		return -ENODEV;
	*tag = ext ? FIELD_GET(TPH_DSM_TAG_16, half) : FIELD_GET(TPH_DSM_TAG_8, half);
	return 0;
}
