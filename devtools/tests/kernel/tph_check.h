/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One line of output per check.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_CHECK_H
#define TPH_CHECK_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

extern int tph_checks, tph_failures;

static inline bool __attribute__((format(printf, 2, 3)))
check(bool ok, const char *fmt, ...)
{
	va_list ap;

	tph_checks++;
	tph_failures += !ok;
	printf("%s ", ok ? "ok  " : "FAIL");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
	return ok;
}

/* The value of an expression, with both values shown when it is wrong */
#define check_int(got, want, what) do { \
	long got_ = (got), want_ = (want); \
	if (got_ == want_) \
		check(true, "%s", what); \
	else \
		check(false, "%s: %ld, not %ld (line %d)", what, got_, want_, __LINE__); \
} while (0)

#endif /* TPH_CHECK_H */
