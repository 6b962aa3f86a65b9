// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of finding pci=notph on a kernel command line.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <stdio.h>

#include "../tph_cmdline.h"

static const struct {
	const char *line;
	bool no_tph;
} cases[] = {
	{ "", false },
	{ " \n", false },
	{ "quiet", false },
	{ "pci=notph", true },
	{ "pci=notph\n", true },
	{ "quiet pci=nomsi,notph ro", true },
	{ "pci=notph,nomsi", true },
	{ "pci=nomsi pci=notph", true },
	{ "pci=nomsi\tpci=noaer,notph,", true },
	{ "pci=\"nomsi,notph\"", true },
	{ "\"pci=notph\"", true },
	{ "a=\"b c\" pci=notph", true },
	{ "a=\"b pci=notph\"", false },
	{ "pci=", false },
	{ "pci=\"", false },
	{ "\"", false },
	{ "pci", false },
	{ "pci=,,", false },
	{ "pci=notph2", false },
	{ "pci=xnotph", false },
	{ "pci=not", false },
	{ "xpci=notph", false },
	{ "notph", false },
	{ "init=/bin/sh -- pci=notph", false },
	{ "pci=notph -- x", true },
	{ "--x pci=notph", true },
	{ "pci=\"nomsi,notph", true },
};

int main(void)
{
	size_t i, n = sizeof(cases) / sizeof(cases[0]);
	int failures = 0;

	for (i = 0; i < n; i++) {
		/* In memory of its own, so that reading past its end shows. */
		char *line = strdup(cases[i].line);

		if (!line || tph_cmdline_no_tph(line) != cases[i].no_tph) {
			fprintf(stderr, "wrong answer for [%s]\n", cases[i].line);
			failures++;
		}
		free(line);
	}
	printf("%zu command lines, %d wrong\n", n, failures);
	return failures ? 1 : 0;
}
