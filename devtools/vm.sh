#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Run a command in a VM whose NICs have PCIe TPH; devtools/vm/README.md says how it works.
# shellcheck source-path=SCRIPTDIR/..
set -u

usage()
{
	cat <<'TEXT'
usage: devtools/vm.sh [options] [-- COMMAND [ARG...]]

Run COMMAND as root in the test VM and exit with its status; without COMMAND,
give a shell on the VM's console.

  --arch amd64|arm64     what the VM is (this machine's own)
  --kernel 6.1|6.12      Debian cloud kernel to run (6.12)
  --nic NAME             what the ports are: igb (default); vmxnet3; or virtio, virtio-net of
                         16 queue pairs that moves no packets, see devtools/vm/README.md
  --ports N              ports, 1 to 8 (2); port N is 0000:0N:00.0, counted from 1
  --topology LIST        where ports 1, 2, ... are, see devtools/vm/README.md: root (default),
                         switch, bridge2, rciep, twin
  --cpus N               CPUs, 1 to 32 (4); their ACPI processor UIDs are other numbers
  --spare-cpus N         CPUs, 0 to 8 (0), that there is room for and that are not there; amd64.
                         Linux 6.12 sees them with KVM only
  --st-table PLACE       steering tag table: cap (default), msix, none;
                         off: the ports have no TPH capability at all
  --st-entries N         entries of the table (16), 1 to 1024
  --modes LIST           modes offered beside "no ST": iv, ds or iv,ds (default); none
  --ext                  16-bit tags offered by device and root port
  --emul NAME=VALUE      other parameter of the tph_emul module (repeatable)
  --no-iommu             a machine without IOMMU, where VFIO takes no port
  --acpi KIND            firmware's answer about steering tags: full (default), none,
                         nofunc, short, wrongtype, fail, flaky
  --driver NAME          what the ports are bound to before COMMAND:
                         tph-vfio-pci (default), vfio-pci, none
  --append PARAMETERS    more kernel parameters
  --disk FILE            disk image, read-only; in the VM "modprobe virtio_blk" makes it
                         /dev/vda, modules squashfs and overlay are there
  --copy PATH            file or directory to put into the VM's /root (repeatable)
  --out DIR              console log, NIC register trace, ST table dumps and what
                         COMMAND leaves in /root/out
  --timeout SECONDS      end a VM that takes longer (600, arm64 1200; no limit for a shell)
  --help

Exit status: that of COMMAND; 2 for a wrong option, 124 when the time ran out,
125 when the VM cannot be started or dies.
Environment: TPH_ARCH (as --arch), TPH_BUILD_DIR (build, or build-arm64 on another
machine), TPH_ACCEL (kvm or tcg, found out by itself).
TEXT
}

TOP=$(cd "$(dirname "$0")/.." && pwd) || exit 125
VM=$TOP/devtools/vm
export PATH=$PATH:/usr/sbin:/sbin

usage_error()
{
	echo "vm.sh: $*" >&2
	exit 2
}

# shellcheck source=devtools/lib.sh
. "$TOP/devtools/lib.sh"
# shellcheck disable=SC2034 # for lib.sh
readonly DIE_STATUS=125

# number OPTION VALUE MIN MAX
number()
{
	if ! [[ $2 =~ ^[0-9]{1,6}$ ]] || ((10#$2 < $3 || 10#$2 > $4)); then
		usage_error "$1 takes a number from $3 to $4, not '$2'"
	fi
}

# one_of OPTION VALUE WORD...
one_of()
{
	local option=$1 value=$2 word

	shift 2
	for word; do
		[ "$value" != "$word" ] || return 0
	done
	usage_error "$option takes one of: $*; not '$value'"
}

# shellcheck source=devtools/host-arch.sh
. "$TOP/devtools/host-arch.sh"
ARCH=${TPH_ARCH:-$HOST_ARCH}
kernel=6.12 nic=igb ports=2 topology=() cpus=4 spare_cpus=0 st_table=cap st_entries=16 modes=iv,ds ext=0
acpi=full iommu=yes
driver=tph-vfio-pci append='' disk='' out='' timeout='' interactive=yes
emul=() copy=() command=()

while [ $# -gt 0 ]; do
	option=$1
	case $option in
	--)
		shift
		[ $# -gt 0 ] || usage_error "no command after --"
		interactive=no
		command=("$@")
		break
		;;
	-h | --help)
		usage
		exit 0
		;;
	--ext)
		ext=1
		shift
		continue
		;;
	--no-iommu)
		iommu=no
		shift
		continue
		;;
	--*=*)
		set -- "${option%%=*}" "${option#*=}" "${@:2}"
		option=$1
		;;
	esac
	case $option in
	--arch | --kernel | --nic | --ports | --topology | --cpus | --spare-cpus | --st-table | \
		--st-entries | --modes | --emul | --acpi | --driver | --append | --disk | --copy | \
		--out | --timeout)
		[ $# -ge 2 ] || usage_error "$option needs a value"
		;;
	*)
		usage_error "unknown option '$option', see --help (the command comes after --)"
		;;
	esac
	value=$2
	shift 2
	case $option in
	--arch)
		one_of "$option" "$value" amd64 arm64
		ARCH=$value
		;;
	--kernel)
		one_of "$option" "$value" 6.1 6.12
		kernel=$value
		;;
	--nic)
		one_of "$option" "$value" igb virtio vmxnet3
		nic=$value
		;;
	--ports)
		number "$option" "$value" 1 8
		ports=$((10#$value))
		;;
	--topology)
		[ -n "$value" ] || usage_error "$option takes a list"
		IFS=, read -r -a topology <<<"$value"
		for place in "${topology[@]}"; do
			one_of "$option" "$place" root switch bridge2 rciep twin
		done
		[ "${topology[0]}" != twin ] || usage_error "$option: port 1 has no port before it"
		;;
	--cpus)
		number "$option" "$value" 1 32
		cpus=$((10#$value))
		;;
	--spare-cpus)
		number "$option" "$value" 0 8
		spare_cpus=$((10#$value))
		;;
	--st-table)
		one_of "$option" "$value" cap msix none off
		st_table=$value
		;;
	--st-entries)
		number "$option" "$value" 1 1024
		st_entries=$((10#$value))
		;;
	--modes)
		one_of "$option" "$value" iv ds iv,ds ds,iv none
		modes=$value
		;;
	--emul)
		[[ $value =~ ^[a-z_]+=[0-9a-zA-Z_:,.]+$ ]] ||
			usage_error "$option takes NAME=VALUE, not '$value'"
		emul+=("$value")
		;;
	--acpi)
		one_of "$option" "$value" full none nofunc short wrongtype fail flaky
		acpi=$value
		;;
	--driver)
		one_of "$option" "$value" tph-vfio-pci vfio-pci none
		driver=$value
		;;
	--append)
		append=$value
		;;
	--disk)
		[ -f "$value" ] || usage_error "$option: no such file: $value"
		disk=$value
		;;
	--copy)
		[ -e "$value" ] || usage_error "$option: no such file or directory: $value"
		copy+=("$value")
		;;
	--out)
		[ -n "$value" ] || usage_error "$option needs a directory"
		[ ! -e "$value" ] || [ -d "$value" ] || usage_error "$option: $value is no directory"
		out=$value
		;;
	--timeout)
		number "$option" "$value" 1 100000
		timeout=$((10#$value))
		;;
	esac
done

if [ "$ARCH" = "$HOST_ARCH" ]; then
	BUILD=${TPH_BUILD_DIR:-$TOP/build}
	KERNEL_DIR=$TOP/.cache/kernel-$kernel
else
	[ "$ARCH" = arm64 ] || usage_error "--arch $ARCH: not on this machine, which is $HOST_ARCH"
	BUILD=${TPH_BUILD_DIR:-$TOP/build-$ARCH}
	KERNEL_DIR=$TOP/.cache/$ARCH/kernel-$kernel
fi
# Those installed are taken first, as in meson.build: one build serves both.
KERNEL_HEADERS=/usr/src/linux-headers-$(cat "$KERNEL_DIR/release" 2>/dev/null)
[ -e "$KERNEL_HEADERS/Makefile" ] || KERNEL_HEADERS=$KERNEL_DIR$KERNEL_HEADERS
[[ $TOP != *[[:space:]]* ]] || die "there is a space in '$TOP': move this checkout"
if ! mkdir -p "$BUILD/vm" 2>/dev/null || [ ! -w "$BUILD/vm" ]; then
	die "no permission to write to $BUILD/vm"
fi
BUILD=$(cd "$BUILD" && pwd)

# shellcheck source=devtools/vm/amd64.sh
. "$VM/$ARCH.sh"
# shellcheck source=devtools/vm/initramfs.sh
. "$VM/initramfs.sh"
# shellcheck source=devtools/vm/acpi.sh
. "$VM/acpi.sh"
# shellcheck source=devtools/vm/qemu.sh
. "$VM/qemu.sh"

need_setup()
{
	local tool

	for tool in "$QEMU" iasl cpio busybox lspci strace depmod python3; do
		command -v "$tool" >/dev/null || return 0
	done
	[ ! -e "$KERNEL_DIR/release" ] || [ ! -e "$KERNEL_HEADERS" ]
}

if need_setup; then
	"$TOP/devtools/setup.sh" --arch "$ARCH" vm >&2 || exit 125
fi
release=$(cat "$KERNEL_DIR/release") || die "no kernel in $KERNEL_DIR"

run=$(mktemp -d "${TMPDIR:-/tmp}/tph-vm.XXXXXX") || die "cannot create a temporary directory"
vhost_pid=''
# It ends with QEMU, if that ever started.
trap '[ -z "$vhost_pid" ] || kill "$vhost_pid" 2>/dev/null; rm -rf "$run"' EXIT

if [ -n "$out" ]; then
	mkdir -p "$out" || die "cannot create $out"
fi

st_loc=$st_table
emul_args="location=$st_loc entries=$st_entries modes=$modes ext_device=$ext ext_port=$ext"
case $nic in
virtio) emul_args+=' vendor=0x1af4 device=0x1041' ;;
vmxnet3) emul_args+=' vendor=0x15ad device=0x07b0' ;;
esac
[ ${#emul[@]} -eq 0 ] || emul_args+=" ${emul[*]}"

place_ports
choose_machine
choose_devices
build_acpi_tables
build_parts
write_run_part
run_vm
