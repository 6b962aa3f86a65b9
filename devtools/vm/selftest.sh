#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Check the test VM itself, on both kernels: what vm.sh promises, and that the emulated
# capability behaves as hardware does.
# shellcheck disable=SC2016,SC1003 # what stands in single quotes is meant for the VM
set -u

VM=$(cd "$(dirname "$0")" && pwd)
run=$(mktemp -d)
trap 'rm -rf "$run"' EXIT
passed=0
failed=0

check() # TEXT COMMAND...
{
	local text=$1

	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED $text"
	fi
}

is() # TEXT EXPECTED ACTUAL
{
	check "$1: expected '$2', got '$3'" [ "$2" = "$3" ]
}

vm()
{
	"$VM/../vm.sh" --timeout 200 "$@" 2>"$run/stderr"
}

# Wrong options: exit status 2 and one line.
refused()
{
	vm "$@" >"$run/stdout" </dev/null
	is "exit status of: $*" 2 $?
	is "lines of message of: $*" 1 "$(wc -l <"$run/stderr")"
}

options()
{
	refused --kernel 5.10 -- true
	refused --nic e1000 -- true
	refused --ports 0 -- true
	refused --ports 9 -- true
	refused --topology twin -- true
	refused --topology root,cellar -- true
	refused --cpus many -- true
	refused --spare-cpus 9 -- true
	refused --st-table bar -- true
	refused --st-entries 0 -- true
	refused --st-entries 2000 -- true
	refused --modes iv,xx -- true
	refused --driver igb -- true
	refused --acpi half -- true
	refused --emul 'x y' -- true
	refused --copy "$run/missing" -- true
	refused --out "$VM/selftest.sh" -- true
	refused --timeout 0 -- true
	refused --timeout
	refused --nonsense
	refused true
	refused --
}

# guest NAME PLACE ENTRIES EXT OPTIONS...: boot once and count what selftest-guest finds
guest()
{
	local name=$1 place=$2 entries=$3 ext=$4 line out=$run/$1
	shift 4

	echo "selftest: $name"
	vm --st-table "$place" --st-entries "$entries" --driver none --out "$out" \
		--copy "$VM/selftest-guest" "$@" -- selftest-guest "$place" "$entries" "$ext" \
		'a  b' "it's" '"q"' $'new\nline' '' '$HOME' '*' '\' '--' >"$run/stdout"
	is "$name: exit status" 37 $?
	sed '/^args$/,$d' "$run/stdout" >"$run/checks"
	while read -r line; do
		check "$name: ${line#FAILED }" [ "${line#ok}" != "$line" ]
	done <"$run/checks"
	check "$name: no checks" [ -s "$run/checks" ]
	is "$name: arguments" $'<a  b>\n<it\'s>\n<"q">\n<new\nline>\n<>\n<$HOME>\n<*>\n<\\>\n<-->' \
		"$(sed '1,/^args$/d' "$run/stdout")"
	is "$name: stderr" "to stderr" "$(grep -v '^vm: ' "$run/stderr")"

	is "$name: file of the command" "left behind" "$(cat "$out/witness")"
	is "$name: register trace" \
		"write TXCTL[3] 0x12000021 write RXCTL[0] 0x34000001 read TXCTL[3] 0x12000021 " \
		"$(awk '$2 == "0000:02:00.0" && /XCTL/ { printf "%s %s %s ", $3, $4, $5 }' \
			"$out/nic-registers.log")"
	is "$name: capability before" "0000:01:00.0 0000:02:00.0 " \
		"$(awk '$2 == "capability" { printf "%s ", $1 }' "$out/st-before.txt")"
	check "$name: lspci after" grep -q 'Transaction Processing Hints' "$out/lspci-after.txt"
	check "$name: console log" grep -q 'tph_emul' "$out/console.log"
}

# bound DRIVER PORTS CPUS NIC DEVICE_ID
bound()
{
	echo "selftest: --driver $1 --ports $2 --cpus $3 --nic $4"
	seq 200000 >"$run/numbers"
	is "ports bound to $1, CPUs, device" "$2 $3 $5" "$(vm --driver "$1" --ports "$2" \
		--cpus "$3" --nic "$4" --st-table off -- sh -c 'seq 200000 >&2
			echo $(ls -d /sys/bus/pci/drivers/$0/0000:*:00.0 | wc -l) $(nproc) \
				$(cat /sys/bus/pci/drivers/$0/0000:01:00.0/device)' "$1")"
	check "all of stderr" cmp -s "$run/numbers" <(grep -v '^vm: ' "$run/stderr")
}

# The example of README.md: addresses, kinds, and what is above
topology()
{
	echo "selftest: --topology"
	is "ports by kind of the topology" "0000:00:05.0 Root Complex Integrated Endpoint 0
0000:01:00.0 Endpoint 1
0000:04:00.0 Endpoint 3
0000:05:00.0 Endpoint 1
0000:05:00.1 Endpoint 1
0000:81:00.0 Endpoint 1" "$(vm --ports 6 --topology root,switch,bridge2,rciep,root,twin \
		-- sh -c 'cd /sys/bus/pci/drivers/tph-vfio-pci
			for port in 0000:*; do
				lspci -vvv -s $port | grep -q "Transaction Processing Hints" || continue
				up=$(dirname "$(readlink -f "$port")" | grep -oE "/0000:" | wc -l)
				echo "$port $(lspci -vv -s $port |
					sed -n "s/.*Express (v2) \(.*\), MSI.*/\1/p") $up"
			done')"
	check "UIDs of CPUs unlike QEMU's" vm -- sh -c \
		'dmesg | grep -q "Table Upgrade: override .APIC"'
}

ends()
{
	local i

	echo "selftest: ways to end"
	vm --timeout 3 -- sleep 1000 >"$run/stdout"
	is "status after the time limit" 124 $?
	check "console log after the time limit" grep -q 'end of the VM' "$run/stderr"

	vm --append rdinit=/missing --timeout 100 -- true >"$run/stdout"
	is "status of a VM that dies" 125 $?

	is "output that nobody reads" 1 "$(vm -- sh -c 'seq 300000; kill -9 $$' | head -n 1)"
	# Said again and again, as the shell takes a while to come up.
	for ((i = 0; i < 50; i++)); do
		printf 'exit 9\n' 2>/dev/null || break
		sleep 2
	done | vm >"$run/stdout"
	is "status of a shell on the console" 9 $?
}

options
guest "6.12, table of 5 entries" cap 5 0 --kernel 6.12
guest "6.1, table in MSI-X, 16-bit tags" msix 10 1 --kernel 6.1 --ext --modes ds
guest "6.12, no table, soft reset" none 1 0 --emul soft_reset=1 --modes ds
bound vfio-pci 3 8 igb 0x10c9
bound tph-vfio-pci 8 2 virtio 0x1041
topology
ends

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
