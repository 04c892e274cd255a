#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Loads, looks at and unloads kthreadxx.ko, in a guest. Prints a line "ok" or "not ok" for each promise;
# exits 1 if one was not kept.

status=0

# check NAME COMMAND…
check() {
	name=$1
	shift
	if "$@" >/tmp/output 2>&1; then
		echo "ok $name"
	else
		echo "not ok $name"
		sed 's/^/# /' /tmp/output
		dmesg | grep kthreadxx | tail -n 12 | sed 's/^/# /'
		status=1
	fi
}

# The module's lines since the last load, without the time.
story() { dmesg | sed 's/^\[[^]]*\] //' | sed -n '/^kthreadxx: loaded/h; /^kthreadxx: loaded/!H; ${x; p}'; }

# said PATTERN…: each in a line, in this order.
said() {
	story >/tmp/story
	for pattern; do
		line=$(grep -n -m 1 -E "^kthreadxx: $pattern\$" /tmp/story) || {
			echo "no line: $pattern"
			return 1
		}
		sed -i "1,${line%%:*}d" /tmp/story
	done
}

pid() { story | sed -n 's/^kthreadxx: created thread kthreadxx, pid //p'; }
in_ps() { ps | grep -q "^ *$(pid) .*\[kthreadxx\]"; }
not() { ! "$@"; }
# The kernel's own workers come and go.
threads() { ps >/tmp/ps && grep -vc '\[kworker/' /tmp/ps; }
# kB in the slabs, page tables and kernel stacks.
memory() { awk '/^(Slab|KernelStack|PageTables|VmallocUsed):/ { sum += $2 } END { print sum }' /proc/meminfo; }
now_ms() { awk '{ printf "%d", $1 * 1000 }' /proc/uptime; }

# Each second that has begun since the load may have one, and the first beat has its own.
a_line_a_second() {
	lines=$(dmesg | grep -c 'kthreadxx: beat')
	took=$(($(now_ms) - loaded))
	echo "$lines lines in $took ms"
	[ "$lines" -le $((took / 1000 + 2)) ]
}

in_a_second() {
	start=$(now_ms)
	"$@" || return
	took=$(($(now_ms) - start))
	echo "took $took ms"
	[ $took -lt 1000 ]
}

# refused PARAMETER VALUE ERRNO-TEXT
refused() {
	loaded=$(dmesg | grep -c 'kthreadxx: loaded')
	if insmod kthreadxx.ko "$1=$2"; then
		return 1
	fi 2>/tmp/error
	cat /tmp/error
	grep -q "$3" /tmp/error &&
		dmesg | tail -n 4 | grep -q "kthreadxx: .*$1" &&
		[ "$(dmesg | grep -c 'kthreadxx: loaded')" = "$loaded" ] &&
		not grep -q '^kthreadxx ' /proc/modules
}

cycles() {
	for _ in $(seq "$1"); do
		insmod kthreadxx.ko && rmmod kthreadxx || return
	done
}

no_more_than() {
	echo "$1: $2 before, $3 after"
	[ "$3" -le $(($2 + $4)) ]
}

# Out-of-tree, and unsigned where the kernel looks for signatures.
only_out_of_tree() { [ $(($(cat /proc/sys/kernel/tainted) & ~(4096 | 8192))) = 0 ]; }

loaded=$(now_ms)
check load_succeeds insmod kthreadxx.ko period_us=300000
sleep 2
check load_story_is_told said 'loaded: period 300000 us' 'created thread kthreadxx, pid [0-9]+' running \
	'beat 1' 'beat [0-9]+'
check load_parameter_is_readable grep -qx 300000 /sys/module/kthreadxx/parameters/period_us
check load_thread_is_in_ps in_ps
check load_log_is_not_flooded a_line_a_second
check unload_succeeds rmmod kthreadxx
check unload_story_is_told said 'beat 1' stopping 'stopped: result 0 after [0-9]+ beats' unloaded
check unload_thread_is_gone not in_ps

check load_fast_period insmod kthreadxx.ko period_us=1
sleep 1
check unload_fast_period in_a_second rmmod kthreadxx
check load_long_period insmod kthreadxx.ko period_us=60000000
sleep 1
check unload_long_period_at_once in_a_second rmmod kthreadxx

check parameter_zero_is_refused refused period_us 0 'Invalid argument'
check parameter_negative_is_refused refused period_us -1 'Invalid argument'
check parameter_overflow_is_refused refused period_us 4294967296 'out of range'
check parameter_text_is_refused refused period_us often 'Invalid argument'
check parameter_empty_is_refused refused period_us '' 'Invalid argument'

# What the first loads make the kernel keep is no leak.
cycles 20
before=$(memory) threads=$(threads)
check fifty_cycles cycles 50
sleep 1
# KASAN holds back what was freed; the search for leaks stands in for this.
[ -e /sys/kernel/debug/kmemleak ] || check fifty_cycles_give_memory_back no_more_than kB "$before" "$(memory)" 400
check fifty_cycles_leave_no_thread no_more_than threads "$threads" "$(threads)" 0
check taint_is_only_out_of_tree only_out_of_tree

# Where the kernel looks for leaks: what it finds it reports.
if [ -e /sys/kernel/debug/kmemleak ]; then
	sleep 5
	echo scan >/sys/kernel/debug/kmemleak
	sleep 1
	echo scan >/sys/kernel/debug/kmemleak
	check no_leak_found not grep -q . /sys/kernel/debug/kmemleak
fi
exit $status
