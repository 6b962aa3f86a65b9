/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef RTE_ETHDEV_TPH_H
#define RTE_ETHDEV_TPH_H

/**
 * @file
 * PCIe TLP Processing Hints (TPH) of Ethernet ports.
 *
 * TPH lets a port place descriptors, headers or payload in the cache of the
 * CPU that will read them. For an application that polls, this means: bind
 * each Rx and Tx queue to the lcore that polls it.
 *
 * @code{.c}
 * struct rte_eth_tph_conf conf = { .mode = RTE_TPH_MODE_AUTO };
 * struct rte_eth_tph_queue_conf queues[] = {
 *	{ .dir = RTE_ETH_TPH_RX, .queue_id = 0, .lcore_id = 3,
 *	  .objects = RTE_TPH_OBJECT_DESC | RTE_TPH_OBJECT_HEADER },
 *	{ .dir = RTE_ETH_TPH_TX, .queue_id = 0, .lcore_id = 3,
 *	  .objects = RTE_TPH_OBJECT_DESC },
 * };
 *
 * ret = rte_eth_dev_tph_enable(port_id, &conf);
 * if (ret == 0)
 *	ret = rte_eth_dev_tph_queue_bind(port_id, queues, RTE_DIM(queues));
 * @endcode
 *
 * Bindings belong to the port: they come back by themselves when the port or
 * a queue is stopped and started again, when the port is reset, and when its
 * driver restarts it to set the MTU. They end when TPH is disabled, when the
 * port is closed, and for queues which a new configuration removes.
 *
 * An application that does not bind its queues itself can have them bound to where
 * they are polled, see rte_eth_dev_tph_follow().
 *
 * A binding is a hint: data is never lost or wrong without it. Neither
 * binding nor hint touches the Rx and Tx burst functions.
 *
 * Threads may call these functions for the same port at the same time. While
 * another one has the port started, stopped, configured, reset, one of its
 * queues set up or started, or its MTU changed, those that change something
 * return -EAGAIN. While the port is being closed or removed they return -ENODEV,
 * and no other function may be called. Only the primary process may change
 * anything; a secondary process may read. A port with bindings has to be
 * restarted by the primary process, which does not hear of a restart by another
 * one.
 *
 * @warning
 * @b EXPERIMENTAL: this API may change, or be removed, without prior notice.
 */

#include <stdint.h>

#include <rte_compat.h>
#include <rte_tph.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Direction of a queue. */
enum rte_eth_tph_dir {
	RTE_ETH_TPH_RX = 0, /**< Rx queue. */
	RTE_ETH_TPH_TX = 1, /**< Tx queue. */
	/**
	 * Both, to bind and unbind only. A direction without objects in the
	 * mode that is enabled is left out, unless the other has none either.
	 */
	RTE_ETH_TPH_RX_TX = 2,
};

/** All queues that are configured, to bind and unbind only. */
#define RTE_ETH_TPH_QUEUE_ALL UINT16_MAX

/** What a queue is bound to. */
enum rte_eth_tph_target {
	/** An lcore: to the CPU that it runs on. */
	RTE_ETH_TPH_TARGET_LCORE = 0,
	/**
	 * A CPU: for a thread that is no lcore of this process, such as one of
	 * a secondary process. This process must be allowed to run there.
	 */
	RTE_ETH_TPH_TARGET_CPU = 1,
};

/** When the hardware of a port takes what a running queue is to hint. */
enum rte_eth_tph_when {
	/** At once. */
	RTE_ETH_TPH_LIVE = 0,
	/** When the queue, or the port, is started the next time. */
	RTE_ETH_TPH_QUEUE_START = 1,
	/** When the port is started the next time. */
	RTE_ETH_TPH_PORT_START = 2,
};

/** TPH of a port: what it offers and what is enabled. */
struct rte_eth_tph_info {
	/**
	 * Mask of enum rte_tph_mode: modes that rte_eth_dev_tph_enable() would
	 * accept, as far as device, driver, platform and policy go.
	 */
	uint32_t modes;
	/** The mode that is enabled, RTE_TPH_MODE_AUTO (0) if TPH is disabled. */
	enum rte_tph_mode mode;
	/** Mask of enum rte_tph_object that Rx queues support. */
	uint32_t rx_objects;
	/** Mask of enum rte_tph_object that Tx queues support. */
	uint32_t tx_objects;
	/** Place of the ST table. */
	enum rte_tph_table table;
	/** Number of entries of the ST table, 0 if there is none. */
	uint16_t table_size;
	/** Width of steering tags in bits: 8 or 16. */
	uint8_t st_bits;
	/** 1 if the platform can name the steering tags of CPUs. */
	uint8_t platform;
	/**
	 * When the hardware takes a binding of a queue that runs, in the mode
	 * that is enabled: until then it is pending.
	 */
	enum rte_eth_tph_when when;
	/** Returned as 0, for future fields. */
	uint32_t reserved32;
	/** Returned as 0, for future fields. */
	uint64_t reserved[3];
};

/** How to enable TPH. */
struct rte_eth_tph_conf {
	/** The mode; RTE_TPH_MODE_AUTO picks the one the driver serves best. */
	enum rte_tph_mode mode;
	/** Must be 0, for future fields. */
	uint32_t reserved32;
	/** Must be 0, for future fields. */
	uint64_t reserved[2];
};

/** Binding of one queue, or of all queues, to one lcore or CPU. */
struct rte_eth_tph_queue_conf {
	/** Direction of the queue. */
	enum rte_eth_tph_dir dir;
	/**
	 * Queue, in the range [0, number of configured queues - 1], or
	 * RTE_ETH_TPH_QUEUE_ALL.
	 */
	uint16_t queue_id;
	/** Which of lcore_id and cpu_id counts: enum rte_eth_tph_target. */
	uint16_t target;
	/**
	 * The lcore that polls the queue; LCORE_ID_ANY for the calling lcore.
	 * Must be 0 if a CPU is named.
	 */
	uint32_t lcore_id;
	/**
	 * Mask of enum rte_tph_object, not 0; RTE_TPH_OBJECT_ALL for all that
	 * the port supports in this direction.
	 */
	uint32_t objects;
	/** Kind of memory that the objects are in. */
	enum rte_tph_mem mem;
	/** The CPU, by its Linux number. Must be 0 if an lcore is named. */
	uint32_t cpu_id;
	/** Must be 0, for future fields. */
	uint64_t reserved[2];
};

/** Where a binding stands. */
enum rte_eth_tph_status {
	/** The queue is not bound, and the hardware does not hint. */
	RTE_ETH_TPH_UNBOUND = 0,
	/** The queue is bound; the hardware gets the tag when it starts. */
	RTE_ETH_TPH_PENDING = 1,
	/** The queue is bound and the hardware has the tag. */
	RTE_ETH_TPH_APPLIED = 2,
	/**
	 * The hardware did not do as told, see the error: it does not hint for
	 * a queue that is bound (objects is not 0), or may go on hinting for
	 * one that is not.
	 */
	RTE_ETH_TPH_FAILED = 3,
	/** The queue is not bound any more; the hardware hints until it starts. */
	RTE_ETH_TPH_UNBINDING = 4,
};

/** How long a port is followed. */
enum rte_eth_tph_follow_mode {
	/** Bindings follow the threads that poll, as long as the port is there. */
	RTE_ETH_TPH_FOLLOW_KEEP = 0,
	/** A queue is bound when it is known who polls it, and that is all. */
	RTE_ETH_TPH_FOLLOW_ONCE = 1,
};

/** How to follow the threads that poll a port. */
struct rte_eth_tph_follow_conf {
	/** How long. */
	enum rte_eth_tph_follow_mode mode;
	/**
	 * Mask of enum rte_tph_object: what is hinted for Rx queues, or
	 * RTE_TPH_OBJECT_ALL. If 0, Rx queues are left alone; but if it is 0
	 * for Tx queues as well, what is advised is hinted for both.
	 */
	uint32_t rx_objects;
	/** The same for Tx queues. */
	uint32_t tx_objects;
	/** Must be 0, for future fields. */
	uint32_t reserved32;
	/** Must be 0, for future fields. */
	uint64_t reserved[2];
};

/** Where following a queue stands. */
enum rte_eth_tph_follow_state {
	/** The queue is not followed. */
	RTE_ETH_TPH_NOT_FOLLOWED = 0,
	/** It is not known yet who polls the queue. */
	RTE_ETH_TPH_LEARNING = 1,
	/** The queue is bound to the CPU that it is polled on. */
	RTE_ETH_TPH_FOLLOWED = 2,
	/** Several threads poll the queue: it is left alone, and not bound. */
	RTE_ETH_TPH_SHARED = 3,
	/** The thread moves from CPU to CPU: it is left alone, and not bound. */
	RTE_ETH_TPH_WANDERING = 4,
	/** The application has bound or unbound the queue: it is left alone. */
	RTE_ETH_TPH_EXPLICIT = 5,
	/** The queue cannot be bound to where it is polled, see follow_error. */
	RTE_ETH_TPH_UNFOLLOWABLE = 6,
};

/** State of one queue. */
struct rte_eth_tph_queue_state {
	/**
	 * Where the binding stands; all else is 0 for an unbound queue, but for
	 * what concerns following it.
	 */
	enum rte_eth_tph_status status;
	/** Why the binding failed: a negative errno value, or 0. */
	int32_t error;
	/** The lcore that the queue is bound to, LCORE_ID_ANY if it is a CPU. */
	uint32_t lcore_id;
	/**
	 * The CPU that the queue is bound to, by its Linux number; the first
	 * one for an lcore of several CPUs, which then share the tag.
	 */
	uint32_t cpu_id;
	/** Mask of enum rte_tph_object: what is to be hinted. */
	uint32_t objects;
	/** Kind of memory that the objects are in. */
	enum rte_tph_mem mem;
	/** The steering tag, if st_bits is not 0. */
	uint16_t st;
	/**
	 * Width of the steering tag in bits, 0 if the tag is not known here: in
	 * interrupt-vector mode the kernel keeps it to itself.
	 */
	uint8_t st_bits;
	/**
	 * 1 if the lcore may run on other CPUs now than at the time of binding.
	 * Bind the queue again to follow the lcore. Only the lcore itself sees
	 * that its thread was moved from outside; other threads see what was
	 * changed by rte_thread_set_affinity(). Always 0 in a secondary process,
	 * which does not know the lcores of the primary.
	 */
	uint8_t stale;
	/** What the queue is bound to: enum rte_eth_tph_target. */
	uint16_t target;
	/** The steering tag that the hardware uses now. */
	uint16_t hw_st;
	/**
	 * Mask of enum rte_tph_object: what the hardware hints now. While the
	 * binding is not applied this differs from what it is bound to.
	 */
	uint32_t hw_objects;
	/** Where following the queue stands. */
	enum rte_eth_tph_follow_state follow;
	/** Why the queue cannot be followed: a negative errno value, or 0. */
	int32_t follow_error;
	/** The thread that polls the queue, by its Linux number; 0 if not known. */
	uint32_t thread;
	/** Returned as 0, for future fields. */
	uint32_t reserved[3];
};

/** What the queues bound to a CPU can have in flight, and its caches. */
struct rte_eth_tph_advice {
	/** Bytes of descriptors that are hinted: all of the rings. */
	uint64_t desc_bytes;
	/** Bytes of headers that are hinted: at most 128 of each descriptor. */
	uint64_t header_bytes;
	/** Bytes of payload that are hinted, if all packets are as long as can be. */
	uint64_t payload_bytes;
	/** Size of the L2 cache of the CPU in bytes, 0 if it is not known. */
	uint64_t l2_bytes;
	/** Size of its L3 cache in bytes, 0 if there is none or it is not known. */
	uint64_t l3_bytes;
	/** Number of CPUs that share this L2 cache, with this one. */
	uint16_t l2_cpus;
	/** Number of CPUs that share this L3 cache, with this one. */
	uint16_t l3_cpus;
	/** Number of queues of all ports that are bound to the CPU. */
	uint16_t nb_queues;
	/**
	 * How many of these are not counted, since they are not set up or the
	 * driver does not tell the size of their rings.
	 */
	uint16_t nb_unknown;
	/**
	 * The largest ring, if all of these queues had the same, of which all that
	 * is hinted fits L2, or the equal share of it of each CPU; 0 if nothing is
	 * counted, the size of L2 is not known, or no ring fits.
	 */
	uint16_t nb_desc_fit;
	/** Returned as 0, for future fields. */
	uint16_t reserved16[3];
	/** Returned as 0, for future fields. */
	uint64_t reserved[4];
};

/**
 * @warning
 * @b EXPERIMENTAL: this API may change, or be removed, without prior notice.
 *
 * Tell what TPH a port offers and what is enabled.
 *
 * @param port_id
 *   The port identifier of the Ethernet device.
 * @param[out] info
 *   Filled on success, untouched otherwise.
 * @return
 *   - (0) on success.
 *   - (-ENODEV) if *port_id* is invalid.
 *   - (-EINVAL) if *info* is NULL.
 *   - (-ENOTSUP) if the driver, the device or the kernel has no TPH.
 *   - (-EIO) if the device is removed or does not answer.
 */
__rte_experimental
int rte_eth_dev_tph_info_get(uint16_t port_id, struct rte_eth_tph_info *info);

/**
 * @warning
 * @b EXPERIMENTAL: this API may change, or be removed, without prior notice.
 *
 * Enable TPH on a port, in any state of the port. No queue is bound by this.
 * If the mode is enabled already, nothing changes and bindings stay.
 *
 * @param port_id
 *   The port identifier of the Ethernet device.
 * @param conf
 *   How to enable TPH.
 * @return
 *   - (0) on success.
 *   - (-ENODEV) if *port_id* is invalid.
 *   - (-EINVAL) if *conf* is NULL, its mode is not one of enum rte_tph_mode,
 *     or a reserved field is not 0.
 *   - (-EPERM) if called by a secondary process.
 *   - (-ENOTSUP) if the driver, the device, its root port or the kernel lack
 *     TPH or the mode.
 *   - (-EBUSY) if another mode is enabled: disable it first.
 *   - (-EAGAIN) if the port is being started, stopped or the like.
 *   - (-EACCES) if the policy of the kernel forbids the mode to this process.
 *   - (-ENOMEM) if memory is short.
 *   - (-EIO) if the device is removed or does not answer.
 */
__rte_experimental
int rte_eth_dev_tph_enable(uint16_t port_id, const struct rte_eth_tph_conf *conf);

/**
 * @warning
 * @b EXPERIMENTAL: this API may change, or be removed, without prior notice.
 *
 * Unbind all queues of a port and disable TPH, in any state of the port.
 * If TPH is disabled already, nothing changes. The bindings are forgotten even
 * on failure, and a queue that cannot be unbound is no failure: its state is
 * RTE_ETH_TPH_FAILED, and enabling TPH clears it first.
 *
 * @param port_id
 *   The port identifier of the Ethernet device.
 * @return
 *   - (0) on success.
 *   - (-ENODEV) if *port_id* is invalid.
 *   - (-EPERM) if called by a secondary process.
 *   - (-ENOTSUP) if the driver has no TPH, or the device or the kernel have
 *     none any more.
 *   - (-EAGAIN) if the port is being started, stopped or the like.
 *   - (-EIO) if the device is removed, does not answer, or cannot be disabled
 *     for any other reason.
 */
__rte_experimental
int rte_eth_dev_tph_disable(uint16_t port_id);

/**
 * @warning
 * @b EXPERIMENTAL: this API may change, or be removed, without prior notice.
 *
 * Bind queues of a port to the lcores or CPUs that poll them: all of them or,
 * on any error, none. A queue that is bound already is bound anew, and the
 * hardware gets the tag again even if it is the same. TPH must be enabled and
 * the queues configured. On a started port the hardware gets the tags at once,
 * on a stopped one they are applied by start. There is hardware which takes
 * them only when a queue, or the port, is started: *when* of struct
 * rte_eth_tph_info says so, and until then the binding is pending.
 *
 * An lcore stands for the CPU it is pinned to, see rte_lcore_cpuset(). If it
 * may run on several CPUs, the platform must name the same tag for all of them;
 * in interrupt-vector mode, where the tags are not known, it must be pinned to
 * one CPU. Of the calling lcore, it is the CPUs of its thread that count.
 *
 * In interrupt-vector mode it is the device that decides what it hints, so all
 * objects have to be named: RTE_TPH_OBJECT_ALL, or the mask of all that the
 * port supports. Whether a queue has a vector is known on a started port only:
 * bound while the port is stopped, a queue without a vector fails at start,
 * which rte_eth_dev_tph_queue_get() tells.
 *
 * It takes one call of the kernel for all queues, or none where the tags of
 * the CPUs are known from earlier bindings. So bind all queues at once.
 *
 * @param port_id
 *   The port identifier of the Ethernet device.
 * @param confs
 *   The bindings, Rx and Tx queues in any order. If a queue is named twice,
 *   the later one counts.
 * @param nb_confs
 *   Number of bindings, not 0.
 * @return
 *   - (0) on success.
 *   - (-ENODEV) if *port_id* is invalid.
 *   - (-EINVAL) if *confs* is NULL, *nb_confs* is 0, a direction, a kind of
 *     memory or an object is unknown, no object is named, a reserved field is
 *     not 0; or TPH is not enabled, or not any more since the kernel disabled
 *     it after an error; or the CPUs of an lcore have different steering tags,
 *     or there are several in interrupt-vector mode; or the queues that share
 *     a vector are not all bound to one CPU, or a vector is not in the ST table.
 *   - (-EPERM) if called by a secondary process.
 *   - (-ENOTSUP) if the driver has no TPH, or does not support an object in
 *     this direction; in interrupt-vector mode, if not all objects are named,
 *     or a queue has no interrupt vector.
 *   - (-ERANGE) if a queue is not configured.
 *   - (-ENOENT) if an lcore or CPU does not exist, an lcore has no CPU, or the
 *     calling thread is not an lcore.
 *   - (-ENXIO) if the platform names no steering tag for a CPU, or none of
 *     the width that the device can use.
 *   - (-EACCES) if the process may not run on a CPU.
 *   - (-EAGAIN) if the port is being started, stopped or the like.
 *   - (-ENOMEM) if memory is short.
 *   - (-EIO) if the device is removed or does not take a tag.
 */
__rte_experimental
int rte_eth_dev_tph_queue_bind(uint16_t port_id,
		const struct rte_eth_tph_queue_conf *confs, uint16_t nb_confs);

/**
 * @warning
 * @b EXPERIMENTAL: this API may change, or be removed, without prior notice.
 *
 * Unbind a queue, or all queues of a direction or of both. If a queue is not
 * bound, nothing changes. Where hardware takes hints only when it starts, it
 * goes on hinting until then: the queue is RTE_ETH_TPH_UNBINDING.
 *
 * @param port_id
 *   The port identifier of the Ethernet device.
 * @param dir
 *   Direction of the queue.
 * @param queue_id
 *   Queue, in the range [0, number of configured queues - 1], or
 *   RTE_ETH_TPH_QUEUE_ALL.
 * @return
 *   - (0) on success.
 *   - (-ENODEV) if *port_id* is invalid.
 *   - (-EINVAL) if *dir* is unknown; or, in interrupt-vector mode, if TPH is
 *     not enabled any more since the kernel disabled it after an error, or a
 *     queue shares its vector with one that stays bound.
 *   - (-EPERM) if called by a secondary process.
 *   - (-ENOTSUP) if the driver has no TPH.
 *   - (-ERANGE) if the queue is not configured.
 *   - (-EAGAIN) if the port is being started, stopped or the like.
 *   - (-ENOMEM) if memory is short.
 *   - (-EIO) if the device is removed or does not answer.
 *   On any error the queues stay bound.
 */
__rte_experimental
int rte_eth_dev_tph_queue_unbind(uint16_t port_id, enum rte_eth_tph_dir dir,
		uint16_t queue_id);

/**
 * @warning
 * @b EXPERIMENTAL: this API may change, or be removed, without prior notice.
 *
 * Tell what a queue is bound to. This takes no lock and asks neither driver nor
 * kernel.
 *
 * @param port_id
 *   The port identifier of the Ethernet device.
 * @param dir
 *   Direction of the queue.
 * @param queue_id
 *   Queue, in the range [0, number of configured queues - 1].
 * @param[out] state
 *   Filled on success, untouched otherwise.
 * @return
 *   - (0) on success.
 *   - (-ENODEV) if *port_id* is invalid.
 *   - (-EINVAL) if *state* is NULL or *dir* is unknown.
 *   - (-ENOTSUP) if the driver has no TPH.
 *   - (-ERANGE) if the queue is not configured.
 */
__rte_experimental
int rte_eth_dev_tph_queue_get(uint16_t port_id, enum rte_eth_tph_dir dir,
		uint16_t queue_id, struct rte_eth_tph_queue_state *state);

/**
 * @warning
 * @b EXPERIMENTAL: this API may change, or be removed, without prior notice.
 *
 * Bind each queue of a port to the CPU that it is polled on, and follow if that
 * changes. For applications that do not bind queues themselves: telemetry
 * offers this, too. May be called in any state of the port.
 *
 * Callbacks in the data path remember which thread receives from and sends to a
 * queue, and on which CPU. Every 100 ms a thread of EAL looks at that, binds the
 * queues of which three looks in a row saw the same, in one call of the kernel, and
 * so on. A queue that nobody polls stays unbound; one that was polled, and is not
 * any more, stays bound. A queue that several threads poll, or whose thread moves
 * between CPUs, so that four looks disagreed, is not bound until it has been quiet
 * for 32 looks. A binding that the application makes or ends by
 * rte_eth_dev_tph_queue_bind() and rte_eth_dev_tph_queue_unbind() counts: such a
 * queue is left alone until the port is followed anew. Bindings name CPUs, never
 * lcores.
 *
 * With RTE_ETH_TPH_FOLLOW_ONCE, the callback of a queue is removed as soon as it is
 * known what becomes of the queue, and the data path is what it was.
 *
 * If TPH is disabled, it is enabled in the mode RTE_TPH_MODE_AUTO. A port is followed
 * until rte_eth_dev_tph_unfollow() or rte_eth_dev_tph_disable() is called, or it is
 * closed; over any number of starts, resets and configurations. Where hardware takes
 * hints at start only, those of queues that run are taken by the next one, and the
 * log says so.
 *
 * Only threads of this process are seen. Ports that a bonded port is made of have to
 * be followed themselves. The memory of a callback that was removed is freed when the
 * port is stopped.
 *
 * @param port_id
 *   The port identifier of the Ethernet device.
 * @param conf
 *   How to follow.
 * @return
 *   - (0) on success.
 *   - (-ENODEV) if *port_id* is invalid, or the port is being closed.
 *   - (-EINVAL) if *conf* is NULL, its mode or an object is unknown, or a
 *     reserved field is not 0.
 *   - (-EPERM) if called by a secondary process.
 *   - (-ENOTSUP) if the driver, the device, its root port or the kernel lack
 *     TPH, or do not support an object in this direction; in interrupt-vector
 *     mode, if not all objects are named; or DPDK is built without callbacks,
 *     or not for Linux.
 *   - (-EALREADY) if the port is followed.
 *   - (-EAGAIN) if the port is being started, stopped or the like.
 *   - (-EACCES) if the policy of the kernel forbids TPH to this process.
 *   - (-ENOMEM) if memory is short.
 *   - (-EIO) if the device is removed or does not answer.
 *   On any error nothing has changed.
 */
__rte_experimental
int rte_eth_dev_tph_follow(uint16_t port_id, const struct rte_eth_tph_follow_conf *conf);

/**
 * @warning
 * @b EXPERIMENTAL: this API may change, or be removed, without prior notice.
 *
 * Follow a port no more, and undo what that did: unbind the queues that were bound
 * by it, and disable TPH if that was enabled by rte_eth_dev_tph_follow() and the
 * application has neither enabled it since nor bound a queue. If the port is not
 * followed, nothing changes. A queue that cannot be unbound is no failure, see
 * rte_eth_dev_tph_disable(), and even on failure the port is not followed any more.
 *
 * @param port_id
 *   The port identifier of the Ethernet device.
 * @return
 *   - (0) on success.
 *   - (-ENODEV) if *port_id* is invalid, or the port is being closed.
 *   - (-EPERM) if called by a secondary process.
 *   - (-ENOTSUP) if the driver has no TPH.
 *   - (-EAGAIN) if the port is being started, stopped or the like; it is
 *     followed still.
 *   - (-EIO) if TPH cannot be disabled.
 */
__rte_experimental
int rte_eth_dev_tph_unfollow(uint16_t port_id);

/**
 * @warning
 * @b EXPERIMENTAL: this API may change, or be removed, without prior notice.
 *
 * Tell how much the queues bound to a CPU can have in flight, beside the caches
 * of this CPU. Beyond L2, hints make things worse: what arrives pushes out what
 * has not been read yet. Hint less then, or make rings smaller.
 *
 * Any process may call this; it makes no call of a device.
 *
 * @param cpu_id
 *   The CPU, by its Linux number, as rte_eth_dev_tph_queue_get() tells it.
 * @param[out] advice
 *   Filled on success, untouched otherwise.
 * @return
 *   - (0) on success.
 *   - (-EINVAL) if *advice* is NULL, or *cpu_id* is beyond all CPUs.
 */
__rte_experimental
int rte_eth_tph_advice_get(uint32_t cpu_id, struct rte_eth_tph_advice *advice);

#ifdef __cplusplus
}
#endif

#endif /* RTE_ETHDEV_TPH_H */
