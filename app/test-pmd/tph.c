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

const struct tph_object_name tph_object_names[TPH_OBJECT_NAMES] = {
	{ "desc", RTE_TPH_OBJECT_DESC },
	{ "header", RTE_TPH_OBJECT_HEADER },
	{ "payload", RTE_TPH_OBJECT_PAYLOAD },
	{ "all", RTE_TPH_OBJECT_ALL },
};

/* --tph and the objects it asks for. */
static bool tph_option_given;
static uint32_t tph_option_objects;

const char *
tph_dir_name(enum rte_eth_tph_dir dir)
{
	return dir == RTE_ETH_TPH_RX ? "Rx" : "Tx";
}

int
tph_objects_parse(const char *text, uint32_t *objects)
{
	uint32_t parsed = 0;
	size_t len, i;

	for (;;) {
		len = strcspn(text, ",");
		for (i = 0; i < RTE_DIM(tph_object_names); i++) {
			if (strlen(tph_object_names[i].name) == len &&
			    strncmp(text, tph_object_names[i].name, len) == 0)
				break;
		}
		if (i == RTE_DIM(tph_object_names))
			return -EINVAL;
		parsed |= tph_object_names[i].objects;
		if (text[len] == '\0')
			break;
		text += len + 1;
	}
	*objects = parsed;
	return 0;
}

int
tph_option_parse(const char *arg)
{
	tph_option_given = true;
	tph_option_objects = TPH_OBJECTS_DEFAULT;
	return arg == NULL ? 0 : tph_objects_parse(arg, &tph_option_objects);
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

int
tph_port_disable(portid_t port_id)
{
	int ret = rte_eth_dev_tph_disable(port_id);

	if (ret != 0)
		fprintf(stderr, "Port %u: cannot disable TPH: %s\n", port_id, rte_strerror(-ret));
	return ret;
}

uint16_t
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

/* What a command works on. */
struct tph_bind {
	portid_t port_id;
	queueid_t queue_id;
	const struct tph_target *target;
	struct rte_eth_tph_queue_conf *confs;
	uint16_t nb_confs;
};

/* Append the bindings of one direction; queues that no lcore polls are left out. */
static void
tph_bind_add(struct tph_bind *bind, enum rte_eth_tph_dir dir, uint32_t objects)
{
	bool lcore = bind->target->kind == RTE_ETH_TPH_TARGET_LCORE;
	uint32_t first = bind->queue_id, nb = 1, id, q;

	if (bind->queue_id == TPH_QUEUE_ALL) {
		first = 0;
		nb = tph_nb_queues(bind->port_id, dir);
	}
	for (q = first; q < first + nb; q++) {
		id = bind->target->id;
		if (lcore && id == LCORE_ID_ANY)
			id = tph_forwarding_lcore(bind->port_id, dir, q);
		if (lcore && id == LCORE_ID_ANY)
			continue;
		bind->confs[bind->nb_confs++] = (struct rte_eth_tph_queue_conf) {
			.dir = dir,
			.queue_id = q,
			.target = bind->target->kind,
			.lcore_id = lcore ? id : 0,
			.cpu_id = lcore ? 0 : id,
			.objects = objects,
		};
	}
}

/* What to hint by default, of the objects that a direction has. */
static uint32_t
tph_objects_default(const struct rte_eth_tph_info *info, uint32_t has)
{
	uint32_t objects = has & (RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_HEADER);

	return info->mode == RTE_TPH_MODE_IV || objects == 0 ? has : objects;
}

/* Find the objects by direction; one with 0 is left out. */
static int
tph_objects_by_dir(portid_t port_id, uint32_t dirs, uint32_t asked, uint32_t objects[2])
{
	struct rte_eth_tph_info info;
	uint32_t has;
	int dir, ret;

	/* That it lacks an object, ethdev tells for a direction asked for alone. */
	objects[RTE_ETH_TPH_RX] = (dirs & TPH_DIR_RX) != 0 ? asked : 0;
	objects[RTE_ETH_TPH_TX] = (dirs & TPH_DIR_TX) != 0 ? asked : 0;
	if (asked != TPH_OBJECTS_DEFAULT && dirs != (TPH_DIR_RX | TPH_DIR_TX))
		return 0;

	ret = rte_eth_dev_tph_info_get(port_id, &info);
	if (ret != 0)
		return ret;
	for (dir = RTE_ETH_TPH_RX; dir <= RTE_ETH_TPH_TX; dir++) {
		if ((dirs & RTE_BIT32(dir)) == 0)
			continue;
		has = dir == RTE_ETH_TPH_RX ? info.rx_objects : info.tx_objects;
		objects[dir] = asked == TPH_OBJECTS_DEFAULT ?
			tph_objects_default(&info, has) : asked & has;
	}
	return objects[RTE_ETH_TPH_RX] == 0 && objects[RTE_ETH_TPH_TX] == 0 ? -ENOTSUP : 0;
}

static int
tph_bind_run(struct tph_bind *bind, const uint32_t objects[2])
{
	int dir;

	for (dir = RTE_ETH_TPH_RX; dir <= RTE_ETH_TPH_TX; dir++)
		if (objects[dir] != 0)
			tph_bind_add(bind, dir, objects[dir]);
	if (bind->nb_confs == 0) {
		fprintf(stderr, "Port %u: no lcore forwards from or to these queues\n",
			bind->port_id);
		return -ENOENT;
	}
	return rte_eth_dev_tph_queue_bind(bind->port_id, bind->confs, bind->nb_confs);
}

int
tph_port_bind(portid_t port_id, uint32_t dirs, queueid_t queue_id,
		const struct tph_target *target, uint32_t asked)
{
	struct tph_bind bind = { .port_id = port_id, .queue_id = queue_id, .target = target };
	uint32_t nb, objects[2];
	int ret;

	nb = tph_nb_queues(port_id, RTE_ETH_TPH_RX) + tph_nb_queues(port_id, RTE_ETH_TPH_TX);
	/* Two are named where a queue is asked for that may not be there. */
	bind.confs = calloc(RTE_MAX(nb, 2u), sizeof(*bind.confs));
	if (bind.confs == NULL) {
		fprintf(stderr, "Port %u: no memory for %u bindings\n", port_id, nb);
		return -ENOMEM;
	}

	ret = tph_objects_by_dir(port_id, dirs, asked, objects);
	if (ret == 0)
		ret = tph_bind_run(&bind, objects);
	if (ret != 0)
		fprintf(stderr, "Port %u: cannot bind queues: %s\n", port_id, rte_strerror(-ret));

	free(bind.confs);
	return ret;
}

static int
tph_dir_unbind(portid_t port_id, enum rte_eth_tph_dir dir, queueid_t queue_id)
{
	uint32_t first = queue_id, nb = 1, q;
	int ret;

	if (queue_id == TPH_QUEUE_ALL) {
		first = 0;
		nb = tph_nb_queues(port_id, dir);
	}
	for (q = first; q < first + nb; q++) {
		ret = rte_eth_dev_tph_queue_unbind(port_id, dir, q);
		if (ret != 0) {
			fprintf(stderr, "Port %u: cannot unbind %s queue %u: %s\n", port_id,
				tph_dir_name(dir), q, rte_strerror(-ret));
			return ret;
		}
	}
	return 0;
}

int
tph_port_unbind(portid_t port_id, uint32_t dirs, queueid_t queue_id)
{
	int ret = 0;

	if ((dirs & TPH_DIR_RX) != 0)
		ret = tph_dir_unbind(port_id, RTE_ETH_TPH_RX, queue_id);
	if (ret == 0 && (dirs & TPH_DIR_TX) != 0)
		ret = tph_dir_unbind(port_id, RTE_ETH_TPH_TX, queue_id);
	return ret;
}

int
tph_port_follow(portid_t port_id, enum rte_eth_tph_follow_mode mode, uint32_t asked)
{
	struct rte_eth_tph_follow_conf conf;
	uint32_t objects[2] = { 0, 0 };
	int ret = 0;

	memset(&conf, 0, sizeof(conf));
	conf.mode = mode;
	if (asked != TPH_OBJECTS_DEFAULT)
		ret = tph_objects_by_dir(port_id, TPH_DIR_RX | TPH_DIR_TX, asked, objects);
	conf.rx_objects = objects[RTE_ETH_TPH_RX];
	conf.tx_objects = objects[RTE_ETH_TPH_TX];
	if (ret == 0)
		ret = rte_eth_dev_tph_follow(port_id, &conf);
	if (ret != 0)
		fprintf(stderr, "Port %u: cannot follow: %s\n", port_id, rte_strerror(-ret));
	return ret;
}

int
tph_port_unfollow(portid_t port_id)
{
	int ret = rte_eth_dev_tph_unfollow(port_id);

	if (ret != 0)
		fprintf(stderr, "Port %u: cannot undo following: %s\n", port_id,
			rte_strerror(-ret));
	return ret;
}

int
tph_port_rx_intr_set(portid_t port_id, bool on)
{
	if (!port_is_stopped(port_id)) {
		fprintf(stderr, "Port %u: stop it first\n", port_id);
		return -EBUSY;
	}
	ports[port_id].dev_conf.intr_conf.rxq = on;
	cmd_reconfig_device_queue(port_id, 1, 0);
	return 0;
}

void
tph_forwarding_bind(void)
{
	static const struct tph_target polls = { RTE_ETH_TPH_TARGET_LCORE, LCORE_ID_ANY };
	portid_t port_id, i;

	/* What the primary process has bound serves a secondary one, too. */
	if (!tph_option_given || rte_eal_process_type() != RTE_PROC_PRIMARY)
		return;
	/* A port that cannot do it leaves the others alone. */
	for (i = 0; i < cur_fwd_config.nb_fwd_ports; i++) {
		port_id = fwd_ports_ids[i];
		if (tph_port_enable(port_id, RTE_TPH_MODE_AUTO) == 0)
			(void)tph_port_bind(port_id, TPH_DIR_RX | TPH_DIR_TX, TPH_QUEUE_ALL,
				&polls, tph_option_objects);
	}
}
