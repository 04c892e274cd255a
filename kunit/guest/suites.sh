#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs the suites of locks and waits in a kernel that has no KUnit.

insmod kthreadxx_locks.ko
status=$?
dmesg | sed -n 's/.*locks: \(\(not \)\{0,1\}ok .*\)/\1/p; s/.*\(expected .*\)/# \1/p'
[ $status != 0 ] || rmmod kthreadxx_locks
exit $status
