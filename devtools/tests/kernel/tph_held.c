// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel holds: counts of all that a leak would make grow. Serves on
 * any kernel, and what vfio-pci-core allocates counts as well.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"
#include "tph_held.h"

static void add(struct tph_held *held, const char *kind, const char *name, long count)
{
	char full[sizeof(held->item[0].name)];
	unsigned int i;

	snprintf(full, sizeof(full), "%s %s", kind, name);
	for (i = 0; i < held->n; i++) {
		if (!strcmp(held->item[i].name, full)) {
			held->item[i].count += count;
			return;
		}
	}
	if (held->n == TPH_HELD_ITEMS)
		return;
	memcpy(held->item[i].name, full, sizeof(full));
	held->item[i].count = count;
	held->n++;
}

/*
 * Objects are counted one by one only in slabs that are checked; otherwise the
 * free ones in what a CPU has taken for itself count as used. No smaller ones are on arm64.
 */
static bool is_exact(void)
{
	FILE *file = fopen("/sys/kernel/slab/kmalloc-128/sanity_checks", "r");
	bool exact = file && fgetc(file) == '1';

	if (file)
		fclose(file);
	return check(exact, "booted with slub_debug=F");
}

/*
 * Give back empty slabs. The files stay open: each opening would allocate
 * something, and have it freed much later.
 */
static void shrink_slabs(void)
{
	static const char top[] = "/sys/kernel/slab";
	static int fds[TPH_HELD_ITEMS], n;
	struct dirent *entry;
	char path[PATH_MAX];
	DIR *dir;
	int i;

	dir = n ? NULL : opendir(top);
	while (dir && n < TPH_HELD_ITEMS && (entry = readdir(dir))) {
		/* The others are links, further names of the same. */
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s/shrink", top, entry->d_name);
		fds[n] = open(path, O_WRONLY | O_CLOEXEC);
		if (fds[n] >= 0)
			n++;
	}
	if (dir)
		closedir(dir);
	for (i = 0; i < n; i++)
		if (write(fds[i], "1", 1) != 1)
			perror("shrink");
}

/*
 * Address space is given back when there is much of it, and vmallocinfo has what is
 * in use; kmemleak's records come and go with the rest.
 */
static bool is_of_no_account(const char *name)
{
	return !strcmp(name, "vmap_area") || !strcmp(name, "unpurged") ||
		!strncmp(name, "kmemleak_", 9);
}

/* Lines of a file that match: a name and a count, or a name to count the lines of. */
static bool read_lines(struct tph_held *held, const char *path, const char *format)
{
	FILE *file = fopen(path, "r");
	char line[1024], name[64];
	bool found = false;
	long count;
	int n;

	while (file && fgets(line, sizeof(line), file)) {
		n = sscanf(line, format, name, &count);
		if (n < 1 || is_of_no_account(name))
			continue;
		found = true;
		add(held, path, name, n == 2 ? count : 1);
	}
	if (file)
		fclose(file);
	return found;
}

static bool count_entries(struct tph_held *held, const char *path)
{
	DIR *dir = opendir(path);

	if (!dir)
		return false;
	while (readdir(dir))
		add(held, path, "entries", 1);
	closedir(dir);
	return true;
}

static bool read_all(struct tph_held *held)
{
	held->n = 0;
	shrink_slabs();
	return read_lines(held, "/proc/slabinfo", "%63s %ld") &&
		read_lines(held, "/proc/vmallocinfo", "%*s %*s %63s") &&
		read_lines(held, "/proc/modules", "%63s %*s %ld") &&
		count_entries(held, "/sys/kernel/iommu_groups") &&
		count_entries(held, "/dev/vfio");
}

static long count_of(const struct tph_held *held, const char *name)
{
	unsigned int i;

	for (i = 0; i < held->n; i++)
		if (!strcmp(held->item[i].name, name))
			return held->item[i].count;
	return 0;
}

/*
 * The state to compare with: the kernel frees much of what was used some seconds
 * later, and that has to be gone before. The least of each count, seen until none
 * has fallen for longer than that takes. Needs root and slub_debug=F on the kernel's
 * command line; false if it cannot be found out.
 */
bool tph_held_settle(struct tph_held *held)
{
	static struct tph_held now;
	int quiet = 0, tries = 120;
	unsigned int i;
	bool fallen;

	if (!is_exact() || !read_all(held))
		return false;
	while (quiet < 24 && tries--) {
		usleep(250000);
		if (!read_all(&now))
			return false;
		fallen = false;
		for (i = 0; i < held->n; i++) {
			long count = count_of(&now, held->item[i].name);

			if (count < held->item[i].count) {
				held->item[i].count = count;
				fallen = true;
			}
		}
		quiet = fallen ? 0 : quiet + 1;
	}
	return true;
}

/* The item that grew most, and by how much */
static const char *most_grown(const struct tph_held *before, const struct tph_held *now,
			      long *most)
{
	const char *name = "none";
	unsigned int i;
	long grown;

	*most = 0;
	for (i = 0; i < now->n; i++) {
		grown = now->item[i].count - count_of(before, now->item[i].name);
		if (grown > *most) {
			*most = grown;
			name = now->item[i].name;
		}
	}
	return name;
}

/*
 * No count has grown by more than the limit. The kernel frees some of it a
 * moment later, so that has to be true soon, not at once.
 */
bool tph_held_check(const struct tph_held *before, long limit)
{
	static struct tph_held now;
	const char *name;
	int tries = 40;
	long most;

	do {
		if (!read_all(&now))
			return check(false, "counts of what the kernel holds");
		name = most_grown(before, &now, &most);
	} while (most > limit && --tries && !usleep(500000));
	return check(most <= limit, "nothing grew by more than %ld, but %s by %ld", limit, name,
		     most);
}
