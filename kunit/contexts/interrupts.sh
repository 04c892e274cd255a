#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Hard interrupts call all that they may, while threads wait, join, flush, cancel and park. Prints a line
# "ok" or "not ok" for each function and for what has to come of it; exits 1 if something never happened.

# shellcheck source=kunit/check.sh
. ./check.sh

counts=/sys/module/kthreadxx_interrupts/parameters/counts
count() { awk -v what="$1" '$2 == what { print $1 }' $counts; }

# came WHAT N: as often since the counts were kept
came() {
	echo "$1: $(count "$1"), before: $(awk -v what="$1" '$2 == what { print $1 }' /tmp/before)"
	[ $(($(count "$1") - $(awk -v what="$1" '$2 == what { print $1 }' /tmp/before))) -ge "$2" ]
}

# Two interrupts may be in the middle of theirs.
no_look_was_wrong() {
	cat $counts
	awk '{ n[$2] = $1 } END { exit n["looks"] + 8 < n["interrupts"] + n["nmis"] }' $counts
}

insmod kthreadxx_interrupts.ko || exit
sed 's/^[0-9]*/0/' $counts >/tmp/before
for what in $(awk '{ print $2 }' /tmp/before); do
	check "hard_interrupt: $what" within 60 came "$what" 10
done
sleep 5
cat $counts >/tmp/before
for what in $(awk '{ print $2 }' /tmp/before); do
	check "hard_interrupt: $what goes on" within 60 came "$what" 1
done
check 'hard_interrupt: no look was wrong' no_look_was_wrong
sed 's/^/# /' $counts
check 'hard_interrupt: all threads end' rmmod kthreadxx_interrupts
exit $status
