/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* Bindings of the port that is a test, as ethdev and the hardware have them. */

#include <string.h>

#include <rte_cycles.h>
#include <rte_lcore.h>
#include <rte_per_lcore.h>

#include "fake_port.h"
#include "test.h"

#define RACE_S 10

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

int
test_tph_bind_rx(const struct test_tph_port *port, uint16_t nb, uint32_t lcore_id,
		unsigned int of)
{
	static struct rte_eth_tph_queue_conf confs[TEST_TPH_QUEUES];
	uint16_t q;

	for (q = 0; q < nb; q++)
		confs[q] = (struct rte_eth_tph_queue_conf) {
			.dir = RTE_ETH_TPH_RX,
			.queue_id = q,
			.lcore_id = lcore_id + q % of,
			.objects = RTE_TPH_OBJECT_ALL,
		};
	return rte_eth_dev_tph_queue_bind(port->port_id, confs, nb);
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

bool
test_tph_race_goes_on(unsigned int round, unsigned int rounds)
{
	static RTE_DEFINE_PER_LCORE(uint64_t, end);

	if (round == 0)
		RTE_PER_LCORE(end) = rte_get_timer_cycles() + RACE_S * rte_get_timer_hz();
	return round < rounds && rte_get_timer_cycles() < RTE_PER_LCORE(end);
}
