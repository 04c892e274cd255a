#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Memory fails the module: as it makes threads, in kthreadd, and as it is loaded. In a guest whose kernel has fault
# injection. Prints a line "ok" or "not ok" for each promise; exits 1 if one was not kept.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

failures=0
# refusals PATTERN: how many the log has
refusals() { dmesg | grep -cE "\] kthreadxx: threads=8: $1 of them were made, the next one not: errno (11|12)\$"; }

# grow_without TASK N: creates threads while the N-th allocation of the task fails. The first allocation of the
# shell is for the text that it writes.
grow_without() {
	dmesg -c >/dev/null
	if sh -c "exec 3>$parameters/threads
		echo $2 >/proc/$1/fail-nth
		echo 8 >&3
		wrote=\$?
		echo 0 >/proc/$1/fail-nth
		exit \$wrote" 2>/tmp/error; then
		is 0 refusals '.*' && has 8
	else
		cat /tmp/error
		failures=$((failures + 1))
		grep -qE 'Cannot allocate memory|Resource temporarily unavailable' /tmp/error &&
			is 1 refusals '[4-7]' && has 4
	fi
}

# load_without N: loads the module while the N-th allocation of kthreadd fails. busybox tries twice, and the
# second try finds memory.
load_without() {
	dmesg -c >/dev/null
	echo "$1" >/proc/2/fail-nth
	insmod kthreadxx.ko threads=8 || return
	echo 0 >/proc/2/fail-nth
	refused=$(refusals '[0-7]')
	failures=$((failures + refused))
	[ "$refused" -le 1 ] && has 8
}

echo N >/sys/kernel/debug/failslab/ignore-gfp-wait
echo 0 >/sys/kernel/debug/failslab/verbose
insmod kthreadxx.ko threads=4 period_us=50000 || exit
# without NAME FAILURES COMMAND N…: with each N, and as long as fewer have failed something with others.
# Which allocation is the N-th is up to the checkers, too.
without() {
	promise=$1 least=$2 command=$3
	shift 3
	failures=0 further=2
	while [ $# -gt 0 ] || [ $failures -lt "$least" ] && [ $further -le 60 ]; do
		if [ $# -gt 0 ]; then
			n=$1
			shift
		else
			n=$further further=$((further + 2))
		fi
		check "$promise ($n)" $command "$n"
	done
}
grow() {
	grow_without "$1" "$2"
	grown=$?
	set_to threads 4
	return $grown
}
without memory_fails_the_module 2 'grow self' 3 9 15
check memory_did_fail_the_module [ $failures -ge 2 ]
without memory_fails_kthreadd 3 'grow 2' 1 5 13 23 35
check memory_did_fail_kthreadd [ $failures -ge 3 ]
check memory_failures_left_it_working goes_on 0
check memory_failures_unload rmmod kthreadxx
load_and_unload() {
	load_without "$1" && rmmod kthreadxx
}
without memory_fails_a_load 1 load_and_unload 5 11 31
check memory_did_fail_a_load [ $failures -ge 1 ]
check memory_failures_leave_nothing gone
check_leaks
exit $status
