#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Threads as the whole system meets them: in its suspend, its load average and its traces. In a guest
# whose kernel has CONFIG_PM_DEBUG. Prints a line "ok" or "not ok" for each promise; exits 1 if one was
# not kept.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

beats() { cat "/sys/module/kthreadxx_sleepers/parameters/$1_beats"; }

remember() {
	freezable=$(beats freezable)
	yielding=$(beats yielding)
	other=$(beats other)
}

# since NAME BEATS: how many it has more by now
since() { echo $(($(beats "$1") - $2)); }

# Since then: at least AT-LEAST beats of the other, of which the freezable ones had at most AT-MOST percent.
have_beaten() {
	f=$(since freezable $freezable) y=$(since yielding $yielding) o=$(since other $other)
	echo "freezable: $f beats, yielding: $y beats, other: $o beats, expected: $*"
	[ "$o" -ge "$1" ] && [ $((f * 100)) -le $((o * $2)) ] && [ $((y * 100)) -le $((o * $2)) ]
}

# suspend LEVEL: the system goes as far as LEVEL on the way to suspend, and comes back after four seconds.
suspend() { echo "$1" >/sys/power/pm_test && echo freeze >/sys/power/state; }

all_have_beaten() { have_beaten 20 200 && [ "$f" -ge 20 ] && [ "$y" -ge 20 ]; }
all_beat() {
	remember
	within 30 all_have_beaten
}

flights() { cat "/sys/module/kthreadxx_sleepers/parameters/flights_$1"; }
# In so many suspends: what was in flight was finished, the thread was frozen and told so, and then it began again.
finished_and_frozen() { is "$1 $1 $1" eval 'echo $(($(flights begun) - 1)) $(flights finished) $(flights frozen)'; }

# The kernel samples the load average every 5 s, and a look adds 0.08 for each thread in state D: once all hundred, when it
# comes as they are created and not yet woken, is 8; in state D for good they make 35 and more in 30 s.
load_is_low() {
	cat /proc/loadavg
	[ "$(cut -d. -f1 /proc/loadavg)" -lt 20 ]
}

# The thread told to stop, and right after it what it returned.
traced() {
	cat /sys/kernel/tracing/trace
	grep -A 1 "sched_kthread_stop: comm=$1 pid=$2\$" /sys/kernel/tracing/trace |
		grep -q "sched_kthread_stop_ret: ret=$3\$"
}

pid_of() { ps | sed -n "s/^ *\([0-9]*\) .*\[$1\]\$/\1/p"; }

insmod kthreadxx_sleepers.ko idle=100 || exit
insmod kthreadxx.ko period_us=10000 log=0 || exit
loaded=$(cut -d. -f1 /proc/uptime)
sleep 2
echo 4 >/sys/module/suspend/parameters/pm_test_delay
suspends=0
for level in freezer devices; do
	suspends=$((suspends + 1))
	remember
	check "m18_suspend_succeeds ($level)" suspend $level
	check "m18_freezable_threads_are_frozen_and_no_other ($level)" have_beaten 20 60
	check "m18_threads_go_on_after_the_suspend ($level)" all_beat
	check "freezing_thread_finishes_first ($level)" within 10 finished_and_frozen $suspends
	check "m18_module_goes_on_after_the_suspend ($level)" goes_on 0
done

while [ $(($(cut -d. -f1 /proc/uptime) - loaded)) -lt 30 ]; do
	sleep 1
done
check idle_threads_leave_the_load_average_alone load_is_low

for event in sched_kthread_stop sched_kthread_stop_ret; do
	echo 1 >/sys/kernel/tracing/events/sched/$event/enable
done
freezable=$(pid_of freezable) heart=$(column PID)
check modules_unload rmmod kthreadxx kthreadxx_sleepers
check tracepoints_tell_of_the_stop_and_the_result traced freezable "$freezable" 7
check tracepoints_tell_of_the_module traced kthreadxx/0 "$heart" 0
exit $status
