#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The module beside cyclictest and rtla timerlat, on one CPU at the same time, with the same period and
# priority. Prints what each measured, as rows of a table: beats, median, 99 percent, maximum in microseconds.
# In a guest whose kernel has the tracer timerlat.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

# of_host PROGRAM ARGUMENT…: with its libraries
of_host() {
	program=$1
	shift
	./ld-linux-x86-64.so.2 --library-path . "./$program" "$@"
}

period=10000 seconds=$(cat seconds)
insmod kthreadxx.ko policy=fifo priority=80 cpus=0 period_us=$period log=0 paused=Y || exit
of_host rtla timerlat hist -c 0 -p $period -P f:80 -d $((seconds + 2))s -b 1 -E 9999 --no-irq >/tmp/timerlat 2>&1 &
of_host cyclictest -q -t 1 -a 0 -p 80 -i $period -D "$seconds" -h 100000 >/tmp/cyclictest 2>&1 &
sleep 1
set_to paused N
sleep "$seconds"
set_to paused Y
wait

# row NAME: from lines of microseconds and a count
row() {
	awk -v name="$1" '
		{ us[++n] = $1; count[n] = $2; all += $2 }
		function at(share, i, sum) {
			for (i = 1; i <= n; i++)
				if ((sum += count[i]) >= share * all)
					return us[i]
		}
		END {
			if (!all)
				exit 1
			for (i = n; !count[i]; i--)
				;
			printf "| %s | %d | %d | %d | %d |\n", name, all, at(0.5), at(0.99), us[i]
		}'
}
# The end of a row, as the percentiles of the module have it.
awk 'NR > 2 { print $1 - 1, before } { before = $2 } END { print $1, before }' $debug/histogram |
	row kthreadxx >/tmp/rows
awk '/^[0-9]/ && $2 > 0' /tmp/cyclictest | row cyclictest >>/tmp/rows
awk '/^[0-9]/ && $2 > 0' /tmp/timerlat | row 'rtla timerlat' >>/tmp/rows
cat /tmp/rows
all_measured() { is 3 eval "awk -F '|' '\$3 >= 50 * $seconds' /tmp/rows | wc -l"; }
check beside_all_have_measured all_measured
rmmod kthreadxx
exit $status
