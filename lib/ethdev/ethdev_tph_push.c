/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* Hardware that takes a hint at any time: give it what is bound, and clear it. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_errno.h>

#include "ethdev_driver.h"
#include "ethdev_tph_push.h"

static const uint16_t all_queues[ETH_TPH_DIRS] = { 0, 0 };

/* However following a queue stands. */
#define ALL_STATES UINT32_MAX

bool
eth_tph_can_push(const struct rte_eth_dev *dev, const struct eth_tph_port *port,
		enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	if (eth_tph_is_pulled(port))
		return false;
	/* The ST table outlives a reset, and a vector may serve several queues. */
	if (port->info.mode == RTE_TPH_MODE_IV)
		return dev->data->dev_started != 0;
	return eth_tph_queue_runs(dev, dir, queue_id);
}

void
eth_tph_queue_fill(const struct eth_tph_port *port, enum rte_eth_tph_dir dir, uint16_t queue_id,
		struct eth_dev_tph_queue *queue)
{
	const struct eth_tph_binding *binding = eth_tph_binding_at(port, dir, queue_id);

	memset(queue, 0, sizeof(*queue));
	queue->dir = dir;
	queue->queue_id = queue_id;
	queue->lcore_id = binding->lcore_id;
	queue->cpu_id = binding->cpu_id;
	queue->objects = binding->want.objects;
	queue->mem = binding->mem;
	queue->st = binding->want.st;
	queue->st_bits = binding->want.st_bits;
	queue->old_objects = binding->have.objects;
	queue->old_st = binding->have.st;
}

static bool
eth_tph_follow_is(const struct eth_tph_port *port, enum rte_eth_tph_dir dir, uint16_t queue_id,
		uint32_t states)
{
	return (states & RTE_BIT32(eth_tph_binding_at(port, dir, queue_id)->follow)) != 0;
}

/* Record that the hardware of a queue is not as it should be. */
static void
eth_tph_fail(struct eth_tph_port *port, enum rte_eth_tph_dir dir, uint16_t queue_id, int error)
{
	struct eth_tph_binding binding;

	if (eth_tph_binding_reserve(port, dir, queue_id) != 0)
		return;
	binding = *eth_tph_binding_at(port, dir, queue_id);
	memset(&binding.have, 0, sizeof(binding.have));
	binding.error = error;
	eth_tph_binding_set(port, dir, queue_id, &binding);
}

/* The same for all queues that are bound, from first[dir] on. */
static void
eth_tph_fail_from(struct eth_tph_port *port, const uint16_t first[ETH_TPH_DIRS], uint32_t states,
		int error)
{
	uint32_t q;
	int dir;

	for (dir = 0; dir < ETH_TPH_DIRS; dir++)
		ETH_TPH_FOREACH(port, dir, q, first[dir])
			if (eth_tph_follow_is(port, dir, q, states) &&
			    eth_tph_binding_at(port, dir, q)->want.objects != 0)
				eth_tph_fail(port, dir, q, error);
}

/* Whether the kernel has disabled TPH, as it does rather than hint wrongly. */
static void
eth_tph_verify(struct rte_eth_dev *dev, struct eth_tph_port *port)
{
	struct rte_eth_tph_info info;

	memset(&info, 0, sizeof(info));
	if (port->info.mode == RTE_TPH_MODE_AUTO ||
	    dev->dev_ops->tph_ops->info_get(dev, &info) != 0 || info.mode == port->info.mode)
		return;

	ETH_TPH_LOG(ERR, "port %u: the kernel disabled TPH after an error: disable and enable it again",
		dev->data->port_id);
	eth_tph_fail_from(port, all_queues, ALL_STATES, -EIO);
}

int
eth_tph_apply(struct rte_eth_dev *dev, struct eth_tph_port *port,
		struct eth_dev_tph_queue *queues, uint16_t nb_queues)
{
	uint16_t i;
	int ret;

	ret = dev->dev_ops->tph_ops->apply(dev, queues, nb_queues);
	if (ret == 0)
		return 0;
	for (i = 0; i < nb_queues; i++)
		if (queues[i].lost)
			eth_tph_fail(port, queues[i].dir, queues[i].queue_id, ret);
	if (ret == -EIO || ret == -EINVAL)
		eth_tph_verify(dev, port);
	return ret;
}

/* Whether a queue is bound, or could not be cleared; most that have room are neither. */
static bool
eth_tph_is_kept(const struct eth_tph_port *port, enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	const struct eth_tph_binding *binding = eth_tph_binding_at(port, dir, queue_id);

	return binding->want.objects != 0 || binding->error != 0;
}

/*
 * Gather queues that are kept, from first[dir] on, of which *pick* says so, and
 * following stands at one of *states*. The array is to be freed by the caller, it is
 * NULL if there are none.
 */
static int
eth_tph_gather(const struct rte_eth_dev *dev, const struct eth_tph_port *port,
		const uint16_t first[ETH_TPH_DIRS], uint32_t states,
		bool (*pick)(const struct rte_eth_dev *dev, const struct eth_tph_port *port,
			struct eth_dev_tph_queue *queue),
		struct eth_dev_tph_queue **queues, uint16_t *nb)
{
	struct eth_dev_tph_queue queue;
	uint32_t q, n = 0;
	int dir;

	*nb = 0;
	*queues = NULL;
	for (dir = 0; dir < ETH_TPH_DIRS; dir++)
		ETH_TPH_FOREACH(port, dir, q, first[dir])
			n += eth_tph_is_kept(port, dir, q);
	if (n == 0)
		return 0;

	*queues = calloc(n, sizeof(**queues));
	if (*queues == NULL)
		return -ENOMEM;
	for (dir = 0; dir < ETH_TPH_DIRS; dir++) {
		ETH_TPH_FOREACH(port, dir, q, first[dir]) {
			if (!eth_tph_is_kept(port, dir, q) ||
			    !eth_tph_follow_is(port, dir, q, states))
				continue;
			eth_tph_queue_fill(port, dir, q, &queue);
			if (pick(dev, port, &queue))
				(*queues)[(*nb)++] = queue;
		}
	}
	return 0;
}

/* Queues that are bound, or that could not be cleared: to be cleared. */
static bool
eth_tph_pick_to_clear(const struct rte_eth_dev *dev __rte_unused,
		const struct eth_tph_port *port, struct eth_dev_tph_queue *queue)
{
	bool bound = queue->objects != 0;

	queue->objects = 0;
	return bound || eth_tph_binding_at(port, queue->dir, queue->queue_id)->error != 0;
}

/* Queues that could not be cleared. */
static bool
eth_tph_pick_unclean(const struct rte_eth_dev *dev __rte_unused,
		const struct eth_tph_port *port, struct eth_dev_tph_queue *queue)
{
	return queue->objects == 0 &&
		eth_tph_binding_at(port, queue->dir, queue->queue_id)->error != 0;
}

/* Queues that have to get what they are bound to, after a reset of the hardware. */
static bool
eth_tph_pick_to_restore(const struct rte_eth_dev *dev, const struct eth_tph_port *port,
		struct eth_dev_tph_queue *queue)
{
	queue->old_objects = 0;
	queue->old_st = 0;
	if (queue->objects == 0)
		return eth_tph_pick_unclean(dev, port, queue);
	return eth_tph_can_push(dev, port, queue->dir, queue->queue_id);
}

/* Record that a queue was cleared, or with *error* that it was not. */
static void
eth_tph_cleared(struct eth_tph_port *port, const struct eth_dev_tph_queue *queue, int error)
{
	const struct eth_tph_binding *old = eth_tph_binding_at(port, queue->dir, queue->queue_id);
	struct eth_tph_binding binding = {
		.error = error,
		.follow = old->follow,
		.follow_error = old->follow_error,
		.thread = old->thread,
	};

	eth_tph_binding_set(port, queue->dir, queue->queue_id, &binding);
}

/* Clear queues: together, or one by one after that failed. */
static int
eth_tph_clear(struct rte_eth_dev *dev, struct eth_tph_port *port,
		struct eth_dev_tph_queue *queues, uint16_t nb)
{
	uint16_t i;
	int ret, all, first = 0;

	for (i = 0; i < nb; i++)
		queues[i].quiet = nb > 1;
	all = eth_tph_apply(dev, port, queues, nb);
	for (i = 0; i < nb; i++) {
		queues[i].quiet = false;
		ret = all == 0 || nb == 1 ? all : eth_tph_apply(dev, port, &queues[i], 1);
		eth_tph_cleared(port, &queues[i], ret);
		if (ret == 0)
			continue;
		first = first == 0 ? ret : first;
		ETH_TPH_LOG(WARNING, "port %u %s queue %u: cannot be unbound and may go on hinting: %s",
			dev->data->port_id, eth_tph_dir_name(queues[i].dir),
			queues[i].queue_id, rte_strerror(-ret));
	}
	return first;
}

/* Let the record forget what queues are bound to, but not what the hardware has. */
static void
eth_tph_forget_from(struct eth_tph_port *port, const uint16_t first[ETH_TPH_DIRS],
		uint32_t states)
{
	struct eth_tph_binding binding;
	uint32_t q;
	int dir;

	for (dir = 0; dir < ETH_TPH_DIRS; dir++) {
		ETH_TPH_FOREACH(port, dir, q, first[dir]) {
			if (!eth_tph_follow_is(port, dir, q, states))
				continue;
			binding = *eth_tph_binding_at(port, dir, q);
			memset(&binding.want, 0, sizeof(binding.want));
			eth_tph_binding_set(port, dir, q, &binding);
		}
	}
}

static void
eth_tph_unbind_those(struct rte_eth_dev *dev, struct eth_tph_port *port,
		const uint16_t first[ETH_TPH_DIRS], uint32_t states)
{
	struct eth_dev_tph_queue *queues;
	uint16_t nb;

	if (eth_tph_is_pulled(port)) {
		/* The driver clears them when it asks for hints the next time. */
		eth_tph_forget_from(port, first, states);
		return;
	}
	if (eth_tph_gather(dev, port, first, states, eth_tph_pick_to_clear, &queues, &nb) != 0) {
		ETH_TPH_LOG(ERR, "port %u: no memory to unbind queues", dev->data->port_id);
		eth_tph_fail_from(port, first, states, -ENOMEM);
		eth_tph_forget_from(port, first, states);
		return;
	}
	if (nb != 0)
		(void)eth_tph_clear(dev, port, queues, nb);
	free(queues);
}

void
eth_tph_unbind_from(struct rte_eth_dev *dev, struct eth_tph_port *port,
		const uint16_t first[ETH_TPH_DIRS])
{
	eth_tph_unbind_those(dev, port, first, ALL_STATES);
}

void
eth_tph_unbind_followed(struct rte_eth_dev *dev, struct eth_tph_port *port, uint32_t states)
{
	eth_tph_unbind_those(dev, port, all_queues, states);
}

int
eth_tph_clean(struct rte_eth_dev *dev, struct eth_tph_port *port)
{
	struct eth_dev_tph_queue *queues;
	uint16_t nb;
	int ret;

	ret = eth_tph_gather(dev, port, all_queues, ALL_STATES, eth_tph_pick_unclean, &queues, &nb);
	if (ret == 0 && nb != 0)
		ret = eth_tph_clear(dev, port, queues, nb);
	free(queues);
	return ret;
}

int
eth_tph_shut_down(struct rte_eth_dev *dev, struct eth_tph_port *port)
{
	static const struct eth_tph_binding unbound;
	bool table = port->info.mode == RTE_TPH_MODE_IV;
	uint32_t q;
	int dir, ret;

	eth_tph_unbind_from(dev, port, all_queues);
	ret = dev->dev_ops->tph_ops->disable(dev);
	if (ret != 0)
		return ret;

	eth_tph_info_set(port, NULL);
	/* The kernel has cleared the table, whatever came of doing so here. */
	for (dir = 0; table && dir < ETH_TPH_DIRS; dir++)
		ETH_TPH_FOREACH(port, dir, q, 0)
			eth_tph_binding_set(port, dir, q, &unbound);
	return 0;
}

/* Record what came of putting back the binding of a queue. */
static void
eth_tph_restored(struct rte_eth_dev *dev, struct eth_tph_port *port,
		struct eth_dev_tph_queue *queue, int ret)
{
	struct eth_tph_binding binding = *eth_tph_binding_at(port, queue->dir, queue->queue_id);

	memset(&binding.have, 0, sizeof(binding.have));
	binding.error = ret;
	if (ret == 0 && queue->objects != 0)
		binding.have = binding.want;
	eth_tph_binding_set(port, queue->dir, queue->queue_id, &binding);
	if (ret == 0 || queue->objects == 0)
		return;

	ETH_TPH_LOG(WARNING, "port %u %s queue %u: cannot restore the binding to CPU %u: %s",
		dev->data->port_id, eth_tph_dir_name(queue->dir), queue->queue_id,
		queue->cpu_id, rte_strerror(-ret));
	/* Nothing of an earlier start may be left. */
	queue->objects = 0;
	(void)eth_tph_apply(dev, port, queue, 1);
}

static void
eth_tph_restore(struct rte_eth_dev *dev, struct eth_tph_port *port,
		struct eth_dev_tph_queue *queues, uint16_t nb)
{
	uint16_t i;
	int ret;

	for (i = 0; i < nb; i++)
		queues[i].quiet = nb > 1;
	ret = eth_tph_apply(dev, port, queues, nb);
	for (i = 0; i < nb; i++) {
		/* After they failed as a batch, they are tried one by one. */
		queues[i].quiet = false;
		if (ret != 0 && nb > 1)
			eth_tph_restored(dev, port, &queues[i],
				eth_tph_apply(dev, port, &queues[i], 1));
		else
			eth_tph_restored(dev, port, &queues[i], ret);
	}
}

void
eth_tph_push_all(struct rte_eth_dev *dev, struct eth_tph_port *port)
{
	struct eth_dev_tph_queue *queues;
	uint16_t nb;

	if (eth_tph_gather(dev, port, all_queues, ALL_STATES, eth_tph_pick_to_restore, &queues,
			&nb) != 0) {
		ETH_TPH_LOG(ERR, "port %u: no memory to restore bindings", dev->data->port_id);
		eth_tph_fail_from(port, all_queues, ALL_STATES, -ENOMEM);
		return;
	}
	if (nb != 0)
		eth_tph_restore(dev, port, queues, nb);
	free(queues);
}

void
eth_tph_push_queue(struct rte_eth_dev *dev, struct eth_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id)
{
	struct eth_dev_tph_queue queue;

	eth_tph_queue_fill(port, dir, queue_id, &queue);
	if (eth_tph_pick_to_restore(dev, port, &queue))
		eth_tph_restore(dev, port, &queue, 1);
}
