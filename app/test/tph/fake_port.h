/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef FAKE_PORT_H
#define FAKE_PORT_H

/**
 * @file
 * A port without hardware, whose driver is the test: it keeps a model of what
 * the hardware hints, checks what ethdev asks of it, and fails on demand.
 */

#include <stdbool.h>
#include <stdint.h>

#include <bus_pci_driver.h>
#include <ethdev_driver.h>
#include <ethdev_tph_driver.h>
#include <rte_ethdev.h>

#define TEST_TPH_DIRS 2
#define TEST_TPH_QUEUES RTE_MAX_QUEUES_PER_PORT

/** Tag that the driver of the test resolves for a CPU. */
#define TEST_TPH_ST(cpu) ((uint16_t)((0x40 + (cpu)) & 0xff))

#define TEST_TPH_RX_OBJECTS \
	((uint32_t)(RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_HEADER | RTE_TPH_OBJECT_PAYLOAD))
#define TEST_TPH_TX_OBJECTS \
	((uint32_t)(RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_PAYLOAD))

/** Operations of a driver. */
enum test_tph_op {
	TEST_TPH_INFO_GET,
	TEST_TPH_ENABLE,
	TEST_TPH_DISABLE,
	TEST_TPH_RESOLVE,
	TEST_TPH_APPLY,
	TEST_TPH_OPS,
};

/** What the hardware hints for a queue. */
struct test_tph_hw {
	uint32_t objects;
	uint16_t st;
};

struct test_tph_port {
	uint16_t port_id;
	/** May be changed by the test at any time. */
	struct eth_dev_ops dev_ops;
	struct rte_pci_device pci_dev;
	struct rte_pci_driver pci_drv;

	/** What info_get answers; the mode is that of the hardware. */
	struct rte_eth_tph_info info;
	/** What the hardware hints, by direction and queue. */
	struct test_tph_hw hw[TEST_TPH_DIRS][TEST_TPH_QUEUES];

	/** How often operations were called. */
	unsigned int calls[TEST_TPH_OPS];
	/** The queues of the last resolve and the last apply. */
	struct eth_dev_tph_queue last[TEST_TPH_DIRS * TEST_TPH_QUEUES];
	uint16_t nb_last;

	/** If not 0, what an operation fails with. */
	int fail[TEST_TPH_OPS];
	/** If true, the operation fails only if it is asked for a bad queue. */
	bool fail_bad_only;
	bool bad[TEST_TPH_DIRS][TEST_TPH_QUEUES];
	/** Queues that are lost when apply fails. */
	bool lose[TEST_TPH_DIRS][TEST_TPH_QUEUES];
	/** Queues that were lost since they were last applied. */
	bool lost[TEST_TPH_DIRS][TEST_TPH_QUEUES];
	/** If not 0, what start of the port fails with, having asked for hints. */
	int fail_start;
	/** Called within start of the port. */
	void (*in_start)(struct test_tph_port *port);
	/** How often the driver asked for a hint. */
	unsigned int asked;
	/** The driver asks although it can be told at any time. */
	bool asks;
	/** If not 0, what start of a queue fails with. */
	int fail_queue_start;
	/** Queues that start of the port does not start. */
	bool deferred[TEST_TPH_DIRS][TEST_TPH_QUEUES];
	/** The driver does not restart the port to change its MTU. */
	bool mtu_without_restart;
	/** If not 0, what a change of the MTU fails with. */
	int fail_mtu;
	/** The device is pulled out. */
	bool removed;
	/** ethdev broke a promise to its drivers. */
	bool broken;
};

/** The port that is behind a device of ethdev. */
struct test_tph_port *test_tph_port_of(const struct rte_eth_dev *dev);

/** Fail the test: ethdev does not do *what* it promises its drivers. Returns -EPROTO. */
int test_tph_port_broken(struct test_tph_port *port, const char *what);

/** The TPH operations of the test, all of them. */
extern const struct eth_dev_tph_ops test_tph_ops;

/** Make a port of no queues; *tph_ops* NULL: a driver without TPH. */
int test_tph_port_create(struct test_tph_port *port, const char *name,
		const struct eth_dev_tph_ops *tph_ops);

/** Stop and close the port if it is there. */
void test_tph_port_destroy(struct test_tph_port *port);

/**
 * Whether a race goes on after that many rounds of the calling thread: for all of them, but
 * no longer than 10 s. On a machine that emulates its CPUs one after the other, a thread that
 * spins keeps the one that it waits for from running, and a round can take a second.
 */
bool test_tph_race_goes_on(unsigned int round, unsigned int rounds);

/** Configure the port, which is stopped. */
int test_tph_port_configure(const struct test_tph_port *port, uint16_t nb_rx, uint16_t nb_tx);

/** Configure the port with as many Rx as Tx queues and enable TPH on it. */
int test_tph_port_enable(const struct test_tph_port *port, uint16_t nb_queues);

/**
 * Set a case up: lcores from *first* on, each on a CPU from *cpu* on, and the port
 * with TPH enabled, not started. TEST_SKIPPED where there can be no such lcores.
 */
int test_tph_setup(struct test_tph_port *port, unsigned int first, unsigned int cpu,
		unsigned int nb_lcores, uint16_t nb_queues);

/** Clean up after a case with a port and lcores. */
void test_tph_teardown(struct test_tph_port *port);

/** Let queues be started and stopped one by one. */
void test_tph_port_queue_start_add(struct test_tph_port *port);

/** Set an Rx queue up, at any time. */
int test_tph_rx_queue_setup(const struct test_tph_port *port, uint16_t queue_id);

/** Forget how often operations were called. */
void test_tph_port_calls_reset(struct test_tph_port *port);

/** Bind one queue to an lcore, with all objects. */
int test_tph_bind_one(const struct test_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id, uint32_t lcore_id);

/** Bind Rx queues 0 to *nb* - 1 to *of* lcores in turn, *lcore_id* and those after it. */
int test_tph_bind_rx(const struct test_tph_port *port, uint16_t nb, uint32_t lcore_id,
		unsigned int of);

/** 0 if a queue is bound and hinted as told, else -1 and a message. */
int test_tph_applied_check(const struct test_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id, uint32_t lcore_id, uint32_t cpu, uint32_t objects);

/** 0 if a queue is bound but not hinted, else -1 and a message. */
int test_tph_unapplied_check(const struct test_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id, enum rte_eth_tph_status status, int error,
		uint32_t lcore_id);

/** 0 if the binding of a queue stands there, else -1 and a message. */
int test_tph_status_check(const struct test_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id, enum rte_eth_tph_status status);

/** 0 if a queue is neither bound nor hinted, else -1 and a message. */
int test_tph_unbound_check(const struct test_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id);

/** Create, configure and start a port with as many Rx as Tx queues. */
int test_tph_port_start(struct test_tph_port *port, const char *name, uint16_t nb_queues);

/** A binding that is right on every port of these tests. */
struct rte_eth_tph_queue_conf test_tph_good_conf(void);

#endif /* FAKE_PORT_H */
