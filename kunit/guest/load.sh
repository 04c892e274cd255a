#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Loads, looks at and unloads kthreadxx.ko, in a guest. Prints a line "ok" or "not ok" for each promise;
# exits 1 if one was not kept.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

# The kernel's own workers come and go.
threads() { ps >/tmp/ps && grep -vc '\[kworker/' /tmp/ps; }
# kB in the slabs, page tables and kernel stacks.
memory() { awk '/^(Slab|KernelStack|PageTables|VmallocUsed):/ { sum += $2 } END { print sum }' /proc/meminfo; }

logged() { story | grep -c ': beat'; }
logs() { [ "$(logged)" -ge "$1" ]; }
# The first ten, and then ten in 5 s.
log_is_not_flooded() {
	within 20 logs 10 || return
	lines=$(logged)
	took=$(($(now_ms) - loaded))
	echo "$lines lines in $took ms"
	[ "$lines" -le $((took / 500 + 20)) ]
}

cycles() {
	for _ in $(seq "$1"); do
		insmod kthreadxx.ko && rmmod kthreadxx || return
	done
}

# no_more_than BEFORE MORE COMMAND…: what the command counts, once the kernel has cleaned up
no_more_than() {
	after=$("$3")
	echo "$3: $1 before, $after after"
	[ "$after" -le $(($1 + $2)) ]
}

# Out-of-tree, and unsigned where the kernel looks for signatures.
only_out_of_tree() { [ $(($(cat /proc/sys/kernel/tainted) & ~(4096 | 8192))) = 0 ]; }

check load_succeeds insmod kthreadxx.ko threads=4 period_us=20000 log=50
check load_beats within 20 beaten 51 3
check load_story_is_told said 'loaded: 4 threads, period 20000 us' 'kthreadxx/0: created, pid [0-9]+' \
	'kthreadxx/3: created, pid [0-9]+' 'kthreadxx/[0-3]: running' 'kthreadxx/[0-3]: beat 1, latency [0-9]+ us' \
	'kthreadxx/[0-3]: beat 51, latency [0-9]+ us'
check load_threads_are_in_ps is 4 in_ps
check unload_succeeds rmmod kthreadxx
check unload_story_is_told said 'kthreadxx/0: stopped, result 0: [0-9]+ beats, [0-9]+ missed, latency [0-9]+/[0-9]+/[0-9]+ us' \
	'kthreadxx/3: stopped, .*' unloaded
check unload_leaves_nothing gone

loaded=$(now_ms)
check load_fast_period insmod kthreadxx.ko period_us=1 log=1
sleep 1
check log_is_not_flooded log_is_not_flooded
# A minute is far over what it takes on a busy host, and far under the long period.
check unload_fast_period took_less 60000 rmmod kthreadxx
check load_long_period insmod kthreadxx.ko period_us=4000000000
sleep 1
check unload_long_period_at_once took_less 60000 rmmod kthreadxx
# The kernel gives up before any code of the module has run.
check wrong_parameter_ends_the_load not insmod kthreadxx.ko kthread_threads=1
check wrong_parameter_leaves_nothing gone

# The kernel keeps some memory after the first loads, which is no leak.
cycles 20
before=$(memory) threads=$(threads)
check fifty_cycles cycles 50
sleep 1
# KASAN holds back what was freed; the search for leaks stands in for this.
[ -e /sys/kernel/debug/kmemleak ] || check fifty_cycles_give_memory_back within 10 no_more_than "$before" 400 memory
check fifty_cycles_leave_no_thread within 10 no_more_than "$threads" 0 threads
check taint_is_only_out_of_tree only_out_of_tree

check_leaks
exit $status
