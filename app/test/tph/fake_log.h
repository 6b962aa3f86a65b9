/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef FAKE_LOG_H
#define FAKE_LOG_H

/**
 * @file
 * What is logged, kept for tests to look at.
 */

/** Keep what is logged from now on, instead of showing it. */
int test_tph_log_start(void);

/** Number of lines that were logged so far. */
unsigned int test_tph_log_lines(void);

/** Show again what is logged, and tell in how many lines *text* was. */
unsigned int test_tph_log_stop(const char *text);

#endif /* FAKE_LOG_H */
