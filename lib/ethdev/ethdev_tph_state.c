/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <assert.h>
#include <pthread.h>
#include <string.h>

#include <rte_eal.h>
#include <rte_eal_memconfig.h>
#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_memzone.h>

#include "ethdev_driver.h"
#include "ethdev_tph_compat.h"
#include "ethdev_tph_state.h"

#define ETH_TPH_MEMZONE "rte_eth_dev_tph"

RTE_LOG_REGISTER_SUFFIX(eth_tph_logtype, tph, NOTICE);

/* What all processes share. */
struct eth_tph_shared {
	struct eth_tph_port *ports[RTE_MAX_ETHPORTS];
};

static struct eth_tph_shared *eth_tph_shared;

/* What is no business of other processes. */
static struct {
	pthread_mutex_t mutex;
	unsigned int transitions;
	bool closing;
} eth_tph_local[RTE_MAX_ETHPORTS];

static const struct eth_tph_binding eth_tph_unbound;

RTE_INIT(eth_tph_local_init)
{
	unsigned int i;

	for (i = 0; i < RTE_DIM(eth_tph_local); i++)
		pthread_mutex_init(&eth_tph_local[i].mutex, NULL);
}

/* NULL if TPH was never enabled on any port. */
static struct eth_tph_shared *
eth_tph_shared_find(void)
{
	const struct rte_memzone *mz;

	if (eth_tph_shared != NULL)
		return eth_tph_shared;

	/* The lock of named objects: what is found is initialized. */
	rte_mcfg_tailq_read_lock();
	mz = rte_memzone_lookup(ETH_TPH_MEMZONE);
	rte_mcfg_tailq_read_unlock();
	if (mz != NULL)
		eth_tph_shared = mz->addr;
	return eth_tph_shared;
}

static struct eth_tph_shared *
eth_tph_shared_make(void)
{
	struct eth_tph_shared *shared = NULL;
	const struct rte_memzone *mz;

	rte_mcfg_tailq_write_lock();
	mz = rte_memzone_lookup(ETH_TPH_MEMZONE);
	if (mz != NULL) {
		shared = mz->addr;
	} else {
		mz = rte_memzone_reserve(ETH_TPH_MEMZONE, sizeof(*shared), SOCKET_ID_ANY, 0);
		if (mz != NULL) {
			shared = mz->addr;
			memset(shared, 0, sizeof(*shared));
		}
	}
	rte_mcfg_tailq_write_unlock();
	return shared;
}

const char *
eth_tph_dir_name(enum rte_eth_tph_dir dir)
{
	return dir == RTE_ETH_TPH_RX ? "Rx" : "Tx";
}

uint16_t
eth_tph_nb_queues(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir)
{
	return dir == RTE_ETH_TPH_RX ? dev->data->nb_rx_queues : dev->data->nb_tx_queues;
}

bool
eth_tph_queue_runs(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	const struct eth_dev_ops *ops = dev->dev_ops;
	const struct rte_eth_dev_data *data = dev->data;

	if (data->dev_started == 0)
		return false;

	/* Only a queue that can be started by itself can be stopped by itself. */
	if (dir == RTE_ETH_TPH_RX)
		return ops->rx_queue_start == NULL ||
			data->rx_queue_state[queue_id] != RTE_ETH_QUEUE_STATE_STOPPED;
	return ops->tx_queue_start == NULL ||
		data->tx_queue_state[queue_id] != RTE_ETH_QUEUE_STATE_STOPPED;
}

void
eth_tph_lock(uint16_t port_id)
{
	pthread_mutex_lock(&eth_tph_local[port_id].mutex);
}

bool
eth_tph_trylock(uint16_t port_id)
{
	return pthread_mutex_trylock(&eth_tph_local[port_id].mutex) == 0;
}

bool
eth_tph_lock_valid(uint16_t port_id)
{
	rte_spinlock_t *lock = eth_tph_ports_lock();
	bool valid;

	if (lock == NULL)
		return false;
	/* A port that is released is locked after all ports are. */
	rte_spinlock_lock(lock);
	valid = rte_eth_dev_is_valid_port(port_id);
	if (valid)
		eth_tph_lock(port_id);
	rte_spinlock_unlock(lock);
	return valid;
}

void
eth_tph_unlock(uint16_t port_id)
{
	pthread_mutex_unlock(&eth_tph_local[port_id].mutex);
}

void
eth_tph_transition_add(uint16_t port_id, int nb)
{
	eth_tph_local[port_id].transitions += nb;
}

bool
eth_tph_in_transition(uint16_t port_id)
{
	return eth_tph_local[port_id].transitions != 0;
}

void
eth_tph_closing_set(uint16_t port_id, bool closing)
{
	eth_tph_local[port_id].closing = closing;
}

bool
eth_tph_is_closing(uint16_t port_id)
{
	return eth_tph_local[port_id].closing;
}

struct eth_tph_port *
eth_tph_port_find(uint16_t port_id)
{
	struct eth_tph_shared *shared = eth_tph_shared_find();

	return shared == NULL ? NULL : shared->ports[port_id];
}

struct eth_tph_port *
eth_tph_port_make(uint16_t port_id)
{
	struct eth_tph_shared *shared = eth_tph_shared_make();
	struct eth_tph_port *port;

	if (shared == NULL || shared->ports[port_id] != NULL)
		return shared == NULL ? NULL : shared->ports[port_id];

	port = rte_zmalloc("eth_tph_port", sizeof(*port), 0);
	if (port == NULL)
		return NULL;
	rte_seqcount_init(&port->sn);
	/* Who reads sees it filled. */
	__atomic_store_n(&shared->ports[port_id], port, __ATOMIC_RELEASE);
	return port;
}

void
eth_tph_port_free(uint16_t port_id)
{
	struct eth_tph_port *port = eth_tph_port_find(port_id);
	unsigned int i;

	eth_tph_local[port_id].transitions = 0;
	eth_tph_local[port_id].closing = false;
	if (port == NULL)
		return;

	eth_tph_shared->ports[port_id] = NULL;
	for (i = 0; i < ETH_TPH_CHUNKS; i++) {
		rte_free(port->chunks[RTE_ETH_TPH_RX][i]);
		rte_free(port->chunks[RTE_ETH_TPH_TX][i]);
	}
	rte_free(port);
}

void
eth_tph_info_set(struct eth_tph_port *port, const struct rte_eth_tph_info *info)
{
	static const struct rte_eth_tph_info disabled;

	rte_seqcount_write_begin(&port->sn);
	port->info = info != NULL ? *info : disabled;
	rte_seqcount_write_end(&port->sn);
}

int
eth_tph_binding_reserve(struct eth_tph_port *port, enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	struct eth_tph_binding **at = &port->chunks[dir][queue_id / ETH_TPH_CHUNK];
	struct eth_tph_binding *chunk;

	if (*at != NULL)
		return 0;
	chunk = rte_zmalloc("eth_tph_bindings", ETH_TPH_CHUNK * sizeof(*chunk), 0);
	if (chunk == NULL)
		return -ENOMEM;
	rte_seqcount_write_begin(&port->sn);
	*at = chunk;
	rte_seqcount_write_end(&port->sn);
	return 0;
}

const struct eth_tph_binding *
eth_tph_binding_at(const struct eth_tph_port *port, enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	const struct eth_tph_binding *chunk = port->chunks[dir][queue_id / ETH_TPH_CHUNK];

	return chunk == NULL ? &eth_tph_unbound : &chunk[queue_id % ETH_TPH_CHUNK];
}

void
eth_tph_binding_set(struct eth_tph_port *port, enum rte_eth_tph_dir dir, uint16_t queue_id,
		const struct eth_tph_binding *binding)
{
	rte_seqcount_write_begin(&port->sn);
	port->chunks[dir][queue_id / ETH_TPH_CHUNK][queue_id % ETH_TPH_CHUNK] = *binding;
	rte_seqcount_write_end(&port->sn);
}

uint32_t
eth_tph_binding_next(const struct eth_tph_port *port, enum rte_eth_tph_dir dir, uint32_t queue_id)
{
	while (queue_id < RTE_MAX_QUEUES_PER_PORT &&
	       port->chunks[dir][queue_id / ETH_TPH_CHUNK] == NULL)
		queue_id = (queue_id / ETH_TPH_CHUNK + 1) * ETH_TPH_CHUNK;
	return queue_id;
}

void
eth_tph_read(uint16_t port_id, enum rte_eth_tph_dir dir, uint16_t queue_id,
		struct rte_eth_tph_info *info, struct eth_tph_binding *binding)
{
	struct eth_tph_shared *shared = eth_tph_shared_find();
	const struct eth_tph_port *port = NULL;
	uint32_t sn;

	memset(info, 0, sizeof(*info));
	if (binding != NULL)
		*binding = eth_tph_unbound;
	if (shared != NULL)
		port = __atomic_load_n(&shared->ports[port_id], __ATOMIC_ACQUIRE);
	if (port == NULL)
		return;

	do {
		sn = rte_seqcount_read_begin(&port->sn);
		*info = port->info;
		if (binding != NULL)
			*binding = *eth_tph_binding_at(port, dir, queue_id);
	} while (rte_seqcount_read_retry(&port->sn, sn));
}

static bool
eth_tph_hints_equal(const struct eth_tph_hint *one, const struct eth_tph_hint *other)
{
	return one->objects == other->objects && one->st == other->st &&
		one->st_bits == other->st_bits;
}

enum rte_eth_tph_status
eth_tph_status(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir, uint16_t queue_id,
		const struct rte_eth_tph_info *info, const struct eth_tph_binding *binding)
{
	bool hints = binding->have.objects != 0 && eth_tph_queue_runs(dev, dir, queue_id);

	if (binding->error != 0)
		return RTE_ETH_TPH_FAILED;
	if (binding->want.objects == 0)
		return hints && info->mode != RTE_TPH_MODE_AUTO ?
			RTE_ETH_TPH_UNBINDING : RTE_ETH_TPH_UNBOUND;
	return hints && eth_tph_hints_equal(&binding->want, &binding->have) ?
		RTE_ETH_TPH_APPLIED : RTE_ETH_TPH_PENDING;
}
