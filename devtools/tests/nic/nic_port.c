/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <rte_bus.h>
#include <rte_cycles.h>
#include <rte_errno.h>
#include <rte_mbuf.h>
#include <rte_version.h>

#include "nic.h"
#include "fake_kernel.h"

#define PORT 0
#define BAR_LEN (64 << 20)
#define NB_DRIVERS_MAX 32
#define NB_REGISTERS 64

#define SWITCH_REQUEST 0x1
#define SWITCH_STATUS 0x4

static struct rte_pci_driver *drivers[NB_DRIVERS_MAX];
static unsigned int nb_drivers;
static const struct nic *nic;
static uint8_t *registers;
static bool probing;
static struct rte_mempool *pool;

void __real_rte_pci_register(struct rte_pci_driver *driver);
void __wrap_rte_pci_register(struct rte_pci_driver *driver);
enum rte_proc_type_t __real_rte_eal_process_type(void);
enum rte_proc_type_t __wrap_rte_eal_process_type(void);

/* Drivers register before main. */
void
__wrap_rte_pci_register(struct rte_pci_driver *driver)
{
	if (nb_drivers < NB_DRIVERS_MAX)
		drivers[nb_drivers++] = driver;
	__real_rte_pci_register(driver);
}

/*
 * A driver in a secondary process does not talk to the device while it is
 * probed; it has named its operations by then.
 */
enum rte_proc_type_t
__wrap_rte_eal_process_type(void)
{
	if (probing && rte_eth_devices[PORT].dev_ops != NULL)
		return RTE_PROC_SECONDARY;
	return __real_rte_eal_process_type();
}

void
nic_must(const char *what, int ret)
{
	if (ret == 0)
		return;
	fprintf(stderr, "%s: %d (%s)\n", what, ret, rte_strerror(abs(ret)));
	exit(EXIT_FAILURE);
}

/* Queues are on or off as soon as the driver waits for that. */
static void
device_run(unsigned int us)
{
	unsigned int dir, i;
	uint32_t *reg;

	(void)us;
	for (dir = 0; dir < NIC_DIRS; dir++) {
		if (nic->switch_registers[dir] == 0)
			continue;
		reg = (uint32_t *)(registers + nic->switch_registers[dir]);
		for (i = 0; i < NB_REGISTERS; i++)
			reg[i] = (reg[i] & SWITCH_REQUEST) != 0 ?
				reg[i] | SWITCH_STATUS : reg[i] & ~(uint32_t)SWITCH_STATUS;
	}
}

static int
port_infos_get(struct rte_eth_dev *dev, struct rte_eth_dev_info *info)
{
	(void)dev;
	info->max_mac_addrs = 1;
	info->max_rx_pktlen = 9728;
	info->max_mtu = 9000;
	info->max_rx_queues = 8;
	info->max_tx_queues = 8;
	info->rx_desc_lim = (struct rte_eth_desc_lim) { 4096, 64, 32, 0, 0 };
	info->tx_desc_lim = info->rx_desc_lim;
	/* Queues are set up anew on a started port if the driver can do that. */
	info->dev_capa = RTE_ETH_DEV_CAPA_RUNTIME_RX_QUEUE_SETUP |
		RTE_ETH_DEV_CAPA_RUNTIME_TX_QUEUE_SETUP;
	return 0;
}

static int
port_nothing(struct rte_eth_dev *dev)
{
	(void)dev;
	return 0;
}

static int
port_link_update(struct rte_eth_dev *dev, int wait)
{
	(void)dev;
	(void)wait;
	return 0;
}

static int
port_start(struct rte_eth_dev *dev)
{
	return nic->queues_start(dev);
}

static int
port_stop(struct rte_eth_dev *dev)
{
	uint16_t q;

	for (q = 0; q < dev->data->nb_rx_queues; q++)
		nic_must("stop of an Rx queue", dev->dev_ops->rx_queue_stop(dev, q));
	for (q = 0; q < dev->data->nb_tx_queues; q++)
		nic_must("stop of a Tx queue", dev->dev_ops->tx_queue_stop(dev, q));
	return 0;
}

/* The operations of the driver, but for those that concern the whole device. */
static void
ops_make(struct rte_eth_dev *dev)
{
	static struct eth_dev_ops ops;
	const struct eth_dev_ops *all = dev->dev_ops;

	ops = (struct eth_dev_ops) {
		.tph_ops = all->tph_ops,
		.rx_queue_setup = all->rx_queue_setup,
		.rx_queue_release = all->rx_queue_release,
		.rx_queue_start = all->rx_queue_start,
		.rx_queue_stop = all->rx_queue_stop,
		.tx_queue_setup = all->tx_queue_setup,
		.tx_queue_release = all->tx_queue_release,
		.tx_queue_start = all->tx_queue_start,
		.tx_queue_stop = all->tx_queue_stop,
		.rxq_info_get = all->rxq_info_get,
		.txq_info_get = all->txq_info_get,
		.dev_infos_get = port_infos_get,
		.dev_configure = port_nothing,
		.dev_start = port_start,
		.dev_stop = port_stop,
		.dev_close = port_nothing,
		.link_update = port_link_update,
	};
	dev->dev_ops = &ops;
}

static struct rte_pci_driver *
driver_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < nb_drivers; i++)
		if (strcmp(drivers[i]->driver.name, name) == 0)
			return drivers[i];
	fprintf(stderr, "no driver %s\n", name);
	exit(EXIT_FAILURE);
}

void
nic_probe(const struct nic *which)
{
	static struct rte_pci_device pci_dev;
	struct rte_eth_dev *dev = &rte_eth_devices[PORT];
	struct rte_pci_driver *driver = driver_find(which->driver);

	nic = which;
	registers = mmap(NULL, BAR_LEN, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	nic_must("mmap", registers == MAP_FAILED ? -ENOMEM : 0);
	nic_must("kernel", test_tph_kernel_start());
	nic_must("device", test_tph_device_open(&pci_dev));
	pci_dev.mem_resource[0].addr = registers;
	pci_dev.mem_resource[0].len = BAR_LEN;
	pci_dev.id.vendor_id = 0x8086;
	pci_dev.id.device_id = which->device_id;
	pci_dev.device.bus = rte_bus_find_by_name("pci");
	pci_dev.device.driver = &driver->driver;
	pci_dev.device.name = "0000:01:00.0";
#if RTE_VERSION < RTE_VERSION_NUM(26, 7, 0, 0)
	pci_dev.driver = driver;
#endif

	probing = true;
	nic_must("probe", driver->probe(driver, &pci_dev));
	probing = false;
	ops_make(dev);
	dev->data->mac_addrs = calloc(1, sizeof(*dev->data->mac_addrs));
	nic_must("MAC address", dev->data->mac_addrs == NULL ? -ENOMEM : 0);

	rte_delay_us_callback_register(device_run);
	which->init(dev, registers);
	pool = rte_pktmbuf_pool_create("mbufs", 2047, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE,
			SOCKET_ID_ANY);
	nic_must("mbufs", pool == NULL ? -ENOMEM : 0);
}

int
nic_rx_queue_setup(uint16_t queue_id)
{
	return rte_eth_rx_queue_setup(PORT, queue_id, NIC_NB_DESC, SOCKET_ID_ANY, NULL, pool);
}

void
nic_configure(uint16_t nb_queues)
{
	struct rte_eth_conf conf;
	uint16_t q;

	memset(&conf, 0, sizeof(conf));
	nic_must("configure", rte_eth_dev_configure(PORT, nb_queues, nb_queues, &conf));
	for (q = 0; q < nb_queues; q++) {
		nic_must("Rx queue", nic_rx_queue_setup(q));
		nic_must("Tx queue", rte_eth_tx_queue_setup(PORT, q, NIC_NB_DESC, SOCKET_ID_ANY,
				NULL));
	}
}

void
nic_restart(void)
{
	unsigned int dir;
	uint16_t q;

	if (rte_eth_devices[PORT].data->dev_started != 0)
		nic_must("stop", rte_eth_dev_stop(PORT));
	/* Nothing is taken for new that is left over. */
	for (dir = 0; dir < NIC_DIRS; dir++)
		for (q = 0; q < NB_REGISTERS; q++)
			nic->context_spoil(dir, q);
	nic_must("start", rte_eth_dev_start(PORT));
}
