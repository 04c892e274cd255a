#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# method=task with a hundred thousand tasks. In a guest of 512 MB with one processor, whose time is what it has
# computed. Prints a line "ok" or "not ok" for each promise; exits 1 if one was not kept.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

many=100000

# in_time NAME COMMAND…: in less than 2 s
in_time() {
	name=$1
	shift
	check "$name" took_less 2000 "$@"
	sed 's/^/# /' /tmp/output
}
# The status of so many is long, so it is read once for all that is looked at.
look() { cat $debug/threads >/tmp/status; }
# seen COLUMN CONDITION: for each task, on its column as x
seen() {
	awk -v column="$1" -v many=$many '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) n = i; next }
		{ x = $n }
		'"$2"' { seen++ }
		END { print seen + 0, "of", NR - 1; exit seen != many || NR - 1 != many }' /tmp/status
}

in_time many_tasks_load insmod kthreadxx.ko method=task threads=$many period_us=4000000 log=0
check many_tasks_have_one_thread is 1 in_ps
sleep 9
look
check many_tasks_beat seen BEATS 'x >= 2'
check many_tasks_miss_nothing seen MISSED 'x == 0'
in_time many_tasks_pause set_to paused Y
look
check many_tasks_are_paused seen STATE 'x == "P"'
in_time many_tasks_take_a_period set_to period_us 1000000
set_to reset 1
in_time many_tasks_go_on set_to paused N
sleep 4
look
check many_tasks_beat_with_the_new_period seen BEATS 'x >= 3'
in_time many_tasks_become_fewer set_to threads 1000
in_time many_tasks_become_many set_to threads $many
set_to period_us 4000000000
in_time many_tasks_that_sleep_take_a_period set_to period_us 2000000
set_to reset 1
sleep 5
look
check many_tasks_that_slept_beat seen BEATS 'x >= 1'
in_time many_tasks_unload rmmod kthreadxx
check many_tasks_leave_nothing gone
exit $status
