// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test of the TPH ioctl on a device bound to tph-vfio-pci: what the ioctl says
 * against what configuration space, read past VFIO, holds. Needs root.
 *
 * Made for the test VM: steering tags are those of its firmware.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tags.h"
#include "tap.h"
#include "tph_dev.h"
#include "tph_ioctl_test.h"

#define CTRL_ON_8	0x100
#define CTRL_ON_16	0x300

static struct tph_dev dev;
static struct tph_witness w;
static struct vfio_pci_tph_cap cap;
static bool ext;

/* What the caller says about the machine */
static bool quick, refused, second_bridge;
static enum {
	FIRMWARE_FULL,
	FIRMWARE_NONE,
	FIRMWARE_BAD,
	FIRMWARE_FLAKY,
} firmware;
static enum {
	DS_RAWIO,
	DS_ALWAYS,
	DS_NEVER,
} ds_mode;

static int ctrl(void)
{
	return tph_dev_look(dev.bdf, &w) ? -1 : (int)(w.ctrl & 0x307);
}

static int want_ctrl(int mode)
{
	return mode | (ext ? CTRL_ON_16 : CTRL_ON_8);
}

static int want_tag(uint32_t cpu, int mem_type)
{
	/* by host bridge, width, and memory type */
	static const uint16_t base[2][2][2] = {
		{
			{ TAG_VOLATILE_8, TAG_PERSISTENT_8 },
			{ TAG_VOLATILE_16, TAG_PERSISTENT_16 },
		},
		{
			{ TAG_2_VOLATILE_8, TAG_2_PERSISTENT_8 },
			{ TAG_2_VOLATILE_16, TAG_2_PERSISTENT_16 },
		},
	};

	return base[second_bridge][ext][mem_type] + cpu;
}

static bool has_tag(uint32_t cpu, int mem_type)
{
	if (firmware != FIRMWARE_FULL || cpu >= TAG_CPUS)
		return false;
	if (cpu == (ext ? TAG_CPU_NO_16 : TAG_CPU_NO_8))
		return false;
	return !mem_type || cpu != TAG_CPU_NO_PERSISTENT;
}

/* An integrated endpoint has no root port to ask. */
static bool port_completes(void)
{
	return w.integrated || w.rp_req == 1 || w.rp_req == 3;
}

/* Modes that device and root port have, whoever may use them */
static int hardware_modes(void)
{
	int modes = port_completes() ? (w.caps >> 1) & 3 : 0;

	return cap.st_table_sz ? modes : modes & ~VFIO_PCI_TPH_MODE_IV;
}

/* What GET_CAP is to name as missing, but for what firmware answered */
static uint32_t want_why(void)
{
	uint32_t why = 0;

	if (!port_completes())
		why |= VFIO_PCI_TPH_WHY_ROOT_PORT;
	if (ds_mode == DS_NEVER && (w.caps & 4))
		why |= VFIO_PCI_TPH_WHY_POLICY;
	if (firmware == FIRMWARE_NONE)
		why |= VFIO_PCI_TPH_WHY_NO_DSM;
	if (!(w.caps & 6))
		why |= VFIO_PCI_TPH_WHY_NO_ST;
	if ((w.caps & 2) && !cap.st_table_sz)
		why |= VFIO_PCI_TPH_WHY_NO_TABLE;
	if ((w.caps & 0x100) && (w.integrated || w.rp_req == 3) && !w.prefixes)
		why |= VFIO_PCI_TPH_WHY_PREFIX;
	return why;
}

/* Tools see the same without opening the device. */
static void check_sysfs(const char *name, const char *want)
{
	char path[PATH_MAX], text[32] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", dev.bdf, name);
	file = fopen(path, "r");
	if (file && !fgets(text, sizeof(text), file))
		text[0] = '\0';
	if (file)
		fclose(file);
	text[strcspn(text, "\n")] = '\0';
	check(!!file == !!want && (!want || !strcmp(text, want)), "%s: %s", name,
	      file ? text : "none");
}

/* Does the table lie in the capability, and has room there? */
static bool fits(void)
{
	return ((w.caps >> 9) & 3) == 1 && w.entries <= 64 && 12 + 2 * w.entries <= w.room;
}

/* GET_CAP says what the registers say; false if there is no TPH to be tested. */
static bool test_cap(void)
{
	int modes, ret = tph_get_cap(dev.fd, &cap);
	char why[16];

	tph_dev_look(dev.bdf, &w);
	if (!w.cap || refused) {
		struct vfio_pci_tph_entry ent;

		check(!refused || w.cap, "there is a capability to be refused");
		check_int(ret, -EOPNOTSUPP, "GET_CAP without TPH");
		check_int(tph_enable(dev.fd, VFIO_PCI_TPH_MODE_DS), -EOPNOTSUPP,
			  "ENABLE without TPH");
		check_int(tph_disable(dev.fd), -EOPNOTSUPP, "DISABLE without TPH");
		check_int(tph_get_st(dev.fd, 0, 0, &ent), -EOPNOTSUPP, "GET_ST without TPH");
		check_int(tph_set_st(dev.fd, 0, 0, 0), -EOPNOTSUPP, "SET_ST without TPH");
		check_sysfs("tph_modes", NULL);
		check_sysfs("tph_why", NULL);
		return false;
	}
	check_int(ret, 0, "GET_CAP");
	ext = (w.caps & 0x100) && (w.integrated || w.rp_req == 3) && w.prefixes;
	modes = hardware_modes();
	if (ds_mode == DS_NEVER)
		modes &= ~VFIO_PCI_TPH_MODE_DS;
	check_int(cap.supported_modes, modes, "modes are those of device and root port");
	check_sysfs("tph_modes", modes == 3 ? "iv ds" : modes == 2 ? "ds" : modes ? "iv" : "");
	check_int(!!(cap.flags & VFIO_PCI_TPH_CAP_EXTENDED), ext, "extended tags");
	check_int(!!(cap.flags & VFIO_PCI_TPH_CAP_ST_IN_CAP), fits(), "table in the capability");
	check_int(!!(cap.flags & VFIO_PCI_TPH_CAP_ST_IN_MSIX), ((w.caps >> 9) & 3) == 2,
		  "table in MSI-X");
	if (((w.caps >> 9) & 3) == 2)
		check_int(cap.st_table_sz, tph_dev_msix_entries(dev.bdf), "table size");
	else
		check_int(cap.st_table_sz, fits() ? w.entries : 0, "table size");
	check_int(cap.why & ~VFIO_PCI_TPH_WHY_BAD_DSM, want_why(), "what is missing");
	snprintf(why, sizeof(why), "0x%x", cap.why);
	check_sysfs("tph_why", why);
	check_int(!!(cap.flags & VFIO_PCI_TPH_CAP_PLATFORM_ST), firmware != FIRMWARE_NONE,
		  "firmware can name tags");
	check_int(cap.flags & (VFIO_PCI_TPH_CAP_ENABLED | VFIO_PCI_TPH_CAP_ENABLED_DS), 0,
		  "off after open");
	check_int(ctrl(), 0, "control register 0 after open");
	if (!modes) {
		check_int(tph_enable(dev.fd, VFIO_PCI_TPH_MODE_DS), -EOPNOTSUPP,
			  "ENABLE DS is not supported");
		check_int(tph_enable(dev.fd, VFIO_PCI_TPH_MODE_IV), -EOPNOTSUPP,
			  "ENABLE IV is not supported");
	}
	return modes;
}

static void test_modes(void)
{
	bool iv = cap.supported_modes & VFIO_PCI_TPH_MODE_IV;
	bool ds = cap.supported_modes & VFIO_PCI_TPH_MODE_DS;
	int no_ds = hardware_modes() & VFIO_PCI_TPH_MODE_DS ? -EPERM : -EOPNOTSUPP;
	struct vfio_pci_tph_entry ent;

	check_int(tph_disable(dev.fd), 0, "DISABLE when off");
	check_int(tph_get_st(dev.fd, 0, 0, &ent), -EINVAL, "GET_ST when off");
	check_int(tph_set_st(dev.fd, 0, 0, 0), cap.st_table_sz ? -EINVAL : -EOPNOTSUPP,
		  "SET_ST when off");
	check_int(tph_enable(dev.fd, VFIO_PCI_TPH_MODE_IV), iv ? 0 : -EOPNOTSUPP, "ENABLE IV");
	if (iv) {
		check_int(ctrl(), want_ctrl(1), "control register says IV");
		check_int(tph_enable(dev.fd, VFIO_PCI_TPH_MODE_IV), 0, "ENABLE IV again");
		check_int(tph_enable(dev.fd, VFIO_PCI_TPH_MODE_DS),
			  hardware_modes() & VFIO_PCI_TPH_MODE_DS ? -EBUSY : -EOPNOTSUPP,
			  "ENABLE DS while IV is on");
		check_int(tph_get_st(dev.fd, 0, 0, &ent), -EINVAL, "GET_ST in IV mode");
		check_int(tph_disable(dev.fd), 0, "DISABLE");
		check_int(ctrl(), 0, "control register 0");
	}
	check_int(tph_enable(dev.fd, VFIO_PCI_TPH_MODE_DS), ds ? 0 : no_ds, "ENABLE DS");
	if (ds) {
		check_int(ctrl(), want_ctrl(2), "control register says DS");
		tph_get_cap(dev.fd, &cap);
		check(cap.flags & VFIO_PCI_TPH_CAP_ENABLED &&
		      cap.flags & VFIO_PCI_TPH_CAP_ENABLED_DS, "GET_CAP says DS is on");
		check_int(tph_enable(dev.fd, VFIO_PCI_TPH_MODE_IV), iv ? -EBUSY : -EOPNOTSUPP,
			  "ENABLE IV while DS is on");
	} else if (iv) {
		check_int(tph_enable(dev.fd, VFIO_PCI_TPH_MODE_IV), 0, "ENABLE IV for what follows");
	}
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Firmware answers badly at first: it is asked again, and not all the time. */
static void test_flaky(void)
{
	struct vfio_pci_tph_entry ent;
	long start = now_ms();
	int ret, calls = 1;

	check_int(tph_enable(dev.fd, VFIO_PCI_TPH_MODE_DS), 0, "ENABLE DS");
	check_int(tph_get_st(dev.fd, 0, 0, &ent), -ENODEV, "GET_ST with a bad answer");
	tph_get_cap(dev.fd, &cap);
	check(cap.why & VFIO_PCI_TPH_WHY_BAD_DSM, "GET_CAP says so");
	do {
		usleep(20000);
		ret = tph_get_st(dev.fd, 0, 0, &ent);
		calls++;
	} while (ret == -ENODEV && now_ms() < start + 20000);
	check_int(ret, 0, "GET_ST in the end");
	check(now_ms() - start >= TAG_FLAKY * 990, "asked once a second (%ld ms, %d calls)",
	      now_ms() - start, calls);
	tph_get_cap(dev.fd, &cap);
	check_int(cap.why & VFIO_PCI_TPH_WHY_BAD_DSM, 0, "GET_CAP does not complain any more");
	check_int(tph_get_st(dev.fd, 1, 0, &ent), 0, "GET_ST for the next CPU");
	check_int(tph_disable(dev.fd), 0, "DISABLE");
	firmware = FIRMWARE_FULL;
}

/* There may be room for more. */
static uint32_t present_cpus(void)
{
	char path[PATH_MAX];
	uint32_t n = 0;

	do {
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u", n++);
	} while (!access(path, F_OK));
	return n - 1;
}

static void test_get_st(void)
{
	uint32_t cpu, ncpus = present_cpus();
	struct vfio_pci_tph_entry ent;
	int type;

	if (!(cap.supported_modes & VFIO_PCI_TPH_MODE_DS))
		return;
	for (cpu = 0; cpu < ncpus; cpu++) {
		for (type = 0; type < 2; type++) {
			int ret = tph_get_st(dev.fd, cpu, type, &ent);

			if (!has_tag(cpu, type)) {
				check(ret == -ENODEV, "no tag for CPU %u type %d", cpu, type);
				continue;
			}
			check(!ret && ent.st == want_tag(cpu, type) && ent.reserved1 == ext,
			      "tag 0x%04x for CPU %u type %d", ent.st, cpu, type);
		}
	}
	check_int(tph_get_st(dev.fd, ncpus, 0, &ent), -EINVAL, "CPU that is not there");
	check_int(tph_get_st(dev.fd, 0x7fffffff, 0, &ent), -EINVAL, "CPU 0x7fffffff");
	check_int(tph_get_st(dev.fd, VFIO_PCI_TPH_CPU_NONE, 0, &ent), -EINVAL, "CPU 0xffffffff");
}

/* The tags that are in the table now, wherever that is */
static const uint16_t *look_at_table(void)
{
	if (tph_dev_look(dev.bdf, &w) || w.msix_unread)
		check(false, "the table can be read");
	return w.msix_entries ? w.msix_tags : w.tags;
}

static void test_set_st(void)
{
	uint32_t i, n = cap.st_table_sz;
	struct vfio_device_pci_tph_op *arg;
	const uint16_t *table;
	bool same = true;

	if (!n) {
		check_int(tph_set_st(dev.fd, 0, 0, 0), -EOPNOTSUPP, "SET_ST without a table");
		return;
	}
	if (firmware != FIRMWARE_FULL) {
		check_int(tph_set_st(dev.fd, 0, 0, 0), -ENODEV, "SET_ST without firmware");
		check_int(tph_set_st(dev.fd, -1, n - 1, 0), 0, "clearing without firmware");
		return;
	}
	check_int(tph_set_st(dev.fd, 0, n, 0), -EINVAL, "index behind the table");
	check_int(tph_set_st(dev.fd, -1, 0xffff, 0), -EINVAL, "index 0xffff");
	check_int(tph_set_st(dev.fd, 0x10000, 0, 0), -EINVAL, "CPU 0x10000");
	check_int(tph_set_st(dev.fd, 1, n - 1, 0), 0, "last entry");
	check_int(look_at_table()[n - 1], want_tag(1, 0), "its tag is in the table");
	check_int(w.ctrl >> 8 & 3, ext ? 3 : 1, "and requests are on again");

	arg = tph_st_arg(VFIO_PCI_TPH_SET_ST, n, NULL);
	for (i = 0; i < n; i++) {
		arg->st.ents[i].cpu = i % 4;
		arg->st.ents[i].index = i;
	}
	check_int(tph_call(dev.fd, arg), 0, "all entries at once");
	table = look_at_table();
	for (i = 0; i < n; i++)
		same &= table[i] == want_tag(i % 4, 0);
	check(same, "all %u tags are in the table", n);
	if (n > 2) {
		/* one bad entry at the end, none written */
		arg->st.ents[0].cpu = 3;
		arg->st.ents[n - 1].cpu = 0x1000;
		check_int(tph_call(dev.fd, arg), -EINVAL, "the last of them is bad");
		check_int(look_at_table()[0], want_tag(0, 0), "the first one is as before");
		arg->st.ents[0].index = 1;
		arg->st.ents[n - 1].index = 1;
		arg->st.ents[n - 1].cpu = 2;
		check_int(tph_call(dev.fd, arg), 0, "index named three times");
		check_int(look_at_table()[1], want_tag(2, 0), "the last one counts");
	}
	free(arg);
	check_int(tph_set_st(dev.fd, -1, 0, 0), 0, "clear an entry");
	check_int(look_at_table()[0], 0, "it is 0");

	check_int(tph_disable(dev.fd), 0, "DISABLE");
	check_int(ctrl(), 0, "control register 0");
	tph_dev_look(dev.bdf, &w);
	check(tph_dev_is_clear(&w), "the whole table is 0");
}

/* The owner of the device cannot get around the ioctl. */
static void test_config_is_read_only(void)
{
	uint32_t value = 0x102, got = 0;

	check_int(tph_dev_config(dev.fd, w.cap + 8, &value, 4, true), 0,
		  "write to the control register");
	check_int(ctrl(), 0, "is dropped");
	check_int(tph_dev_config(dev.fd, w.cap + 4, &got, 4, false), 0, "read of the capability");
	check_int(got, w.caps, "is passed");
}

/* Is that group of tests to be run? All are, unless TPH_TESTS names some. */
static bool selected(const char *group)
{
	const char *only = getenv("TPH_TESTS");

	return !only || strstr(only, group);
}

/* What the ioctl does for an owner who does nothing else */
static void test_calls(void)
{
	test_read_only_result(dev.fd);
	test_config_is_read_only();
	test_modes();
	test_get_st();
	test_set_st();
	test_policy(&dev, &cap, hardware_modes(), ds_mode == DS_ALWAYS, firmware == FIRMWARE_FULL);
}

/* What else an owner can do, and what becomes of the device */
static void test_uses(const char *bdf)
{
	static const struct {
		const char *group;
		void (*test)(const char *bdf, bool firmware_has_tags);
		bool long_;
	} uses[] = {
		{ "hands", test_hands, false },
		{ "race", test_reset_race, true },
		{ "life", test_life, true },
		{ "msix", test_msix, true },
		{ "faults", test_faults, true },
	};
	size_t i;

	if (selected("region"))
		test_region(bdf, ds_mode == DS_NEVER);
	for (i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
		if (selected(uses[i].group) && !(quick && uses[i].long_))
			uses[i].test(bdf, firmware == FIRMWARE_FULL);
}

static int usage(const char *name)
{
	fprintf(stderr,
		"usage: %s [-q] [-n] [-b] [-f full|none|bad|flaky] [-p rawio|always|never] DEVICE (e.g. 0000:01:00.0)\n"
		"  -q  leave out what takes long: resets, power states, unbinding\n"
		"  -n  TPH is switched off on this machine\n"
		"  -b  the device is below the second host bridge\n"
		"  -f  firmware names all tags, knows nothing of them, answers with rubbish,\n"
		"      or only at first\n"
		"  -p  parameter ds_mode that the module was loaded with\n"
		"Environment: TPH_TESTS, which of calls, region, hands, race, life, msix, faults (all)\n",
		name);
	return 2;
}

static bool options(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "bqnf:p:")) != -1) {
		switch (c) {
		case 'q':
			quick = true;
			break;
		case 'n':
			refused = true;
			break;
		case 'b':
			second_bridge = true;
			break;
		case 'f':
			if (!strcmp(optarg, "none"))
				firmware = FIRMWARE_NONE;
			else if (!strcmp(optarg, "bad"))
				firmware = FIRMWARE_BAD;
			else if (!strcmp(optarg, "flaky"))
				firmware = FIRMWARE_FLAKY;
			else if (strcmp(optarg, "full"))
				return false;
			break;
		case 'p':
			if (!strcmp(optarg, "always"))
				ds_mode = DS_ALWAYS;
			else if (!strcmp(optarg, "never"))
				ds_mode = DS_NEVER;
			else if (strcmp(optarg, "rawio"))
				return false;
			break;
		default:
			return false;
		}
	}
	return optind == argc - 1;
}

int main(int argc, char **argv)
{
	const char *bdf;
	int ret;

	if (!options(argc, argv))
		return usage(argv[0]);
	bdf = argv[optind];
	ret = tph_dev_open(&dev, bdf);
	if (ret) {
		fprintf(stderr, "%s: %s\n", bdf, strerror(-ret));
		return 1;
	}
	if (firmware == FIRMWARE_FLAKY)
		test_flaky();
	if (selected("calls"))
		test_arguments(dev.fd);
	if (test_cap()) {
		if (selected("calls"))
			test_calls();
		tph_dev_close(&dev);
		test_uses(bdf);
	}
	return tap_end();
}
