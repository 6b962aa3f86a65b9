/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The logic of the TPH ioctl, apart from hardware, firmware and user memory,
 * all of which it reaches through struct tph_op_ops.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_OP_H
#define TPH_OP_H

#include "tph_shim.h"

#include <linux/vfio_pci_tph.h>

struct tph_op_dev;
struct tph_op_call;

/**
 * enum tph_op_req - what kind of TPH requests the device may send
 * @TPH_OP_REQ_OFF: none
 * @TPH_OP_REQ_TPH: requests with 8-bit steering tags
 * @TPH_OP_REQ_EXT: requests with 16-bit steering tags as well
 *
 * The values are those of the TPH Requester Enable field, of Extended TPH
 * Requester Supported and of the root port's TPH Completer Supported field.
 * 2 is reserved in all of them.
 */
enum tph_op_req {
	TPH_OP_REQ_OFF = 0,
	TPH_OP_REQ_TPH = 1,
	TPH_OP_REQ_EXT = 3,
};

/**
 * enum tph_op_loc - where the ST table is
 * @TPH_OP_LOC_NONE: there is none
 * @TPH_OP_LOC_CAP: in the TPH Requester capability
 * @TPH_OP_LOC_MSIX: in the MSI-X table
 */
enum tph_op_loc {
	TPH_OP_LOC_NONE = 0,
	TPH_OP_LOC_CAP = 1,
	TPH_OP_LOC_MSIX = 2,
};

/**
 * struct tph_op_ops - what the logic needs to have done for it
 * @copy_in: copy @len bytes at offset @off of the caller's argument; 0 or
 *           -EFAULT. No lock is held.
 * @copy_out: copy @len bytes to offset @off of the caller's argument; 0 or
 *            -EFAULT. No lock is held.
 * @ds_allowed: may this caller enable device-specific mode?
 * @cpu_valid: is @cpu the number of a CPU that is present? Any 32-bit value
 *             may come in.
 * @find_cpus: find out which of the CPUs in @call->ents threads of the calling
 *             process may run on; 0 or -ENOMEM. No lock is held.
 * @cpu_allowed: may a thread of the calling process run on @cpu (valid, and in
 *               @call->ents)?
 * @lock: serialise against every other caller and against resets
 * @unlock: undo @lock
 * @ready: may the hardware be touched (powered, decoding, not in reset)?
 * @set_ctrl: write mode (VFIO_PCI_TPH_MODE_* or 0) and request type into the
 *            TPH Requester Control register and make sure that they arrived
 * @check_ctrl: make sure that the register holds this mode and request type
 * @set_tag: write ST table entry @index and make sure that it arrived
 * @get_tag: read ST table entry @index
 * @platform: what keeps the platform from naming steering tags:
 *            VFIO_PCI_TPH_WHY_NO_DSM, _BAD_DSM or 0
 * @cpu_tag: ask the platform for the steering tag of @cpu (valid), a 16-bit
 *           one if @ext; 0 or a negative errno
 *
 * @lock to @cpu_tag are called with a device; @lock protects @ready to @cpu_tag.
 *
 * @set_ctrl to @get_tag return 0, -EIO if the device does not do as told, or
 * -ENODEV if it does not answer. The latter may have taken as long as it takes
 * the root port to give up: it is not to be asked for anything else by the same
 * operation.
 */
struct tph_op_ops {
	int (*copy_in)(struct tph_op_call *call, void *to, size_t off, size_t len);
	int (*copy_out)(struct tph_op_call *call, size_t off, const void *from,
			size_t len);
	bool (*ds_allowed)(struct tph_op_call *call);
	bool (*cpu_valid)(struct tph_op_call *call, u32 cpu);
	int (*find_cpus)(struct tph_op_call *call);
	bool (*cpu_allowed)(struct tph_op_call *call, u32 cpu);

	void (*lock)(struct tph_op_dev *dev);
	void (*unlock)(struct tph_op_dev *dev);
	bool (*ready)(struct tph_op_dev *dev);
	int (*set_ctrl)(struct tph_op_dev *dev, u8 mode, enum tph_op_req req);
	int (*check_ctrl)(struct tph_op_dev *dev, u8 mode, enum tph_op_req req);
	int (*set_tag)(struct tph_op_dev *dev, u16 index, u16 tag);
	int (*get_tag)(struct tph_op_dev *dev, u16 index, u16 *tag);
	u32 (*platform)(struct tph_op_dev *dev);
	int (*cpu_tag)(struct tph_op_dev *dev, u32 cpu, u8 mem_type, bool ext,
		       u16 *tag);
};

/**
 * struct tph_op_dev - TPH of one device
 * @ops: the accessors
 * @usable: the device has the capability and the machine may use it
 * @modes: VFIO_PCI_TPH_MODE_* the device has
 * @req: the most that device, path and root port support
 * @loc: where the ST table is
 * @entries: number of its entries
 * @why: VFIO_PCI_TPH_WHY_* that lie in device, path and root port
 * @tags: what the ST table is to hold: @entries tags, all 0 while TPH is off
 * @mode: VFIO_PCI_TPH_MODE_* that is enabled, 0 if TPH is off
 * @lost: the hardware may hold anything but @mode and @tags
 *
 * @usable to @why are set up before first use and do not change after.
 */
struct tph_op_dev {
	const struct tph_op_ops *ops;
	bool usable;
	u8 modes;
	enum tph_op_req req;
	enum tph_op_loc loc;
	u16 entries;
	u32 why;

	u16 *tags;
	u8 mode;
	bool lost;
};

/**
 * struct tph_op_arg - struct vfio_device_pci_tph_op without its flexible array
 * @argsz: as there
 * @op: as there
 * @cap: as there
 * @ctrl: as there
 * @st: as there, without the entries
 */
struct tph_op_arg {
	__u32 argsz;
	__u32 op;
	union {
		struct vfio_pci_tph_cap cap;
		struct vfio_pci_tph_ctrl ctrl;
		struct {
			__u32 count;
			__u32 reserved;
		} st;
	};
};

/**
 * struct tph_op_call - one call of the ioctl
 * @op: the fixed part of the argument
 * @ents: copy of the entries, or NULL
 */
struct tph_op_call {
	struct tph_op_arg op;
	struct vfio_pci_tph_entry *ents;
};

int tph_op_ioctl(struct tph_op_dev *dev, struct tph_op_call *call);
void tph_op_fill_cap(struct tph_op_dev *dev, bool ds_allowed, struct vfio_pci_tph_cap *cap);
void tph_op_forget(struct tph_op_dev *dev);
int tph_op_restore(struct tph_op_dev *dev);

#endif /* TPH_OP_H */
