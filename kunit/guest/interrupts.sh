#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Hard interrupts call every function that they may call, while threads wait, join, flush, cancel and park.
# Prints how often each function was called and with which effect, and "ok" or "not ok"; exits 1 if something never came.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

counts=/sys/module/kthreadxx_interrupts/parameters/counts

# Each as often since the counts were kept. Few programs run for that, which are slow with all checkers.
all_came() {
	cat $counts >/tmp/now
	awk -v least="$1" 'NR == FNR { before[$2] = $1; next }
		$1 - before[$2] < least { print $2 " came " $1 - before[$2] " times"; missing = 1 }
		END { exit missing }' /tmp/before /tmp/now
}

# Two interrupts may be in the middle of theirs.
no_look_was_wrong() {
	cat $counts
	awk '{ n[$2] = $1 } END { exit n["looks"] + 8 < n["interrupts"] + n["nmis"] }' $counts
}

# With all checkers an interrupt takes longer than that.
interrupt_us=200
[ ! -e /sys/kernel/debug/kmemleak ] || interrupt_us=2000
insmod kthreadxx_interrupts.ko interrupt_us=$interrupt_us || exit
sed 's/^[0-9]*/0/' $counts >/tmp/before
check 'hard_interrupt: each call, and what comes of it' within 120 all_came 10
sed 's/^/# /' /tmp/now
sleep 5
cat $counts >/tmp/before
check 'hard_interrupt: all go on' within 120 all_came 1
check 'hard_interrupt: no look was wrong' no_look_was_wrong
sed 's/^/# /' $counts
check 'hard_interrupt: all threads end' rmmod kthreadxx_interrupts
exit $status
