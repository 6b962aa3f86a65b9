/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef BUS_PCI_TPH_H
#define BUS_PCI_TPH_H

/**
 * @file
 * PCIe TLP Processing Hints (TPH) of a PCI device, for drivers.
 *
 * A device with TPH labels its memory requests with a steering tag (ST) that
 * makes the platform place the data in the cache of one CPU. The kernel alone
 * may switch TPH and program the ST table; these functions ask it to.
 */

#include <stdbool.h>
#include <stdint.h>

#include <rte_bitops.h>
#include <rte_compat.h>
#include <rte_tph.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rte_pci_device;

/** Most entries that one call takes. */
#define RTE_PCI_TPH_ST_MAX 2048

/** CPU of an entry that rte_pci_tph_st_set() has to clear. */
#define RTE_PCI_TPH_CPU_NONE UINT32_MAX

/** What keeps TPH, a mode or tags away; bits of a mask. */
enum rte_pci_tph_why {
	/** The root port does not complete TPH requests. */
	RTE_PCI_TPH_WHY_ROOT_PORT = RTE_BIT32(0),
	/** The policy of the kernel forbids device-specific mode to this process. */
	RTE_PCI_TPH_WHY_POLICY = RTE_BIT32(1),
	/** The firmware has no method (_DSM) that names tags for this host bridge. */
	RTE_PCI_TPH_WHY_NO_DSM = RTE_BIT32(2),
	/** The method answered badly. */
	RTE_PCI_TPH_WHY_BAD_DSM = RTE_BIT32(3),
	/** The device offers requests without steering tags only. */
	RTE_PCI_TPH_WHY_NO_ST = RTE_BIT32(4),
	/** There is no ST table that interrupt-vector mode can use. */
	RTE_PCI_TPH_WHY_NO_TABLE = RTE_BIT32(5),
	/** 16-bit tags are off: a bridge above does not forward TLP prefixes. */
	RTE_PCI_TPH_WHY_PREFIX = RTE_BIT32(6),
	/** The kernel driver of the device does not serve TPH. */
	RTE_PCI_TPH_WHY_NO_DRIVER = RTE_BIT32(7),
	/** The device has no TPH capability, or the kernel ignores it. */
	RTE_PCI_TPH_WHY_NO_CAP = RTE_BIT32(8),
};

/** TPH of a device, as the kernel sees it now. */
struct rte_pci_tph_cap {
	/** Mask of enum rte_tph_mode that rte_pci_tph_enable() accepts. */
	uint32_t modes;
	/** The mode that is enabled, RTE_TPH_MODE_AUTO (0) if TPH is disabled. */
	enum rte_tph_mode enabled;
	/** Place of the ST table. */
	enum rte_tph_table table;
	/** Entries of the ST table, 0 if there is none. */
	uint16_t table_size;
	/** Tags have 16 bits (enabled: in use, else usable), not 8. */
	bool extended;
	/** The platform can name the steering tags of CPUs. */
	bool platform;
	/** Mask of enum rte_pci_tph_why, 0 if nothing is known to be missing. */
	uint32_t why;
};

/** The steering tag of one CPU, or one entry of the ST table. */
struct rte_pci_tph_st {
	/** Linux CPU number (not an lcore). */
	uint32_t cpu;
	/** Kind of memory. */
	enum rte_tph_mem mem;
	/** Entry of the ST table, for rte_pci_tph_st_set() only. */
	uint16_t index;
	/** Steering tag, filled by rte_pci_tph_st_get() only. */
	uint16_t st;
	/** The tag has 16 bits, filled by rte_pci_tph_st_get() only. */
	bool extended;
};

/**
 * @internal
 * Tell what TPH the device, the kernel and the platform offer.
 *
 * @param dev
 *   The PCI device; it must be mapped (probed).
 * @param[out] cap
 *   Filled on success. Told by -ENOTSUP: *why*. Untouched otherwise.
 * @return
 *   - (0) on success.
 *   - (-EINVAL) if an argument is NULL.
 *   - (-ENOTSUP) if the device has no TPH, or is bound to a kernel driver
 *     that does not serve it.
 *   - (-EIO) if the device is not open (not probed, or removed) or does not
 *     answer.
 */
__rte_internal
int rte_pci_tph_cap_get(const struct rte_pci_device *dev, struct rte_pci_tph_cap *cap);

/**
 * @internal
 * Enable TPH. The ST table is empty afterwards, unless the mode was enabled
 * before: then nothing changes.
 *
 * @param dev
 *   The PCI device; it must be mapped (probed).
 * @param mode
 *   The mode.
 * @return
 *   - (0) on success.
 *   - (-EINVAL) if dev is NULL or mode is not one mode.
 *   - (-ENOTSUP) if the device, its root port or the kernel lack the mode.
 *   - (-EBUSY) if the other mode is enabled.
 *   - (-EACCES) if the policy of the kernel forbids the mode to this process.
 *   - (-EIO) if the device is not open (not probed, or removed) or does not
 *     answer.
 */
__rte_internal
int rte_pci_tph_enable(const struct rte_pci_device *dev, enum rte_tph_mode mode);

/**
 * @internal
 * Clear the ST table and disable TPH. Does nothing if TPH is disabled.
 *
 * @param dev
 *   The PCI device; it must be mapped (probed).
 * @return
 *   - (0) on success.
 *   - (-EINVAL) if dev is NULL.
 *   - (-ENOTSUP) if the device has no TPH, or is bound to a kernel driver
 *     that does not serve it.
 *   - (-EIO) if the device is not open (not probed, or removed) or does not
 *     answer.
 */
__rte_internal
int rte_pci_tph_disable(const struct rte_pci_device *dev);

/**
 * @internal
 * Look up the steering tags of CPUs, in one call of the kernel. Needs
 * RTE_TPH_MODE_DS. Nothing is written to the device.
 *
 * @param dev
 *   The PCI device; it must be mapped (probed).
 * @param[in,out] ents
 *   The CPUs and kinds of memory; the tags are filled in on success only.
 * @param nb
 *   Number of entries, 1 to RTE_PCI_TPH_ST_MAX.
 * @return
 *   - (0) on success.
 *   - (-EINVAL) if an argument is out of its range, a CPU does not exist, or
 *     RTE_TPH_MODE_DS is not enabled.
 *   - (-ENXIO) if the platform names no tag of the width in use for one of
 *     the CPUs.
 *   - (-ENOTSUP) if the device has no TPH, or is bound to a kernel driver
 *     that does not serve it.
 *   - (-EACCES) if the process may not run on one of the CPUs.
 *   - (-ENOMEM) if memory is short.
 *   - (-EIO) if the device is not open (not probed, or removed) or does not
 *     answer.
 */
__rte_internal
int rte_pci_tph_st_get(const struct rte_pci_device *dev, struct rte_pci_tph_st *ents,
		uint32_t nb);

/**
 * @internal
 * Write steering tags to the ST table, in one call of the kernel: all entries
 * or, on any error, none. Needs an enabled mode.
 *
 * @param dev
 *   The PCI device; it must be mapped (probed).
 * @param ents
 *   The table entries, and the CPUs and kinds of memory whose tags to write.
 *   RTE_PCI_TPH_CPU_NONE clears an entry. If an index is named twice, the
 *   later entry counts.
 * @param nb
 *   Number of entries, 1 to RTE_PCI_TPH_ST_MAX.
 * @return
 *   - (0) on success.
 *   - (-EINVAL) if an argument is out of its range, a CPU or an index does
 *     not exist, or TPH is not enabled.
 *   - (-ENXIO) if the platform names no tag of the width in use for one of
 *     the CPUs.
 *   - (-ENOTSUP) if the device has no TPH or no ST table, or is bound to a
 *     kernel driver that does not serve it.
 *   - (-EACCES) if the process may not run on one of the CPUs.
 *   - (-ENOMEM) if memory is short.
 *   - (-EIO) if the device is not open (not probed, or removed) or does not
 *     take a tag.
 */
__rte_internal
int rte_pci_tph_st_set(const struct rte_pci_device *dev, const struct rte_pci_tph_st *ents,
		uint32_t nb);

/**
 * @internal
 * What the functions above need of the system, on Linux. Tests put a kernel of
 * their own in its place.
 */
struct rte_pci_tph_sys {
	/** As ioctl(): 0, or -1 and errno. */
	int (*ioctl)(int fd, unsigned long request, void *arg);
};

/** @internal The one in use: the kernel of this machine, unless a test put another there. */
extern struct rte_pci_tph_sys rte_pci_tph_sys;

#ifdef __cplusplus
}
#endif

#endif /* BUS_PCI_TPH_H */
