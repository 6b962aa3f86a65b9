/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_IV_FORWARD_H
#define TPH_IV_FORWARD_H

#include <stdint.h>

/**
 * Let an lcore sleep until Rx queue 0 of a port interrupts, and send what came
 * in back by the same port; its peer sends bursts, each when the kernel says
 * that the lcore sleeps, and counts what comes back. Prints what was counted.
 */
void iv_forward(uint16_t port_id, uint16_t peer_id, unsigned int lcore_id);

/** Send a small IPv4 packet to everyone. */
void iv_packet_send(uint16_t port_id, uint16_t queue_id);

#endif /* TPH_IV_FORWARD_H */
