/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_INTEL_H
#define TPH_INTEL_H

/**
 * @file
 * What drivers of Intel's NICs have in common. Their base drivers give contexts
 * of Rx queues types of their own, in which the fields are named alike.
 */

#include <ethdev_tph_driver.h>

/** @internal Have the context of an Rx queue hint what *hint* says, and nothing else. */
#define TPH_INTEL_RX_CTX_SET(ctx, hint) do { \
	(ctx)->cpuid = (hint)->st; \
	(ctx)->tphrdesc_ena = ((hint)->objects & RTE_TPH_OBJECT_DESC) != 0; \
	(ctx)->tphwdesc_ena = ((hint)->objects & RTE_TPH_OBJECT_DESC) != 0; \
	(ctx)->tphdata_ena = ((hint)->objects & RTE_TPH_OBJECT_PAYLOAD) != 0; \
	(ctx)->tphhead_ena = ((hint)->objects & RTE_TPH_OBJECT_HEADER) != 0; \
} while (0)

#endif /* TPH_INTEL_H */
