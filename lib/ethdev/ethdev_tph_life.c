/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * What becomes of bindings over the life of a port. Hardware comes in two
 * kinds: the one takes a hint at any time, it is pushed; the other takes it
 * while a queue or the port is started, its driver asks for hints (pulls).
 * Of the latter it is recorded what a driver was given, until the start for
 * which it asked has succeeded.
 */

#include <string.h>

#include <eal_export.h>
#include <rte_eal.h>

#include "ethdev_driver.h"
#include "ethdev_tph_follow.h"
#include "ethdev_tph_life.h"
#include "ethdev_tph_push.h"
#include "ethdev_tph_watch.h"

/* The state of a port, locked; NULL and unlocked if there is nothing to keep. */
static struct eth_tph_port *
eth_tph_enter(const struct rte_eth_dev *dev)
{
	struct eth_tph_port *port;

	if (rte_eal_process_type() != RTE_PROC_PRIMARY)
		return NULL;
	eth_tph_lock(dev->data->port_id);
	port = eth_tph_port_find(dev->data->port_id);
	if (port == NULL)
		eth_tph_unlock(dev->data->port_id);
	return port;
}

static void
eth_tph_leave(const struct rte_eth_dev *dev)
{
	eth_tph_unlock(dev->data->port_id);
}

static void
eth_tph_transition(const struct rte_eth_dev *dev, int nb)
{
	if (rte_eal_process_type() != RTE_PROC_PRIMARY)
		return;
	eth_tph_lock(dev->data->port_id);
	eth_tph_transition_add(dev->data->port_id, nb);
	eth_tph_unlock(dev->data->port_id);
}

void
eth_dev_tph_transition_begin(const struct rte_eth_dev *dev)
{
	eth_tph_transition(dev, 1);
}

int
eth_dev_tph_transition_end(const struct rte_eth_dev *dev, int ret)
{
	eth_tph_transition(dev, -1);
	return ret;
}

/* A port that is being closed is not changed any more, unless that came to nothing. */
static void
eth_tph_closing(const struct rte_eth_dev *dev, bool closing)
{
	if (rte_eal_process_type() != RTE_PROC_PRIMARY)
		return;
	eth_tph_lock(dev->data->port_id);
	eth_tph_closing_set(dev->data->port_id, closing);
	eth_tph_unlock(dev->data->port_id);
}

void
eth_dev_tph_configured(struct rte_eth_dev *dev)
{
	const uint16_t first[ETH_TPH_DIRS] = {
		[RTE_ETH_TPH_RX] = dev->data->nb_rx_queues,
		[RTE_ETH_TPH_TX] = dev->data->nb_tx_queues,
	};
	struct eth_tph_port *port;

	eth_tph_closing(dev, false);
	port = eth_tph_enter(dev);
	if (port == NULL)
		return;
	if (port->info.mode != RTE_TPH_MODE_AUTO)
		eth_tph_unbind_from(dev, port, first);
	eth_tph_follow_configured(dev, port);
	eth_tph_leave(dev);
}

/* What a driver was given for a queue that runs is in the hardware now. */
static void
eth_tph_commit(const struct rte_eth_dev *dev, struct eth_tph_port *port,
		enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	struct eth_tph_binding binding = *eth_tph_binding_at(port, dir, queue_id);

	if (binding.is_given == 0 || !eth_tph_queue_runs(dev, dir, queue_id))
		return;
	binding.have = binding.given;
	binding.is_given = 0;
	eth_tph_binding_set(port, dir, queue_id, &binding);
}

static void
eth_tph_commit_all(const struct rte_eth_dev *dev, struct eth_tph_port *port)
{
	uint32_t q;
	int dir;

	for (dir = 0; dir < ETH_TPH_DIRS; dir++)
		ETH_TPH_FOREACH(port, dir, q, 0)
			if (q < eth_tph_nb_queues(dev, dir))
				eth_tph_commit(dev, port, dir, q);
}

void
eth_dev_tph_started(struct rte_eth_dev *dev)
{
	struct eth_tph_port *port;

	eth_tph_closing(dev, false);
	(void)eth_dev_tph_mtu_set(dev, 0);
	port = eth_tph_enter(dev);
	if (port == NULL)
		return;
	eth_tph_follow_started(dev, port);
	eth_tph_leave(dev);
}

int
eth_dev_tph_mtu_set(struct rte_eth_dev *dev, int ret)
{
	struct eth_tph_port *port = eth_tph_enter(dev);

	if (port == NULL)
		return ret;
	if (dev->data->dev_started != 0) {
		/* Where TPH is disabled by now, contexts tell of nothing to hint. */
		if (ret == 0)
			eth_tph_commit_all(dev, port);
		if (port->info.mode != RTE_TPH_MODE_AUTO && !eth_tph_is_pulled(port))
			eth_tph_push_all(dev, port);
	}
	eth_tph_leave(dev);
	return ret;
}

void
eth_dev_tph_stopped(struct rte_eth_dev *dev)
{
	struct eth_tph_port *port = eth_tph_enter(dev);
	struct eth_tph_binding binding;
	uint32_t q;
	int dir;

	if (port == NULL)
		return;
	if (dev->data->dev_started == 0)
		eth_tph_follow_stopped(dev);
	for (dir = 0; dev->data->dev_started == 0 && dir < ETH_TPH_DIRS; dir++) {
		ETH_TPH_FOREACH(port, dir, q, 0) {
			binding = *eth_tph_binding_at(port, dir, q);
			memset(&binding.have, 0, sizeof(binding.have));
			/* A queue that is to be cleared stays so until it starts. */
			if (binding.want.objects != 0)
				binding.error = 0;
			eth_tph_binding_set(port, dir, q, &binding);
		}
	}
	eth_tph_leave(dev);
}

int
eth_dev_tph_queue_started(struct rte_eth_dev *dev, enum rte_eth_tph_dir dir, uint16_t queue_id,
		int ret)
{
	struct eth_tph_port *port = ret == 0 ? eth_tph_enter(dev) : NULL;

	if (port == NULL)
		return ret;
	eth_tph_commit(dev, port, dir, queue_id);
	if (port->info.mode != RTE_TPH_MODE_AUTO && !eth_tph_is_pulled(port))
		eth_tph_push_queue(dev, port, dir, queue_id);
	eth_tph_leave(dev);
	return 0;
}

RTE_EXPORT_INTERNAL_SYMBOL(eth_dev_tph_hint_get)
void
eth_dev_tph_hint_get(struct rte_eth_dev *dev, enum rte_eth_tph_dir dir, uint16_t queue_id,
		struct eth_dev_tph_hint *hint)
{
	struct rte_eth_tph_info info;
	struct eth_tph_binding binding;
	struct eth_tph_port *port;

	port = eth_tph_enter(dev);
	eth_tph_read(dev->data->port_id, dir, queue_id, &info, &binding);
	if (info.mode != RTE_TPH_MODE_DS)
		memset(&binding.want, 0, sizeof(binding.want));
	*hint = (struct eth_dev_tph_hint) {
		.objects = binding.want.objects,
		.st = binding.want.st,
		.st_bits = binding.want.st_bits,
	};
	if (port == NULL)
		return;

	/* A queue that was never bound has no room, and nothing to remember. */
	if (eth_tph_binding_next(port, dir, queue_id) == queue_id) {
		binding.given = binding.want;
		binding.is_given = 1;
		binding.want = eth_tph_binding_at(port, dir, queue_id)->want;
		eth_tph_binding_set(port, dir, queue_id, &binding);
	}
	eth_tph_leave(dev);
}

RTE_EXPORT_INTERNAL_SYMBOL(eth_dev_tph_teardown)
void
eth_dev_tph_teardown(struct rte_eth_dev *dev)
{
	struct eth_tph_port *port;

	eth_tph_closing(dev, true);
	port = eth_tph_enter(dev);
	if (port == NULL)
		return;
	eth_tph_follow_end(dev, port);
	if (port->info.mode != RTE_TPH_MODE_AUTO && dev->dev_ops != NULL &&
	    dev->dev_ops->tph_ops != NULL)
		(void)eth_tph_shut_down(dev, port);
	eth_tph_leave(dev);
}

void
eth_dev_tph_released(struct rte_eth_dev *dev)
{
	struct eth_tph_port *port;

	if (rte_eal_process_type() != RTE_PROC_PRIMARY)
		return;
	eth_tph_lock(dev->data->port_id);
	port = eth_tph_port_find(dev->data->port_id);
	if (port != NULL)
		eth_tph_follow_end(dev, port);
	eth_tph_watch_reclaim(dev->data->port_id);
	eth_tph_port_free(dev->data->port_id);
	eth_tph_unlock(dev->data->port_id);
}
