/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef FAKE_KERNEL_H
#define FAKE_KERNEL_H

/**
 * @file
 * A kernel that answers the TPH ioctl on one file descriptor. It takes apart
 * and makes up bytes by itself, not by the structures of the code under test.
 */

#include <stdbool.h>
#include <stdint.h>

#include <bus_pci_driver.h>

#include "fake_port.h"

/* The contract with the kernel, in numbers. */
#define TEST_TPH_REQUEST 0x3b7a
#define TEST_TPH_HEADER 16
#define TEST_TPH_ENTRY 12
#define TEST_TPH_ENTRIES_MAX 2048
#define TEST_TPH_CPU_NONE UINT32_C(0xffffffff)

enum {
	TEST_TPH_OP_GET_CAP = 0,
	TEST_TPH_OP_ENABLE = 1,
	TEST_TPH_OP_DISABLE = 2,
	TEST_TPH_OP_GET_ST = 3,
	TEST_TPH_OP_SET_ST = 4,
	TEST_TPH_OP_NB,
};

#define TEST_TPH_MODE_IV 1
#define TEST_TPH_MODE_DS 2

#define TEST_TPH_FLAG_EXTENDED 0x01
#define TEST_TPH_FLAG_IN_CAP 0x02
#define TEST_TPH_FLAG_IN_MSIX 0x04
#define TEST_TPH_FLAG_PLATFORM 0x08
#define TEST_TPH_FLAG_ENABLED 0x10
#define TEST_TPH_FLAG_ENABLED_DS 0x20

/** Tag of a CPU. */
struct test_tph_tag {
	/** The platform names none. */
	bool none;
	/** The process may not run on the CPU. */
	bool forbidden;
	bool extended;
	uint16_t st;
};

/** Entry of the ST table. */
struct test_tph_table_entry {
	uint32_t cpu;
	uint8_t mem;
};

struct test_tph_kernel {
	/** Descriptor that is answered, -1: none. */
	int fd;

	/** If not 0, the errno that calls fail with. */
	int fail;
	/** If not -1, only this operation fails. */
	int fail_op;
	/** If set, each call enters the real kernel too, for what that costs. */
	bool enter;
	/** If set, success is answered with these bytes after the first 8. */
	const uint8_t *answer;
	uint32_t answer_len;

	/** The device: modes it has and flags of its table and platform. */
	uint8_t modes;
	uint8_t flags;
	uint16_t table_size;
	/** What it says is missing. */
	uint16_t why;
	/** Modes that policy forbids. */
	uint8_t forbidden;
	/** The mode that is enabled, 0 if none is. */
	uint8_t enabled;
	struct test_tph_tag tags[2][1024];
	struct test_tph_table_entry table[TEST_TPH_ENTRIES_MAX];

	/** Number of calls, and of calls by operation. */
	unsigned int calls;
	unsigned int ops[TEST_TPH_OP_NB];
	/** The argument of the last call. */
	uint8_t last[TEST_TPH_HEADER + TEST_TPH_ENTRY * TEST_TPH_ENTRIES_MAX];
	uint32_t last_len;
	/** Number of entries of the last GET_ST or SET_ST. */
	uint32_t nb_ents;
};

extern struct test_tph_kernel test_tph_kernel;

/**
 * Start to answer: a device with both modes and a table of 64 entries, and a
 * platform that names the tag TEST_TPH_ST(cpu) for each CPU.
 */
int test_tph_kernel_start(void);

/** Stop to answer. */
void test_tph_kernel_stop(void);

/** Forget the calls made so far. */
void test_tph_kernel_calls_reset(void);

/** Make a device that VFIO opened at the descriptor of the kernel. */
int test_tph_device_open(struct rte_pci_device *dev);

/** Undo test_tph_device_open(). */
void test_tph_device_close(struct rte_pci_device *dev);

/** Members of entry *i* of the last call. */
uint32_t test_tph_last_cpu(uint32_t i);
uint8_t test_tph_last_mem(uint32_t i);
uint16_t test_tph_last_index(uint32_t i);

#endif /* FAKE_KERNEL_H */
