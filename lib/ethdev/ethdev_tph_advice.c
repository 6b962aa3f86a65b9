/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * How much the queues that are bound to a CPU can have in flight, and how much
 * the caches of that CPU hold. A queue that is hinted more than that pushes its
 * own data out of the cache before it is read.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <eal_export.h>
#include <rte_common.h>
#include <rte_ether.h>
#include <rte_mbuf.h>
#include <rte_os.h>

#include "rte_ethdev.h"
#include "ethdev_driver.h"
#include "ethdev_tph_state.h"
#include "ethdev_tph_target.h"

#define ETH_TPH_CACHE_DIR "/sys/devices/system/cpu/cpu%" PRIu32 "/cache/index%u/%s"

/* Caches of a CPU, of all levels and kinds. */
#define ETH_TPH_CACHES_MAX 16

/* Of most NICs, where the driver does not say. */
#define ETH_TPH_DESC_SIZE 16

/*
 * Ethernet, VLAN, IPv6, and TCP with the options that are usual: 90 bytes, so
 * two cache lines of 64 bytes, or one of 128.
 */
#define ETH_TPH_HEADER_SIZE 128

/* Rings are sized in steps of this many descriptors. */
#define ETH_TPH_DESC_STEP 32

/* What a queue can have in flight. */
struct eth_tph_flight {
	uint16_t nb_desc;
	/* Bytes by descriptor. */
	uint32_t desc;
	uint32_t header;
	uint32_t payload;
};

/* Read a line of a file of sysfs; Linux only, elsewhere there is none. */
static int
eth_tph_cache_read(uint32_t cpu_id, unsigned int index, const char *name, char *line, int size)
{
	char path[sizeof(ETH_TPH_CACHE_DIR) + 64];
	FILE *file;
	int ret = 0;

	snprintf(path, sizeof(path), ETH_TPH_CACHE_DIR, cpu_id, index, name);
	file = fopen(path, "r");
	if (file == NULL)
		return -ENOENT;
	if (fgets(line, size, file) == NULL)
		ret = -ENOENT;
	fclose(file);
	return ret;
}

/* Bytes from a text such as 1024K. */
static uint64_t
eth_tph_size_parse(const char *text)
{
	char *end;
	uint64_t size = strtoull(text, &end, 10);

	switch (*end) {
	case 'G':
		return size << 30;
	case 'M':
		return size << 20;
	case 'K':
		return size << 10;
	default:
		return size;
	}
}

static uint16_t
eth_tph_cpus_count(const char *list)
{
	rte_cpuset_t set;

	eth_tph_cpus_parse(list, &set);
	return CPU_COUNT(&set);
}

static void
eth_tph_caches_fill(uint32_t cpu_id, struct rte_eth_tph_advice *advice)
{
	char level[8], type[32], size[32], cpus[1024];
	unsigned int i;

	for (i = 0; i < ETH_TPH_CACHES_MAX; i++) {
		if (eth_tph_cache_read(cpu_id, i, "level", level, sizeof(level)) != 0)
			return;
		/* Some firmware tells that there is a cache, but no more. */
		if (eth_tph_cache_read(cpu_id, i, "type", type, sizeof(type)) != 0 ||
		    eth_tph_cache_read(cpu_id, i, "size", size, sizeof(size)) != 0 ||
		    eth_tph_cache_read(cpu_id, i, "shared_cpu_list", cpus, sizeof(cpus)) != 0 ||
		    strncmp(type, "Instruction", strlen("Instruction")) == 0)
			continue;
		if (level[0] == '2') {
			advice->l2_bytes = eth_tph_size_parse(size);
			advice->l2_cpus = eth_tph_cpus_count(cpus);
		} else if (level[0] == '3') {
			advice->l3_bytes = eth_tph_size_parse(size);
			advice->l3_cpus = eth_tph_cpus_count(cpus);
		}
	}
}

static int
eth_tph_rx_ring_get(const struct rte_eth_dev *dev, uint16_t queue_id, uint16_t *nb_desc,
		uint32_t *frame)
{
	struct rte_eth_rxq_info info;
	uint32_t room;
	int ret;

	ret = rte_eth_rx_queue_info_get(dev->data->port_id, queue_id, &info);
	if (ret != 0)
		return ret;
	*nb_desc = info.nb_desc;
	if (info.mp != NULL) {
		room = rte_pktmbuf_data_room_size(info.mp) - RTE_PKTMBUF_HEADROOM;
		*frame = RTE_MIN(*frame, room);
	}
	return 0;
}

static int
eth_tph_tx_ring_get(const struct rte_eth_dev *dev, uint16_t queue_id, uint16_t *nb_desc)
{
	struct rte_eth_txq_info info;
	int ret;

	ret = rte_eth_tx_queue_info_get(dev->data->port_id, queue_id, &info);
	if (ret == 0)
		*nb_desc = info.nb_desc;
	return ret;
}

static uint32_t
eth_tph_desc_size(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir)
{
	uint16_t size = 0;

	if (dev->dev_ops->tph_ops->desc_size != NULL)
		size = dev->dev_ops->tph_ops->desc_size(dev, dir);
	return size != 0 ? size : ETH_TPH_DESC_SIZE;
}

/* Find what a queue can have in flight; fails if its driver does not tell. */
static int
eth_tph_flight_get(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir, uint16_t queue_id,
		uint32_t objects, struct eth_tph_flight *flight)
{
	void * const *queues = dir == RTE_ETH_TPH_RX ?
		dev->data->rx_queues : dev->data->tx_queues;
	uint32_t frame = dev->data->mtu + RTE_ETHER_HDR_LEN;
	int ret;

	/* A queue may be bound before it is set up. */
	if (queues == NULL || queues[queue_id] == NULL)
		return -ENOENT;
	if (dir == RTE_ETH_TPH_RX)
		ret = eth_tph_rx_ring_get(dev, queue_id, &flight->nb_desc, &frame);
	else
		ret = eth_tph_tx_ring_get(dev, queue_id, &flight->nb_desc);
	if (ret != 0)
		return ret;

	flight->desc = 0;
	flight->header = 0;
	flight->payload = 0;
	if ((objects & RTE_TPH_OBJECT_DESC) != 0)
		flight->desc = eth_tph_desc_size(dev, dir);
	if ((objects & RTE_TPH_OBJECT_HEADER) != 0)
		flight->header = RTE_MIN(frame, (uint32_t)ETH_TPH_HEADER_SIZE);
	if ((objects & RTE_TPH_OBJECT_PAYLOAD) != 0)
		flight->payload = frame - flight->header;
	return 0;
}

/* Add the queues of one direction of a port; returns bytes by descriptor. */
static uint64_t
eth_tph_port_add(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir, uint32_t cpu_id,
		struct rte_eth_tph_advice *advice)
{
	uint16_t q, nb = eth_tph_nb_queues(dev, dir);
	struct rte_eth_tph_queue_state state;
	struct eth_tph_flight flight = { 0 };
	uint64_t each = 0;

	for (q = 0; q < nb; q++) {
		if (rte_eth_dev_tph_queue_get(dev->data->port_id, dir, q, &state) != 0 ||
		    state.status == RTE_ETH_TPH_UNBOUND || state.cpu_id != cpu_id)
			continue;
		advice->nb_queues++;
		if (eth_tph_flight_get(dev, dir, q, state.objects, &flight) != 0) {
			advice->nb_unknown++;
			continue;
		}
		advice->desc_bytes += (uint64_t)flight.nb_desc * flight.desc;
		advice->header_bytes += (uint64_t)flight.nb_desc * flight.header;
		advice->payload_bytes += (uint64_t)flight.nb_desc * flight.payload;
		each += flight.desc + flight.header + flight.payload;
	}
	return each;
}

/* Descriptors of each ring of which all fits: CPUs of one L2 get equal shares. */
static uint16_t
eth_tph_desc_fit(const struct rte_eth_tph_advice *advice, uint64_t each)
{
	uint64_t fit;

	if (each == 0 || advice->l2_bytes == 0)
		return 0;
	fit = advice->l2_bytes / RTE_MAX(advice->l2_cpus, 1) / each;
	fit -= fit % ETH_TPH_DESC_STEP;
	return RTE_MIN(fit, (uint64_t)(UINT16_MAX - UINT16_MAX % ETH_TPH_DESC_STEP));
}

RTE_EXPORT_EXPERIMENTAL_SYMBOL(rte_eth_tph_advice_get, 26.11)
int
rte_eth_tph_advice_get(uint32_t cpu_id, struct rte_eth_tph_advice *advice)
{
	const struct rte_eth_dev *dev;
	uint64_t each = 0;
	uint16_t port_id;

	if (advice == NULL || cpu_id >= CPU_SETSIZE) {
		ETH_TPH_LOG(ERR, "advice is NULL or no CPU %" PRIu32, cpu_id);
		return -EINVAL;
	}

	memset(advice, 0, sizeof(*advice));
	eth_tph_caches_fill(cpu_id, advice);
	RTE_ETH_FOREACH_DEV(port_id) {
		dev = &rte_eth_devices[port_id];
		if (dev->dev_ops->tph_ops == NULL)
			continue;
		each += eth_tph_port_add(dev, RTE_ETH_TPH_RX, cpu_id, advice);
		each += eth_tph_port_add(dev, RTE_ETH_TPH_TX, cpu_id, advice);
	}
	advice->nb_desc_fit = eth_tph_desc_fit(advice, each);
	return 0;
}
