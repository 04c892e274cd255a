#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Commits the faults that the file beside it names, in a guest, whose kernel has to report them.

for fault in $(cat fault); do
	case $fault in
		lost_wake_up | hung) echo 4 >/proc/sys/kernel/hung_task_timeout_secs ;;
	esac
	rmmod kthreadxx_planted 2>/dev/null
	insmod kthreadxx_planted.ko fault="$fault" || exit
	sleep 1
	case $fault in
		leak)
			sleep 5
			echo scan >/sys/kernel/debug/kmemleak
			sleep 1
			echo scan >/sys/kernel/debug/kmemleak
			;;
	esac
done
