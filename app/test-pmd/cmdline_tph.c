/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmdline_parse.h>
#include <cmdline_parse_num.h>
#include <cmdline_parse_string.h>
#include <rte_common.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>

#include "testpmd.h"
#include "tph.h"

/* A number below *limit*, or *other* for the word that stands for it. */
static int
tph_number_parse(const char *text, const char *word, uint32_t other, uint32_t limit,
		uint32_t *number)
{
	unsigned long value;
	char *end;

	if (strcmp(text, word) == 0) {
		*number = other;
		return 0;
	}
	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno != 0 || *text < '0' || *text > '9' || *end != '\0' || value >= limit) {
		fprintf(stderr, "%s: neither a number below %u nor %s: %s\n", text, limit, word,
			rte_strerror(EINVAL));
		return -EINVAL;
	}
	*number = value;
	return 0;
}

/* *** SHOW PORT TPH *** */
struct cmd_show_port_tph_result {
	cmdline_fixed_string_t show;
	cmdline_fixed_string_t port;
	portid_t port_id;
	cmdline_fixed_string_t tph;
};

static void
cmd_show_port_tph_parsed(void *parsed_result, __rte_unused struct cmdline *cl,
		__rte_unused void *data)
{
	struct cmd_show_port_tph_result *res = parsed_result;

	if (port_id_is_invalid(res->port_id, ENABLED_WARN))
		return;
	tph_port_show(res->port_id);
}

static cmdline_parse_token_string_t cmd_show_port_tph_show =
	TOKEN_STRING_INITIALIZER(struct cmd_show_port_tph_result, show, "show");
static cmdline_parse_token_string_t cmd_show_port_tph_port =
	TOKEN_STRING_INITIALIZER(struct cmd_show_port_tph_result, port, "port");
static cmdline_parse_token_num_t cmd_show_port_tph_port_id =
	TOKEN_NUM_INITIALIZER(struct cmd_show_port_tph_result, port_id, RTE_UINT16);
static cmdline_parse_token_string_t cmd_show_port_tph_tph =
	TOKEN_STRING_INITIALIZER(struct cmd_show_port_tph_result, tph, "tph");

static cmdline_parse_inst_t cmd_show_port_tph = {
	.f = cmd_show_port_tph_parsed,
	.data = NULL,
	.help_str = "show port <port_id> tph: Show TPH and what queues are bound to",
	.tokens = {
		(void *)&cmd_show_port_tph_show,
		(void *)&cmd_show_port_tph_port,
		(void *)&cmd_show_port_tph_port_id,
		(void *)&cmd_show_port_tph_tph,
		NULL,
	},
};

/* *** PORT TPH ENABLE AND DISABLE *** */
struct cmd_port_tph_switch_result {
	cmdline_fixed_string_t port;
	cmdline_fixed_string_t tph;
	portid_t port_id;
	cmdline_fixed_string_t verb;
	cmdline_fixed_string_t mode;
};

static void
cmd_port_tph_enable_parsed(void *parsed_result, __rte_unused struct cmdline *cl, void *data)
{
	struct cmd_port_tph_switch_result *res = parsed_result;
	enum rte_tph_mode mode = RTE_TPH_MODE_AUTO;
	bool has_mode = data != NULL;

	if (port_id_is_invalid(res->port_id, ENABLED_WARN))
		return;
	if (has_mode && strcmp(res->mode, "iv") == 0)
		mode = RTE_TPH_MODE_IV;
	else if (has_mode && strcmp(res->mode, "ds") == 0)
		mode = RTE_TPH_MODE_DS;
	(void)tph_port_enable(res->port_id, mode);
}

static void
cmd_port_tph_disable_parsed(void *parsed_result, __rte_unused struct cmdline *cl,
		__rte_unused void *data)
{
	struct cmd_port_tph_switch_result *res = parsed_result;
	int ret;

	if (port_id_is_invalid(res->port_id, ENABLED_WARN))
		return;
	ret = rte_eth_dev_tph_disable(res->port_id);
	if (ret != 0)
		fprintf(stderr, "Port %u: cannot disable TPH: %s\n", res->port_id,
			rte_strerror(-ret));
}

static cmdline_parse_token_string_t cmd_port_tph_switch_port =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_switch_result, port, "port");
static cmdline_parse_token_string_t cmd_port_tph_switch_tph =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_switch_result, tph, "tph");
static cmdline_parse_token_num_t cmd_port_tph_switch_port_id =
	TOKEN_NUM_INITIALIZER(struct cmd_port_tph_switch_result, port_id, RTE_UINT16);
static cmdline_parse_token_string_t cmd_port_tph_switch_enable =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_switch_result, verb, "enable");
static cmdline_parse_token_string_t cmd_port_tph_switch_disable =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_switch_result, verb, "disable");
static cmdline_parse_token_string_t cmd_port_tph_switch_mode =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_switch_result, mode, "auto#iv#ds");

static cmdline_parse_inst_t cmd_port_tph_enable = {
	.f = cmd_port_tph_enable_parsed,
	.data = NULL,
	.help_str = "port tph <port_id> enable: Enable TPH in the best mode",
	.tokens = {
		(void *)&cmd_port_tph_switch_port,
		(void *)&cmd_port_tph_switch_tph,
		(void *)&cmd_port_tph_switch_port_id,
		(void *)&cmd_port_tph_switch_enable,
		NULL,
	},
};

static cmdline_parse_inst_t cmd_port_tph_enable_mode = {
	.f = cmd_port_tph_enable_parsed,
	.data = (void *)1,
	.help_str = "port tph <port_id> enable auto|iv|ds: Enable TPH in a mode",
	.tokens = {
		(void *)&cmd_port_tph_switch_port,
		(void *)&cmd_port_tph_switch_tph,
		(void *)&cmd_port_tph_switch_port_id,
		(void *)&cmd_port_tph_switch_enable,
		(void *)&cmd_port_tph_switch_mode,
		NULL,
	},
};

static cmdline_parse_inst_t cmd_port_tph_disable = {
	.f = cmd_port_tph_disable_parsed,
	.data = NULL,
	.help_str = "port tph <port_id> disable: Unbind all queues and disable TPH",
	.tokens = {
		(void *)&cmd_port_tph_switch_port,
		(void *)&cmd_port_tph_switch_tph,
		(void *)&cmd_port_tph_switch_port_id,
		(void *)&cmd_port_tph_switch_disable,
		NULL,
	},
};

/* *** PORT TPH BIND AND UNBIND *** */
struct cmd_port_tph_queue_result {
	cmdline_fixed_string_t port;
	cmdline_fixed_string_t tph;
	portid_t port_id;
	cmdline_fixed_string_t dir;
	cmdline_fixed_string_t queue;
	cmdline_fixed_string_t verb;
	cmdline_fixed_string_t lcore;
	cmdline_fixed_string_t objects[3];
};

static int
cmd_port_tph_queue_parse(const struct cmd_port_tph_queue_result *res, enum rte_eth_tph_dir *dir,
		uint32_t *queue_id)
{
	if (port_id_is_invalid(res->port_id, ENABLED_WARN))
		return -ENODEV;
	*dir = strcmp(res->dir, "rxq") == 0 ? RTE_ETH_TPH_RX : RTE_ETH_TPH_TX;
	return tph_number_parse(res->queue, "all", UINT16_MAX, UINT16_MAX, queue_id);
}

static void
cmd_port_tph_bind_parsed(void *parsed_result, __rte_unused struct cmdline *cl, void *data)
{
	struct cmd_port_tph_queue_result *res = parsed_result;
	uint32_t queue_id, lcore_id, objects = 0;
	uintptr_t nb_objects = (uintptr_t)data;
	enum rte_eth_tph_dir dir;
	uintptr_t i;

	if (cmd_port_tph_queue_parse(res, &dir, &queue_id) != 0)
		return;
	if (tph_number_parse(res->lcore, "auto", LCORE_ID_ANY, LCORE_ID_ANY, &lcore_id) != 0)
		return;
	for (i = 0; i < nb_objects; i++)
		objects |= tph_objects_parse(res->objects[i], ' ');
	if (nb_objects == 0)
		objects = RTE_TPH_OBJECT_ALL;
	(void)tph_port_bind(res->port_id, dir, queue_id, lcore_id, objects);
}

static void
cmd_port_tph_unbind_parsed(void *parsed_result, __rte_unused struct cmdline *cl,
		__rte_unused void *data)
{
	struct cmd_port_tph_queue_result *res = parsed_result;
	enum rte_eth_tph_dir dir;
	uint32_t queue_id;

	if (cmd_port_tph_queue_parse(res, &dir, &queue_id) != 0)
		return;
	(void)tph_port_unbind(res->port_id, dir, queue_id);
}

#define TPH_OBJECTS "all#desc#header#payload"

static cmdline_parse_token_string_t cmd_port_tph_queue_port =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_queue_result, port, "port");
static cmdline_parse_token_string_t cmd_port_tph_queue_tph =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_queue_result, tph, "tph");
static cmdline_parse_token_num_t cmd_port_tph_queue_port_id =
	TOKEN_NUM_INITIALIZER(struct cmd_port_tph_queue_result, port_id, RTE_UINT16);
static cmdline_parse_token_string_t cmd_port_tph_queue_dir =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_queue_result, dir, "rxq#txq");
static cmdline_parse_token_string_t cmd_port_tph_queue_queue =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_queue_result, queue, NULL);
static cmdline_parse_token_string_t cmd_port_tph_queue_bind =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_queue_result, verb, "lcore");
static cmdline_parse_token_string_t cmd_port_tph_queue_unbind =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_queue_result, verb, "unbind");
static cmdline_parse_token_string_t cmd_port_tph_queue_lcore =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_queue_result, lcore, NULL);
static cmdline_parse_token_string_t cmd_port_tph_queue_object0 =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_queue_result, objects[0], TPH_OBJECTS);
static cmdline_parse_token_string_t cmd_port_tph_queue_object1 =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_queue_result, objects[1], TPH_OBJECTS);
static cmdline_parse_token_string_t cmd_port_tph_queue_object2 =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_queue_result, objects[2], TPH_OBJECTS);

#define CMD_PORT_TPH_BIND_HELP \
	"port tph <port_id> rxq|txq <queue_id>|all lcore <lcore_id>|auto"

static cmdline_parse_inst_t cmd_port_tph_bind = {
	.f = cmd_port_tph_bind_parsed,
	.data = (void *)0,
	.help_str = CMD_PORT_TPH_BIND_HELP ": Bind queues to an lcore",
	.tokens = {
		(void *)&cmd_port_tph_queue_port,
		(void *)&cmd_port_tph_queue_tph,
		(void *)&cmd_port_tph_queue_port_id,
		(void *)&cmd_port_tph_queue_dir,
		(void *)&cmd_port_tph_queue_queue,
		(void *)&cmd_port_tph_queue_bind,
		(void *)&cmd_port_tph_queue_lcore,
		NULL,
	},
};

static cmdline_parse_inst_t cmd_port_tph_bind_1 = {
	.f = cmd_port_tph_bind_parsed,
	.data = (void *)1,
	.help_str = CMD_PORT_TPH_BIND_HELP " <object>: Bind queues to an lcore",
	.tokens = {
		(void *)&cmd_port_tph_queue_port,
		(void *)&cmd_port_tph_queue_tph,
		(void *)&cmd_port_tph_queue_port_id,
		(void *)&cmd_port_tph_queue_dir,
		(void *)&cmd_port_tph_queue_queue,
		(void *)&cmd_port_tph_queue_bind,
		(void *)&cmd_port_tph_queue_lcore,
		(void *)&cmd_port_tph_queue_object0,
		NULL,
	},
};

static cmdline_parse_inst_t cmd_port_tph_bind_2 = {
	.f = cmd_port_tph_bind_parsed,
	.data = (void *)2,
	.help_str = CMD_PORT_TPH_BIND_HELP " <object> <object>: Bind queues to an lcore",
	.tokens = {
		(void *)&cmd_port_tph_queue_port,
		(void *)&cmd_port_tph_queue_tph,
		(void *)&cmd_port_tph_queue_port_id,
		(void *)&cmd_port_tph_queue_dir,
		(void *)&cmd_port_tph_queue_queue,
		(void *)&cmd_port_tph_queue_bind,
		(void *)&cmd_port_tph_queue_lcore,
		(void *)&cmd_port_tph_queue_object0,
		(void *)&cmd_port_tph_queue_object1,
		NULL,
	},
};

static cmdline_parse_inst_t cmd_port_tph_bind_3 = {
	.f = cmd_port_tph_bind_parsed,
	.data = (void *)3,
	.help_str = CMD_PORT_TPH_BIND_HELP " <object> <object> <object>: Bind queues to an lcore",
	.tokens = {
		(void *)&cmd_port_tph_queue_port,
		(void *)&cmd_port_tph_queue_tph,
		(void *)&cmd_port_tph_queue_port_id,
		(void *)&cmd_port_tph_queue_dir,
		(void *)&cmd_port_tph_queue_queue,
		(void *)&cmd_port_tph_queue_bind,
		(void *)&cmd_port_tph_queue_lcore,
		(void *)&cmd_port_tph_queue_object0,
		(void *)&cmd_port_tph_queue_object1,
		(void *)&cmd_port_tph_queue_object2,
		NULL,
	},
};

static cmdline_parse_inst_t cmd_port_tph_unbind = {
	.f = cmd_port_tph_unbind_parsed,
	.data = NULL,
	.help_str = "port tph <port_id> rxq|txq <queue_id>|all unbind: Unbind queues",
	.tokens = {
		(void *)&cmd_port_tph_queue_port,
		(void *)&cmd_port_tph_queue_tph,
		(void *)&cmd_port_tph_queue_port_id,
		(void *)&cmd_port_tph_queue_dir,
		(void *)&cmd_port_tph_queue_queue,
		(void *)&cmd_port_tph_queue_unbind,
		NULL,
	},
};

static struct testpmd_driver_commands tph_cmds = {
	.commands = {
		{
			&cmd_show_port_tph,
			"show port (port_id) tph\n"
			"    Show TPH of a port and what its queues are bound to.\n",
		},
		{
			&cmd_port_tph_enable,
			"port tph (port_id) enable [auto|iv|ds]\n"
			"    Enable TPH in a mode: the best one, interrupt vector or device specific.\n",
		},
		{ &cmd_port_tph_enable_mode, "" },
		{
			&cmd_port_tph_disable,
			"port tph (port_id) disable\n"
			"    Unbind all queues and disable TPH.\n",
		},
		{
			&cmd_port_tph_bind,
			"port tph (port_id) (rxq|txq) (queue_id|all) lcore (lcore_id|auto)"
			" [all|desc|header|payload ...]\n"
			"    Bind queues to an lcore; auto is the lcore that polls the queue.\n",
		},
		{ &cmd_port_tph_bind_1, "" },
		{ &cmd_port_tph_bind_2, "" },
		{ &cmd_port_tph_bind_3, "" },
		{
			&cmd_port_tph_unbind,
			"port tph (port_id) (rxq|txq) (queue_id|all) unbind\n"
			"    Unbind queues.\n",
		},
		{ NULL, NULL },
	},
};
TESTPMD_ADD_DRIVER_COMMANDS(tph_cmds)
