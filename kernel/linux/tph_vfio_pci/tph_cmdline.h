/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_CMDLINE_H
#define TPH_CMDLINE_H

#include "tph_shim.h"

bool tph_cmdline_no_tph(const char *cmdline);

#endif /* TPH_CMDLINE_H */
