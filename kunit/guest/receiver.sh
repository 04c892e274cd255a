#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A thread that blocks in kernel_recvmsg() on the loopback device: it receives, and a stop ends it by a callback
# that shuts the socket down. In a guest. Prints a line "ok" or "not ok" for each promise; exits 1 if one was not
# kept.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

module=kthreadxx_receiver
parameters=/sys/module/$module/parameters
received() { is "$1" cat $parameters/datagrams; }
blocks() { [ "$(awk '/^State:/ { print $2 }' "/proc/$(ps | awk '/[[]receiver/ { print $1 }')/status")" = S ]; }
ends() { rmmod $module && log >/tmp/log && grep -qx 'receiver: ended with 0' /tmp/log; }
# received_and_stopped DATAGRAMS
received_and_stopped() {
	dmesg -c >/dev/null
	insmod $module.ko || return
	for i in $(seq "$1"); do
		echo "$i" >$parameters/send || return
	done
	within 10 received "$1" && within 10 blocks && ends
}
ifconfig lo up
check receiver_gets_datagrams_and_is_stopped received_and_stopped 3
check receiver_is_stopped_before_a_datagram received_and_stopped 0
# The stop comes while the thread goes from one call to the next.
stops_soon() {
	for round in $(seq 50); do
		insmod $module.ko && echo "$round" >$parameters/send && rmmod $module || return
	done
}
check receiver_is_stopped_at_any_time stops_soon
exit $status
