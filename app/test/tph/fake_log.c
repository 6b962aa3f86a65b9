/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_log.h>

#include "fake_log.h"

static FILE *log_stream;
static char *log_text;
static size_t log_len;

int
test_tph_log_start(void)
{
	log_stream = open_memstream(&log_text, &log_len);
	return log_stream == NULL ? -1 : rte_openlog_stream(log_stream);
}

unsigned int
test_tph_log_lines(void)
{
	unsigned int nb = 0;
	size_t i;

	fflush(log_stream);
	for (i = 0; i < log_len; i++)
		nb += log_text[i] == '\n';
	return nb;
}

unsigned int
test_tph_log_stop(const char *text)
{
	const char *line;
	unsigned int nb = 0;

	(void)rte_openlog_stream(NULL);
	if (log_stream == NULL)
		return 0;
	fclose(log_stream);
	log_stream = NULL;
	for (line = log_text; (line = strstr(line, text)) != NULL; line++)
		nb++;
	if (nb == 0)
		printf("not logged: %s\nlogged: %s\n", text, log_text);
	free(log_text);
	return nb;
}
