/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * TPH of ports and queues for telemetry. A thread of its own runs this, beside
 * the control path: ports are kept from being released meanwhile, by a lock
 * that processes share. So answers are from what is kept, no driver or kernel
 * is asked, and nobody who only asks makes errors appear in the log.
 */

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>
#include <rte_errno.h>
#include <rte_telemetry.h>

#include "ethdev_driver.h"
#include "ethdev_tph_compat.h"
#include "ethdev_tph_state.h"
#include "ethdev_tph_telemetry.h"
#include "rte_ethdev.h"

static const struct eth_tph_name mode_names[] = {
	{ RTE_TPH_MODE_IV, "iv" },
	{ RTE_TPH_MODE_DS, "ds" },
};

static const struct eth_tph_name object_names[] = ETH_TPH_OBJECT_NAMES;

static const struct eth_tph_name follow_names[] = ETH_TPH_FOLLOW_NAMES;

static const struct eth_tph_name follow_state_names[] = {
	{ RTE_ETH_TPH_LEARNING, "learning" },
	{ RTE_ETH_TPH_FOLLOWED, "followed" },
	{ RTE_ETH_TPH_SHARED, "shared" },
	{ RTE_ETH_TPH_WANDERING, "wandering" },
	{ RTE_ETH_TPH_EXPLICIT, "explicit" },
	{ RTE_ETH_TPH_UNFOLLOWABLE, "unfollowable" },
};

static const struct eth_tph_name table_names[] = {
	{ RTE_TPH_TABLE_CAP, "capability" },
	{ RTE_TPH_TABLE_MSIX, "msix" },
};

static const struct eth_tph_name mem_names[] = {
	{ RTE_TPH_MEM_VOLATILE, "volatile" },
	{ RTE_TPH_MEM_PERSISTENT, "persistent" },
};

static const struct eth_tph_name status_names[] = {
	{ RTE_ETH_TPH_UNBOUND, "unbound" },
	{ RTE_ETH_TPH_PENDING, "pending" },
	{ RTE_ETH_TPH_APPLIED, "applied" },
	{ RTE_ETH_TPH_FAILED, "failed" },
	{ RTE_ETH_TPH_UNBINDING, "unbinding" },
};

static const struct eth_tph_name when_names[] = {
	{ RTE_ETH_TPH_LIVE, "live" },
	{ RTE_ETH_TPH_QUEUE_START, "queue_start" },
	{ RTE_ETH_TPH_PORT_START, "port_start" },
};

static const struct eth_tph_name target_names[] = {
	{ RTE_ETH_TPH_TARGET_LCORE, "lcore" },
	{ RTE_ETH_TPH_TARGET_CPU, "cpu" },
};

static const char *
eth_tph_name_of(const struct eth_tph_name *names, unsigned int nb, uint32_t value)
{
	unsigned int i;

	for (i = 0; i < nb; i++)
		if (names[i].value == value)
			return names[i].name;
	return "none";
}

/* Add an array of the names of the bits of a mask. */
static int
eth_tph_tel_add_mask(struct rte_tel_data *d, const char *key, const struct eth_tph_name *names,
		unsigned int nb, uint32_t mask)
{
	struct rte_tel_data *array = rte_tel_data_alloc();
	unsigned int i;

	if (array == NULL)
		return -ENOMEM;
	rte_tel_data_start_array(array, RTE_TEL_STRING_VAL);
	for (i = 0; i < nb; i++)
		if ((mask & names[i].value) != 0)
			rte_tel_data_add_array_string(array, names[i].name);
	return rte_tel_data_add_dict_container(d, key, array, 0);
}

/* Add the queues of one direction whose bindings stand at *status*. */
static int
eth_tph_tel_add_queues(struct rte_tel_data *d, const char *key, const struct rte_eth_dev *dev,
		enum rte_eth_tph_dir dir, enum rte_eth_tph_status status)
{
	struct rte_tel_data *array = rte_tel_data_alloc();
	uint16_t q, nb = eth_tph_nb_queues(dev, dir);
	struct eth_tph_binding binding;
	struct rte_eth_tph_info info;

	if (array == NULL)
		return -ENOMEM;
	rte_tel_data_start_array(array, RTE_TEL_INT_VAL);
	for (q = 0; q < nb; q++) {
		eth_tph_read(dev->data->port_id, dir, q, &info, &binding);
		/* There is room for so many queues; the rest is left out. */
		if (eth_tph_status(dev, dir, q, &info, &binding) == status &&
		    rte_tel_data_add_array_int(array, q) != 0)
			break;
	}
	return rte_tel_data_add_dict_container(d, key, array, 0);
}

static int
eth_tph_tel_add_bindings(struct rte_tel_data *d, const struct rte_eth_dev *dev)
{
	static const struct {
		const char *key;
		enum rte_eth_tph_dir dir;
		enum rte_eth_tph_status status;
	} lists[] = {
		{ "rx_applied", RTE_ETH_TPH_RX, RTE_ETH_TPH_APPLIED },
		{ "rx_pending", RTE_ETH_TPH_RX, RTE_ETH_TPH_PENDING },
		{ "rx_failed", RTE_ETH_TPH_RX, RTE_ETH_TPH_FAILED },
		{ "rx_unbinding", RTE_ETH_TPH_RX, RTE_ETH_TPH_UNBINDING },
		{ "tx_applied", RTE_ETH_TPH_TX, RTE_ETH_TPH_APPLIED },
		{ "tx_pending", RTE_ETH_TPH_TX, RTE_ETH_TPH_PENDING },
		{ "tx_failed", RTE_ETH_TPH_TX, RTE_ETH_TPH_FAILED },
		{ "tx_unbinding", RTE_ETH_TPH_TX, RTE_ETH_TPH_UNBINDING },
	};
	unsigned int i;
	int ret = 0;

	for (i = 0; ret == 0 && i < RTE_DIM(lists); i++)
		ret = eth_tph_tel_add_queues(d, lists[i].key, dev, lists[i].dir, lists[i].status);
	return ret;
}

static const char *
eth_tph_tel_follow_mode(uint16_t port_id)
{
	const struct eth_tph_port *port = eth_tph_port_find(port_id);
	uint32_t follow = port == NULL ? 0 : __atomic_load_n(&port->follow, __ATOMIC_RELAXED);

	return follow == 0 ? "none" :
		eth_tph_name_of(follow_names, RTE_DIM(follow_names), follow - 1);
}

static int
eth_tph_tel_port(uint16_t port_id, struct rte_tel_data *d)
{
	struct rte_eth_tph_info info;
	int ret;

	if (rte_eth_devices[port_id].dev_ops->tph_ops == NULL)
		return -ENOTSUP;
	/* Nothing is known of modes and objects while TPH is disabled. */
	eth_tph_read(port_id, RTE_ETH_TPH_RX, 0, &info, NULL);

	rte_tel_data_start_dict(d);
	rte_tel_data_add_dict_int(d, "port_id", port_id);
	ret = eth_tph_tel_add_mask(d, "modes", mode_names, RTE_DIM(mode_names), info.modes);
	if (ret != 0)
		return ret;
	rte_tel_data_add_dict_string(d, "mode",
		eth_tph_name_of(mode_names, RTE_DIM(mode_names), info.mode));
	ret = eth_tph_tel_add_mask(d, "rx_objects", object_names, RTE_DIM(object_names),
			info.rx_objects);
	if (ret != 0)
		return ret;
	ret = eth_tph_tel_add_mask(d, "tx_objects", object_names, RTE_DIM(object_names),
			info.tx_objects);
	if (ret != 0)
		return ret;
	rte_tel_data_add_dict_string(d, "table",
		eth_tph_name_of(table_names, RTE_DIM(table_names), info.table));
	rte_tel_data_add_dict_int(d, "table_size", info.table_size);
	rte_tel_data_add_dict_int(d, "st_bits", info.st_bits);
	rte_tel_data_add_dict_int(d, "platform", info.platform);
	rte_tel_data_add_dict_string(d, "when",
		eth_tph_name_of(when_names, RTE_DIM(when_names), info.when));
	rte_tel_data_add_dict_string(d, "follow", eth_tph_tel_follow_mode(port_id));
	return eth_tph_tel_add_bindings(d, &rte_eth_devices[port_id]);
}

/* Add what a queue is bound to. */
static int
eth_tph_tel_add_target(const struct rte_eth_tph_queue_state *state, struct rte_tel_data *d)
{
	rte_tel_data_add_dict_string(d, "target",
		eth_tph_name_of(target_names, RTE_DIM(target_names), state->target));
	if (state->target == RTE_ETH_TPH_TARGET_LCORE)
		rte_tel_data_add_dict_int(d, "lcore_id", state->lcore_id);
	rte_tel_data_add_dict_int(d, "cpu_id", state->cpu_id);
	rte_tel_data_add_dict_string(d, "mem",
		eth_tph_name_of(mem_names, RTE_DIM(mem_names), state->mem));
	rte_tel_data_add_dict_int(d, "st", state->st);
	rte_tel_data_add_dict_int(d, "st_bits", state->st_bits);
	rte_tel_data_add_dict_int(d, "stale", state->stale);
	return eth_tph_tel_add_mask(d, "objects", object_names, RTE_DIM(object_names),
			state->objects);
}

static void
eth_tph_tel_add_follow(const struct rte_eth_tph_queue_state *state, struct rte_tel_data *d)
{
	rte_tel_data_add_dict_string(d, "follow",
		eth_tph_name_of(follow_state_names, RTE_DIM(follow_state_names), state->follow));
	rte_tel_data_add_dict_string(d, "follow_error",
		state->follow_error == 0 ? "" : rte_strerror(-state->follow_error));
	rte_tel_data_add_dict_int(d, "thread", state->thread);
}

static int
eth_tph_tel_queue(uint16_t port_id, enum rte_eth_tph_dir dir, uint16_t queue_id,
		struct rte_tel_data *d)
{
	struct rte_eth_tph_queue_state state;
	int ret;

	ret = rte_eth_dev_tph_queue_get(port_id, dir, queue_id, &state);
	if (ret != 0)
		return ret;

	rte_tel_data_start_dict(d);
	rte_tel_data_add_dict_int(d, "port_id", port_id);
	rte_tel_data_add_dict_string(d, "dir", dir == RTE_ETH_TPH_RX ? "rx" : "tx");
	rte_tel_data_add_dict_int(d, "queue_id", queue_id);
	rte_tel_data_add_dict_string(d, "status",
		eth_tph_name_of(status_names, RTE_DIM(status_names), state.status));
	if (state.follow != RTE_ETH_TPH_NOT_FOLLOWED)
		eth_tph_tel_add_follow(&state, d);
	if (state.status == RTE_ETH_TPH_UNBOUND)
		return 0;

	rte_tel_data_add_dict_string(d, "error",
		state.error == 0 ? "" : rte_strerror(-state.error));
	if (state.objects != 0) {
		ret = eth_tph_tel_add_target(&state, d);
		if (ret != 0)
			return ret;
	}
	rte_tel_data_add_dict_int(d, "hw_st", state.hw_st);
	return eth_tph_tel_add_mask(d, "hw_objects", object_names, RTE_DIM(object_names),
			state.hw_objects);
}

int
eth_tph_tel_number_parse(const char **text, uint16_t *number)
{
	unsigned long value;
	char *end;

	/* strtoul() takes a sign. */
	if (*text == NULL || !isdigit((unsigned char)**text))
		return -EINVAL;
	errno = 0;
	value = strtoul(*text, &end, 10);
	if (errno != 0 || value > UINT16_MAX || (*end != '\0' && *end != ','))
		return -EINVAL;
	*number = value;
	*text = *end == ',' ? end + 1 : end;
	return 0;
}

static int
eth_tph_tel_dir_parse(const char **text, enum rte_eth_tph_dir *dir)
{
	if (strncmp(*text, "rx,", 3) == 0)
		*dir = RTE_ETH_TPH_RX;
	else if (strncmp(*text, "tx,", 3) == 0)
		*dir = RTE_ETH_TPH_TX;
	else
		return -EINVAL;
	*text += 3;
	return 0;
}

/* Keep ports from being released; false if there is none of this number. */
static bool
eth_tph_tel_port_hold(uint16_t port_id)
{
	rte_spinlock_t *lock = eth_tph_ports_lock();

	if (lock == NULL)
		return false;
	rte_spinlock_lock(lock);
	if (rte_eth_dev_is_valid_port(port_id))
		return true;
	rte_spinlock_unlock(lock);
	return false;
}

static void
eth_tph_tel_port_drop(void)
{
	rte_spinlock_unlock(eth_tph_ports_lock());
}

static int
eth_tph_tel_port_handle(const char *cmd __rte_unused, const char *params,
		struct rte_tel_data *d)
{
	uint16_t port_id;
	int ret;

	ret = eth_tph_tel_number_parse(&params, &port_id);
	if (ret != 0 || *params != '\0' || !eth_tph_tel_port_hold(port_id))
		return -EINVAL;
	ret = eth_tph_tel_port(port_id, d);
	eth_tph_tel_port_drop();
	return ret;
}

static int
eth_tph_tel_queue_handle(const char *cmd __rte_unused, const char *params,
		struct rte_tel_data *d)
{
	uint16_t port_id, queue_id;
	enum rte_eth_tph_dir dir;
	int ret;

	ret = eth_tph_tel_number_parse(&params, &port_id);
	if (ret == 0)
		ret = eth_tph_tel_dir_parse(&params, &dir);
	if (ret == 0)
		ret = eth_tph_tel_number_parse(&params, &queue_id);
	if (ret != 0 || *params != '\0' || !eth_tph_tel_port_hold(port_id))
		return -EINVAL;
	ret = eth_tph_tel_queue(port_id, dir, queue_id, d);
	eth_tph_tel_port_drop();
	return ret;
}

static int
eth_tph_tel_advice_handle(const char *cmd __rte_unused, const char *params,
		struct rte_tel_data *d)
{
	rte_spinlock_t *lock = eth_tph_ports_lock();
	struct rte_eth_tph_advice advice;
	uint16_t cpu_id;
	int ret;

	ret = eth_tph_tel_number_parse(&params, &cpu_id);
	if (ret != 0 || *params != '\0' || lock == NULL)
		return -EINVAL;
	rte_spinlock_lock(lock);
	ret = rte_eth_tph_advice_get(cpu_id, &advice);
	rte_spinlock_unlock(lock);
	if (ret != 0)
		return ret;

	rte_tel_data_start_dict(d);
	rte_tel_data_add_dict_int(d, "cpu_id", cpu_id);
	rte_tel_data_add_dict_int(d, "queues", advice.nb_queues);
	rte_tel_data_add_dict_int(d, "queues_unknown", advice.nb_unknown);
	eth_tph_tel_add_u64(d, "desc_bytes", advice.desc_bytes);
	eth_tph_tel_add_u64(d, "header_bytes", advice.header_bytes);
	eth_tph_tel_add_u64(d, "payload_bytes", advice.payload_bytes);
	eth_tph_tel_add_u64(d, "l2_bytes", advice.l2_bytes);
	rte_tel_data_add_dict_int(d, "l2_cpus", advice.l2_cpus);
	eth_tph_tel_add_u64(d, "l3_bytes", advice.l3_bytes);
	rte_tel_data_add_dict_int(d, "l3_cpus", advice.l3_cpus);
	rte_tel_data_add_dict_int(d, "desc_fit", advice.nb_desc_fit);
	return 0;
}

RTE_INIT(eth_tph_telemetry_init)
{
	rte_telemetry_register_cmd("/ethdev/tph", eth_tph_tel_port_handle,
			"Returns TPH of a port and which queues are bound. Parameters: int port_id");
	rte_telemetry_register_cmd("/ethdev/tph_queue", eth_tph_tel_queue_handle,
			"Returns what a queue is bound to. Parameters: int port_id, rx|tx, int queue_id");
	rte_telemetry_register_cmd("/ethdev/tph_advice", eth_tph_tel_advice_handle,
			"Returns what queues bound to a CPU have in flight. Parameters: int cpu_id");
}
