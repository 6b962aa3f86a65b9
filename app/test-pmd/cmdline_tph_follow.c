/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <stdint.h>
#include <string.h>

#include <rte_ethdev.h>

#include "testpmd.h"

#include "cmdline_tph.h"
#include "tph.h"

/* *** PORT TPH FOLLOW AND UNFOLLOW *** */
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
	struct cmd_port_tph_result *res = parsed_result;
	uintptr_t words = (uintptr_t)data;
	uint32_t objects = TPH_OBJECTS_DEFAULT;
	portid_t port_id, meant;

	if (tph_port_parse(res->ports, &meant) != 0)
		return;
	if (words >= TPH_FOLLOW_MODE && strcmp(res->mode, "once") == 0)
		mode = RTE_ETH_TPH_FOLLOW_ONCE;
	if (words >= TPH_FOLLOW_OBJECTS &&
	    cmd_port_tph_objects_parse(res->objects, &objects) != 0)
		return;
	RTE_ETH_FOREACH_DEV(port_id)
		if (tph_port_is_meant(port_id, meant))
			(void)tph_port_follow(port_id, mode, objects);
}

static void
cmd_port_tph_unfollow_parsed(void *parsed_result, __rte_unused struct cmdline *cl,
		__rte_unused void *data)
{
	struct cmd_port_tph_result *res = parsed_result;

	cmd_port_tph_each(res->ports, tph_port_unfollow);
}

static cmdline_parse_token_string_t cmd_port_tph_follow_verb =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_result, verb, "follow");
static cmdline_parse_token_string_t cmd_port_tph_unfollow_verb =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_result, verb, "unfollow");
static cmdline_parse_token_string_t cmd_port_tph_follow_mode =
	TOKEN_STRING_INITIALIZER(struct cmd_port_tph_result, mode, "keep#once");

#define CMD_PORT_TPH_FOLLOW_HELP ": Have queues bound to where they are polled"

CMD_PORT_TPH(cmd_port_tph_follow, cmd_port_tph_follow_parsed, (void *)TPH_FOLLOW_PLAIN,
	"follow" CMD_PORT_TPH_FOLLOW_HELP,
	(void *)&cmd_port_tph_follow_verb);

CMD_PORT_TPH(cmd_port_tph_follow_with_mode, cmd_port_tph_follow_parsed, (void *)TPH_FOLLOW_MODE,
	"follow keep|once" CMD_PORT_TPH_FOLLOW_HELP,
	(void *)&cmd_port_tph_follow_verb, (void *)&cmd_port_tph_follow_mode);

CMD_PORT_TPH(cmd_port_tph_follow_with_objects, cmd_port_tph_follow_parsed,
	(void *)TPH_FOLLOW_OBJECTS,
	"follow keep|once <object>,..." CMD_PORT_TPH_FOLLOW_HELP,
	(void *)&cmd_port_tph_follow_verb, (void *)&cmd_port_tph_follow_mode,
	(void *)&cmd_port_tph_objects);

CMD_PORT_TPH(cmd_port_tph_unfollow, cmd_port_tph_unfollow_parsed, NULL,
	"unfollow: Undo that",
	(void *)&cmd_port_tph_unfollow_verb);

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
