#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Run the tests; installs what is missing on Debian 12 and 13.
#
# usage: devtools/test.sh [lint|unit|vm|arm64|install|apps|ovs|dkms|rig]
#   lint  style of sources, scripts and patches
#   unit  on this machine: suites of dpdk-test, also with AddressSanitizer, and
#         argument logic of the module
#   vm    in the VM: testpmd and the kernel module against outside witnesses
#   arm64 unit and vm for arm64, built on this machine: host tests under an emulator,
#         all others in the arm64 VM; the whole has a few of them
#   install  what is installed, and programs built with it; not part of the whole
#   apps  l2fwd, l3fwd and bonded ports in the VM; not part of the whole
#   ovs   Debian's Open vSwitch with what is installed, in the VM; not part of the whole
#   dkms  the module's Debian package, in the VM; not part of the whole
#   rig   the VM itself, for those who change it; not part of the whole
#   without argument: lint, unit, vm and those few for arm64

set -euo pipefail

# shellcheck source-path=SCRIPTDIR
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

install()
{
	local part
	for part; do
		"$TOP/devtools/setup.sh" "$part"
	done
}

run_lint()
{
	step "Install what is missing" install build lint
	step "Configure" configure
	step "Check style" "$TOP/devtools/lint.sh"
}

# Not optimized: it is compiled in half the time.
asan()
{
	local dir=$BUILD-asan

	[ -e "$dir/build.ninja" ] ||
		quiet meson setup "$dir" "$TOP" -Dkernel_dirs=none -Db_sanitize=address \
			-Doptimization=0
	# A thread that EAL cancels leaves the marks of its frames on its stack,
	# which the sanitizer runs into when it removes the signal stack.
	local -x ASAN_OPTIONS=halt_on_error=1:abort_on_error=1:use_sigaltstack=0

	# Builds what these suites need, and no more.
	quiet meson test -C "$dir" --print-errorlogs pci_tph_autotest tph_autotest
}

run_unit()
{
	step "Install what is missing" install build
	step "Build" build
	step "Unit tests" meson test -C "$BUILD" --no-rebuild --print-errorlogs
	step "Suites with AddressSanitizer" asan
}

run_vm()
{
	step "Install what is missing" install build vm
	step "Build" build
	step "VM tests" python3 "$TOP/devtools/tests"
}

# arm64 COMMAND...: with all that is below about that architecture
arm64()
{
	TPH_ARCH=arm64 TPH_BUILD_DIR='' "$TOP/devtools/test.sh" "$@"
}

run_arm64()
{
	if [ "$TPH_ARCH" != "$HOST_ARCH" ]; then
		echo "==> Left out for arm64"
		sed -n '/^[^#]/s/^/    /p' "$TOP/devtools/arm64-left-out"
	fi
	step "Install what is missing" install build vm
	step "Build for arm64" build
	step "Unit tests under an emulator" meson test -C "$BUILD" --no-rebuild --print-errorlogs
	step "Tests in the arm64 VM" python3 "$TOP/devtools/tests" arm64
	step "VM tests in the arm64 VM" python3 "$TOP/devtools/tests"
}

# Only what these need is built: it takes two thirds of the time.
run_arm64_short()
{
	local targets

	step "Install what is missing for arm64" install build vm
	step "Configure for arm64" configure
	mapfile -t targets < <(ninja -C "$BUILD" -t targets all |
		sed -n -e 's,^\(devtools/tests/kernel/tph_[a-z_]*\): .*,\1,p' \
			-e 's,^\(subprojects/dpdk-[^/]*/app/dpdk-testpmd\): .*,\1,p')
	step "Build testpmd and the module's tests for arm64" quiet ninja -C "$BUILD" "${targets[@]}"
	step "Bind all queues in the arm64 VM" quiet python3 "$TOP/devtools/tests/demo.py"
	step "Table of tags in each place, arm64" python3 "$TOP/devtools/tests" arm64.Ioctl
}

run_install()
{
	step "Install what is missing" install build
	step "Install and build with it" "$TOP/devtools/check-install.sh" "$BUILD-install"
}

run_apps()
{
	BUILD+=-install
	step "Install what is missing" install build vm
	step "Build" build -Dinstall=true
	step "Applications in the VM" env TPH_BUILD_DIR="$BUILD" python3 "$TOP/devtools/tests" apps
}

run_ovs()
{
	BUILD+=-install
	step "Install what is missing" install build dkms
	step "Build" build -Dinstall=true
	step "Open vSwitch in the VM" env TPH_BUILD_DIR="$BUILD" python3 "$TOP/devtools/tests" ovs
}

run_dkms()
{
	step "Install what is missing" install build dkms
	step "Build" build
	step "Debian package in the VM" "$TOP/devtools/tests/kernel/dkms_vm.sh"
}

case ${1-all} in
lint) run_lint ;;
unit) run_unit ;;
vm) run_vm ;;
arm64)
	if [ "$TPH_ARCH" = arm64 ]; then run_arm64; else arm64 arm64; fi
	;;
arm64-short)
	if [ "$TPH_ARCH" = arm64 ]; then run_arm64_short; else arm64 arm64-short; fi
	;;
install) run_install ;;
apps) run_apps ;;
ovs) run_ovs ;;
dkms) run_dkms ;;
rig)
	step "Install what is missing" install vm
	step "Tests of the VM itself" "$TOP/devtools/vm/selftest.sh"
	;;
all)
	# The kernel headers come with the VM; the build looks for them.
	step "Install what is missing" install build vm lint
	run_lint
	run_unit
	run_vm
	arm64 arm64-short
	;;
-h | --help)
	usage_of_head Run
	;;
*)
	echo "test.sh: unknown part '$1': lint, unit, vm, arm64, install, apps, ovs, dkms or rig" >&2
	exit 2
	;;
esac
