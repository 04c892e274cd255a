#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The module has what a measurement needs: a reset, priorities, phases, the trace of a new maximum, and
# JSON. In a guest with two processors and ftrace. Prints a line "ok" or "not ok" for each promise; exits 1
# if one was not kept.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

trace=/sys/kernel/tracing

#
# Reset.
#
insmod kthreadxx.ko threads=2 period_us=2000 log=0 || exit
few() { [ "$(column BEATS 0)" -lt "$1" ] && [ "$(column BEATS 1)" -lt "$1" ]; }
measured() { awk 'NR > 1 { print $5, $6, $7, $8, $9, $10, $11, $12 }' $debug/threads | uniq; }
counted() { awk 'NR > 1 { sum += $2 } END { print sum + 0 }' $debug/histogram; }
# Each beat is in one bucket, and none of them is from before.
counts_agree() { is "$(($(column BEATS 0) + $(column BEATS 1)))" counted; }
within 30 beaten 500
check reset_is_accepted set_to reset 1
check reset_forgets_all few 400
check reset_lets_them_go_on goes_on 0
set_to paused Y
check reset_counts_in_both_files_alike counts_agree
check reset_while_parked set_to reset 1
check reset_while_parked_shows_nothing is '0 0 - - - - - -' measured
check reset_while_parked_counts_nothing is 0 counted
set_to paused N
check reset_of_parked_ones_is_over goes_on 1
set_to paused Y
check reset_of_parked_ones_counts_alike counts_agree
echo 1 >$events/kthreadxx/kthreadxx_stop/enable
set_to reset 1
set_to threads 1
stop_is() { is "$1" eval 'sed -n "s/.*kthreadxx_stop: //p" $trace/trace'; }
check reset_of_a_thread_that_beats_no_more stop_is 'beats=0 missed=0'
echo 0 >$events/kthreadxx/kthreadxx_stop/enable
set_to threads 2
set_to paused N
goes_on 0
set_to paused Y
for value in 0 2 '' x -1; do
	dmesg -c >/dev/null
	check "reset_refuses '$value'" not set_to reset "$value"
	check "reset_says_why '$value'" is "kthreadxx: reset=$value is not accepted: give 1" told_by kthreadxx
done
check reset_refused_changed_nothing counts_agree
rmmod kthreadxx

#
# Priorities.
#
# priority PID PRIORITY: by the kernel's numbers, of SCHED_FIFO
priority_is() {
	for pid in $(column PID); do
		is "$1 1" cut -d ' ' -f 40,41 "/proc/$pid/stat" || return
	done
}
for priority in 1 80 99; do
	insmod kthreadxx.ko threads=2 policy=fifo priority=$priority || exit
	check "priority_$priority" within 10 priority_is $priority
	check "priority_${priority}_is_readable" is $priority get priority
	rmmod kthreadxx
done

#
# Phases, by when the trace says that beats were due.
#
# phases PERIOD-US PHASE-US: thread i was due i * PHASE after a multiple of PERIOD. The trace is written some
# time after the beat, and the shortest of these times is taken.
phases() {
	echo >$trace/trace
	sleep 2
	awk -v period="$1" -v phase="$2" '
		/ kthreadxx_beat: / {
			thread = substr($1, 11, 1)
			for (i = 2; i <= NF; i++) {
				if ($i == "kthreadxx_beat:")
					us = $(i - 1) * 1000000
				split($i, field, "=")
				value[field[1]] = field[2]
			}
			late = us - value["latency_ns"] / 1000 - thread * phase
			late -= int(late / period) * period
			if (!n[thread]++ || late < least[thread])
				least[thread] = late
		}
		END {
			for (i = 0; i < 3; i++) {
				print "thread " i ": " n[i] " beats, the closest " least[i] " us late"
				wrong += n[i] < 5 || least[i] > 1000
			}
			exit wrong
		}' $trace/trace
}
echo mono >$trace/trace_clock
insmod kthreadxx.ko threads=3 period_us=20000 phase_us=5000 log=0 || exit
echo 1 >$events/kthreadxx/kthreadxx_beat/enable
check phase_between_threads phases 20000 5000
set_to period_us 24000
check phase_with_another_period phases 24000 5000
set_to paused Y
sleep 0.5
set_to paused N
check phase_after_a_pause phases 24000 5000
echo 0 >$events/kthreadxx/kthreadxx_beat/enable
rmmod kthreadxx
insmod kthreadxx.ko threads=3 period_us=20000 phase_us=0 log=0 || exit
echo 1 >$events/kthreadxx/kthreadxx_beat/enable
check phase_0_is_together phases 20000 0
echo 0 >$events/kthreadxx/kthreadxx_beat/enable
rmmod kthreadxx

#
# A new maximum. The threads are late for sure: the period is 1 us, and on one CPU they wait for each other.
#
insmod kthreadxx.ko threads=1 period_us=10000 log=0 breaktrace=1 || exit
maxima() { log | sed -nE 's/^kthreadxx: kthreadxx\/0: new maximum: beat [0-9]+, latency ([0-9]+) us$/\1/p'; }
# Lines of whole microseconds, of which two maxima may have the same.
rising() { maxima | sort -c -n && [ "$(maxima | wc -l)" -gt 0 ]; }
check breaktrace_logs_each_new_maximum within 10 rising
set_to paused Y
check breaktrace_logs_the_last_one is "$(column MAX_US 0)" eval 'maxima | tail -n 1'
set_to breaktrace 4000000000
set_to reset 1
dmesg -c >/dev/null
set_to paused N
goes_on 0
check breaktrace_logs_nothing_below_its_threshold is '' maxima
set_to paused Y
set_to breaktrace 1
echo 1 >$trace/tracing_on
echo 1 >$events/kthreadxx/enable
echo traceoff >$events/kthreadxx/kthreadxx_max/trigger
set_to reset 1
set_to paused N
trace_is() { [ "$(cat $trace/tracing_on)" = "$1" ]; }
check breaktrace_ends_the_trace within 20 trace_is 0
last_event() { grep -v '^#' $trace/trace | tail -n 1; }
check breaktrace_is_the_last_of_the_trace eval 'last_event | grep -E "kthreadxx/0-.* kthreadxx_max: beat=1 latency_ns=[0-9]+ missed=[0-9]+$"'
echo '!traceoff' >$events/kthreadxx/kthreadxx_max/trigger

#
# Triggers.
#
beat=$events/kthreadxx/kthreadxx_beat
echo 'traceoff if latency_ns > 1000' >$beat/trigger
echo 1 >$trace/tracing_on
check trigger_traceoff_by_latency within 20 trace_is 0
echo '!traceoff if latency_ns > 1000' >$beat/trigger
echo 'hist:keys=latency_ns.log2' >$beat/trigger
goes_on 0
check trigger_hist_of_latency within 10 grep -qE 'latency_ns: ~ 2\^[0-9]+ *\} hitcount: ' $beat/hist
cat $beat/hist
echo '!hist:keys=latency_ns.log2' >$beat/trigger
rmmod kthreadxx

#
# JSON.
#
insmod kthreadxx.ko threads=2 period_us=5000 log=0 name='a\b' || exit
within 20 beaten 50
set_to paused Y
./view --json >/tmp/json
cat /tmp/json
check json_is_one_line is 1 eval 'wc -l </tmp/json'
check json_has_what_is_set grep -q '^{"period_us": 5000, "paused": true, "threads": \[' /tmp/json
# Back to the text of the files, without the backslash of the name.
json_threads() {
	sed 's/.*"threads": \[//; s/\], "histogram.*//; s/}, {/}\n{/g' /tmp/json |
		sed -E 's/[{}]//g; s/"[a-z0-9_]+": //g; s/, / /g; s/null/-/g; s/"//g' | tr -d '\\'
}
text_threads() { sed 1d $debug/threads | tr -s ' ' | tr -d '\\'; }
same_threads() {
	json_threads >/tmp/one
	text_threads | diff /tmp/one -
}
check json_has_the_threads same_threads
check json_escapes_names grep -qF '"name": "a\\b/0"' /tmp/json
json_histogram() { sed 's/.*"histogram": \[//; s/\]}$//; s/}, {/}\n{/g' /tmp/json | sed -E 's/[{}]//g; s/"[a-z_]+": //g; s/, / /g'; }
text_histogram() { awk 'NR > 1 { print $1, $2 }' $debug/histogram; }
same_histogram() {
	json_histogram >/tmp/one
	text_histogram | diff /tmp/one -
}
check json_has_the_histogram same_histogram
set_to reset 1
./view --json >/tmp/json
check json_before_the_first_beat grep -q '"beats": 0, "missed": 0, "min_us": null, .*"p999_us": null}' /tmp/json
check json_takes_no_seconds not ./view --json 1
rmmod kthreadxx
check_leaks
exit $status
