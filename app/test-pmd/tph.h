/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TESTPMD_TPH_H
#define TESTPMD_TPH_H

#include <stdbool.h>
#include <stdint.h>

#include <rte_bitops.h>
#include <rte_ethdev.h>

/** Forwarding mode "stash", see stash.h. */
extern struct fwd_engine stash_fwd_engine;

/** All queues of a direction. */
#define TPH_QUEUE_ALL UINT16_MAX

/** Directions, as bits of a mask. */
#define TPH_DIR_RX RTE_BIT32(RTE_ETH_TPH_RX)
#define TPH_DIR_TX RTE_BIT32(RTE_ETH_TPH_TX)

/**
 * No objects named: in device-specific mode what is worth its room in a cache,
 * descriptors and headers of Rx and descriptors of Tx; in interrupt-vector mode,
 * where the device decides, all.
 */
#define TPH_OBJECTS_DEFAULT 0

/** Parse the objects of --tph[=OBJECT,...]; NULL for the default. 0 or -EINVAL. */
int tph_option_parse(const char *arg);

/** With --tph: bind each queue that is forwarded to the lcore that polls it. */
void tph_forwarding_bind(void);

/**
 * Parse objects, each one of all, desc, header and payload, with commas between
 * them. Returns 0, or -EINVAL if one is unknown.
 */
int tph_objects_parse(const char *text, uint32_t *objects);

/** Enable TPH on a port and say how it went. */
int tph_port_enable(portid_t port_id, enum rte_tph_mode mode);

/** Disable TPH on a port and say how it went. */
int tph_port_disable(portid_t port_id);

/**
 * Bind queues of a port to an lcore, together, and say how it went.
 *
 * @param dirs
 *   Mask of TPH_DIR_*. With both, an object that only one of them has is hinted
 *   there, and a direction that has none of the objects is left out.
 * @param queue_id
 *   One queue, or TPH_QUEUE_ALL.
 * @param lcore_id
 *   LCORE_ID_ANY stands for the lcore that polls the queue.
 * @param objects
 *   Mask of enum rte_tph_object, or TPH_OBJECTS_DEFAULT.
 */
int tph_port_bind(portid_t port_id, uint32_t dirs, queueid_t queue_id, uint32_t lcore_id,
		uint32_t objects);

/** Unbind queues of a port, one by one, and say how it went. */
int tph_port_unbind(portid_t port_id, uint32_t dirs, queueid_t queue_id);

/** Have interrupt vectors for the Rx queues of a stopped port, or none. */
int tph_port_rx_intr_set(portid_t port_id, bool on);

/** Print TPH of a port and the state of its queues. */
void tph_port_show(portid_t port_id);

#endif /* TESTPMD_TPH_H */
