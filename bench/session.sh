# SPDX-License-Identifier: GPL-2.0
#
# In a guest: loads the bench, and prints its rows. The file "arguments" may set `parameters`, those of the bench, and
# `rows`, a pattern for the names of rows.

# A row of 10,000 threads is more than the kernel allows by itself.
echo 30000 >/proc/sys/kernel/threads-max
. ./arguments
insmod kthreadxx_bench.ko $parameters || exit
cd /sys/kernel/debug/kthreadxx_bench || exit
for row in *; do
	! echo "$row" | grep -qE "$rows" || cat "$row" || exit
done
cd /
rmmod kthreadxx_bench
