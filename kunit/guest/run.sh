#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs the KUnit suites, in a guest whose command line has kunit.enable=1, and prints what kunit.py
# parses. Loading the module runs them; insmod succeeds whatever they find. A file
# parameters has those of the module.

# Allocations that may sleep are failed too, in the threads that a test names.
echo N >/sys/kernel/debug/failslab/ignore-gfp-wait
echo 0 >/sys/kernel/debug/failslab/verbose

# The lines that kunit.py knows have no time before them.
echo N >/sys/module/printk/parameters/time
dmesg -n 8
echo 'KTAP version 1'
echo "1..$(cat suites)"
module=$(basename ./*.ko .ko)
# shellcheck disable=SC2046 # words
insmod "$module.ko" $(cat parameters 2>/dev/null) || exit
dmesg -n 4
rmmod "$module" || exit

# reported TEST TEXT: what a test does is told in the log only.
reported() {
	dmesg | grep -q "ok [0-9]* $1\$" || return 0
	dmesg | grep -q "kthread: .* $2\$" && return
	echo "not reported: $2"
	return 1
}
reported jthread_letting_go_of_itself_is_reported_and_frees_all 'let go of its own handle' || exit
reported percpu_threads_destructor_by_one_of_them_is_reported_and_leaves_them 'dropped its own handle' || exit

# Two scans, as the first finds what the second can be sure of.
if [ ! -e /sys/kernel/debug/kmemleak ] || grep -qw kmemleak=off /proc/cmdline; then
	exit 0
fi
echo scan >/sys/kernel/debug/kmemleak
# kmemleak does not report objects that are younger than that.
sleep 5
echo scan >/sys/kernel/debug/kmemleak
cat /sys/kernel/debug/kmemleak
! grep -q . /sys/kernel/debug/kmemleak
