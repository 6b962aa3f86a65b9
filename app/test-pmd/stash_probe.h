/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef STASH_PROBE_H
#define STASH_PROBE_H

/**
 * @file
 * Tell from the time of loads where lines were: in a cache of this CPU, in one
 * that it shares or in memory. Nothing here knows testpmd: dpdk-test has it, too.
 */

#include <stdbool.h>
#include <stdint.h>

#include <rte_ethdev.h>

/** Where a line was when it was loaded. */
enum stash_place {
	STASH_OWN,    /**< A cache that this CPU has, or shares with its siblings: L1, L2. */
	STASH_SHARED, /**< A cache that CPUs share, or that of another CPU. */
	STASH_MEMORY,
	STASH_PLACES,
};

/** Columns of a histogram of ns: column n is below stash_bin_edge(n). */
#define STASH_BINS 20

/** Lines that are timed in one go, at most. */
#define STASH_LINES_MAX 64

/** What a load costs on a CPU; all times in ns. */
struct stash_scale {
	/** Of a load that depends on the one before; 0 if not measured. */
	double cost[STASH_PLACES];
	/** From here on a line was not in the CPU's own caches. */
	double shared_from;
	/** From here on it was in memory. */
	double memory_from;
	/** Of timing nothing. */
	double overhead;
	/** A tick of the clock. */
	double tick;
	/** Lines whose average is one sample: so many that the clock can tell. */
	unsigned int group;
	/** CPU that it was measured on. */
	uint32_t cpu_id;
	/** The CPU is emulated, or its caches cannot be told apart. */
	bool meaningless;
};

/** Lines that are not enough for a sample yet. */
struct stash_group {
	unsigned int lines;
	double ns;
};

/** What was seen since some time. */
struct stash_counts {
	uint64_t lines;
	/** Of all these lines. */
	double ns;
	uint64_t places[STASH_PLACES];
	uint64_t bins[STASH_BINS];
	/** Bursts that were timed, their packets, and cycles of the calls. */
	uint64_t bursts;
	uint64_t packets;
	uint64_t cycles;
	/** Lines whose time is not that of loads: the thread was interrupted. */
	uint64_t interrupted;
	/** Packets of timed bursts that are too short to have the line. */
	uint64_t too_short;
};

/** Turns of a comparison, with and without bindings each. */
#define STASH_TURNS 5

/** What each turn gave. */
struct stash_turns {
	double values[STASH_TURNS];
	unsigned int nb;
};

/** How the second of two series differs from the first. */
enum stash_verdict {
	STASH_SAME, /**< They overlap. */
	STASH_LESS, /**< All values are below all of the first. */
	STASH_MORE, /**< All values are above all of the first. */
};

/** Sort the values, so that the first is the least; returns the median, 0 of none. */
double stash_turns_sort(struct stash_turns *turns);

/** Compare two sorted series. */
enum stash_verdict stash_turns_compare(const struct stash_turns *first,
		const struct stash_turns *second);

/** Bytes of a cache line of this machine. */
unsigned int stash_line_size(void);

/** Upper edge of a column in ns; that of the last one is infinite. */
double stash_bin_edge(unsigned int bin);

/** Column of a time in ns. */
unsigned int stash_bin_of(double ns);

/** Place of a line that took so many ns. */
enum stash_place stash_place_of(const struct stash_scale *scale, double ns);

/** Fill what follows from costs, overhead and tick: borders, group, meaning. */
void stash_scale_finish(struct stash_scale *scale, bool emulated);

/** Add lines that took so many ns; they count once there are enough of them. */
void stash_counts_add(const struct stash_scale *scale, struct stash_counts *counts,
		struct stash_group *group, unsigned int lines, double ns);

/** What came from *before* to *after*. */
void stash_counts_diff(const struct stash_counts *after, const struct stash_counts *before,
		struct stash_counts *diff);

/** Add one to the other. */
void stash_counts_sum(struct stash_counts *sum, const struct stash_counts *counts);

/**
 * The *nth* cache line of data, counted from 1, or NULL if the data have no byte
 * in it. Data that begin within a line have their first byte in line 1.
 */
const void *stash_line_of(const void *data, unsigned int len, unsigned int nth,
		unsigned int line_size);

/** Numbers from 0 to n - 1 in an order that no prefetcher guesses. */
void stash_order_fill(uint32_t *order, uint32_t n);

/** Load lines, each load after the one before; returns ticks. */
uint64_t stash_touch(const void *const *lines, unsigned int nb);

/** Put lines out of all caches; false if this CPU has no instruction for it. */
bool stash_flush(const void *const *lines, unsigned int nb);

/**
 * Measure the costs of the calling CPU.
 *
 * @param caches
 *   Sizes of its caches, 0 where not known.
 * @return
 *   0, or -ENOMEM.
 */
int stash_scale_measure(struct stash_scale *scale, const struct rte_eth_tph_advice *caches);

/** ns of so many lines, of which timing nothing is taken off. */
double stash_ns(const struct stash_scale *scale, uint64_t ticks);

#endif /* STASH_PROBE_H */
