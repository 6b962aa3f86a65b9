/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* What queues bound to a CPU have in flight, worked out by hand; and its caches. */

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include <rte_ether.h>
#include <rte_mbuf.h>

#include "fake_lcore.h"
#include "fake_port.h"
#include "suites.h"
#include "test.h"

#define NB_QUEUES 4
/* Lcores that the tests make, the first one on this CPU. */
#define LCORE 100
#define CPU 0

/* Rings of igb. */
#define RX_RING 1024
#define TX_RING 512
#define DESC 16

static const struct rte_eth_tph_conf auto_conf = { .mode = RTE_TPH_MODE_AUTO };

static struct test_tph_port port;
static struct eth_dev_tph_ops ops;
static struct rte_mempool *pool;

static uint16_t
desc_size(const struct rte_eth_dev *dev __rte_unused, enum rte_eth_tph_dir dir)
{
	return dir == RTE_ETH_TPH_RX ? DESC : 2 * DESC;
}

static void
rxq_info_get(struct rte_eth_dev *dev __rte_unused, uint16_t queue_id __rte_unused,
		struct rte_eth_rxq_info *info)
{
	info->nb_desc = RX_RING;
	info->mp = pool;
}

static void
txq_info_get(struct rte_eth_dev *dev __rte_unused, uint16_t queue_id __rte_unused,
		struct rte_eth_txq_info *info)
{
	info->nb_desc = TX_RING;
}

static int
advice_setup(void)
{
	if (!test_tph_lcores_available())
		return TEST_SKIPPED;
	test_tph_lcores_set(LCORE, CPU, 2);
	pool = rte_pktmbuf_pool_create("tph_advice", 63, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE,
			SOCKET_ID_ANY);
	TEST_ASSERT_NOT_NULL(pool, "no pool");
	ops = test_tph_ops;
	ops.desc_size = desc_size;
	TEST_ASSERT_SUCCESS(test_tph_port_create(&port, "tph_test0", &ops), "no port");
	port.dev_ops.rxq_info_get = rxq_info_get;
	port.dev_ops.txq_info_get = txq_info_get;
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, NB_QUEUES, NB_QUEUES), "configure");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &auto_conf), "enable");
	return TEST_SUCCESS;
}

static void
advice_teardown(void)
{
	test_tph_port_destroy(&port);
	rte_mempool_free(pool);
	pool = NULL;
	test_tph_lcores_restore();
}

static int
queue_bind(enum rte_eth_tph_dir dir, uint16_t queue_id, uint32_t lcore_id, uint32_t objects)
{
	const struct rte_eth_tph_queue_conf conf = {
		.dir = dir, .queue_id = queue_id, .lcore_id = lcore_id, .objects = objects,
	};

	return rte_eth_dev_tph_queue_bind(port.port_id, &conf, 1);
}

/* Bind, on top of what is bound, and compare with bytes worked out by hand. */
static int
flight_check(enum rte_eth_tph_dir dir, uint16_t queue_id, uint32_t objects,
		uint64_t desc, uint64_t header, uint64_t payload)
{
	struct rte_eth_tph_advice advice;

	TEST_ASSERT_SUCCESS(queue_bind(dir, queue_id, LCORE, objects), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_tph_advice_get(CPU, &advice), "advice");
	TEST_ASSERT_EQUAL(advice.desc_bytes, desc, "descriptors: %" PRIu64, advice.desc_bytes);
	TEST_ASSERT_EQUAL(advice.header_bytes, header, "headers: %" PRIu64,
		advice.header_bytes);
	TEST_ASSERT_EQUAL(advice.payload_bytes, payload, "payload: %" PRIu64,
		advice.payload_bytes);
	TEST_ASSERT_EQUAL(advice.nb_unknown, 0, "all queues are known");
	return TEST_SUCCESS;
}

static int
test_advice_arguments(void)
{
	struct rte_eth_tph_advice advice;

	TEST_ASSERT_EQUAL(rte_eth_tph_advice_get(CPU, NULL), -EINVAL, "NULL");
	TEST_ASSERT_EQUAL(rte_eth_tph_advice_get(CPU_SETSIZE, &advice), -EINVAL, "CPU");
	/* There is room for this CPU, but there is none. */
	TEST_ASSERT_SUCCESS(rte_eth_tph_advice_get(CPU_SETSIZE - 1, &advice), "no CPU");
	TEST_ASSERT_EQUAL(advice.l2_bytes + advice.l3_bytes + advice.l2_cpus, 0, "its caches");
	TEST_ASSERT_SUCCESS(rte_eth_tph_advice_get(CPU, &advice), "unbound");
	TEST_ASSERT_EQUAL(advice.nb_queues, 0, "bound queues");
	TEST_ASSERT_EQUAL(advice.nb_desc_fit, 0, "nothing to fit");
	return TEST_SUCCESS;
}

static int
test_advice_flight(void)
{
	const uint32_t desc = RTE_TPH_OBJECT_DESC, header = RTE_TPH_OBJECT_HEADER;
	const uint32_t payload = RTE_TPH_OBJECT_PAYLOAD;

	/* 1024 x 16; headers 1024 x 128; a frame is 1500 + 14. */
	TEST_ASSERT_SUCCESS(flight_check(RTE_ETH_TPH_RX, 0, desc, 16384, 0, 0), "desc");
	TEST_ASSERT_SUCCESS(flight_check(RTE_ETH_TPH_RX, 0, desc | header, 16384, 131072, 0),
		"desc, header");
	TEST_ASSERT_SUCCESS(flight_check(RTE_ETH_TPH_RX, 0, payload, 0, 0, 1550336), "payload");
	TEST_ASSERT_SUCCESS(flight_check(RTE_ETH_TPH_RX, 0, desc | header | payload,
		16384, 131072, 1419264), "all");
	/* Another queue adds up: 512 x 32. */
	TEST_ASSERT_SUCCESS(flight_check(RTE_ETH_TPH_TX, 3, desc, 32768, 131072, 1419264), "Tx");
	/* A queue of another CPU does not. */
	TEST_ASSERT_SUCCESS(queue_bind(RTE_ETH_TPH_RX, 1, LCORE + 1, desc), "other CPU");
	return flight_check(RTE_ETH_TPH_TX, 3, desc, 32768, 131072, 1419264);
}

static int
test_advice_mtu(void)
{
	/* Jumbo frames are cut in buffers of 2048, 1000 + 14 fits one. */
	rte_eth_devices[port.port_id].data->mtu = 9000;
	TEST_ASSERT_SUCCESS(flight_check(RTE_ETH_TPH_RX, 0, RTE_TPH_OBJECT_PAYLOAD,
		0, 0, RX_RING * 2048), "jumbo");
	rte_eth_devices[port.port_id].data->mtu = 1000;
	return flight_check(RTE_ETH_TPH_RX, 0, RTE_TPH_OBJECT_PAYLOAD, 0, 0, RX_RING * 1014);
}

static int
test_advice_unknown(void)
{
	struct rte_eth_tph_advice advice;

	TEST_ASSERT_SUCCESS(queue_bind(RTE_ETH_TPH_RX, 0, LCORE, RTE_TPH_OBJECT_DESC), "bind Rx");
	TEST_ASSERT_SUCCESS(queue_bind(RTE_ETH_TPH_TX, 0, LCORE, RTE_TPH_OBJECT_DESC), "bind Tx");
	port.dev_ops.rxq_info_get = NULL;
	TEST_ASSERT_SUCCESS(rte_eth_tph_advice_get(CPU, &advice), "advice");
	TEST_ASSERT_EQUAL(advice.nb_queues, 2, "queues");
	TEST_ASSERT_EQUAL(advice.nb_unknown, 1, "unknown");
	TEST_ASSERT_EQUAL(advice.desc_bytes, TX_RING * 2 * DESC, "Tx counts");

	/* Drivers that say nothing of descriptors: 16 bytes. */
	ops.desc_size = NULL;
	TEST_ASSERT_SUCCESS(rte_eth_tph_advice_get(CPU, &advice), "advice");
	TEST_ASSERT_EQUAL(advice.desc_bytes, TX_RING * 16, "default size");
	return TEST_SUCCESS;
}

/* glibc asks the CPU, so it is a witness where it knows the sizes. */
static int
test_advice_caches(void)
{
	const long l2 = sysconf(_SC_LEVEL2_CACHE_SIZE);
	struct rte_eth_tph_advice advice;
	uint64_t share;

	TEST_ASSERT_SUCCESS(queue_bind(RTE_ETH_TPH_RX, 0, LCORE,
		RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_HEADER), "bind");
	TEST_ASSERT_SUCCESS(rte_eth_tph_advice_get(CPU, &advice), "advice");
	printf("L2 %" PRIu64 " of %u CPUs, L3 %" PRIu64 " of %u CPUs, rings of %u fit\n",
		advice.l2_bytes, advice.l2_cpus, advice.l3_bytes, advice.l3_cpus,
		advice.nb_desc_fit);
	if (advice.l2_bytes == 0) {
		TEST_ASSERT_EQUAL(advice.nb_desc_fit, 0, "fits what is not known");
		return TEST_SUCCESS;
	}
	if (l2 > 0)
		TEST_ASSERT_EQUAL(advice.l2_bytes, (uint64_t)l2, "glibc says %" PRIu64,
			(uint64_t)l2);
	TEST_ASSERT(advice.l2_cpus > 0, "the CPU itself");
	share = advice.l2_bytes / advice.l2_cpus;
	TEST_ASSERT(advice.nb_desc_fit * (DESC + 128u) <= share, "does not fit");
	TEST_ASSERT((advice.nb_desc_fit + 32u) * (DESC + 128u) > share ||
		advice.nb_desc_fit == UINT16_MAX - 31, "more fit");
	return TEST_SUCCESS;
}

struct unit_test_suite test_tph_advice_suite = {
	.suite_name = "TPH of ethdev: bytes in flight",
	.unit_test_cases = {
		TEST_CASE_ST(advice_setup, advice_teardown, test_advice_arguments),
		TEST_CASE_ST(advice_setup, advice_teardown, test_advice_flight),
		TEST_CASE_ST(advice_setup, advice_teardown, test_advice_mtu),
		TEST_CASE_ST(advice_setup, advice_teardown, test_advice_unknown),
		TEST_CASE_ST(advice_setup, advice_teardown, test_advice_caches),
		TEST_CASES_END()
	},
};
