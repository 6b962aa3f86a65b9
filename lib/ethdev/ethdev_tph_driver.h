/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef ETHDEV_TPH_DRIVER_H
#define ETHDEV_TPH_DRIVER_H

/**
 * @file
 * PCIe TLP Processing Hints (TPH): what a driver implements.
 *
 * Drivers of PCI devices need not implement this: they take the operations of
 * drivers/common/tph. ethdev checks all arguments, knows which queues are
 * bound to what, and calls these operations in the primary process only,
 * except for info_get.
 */

#include <stdbool.h>
#include <stdint.h>

#include <rte_compat.h>
#include <rte_os.h>

#include "rte_ethdev_tph.h"

#ifdef __cplusplus
extern "C" {
#endif

struct eth_tph_cpus;
struct rte_eth_dev;

/** @internal One queue to bind or unbind. */
struct eth_dev_tph_queue {
	/** Direction of the queue. */
	enum rte_eth_tph_dir dir;
	/** Queue, it is configured. */
	uint16_t queue_id;
	/** The lcore, LCORE_ID_ANY if it is a CPU that was named; for messages. */
	uint32_t lcore_id;
	/** The CPU, the first one if there are several. */
	uint32_t cpu_id;
	/** Objects that the driver supports, 0 to unbind the queue. */
	uint32_t objects;
	/** Kind of memory. */
	enum rte_tph_mem mem;
	/** All CPUs, at least one; for resolve only. */
	rte_cpuset_t cpuset;
	/** The tag, set by resolve. */
	uint16_t st;
	/** Width of the tag in bits, 0 if the driver does not know the tag. */
	uint8_t st_bits;
	/**
	 * Objects that the hardware hints now, 0 if the queue is not applied
	 * or if a restart may have cleared it.
	 */
	uint32_t old_objects;
	/** The tag that goes with them. */
	uint16_t old_st;
	/** Do not log a failure as an error: the queue is then tried alone. */
	bool quiet;
	/** Set by apply if it fails: the hardware does not even have what it had. */
	bool lost;
	/** Of ethdev: where lcore and CPUs come from. */
	const struct eth_tph_cpus *target;
};

/** @internal TPH operations of a driver. All return 0 or a negative errno. */
struct eth_dev_tph_ops {
	/** See rte_eth_dev_tph_info_get(). The structure is zeroed before. */
	int (*info_get)(struct rte_eth_dev *dev, struct rte_eth_tph_info *info);

	/**
	 * See rte_eth_dev_tph_enable(). Does not change anything on failure. On
	 * success info is what info_get would tell; it is zeroed before.
	 */
	int (*enable)(struct rte_eth_dev *dev, enum rte_tph_mode mode,
			struct rte_eth_tph_info *info);

	/** Disable TPH. All queues are unbound already. */
	int (*disable)(struct rte_eth_dev *dev);

	/**
	 * Find the tags of queues as far as is possible without touching the
	 * hardware, in one call of the kernel at most. Needs an enabled mode.
	 */
	int (*resolve)(struct rte_eth_dev *dev, struct eth_dev_tph_queue *queues,
			uint16_t nb_queues);

	/**
	 * Give resolved queues of a started port to the hardware: all of them or,
	 * on any error, none. Unbinding also happens on a stopped port, and
	 * before TPH is enabled for what could not be cleared earlier. A queue is
	 * named once. Not called while a driver that asks for hints is in
	 * device-specific mode, except to unbind.
	 */
	int (*apply)(struct rte_eth_dev *dev, struct eth_dev_tph_queue *queues,
			uint16_t nb_queues);

	/**
	 * Bytes of a descriptor of this direction, with what the device writes
	 * back elsewhere; 0 if it is not known. May be NULL.
	 */
	uint16_t (*desc_size)(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir);
};

/** @internal What a queue has to hint from its next start on. */
struct eth_dev_tph_hint {
	/** Mask of enum rte_tph_object, 0: hint nothing. */
	uint32_t objects;
	/** The steering tag. */
	uint16_t st;
	/** Width of the tag in bits: 8 or 16. */
	uint8_t st_bits;
};

/**
 * @internal
 * Tell what a queue has to hint, for drivers that write it into a context
 * while they set up or start a queue or start the port. Such a driver has no
 * operation that changes a running queue, and keeps nothing: it asks each time
 * that it makes a context.
 *
 * @param dev
 *   The Ethernet device.
 * @param dir
 *   Direction of the queue.
 * @param queue_id
 *   Queue, as the application counts.
 * @param[out] hint
 *   Always filled; nothing is hinted unless the queue is bound and TPH is
 *   enabled in device-specific mode.
 */
__rte_internal
void eth_dev_tph_hint_get(struct rte_eth_dev *dev, enum rte_eth_tph_dir dir,
		uint16_t queue_id, struct eth_dev_tph_hint *hint);

/**
 * @internal
 * Unbind all queues and disable TPH, while the device can still be reached:
 * for whoever ends a port otherwise than by rte_eth_dev_close(),
 * rte_eth_dev_destroy() or rte_eth_dev_pci_generic_remove(). Does nothing if TPH
 * is disabled, or in a secondary process.
 *
 * @param dev
 *   The Ethernet device.
 */
__rte_internal
void eth_dev_tph_teardown(struct rte_eth_dev *dev);

#ifdef __cplusplus
}
#endif

#endif /* ETHDEV_TPH_DRIVER_H */
