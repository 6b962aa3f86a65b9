/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <eal_export.h>
#include <rte_eal.h>
#include <rte_eal_memconfig.h>
#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_memzone.h>
#include <rte_rwlock.h>

#include "ethdev_driver.h"
#include "ethdev_tph_state.h"

#define ETH_TPH_MEMZONE "rte_eth_dev_tph"

RTE_LOG_REGISTER_SUFFIX(eth_tph_logtype, tph, NOTICE);

/* What all processes share. */
struct eth_tph_shared {
	/*
	 * For those who read beside the control path: telemetry and secondary
	 * processes. The control path takes it to change what they see.
	 */
	rte_rwlock_t lock;
	struct eth_tph_port *ports[RTE_MAX_ETHPORTS];
};

static struct eth_tph_shared *eth_tph_shared;

/* NULL if TPH was never enabled on any port. */
static struct eth_tph_shared *
eth_tph_shared_find(void)
{
	const struct rte_memzone *mz;

	if (eth_tph_shared != NULL)
		return eth_tph_shared;

	/* The lock of named objects: what is found is initialized. */
	rte_mcfg_tailq_read_lock();
	mz = rte_memzone_lookup(ETH_TPH_MEMZONE);
	rte_mcfg_tailq_read_unlock();
	if (mz != NULL)
		eth_tph_shared = mz->addr;
	return eth_tph_shared;
}

static struct eth_tph_shared *
eth_tph_shared_make(void)
{
	struct eth_tph_shared *shared = NULL;
	const struct rte_memzone *mz;

	rte_mcfg_tailq_write_lock();
	mz = rte_memzone_lookup(ETH_TPH_MEMZONE);
	if (mz != NULL) {
		shared = mz->addr;
	} else {
		mz = rte_memzone_reserve(ETH_TPH_MEMZONE, sizeof(*shared), SOCKET_ID_ANY, 0);
		if (mz != NULL) {
			shared = mz->addr;
			memset(shared, 0, sizeof(*shared));
			rte_rwlock_init(&shared->lock);
		}
	}
	rte_mcfg_tailq_write_unlock();
	return shared;
}

const char *
eth_tph_dir_name(enum rte_eth_tph_dir dir)
{
	return dir == RTE_ETH_TPH_RX ? "Rx" : "Tx";
}

uint16_t
eth_tph_nb_queues(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir)
{
	return dir == RTE_ETH_TPH_RX ? dev->data->nb_rx_queues : dev->data->nb_tx_queues;
}

bool
eth_tph_queue_runs(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	const struct eth_dev_ops *ops = dev->dev_ops;
	const struct rte_eth_dev_data *data = dev->data;

	if (data->dev_started == 0)
		return false;

	/* Only a queue that can be started by itself can be stopped by itself. */
	if (dir == RTE_ETH_TPH_RX)
		return ops->rx_queue_start == NULL ||
			data->rx_queue_state[queue_id] != RTE_ETH_QUEUE_STATE_STOPPED;
	return ops->tx_queue_start == NULL ||
		data->tx_queue_state[queue_id] != RTE_ETH_QUEUE_STATE_STOPPED;
}

struct eth_tph_port *
eth_tph_port_find(uint16_t port_id)
{
	struct eth_tph_shared *shared = eth_tph_shared_find();

	return shared == NULL ? NULL : shared->ports[port_id];
}

static void
eth_tph_port_publish(struct eth_tph_shared *shared, uint16_t port_id, struct eth_tph_port *port)
{
	rte_rwlock_write_lock(&shared->lock);
	shared->ports[port_id] = port;
	rte_rwlock_write_unlock(&shared->lock);
}

int
eth_tph_port_create(uint16_t port_id, const struct rte_eth_tph_info *info)
{
	struct eth_tph_shared *shared = eth_tph_shared_make();
	struct eth_tph_port *port;

	if (shared == NULL)
		return -ENOMEM;
	port = rte_zmalloc("eth_tph_port", sizeof(*port), 0);
	if (port == NULL)
		return -ENOMEM;

	port->mode = info->mode;
	port->objects[RTE_ETH_TPH_RX] = info->rx_objects;
	port->objects[RTE_ETH_TPH_TX] = info->tx_objects;
	eth_tph_port_publish(shared, port_id, port);
	return 0;
}

void
eth_tph_port_free(uint16_t port_id)
{
	struct eth_tph_shared *shared = eth_tph_shared_find();
	struct eth_tph_port *port;

	if (shared == NULL)
		return;
	port = shared->ports[port_id];
	eth_tph_port_publish(shared, port_id, NULL);
	rte_free(port);
}

void
eth_tph_binding_set(struct eth_tph_port *port, enum rte_eth_tph_dir dir, uint16_t queue_id,
		const struct eth_tph_binding *binding)
{
	static const struct eth_tph_binding unbound;
	struct eth_tph_shared *shared = eth_tph_shared_find();

	rte_rwlock_write_lock(&shared->lock);
	port->bindings[dir][queue_id] = binding != NULL ? *binding : unbound;
	rte_rwlock_write_unlock(&shared->lock);
}

/* Change where the binding of a queue stands, and nothing else. */
static void
eth_tph_status_set(struct eth_tph_port *port, enum rte_eth_tph_dir dir, uint16_t queue_id,
		enum rte_eth_tph_status status, int error)
{
	struct eth_tph_binding binding = port->bindings[dir][queue_id];

	binding.status = status;
	binding.error = error;
	eth_tph_binding_set(port, dir, queue_id, &binding);
}

void
eth_tph_binding_get(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir, uint16_t queue_id,
		struct eth_tph_binding *binding)
{
	struct eth_tph_shared *shared = eth_tph_shared_find();
	const struct eth_tph_port *port;

	memset(binding, 0, sizeof(*binding));
	if (shared == NULL)
		return;

	rte_rwlock_read_lock(&shared->lock);
	port = shared->ports[dev->data->port_id];
	if (port != NULL)
		*binding = port->bindings[dir][queue_id];
	rte_rwlock_read_unlock(&shared->lock);

	/* A queue that was stopped by itself gets the tag anew when it starts. */
	if (binding->status == RTE_ETH_TPH_APPLIED && !eth_tph_queue_runs(dev, dir, queue_id))
		binding->status = RTE_ETH_TPH_PENDING;
}

void
eth_tph_queue_fill(const struct eth_tph_port *port, enum rte_eth_tph_dir dir, uint16_t queue_id,
		struct eth_dev_tph_queue *queue)
{
	const struct eth_tph_binding *binding = &port->bindings[dir][queue_id];

	memset(queue, 0, sizeof(*queue));
	queue->dir = dir;
	queue->queue_id = queue_id;
	queue->lcore_id = binding->lcore_id;
	queue->objects = binding->objects;
	queue->mem = binding->mem;
	queue->cpuset = binding->cpuset;
	queue->st = binding->st;
	queue->st_bits = binding->st_bits;
	if (binding->status == RTE_ETH_TPH_APPLIED) {
		queue->old_objects = binding->objects;
		queue->old_st = binding->st;
	}
}

RTE_EXPORT_INTERNAL_SYMBOL(eth_dev_tph_hint_get)
void
eth_dev_tph_hint_get(struct rte_eth_dev *dev, enum rte_eth_tph_dir dir, uint16_t queue_id,
		struct eth_dev_tph_hint *hint)
{
	const struct eth_tph_port *port = eth_tph_port_find(dev->data->port_id);
	const struct eth_tph_binding *binding;

	*hint = (struct eth_dev_tph_hint) { .objects = 0 };
	if (port == NULL || port->mode != RTE_TPH_MODE_DS)
		return;
	binding = &port->bindings[dir][queue_id];
	if (binding->status != RTE_ETH_TPH_UNBOUND)
		*hint = (struct eth_dev_tph_hint) {
			.objects = binding->objects,
			.st = binding->st,
			.st_bits = binding->st_bits,
		};
}

/*
 * Gather bound queues from first[dir] on; only running ones if asked so.
 * The array is to be freed by the caller, it is NULL if nothing is bound.
 */
static int
eth_tph_gather(const struct rte_eth_dev *dev, const struct eth_tph_port *port,
		const uint16_t first[ETH_TPH_DIRS], bool running,
		struct eth_dev_tph_queue **queues, uint16_t *nb)
{
	uint16_t q, n = 0;
	int dir;

	for (dir = 0; dir < ETH_TPH_DIRS; dir++)
		for (q = first[dir]; q < RTE_MAX_QUEUES_PER_PORT; q++)
			n += port->bindings[dir][q].status != RTE_ETH_TPH_UNBOUND;
	*nb = 0;
	*queues = NULL;
	if (n == 0)
		return 0;

	*queues = calloc(n, sizeof(**queues));
	if (*queues == NULL)
		return -ENOMEM;

	for (dir = 0; dir < ETH_TPH_DIRS; dir++) {
		for (q = first[dir]; q < RTE_MAX_QUEUES_PER_PORT; q++) {
			if (port->bindings[dir][q].status == RTE_ETH_TPH_UNBOUND)
				continue;
			if (running && !eth_tph_queue_runs(dev, dir, q))
				continue;
			eth_tph_queue_fill(port, dir, q, &(*queues)[*nb]);
			(*nb)++;
		}
	}
	return 0;
}

/* Unbind queues one by one, after they failed as a batch. */
static void
eth_tph_unbind_each(struct rte_eth_dev *dev, struct eth_dev_tph_queue *queues, uint16_t nb)
{
	uint16_t i;

	for (i = 0; nb > 1 && i < nb; i++) {
		queues[i].quiet = false;
		(void)dev->dev_ops->tph_ops->apply(dev, &queues[i], 1);
	}
}

int
eth_tph_unbind_from(struct rte_eth_dev *dev, struct eth_tph_port *port,
		const uint16_t first[ETH_TPH_DIRS])
{
	struct eth_dev_tph_queue *queues;
	uint16_t i, nb;
	int ret;

	ret = eth_tph_gather(dev, port, first, false, &queues, &nb);
	if (ret != 0)
		return ret;
	for (i = 0; i < nb; i++) {
		queues[i].objects = 0;
		queues[i].quiet = nb > 1;
	}
	if (nb != 0)
		ret = dev->dev_ops->tph_ops->apply(dev, queues, nb);
	if (ret != 0) {
		ETH_TPH_LOG(WARNING, "port %u: cannot unbind queues: %s",
			dev->data->port_id, rte_strerror(-ret));
		eth_tph_unbind_each(dev, queues, nb);
	}

	for (i = 0; i < nb; i++)
		eth_tph_binding_set(port, queues[i].dir, queues[i].queue_id, NULL);
	free(queues);
	return ret;
}

void
eth_dev_tph_configured(struct rte_eth_dev *dev)
{
	const uint16_t first[ETH_TPH_DIRS] = {
		[RTE_ETH_TPH_RX] = dev->data->nb_rx_queues,
		[RTE_ETH_TPH_TX] = dev->data->nb_tx_queues,
	};
	struct eth_tph_port *port = eth_tph_port_find(dev->data->port_id);

	if (port != NULL)
		(void)eth_tph_unbind_from(dev, port, first);
}

/* Record what came of putting back the binding of a queue. */
static void
eth_tph_restored(const struct rte_eth_dev *dev, struct eth_tph_port *port,
		const struct eth_dev_tph_queue *queue, int ret)
{
	eth_tph_status_set(port, queue->dir, queue->queue_id,
		ret == 0 ? RTE_ETH_TPH_APPLIED : RTE_ETH_TPH_FAILED, ret);
	if (ret != 0)
		ETH_TPH_LOG(WARNING, "port %u %s queue %u: cannot restore binding to lcore %u: %s",
			dev->data->port_id, eth_tph_dir_name(queue->dir), queue->queue_id,
			queue->lcore_id, rte_strerror(-ret));
}

static void
eth_tph_restore(struct rte_eth_dev *dev, struct eth_tph_port *port,
		struct eth_dev_tph_queue *queues, uint16_t nb)
{
	const struct eth_dev_tph_ops *ops = dev->dev_ops->tph_ops;
	uint16_t i;
	int ret;

	/* The hardware was or may have been reset, whatever was recorded. */
	for (i = 0; i < nb; i++) {
		queues[i].old_objects = 0;
		queues[i].old_st = 0;
		queues[i].quiet = nb > 1;
	}

	ret = ops->apply(dev, queues, nb);
	for (i = 0; i < nb; i++) {
		/* After they failed as a batch, they are tried one by one. */
		queues[i].quiet = false;
		if (ret != 0 && nb > 1)
			eth_tph_restored(dev, port, &queues[i], ops->apply(dev, &queues[i], 1));
		else
			eth_tph_restored(dev, port, &queues[i], ret);
	}
}

void
eth_dev_tph_started(struct rte_eth_dev *dev)
{
	const uint16_t first[ETH_TPH_DIRS] = { 0, 0 };
	struct eth_tph_port *port = eth_tph_port_find(dev->data->port_id);
	struct eth_dev_tph_queue *queues;
	uint16_t nb;

	if (port == NULL)
		return;
	if (eth_tph_gather(dev, port, first, true, &queues, &nb) != 0) {
		ETH_TPH_LOG(ERR, "port %u: no memory to restore bindings", dev->data->port_id);
		return;
	}
	if (nb != 0)
		eth_tph_restore(dev, port, queues, nb);
	free(queues);
}

void
eth_dev_tph_stopped(struct rte_eth_dev *dev)
{
	struct eth_tph_port *port = eth_tph_port_find(dev->data->port_id);
	uint16_t q;
	int dir;

	if (port == NULL || dev->data->dev_started)
		return;
	for (dir = 0; dir < ETH_TPH_DIRS; dir++)
		for (q = 0; q < RTE_MAX_QUEUES_PER_PORT; q++)
			if (port->bindings[dir][q].status != RTE_ETH_TPH_UNBOUND)
				eth_tph_status_set(port, dir, q, RTE_ETH_TPH_PENDING, 0);
}

int
eth_dev_tph_queue_started(struct rte_eth_dev *dev, enum rte_eth_tph_dir dir, uint16_t queue_id,
		int ret)
{
	struct eth_tph_port *port = eth_tph_port_find(dev->data->port_id);
	struct eth_dev_tph_queue queue;

	if (ret != 0 || port == NULL ||
	    port->bindings[dir][queue_id].status == RTE_ETH_TPH_UNBOUND)
		return ret;

	eth_tph_queue_fill(port, dir, queue_id, &queue);
	eth_tph_restore(dev, port, &queue, 1);
	return 0;
}

void
eth_dev_tph_released(struct rte_eth_dev *dev)
{
	const uint16_t first[ETH_TPH_DIRS] = { 0, 0 };
	struct eth_tph_port *port;

	if (rte_eal_process_type() != RTE_PROC_PRIMARY)
		return;
	port = eth_tph_port_find(dev->data->port_id);
	if (port == NULL)
		return;

	/* A driver that is done with the port already has no operations. */
	if (dev->dev_ops != NULL && dev->dev_ops->tph_ops != NULL) {
		(void)eth_tph_unbind_from(dev, port, first);
		(void)dev->dev_ops->tph_ops->disable(dev);
	}
	eth_tph_port_free(dev->data->port_id);
}
