#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Each allocation fails once, while the module is loaded and while threads or tasks are added: those of the caller and
# those of kthreadd. It ends with a round without a failure. In a guest whose kernel has fault injection,
# and with a module that has no tracepoints, as the kernel's tracing warns when it gets no memory. Prints
# a line "ok" or "not ok" for each promise; exits 1 if one was not kept.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

load() { ./fail_nth "$1" "$2" kthreadxx.ko "threads=4 method=$method"; }
# By ps alone, as there may have been no memory for the files.
unload() { is $at_first in_ps && rmmod kthreadxx; }
grow() { ./fail_nth "$1" "$2" $parameters/threads 8; }
shrink() { there_are 8 && set_to threads 4; }
# Tasks have one thread for the one processor.
there_are() {
	if [ $method = task ]; then
		is "$1" eval 'names | wc -l' && is 1 in_ps
	else
		has "$1"
	fi
}

# Which of the last one's pieces of memory that are got by kmalloc() it did not get, and how many it asked
# for. The checkers have caches of their own, so these are of the module, and of the kernel on its behalf. What it
# asked for before its write, as to open the file, cannot fail.
trace=/sys/kernel/tracing
written='/ fail_nth-.* kmalloc: call_site=kernfs_fop_write_iter/ { writes = 1 } writes && / fail_nth-.* kmalloc: /'
lost() { awk "$written"' { n++; if (/ ptr=(0+|\(null\)) /) print n }' $trace/trace; }
asked() { awk "$written"' { n++ } END { print n + 0 }' $trace/trace; }

# all_lost COUNT: each of so many, in one round or another
all_lost() { [ "$(sort -un /tmp/lost | awk -v count="$1" '$1 <= count' | wc -l)" = "$1" ]; }

# sweep_all DO UNDO LEFT-AFTER-A-FAILURE: by who does it, as many rounds as it takes for each of its pieces
# to have failed. In one round the checkers' may fail in their place, of which there are now more, now fewer.
sweep_all() {
	: >/tmp/lost
	echo >$trace/trace
	"$1" self 0 >/tmp/did && $2 || return
	count=$(asked)
	for round in $(seq 20); do
		sweep self "$@" || return
		! all_lost "$count" || break
	done
	echo "# of $count pieces that it got by kmalloc(), these failed in $round rounds: $(sort -un /tmp/lost | tr '\n' ' ')"
	[ "$count" -gt 0 ] && all_lost "$count"
}

# sweep THREAD DO UNDO LEFT-AFTER-A-FAILURE
sweep() {
	n=0 failed=0 left=0
	while [ "$left" = 0 ]; do
		n=$((n + 1))
		echo >$trace/trace
		"$2" "$1" $n >/tmp/did
		lost >>/tmp/lost
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
	[ $failed -gt 0 ]
}

# told NAME COMMAND…: with how much it was
told() {
	check "$@"
	grep '^# ' /tmp/output
}

echo N >/sys/kernel/debug/failslab/ignore-gfp-wait
echo 0 >/sys/kernel/debug/failslab/verbose
for method in create task; do
	at_first=4
	[ $method = create ] || at_first=1
	for thread in self 2; do
		told "no_memory_loads ($method, $thread)" sweep $thread load unload gone
	done
	check "no_memory_and_it_loads ($method)" insmod kthreadxx.ko threads=4 log=0 method=$method
	if [ $method = task ]; then
		# More tasks take no more threads.
		told "no_memory_growths ($method, self)" sweep self grow shrink 'there_are 4'
	else
		echo 1 >$trace/events/kmem/kmalloc/enable
		told "no_memory_growths ($method, self)" sweep_all grow shrink 'there_are 4'
		echo 0 >$trace/events/kmem/kmalloc/enable
		told "no_memory_growths ($method, 2)" sweep 2 grow shrink 'there_are 4'
	fi
	check "no_memory_and_it_goes_on ($method)" goes_on 0
	check "no_memory_and_it_unloads ($method)" rmmod kthreadxx
done
check_leaks
exit $status
