#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Each allocation fails once, while the module is loaded and while threads are added: of who does it and
# of kthreadd, until a round is through without a failure. In a guest whose kernel has fault injection,
# and with a module that has no tracepoints, as the kernel's tracing warns when it gets no memory. Prints
# a line "ok" or "not ok" for each promise; exits 1 if one was not kept.

# shellcheck source=kunit/check.sh
. ./check.sh

load() { ./fail_nth "$1" "$2" kthreadxx.ko threads=4; }
unload() { is 4 in_ps && rmmod kthreadxx; }
grow() { ./fail_nth "$1" "$2" $parameters/threads 8; }
shrink() { has 8 && set_to threads 4; }

# sweep THREAD DO UNDO LEFT-AFTER-A-FAILURE
sweep() {
	n=0 failed=0 left=0
	while [ "$left" = 0 ]; do
		n=$((n + 1))
		"$2" "$1" $n >/tmp/did
		read -r error left </tmp/did
		case $error in
			0) $3 ;;
			11 | 12) failed=$((failed + 1)) && [ "$left" = 0 ] && within 10 $4 ;;
			*) false ;;
		esac || {
			echo "n=$n: errno $error, $left to go"
			return 1
		}
	done
	echo "# $2, memory of $1: $((n - 1)) allocations, with $failed of which it failed"
	[ $failed -gt 2 ]
}

# told NAME COMMAND…: with how much it was
told() {
	check "$@"
	grep '^# ' /tmp/output
}

echo N >/sys/kernel/debug/failslab/ignore-gfp-wait
echo 0 >/sys/kernel/debug/failslab/verbose
for thread in self 2; do
	told "no_memory_loads ($thread)" sweep $thread load unload gone
done
check no_memory_and_it_loads insmod kthreadxx.ko threads=4 log=0
for thread in self 2; do
	told "no_memory_growths ($thread)" sweep $thread grow shrink 'has 4'
done
check no_memory_and_it_goes_on goes_on 0
check no_memory_and_it_unloads rmmod kthreadxx
check_leaks
exit $status
