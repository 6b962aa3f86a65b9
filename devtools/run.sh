#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# See testpmd bind every queue of two igb ports to the lcore that polls it, on a
# real kernel with real VFIO in a VM, and see what outside witnesses say of it.
# With --arch arm64 it is built for arm64, and the VM is one of arm64.
# Installs what is missing on Debian 12 and 13. Exit status 0 only if testpmd's table,
# the NIC's registers and the ST table agree and packets were forwarded.

set -euo pipefail

if [ "${1-}" = --arch ]; then
	export TPH_ARCH=${2-}
	shift $(($# > 1 ? 2 : 1))
fi

# shellcheck source-path=SCRIPTDIR
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case ${1-} in
'') ;;
-h | --help)
	usage_of_head See
	exit 0
	;;
*)
	echo "run.sh takes no argument but --arch ARCH; devtools/vm.sh runs a command of yours in the VM" >&2
	exit 2
	;;
esac

step "Install what is missing" "$TOP/devtools/setup.sh" run
step "Build DPDK, testpmd and the kernel modules" build
step "Bind all queues and forward packets in the VM" \
	python3 "$TOP/devtools/tests/demo.py"
