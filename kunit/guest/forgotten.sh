#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Unloads a module that forgets its threads, timers and items, in a guest: the log has a line for each, none is left,
# and the module is unloaded. Prints a line "ok" or "not ok" for each promise; exits 1 if one was not kept. The file `rounds` says
# how often threads destroy their own handles.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

rounds=$(cat rounds 2>/dev/null || echo 5)
module=kthreadxx_forgetful
# load WHAT [PARAMETER]
load() {
	dmesg -c >/dev/null
	insmod $module.ko "forget=$1" ${2+"$2"}
}
loaded() { grep -q "^$module " /proc/modules; }
threads() { ps | grep -c '[[]forgetful'; }
none_left() { within 10 is 0 threads && not loaded; }

# told TIMES LINE: as a pattern
told() {
	log >/tmp/log
	is "$1" grep -cE "^kthread: $2, as (its|their) module goes without (it|them)\$" /tmp/log
}
# told_of TIMES LINE: and that is all that was told.
told_of() {
	log | grep '^kthread: '
	told "$@" && is "$1" eval "log | grep -c '^kthread: '"
}
thread='forgetful[^ ]* \(pid [0-9]+\) is stopped'

# forgets WHAT LINE [THREADS]
forgets() {
	load "$1" && within 10 is "${3:-1}" threads && rmmod $module && none_left && told_of 1 "$2"
}
# The same for an init that fails after that. busybox tries to load a module twice.
forgets_and_fails() {
	not load "$1" fail=1 && none_left && told_of 2 "$2"
}

parameters=/sys/module/$module/parameters
# The thread is in code of the module until its end, and its exit calls none that waits for it.
in_use() { not rmmod $module 2>/tmp/error && grep -qi 'temporarily unavailable' /tmp/error; }
# repeat COMMAND…: the console hears of it now and then, or the host takes the guest for one that hangs.
repeat() {
	for round in $(seq "$rounds"); do
		[ $((round % 50)) != 0 ] || echo "# round $round of $rounds" >/dev/console
		"$@" || {
			echo "round $round of $rounds"
			cat /tmp/error
			return 1
		}
	done
	none_left
}
sh ./detached.sh || status=1
dmesg -c >/dev/null

for kind in static_jthread jthread interruptible unstarted parked worker; do
	check "forgotten_$kind" forgets $kind "$thread"
	check "forgotten_by_an_init_that_fails_$kind" forgets_and_fails $kind "$thread"
done
check forgotten_thread_that_has_ended forgets ended "$thread" 0

# The kernel frees first what an architecture has allocated for the module, such as thunks of indirect jumps.
traces() { echo "$1" >$events/printk/console/enable && echo "$1" >$events/kprobes/thunks_go/enable; }
# ends_before_the_thunks COMMAND…: after each line that tells of a thread
ends_before_the_thunks() {
	echo >$trace && traces 1 || return
	"$@"
	forgotten=$?
	traces 0
	cat $trace
	[ $forgotten = 0 ] && awk '/ is stopped, as / { told++ } /thunks_go: / { freed++; late += told < freed }
		END { print told, freed, late; exit !freed || late }' $trace
}
trace=/sys/kernel/tracing/trace
if [ -e $events/printk/console/enable ] &&
	echo p:thunks_go module_arch_cleanup >/sys/kernel/tracing/kprobe_events; then
	check forgotten_thread_ends_before_memory_of_its_module_goes ends_before_the_thunks forgets jthread "$thread"
	check forgotten_thread_of_an_init_that_fails_ends_before_that \
		ends_before_the_thunks forgets_and_fails jthread "$thread"
	echo >/sys/kernel/tracing/kprobe_events
else
	echo "ok forgotten_thread_ends_before_memory_of_its_module_goes # SKIP this kernel does not trace that"
	echo "ok forgotten_thread_of_an_init_that_fails_ends_before_that # SKIP this kernel does not trace that"
fi

cpus=$(grep -c ^processor /proc/cpuinfo)
percpu='forgetful/%u are stopped'
check forgotten_percpu_threads forgets percpu "$percpu" "$cpus"
check forgotten_by_an_init_that_fails_percpu_threads forgets_and_fails percpu "$percpu"

forgets_group() {
	load group && within 10 is 3 threads && rmmod $module && none_left && told 3 "$thread" &&
		for i in 0 1 2; do
			told 1 "forgetful/$i \(pid [0-9]+\) is stopped" || return
		done
}
check forgotten_group forgets_group

forgets_two() { load "$1" && within 10 is 2 threads && rmmod $module && none_left && told_of 2 "$thread"; }
check forgotten_executor forgets_two executor
check forgotten_thread_that_joins_another forgets_two joined
# forgets_three KIND THREADS: of the others
forgets_three() { load "$1" && within 10 is "$2" threads && rmmod $module && none_left && told_of 3 "$thread"; }
check forgotten_thread_that_joins_one_whose_maker_has_ended forgets_three joined_of_one_that_has_ended 2
check forgotten_thread_that_joins_one_whose_maker_ends forgets_three joined_of_one_that_ends 3
forgets_interrupt_executor() {
	load interrupt_executor && within 10 is 1 threads && rmmod $module && none_left && told 1 "$thread" &&
		told 1 'an executor is stopped'
}
check forgotten_interrupt_executor forgets_interrupt_executor

# forgets_call WHAT LINE: what the kernel would call after that has its time to come.
forgets_call() {
	load "$1" && rmmod $module && none_left && sleep 3 && told_of 1 "$2"
}
timer='a timer is ended'
item='an item is cancelled'
check forgotten_timer forgets_call timer "$timer"
forgets_deleting_timer() {
	load deleting_timer && taskset 1 rmmod $module && none_left && told 1 "$thread" && told 2 "$timer"
}
if [ "$cpus" -gt 1 ]; then
	check forgotten_timer_deletes_another forgets_deleting_timer
else
	echo "ok forgotten_timer_deletes_another # SKIP there is one CPU"
fi
check forgotten_by_an_init_that_fails_timer forgets_and_fails timer "$timer"
for kind in delayed_item pool_item stopped_pool_item delayed_pool_item; do
	check "forgotten_$kind" forgets_call $kind "$item"
done
check forgotten_by_an_init_that_fails_delayed_pool_item forgets_and_fails delayed_pool_item "$item"
forgets_waiting_item() {
	load waiting_item && rmmod $module && none_left && told 1 "$item" && told 1 "$timer"
}
check forgotten_item_waits_for_a_timer forgets_waiting_item
forgets_flushed_item() {
	load flushed_pool_item && within 10 is 1 threads && rmmod $module && none_left && told 1 "$thread" &&
		told 1 "$item"
}
check forgotten_thread_waits_for_an_item forgets_flushed_item
forgets_deleting_item() {
	load deleting_item && rmmod $module && none_left && sleep 3 && told 2 "$item"
}
check forgotten_item_deletes_another forgets_deleting_item
forgets_workqueue() {
	load workqueue && rmmod $module && none_left && sleep 1 && told 1 'a workqueue is flushed' &&
		told 1 "$item"
}
check forgotten_workqueue forgets_workqueue

object='the object of forgetful_threads.cc:[0-9]+ is destroyed'
check forgotten_static_object forgets object "$object" $((cpus + 2))
check forgotten_static_object_is_destroyed_once is 1 eval "log | grep -c '^forgetful: the object goes'"
check forgotten_by_an_init_that_fails_static_object forgets_and_fails object "$object"

orphan_round() {
	insmod $module.ko forget=own_handle && in_use && echo 1 >$parameters/leave &&
		within 30 rmmod $module 2>/tmp/error
}
# going_round KIND: which destroys it when the exit begins
going_round() { insmod $module.ko "forget=${1}_at_exit" leave=1 && rmmod $module; }
check "orphan_keeps_its_module ($rounds rounds)" repeat orphan_round
check "orphan_of_a_module_that_goes_is_waited_for ($rounds rounds)" repeat going_round own_handle
check "module_goes_while_an_item_destroys_itself ($rounds rounds)" repeat going_round own_item
for kind in others_handle others_percpu others_object; do
	check "module_goes_while_a_thread_destroys_$kind ($rounds rounds)" repeat going_round $kind
done
# The kernel itself waits for nobody then.
orphan_fails() { not insmod $module.ko "forget=own_handle_$1" fail=1 2>/tmp/error && none_left; }
check orphan_of_an_init_that_fails_is_waited_for orphan_fails for_a_while
check what_an_orphan_of_an_init_that_fails_forgets_ends orphan_fails and_another
check orphan_that_an_init_that_fails_stops orphan_fails once_stopped
check orphan_is_told_of eval "log | grep -q '^kthread: pid [0-9]* let go of its own handle'"
exit $status
