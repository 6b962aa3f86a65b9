/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_IOCTL_TEST_H
#define TPH_IOCTL_TEST_H

#include <stdbool.h>

#include "tph_dev.h"

/* On the device that tph_ioctl_test has open */
void test_arguments(int fd);
void test_read_only_result(int fd);
void test_policy(const struct tph_dev *device, const struct vfio_pci_tph_cap *capability, int modes,
		 bool ds_for_all, bool firmware_has_tags);

/* On a device that nobody has open */
void test_faults(const char *bdf, bool firmware_has_tags);
void test_hands(const char *bdf, bool firmware_has_tags);
void test_life(const char *bdf, bool firmware_has_tags);
void test_msix(const char *bdf, bool firmware_has_tags);
void test_reset_race(const char *bdf, bool firmware_has_tags);
void test_region(const char *bdf, bool never);

#endif /* TPH_IOCTL_TEST_H */
