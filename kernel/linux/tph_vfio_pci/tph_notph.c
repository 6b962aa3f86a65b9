// SPDX-License-Identifier: GPL-2.0-only
/*
 * Was the machine booted with pci=notph? No released kernel tells modules.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "tph_cmdline.h"
#include "tph_vfio_pci.h"

static bool tph_notph;
module_param_named(notph, tph_notph, bool, 0444);
MODULE_PARM_DESC(notph, "Do not use TPH at all (set by pci=notph on the kernel command line)");

/*
 * The command line is not exported to modules, and a kernel that knows the
 * option keeps its own record of it to itself. /proc/cmdline has what the
 * boot loader passed, bootconfig included, if only the process that loads the
 * module sees it.
 */
static int __init tph_notph_read_cmdline(void)
{
	struct file *file;
	char *line;
	loff_t pos = 0;
	ssize_t len;

	file = filp_open("/proc/cmdline", O_RDONLY, 0);
	if (IS_ERR(file))
		return PTR_ERR(file);
	line = kzalloc(PAGE_SIZE * 2, GFP_KERNEL);
	if (!line) {
		filp_close(file, NULL);
		return -ENOMEM;
	}
	len = kernel_read(file, line, PAGE_SIZE * 2 - 1, &pos);
	filp_close(file, NULL);
	if (len > 0 && tph_cmdline_no_tph(line))
		tph_notph = true;
	kfree(line);
	return len < 0 ? len : 0;
}

/**
 * tph_notph_init - find out whether the machine was booted with pci=notph
 *
 * That the command line cannot be read is said, yet no error: the parameter
 * notph is there for that case.
 */
void __init tph_notph_init(void)
{
	int ret;

	if (tph_notph)
		return;
	ret = tph_notph_read_cmdline();
	if (ret)
		pr_notice("cannot read the kernel command line (%d), pci=notph would go unseen\n",
			  ret);
	else if (tph_notph)
		pr_info("pci=notph: TPH is not offered\n");
}

/**
 * pcie_tph_disabled - is TPH not to be used on this machine?
 *
 * Return: whether so.
 */
bool pcie_tph_disabled(void)
{
	return tph_notph;
}
