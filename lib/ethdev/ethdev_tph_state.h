/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef ETHDEV_TPH_STATE_H
#define ETHDEV_TPH_STATE_H

/**
 * @file
 * What the queues of ports are bound to, in memory that all processes share.
 *
 * Only the primary process writes. Its threads take turns by a mutex per port
 * that is local to the process. Who reads, in whatever process, takes no lock:
 * a sequence counter tells whether what was read hangs together.
 */

#include <stdbool.h>
#include <stdint.h>

#include <rte_ethdev.h>
#include <rte_log.h>
#include <rte_seqcount.h>

#include "ethdev_tph_driver.h"

extern int eth_tph_logtype;

#define ETH_TPH_LOG(level, fmt, ...) \
	rte_log(RTE_LOG_ ## level, eth_tph_logtype, "ETHDEV TPH: " fmt "\n", ## __VA_ARGS__)

/** Number of directions. */
#define ETH_TPH_DIRS 2

/** Bindings are allocated for so many queues at a time. */
#define ETH_TPH_CHUNK 32
#define ETH_TPH_CHUNKS ((RTE_MAX_QUEUES_PER_PORT + ETH_TPH_CHUNK - 1) / ETH_TPH_CHUNK)

/** What a queue hints. */
struct eth_tph_hint {
	uint16_t st;
	uint8_t st_bits;
	/** Mask of enum rte_tph_object, 0: nothing. */
	uint8_t objects;
};

/** Binding of a queue; all 0: not bound, and nothing in the hardware. */
struct eth_tph_binding {
	/** What the queue is bound to; no objects: it is not bound. */
	struct eth_tph_hint want;
	/** What the hardware has got, as far as it is known. */
	struct eth_tph_hint have;
	/** What a driver that asks for hints was given, and has not started yet. */
	struct eth_tph_hint given;
	uint8_t is_given;
	/** enum rte_eth_tph_target. */
	uint8_t target;
	/** enum rte_tph_mem. */
	uint8_t mem;
	/** enum rte_eth_tph_follow_state. */
	uint8_t follow;
	/** Why the hardware is not as it should be: a negative errno, or 0. */
	int32_t error;
	/** Why the queue cannot be followed: a negative errno, or 0. */
	int32_t follow_error;
	/** The thread that polls the queue, as it was followed. */
	uint32_t thread;
	uint32_t lcore_id;
	uint32_t cpu_id;
	/** CPUs of the lcore: of its thread if that was known, as EAL has them. */
	uint32_t thread_cpus;
	uint32_t eal_cpus;
};

/** TPH of a port. */
struct eth_tph_port {
	rte_seqcount_t sn;
	/** What the driver told when TPH was enabled; no mode: it is disabled. */
	struct rte_eth_tph_info info;
	/** 1 + enum rte_eth_tph_follow_mode, 0: not followed. Whoever reads takes no lock. */
	uint32_t follow;
	/** NULL where no queue was ever bound. */
	struct eth_tph_binding *chunks[ETH_TPH_DIRS][ETH_TPH_CHUNKS];
};

/** Printable name of a direction. */
const char *eth_tph_dir_name(enum rte_eth_tph_dir dir);

/** Number of configured queues of a direction. */
uint16_t eth_tph_nb_queues(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir);

/** Whether a queue is in a state in which the hardware keeps a tag. */
bool eth_tph_queue_runs(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir,
		uint16_t queue_id);

/** Objects that a port supports in a direction. */
static inline uint32_t
eth_tph_objects(const struct rte_eth_tph_info *info, enum rte_eth_tph_dir dir)
{
	return dir == RTE_ETH_TPH_RX ? info->rx_objects : info->tx_objects;
}

/*
 * For those who change something, in the primary process.
 */

/**
 * Keep other threads from changing TPH of a port. Not for long: a driver that
 * is called meanwhile must not ask for hints.
 */
void eth_tph_lock(uint16_t port_id);
void eth_tph_unlock(uint16_t port_id);

/** The same without waiting; false if another thread is at it. */
bool eth_tph_trylock(uint16_t port_id);

/** Lock a port that is there; false and not locked if there is none. */
bool eth_tph_lock_valid(uint16_t port_id);

/**
 * Mark a port as being started, stopped or the like, or not any more. The marks
 * are counted. The lock is to be held.
 */
void eth_tph_transition_add(uint16_t port_id, int nb);

/** Whether a port is being started, stopped or the like. The lock is to be held. */
bool eth_tph_in_transition(uint16_t port_id);

/**
 * Mark a port as being closed, so that nobody changes it any more, or as alive
 * after all. The lock is to be held.
 */
void eth_tph_closing_set(uint16_t port_id, bool closing);

/** Whether a port is being closed. The lock is to be held. */
bool eth_tph_is_closing(uint16_t port_id);

/** The state of a port, NULL if TPH was never enabled on it. */
struct eth_tph_port *eth_tph_port_find(uint16_t port_id);

/** The same, but made if there is none; NULL if memory is short. */
struct eth_tph_port *eth_tph_port_make(uint16_t port_id);

/**
 * Forget the state of a port, which nobody may use any more. The lock of all
 * ports is to be held, too: telemetry reads under it.
 */
void eth_tph_port_free(uint16_t port_id);

/** Record what is enabled, NULL for nothing. */
void eth_tph_info_set(struct eth_tph_port *port, const struct rte_eth_tph_info *info);

/** Make room for the binding of a queue. Returns 0 or -ENOMEM. */
int eth_tph_binding_reserve(struct eth_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id);

/** The binding of a queue, to be looked at. */
const struct eth_tph_binding *eth_tph_binding_at(const struct eth_tph_port *port,
		enum rte_eth_tph_dir dir, uint16_t queue_id);

/** Change the binding of a queue, for which there is room. */
void eth_tph_binding_set(struct eth_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id, const struct eth_tph_binding *binding);

/**
 * All queues from *first* on that have room for a binding, or had one.
 * *queue_id* has to be of a type that holds RTE_MAX_QUEUES_PER_PORT.
 */
#define ETH_TPH_FOREACH(port, dir, queue_id, first) \
	for (queue_id = eth_tph_binding_next(port, dir, first); \
	     queue_id < RTE_MAX_QUEUES_PER_PORT; \
	     queue_id = eth_tph_binding_next(port, dir, queue_id + 1))

uint32_t eth_tph_binding_next(const struct eth_tph_port *port, enum rte_eth_tph_dir dir,
		uint32_t queue_id);

/*
 * For those who read, in any process.
 */

/**
 * Read what is enabled on a port and, unless *binding* is NULL, the binding of
 * a queue. All 0 if TPH was never enabled.
 */
void eth_tph_read(uint16_t port_id, enum rte_eth_tph_dir dir, uint16_t queue_id,
		struct rte_eth_tph_info *info, struct eth_tph_binding *binding);

/** Where a binding that was read stands. */
enum rte_eth_tph_status eth_tph_status(const struct rte_eth_dev *dev,
		enum rte_eth_tph_dir dir, uint16_t queue_id,
		const struct rte_eth_tph_info *info, const struct eth_tph_binding *binding);

#endif /* ETHDEV_TPH_STATE_H */
