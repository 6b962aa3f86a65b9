// SPDX-License-Identifier: GPL-2.0-only
/*
 * Own a physical function and let a command have its virtual ones: VFIO wants
 * their owner to know the token that the physical function's owner set.
 *
 * usage: tph_vf_owner DEVICE COMMAND [ARG...]
 *
 * Copyright (c) 2026 The dpdk-tph authors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tph_dev.h"

int main(int argc, char **argv)
{
	uint8_t uuid[16];
	struct tph_dev dev;
	int i, ret, status;
	pid_t pid;

	if (argc < 3) {
		fprintf(stderr, "usage: %s DEVICE COMMAND [ARG...]\n", argv[0]);
		return 2;
	}
	for (i = 0; i < 16; i++)
		uuid[i] = 0x11 * i;
	ret = tph_dev_open(&dev, argv[1]);
	if (!ret)
		ret = tph_dev_feature(dev.fd, VFIO_DEVICE_FEATURE_PCI_VF_TOKEN, uuid, sizeof(uuid));
	if (ret) {
		fprintf(stderr, "%s: %s\n", argv[1], strerror(-ret));
		return 1;
	}
	setenv(TPH_VF_TOKEN, "00112233-4455-6677-8899-aabbccddeeff", 1);
	pid = fork();
	if (!pid) {
		tph_dev_close(&dev);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	tph_dev_close(&dev);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
