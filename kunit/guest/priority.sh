#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A worker of FIFO priority 50, a hog of 1, and a normal thread that the hog preempts in the middle of a
# call, all on one CPU: the normal thread holds up no other context's item. Prints a line "ok" or "not ok"
# for each; exits 1 if the worst latency is more than 1.2 times that of kthread_worker. Of several runs the
# best counts: the kernel's own interrupts come to one or the other.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

# worst CALLER WORKER: in nanoseconds
worst() { log | sed -n "s/^kthreadxx_priority: $1 $2 worst \([0-9]*\) .*/\1/p" | sort -n | head -n 1; }

as_kthread_worker() {
	theirs=$(worst "$1" kthread_worker) ours=$(worst "$1" kthread::worker)
	echo "worst: $ours ns, kthread_worker $theirs ns"
	[ $((ours * 10)) -le $((theirs * 12)) ]
}

insmod kthreadxx_priority.ko || exit
log | sed -n '/ worst /s/^kthreadxx_priority: /# /p'
check m36_preempted_canceller_delays_no_item as_kthread_worker canceller
check m36_preempted_producer_delays_no_item_of_others as_kthread_worker producer
rmmod kthreadxx_priority
exit $status
