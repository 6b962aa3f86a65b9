/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TESTPMD_CMDLINE_TPH_H
#define TESTPMD_CMDLINE_TPH_H

#include <cmdline_parse.h>
#include <cmdline_parse_string.h>

#include "testpmd.h"

/** Words of the commands that begin with "port tph <port_id>|all". */
struct cmd_port_tph_result {
	cmdline_fixed_string_t port;
	cmdline_fixed_string_t tph;
	cmdline_fixed_string_t ports;
	cmdline_fixed_string_t dirs;
	cmdline_fixed_string_t queue;
	cmdline_fixed_string_t verb;
	cmdline_fixed_string_t mode;
	cmdline_fixed_string_t target;
	cmdline_fixed_string_t objects;
};

/** The tokens that they begin with, and objects, which some end in. */
extern cmdline_parse_token_string_t cmd_port_tph_port;
extern cmdline_parse_token_string_t cmd_port_tph_tph;
extern cmdline_parse_token_string_t cmd_port_tph_ports;
extern cmdline_parse_token_string_t cmd_port_tph_objects;

/** Define such a command: what is called with which data, and the tokens that follow. */
#define CMD_PORT_TPH(name, func, arg, help, ...) \
	static cmdline_parse_inst_t name = { \
		.f = func, \
		.data = arg, \
		.help_str = "port tph <port_id>|all " help, \
		.tokens = { \
			(void *)&cmd_port_tph_port, \
			(void *)&cmd_port_tph_tph, \
			(void *)&cmd_port_tph_ports, \
			__VA_ARGS__, \
			NULL, \
		}, \
	}

/** Call a function for the port that *ports* names, or all; a wrong one gets a message. */
void cmd_port_tph_each(const char *ports, int (*func)(portid_t port_id));

/** As tph_objects_parse(); what is no list of objects gets a message. */
int cmd_port_tph_objects_parse(const char *text, uint32_t *objects);

#endif /* TESTPMD_CMDLINE_TPH_H */
