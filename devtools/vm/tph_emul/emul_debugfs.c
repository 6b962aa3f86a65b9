// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The dpdk-tph authors
 *
 * /sys/kernel/debug/tph_emul/<bdf>/: faults to inject and what was written.
 *   fail_write, ignore_write  n: the n-th write to the capability from now on fails, or
 *                             has no effect; counted down to 0
 *   writes, resets            writes to the capability, and resets that cleared it
 *   log                       the last writes: offset in the capability, size, value, result
 */
#include <linux/debugfs.h>
#include <linux/minmax.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "tph_emul.h"

static struct dentry *emul_root;

static int log_show(struct seq_file *file, void *unused)
{
	static const char * const results[] = {
		[EMUL_WRITTEN] = "written",
		[EMUL_FAILED] = "failed",
		[EMUL_IGNORED] = "ignored",
	};
	struct emul_port *port = file->private;
	struct emul_log_entry *log;
	u32 logged, i;

	log = kmalloc(sizeof(port->log), GFP_KERNEL);
	if (!log)
		return -ENOMEM;
	raw_spin_lock_irq(&port->lock);
	memcpy(log, port->log, sizeof(port->log));
	logged = port->logged;
	raw_spin_unlock_irq(&port->lock);

	for (i = logged - min_t(u32, logged, EMUL_LOG_LEN); i != logged; i++) {
		const struct emul_log_entry *entry = &log[i % EMUL_LOG_LEN];

		seq_printf(file, "0x%03x %u 0x%0*x %s\n", entry->offset, entry->size,
			   entry->size * 2, entry->value, results[entry->result]);
	}
	kfree(log);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(log);

void emul_debugfs_init(void)
{
	emul_root = debugfs_create_dir("tph_emul", NULL);
}

void emul_debugfs_exit(void)
{
	debugfs_remove_recursive(emul_root);
}

void emul_debugfs_add(struct emul_port *port)
{
	port->dir = debugfs_create_dir(port->name, emul_root);
	debugfs_create_u32("fail_write", 0600, port->dir, &port->fail_write);
	debugfs_create_u32("ignore_write", 0600, port->dir, &port->ignore_write);
	debugfs_create_u32("writes", 0600, port->dir, &port->writes);
	debugfs_create_u32("resets", 0600, port->dir, &port->resets);
	debugfs_create_file("log", 0400, port->dir, port, &log_fops);
}
