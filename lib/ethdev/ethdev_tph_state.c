/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_memzone.h>

#include "ethdev_driver.h"
#include "ethdev_tph_state.h"

#define ETH_TPH_MEMZONE "rte_eth_dev_tph"

RTE_LOG_REGISTER_SUFFIX(eth_tph_logtype, tph, NOTICE);

/* One pointer per port, in memory that all processes share. */
static struct eth_tph_port **
eth_tph_ports_find(void)
{
	static struct eth_tph_port **ports;
	const struct rte_memzone *mz;

	if (ports == NULL) {
		mz = rte_memzone_lookup(ETH_TPH_MEMZONE);
		if (mz != NULL)
			ports = mz->addr;
	}
	return ports;
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
	struct eth_tph_port **ports = eth_tph_ports_find();

	return ports == NULL ? NULL : ports[port_id];
}

struct eth_tph_port *
eth_tph_port_create(uint16_t port_id)
{
	struct eth_tph_port **ports = eth_tph_ports_find();
	const struct rte_memzone *mz;

	if (ports == NULL) {
		mz = rte_memzone_reserve(ETH_TPH_MEMZONE, sizeof(*ports) * RTE_MAX_ETHPORTS,
				SOCKET_ID_ANY, 0);
		if (mz == NULL)
			return NULL;
		ports = mz->addr;
		memset(ports, 0, sizeof(*ports) * RTE_MAX_ETHPORTS);
	}

	ports[port_id] = rte_zmalloc("eth_tph_port", sizeof(**ports), 0);
	return ports[port_id];
}

void
eth_tph_port_free(uint16_t port_id)
{
	struct eth_tph_port **ports = eth_tph_ports_find();
	struct eth_tph_port *port;

	if (ports == NULL)
		return;
	port = ports[port_id];
	ports[port_id] = NULL;
	rte_free(port);
}

void
eth_tph_queue_fill(const struct eth_tph_port *port, enum rte_eth_tph_dir dir, uint16_t queue_id,
		struct eth_dev_tph_queue *queue)
{
	const struct eth_tph_binding *binding = &port->bindings[dir][queue_id];

	memset(queue, 0, sizeof(*queue));
	queue->dir = dir;
	queue->queue_id = queue_id;
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

int
eth_tph_unbind_from(struct rte_eth_dev *dev, struct eth_tph_port *port,
		const uint16_t first[ETH_TPH_DIRS])
{
	struct eth_dev_tph_queue *queues;
	struct eth_tph_binding *binding;
	uint16_t i, nb;
	int ret;

	ret = eth_tph_gather(dev, port, first, false, &queues, &nb);
	if (ret != 0)
		return ret;
	for (i = 0; i < nb; i++)
		queues[i].objects = 0;
	if (nb != 0)
		ret = dev->dev_ops->tph_ops->apply(dev, queues, nb);

	for (i = 0; i < nb; i++) {
		binding = &port->bindings[queues[i].dir][queues[i].queue_id];
		memset(binding, 0, sizeof(*binding));
	}
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
	int ret;

	if (port == NULL)
		return;
	ret = eth_tph_unbind_from(dev, port, first);
	if (ret != 0)
		ETH_TPH_LOG(WARNING, "port %u: cannot unbind removed queues: %s",
			dev->data->port_id, rte_strerror(-ret));
}

/* Give queues to the driver one by one, after they failed as a batch. */
static void
eth_tph_restore_each(struct rte_eth_dev *dev, struct eth_tph_port *port,
		const struct eth_dev_tph_queue *queues, uint16_t nb)
{
	struct eth_tph_binding *binding;
	uint16_t i;
	int ret;

	for (i = 0; i < nb; i++) {
		binding = &port->bindings[queues[i].dir][queues[i].queue_id];
		ret = dev->dev_ops->tph_ops->apply(dev, &queues[i], 1);
		binding->status = ret == 0 ? RTE_ETH_TPH_APPLIED : RTE_ETH_TPH_FAILED;
		binding->error = ret;
		if (ret != 0)
			ETH_TPH_LOG(WARNING, "port %u %s queue %u: cannot restore binding to lcore %u: %s",
				dev->data->port_id, eth_tph_dir_name(queues[i].dir),
				queues[i].queue_id, binding->lcore_id,
				rte_strerror(-ret));
	}
}

static void
eth_tph_restore(struct rte_eth_dev *dev, struct eth_tph_port *port,
		struct eth_dev_tph_queue *queues, uint16_t nb)
{
	struct eth_tph_binding *binding;
	uint16_t i;

	/* The hardware was reset: it hints nothing, whatever was recorded. */
	for (i = 0; i < nb; i++) {
		queues[i].old_objects = 0;
		queues[i].old_st = 0;
	}

	if (dev->dev_ops->tph_ops->apply(dev, queues, nb) != 0) {
		eth_tph_restore_each(dev, port, queues, nb);
		return;
	}
	for (i = 0; i < nb; i++) {
		binding = &port->bindings[queues[i].dir][queues[i].queue_id];
		binding->status = RTE_ETH_TPH_APPLIED;
		binding->error = 0;
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
	struct eth_tph_binding *binding;
	uint16_t q;
	int dir;

	if (port == NULL)
		return;
	for (dir = 0; dir < ETH_TPH_DIRS; dir++) {
		for (q = 0; q < RTE_MAX_QUEUES_PER_PORT; q++) {
			binding = &port->bindings[dir][q];
			if (binding->status == RTE_ETH_TPH_UNBOUND)
				continue;
			binding->status = RTE_ETH_TPH_PENDING;
			binding->error = 0;
		}
	}
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
