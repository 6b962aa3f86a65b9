// SPDX-License-Identifier: GPL-2.0-only
/*
 * Noticing what makes a device lose its TPH state, and putting it back.
 *
 * Whatever may have cost the state (resets, power states, errors, a set-up of
 * MSI-X) leaves one mark, &tph_op_dev.lost. What is marked is put back by one
 * function, under memory_lock, as soon as the device can be reached.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <linux/device.h>
#include <linux/pci.h>
#include <linux/pm_domain.h>
#include <linux/pm_runtime.h>
#include <linux/workqueue.h>

#include "tph_vfio_pci.h"

/**
 * tph_lost - the device may not hold any more what it is to hold
 * @tdev: the device
 */
void tph_lost(struct tph_vfio_dev *tdev)
{
	mutex_lock(&tdev->lock);
	tdev->op.lost = true;
	mutex_unlock(&tdev->lock);
}

static void tph_restore_locked(struct tph_vfio_dev *tdev)
{
	struct tph_op_dev *op = &tdev->op;

	lockdep_assert_held_read(&tdev->core.memory_lock);
	mutex_lock(&tdev->lock);
	/* If it cannot be touched now, it is restored when that changes. */
	if (tph_ready(op) && tph_op_restore(op))
		dev_warn_ratelimited(&tdev->core.pdev->dev, "cannot restore TPH\n");
	mutex_unlock(&tdev->lock);
}

/**
 * tph_restore - put TPH back, if the device may have lost it and can be reached
 * @tdev: the device; memory_lock is not held
 */
void tph_restore(struct tph_vfio_dev *tdev)
{
	struct device *dev = &tdev->core.pdev->dev;
	int pm;

	/* A device that is, or is about to be, suspended is left alone till it resumes. */
	pm = pm_runtime_get_if_in_use(dev);
	if (!pm)
		return;
	down_read(&tdev->core.memory_lock);
	tph_restore_locked(tdev);
	up_read(&tdev->core.memory_lock);
	if (pm > 0)
		pm_runtime_put(dev);
}

/*
 * The PCI core calls, and memory_lock may be held: by the ioctl that resets this
 * device, which then restores it before it returns, or another one of its slot
 * or bus, which knows nothing of it. Nobody waits for the lock in here: that
 * would refuse the next hot reset, which takes it only if it is free.
 */
static void tph_restore_or_defer(struct tph_vfio_dev *tdev)
{
	if (!down_read_trylock(&tdev->core.memory_lock)) {
		schedule_delayed_work(&tdev->restore_work, 1);
		return;
	}
	tph_restore_locked(tdev);
	up_read(&tdev->core.memory_lock);
}

static void tph_restore_work(struct work_struct *work)
{
	struct tph_vfio_dev *tdev =
		container_of(to_delayed_work(work), struct tph_vfio_dev, restore_work);
	struct device *dev = &tdev->core.pdev->dev;
	int pm = pm_runtime_get_if_in_use(dev);

	/* As in tph_restore() */
	if (!pm)
		return;
	tph_restore_or_defer(tdev);
	if (pm > 0)
		pm_runtime_put(dev);
}

static void tph_pci_reset_prepare(struct pci_dev *pdev)
{
	struct tph_vfio_dev *tdev = tph_from_pci(pdev);

	mutex_lock(&tdev->lock);
	tdev->resetting = true;
	tdev->op.lost = true;
	mutex_unlock(&tdev->lock);
}

static void tph_pci_reset_done(struct pci_dev *pdev)
{
	struct tph_vfio_dev *tdev = tph_from_pci(pdev);

	mutex_lock(&tdev->lock);
	tdev->resetting = false;
	mutex_unlock(&tdev->lock);
	tph_restore_or_defer(tdev);
}

static pci_ers_result_t tph_pci_error_detected(struct pci_dev *pdev, pci_channel_state_t state)
{
	tph_lost(tph_from_pci(pdev));
	return vfio_pci_core_aer_err_detected(pdev, state);
}

/* The link may have been reset since. */
static void tph_pci_error_resume(struct pci_dev *pdev)
{
	struct tph_vfio_dev *tdev = tph_from_pci(pdev);

	tph_lost(tdev);
	tph_restore_or_defer(tdev);
}

const struct pci_error_handlers tph_pci_err_handlers = {
	.error_detected = tph_pci_error_detected,
	.reset_prepare = tph_pci_reset_prepare,
	.reset_done = tph_pci_reset_done,
	.resume = tph_pci_error_resume,
};

/*
 * The device may have been without power, and its owner need not do anything
 * that this driver would see, if it asked to be woken up.
 */
static int tph_pm_runtime_resume(struct device *dev)
{
	struct tph_vfio_dev *tdev = tph_from_pci(to_pci_dev(dev));
	int ret = dev->bus->pm->runtime_resume(dev);

	if (ret)
		return ret;
	tph_lost(tdev);
	/* Not held by whoever wakes the device: vfio-pci-core takes it in there, too. */
	down_read(&tdev->core.memory_lock);
	tph_restore_locked(tdev);
	up_read(&tdev->core.memory_lock);
	return 0;
}

/**
 * tph_restore_probe - get ready to notice losses
 * @tdev: the device, not yet registered
 *
 * vfio-pci-core gives every driver it serves its own power management and has
 * no hook. The bus calls that, and a power domain of the device's own is called
 * in place of the bus.
 */
void tph_restore_probe(struct tph_vfio_dev *tdev)
{
	struct device *dev = &tdev->core.pdev->dev;

	INIT_DELAYED_WORK(&tdev->restore_work, tph_restore_work);
	/* Somebody else's: a resume is then noticed by the next ENABLE or SET_ST. */
	if (dev->pm_domain || !dev->bus->pm)
		return;
	tdev->pm_domain.ops = *dev->bus->pm;
	tdev->pm_domain.ops.runtime_resume = tph_pm_runtime_resume;
	dev_pm_domain_set(dev, &tdev->pm_domain);
}

/**
 * tph_restore_remove - undo tph_restore_probe()
 * @tdev: the device, not registered any more
 */
void tph_restore_remove(struct tph_vfio_dev *tdev)
{
	struct device *dev = &tdev->core.pdev->dev;

	if (dev->pm_domain == &tdev->pm_domain)
		dev_pm_domain_set(dev, NULL);
	cancel_delayed_work_sync(&tdev->restore_work);
}
