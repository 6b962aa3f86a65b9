# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Part of vm.sh: the VM's root file system, a row of cpio archives. Each archive is
# built when its inputs change; the one with the command is made for every run.

readonly PARTS=$BUILD/vm
# Where the build of the whole project builds the module as well, and the VM's own one
readonly MODULE_DIR=$BUILD/kernel/$(basename "$KERNEL_HEADERS") EMUL_DIR=$BUILD/kmod-$kernel/tph_emul

# Debian's programs for the VM's architecture: this machine's own or, of another
# architecture, below SYSROOT and run by an emulator.
SYSROOT='' EMULATE=() STRIP=strip
if [ "$ARCH" != "$HOST_ARCH" ]; then
	SYSROOT=$TOP/.cache/$ARCH/sysroot
	EMULATE=(qemu-aarch64 -L "$SYSROOT")
	STRIP=aarch64-linux-gnu-strip
fi

# debian_program NAME: where it is
debian_program()
{
	local dir

	for dir in "$SYSROOT"/{usr/,}{bin,sbin}; do
		if [ -x "$dir/$1" ]; then
			echo "$dir/$1"
			return
		fi
	done
	die "$1 is missing${SYSROOT:+ in $SYSROOT}"
}

# load PROGRAM...: what the dynamic loader has to say about each of them, as ldd does
load()
{
	local loader file

	if [ -z "$SYSROOT" ]; then
		ldd "$@"
		return
	fi
	loader=$(echo "$SYSROOT"/lib/ld-linux-*.so.*)
	for file; do
		"${EMULATE[@]}" "$loader" --list "$file"
	done
}

# libraries PROGRAM...: the shared libraries they need, as "source<TAB>destination" lines
libraries()
{
	load "$@" 2>/dev/null | grep -oE '(=> |^[[:space:]]+)/[^ ]+' | grep -oE '/.*' |
		sort -u | while read -r file; do
		file=/${file#"$SYSROOT"/}
		printf '%s\t%s\n' "$SYSROOT$file" "${file#/}"
	done
}

# programs PATH...: list lines that put the programs and their libraries into the VM
programs()
{
	local file

	for file; do
		printf '%s\tbin/%s\n' "$file" "$(basename "$file")"
	done
	libraries "$@"
}

pack()
{
	(cd "$1" && find . -mindepth 1 | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0) >"$2"
}

# part NAME [HOOK]: make NAME.cpio of the "source<TAB>destination" lines on stdin, if the
# list or a file in it changed; HOOK is called in the staging directory before packing
part()
{
	local name=$1 hook=${2-} list key stage src dst
	local cpio=$PARTS/$name.cpio

	list=$(LC_ALL=C sort -u)
	key=$list
	[ -z "$list" ] || key+=$'\n'$(cut -f 1 <<<"$list" | xargs -d '\n' stat -L -c '%n %.Y %s')
	[ -z "$hook" ] || key+=$'\n'$(declare -f "$hook")
	if [ -e "$cpio" ] && [ "$key" = "$(cat "$cpio.key" 2>/dev/null)" ]; then
		return
	fi

	stage=$(mktemp -d "$PARTS/stage.XXXXXX") || die "cannot write to $PARTS"
	if [ -n "$list" ]; then
		while IFS=$'\t' read -r src dst; do
			install -D -p "$src" "$stage/$dst" || die "cannot copy $src for the VM"
		done <<<"$list"
	fi
	if [ -n "$hook" ]; then
		(cd "$stage" && "$hook") || die "cannot build part $name of the VM's file system"
	fi
	pack "$stage" "$cpio.tmp" || die "cannot write $cpio: is the disk full?"
	mv "$cpio.tmp" "$cpio"
	echo "$key" >"$cpio.key"
	rm -rf "$stage"
}

base_list()
{
	local file libs

	programs "$(debian_program lspci)" "$(debian_program setpci)" "$(debian_program strace)"
	printf '%s\tbin/busybox\n' "$(debian_program busybox)"
	# What pthread_cancel() loads.
	for libs in "$SYSROOT"/lib/*-linux-gnu; do
		[ ! -e "$libs/libgcc_s.so.1" ] ||
			printf '%s\tlib/%s/libgcc_s.so.1\n' "$libs/libgcc_s.so.1" "$(basename "$libs")"
	done
	printf '%s\tinit\n' "$VM/guest/init"
	for file in "$VM"/guest/tph-*; do
		printf '%s\tbin/%s\n' "$file" "$(basename "$file")"
	done
	printf '%s\tetc/tags.h\n' "$VM/tags.h"
}

base_hook()
{
	local applet

	mkdir -p dev proc sys tmp run root/out etc usr var
	for applet in $("${EMULATE[@]}" bin/busybox --list); do
		[ -e "bin/$applet" ] || ln -s busybox "bin/$applet"
	done
	ln -s ../bin usr/bin
	ln -s ../bin usr/sbin
	ln -s bin sbin
	ln -s ../run var/run
	echo 'root::0:0:root:/root:/bin/sh' >etc/passwd
	echo 'root:x:0:' >etc/group
}

dpdk_list()
{
	local found=() file

	# DPDK 24.11 and later have no directory for dpdk-test, or a link in it.
	for file in "$BUILD"/subprojects/dpdk-*/app/dpdk-test{pmd,} \
		"$BUILD"/subprojects/dpdk-*/app/test/dpdk-test; do
		[ ! -f "$file" ] || [ -L "$file" ] || found+=("$file")
	done
	[ ${#found[@]} -eq 0 ] || programs "${found[@]}"
}

dpdk_hook()
{
	local file

	for file in bin/*; do
		[ ! -e "$file" ] || $STRIP --strip-debug "$file" || return 1
	done
}

# build_module SOURCE_DIR DIR: build it there for the VM's kernel unless nothing changed
build_module()
{
	local src=$1 dir=$2 log=$2.log changed

	[ -e "$src/Kbuild" ] || return 0
	changed=$(find "$src" "$TOP/kernel/linux/uapi" "$TOP/devtools/build-kmod.sh" \
		-type f -newer "$dir.built" -print -quit 2>&1)
	if [ -z "$changed" ] && [ "$(cat "$dir.built")" = "$release" ]; then
		return
	fi
	mkdir -p "$dir" || die "cannot create $dir"
	echo "vm: building $(basename "$src") for Linux $release" >&2
	touch "$dir.start"
	if ! "$TOP/devtools/build-kmod.sh" "$KERNEL_HEADERS" "$src" "$dir" >"$log" 2>&1; then
		cat "$log" >&2
		die "building $(basename "$src") failed"
	fi
	echo "$release" >"$dir.built"
	touch -r "$dir.start" "$dir.built"
}

modules_list()
{
	local names=(vfio-pci vfio_iommu_type1 virtio_console virtio_pci) name file

	[ -z "$disk" ] || names+=(virtio_blk squashfs overlay openvswitch tun)
	set -o pipefail
	for name in "${names[@]}"; do
		modprobe -d "$KERNEL_DIR" -S "$release" --show-depends "$name" ||
			die "module $name is missing in $KERNEL_DIR"
	done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | sort -u | while read -r file; do
		printf '%s\tlib/modules/%s/%s\n' "$file" "$release" "$(basename "$file")"
	done || return
	for file in "$MODULE_DIR"/*.ko "$EMUL_DIR"/*.ko "$KERNEL_DIR/lib/modules/$release"/modules.[bo]*; do
		[ ! -e "$file" ] ||
			printf '%s\tlib/modules/%s/%s\n' "$file" "$release" "$(basename "$file")"
	done
}

modules_hook()
{
	local packed=(lib/modules/"$release"/*.xz)

	[ ! -e "${packed[0]}" ] || xz -d "${packed[@]}" || return 1
	depmod -b . "$release" 2>/dev/null
}

build_parts()
{
	local log modules list

	exec 8>"$PARTS/.lock"
	flock 8 || die "cannot lock $PARTS/.lock"
	if [ ! -e "$KERNEL_DIR/lib/modules/$release/modules.dep" ]; then
		# Its exit status says nothing of files that it could not write.
		log=$(depmod -b "$KERNEL_DIR" "$release" 2>&1)
		[ -e "$KERNEL_DIR/lib/modules/$release/modules.dep" ] ||
			die "cannot write below $KERNEL_DIR: $(head -n 1 <<<"$log")"
	fi
	build_module "$TOP/kernel/linux/tph_vfio_pci" "$MODULE_DIR"
	build_module "$VM/tph_emul" "$EMUL_DIR"
	part base base_hook < <(base_list)
	modules=modules-$kernel${disk:+-disk}
	list=$(modules_list) || exit 125
	part "$modules" modules_hook <<<"$list"
	part dpdk dpdk_hook < <(dpdk_list)
	# The kernel looks for tables of the firmware at the very front.
	cat "$run/override.cpio" "$PARTS/base.cpio" "$PARTS/$modules.cpio" "$PARTS/dpdk.cpio" >"$run/initrd" ||
		die "cannot write $run/initrd: is the disk full?"
	exec 8>&-
}

# quote WORD...: as a line for any POSIX shell
quote()
{
	local word

	for word; do
		printf "'%s' " "${word//\'/\'\\\'\'}"
	done
	echo
}

# The part that differs from run to run: the command, its files, the settings.
write_run_part()
{
	local stage=$run/stage path

	mkdir -p "$stage/etc/vm" "$stage/root"
	for path in "${copy[@]}"; do
		cp -a -H "$path" "$stage/root/" || die "cannot copy $path for the VM"
	done
	{
		echo "ports=$(quote "${port_bdf[*]}")"
		echo "driver=$driver"
		echo "emul=$([ "$st_table" = off ] && echo off || echo on)"
		echo "emul_args=$(quote "$emul_args")"
	} >"$stage/etc/vm/config"
	if [ "$interactive" = no ]; then
		echo "exec $(quote "${command[@]}")" >"$stage/etc/vm/command"
	fi
	pack "$stage" "$run/run.cpio" && cat "$run/run.cpio" >>"$run/initrd" ||
		die "cannot write $run/initrd: is the disk full?"
	rm -rf "$stage" "$run/run.cpio"
}
