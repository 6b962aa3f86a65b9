// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arguments of the TPH ioctl: each of them that is wrong, and memory that is.
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tap.h"
#include "tph_dev.h"
#include "tph_ioctl_test.h"

/* Refused whatever the device has and whoever asks */
void test_arguments(int fd)
{
	struct vfio_device_pci_tph_op op = { .argsz = 15 }, *st;
	long page = sysconf(_SC_PAGESIZE);
	int wrong = 0;
	char *mem;

	check_int(tph_call(fd, NULL), -EFAULT, "NULL argument");
	check_int(tph_call(fd, (void *)-4096), -EFAULT, "argument in kernel space");
	check_int(tph_call(fd, &op), -EINVAL, "argsz 15");
	op.argsz = 16;
	op.op = 5;
	check_int(tph_call(fd, &op), -EINVAL, "op 5");
	op.op = VFIO_PCI_TPH_ENABLE;
	check_int(tph_call(fd, &op), -EINVAL, "ENABLE of no mode");
	op.ctrl.mode = 3;
	check_int(tph_call(fd, &op), -EINVAL, "ENABLE of two modes");
	op.ctrl.mode = 4;
	check_int(tph_call(fd, &op), -EINVAL, "ENABLE of an unknown mode");
	op.ctrl.mode = 1;
	op.ctrl.reserved[6] = 1;
	check_int(tph_call(fd, &op), -EINVAL, "ENABLE, reserved not 0");
	op.op = VFIO_PCI_TPH_SET_ST;
	op.argsz = -1;
	op.st.reserved = 0;
	op.st.count = 0;
	check_int(tph_call(fd, &op), -EINVAL, "count 0");
	op.st.count = 2049;
	check_int(tph_call(fd, &op), -EINVAL, "count 2049");
	op.st.count = 0xffffffff;
	check_int(tph_call(fd, &op), -EINVAL, "count 0xffffffff");
	/* Another proposal for this number: argsz 12, the operation in flags, count */
	memset(&op, 0, sizeof(op));
	op.argsz = 12;
	for (; op.op < 64; op.op++)
		wrong += tph_call(fd, &op) != -EINVAL;
	check_int(wrong, 0, "calls of the earlier proposal that were not refused");
	st = tph_st_arg(VFIO_PCI_TPH_SET_ST, 2, NULL);
	st->argsz--;
	check_int(tph_call(fd, st), -EINVAL, "argsz one short of the entries");
	st->argsz++;
	st->st.ents[1].mem_type = 2;
	check_int(tph_call(fd, st), -EINVAL, "memory type 2");
	free(st);

	mem = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(mem + page, page);
	memset(&op, 0, sizeof(op));
	op.argsz = 16;
	memcpy(mem + page - 15, &op, 15);
	check_int(tph_call(fd, mem + page - 15), -EFAULT, "last byte not mapped");
	op.op = VFIO_PCI_TPH_GET_ST;
	op.argsz = 28;
	op.st.count = 1;
	memcpy(mem + page - 16, &op, 16);
	check_int(tph_call(fd, mem + page - 16), -EFAULT, "entries not mapped");
	munmap(mem, page);
}

/* For a device with TPH */
void test_read_only_result(int fd)
{
	struct vfio_device_pci_tph_op op = { .argsz = 16 };
	long page = sysconf(_SC_PAGESIZE);
	void *mem;

	mem = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(mem, &op, sizeof(op));
	mprotect(mem, page, PROT_READ);
	check_int(tph_call(fd, mem), -EFAULT, "result to read-only memory");
	munmap(mem, page);
}
