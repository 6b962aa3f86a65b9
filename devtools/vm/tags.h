/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 *
 * The steering tags that the test VM's firmware names: the one place for tph.asl and for
 * whoever checks a tag (vm/guest/tph-tag reads these lines; keep them plain).
 *
 * CPU n has the ACPI processor UID n. Its tag is BASE + n for each memory type and width:
 * no value occurs twice, and a 16-bit tag cut to its low byte is no CPU's 8-bit tag.
 */
#define TAG_VOLATILE_8		0x20
#define TAG_PERSISTENT_8	0x60
#define TAG_VOLATILE_16		0x1180
#define TAG_PERSISTENT_16	0x22C0

/* Processors from this UID on have no tag at all. */
#define TAG_CPUS		32

/* These lack one kind; the field then holds a value all the same, only not valid. */
#define TAG_UID_NO_8		7
#define TAG_UID_NO_16		6
#define TAG_UID_NO_PERSISTENT	4

/* For this one the platform ignores the processing hint. */
#define TAG_UID_PH_IGNORED	5
