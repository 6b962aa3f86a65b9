/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * An application that waits for packets by interrupts, so that its Rx queues
 * have vectors: interrupt-vector mode over the life of a port. After each step
 * it prints a title, the state of the queues and what tph-snapshot finds in
 * the hardware. With the argument "faults", writes to the device fail as well;
 * with "calls" it binds batches of several sizes, and no more; with "forward"
 * an lcore that sleeps forwards packets, where the device cannot choose the
 * queue of a packet.
 * A second port sends packets to the first one; without it, the far end is to
 * interrupt an Rx queue for each packet of the Tx queue of the same number.
 * For test_iv.py, in the test VM.
 */

#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_interrupts.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>

#include "tph_app.h"
#include "tph_iv_forward.h"

#define PORT 0
#define PEER 1
#define NB_QUEUES 4
#define NB_QUEUES_MAX 16
#define FORWARD_LCORE 1

#define BDF "0000:01:00.0"
#define CONFIG "/sys/bus/pci/devices/" BDF "/config"
#define EMUL "/sys/kernel/debug/tph_emul/" BDF "/"
#define CONFIG_LEN 4096

/* An interrupt of an earlier time may be on its way, but not that many. */
#define NB_IRQS 3
#define IRQ_TIMEOUT_MS 10000

static bool has_peer, forwards;

static void
port_configure(uint16_t nb_queues)
{
	struct rte_eth_conf conf;

	memset(&conf, 0, sizeof(conf));
	conf.intr_conf.rxq = 1;
	if (has_peer && !forwards) {
		conf.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
		conf.rx_adv_conf.rss_conf.rss_hf = RTE_ETH_RSS_IPV4;
	}
	app_port_configure(PORT, nb_queues, &conf);
}

static void
peer_start(void)
{
	struct rte_eth_conf conf;

	memset(&conf, 0, sizeof(conf));
	app_port_configure(PEER, 1, &conf);
	app_check("start of the peer", rte_eth_dev_start(PEER));
}

static void
link_wait(uint16_t port_id)
{
	struct rte_eth_link link;

	app_check("link", rte_eth_link_get(port_id, &link));
	if (link.link_status != RTE_ETH_LINK_UP)
		rte_exit(EXIT_FAILURE, "port %u: the link is down\n", port_id);
}

/* Whatever the hash of a packet: it goes to this queue. */
static void
rss_point_to(uint16_t queue_id)
{
	struct rte_eth_rss_reta_entry64 reta[RTE_ETH_RSS_RETA_SIZE_512 / RTE_ETH_RETA_GROUP_SIZE];
	struct rte_eth_dev_info info;
	unsigned int i, j;

	app_check("info", rte_eth_dev_info_get(PORT, &info));
	for (i = 0; i < RTE_DIM(reta); i++) {
		reta[i].mask = UINT64_MAX;
		for (j = 0; j < RTE_ETH_RETA_GROUP_SIZE; j++)
			reta[i].reta[j] = queue_id;
	}
	app_check("RETA", rte_eth_dev_rss_reta_update(PORT, reta, info.reta_size));
}

/* Have the hardware interrupt for a queue, and wait for that. */
static void
irq_check(uint16_t queue_id)
{
	struct rte_epoll_event event;
	struct rte_mbuf *m;
	int i;

	if (has_peer)
		rss_point_to(queue_id);
	app_check("add", rte_eth_dev_rx_intr_ctl_q(PORT, queue_id, RTE_EPOLL_PER_THREAD,
			RTE_INTR_EVENT_ADD, NULL));
	for (i = 0; i < NB_IRQS; i++) {
		app_check("unmask", rte_eth_dev_rx_intr_enable(PORT, queue_id));
		if (has_peer)
			iv_packet_send(PEER, 0);
		else
			iv_packet_send(PORT, queue_id);
		if (rte_epoll_wait(RTE_EPOLL_PER_THREAD, &event, 1, IRQ_TIMEOUT_MS) != 1)
			rte_exit(EXIT_FAILURE, "queue %u does not interrupt\n", queue_id);
		app_check("mask", rte_eth_dev_rx_intr_disable(PORT, queue_id));
		while (rte_eth_rx_burst(PORT, queue_id, &m, 1) != 0)
			rte_pktmbuf_free(m);
	}
	app_check("delete", rte_eth_dev_rx_intr_ctl_q(PORT, queue_id, RTE_EPOLL_PER_THREAD,
			RTE_INTR_EVENT_DEL, NULL));
	printf("queue %u interrupts\n", queue_id);
}

static void
traffic_check(uint16_t nb_queues)
{
	uint16_t q;

	link_wait(PORT);
	if (has_peer)
		link_wait(PEER);
	if (forwards) {
		iv_forward(PORT, PEER, FORWARD_LCORE);
		return;
	}
	for (q = 0; q < nb_queues; q++)
		irq_check(q);
}

static int
bind_rx(uint16_t queue_id, uint32_t lcore_id)
{
	struct rte_eth_tph_queue_conf conf = app_rx_binding(queue_id, lcore_id);

	return rte_eth_dev_tph_queue_bind(PORT, &conf, 1);
}

/* In one call, as an application should; the lcores of NB_QUEUES queues recur. */
static int
bind_queues(uint16_t nb_queues, const uint32_t *lcores)
{
	struct rte_eth_tph_queue_conf confs[NB_QUEUES_MAX];
	uint16_t q;

	for (q = 0; q < nb_queues; q++)
		confs[q] = app_rx_binding(q, lcores[q % NB_QUEUES]);
	return rte_eth_dev_tph_queue_bind(PORT, confs, nb_queues);
}

static int
bind_all(const uint32_t *lcores)
{
	return bind_queues(NB_QUEUES, lcores);
}

static void
show(const char *title)
{
	struct rte_eth_tph_queue_state state;
	struct rte_eth_dev_info info;
	const char *status;
	uint16_t q;

	printf("=== %s\n", title);
	app_check("info", rte_eth_dev_info_get(PORT, &info));
	for (q = 0; q < info.nb_rx_queues; q++) {
		status = app_rx_state(PORT, q, &state);
		printf("queue %u %s cpu %u\n", q, status, state.cpu_id);
	}
	fflush(stdout);
	if (system("tph-snapshot - 0000:01:00.0") != 0)
		rte_exit(EXIT_FAILURE, "tph-snapshot failed\n");
}

static uint32_t
emul_read(const char *path)
{
	uint32_t value;
	FILE *file = fopen(path, "r");

	if (file == NULL || fscanf(file, "%" SCNu32, &value) != 1)
		rte_exit(EXIT_FAILURE, "cannot read %s\n", path);
	fclose(file);
	return value;
}

static void
emul_write(const char *path, uint32_t value)
{
	FILE *file = fopen(path, "w");

	if (file == NULL || fprintf(file, "%" PRIu32, value) < 0 || fclose(file) != 0)
		rte_exit(EXIT_FAILURE, "cannot write %s\n", path);
}

/* What must not change when binding fails. */
struct image {
	struct rte_eth_tph_queue_state states[NB_QUEUES];
	uint8_t config[CONFIG_LEN];
};

static void
image_get(struct image *image)
{
	int fd = open(CONFIG, O_RDONLY);
	uint16_t q;

	if (fd < 0 || pread(fd, image->config, CONFIG_LEN, 0) != CONFIG_LEN)
		rte_exit(EXIT_FAILURE, "cannot read " CONFIG "\n");
	close(fd);
	for (q = 0; q < NB_QUEUES; q++)
		(void)app_rx_state(PORT, q, &image->states[q]);
}

/* Bind all queues, while the n-th write to the capability goes wrong. */
static void
fault(const char *kind, uint32_t n, const uint32_t *lcores)
{
	static struct image before, after;
	char path[128];
	int ret;

	snprintf(path, sizeof(path), EMUL "%s", kind);
	image_get(&before);
	emul_write(path, n);
	ret = bind_all(lcores);
	image_get(&after);
	printf("%s %" PRIu32 ": %s, %" PRIu32 " to come, states %s, config space %s\n", kind, n,
		rte_strerror(-ret), emul_read(path),
		memcmp(before.states, after.states, sizeof(before.states)) == 0 ? "same" : "differ",
		memcmp(before.config, after.config, CONFIG_LEN) == 0 ? "same" : "differs");
}

/* Bind all queues to lcores, and see each write of that fail. */
static void
faults(const uint32_t *lcores, const uint32_t *other_lcores)
{
	uint32_t i, nb;

	nb = emul_read(EMUL "writes");
	app_check("bind", bind_all(other_lcores));
	nb = emul_read(EMUL "writes") - nb;
	printf("writes of a batch: %" PRIu32 "\n", nb);
	for (i = 1; i <= nb; i++)
		fault("fail_write", i, lcores);
	for (i = 1; i <= nb; i++)
		fault("ignore_write", i, lcores);
	show("failed");
	app_check("bind", bind_all(lcores));
	show("recovered");
}

/* For whoever watches the system calls: a title is written when a step is done. */
static void
mark(const char *title, uint16_t nb_queues)
{
	printf("=== %s %u\n", title, nb_queues);
	fflush(stdout);
}

static void
calls(void)
{
	static const uint16_t batches[] = { 1, 8, NB_QUEUES_MAX };
	static const uint32_t lcores[NB_QUEUES] = { 1, 2, 3, 1 };
	struct rte_eth_tph_conf conf = { .mode = RTE_TPH_MODE_IV };
	unsigned int i;

	port_configure(NB_QUEUES_MAX);
	app_check("start", rte_eth_dev_start(PORT));
	app_check("enable", rte_eth_dev_tph_enable(PORT, &conf));
	mark("enabled", 0);
	for (i = 0; i < RTE_DIM(batches); i++) {
		app_check("bind", bind_queues(batches[i], lcores));
		mark("bound", batches[i]);
	}
	app_check("stop", rte_eth_dev_stop(PORT));
	app_check("start", rte_eth_dev_start(PORT));
	mark("restarted", NB_QUEUES_MAX);
	app_check("stop", rte_eth_dev_stop(PORT));
	app_check("close", rte_eth_dev_close(PORT));
}

static void
run(bool with_faults)
{
	static const uint32_t lcores[NB_QUEUES] = { 1, 2, 3, 1 };
	static const uint32_t other_lcores[NB_QUEUES] = { 2, 1, 2, 3 };
	struct rte_eth_tph_conf conf = { .mode = RTE_TPH_MODE_IV };
	struct rte_eth_tph_queue_conf tx = {
		.dir = RTE_ETH_TPH_TX, .lcore_id = 1, .objects = RTE_TPH_OBJECT_ALL,
	};
	int ret;

	port_configure(NB_QUEUES);
	app_check("start", rte_eth_dev_start(PORT));
	traffic_check(NB_QUEUES);
	app_check("enable", rte_eth_dev_tph_enable(PORT, &conf));
	show("enabled");
	printf("Tx: %s\n", rte_strerror(-rte_eth_dev_tph_queue_bind(PORT, &tx, 1)));
	if (with_faults)
		faults(lcores, other_lcores);
	app_check("bind", bind_all(lcores));
	show("bound");
	traffic_check(NB_QUEUES);
	app_check("rebind", bind_rx(1, 3));
	show("rebound");
	printf("no tag: %s\n", rte_strerror(-bind_rx(1, 7)));
	show("unchanged");
	app_check("unbind", rte_eth_dev_tph_queue_unbind(PORT, RTE_ETH_TPH_RX, 2));
	show("unbound");
	app_check("stop", rte_eth_dev_stop(PORT));
	app_check("start", rte_eth_dev_start(PORT));
	show("restarted");
	traffic_check(NB_QUEUES);
	ret = rte_eth_dev_reset(PORT);
	if (ret == 0) {
		port_configure(NB_QUEUES);
		app_check("start", rte_eth_dev_start(PORT));
	}
	show("reset");
	printf("reset: %s\n", rte_strerror(-ret));
	if (ret == 0)
		traffic_check(NB_QUEUES);
	app_check("stop", rte_eth_dev_stop(PORT));
	port_configure(2);
	app_check("start", rte_eth_dev_start(PORT));
	show("reduced");
	traffic_check(2);
	app_check("disable", rte_eth_dev_tph_disable(PORT));
	show("disabled");
	app_check("stop", rte_eth_dev_stop(PORT));
	app_check("close", rte_eth_dev_close(PORT));
}

int
main(int argc, char **argv)
{
	int ret = app_init(argc, argv);
	/* Behind the arguments of EAL. */
	const char *arg = argc > ret + 1 ? argv[ret + 1] : "";

	has_peer = rte_eth_dev_count_avail() > 1;
	forwards = strcmp(arg, "forward") == 0;
	if (has_peer)
		peer_start();
	if (strcmp(arg, "calls") == 0)
		calls();
	else
		run(strcmp(arg, "faults") == 0);
	app_check("cleanup", rte_eal_cleanup());
	return 0;
}
