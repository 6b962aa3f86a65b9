/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * Threads poll while callbacks that watch them come, go and are freed: for
 * ThreadSanitizer, with which ethdev_tph_watch.c and this file are compiled. It has to see
 * all of the memory and of the order that threads rely on, so what ethdev and EAL do of it
 * is played here, as ethdev promises it: a callback that is removed may still run in a
 * thread that polls, its memory belongs to whoever added it, and threads that poll have
 * ended before a port is stopped. With an argument they have not, which has to be seen.
 */

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ethdev_driver.h>
#include <ethdev_tph_state.h>
#include <ethdev_tph_watch.h>
#include <rte_errno.h>
#include <rte_malloc.h>

#include "tap.h"

#define PORT 0
#define QUEUE 0
#define DIRS 2
#define POLLERS 2
#define ROUNDS 20
/* Watches of one start of the port, and looks at each. */
#define WATCHES 2
#define LOOKS 4

struct rte_eth_dev rte_eth_devices[RTE_MAX_ETHPORTS];
int eth_tph_logtype;
RTE_DEFINE_PER_LCORE(int, _rte_errno);
RTE_DEFINE_PER_LCORE(int, _thread_id) = -1;

static struct rte_eth_dev_data data;
static struct rte_eth_rxtx_callback *callbacks[DIRS];

/* Threads poll while this is even; they end when it is END. */
static unsigned int order;
#define END UINT_MAX

struct poller {
	pthread_t thread;
	/* The order that it obeys. */
	unsigned int obeyed;
	unsigned int polls;
};

static struct poller pollers[POLLERS];
static bool hasty;

int
rte_sys_gettid(void)
{
	return syscall(SYS_gettid);
}

const char *
eth_tph_dir_name(enum rte_eth_tph_dir dir)
{
	return dir == RTE_ETH_TPH_RX ? "Rx" : "Tx";
}

int
rte_log(uint32_t level __rte_unused, uint32_t logtype __rte_unused, const char *format, ...)
{
	va_list ap;
	int ret;

	va_start(ap, format);
	ret = vprintf(format, ap);
	va_end(ap);
	return ret;
}

void *
rte_zmalloc_socket(const char *type __rte_unused, size_t size, unsigned int align,
		int socket __rte_unused)
{
	void *memory = aligned_alloc(align, RTE_ALIGN_CEIL(size, align));

	return memory == NULL ? NULL : memset(memory, 0, size);
}

void
rte_free(void *memory)
{
	free(memory);
}

static struct rte_eth_rxtx_callback *
callback_add(int dir, void *param)
{
	struct rte_eth_rxtx_callback *callback = calloc(1, sizeof(*callback));

	if (callback == NULL)
		return NULL;
	callback->param = param;
	callback->next = callbacks[dir];
	return callback;
}

const struct rte_eth_rxtx_callback *
rte_eth_add_rx_callback(uint16_t port_id __rte_unused, uint16_t queue_id __rte_unused,
		rte_rx_callback_fn fn, void *param)
{
	struct rte_eth_rxtx_callback *callback = callback_add(0, param);

	if (callback != NULL) {
		callback->fn.rx = fn;
		__atomic_store_n(&callbacks[0], callback, __ATOMIC_RELEASE);
	}
	return callback;
}

const struct rte_eth_rxtx_callback *
rte_eth_add_tx_callback(uint16_t port_id __rte_unused, uint16_t queue_id __rte_unused,
		rte_tx_callback_fn fn, void *param)
{
	struct rte_eth_rxtx_callback *callback = callback_add(1, param);

	if (callback != NULL) {
		callback->fn.tx = fn;
		__atomic_store_n(&callbacks[1], callback, __ATOMIC_RELEASE);
	}
	return callback;
}

static int
callback_remove(int dir, const struct rte_eth_rxtx_callback *callback)
{
	if (callbacks[dir] != callback)
		return -EINVAL;
	__atomic_store_n(&callbacks[dir], callback->next, __ATOMIC_RELAXED);
	return 0;
}

int
rte_eth_remove_rx_callback(uint16_t port_id __rte_unused, uint16_t queue_id __rte_unused,
		const struct rte_eth_rxtx_callback *callback)
{
	return callback_remove(0, callback);
}

int
rte_eth_remove_tx_callback(uint16_t port_id __rte_unused, uint16_t queue_id __rte_unused,
		const struct rte_eth_rxtx_callback *callback)
{
	return callback_remove(1, callback);
}

/* What rte_eth_rx_burst() and rte_eth_tx_burst() do with callbacks. */
static void
poll_once(void)
{
	const struct rte_eth_rxtx_callback *callback;

	callback = __atomic_load_n(&callbacks[0], __ATOMIC_ACQUIRE);
	for (; callback != NULL; callback = callback->next)
		callback->fn.rx(PORT, QUEUE, NULL, 0, 0, callback->param);
	callback = __atomic_load_n(&callbacks[1], __ATOMIC_ACQUIRE);
	for (; callback != NULL; callback = callback->next)
		callback->fn.tx(PORT, QUEUE, NULL, 0, callback->param);
}

static void *
poller_run(void *arg)
{
	struct poller *poller = arg;
	unsigned int given;

	do {
		given = __atomic_load_n(&order, __ATOMIC_ACQUIRE);
		__atomic_store_n(&poller->obeyed, given, __ATOMIC_RELEASE);
		if (given % 2 == 0) {
			poll_once();
			__atomic_fetch_add(&poller->polls, 1, __ATOMIC_RELAXED);
		} else {
			sched_yield();
		}
	} while (given != END);
	return NULL;
}

/* Have threads poll, or poll no more. */
static void
order_give(void)
{
	unsigned int i, given = order + 1;

	__atomic_store_n(&order, given, __ATOMIC_RELEASE);
	for (i = 0; i < POLLERS; i++)
		while (__atomic_load_n(&pollers[i].obeyed, __ATOMIC_ACQUIRE) != given)
			sched_yield();
}

/* Let each thread poll. No order of memory comes of it, which would hide races. */
static void
polls_wait(void)
{
	unsigned int i, before;

	for (i = 0; i < POLLERS; i++) {
		before = __atomic_load_n(&pollers[i].polls, __ATOMIC_RELAXED);
		while (__atomic_load_n(&pollers[i].polls, __ATOMIC_RELAXED) - before < 2)
			sched_yield();
	}
}

/* Watch a queue for a while. Returns how often somebody was seen. */
static unsigned int
watch_once(enum rte_eth_tph_dir dir)
{
	struct eth_tph_watch *watch;
	struct eth_tph_sight sight;
	unsigned int i, seen = 0;

	CHECK_INT(eth_tph_watch_begin(PORT, dir, QUEUE, &watch), 0);
	for (i = 0; i < LOOKS; i++) {
		polls_wait();
		if (!eth_tph_watch_look(watch, &sight))
			continue;
		CHECK(sight.thread != 0 && sight.thread != (uint32_t)rte_sys_gettid());
		seen++;
	}
	eth_tph_watch_end(PORT, dir, QUEUE, watch);
	return seen;
}

/* Restart the port again and again while threads poll it. */
static void
test_watches(void)
{
	unsigned int round, i, seen[DIRS] = { 0 };

	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < DIRS * WATCHES; i++)
			seen[i % DIRS] += watch_once(i % DIRS);
		if (!hasty)
			order_give();
		eth_tph_watch_reclaim(PORT);
		if (!hasty)
			order_give();
	}
	CHECK(seen[RTE_ETH_TPH_RX] > ROUNDS);
	CHECK(seen[RTE_ETH_TPH_TX] > ROUNDS);
}

int
main(int argc, char **argv __rte_unused)
{
	unsigned int i;

	hasty = argc > 1;
	rte_eth_devices[PORT].data = &data;
	for (i = 0; i < POLLERS; i++)
		if (pthread_create(&pollers[i].thread, NULL, poller_run, &pollers[i]) != 0)
			return EXIT_FAILURE;
	tap_run(test_watches);
	__atomic_store_n(&order, END, __ATOMIC_RELEASE);
	for (i = 0; i < POLLERS; i++)
		pthread_join(pollers[i].thread, NULL);
	return tap_end();
}
