/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 *
 * The steering tags that the test VM's firmware names: the one place for tph.asl and for
 * whoever checks a tag (vm/guest/tph-tag reads these lines; keep them plain).
 *
 * The tag of CPU n is BASE + n for each memory type and width: no value occurs twice, and a
 * 16-bit tag cut to its low byte is no CPU's 8-bit tag.
 */
#define TAG_VOLATILE_8		0x20
#define TAG_PERSISTENT_8	0x60
#define TAG_VOLATILE_16		0x1180
#define TAG_PERSISTENT_16	0x22C0

/* Below the second host bridge */
#define TAG_2_VOLATILE_8	0x40
#define TAG_2_PERSISTENT_8	0xA0
#define TAG_2_VOLATILE_16	0x3300
#define TAG_2_PERSISTENT_16	0x44E0

/* The firmware is asked by ACPI processor UID, which for CPU n is n ^ this. */
#define TAG_UID_XOR		0x15

/* CPUs from this one on have no tag at all. */
#define TAG_CPUS		32

/* These lack one kind; the field then holds a value all the same, only not valid. */
#define TAG_CPU_NO_8		7
#define TAG_CPU_NO_16		6
#define TAG_CPU_NO_PERSISTENT	4

/* For this one the platform ignores the processing hint. */
#define TAG_CPU_PH_IGNORED	5

/* How often firmware that is flaky answers badly before it does well. */
#define TAG_FLAKY		3
