#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The module as a tool: very many threads, a true suspend. In a guest with two processors, by
# no_console_suspend able to suspend. Prints a line "ok" or "not ok" for each promise; exits 1 if one
# was not kept.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

# Creates threads until memory is full, then none is left; in each of the two tries of busybox.
too_many() {
	dmesg -c >/dev/null
	if insmod kthreadxx.ko threads=100000 2>/tmp/error; then
		return 1
	fi
	cat /tmp/error
	log
	grep -q 'Resource temporarily unavailable' /tmp/error &&
		is 2 eval "log | grep -cE '^kthreadxx: threads=100000: [0-9]+ of them were made, the next one not: errno 11\$'" &&
		within 10 gone
}

# The kernel samples the load average every 5 s, and a thread in state D adds 0.08 then: a thousand, 80. Those that run are
# a few, on a busy host some more.
load_is_low() {
	cat /proc/loadavg
	[ "$(cut -d. -f1 /proc/loadavg)" -lt 40 ]
}

# By the first alarm that comes later than the sleep: one that comes earlier makes the kernel give up.
suspend() {
	for seconds in 4 8 16 32 64; do
		echo 0 >/sys/class/rtc/rtc0/wakealarm
		cat /sys/power/wakeup_count >/tmp/wakeups
		cat /tmp/wakeups >/sys/power/wakeup_count
		echo +$seconds >/sys/class/rtc/rtc0/wakealarm
		echo mem >/sys/power/state && return
	done
	return 1
}

check suspend_loads insmod kthreadxx.ko threads=4 period_us=10000 log=0
check suspend_succeeds suspend
check suspend_is_survived is 4 in_ps
check suspend_beats_go_on goes_on 3
check suspend_unloads rmmod kthreadxx

check thousand_threads insmod kthreadxx.ko threads=1000 log=0
sleep 6
check thousand_threads_leave_the_load_average_alone load_is_low
check thousand_threads_beat within 30 is 1000 eval "column BEATS | awk '\$1 > 2' | wc -l"
# One after another they would end within 500 s.
check thousand_threads_unload took_less 60000 rmmod kthreadxx
check more_threads_than_there_are too_many
check more_threads_than_there_are_and_it_loads insmod kthreadxx.ko
rmmod kthreadxx
exit $status
