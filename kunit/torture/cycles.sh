#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Loads and unloads kthreadxx.ko many times, in a guest, and counts before and after what the kernel
# then has of memory and threads. The file `settings` sets cycles. Ends in a line that scripts/torture
# takes apart.

# shellcheck source=/dev/null
. ./settings
cycles=${cycles:?}
dmesg -n 5

# The kernel's own workers come and go. A search in a pipe may find itself, as its pattern is among its arguments.
threads() {
	ps >/tmp/ps
	grep '\[' /tmp/ps | grep -vc '\[kworker/'
}
# kB of slabs that cannot be reclaimed, of kernel stacks, of vmalloc.
of() { sed -n "s/^$1: *\([0-9]*\) kB/\1/p" /proc/meminfo; }
memory() {
	sleep 1
	echo "$(of SUnreclaim) kB of slabs, $(of KernelStack) kB of stacks, $(of VmallocUsed) kB of vmalloc, $(threads) threads"
}
now_ms() { awk '{ printf "%d", $1 * 1000 }' /proc/uptime; }

# go N
go() {
	for _ in $(seq "$1"); do
		insmod kthreadxx.ko log=0 threads=2 && rmmod kthreadxx || exit
	done
}

# The kernel keeps some memory after the first loads, which is no leak.
go 200
before=$(memory)
echo "torture: before: $before"
start=$(now_ms)
done=0
while [ $done -lt "$cycles" ]; do
	part=$((cycles - done))
	[ $part -le 1000 ] || part=1000
	go $part
	done=$((done + part))
	after=$(memory)
	echo "torture: after $done: $after"
done
took=$((($(now_ms) - start) / cycles))

# Some pages are noise; 16 bytes of each cycle are more than this.
echo "$before $after" | tr -dc '0-9 ' | awk -v cycles="$cycles" -v ms="$took" '{
	limit = 256 + cycles / 64
	bad = ($5 > $1 + limit) + ($6 > $2 + 64) + ($7 > $3 + limit) + ($8 > $4)
	printf "torture: %d cycles, %d ms each, %d kB of slabs and %d threads more\n", cycles, ms, $5 - $1, $8 - $4
	exit bad > 0
}'
