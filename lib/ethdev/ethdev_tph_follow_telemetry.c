/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * Following ports by telemetry, for applications that know nothing of it. Other
 * commands only tell; these change something, on behalf of whoever may write to the
 * socket. An error has to be in the answer: telemetry makes null of one returned.
 */

#include <errno.h>
#include <string.h>

#include <rte_common.h>
#include <rte_errno.h>
#include <rte_telemetry.h>

#include "ethdev_driver.h"
#include "ethdev_tph_follow.h"
#include "ethdev_tph_telemetry.h"
#include "rte_ethdev.h"

static const struct eth_tph_name mode_names[] = ETH_TPH_FOLLOW_NAMES;
static const struct eth_tph_name object_names[] = ETH_TPH_OBJECT_NAMES;
static const struct eth_tph_name all_names[] = { { RTE_TPH_OBJECT_ALL, "all" } };

/* What an error means here. */
static const char *
eth_tph_follow_error(int ret)
{
	switch (-ret) {
	case 0:
		return "";
	case ENODEV:
		return "no such port";
	case EINVAL:
		return "bad parameters";
	case EPERM:
		return "this is a secondary process";
	case ENOTSUP:
		return "driver, device, root port or kernel lack TPH, or what was asked for";
	case EALREADY:
		return "the port is followed already";
	case EAGAIN:
		return "the port is being started, stopped or the like: try again";
	case EACCES:
		return "the policy of the kernel forbids it to this process";
	default:
		return rte_strerror(-ret);
	}
}

/* Take a word from the front of *text*, and the comma behind it. */
static bool
eth_tph_word_parse(const char **text, const struct eth_tph_name *names, unsigned int nb,
		uint32_t *value)
{
	size_t len = strcspn(*text, ",");
	unsigned int i;

	for (i = 0; i < nb; i++) {
		if (strlen(names[i].name) != len || strncmp(*text, names[i].name, len) != 0)
			continue;
		*value = names[i].value;
		*text += (*text)[len] == ',' ? len + 1 : len;
		return true;
	}
	return false;
}

/* Parse what follows the port: the mode, and objects, or none of them. */
static int
eth_tph_follow_parse(const char *text, struct rte_eth_tph_follow_conf *conf)
{
	uint32_t value;

	memset(conf, 0, sizeof(*conf));
	if (eth_tph_word_parse(&text, mode_names, RTE_DIM(mode_names), &value))
		conf->mode = value;
	while (eth_tph_word_parse(&text, object_names, RTE_DIM(object_names), &value) ||
	       eth_tph_word_parse(&text, all_names, RTE_DIM(all_names), &value))
		conf->rx_objects |= value;
	conf->tx_objects = conf->rx_objects;
	return *text == '\0' ? 0 : -EINVAL;
}

static int
eth_tph_follow_answer(struct rte_tel_data *d, const uint16_t *port_id, int ret)
{
	rte_tel_data_start_dict(d);
	if (port_id != NULL)
		rte_tel_data_add_dict_int(d, "port_id", *port_id);
	rte_tel_data_add_dict_string(d, "error", eth_tph_follow_error(ret));
	return 0;
}

static int
eth_tph_follow_handle(const char *cmd __rte_unused, const char *params, struct rte_tel_data *d)
{
	struct rte_eth_tph_follow_conf conf;
	uint16_t port_id;
	int ret;

	ret = eth_tph_tel_number_parse(&params, &port_id);
	if (ret != 0)
		return eth_tph_follow_answer(d, NULL, ret);
	ret = eth_tph_follow_parse(params, &conf);
	if (ret == 0)
		ret = eth_tph_follow_port(port_id, &conf, true);
	return eth_tph_follow_answer(d, &port_id, ret);
}

static int
eth_tph_unfollow_handle(const char *cmd __rte_unused, const char *params, struct rte_tel_data *d)
{
	uint16_t port_id;
	int ret;

	ret = eth_tph_tel_number_parse(&params, &port_id);
	if (ret != 0)
		return eth_tph_follow_answer(d, NULL, ret);
	ret = *params == '\0' ? rte_eth_dev_tph_unfollow(port_id) : -EINVAL;
	return eth_tph_follow_answer(d, &port_id, ret);
}

RTE_INIT(eth_tph_follow_telemetry_init)
{
	rte_telemetry_register_cmd("/ethdev/tph_follow", eth_tph_follow_handle,
			"Binds queues to where they are polled. Parameters: int port_id [,once|keep] [,all|desc|header|payload...]");
	rte_telemetry_register_cmd("/ethdev/tph_unfollow", eth_tph_unfollow_handle,
			"Undoes tph_follow. Parameters: int port_id");
}
