/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef ETHDEV_TPH_TELEMETRY_H
#define ETHDEV_TPH_TELEMETRY_H

/**
 * @file
 * What the files that answer telemetry share.
 */

#include <stdint.h>

/** A bit of a mask, or a value, and the word for it. */
struct eth_tph_name {
	uint32_t value;
	const char *name;
};

/** Words for enum rte_tph_object. */
#define ETH_TPH_OBJECT_NAMES { \
	{ RTE_TPH_OBJECT_DESC, "desc" }, \
	{ RTE_TPH_OBJECT_HEADER, "header" }, \
	{ RTE_TPH_OBJECT_PAYLOAD, "payload" }, \
}

/** Words for enum rte_eth_tph_follow_mode. */
#define ETH_TPH_FOLLOW_NAMES { \
	{ RTE_ETH_TPH_FOLLOW_KEEP, "keep" }, \
	{ RTE_ETH_TPH_FOLLOW_ONCE, "once" }, \
}

/**
 * Take a number from the front of *text*, and the comma behind it. Returns 0, or
 * -EINVAL if *text* is NULL or does not begin with one.
 */
int eth_tph_tel_number_parse(const char **text, uint16_t *number);

#endif /* ETHDEV_TPH_TELEMETRY_H */
