#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What goes wrong around the module: CPUs that go, and users who do several things at once. In a guest with two
# processors, and two nodes by numa=fake=2. Prints a line "ok" or "not ok" for each promise; exits 1 if one was not
# kept.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

#
# Nodes.
#
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
check per_cpu_online_is_bound_again within 10 bound 0 1
for step in kthreadxx:online smpboot/threads:online; do
	check "per_cpu_offline_is_refused ($step)" refuse $step
	check "per_cpu_refused_goes_on ($step)" goes_on 1
	check "per_cpu_refused_is_bound ($step)" within 10 bound 0 1
done
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
check cpus_online_is_bound_again within 10 bound 1
check cpus_online_goes_on goes_on 0
for step in kthreadxx:online smpboot/threads:online; do
	check "cpus_offline_is_refused ($step)" refuse $step
	check "cpus_refused_goes_on ($step)" goes_on 0
	check "cpus_refused_is_bound ($step)" within 10 bound 1
done
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
