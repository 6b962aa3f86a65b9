/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * What drivers that keep steering tags in queue contexts put there, over the
 * life of bindings. All from the call of an application down to the system
 * call, and from the driver down to the bytes of contexts, is the real code.
 * Kernel and device are played; where bits of a context lie is written down
 * here and in nic_*.c apart from the drivers.
 *
 * usage: nic_test i40e|ice
 */

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>

#include "nic.h"
#include "fake_kernel.h"
#include "fake_lcore.h"

#define PORT 0
#define NB_QUEUES 3
/* The queue that is bound; its neighbours are not. */
#define QUEUE 1
/* Lcores, and the tags of their CPUs. */
#define LCORE_A 1
#define LCORE_B 2
#define LCORE_MANY_BITS 3
#define LCORE_EXTENDED 4
#define TAG_A 0xa5
#define TAG_B 0x5a
#define TAG_MANY_BITS 0xff

#define ALL (RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_HEADER | RTE_TPH_OBJECT_PAYLOAD)
#define TX_ALL (RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_PAYLOAD)

static const char * const dir_names[NIC_DIRS] = {
	[RTE_ETH_TPH_RX] = "Rx",
	[RTE_ETH_TPH_TX] = "Tx",
};

/* What a queue hints according to its context. */
struct hint {
	uint32_t st;
	bool desc_fetch;
	bool desc_write_back;
	bool data;
	bool header;
};

static const struct hint none;
static const struct nic *nic;
static unsigned int nb_checks, nb_failed;

static void __rte_format_printf(2, 3)
check(bool ok, const char *format, ...)
{
	va_list args;

	nb_checks++;
	if (ok)
		return;
	nb_failed++;
	va_start(args, format);
	printf("FAILED ");
	vprintf(format, args);
	printf("\n");
	va_end(args);
}

static uint32_t
bits(const uint8_t *context, unsigned int first, unsigned int nb)
{
	uint32_t value = 0;
	unsigned int i;

	for (i = 0; i < nb; i++)
		value |= (uint32_t)(context[(first + i) / 8] >> (first + i) % 8 & 1) << i;
	return value;
}

static struct hint
hint_of(enum rte_eth_tph_dir dir, uint16_t device_queue)
{
	const struct nic_layout *layout = &nic->layout[dir];
	uint8_t context[NIC_CONTEXT_LEN];

	nic->context_get(dir, device_queue, context);
	return (struct hint) {
		.st = bits(context, layout->st, 8),
		.desc_fetch = bits(context, layout->desc_fetch, 1),
		.desc_write_back = bits(context, layout->desc_write_back, 1),
		.data = bits(context, layout->data, 1),
		.header = layout->header != 0 && bits(context, layout->header, 1),
	};
}

static struct hint
hint_made(uint32_t objects, uint8_t st)
{
	return (struct hint) {
		.st = st,
		.desc_fetch = (objects & RTE_TPH_OBJECT_DESC) != 0,
		.desc_write_back = (objects & RTE_TPH_OBJECT_DESC) != 0,
		.data = (objects & RTE_TPH_OBJECT_PAYLOAD) != 0,
		.header = (objects & RTE_TPH_OBJECT_HEADER) != 0,
	};
}

static void
hint_check(const char *what, enum rte_eth_tph_dir dir, uint16_t device_queue, struct hint want)
{
	struct hint got = hint_of(dir, device_queue);

	check(got.st == want.st && got.desc_fetch == want.desc_fetch &&
		got.desc_write_back == want.desc_write_back && got.data == want.data &&
		got.header == want.header,
		"%s: %s queue %u of the device has tag %#" PRIx32
		", fetch %d, write-back %d, data %d, header %d; not %#" PRIx32 " %d %d %d %d",
		what, dir_names[dir], device_queue, got.st, got.desc_fetch, got.desc_write_back,
		got.data, got.header, want.st, want.desc_fetch, want.desc_write_back, want.data,
		want.header);
}

/* The bound queues hint this, and all others nothing. */
static void
hints_check(const char *what, struct hint rx, struct hint tx)
{
	uint16_t q;

	for (q = 0; q < NB_QUEUES; q++) {
		hint_check(what, RTE_ETH_TPH_RX, NIC_BASE_QUEUE + q, q == QUEUE ? rx : none);
		hint_check(what, RTE_ETH_TPH_TX, NIC_BASE_QUEUE + q, q == QUEUE ? tx : none);
	}
}

static void
status_check(const char *what, enum rte_eth_tph_status status)
{
	struct rte_eth_tph_queue_state state;
	unsigned int dir;

	for (dir = 0; dir < NIC_DIRS; dir++) {
		nic_must("queue_get", rte_eth_dev_tph_queue_get(PORT, dir, QUEUE, &state));
		check(state.status == status, "%s: %s queue has status %d, not %d", what,
			dir_names[dir], state.status, status);
	}
}

static int
bind_objects(enum rte_eth_tph_dir dir, uint16_t queue_id, uint32_t lcore_id, uint32_t objects)
{
	struct rte_eth_tph_queue_conf conf = {
		.dir = dir, .queue_id = queue_id, .lcore_id = lcore_id, .objects = objects,
	};

	return rte_eth_dev_tph_queue_bind(PORT, &conf, 1);
}

static void
queue_bind(uint32_t rx_lcore, uint32_t tx_lcore)
{
	check(bind_objects(RTE_ETH_TPH_RX, QUEUE, rx_lcore, RTE_TPH_OBJECT_ALL) == 0, "bind Rx");
	check(bind_objects(RTE_ETH_TPH_TX, QUEUE, tx_lcore, RTE_TPH_OBJECT_ALL) == 0, "bind Tx");
}

static void
queues_restart(void)
{
	nic_must("stop", rte_eth_dev_rx_queue_stop(PORT, QUEUE));
	nic_must("stop", rte_eth_dev_tx_queue_stop(PORT, QUEUE));
	nic_must("start", rte_eth_dev_rx_queue_start(PORT, QUEUE));
	nic_must("start", rte_eth_dev_tx_queue_start(PORT, QUEUE));
}

/* The stock drivers hint all that is received, with tag 0. */
static void
test_unbound(void)
{
	struct rte_eth_tph_conf conf = { .mode = RTE_TPH_MODE_AUTO };
	struct rte_eth_tph_info info;

	nic_restart();
	hints_check("never enabled", none, none);
	nic_must("enable", rte_eth_dev_tph_enable(PORT, &conf));
	hints_check("enabled while running", none, none);
	nic_restart();
	hints_check("enabled", none, none);

	nic_must("info", rte_eth_dev_tph_info_get(PORT, &info));
	check(info.mode == RTE_TPH_MODE_DS, "mode %d", info.mode);
	check(info.when == nic->when, "hints are taken at %d, not %d", info.when, nic->when);
	check(info.rx_objects == ALL, "Rx objects %#" PRIx32, info.rx_objects);
	check(info.tx_objects == TX_ALL, "Tx objects %#" PRIx32, info.tx_objects);
}

/* Whether start of a queue is enough differs from driver to driver. */
static void
test_starts(void)
{
	struct hint rx_a = hint_made(ALL, TAG_A), tx_b = hint_made(TX_ALL, TAG_B);
	bool at_queue = nic->when == RTE_ETH_TPH_QUEUE_START;

	queue_bind(LCORE_A, LCORE_B);
	hints_check("bound while running", none, none);
	status_check("bound while running", RTE_ETH_TPH_PENDING);
	queues_restart();
	hints_check("queues restarted", at_queue ? rx_a : none, at_queue ? tx_b : none);
	status_check("queues restarted", at_queue ? RTE_ETH_TPH_APPLIED : RTE_ETH_TPH_PENDING);
	nic_restart();
	hints_check("port restarted", rx_a, tx_b);
	status_check("port restarted", RTE_ETH_TPH_APPLIED);
	nic_restart();
	hints_check("port restarted again", rx_a, tx_b);

	queue_bind(LCORE_B, LCORE_A);
	hints_check("bound to another lcore", rx_a, tx_b);
	status_check("bound to another lcore", RTE_ETH_TPH_PENDING);
	nic_restart();
	hints_check("restarted for another lcore", hint_made(ALL, TAG_B),
		hint_made(TX_ALL, TAG_A));
	status_check("restarted for another lcore", RTE_ETH_TPH_APPLIED);
}

static void
test_objects(void)
{
	uint32_t objects;
	int ret;

	for (objects = 1; objects <= ALL; objects++) {
		ret = bind_objects(RTE_ETH_TPH_RX, QUEUE, LCORE_A, objects);
		check(ret == 0, "bind Rx objects %#" PRIx32 ": %d", objects, ret);
		ret = bind_objects(RTE_ETH_TPH_TX, QUEUE, LCORE_A, objects & TX_ALL);
		check((ret == 0) == ((objects & TX_ALL) != 0), "bind Tx objects %#" PRIx32 ": %d",
			objects & TX_ALL, ret);
		ret = bind_objects(RTE_ETH_TPH_TX, QUEUE, LCORE_A, objects | RTE_TPH_OBJECT_HEADER);
		check(ret == -ENOTSUP, "bind Tx headers: %d", ret);
		nic_restart();
		hint_check("objects", RTE_ETH_TPH_RX, NIC_BASE_QUEUE + QUEUE,
			hint_made(objects, TAG_A));
		if ((objects & TX_ALL) != 0)
			hint_check("objects", RTE_ETH_TPH_TX, NIC_BASE_QUEUE + QUEUE,
				hint_made(objects & TX_ALL, TAG_A));
	}
}

/* Tags of 16 bits are others than those of 8, whatever their value. */
static void
test_width(void)
{
	unsigned int dir;
	int ret;

	queue_bind(LCORE_MANY_BITS, LCORE_MANY_BITS);
	nic_restart();
	hints_check("8 bits", hint_made(ALL, TAG_MANY_BITS), hint_made(TX_ALL, TAG_MANY_BITS));
	for (dir = 0; dir < NIC_DIRS; dir++) {
		ret = bind_objects(dir, QUEUE, LCORE_EXTENDED, RTE_TPH_OBJECT_ALL);
		check(ret == -ENXIO, "bind %s to a tag of 16 bits: %d", dir_names[dir], ret);
	}
	nic_restart();
	hints_check("16 bits", hint_made(ALL, TAG_MANY_BITS), hint_made(TX_ALL, TAG_MANY_BITS));
}

/* The device is told the size of descriptors, which is what is in flight. */
static void
test_desc_size(void)
{
	uint8_t context[NIC_CONTEXT_LEN];
	struct rte_eth_tph_advice advice;
	uint64_t size;
	unsigned int dir;

	for (dir = 0; dir < NIC_DIRS; dir++) {
		check(bind_objects(dir, QUEUE, LCORE_A, RTE_TPH_OBJECT_DESC) == 0, "bind %s",
			dir_names[dir]);
		nic_restart();
		nic->context_get(dir, NIC_BASE_QUEUE + QUEUE, context);
		size = nic->layout[dir].desc_32 != 0 &&
			bits(context, nic->layout[dir].desc_32, 1) != 0 ? 32 : 16;
		nic_must("advice", rte_eth_tph_advice_get(LCORE_A, &advice));
		check(advice.nb_queues == 1 && advice.nb_unknown == 0, "%u queues, %u unknown",
			advice.nb_queues, advice.nb_unknown);
		check(advice.desc_bytes == NIC_NB_DESC * size,
			"%s descriptors of %" PRIu64 " bytes: %" PRIu64 " in flight", dir_names[dir],
			size, advice.desc_bytes);
		nic_must("unbind", rte_eth_dev_tph_queue_unbind(PORT, dir, QUEUE));
	}
	nic_restart();
}

/* Flow director has queues of its own, which the driver numbers from 0 too. */
static void
test_other_queues(void)
{
	nic_must("bind", bind_objects(RTE_ETH_TPH_RX, 0, LCORE_A, RTE_TPH_OBJECT_ALL));
	nic_must("bind", bind_objects(RTE_ETH_TPH_TX, 0, LCORE_A, RTE_TPH_OBJECT_ALL));
	nic_restart();
	hint_check("queue 0", RTE_ETH_TPH_RX, NIC_BASE_QUEUE, hint_made(ALL, TAG_A));
	hint_check("queue 0", RTE_ETH_TPH_TX, NIC_BASE_QUEUE, hint_made(TX_ALL, TAG_A));
	nic_must("flow director", nic->fdir_start(&rte_eth_devices[PORT]));
	hint_check("flow director", RTE_ETH_TPH_RX, NIC_FDIR_QUEUE, none);
	hint_check("flow director", RTE_ETH_TPH_TX, NIC_FDIR_QUEUE, none);
	if (nic->vf_start != NULL) {
		nic_must("VF", nic->vf_start(&rte_eth_devices[PORT]));
		hint_check("VF", RTE_ETH_TPH_RX, NIC_VF_QUEUE, none);
		hint_check("VF", RTE_ETH_TPH_TX, NIC_VF_QUEUE, none);
	}
	nic_must("unbind", rte_eth_dev_tph_queue_unbind(PORT, RTE_ETH_TPH_RX, 0));
	nic_must("unbind", rte_eth_dev_tph_queue_unbind(PORT, RTE_ETH_TPH_TX, 0));
	nic_restart();
}

/* A queue that is set up while the port runs gets its context then, or when it starts. */
static void
test_set_up_again(void)
{
	queue_bind(LCORE_B, LCORE_B);
	nic_must("stop", rte_eth_dev_rx_queue_stop(PORT, QUEUE));
	nic->context_spoil(RTE_ETH_TPH_RX, NIC_BASE_QUEUE + QUEUE);
	nic_must("set-up", nic_rx_queue_setup(QUEUE));
	nic_must("start", rte_eth_dev_rx_queue_start(PORT, QUEUE));
	hint_check("set up again", RTE_ETH_TPH_RX, NIC_BASE_QUEUE + QUEUE,
		hint_made(ALL, TAG_B));
	nic_restart();
}

static void
test_unbind(void)
{
	struct hint rx = hint_made(ALL, TAG_A), tx = hint_made(TX_ALL, TAG_A);

	queue_bind(LCORE_A, LCORE_A);
	nic_restart();
	hints_check("bound", rx, tx);
	nic_must("unbind", rte_eth_dev_tph_queue_unbind(PORT, RTE_ETH_TPH_RX, QUEUE));
	nic_must("unbind", rte_eth_dev_tph_queue_unbind(PORT, RTE_ETH_TPH_TX, QUEUE));
	hints_check("unbound while running", rx, tx);
	nic_restart();
	hints_check("unbound", none, none);

	queue_bind(LCORE_A, LCORE_A);
	nic_restart();
	hints_check("bound again", rx, tx);
	nic_must("disable", rte_eth_dev_tph_disable(PORT));
	nic_restart();
	hints_check("disabled", none, none);
}

static void
platform_make(void)
{
	struct test_tph_tag *tags = test_tph_kernel.tags[0];

	test_tph_lcores_set(LCORE_A, LCORE_A, LCORE_EXTENDED);
	test_tph_kernel.modes = TEST_TPH_MODE_DS;
	test_tph_kernel.flags = TEST_TPH_FLAG_PLATFORM;
	test_tph_kernel.table_size = 0;
	tags[LCORE_A].st = TAG_A;
	tags[LCORE_B].st = TAG_B;
	tags[LCORE_MANY_BITS].st = TAG_MANY_BITS;
	tags[LCORE_EXTENDED].st = TAG_B;
	tags[LCORE_EXTENDED].extended = true;
}

int
main(int argc, char **argv)
{
	char *eal_args[] = {
		argv[0], "--no-huge", "-m", "256", "--no-pci", "--no-shconf", "--no-telemetry",
		"-l", "0", NULL,
	};

	if (argc != 2 || (strcmp(argv[1], "i40e") != 0 && strcmp(argv[1], "ice") != 0)) {
		fprintf(stderr, "usage: %s i40e|ice\n", argv[0]);
		return 2;
	}
	nic = strcmp(argv[1], "i40e") == 0 ? &nic_i40e : &nic_ice;
	if (rte_eal_init(RTE_DIM(eal_args) - 1, eal_args) < 0)
		nic_must("EAL", -rte_errno);

	nic_probe(nic);
	platform_make();
	nic_configure(NB_QUEUES);
	test_unbound();
	test_starts();
	test_objects();
	test_width();
	test_desc_size();
	test_other_queues();
	test_set_up_again();
	test_unbind();
	printf("%s: %u checks, %u failed\n", nic->driver, nb_checks, nb_failed);
	return nb_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
