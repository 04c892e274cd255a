#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The freezer, and threads that it may freeze. In a guest whose kernel has CONFIG_PM_DEBUG and lockdep. Prints
# a line "ok" or "not ok" for each promise; exits 1 if one was not kept.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

of=/sys/module/kthreadxx_busy/parameters

# freeze [LEVEL]: all tasks are frozen for two seconds, and with the level devices these are suspended.
freeze() { echo "${1-freezer}" >/sys/power/pm_test && echo freeze >/sys/power/state; }
begun() { [ "$(cat $of/rounds)" -gt 0 ]; }
goes_round() { [ "$(cat $of/rounds)" -gt $((before + 20)) ]; }

drained() {
	echo "drained in $(cat $of/drain_ms) ms"
	[ "$(cat $of/drain_ms)" -ge 10000 ]
}

echo 2 >/sys/module/suspend/parameters/pm_test_delay
# The freezer waits for ten seconds of work, of the guest's time.
echo 120000 >/sys/power/pm_freeze_timeout

insmod kthreadxx_busy.ko body=freezes || exit
check m26_freezable_threads_freeze_and_lockdep_minds_nothing freeze
before=$(cat $of/rounds)
check m26_threads_go_on_after_the_freezer within 60 goes_round
check m26_threads_end rmmod kthreadxx_busy

insmod kthreadxx_busy.ko body=drains || exit
echo 1 >$of/stop
check m26_freezer_waits_for_a_thread_that_was_told_to_stop freeze
check m26_thread_that_was_told_to_stop_does_not_freeze is Y cat $of/ended_while_freezing
check m24_sleeps_last_after_a_stop drained
rmmod kthreadxx_busy

insmod kthreadxx_busy.ko body=is_flushed || exit
echo 1 >/sys/devices/busy/flush &
check process_waits_for_an_item within 10 begun
check process_is_not_frozen_with_the_lock_that_it_holds freeze devices
check process_waits_until_the_item_has_run is Y cat $of/ended_while_freezing
wait
rmmod kthreadxx_busy

insmod kthreadxx_busy.ko body=sleeps_in_an_item || exit
check freezable_worker_runs_an_item within 10 begun
check freezable_worker_freezes_and_lockdep_minds_nothing freeze
check freezable_worker_finishes_its_item_first is Y cat $of/ended_while_freezing
rmmod kthreadxx_busy

insmod kthreadxx_busy.ko body=flushes_in_an_item || exit
check freezable_worker_waits_for_an_item within 10 begun
check freezable_worker_is_not_frozen_with_the_lock_that_its_item_holds freeze devices
check freezable_worker_waits_until_the_item_has_run is Y cat $of/ended_while_freezing
rmmod kthreadxx_busy
exit $status
