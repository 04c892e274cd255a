#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Loads and unloads the examples, in a guest. Each ticks a hundred times a second, unless the host is busy.

now_ms() { awk '{ printf "%d", $1 * 1000 }' /proc/uptime; }

status=0
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
exit $status
