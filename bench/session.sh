# SPDX-License-Identifier: GPL-2.0
#
# In a guest: loads the bench, with the words of the file "arguments", and prints its rows.

# A row of 10,000 threads is more than the kernel allows by itself.
echo 30000 >/proc/sys/kernel/threads-max
. ./arguments
insmod kthreadxx_bench.ko $counted && cat /sys/kernel/debug/kthreadxx_bench/* && rmmod kthreadxx_bench
