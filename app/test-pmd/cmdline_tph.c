/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmdline_parse.h>
#include <cmdline_parse_string.h>
#include <rte_common.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>

#include "testpmd.h"

#include "cmdline_tph.h"
#include "tph.h"

/* A number below *limit*, or *other* for the word that stands for it, if any. */
static int
tph_number_parse(const char *text, const char *word, uint32_t other, uint32_t limit,
		uint32_t *number)
{
	unsigned long value;
	char *end;

	if (word != NULL && strcmp(text, word) == 0) {
		*number = other;
		return 0;
	}
	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno != 0 || *text < '0' || *text > '9' || *end != '\0' || value >= limit) {
		if (word == NULL)
			fprintf(stderr, "%s: no number: %s\n", text, rte_strerror(EINVAL));
		else
			fprintf(stderr, "%s: neither a number below %u nor %s: %s\n", text, limit,
				word, rte_strerror(EINVAL));
		return -EINVAL;
	}
	*number = value;
	return 0;
}

int
tph_port_parse(const char *text, portid_t *port_id)
{
	const uint32_t all = (portid_t)RTE_PORT_ALL;
	uint32_t parsed;

	if (tph_number_parse(text, "all", all, all, &parsed) != 0)
		return -EINVAL;
	*port_id = parsed;
	return parsed != all && port_id_is_invalid(parsed, ENABLED_WARN) ? -ENODEV : 0;
}

bool
tph_port_is_meant(portid_t port_id, portid_t meant)
{
	return meant == port_id || meant == (portid_t)RTE_PORT_ALL;
}

/* *** SHOW PORT TPH *** */
struct cmd_show_port_tph_result {
	cmdline_fixed_string_t show;
	cmdline_fixed_string_t port;
	cmdline_fixed_string_t ports;
	cmdline_fixed_string_t tph;
};

static void
cmd_show_port_tph_parsed(void *parsed_result, __rte_unused struct cmdline *cl,
		__rte_unused void *data)
{
	struct cmd_show_port_tph_result *res = parsed_result;
	portid_t port_id, meant;

	if (tph_port_parse(res->ports, &meant) != 0)
		return;
	RTE_ETH_FOREACH_DEV(port_id)
		if (tph_port_is_meant(port_id, meant))
			tph_port_show(port_id);
}

static cmdline_parse_token_string_t cmd_show_port_tph_show =
	TOKEN_STRING_INITIALIZER(struct cmd_show_port_tph_result, show, "show");
static cmdline_parse_token_string_t cmd_show_port_tph_port =
	TOKEN_STRING_INITIALIZER(struct cmd_show_port_tph_result, port, "port");
static cmdline_parse_token_string_t cmd_show_port_tph_ports =
	TOKEN_STRING_INITIALIZER(struct cmd_show_port_tph_result, ports, NULL);
static cmdline_parse_token_string_t cmd_show_port_tph_tph =
	TOKEN_STRING_INITIALIZER(struct cmd_show_port_tph_result, tph, "tph");

static cmdline_parse_inst_t cmd_show_port_tph = {
	.f = cmd_show_port_tph_parsed,
	.data = NULL,
	.help_str = "show port <port_id>|all tph: Show TPH and what queues are bound to",
	.tokens = {
		(void *)&cmd_show_port_tph_show,
		(void *)&cmd_show_port_tph_port,
		(void *)&cmd_show_port_tph_ports,
		(void *)&cmd_show_port_tph_tph,
		NULL,
	},
};

/* *** PORT CONFIG RX_INTR *** */
struct cmd_port_config_rx_intr_result {
	cmdline_fixed_string_t port;
	cmdline_fixed_string_t config;
	cmdline_fixed_string_t ports;
	cmdline_fixed_string_t item;
	cmdline_fixed_string_t value;
};

static void
cmd_port_config_rx_intr_parsed(void *parsed_result, __rte_unused struct cmdline *cl,
		__rte_unused void *data)
{
	struct cmd_port_config_rx_intr_result *res = parsed_result;
	portid_t port_id, meant;

	if (tph_port_parse(res->ports, &meant) != 0)
		return;
	RTE_ETH_FOREACH_DEV(port_id)
		if (tph_port_is_meant(port_id, meant))
			(void)tph_port_rx_intr_set(port_id, strcmp(res->value, "on") == 0);
}

static cmdline_parse_token_string_t cmd_port_config_rx_intr_port =
	TOKEN_STRING_INITIALIZER(struct cmd_port_config_rx_intr_result, port, "port");
static cmdline_parse_token_string_t cmd_port_config_rx_intr_config =
	TOKEN_STRING_INITIALIZER(struct cmd_port_config_rx_intr_result, config, "config");
static cmdline_parse_token_string_t cmd_port_config_rx_intr_ports =
	TOKEN_STRING_INITIALIZER(struct cmd_port_config_rx_intr_result, ports, NULL);
static cmdline_parse_token_string_t cmd_port_config_rx_intr_item =
	TOKEN_STRING_INITIALIZER(struct cmd_port_config_rx_intr_result, item, "rx_intr");
static cmdline_parse_token_string_t cmd_port_config_rx_intr_value =
	TOKEN_STRING_INITIALIZER(struct cmd_port_config_rx_intr_result, value, "on#off");

static cmdline_parse_inst_t cmd_port_config_rx_intr = {
	.f = cmd_port_config_rx_intr_parsed,
	.data = NULL,
	.help_str = "port config <port_id>|all rx_intr on|off: Interrupt vectors of Rx queues",
	.tokens = {
		(void *)&cmd_port_config_rx_intr_port,
		(void *)&cmd_port_config_rx_intr_config,
		(void *)&cmd_port_config_rx_intr_ports,
		(void *)&cmd_port_config_rx_intr_item,
		(void *)&cmd_port_config_rx_intr_value,
		NULL,
	},
};

/* *** PORT TPH *** */
cmdline_parse_token_string_t cmd_port_tph_port =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_result, port, "port");
cmdline_parse_token_string_t cmd_port_tph_tph =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_result, tph, "tph");
cmdline_parse_token_string_t cmd_port_tph_ports =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_result, ports, NULL);
cmdline_parse_token_string_t cmd_port_tph_objects =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_result, objects, NULL);

void
cmd_port_tph_each(const char *ports, int (*func)(portid_t port_id))
{
	portid_t port_id, meant;

	if (tph_port_parse(ports, &meant) != 0)
		return;
	RTE_ETH_FOREACH_DEV(port_id)
		if (tph_port_is_meant(port_id, meant))
			(void)func(port_id);
}

int
cmd_port_tph_objects_parse(const char *text, uint32_t *objects)
{
	int ret = tph_objects_parse(text, objects);

	if (ret != 0)
		fprintf(stderr, "%s: not a list of all, desc, header and payload\n", text);
	return ret;
}

/* *** PORT TPH ENABLE AND DISABLE *** */
static void
cmd_port_tph_enable_parsed(void *parsed_result, __rte_unused struct cmdline *cl, void *data)
{
	struct cmd_port_tph_result *res = parsed_result;
	enum rte_tph_mode mode = RTE_TPH_MODE_AUTO;
	bool has_mode = data != NULL;
	portid_t port_id, meant;

	if (tph_port_parse(res->ports, &meant) != 0)
		return;
	if (has_mode && strcmp(res->mode, "iv") == 0)
		mode = RTE_TPH_MODE_IV;
	else if (has_mode && strcmp(res->mode, "ds") == 0)
		mode = RTE_TPH_MODE_DS;
	RTE_ETH_FOREACH_DEV(port_id)
		if (tph_port_is_meant(port_id, meant))
			(void)tph_port_enable(port_id, mode);
}

static void
cmd_port_tph_disable_parsed(void *parsed_result, __rte_unused struct cmdline *cl,
		__rte_unused void *data)
{
	struct cmd_port_tph_result *res = parsed_result;

	cmd_port_tph_each(res->ports, tph_port_disable);
}

static cmdline_parse_token_string_t cmd_port_tph_enable_verb =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_result, verb, "enable");
static cmdline_parse_token_string_t cmd_port_tph_disable_verb =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_result, verb, "disable");
static cmdline_parse_token_string_t cmd_port_tph_mode =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_result, mode, "auto#iv#ds");

CMD_PORT_TPH(cmd_port_tph_enable, cmd_port_tph_enable_parsed, NULL,
	"enable: Enable TPH in the best mode",
	(void *)&cmd_port_tph_enable_verb);

CMD_PORT_TPH(cmd_port_tph_enable_mode, cmd_port_tph_enable_parsed, (void *)1,
	"enable auto|iv|ds: Enable TPH in a mode",
	(void *)&cmd_port_tph_enable_verb, (void *)&cmd_port_tph_mode);

CMD_PORT_TPH(cmd_port_tph_disable, cmd_port_tph_disable_parsed, NULL,
	"disable: Unbind all queues and disable TPH",
	(void *)&cmd_port_tph_disable_verb);

/* *** PORT TPH BIND AND UNBIND *** */
static int
cmd_port_tph_queue_parse(const struct cmd_port_tph_result *res, portid_t *meant,
		uint32_t *dirs, uint32_t *queue_id)
{
	*dirs = 0;
	if (strcmp(res->dirs, "txq") != 0)
		*dirs |= TPH_DIR_RX;
	if (strcmp(res->dirs, "rxq") != 0)
		*dirs |= TPH_DIR_TX;
	if (tph_number_parse(res->queue, "all", TPH_QUEUE_ALL, TPH_QUEUE_ALL, queue_id) != 0)
		return -EINVAL;
	return tph_port_parse(res->ports, meant);
}

static int
tph_target_parse(const char *kind, const char *text, struct tph_target *target)
{
	bool cpu = strcmp(kind, "cpu") == 0;
	int ret;

	target->kind = cpu ? RTE_ETH_TPH_TARGET_CPU : RTE_ETH_TPH_TARGET_LCORE;
	ret = tph_number_parse(text, cpu ? NULL : "auto", LCORE_ID_ANY, LCORE_ID_ANY, &target->id);
	if (ret != 0 || cpu || target->id == LCORE_ID_ANY ||
	    rte_eal_lcore_role(target->id) != ROLE_OFF)
		return ret;
	fprintf(stderr, "no lcore %u here: EAL options -l and --lcores say which there are\n",
		target->id);
	return -ENOENT;
}

static void
cmd_port_tph_bind_parsed(void *parsed_result, __rte_unused struct cmdline *cl, void *data)
{
	uint32_t dirs, queue_id, objects = TPH_OBJECTS_DEFAULT;
	struct cmd_port_tph_result *res = parsed_result;
	bool has_objects = data != NULL;
	struct tph_target target;
	portid_t port_id, meant;

	if (cmd_port_tph_queue_parse(res, &meant, &dirs, &queue_id) != 0)
		return;
	if (tph_target_parse(res->verb, res->target, &target) != 0)
		return;
	if (has_objects && cmd_port_tph_objects_parse(res->objects, &objects) != 0)
		return;
	RTE_ETH_FOREACH_DEV(port_id)
		if (tph_port_is_meant(port_id, meant))
			(void)tph_port_bind(port_id, dirs, queue_id, &target, objects);
}

static void
cmd_port_tph_unbind_parsed(void *parsed_result, __rte_unused struct cmdline *cl,
		__rte_unused void *data)
{
	struct cmd_port_tph_result *res = parsed_result;
	uint32_t dirs, queue_id;
	portid_t port_id, meant;

	if (cmd_port_tph_queue_parse(res, &meant, &dirs, &queue_id) != 0)
		return;
	RTE_ETH_FOREACH_DEV(port_id)
		if (tph_port_is_meant(port_id, meant))
			(void)tph_port_unbind(port_id, dirs, queue_id);
}

static cmdline_parse_token_string_t cmd_port_tph_dirs =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_result, dirs, "rxq#txq#rx+tx");
static cmdline_parse_token_string_t cmd_port_tph_queue =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_result, queue, NULL);
static cmdline_parse_token_string_t cmd_port_tph_bind_verb =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_result, verb, "lcore#cpu");
static cmdline_parse_token_string_t cmd_port_tph_unbind_verb =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_result, verb, "unbind");
static cmdline_parse_token_string_t cmd_port_tph_target =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_result, target, NULL);

#define CMD_PORT_TPH_QUEUE_HELP "rxq|txq|rx+tx <queue_id>|all "

CMD_PORT_TPH(cmd_port_tph_bind, cmd_port_tph_bind_parsed, NULL,
	CMD_PORT_TPH_QUEUE_HELP "lcore|cpu <id>|auto: Bind queues to an lcore or CPU",
	(void *)&cmd_port_tph_dirs, (void *)&cmd_port_tph_queue,
	(void *)&cmd_port_tph_bind_verb, (void *)&cmd_port_tph_target);

CMD_PORT_TPH(cmd_port_tph_bind_objects, cmd_port_tph_bind_parsed, (void *)1,
	CMD_PORT_TPH_QUEUE_HELP "lcore|cpu <id>|auto <object>,...: Bind queues to an lcore or CPU",
	(void *)&cmd_port_tph_dirs, (void *)&cmd_port_tph_queue,
	(void *)&cmd_port_tph_bind_verb, (void *)&cmd_port_tph_target,
	(void *)&cmd_port_tph_objects);

CMD_PORT_TPH(cmd_port_tph_unbind, cmd_port_tph_unbind_parsed, NULL,
	CMD_PORT_TPH_QUEUE_HELP "unbind: Unbind queues",
	(void *)&cmd_port_tph_dirs, (void *)&cmd_port_tph_queue,
	(void *)&cmd_port_tph_unbind_verb);

static struct testpmd_driver_commands tph_cmds = {
	.commands = {
		{
			&cmd_show_port_tph,
			"show port (port_id|all) tph\n"
			"    Show TPH of a port and what its queues are bound to.\n",
		},
		{
			&cmd_port_config_rx_intr,
			"port config (port_id|all) rx_intr (on|off)\n"
			"    Interrupt vectors of Rx queues, which mode iv needs.\n",
		},
		{
			&cmd_port_tph_enable,
			"port tph (port_id|all) enable [auto|iv|ds]\n"
			"    Enable TPH in a mode: the best one, interrupt vector or device specific.\n",
		},
		{ &cmd_port_tph_enable_mode, "" },
		{
			&cmd_port_tph_disable,
			"port tph (port_id|all) disable\n"
			"    Unbind all queues and disable TPH.\n",
		},
		{
			&cmd_port_tph_bind,
			"port tph (port_id|all) (rxq|txq|rx+tx) (queue_id|all) (lcore (lcore_id|auto)|cpu (cpu_id))"
			" [all|desc|header|payload,...]\n"
			"    Bind queues to an lcore or CPU; auto is the lcore that polls the queue.\n",
		},
		{ &cmd_port_tph_bind_objects, "" },
		{
			&cmd_port_tph_unbind,
			"port tph (port_id|all) (rxq|txq|rx+tx) (queue_id|all) unbind\n"
			"    Unbind queues.\n",
		},
		{ NULL, NULL },
	},
};
TESTPMD_ADD_DRIVER_COMMANDS(tph_cmds)
