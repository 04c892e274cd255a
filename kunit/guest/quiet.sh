#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A beat that must not be lost, in a guest that counts instructions: there the host cannot take the
# processor away, which would be no fault of the module. Prints a line "ok" or "not ok" for each promise;
# exits 1 if one was not kept.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

loses_none() {
	cat $debug/threads
	[ "$(column MISSED)" = 0 ] && [ "$(column BEATS)" -ge 2005 ]
}

# The kernel postpones work during the boot. That takes the processor for 26 ms when it changes the clock.
sleep 10
insmod kthreadxx.ko period_us=10000 log=0
sleep 20.1
check beats_of_10_ms_for_20_s_are_not_lost loses_none
rmmod kthreadxx
exit $status
