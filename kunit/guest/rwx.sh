#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Where the loaded module's pages can be written, and where executed. In a guest whose kernel shows its
# page tables, and has no other module. Prints a line "ok" or "not ok" for each promise; exits 1 if one
# was not kept.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

# The lines of the page tables that are RW or ro, and x or NX.
pages() {
	sed -n '/\[ Modules \]/,/\[ End Modules \]/p' /sys/kernel/debug/page_tables/kernel | grep -w "$1" | grep -w "$2"
}

check load insmod kthreadxx.ko threads=4 period_us=20000
check beats within 20 beaten 3 3
check code_is_only_executed pages ro x
check data_is_only_written pages RW NX
check nothing_is_both not pages RW x
check unload rmmod kthreadxx
exit $status
