/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* Packets of tph_iv_app, and an lcore that sleeps until there are some. */

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_interrupts.h>
#include <rte_ip.h>
#include <rte_launch.h>
#include <rte_mbuf.h>

#include "tph_app.h"
#include "tph_iv_forward.h"

#define PACKET_LEN 60
#define NB_ROUNDS 3
#define BURST 32
#define TIMEOUT_MS 10000

static uint16_t port;
static int sleeper_tid;
static bool sleeper_waits;
static unsigned int nb_woken;

void
iv_packet_send(uint16_t port_id, uint16_t queue_id)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(app_pool);
	struct rte_ether_hdr *eth;
	struct rte_ipv4_hdr *ip;

	if (m == NULL)
		rte_exit(EXIT_FAILURE, "no mbuf\n");
	m->data_len = PACKET_LEN;
	m->pkt_len = PACKET_LEN;
	eth = rte_pktmbuf_mtod(m, struct rte_ether_hdr *);
	memset(eth, 0, PACKET_LEN);
	memset(&eth->dst_addr, 0xff, sizeof(eth->dst_addr));
	eth->ether_type = rte_cpu_to_be_16(RTE_ETHER_TYPE_IPV4);
	ip = (struct rte_ipv4_hdr *)(eth + 1);
	ip->version_ihl = RTE_IPV4_VHL_DEF;
	ip->total_length = rte_cpu_to_be_16(PACKET_LEN - sizeof(*eth));
	ip->time_to_live = 64;
	ip->src_addr = rte_cpu_to_be_32(RTE_IPV4(192, 0, 2, 1));
	ip->dst_addr = rte_cpu_to_be_32(RTE_IPV4(192, 0, 2, 2));
	ip->hdr_checksum = rte_ipv4_cksum(ip);
	if (rte_eth_tx_burst(port_id, queue_id, &m, 1) != 1)
		rte_exit(EXIT_FAILURE, "port %u: Tx queue %u is full\n", port_id, queue_id);
}

static uint16_t
burst_forward(void)
{
	struct rte_mbuf *mbufs[BURST];
	uint16_t nb = rte_eth_rx_burst(port, 0, mbufs, BURST);

	if (rte_eth_tx_burst(port, 0, mbufs, nb) != nb)
		rte_exit(EXIT_FAILURE, "port %u: Tx queue 0 is full\n", port);
	return nb;
}

/* Sleep until there are packets; an interrupt that is late wakes for nothing. */
static uint16_t
sleep_and_forward(void)
{
	struct rte_epoll_event event;
	uint16_t nb = 0;

	while (nb == 0) {
		app_check("unmask", rte_eth_dev_rx_intr_enable(port, 0));
		__atomic_store_n(&sleeper_waits, true, __ATOMIC_RELEASE);
		if (rte_epoll_wait(RTE_EPOLL_PER_THREAD, &event, 1, TIMEOUT_MS) != 1)
			rte_exit(EXIT_FAILURE, "the lcore was not woken\n");
		__atomic_store_n(&sleeper_waits, false, __ATOMIC_RELEASE);
		app_check("mask", rte_eth_dev_rx_intr_disable(port, 0));
		nb = burst_forward();
	}
	nb_woken++;
	return nb;
}

static int
sleeper(void *arg)
{
	unsigned int i, nb;

	(void)arg;
	__atomic_store_n(&sleeper_tid, gettid(), __ATOMIC_RELEASE);
	app_check("add", rte_eth_dev_rx_intr_ctl_q(port, 0, RTE_EPOLL_PER_THREAD,
			RTE_INTR_EVENT_ADD, NULL));
	for (i = 0; i < NB_ROUNDS; i++)
		for (nb = sleep_and_forward(); nb < BURST;)
			nb += burst_forward();
	app_check("delete", rte_eth_dev_rx_intr_ctl_q(port, 0, RTE_EPOLL_PER_THREAD,
			RTE_INTR_EVENT_DEL, NULL));
	return 0;
}

/* What the kernel says, not the thread. */
static bool
sleeper_sleeps(void)
{
	char path[64], state = 0;
	FILE *file;

	if (!__atomic_load_n(&sleeper_waits, __ATOMIC_ACQUIRE))
		return false;
	snprintf(path, sizeof(path), "/proc/self/task/%d/stat",
		__atomic_load_n(&sleeper_tid, __ATOMIC_ACQUIRE));
	file = fopen(path, "r");
	if (file == NULL || fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		rte_exit(EXIT_FAILURE, "cannot read %s\n", path);
	fclose(file);
	return state == 'S';
}

static void
sleep_await(void)
{
	int ms;

	for (ms = 0; !sleeper_sleeps(); ms++) {
		if (ms == TIMEOUT_MS)
			rte_exit(EXIT_FAILURE, "the lcore does not fall asleep\n");
		rte_delay_us_sleep(1000);
	}
}

static unsigned int
burst_await(uint16_t port_id)
{
	struct rte_mbuf *m;
	unsigned int nb = 0;
	int ms;

	for (ms = 0; ms < TIMEOUT_MS && nb < BURST; ms++) {
		for (; rte_eth_rx_burst(port_id, 0, &m, 1) != 0; nb++)
			rte_pktmbuf_free(m);
		rte_delay_us_sleep(1000);
	}
	return nb;
}

void
iv_forward(uint16_t port_id, uint16_t peer_id, unsigned int lcore_id)
{
	unsigned int i, j, nb = 0;

	port = port_id;
	nb_woken = 0;
	sleeper_waits = false;
	app_check("launch", rte_eal_remote_launch(sleeper, NULL, lcore_id));
	for (i = 0; i < NB_ROUNDS; i++) {
		sleep_await();
		for (j = 0; j < BURST; j++)
			iv_packet_send(peer_id, 0);
		nb += burst_await(peer_id);
	}
	rte_eal_wait_lcore(lcore_id);
	printf("forwarding: woken %u times, %u of %u packets came back\n", nb_woken, nb,
		NB_ROUNDS * BURST);
}
