/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_bus.h>
#include <rte_ether.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>

#include "fake_lcore.h"
#include "fake_port.h"
#include "test.h"

struct test_tph_port *
test_tph_port_of(const struct rte_eth_dev *dev)
{
	struct test_tph_port **priv = dev->data->dev_private;

	return *priv;
}

int
test_tph_port_broken(struct test_tph_port *port, const char *what)
{
	printf("ethdev breaks a promise: %s\n", what);
	port->broken = true;
	return -EPROTO;
}

static void
port_hw_reset(struct test_tph_port *port)
{
	memset(port->hw, 0, sizeof(port->hw));
}

static int
port_dev_infos_get(struct rte_eth_dev *dev __rte_unused, struct rte_eth_dev_info *info)
{
	info->max_mac_addrs = 1;
	info->max_rx_pktlen = 2048;
	info->max_rx_queues = TEST_TPH_QUEUES;
	info->max_tx_queues = TEST_TPH_QUEUES;
	info->max_mtu = 2000;
	info->rx_desc_lim = (struct rte_eth_desc_lim) { .nb_max = 512, .nb_align = 1 };
	info->dev_capa = RTE_ETH_DEV_CAPA_RUNTIME_RX_QUEUE_SETUP;
	return 0;
}

static int
port_dev_configure(struct rte_eth_dev *dev)
{
	struct test_tph_port *port = test_tph_port_of(dev);
	uint16_t q;

	/* Queues need not be set up to be bound, but to be started. */
	for (q = 0; q < dev->data->nb_rx_queues; q++)
		dev->data->rx_queues[q] = port;
	for (q = 0; q < dev->data->nb_tx_queues; q++)
		dev->data->tx_queues[q] = port;
	return 0;
}

static uint8_t
port_queue_state(const struct test_tph_port *port, enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	return port->deferred[dir][queue_id] ?
		RTE_ETH_QUEUE_STATE_STOPPED : RTE_ETH_QUEUE_STATE_STARTED;
}

/* Make the context of a queue, as a driver does which has to ask for hints. */
static void
port_context_make(struct rte_eth_dev *dev, enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	struct test_tph_port *port = test_tph_port_of(dev);
	struct eth_dev_tph_hint hint;

	/* To see that all of it is set. */
	memset(&hint, 0xff, sizeof(hint));
	eth_dev_tph_hint_get(dev, dir, queue_id, &hint);
	port->asked++;
	port->hw[dir][queue_id].objects = hint.objects;
	port->hw[dir][queue_id].st = hint.objects != 0 ? hint.st : 0;
	if (hint.objects != 0 && hint.st_bits != 8)
		(void)test_tph_port_broken(port, "a hint has a width");
}

/* Contexts that are made when the port is started. */
static void
port_contexts_make(struct rte_eth_dev *dev)
{
	struct test_tph_port *port = test_tph_port_of(dev);
	uint16_t q;
	int dir;

	if (port->info.when == RTE_ETH_TPH_LIVE && !port->asks)
		return;
	for (dir = 0; dir < TEST_TPH_DIRS; dir++)
		for (q = 0; q < (dir == RTE_ETH_TPH_RX ? dev->data->nb_rx_queues :
				dev->data->nb_tx_queues); q++)
			if (port->info.when != RTE_ETH_TPH_QUEUE_START ||
			    !port->deferred[dir][q])
				port_context_make(dev, dir, q);
}

static int
port_dev_start(struct rte_eth_dev *dev)
{
	struct test_tph_port *port = test_tph_port_of(dev);
	uint16_t q;

	port_hw_reset(port);
	port_contexts_make(dev);
	if (port->in_start != NULL)
		port->in_start(port);
	if (port->fail_start != 0)
		return port->fail_start;
	/* Many drivers without the operation leave the states alone. */
	if (port->dev_ops.rx_queue_start == NULL)
		return 0;
	for (q = 0; q < dev->data->nb_rx_queues; q++)
		dev->data->rx_queue_state[q] = port_queue_state(port, RTE_ETH_TPH_RX, q);
	for (q = 0; q < dev->data->nb_tx_queues; q++)
		dev->data->tx_queue_state[q] = port_queue_state(port, RTE_ETH_TPH_TX, q);
	return 0;
}

static int
port_dev_stop(struct rte_eth_dev *dev)
{
	port_hw_reset(test_tph_port_of(dev));
	return 0;
}

static int
port_dev_reset(struct rte_eth_dev *dev)
{
	port_hw_reset(test_tph_port_of(dev));
	return 0;
}

static int
port_dev_close(struct rte_eth_dev *dev __rte_unused)
{
	return 0;
}

static int
port_link_update(struct rte_eth_dev *dev __rte_unused, int wait __rte_unused)
{
	return 0;
}

/* Many drivers restart the port for it, behind the back of ethdev. */
static int
port_mtu_set(struct rte_eth_dev *dev, uint16_t mtu __rte_unused)
{
	struct test_tph_port *port = test_tph_port_of(dev);

	if (!port->mtu_without_restart) {
		port_hw_reset(port);
		port_contexts_make(dev);
	}
	return port->fail_mtu;
}

static int
port_is_removed(struct rte_eth_dev *dev)
{
	return test_tph_port_of(dev)->removed;
}

static int
port_queue_start(struct rte_eth_dev *dev, enum rte_eth_tph_dir dir, uint8_t *state,
		uint16_t queue_id)
{
	struct test_tph_port *port = test_tph_port_of(dev);

	if (port->info.when == RTE_ETH_TPH_QUEUE_START)
		port_context_make(dev, dir, queue_id);
	else if (port->info.when == RTE_ETH_TPH_LIVE && port->fail_queue_start == 0)
		memset(&port->hw[dir][queue_id], 0, sizeof(port->hw[dir][queue_id]));
	if (port->fail_queue_start != 0)
		return port->fail_queue_start;
	*state = RTE_ETH_QUEUE_STATE_STARTED;
	return 0;
}

/* Set up at run time, a queue gets its context at once. */
static int
port_rx_queue_setup(struct rte_eth_dev *dev, uint16_t queue_id, uint16_t nb_desc __rte_unused,
		unsigned int socket_id __rte_unused,
		const struct rte_eth_rxconf *conf __rte_unused,
		struct rte_mempool *mp __rte_unused)
{
	dev->data->rx_queues[queue_id] = test_tph_port_of(dev);
	if (test_tph_port_of(dev)->info.when != RTE_ETH_TPH_LIVE && dev->data->dev_started != 0)
		port_context_make(dev, RTE_ETH_TPH_RX, queue_id);
	return 0;
}

static void
port_rx_queue_release(struct rte_eth_dev *dev __rte_unused, uint16_t queue_id __rte_unused)
{
}

static int
port_rx_queue_start(struct rte_eth_dev *dev, uint16_t queue_id)
{
	return port_queue_start(dev, RTE_ETH_TPH_RX, &dev->data->rx_queue_state[queue_id],
			queue_id);
}

static int
port_tx_queue_start(struct rte_eth_dev *dev, uint16_t queue_id)
{
	return port_queue_start(dev, RTE_ETH_TPH_TX, &dev->data->tx_queue_state[queue_id],
			queue_id);
}

static int
port_rx_queue_stop(struct rte_eth_dev *dev, uint16_t queue_id)
{
	dev->data->rx_queue_state[queue_id] = RTE_ETH_QUEUE_STATE_STOPPED;
	return 0;
}

static int
port_tx_queue_stop(struct rte_eth_dev *dev, uint16_t queue_id)
{
	dev->data->tx_queue_state[queue_id] = RTE_ETH_QUEUE_STATE_STOPPED;
	return 0;
}

/* Bursts are there to be compared, not to be called. */
static uint16_t
port_burst(void *queue __rte_unused, struct rte_mbuf **pkts __rte_unused,
		uint16_t nb __rte_unused)
{
	return 0;
}

int
test_tph_port_create(struct test_tph_port *port, const char *name,
		const struct eth_dev_tph_ops *tph_ops)
{
	struct test_tph_port **priv;
	struct rte_eth_dev *dev;

	memset(port, 0, sizeof(*port));
	port->port_id = RTE_MAX_ETHPORTS;
	port->info.modes = RTE_TPH_MODE_DS | RTE_TPH_MODE_IV;
	port->info.rx_objects = TEST_TPH_RX_OBJECTS;
	port->info.tx_objects = TEST_TPH_TX_OBJECTS;
	port->info.table = RTE_TPH_TABLE_CAP;
	port->info.table_size = 64;
	port->info.st_bits = 8;
	port->info.platform = 1;

	dev = rte_eth_dev_allocate(name);
	if (dev == NULL)
		return -1;
	priv = rte_malloc(NULL, sizeof(*priv), 0);
	dev->data->mac_addrs = rte_zmalloc(NULL, sizeof(struct rte_ether_addr), 0);
	if (priv == NULL || dev->data->mac_addrs == NULL) {
		rte_free(priv);
		(void)rte_eth_dev_release_port(dev);
		return -1;
	}
	*priv = port;

	port->dev_ops = (struct eth_dev_ops) {
		.dev_infos_get = port_dev_infos_get,
		.dev_configure = port_dev_configure,
		.dev_start = port_dev_start,
		.dev_stop = port_dev_stop,
		.dev_reset = port_dev_reset,
		.dev_close = port_dev_close,
		.link_update = port_link_update,
		.mtu_set = port_mtu_set,
		.rx_queue_release = port_rx_queue_release,
		.rx_queue_setup = port_rx_queue_setup,
		.is_removed = port_is_removed,
		.tph_ops = tph_ops,
	};
	port->pci_drv.driver.name = "test_tph";
	port->pci_dev.device.bus = rte_bus_find_by_name("pci");
	port->pci_dev.device.name = dev->data->name;
	port->pci_dev.device.driver = &port->pci_drv.driver;
	strlcpy(port->pci_dev.name, name, sizeof(port->pci_dev.name));

	port->port_id = dev->data->port_id;
	dev->data->dev_private = priv;
	dev->device = &port->pci_dev.device;
	dev->dev_ops = &port->dev_ops;
	dev->rx_pkt_burst = port_burst;
	dev->tx_pkt_burst = port_burst;
	rte_eth_dev_probing_finish(dev);
	return 0;
}

void
test_tph_port_destroy(struct test_tph_port *port)
{
	memset(port->fail, 0, sizeof(port->fail));
	if (!rte_eth_dev_is_valid_port(port->port_id))
		return;
	(void)rte_eth_dev_stop(port->port_id);
	(void)rte_eth_dev_close(port->port_id);
	port->port_id = RTE_MAX_ETHPORTS;
}

int
test_tph_port_configure(const struct test_tph_port *port, uint16_t nb_rx, uint16_t nb_tx)
{
	struct rte_eth_conf conf;

	memset(&conf, 0, sizeof(conf));
	return rte_eth_dev_configure(port->port_id, nb_rx, nb_tx, &conf);
}

int
test_tph_port_enable(const struct test_tph_port *port, uint16_t nb_queues)
{
	static const struct rte_eth_tph_conf auto_conf = { .mode = RTE_TPH_MODE_AUTO };

	TEST_ASSERT_SUCCESS(test_tph_port_configure(port, nb_queues, nb_queues),
		"cannot configure");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port->port_id, &auto_conf), "cannot enable");
	return 0;
}

int
test_tph_setup(struct test_tph_port *port, unsigned int first, unsigned int cpu,
		unsigned int nb_lcores, uint16_t nb_queues)
{
	if (!test_tph_lcores_available())
		return TEST_SKIPPED;
	test_tph_lcores_set(first, cpu, nb_lcores);
	TEST_ASSERT_SUCCESS(test_tph_port_create(port, "tph_test0", &test_tph_ops), "no port");
	return test_tph_port_enable(port, nb_queues);
}

void
test_tph_teardown(struct test_tph_port *port)
{
	test_tph_port_destroy(port);
	test_tph_lcores_restore();
}

void
test_tph_port_queue_start_add(struct test_tph_port *port)
{
	port->dev_ops.rx_queue_start = port_rx_queue_start;
	port->dev_ops.rx_queue_stop = port_rx_queue_stop;
	port->dev_ops.tx_queue_start = port_tx_queue_start;
	port->dev_ops.tx_queue_stop = port_tx_queue_stop;
}

int
test_tph_rx_queue_setup(const struct test_tph_port *port, uint16_t queue_id)
{
	static struct rte_mempool *pool;

	if (pool == NULL)
		pool = rte_pktmbuf_pool_create("tph_test", 8, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE,
				SOCKET_ID_ANY);
	if (pool == NULL)
		return -1;
	return rte_eth_rx_queue_setup(port->port_id, queue_id, 8, SOCKET_ID_ANY, NULL, pool);
}

int
test_tph_port_start(struct test_tph_port *port, const char *name, uint16_t nb_queues)
{
	TEST_ASSERT_SUCCESS(test_tph_port_create(port, name, &test_tph_ops), "no port");
	TEST_ASSERT_SUCCESS(test_tph_port_configure(port, nb_queues, nb_queues),
		"cannot configure");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port->port_id), "cannot start");
	return TEST_SUCCESS;
}
