/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the argument logic needs from its surroundings.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#ifndef TPH_SHIM_H
#define TPH_SHIM_H

#ifdef __KERNEL__

#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>

static inline void *tph_alloc(size_t nmemb, size_t size)
{
	/* Accounted: the size is up to whoever holds the device fd. */
	return kvcalloc(nmemb, size, GFP_KERNEL_ACCOUNT);
}

static inline void tph_free(void *mem)
{
	kvfree(mem);
}

#else /* !__KERNEL__ */

/*
 * tph_op.c, tph_cap.c and tph_cmdline.c are compiled, unchanged, into host
 * programs too, for unit tests and fuzzing. They include this, pci_regs.h, the
 * ioctl header and their own, and nothing else.
 */

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <linux/types.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;

#ifndef U32_MAX
#define U32_MAX 0xffffffffU
#endif

/* The test programs bring these two, so as to let an allocation fail. */
void *tph_alloc(size_t nmemb, size_t size);
void tph_free(void *mem);

#endif /* __KERNEL__ */

#endif /* TPH_SHIM_H */
