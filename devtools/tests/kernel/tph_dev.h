/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VFIO device and the view of it from outside, for test programs that run on
 * a machine with a TPH device.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_DEV_H
#define TPH_DEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/vfio_pci_tph.h>

#define TPH_DEV_TAGS	2048

/* Environment: what the owner of a virtual function has to know, see tph_vf_owner.c */
#define TPH_VF_TOKEN	"TPH_VF_TOKEN"

struct tph_dev {
	const char *bdf;
	int container;
	int group;
	int fd;
};

/* What the device holds, read through sysfs and so past VFIO */
struct tph_witness {
	uint16_t cap;		/* offset of the capability, 0 = none */
	uint32_t caps;
	uint32_t ctrl;
	uint32_t entries;	/* of a table in the capability, as its size field says */
	uint32_t room;		/* bytes from the capability to the next one */
	uint16_t tags[TPH_DEV_TAGS];
	uint32_t msix_entries;	/* of a table in MSI-X */
	uint16_t msix_tags[TPH_DEV_TAGS];
	bool msix_unread;	/* there is one, and it cannot be read now */
	uint32_t rp_req;	/* TPH Completer Supported of the root port above */
	bool prefixes;		/* end-end TLP prefixes get from here to the root */
	bool integrated;	/* endpoint of the root complex, nothing above */
};

int tph_dev_open(struct tph_dev *dev, const char *bdf);
int tph_dev_open_group(struct tph_dev *dev, const char *bdf);
int tph_dev_get_fd(struct tph_dev *dev);
void tph_dev_close(struct tph_dev *dev);
int tph_dev_look(const char *bdf, struct tph_witness *w);
int tph_dev_look_awake(const char *bdf, struct tph_witness *w);
bool tph_dev_is_clear(const struct tph_witness *w);
uint32_t tph_find_cap(const uint8_t *config, uint8_t id);
int tph_dev_config(int fd, uint32_t pos, void *buf, size_t len, bool write);
int tph_dev_config16(int fd, uint32_t pos, uint16_t clear, uint16_t set);
int tph_dev_hot_reset(const struct tph_dev *dev);
int tph_dev_sysfs_write(const char *path, const char *text);
int tph_dev_find_cap(int fd, uint8_t id);
int tph_dev_msix_entries(const char *bdf);
volatile uint32_t *tph_dev_map_bar(const char *bdf, int bar, long offset);
volatile uint32_t *tph_dev_map_msix(const struct tph_dev *dev);
int tph_dev_feature(int fd, uint32_t what, const void *data, size_t len);
int tph_dev_low_power(int fd);
bool tph_dev_is_suspended(const char *bdf);
int tph_dev_resets(const char *bdf);

/* One entry, one call: 0 or -errno */
int tph_call(int fd, void *arg);
int tph_get_cap(int fd, struct vfio_pci_tph_cap *cap);
int tph_enable(int fd, uint8_t mode);
int tph_disable(int fd);
int tph_get_st(int fd, uint32_t cpu, uint8_t mem_type, struct vfio_pci_tph_entry *ent);
int tph_set_st(int fd, uint32_t cpu, uint16_t index, uint8_t mem_type);
struct vfio_device_pci_tph_op *tph_st_arg(uint32_t op, uint32_t count,
					  const struct vfio_pci_tph_entry *ents);

#endif /* TPH_DEV_H */
