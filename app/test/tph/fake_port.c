/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_bus.h>
#include <rte_ether.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>

#include "fake_port.h"
#include "test.h"

static struct test_tph_port *
port_of(const struct rte_eth_dev *dev)
{
	struct test_tph_port **priv = dev->data->dev_private;

	return *priv;
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
	struct test_tph_port *port = port_of(dev);
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

static int
port_broken(struct test_tph_port *port, const char *what)
{
	printf("ethdev breaks a promise: %s\n", what);
	port->broken = true;
	return -EPROTO;
}

/* Make the context of a queue, as a driver does which has to ask for hints. */
static void
port_context_make(struct rte_eth_dev *dev, enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	struct test_tph_port *port = port_of(dev);
	struct eth_dev_tph_hint hint;

	/* To see that all of it is set. */
	memset(&hint, 0xff, sizeof(hint));
	eth_dev_tph_hint_get(dev, dir, queue_id, &hint);
	port->asked++;
	port->hw[dir][queue_id].objects = hint.objects;
	port->hw[dir][queue_id].st = hint.objects != 0 ? hint.st : 0;
	if (hint.objects != 0 && hint.st_bits != 8)
		(void)port_broken(port, "a hint has a width");
}

/* Contexts that are made when the port is started. */
static void
port_contexts_make(struct rte_eth_dev *dev)
{
	struct test_tph_port *port = port_of(dev);
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
	struct test_tph_port *port = port_of(dev);
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
	port_hw_reset(port_of(dev));
	return 0;
}

static int
port_dev_reset(struct rte_eth_dev *dev)
{
	port_hw_reset(port_of(dev));
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
	struct test_tph_port *port = port_of(dev);

	if (!port->mtu_without_restart) {
		port_hw_reset(port);
		port_contexts_make(dev);
	}
	return port->fail_mtu;
}

static int
port_is_removed(struct rte_eth_dev *dev)
{
	return port_of(dev)->removed;
}

static int
port_queue_start(struct rte_eth_dev *dev, enum rte_eth_tph_dir dir, uint8_t *state,
		uint16_t queue_id)
{
	struct test_tph_port *port = port_of(dev);

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
	dev->data->rx_queues[queue_id] = port_of(dev);
	if (port_of(dev)->info.when != RTE_ETH_TPH_LIVE && dev->data->dev_started != 0)
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

/* What an operation has to return, 0 if it has to work. */
static int
port_op_enter(struct test_tph_port *port, enum test_tph_op op,
		const struct eth_dev_tph_queue *queues, uint16_t nb)
{
	uint16_t i;

	port->calls[op]++;
	if (!port->fail_bad_only || queues == NULL)
		return port->fail[op];
	for (i = 0; i < nb; i++)
		if (port->bad[queues[i].dir][queues[i].queue_id])
			return port->fail[op];
	return 0;
}

/* Check what ethdev promises for every batch. */
static int
port_batch_check(struct test_tph_port *port, const struct eth_dev_tph_queue *queues, uint16_t nb)
{
	static bool seen[TEST_TPH_DIRS][TEST_TPH_QUEUES];
	const uint32_t supported[TEST_TPH_DIRS] = {
		port->info.rx_objects, port->info.tx_objects
	};
	uint16_t i;

	if (nb == 0)
		return port_broken(port, "a batch is not empty");
	memset(seen, 0, sizeof(seen));
	for (i = 0; i < nb; i++) {
		if (seen[queues[i].dir][queues[i].queue_id])
			return port_broken(port, "a queue is named once");
		seen[queues[i].dir][queues[i].queue_id] = true;
		/* What could not be cleared earlier is, before TPH is enabled. */
		if (queues[i].objects != 0 && port->info.mode == RTE_TPH_MODE_AUTO)
			return port_broken(port, "TPH is enabled");
		if ((queues[i].objects & ~supported[queues[i].dir]) != 0)
			return port_broken(port, "objects are supported");
	}
	return 0;
}

static void
port_batch_record(struct test_tph_port *port, const struct eth_dev_tph_queue *queues, uint16_t nb)
{
	memcpy(port->last, queues, nb * sizeof(*queues));
	port->nb_last = nb;
}

static int
port_tph_info_get(struct rte_eth_dev *dev, struct rte_eth_tph_info *info)
{
	static const struct rte_eth_tph_info zero;
	struct test_tph_port *port = port_of(dev);
	int ret;

	ret = port_op_enter(port, TEST_TPH_INFO_GET, NULL, 0);
	if (memcmp(info, &zero, sizeof(zero)) != 0)
		return port_broken(port, "info is zeroed");
	/* Filled even on failure, to see that nobody gets it. */
	*info = port->info;
	return ret;
}

static int
port_tph_enable(struct rte_eth_dev *dev, enum rte_tph_mode mode, struct rte_eth_tph_info *info)
{
	static const struct rte_eth_tph_info zero;
	struct test_tph_port *port = port_of(dev);
	int ret;

	ret = port_op_enter(port, TEST_TPH_ENABLE, NULL, 0);
	if (ret != 0)
		return ret;
	if (port->info.mode != RTE_TPH_MODE_AUTO)
		return port_broken(port, "TPH is not enabled twice");
	if (memcmp(info, &zero, sizeof(zero)) != 0)
		return port_broken(port, "info is zeroed");
	port->info.mode = mode == RTE_TPH_MODE_AUTO ? RTE_TPH_MODE_DS : mode;
	*info = port->info;
	return 0;
}

static int
port_tph_disable(struct rte_eth_dev *dev)
{
	struct test_tph_port *port = port_of(dev);
	uint16_t q;
	int dir;

	if (port_op_enter(port, TEST_TPH_DISABLE, NULL, 0) != 0)
		return port->fail[TEST_TPH_DISABLE];
	for (dir = 0; dir < TEST_TPH_DIRS; dir++)
		for (q = 0; q < TEST_TPH_QUEUES; q++)
			if (port->hw[dir][q].objects != 0 && port->fail[TEST_TPH_APPLY] == 0)
				return port_broken(port, "disable finds all queues unbound");
	port->info.mode = RTE_TPH_MODE_AUTO;
	return 0;
}

static int
port_cpu_first(const rte_cpuset_t *cpuset)
{
	int cpu;

	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, cpuset))
			return cpu;
	return -1;
}

static int
port_tph_resolve(struct rte_eth_dev *dev, struct eth_dev_tph_queue *queues, uint16_t nb)
{
	struct test_tph_port *port = port_of(dev);
	uint16_t i;
	int ret;

	ret = port_batch_check(port, queues, nb);
	if (ret != 0)
		return ret;
	port_batch_record(port, queues, nb);
	for (i = 0; i < nb; i++) {
		if (queues[i].objects == 0)
			return port_broken(port, "only bound queues are resolved");
		if (CPU_COUNT(&queues[i].cpuset) == 0 ||
		    port_cpu_first(&queues[i].cpuset) != (int)queues[i].cpu_id)
			return port_broken(port, "an lcore has a CPU");
		/* Done even on failure, to see that nobody takes it. */
		queues[i].st = TEST_TPH_ST(port_cpu_first(&queues[i].cpuset));
		queues[i].st_bits = 8;
	}
	return port_op_enter(port, TEST_TPH_RESOLVE, queues, nb);
}

static bool
port_queue_runs(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	const uint8_t *states = dir == RTE_ETH_TPH_RX ?
		dev->data->rx_queue_state : dev->data->tx_queue_state;

	return dev->data->dev_started != 0 && (dev->dev_ops->rx_queue_start == NULL ||
		states[queue_id] == RTE_ETH_QUEUE_STATE_STARTED);
}

static int
port_tph_apply(struct rte_eth_dev *dev, struct eth_dev_tph_queue *queues, uint16_t nb)
{
	struct test_tph_port *port = port_of(dev);
	struct test_tph_hw *hw;
	uint16_t i;
	int ret;

	ret = port_batch_check(port, queues, nb);
	if (ret != 0)
		return ret;
	if (port->info.when != RTE_ETH_TPH_LIVE)
		return port_broken(port, "a driver that asks for hints is not told");
	port_batch_record(port, queues, nb);
	for (i = 0; i < nb; i++) {
		hw = &port->hw[queues[i].dir][queues[i].queue_id];
		if (!port_queue_runs(dev, queues[i].dir, queues[i].queue_id)) {
			/* The ST table does not belong to queues. */
			if (queues[i].objects != 0 && port->info.mode != RTE_TPH_MODE_IV)
				return port_broken(port, "tags are applied to queues that run");
			continue;
		}
		if (queues[i].objects != 0 && queues[i].st != TEST_TPH_ST(queues[i].cpu_id))
			return port_broken(port, "a tag is that of the CPU");
		/* After a change of MTU nobody but the driver knows. */
		if (port->mtu_without_restart && queues[i].old_objects == 0)
			continue;
		/* Nor does anybody know what a failure left behind. */
		if (port->lost[queues[i].dir][queues[i].queue_id])
			continue;
		if (queues[i].old_objects != hw->objects ||
		    (hw->objects != 0 && queues[i].old_st != hw->st))
			return port_broken(port, "old values are those of the hardware");
	}
	ret = port_op_enter(port, TEST_TPH_APPLY, queues, nb);
	for (i = 0; ret != 0 && i < nb; i++) {
		if (!port->lose[queues[i].dir][queues[i].queue_id])
			continue;
		/* It took the tag, and cannot be put back. */
		hw = &port->hw[queues[i].dir][queues[i].queue_id];
		hw->objects = queues[i].objects;
		hw->st = queues[i].st;
		queues[i].lost = true;
		port->lost[queues[i].dir][queues[i].queue_id] = true;
	}
	for (i = 0; ret == 0 && i < nb; i++) {
		port->lost[queues[i].dir][queues[i].queue_id] = false;
		port->hw[queues[i].dir][queues[i].queue_id].objects = queues[i].objects;
		port->hw[queues[i].dir][queues[i].queue_id].st =
			queues[i].objects != 0 ? queues[i].st : 0;
	}
	return ret;
}

const struct eth_dev_tph_ops test_tph_ops = {
	.info_get = port_tph_info_get,
	.enable = port_tph_enable,
	.disable = port_tph_disable,
	.resolve = port_tph_resolve,
	.apply = port_tph_apply,
};

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

void
test_tph_port_calls_reset(struct test_tph_port *port)
{
	memset(port->calls, 0, sizeof(port->calls));
	port->nb_last = 0;
}

int
test_tph_bind_one(const struct test_tph_port *port, enum rte_eth_tph_dir dir, uint16_t queue_id,
		uint32_t lcore_id)
{
	const struct rte_eth_tph_queue_conf conf = {
		.dir = dir,
		.queue_id = queue_id,
		.lcore_id = lcore_id,
		.objects = RTE_TPH_OBJECT_ALL,
	};

	return rte_eth_dev_tph_queue_bind(port->port_id, &conf, 1);
}

static int
port_state_get(const struct test_tph_port *port, enum rte_eth_tph_dir dir, uint16_t queue_id,
		struct rte_eth_tph_queue_state *state)
{
	if (port->broken)
		return -1;
	/* To see that every field is set. */
	memset(state, 0xff, sizeof(*state));
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(port->port_id, dir, queue_id, state),
		"cannot get dir %d queue %u", dir, queue_id);
	TEST_ASSERT(state->reserved[0] == 0 && state->reserved[1] == 0 && state->reserved[2] == 0,
		"reserved fields are not 0");
	return 0;
}

int
test_tph_applied_check(const struct test_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id, uint32_t lcore_id, uint32_t cpu, uint32_t objects)
{
	const struct test_tph_hw *hw = &port->hw[dir][queue_id];
	struct rte_eth_tph_queue_state state;

	if (port_state_get(port, dir, queue_id, &state) != 0)
		return -1;
	TEST_ASSERT_EQUAL(state.status, RTE_ETH_TPH_APPLIED, "dir %d queue %u: status %d",
		dir, queue_id, state.status);
	TEST_ASSERT_EQUAL(state.error, 0, "error %d", state.error);
	TEST_ASSERT_EQUAL(state.lcore_id, lcore_id, "dir %d queue %u: lcore %u, expected %u",
		dir, queue_id, state.lcore_id, lcore_id);
	TEST_ASSERT_EQUAL(state.cpu_id, cpu, "dir %d queue %u: CPU %u, expected %u",
		dir, queue_id, state.cpu_id, cpu);
	TEST_ASSERT_EQUAL(state.objects, objects, "dir %d queue %u: objects %#x, expected %#x",
		dir, queue_id, state.objects, objects);
	TEST_ASSERT_EQUAL(state.st, TEST_TPH_ST(cpu), "tag %#x", state.st);
	TEST_ASSERT_EQUAL(state.st_bits, 8, "tag of %u bits", state.st_bits);
	TEST_ASSERT_EQUAL(hw->objects, objects, "dir %d queue %u: hardware hints %#x",
		dir, queue_id, hw->objects);
	TEST_ASSERT_EQUAL(hw->st, TEST_TPH_ST(cpu), "dir %d queue %u: hardware has tag %#x",
		dir, queue_id, hw->st);
	return 0;
}

int
test_tph_unapplied_check(const struct test_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id, enum rte_eth_tph_status status, int error, uint32_t lcore_id)
{
	const struct test_tph_hw *hw = &port->hw[dir][queue_id];
	struct rte_eth_tph_queue_state state;

	if (port_state_get(port, dir, queue_id, &state) != 0)
		return -1;
	TEST_ASSERT_EQUAL(state.status, status, "dir %d queue %u: status %d, expected %d",
		dir, queue_id, state.status, status);
	TEST_ASSERT_EQUAL(state.error, error, "dir %d queue %u: error %d, expected %d",
		dir, queue_id, state.error, error);
	TEST_ASSERT_EQUAL(state.lcore_id, lcore_id, "dir %d queue %u: lcore %u, expected %u",
		dir, queue_id, state.lcore_id, lcore_id);
	TEST_ASSERT_NOT_EQUAL(state.objects, 0, "no objects");
	TEST_ASSERT_EQUAL(hw->objects, 0, "dir %d queue %u: hardware hints %#x",
		dir, queue_id, hw->objects);
	return 0;
}

int
test_tph_status_check(const struct test_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id, enum rte_eth_tph_status status)
{
	struct rte_eth_tph_queue_state state;

	if (port_state_get(port, dir, queue_id, &state) != 0)
		return -1;
	TEST_ASSERT_EQUAL(state.status, status, "dir %d queue %u: status %d, expected %d",
		dir, queue_id, state.status, status);
	return 0;
}

int
test_tph_unbound_check(const struct test_tph_port *port, enum rte_eth_tph_dir dir,
		uint16_t queue_id)
{
	static const struct rte_eth_tph_queue_state zero;
	const struct test_tph_hw *hw = &port->hw[dir][queue_id];
	struct rte_eth_tph_queue_state state;

	if (port_state_get(port, dir, queue_id, &state) != 0)
		return -1;
	TEST_ASSERT_EQUAL(memcmp(&state, &zero, sizeof(zero)), 0, "dir %d queue %u is bound",
		dir, queue_id);
	TEST_ASSERT_EQUAL(hw->objects, 0, "dir %d queue %u: hardware hints %#x",
		dir, queue_id, hw->objects);
	return 0;
}

static FILE *log_stream;
static char *log_text;
static size_t log_len;

int
test_tph_log_start(void)
{
	log_stream = open_memstream(&log_text, &log_len);
	return log_stream == NULL ? -1 : rte_openlog_stream(log_stream);
}

unsigned int
test_tph_log_lines(void)
{
	unsigned int nb = 0;
	size_t i;

	fflush(log_stream);
	for (i = 0; i < log_len; i++)
		nb += log_text[i] == '\n';
	return nb;
}

unsigned int
test_tph_log_stop(const char *text)
{
	const char *line;
	unsigned int nb = 0;

	(void)rte_openlog_stream(NULL);
	if (log_stream == NULL)
		return 0;
	fclose(log_stream);
	log_stream = NULL;
	for (line = log_text; (line = strstr(line, text)) != NULL; line++)
		nb++;
	if (nb == 0)
		printf("not logged: %s\nlogged: %s\n", text, log_text);
	free(log_text);
	return nb;
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

struct rte_eth_tph_queue_conf
test_tph_good_conf(void)
{
	return (struct rte_eth_tph_queue_conf) {
		.dir = RTE_ETH_TPH_RX,
		.queue_id = 0,
		.lcore_id = rte_get_main_lcore(),
		.objects = RTE_TPH_OBJECT_ALL,
	};
}
