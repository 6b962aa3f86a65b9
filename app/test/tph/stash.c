/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * The probe of testpmd that tells from times where lines were: its arithmetic,
 * and, as a benchmark, lines whose place is known.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_malloc.h>

#include "../../test-pmd/stash_probe.h"

#include "suites.h"
#include "test.h"

#define NEAR(a, b) ((a) > (b) * 0.99 && (a) < (b) * 1.01)

/* A CPU of round figures: borders are at 20 and 80 ns. */
static struct stash_scale
round_scale(void)
{
	struct stash_scale scale = {
		.cost = { [STASH_OWN] = 10, [STASH_SHARED] = 40, [STASH_MEMORY] = 160 },
		.tick = 0.5,
	};

	stash_scale_finish(&scale, false);
	return scale;
}

static int
test_stash_borders(void)
{
	struct stash_scale scale = round_scale();

	TEST_ASSERT(!scale.meaningless, "meaningless");
	TEST_ASSERT(NEAR(scale.shared_from, 20), "own: %f", scale.shared_from);
	TEST_ASSERT(NEAR(scale.memory_from, 80), "shared: %f", scale.memory_from);
	TEST_ASSERT_EQUAL(stash_place_of(&scale, 0), STASH_OWN, "0 ns");
	TEST_ASSERT_EQUAL(stash_place_of(&scale, 19), STASH_OWN, "19 ns");
	TEST_ASSERT_EQUAL(stash_place_of(&scale, 21), STASH_SHARED, "21 ns");
	TEST_ASSERT_EQUAL(stash_place_of(&scale, 79), STASH_SHARED, "79 ns");
	TEST_ASSERT_EQUAL(stash_place_of(&scale, 81), STASH_MEMORY, "81 ns");

	/* Without a shared cache there are two places, and own is what own costs. */
	scale.cost[STASH_SHARED] = 0;
	stash_scale_finish(&scale, false);
	TEST_ASSERT_EQUAL(stash_place_of(&scale, 19), STASH_OWN, "19 ns");
	TEST_ASSERT_EQUAL(stash_place_of(&scale, 21), STASH_MEMORY, "21 ns");
	/* Nor is memory own where it is nearer than caches elsewhere. */
	scale.cost[STASH_MEMORY] = 32;
	stash_scale_finish(&scale, false);
	TEST_ASSERT_EQUAL(stash_place_of(&scale, 17), STASH_OWN, "17 ns");
	TEST_ASSERT_EQUAL(stash_place_of(&scale, 19), STASH_MEMORY, "19 ns, memory near");
	scale.cost[STASH_MEMORY] = 160;

	/* One that costs as much as a neighbour is none, too. */
	scale.cost[STASH_SHARED] = 150;
	stash_scale_finish(&scale, false);
	TEST_ASSERT_EQUAL(scale.cost[STASH_SHARED], 0, "as far as memory");
	scale.cost[STASH_SHARED] = 12;
	stash_scale_finish(&scale, false);
	TEST_ASSERT_EQUAL(scale.cost[STASH_SHARED], 0, "as near as own");
	return TEST_SUCCESS;
}

static int
test_stash_meaning(void)
{
	struct stash_scale scale = round_scale();

	stash_scale_finish(&scale, true);
	TEST_ASSERT(scale.meaningless, "emulated");
	scale.cost[STASH_MEMORY] = 25;
	stash_scale_finish(&scale, false);
	TEST_ASSERT(scale.meaningless, "memory as near as caches");
	memset(&scale, 0, sizeof(scale));
	stash_scale_finish(&scale, false);
	TEST_ASSERT(scale.meaningless, "nothing measured");
	return TEST_SUCCESS;
}

/* 8 ticks for a sample: few lines on a fine clock, many on a coarse one. */
static int
test_stash_group(void)
{
	struct stash_scale scale = round_scale();

	TEST_ASSERT_EQUAL(scale.group, 4, "fine clock: %u", scale.group);
	scale.tick = 40;
	stash_scale_finish(&scale, false);
	TEST_ASSERT_EQUAL(scale.group, 32, "25 MHz: %u", scale.group);
	scale.tick = 1000;
	stash_scale_finish(&scale, false);
	TEST_ASSERT_EQUAL(scale.group, STASH_LINES_MAX, "1 MHz: %u", scale.group);
	return TEST_SUCCESS;
}

static int
test_stash_bins(void)
{
	unsigned int bin;

	TEST_ASSERT_EQUAL(stash_bin_of(0), 0, "0 ns");
	TEST_ASSERT_EQUAL(stash_bin_of(1E9), STASH_BINS - 1, "1 s");
	for (bin = 0; bin < STASH_BINS - 1; bin++) {
		TEST_ASSERT_EQUAL(stash_bin_of(stash_bin_edge(bin) * 0.99), bin, "below %u", bin);
		TEST_ASSERT_EQUAL(stash_bin_of(stash_bin_edge(bin)), bin + 1, "at %u", bin);
		TEST_ASSERT(NEAR(stash_bin_edge(bin + 2), 2 * stash_bin_edge(bin)),
			"two columns are an octave");
	}
	return TEST_SUCCESS;
}

static int
test_stash_counts(void)
{
	const struct stash_scale scale = round_scale();
	struct stash_counts counts, before, diff;
	struct stash_group group;

	memset(&counts, 0, sizeof(counts));
	memset(&group, 0, sizeof(group));
	/* Three lines are no sample; with two more the average is 11 ns. */
	stash_counts_add(&scale, &counts, &group, 3, 30);
	TEST_ASSERT_EQUAL(counts.lines, 0, "too early");
	stash_counts_add(&scale, &counts, &group, 2, 25);
	TEST_ASSERT_EQUAL(counts.lines, 5, "lines");
	TEST_ASSERT_EQUAL(counts.places[STASH_OWN], 5, "own");
	TEST_ASSERT_EQUAL(counts.bins[stash_bin_of(11)], 5, "column");
	TEST_ASSERT(NEAR(counts.ns, 55), "ns");
	TEST_ASSERT_EQUAL(group.lines, 0, "begins anew");

	/* No load takes 8 times what one from memory does. */
	stash_counts_add(&scale, &counts, &group, 4, 4 * 8 * 161);
	TEST_ASSERT_EQUAL(counts.interrupted, 4, "interrupted");
	TEST_ASSERT_EQUAL(counts.lines, 5, "interrupted lines");

	before = counts;
	counts.packets = 7;
	stash_counts_add(&scale, &counts, &group, 10, 1000);
	stash_counts_diff(&counts, &before, &diff);
	TEST_ASSERT_EQUAL(diff.lines, 10, "lines since");
	TEST_ASSERT_EQUAL(diff.places[STASH_OWN], 0, "own since");
	TEST_ASSERT_EQUAL(diff.places[STASH_MEMORY], 10, "memory since");
	TEST_ASSERT_EQUAL(diff.packets, 7, "packets since");
	TEST_ASSERT(NEAR(diff.ns, 1000), "ns since");
	stash_counts_sum(&diff, &before);
	TEST_ASSERT(memcmp(&diff, &counts, sizeof(diff)) == 0, "sum");
	return TEST_SUCCESS;
}

/* Lines of a machine, not of the build: both sizes on any. */
static int
test_stash_lines(void)
{
	const uint8_t *base = (const uint8_t *)(uintptr_t)0x10000;
	const unsigned int sizes[] = { 64, 128 };
	unsigned int i, size;

	for (i = 0; i < RTE_DIM(sizes); i++) {
		size = sizes[i];
		TEST_ASSERT(stash_line_of(base, 0, 1, size) == NULL, "no data");
		TEST_ASSERT(stash_line_of(base, 1, 1, size) == base, "one byte");
		TEST_ASSERT(stash_line_of(base, size, 2, size) == NULL, "one line");
		TEST_ASSERT(stash_line_of(base, size + 1, 2, size) == base + size, "two");
		TEST_ASSERT(stash_line_of(base, 1500, 4, size) == base + 3 * size, "four");
		/* Data that begin within a line reach the next one earlier. */
		TEST_ASSERT(stash_line_of(base + 16, size - 16, 2, size) == NULL, "within");
		TEST_ASSERT(stash_line_of(base + 16, size - 15, 2, size) == base + size,
			"into the next");
		TEST_ASSERT(stash_line_of(base + 16, 100, 1, size) == base + 16, "first byte");
	}
	return TEST_SUCCESS;
}

static int
test_stash_order(void)
{
	static uint32_t order[4096];
	static bool seen[RTE_DIM(order)];
	unsigned int i, near = 0, same = 0;

	stash_order_fill(order, RTE_DIM(order));
	for (i = 0; i < RTE_DIM(order); i++) {
		TEST_ASSERT(order[i] < RTE_DIM(order) && !seen[order[i]], "each once");
		seen[order[i]] = true;
		if (i > 0)
			near += abs((int)order[i] - (int)order[i - 1]) <= 4;
		if (i > 1)
			same += order[i] - order[i - 1] == order[i - 1] - order[i - 2];
	}
	TEST_ASSERT(near < RTE_DIM(order) / 100, "%u steps to a neighbour", near);
	TEST_ASSERT(same < RTE_DIM(order) / 100, "%u steps repeated", same);
	stash_order_fill(order, 1);
	TEST_ASSERT_EQUAL(order[0], 0, "of one");
	return TEST_SUCCESS;
}

static int
test_stash_turns(void)
{
	struct stash_turns a = { .values = { 30, 10, 20 }, .nb = 3 };
	struct stash_turns b = { .values = { 5, 4, 7, 6 }, .nb = 4 };
	struct stash_turns c = { .values = { 29, 50 }, .nb = 2 };
	struct stash_turns none = { .nb = 0 };

	TEST_ASSERT(NEAR(stash_turns_sort(&a), 20), "odd");
	TEST_ASSERT(NEAR(stash_turns_sort(&b), 5.5), "even");
	TEST_ASSERT(NEAR(stash_turns_sort(&c), 39.5), "two");
	TEST_ASSERT_EQUAL(stash_turns_sort(&none), 0, "none");
	TEST_ASSERT_EQUAL(stash_turns_compare(&a, &b), STASH_LESS, "less");
	TEST_ASSERT_EQUAL(stash_turns_compare(&b, &a), STASH_MORE, "more");
	TEST_ASSERT_EQUAL(stash_turns_compare(&a, &c), STASH_SAME, "overlap");
	TEST_ASSERT_EQUAL(stash_turns_compare(&a, &none), STASH_SAME, "none");
	return TEST_SUCCESS;
}

/* Costs are found on any machine, whatever they mean. */
static int
test_stash_measure(void)
{
	struct rte_eth_tph_advice caches;
	struct stash_scale scale;

	memset(&caches, 0, sizeof(caches));
	TEST_ASSERT_SUCCESS(stash_scale_measure(&scale, &caches), "sizes unknown");
	TEST_ASSERT(scale.cost[STASH_OWN] > 0, "own");
	TEST_ASSERT_EQUAL(scale.cost[STASH_SHARED], 0, "nothing known of it");
	TEST_ASSERT(scale.cost[STASH_MEMORY] > 0, "memory");
	TEST_ASSERT(scale.tick > 0 && scale.overhead >= 0, "clock");
	TEST_ASSERT_EQUAL(stash_ns(&scale, 0), 0, "never below 0");
	return TEST_SUCCESS;
}

struct unit_test_suite test_tph_stash_suite = {
	.suite_name = "TPH of testpmd: arithmetic of the stash probe",
	.unit_test_cases = {
		TEST_CASE(test_stash_borders),
		TEST_CASE(test_stash_meaning),
		TEST_CASE(test_stash_group),
		TEST_CASE(test_stash_bins),
		TEST_CASE(test_stash_counts),
		TEST_CASE(test_stash_lines),
		TEST_CASE(test_stash_order),
		TEST_CASE(test_stash_turns),
		TEST_CASE(test_stash_measure),
		TEST_CASES_END()
	},
};

/* Lines of the benchmark: as many as L2 holds by far, in bursts. */
#define PERF_LINES 1024
#define PERF_BURST 32
#define PERF_ROUNDS 64

static const void *perf_lines[PERF_LINES];

static int
perf_write(void *arg __rte_unused)
{
	unsigned int i;

	for (i = 0; i < PERF_LINES; i++)
		(*(volatile uint64_t *)(uintptr_t)perf_lines[i])++;
	return 0;
}

static int
perf_flush(void *arg __rte_unused)
{
	return stash_flush(perf_lines, PERF_LINES) ? 0 : -1;
}

/* Bring the lines where they are to be, then let the probe look. */
static int
perf_probe(const struct stash_scale *scale, lcore_function_t *place, unsigned int lcore_id,
		struct stash_counts *counts)
{
	struct stash_group group = { .lines = 0 };
	unsigned int round, i;
	uint64_t ticks;
	int ret;

	memset(counts, 0, sizeof(*counts));
	for (round = 0; round < PERF_ROUNDS; round++) {
		if (lcore_id == rte_lcore_id()) {
			ret = place(NULL);
		} else {
			ret = rte_eal_remote_launch(place, NULL, lcore_id);
			if (ret == 0)
				ret = rte_eal_wait_lcore(lcore_id);
		}
		if (ret != 0)
			return TEST_FAILED;
		for (i = 0; i < PERF_LINES; i += PERF_BURST) {
			ticks = stash_touch(&perf_lines[i], PERF_BURST);
			stash_counts_add(scale, counts, &group, PERF_BURST, stash_ns(scale, ticks));
		}
	}
	return TEST_SUCCESS;
}

static void
perf_print(const char *name, const struct stash_counts *counts, double own)
{
	printf("  %-24s %8.1f %8.1f %8.1f %8.1f %8.1f\n", name, counts->ns / counts->lines,
		counts->ns / counts->lines / own,
		100.0 * counts->places[STASH_OWN] / counts->lines,
		100.0 * counts->places[STASH_SHARED] / counts->lines,
		100.0 * counts->places[STASH_MEMORY] / counts->lines);
}

static int
perf_run(const struct stash_scale *scale, unsigned int other)
{
	struct stash_counts own, others, flushed;

	if (perf_probe(scale, perf_write, rte_lcore_id(), &own) != TEST_SUCCESS ||
	    perf_probe(scale, perf_write, other, &others) != TEST_SUCCESS ||
	    perf_probe(scale, perf_flush, rte_lcore_id(), &flushed) != TEST_SUCCESS)
		return TEST_FAILED;

	printf("  %-24s %8s %8s %8s %8s %8s\n", "lines", "ns", "ratio", "own %", "shared %",
		"memory %");
	perf_print("written by this lcore", &own, own.ns / own.lines);
	perf_print("written by another", &others, own.ns / own.lines);
	perf_print("flushed", &flushed, own.ns / own.lines);
	/*
	 * Only what no neighbour on the machine can turn round. How near another lcore
	 * is belongs to the machine: CPUs of a virtual one may be threads of one core.
	 */
	TEST_ASSERT(own.ns / own.lines < flushed.ns / flushed.lines, "own lines are farther");
	TEST_ASSERT((double)own.places[STASH_OWN] / own.lines >
		(double)flushed.places[STASH_OWN] / flushed.lines, "flushed lines are nearer");
	return TEST_SUCCESS;
}

static int
test_stash_perf(void)
{
	const unsigned int other = rte_get_next_lcore(-1, 1, 0), line = stash_line_size();
	static uint32_t order[PERF_LINES];
	struct rte_eth_tph_advice caches;
	struct stash_scale scale;
	unsigned int i;
	uint8_t *set;
	int ret;

	if (other == RTE_MAX_LCORE) {
		printf("two lcores are needed\n");
		return TEST_SKIPPED;
	}
	if (rte_eth_tph_advice_get(rte_lcore_id(), &caches) != 0 ||
	    stash_scale_measure(&scale, &caches) != 0)
		return TEST_FAILED;
	printf("  a load from own caches %.1f ns, shared %.1f, memory %.1f; %u lines a sample\n",
		scale.cost[STASH_OWN], scale.cost[STASH_SHARED], scale.cost[STASH_MEMORY],
		scale.group);
	if (scale.meaningless) {
		printf("the CPU is emulated, or memory seems as near as its caches\n");
		return TEST_SKIPPED;
	}
	set = rte_zmalloc(NULL, PERF_LINES * line, line);
	if (set == NULL)
		return TEST_FAILED;
	stash_order_fill(order, PERF_LINES);
	for (i = 0; i < PERF_LINES; i++)
		perf_lines[i] = set + (size_t)order[i] * line;
	ret = perf_run(&scale, other);
	rte_free(set);
	return ret;
}

REGISTER_TEST_COMMAND(stash_perf_autotest, test_stash_perf);
