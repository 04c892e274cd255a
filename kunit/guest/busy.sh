#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Threads that always have something to do hold up neither tracing, which waits for each task to be between
# two pieces of work, nor others that want their CPU. Prints a line "ok" or "not ok" for each kind of
# thread; exits 1 if one did.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

instance=/sys/kernel/tracing/instances/busy
rounds() { cat /sys/module/kthreadxx_busy/parameters/rounds; }
goes_round() { [ "$(rounds)" -gt "$before" ]; }

trace_functions() {
	mkdir $instance &&
		echo schedule >$instance/set_ftrace_filter &&
		echo function >$instance/current_tracer &&
		echo nop >$instance/current_tracer &&
		echo >$instance/set_ftrace_filter &&
		rmdir $instance
}

# A thread that holds up the tracer does so for ever, so the time-out tells.
tracing_comes_back() {
	before=$(rounds)
	rm -f /tmp/traced
	(trace_functions && touch /tmp/traced) &
	within "$1" [ -e /tmp/traced ] && goes_round
}

[ -e /sys/kernel/tracing/available_filter_functions ] || {
	echo 'ok m20_tracing_goes_on # SKIP this kernel has no function tracer'
	exit
}
# The kernel reports a CPU that works for twice this time without a pause.
echo 4 >/proc/sys/kernel/watchdog_thresh
for body in yields yields_by_this_thread waits_for_what_holds waits_in_a_queue_for_what_holds \
	sleeps_for_nothing sleeps_by_this_thread_for_nothing beats_too_fast queues_itself percpu; do
	number=m20
	[ $body != percpu ] || number=m21
	insmod kthreadxx_busy.ko body=$body || exit
	check "${number}_tracing_goes_on ($body)" tracing_comes_back 60
	[ $body != percpu ] || sleep 12
	check "${number}_thread_ends ($body)" rmmod kthreadxx_busy
done
# Shows that this test can fail. In a kernel that preempts no thread in the kernel, tracing has none to wait for.
case $(uname -v) in
	*PREEMPT*)
		insmod kthreadxx_busy.ko body=starving || exit
		check m20_tracing_waits_for_a_thread_that_tells_nothing not tracing_comes_back 10
		rmmod kthreadxx_busy
		;;
	*) echo 'ok m20_tracing_waits_for_a_thread_that_tells_nothing # SKIP this kernel preempts no thread' ;;
esac
wait
exit $status
