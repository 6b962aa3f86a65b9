/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <sched.h>

#include <rte_branch_prediction.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_malloc.h>

#include "ethdev_driver.h"
#include "ethdev_tph_state.h"
#include "ethdev_tph_watch.h"
#include "rte_ethdev.h"

/* In a cache line of its own, for the callback. */
struct __rte_cache_aligned eth_tph_watch {
	/* The first thread of this period, and its CPU in the lower half; or 0. */
	uint64_t first;
	/* Another thread of this period, or 0. */
	uint32_t other;
	/* No business of the data path. */
	const struct rte_eth_rxtx_callback *callback;
	struct eth_tph_watch *next;
};

/* Watches that have ended, by port: a thread may still be in the callback. */
static struct eth_tph_watch *eth_tph_ended[RTE_MAX_ETHPORTS];

#if defined(RTE_ETHDEV_RXTX_CALLBACKS) && defined(RTE_EXEC_ENV_LINUX)

/* The CPU is asked for once in a period, the thread each time. */
static __rte_always_inline void
eth_tph_see(struct eth_tph_watch *watch)
{
	uint64_t first = __atomic_load_n(&watch->first, __ATOMIC_RELAXED);
	uint32_t thread = rte_gettid();

	if (likely(first >> 32 == thread))
		return;
	if (first == 0)
		__atomic_store_n(&watch->first, (uint64_t)thread << 32 | (uint32_t)sched_getcpu(),
			__ATOMIC_RELAXED);
	else if (__atomic_load_n(&watch->other, __ATOMIC_RELAXED) != thread)
		__atomic_store_n(&watch->other, thread, __ATOMIC_RELAXED);
}

static uint16_t
eth_tph_see_rx(uint16_t port_id __rte_unused, uint16_t queue_id __rte_unused,
		struct rte_mbuf **pkts __rte_unused, uint16_t nb_pkts,
		uint16_t max_pkts __rte_unused, void *param)
{
	eth_tph_see(param);
	return nb_pkts;
}

static uint16_t
eth_tph_see_tx(uint16_t port_id __rte_unused, uint16_t queue_id __rte_unused,
		struct rte_mbuf **pkts __rte_unused, uint16_t nb_pkts, void *param)
{
	eth_tph_see(param);
	return nb_pkts;
}

int
eth_tph_watch_begin(uint16_t port_id, enum rte_eth_tph_dir dir, uint16_t queue_id,
		struct eth_tph_watch **watch)
{
	struct eth_tph_watch *made;

	made = rte_zmalloc_socket("eth_tph_watch", sizeof(*made), RTE_CACHE_LINE_SIZE,
			rte_eth_devices[port_id].data->numa_node);
	if (made == NULL)
		return -ENOMEM;
	made->callback = dir == RTE_ETH_TPH_RX ?
		rte_eth_add_rx_callback(port_id, queue_id, eth_tph_see_rx, made) :
		rte_eth_add_tx_callback(port_id, queue_id, eth_tph_see_tx, made);
	if (made->callback == NULL) {
		rte_free(made);
		return -rte_errno;
	}
	*watch = made;
	return 0;
}

#else

int
eth_tph_watch_begin(uint16_t port_id __rte_unused, enum rte_eth_tph_dir dir __rte_unused,
		uint16_t queue_id __rte_unused, struct eth_tph_watch **watch __rte_unused)
{
	return -ENOTSUP;
}

#endif

void
eth_tph_watch_end(uint16_t port_id, enum rte_eth_tph_dir dir, uint16_t queue_id,
		struct eth_tph_watch *watch)
{
	int ret;

	ret = dir == RTE_ETH_TPH_RX ?
		rte_eth_remove_rx_callback(port_id, queue_id, watch->callback) :
		rte_eth_remove_tx_callback(port_id, queue_id, watch->callback);
	if (ret != 0) {
		/* The port lost the queue without having been stopped. */
		ETH_TPH_LOG(WARNING, "port %u %s queue %u: cannot remove the callback, its memory is lost",
			port_id, eth_tph_dir_name(dir), queue_id);
		return;
	}
	watch->next = eth_tph_ended[port_id];
	eth_tph_ended[port_id] = watch;
}

bool
eth_tph_watch_look(struct eth_tph_watch *watch, struct eth_tph_sight *sight)
{
	uint64_t first = __atomic_exchange_n(&watch->first, 0, __ATOMIC_RELAXED);
	uint32_t other = __atomic_exchange_n(&watch->other, 0, __ATOMIC_RELAXED);

	sight->thread = first >> 32;
	sight->cpu = (uint32_t)first;
	sight->shared = other != 0;
	return first != 0;
}

void
eth_tph_watch_reclaim(uint16_t port_id)
{
	struct eth_tph_watch *watch;

	while ((watch = eth_tph_ended[port_id]) != NULL) {
		eth_tph_ended[port_id] = watch->next;
		/* ethdev leaves it to whoever added a callback. */
		rte_free((void *)(uintptr_t)watch->callback);
		rte_free(watch);
	}
}
