/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause */
/*
 * VFIO PCI TPH: PCIe TLP Processing Hints for the owner of a VFIO PCI device.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef _UAPI_LINUX_VFIO_PCI_TPH_H
#define _UAPI_LINUX_VFIO_PCI_TPH_H

#include <linux/ioctl.h>
#include <linux/types.h>
#include <linux/vfio.h>

/**
 * VFIO_DEVICE_PCI_TPH - _IO(VFIO_TYPE, VFIO_BASE + 22)
 *
 * Query, switch and program the TPH Requester capability (PCIe Base
 * Specification, "TLP Processing Hints") of a VFIO PCI device. To be called on
 * the device fd with a &struct vfio_device_pci_tph_op.
 *
 * A device driven without this ioctl answers -ENOTTY. Every other error code
 * stands with the operation that returns it; all operations share -EFAULT
 * (unreadable argument), -EINVAL (argsz too short for the operation, unknown
 * operation, a reserved field that is not 0), -EOPNOTSUPP (the device has no
 * TPH Requester capability or the machine was booted with pci=notph), -ENOMEM
 * (no memory for the call; nothing was done) and -EIO (the device cannot be
 * reached: powered down, in reset, or its memory decode is off; or it does not
 * do as told). An -EIO leaves everything as it was before the call: if the device
 * does not answer, as soon as it does. Should not even that be possible TPH is
 * off, and VFIO_PCI_TPH_GET_CAP says so.
 *
 * Return: 0 on success, -1 with errno set on failure.
 */
#define VFIO_DEVICE_PCI_TPH		_IO(VFIO_TYPE, VFIO_BASE + 22)

/* Values of vfio_device_pci_tph_op.op */

/*
 * Fill vfio_device_pci_tph_op.cap. Changes nothing, and touches no hardware: it
 * works in any power state and with memory decode off.
 */
#define VFIO_PCI_TPH_GET_CAP		0

/*
 * Enable TPH in the mode vfio_device_pci_tph_op.ctrl asks for. The ST table is
 * cleared first. Enabling the mode that is enabled already changes nothing, but
 * puts back mode and tags that the device has lost unnoticed.
 *
 * -EINVAL: not exactly one mode; -EOPNOTSUPP: the device or its root port lacks
 * the mode; -EBUSY: another mode is enabled; -EPERM: policy forbids the mode.
 */
#define VFIO_PCI_TPH_ENABLE		1

/*
 * Clear every steering tag and disable TPH. Success when nothing is enabled.
 *
 * -EIO: TPH is still enabled, or it is disabled and a tag could not be cleared
 * (VFIO_PCI_TPH_GET_CAP tells which): to be called again.
 */
#define VFIO_PCI_TPH_DISABLE		2

/*
 * Fill vfio_pci_tph_entry.st of every entry with the steering tag of
 * vfio_pci_tph_entry.cpu for vfio_pci_tph_entry.mem_type. Writes nothing to
 * the device: in device-specific mode it is the caller that hands tags to it.
 * vfio_pci_tph_entry.index is ignored.
 *
 * -EINVAL: device-specific mode is not enabled, bad count, memory type or CPU;
 * -EPERM: no thread of the process may run on the CPU; -ENODEV: the platform
 * names no tag of the enabled width for the CPU.
 */
#define VFIO_PCI_TPH_GET_ST		3

/*
 * Write the steering tag of vfio_pci_tph_entry.cpu into the ST table entry
 * vfio_pci_tph_entry.index, for every entry: all or nothing. A CPU of
 * VFIO_PCI_TPH_CPU_NONE clears the table entry. If an index is named twice the
 * later entry counts. vfio_pci_tph_entry.st is ignored.
 *
 * -EOPNOTSUPP: the device has no ST table; -EINVAL: TPH is not enabled, bad
 * count, memory type, CPU or index; -EPERM and -ENODEV as for
 * VFIO_PCI_TPH_GET_ST; -EIO: a write failed, the table is as before the call,
 * or TPH is off (see VFIO_DEVICE_PCI_TPH).
 */
#define VFIO_PCI_TPH_SET_ST		4

/* Modes: bits of vfio_pci_tph_cap.supported_modes and vfio_pci_tph_ctrl.mode */

/* Interrupt-vector mode: the tag is picked by the interrupt vector number */
#define VFIO_PCI_TPH_MODE_IV		(1 << 0)
/* Device-specific mode: the device decides how it picks a tag */
#define VFIO_PCI_TPH_MODE_DS		(1 << 1)

/* vfio_pci_tph_cap.flags */

/* 16-bit tags: in use if TPH is enabled, otherwise what enabling would use */
#define VFIO_PCI_TPH_CAP_EXTENDED	(1 << 0)
/* The ST table is in the TPH Requester capability */
#define VFIO_PCI_TPH_CAP_ST_IN_CAP	(1 << 1)
/* The ST table is in the MSI-X table */
#define VFIO_PCI_TPH_CAP_ST_IN_MSIX	(1 << 2)
/* The platform can name steering tags for CPUs */
#define VFIO_PCI_TPH_CAP_PLATFORM_ST	(1 << 3)
/* TPH is enabled now */
#define VFIO_PCI_TPH_CAP_ENABLED	(1 << 4)
/* The mode enabled now is the device-specific one */
#define VFIO_PCI_TPH_CAP_ENABLED_DS	(1 << 5)

/* vfio_pci_tph_cap.why: what keeps a mode, or tags, away; ignore unknown bits */

/* The root port does not complete requests with TPH: no mode */
#define VFIO_PCI_TPH_WHY_ROOT_PORT	(1 << 0)
/* Policy forbids the device-specific mode, which the device has, to this caller */
#define VFIO_PCI_TPH_WHY_POLICY		(1 << 1)
/* The firmware has no _DSM for the host bridge above that names tags: no tags */
#define VFIO_PCI_TPH_WHY_NO_DSM		(1 << 2)
/* The firmware answered the latest question for a tag with rubbish or an error */
#define VFIO_PCI_TPH_WHY_BAD_DSM	(1 << 3)
/* The device has the "no ST" mode only, which carries no tags: no mode */
#define VFIO_PCI_TPH_WHY_NO_ST		(1 << 4)
/* Interrupt-vector mode, which the device has, lacks an ST table that can be used */
#define VFIO_PCI_TPH_WHY_NO_TABLE	(1 << 5)
/* Device and root port have 16-bit tags, the path forwards no end-end TLP prefixes */
#define VFIO_PCI_TPH_WHY_PREFIX		(1 << 6)

/* vfio_pci_tph_entry.mem_type: what kind of memory the hinted requests target */
#define VFIO_PCI_TPH_MEM_TYPE_VM	0	/* volatile memory */
#define VFIO_PCI_TPH_MEM_TYPE_PM	1	/* persistent memory */

/* vfio_pci_tph_entry.cpu of VFIO_PCI_TPH_SET_ST: clear the table entry */
#define VFIO_PCI_TPH_CPU_NONE		0xffffffffU

/* vfio_pci_tph_entry.reserved1 as filled by VFIO_PCI_TPH_GET_ST */
#define VFIO_PCI_TPH_ST_EXTENDED	(1 << 0)	/* the tag is a 16-bit one */

/* Most entries one call may carry: the ST table size field has 11 bits */
#define VFIO_PCI_TPH_MAX_ENTRIES	2048

/**
 * struct vfio_pci_tph_cap - what VFIO_PCI_TPH_GET_CAP tells
 * @supported_modes: VFIO_PCI_TPH_MODE_* that VFIO_PCI_TPH_ENABLE would accept
 *                   from this caller on this device now
 * @flags: VFIO_PCI_TPH_CAP_*
 * @st_table_sz: entries of the ST table, 0 if there is none
 * @why: VFIO_PCI_TPH_WHY_*, 0 if nothing is known to be missing
 */
struct vfio_pci_tph_cap {
	__u8 supported_modes;
	__u8 flags;
	__u16 st_table_sz;
	__u32 why;
};

/**
 * struct vfio_pci_tph_ctrl - argument of VFIO_PCI_TPH_ENABLE
 * @mode: exactly one of VFIO_PCI_TPH_MODE_*
 * @reserved: must be 0
 */
struct vfio_pci_tph_ctrl {
	__u8 mode;
	__u8 reserved[7];
};

/**
 * struct vfio_pci_tph_entry - one steering tag
 * @cpu: Linux logical CPU number, as in /sys/devices/system/cpu
 * @mem_type: VFIO_PCI_TPH_MEM_TYPE_*
 * @reserved0: must be 0
 * @index: entry of the ST table, counted from 0
 * @st: steering tag
 * @reserved1: must be 0; VFIO_PCI_TPH_GET_ST fills in VFIO_PCI_TPH_ST_*
 */
struct vfio_pci_tph_entry {
	__u32 cpu;
	__u8 mem_type;
	__u8 reserved0;
	__u16 index;
	__u16 st;
	__u16 reserved1;
};

/**
 * struct vfio_pci_tph_st - argument of VFIO_PCI_TPH_GET_ST and _SET_ST
 * @count: number of entries, 1 to VFIO_PCI_TPH_MAX_ENTRIES
 * @reserved: must be 0
 * @ents: the entries
 */
struct vfio_pci_tph_st {
	__u32 count;
	__u32 reserved;
	struct vfio_pci_tph_entry ents[];
};

/**
 * struct vfio_device_pci_tph_op - argument of VFIO_DEVICE_PCI_TPH
 * @argsz: size in bytes of the caller's buffer: at least 16, and at least
 *         16 + 12 * st.count for VFIO_PCI_TPH_GET_ST and _SET_ST
 * @op: VFIO_PCI_TPH_GET_CAP to VFIO_PCI_TPH_SET_ST
 * @cap: filled by VFIO_PCI_TPH_GET_CAP
 * @ctrl: argument of VFIO_PCI_TPH_ENABLE
 * @st: argument of VFIO_PCI_TPH_GET_ST and VFIO_PCI_TPH_SET_ST
 */
struct vfio_device_pci_tph_op {
	__u32 argsz;
	__u32 op;
	union {
		struct vfio_pci_tph_cap cap;
		struct vfio_pci_tph_ctrl ctrl;
		struct vfio_pci_tph_st st;
	};
};

/*
 * The layout above and these numbers are fixed, compiled clients rely on each:
 * checked here, for the kernel, DPDK and the tests alike.
 */
#ifdef __cplusplus
#define __VFIO_PCI_TPH_CHECK(cond)	static_assert(cond, #cond)
#else
#define __VFIO_PCI_TPH_CHECK(cond)	_Static_assert(cond, #cond)
#endif
#define __VFIO_PCI_TPH_AT(type, member, offset) \
	__VFIO_PCI_TPH_CHECK(__builtin_offsetof(struct type, member) == (offset))
#define __VFIO_PCI_TPH_SIZE(type, size) \
	__VFIO_PCI_TPH_CHECK(sizeof(struct type) == (size))

__VFIO_PCI_TPH_CHECK(VFIO_PCI_TPH_GET_CAP == 0 && VFIO_PCI_TPH_ENABLE == 1 &&
		     VFIO_PCI_TPH_DISABLE == 2 && VFIO_PCI_TPH_GET_ST == 3 &&
		     VFIO_PCI_TPH_SET_ST == 4);
__VFIO_PCI_TPH_CHECK(VFIO_PCI_TPH_MODE_IV == 1 && VFIO_PCI_TPH_MODE_DS == 2);
__VFIO_PCI_TPH_CHECK(VFIO_PCI_TPH_MAX_ENTRIES == 2048);

__VFIO_PCI_TPH_AT(vfio_pci_tph_cap, supported_modes, 0);
__VFIO_PCI_TPH_AT(vfio_pci_tph_cap, flags, 1);
__VFIO_PCI_TPH_AT(vfio_pci_tph_cap, st_table_sz, 2);
__VFIO_PCI_TPH_AT(vfio_pci_tph_cap, why, 4);
__VFIO_PCI_TPH_SIZE(vfio_pci_tph_cap, 8);
__VFIO_PCI_TPH_AT(vfio_pci_tph_ctrl, mode, 0);
__VFIO_PCI_TPH_AT(vfio_pci_tph_ctrl, reserved, 1);
__VFIO_PCI_TPH_SIZE(vfio_pci_tph_ctrl, 8);
__VFIO_PCI_TPH_AT(vfio_pci_tph_entry, cpu, 0);
__VFIO_PCI_TPH_AT(vfio_pci_tph_entry, mem_type, 4);
__VFIO_PCI_TPH_AT(vfio_pci_tph_entry, reserved0, 5);
__VFIO_PCI_TPH_AT(vfio_pci_tph_entry, index, 6);
__VFIO_PCI_TPH_AT(vfio_pci_tph_entry, st, 8);
__VFIO_PCI_TPH_AT(vfio_pci_tph_entry, reserved1, 10);
__VFIO_PCI_TPH_SIZE(vfio_pci_tph_entry, 12);
__VFIO_PCI_TPH_AT(vfio_pci_tph_st, count, 0);
__VFIO_PCI_TPH_AT(vfio_pci_tph_st, reserved, 4);
__VFIO_PCI_TPH_AT(vfio_pci_tph_st, ents, 8);
__VFIO_PCI_TPH_SIZE(vfio_pci_tph_st, 8);
__VFIO_PCI_TPH_AT(vfio_device_pci_tph_op, argsz, 0);
__VFIO_PCI_TPH_AT(vfio_device_pci_tph_op, op, 4);
__VFIO_PCI_TPH_AT(vfio_device_pci_tph_op, cap, 8);
__VFIO_PCI_TPH_AT(vfio_device_pci_tph_op, ctrl, 8);
__VFIO_PCI_TPH_AT(vfio_device_pci_tph_op, st, 8);
__VFIO_PCI_TPH_SIZE(vfio_device_pci_tph_op, 16);

#undef __VFIO_PCI_TPH_CHECK
#undef __VFIO_PCI_TPH_AT
#undef __VFIO_PCI_TPH_SIZE

#endif /* _UAPI_LINUX_VFIO_PCI_TPH_H */
