#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What goes wrong around the module: memory, CPUs, and users who do several things at once. In a guest
# with two processors, whose kernel has fault injection, and two nodes by numa=fake=2. Prints a line
# "ok" or "not ok" for each promise; exits 1 if one was not kept.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

#
# Memory.
#
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

# kB of the stacks on a node
stacks() { awk '/KernelStack/ { print $4 }' "/sys/devices/system/node/node$1/meminfo"; }
check_node() {
	before=$(stacks "$1")
	insmod kthreadxx.ko threads=50 "node=$1" || return
	after=$(stacks "$1")
	rmmod kthreadxx
	echo "$before kB before, $after kB after"
	[ $((after - before)) -ge 700 ]
}
check parameter_node_0 check_node 0
check parameter_node_1 check_node 1

#
# CPUs.
#
state_is() { within 10 is "$1" column STATE "$2"; }

insmod kthreadxx.ko per_cpu=Y period_us=20000 log=0
check per_cpu_offline switch_cpu1 0
check per_cpu_offline_parks_its_thread state_is P 1
check per_cpu_offline_others_go_on goes_on 0
set_to paused Y
set_to paused N
check per_cpu_offline_parks_it_whatever_is_paused state_is P 1
check per_cpu_offline_resumes_others goes_on 0
check per_cpu_online switch_cpu1 1
check per_cpu_online_goes_on goes_on 1
check per_cpu_online_is_bound_again bound 0 1
set_to paused Y
switch_cpu1 0
switch_cpu1 1
check per_cpu_online_stays_paused state_is P 1
switch_cpu1 0
check per_cpu_offline_unloads rmmod kthreadxx
check per_cpu_offline_loads insmod kthreadxx.ko per_cpu=Y period_us=20000 log=0
switch_cpu1 1
check per_cpu_has_those_that_were_there has 1
rmmod kthreadxx

insmod kthreadxx.ko threads=2 cpus=1 period_us=20000 log=0
check cpus_offline switch_cpu1 0
check cpus_offline_go_on_elsewhere goes_on 1
check cpus_offline_run_elsewhere is 0 column CPU 1
set_to threads 1
check cpus_offline_no_more_threads not set_to threads 2
check cpus_offline_has_those_of_before has 1
switch_cpu1 1
check cpus_online_is_bound_again bound 1
check cpus_online_goes_on goes_on 0
check cpus_online_more_threads set_to threads 2
check cpus_unload rmmod kthreadxx

#
# Users.
#
tasks() { sed 's|.*/\([0-9]*\) .*|\1|' /proc/loadavg; }
killed_half_way() {
	# Repeats the test if a busy host let it come too late.
	for _ in $(seq 10); do
		before=$(tasks)
		dmesg -c >/dev/null
		insmod kthreadxx.ko threads=1000 &
		until [ "$(tasks)" -gt $((before + 20)) ]; do
			[ -d /proc/$! ] || break
		done
		kill -9 $!
		wait $! || break
		rmmod kthreadxx
	done
	log
	log | grep -qE '^kthreadxx: threads=1000: [1-9][0-9]* of them were made, the next one not: errno 4$' && within 10 gone
}
check insmod_killed_half_way killed_half_way

rmmod_twice() {
	# With more beats, a guest on a busy host would do nothing else.
	insmod kthreadxx.ko threads=100 period_us=1000000 log=0 || return
	dmesg -c >/dev/null
	rmmod kthreadxx 2>/tmp/error1 &
	first=$!
	rmmod kthreadxx 2>/tmp/error2
	ended=$?
	wait $first
	ended=$((ended + $?))
	cat /tmp/error1 /tmp/error2
	is 1 echo $ended && is 1 eval 'cat /tmp/error1 /tmp/error2 | grep -c .' && is 1 eval 'log | grep -c "kthreadxx: unloaded"' && gone
}
check two_rmmod_at_once rmmod_twice

# write PARAMETER VALUE…: writes each value, again and again
write() {
	setting=$1
	shift
	while [ -e "$parameters/$setting" ]; do
		for each; do
			set_to "$setting" "$each"
		done
	done
}
# read_status FILE: reads it again and again
read_status() {
	while [ -e $debug/threads ]; do
		cat $debug/threads $debug/histogram $parameters/* >"$1"
	done
}
# Looks whether there are nine threads, until there are. It starts no program: there are nine for a moment only.
look_for_nine() {
	while [ -e $debug/threads ] && [ ! -e /tmp/nine_seen ]; do
		while read -r name _; do
			[ "$name" != kthreadxx/8 ] || : >/tmp/nine_seen
		done <$debug/threads
	done
}
all_at_once() {
	insmod kthreadxx.ko threads=4 cpus=0-1 period_us=10000 log=0 || return
	write threads 9 1 5 0 7 &
	write threads 2 8 &
	write paused Y N &
	write period_us 100 20000 many 5000 &
	read_status /tmp/status &
	read_status /tmp/status2 &
	look_for_nine &
	sleep 1
	switch_cpu1 0
	sleep 0.5
	switch_cpu1 1
	within 60 [ -e /tmp/nine_seen ]
	within 60 rmmod kthreadxx || return
	wait
	gone && [ -e /tmp/nine_seen ]
} 2>/dev/null
check parameters_status_cpus_and_unload_at_once all_at_once
check_leaks
exit $status
