/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef ETHDEV_TPH_FOLLOW_H
#define ETHDEV_TPH_FOLLOW_H

/**
 * @file
 * Binding queues to the CPUs that they are polled on, as far as that is seen. The
 * port is locked by whoever calls these functions.
 */

#include "ethdev_tph_state.h"

struct eth_tph_watch;

/** Time between two looks at who polls, in microseconds. */
extern uint64_t eth_tph_follow_period;

/** So many looks in a row have to agree before a queue is bound. */
#define ETH_TPH_FOLLOW_AGREE 3
/** A queue that moves this often... */
#define ETH_TPH_FOLLOW_STRAYS 4
/** ...without as many looks that agree is left alone until there are. */
#define ETH_TPH_FOLLOW_CALM 32

/** A queue of a port that is followed. */
struct eth_tph_followed {
	/** NULL: nobody looks who polls. */
	struct eth_tph_watch *watch;
	/** Who was seen last, thread 0: nobody, or several; how often in a row. */
	uint32_t thread;
	uint32_t cpu;
	uint16_t same;
	/** How often it was somebody else, or elsewhere, and which of it at last. */
	uint8_t strays;
	uint8_t stray;
	/** It was logged that the queue is left alone. */
	bool told;
	/** The CPU to which it could not be bound, if so. */
	bool failed;
	uint32_t failed_cpu;
};

/** A port that is followed. */
struct eth_tph_follow {
	enum rte_eth_tph_follow_mode mode;
	/** What is hinted; 0: queues of this direction are left alone. */
	uint32_t objects[ETH_TPH_DIRS];
	/** TPH was enabled to follow, and is nobody else's. */
	bool enabled;
	/** It was logged that bindings take effect later. */
	bool told;
	uint32_t nb_watches;
	struct eth_tph_followed queues[ETH_TPH_DIRS][RTE_MAX_QUEUES_PER_PORT];
};

/** NULL if a port is not followed; only that may be asked without the lock. */
struct eth_tph_follow *eth_tph_follow_find(uint16_t port_id);

/** Whether a port is followed. */
bool eth_tph_is_followed(uint16_t port_id);

/**
 * See rte_eth_dev_tph_follow(); the port is not locked. *lenient*: what is asked for is
 * hinted where there is such an object, in one direction at least.
 */
int eth_tph_follow_port(uint16_t port_id, const struct rte_eth_tph_follow_conf *conf,
		bool lenient);

/**
 * The same while TPH is enabled. *enabled*: that was done to follow the port, and is
 * to be undone.
 */
int eth_tph_follow(struct rte_eth_dev *dev, struct eth_tph_port *port,
		const struct rte_eth_tph_follow_conf *conf, bool lenient, bool enabled);

/** See rte_eth_dev_tph_unfollow(). */
int eth_tph_unfollow(struct rte_eth_dev *dev, struct eth_tph_port *port);

/** The application wants TPH enabled, whoever did that. */
void eth_tph_follow_enabled(uint16_t port_id);

/** Follow a port no more; bindings stay. */
void eth_tph_follow_end(struct rte_eth_dev *dev, struct eth_tph_port *port);

/** The port was configured, started, stopped. */
void eth_tph_follow_configured(struct rte_eth_dev *dev, struct eth_tph_port *port);
void eth_tph_follow_started(struct rte_eth_dev *dev, struct eth_tph_port *port);
void eth_tph_follow_stopped(struct rte_eth_dev *dev);

/** Record what becomes of following a queue, for which there is room. */
void eth_tph_follow_record(struct eth_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id, enum rte_eth_tph_follow_state state, int error,
		uint32_t thread);

/** Look no more who polls a queue, if anybody does. */
void eth_tph_queue_unwatch(uint16_t port_id, struct eth_tph_follow *follow,
		enum rte_eth_tph_dir dir, uint16_t queue_id);

/** Have the alarm look as long as there is something to see. 0 or a negative errno. */
int eth_tph_alarm_start(void);

/** Look at all ports, which are not locked: what the alarm does. */
void eth_tph_follow_look(void *arg);

#endif /* ETHDEV_TPH_FOLLOW_H */
