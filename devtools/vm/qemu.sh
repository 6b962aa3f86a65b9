# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Part of vm.sh: QEMU's command line, running it, and what comes out of it.

readonly KERNEL_IMAGE=$KERNEL_DIR/boot/vmlinuz-$(cat "$KERNEL_DIR/release" 2>/dev/null)

# The bus below the second host bridge; its ACPI device is called after it, see tph.asl.
readonly BRIDGE_2_BUS=128

# As many queues as igb, but with a vector for each of them, and two more; AER, behind the IOMMU.
readonly VIRTIO_QUEUES=16
readonly VIRTIO_OPTIONS=disable-legacy=on,iommu_platform=on,ats=off,aer=on,mq=on,vectors=34

# On some machines KVM can be opened and yet runs no guest: let one come up to its panic
# about the missing root file system before KVM is trusted.
kvm_runs_guests()
{
	[ "$ARCH" = "$HOST_ARCH" ] && [ -w /dev/kvm ] || return 1
	machine kvm
	# The braces take the shell's own message about a QEMU that aborts.
	{
		timeout -k 1 30 "$QEMU" "${machine_args[@]}" -m 512 -nodefaults -nographic \
			-no-reboot -serial "file:$run/kvm.log" \
			-kernel "$KERNEL_IMAGE" -append "console=$CONSOLE panic=-1" </dev/null
	} >"$run/kvm.out" 2>&1 && grep -q 'Kernel panic' "$run/kvm.log"
}

# The finding holds until the machine is booted again.
find_accel()
{
	local cache=$TOP/.cache/accel-$ARCH boot

	accel=${TPH_ACCEL:-}
	[ -z "$accel" ] || return 0
	boot=$(cat /proc/sys/kernel/random/boot_id)
	accel=$(sed -n "s/ $boot$//p" "$cache" 2>/dev/null)
	[ -z "$accel" ] || return 0
	accel=tcg
	! kvm_runs_guests || accel=kvm
	echo "$accel $boot" >"$cache.$$" && mv "$cache.$$" "$cache"
}

# QEMU's options for all but ports and channels, which its ACPI tables depend on
choose_machine()
{
	find_accel
	[[ $accel =~ ^(kvm|tcg)$ ]] || die "TPH_ACCEL is kvm or tcg, not '$accel'"
	machine "$accel"
	machine_args+=(-smp "$cpus,maxcpus=$((cpus + spare_cpus))" -m 2048)
}

# Where port $n goes: a function for each word of --topology. It appends the bridges above to
# port_args and sets port_bus, port_addr and bdf; buses are numbered as the VM's BIOS does it.
new_root_port() # BUS ADDRESS
{
	port_args+=(-device "pcie-root-port,id=rp$n,bus=$1,addr=$2,slot=$n,chassis=$n")
	port_bus=rp$n port_addr=0
}

place_root()
{
	new_root_port pcie.0 "$(printf %x $((n + 1)))"
	bdf=$(printf '0000:%02x:00.0' $next_bus)
	next_bus=$((next_bus + 1))
}

place_switch()
{
	new_root_port pcie.0 "$(printf %x $((n + 1)))"
	port_args+=(
		-device "x3130-upstream,id=up$n,bus=rp$n"
		-device "xio3130-downstream,id=down$n,bus=up$n,slot=$((n + 32)),chassis=$((n + 32))"
	)
	port_bus=down$n
	bdf=$(printf '0000:%02x:00.0' $((next_bus + 2)))
	next_bus=$((next_bus + 3))
}

place_bridge2()
{
	if [ $next_bus2 -eq $((BRIDGE_2_BUS + 1)) ]; then
		port_args+=(-device "pxb-pcie,id=bridge2,bus=pcie.0,addr=1c,bus_nr=$BRIDGE_2_BUS")
	fi
	new_root_port bridge2 "$(printf %x $n)"
	bdf=$(printf '0000:%02x:00.0' $next_bus2)
	next_bus2=$((next_bus2 + 1))
}

# QEMU makes an endpoint on a root bus one of the root complex.
place_rciep()
{
	port_bus=pcie.0 port_addr=$(printf %x $((n + 1)))
	bdf=0000:00:$(printf %02x $((n + 1))).0
}

# The second function of the port before, which goes on from there
place_twin()
{
	port_addr=0.1
	bdf=${bdf%.0}.1
}

# Where all ports are: their addresses in the VM, QEMU's options for what is above them
place_ports()
{
	local n port_bus='' port_addr='' bdf='' next_bus=1 next_bus2=$((BRIDGE_2_BUS + 1))

	port_bdf=() port_args=() port_place=()
	for ((n = 1; n <= ports; n++)); do
		"place_${topology[n - 1]:-root}"
		port_bdf[n]=$bdf
		port_place[n]=bus=$port_bus,addr=$port_addr
		# With ARI the first function says which one is next.
		[ "${topology[n]:-}" != twin ] || [ $n -eq "$ports" ] ||
			port_place[n]+=,multifunction=on,x-pcie-ari-nextfn-1=on
	done
}

# Port pairs share a hub, so that what one port sends reaches the other one.
hub_port() # N MODEL
{
	device_args+=(
		-netdev "hubport,id=net$1,hubid=$((($1 + 1) / 2))"
		-device "$2,id=port$1,${port_place[$1]},netdev=net$1,romfile=,mac=52:54:00:00:00:0$1"
	)
}

igb_port() # N
{
	hub_port "$1" igb
}

vmxnet3_port() # N
{
	hub_port "$1" vmxnet3
}

virtio_port() # N
{
	local device="virtio-net-pci,id=port$1,${port_place[$1]},netdev=net$1,romfile=,mac=52:54:00:00:00:0$1"

	device_args+=(
		-chardev "socket,id=vhost$1,path=$run/vhost$1"
		-netdev "vhost-user,id=net$1,chardev=vhost$1,queues=$VIRTIO_QUEUES"
		-device "$device,$VIRTIO_OPTIONS"
	)
}

# The back ends of virtio-net, which needs the VM's memory shared.
start_vhost()
{
	local n sockets=() line

	for ((n = 1; n <= ports; n++)); do
		sockets+=("$run/vhost$n")
	done
	exec 9< <(exec "$VM/vhost-nic.py" $VIRTIO_QUEUES "${sockets[@]}" 2>"$run/vhost.log")
	vhost_pid=$!
	read -r line <&9
	exec 9<&-
	[ "${line-}" = ready ] || die "vhost-nic.py: $(cat "$run/vhost.log")"
	device_args+=(-object memory-backend-memfd,id=memory,size=2048M,share=on
		-machine memory-backend=memory)
}

# All that is on the PCI buses. QEMU shows the link of a cold-plugged NIC as up only without
# hot-plug, and a secondary bus reset waits for the link.
choose_devices()
{
	local n

	device_args=(
		-device virtio-serial-pci,bus=pcie.0,addr=1e,max_ports=8
		"${PORT_ARGS[@]}" -global pcie-slot.hotplug=off "${port_args[@]}"
	)
	for ((n = 1; n <= ports; n++)); do
		"${nic}_port" $n
	done
	[ "$nic" != virtio ] || start_vhost
	[ -z "$disk" ] ||
		device_args+=(-drive "file=${disk//,/,,},format=raw,readonly=on,if=none,id=disk"
			-device virtio-blk-pci,drive=disk,bus=pcie.0,addr=1d)
}

# channel NAME: a way out of the VM that ends in the file or fifo $run/NAME
channel()
{
	qemu_args+=(
		-chardev "file,id=$1,path=$run/$1"
		-device "virtserialport,chardev=$1,name=$1"
	)
}

qemu_command_line()
{
	local params

	params="console=$CONSOLE panic=-1 $ARCH_PARAMS hugepages=128 iomem=relaxed"
	params+=' nokaslr mitigations=off cryptomgr.notests random.trust_cpu=on'
	params+=' printk.devkmsg=on nohz=off highres=off'
	params+=" $append"
	qemu_args=(
		"${machine_args[@]}" -nodefaults -nographic -no-reboot
		-kernel "$KERNEL_IMAGE" -initrd "$run/initrd" -append "$params"
		"${acpi_args[@]}" "${device_args[@]}"
	)
	if [ "$interactive" = yes ]; then
		qemu_args+=(-chardev "stdio,id=console,signal=off,logfile=$run/console.log")
	else
		qemu_args+=(-chardev "file,id=console,path=$run/console.log")
		mkfifo "$run/stdout" "$run/stderr"
		channel stdout
		channel stderr
	fi
	qemu_args+=(-serial chardev:console)
	if [ -n "$out" ]; then
		channel files
		mkfifo "$run/trace.all"
		qemu_args+=(-msg timestamp=on -D "$run/trace.all"
			-trace memory_region_ops_read -trace memory_region_ops_write)
	fi
	channel status # the last one, see guest/init
}

# The readers of the fifos do not hold them open themselves.
close_fifos()
{
	exec 5>&- 6>&- 7>&-
}

# Keep what concerns the NICs' registers of TPH, by the last digits of the address (the BAR
# is larger than that): hardly any of some thousand accesses a second. See nic-registers.awk.
filter_trace()
{
	local queue='(c[0-3]|e[0-3])([159d]4|[26ae]8)|(2[89ab]|3[89ab])(14|28)' mmio="'igb-mmio'"

	close_fifos
	trap '' INT TERM
	exec grep -E -e "_write .* addr 0x[0-9a-f]*($queue|5b74|0000) .*$mmio" \
		-e "_read .* addr 0x[0-9a-f]*($queue) .*$mmio" -e "_write .*'msix-table'"
}

# Copy stdin to stdout, and go on reading to the end when nobody reads there any more.
relay()
{
	close_fifos
	trap '' PIPE INT TERM
	cat 2>/dev/null
	cat >/dev/null
}

show_console()
{
	echo "--- end of the VM's console ---" >&2
	tail -n 40 "$run/console.log" 2>/dev/null | tr -d '\r' >&2
	echo '---' >&2
}

stop_vm()
{
	if [ -n "${qemu_pid-}" ]; then
		kill "$qemu_pid" 2>/dev/null
		wait "$qemu_pid"
	fi
	exit "$1"
}

# Read what QEMU writes to fifos. Held open here as well, they end when QEMU has ended, also if
# it never opened them.
start_readers()
{
	readers=()
	if [ -n "$out" ]; then
		exec 7<>"$run/trace.all"
		filter_trace <"$run/trace.all" >"$run/trace" &
		readers+=($!)
	fi
	if [ "$interactive" = no ]; then
		exec 5<>"$run/stdout" 6<>"$run/stderr"
		relay <"$run/stdout" &
		readers+=($!)
		relay <"$run/stderr" >&2 &
		readers+=($!)
	fi
}

# run_qemu LIMIT: QEMU's exit status, 124 when it had to be ended
run_qemu()
{
	local status

	start_readers
	if [ "$interactive" = yes ]; then
		timeout --foreground -k 5 "$1" "$QEMU" "${qemu_args[@]}" 2>"$run/qemu.log"
		status=$?
	else
		trap 'stop_vm 130' INT
		trap 'stop_vm 143' TERM
		(
			close_fifos
			exec timeout -k 5 "$1" "$QEMU" "${qemu_args[@]}"
		) </dev/null >/dev/null 2>"$run/qemu.log" &
		qemu_pid=$!
		wait "$qemu_pid"
		status=$?
		trap - INT TERM
	fi
	close_fifos
	[ ${#readers[@]} -eq 0 ] || wait "${readers[@]}"
	return $status
}

save_out()
{
	[ -n "$out" ] || return 0
	[ ! -s "$run/files" ] || tar -x -f "$run/files" -C "$out" --no-same-owner --warning=no-timestamp ||
		echo "vm.sh: the files of the VM did not arrive in full" >&2
	tr -d '\r' <"$run/console.log" >"$out/console.log"
	touch "$run/status"
	awk -f "$VM/nic-registers.awk" "$run/status" "$run/trace" >"$out/nic-registers.log"
}

run_vm()
{
	local limit=$timeout status qemu_status

	# 0: none
	[ -n "$limit" ] || limit=$([ "$interactive" = yes ] && echo 0 || echo $DEFAULT_TIMEOUT)
	qemu_command_line
	run_qemu "$limit"
	qemu_status=$?
	save_out

	status=$(sed -n 's/^exit \([0-9]*\)$/\1/p' "$run/status" 2>/dev/null)
	if [ -n "$status" ]; then
		exit "$status"
	fi
	if [ "$interactive" = yes ] && [ $qemu_status -eq 0 ]; then
		exit 0
	fi
	show_console
	if [ $qemu_status -eq 124 ] || [ $qemu_status -eq 137 ]; then
		echo "vm.sh: the VM did not end within $limit seconds" >&2
		exit 124
	fi
	sed 's/^/qemu: /' "$run/qemu.log" >&2
	sed -n 's/^error /vm.sh: in the VM: /p' "$run/status" >&2
	die "the VM died before the command ended"
}
