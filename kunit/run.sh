#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs the KUnit suites, in a guest whose command line has kunit.enable=1, and prints what kunit.py
# parses. Loading the module runs them; insmod succeeds whatever they find.

# Allocations that may sleep are failed too, in the threads that a test names.
echo N >/sys/kernel/debug/failslab/ignore-gfp-wait
echo 0 >/sys/kernel/debug/failslab/verbose

# The lines that kunit.py knows have no time before them.
echo N >/sys/module/printk/parameters/time
dmesg -n 8
echo 'KTAP version 1'
echo "1..$(cat suites)"
module=$(basename ./*.ko .ko)
insmod "$module.ko" || exit
dmesg -n 4
rmmod "$module" || exit

# What two of the tests do is told in the log only.
for report in 'let go of its own handle' 'dropped its own handle'; do
	[ "$module" != kthreadxx_kunit ] || dmesg | grep -q "kthread: .* $report\$" || {
		echo "not reported: $report"
		exit 1
	}
done

# Two scans, as the first finds what the second can be sure of.
[ -e /sys/kernel/debug/kmemleak ] || exit 0
sleep 5
echo scan >/sys/kernel/debug/kmemleak
sleep 1
echo scan >/sys/kernel/debug/kmemleak
cat /sys/kernel/debug/kmemleak
! grep -q . /sys/kernel/debug/kmemleak
