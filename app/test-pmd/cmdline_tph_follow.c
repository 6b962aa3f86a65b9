/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmdline_parse.h>
#include <cmdline_parse_string.h>
#include <rte_ethdev.h>

#include "testpmd.h"
#include "tph.h"

/* *** PORT TPH FOLLOW AND UNFOLLOW *** */
struct cmd_port_tph_follow_result {
	cmdline_fixed_string_t port;
	cmdline_fixed_string_t tph;
	cmdline_fixed_string_t ports;
	cmdline_fixed_string_t verb;
	cmdline_fixed_string_t mode;
	cmdline_fixed_string_t objects;
};

/* The words that follow the verb: as many as there are tokens. */
enum cmd_port_tph_follow_words {
	TPH_FOLLOW_PLAIN,
	TPH_FOLLOW_MODE,
	TPH_FOLLOW_OBJECTS,
};

static void
cmd_port_tph_follow_parsed(void *parsed_result, __rte_unused struct cmdline *cl, void *data)
{
	enum rte_eth_tph_follow_mode mode = RTE_ETH_TPH_FOLLOW_KEEP;
	struct cmd_port_tph_follow_result *res = parsed_result;
	uintptr_t words = (uintptr_t)data;
	uint32_t objects = TPH_OBJECTS_DEFAULT;
	portid_t port_id, meant;

	if (tph_port_parse(res->ports, &meant) != 0)
		return;
	if (words >= TPH_FOLLOW_MODE && strcmp(res->mode, "once") == 0)
		mode = RTE_ETH_TPH_FOLLOW_ONCE;
	if (words >= TPH_FOLLOW_OBJECTS && tph_objects_parse(res->objects, &objects) != 0) {
		fprintf(stderr, "%s: not a list of all, desc, header and payload\n", res->objects);
		return;
	}
	RTE_ETH_FOREACH_DEV(port_id)
		if (tph_port_is_meant(port_id, meant))
			(void)tph_port_follow(port_id, mode, objects);
}

static void
cmd_port_tph_unfollow_parsed(void *parsed_result, __rte_unused struct cmdline *cl,
		__rte_unused void *data)
{
	struct cmd_port_tph_follow_result *res = parsed_result;
	portid_t port_id, meant;

	if (tph_port_parse(res->ports, &meant) != 0)
		return;
	RTE_ETH_FOREACH_DEV(port_id)
		if (tph_port_is_meant(port_id, meant))
			(void)tph_port_unfollow(port_id);
}

static cmdline_parse_token_string_t cmd_port_tph_follow_port =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_follow_result, port, "port");
static cmdline_parse_token_string_t cmd_port_tph_follow_tph =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_follow_result, tph, "tph");
static cmdline_parse_token_string_t cmd_port_tph_follow_ports =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_follow_result, ports, NULL);
static cmdline_parse_token_string_t cmd_port_tph_follow_follow =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_follow_result, verb, "follow");
static cmdline_parse_token_string_t cmd_port_tph_follow_unfollow =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_follow_result, verb, "unfollow");
static cmdline_parse_token_string_t cmd_port_tph_follow_mode =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_follow_result, mode, "keep#once");
static cmdline_parse_token_string_t cmd_port_tph_follow_objects =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_follow_result, objects, NULL);

#define CMD_PORT_TPH_FOLLOW_HELP ": Have queues bound to where they are polled"

static cmdline_parse_inst_t cmd_port_tph_follow = {
	.f = cmd_port_tph_follow_parsed,
	.data = (void *)TPH_FOLLOW_PLAIN,
	.help_str = "port tph <port_id>|all follow" CMD_PORT_TPH_FOLLOW_HELP,
	.tokens = {
		(void *)&cmd_port_tph_follow_port,
		(void *)&cmd_port_tph_follow_tph,
		(void *)&cmd_port_tph_follow_ports,
		(void *)&cmd_port_tph_follow_follow,
		NULL,
	},
};

static cmdline_parse_inst_t cmd_port_tph_follow_with_mode = {
	.f = cmd_port_tph_follow_parsed,
	.data = (void *)TPH_FOLLOW_MODE,
	.help_str = "port tph <port_id>|all follow keep|once" CMD_PORT_TPH_FOLLOW_HELP,
	.tokens = {
		(void *)&cmd_port_tph_follow_port,
		(void *)&cmd_port_tph_follow_tph,
		(void *)&cmd_port_tph_follow_ports,
		(void *)&cmd_port_tph_follow_follow,
		(void *)&cmd_port_tph_follow_mode,
		NULL,
	},
};

static cmdline_parse_inst_t cmd_port_tph_follow_with_objects = {
	.f = cmd_port_tph_follow_parsed,
	.data = (void *)TPH_FOLLOW_OBJECTS,
	.help_str = "port tph <port_id>|all follow keep|once <object>,..." CMD_PORT_TPH_FOLLOW_HELP,
	.tokens = {
		(void *)&cmd_port_tph_follow_port,
		(void *)&cmd_port_tph_follow_tph,
		(void *)&cmd_port_tph_follow_ports,
		(void *)&cmd_port_tph_follow_follow,
		(void *)&cmd_port_tph_follow_mode,
		(void *)&cmd_port_tph_follow_objects,
		NULL,
	},
};

static cmdline_parse_inst_t cmd_port_tph_unfollow = {
	.f = cmd_port_tph_unfollow_parsed,
	.data = NULL,
	.help_str = "port tph <port_id>|all unfollow: Undo that",
	.tokens = {
		(void *)&cmd_port_tph_follow_port,
		(void *)&cmd_port_tph_follow_tph,
		(void *)&cmd_port_tph_follow_ports,
		(void *)&cmd_port_tph_follow_unfollow,
		NULL,
	},
};

static struct testpmd_driver_commands tph_follow_cmds = {
	.commands = {
		{
			&cmd_port_tph_follow,
			"port tph (port_id|all) follow [keep|once [all|desc|header|payload,...]]\n"
			"    Have queues bound to where they are polled, always or once.\n",
		},
		{ &cmd_port_tph_follow_with_mode, "" },
		{ &cmd_port_tph_follow_with_objects, "" },
		{
			&cmd_port_tph_unfollow,
			"port tph (port_id|all) unfollow\n"
			"    Unbind these queues and follow no more.\n",
		},
		{ NULL, NULL },
	},
};
TESTPMD_ADD_DRIVER_COMMANDS(tph_follow_cmds)
