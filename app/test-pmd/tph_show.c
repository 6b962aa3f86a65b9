/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <inttypes.h>
#include <stdio.h>

#include <rte_errno.h>
#include <rte_ethdev.h>

#include "testpmd.h"
#include "tph.h"

static const char *
tph_mode_name(uint32_t mode)
{
	switch (mode) {
	case RTE_TPH_MODE_IV:
		return "iv";
	case RTE_TPH_MODE_DS:
		return "ds";
	case RTE_TPH_MODE_IV | RTE_TPH_MODE_DS:
		return "iv,ds";
	default:
		return "none";
	}
}

static void
tph_objects_print(uint32_t objects)
{
	const char *comma = "";
	size_t i;

	if (objects == 0)
		printf("none");
	for (i = 0; i < RTE_DIM(tph_object_names); i++) {
		if (tph_object_names[i].objects != RTE_TPH_OBJECT_ALL &&
		    (objects & tph_object_names[i].objects) != 0) {
			printf("%s%s", comma, tph_object_names[i].name);
			comma = ",";
		}
	}
}

static void
tph_info_print(portid_t port_id, const struct rte_eth_tph_info *info)
{
	static const char * const tables[] = {
		[RTE_TPH_TABLE_NONE] = "none",
		[RTE_TPH_TABLE_CAP] = "capability",
		[RTE_TPH_TABLE_MSIX] = "MSI-X",
	};

	printf("Port %u TPH\n", port_id);
	printf("  Modes: %s\n", tph_mode_name(info->modes));
	printf("  Enabled: %s\n", tph_mode_name(info->mode));
	printf("  Steering tags: %u bits, %s by the platform\n", info->st_bits,
		info->platform != 0 ? "named" : "not named");
	printf("  ST table: %s, %u entries\n", tables[info->table], info->table_size);
	printf("  Rx objects: ");
	tph_objects_print(info->rx_objects);
	printf("\n  Tx objects: ");
	tph_objects_print(info->tx_objects);
	printf("\n");
}

/* What has become of following a queue. */
static void
tph_follow_print(const struct rte_eth_tph_queue_state *state)
{
	static const char * const states[] = {
		[RTE_ETH_TPH_NOT_FOLLOWED] = "",
		[RTE_ETH_TPH_LEARNING] = ", learning",
		[RTE_ETH_TPH_FOLLOWED] = ", followed",
		[RTE_ETH_TPH_SHARED] = ", shared",
		[RTE_ETH_TPH_WANDERING] = ", wandering",
		[RTE_ETH_TPH_EXPLICIT] = ", explicit",
		[RTE_ETH_TPH_UNFOLLOWABLE] = ", unfollowable",
	};

	printf("%s", states[state->follow]);
	if (state->follow_error != 0)
		printf(" (%s)", rte_strerror(-state->follow_error));
	printf("\n");
}

static void
tph_queue_print(enum rte_eth_tph_dir dir, queueid_t queue_id,
		const struct rte_eth_tph_queue_state *state)
{
	char tag[16] = "-", lcore[16] = "-", cpu[16] = "-";

	if (state->status == RTE_ETH_TPH_UNBOUND) {
		printf("  %-3s %5u %5s %5s %6s unbound", tph_dir_name(dir), queue_id,
			lcore, cpu, tag);
		tph_follow_print(state);
		return;
	}

	if (state->st_bits != 0)
		snprintf(tag, sizeof(tag), state->st_bits > 8 ? "0x%04x" : "0x%02x", state->st);
	/* A queue that could not be unbound has neither. */
	if (state->objects != 0 && state->target == RTE_ETH_TPH_TARGET_LCORE)
		snprintf(lcore, sizeof(lcore), "%" PRIu32, state->lcore_id);
	if (state->objects != 0)
		snprintf(cpu, sizeof(cpu), "%" PRIu32, state->cpu_id);
	printf("  %-3s %5u %5s %5s %6s ", tph_dir_name(dir), queue_id, lcore, cpu, tag);
	if (state->status == RTE_ETH_TPH_APPLIED)
		printf("applied ");
	else if (state->status == RTE_ETH_TPH_PENDING)
		printf("pending ");
	else if (state->status == RTE_ETH_TPH_UNBINDING)
		printf("unbinding ");
	else
		printf("failed (%s) ", rte_strerror(-state->error));
	tph_objects_print(state->objects);
	printf("%s", state->stale != 0 ? " stale: the lcore has moved" : "");
	tph_follow_print(state);
}

static void
tph_queues_print(portid_t port_id, enum rte_eth_tph_dir dir)
{
	struct rte_eth_tph_queue_state state;
	uint16_t q, nb = tph_nb_queues(port_id, dir);
	int ret;

	for (q = 0; q < nb; q++) {
		ret = rte_eth_dev_tph_queue_get(port_id, dir, q, &state);
		if (ret != 0)
			fprintf(stderr, "Port %u: %s queue %u: %s\n", port_id,
				tph_dir_name(dir), q, rte_strerror(-ret));
		else
			tph_queue_print(dir, q, &state);
	}
}

static void
tph_cache_print(const char *name, uint64_t bytes, uint16_t cpus)
{
	if (bytes == 0)
		printf(", %s unknown", name);
	else
		printf(", %s %" PRIu64 " of %u CPU%s", name, bytes, cpus, cpus == 1 ? "" : "s");
}

/* What a CPU has in flight, from all ports, beside its caches. */
static void
tph_advice_print(uint32_t cpu_id)
{
	struct rte_eth_tph_advice advice;
	uint64_t bytes;

	if (rte_eth_tph_advice_get(cpu_id, &advice) != 0)
		return;
	bytes = advice.desc_bytes + advice.header_bytes + advice.payload_bytes;
	printf("  CPU %" PRIu32 ": in flight %" PRIu64 " bytes (desc %" PRIu64 ", header %" PRIu64
		", payload %" PRIu64 ") of %u queues", cpu_id, bytes, advice.desc_bytes,
		advice.header_bytes, advice.payload_bytes, advice.nb_queues - advice.nb_unknown);
	tph_cache_print("L2", advice.l2_bytes, advice.l2_cpus);
	tph_cache_print("L3", advice.l3_bytes, advice.l3_cpus);
	printf("\n");
	if (advice.nb_unknown != 0)
		printf("  CPU %" PRIu32 ": %u queues are not counted: the size of their rings is unknown\n",
			cpu_id, advice.nb_unknown);
	if (advice.l2_bytes != 0 && bytes > advice.l2_bytes / RTE_MAX(advice.l2_cpus, 1))
		printf("  CPU %" PRIu32 ": warning: more than its share of L2: hint less, or rings of at most %u\n",
			cpu_id, advice.nb_desc_fit);
}

/* Each CPU that queues of a port are bound to, once. */
static void
tph_advices_print(portid_t port_id)
{
	struct rte_eth_tph_queue_state state;
	rte_cpuset_t seen;
	uint16_t q, nb;
	int dir;

	CPU_ZERO(&seen);
	for (dir = RTE_ETH_TPH_RX; dir <= RTE_ETH_TPH_TX; dir++) {
		nb = tph_nb_queues(port_id, dir);
		for (q = 0; q < nb; q++) {
			if (rte_eth_dev_tph_queue_get(port_id, dir, q, &state) != 0 ||
			    state.status == RTE_ETH_TPH_UNBOUND || CPU_ISSET(state.cpu_id, &seen))
				continue;
			CPU_SET(state.cpu_id, &seen);
			tph_advice_print(state.cpu_id);
		}
	}
}

void
tph_port_show(portid_t port_id)
{
	struct rte_eth_tph_info info;
	int ret;

	ret = rte_eth_dev_tph_info_get(port_id, &info);
	if (ret != 0) {
		fprintf(stderr, "Port %u: TPH: %s\n", port_id, rte_strerror(-ret));
		return;
	}

	tph_info_print(port_id, &info);
	printf("  Dir Queue Lcore   CPU    Tag State\n");
	tph_queues_print(port_id, RTE_ETH_TPH_RX);
	tph_queues_print(port_id, RTE_ETH_TPH_TX);
	tph_advices_print(port_id);
}
