#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Binds a thread again while it is parked, while CPUs go offline and come online, and refuses that the CPU of a thread
# goes. Prints a line "ok" or "not ok" for each promise; exits 1 if one was not kept.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

# status_of NAME FIELD: of the thread of this name, which no other one has
status_of() {
	for comm in /proc/[0-9]*/comm; do
		[ "$(cat "$comm" 2>/dev/null)" != "$1" ] ||
			awk -v field="$2:" '$1 == field { print $2 }' "${comm%/comm}/status"
	done
}
allowed() { status_of rebound Cpus_allowed_list; }

check m37_only_a_thread_that_was_bound_before_its_start_is_bound_anew insmod kthreadxx_busy.ko body=rebound
check m37_it_is_bound is 0 allowed
check m37_cpu_goes switch_cpu1 0
check m37_cpu_comes_back switch_cpu1 1
check m37_it_is_still_bound is 0 allowed
check m37_it_ends rmmod kthreadxx_busy

insmod kthreadxx_busy.ko body=percpu
check percpu_offline_is_refused refuse sched:waitempty
check percpu_threads_run_again within 10 is R status_of busy/1 State
check percpu_thread_is_bound is 1 status_of busy/1 Cpus_allowed_list
check percpu_threads_end rmmod kthreadxx_busy
exit $status
