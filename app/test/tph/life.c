/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* What becomes of bindings over the life of a port. */

#include <errno.h>
#include <string.h>

#include "fake_port.h"
#include "suites.h"
#include "test.h"

#define NB_QUEUES 4

/* Lcores that the tests make: lcore LCORE(i) is on CPU CPU(i). */
#define LCORE(i) (100 + (i))
#define CPU(i) (11 + (i))
#define NB_LCORES 8

static const struct rte_eth_tph_conf auto_conf = { .mode = RTE_TPH_MODE_AUTO };

static struct test_tph_port port;

/* A port with TPH that is configured, but not started. */
static int
life_setup(void)
{
	return test_tph_setup(&port, LCORE(0), CPU(0), NB_LCORES, NB_QUEUES);
}

static void
life_teardown(void)
{
	test_tph_teardown(&port);
}

/* Rx queue q to lcore q, Tx queue q to lcore q + 4. */
static int
bind_all(void)
{
	struct rte_eth_tph_queue_conf confs[TEST_TPH_DIRS * NB_QUEUES];
	uint16_t i;

	for (i = 0; i < RTE_DIM(confs); i++)
		confs[i] = (struct rte_eth_tph_queue_conf) {
			.dir = i % 2,
			.queue_id = i / 2,
			.lcore_id = LCORE(i / 2 + i % 2 * NB_QUEUES),
			.objects = RTE_TPH_OBJECT_ALL,
		};
	return rte_eth_dev_tph_queue_bind(port.port_id, confs, RTE_DIM(confs));
}

static int
applied_check(enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	unsigned int i = queue_id + dir * NB_QUEUES;

	return test_tph_applied_check(&port, dir, queue_id, LCORE(i), CPU(i),
		dir == RTE_ETH_TPH_RX ? TEST_TPH_RX_OBJECTS : TEST_TPH_TX_OBJECTS);
}

static int
pending_check(enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	return test_tph_unapplied_check(&port, dir, queue_id, RTE_ETH_TPH_PENDING, 0,
		LCORE(queue_id + dir * NB_QUEUES));
}

static int
all_check(int (*check)(enum rte_eth_tph_dir dir, uint16_t queue_id))
{
	uint16_t q;

	for (q = 0; q < NB_QUEUES; q++)
		if (check(RTE_ETH_TPH_RX, q) != 0 || check(RTE_ETH_TPH_TX, q) != 0)
			return -1;
	return 0;
}

static int
unbound_check(enum rte_eth_tph_dir dir, uint16_t queue_id)
{
	return test_tph_unbound_check(&port, dir, queue_id);
}

static int
test_pending_until_start(void)
{
	TEST_ASSERT_SUCCESS(bind_all(), "bind");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_RESOLVE], 1, "not resolved");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], 0, "applied to a stopped port");
	TEST_ASSERT_SUCCESS(all_check(pending_check), "not pending");

	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(all_check(applied_check), "not applied");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_RESOLVE], 1, "resolved again");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], 1, "applied in %u calls",
		port.calls[TEST_TPH_APPLY]);
	return TEST_SUCCESS;
}

static int
test_restart(void)
{
	unsigned int i;

	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(bind_all(), "bind");
	for (i = 0; i < 3; i++) {
		TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
		TEST_ASSERT_SUCCESS(all_check(pending_check), "not pending");
		test_tph_port_calls_reset(&port);
		TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
		TEST_ASSERT_SUCCESS(all_check(applied_check), "not applied");
		TEST_ASSERT_EQUAL(port.calls[TEST_TPH_RESOLVE], 0, "resolved again");
		TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], 1, "applied in %u calls",
			port.calls[TEST_TPH_APPLY]);
	}
	return TEST_SUCCESS;
}

/* Start and stop of a port without bindings ask nothing of the driver. */
static int
test_restart_unbound(void)
{
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port.port_id), "disable");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], 0, "applied");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_RESOLVE], 0, "resolved");
	return TEST_SUCCESS;
}

static int
test_unbind_while_stopped(void)
{
	TEST_ASSERT_SUCCESS(bind_all(), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_unbind(port.port_id, RTE_ETH_TPH_RX, 1),
		"unbind");
	TEST_ASSERT_SUCCESS(unbound_check(RTE_ETH_TPH_RX, 1), "bound");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(unbound_check(RTE_ETH_TPH_RX, 1), "bound");
	TEST_ASSERT_SUCCESS(applied_check(RTE_ETH_TPH_TX, 1), "not applied");
	return TEST_SUCCESS;
}

/* A driver that restarts the port for a new MTU does not tell. */
static int
test_mtu(void)
{
	TEST_ASSERT_SUCCESS(bind_all(), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_set_mtu(port.port_id, 1400), "MTU of a stopped port");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], 0, "applied to a stopped port");

	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	test_tph_port_calls_reset(&port);
	TEST_ASSERT_SUCCESS(rte_eth_dev_set_mtu(port.port_id, 1300), "MTU");
	TEST_ASSERT_SUCCESS(all_check(applied_check), "lost with a new MTU");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], 1, "applied in %u calls",
		port.calls[TEST_TPH_APPLY]);

	/* It may have restarted even if it takes the old MTU after all. */
	port.fail_mtu = -EBUSY;
	TEST_ASSERT_EQUAL(rte_eth_dev_set_mtu(port.port_id, 1200), -EBUSY, "MTU");
	TEST_ASSERT_SUCCESS(all_check(applied_check), "lost with a failed MTU");
	port.fail_mtu = 0;

	port.fail[TEST_TPH_APPLY] = -EIO;
	TEST_ASSERT_SUCCESS(rte_eth_dev_set_mtu(port.port_id, 1200), "MTU");
	TEST_ASSERT_SUCCESS(test_tph_unapplied_check(&port, RTE_ETH_TPH_RX, 2,
		RTE_ETH_TPH_FAILED, -EIO, LCORE(2)), "Rx queue 2");
	return TEST_SUCCESS;
}

/* With one that does not restart, nothing changes. */
static int
test_mtu_without_restart(void)
{
	port.mtu_without_restart = true;
	TEST_ASSERT_SUCCESS(bind_all(), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(rte_eth_dev_set_mtu(port.port_id, 1400), "MTU");
	TEST_ASSERT_SUCCESS(all_check(applied_check), "lost with a new MTU");
	return TEST_SUCCESS;
}

/* A hint lost is no outage: start goes on, and the state tells. */
static int
test_restore_fails(void)
{
	TEST_ASSERT_SUCCESS(bind_all(), "bind");
	port.fail[TEST_TPH_APPLY] = -EIO;
	port.fail_bad_only = true;
	port.bad[RTE_ETH_TPH_RX][2] = true;
	port.bad[RTE_ETH_TPH_TX][0] = true;
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");

	TEST_ASSERT_SUCCESS(test_tph_unapplied_check(&port, RTE_ETH_TPH_RX, 2,
		RTE_ETH_TPH_FAILED, -EIO, LCORE(2)), "Rx queue 2");
	TEST_ASSERT_SUCCESS(test_tph_unapplied_check(&port, RTE_ETH_TPH_TX, 0,
		RTE_ETH_TPH_FAILED, -EIO, LCORE(NB_QUEUES)), "Tx queue 0");
	TEST_ASSERT_SUCCESS(applied_check(RTE_ETH_TPH_RX, 0), "Rx queue 0");
	TEST_ASSERT_SUCCESS(applied_check(RTE_ETH_TPH_RX, 3), "Rx queue 3");
	TEST_ASSERT_SUCCESS(applied_check(RTE_ETH_TPH_TX, 3), "Tx queue 3");

	/* The next start tries again. */
	port.bad[RTE_ETH_TPH_TX][0] = false;
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	TEST_ASSERT_SUCCESS(all_check(pending_check), "not pending");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(applied_check(RTE_ETH_TPH_TX, 0), "Tx queue 0");
	TEST_ASSERT_SUCCESS(test_tph_unapplied_check(&port, RTE_ETH_TPH_RX, 2,
		RTE_ETH_TPH_FAILED, -EIO, LCORE(2)), "Rx queue 2");

	/* So does whoever binds again, or gives up. */
	TEST_ASSERT_EQUAL(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 2, LCORE(2)), -EIO, "bind");
	port.fail[TEST_TPH_APPLY] = 0;
	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 2, LCORE(2)), "bind");
	TEST_ASSERT_SUCCESS(all_check(applied_check), "not applied");
	return TEST_SUCCESS;
}

static int
test_unbind_failed(void)
{
	TEST_ASSERT_SUCCESS(bind_all(), "bind");
	port.fail[TEST_TPH_APPLY] = -ENXIO;
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(test_tph_unapplied_check(&port, RTE_ETH_TPH_RX, 0,
		RTE_ETH_TPH_FAILED, -ENXIO, LCORE(0)), "Rx queue 0");
	port.fail[TEST_TPH_APPLY] = 0;
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_unbind(port.port_id, RTE_ETH_TPH_RX, 0),
		"unbind");
	return unbound_check(RTE_ETH_TPH_RX, 0);
}

/* Queues that are started one by one get their tags one by one. */
static int
test_deferred_queues(void)
{
	uint16_t id = port.port_id;

	test_tph_port_queue_start_add(&port);
	port.deferred[RTE_ETH_TPH_RX][1] = true;
	port.deferred[RTE_ETH_TPH_TX][3] = true;
	TEST_ASSERT_SUCCESS(bind_all(), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(pending_check(RTE_ETH_TPH_RX, 1), "Rx queue 1");
	TEST_ASSERT_SUCCESS(pending_check(RTE_ETH_TPH_TX, 3), "Tx queue 3");
	TEST_ASSERT_SUCCESS(applied_check(RTE_ETH_TPH_RX, 0), "Rx queue 0");
	TEST_ASSERT_SUCCESS(applied_check(RTE_ETH_TPH_TX, 1), "Tx queue 1");

	TEST_ASSERT_SUCCESS(rte_eth_dev_rx_queue_start(id, 1), "start Rx queue");
	TEST_ASSERT_SUCCESS(applied_check(RTE_ETH_TPH_RX, 1), "Rx queue 1");
	TEST_ASSERT_SUCCESS(pending_check(RTE_ETH_TPH_TX, 3), "Tx queue 3");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tx_queue_start(id, 3), "start Tx queue");
	TEST_ASSERT_SUCCESS(all_check(applied_check), "not applied");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_RESOLVE], 1, "resolved again");
	TEST_ASSERT_EQUAL(port.nb_last, 1, "%u queues applied", port.nb_last);
	return TEST_SUCCESS;
}

static int
test_queue_restart(void)
{
	uint16_t id = port.port_id;
	struct rte_eth_tph_queue_state state;

	test_tph_port_queue_start_add(&port);
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(bind_all(), "bind");

	TEST_ASSERT_SUCCESS(rte_eth_dev_rx_queue_stop(id, 2), "stop Rx queue");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tx_queue_stop(id, 0), "stop Tx queue");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(id, RTE_ETH_TPH_RX, 2, &state), "get");
	TEST_ASSERT_EQUAL(state.status, RTE_ETH_TPH_PENDING, "status %d", state.status);
	TEST_ASSERT_EQUAL(state.lcore_id, LCORE(2), "lcore %u", state.lcore_id);
	TEST_ASSERT_SUCCESS(rte_eth_dev_rx_queue_start(id, 2), "start Rx queue");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tx_queue_start(id, 0), "start Tx queue");
	TEST_ASSERT_SUCCESS(all_check(applied_check), "not applied");

	/* A batch of queues that run and queues that do not. */
	TEST_ASSERT_SUCCESS(rte_eth_dev_rx_queue_stop(id, 0), "stop Rx queue");
	TEST_ASSERT_SUCCESS(rte_eth_dev_rx_queue_stop(id, 3), "stop Rx queue");
	TEST_ASSERT_SUCCESS(bind_all(), "bind");
	TEST_ASSERT_EQUAL(port.nb_last, 2 * NB_QUEUES - 2, "%u queues applied", port.nb_last);
	TEST_ASSERT_SUCCESS(rte_eth_dev_rx_queue_start(id, 0), "start Rx queue");
	TEST_ASSERT_SUCCESS(rte_eth_dev_rx_queue_start(id, 3), "start Rx queue");
	TEST_ASSERT_SUCCESS(all_check(applied_check), "not applied");
	return TEST_SUCCESS;
}

static int
test_queue_start_fails(void)
{
	uint16_t id = port.port_id;

	test_tph_port_queue_start_add(&port);
	port.deferred[RTE_ETH_TPH_RX][0] = true;
	TEST_ASSERT_SUCCESS(bind_all(), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");

	port.fail_queue_start = -EAGAIN;
	test_tph_port_calls_reset(&port);
	TEST_ASSERT_EQUAL(rte_eth_dev_rx_queue_start(id, 0), -EAGAIN, "start Rx queue");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], 0, "applied");
	TEST_ASSERT_SUCCESS(pending_check(RTE_ETH_TPH_RX, 0), "not pending");

	/* The queue starts, its tag is what fails. */
	port.fail_queue_start = 0;
	port.fail[TEST_TPH_APPLY] = -EIO;
	TEST_ASSERT_SUCCESS(rte_eth_dev_rx_queue_start(id, 0), "start Rx queue");
	TEST_ASSERT_SUCCESS(test_tph_unapplied_check(&port, RTE_ETH_TPH_RX, 0,
		RTE_ETH_TPH_FAILED, -EIO, LCORE(0)), "Rx queue 0");
	return TEST_SUCCESS;
}

static int
test_reconfigure(void)
{
	struct rte_eth_tph_queue_state state;
	uint16_t id = port.port_id;

	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(bind_all(), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(id), "stop");
	test_tph_port_calls_reset(&port);

	/* Fewer of one direction, as many of the other. */
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, 2, NB_QUEUES), "configure");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], 1, "removed queues not unbound");
	TEST_ASSERT_EQUAL(port.nb_last, 2, "%u queues unbound", port.nb_last);
	TEST_ASSERT_EQUAL(port.last[0].objects, 0, "not unbound");
	TEST_ASSERT_EQUAL(port.last[0].queue_id, 2, "queue %u", port.last[0].queue_id);
	TEST_ASSERT_EQUAL(rte_eth_dev_tph_queue_get(id, RTE_ETH_TPH_RX, 2, &state), -ERANGE,
		"removed queue");
	TEST_ASSERT_SUCCESS(pending_check(RTE_ETH_TPH_RX, 1), "Rx queue 1");
	TEST_ASSERT_SUCCESS(pending_check(RTE_ETH_TPH_TX, 3), "Tx queue 3");

	/* More again: the new ones start unbound. */
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, NB_QUEUES + 2, NB_QUEUES),
		"configure");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(applied_check(RTE_ETH_TPH_RX, 0), "Rx queue 0");
	TEST_ASSERT_SUCCESS(applied_check(RTE_ETH_TPH_RX, 1), "Rx queue 1");
	TEST_ASSERT_SUCCESS(unbound_check(RTE_ETH_TPH_RX, 2), "Rx queue 2");
	TEST_ASSERT_SUCCESS(unbound_check(RTE_ETH_TPH_RX, NB_QUEUES + 1), "last Rx queue");
	TEST_ASSERT_SUCCESS(applied_check(RTE_ETH_TPH_TX, 3), "Tx queue 3");
	return TEST_SUCCESS;
}

static int
fail_configure(struct rte_eth_dev *dev __rte_unused)
{
	return -EINVAL;
}

/* A configuration that fails removes no queue for good. */
static int
test_reconfigure_fails(void)
{
	int (*configure)(struct rte_eth_dev *dev) = port.dev_ops.dev_configure;
	uint16_t id = port.port_id;

	TEST_ASSERT_SUCCESS(bind_all(), "bind");
	port.dev_ops.dev_configure = fail_configure;
	TEST_ASSERT_EQUAL(test_tph_port_configure(&port, 1, 1), -EINVAL, "configure");
	port.dev_ops.dev_configure = configure;
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, NB_QUEUES, NB_QUEUES), "configure");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(all_check(applied_check), "not applied");
	return TEST_SUCCESS;
}

static int
test_reset(void)
{
	uint16_t id = port.port_id;

	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(bind_all(), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_reset(id), "reset");
	TEST_ASSERT_SUCCESS(all_check(pending_check), "not pending");
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, NB_QUEUES, NB_QUEUES), "configure");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(all_check(applied_check), "not applied");
	return TEST_SUCCESS;
}

static int
test_disable(void)
{
	uint16_t id = port.port_id;

	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(bind_all(), "bind");
	test_tph_port_calls_reset(&port);
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(id), "disable");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], 1, "unbound in %u calls",
		port.calls[TEST_TPH_APPLY]);
	TEST_ASSERT_EQUAL(port.nb_last, 2 * NB_QUEUES, "%u queues unbound", port.nb_last);
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_DISABLE], 1, "not disabled");
	TEST_ASSERT_SUCCESS(all_check(unbound_check), "bound");

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(id, &auto_conf), "enable");
	TEST_ASSERT_SUCCESS(all_check(unbound_check), "bound");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(id), "stop");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(all_check(unbound_check), "bound");
	return TEST_SUCCESS;
}

/* A queue that cannot be unbound leaves the others alone. */
static int
test_unbind_all_fails(void)
{
	struct eth_dev_tph_queue *last = port.last;
	struct rte_eth_tph_queue_state state;
	uint16_t id = port.port_id;

	TEST_ASSERT_SUCCESS(rte_eth_dev_start(id), "start");
	TEST_ASSERT_SUCCESS(bind_all(), "bind");
	port.fail[TEST_TPH_APPLY] = -EIO;
	port.fail_bad_only = true;
	port.bad[RTE_ETH_TPH_RX][1] = true;
	test_tph_port_calls_reset(&port);
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(id), "disable");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], 1 + 2 * NB_QUEUES, "%u calls",
		port.calls[TEST_TPH_APPLY]);
	TEST_ASSERT(port.nb_last == 1 && !last->quiet, "the last call is for one queue");
	TEST_ASSERT_EQUAL(port.hw[RTE_ETH_TPH_RX][0].objects, 0, "Rx queue 0");
	TEST_ASSERT_EQUAL(port.hw[RTE_ETH_TPH_RX][1].objects, TEST_TPH_RX_OBJECTS, "Rx queue 1");
	TEST_ASSERT_EQUAL(port.hw[RTE_ETH_TPH_TX][3].objects, 0, "Tx queue 3");
	TEST_ASSERT_SUCCESS(unbound_check(RTE_ETH_TPH_RX, 0), "bound");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_get(id, RTE_ETH_TPH_RX, 1, &state), "get");
	TEST_ASSERT_EQUAL(state.status, RTE_ETH_TPH_FAILED, "status %d", state.status);

	/* It is cleared before TPH is enabled again. */
	port.fail[TEST_TPH_APPLY] = 0;
	port.lost[RTE_ETH_TPH_RX][1] = true;
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(id, &auto_conf), "enable");
	return all_check(unbound_check);
}

/* One queue that fails is tried once, and cleared. */
static int
test_restore_one_fails(void)
{
	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE(0)), "bind");
	port.fail[TEST_TPH_APPLY] = -EIO;
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_APPLY], 2, "%u calls", port.calls[TEST_TPH_APPLY]);
	TEST_ASSERT_EQUAL(port.last[0].objects, 0, "not cleared");
	return test_tph_unapplied_check(&port, RTE_ETH_TPH_RX, 0, RTE_ETH_TPH_FAILED, -EIO,
		LCORE(0));
}

static int
test_two_ports(void)
{
	static struct test_tph_port other;
	int ret;

	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(bind_all(), "bind");
	TEST_ASSERT_SUCCESS(test_tph_port_create(&other, "tph_test1", &test_tph_ops), "no port");
	ret = test_tph_port_configure(&other, NB_QUEUES, NB_QUEUES) != 0 ||
		rte_eth_dev_tph_enable(other.port_id, &auto_conf) != 0 ||
		test_tph_bind_one(&other, RTE_ETH_TPH_RX, 0, LCORE(7)) != 0 ||
		rte_eth_dev_start(other.port_id) != 0 ||
		test_tph_applied_check(&other, RTE_ETH_TPH_RX, 0, LCORE(7), CPU(7),
			TEST_TPH_RX_OBJECTS) != 0 ||
		test_tph_unbound_check(&other, RTE_ETH_TPH_TX, 0) != 0;
	test_tph_port_destroy(&other);
	TEST_ASSERT_EQUAL(ret, 0, "the other port");
	TEST_ASSERT_SUCCESS(all_check(applied_check), "not applied");
	return TEST_SUCCESS;
}

/* Rx and Tx are not touched by any of this. */
static int
test_data_path(void)
{
	const struct rte_eth_dev *dev = &rte_eth_devices[port.port_id];
	const struct rte_eth_fp_ops *ops = &rte_eth_fp_ops[port.port_id];
	struct rte_eth_fp_ops before;
	eth_rx_burst_t rx = dev->rx_pkt_burst;
	eth_tx_burst_t tx = dev->tx_pkt_burst;

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port.port_id), "disable");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	before = *ops;
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &auto_conf), "enable");
	TEST_ASSERT_SUCCESS(bind_all(), "bind");
	TEST_ASSERT_EQUAL(memcmp(ops, &before, sizeof(before)), 0, "changed by bind");
	TEST_ASSERT_SUCCESS(rte_eth_dev_stop(port.port_id), "stop");
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_EQUAL(memcmp(ops, &before, sizeof(before)), 0, "changed by restart");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port.port_id), "disable");
	TEST_ASSERT_EQUAL(memcmp(ops, &before, sizeof(before)), 0, "changed by disable");
	TEST_ASSERT(rx == dev->rx_pkt_burst && tx == dev->tx_pkt_burst, "burst functions changed");
	return TEST_SUCCESS;
}

struct unit_test_suite test_tph_life_suite = {
	.suite_name = "TPH of ethdev: life of a port",
	.unit_test_cases = {
		TEST_CASE_ST(life_setup, life_teardown, test_pending_until_start),
		TEST_CASE_ST(life_setup, life_teardown, test_restart),
		TEST_CASE_ST(life_setup, life_teardown, test_restart_unbound),
		TEST_CASE_ST(life_setup, life_teardown, test_unbind_while_stopped),
		TEST_CASE_ST(life_setup, life_teardown, test_mtu),
		TEST_CASE_ST(life_setup, life_teardown, test_mtu_without_restart),
		TEST_CASE_ST(life_setup, life_teardown, test_restore_fails),
		TEST_CASE_ST(life_setup, life_teardown, test_unbind_failed),
		TEST_CASE_ST(life_setup, life_teardown, test_deferred_queues),
		TEST_CASE_ST(life_setup, life_teardown, test_queue_restart),
		TEST_CASE_ST(life_setup, life_teardown, test_queue_start_fails),
		TEST_CASE_ST(life_setup, life_teardown, test_reconfigure),
		TEST_CASE_ST(life_setup, life_teardown, test_reconfigure_fails),
		TEST_CASE_ST(life_setup, life_teardown, test_reset),
		TEST_CASE_ST(life_setup, life_teardown, test_disable),
		TEST_CASE_ST(life_setup, life_teardown, test_unbind_all_fails),
		TEST_CASE_ST(life_setup, life_teardown, test_restore_one_fails),
		TEST_CASE_ST(life_setup, life_teardown, test_two_ports),
		TEST_CASE_ST(life_setup, life_teardown, test_data_path),
		TEST_CASES_END()
	},
};
