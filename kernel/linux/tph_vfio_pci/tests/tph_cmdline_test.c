// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of finding pci=notph on a kernel command line.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include "../tph_cmdline.h"
#include "tap.h"

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

	for (i = 0; i < n; i++) {
		/* In memory of its own, so that reading past its end shows. */
		char *line = strdup(cases[i].line);

		check(line && tph_cmdline_no_tph(line) == cases[i].no_tph, "[%.*s]",
		      (int)strcspn(cases[i].line, "\n"), cases[i].line);
		free(line);
	}
	return tap_end();
}
