#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# method=task: the parameters, the files and the tracepoints, and what is refused. In a guest with two processors.
# Prints a line "ok" or "not ok" for each promise; exits 1 if one was not kept.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

each_beats() {
	for id in $(awk 'NR > 1 { sub(".*/", "", $1); print $1 }' $debug/threads); do
		goes_on "$id" || return
	done
}
state_is() { within 10 is "$1" eval 'column STATE | sort -u'; }
stands_still() {
	sleep 0.3
	before=$(column BEATS)
	sleep 0.5
	is "$before" column BEATS
}
threads_of() { is "$*" eval 'column PID | sort -u | wc -l'; }
# scheduled NICE PRIORITY POLICY: each thread, by the kernel's numbers
scheduled() {
	for pid in $(column PID); do
		is "$*" cut -d ' ' -f 19,40,41 "/proc/$pid/stat" || return
	done
}
# The file tasks has the header, and each task that waits for its next beat, which is due within a period.
listed() {
	cat $debug/tasks
	awk -v n="$1" -v due="$2" '
		NR == 1 { next }
		NF != 7 || $3 != "event" || $5 == "-" || $6 !~ /task_beater.*run/ { wrong++ }
		due == "-" ? $4 != "-" : $4 == "-" || $4 > due { wrong++ }
		{ thread[$2]++ }
		END { exit NR != n + 1 || wrong || thread["kthreadxx/0"] + thread["kthreadxx/1"] != n || !thread["kthreadxx/1"] }' \
		$debug/tasks
}
trace=/sys/kernel/tracing/trace
traced() { grep -q "kthreadxx_$1: " $trace; }
traced_times() { is "$2" grep -c " kthreadxx_$1: name=kthreadxx/[01] pid=" $trace; }
# told_of_pauses NUMBER PARAMETER…: so often a load and an unload call what traces a pause
told_of_pauses() {
	number=$1
	shift
	echo >$trace
	insmod kthreadxx.ko "$@" && rmmod kthreadxx || return
	cat $trace
	is "$number" grep -c ' pauses: ' $trace
}
refused() {
	dmesg -c >/dev/null
	not insmod kthreadxx.ko "$@" && gone
}

check task_loads insmod kthreadxx.ko method=task threads=5 period_us=10000 log=3
check task_story_is_told said 'loaded: 5 tasks on 2 threads, period 10000 us'
check task_beats each_beats
check task_has_a_thread_for_each_cpu threads_of 2
check task_is_bound bound 0 1 0 1 0
check task_cpus_are_readable is 0-1 get cpus
check task_method_is_readable is task get method
check task_is_listed within 10 listed 5 10001
check task_logs within 10 said 'kthreadxx/[0-4]: beat [0-9]+, latency [0-9]+ us'
check task_histogram_counts within 10 eval "awk 'NR > 1 { n += \$2 } END { exit n < 50 }' $debug/histogram"

set_to period_us 4000000000
check task_period_is_changed stands_still
set_to period_us 10000
check task_period_wakes_who_sleeps each_beats
set_to period_us 100000
check task_pause set_to paused Y
check task_paused_is_in_the_status state_is P
check task_paused_does_not_beat stands_still
check task_paused_has_no_deadline listed 5 -
set_to threads 7
check task_paused_is_for_new_ones_too state_is P
missed=$(column MISSED 0)
# 80 beats.
sleep 8
check task_resume set_to paused N
check task_resumed_beats each_beats
few_missed() {
	echo "$missed missed before, $(column MISSED 0) after"
	[ $(($(column MISSED 0) - missed)) -lt 40 ]
}
check task_a_pause_is_not_missed few_missed
set_to period_us 10000
set_to paused Y
check task_reset set_to reset 1
check task_reset_forgets is 0 eval 'column BEATS | sort -u'
check task_fewer_while_paused set_to threads 2
set_to paused N
check task_fewer_beat each_beats
check task_too_many_are_refused not set_to threads 4294967295
check task_too_many_are_told said 'threads=4294967295: 2 of them were made, the next one not: errno 12'
check task_too_many_change_nothing is 2 eval 'names | wc -l'
check task_those_of_the_past_are_summed_up is 2 eval 'names | wc -l'

check task_trace_begins eval "echo 1 >$events/kthreadxx/enable"
check task_trace_has_beats within 10 traced beat
step() { grep -Eq "task_$1: task=[0-9a-f]+ coroutine=[^ ]*task_beater[^ ]*run.*$2" $trace; }
check task_trace_has_tasks_that_run within 10 step run
check task_trace_has_waits within 10 step wait 'state=event what=[0-9a-f]+ due=[1-9]'
set_to threads 3
check task_trace_has_those_that_are_spawned within 10 step spawn
set_to threads 2
check task_trace_has_those_that_end within 10 step end
set_to paused Y
check task_trace_has_the_pause_of_each_thread traced_times park 2
set_to paused Y
set_to threads 3
check task_trace_has_no_pause_of_who_is_paused traced_times park 2
set_to paused N
check task_trace_has_its_end traced_times unpark 2
set_to paused N
check task_trace_has_no_end_of_who_beats traced_times unpark 2
set_to threads 2
echo 0 >$events/kthreadxx/enable
echo >$trace
set_to threads 3
check task_trace_ends eval "goes_on 2 && ! grep -q kthreadxx $trace"
set_to threads 2
check task_unloads rmmod kthreadxx
check task_is_summed_up said '10 tasks stopped: [0-9]+ beats, [0-9]+ missed, latency [0-9]+/[0-9]+/[0-9]+ us' unloaded
check task_leaves_nothing gone

# Without per_cpu the kernel moves the thread, and the tasks go on.
check task_loads_for_hotplug insmod kthreadxx.ko method=task threads=4 period_us=10000 log=0
switch_cpu1 0
check task_goes_on_without_its_cpu each_beats
switch_cpu1 1
check task_is_bound_again within 10 bound 0 1 0 1
check task_goes_on_with_its_cpu each_beats
check task_cpu_is_refused refuse kthreadxx:online
check task_refused_is_bound within 10 bound 0 1 0 1
check task_unloads_after_hotplug rmmod kthreadxx

check task_per_cpu_loads insmod kthreadxx.ko method=task per_cpu=Y period_us=10000 policy=fifo priority=7 log=0
check task_per_cpu_names is 'kthreadxx/0 kthreadxx/1' eval 'names | xargs'
check task_per_cpu_is_bound bound 0 1
check task_priority scheduled 0 7 1
echo 1 >$events/kthreadxx/enable
switch_cpu1 0
check task_per_cpu_waits_for_its_cpu is P column STATE 1
check task_per_cpu_others_beat goes_on 0
set_to paused Y
set_to paused N
switch_cpu1 1
check task_per_cpu_beats_again each_beats
echo 0 >$events/kthreadxx/enable
parks() { sed -n 's|.* kthreadxx_\([a-z]*park\): name=kthreadxx/\([01]\) .*|\1 \2|p' $trace | xargs; }
check task_per_cpu_trace_has_a_cpu_that_goes is 'park 1 park 0 unpark 0 unpark 1' parks
switch_cpu1 0
check task_unloads_without_its_cpu rmmod kthreadxx
switch_cpu1 1

alone() {
	insmod kthreadxx.ko || return
	[ -e $debug/threads ] && ! [ -e $debug/tasks ]
	found=$?
	rmmod kthreadxx && [ $found = 0 ]
}
check task_file_is_for_tasks_alone alone
check task_of_a_list insmod kthreadxx.ko method=task cpus=1 threads=3 nice=5
check task_of_a_list_is_bound bound 1 1 1
check task_nice scheduled 5 0 0
check task_of_a_list_unloads rmmod kthreadxx
check task_refuses_what_threads_refuse refused method=task cpus=2
check task_that_is_paused_loads insmod kthreadxx.ko method=task threads=3 period_us=1000 paused=Y
check task_that_is_paused_stands_still stands_still
check task_that_is_paused_unloads rmmod kthreadxx

# The tracepoints are there with the module, which then has paused. A probe waits for the module.
if echo p:pauses kthreadxx:heartbeat_trace_park >/sys/kernel/tracing/kprobe_events; then
	echo 1 >$events/kprobes/pauses/enable
	check task_loads_paused_and_traces_that told_of_pauses 2 method=task threads=3 paused=Y
	check task_loads_and_traces_no_pause told_of_pauses 0 method=task threads=3
	check thread_loads_paused_and_traces_that told_of_pauses 3 threads=3 paused=Y
	echo 0 >$events/kprobes/pauses/enable
	echo >/sys/kernel/tracing/kprobe_events
else
	echo "ok task_loads_paused_and_traces_that # SKIP this kernel has no probes"
	echo "ok task_loads_and_traces_no_pause # SKIP this kernel has no probes"
	echo "ok thread_loads_paused_and_traces_that # SKIP this kernel has no probes"
fi

check_leaks
exit $status
