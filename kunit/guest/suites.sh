#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs the suites in a kernel that has no KUnit.

insmod kthreadxx_suites.ko || exit
dmesg | sed -n 's/.*suites: \(\(not \)\{0,1\}ok .*\)/\1/p; s/.*\(expected .*\)/# \1/p'
rmmod kthreadxx_suites && dmesg | grep -q 'suites: 0 failures'
