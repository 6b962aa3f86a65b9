/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* Looking who polls, and what is made of it. */

#include <errno.h>
#include <stdlib.h>

#include <rte_alarm.h>
#include <rte_errno.h>
#include <rte_spinlock.h>

#include "ethdev_driver.h"
#include "ethdev_tph_bind.h"
#include "ethdev_tph_follow.h"
#include "ethdev_tph_push.h"
#include "ethdev_tph_watch.h"

/* What one look at a port found. */
struct eth_tph_round {
	struct rte_eth_dev *dev;
	struct eth_tph_port *port;
	struct eth_tph_follow *follow;
	/* Queues to bind. */
	struct rte_eth_tph_queue_conf *confs;
	uint16_t nb_confs;
	/* There are bound queues that are left alone from now on. */
	bool drop;
};

uint64_t eth_tph_follow_period = 100 * 1000;

/* One alarm for all ports; it ends by itself when there is nothing to look at. */
static struct {
	rte_spinlock_t lock;
	bool armed;
	/* A port came while the alarm looked. */
	bool again;
} eth_tph_alarm = { .lock = RTE_SPINLOCK_INITIALIZER };

static int
eth_tph_alarm_set(void)
{
	int ret = rte_eal_alarm_set(eth_tph_follow_period, eth_tph_follow_look, NULL);

	eth_tph_alarm.armed = ret == 0;
	eth_tph_alarm.again = false;
	if (ret != 0)
		ETH_TPH_LOG(ERR, "cannot set an alarm to follow queues: %s", rte_strerror(-ret));
	return ret;
}

int
eth_tph_alarm_start(void)
{
	int ret = 0;

	rte_spinlock_lock(&eth_tph_alarm.lock);
	if (eth_tph_alarm.armed)
		eth_tph_alarm.again = true;
	else
		ret = eth_tph_alarm_set();
	rte_spinlock_unlock(&eth_tph_alarm.lock);
	return ret;
}

static void
eth_tph_alarm_done(bool watching)
{
	rte_spinlock_lock(&eth_tph_alarm.lock);
	if (watching || eth_tph_alarm.again)
		(void)eth_tph_alarm_set();
	else
		eth_tph_alarm.armed = false;
	rte_spinlock_unlock(&eth_tph_alarm.lock);
}

static void
eth_tph_stray(struct eth_tph_followed *queue, enum rte_eth_tph_follow_state kind)
{
	if (queue->strays < ETH_TPH_FOLLOW_STRAYS)
		queue->strays++;
	queue->stray = kind;
}

/* What to make of a queue of which somebody was seen. */
static enum rte_eth_tph_follow_state
eth_tph_judge(struct eth_tph_followed *queue, const struct eth_tph_sight *sight)
{
	if (sight->shared) {
		eth_tph_stray(queue, RTE_ETH_TPH_SHARED);
		queue->thread = 0;
		queue->same = 0;
	} else if (sight->thread == queue->thread && sight->cpu == queue->cpu) {
		queue->same = RTE_MIN(queue->same + 1, ETH_TPH_FOLLOW_CALM);
	} else {
		/* One thread that takes over from another may be seen with it before. */
		if (queue->thread != 0)
			eth_tph_stray(queue, sight->thread == queue->thread ?
				RTE_ETH_TPH_WANDERING : RTE_ETH_TPH_SHARED);
		queue->thread = sight->thread;
		queue->cpu = sight->cpu;
		queue->same = 1;
	}

	if (queue->same == ETH_TPH_FOLLOW_CALM)
		queue->strays = 0;
	if (queue->strays == ETH_TPH_FOLLOW_STRAYS)
		return queue->stray;
	return queue->same < ETH_TPH_FOLLOW_AGREE ? RTE_ETH_TPH_LEARNING : RTE_ETH_TPH_FOLLOWED;
}

/* Take a queue that is polled on a CPU into those to bind. */
static void
eth_tph_round_add(struct eth_tph_round *round, enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	const struct eth_tph_followed *queue = &round->follow->queues[dir][queue_id];

	if (round->confs == NULL)
		round->confs = calloc(round->dev->data->nb_rx_queues +
				round->dev->data->nb_tx_queues, sizeof(*round->confs));
	/* Short of memory, it is tried again by the next look. */
	if (round->confs == NULL)
		return;
	round->confs[round->nb_confs++] = (struct rte_eth_tph_queue_conf) {
		.dir = dir,
		.queue_id = queue_id,
		.target = RTE_ETH_TPH_TARGET_CPU,
		.objects = round->follow->objects[dir],
		.cpu_id = queue->cpu,
	};
}

/* With mode once, nobody has to look who polls a queue of which that is known. */
static void
eth_tph_round_learnt(const struct eth_tph_round *round, enum rte_eth_tph_dir dir,
		uint16_t queue_id)
{
	if (round->follow->mode == RTE_ETH_TPH_FOLLOW_ONCE)
		eth_tph_queue_unwatch(round->dev->data->port_id, round->follow, dir, queue_id);
}

/* Leave a queue alone that has no one CPU. */
static void
eth_tph_round_leave(struct eth_tph_round *round, enum rte_eth_tph_dir dir, uint16_t queue_id,
		enum rte_eth_tph_follow_state state)
{
	struct eth_tph_followed *queue = &round->follow->queues[dir][queue_id];

	if (!queue->told)
		ETH_TPH_LOG(NOTICE, "port %u %s queue %u: %s, it is left alone",
			round->dev->data->port_id, eth_tph_dir_name(dir), queue_id,
			state == RTE_ETH_TPH_SHARED ? "several threads poll it" :
			"its thread wanders from CPU to CPU");
	queue->told = true;
	round->drop = true;
	eth_tph_follow_record(round->port, dir, queue_id, state, 0, 0);
	eth_tph_round_learnt(round, dir, queue_id);
}

static void
eth_tph_queue_look(struct eth_tph_round *round, enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	const struct eth_tph_binding *binding = eth_tph_binding_at(round->port, dir, queue_id);
	struct eth_tph_followed *queue = &round->follow->queues[dir][queue_id];
	enum rte_eth_tph_follow_state state;
	struct eth_tph_sight sight;

	if (queue->watch == NULL)
		return;
	if (binding->follow == RTE_ETH_TPH_EXPLICIT) {
		eth_tph_queue_unwatch(round->dev->data->port_id, round->follow, dir, queue_id);
		return;
	}
	if (!eth_tph_watch_look(queue->watch, &sight))
		return;
	state = eth_tph_judge(queue, &sight);
	if (state == RTE_ETH_TPH_LEARNING)
		return;
	if (state != RTE_ETH_TPH_FOLLOWED) {
		if (binding->follow != state)
			eth_tph_round_leave(round, dir, queue_id, state);
		return;
	}
	if (binding->follow == RTE_ETH_TPH_FOLLOWED && binding->cpu_id == queue->cpu) {
		if (binding->thread != queue->thread)
			eth_tph_follow_record(round->port, dir, queue_id, state, 0, queue->thread);
		return;
	}
	if (!queue->failed || queue->failed_cpu != queue->cpu)
		eth_tph_round_add(round, dir, queue_id);
}

/* Record what came of binding a queue. */
static void
eth_tph_round_bound(struct eth_tph_round *round, const struct rte_eth_tph_queue_conf *conf,
		int ret)
{
	struct eth_tph_followed *queue = &round->follow->queues[conf->dir][conf->queue_id];

	if (ret == -ENOMEM)
		return;
	queue->failed = ret != 0;
	queue->failed_cpu = queue->cpu;
	if (ret != 0) {
		ETH_TPH_LOG(WARNING, "port %u %s queue %u: cannot be bound to CPU %u, where thread %u polls it: %s",
			round->dev->data->port_id, eth_tph_dir_name(conf->dir), conf->queue_id,
			queue->cpu, queue->thread, rte_strerror(-ret));
		round->drop = true;
	}
	eth_tph_follow_record(round->port, conf->dir, conf->queue_id, ret == 0 ?
			RTE_ETH_TPH_FOLLOWED : RTE_ETH_TPH_UNFOLLOWABLE, ret, queue->thread);
	eth_tph_round_learnt(round, conf->dir, conf->queue_id);
}

/* Bind queues: together, or one by one after that failed. */
static void
eth_tph_round_bind(struct eth_tph_round *round)
{
	bool together;
	uint16_t i;
	int ret;

	ret = eth_tph_bind(round->dev, round->port, round->confs, round->nb_confs, true);
	together = ret == 0 || round->nb_confs == 1;
	for (i = 0; i < round->nb_confs; i++) {
		if (!together)
			ret = eth_tph_bind(round->dev, round->port, &round->confs[i], 1, true);
		eth_tph_round_bound(round, &round->confs[i], ret);
	}
	if (!eth_tph_is_pulled(round->port) || round->follow->told)
		return;
	round->follow->told = true;
	ETH_TPH_LOG(NOTICE, "port %u: it is known where queues are polled, and hinted from the next start of the %s on",
		round->dev->data->port_id,
		round->port->info.when == RTE_ETH_TPH_QUEUE_START ? "queues" : "port");
}

/* Look at a port, which is locked. Returns whether to look again. */
static bool
eth_tph_port_look(uint16_t port_id)
{
	struct eth_tph_round round = {
		.dev = &rte_eth_devices[port_id],
		.port = eth_tph_port_find(port_id),
		.follow = eth_tph_follow_find(port_id),
	};
	uint16_t q;
	int dir;

	if (round.follow == NULL || round.follow->nb_watches == 0)
		return false;
	if (eth_tph_in_transition(port_id))
		return true;
	for (dir = 0; dir < ETH_TPH_DIRS; dir++)
		for (q = 0; q < eth_tph_nb_queues(round.dev, dir); q++)
			eth_tph_queue_look(&round, dir, q);
	if (round.nb_confs != 0)
		eth_tph_round_bind(&round);
	if (round.drop)
		eth_tph_unbind_followed(round.dev, round.port, RTE_BIT32(RTE_ETH_TPH_SHARED) |
			RTE_BIT32(RTE_ETH_TPH_WANDERING) | RTE_BIT32(RTE_ETH_TPH_UNFOLLOWABLE));
	free(round.confs);
	return round.follow->nb_watches != 0;
}

void
eth_tph_follow_look(void *arg __rte_unused)
{
	bool watching = false;
	uint16_t port_id;

	for (port_id = 0; port_id < RTE_MAX_ETHPORTS; port_id++) {
		if (eth_tph_follow_find(port_id) == NULL)
			continue;
		/* Nothing waits for a port in the thread of interrupts. */
		if (!eth_tph_trylock(port_id)) {
			watching = true;
			continue;
		}
		watching |= eth_tph_port_look(port_id);
		eth_tph_unlock(port_id);
	}
	eth_tph_alarm_done(watching);
}
