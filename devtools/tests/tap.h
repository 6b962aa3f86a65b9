/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks of C test programs, told in TAP (https://testanything.org) on stdout,
 * which Meson and kselftest read.
 *
 * A check is one line: check(), check_int(). Where many of them make one
 * statement, as in loops over a model, CHECK() and CHECK_INT() tell of failures
 * only, and tap_run() has a line for the function that they are in. main() ends
 * with "return tap_end();".
 *
 * All is in here and counted in memory that child processes share: a check
 * counts wherever it is made.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TAP_H
#define TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct tap {
	int checks;		/* lines so far */
	int failures;		/* of them "not ok" */
	int silent_failures;	/* of CHECK() and CHECK_INT() */
};

/* Weak: one for all files of a program */
__attribute__((weak)) struct tap *tap_shared;

/* To be called before the first fork(); check() does it as well. */
static inline struct tap *tap(void)
{
	if (!tap_shared) {
		tap_shared = mmap(NULL, sizeof(*tap_shared), PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (tap_shared == MAP_FAILED)
			abort();
	}
	return tap_shared;
}

/* A whole line at once, so that lines of several processes do not mix. */
static inline void tap_line(const char *head, const char *fmt, va_list ap)
{
	char line[512];
	int len = snprintf(line, sizeof(line), "%s", head);

	vsnprintf(line + len, sizeof(line) - len - 1, fmt, ap);
	strcat(line, "\n");
	fflush(stdout);
	if (write(STDOUT_FILENO, line, strlen(line)) < 0)
		abort();
}

/* Something to know; no check */
static inline void __attribute__((format(printf, 1, 2)))
tap_note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tap_line("# ", fmt, ap);
	va_end(ap);
}

static inline bool __attribute__((format(printf, 2, 3)))
check(bool ok, const char *fmt, ...)
{
	int number = __atomic_add_fetch(&tap()->checks, 1, __ATOMIC_RELAXED);
	char head[32];
	va_list ap;

	if (!ok)
		__atomic_add_fetch(&tap()->failures, 1, __ATOMIC_RELAXED);
	snprintf(head, sizeof(head), "%s %d - ", ok ? "ok" : "not ok", number);
	va_start(ap, fmt);
	tap_line(head, fmt, ap);
	va_end(ap);
	return ok;
}

/* The value of an expression, with both values shown when it is wrong */
#define check_int(got, want, what) do { \
	long got_ = (got), want_ = (want); \
	if (got_ == want_) \
		check(true, "%s", what); \
	else \
		check(false, "%s: %ld, not %ld (%s:%d)", what, got_, want_, __FILE__, __LINE__); \
} while (0)

#define TAP_FAIL(fmt, ...) do { \
	__atomic_add_fetch(&tap()->silent_failures, 1, __ATOMIC_RELAXED); \
	tap_note("%s:%d: %s: " fmt, __FILE__, __LINE__, __func__, __VA_ARGS__); \
} while (0)

#define CHECK(cond) do { \
	if (!(cond)) \
		TAP_FAIL("%s", #cond); \
} while (0)

#define CHECK_INT(got, want) do { \
	long got_ = (got), want_ = (want); \
	if (got_ != want_) \
		TAP_FAIL("%s is %ld, not %ld", #got, got_, want_); \
} while (0)

static inline void tap_run_named(void (*function)(void), const char *name)
{
	int before = tap()->silent_failures;

	function();
	check(tap()->silent_failures == before, "%s", name);
}

/* All CHECK()s of a function are one line. */
#define tap_run(function) tap_run_named(function, #function)

/* The plan, which comes last, and the exit status of the program */
static inline int tap_end(void)
{
	fflush(stdout);
	printf("1..%d\n", tap()->checks);
	fflush(stdout);
	return tap()->checks && !tap()->failures && !tap()->silent_failures ? 0 : 1;
}

#endif /* TAP_H */
