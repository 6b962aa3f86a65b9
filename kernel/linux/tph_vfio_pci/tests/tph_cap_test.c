// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of what is made of a TPH Requester capability (tph_cap.c).
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include "../tph_cap.h"
#include "tph_op_test.h"

#define CAP_IV		0x2
#define CAP_DS		0x4
#define CAP_EXT		0x100
#define CAP_LOC(loc)	((loc) << 9)
#define CAP_SIZE(n)	(((n) - 1) << 16)

static struct tph_op_dev op;

/* A device with everything, in a place with everything */
static struct tph_cap_place good(void)
{
	return (struct tph_cap_place) {
		.cap = 1 | CAP_IV | CAP_DS | CAP_EXT | CAP_LOC(1) | CAP_SIZE(16),
		.room = 0x100,
		.vectors = 10,
		.completer = 3,
		.prefixes = true,
	};
}

static void look(const struct tph_cap_place *place)
{
	memset(&op, 0xff, sizeof(op));
	tph_cap_read(&op, place);
}

static void test_good(void)
{
	struct tph_cap_place place = good();

	look(&place);
	CHECK(op.usable);
	CHECK_INT(op.modes, VFIO_PCI_TPH_MODE_IV | VFIO_PCI_TPH_MODE_DS);
	CHECK_INT(op.req, TPH_OP_REQ_EXT);
	CHECK_INT(op.loc, TPH_OP_LOC_CAP);
	CHECK_INT(op.entries, 16);
	CHECK_INT(op.why, 0);
}

/* What both ends and the path support; 2 is reserved in the root port's field. */
static void test_request_type(void)
{
	static const u8 want[2][2][4] = {
		{ { 0, 1, 0, 1 }, { 0, 1, 0, 1 } },
		{ { 0, 1, 0, 1 }, { 0, 1, 0, 3 } },
	};
	struct tph_cap_place place = good();
	u8 ext, prefixes, completer;

	for (ext = 0; ext < 2; ext++) {
		for (prefixes = 0; prefixes < 2; prefixes++) {
			for (completer = 0; completer < 4; completer++) {
				u32 why = 0;

				place.cap = (place.cap & ~CAP_EXT) | (ext ? CAP_EXT : 0);
				place.prefixes = prefixes;
				place.completer = completer;
				look(&place);
				CHECK_INT(op.req, want[ext][prefixes][completer]);
				if (completer == 0 || completer == 2)
					why |= VFIO_PCI_TPH_WHY_ROOT_PORT;
				if (ext && !prefixes && completer == 3)
					why |= VFIO_PCI_TPH_WHY_PREFIX;
				CHECK_INT(op.why, why);
			}
		}
	}
}

/* There is no root port above an integrated endpoint. */
static void test_integrated(void)
{
	struct tph_cap_place place = good();

	place.completer = 0;
	place.integrated = true;
	look(&place);
	CHECK_INT(op.req, TPH_OP_REQ_EXT);
	CHECK_INT(op.why, 0);
	place.prefixes = false;
	look(&place);
	CHECK_INT(op.req, TPH_OP_REQ_TPH);
	CHECK_INT(op.why, VFIO_PCI_TPH_WHY_PREFIX);
	place.cap &= ~CAP_EXT;
	look(&place);
	CHECK_INT(op.req, TPH_OP_REQ_TPH);
	CHECK_INT(op.why, 0);
}

static void test_modes(void)
{
	struct tph_cap_place place = good();

	place.cap &= ~CAP_IV;
	look(&place);
	CHECK_INT(op.modes, VFIO_PCI_TPH_MODE_DS);
	place.cap &= ~CAP_DS;
	look(&place);
	CHECK_INT(op.modes, 0);
	CHECK_INT(op.why, VFIO_PCI_TPH_WHY_NO_ST);
	place.cap |= CAP_IV;
	look(&place);
	CHECK_INT(op.modes, VFIO_PCI_TPH_MODE_IV);
	CHECK_INT(op.why, 0);
}

/* Every size the field can name against every room there can be around it */
static void test_table_in_capability(void)
{
	struct tph_cap_place place = good();
	u32 entries, room;
	bool fits;

	for (entries = 1; entries <= 2048; entries++) {
		for (room = 0; room <= 0xf00; room += 2) {
			fits = entries <= 64 && 12 + 2 * entries <= room;
			place.cap = CAP_IV | CAP_DS | CAP_LOC(1) | CAP_SIZE(entries);
			place.room = room;
			look(&place);
			if (op.entries != (fits ? entries : 0) ||
			    op.loc != (fits ? TPH_OP_LOC_CAP : TPH_OP_LOC_NONE) ||
			    op.why != (fits ? 0 : VFIO_PCI_TPH_WHY_NO_TABLE) ||
			    op.modes != (fits ? 3 : VFIO_PCI_TPH_MODE_DS)) {
				CHECK_INT(entries, -1);
				CHECK_INT(room, -1);
				return;
			}
		}
	}
	CHECK(entries == 2049);
	CHECK(tph_cap_has_table(place.cap));
}

static void test_table_elsewhere(void)
{
	struct tph_cap_place place = good();

	place.cap = CAP_IV | CAP_DS | CAP_LOC(2) | CAP_SIZE(2048);
	place.room = 12;
	look(&place);
	CHECK_INT(op.loc, TPH_OP_LOC_MSIX);
	CHECK_INT(op.entries, 10);
	CHECK(tph_cap_has_table(place.cap));
	place.vectors = 0;
	look(&place);
	CHECK_INT(op.loc, TPH_OP_LOC_NONE);
	CHECK_INT(op.entries, 0);
	CHECK_INT(op.modes, VFIO_PCI_TPH_MODE_DS);
	CHECK_INT(op.why, VFIO_PCI_TPH_WHY_NO_TABLE);

	/* the reserved location */
	place = good();
	place.cap |= CAP_LOC(3);
	look(&place);
	CHECK_INT(op.loc, TPH_OP_LOC_NONE);
	CHECK_INT(op.entries, 0);

	/* none: device-specific mode needs none */
	place = good();
	place.cap = CAP_DS | CAP_SIZE(16);
	look(&place);
	CHECK_INT(op.loc, TPH_OP_LOC_NONE);
	CHECK_INT(op.entries, 0);
	CHECK_INT(op.modes, VFIO_PCI_TPH_MODE_DS);
	CHECK_INT(op.why, 0);
	CHECK(!tph_cap_has_table(place.cap));
}

void test_cap(void)
{
	tap_run(test_good);
	tap_run(test_request_type);
	tap_run(test_integrated);
	tap_run(test_modes);
	tap_run(test_table_in_capability);
	tap_run(test_table_elsewhere);
}
