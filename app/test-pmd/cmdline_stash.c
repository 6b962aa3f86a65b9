/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmdline_parse.h>
#include <cmdline_parse_num.h>
#include <cmdline_parse_string.h>
#include <rte_common.h>

#include "stash.h"
#include "testpmd.h"

/* *** SHOW FWD STASH *** */
struct cmd_show_fwd_stash_result {
	cmdline_fixed_string_t show;
	cmdline_fixed_string_t fwd;
	cmdline_fixed_string_t stash;
};

static void
cmd_show_fwd_stash_parsed(__rte_unused void *parsed_result, __rte_unused struct cmdline *cl,
		__rte_unused void *data)
{
	stash_show();
}

static cmdline_parse_token_string_t cmd_show_fwd_stash_show =
	TOKEN_STRING_INITIALIZER(struct cmd_show_fwd_stash_result, show, "show");
static cmdline_parse_token_string_t cmd_show_fwd_stash_fwd =
	TOKEN_STRING_INITIALIZER(struct cmd_show_fwd_stash_result, fwd, "fwd");
static cmdline_parse_token_string_t cmd_show_fwd_stash_stash =
	TOKEN_STRING_INITIALIZER(struct cmd_show_fwd_stash_result, stash, "stash");

static cmdline_parse_inst_t cmd_show_fwd_stash = {
	.f = cmd_show_fwd_stash_parsed,
	.data = NULL,
	.help_str = "show fwd stash: Show where packets were when they were read",
	.tokens = {
		(void *)&cmd_show_fwd_stash_show,
		(void *)&cmd_show_fwd_stash_fwd,
		(void *)&cmd_show_fwd_stash_stash,
		NULL,
	},
};

/* *** SET FWD STASH LINE AND COMPARE *** */
struct cmd_set_fwd_stash_result {
	cmdline_fixed_string_t set;
	cmdline_fixed_string_t fwd;
	cmdline_fixed_string_t stash;
	cmdline_fixed_string_t what;
	uint32_t number;
};

static void
cmd_set_fwd_stash_parsed(void *parsed_result, __rte_unused struct cmdline *cl,
		__rte_unused void *data)
{
	struct cmd_set_fwd_stash_result *res = parsed_result;

	if (strcmp(res->what, "line") == 0)
		(void)stash_line_set(res->number);
	else
		stash_compare(res->number);
}

static cmdline_parse_token_string_t cmd_set_fwd_stash_set =
	TOKEN_STRING_INITIALIZER(struct cmd_set_fwd_stash_result, set, "set");
static cmdline_parse_token_string_t cmd_set_fwd_stash_fwd =
	TOKEN_STRING_INITIALIZER(struct cmd_set_fwd_stash_result, fwd, "fwd");
static cmdline_parse_token_string_t cmd_set_fwd_stash_stash =
	TOKEN_STRING_INITIALIZER(struct cmd_set_fwd_stash_result, stash, "stash");
static cmdline_parse_token_string_t cmd_set_fwd_stash_what =
	TOKEN_STRING_INITIALIZER(struct cmd_set_fwd_stash_result, what, "line#compare");
static cmdline_parse_token_num_t cmd_set_fwd_stash_number =
	TOKEN_NUM_INITIALIZER(struct cmd_set_fwd_stash_result, number, RTE_UINT32);

static cmdline_parse_inst_t cmd_set_fwd_stash = {
	.f = cmd_set_fwd_stash_parsed,
	.data = NULL,
	.help_str = "set fwd stash line|compare <number>: Line that is timed, seconds to compare",
	.tokens = {
		(void *)&cmd_set_fwd_stash_set,
		(void *)&cmd_set_fwd_stash_fwd,
		(void *)&cmd_set_fwd_stash_stash,
		(void *)&cmd_set_fwd_stash_what,
		(void *)&cmd_set_fwd_stash_number,
		NULL,
	},
};

static struct testpmd_driver_commands stash_cmds = {
	.commands = {
		{
			&cmd_show_fwd_stash,
			"show fwd stash\n"
			"    Show in which caches packets were when they were read.\n",
		},
		{
			&cmd_set_fwd_stash,
			"set fwd stash line (number)\n"
			"    Cache line of packets that is timed, 1 being the first.\n"
			"set fwd stash compare (seconds)\n"
			"    Bind and unbind queues in turns and show what differs.\n",
		},
		{ NULL, NULL },
	},
};
TESTPMD_ADD_DRIVER_COMMANDS(stash_cmds)
