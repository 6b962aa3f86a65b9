# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Sourced: what Debian calls this machine's architecture, on any distribution.

HOST_ARCH=$(dpkg --print-architecture 2>/dev/null) || HOST_ARCH=$(uname -m)
case $HOST_ARCH in
x86_64) HOST_ARCH=amd64 ;;
aarch64) HOST_ARCH=arm64 ;;
esac
