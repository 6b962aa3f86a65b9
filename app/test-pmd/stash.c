/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * Forward packets as they are, and time on some bursts how long it takes to load
 * a line of each packet for the first time: from that follows where it was. The
 * line has to be one that the driver does not prefetch; many prefetch the first.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_malloc.h>

#include "stash.h"
#include "testpmd.h"
#include "tph.h"
#include "tph_compat.h"

/* Of so many bursts with packets one is timed. */
#define STASH_PERIOD 16

#define STASH_LINE_MAX 16

/* What one stream has seen; only its lcore writes. */
struct stash_stream {
	struct stash_counts counts;
	struct stash_group group;
	unsigned int wait;
	unsigned int lcore_id;
} __rte_cache_aligned;

static struct {
	/* Streams of a port by Rx queue. */
	struct stash_stream *streams[RTE_MAX_ETHPORTS];
	queueid_t nb_streams[RTE_MAX_ETHPORTS];
	struct stash_scale scales[RTE_MAX_LCORE];
	unsigned int line;
	unsigned int line_size;
	uint64_t since;
} stash = { .line = 2 };

int
stash_line_set(unsigned int line)
{
	if (line == 0 || line > STASH_LINE_MAX) {
		fprintf(stderr, "line %u: not from 1 to %u\n", line, STASH_LINE_MAX);
		return -EINVAL;
	}
	if (stash_runs()) {
		fprintf(stderr, "stop forwarding first\n");
		return -EINVAL;
	}
	stash.line = line;
	return 0;
}

bool
stash_runs(void)
{
	return test_done == 0 && cur_fwd_config.fwd_eng == &stash_fwd_engine;
}

static void
stash_burst_count(struct stash_stream *stream, struct rte_mbuf **pkts, uint16_t nb_pkts,
		uint64_t cycles)
{
	const struct stash_scale *scale = &stash.scales[rte_lcore_id()];
	const void *lines[STASH_LINES_MAX];
	unsigned int nb = 0;
	uint16_t i;

	stream->lcore_id = rte_lcore_id();
	stream->counts.bursts++;
	stream->counts.packets += nb_pkts;
	stream->counts.cycles += cycles;
	for (i = 0; i < nb_pkts && nb < STASH_LINES_MAX; i++) {
		lines[nb] = stash_line_of(rte_pktmbuf_mtod(pkts[i], const void *),
				rte_pktmbuf_data_len(pkts[i]), stash.line, stash.line_size);
		if (lines[nb] != NULL)
			nb++;
		else
			stream->counts.too_short++;
	}
	if (nb != 0)
		stash_counts_add(scale, &stream->counts, &stream->group, nb,
			stash_ns(scale, stash_touch(lines, nb)));
}

static bool
stash_burst_forward(struct fwd_stream *fs)
{
	struct stash_stream *stream = &stash.streams[fs->rx_port][fs->rx_queue];
	struct rte_mbuf *pkts[MAX_PKT_BURST];
	uint64_t start = 0;
	uint16_t nb;

	if (stream->wait == 0)
		start = rte_rdtsc();
	nb = common_fwd_stream_receive(fs, pkts, nb_pkt_per_burst);
	if (nb == 0)
		return false;
	if (stream->wait == 0) {
		stash_burst_count(stream, pkts, nb, rte_rdtsc() - start);
		stream->wait = STASH_PERIOD;
	}
	stream->wait--;
	common_fwd_stream_transmit(fs, pkts, nb);
	return true;
}

static TPH_FWD_TYPE
stash_forward(struct fwd_stream *fs)
{
	return (TPH_FWD_TYPE)stash_burst_forward(fs);
}

static uint32_t
stash_cpu_of(unsigned int lcore_id)
{
	rte_cpuset_t cpuset = rte_lcore_cpuset(lcore_id);
	uint32_t cpu = 0;

	while (cpu < CPU_SETSIZE - 1 && !CPU_ISSET(cpu, &cpuset))
		cpu++;
	return cpu;
}

/* Runs on each forwarding lcore. */
static int
stash_lcore_measure(void *arg __rte_unused)
{
	struct stash_scale *scale = &stash.scales[rte_lcore_id()];
	uint32_t cpu_id = stash_cpu_of(rte_lcore_id());
	struct rte_eth_tph_advice advice;
	int ret;

	ret = rte_eth_tph_advice_get(cpu_id, &advice);
	if (ret == 0)
		ret = stash_scale_measure(scale, &advice);
	scale->cpu_id = cpu_id;
	return ret;
}

/* One after the other, lest they disturb each other. */
static int
stash_lcores_measure(void)
{
	unsigned int lcore_id;
	lcoreid_t i;
	int ret = 0;

	for (i = 0; ret == 0 && i < cur_fwd_config.nb_fwd_lcores; i++) {
		lcore_id = fwd_lcores_cpuids[i];
		if (lcore_id == rte_lcore_id()) {
			ret = stash_lcore_measure(NULL);
			continue;
		}
		ret = rte_eal_remote_launch(stash_lcore_measure, NULL, lcore_id);
		if (ret == 0)
			ret = rte_eal_wait_lcore(lcore_id);
	}
	return ret;
}

static int
stash_begin(portid_t port_id)
{
	int ret = 0;

	if (port_id == fwd_ports_ids[0]) {
		stash.line_size = stash_line_size();
		stash.since = rte_rdtsc();
		ret = stash_lcores_measure();
	}
	rte_free(stash.streams[port_id]);
	stash.nb_streams[port_id] = 0;
	stash.streams[port_id] = rte_zmalloc_socket("stash", nb_rxq * sizeof(struct stash_stream),
			RTE_CACHE_LINE_SIZE, rte_eth_dev_socket_id(port_id));
	if (stash.streams[port_id] == NULL)
		ret = -ENOMEM;
	if (ret != 0) {
		fprintf(stderr, "Port %u: cannot probe: %s\n", port_id, rte_strerror(-ret));
		return ret;
	}
	stash.nb_streams[port_id] = nb_rxq;
	return 0;
}

struct fwd_engine stash_fwd_engine = {
	.fwd_mode_name = "stash",
	.port_fwd_begin = stash_begin,
	.stream_init = common_fwd_stream_init,
	.packet_fwd = stash_forward,
};

void
stash_total(struct stash_counts *total)
{
	portid_t port_id;
	queueid_t q;

	memset(total, 0, sizeof(*total));
	RTE_ETH_FOREACH_DEV(port_id)
		for (q = 0; q < stash.nb_streams[port_id]; q++)
			stash_counts_sum(total, &stash.streams[port_id][q].counts);
}

bool
stash_is_meaningless(void)
{
	lcoreid_t i;

	for (i = 0; i < cur_fwd_config.nb_fwd_lcores; i++)
		if (stash.scales[fwd_lcores_cpuids[i]].meaningless)
			return true;
	return false;
}

static void
stash_scale_print(unsigned int lcore_id)
{
	const struct stash_scale *scale = &stash.scales[lcore_id];

	printf("  Lcore %u on CPU %" PRIu32 ": a load takes %.1f ns from its own caches, ",
		lcore_id, scale->cpu_id, scale->cost[STASH_OWN]);
	if (scale->cost[STASH_SHARED] != 0)
		printf("%.1f ns from the shared one, ", scale->cost[STASH_SHARED]);
	printf("%.1f ns from memory\n", scale->cost[STASH_MEMORY]);
}

/* A line for each column that is not empty, and those between. */
static void
stash_bins_print(const struct stash_counts *counts)
{
	static const char bar[] = "########################################";
	const double cycles = rte_get_tsc_hz() / 1E9;
	unsigned int first = 0, last = STASH_BINS - 1, i, length;
	char until[16];

	while (first < last && counts->bins[first] == 0)
		first++;
	while (last > first && counts->bins[last] == 0)
		last--;
	for (i = first; i <= last; i++) {
		snprintf(until, sizeof(until), "%.1f", stash_bin_edge(i));
		length = counts->bins[i] * (sizeof(bar) - 1) / counts->lines;
		printf("      %6.1f to %6s ns (%6.0f cycles) %5.1f %% %.*s\n",
			i == 0 ? 0.0 : stash_bin_edge(i - 1),
			i == STASH_BINS - 1 ? "more" : until,
			i == 0 ? 0.0 : stash_bin_edge(i - 1) * cycles,
			100.0 * counts->bins[i] / counts->lines, length, bar);
	}
}

static void
stash_stream_print(portid_t port_id, queueid_t queue_id)
{
	const struct stash_stream *stream = &stash.streams[port_id][queue_id];
	const struct stash_counts counts = stream->counts;
	const double cycles = rte_get_tsc_hz() / 1E9;
	double mean;

	printf("  Port %u Rx queue %u", port_id, queue_id);
	if (counts.bursts == 0) {
		printf(": no packets\n");
		return;
	}
	printf(", lcore %u: %" PRIu64 " lines of %" PRIu64 " packets of %" PRIu64
		" bursts timed, burst call %.1f cycles per packet\n",
		stream->lcore_id, counts.lines, counts.packets, counts.bursts,
		(double)counts.cycles / counts.packets);
	if (counts.too_short != 0)
		printf("    %" PRIu64 " packets are too short to have a line %u\n",
			counts.too_short, stash.line);
	if (counts.interrupted != 0)
		printf("    %" PRIu64 " lines are not counted: the lcore was interrupted\n",
			counts.interrupted);
	if (counts.lines == 0)
		return;
	mean = counts.ns / counts.lines;
	printf("    %.1f ns, %.1f cycles per line; own caches %.1f %%",
		mean, mean * cycles, 100.0 * counts.places[STASH_OWN] / counts.lines);
	if (stash.scales[stream->lcore_id].cost[STASH_SHARED] != 0)
		printf(", shared %.1f %%", 100.0 * counts.places[STASH_SHARED] / counts.lines);
	printf(", %s %.1f %%\n",
		stash.scales[stream->lcore_id].cost[STASH_SHARED] != 0 ? "memory" : "elsewhere",
		100.0 * counts.places[STASH_MEMORY] / counts.lines);
	stash_bins_print(&counts);
}

void
stash_show(void)
{
	portid_t port_id;
	queueid_t q;
	lcoreid_t i;

	if (stash.since == 0) {
		fprintf(stderr, "nothing probed yet: set fwd stash, then start\n");
		return;
	}
	printf("Stash probe: line %u of packets, of %u bytes, since %.1f s%s\n", stash.line,
		stash.line_size, (double)(rte_rdtsc() - stash.since) / rte_get_tsc_hz(),
		stash_runs() ? "" : ", not forwarding");
	if (stash.line == 1)
		printf("  Many drivers prefetch line 1, which is then near whatever TPH does\n");
	if (stash_is_meaningless())
		printf("  The figures mean nothing: this CPU is emulated, or memory seems as near as its caches\n");
	for (i = 0; i < cur_fwd_config.nb_fwd_lcores; i++)
		stash_scale_print(fwd_lcores_cpuids[i]);
	RTE_ETH_FOREACH_DEV(port_id)
		for (q = 0; q < stash.nb_streams[port_id]; q++)
			stash_stream_print(port_id, q);
}
