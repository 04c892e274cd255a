#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Loads and unloads the examples, in a guest. Each ticks a hundred times a second, unless the host is busy.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

for module in ticker ticker_cxx; do
	dmesg -c >/dev/null
	start=$(now_ms)
	if insmod $module.ko && sleep 5 && ps | grep -q '\[ticker\]' && rmmod $module &&
		ticks=$(dmesg | sed -n 's/.*ticker: \([0-9]*\) ticks$/\1/p') && echo "$ticks ticks" &&
		[ "$ticks" -ge 50 ] && [ "$ticks" -le $((($(now_ms) - start) / 10 + 1)) ]; then
		echo "ok example $module ticks"
	else
		dmesg
		echo "not ok example $module ticks"
		status=1
	fi
done

of() { echo "$2" >/sys/module/"${1%.*}"/parameters/"${1#*.}"; }
unload() { dmesg -c >/dev/null && rmmod "$1"; }

# A period of an hour, that is changed while the thread sleeps.
polls_at_another_period() {
	insmod poller.ko period_ms=3600000 && sleep 1 && not of poller.period_ms 0 && not of poller.period_ms x &&
		is 3600000 cat /sys/module/poller/parameters/period_ms && of poller.period_ms 10 && sleep 3 && unload poller &&
		polls=$(log | sed -n 's/^poller: \([0-9]*\) polls$/\1/p') && echo "$polls polls" && [ "$polls" -ge 5 ]
}
check 'example poller takes another period' polls_at_another_period

loses_nothing() {
	insmod pipeline.ko && sleep 2 && unload pipeline && log | tail -n 1 &&
		log | awk '/^pipeline: / { found = $2 > 10 && $2 == $4 } END { exit !found }'
}
check 'example pipeline loses nothing' loses_nothing

told() { log | grep -x "debounce: $1"; }
# The second event comes before the first one is over, unless the host is busy: once of three times.
debounces() {
	insmod debounce.ko || return
	for _ in 1 2 3; do
		dmesg -c >/dev/null
		of debounce.event 1
		of debounce.event 1
		within 20 told '2 events' && told begins && break
	done
	told '2 events' && rmmod debounce
}
check 'example debounce has an item for the first event and one after the last' debounces

works_on_each_cpu() {
	insmod each_cpu.ko && of each_cpu.work 1 && of each_cpu.work 1 && sleep 1 && unload each_cpu &&
		is 'each_cpu: cpu 0: 2 done each_cpu: cpu 1: 2 done' eval 'told_by each_cpu | xargs'
}
check 'example each_cpu works on each CPU' works_on_each_cpu
exit $status
