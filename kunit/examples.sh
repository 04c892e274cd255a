#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Loads and unloads the examples, in a guest: each ticks, about a hundred times a second.

status=0
for module in ticker ticker_cxx; do
	dmesg -c >/dev/null
	if insmod $module.ko && sleep 1 && ps | grep -q '\[ticker\]' && rmmod $module &&
		dmesg | grep -E 'ticker: ([5-9][0-9]|[0-9]{3}) ticks'; then
		echo "ok example $module ticks"
	else
		dmesg
		echo "not ok example $module ticks"
		status=1
	fi
done
exit $status
