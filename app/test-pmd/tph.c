/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>

#include "testpmd.h"
#include "tph.h"

#define TPH_QUEUE_ALL UINT16_MAX

static const struct {
	const char *name;
	uint32_t objects;
} tph_objects[] = {
	{ "desc", RTE_TPH_OBJECT_DESC },
	{ "header", RTE_TPH_OBJECT_HEADER },
	{ "payload", RTE_TPH_OBJECT_PAYLOAD },
	{ "all", RTE_TPH_OBJECT_ALL },
};

/* Objects that --tph asks for, 0 without that option. */
static uint32_t tph_option_objects;

static const char *
tph_dir_name(enum rte_eth_tph_dir dir)
{
	return dir == RTE_ETH_TPH_RX ? "Rx" : "Tx";
}

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

uint32_t
tph_objects_parse(const char *text, char separator)
{
	uint32_t objects = 0;
	size_t len, i;

	for (;;) {
		len = strcspn(text, (char[]){ separator, '\0' });
		for (i = 0; i < RTE_DIM(tph_objects); i++) {
			if (strlen(tph_objects[i].name) == len &&
			    strncmp(text, tph_objects[i].name, len) == 0)
				break;
		}
		if (i == RTE_DIM(tph_objects))
			return 0;
		objects |= tph_objects[i].objects;
		if (text[len] == '\0')
			return objects;
		text += len + 1;
	}
}

int
tph_option_parse(const char *arg)
{
	tph_option_objects = arg == NULL ? RTE_TPH_OBJECT_ALL : tph_objects_parse(arg, '+');
	return tph_option_objects == 0 ? -EINVAL : 0;
}

int
tph_port_enable(portid_t port_id, enum rte_tph_mode mode)
{
	struct rte_eth_tph_conf conf;
	int ret;

	memset(&conf, 0, sizeof(conf));
	conf.mode = mode;
	ret = rte_eth_dev_tph_enable(port_id, &conf);
	if (ret != 0)
		fprintf(stderr, "Port %u: cannot enable TPH: %s\n", port_id, rte_strerror(-ret));
	return ret;
}

static uint16_t
tph_nb_queues(portid_t port_id, enum rte_eth_tph_dir dir)
{
	struct rte_eth_dev_info info;

	if (rte_eth_dev_info_get(port_id, &info) != 0)
		return 0;
	return dir == RTE_ETH_TPH_RX ? info.nb_rx_queues : info.nb_tx_queues;
}

static bool
tph_stream_uses(const struct fwd_stream *fs, portid_t port_id, enum rte_eth_tph_dir dir,
		queueid_t queue_id)
{
	if (dir == RTE_ETH_TPH_RX)
		return fs->rx_port == port_id && fs->rx_queue == queue_id;
	return fs->tx_port == port_id && fs->tx_queue == queue_id;
}

/* The lcore that polls a queue when forwarding, LCORE_ID_ANY if there is none. */
static uint32_t
tph_forwarding_lcore(portid_t port_id, enum rte_eth_tph_dir dir, queueid_t queue_id)
{
	const struct fwd_lcore *fc;
	lcoreid_t lc;
	streamid_t s;

	for (lc = 0; lc < cur_fwd_config.nb_fwd_lcores; lc++) {
		fc = fwd_lcores[lc];
		for (s = fc->stream_idx; s < fc->stream_idx + fc->stream_nb; s++)
			if (tph_stream_uses(fwd_streams[s], port_id, dir, queue_id))
				return fwd_lcores_cpuids[fc->cpuid_idx];
	}
	return LCORE_ID_ANY;
}

/* Append the bindings of one direction; those of unused queues are left out. */
static uint16_t
tph_confs_fill(struct rte_eth_tph_queue_conf *confs, portid_t port_id, enum rte_eth_tph_dir dir,
		queueid_t first, uint32_t nb, uint32_t lcore_id, uint32_t objects)
{
	uint16_t filled = 0;
	uint32_t lcore, i;

	for (i = 0; i < nb; i++) {
		lcore = lcore_id;
		if (lcore == LCORE_ID_ANY)
			lcore = tph_forwarding_lcore(port_id, dir, first + i);
		if (lcore == LCORE_ID_ANY)
			continue;
		confs[filled].dir = dir;
		confs[filled].queue_id = first + i;
		confs[filled].lcore_id = lcore;
		confs[filled].objects = objects;
		filled++;
	}
	return filled;
}

int
tph_port_bind(portid_t port_id, enum rte_eth_tph_dir dir, queueid_t queue_id, uint32_t lcore_id,
		uint32_t objects)
{
	struct rte_eth_tph_queue_conf *confs;
	queueid_t first = queue_id;
	uint16_t nb = 1;
	int ret;

	if (queue_id == TPH_QUEUE_ALL) {
		first = 0;
		nb = tph_nb_queues(port_id, dir);
	}
	confs = calloc(RTE_MAX(nb, 1), sizeof(*confs));
	if (confs == NULL) {
		fprintf(stderr, "Port %u: no memory for %u bindings\n", port_id, nb);
		return -ENOMEM;
	}

	nb = tph_confs_fill(confs, port_id, dir, first, nb, lcore_id, objects);
	if (nb == 0) {
		fprintf(stderr, "Port %u: no lcore forwards from or to this %s queue\n",
			port_id, tph_dir_name(dir));
		ret = -ENOENT;
	} else {
		ret = rte_eth_dev_tph_queue_bind(port_id, confs, nb);
		if (ret != 0)
			fprintf(stderr, "Port %u: cannot bind %s queues: %s\n", port_id,
				tph_dir_name(dir), rte_strerror(-ret));
	}

	free(confs);
	return ret;
}

int
tph_port_unbind(portid_t port_id, enum rte_eth_tph_dir dir, queueid_t queue_id)
{
	uint16_t nb = queue_id == TPH_QUEUE_ALL ? tph_nb_queues(port_id, dir) : 1;
	queueid_t first = queue_id == TPH_QUEUE_ALL ? 0 : queue_id;
	uint16_t i;
	int ret;

	for (i = 0; i < nb; i++) {
		ret = rte_eth_dev_tph_queue_unbind(port_id, dir, first + i);
		if (ret != 0) {
			fprintf(stderr, "Port %u: cannot unbind %s queue %u: %s\n", port_id,
				tph_dir_name(dir), first + i, rte_strerror(-ret));
			return ret;
		}
	}
	return 0;
}

/* One port of --tph: Rx and Tx queues in one call. */
static void
tph_forwarding_bind_port(portid_t port_id)
{
	uint16_t nb_rx = tph_nb_queues(port_id, RTE_ETH_TPH_RX);
	uint16_t nb_tx = tph_nb_queues(port_id, RTE_ETH_TPH_TX);
	uint32_t objects = tph_option_objects, tx_objects = objects;
	struct rte_eth_tph_queue_conf *confs;
	struct rte_eth_tph_info info;
	uint16_t nb;
	int ret;

	if (tph_port_enable(port_id, RTE_TPH_MODE_AUTO) != 0)
		return;
	ret = rte_eth_dev_tph_info_get(port_id, &info);
	if (ret != 0) {
		fprintf(stderr, "Port %u: TPH: %s\n", port_id, rte_strerror(-ret));
		return;
	}
	/* The option names objects for both directions: take what each has. */
	objects &= info.rx_objects;
	tx_objects &= info.tx_objects;

	confs = calloc(nb_rx + nb_tx + 1, sizeof(*confs));
	if (confs == NULL) {
		fprintf(stderr, "Port %u: no memory for bindings\n", port_id);
		return;
	}
	nb = 0;
	if (objects != 0)
		nb = tph_confs_fill(confs, port_id, RTE_ETH_TPH_RX, 0, nb_rx,
				LCORE_ID_ANY, objects);
	if (tx_objects != 0)
		nb += tph_confs_fill(confs + nb, port_id, RTE_ETH_TPH_TX, 0, nb_tx,
				LCORE_ID_ANY, tx_objects);
	ret = nb == 0 ? -ENOTSUP : rte_eth_dev_tph_queue_bind(port_id, confs, nb);
	if (ret != 0)
		fprintf(stderr, "Port %u: cannot bind queues: %s\n", port_id, rte_strerror(-ret));
	free(confs);
}

void
tph_forwarding_bind(void)
{
	portid_t i;

	if (tph_option_objects == 0)
		return;
	/* A port that cannot do it leaves the others alone. */
	for (i = 0; i < cur_fwd_config.nb_fwd_ports; i++)
		tph_forwarding_bind_port(fwd_ports_ids[i]);
}

static void
tph_objects_print(uint32_t objects)
{
	const char *comma = "";
	size_t i;

	if (objects == 0)
		printf("none");
	for (i = 0; i < RTE_DIM(tph_objects); i++) {
		if (tph_objects[i].objects != RTE_TPH_OBJECT_ALL &&
		    (objects & tph_objects[i].objects) != 0) {
			printf("%s%s", comma, tph_objects[i].name);
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

static void
tph_queue_print(enum rte_eth_tph_dir dir, queueid_t queue_id,
		const struct rte_eth_tph_queue_state *state)
{
	char tag[16] = "-";

	if (state->status == RTE_ETH_TPH_UNBOUND) {
		printf("  %-3s %5u %5s %5s %6s unbound\n", tph_dir_name(dir), queue_id,
			"-", "-", "-");
		return;
	}

	if (state->st_bits != 0)
		snprintf(tag, sizeof(tag), state->st_bits > 8 ? "0x%04x" : "0x%02x", state->st);
	printf("  %-3s %5u %5" PRIu32 " %5" PRIu32 " %6s ", tph_dir_name(dir), queue_id,
		state->lcore_id, state->cpu_id, tag);
	if (state->status == RTE_ETH_TPH_APPLIED)
		printf("applied ");
	else if (state->status == RTE_ETH_TPH_PENDING)
		printf("pending ");
	else
		printf("failed (%s) ", rte_strerror(-state->error));
	tph_objects_print(state->objects);
	printf("%s\n", state->stale != 0 ? " stale: the lcore has moved" : "");
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
}
