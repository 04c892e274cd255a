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
# look COLUMN CONDITION…: counts for each condition the tasks that meet it, with their column as x
look() {
	program='NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }' conditions=0
	while [ $# -gt 0 ]; do
		conditions=$((conditions + 1))
		program="$program { x = \$at[\"$1\"] } $2 { seen[$conditions]++ }"
		shift 2
	done
	awk "$program END { print NR - 1, \"tasks\"; for (i in seen) print seen[i], \"meet condition\", i }" \
		$debug/threads >/tmp/status
}
# seen N: the N-th condition, by each task
seen() {
	cat /tmp/status
	grep -qx "$many tasks" /tmp/status && grep -qx "$many meet condition $1" /tmp/status
}

free_mb() { awk '/^MemFree:/ { print int($2 / 1024) }' /proc/meminfo; }
free=$(free_mb)
in_time many_tasks_load insmod kthreadxx.ko method=task threads=$many period_us=4000000 log=0
echo "# $many tasks take $((free - $(free_mb))) MB"
check many_tasks_have_one_thread is 1 in_ps
sleep 9
in_time many_tasks_pause set_to paused Y
look BEATS 'x >= 2' MISSED 'x == 0' STATE 'x == "P"'
check many_tasks_beat seen 1
check many_tasks_miss_nothing seen 2
check many_tasks_are_paused seen 3
in_time many_tasks_take_a_period set_to period_us 1000000
set_to reset 1
in_time many_tasks_go_on set_to paused N
sleep 4
look BEATS 'x >= 3'
check many_tasks_beat_with_the_new_period seen 1
in_time many_tasks_become_fewer set_to threads 1000
in_time many_tasks_become_many set_to threads $many
set_to period_us 4000000000
list() { is $many grep -c ' event .*task_beater' $debug/tasks; }
check many_tasks_are_listed list
in_time many_tasks_that_sleep_take_a_period set_to period_us 2000000
set_to reset 1
sleep 5
look BEATS 'x >= 1'
check many_tasks_that_slept_beat seen 1
in_time many_tasks_unload rmmod kthreadxx
check many_tasks_leave_nothing gone
exit $status
