/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel holds: counts of all that a leak would make grow.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_HELD_H
#define TPH_HELD_H

#include <stdbool.h>

#define TPH_HELD_ITEMS	1024

struct tph_held {
	unsigned int n;
	struct {
		char name[80];
		long count;
	} item[TPH_HELD_ITEMS];
};

bool tph_held_settle(struct tph_held *held);
bool tph_held_check(const struct tph_held *before, long limit);

#endif /* TPH_HELD_H */
