/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef FAKE_LCORE_H
#define FAKE_LCORE_H

/**
 * @file
 * Lcores as tests need them, whatever CPUs the machine has.
 */

#include <stdbool.h>

#include <rte_eal.h>
#include <rte_lcore.h>

/**
 * Whether the tables of lcores can be changed, which static linking allows.
 */
bool test_tph_lcores_available(void);

/** Make an lcore that never runs, or change one, on *nb* CPUs. */
void test_tph_lcore_set(unsigned int lcore_id, const unsigned int *cpus, unsigned int nb);

/** Make lcore *first* + i on CPU *cpu* + i, for *nb* of them. */
void test_tph_lcores_set(unsigned int first, unsigned int cpu, unsigned int nb);

/** Make an lcore not exist. */
void test_tph_lcore_clear(unsigned int lcore_id);

/** Give an lcore another role. */
void test_tph_lcore_role_set(unsigned int lcore_id, enum rte_lcore_role_t role);

/** Make all lcores be as they were; nothing to do if none was changed. */
void test_tph_lcores_restore(void);

/** Pretend to be a process of another type; returns the type before. */
enum rte_proc_type_t test_tph_process_type_set(enum rte_proc_type_t type);

#endif /* FAKE_LCORE_H */
