#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Binds a thread again while it is parked, while CPUs go offline and come online. Prints a line "ok" or "not ok"
# for each promise; exits 1 if one was not kept.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

# No other thread has this name.
allowed() {
	for comm in /proc/[0-9]*/comm; do
		[ "$(cat "$comm" 2>/dev/null)" != rebound ] ||
			awk '/^Cpus_allowed_list:/ { print $2 }' "${comm%/comm}/status"
	done
}

check m37_only_a_thread_that_was_bound_before_its_start_is_bound_anew insmod kthreadxx_busy.ko body=rebound
check m37_it_is_bound is 0 allowed
check m37_cpu_goes switch_cpu1 0
check m37_cpu_comes_back switch_cpu1 1
check m37_it_is_still_bound is 0 allowed
check m37_it_ends rmmod kthreadxx_busy
exit $status
