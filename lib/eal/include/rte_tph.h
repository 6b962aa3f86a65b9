/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef RTE_TPH_H
#define RTE_TPH_H

/**
 * @file
 * PCIe TLP Processing Hints (TPH): types that all kinds of devices share.
 *
 * A device with TPH labels its memory requests with a steering tag (ST), by
 * which the platform places the data in the cache of one CPU.
 * See "TLP Processing Hints" in the PCI Express Base Specification.
 */

#include <rte_bitops.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * How the device picks the steering tag of a request.
 * The modes with a bit of their own may be combined to a mask.
 */
enum rte_tph_mode {
	/** No mode: TPH is disabled; or, where one is asked for, the best one. */
	RTE_TPH_MODE_AUTO = 0,
	/** Interrupt-vector mode: by the number of the interrupt vector. */
	RTE_TPH_MODE_IV = RTE_BIT32(0),
	/** Device-specific mode: in a way of its own, for instance by queue. */
	RTE_TPH_MODE_DS = RTE_BIT32(1),
};

/**
 * What the device reads or writes in memory.
 * May be combined to a mask.
 */
enum rte_tph_object {
	/** Descriptors and completions. */
	RTE_TPH_OBJECT_DESC = RTE_BIT32(0),
	/** Headers of packets. */
	RTE_TPH_OBJECT_HEADER = RTE_BIT32(1),
	/** Payload of packets; without header split the whole packet. */
	RTE_TPH_OBJECT_PAYLOAD = RTE_BIT32(2),
};

/** Every object that the device supports. */
#define RTE_TPH_OBJECT_ALL UINT32_MAX

/** Kind of memory that is read or written. */
enum rte_tph_mem {
	/** Volatile memory, as usual for packets. */
	RTE_TPH_MEM_VOLATILE = 0,
	/** Persistent memory. */
	RTE_TPH_MEM_PERSISTENT = 1,
};

/** Where the device keeps its ST table. */
enum rte_tph_table {
	/** There is none. */
	RTE_TPH_TABLE_NONE = 0,
	/** In the TPH Requester capability. */
	RTE_TPH_TABLE_CAP = 1,
	/** In the MSI-X table. */
	RTE_TPH_TABLE_MSIX = 2,
};

#ifdef __cplusplus
}
#endif

#endif /* RTE_TPH_H */
