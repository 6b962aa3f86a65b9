// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is pci=notph on a kernel command line? Kernels before 6.13 do not know the
 * option and offer no way to ask.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include "tph_cmdline.h"

static bool tph_cmdline_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* Is "notph" in the comma separated list of @len bytes? */
static bool tph_cmdline_list_has(const char *list, size_t len)
{
	static const char option[] = "notph";
	size_t start = 0, end;

	while (start < len) {
		end = start;
		while (end < len && list[end] != ',')
			end++;
		if (end - start == sizeof(option) - 1 &&
		    !memcmp(list + start, option, sizeof(option) - 1))
			return true;
		start = end + 1;
	}
	return false;
}

/**
 * tph_cmdline_no_tph - does a kernel command line forbid TPH?
 * @cmdline: the command line
 *
 * Goes by the kernel's own rules: words are separated by blanks that are not
 * quoted, a word may be quoted as a whole or behind the equals sign, and what
 * follows "--" is for init.
 *
 * Return: whether notph is among the options of any pci= in there.
 */
bool tph_cmdline_no_tph(const char *cmdline)
{
	static const char key[] = "pci=";
	size_t key_len = sizeof(key) - 1;

	for (;;) {
		const char *word, *value;
		bool quoted = false;
		size_t len;

		while (tph_cmdline_space(*cmdline))
			cmdline++;
		word = cmdline;
		while (*cmdline && (quoted || !tph_cmdline_space(*cmdline))) {
			if (*cmdline == '"')
				quoted = !quoted;
			cmdline++;
		}
		len = cmdline - word;
		if (!len)
			return false;
		if (len == 2 && !memcmp(word, "--", 2))
			return false;

		/* pci=a,b  pci="a,b"  "pci=a,b" */
		if (*word == '"') {
			word++;
			len--;
		}
		if (len && word[len - 1] == '"')
			len--;
		if (len < key_len || memcmp(word, key, key_len))
			continue;
		value = word + key_len;
		len -= key_len;
		if (len && *value == '"') {
			value++;
			len--;
		}
		if (tph_cmdline_list_has(value, len))
			return true;
	}
}
