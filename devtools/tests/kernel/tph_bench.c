// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the TPH ioctl costs: the first and the second call, up to 1024 entries
 * at once, and as many calls of one entry; and how many system calls that takes
 * and how often the firmware is asked meanwhile, counted by probes in the kernel.
 * To be run before anybody else asked for tags. Needs root.
 *
 * Lines "# figure NAME: VALUE UNIT" are for programs.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"
#include "tph_dev.h"

#define TRACING	"/sys/kernel/tracing/"
#define ENTRIES	1024
#define CPUS	4
#define THREADS	2000

static struct tph_dev dev;
static uint32_t table;

static bool probe(void)
{
	mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL);
	return !tph_dev_sysfs_write(TRACING "kprobe_events",
				    "p:tph_dsm acpi_evaluate_dsm\n"
				    "p:tph_call vfio_device_fops_unl_ioctl") &&
		!tph_dev_sysfs_write(TRACING "events/kprobes/enable", "1");
}

static void unprobe(void)
{
	tph_dev_sysfs_write(TRACING "events/kprobes/enable", "0");
	tph_dev_sysfs_write(TRACING "kprobe_events", "-:tph_dsm\n-:tph_call");
}

/* How often a probe was passed so far */
static long hits_of(const char *probed)
{
	FILE *file = fopen(TRACING "kprobe_profile", "r");
	char name[64];
	long hits, misses, found = -1;

	if (!file)
		return -1;
	while (fscanf(file, "%63s %ld %ld", name, &hits, &misses) == 3)
		if (!strcmp(name, probed))
			found = hits;
	fclose(file);
	return found;
}

/* How often the firmware was asked so far */
static long evaluations(void)
{
	return hits_of("tph_dsm");
}

/* How many system calls the device got so far */
static long system_calls(void)
{
	return hits_of("tph_call");
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

/* Time for @calls calls of @count entries each, in microseconds; says so. */
static double run(const char *what, uint32_t op, uint32_t calls, uint32_t count, long expected)
{
	struct vfio_device_pci_tph_op *arg = tph_st_arg(op, count, NULL);
	long before = evaluations();
	double start, took;
	uint32_t i, j;
	int ret = 0;

	start = now();
	for (i = 0; i < calls; i++) {
		for (j = 0; j < count; j++) {
			arg->st.ents[j].cpu = (i + j) % CPUS;
			arg->st.ents[j].index = (i + j) % (table ? table : 1);
			arg->st.ents[j].reserved1 = 0;
		}
		ret |= tph_call(dev.fd, arg);
	}
	took = now() - start;
	free(arg);
	tap_note("%-34s %10.1f us, firmware asked %ld times", what, took,
	       evaluations() - before);
	check_int(ret, 0, what);
	if (expected >= 0)
		check_int(evaluations() - before, expected, "questions to the firmware");
	return took;
}

/* The best of some tries: a short time is easily spoilt by something else. */
static double best(const char *what, uint32_t op, uint32_t calls, uint32_t count)
{
	double took, least = 0;
	int i;

	for (i = 0; i < 5; i++) {
		took = run(what, op, calls, count, 0);
		if (!i || took < least)
			least = took;
	}
	return least;
}

/* One call for all entries, and a call for each; returns the ratio. */
static double compare(const char *name, uint32_t op, uint32_t count)
{
	long before = system_calls();
	double one, many;

	one = best(name, op, 1, count);
	check_int(system_calls() - before, 5, "system calls of five times all at once");
	before = system_calls();
	many = best(name, op, count, 1);
	check_int(system_calls() - before, 5 * count, "system calls of five times one by one");
	tap_note("figure %s, %u entries in one call: %.2f us/entry", name, count, one / count);
	tap_note("figure %s, %u entries one by one: %.2f us/entry", name, count, many / count);
	tap_note("figure %s, %u entries one by one / in one call: %.2f", name, count, many / one);
	return many / one;
}

/* One call of one entry, when nothing else comes in between */
static double least(void)
{
	struct vfio_pci_tph_entry ent;
	double start, took, least = 0;
	int i;

	for (i = 0; i < 200; i++) {
		start = now();
		tph_get_st(dev.fd, 0, 0, &ent);
		took = now() - start;
		if (!i || took < least)
			least = took;
	}
	return least;
}

static void *sleeper(void *arg)
{
	char c;

	if (read(*(int *)arg, &c, 1) < 0)
		perror("read");
	return NULL;
}

/* Whether the process may run on a CPU is the same question with many threads. */
static void test_threads(void)
{
	double alone = least(), crowd;
	static pthread_t threads[THREADS];
	pthread_attr_t attr;
	int fds[2], i, n;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	if (pipe(fds))
		return;
	for (n = 0; n < THREADS; n++) {
		if (pthread_create(&threads[n], &attr, sleeper, &fds[0]))
			break;
	}
	check_int(n, THREADS, "many threads");
	crowd = least();
	tap_note("GET_ST with %d threads %.1f us, with one %.1f us", THREADS + 1, crowd, alone);
	check(crowd < 4 * alone, "the number of threads does not matter");
	close(fds[1]);
	for (i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	close(fds[0]);
}

int main(int argc, char **argv)
{
	struct vfio_pci_tph_cap cap;
	double first, ratio = 0;
	uint32_t count;
	long before;
	int ret;

	if (argc != 2) {
		fprintf(stderr, "usage: %s DEVICE (e.g. 0000:01:00.0)\n", argv[0]);
		return 2;
	}
	ret = tph_dev_open(&dev, argv[1]);
	if (ret) {
		fprintf(stderr, "%s: %s\n", argv[1], strerror(-ret));
		return 1;
	}
	check(probe(), "probe for evaluations of _DSM");
	check_int(tph_get_cap(dev.fd, &cap), 0, "GET_CAP");
	table = cap.st_table_sz;
	check_int(tph_enable(dev.fd, VFIO_PCI_TPH_MODE_DS), 0, "ENABLE");

	first = run("GET_ST, first call, 1 entry", VFIO_PCI_TPH_GET_ST, 1, 1, 1);
	run("GET_ST, second call, 1 entry", VFIO_PCI_TPH_GET_ST, 1, 1, 0);
	before = evaluations();
	run("GET_ST, first call, 1024 entries", VFIO_PCI_TPH_GET_ST, 1, ENTRIES, CPUS - 1);
	tap_note("figure evaluations of _DSM for 1024 entries on %u CPUs, one known: %ld",
		 CPUS, evaluations() - before);
	tap_note("figure GET_ST, 1 entry, firmware asked / tag known: %.2f", first / least());

	for (count = 1; count <= ENTRIES; count *= 4)
		ratio = compare("GET_ST", VFIO_PCI_TPH_GET_ST, count);
	check(ratio > 3, "one call for all is faster than many calls");
	for (count = 1; count <= table; count *= 4)
		ratio = compare("SET_ST", VFIO_PCI_TPH_SET_ST, count);
	check(!table || ratio > 1.5, "one call for all is faster than many calls");
	test_threads();
	unprobe();
	tph_dev_close(&dev);
	return tap_end();
}
