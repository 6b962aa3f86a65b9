/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TESTPMD_STASH_H
#define TESTPMD_STASH_H

/**
 * @file
 * Forwarding mode that tells in which cache packets were when they were read.
 */

#include "stash_probe.h"

/** Time this cache line of packets, counted from 1; 0 or -EINVAL. */
int stash_line_set(unsigned int line);

/** Whether the mode forwards now. */
bool stash_runs(void);

/** What was seen on all streams since forwarding started. */
void stash_total(struct stash_counts *total);

/** Whether the times of any CPU that forwards mean nothing. */
bool stash_is_meaningless(void);

/** Print what was seen since forwarding started. */
void stash_show(void);

/**
 * Let forwarding go on with and without bindings in turns, and print what
 * differs.
 */
void stash_compare(unsigned int seconds);

#endif /* TESTPMD_STASH_H */
