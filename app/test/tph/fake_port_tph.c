/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* The TPH operations of the port that is a test, and what it checks of each call. */

#include <errno.h>
#include <string.h>

#include "fake_port.h"

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
		return test_tph_port_broken(port, "a batch is not empty");
	memset(seen, 0, sizeof(seen));
	for (i = 0; i < nb; i++) {
		if (seen[queues[i].dir][queues[i].queue_id])
			return test_tph_port_broken(port, "a queue is named once");
		seen[queues[i].dir][queues[i].queue_id] = true;
		/* What could not be cleared earlier is, before TPH is enabled. */
		if (queues[i].objects != 0 && port->info.mode == RTE_TPH_MODE_AUTO)
			return test_tph_port_broken(port, "TPH is enabled");
		if ((queues[i].objects & ~supported[queues[i].dir]) != 0)
			return test_tph_port_broken(port, "objects are supported");
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
	struct test_tph_port *port = test_tph_port_of(dev);
	int ret;

	ret = port_op_enter(port, TEST_TPH_INFO_GET, NULL, 0);
	if (memcmp(info, &zero, sizeof(zero)) != 0)
		return test_tph_port_broken(port, "info is zeroed");
	/* Filled even on failure, to see that nobody gets it. */
	*info = port->info;
	return ret;
}

static int
port_tph_enable(struct rte_eth_dev *dev, enum rte_tph_mode mode, struct rte_eth_tph_info *info)
{
	static const struct rte_eth_tph_info zero;
	struct test_tph_port *port = test_tph_port_of(dev);
	int ret;

	ret = port_op_enter(port, TEST_TPH_ENABLE, NULL, 0);
	if (ret != 0)
		return ret;
	if (port->info.mode != RTE_TPH_MODE_AUTO)
		return test_tph_port_broken(port, "TPH is not enabled twice");
	if (memcmp(info, &zero, sizeof(zero)) != 0)
		return test_tph_port_broken(port, "info is zeroed");
	port->info.mode = mode == RTE_TPH_MODE_AUTO ? RTE_TPH_MODE_DS : mode;
	*info = port->info;
	return 0;
}

static int
port_tph_disable(struct rte_eth_dev *dev)
{
	struct test_tph_port *port = test_tph_port_of(dev);
	uint16_t q;
	int dir;

	if (port_op_enter(port, TEST_TPH_DISABLE, NULL, 0) != 0)
		return port->fail[TEST_TPH_DISABLE];
	for (dir = 0; dir < TEST_TPH_DIRS; dir++)
		for (q = 0; q < TEST_TPH_QUEUES; q++)
			if (port->hw[dir][q].objects != 0 && port->fail[TEST_TPH_APPLY] == 0)
				return test_tph_port_broken(port, "disable finds all queues unbound");
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
	struct test_tph_port *port = test_tph_port_of(dev);
	uint16_t i;
	int ret;

	ret = port_batch_check(port, queues, nb);
	if (ret != 0)
		return ret;
	port_batch_record(port, queues, nb);
	for (i = 0; i < nb; i++) {
		if (queues[i].objects == 0)
			return test_tph_port_broken(port, "only bound queues are resolved");
		if (CPU_COUNT(&queues[i].cpuset) == 0 ||
		    port_cpu_first(&queues[i].cpuset) != (int)queues[i].cpu_id)
			return test_tph_port_broken(port, "an lcore has a CPU");
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
	struct test_tph_port *port = test_tph_port_of(dev);
	struct test_tph_hw *hw;
	uint16_t i;
	int ret;

	ret = port_batch_check(port, queues, nb);
	if (ret != 0)
		return ret;
	if (port->info.when != RTE_ETH_TPH_LIVE)
		return test_tph_port_broken(port, "a driver that asks for hints is not told");
	port_batch_record(port, queues, nb);
	for (i = 0; i < nb; i++) {
		hw = &port->hw[queues[i].dir][queues[i].queue_id];
		if (!port_queue_runs(dev, queues[i].dir, queues[i].queue_id)) {
			/* The ST table does not belong to queues. */
			if (queues[i].objects != 0 && port->info.mode != RTE_TPH_MODE_IV)
				return test_tph_port_broken(port, "tags are applied to queues that run");
			continue;
		}
		if (queues[i].objects != 0 && queues[i].st != TEST_TPH_ST(queues[i].cpu_id))
			return test_tph_port_broken(port, "a tag is that of the CPU");
		/* After a change of MTU nobody but the driver knows. */
		if (port->mtu_without_restart && queues[i].old_objects == 0)
			continue;
		/* Nor does anybody know what a failure left behind. */
		if (port->lost[queues[i].dir][queues[i].queue_id])
			continue;
		if (queues[i].old_objects != hw->objects ||
		    (hw->objects != 0 && queues[i].old_st != hw->st))
			return test_tph_port_broken(port, "old values are those of the hardware");
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

void
test_tph_port_calls_reset(struct test_tph_port *port)
{
	memset(port->calls, 0, sizeof(port->calls));
	port->nb_last = 0;
}
