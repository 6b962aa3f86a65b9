#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors
# shellcheck shell=dash

# What apps.py runs in the test VM: an application that knows nothing of TPH on the
# first and third of four ports is followed, while testpmd sends on the others what it
# receives, so that packets go round.
#
# usage: apps_guest.sh COMMANDS
#
# Each line of the file COMMANDS is an application: how many queues get bound, how many of
# them move, and the command, of the file prefix "app". Its lcores are 1 and 2; the thread of
# the second one moves to CPU 0.
#
# TOOL in the environment runs dpdk-tph.py. Prints steps as testpmd-session does, named after
# the application.

OUT=/root/out
PEER="-l 0,3 --file-prefix=peer -a 0000:02:00.0 -a 0000:04:00.0 -- --total-num-mbufs=4096
	--txonly-multi-flow --tx-ip=198.18.0.1,198.18.1.1 --tx-first"

# fail TEXT FILE: give up, and show the end of what was logged
fail()
{
	echo "=== $1"
	tail -n 20 "$2"
	exit 1
}

# wait_for TEXT FILE
wait_for()
{
	local tries=600

	until grep -q "$1" "$2"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || fail "no '$1'" "$2"
		usleep 100000
	done
}

# step NAME COMMAND...: its output below its name
step()
{
	echo "=== $1"
	tph-mark
	shift
	"$@" 2>&1
}

tool()
{
	sh -c "$TOOL $* -f app"
	echo "status $?"
}

# show_until NB PATTERN: show both ports when so many rows match, or too late
show_until()
{
	local tries=10

	while [ $tries -gt 0 ]; do
		sleep 1
		{
			tool show 0
			tool show 1
		} >/tmp/shown
		[ "$(grep -cE "$2" /tmp/shown)" -ne "$1" ] || break
		tries=$((tries - 1))
	done
	cat /tmp/shown
}

# move_worker PID: the thread of EAL that is not the main one goes to another CPU
move_worker()
{
	local task

	for task in "/proc/$1"/task/*; do
		case $(cat "$task/comm") in
		rte-worker-* | dpdk-worker*)
			taskset -p 1 "${task##*/}"
			return
			;;
		esac
	done
	fail "no worker" $OUT/app.log
}

end()
{
	local status=0

	kill -INT "$1"
	wait "$1" || status=$?
	echo "status $status"
	cat $OUT/app.log
}

# run NB_BOUND NB_MOVED COMMAND...
run()
{
	local bound=$1 moved=$2 name app peer

	shift 2
	name=$(basename "$1")
	echo "=== $name started"
	"$@" >$OUT/app.log 2>&1 </dev/null &
	app=$!
	wait_for 'entering main loop on lcore 2' $OUT/app.log
	# shellcheck disable=SC2086 # its arguments
	dpdk-testpmd $PEER >$OUT/peer.log 2>&1 </tmp/input &
	peer=$!
	step "$name follow" tool follow all
	step "$name followed" show_until "$bound" ', followed$'
	step "$name move" move_worker $app
	step "$name moved" show_until "$moved" ' - +0 +0x.*, followed$'
	step "$name unfollow" tool unfollow all
	step "$name end" end $app
	kill $peer
	wait $peer || true
}

commands=$1
echo "=== start"
# testpmd ends when it can read something.
mkfifo /tmp/input
sleep 10000 >/tmp/input &
while read -r command; do
	# shellcheck disable=SC2086 # its words
	run $command </dev/null
done <"$commands"
