/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef FOLLOW_BY_HAND_H
#define FOLLOW_BY_HAND_H

/**
 * @file
 * Following ports while the test says when to look, and polls itself. All queues of
 * a direction are meant where none is named.
 */

#include <stdint.h>

#include <ethdev_tph_follow.h>

#include "fake_port.h"

/**
 * Make a started port of which looks are up to the test: what the set-up of a case
 * returns, TEST_SKIPPED if that is not possible here.
 */
int test_tph_follow_setup(struct test_tph_port *port, uint16_t nb_queues);

/** End such a port; looks are left to the alarm again as it was. */
void test_tph_follow_teardown(struct test_tph_port *port);

/** Leave looks to the alarm, each so many microseconds, from the next follow on. */
void test_tph_follow_alarm(uint64_t period);

/** Follow a port with all defaults but the mode. */
int test_tph_follow(const struct test_tph_port *port, enum rte_eth_tph_follow_mode mode);

/** Let time pass until the next look. */
void test_tph_look(void);

/** Poll a queue by the calling thread, on a CPU, of which there are two. */
void test_tph_poll_queue(const struct test_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id, unsigned int cpu);

/** Poll all queues. */
void test_tph_poll(const struct test_tph_port *port, unsigned int cpu);

/** Poll all queues by another thread, which ends then. */
void test_tph_poll_elsewhere(const struct test_tph_port *port, unsigned int cpu);

/** Poll all queues, and look, several times. */
void test_tph_poll_and_look(const struct test_tph_port *port, unsigned int cpu, unsigned int nb);

/** 0 if all queues are followed to a CPU, else -1 and a message. */
int test_tph_followed_check(const struct test_tph_port *port, unsigned int cpu);

/** 0 if following a queue stands there, else -1 and a message. */
int test_tph_follow_check(const struct test_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id, enum rte_eth_tph_follow_state state);

/** Number of callbacks of a port, whatever queues are configured. */
unsigned int test_tph_callbacks(uint16_t port_id);

#endif /* FOLLOW_BY_HAND_H */
