/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * Following: callbacks of queues remember who polls (ethdev_tph_watch.c), an alarm
 * looks at what they remember, and binds the queues that are polled elsewhere than
 * before (ethdev_tph_look.c). Callbacks are there while the port is started: ethdev
 * cannot remove them from queues that are gone, and leaves them to the next port of
 * that number.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_errno.h>

#include "ethdev_driver.h"
#include "ethdev_tph_follow.h"
#include "ethdev_tph_push.h"
#include "ethdev_tph_watch.h"

static struct eth_tph_follow *eth_tph_follows[RTE_MAX_ETHPORTS];

bool
eth_tph_is_followed(uint16_t port_id)
{
	return eth_tph_follows[port_id] != NULL;
}

struct eth_tph_follow *
eth_tph_follow_find(uint16_t port_id)
{
	return __atomic_load_n(&eth_tph_follows[port_id], __ATOMIC_RELAXED);
}

void
eth_tph_follow_record(struct eth_tph_port *port, enum rte_eth_tph_dir dir, uint16_t queue_id,
		enum rte_eth_tph_follow_state state, int error, uint32_t thread)
{
	struct eth_tph_binding binding = *eth_tph_binding_at(port, dir, queue_id);

	binding.follow = state;
	binding.follow_error = error;
	binding.thread = thread;
	eth_tph_binding_set(port, dir, queue_id, &binding);
}

static void
eth_tph_queue_watch(struct rte_eth_dev *dev, struct eth_tph_port *port,
		struct eth_tph_follow *follow, enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	struct eth_tph_followed *queue = &follow->queues[dir][queue_id];
	uint16_t port_id = dev->data->port_id;
	const struct eth_tph_binding *binding;
	int ret;

	if (eth_tph_binding_reserve(port, dir, queue_id) != 0)
		return;
	binding = eth_tph_binding_at(port, dir, queue_id);
	if (binding->follow == RTE_ETH_TPH_EXPLICIT || (binding->follow == RTE_ETH_TPH_FOLLOWED &&
			follow->mode == RTE_ETH_TPH_FOLLOW_ONCE))
		return;
	if (binding->follow != RTE_ETH_TPH_FOLLOWED)
		eth_tph_follow_record(port, dir, queue_id, RTE_ETH_TPH_LEARNING, 0, 0);
	*queue = (struct eth_tph_followed) { .told = queue->told };
	if (dev->data->dev_started == 0)
		return;

	ret = eth_tph_watch_begin(port_id, dir, queue_id, &queue->watch);
	if (ret == 0) {
		follow->nb_watches++;
		return;
	}
	ETH_TPH_LOG(WARNING, "port %u %s queue %u: cannot be followed: %s", port_id,
		eth_tph_dir_name(dir), queue_id, rte_strerror(-ret));
	eth_tph_follow_record(port, dir, queue_id, RTE_ETH_TPH_UNFOLLOWABLE, ret, 0);
}

/* Watch all queues that are configured, or have them watched by the next start. */
static void
eth_tph_queues_watch(struct rte_eth_dev *dev, struct eth_tph_port *port,
		struct eth_tph_follow *follow)
{
	uint16_t q;
	int dir;

	for (dir = 0; dir < ETH_TPH_DIRS; dir++)
		for (q = 0; follow->objects[dir] != 0 && q < eth_tph_nb_queues(dev, dir); q++)
			eth_tph_queue_watch(dev, port, follow, dir, q);
}

void
eth_tph_queue_unwatch(uint16_t port_id, struct eth_tph_follow *follow, enum rte_eth_tph_dir dir,
		uint16_t queue_id)
{
	struct eth_tph_followed *queue = &follow->queues[dir][queue_id];

	if (queue->watch == NULL)
		return;
	eth_tph_watch_end(port_id, dir, queue_id, queue->watch);
	queue->watch = NULL;
	follow->nb_watches--;
}

static void
eth_tph_queues_unwatch(uint16_t port_id, struct eth_tph_follow *follow)
{
	uint16_t q;
	int dir;

	for (dir = 0; dir < ETH_TPH_DIRS; dir++)
		for (q = 0; q < RTE_MAX_QUEUES_PER_PORT; q++)
			eth_tph_queue_unwatch(port_id, follow, dir, q);
}

/* What to hint where the application does not say: see rte_eth_tph_advice_get(). */
static uint32_t
eth_tph_objects_default(const struct rte_eth_tph_info *info, enum rte_eth_tph_dir dir)
{
	uint32_t has = eth_tph_objects(info, dir);
	uint32_t worth = has & (dir == RTE_ETH_TPH_RX ?
		RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_HEADER : RTE_TPH_OBJECT_DESC);

	return info->mode == RTE_TPH_MODE_IV || worth == 0 ? has : worth;
}

static int
eth_tph_objects_find(uint16_t port_id, const struct rte_eth_tph_info *info,
		const struct rte_eth_tph_follow_conf *conf, bool lenient,
		uint32_t objects[ETH_TPH_DIRS])
{
	uint32_t has;
	int dir;

	objects[RTE_ETH_TPH_RX] = conf->rx_objects;
	objects[RTE_ETH_TPH_TX] = conf->tx_objects;
	for (dir = 0; dir < ETH_TPH_DIRS; dir++) {
		has = eth_tph_objects(info, dir);
		if (conf->rx_objects == 0 && conf->tx_objects == 0)
			objects[dir] = eth_tph_objects_default(info, dir);
		else if (lenient || objects[dir] == RTE_TPH_OBJECT_ALL)
			objects[dir] &= has;
		if ((objects[dir] & ~has) != 0 || (objects[dir] != 0 && objects[dir] != has &&
				info->mode == RTE_TPH_MODE_IV)) {
			ETH_TPH_LOG(ERR, "port %u: to follow %s queues, objects %#x asked for, %#x supported",
				port_id, eth_tph_dir_name(dir), objects[dir], has);
			return -ENOTSUP;
		}
	}
	return objects[RTE_ETH_TPH_RX] == 0 && objects[RTE_ETH_TPH_TX] == 0 ? -ENOTSUP : 0;
}

/* Which queues the application has bound already, and room for the others. */
static int
eth_tph_queues_prepare(const struct rte_eth_dev *dev, struct eth_tph_port *port,
		const struct eth_tph_follow *follow)
{
	enum rte_eth_tph_follow_state state;
	uint16_t q;
	int dir;

	for (dir = 0; dir < ETH_TPH_DIRS; dir++) {
		for (q = 0; follow->objects[dir] != 0 && q < eth_tph_nb_queues(dev, dir); q++) {
			if (eth_tph_binding_reserve(port, dir, q) != 0)
				return -ENOMEM;
			state = eth_tph_binding_at(port, dir, q)->want.objects != 0 ?
				RTE_ETH_TPH_EXPLICIT : RTE_ETH_TPH_LEARNING;
			eth_tph_follow_record(port, dir, q, state, 0, 0);
		}
	}
	return 0;
}

/* Forget that queues from first[dir] on were followed. */
static void
eth_tph_follow_forget(struct eth_tph_port *port, const uint16_t first[ETH_TPH_DIRS])
{
	uint32_t q;
	int dir;

	for (dir = 0; dir < ETH_TPH_DIRS; dir++)
		ETH_TPH_FOREACH(port, dir, q, first[dir])
			eth_tph_follow_record(port, dir, q, RTE_ETH_TPH_NOT_FOLLOWED, 0, 0);
}

void
eth_tph_follow_end(struct rte_eth_dev *dev, struct eth_tph_port *port)
{
	uint16_t port_id = dev->data->port_id;
	struct eth_tph_follow *follow = eth_tph_follows[port_id];

	if (follow == NULL)
		return;
	eth_tph_queues_unwatch(port_id, follow);
	eth_tph_follow_forget(port, (const uint16_t[ETH_TPH_DIRS]) { 0, 0 });
	__atomic_store_n(&port->follow, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&eth_tph_follows[port_id], NULL, __ATOMIC_RELAXED);
	free(follow);
}

int
eth_tph_follow(struct rte_eth_dev *dev, struct eth_tph_port *port,
		const struct rte_eth_tph_follow_conf *conf, bool lenient, bool enabled)
{
	uint16_t port_id = dev->data->port_id;
	struct eth_tph_follow *follow;
	int ret;

	follow = calloc(1, sizeof(*follow));
	if (follow == NULL)
		return -ENOMEM;
	follow->mode = conf->mode;
	follow->enabled = enabled;
	ret = eth_tph_objects_find(port_id, &port->info, conf, lenient, follow->objects);
	if (ret != 0) {
		free(follow);
		return ret;
	}

	/* Or an alarm that goes off now would see nothing to do. */
	__atomic_store_n(&eth_tph_follows[port_id], follow, __ATOMIC_RELAXED);
	__atomic_store_n(&port->follow, 1 + follow->mode, __ATOMIC_RELAXED);
	ret = eth_tph_queues_prepare(dev, port, follow);
	if (ret == 0) {
		eth_tph_queues_watch(dev, port, follow);
		ret = eth_tph_alarm_start();
	}
	if (ret != 0)
		eth_tph_follow_end(dev, port);
	return ret;
}

static bool
eth_tph_any_explicit(const struct eth_tph_port *port)
{
	const struct eth_tph_binding *binding;
	uint32_t q;
	int dir;

	for (dir = 0; dir < ETH_TPH_DIRS; dir++) {
		ETH_TPH_FOREACH(port, dir, q, 0) {
			binding = eth_tph_binding_at(port, dir, q);
			if (binding->want.objects != 0 && binding->follow != RTE_ETH_TPH_FOLLOWED)
				return true;
		}
	}
	return false;
}

int
eth_tph_unfollow(struct rte_eth_dev *dev, struct eth_tph_port *port)
{
	const struct eth_tph_follow *follow = eth_tph_follows[dev->data->port_id];
	bool disable = follow->enabled && !eth_tph_any_explicit(port);

	if (!disable)
		eth_tph_unbind_followed(dev, port, RTE_BIT32(RTE_ETH_TPH_FOLLOWED));
	eth_tph_follow_end(dev, port);
	return disable ? eth_tph_shut_down(dev, port) : 0;
}

void
eth_tph_follow_enabled(uint16_t port_id)
{
	if (eth_tph_follows[port_id] != NULL)
		eth_tph_follows[port_id]->enabled = false;
}

void
eth_tph_follow_configured(struct rte_eth_dev *dev, struct eth_tph_port *port)
{
	struct eth_tph_follow *follow = eth_tph_follows[dev->data->port_id];

	if (follow == NULL)
		return;
	eth_tph_follow_forget(port, (const uint16_t[ETH_TPH_DIRS]) {
		[RTE_ETH_TPH_RX] = dev->data->nb_rx_queues,
		[RTE_ETH_TPH_TX] = dev->data->nb_tx_queues,
	});
	/* Without watches, until start. */
	eth_tph_queues_watch(dev, port, follow);
}

void
eth_tph_follow_started(struct rte_eth_dev *dev, struct eth_tph_port *port)
{
	struct eth_tph_follow *follow = eth_tph_follows[dev->data->port_id];

	if (follow == NULL)
		return;
	follow->told = false;
	eth_tph_queues_watch(dev, port, follow);
	if (follow->nb_watches != 0)
		(void)eth_tph_alarm_start();
}

void
eth_tph_follow_stopped(struct rte_eth_dev *dev)
{
	uint16_t port_id = dev->data->port_id;

	if (eth_tph_follows[port_id] != NULL)
		eth_tph_queues_unwatch(port_id, eth_tph_follows[port_id]);
	eth_tph_watch_reclaim(port_id);
}
