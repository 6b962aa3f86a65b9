/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * Receive and send packets through drivers that need no hardware, without TPH,
 * with it, and with queues bound. The function that does it is always the same,
 * so that a tool can count its instructions from call to call, as in
 *
 *	valgrind --tool=callgrind --toggle-collect=test_tph_instr_run
 *		--dump-before=test_tph_instr_run dpdk-test ...
 *
 * Lines "instructions NAME: PACKETS packets" come in the order of the calls.
 */

#include <stdio.h>
#include <stdlib.h>

#include <ethdev_driver.h>
#include <ethdev_tph_driver.h>
#include <rte_dev.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include "test.h"

#define BURST 32
#define BURSTS 64

struct instr_driver {
	const char *name;
	const char *device;
	const char *args;
	/* What is received has to be sent before. */
	bool loops;
};

static const struct instr_driver instr_drivers[] = {
	{ "net_null", "net_null_tph", "size=64", false },
	{ "net_ring", "net_ring_tph", "", true },
};

static struct rte_mempool *pool;

/* A driver that takes whatever it is told. */
static int
instr_info_get(struct rte_eth_dev *dev __rte_unused, struct rte_eth_tph_info *info)
{
	info->modes = RTE_TPH_MODE_DS;
	info->rx_objects = RTE_TPH_OBJECT_DESC;
	info->tx_objects = RTE_TPH_OBJECT_DESC;
	info->st_bits = 8;
	info->platform = true;
	return 0;
}

static int
instr_enable(struct rte_eth_dev *dev, enum rte_tph_mode mode __rte_unused,
		struct rte_eth_tph_info *info)
{
	info->mode = RTE_TPH_MODE_DS;
	return instr_info_get(dev, info);
}

static int
instr_disable(struct rte_eth_dev *dev __rte_unused)
{
	return 0;
}

static int
instr_resolve(struct rte_eth_dev *dev __rte_unused, struct eth_dev_tph_queue *queues,
		uint16_t nb_queues)
{
	uint16_t i;

	for (i = 0; i < nb_queues; i++) {
		queues[i].st = 1;
		queues[i].st_bits = 8;
	}
	return 0;
}

static int
instr_apply(struct rte_eth_dev *dev __rte_unused, struct eth_dev_tph_queue *queues __rte_unused,
		uint16_t nb_queues __rte_unused)
{
	return 0;
}

static const struct eth_dev_tph_ops instr_tph_ops = {
	.info_get = instr_info_get,
	.enable = instr_enable,
	.disable = instr_disable,
	.resolve = instr_resolve,
	.apply = instr_apply,
};

static inline int
bursts(uint16_t port_id)
{
	struct rte_mbuf *pkts[BURST];
	unsigned int i;

	for (i = 0; i < BURSTS; i++)
		if (rte_eth_rx_burst(port_id, 0, pkts, BURST) != BURST ||
		    rte_eth_tx_burst(port_id, 0, pkts, BURST) != BURST)
			return -1;
	return 0;
}

/* Its name is what tools know it by. */
int test_tph_instr_run(uint16_t port_id);

__rte_noinline int
test_tph_instr_run(uint16_t port_id)
{
	return bursts(port_id);
}

static int
run(const struct instr_driver *driver, const char *state, uint16_t port_id)
{
	/* Until caches of mbufs are as they will be after each burst. */
	TEST_ASSERT_SUCCESS(bursts(port_id), "packets are lost");
	printf("instructions %s, TPH %s: %u packets\n", driver->name, state, BURST * BURSTS);
	TEST_ASSERT_SUCCESS(test_tph_instr_run(port_id), "packets are lost");
	return TEST_SUCCESS;
}

static int
port_start(const struct instr_driver *driver, uint16_t port_id)
{
	struct rte_eth_conf conf = { .rxmode = { .mtu = RTE_ETHER_MTU } };
	struct rte_mbuf *pkts[BURST];

	TEST_ASSERT_SUCCESS(rte_eth_dev_configure(port_id, 1, 1, &conf), "configure");
	TEST_ASSERT_SUCCESS(rte_eth_rx_queue_setup(port_id, 0, 64, SOCKET_ID_ANY, NULL, pool),
		"Rx queue");
	TEST_ASSERT_SUCCESS(rte_eth_tx_queue_setup(port_id, 0, 64, SOCKET_ID_ANY, NULL),
		"Tx queue");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port_id), "start");
	if (!driver->loops)
		return TEST_SUCCESS;
	TEST_ASSERT_SUCCESS(rte_pktmbuf_alloc_bulk(pool, pkts, BURST), "mbufs");
	TEST_ASSERT_EQUAL(rte_eth_tx_burst(port_id, 0, pkts, BURST), BURST, "first packets");
	return TEST_SUCCESS;
}

static int
states_run(const struct instr_driver *driver, uint16_t port_id)
{
	const struct rte_eth_tph_conf conf = { .mode = RTE_TPH_MODE_AUTO };
	const struct rte_eth_tph_queue_conf queue = {
		.dir = RTE_ETH_TPH_RX_TX,
		.queue_id = 0,
		.lcore_id = LCORE_ID_ANY,
		.objects = RTE_TPH_OBJECT_ALL,
	};
	struct rte_eth_dev *dev = &rte_eth_devices[port_id];
	static struct eth_dev_ops ops;

	TEST_ASSERT_SUCCESS(run(driver, "absent", port_id), "absent");
	ops = *dev->dev_ops;
	ops.tph_ops = &instr_tph_ops;
	dev->dev_ops = &ops;
	TEST_ASSERT_SUCCESS(run(driver, "present", port_id), "present");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port_id, &conf), "enable");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_bind(port_id, &queue, 1), "bind");
	TEST_ASSERT_SUCCESS(run(driver, "bound", port_id), "bound");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port_id), "disable");
	return TEST_SUCCESS;
}

static int
driver_run(const struct instr_driver *driver)
{
	uint16_t port_id;
	int ret;

	TEST_ASSERT_SUCCESS(rte_eal_hotplug_add("vdev", driver->device, driver->args),
		"no %s", driver->name);
	ret = rte_eth_dev_get_port_by_name(driver->device, &port_id);
	if (ret == 0)
		ret = port_start(driver, port_id);
	if (ret == 0) {
		ret = states_run(driver, port_id);
		(void)rte_eth_dev_stop(port_id);
	}
	(void)rte_eal_hotplug_remove("vdev", driver->device);
	return ret;
}

static int
test_tph_instr(void)
{
	unsigned int i;
	int ret = TEST_SUCCESS;

	pool = rte_pktmbuf_pool_create("tph_instr", 1023, 128, 0, RTE_MBUF_DEFAULT_BUF_SIZE,
			SOCKET_ID_ANY);
	TEST_ASSERT_NOT_NULL(pool, "no mbufs");
	for (i = 0; ret == TEST_SUCCESS && i < RTE_DIM(instr_drivers); i++)
		ret = driver_run(&instr_drivers[i]);
	rte_mempool_free(pool);
	return ret;
}

REGISTER_TEST_COMMAND(tph_instr_autotest, test_tph_instr);
