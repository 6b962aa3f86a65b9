/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef IV_PORT_H
#define IV_PORT_H

#include <stdint.h>

#include <rte_ethdev.h>

#include "fake_port.h"

/*
 * A started port in interrupt-vector mode whose driver knows nothing of TPH, for tests of
 * what drivers of PCI devices share. All functions are about its Rx queues.
 */

#define IV_NB_QUEUES 16
/* Vector 0 is for other things, as it mostly is. */
#define IV_VECTOR(queue_id) (1 + (queue_id))

/* Lcores that the tests make: lcore IV_LCORE(i) is on CPU IV_CPU(i). */
#define IV_LCORE(i) (64 + (i))
#define IV_CPU(i) (11 + (i))

extern struct test_tph_port iv_port;

/* For each test case */
int iv_setup(void);
void iv_teardown(void);

/* Give that many queues vectors of their own, or one queue another one. */
int iv_vectors_set(uint16_t nb);
int iv_vector_set(uint16_t queue_id, int vector);

int iv_bind_one(uint16_t queue_id, unsigned int i);
int iv_unbind_one(uint16_t queue_id);

/* Bind queues 0 to *nb* - 1 to lcores *first* on, of *of*. */
int iv_bind_queues(uint16_t nb, unsigned int first, unsigned int of);

/* Check the state of a queue. */
int iv_state_check(uint16_t queue_id, enum rte_eth_tph_status status, unsigned int i);

/* Check one entry of the table; *cpu* -1: it is empty. */
int iv_table_check(uint16_t index, uint32_t cpu);

/* Number of entries of the table that are not empty. */
unsigned int iv_table_used(void);

/* Check the calls since the last time: of SET_ST alone. */
int iv_set_calls_check(unsigned int calls, uint32_t nb_ents);

#endif /* IV_PORT_H */
