/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef EAL_EXPORT_H
#define EAL_EXPORT_H

/**
 * @file
 * Markers of exported symbols. From 25.07 on the symbol maps are made from
 * them; before, version.map is what counts and they stand for nothing.
 */

#define RTE_EXPORT_EXPERIMENTAL_SYMBOL(...)
#define RTE_EXPORT_INTERNAL_SYMBOL(...)

#endif /* EAL_EXPORT_H */
