/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TESTPMD_TPH_H
#define TESTPMD_TPH_H

#include <stdint.h>

#include <rte_ethdev.h>

/** Parse the objects of --tph[=OBJECT+...]; NULL for all. 0 or -EINVAL. */
int tph_option_parse(const char *arg);

/** With --tph: bind each queue that is forwarded to the lcore that polls it. */
void tph_forwarding_bind(void);

/**
 * Parse objects, each one of all, desc, header and payload, that a character
 * separates. Returns a mask of enum rte_tph_object, 0 if it is none.
 */
uint32_t tph_objects_parse(const char *text, char separator);

/** Enable TPH on a port and say how it went. */
int tph_port_enable(portid_t port_id, enum rte_tph_mode mode);

/**
 * Bind one queue of a port, or all for UINT16_MAX, to an lcore, and say how it
 * went; LCORE_ID_ANY stands for the lcore that polls the queue.
 */
int tph_port_bind(portid_t port_id, enum rte_eth_tph_dir dir, queueid_t queue_id,
		uint32_t lcore_id, uint32_t objects);

/** Unbind one queue of a port, or all for UINT16_MAX, and say how it went. */
int tph_port_unbind(portid_t port_id, enum rte_eth_tph_dir dir, queueid_t queue_id);

/** Print TPH of a port and the state of its queues. */
void tph_port_show(portid_t port_id);

#endif /* TESTPMD_TPH_H */
