#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Detached threads are not forgotten: nothing is told, and the module goes when they have gone. In a guest, as often as
# the file `rounds` says. Prints a line "ok" or "not ok" for each promise; exits 1 if one was not kept.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

rounds=$(cat rounds)
dmesg -c >/dev/null
check "detached_thread_keeps_its_module ($rounds rounds)" ./detached "$rounds"
check detached_thread_is_not_told_of is 0 eval "log | grep -c '^kthread: '"
check_leaks
exit $status
