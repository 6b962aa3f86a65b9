/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <eal_export.h>
#include <rte_eal.h>
#include <rte_lcore.h>

#include "rte_ethdev.h"
#include "ethdev_driver.h"
#include "ethdev_private.h"
#include "ethdev_tph_state.h"
#include "ethdev_tph_trace.h"

#define ETH_TPH_OBJECTS_KNOWN \
	((uint32_t)(RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_HEADER | RTE_TPH_OBJECT_PAYLOAD))

static bool
eth_tph_dir_is_valid(enum rte_eth_tph_dir dir)
{
	return dir == RTE_ETH_TPH_RX || dir == RTE_ETH_TPH_TX;
}

static int
eth_tph_primary_check(uint16_t port_id)
{
	if (rte_eal_process_type() == RTE_PROC_PRIMARY)
		return 0;
	ETH_TPH_LOG(ERR, "port %u: only the primary process may change TPH", port_id);
	return -EPERM;
}

static int
eth_tph_queue_check(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	uint16_t nb = eth_tph_nb_queues(dev, dir);

	if (queue_id < nb)
		return 0;
	ETH_TPH_LOG(ERR, "port %u: no %s queue %u, %u are configured",
		dev->data->port_id, eth_tph_dir_name(dir), queue_id, nb);
	return -ERANGE;
}

static int
eth_tph_info_get(uint16_t port_id, struct rte_eth_tph_info *info)
{
	struct rte_eth_tph_info tmp;
	struct rte_eth_dev *dev;
	int ret;

	RTE_ETH_VALID_PORTID_OR_ERR_RET(port_id, -ENODEV);
	dev = &rte_eth_devices[port_id];

	if (info == NULL) {
		ETH_TPH_LOG(ERR, "port %u: info is NULL", port_id);
		return -EINVAL;
	}
	if (dev->dev_ops->tph_ops == NULL)
		return -ENOTSUP;

	memset(&tmp, 0, sizeof(tmp));
	ret = eth_err(port_id, dev->dev_ops->tph_ops->info_get(dev, &tmp));
	if (ret == 0)
		*info = tmp;
	return ret;
}

RTE_EXPORT_EXPERIMENTAL_SYMBOL(rte_eth_dev_tph_info_get, 22.11)
int
rte_eth_dev_tph_info_get(uint16_t port_id, struct rte_eth_tph_info *info)
{
	int ret = eth_tph_info_get(port_id, info);

	rte_eth_trace_tph_info_get(port_id, ret);
	return ret;
}

static int
eth_tph_conf_check(uint16_t port_id, const struct rte_eth_tph_conf *conf)
{
	if (conf == NULL) {
		ETH_TPH_LOG(ERR, "port %u: conf is NULL", port_id);
		return -EINVAL;
	}
	if (conf->reserved32 != 0 || conf->reserved[0] != 0 || conf->reserved[1] != 0) {
		ETH_TPH_LOG(ERR, "port %u: a reserved field of conf is not 0", port_id);
		return -EINVAL;
	}
	switch (conf->mode) {
	case RTE_TPH_MODE_AUTO:
	case RTE_TPH_MODE_IV:
	case RTE_TPH_MODE_DS:
		return 0;
	default:
		ETH_TPH_LOG(ERR, "port %u: unknown mode %u", port_id, (unsigned int)conf->mode);
		return -EINVAL;
	}
}

/* Enable TPH on a port where it is disabled. */
static int
eth_tph_port_enable(struct rte_eth_dev *dev, enum rte_tph_mode mode)
{
	const struct eth_dev_tph_ops *ops = dev->dev_ops->tph_ops;
	struct rte_eth_tph_info info;
	int ret;

	memset(&info, 0, sizeof(info));
	ret = ops->enable(dev, mode, &info);
	if (ret != 0)
		return ret;
	ret = eth_tph_port_create(dev->data->port_id, &info);
	if (ret != 0)
		(void)ops->disable(dev);
	return ret;
}

static int
eth_tph_enable(uint16_t port_id, const struct rte_eth_tph_conf *conf)
{
	struct eth_tph_port *port;
	struct rte_eth_dev *dev;
	int ret;

	RTE_ETH_VALID_PORTID_OR_ERR_RET(port_id, -ENODEV);
	dev = &rte_eth_devices[port_id];

	ret = eth_tph_conf_check(port_id, conf);
	if (ret != 0)
		return ret;
	ret = eth_tph_primary_check(port_id);
	if (ret != 0)
		return ret;
	if (dev->dev_ops->tph_ops == NULL)
		return -ENOTSUP;

	port = eth_tph_port_find(port_id);
	if (port == NULL)
		return eth_err(port_id, eth_tph_port_enable(dev, conf->mode));

	if (conf->mode == RTE_TPH_MODE_AUTO || conf->mode == port->mode)
		return 0;
	ETH_TPH_LOG(ERR, "port %u: another TPH mode is enabled, disable it first", port_id);
	return -EBUSY;
}

RTE_EXPORT_EXPERIMENTAL_SYMBOL(rte_eth_dev_tph_enable, 22.11)
int
rte_eth_dev_tph_enable(uint16_t port_id, const struct rte_eth_tph_conf *conf)
{
	int ret = eth_tph_enable(port_id, conf);

	rte_eth_trace_tph_enable(port_id, conf == NULL ? 0 : conf->mode, ret);
	return ret;
}

static int
eth_tph_disable(uint16_t port_id)
{
	const uint16_t first[ETH_TPH_DIRS] = { 0, 0 };
	struct eth_tph_port *port;
	struct rte_eth_dev *dev;
	int ret;

	RTE_ETH_VALID_PORTID_OR_ERR_RET(port_id, -ENODEV);
	dev = &rte_eth_devices[port_id];

	ret = eth_tph_primary_check(port_id);
	if (ret != 0)
		return ret;
	if (dev->dev_ops->tph_ops == NULL)
		return -ENOTSUP;
	port = eth_tph_port_find(port_id);
	if (port == NULL)
		return 0;

	/* Once TPH is disabled it is all the same what the queues had. */
	(void)eth_tph_unbind_from(dev, port, first);
	ret = dev->dev_ops->tph_ops->disable(dev);
	eth_tph_port_free(port_id);
	return eth_err(port_id, ret);
}

RTE_EXPORT_EXPERIMENTAL_SYMBOL(rte_eth_dev_tph_disable, 22.11)
int
rte_eth_dev_tph_disable(uint16_t port_id)
{
	int ret = eth_tph_disable(port_id);

	rte_eth_trace_tph_disable(port_id, ret);
	return ret;
}

static int
eth_tph_lcore_cpuset(uint16_t port_id, uint32_t lcore_id, rte_cpuset_t *cpuset)
{
	if (lcore_id == LCORE_ID_ANY) {
		ETH_TPH_LOG(ERR, "port %u: the calling thread is not an lcore, register it first",
			port_id);
		return -ENOENT;
	}
	if (rte_eal_lcore_role(lcore_id) == ROLE_OFF) {
		ETH_TPH_LOG(ERR, "port %u: no lcore %u", port_id, lcore_id);
		return -ENOENT;
	}
	*cpuset = rte_lcore_cpuset(lcore_id);
	if (CPU_COUNT(cpuset) == 0) {
		ETH_TPH_LOG(ERR, "port %u: lcore %u has no CPU", port_id, lcore_id);
		return -ENOENT;
	}
	return 0;
}

/* All that can be said of a binding without knowing the port. */
static int
eth_tph_queue_conf_check(uint16_t port_id, const struct rte_eth_tph_queue_conf *conf)
{
	if (!eth_tph_dir_is_valid(conf->dir)) {
		ETH_TPH_LOG(ERR, "port %u: unknown direction %u", port_id,
			(unsigned int)conf->dir);
		return -EINVAL;
	}
	if (conf->mem != RTE_TPH_MEM_VOLATILE && conf->mem != RTE_TPH_MEM_PERSISTENT) {
		ETH_TPH_LOG(ERR, "port %u: unknown kind of memory %u", port_id,
			(unsigned int)conf->mem);
		return -EINVAL;
	}
	if (conf->reserved16 != 0 || conf->reserved32 != 0 ||
	    conf->reserved[0] != 0 || conf->reserved[1] != 0) {
		ETH_TPH_LOG(ERR, "port %u: a reserved field of a binding is not 0", port_id);
		return -EINVAL;
	}
	if (conf->objects == 0 || (conf->objects != RTE_TPH_OBJECT_ALL &&
			(conf->objects & ~ETH_TPH_OBJECTS_KNOWN) != 0)) {
		ETH_TPH_LOG(ERR, "port %u: no or unknown objects %#x", port_id, conf->objects);
		return -EINVAL;
	}
	return 0;
}

/* Turn a binding that was asked for into what a driver has to know. */
static int
eth_tph_queue_prepare(struct rte_eth_dev *dev, const struct eth_tph_port *port,
		const struct rte_eth_tph_queue_conf *conf, struct eth_dev_tph_queue *queue)
{
	uint16_t port_id = dev->data->port_id;
	uint32_t objects = port->objects[conf->dir];
	int ret;

	ret = eth_tph_queue_check(dev, conf->dir, conf->queue_id);
	if (ret != 0)
		return ret;

	if (conf->objects != RTE_TPH_OBJECT_ALL)
		objects = conf->objects;
	if (objects == 0 || (objects & ~port->objects[conf->dir]) != 0) {
		ETH_TPH_LOG(ERR, "port %u %s queue %u: objects %#x asked for, %#x supported",
			port_id, eth_tph_dir_name(conf->dir), conf->queue_id,
			objects, port->objects[conf->dir]);
		return -ENOTSUP;
	}

	/* For what the hardware has now. */
	eth_tph_queue_fill(port, conf->dir, conf->queue_id, queue);
	queue->objects = objects;
	queue->mem = conf->mem;
	queue->st = 0;
	queue->st_bits = 0;
	queue->lcore_id = conf->lcore_id == LCORE_ID_ANY ? rte_lcore_id() : conf->lcore_id;
	return eth_tph_lcore_cpuset(port_id, queue->lcore_id, &queue->cpuset);
}

/* What one call of rte_eth_dev_tph_queue_bind() works on. */
struct eth_tph_batch {
	struct rte_eth_dev *dev;
	struct eth_tph_port *port;
	/* Distinct queues; those that run come first. */
	struct eth_dev_tph_queue *queues;
	uint16_t nb;
	uint16_t nb_running;
};

/* Gather the distinct queues of a batch. */
static int
eth_tph_batch_prepare(struct eth_tph_batch *batch, const struct rte_eth_tph_queue_conf *confs,
		uint16_t nb_confs)
{
	static const uint16_t none = UINT16_MAX;
	uint16_t place[ETH_TPH_DIRS][RTE_MAX_QUEUES_PER_PORT];
	const struct rte_eth_tph_queue_conf *conf;
	struct eth_dev_tph_queue queue;
	uint16_t i, *at;
	int ret;

	memset(place, 0xff, sizeof(place));
	for (i = 0; i < nb_confs; i++) {
		conf = &confs[i];
		ret = eth_tph_queue_prepare(batch->dev, batch->port, conf, &queue);
		if (ret != 0)
			return ret;

		at = &place[conf->dir][conf->queue_id];
		if (*at == none)
			*at = batch->nb++;
		batch->queues[*at] = queue;
	}
	return 0;
}

/* Move the queues that run to the front. */
static void
eth_tph_batch_sort(struct eth_tph_batch *batch)
{
	struct eth_dev_tph_queue queue;
	uint16_t i, to;

	for (i = 0; i < batch->nb; i++) {
		queue = batch->queues[i];
		if (!eth_tph_queue_runs(batch->dev, queue.dir, queue.queue_id))
			continue;
		to = batch->nb_running++;
		batch->queues[i] = batch->queues[to];
		batch->queues[to] = queue;
	}
}

static void
eth_tph_batch_record(const struct eth_tph_batch *batch)
{
	const struct eth_dev_tph_queue *queue;
	struct eth_tph_binding binding;
	uint16_t i;

	for (i = 0; i < batch->nb; i++) {
		queue = &batch->queues[i];
		binding = (struct eth_tph_binding) {
			.status = i < batch->nb_running ?
				RTE_ETH_TPH_APPLIED : RTE_ETH_TPH_PENDING,
			.lcore_id = queue->lcore_id,
			.objects = queue->objects,
			.mem = queue->mem,
			.st = queue->st,
			.st_bits = queue->st_bits,
			.cpuset = queue->cpuset,
		};
		eth_tph_binding_set(batch->port, queue->dir, queue->queue_id, &binding);
	}
}

static int
eth_tph_batch_bind(struct eth_tph_batch *batch, const struct rte_eth_tph_queue_conf *confs,
		uint16_t nb_confs)
{
	const struct eth_dev_tph_ops *ops = batch->dev->dev_ops->tph_ops;
	int ret;

	ret = eth_tph_batch_prepare(batch, confs, nb_confs);
	if (ret != 0)
		return ret;
	eth_tph_batch_sort(batch);

	ret = ops->resolve(batch->dev, batch->queues, batch->nb);
	if (ret != 0)
		return ret;
	if (batch->nb_running != 0) {
		ret = ops->apply(batch->dev, batch->queues, batch->nb_running);
		if (ret != 0)
			return ret;
	}

	eth_tph_batch_record(batch);
	return 0;
}

static int
eth_tph_queue_bind(uint16_t port_id, const struct rte_eth_tph_queue_conf *confs,
		uint16_t nb_confs)
{
	struct eth_tph_batch batch = { .nb = 0 };
	uint16_t i;
	int ret;

	RTE_ETH_VALID_PORTID_OR_ERR_RET(port_id, -ENODEV);

	if (confs == NULL || nb_confs == 0) {
		ETH_TPH_LOG(ERR, "port %u: no bindings", port_id);
		return -EINVAL;
	}
	for (i = 0; i < nb_confs; i++) {
		ret = eth_tph_queue_conf_check(port_id, &confs[i]);
		if (ret != 0)
			return ret;
	}
	ret = eth_tph_primary_check(port_id);
	if (ret != 0)
		return ret;

	batch.dev = &rte_eth_devices[port_id];
	if (batch.dev->dev_ops->tph_ops == NULL)
		return -ENOTSUP;
	batch.port = eth_tph_port_find(port_id);
	if (batch.port == NULL) {
		ETH_TPH_LOG(ERR, "port %u: TPH is not enabled", port_id);
		return -EINVAL;
	}

	batch.queues = calloc(nb_confs, sizeof(*batch.queues));
	if (batch.queues == NULL)
		return -ENOMEM;
	ret = eth_err(port_id, eth_tph_batch_bind(&batch, confs, nb_confs));
	free(batch.queues);
	return ret;
}

RTE_EXPORT_EXPERIMENTAL_SYMBOL(rte_eth_dev_tph_queue_bind, 22.11)
int
rte_eth_dev_tph_queue_bind(uint16_t port_id, const struct rte_eth_tph_queue_conf *confs,
		uint16_t nb_confs)
{
	int ret = eth_tph_queue_bind(port_id, confs, nb_confs);

	rte_eth_trace_tph_queue_bind(port_id, confs, nb_confs, ret);
	return ret;
}

static int
eth_tph_queue_unbind(uint16_t port_id, enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	struct eth_dev_tph_queue queue;
	struct eth_tph_port *port;
	struct rte_eth_dev *dev;
	int ret;

	RTE_ETH_VALID_PORTID_OR_ERR_RET(port_id, -ENODEV);
	dev = &rte_eth_devices[port_id];

	if (!eth_tph_dir_is_valid(dir)) {
		ETH_TPH_LOG(ERR, "port %u: unknown direction %u", port_id, (unsigned int)dir);
		return -EINVAL;
	}
	ret = eth_tph_primary_check(port_id);
	if (ret != 0)
		return ret;
	if (dev->dev_ops->tph_ops == NULL)
		return -ENOTSUP;
	ret = eth_tph_queue_check(dev, dir, queue_id);
	if (ret != 0)
		return ret;

	port = eth_tph_port_find(port_id);
	if (port == NULL || port->bindings[dir][queue_id].status == RTE_ETH_TPH_UNBOUND)
		return 0;

	eth_tph_queue_fill(port, dir, queue_id, &queue);
	queue.objects = 0;
	ret = eth_err(port_id, dev->dev_ops->tph_ops->apply(dev, &queue, 1));
	if (ret == 0)
		eth_tph_binding_set(port, dir, queue_id, NULL);
	return ret;
}

RTE_EXPORT_EXPERIMENTAL_SYMBOL(rte_eth_dev_tph_queue_unbind, 22.11)
int
rte_eth_dev_tph_queue_unbind(uint16_t port_id, enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	int ret = eth_tph_queue_unbind(port_id, dir, queue_id);

	rte_eth_trace_tph_queue_unbind(port_id, dir, queue_id, ret);
	return ret;
}

static uint32_t
eth_tph_first_cpu(const rte_cpuset_t *cpuset)
{
	uint32_t cpu = 0;

	while (cpu < CPU_SETSIZE - 1 && !CPU_ISSET(cpu, cpuset))
		cpu++;
	return cpu;
}

/* Whether the lcore of a binding runs elsewhere by now. */
static bool
eth_tph_is_stale(const struct eth_tph_binding *binding)
{
	rte_cpuset_t now;

	/* The lcores of the primary are not those of a secondary. */
	if (rte_eal_process_type() != RTE_PROC_PRIMARY)
		return false;
	CPU_ZERO(&now);
	if (rte_eal_lcore_role(binding->lcore_id) != ROLE_OFF)
		now = rte_lcore_cpuset(binding->lcore_id);
	return !CPU_EQUAL(&now, &binding->cpuset);
}

static void
eth_tph_state_fill(const struct eth_tph_binding *binding, struct rte_eth_tph_queue_state *state)
{
	state->status = binding->status;
	state->error = binding->error;
	state->lcore_id = binding->lcore_id;
	state->cpu_id = eth_tph_first_cpu(&binding->cpuset);
	state->objects = binding->objects;
	state->mem = binding->mem;
	state->st = binding->st;
	state->st_bits = binding->st_bits;
	state->stale = eth_tph_is_stale(binding);
}

static int
eth_tph_queue_get(uint16_t port_id, enum rte_eth_tph_dir dir, uint16_t queue_id,
		struct rte_eth_tph_queue_state *state)
{
	struct eth_tph_binding binding;
	const struct rte_eth_dev *dev;
	int ret;

	RTE_ETH_VALID_PORTID_OR_ERR_RET(port_id, -ENODEV);
	dev = &rte_eth_devices[port_id];

	if (state == NULL || !eth_tph_dir_is_valid(dir)) {
		ETH_TPH_LOG(ERR, "port %u: state is NULL or unknown direction %u", port_id,
			(unsigned int)dir);
		return -EINVAL;
	}
	if (dev->dev_ops->tph_ops == NULL)
		return -ENOTSUP;
	ret = eth_tph_queue_check(dev, dir, queue_id);
	if (ret != 0)
		return ret;

	memset(state, 0, sizeof(*state));
	eth_tph_binding_get(dev, dir, queue_id, &binding);
	if (binding.status != RTE_ETH_TPH_UNBOUND)
		eth_tph_state_fill(&binding, state);
	return 0;
}

RTE_EXPORT_EXPERIMENTAL_SYMBOL(rte_eth_dev_tph_queue_get, 22.11)
int
rte_eth_dev_tph_queue_get(uint16_t port_id, enum rte_eth_tph_dir dir, uint16_t queue_id,
		struct rte_eth_tph_queue_state *state)
{
	int ret = eth_tph_queue_get(port_id, dir, queue_id, state);

	rte_eth_trace_tph_queue_get(port_id, dir, queue_id, ret);
	return ret;
}
