/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if defined(RTE_ARCH_X86)
#include <cpuid.h>
#include <emmintrin.h>
#endif

#include <rte_atomic.h>
#include <rte_common.h>
#include <rte_cycles.h>
#include <rte_lcore.h>

#include "stash_probe.h"

/* A set that L2 holds, if its size is not known: no L2 is smaller. */
#define STASH_OWN_BYTES (128u << 10)
/* A set that is not in the caches of a CPU, if lines cannot be flushed. */
#define STASH_FAR_BYTES (64u << 20)
/* The lines of bursts that are timed to measure a cost. */
#define STASH_BURST 32
#define STASH_BURSTS 256

/* Below this ratio of costs, places are not told apart. */
#define STASH_RATIO_MIN 1.5
/* Memory costs more than the own caches by far, on every CPU. */
#define STASH_RATIO_REAL 3.0
/* A shared cache that was not measured is taken to cost so many times what the own ones do. */
#define STASH_RATIO_SHARED 4.0

/* No load takes so many times what one from memory does: it was interrupted. */
#define STASH_INTERRUPTED 8

/* A sample is to take so many ticks of the clock even if all lines are near. */
#define STASH_TICKS_MIN 8
#define STASH_GROUP_MIN 4

/* Always 0, which the compiler does not know: makes a load wait for another. */
static volatile uintptr_t stash_zero;

/* A number that a file of sysfs has, -1 if there is none. */
static long
stash_sysfs_read(const char *path)
{
	long value;
	FILE *file = fopen(path, "r");

	if (file == NULL)
		return -1;
	if (fscanf(file, "%li", &value) != 1)
		value = -1;
	fclose(file);
	return value;
}

/* As the CPU says. DPDK counts 128 bytes for arm64, where most servers have 64. */
static unsigned int
stash_line_size_cpu(void)
{
#if defined(RTE_ARCH_ARM64)
	uint64_t ctr;

	/* DminLine is log2 of the number of words. */
	asm volatile("mrs %0, ctr_el0" : "=r"(ctr));
	return sizeof(uint32_t) << (ctr >> 16 & 0xf);
#else
	return RTE_CACHE_LINE_SIZE;
#endif
}

unsigned int
stash_line_size(void)
{
	static const char path[] =
		"/sys/devices/system/cpu/cpu0/cache/index0/coherency_line_size";
	long size = stash_sysfs_read(path);

	return size > 0 ? (unsigned int)size : stash_line_size_cpu();
}

double
stash_bin_edge(unsigned int bin)
{
	static const double half_octave = 1.41421356;

	return (double)(1u << bin / 2) * (bin % 2 != 0 ? half_octave : 1.0);
}

unsigned int
stash_bin_of(double ns)
{
	unsigned int bin = 0;

	while (bin < STASH_BINS - 1 && ns >= stash_bin_edge(bin))
		bin++;
	return bin;
}

enum stash_place
stash_place_of(const struct stash_scale *scale, double ns)
{
	if (ns < scale->shared_from)
		return STASH_OWN;
	return ns < scale->memory_from ? STASH_SHARED : STASH_MEMORY;
}

/* The geometric mean, as good as without libm. */
static double
stash_between(double low, double high)
{
	double mean = (low + high) / 2;
	int i;

	for (i = 0; i < 32; i++)
		mean = (mean + low * high / mean) / 2;
	return mean;
}

void
stash_scale_finish(struct stash_scale *scale, bool emulated)
{
	double *cost = scale->cost;
	double near;

	/* A place that costs what a nearer one does is none. */
	if (cost[STASH_SHARED] < cost[STASH_OWN] * STASH_RATIO_MIN ||
	    cost[STASH_MEMORY] < cost[STASH_SHARED] * STASH_RATIO_MIN)
		cost[STASH_SHARED] = 0;
	scale->meaningless = emulated || cost[STASH_OWN] <= 0 ||
		cost[STASH_MEMORY] < cost[STASH_OWN] * STASH_RATIO_REAL;

	/* What no one measured is not to pass for own: caches may be nearer than memory. */
	near = cost[STASH_SHARED] != 0 ? cost[STASH_SHARED] :
		RTE_MIN(cost[STASH_MEMORY], cost[STASH_OWN] * STASH_RATIO_SHARED);
	scale->shared_from = stash_between(RTE_MAX(cost[STASH_OWN], 0.01), RTE_MAX(near, 0.01));
	scale->memory_from = cost[STASH_SHARED] != 0 ?
		stash_between(cost[STASH_SHARED], cost[STASH_MEMORY]) : scale->shared_from;

	scale->group = STASH_GROUP_MIN;
	while (scale->group < STASH_LINES_MAX &&
	       scale->group * cost[STASH_OWN] < STASH_TICKS_MIN * scale->tick)
		scale->group *= 2;
}

void
stash_counts_add(const struct stash_scale *scale, struct stash_counts *counts,
		struct stash_group *group, unsigned int lines, double ns)
{
	double mean;

	group->lines += lines;
	group->ns += ns;
	if (group->lines < scale->group)
		return;

	mean = group->ns / group->lines;
	if (!scale->meaningless && mean > STASH_INTERRUPTED * scale->cost[STASH_MEMORY]) {
		counts->interrupted += group->lines;
	} else {
		counts->lines += group->lines;
		counts->ns += group->ns;
		counts->places[stash_place_of(scale, mean)] += group->lines;
		counts->bins[stash_bin_of(mean)] += group->lines;
	}
	group->lines = 0;
	group->ns = 0;
}

/* Add one to the other, or take it off. */
static void
stash_counts_merge(struct stash_counts *sum, const struct stash_counts *counts, int sign)
{
	unsigned int i;

	sum->lines += sign * counts->lines;
	sum->ns += sign * counts->ns;
	for (i = 0; i < STASH_PLACES; i++)
		sum->places[i] += sign * counts->places[i];
	for (i = 0; i < STASH_BINS; i++)
		sum->bins[i] += sign * counts->bins[i];
	sum->bursts += sign * counts->bursts;
	sum->packets += sign * counts->packets;
	sum->cycles += sign * counts->cycles;
	sum->interrupted += sign * counts->interrupted;
	sum->too_short += sign * counts->too_short;
}

void
stash_counts_diff(const struct stash_counts *after, const struct stash_counts *before,
		struct stash_counts *diff)
{
	*diff = *after;
	stash_counts_merge(diff, before, -1);
}

void
stash_counts_sum(struct stash_counts *sum, const struct stash_counts *counts)
{
	stash_counts_merge(sum, counts, 1);
}

static int
stash_double_compare(const void *a, const void *b)
{
	double first = *(const double *)a, second = *(const double *)b;

	return first < second ? -1 : first > second;
}

double
stash_turns_sort(struct stash_turns *turns)
{
	const unsigned int nb = turns->nb;

	if (nb == 0)
		return 0;
	qsort(turns->values, nb, sizeof(turns->values[0]), stash_double_compare);
	return (turns->values[(nb - 1) / 2] + turns->values[nb / 2]) / 2;
}

enum stash_verdict
stash_turns_compare(const struct stash_turns *first, const struct stash_turns *second)
{
	if (first->nb == 0 || second->nb == 0)
		return STASH_SAME;
	if (second->values[second->nb - 1] < first->values[0])
		return STASH_LESS;
	return second->values[0] > first->values[first->nb - 1] ? STASH_MORE : STASH_SAME;
}

const void *
stash_line_of(const void *data, unsigned int len, unsigned int nth, unsigned int line_size)
{
	uintptr_t start = (uintptr_t)data, line;

	if (len == 0)
		return NULL;
	if (nth <= 1)
		return data;
	line = RTE_ALIGN_FLOOR(start, line_size) + (uintptr_t)(nth - 1) * line_size;
	return line < start + len ? (const void *)line : NULL;
}

void
stash_order_fill(uint32_t *order, uint32_t n)
{
	uint32_t i, at, seed = 1, swap;

	for (i = 0; i < n; i++)
		order[i] = i;
	for (i = n; i > 1; i--) {
		/* Numerical Recipes; the high bits are good. */
		seed = seed * 1664525 + 1013904223;
		at = ((uint64_t)seed * i) >> 32;
		swap = order[i - 1];
		order[i - 1] = order[at];
		order[at] = swap;
	}
}

/* The time now, which no later load is before. */
static uint64_t
stash_clock_start(void)
{
#if defined(RTE_ARCH_X86)
	uint64_t now;

	rte_mb();
	rte_rmb();
	now = rte_rdtsc();
	rte_rmb();
	return now;
#else
	rte_mb();
	return rte_rdtsc_precise();
#endif
}

/* The time when a value is there. */
static uint64_t
stash_clock_stop(uintptr_t value)
{
#if defined(RTE_ARCH_X86)
	RTE_SET_USED(value);
	rte_rmb();
	return rte_rdtsc();
#elif defined(RTE_ARCH_ARM64)
	/* A branch on the value, then ISB, which waits for branches. */
	asm volatile("cbz %0, 1f\n1:" : : "r"(value) : "memory");
	return rte_rdtsc_precise();
#else
	stash_zero = value;
	return rte_rdtsc_precise();
#endif
}

uint64_t
stash_touch(const void *const *lines, unsigned int nb)
{
	uintptr_t zero = stash_zero, after = 0;
	uint64_t start;
	unsigned int i;

	start = stash_clock_start();
	for (i = 0; i < nb; i++)
		after = *(const volatile uint8_t *)((uintptr_t)lines[i] + after) & zero;
	return stash_clock_stop(after) - start;
}

bool
stash_flush(const void *const *lines, unsigned int nb)
{
	unsigned int i;

#if defined(RTE_ARCH_X86)
	for (i = 0; i < nb; i++)
		_mm_clflush(lines[i]);
	rte_mb();
	return true;
#elif defined(RTE_ARCH_ARM64)
	for (i = 0; i < nb; i++)
		asm volatile("dc civac, %0" : : "r"(lines[i]) : "memory");
	asm volatile("dsb sy" : : : "memory");
	return true;
#else
	RTE_SET_USED(lines);
	RTE_SET_USED(i);
	RTE_SET_USED(nb);
	return false;
#endif
}

double
stash_ns(const struct stash_scale *scale, uint64_t ticks)
{
	double ns = ticks * (1E9 / rte_get_tsc_hz()) - scale->overhead;

	return RTE_MAX(ns, 0.0);
}

/* Memory of which a page is large, lest page walks be measured. */
static uint8_t *
stash_alloc(size_t size)
{
	const size_t huge = 2u << 20;
	void *memory;

	size = RTE_ALIGN_CEIL(size, huge);
	if (posix_memalign(&memory, huge, size) != 0)
		return NULL;
	/* Only a wish: without, the figures are a little worse. */
	(void)madvise(memory, size, MADV_HUGEPAGE);
	memset(memory, 1, size);
	return memory;
}

/*
 * ns of a line out of a set of so many bytes, as bursts of packets are timed:
 * the median of many. The set is loaded before, or flushed burst by burst.
 */
static double
stash_set_measure(const struct stash_scale *scale, const uint8_t *set, uint32_t *order,
		size_t bytes, bool flush)
{
	const unsigned int line = stash_line_size();
	const uint32_t nb = bytes / line;
	const void *lines[STASH_BURST];
	double ns[STASH_BURSTS];
	unsigned int burst, i;
	uint32_t at = 0;

	stash_order_fill(order, nb);
	for (i = 0; !flush && i < nb; i++) {
		lines[0] = set + (size_t)order[i] * line;
		(void)stash_touch(lines, 1);
	}
	for (burst = 0; burst < STASH_BURSTS; burst++) {
		for (i = 0; i < STASH_BURST; i++, at = (at + 1) % nb)
			lines[i] = set + (size_t)order[at] * line;
		if (flush)
			(void)stash_flush(lines, STASH_BURST);
		ns[burst] = stash_ns(scale, stash_touch(lines, STASH_BURST)) / STASH_BURST;
	}
	qsort(ns, STASH_BURSTS, sizeof(ns[0]), stash_double_compare);
	return ns[STASH_BURSTS / 2];
}

static uint64_t
stash_gcd(uint64_t a, uint64_t b)
{
	uint64_t rest;

	while (b != 0) {
		rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

/* The least that timing nothing takes, and what all steps of the clock share. */
static void
stash_clock_measure(struct stash_scale *scale)
{
	uint64_t least = UINT64_MAX, step = 0, last = rte_rdtsc(), now;
	const double tick = 1E9 / rte_get_tsc_hz();
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		now = stash_touch(NULL, 0);
		least = RTE_MIN(least, now);
		now = rte_rdtsc();
		step = stash_gcd(step, now - last);
		last = now;
	}
	scale->overhead = least * tick;
	scale->tick = step * tick;
}

/* QEMU without KVM does not hide. Elsewhere the costs have to tell. */
static bool
stash_is_emulated(void)
{
#if defined(RTE_ARCH_X86)
	uint32_t regs[4];
	char name[13] = "";

	__cpuid(1, regs[0], regs[1], regs[2], regs[3]);
	if ((regs[2] & RTE_BIT32(31)) == 0)
		return false;
	__cpuid(0x40000000, regs[0], regs[1], regs[2], regs[3]);
	memcpy(name, &regs[1], 3 * sizeof(regs[0]));
	return strcmp(name, "TCGTCGTCGTCG") == 0;
#elif defined(RTE_ARCH_ARM64)
	static const char path[] =
		"/sys/devices/system/cpu/cpu0/regs/identification/midr_el1";
	long midr = stash_sysfs_read(path);

	/* An implementer of 0 is reserved for software. */
	return midr >= 0 && (midr >> 24 & 0xff) == 0;
#else
	return false;
#endif
}

int
stash_scale_measure(struct stash_scale *scale, const struct rte_eth_tph_advice *caches)
{
	/* Others use L2 as well: siblings, neighbours of a virtual machine. */
	const size_t own = caches->l2_bytes != 0 ? caches->l2_bytes / 4 : STASH_OWN_BYTES;
	const size_t shared = 8 * own;
	const bool can_flush = stash_flush(NULL, 0);
	const size_t far = can_flush ? shared : STASH_FAR_BYTES;
	uint32_t *order;
	uint8_t *set;

	memset(scale, 0, sizeof(*scale));
	set = stash_alloc(RTE_MAX(shared, far));
	order = malloc(RTE_MAX(shared, far) / stash_line_size() * sizeof(*order));
	if (set == NULL || order == NULL) {
		free(set);
		free(order);
		return -ENOMEM;
	}

	stash_clock_measure(scale);
	scale->cost[STASH_OWN] = stash_set_measure(scale, set, order, own, false);
	/* What does not fit L2 and fits L3 by far. */
	if (caches->l2_bytes != 0 && caches->l3_bytes >= 2 * shared)
		scale->cost[STASH_SHARED] = stash_set_measure(scale, set, order, shared, false);
	scale->cost[STASH_MEMORY] = stash_set_measure(scale, set, order, far, can_flush);
	stash_scale_finish(scale, stash_is_emulated());

	free(set);
	free(order);
	return 0;
}
