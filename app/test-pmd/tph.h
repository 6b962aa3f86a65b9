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

/** What queues are bound to. */
struct tph_target {
	enum rte_eth_tph_target kind;
	/** The lcore or CPU. */
	uint32_t id;
};

/** Words for objects, the last of which is for all of them. */
#define TPH_OBJECT_NAMES 4
struct tph_object_name {
	const char *name;
	uint32_t objects;
};
extern const struct tph_object_name tph_object_names[TPH_OBJECT_NAMES];

/** Printable name of a direction. */
const char *tph_dir_name(enum rte_eth_tph_dir dir);

/** Number of configured queues of a direction. */
uint16_t tph_nb_queues(portid_t port_id, enum rte_eth_tph_dir dir);

/** Parse a port, or "all" to RTE_PORT_ALL; a port that is not there gets a message. */
int tph_port_parse(const char *text, portid_t *port_id);

/** Whether a port is the one that was parsed, or one of all. */
bool tph_port_is_meant(portid_t port_id, portid_t meant);

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
 * Bind queues of a port to an lcore or CPU, together, and say how it went.
 *
 * @param dirs
 *   Mask of TPH_DIR_*. With both, an object that only one of them has is hinted
 *   there, and a direction that has none of the objects is left out.
 * @param queue_id
 *   One queue, or TPH_QUEUE_ALL.
 * @param target
 *   The lcore or CPU; lcore LCORE_ID_ANY stands for the one that polls the queue.
 * @param objects
 *   Mask of enum rte_tph_object, or TPH_OBJECTS_DEFAULT.
 */
int tph_port_bind(portid_t port_id, uint32_t dirs, queueid_t queue_id,
		const struct tph_target *target, uint32_t objects);

/** Unbind queues of a port, one by one, and say how it went. */
int tph_port_unbind(portid_t port_id, uint32_t dirs, queueid_t queue_id);

/**
 * Have queues of a port bound to where they are polled, or that no more, and say
 * how it went.
 *
 * @param objects
 *   As above.
 */
int tph_port_follow(portid_t port_id, enum rte_eth_tph_follow_mode mode, uint32_t objects);
int tph_port_unfollow(portid_t port_id);

/** Have interrupt vectors for the Rx queues of a stopped port, or none. */
int tph_port_rx_intr_set(portid_t port_id, bool on);

/** Print TPH of a port and the state of its queues. */
void tph_port_show(portid_t port_id);

#endif /* TESTPMD_TPH_H */
