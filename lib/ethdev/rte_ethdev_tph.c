/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <string.h>

#include <eal_export.h>
#include <rte_eal.h>

#include "rte_ethdev.h"
#include "ethdev_driver.h"
#include "ethdev_private.h"
#include "ethdev_tph_bind.h"
#include "ethdev_tph_follow.h"
#include "ethdev_tph_push.h"
#include "ethdev_tph_target.h"
#include "ethdev_tph_trace.h"

static int
eth_tph_primary_check(uint16_t port_id)
{
	if (rte_eal_process_type() == RTE_PROC_PRIMARY)
		return 0;
	ETH_TPH_LOG(ERR, "port %u: only the primary process may change TPH", port_id);
	return -EPERM;
}

/*
 * Keep other threads from changing TPH of a port, in the primary process.
 * Returns 0 with the port locked, or the reason why it may not be changed now.
 */
static int
eth_tph_setter_begin(uint16_t port_id)
{
	int ret;

	ret = eth_tph_primary_check(port_id);
	if (ret != 0)
		return ret;
	if (!eth_tph_lock_valid(port_id))
		return -ENODEV;

	if (eth_tph_is_closing(port_id)) {
		ETH_TPH_LOG(INFO, "port %u: is being closed", port_id);
		ret = -ENODEV;
	} else if (rte_eth_devices[port_id].dev_ops->tph_ops == NULL) {
		ret = -ENOTSUP;
	} else if (eth_tph_in_transition(port_id)) {
		ETH_TPH_LOG(INFO, "port %u: is being started, stopped or the like: try again",
			port_id);
		ret = -EAGAIN;
	}
	if (ret != 0)
		eth_tph_unlock(port_id);
	return ret;
}

static int
eth_tph_setter_end(uint16_t port_id, int ret)
{
	eth_tph_unlock(port_id);
	return eth_err(port_id, ret);
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

RTE_EXPORT_EXPERIMENTAL_SYMBOL(rte_eth_dev_tph_info_get, 26.11)
int
rte_eth_dev_tph_info_get(uint16_t port_id, struct rte_eth_tph_info *info)
{
	int ret = eth_tph_info_get(port_id, info);

	rte_eth_trace_tph_info_get(port_id, ret);
	return ret;
}

static int
eth_tph_conf_refuse(uint16_t port_id, const char *why)
{
	ETH_TPH_LOG(ERR, "port %u: %s", port_id, why);
	return -EINVAL;
}

static int
eth_tph_mode_check(uint16_t port_id, const struct rte_eth_tph_conf *conf)
{
	if (conf == NULL)
		return eth_tph_conf_refuse(port_id, "conf is NULL");
	if (conf->reserved32 != 0 || conf->reserved[0] != 0 || conf->reserved[1] != 0)
		return eth_tph_conf_refuse(port_id, "a reserved field of conf is not 0");
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

/* The state of a port on which TPH is enabled, NULL if it is not. */
static struct eth_tph_port *
eth_tph_port_enabled(uint16_t port_id)
{
	struct eth_tph_port *port = eth_tph_port_find(port_id);

	return port == NULL || port->info.mode == RTE_TPH_MODE_AUTO ? NULL : port;
}

/* Enable TPH on a port where it is disabled. */
static int
eth_tph_port_enable(struct rte_eth_dev *dev, enum rte_tph_mode mode)
{
	struct eth_tph_port *port = eth_tph_port_make(dev->data->port_id);
	struct rte_eth_tph_info info;
	int ret;

	if (port == NULL)
		return -ENOMEM;
	/* Or tags that are left would be used at once. */
	ret = eth_tph_clean(dev, port);
	if (ret != 0)
		return ret;
	memset(&info, 0, sizeof(info));
	ret = dev->dev_ops->tph_ops->enable(dev, mode, &info);
	if (ret == 0)
		eth_tph_info_set(port, &info);
	return ret;
}

static int
eth_tph_enable_locked(struct rte_eth_dev *dev, enum rte_tph_mode mode)
{
	const struct eth_tph_port *port = eth_tph_port_enabled(dev->data->port_id);

	if (port == NULL)
		return eth_tph_port_enable(dev, mode);
	eth_tph_follow_enabled(dev->data->port_id);
	if (mode == RTE_TPH_MODE_AUTO || mode == port->info.mode)
		return 0;
	ETH_TPH_LOG(ERR, "port %u: another TPH mode is enabled, disable it first",
		dev->data->port_id);
	return -EBUSY;
}

static int
eth_tph_enable(uint16_t port_id, const struct rte_eth_tph_conf *conf)
{
	int ret;

	RTE_ETH_VALID_PORTID_OR_ERR_RET(port_id, -ENODEV);

	ret = eth_tph_mode_check(port_id, conf);
	if (ret == 0)
		ret = eth_tph_setter_begin(port_id);
	if (ret != 0)
		return ret;
	return eth_tph_setter_end(port_id,
			eth_tph_enable_locked(&rte_eth_devices[port_id], conf->mode));
}

RTE_EXPORT_EXPERIMENTAL_SYMBOL(rte_eth_dev_tph_enable, 26.11)
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
	struct eth_tph_port *port;
	int ret;

	RTE_ETH_VALID_PORTID_OR_ERR_RET(port_id, -ENODEV);

	ret = eth_tph_setter_begin(port_id);
	if (ret != 0)
		return ret;
	port = eth_tph_port_enabled(port_id);
	if (port != NULL) {
		eth_tph_follow_end(&rte_eth_devices[port_id], port);
		ret = eth_tph_shut_down(&rte_eth_devices[port_id], port);
	}
	return eth_tph_setter_end(port_id, ret);
}

RTE_EXPORT_EXPERIMENTAL_SYMBOL(rte_eth_dev_tph_disable, 26.11)
int
rte_eth_dev_tph_disable(uint16_t port_id)
{
	int ret = eth_tph_disable(port_id);

	rte_eth_trace_tph_disable(port_id, ret);
	return ret;
}

static int
eth_tph_queue_bind(uint16_t port_id, const struct rte_eth_tph_queue_conf *confs,
		uint16_t nb_confs)
{
	struct eth_tph_port *port;
	uint16_t i;
	int ret;

	RTE_ETH_VALID_PORTID_OR_ERR_RET(port_id, -ENODEV);

	if (confs == NULL || nb_confs == 0) {
		ETH_TPH_LOG(ERR, "port %u: no bindings", port_id);
		return -EINVAL;
	}
	for (i = 0; i < nb_confs; i++) {
		ret = eth_tph_conf_check(port_id, &confs[i]);
		if (ret != 0)
			return ret;
	}
	ret = eth_tph_setter_begin(port_id);
	if (ret != 0)
		return ret;

	port = eth_tph_port_enabled(port_id);
	if (port == NULL) {
		ETH_TPH_LOG(ERR, "port %u: TPH is not enabled", port_id);
		ret = -EINVAL;
	} else {
		ret = eth_tph_bind(&rte_eth_devices[port_id], port, confs, nb_confs, false);
	}
	return eth_tph_setter_end(port_id, ret);
}

RTE_EXPORT_EXPERIMENTAL_SYMBOL(rte_eth_dev_tph_queue_bind, 26.11)
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
	struct eth_tph_port *port;
	struct rte_eth_dev *dev;
	int ret;

	RTE_ETH_VALID_PORTID_OR_ERR_RET(port_id, -ENODEV);
	dev = &rte_eth_devices[port_id];

	if (dir != RTE_ETH_TPH_RX && dir != RTE_ETH_TPH_TX && dir != RTE_ETH_TPH_RX_TX) {
		ETH_TPH_LOG(ERR, "port %u: unknown direction %u", port_id, (unsigned int)dir);
		return -EINVAL;
	}
	ret = eth_tph_setter_begin(port_id);
	if (ret != 0)
		return ret;

	ret = eth_tph_queue_check(dev, dir, queue_id);
	port = eth_tph_port_find(port_id);
	if (ret != 0)
		ETH_TPH_LOG(ERR, "port %u: no queue %u to unbind", port_id, queue_id);
	else if (port != NULL)
		ret = eth_tph_unbind(dev, port, dir, queue_id);
	return eth_tph_setter_end(port_id, ret);
}

RTE_EXPORT_EXPERIMENTAL_SYMBOL(rte_eth_dev_tph_queue_unbind, 26.11)
int
rte_eth_dev_tph_queue_unbind(uint16_t port_id, enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	int ret = eth_tph_queue_unbind(port_id, dir, queue_id);

	rte_eth_trace_tph_queue_unbind(port_id, dir, queue_id, ret);
	return ret;
}

static void
eth_tph_state_fill(const struct eth_tph_binding *binding, enum rte_eth_tph_status status,
		bool runs, struct rte_eth_tph_queue_state *state)
{
	state->status = status;
	state->error = binding->error;
	if (runs) {
		state->hw_objects = binding->have.objects;
		state->hw_st = binding->have.st;
	}
	if (binding->want.objects == 0)
		return;
	state->target = binding->target;
	state->lcore_id = binding->lcore_id;
	state->cpu_id = binding->cpu_id;
	state->objects = binding->want.objects;
	state->mem = binding->mem;
	state->st = binding->want.st;
	state->st_bits = binding->want.st_bits;
	state->stale = eth_tph_target_is_stale(binding);
}

static int
eth_tph_queue_get(uint16_t port_id, enum rte_eth_tph_dir dir, uint16_t queue_id,
		struct rte_eth_tph_queue_state *state)
{
	struct eth_tph_binding binding;
	enum rte_eth_tph_status status;
	struct rte_eth_tph_info info;
	const struct rte_eth_dev *dev;

	RTE_ETH_VALID_PORTID_OR_ERR_RET(port_id, -ENODEV);
	dev = &rte_eth_devices[port_id];

	if (state == NULL || (dir != RTE_ETH_TPH_RX && dir != RTE_ETH_TPH_TX)) {
		ETH_TPH_LOG(ERR, "port %u: state is NULL or unknown direction %u", port_id,
			(unsigned int)dir);
		return -EINVAL;
	}
	if (dev->dev_ops->tph_ops == NULL)
		return -ENOTSUP;
	if (queue_id >= eth_tph_nb_queues(dev, dir)) {
		/* Who asks may not know that the port is being configured. */
		ETH_TPH_LOG(DEBUG, "port %u: no %s queue %u", port_id, eth_tph_dir_name(dir),
			queue_id);
		return -ERANGE;
	}

	memset(state, 0, sizeof(*state));
	eth_tph_read(port_id, dir, queue_id, &info, &binding);
	status = eth_tph_status(dev, dir, queue_id, &info, &binding);
	state->follow = binding.follow;
	state->follow_error = binding.follow_error;
	state->thread = binding.thread;
	if (status != RTE_ETH_TPH_UNBOUND)
		eth_tph_state_fill(&binding, status,
			info.mode != RTE_TPH_MODE_AUTO && eth_tph_queue_runs(dev, dir, queue_id),
			state);
	return 0;
}

RTE_EXPORT_EXPERIMENTAL_SYMBOL(rte_eth_dev_tph_queue_get, 26.11)
int
rte_eth_dev_tph_queue_get(uint16_t port_id, enum rte_eth_tph_dir dir, uint16_t queue_id,
		struct rte_eth_tph_queue_state *state)
{
	int ret = eth_tph_queue_get(port_id, dir, queue_id, state);

	rte_eth_trace_tph_queue_get(port_id, dir, queue_id, ret);
	return ret;
}

static int
eth_tph_follow_check(uint16_t port_id, const struct rte_eth_tph_follow_conf *conf)
{
	if (conf == NULL)
		return eth_tph_conf_refuse(port_id, "conf is NULL");
	if (conf->reserved32 != 0 || conf->reserved[0] != 0 || conf->reserved[1] != 0)
		return eth_tph_conf_refuse(port_id, "a reserved field of conf is not 0");
	if (conf->mode != RTE_ETH_TPH_FOLLOW_KEEP && conf->mode != RTE_ETH_TPH_FOLLOW_ONCE) {
		ETH_TPH_LOG(ERR, "port %u: unknown mode %u to follow", port_id,
			(unsigned int)conf->mode);
		return -EINVAL;
	}
	if (!eth_tph_objects_known(conf->rx_objects) || !eth_tph_objects_known(conf->tx_objects)) {
		ETH_TPH_LOG(ERR, "port %u: unknown objects %#x or %#x", port_id, conf->rx_objects,
			conf->tx_objects);
		return -EINVAL;
	}
	return 0;
}

static int
eth_tph_follow_locked(struct rte_eth_dev *dev, const struct rte_eth_tph_follow_conf *conf,
		bool lenient)
{
	uint16_t port_id = dev->data->port_id;
	struct eth_tph_port *port = eth_tph_port_enabled(port_id);
	bool enabled = port == NULL;
	int ret;

	if (eth_tph_is_followed(port_id)) {
		ETH_TPH_LOG(ERR, "port %u: is followed already", port_id);
		return -EALREADY;
	}
	if (enabled) {
		ret = eth_tph_port_enable(dev, RTE_TPH_MODE_AUTO);
		if (ret != 0)
			return ret;
		port = eth_tph_port_enabled(port_id);
	}
	ret = eth_tph_follow(dev, port, conf, lenient, enabled);
	if (ret != 0 && enabled)
		(void)eth_tph_shut_down(dev, port);
	return ret;
}

int
eth_tph_follow_port(uint16_t port_id, const struct rte_eth_tph_follow_conf *conf, bool lenient)
{
	int ret;

	RTE_ETH_VALID_PORTID_OR_ERR_RET(port_id, -ENODEV);

	ret = eth_tph_follow_check(port_id, conf);
	if (ret == 0)
		ret = eth_tph_setter_begin(port_id);
	if (ret != 0)
		return ret;
	return eth_tph_setter_end(port_id,
			eth_tph_follow_locked(&rte_eth_devices[port_id], conf, lenient));
}

RTE_EXPORT_EXPERIMENTAL_SYMBOL(rte_eth_dev_tph_follow, 26.11)
int
rte_eth_dev_tph_follow(uint16_t port_id, const struct rte_eth_tph_follow_conf *conf)
{
	int ret = eth_tph_follow_port(port_id, conf, false);

	rte_eth_trace_tph_follow(port_id, conf == NULL ? 0 : conf->mode, ret);
	return ret;
}

static int
eth_tph_dev_unfollow(uint16_t port_id)
{
	int ret;

	RTE_ETH_VALID_PORTID_OR_ERR_RET(port_id, -ENODEV);

	ret = eth_tph_setter_begin(port_id);
	if (ret != 0)
		return ret;
	if (eth_tph_is_followed(port_id))
		ret = eth_tph_unfollow(&rte_eth_devices[port_id], eth_tph_port_find(port_id));
	return eth_tph_setter_end(port_id, ret);
}

RTE_EXPORT_EXPERIMENTAL_SYMBOL(rte_eth_dev_tph_unfollow, 26.11)
int
rte_eth_dev_tph_unfollow(uint16_t port_id)
{
	int ret = eth_tph_dev_unfollow(port_id);

	rte_eth_trace_tph_unfollow(port_id, ret);
	return ret;
}
