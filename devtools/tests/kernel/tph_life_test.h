/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_LIFE_TEST_H
#define TPH_LIFE_TEST_H

#include <stdbool.h>

void test_faults(const char *bdf, bool firmware_has_tags);
void test_life(const char *bdf, bool firmware_has_tags);
void test_msix(const char *bdf, bool firmware_has_tags);
void test_region(const char *bdf, bool never);

#endif /* TPH_LIFE_TEST_H */
