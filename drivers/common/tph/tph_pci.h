/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_PCI_H
#define TPH_PCI_H

/**
 * @file
 * TPH operations that drivers of PCI network devices take as they are.
 *
 * A driver of a device that keeps tags in registers or contexts of its queues
 * describes it by one structure and names its operations:
 *
 * @code{.c}
 * const struct tph_pci_pmd foo_tph_pmd = {
 *	.ops = TPH_PCI_OPS,
 *	.rx_objects = RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_PAYLOAD,
 *	.queue_set = foo_tph_queue_set,
 *	.st_bits = 8,
 * };
 *
 * static const struct eth_dev_ops foo_ops = {
 *	.tph_ops = &foo_tph_pmd.ops,
 *	...
 * @endcode
 *
 * A driver without such code, whose Rx queues have interrupt vectors, names
 * &tph_pci_iv_pmd.ops.
 *
 * Devices of other buses may share the structure eth_dev_ops of such a driver:
 * they are told to have no TPH.
 */

#include <ethdev_tph_driver.h>
#include <rte_compat.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @internal What a driver of a PCI device tells of its TPH. */
struct tph_pci_pmd {
	/** TPH_PCI_OPS; eth_dev_ops points to it. */
	struct eth_dev_tph_ops ops;
	/** Mask of enum rte_tph_object of Rx queues, in device-specific mode. */
	uint32_t rx_objects;
	/** Mask of enum rte_tph_object of Tx queues, in device-specific mode. */
	uint32_t tx_objects;
	/** Width of the tags that queue_set can take in bits: 8 or 16. */
	uint8_t st_bits;
	/**
	 * Tell whether queue_set serves this device: 0, or -ENOTSUP.
	 * NULL if it serves all devices of the driver.
	 */
	int (*check)(struct rte_eth_dev *dev);
	/**
	 * Make a queue hint *objects* with the tag *st* from now on, and nothing
	 * else; no objects: hint nothing. The queue is or was configured.
	 * Returns 0, or an error and has changed nothing.
	 * NULL if the driver does not serve device-specific mode, or asks for
	 * hints instead, see when.
	 */
	int (*queue_set)(struct rte_eth_dev *dev, enum rte_eth_tph_dir dir,
			uint16_t queue_id, uint32_t objects, uint16_t st);
	/**
	 * When the hardware takes a hint in device-specific mode. Unless it is
	 * RTE_ETH_TPH_LIVE, the driver calls eth_dev_tph_hint_get() whenever it
	 * makes the context of a queue, and has no queue_set.
	 */
	enum rte_eth_tph_when when;
	/** Bytes of a descriptor by enum rte_eth_tph_dir; 0 if not known. */
	uint16_t desc_size[2];
};

/** @internal Initializer of tph_pci_pmd.ops. */
#define TPH_PCI_OPS TPH_PCI_OPS_ENABLED_BY(tph_pci_enable)

/** @internal The same for a driver that wraps tph_pci_enable(). */
#define TPH_PCI_OPS_ENABLED_BY(func) { \
	.info_get = tph_pci_info_get, \
	.enable = func, \
	.disable = tph_pci_disable, \
	.resolve = tph_pci_resolve, \
	.apply = tph_pci_apply, \
	.desc_size = tph_pci_desc_size, \
}

/** @internal For drivers that know nothing of TPH: interrupt-vector mode. */
extern const struct tph_pci_pmd tph_pci_iv_pmd;

/**
 * @internal
 * See info_get of struct eth_dev_tph_ops.
 *
 * @param dev
 *   The Ethernet device.
 * @param[out] info
 *   Filled on success; it has to be zeroed before.
 * @return
 *   - (0) on success.
 *   - (-ENOTSUP) if the device is not on the PCI bus, or it or the kernel has no TPH.
 *   - (-EIO) if the device does not answer.
 */
__rte_internal
int tph_pci_info_get(struct rte_eth_dev *dev, struct rte_eth_tph_info *info);

/**
 * @internal
 * See enable of struct eth_dev_tph_ops.
 *
 * @param dev
 *   The Ethernet device.
 * @param mode
 *   The mode; RTE_TPH_MODE_AUTO picks the best one.
 * @param[out] info
 *   Filled on success, as tph_pci_info_get() would; it has to be zeroed before.
 * @return
 *   - (0) on success.
 *   - (-ENOTSUP) if driver, device, root port or kernel lack the mode,
 *     or the device is not on the PCI bus.
 *   - (-EBUSY) if another mode is enabled.
 *   - (-EACCES) if the policy of the kernel forbids the mode to this process.
 *   - (-ENOMEM) if memory is short.
 *   - (-EIO) if the device does not answer.
 */
__rte_internal
int tph_pci_enable(struct rte_eth_dev *dev, enum rte_tph_mode mode,
		struct rte_eth_tph_info *info);

/**
 * @internal
 * See disable of struct eth_dev_tph_ops.
 *
 * @param dev
 *   The Ethernet device, its device is on the PCI bus.
 * @return
 *   - (0) on success.
 *   - (-ENOTSUP) if the device or the kernel has no TPH.
 *   - (-EIO) if the device does not answer or stays enabled.
 */
__rte_internal
int tph_pci_disable(struct rte_eth_dev *dev);

/**
 * @internal
 * See resolve of struct eth_dev_tph_ops.
 *
 * @param dev
 *   The Ethernet device, its device is on the PCI bus.
 * @param[in,out] queues
 *   The queues; their tags are set on success.
 * @param nb_queues
 *   Number of queues.
 * @return
 *   - (0) on success.
 *   - (-EINVAL) if the CPUs of a queue have different tags; in interrupt-vector
 *     mode, if a queue has several CPUs.
 *   - (-ENOTSUP) in interrupt-vector mode, if a queue is to hint only some
 *     objects.
 *   - (-ENXIO) if the platform names no tag for a CPU, or none of the width
 *     that the driver can use.
 *   - (-EACCES) if the process may not run on a CPU.
 *   - (-ENOMEM) if memory is short.
 *   - (-EIO) if the device does not answer.
 */
__rte_internal
int tph_pci_resolve(struct rte_eth_dev *dev, struct eth_dev_tph_queue *queues,
		uint16_t nb_queues);

/**
 * @internal
 * See apply of struct eth_dev_tph_ops.
 *
 * @param dev
 *   The Ethernet device, its device is on the PCI bus.
 * @param[in,out] queues
 *   The queues, resolved or without objects; told on failure: those that do
 *   not have what they had.
 * @param nb_queues
 *   Number of queues.
 * @return
 *   - (0) on success.
 *   - (-ENOTSUP) if a queue has no interrupt vector in interrupt-vector mode.
 *   - (-EINVAL) if queues that share a vector are not all bound to one CPU, or
 *     a vector is not in the ST table.
 *   - (-ENXIO) or (-EACCES) as of tph_pci_resolve(), in interrupt-vector mode.
 *   - (-ENOMEM) if memory is short.
 *   - Any error of queue_set of the driver, in device-specific mode.
 *   - (-EIO) if the device does not take a tag.
 */
__rte_internal
int tph_pci_apply(struct rte_eth_dev *dev, struct eth_dev_tph_queue *queues,
		uint16_t nb_queues);

/**
 * @internal
 * See desc_size of struct eth_dev_tph_ops.
 *
 * @param dev
 *   The Ethernet device.
 * @param dir
 *   The direction.
 * @return
 *   Bytes of a descriptor, 0 if the driver does not tell.
 */
__rte_internal
uint16_t tph_pci_desc_size(const struct rte_eth_dev *dev, enum rte_eth_tph_dir dir);

#ifdef __cplusplus
}
#endif

#endif /* TPH_PCI_H */
