/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* Forward with and without bindings in turns, and compare what the probe sees. */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_errno.h>

#include "stash.h"
#include "testpmd.h"
#include "tph.h"

/* At first a turn sees what the one before left: this part of it is not counted. */
#define COMPARE_SETTLE 5

#define COMPARE_SECONDS_MAX 3600

/* A port, and what to put back at the end. */
struct compare_port {
	portid_t port_id;
	bool was_enabled;
	bool was_bound;
	uint16_t nb_confs;
	struct rte_eth_tph_queue_conf *confs;
};

enum compare_figure {
	COMPARE_OWN,
	COMPARE_NS,
	COMPARE_CYCLES,
	COMPARE_FIGURES,
};

static const char * const compare_names[] = {
	[COMPARE_OWN] = "lines from own caches, %",
	[COMPARE_NS] = "ns per line",
	[COMPARE_CYCLES] = "burst call, cycles per packet",
};

/* What all turns gave, without and with bindings. */
struct compare_result {
	struct stash_turns turns[COMPARE_FIGURES][2];
};

static int
compare_fail(portid_t port_id, const char *what, int ret)
{
	fprintf(stderr, "Port %u: cannot %s: %s\n", port_id, what, rte_strerror(-ret));
	return ret;
}

/* Append the bindings of one direction. */
static void
compare_confs_get(struct compare_port *port, enum rte_eth_tph_dir dir, uint16_t nb)
{
	struct rte_eth_tph_queue_state state;
	uint16_t q;

	for (q = 0; q < nb; q++) {
		if (rte_eth_dev_tph_queue_get(port->port_id, dir, q, &state) != 0 ||
		    state.status == RTE_ETH_TPH_UNBOUND)
			continue;
		port->confs[port->nb_confs++] = (struct rte_eth_tph_queue_conf) {
			.dir = dir,
			.queue_id = q,
			.target = state.target,
			.lcore_id = state.target == RTE_ETH_TPH_TARGET_LCORE ? state.lcore_id : 0,
			.cpu_id = state.target == RTE_ETH_TPH_TARGET_CPU ? state.cpu_id : 0,
			.objects = state.objects,
			.mem = state.mem,
		};
	}
}

static void
compare_port_get(struct compare_port *port)
{
	port->nb_confs = 0;
	compare_confs_get(port, RTE_ETH_TPH_RX, nb_rxq);
	compare_confs_get(port, RTE_ETH_TPH_TX, nb_txq);
}

static int
compare_port_switch(struct compare_port *port, bool on)
{
	uint16_t i;
	int ret = 0;

	if (on) {
		ret = rte_eth_dev_tph_queue_bind(port->port_id, port->confs, port->nb_confs);
		return ret == 0 ? 0 : compare_fail(port->port_id, "bind queues", ret);
	}
	for (i = 0; ret == 0 && i < port->nb_confs; i++)
		ret = rte_eth_dev_tph_queue_unbind(port->port_id, port->confs[i].dir,
				port->confs[i].queue_id);
	return ret == 0 ? 0 : compare_fail(port->port_id, "unbind queues", ret);
}

/* The application's bindings end following, and it would not come back. */
static bool
compare_is_followed(portid_t port_id)
{
	struct rte_eth_tph_queue_state rx, tx;

	if (rte_eth_dev_tph_queue_get(port_id, RTE_ETH_TPH_RX, 0, &rx) != 0 ||
	    rte_eth_dev_tph_queue_get(port_id, RTE_ETH_TPH_TX, 0, &tx) != 0 ||
	    (rx.follow == RTE_ETH_TPH_NOT_FOLLOWED && tx.follow == RTE_ETH_TPH_NOT_FOLLOWED))
		return false;
	fprintf(stderr, "Port %u: is followed: port tph %u unfollow, and follow again afterwards\n",
		port_id, port_id);
	return true;
}

/* Find what to compare: the bindings that there are, or those of --tph. */
static int
compare_port_begin(struct compare_port *port, portid_t port_id)
{
	static const struct tph_target polls = { RTE_ETH_TPH_TARGET_LCORE, LCORE_ID_ANY };
	struct rte_eth_tph_info info;
	int ret;

	port->port_id = port_id;
	ret = rte_eth_dev_tph_info_get(port_id, &info);
	if (ret != 0)
		return compare_fail(port_id, "compare", ret);
	port->was_enabled = info.mode != RTE_TPH_MODE_AUTO;
	if (!port->was_enabled && tph_port_enable(port_id, RTE_TPH_MODE_AUTO) != 0)
		return -ENOTSUP;
	port->confs = calloc(nb_rxq + nb_txq, sizeof(*port->confs));
	if (port->confs == NULL)
		return compare_fail(port_id, "compare", -ENOMEM);

	compare_port_get(port);
	port->was_bound = port->nb_confs != 0;
	if (!port->was_bound) {
		if (tph_port_bind(port_id, TPH_DIR_RX | TPH_DIR_TX, TPH_QUEUE_ALL, &polls,
				TPH_OBJECTS_DEFAULT) != 0)
			return -ENOTSUP;
		compare_port_get(port);
	}
	ret = rte_eth_dev_tph_info_get(port_id, &info);
	if (ret == 0 && info.when != RTE_ETH_TPH_LIVE) {
		fprintf(stderr, "Port %u: takes hints at a start only: bind, start and compare by hand\n",
			port_id);
		return -ENOTSUP;
	}
	return ret;
}

static void
compare_port_end(struct compare_port *port)
{
	if (port->nb_confs != 0)
		(void)compare_port_switch(port, port->was_bound);
	if (port->confs != NULL && !port->was_enabled)
		(void)tph_port_disable(port->port_id);
	free(port->confs);
}

static void
compare_turn_add(struct compare_result *result, unsigned int with,
		const struct stash_counts *counts)
{
	const double values[] = {
		[COMPARE_OWN] = 100.0 * counts->places[STASH_OWN] / RTE_MAX(counts->lines, 1u),
		[COMPARE_NS] = counts->ns / RTE_MAX(counts->lines, 1u),
		[COMPARE_CYCLES] = (double)counts->cycles / RTE_MAX(counts->packets, 1u),
	};
	struct stash_turns *turns;
	unsigned int figure;

	for (figure = 0; figure < COMPARE_FIGURES; figure++) {
		/* A turn that saw nothing says nothing. */
		if (figure == COMPARE_CYCLES ? counts->packets == 0 : counts->lines == 0)
			continue;
		turns = &result->turns[figure][with];
		turns->values[turns->nb++] = values[figure];
	}
}

static int
compare_turn(struct compare_port *ports_, portid_t nb, unsigned int with, unsigned int ms,
		struct compare_result *result)
{
	struct stash_counts before, after, diff;
	portid_t i;
	int ret;

	for (i = 0; i < nb; i++) {
		ret = compare_port_switch(&ports_[i], with != 0);
		if (ret != 0)
			return ret;
	}
	rte_delay_us_sleep(ms * 1000 / COMPARE_SETTLE);
	stash_total(&before);
	rte_delay_us_sleep(ms * 1000 - ms * 1000 / COMPARE_SETTLE);
	stash_total(&after);
	stash_counts_diff(&after, &before, &diff);
	compare_turn_add(result, with, &diff);
	return 0;
}

static void
compare_figure_print(enum compare_figure figure, struct stash_turns turns[2])
{
	static const char * const verdicts[] = {
		[STASH_SAME] = "no difference",
		[STASH_LESS] = "less with TPH",
		[STASH_MORE] = "more with TPH",
	};
	char texts[2][48];
	double median;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		median = stash_turns_sort(&turns[i]);
		snprintf(texts[i], sizeof(texts[i]), "%.1f (%.1f to %.1f)", median,
			turns[i].values[0], turns[i].values[turns[i].nb - 1]);
	}
	printf("  %-30s %-28s %-28s %s\n", compare_names[figure], texts[0], texts[1],
		verdicts[stash_turns_compare(&turns[0], &turns[1])]);
}

static void
compare_print(struct compare_result *result)
{
	unsigned int figure;

	printf("  %-30s %-28s %-28s\n", "median (from least to most)", "without TPH", "with TPH");
	for (figure = 0; figure < COMPARE_FIGURES; figure++) {
		if (result->turns[figure][0].nb == 0 || result->turns[figure][1].nb == 0)
			printf("  %-30s nothing was seen, so nothing is compared\n",
				compare_names[figure]);
		else
			compare_figure_print(figure, result->turns[figure]);
	}
	printf("  Where turns without and with TPH overlap, it made no difference\n");
	if (stash_is_meaningless())
		printf("  The figures mean nothing: this CPU is emulated, or memory seems as near as its caches\n");
}

static int
compare_run(struct compare_port *ports_, portid_t nb, unsigned int seconds)
{
	const unsigned int ms = seconds * 1000 / (2 * STASH_TURNS);
	struct compare_result result;
	unsigned int turn;
	int ret = 0;

	memset(&result, 0, sizeof(result));
	/* Each goes first in turns, so that a drift meets both. */
	for (turn = 0; ret == 0 && turn < 2 * STASH_TURNS; turn++)
		ret = compare_turn(ports_, nb, (turn + turn / 2) % 2, ms, &result);
	if (ret != 0)
		return ret;
	printf("Comparison: %u turns of %.1f s each\n", STASH_TURNS, ms / 1000.0);
	compare_print(&result);
	return 0;
}

void
stash_compare(unsigned int seconds)
{
	static struct compare_port compared[RTE_MAX_ETHPORTS];
	const portid_t nb = cur_fwd_config.nb_fwd_ports;
	portid_t i, begun = 0;
	int ret = 0;

	if (!stash_runs()) {
		fprintf(stderr, "nothing to compare: set fwd stash, then start\n");
		return;
	}
	if (seconds == 0 || seconds > COMPARE_SECONDS_MAX) {
		fprintf(stderr, "%u seconds: not from 1 to %u\n", seconds, COMPARE_SECONDS_MAX);
		return;
	}
	for (i = 0; i < nb; i++)
		if (compare_is_followed(fwd_ports_ids[i]))
			return;

	memset(compared, 0, sizeof(compared));
	while (ret == 0 && begun < nb) {
		ret = compare_port_begin(&compared[begun], fwd_ports_ids[begun]);
		begun++;
	}
	if (ret == 0)
		(void)compare_run(compared, nb, seconds);
	for (i = 0; i < begun; i++)
		compare_port_end(&compared[i]);
}
