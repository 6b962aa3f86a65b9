// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a TPH device holds, read past VFIO: configuration space of the device
 * and of what is above it, and the MSI-X table.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tap.h"
#include "tph_dev.h"

#define CONFIG_SIZE	4096

#define TPH_EXT_CAP_ID		0x17
#define TPH_LOC(caps)		(((caps) >> 9) & 3)
#define TPH_LOC_CAP		1
#define TPH_LOC_MSIX		2
#define DEVCAP2_COMPLETER(reg)	(((reg) >> 12) & 3)
#define DEVCAP2_EE_PREFIX	(1U << 21)

static int read_config(const char *dir, uint8_t *config)
{
	char path[PATH_MAX];
	int fd, ret = 0;

	snprintf(path, sizeof(path), "%s/config", dir);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (pread(fd, config, CONFIG_SIZE, 0) != CONFIG_SIZE)
		ret = -EIO;
	close(fd);
	return ret;
}

static int read_device(const char *bdf, uint8_t *config)
{
	char dir[PATH_MAX];

	snprintf(dir, sizeof(dir), "/sys/bus/pci/devices/%s", bdf);
	return read_config(dir, config);
}

static uint32_t get32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Offset of a capability in (the first 256 bytes of) configuration space, 0 if none */
uint32_t tph_find_cap(const uint8_t *config, uint8_t id)
{
	uint32_t pos = config[PCI_CAPABILITY_LIST], ttl = 48;

	for (; pos >= 0x40 && ttl; pos = config[pos + 1], ttl--)
		if (config[pos] == id)
			return pos;
	return 0;
}

static uint32_t find_ext_cap(const uint8_t *config, uint16_t id)
{
	uint32_t pos = 0x100, head, ttl = 480;

	while (pos >= 0x100 && pos < CONFIG_SIZE && ttl--) {
		head = get32(config + pos);
		if (!head || head == 0xffffffff)
			return 0;
		if ((head & 0xffff) == id)
			return pos;
		pos = head >> 20;
	}
	return 0;
}

/* Bytes from a capability to what comes next in configuration space */
static uint32_t find_room(const uint8_t *config, uint32_t cap)
{
	uint32_t pos = 0x100, end = CONFIG_SIZE, ttl = 480;

	for (; pos >= 0x100 && ttl; pos = get32(config + pos) >> 20, ttl--)
		if (pos > cap && pos < end)
			end = pos;
	return end - cap;
}

/* Device Capabilities 2, and the kind of a function; 0 if it is no PCIe function */
static uint32_t devcap2(const uint8_t *config, uint32_t *type)
{
	uint32_t pos = tph_find_cap(config, PCI_CAP_ID_EXP);

	*type = pos ? (config[pos + PCI_EXP_FLAGS] >> 4) & 0xf : 0;
	return pos ? get32(config + pos + PCI_EXP_DEVCAP2) : 0;
}

/* What is above the device, by its place in sysfs: the root port comes first. */
static int look_above(const char *bdf, struct tph_witness *w)
{
	char path[PATH_MAX], real[PATH_MAX], *end;
	uint8_t config[CONFIG_SIZE];
	uint32_t caps, type;
	int ret;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s", bdf);
	if (!realpath(path, real))
		return -errno;
	w->prefixes = true;
	/* /sys/devices/pciDOMAIN:BUS/ROOT PORT/.../DEVICE */
	for (end = strchr(real + strlen("/sys/devices/pci"), '/'); end;) {
		end = strchr(end + 1, '/');
		if (!end)
			break;
		snprintf(path, sizeof(path), "%.*s", (int)(end - real), real);
		ret = read_config(path, config);
		if (ret)
			return ret;
		caps = devcap2(config, &type);
		if (type == PCI_EXP_TYPE_ROOT_PORT)
			w->rp_req = DEVCAP2_COMPLETER(caps);
		w->prefixes &= !!(caps & DEVCAP2_EE_PREFIX);
	}
	return 0;
}

/* Can registers of the device be read? */
static bool answers(const char *bdf, const uint8_t *config)
{
	char path[PATH_MAX], state[8] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/power_state", bdf);
	file = fopen(path, "r");
	if (!file)
		return false;
	if (!fgets(state, sizeof(state), file))
		state[0] = '\0';
	fclose(file);
	/* Virtual functions decode when their physical one says so. */
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/physfn", bdf);
	return !strcmp(state, "D0\n") &&
		((config[PCI_COMMAND] & PCI_COMMAND_MEMORY) || !access(path, F_OK));
}

/* The upper half of each Vector Control */
static int look_at_msix(const char *bdf, const uint8_t *config, struct tph_witness *w)
{
	uint32_t pos = tph_find_cap(config, PCI_CAP_ID_MSIX), i, table, size, offset;
	volatile uint32_t *vector;
	char path[PATH_MAX];
	uint8_t *mem;
	int fd;

	w->msix_unread = true;
	if (!pos || !answers(bdf, config))
		return 0;
	table = get32(config + pos + PCI_MSIX_TABLE);
	w->msix_entries = (get32(config + pos) >> 16 & PCI_MSIX_FLAGS_QSIZE) + 1;
	offset = table & PCI_MSIX_TABLE_OFFSET;
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource%u", bdf,
		 table & PCI_MSIX_TABLE_BIR);
	fd = open(path, O_RDWR | O_CLOEXEC | O_SYNC);
	if (fd < 0)
		return -errno;
	size = (offset & 0xfff) + w->msix_entries * PCI_MSIX_ENTRY_SIZE;
	mem = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, offset & ~0xfffU);
	close(fd);
	if (mem == MAP_FAILED)
		return -errno;
	for (i = 0; i < w->msix_entries; i++) {
		vector = (uint32_t *)(mem + (offset & 0xfff) + i * PCI_MSIX_ENTRY_SIZE);
		w->msix_tags[i] = vector[PCI_MSIX_ENTRY_VECTOR_CTRL / 4] >> 16;
	}
	munmap(mem, size);
	w->msix_unread = false;
	return 0;
}

/* What the device holds now; 0 or -errno. */
int tph_dev_look(const char *bdf, struct tph_witness *w)
{
	uint8_t config[CONFIG_SIZE];
	uint32_t i, type;
	int ret;

	memset(w, 0, sizeof(*w));
	ret = look_above(bdf, w);
	if (!ret)
		ret = read_device(bdf, config);
	if (ret)
		return ret;
	w->prefixes &= !!(devcap2(config, &type) & DEVCAP2_EE_PREFIX);
	w->integrated = type == PCI_EXP_TYPE_RC_END;
	w->cap = find_ext_cap(config, TPH_EXT_CAP_ID);
	if (!w->cap)
		return 0;
	w->caps = get32(config + w->cap + 4);
	w->ctrl = get32(config + w->cap + 8);
	w->room = find_room(config, w->cap);
	if (TPH_LOC(w->caps) == TPH_LOC_MSIX)
		return look_at_msix(bdf, config, w);
	if (TPH_LOC(w->caps) == TPH_LOC_CAP)
		w->entries = ((w->caps >> 16) & 0x7ff) + 1;
	for (i = 0; i < w->entries && 14 + 2 * i <= w->room; i++)
		w->tags[i] = config[w->cap + 12 + 2 * i] |
			config[w->cap + 13 + 2 * i] << 8;
	return 0;
}

/* The same of a device that nobody has open, and which may sleep. */
int tph_dev_look_awake(const char *bdf, struct tph_witness *w)
{
	char path[PATH_MAX], before[8] = "";
	FILE *file;
	int ret;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/power/control", bdf);
	file = fopen(path, "r");
	if (!file)
		return -errno;
	if (!fgets(before, sizeof(before), file))
		before[0] = '\0';
	fclose(file);
	ret = tph_dev_sysfs_write(path, "on");
	if (!ret)
		ret = tph_dev_look(bdf, w);
	if (strncmp(before, "on", 2))
		tph_dev_sysfs_write(path, "auto");
	return ret;
}

/* TPH is off, and no tag is in the table, wherever that is. */
bool tph_dev_is_clear(const struct tph_witness *w)
{
	uint32_t i;

	if (w->msix_unread)
		tap_note("the MSI-X table cannot be read");
	if ((w->ctrl & 0x307) || w->msix_unread)
		return false;
	for (i = 0; i < w->entries; i++)
		if (w->tags[i])
			return false;
	for (i = 0; i < w->msix_entries; i++)
		if (w->msix_tags[i])
			return false;
	return true;
}

/* Entries of the MSI-X table, 0 if there is none. */
int tph_dev_msix_entries(const char *bdf)
{
	uint8_t config[CONFIG_SIZE];
	uint32_t pos;

	if (read_device(bdf, config))
		return 0;
	pos = tph_find_cap(config, PCI_CAP_ID_MSIX);
	return pos ? (get32(config + pos) >> 16 & PCI_MSIX_FLAGS_QSIZE) + 1 : 0;
}
