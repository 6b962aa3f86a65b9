/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef SUITES_H
#define SUITES_H

#include "test.h"

/* The parts of tph_autotest. */
extern struct unit_test_suite test_tph_advice_suite;
extern struct unit_test_suite test_tph_queue_suite;
extern struct unit_test_suite test_tph_bind_suite;
extern struct unit_test_suite test_tph_end_suite;
extern struct unit_test_suite test_tph_follow_suite;
extern struct unit_test_suite test_tph_follow_life_suite;
extern struct unit_test_suite test_tph_lcore_suite;
extern struct unit_test_suite test_tph_life_suite;
extern struct unit_test_suite test_tph_port_start_suite;
extern struct unit_test_suite test_tph_queue_start_suite;
extern struct unit_test_suite test_tph_stash_suite;
extern struct unit_test_suite test_tph_telemetry_suite;
extern struct unit_test_suite test_tph_thread_suite;
extern struct unit_test_suite test_tph_trace_suite;

/* The parts of pci_tph_autotest. */
extern struct unit_test_suite test_tph_pci_mode_suite;
extern struct unit_test_suite test_tph_pci_ds_suite;
extern struct unit_test_suite test_tph_pci_iv_suite;
extern struct unit_test_suite test_tph_pci_iv_error_suite;

#endif /* SUITES_H */
