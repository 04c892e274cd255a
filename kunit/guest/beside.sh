#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Two threads of the module beside cyclictest, and rtla timerlat if the kernel has that tracer, on one CPU at the same
# time, with the same priority. Prints what each measured, as rows of a table: beats, median, 99 percent, maximum in
# microseconds. Where nothing but the guest takes part in it, they have to agree. A maximum is one beat, which has
# met what the others have not.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

# of_host PROGRAM ARGUMENT…: with its libraries
of_host() {
	program=$1
	shift
	./ld-linux-x86-64.so.2 --library-path . "./$program" "$@"
}

# No multiples of the kernel's tick, nor of each other: each meets the tick and the others at times, and equally often.
period=10007 other_period=10037 seconds=$(cat seconds)
# Half a period apart.
insmod kthreadxx.ko threads=2 policy=fifo priority=80 cpus=0 period_us=$period phase_us=$((period / 2)) log=0 paused=Y || exit
# The kernel has some work left from its boot, which would delay those alone that begin before the others.
sleep 2
set_to paused N
[ ! -e rtla ] || of_host rtla timerlat hist -c 0 -p $other_period -P f:80 -d "${seconds}s" -b 1 -E 100000 --no-irq >/tmp/timerlat 2>&1 &
of_host cyclictest -q -t 1 -a 0 -p 80 -i $other_period -D "$seconds" -h 100000 >/tmp/cyclictest 2>&1 &
wait
set_to paused Y

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
for column in 3 4; do
	awk -v column=$column 'NR > 2 { print $1 - 1, before } { before = $column } END { print $1, before }' $debug/histogram |
		row "kthreadxx/$((column - 3))"
done >/tmp/rows
# busybox's awk reads a number that begins with 0 as octal.
sed -nE 's/^0*([0-9]+)[[:space:]]+0*([0-9]+)[[:space:]]*$/\1 \2/p' /tmp/cyclictest | awk '$2 > 0' | row cyclictest >>/tmp/rows
[ ! -e rtla ] || awk '/^[0-9]/ && $2 > 0' /tmp/timerlat | row 'rtla timerlat' >>/tmp/rows
sed "s/^/# /" /tmp/rows
all_measured() { is "$(($(ls ./cyclictest ./rtla 2>/dev/null | wc -l) + 2))" eval "awk -F '|' '\$3 >= $seconds' /tmp/rows | wc -l"; }
check beside_all_have_measured all_measured

# agree COLUMN: cyclictest measures in user space, some thousand instructions later, and all cut off parts of a µs.
agree() {
	awk -F '|' -v column="$1" '
		{
			print $2, $column
			if (NR == 1 || $column + 0 < least) least = $column + 0
			if (NR == 1 || $column + 0 > most) most = $column + 0
		}
		END { exit most - least > 3 }' /tmp/rows
}
if [ ! -e rtla ]; then
	check beside_medians_agree_within_3_us agree 4
	check beside_99_percents_agree_within_3_us agree 5
fi
rmmod kthreadxx
exit $status
