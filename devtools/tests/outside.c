/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/*
 * A program outside of the tree, built with what is installed, as
 * check-install.sh does: a port without TPH says so, and goes on working.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <rte_debug.h>
#include <rte_eal.h>
#include <rte_ethdev.h>

int
main(int argc, char **argv)
{
	struct rte_eth_tph_queue_conf queue = {
		.dir = RTE_ETH_TPH_RX,
		.objects = RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_HEADER,
	};
	struct rte_eth_tph_conf conf = { .mode = RTE_TPH_MODE_AUTO };
	struct rte_eth_tph_info info;
	int ret;

	if (rte_eal_init(argc, argv) < 0)
		rte_exit(EXIT_FAILURE, "cannot initialize EAL\n");
	if (rte_eth_dev_count_avail() != 1)
		rte_exit(EXIT_FAILURE, "%u ports, not 1\n", rte_eth_dev_count_avail());

	ret = rte_eth_dev_tph_enable(0, &conf);
	printf("enable %d\n", ret);
	if (ret == 0)
		ret = rte_eth_dev_tph_queue_bind(0, &queue, 1);
	if (ret != -ENOTSUP || rte_eth_dev_tph_info_get(0, &info) != -ENOTSUP)
		return EXIT_FAILURE;
	return rte_eth_dev_close(0) == 0 && rte_eal_cleanup() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
