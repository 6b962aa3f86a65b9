/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ethdev_driver.h"
#include "ethdev_tph_bind.h"
#include "ethdev_tph_push.h"
#include "ethdev_tph_target.h"

#define ETH_TPH_OBJECTS_KNOWN \
	((uint32_t)(RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_HEADER | RTE_TPH_OBJECT_PAYLOAD))

static_assert((RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_HEADER | RTE_TPH_OBJECT_PAYLOAD) <= UINT8_MAX,
	"objects fit in struct eth_tph_hint");

/* What one call works on. */
struct eth_tph_batch {
	struct rte_eth_dev *dev;
	struct eth_tph_port *port;
	/* The queues are followed. */
	bool follow;
	/* Distinct queues; those that the hardware is told of come first. */
	struct eth_dev_tph_queue *queues;
	uint16_t nb;
	uint16_t nb_pushed;
	/* Place of each queue in the array, counted from 1. */
	uint16_t place[ETH_TPH_DIRS][RTE_MAX_QUEUES_PER_PORT];
};

bool
eth_tph_objects_known(uint32_t objects)
{
	return objects == RTE_TPH_OBJECT_ALL || (objects & ~ETH_TPH_OBJECTS_KNOWN) == 0;
}

int
eth_tph_conf_check(uint16_t port_id, const struct rte_eth_tph_queue_conf *conf)
{
	if (conf->dir != RTE_ETH_TPH_RX && conf->dir != RTE_ETH_TPH_TX &&
	    conf->dir != RTE_ETH_TPH_RX_TX) {
		ETH_TPH_LOG(ERR, "port %u: unknown direction %u", port_id,
			(unsigned int)conf->dir);
		return -EINVAL;
	}
	if (conf->target != RTE_ETH_TPH_TARGET_LCORE && conf->target != RTE_ETH_TPH_TARGET_CPU) {
		ETH_TPH_LOG(ERR, "port %u: unknown kind of target %u", port_id, conf->target);
		return -EINVAL;
	}
	if (conf->target == RTE_ETH_TPH_TARGET_LCORE ? conf->cpu_id != 0 : conf->lcore_id != 0) {
		ETH_TPH_LOG(ERR, "port %u: a binding names both lcore and CPU", port_id);
		return -EINVAL;
	}
	if (conf->mem != RTE_TPH_MEM_VOLATILE && conf->mem != RTE_TPH_MEM_PERSISTENT) {
		ETH_TPH_LOG(ERR, "port %u: unknown kind of memory %u", port_id,
			(unsigned int)conf->mem);
		return -EINVAL;
	}
	if (conf->reserved[0] != 0 || conf->reserved[1] != 0) {
		ETH_TPH_LOG(ERR, "port %u: a reserved field of a binding is not 0", port_id);
		return -EINVAL;
	}
	if (conf->objects == 0 || !eth_tph_objects_known(conf->objects)) {
		ETH_TPH_LOG(ERR, "port %u: no or unknown objects %#x", port_id, conf->objects);
		return -EINVAL;
	}
	return 0;
}

static bool
eth_tph_dir_has(enum rte_eth_tph_dir dir, enum rte_eth_tph_dir one)
{
	return dir == one || dir == RTE_ETH_TPH_RX_TX;
}

int
eth_tph_queue_check(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	uint16_t nb = RTE_MAX_QUEUES_PER_PORT;
	int one;

	for (one = 0; one < ETH_TPH_DIRS; one++)
		if (eth_tph_dir_has(dir, one))
			nb = RTE_MIN(nb, eth_tph_nb_queues(dev, one));
	if (queue_id < nb || (queue_id == RTE_ETH_TPH_QUEUE_ALL && nb != 0))
		return 0;
	return -ERANGE;
}

/* Room for what queue numbers stand for, which is at most all queues of a port. */
static struct eth_dev_tph_queue *
eth_tph_queues_alloc(const struct rte_eth_dev *dev, uint32_t nb_numbers, bool all)
{
	uint32_t nb = dev->data->nb_rx_queues + dev->data->nb_tx_queues;

	/* A number is that of a queue in each direction. */
	if (!all)
		nb = RTE_MIN(nb, ETH_TPH_DIRS * nb_numbers);
	return calloc(1 + nb, sizeof(struct eth_dev_tph_queue));
}

/* Take one queue of a binding into a batch. */
static int
eth_tph_batch_add(struct eth_tph_batch *batch, const struct rte_eth_tph_queue_conf *conf,
		const struct eth_tph_cpus *cpus, enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	uint32_t supported = eth_tph_objects(&batch->port->info, dir);
	uint32_t objects = conf->objects == RTE_TPH_OBJECT_ALL ? supported : conf->objects;
	struct eth_dev_tph_queue *queue;

	if (objects == 0 || (objects & ~supported) != 0) {
		ETH_TPH_LOG(ERR, "port %u %s queue %u: objects %#x asked for, %#x supported",
			batch->dev->data->port_id, eth_tph_dir_name(dir), queue_id, objects,
			supported);
		return -ENOTSUP;
	}

	if (batch->place[dir][queue_id] == 0)
		batch->place[dir][queue_id] = ++batch->nb;
	queue = &batch->queues[batch->place[dir][queue_id] - 1];
	/* For what the hardware has now. */
	eth_tph_queue_fill(batch->port, dir, queue_id, queue);
	queue->objects = objects;
	queue->mem = conf->mem;
	queue->st = 0;
	queue->st_bits = 0;
	queue->lcore_id = cpus->lcore_id;
	queue->cpu_id = cpus->first;
	queue->cpuset = cpus->set;
	queue->target = cpus;
	return eth_tph_binding_reserve(batch->port, dir, queue_id);
}

/* Take all queues of a binding into a batch. */
static int
eth_tph_batch_add_conf(struct eth_tph_batch *batch, const struct rte_eth_tph_queue_conf *conf,
		const struct eth_tph_cpus *cpus)
{
	const struct rte_eth_tph_info *info = &batch->port->info;
	bool both = conf->dir == RTE_ETH_TPH_RX_TX;
	uint32_t q, first, last;
	int dir, ret;

	for (dir = 0; dir < ETH_TPH_DIRS; dir++) {
		if (!eth_tph_dir_has(conf->dir, dir))
			continue;
		/* Whoever names both takes what there is. */
		if (both && eth_tph_objects(info, dir) == 0 && eth_tph_objects(info, !dir) != 0)
			continue;
		first = conf->queue_id == RTE_ETH_TPH_QUEUE_ALL ? 0 : conf->queue_id;
		last = conf->queue_id == RTE_ETH_TPH_QUEUE_ALL ?
			eth_tph_nb_queues(batch->dev, dir) - 1u : conf->queue_id;
		for (q = first; q <= last; q++) {
			ret = eth_tph_batch_add(batch, conf, cpus, dir, q);
			if (ret != 0)
				return ret;
		}
	}
	return 0;
}

/* Gather the distinct queues of a batch. */
static int
eth_tph_batch_prepare(struct eth_tph_batch *batch, const struct rte_eth_tph_queue_conf *confs,
		struct eth_tph_cpus *cpus, uint16_t nb_confs)
{
	uint16_t port_id = batch->dev->data->port_id;
	rte_cpuset_t offline;
	uint16_t i;
	int ret;

	eth_tph_offline_get(&offline);
	for (i = 0; i < nb_confs; i++) {
		ret = eth_tph_queue_check(batch->dev, confs[i].dir, confs[i].queue_id);
		if (ret != 0) {
			ETH_TPH_LOG(ERR, "port %u: no queue %u, %u Rx and %u Tx queues are configured",
				port_id, confs[i].queue_id, batch->dev->data->nb_rx_queues,
				batch->dev->data->nb_tx_queues);
			return ret;
		}
		if (i != 0 && eth_tph_target_is_same(&confs[i], &confs[i - 1]))
			cpus[i] = cpus[i - 1];
		else
			ret = eth_tph_target_find(port_id, &confs[i], &offline, &cpus[i]);
		if (ret == 0)
			ret = eth_tph_batch_add_conf(batch, &confs[i], &cpus[i]);
		if (ret != 0)
			return ret;
	}
	return 0;
}

/* Move the queues that the hardware can be told of now to the front. */
static void
eth_tph_batch_sort(struct eth_tph_batch *batch)
{
	struct eth_dev_tph_queue queue;
	uint16_t i, to;

	for (i = 0; i < batch->nb; i++) {
		queue = batch->queues[i];
		if (!eth_tph_can_push(batch->dev, batch->port, queue.dir, queue.queue_id))
			continue;
		to = batch->nb_pushed++;
		batch->queues[i] = batch->queues[to];
		batch->queues[to] = queue;
	}
}

/* What the application says of a queue counts more than where it is polled. */
static void
eth_tph_batch_own(const struct eth_tph_batch *batch, struct eth_tph_binding *binding)
{
	if (binding->follow == RTE_ETH_TPH_NOT_FOLLOWED)
		return;
	binding->follow = batch->follow ? RTE_ETH_TPH_FOLLOWED : RTE_ETH_TPH_EXPLICIT;
	binding->follow_error = 0;
	binding->thread = 0;
}

static void
eth_tph_batch_record(const struct eth_tph_batch *batch)
{
	const struct eth_dev_tph_queue *queue;
	struct eth_tph_binding binding;
	uint16_t i;

	for (i = 0; i < batch->nb; i++) {
		queue = &batch->queues[i];
		binding = *eth_tph_binding_at(batch->port, queue->dir, queue->queue_id);
		binding.want = (struct eth_tph_hint) {
			.objects = queue->objects,
			.st = queue->st,
			.st_bits = queue->st_bits,
		};
		if (i < batch->nb_pushed)
			binding.have = binding.want;
		binding.error = 0;
		binding.mem = queue->mem;
		binding.lcore_id = queue->lcore_id;
		binding.cpu_id = queue->cpu_id;
		binding.target = queue->lcore_id == LCORE_ID_ANY ?
			RTE_ETH_TPH_TARGET_CPU : RTE_ETH_TPH_TARGET_LCORE;
		binding.thread_cpus = queue->target->thread_cpus;
		binding.eal_cpus = queue->target->eal_cpus;
		eth_tph_batch_own(batch, &binding);
		eth_tph_binding_set(batch->port, queue->dir, queue->queue_id, &binding);
	}
}

static int
eth_tph_batch_bind(struct eth_tph_batch *batch, const struct rte_eth_tph_queue_conf *confs,
		struct eth_tph_cpus *cpus, uint16_t nb_confs)
{
	int ret;

	ret = eth_tph_batch_prepare(batch, confs, cpus, nb_confs);
	if (ret != 0)
		return ret;
	eth_tph_batch_sort(batch);

	ret = batch->dev->dev_ops->tph_ops->resolve(batch->dev, batch->queues, batch->nb);
	if (ret != 0)
		return ret;
	if (batch->nb_pushed != 0) {
		ret = eth_tph_apply(batch->dev, batch->port, batch->queues, batch->nb_pushed);
		if (ret != 0)
			return ret;
	}
	eth_tph_batch_record(batch);
	return 0;
}

int
eth_tph_bind(struct rte_eth_dev *dev, struct eth_tph_port *port,
		const struct rte_eth_tph_queue_conf *confs, uint16_t nb_confs, bool follow)
{
	struct eth_tph_batch batch = { .dev = dev, .port = port, .follow = follow };
	struct eth_tph_cpus *cpus;
	bool all = false;
	uint16_t i;
	int ret;

	for (i = 0; i < nb_confs; i++)
		all = all || confs[i].queue_id == RTE_ETH_TPH_QUEUE_ALL;
	cpus = calloc(nb_confs, sizeof(*cpus));
	batch.queues = eth_tph_queues_alloc(dev, nb_confs, all);
	if (cpus == NULL || batch.queues == NULL)
		ret = -ENOMEM;
	else
		ret = eth_tph_batch_bind(&batch, confs, cpus, nb_confs);
	free(batch.queues);
	free(cpus);
	return ret;
}

/* Take the bound ones of the queues that are to be unbound into a batch. */
static void
eth_tph_batch_gather(struct eth_tph_batch *batch, enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	const struct eth_tph_binding *binding;
	struct eth_dev_tph_queue *queue;
	uint32_t q;
	int one;

	for (one = 0; one < ETH_TPH_DIRS; one++) {
		if (!eth_tph_dir_has(dir, one))
			continue;
		ETH_TPH_FOREACH(batch->port, one, q, 0) {
			if (q >= eth_tph_nb_queues(batch->dev, one))
				break;
			if (queue_id != RTE_ETH_TPH_QUEUE_ALL && q != queue_id)
				continue;
			binding = eth_tph_binding_at(batch->port, one, q);
			if (binding->want.objects == 0 && binding->error == 0)
				continue;
			queue = &batch->queues[batch->nb++];
			eth_tph_queue_fill(batch->port, one, q, queue);
			queue->objects = 0;
		}
	}
}

static int
eth_tph_batch_unbind(struct eth_tph_batch *batch)
{
	bool live = batch->port->info.when == RTE_ETH_TPH_LIVE;
	const struct eth_dev_tph_queue *queue;
	struct eth_tph_binding binding;
	uint16_t i;
	int ret;

	if (live && batch->nb != 0) {
		ret = eth_tph_apply(batch->dev, batch->port, batch->queues, batch->nb);
		if (ret != 0)
			return ret;
	}
	for (i = 0; i < batch->nb; i++) {
		queue = &batch->queues[i];
		binding = *eth_tph_binding_at(batch->port, queue->dir, queue->queue_id);
		memset(&binding.want, 0, sizeof(binding.want));
		if (live)
			memset(&binding.have, 0, sizeof(binding.have));
		binding.error = 0;
		eth_tph_batch_own(batch, &binding);
		eth_tph_binding_set(batch->port, queue->dir, queue->queue_id, &binding);
	}
	return 0;
}

int
eth_tph_unbind(struct rte_eth_dev *dev, struct eth_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id)
{
	struct eth_tph_batch batch = { .dev = dev, .port = port };
	int ret;

	batch.queues = eth_tph_queues_alloc(dev, 1, queue_id == RTE_ETH_TPH_QUEUE_ALL);
	if (batch.queues == NULL)
		return -ENOMEM;
	eth_tph_batch_gather(&batch, dir, queue_id);
	ret = eth_tph_batch_unbind(&batch);
	free(batch.queues);
	return ret;
}
