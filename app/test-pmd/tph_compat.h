/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TESTPMD_TPH_COMPAT_H
#define TESTPMD_TPH_COMPAT_H

/**
 * @file
 * What differs between the versions of testpmd that the TPH sources serve: 22.11
 * lacks the functions that forwarding engines share, and does not want to hear
 * whether an engine had anything to do.
 */

#include <rte_version.h>

#include "testpmd.h"

#if RTE_VER_YEAR >= 23

/** What engines return: whether there was anything to do. */
#define TPH_FWD_TYPE bool

#else

#define TPH_FWD_TYPE void

static inline void
common_fwd_stream_init(struct fwd_stream *fs)
{
	fs->disabled =
		ports[fs->rx_port].rxq[fs->rx_queue].state == RTE_ETH_QUEUE_STATE_STOPPED ||
		ports[fs->tx_port].txq[fs->tx_queue].state == RTE_ETH_QUEUE_STATE_STOPPED;
}

static inline uint16_t
common_fwd_stream_receive(struct fwd_stream *fs, struct rte_mbuf **burst, unsigned int nb_pkts)
{
	uint16_t nb_rx = rte_eth_rx_burst(fs->rx_port, fs->rx_queue, burst, nb_pkts);

	inc_rx_burst_stats(fs, nb_rx);
	fs->rx_packets += nb_rx;
	return nb_rx;
}

static inline uint16_t
common_fwd_stream_transmit(struct fwd_stream *fs, struct rte_mbuf **burst, unsigned int nb_pkts)
{
	uint16_t nb_tx = rte_eth_tx_burst(fs->tx_port, fs->tx_queue, burst, nb_pkts);
	uint32_t retry = 0;

	while (nb_tx < nb_pkts && fs->retry_enabled != 0 && retry++ < burst_tx_retry_num) {
		rte_delay_us(burst_tx_delay_time);
		nb_tx += rte_eth_tx_burst(fs->tx_port, fs->tx_queue, &burst[nb_tx],
				nb_pkts - nb_tx);
	}
	fs->tx_packets += nb_tx;
	inc_tx_burst_stats(fs, nb_tx);
	if (nb_tx < nb_pkts) {
		fs->fwd_dropped += nb_pkts - nb_tx;
		rte_pktmbuf_free_bulk(&burst[nb_tx], nb_pkts - nb_tx);
	}
	return nb_tx;
}

#endif

#endif /* TESTPMD_TPH_COMPAT_H */
