#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Tortures the library and the module, in a guest: kthreadxx_torture.ko operates on threads, while CPUs
# go and come, the system suspends, and kthreadxx.ko is loaded, changed and unloaded. The file `settings`
# sets seed and seconds. Ends in a line that scripts/torture takes apart; exits 1 if anything was not as
# it has to be.

# shellcheck source=/dev/null
. ./settings
seed=${seed:?} seconds=${seconds:?}
# Warnings too, which the kernel's own memory may be too short to keep so long.
dmesg -n 5
# This shell's processes are few among many threads.
renice -n -5 -p $$ >/dev/null

parameters=/sys/module/kthreadxx_torture/parameters
# Each process takes as long here as many operations do.
through() { ! read -r state <$parameters/state || [ "$state" != running ]; }

# below LIMIT: sets n to a number from 0 on, which follows from those before and the seed.
drawn=$seed
below() {
	drawn=$(((drawn * 6364136223846793005 + 1442695040888963407) & 0x7fffffffffffffff))
	n=$(((drawn >> 33) % $1))
}

# Of a part of the script that runs beside others: what it did, what it checked and what was not so.
operations=0 checks=0 failures=0
count() { echo "$operations $checks $failures" >"/tmp/counts.$1"; }
check() {
	checks=$((checks + 1))
	"$@" 2>/tmp/error.$part && return
	failures=$((failures + 1))
	echo "torture: failure: seed $seed: $part, operation $operations: $*"
	cat /tmp/error.$part
}

suspend() { echo "$1" >/sys/power/pm_test && echo freeze >/sys/power/state; }
set_online() { echo "$1" >/sys/devices/system/cpu/cpu1/online; }

processors_and_suspend() {
	part=system drawn=$((seed + 1))
	count system
	[ ! -e /sys/power/pm_test ] || echo 1 >/sys/module/suspend/parameters/pm_test_delay
	while ! through; do
		below 4
		if [ $n = 0 ] && [ -e /sys/power/pm_test ]; then
			below 2
			level=freezer
			[ $n = 0 ] || level=devices
			check suspend $level
		else
			check set_online 0
			below 1000
			usleep $((n * 1000))
			check set_online 1
		fi
		below 1000
		usleep $((n * 1000))
		operations=$((operations + 1))
		count system
	done
}

# A thread that has been waited for takes a moment to leave the list. The nicest of many would wait long for its turn.
is_gone() {
	for turn in $(seq 400); do
		left=$(ps | sed -n 's|^ *\([0-9]*\) .*[[]kthreadxx/.*|\1|p')
		[ "$left" ] || return 0
		# shellcheck disable=SC2086
		renice -n -39 -p $left 2>/dev/null
		# The thread may be gone at the end, so this shows it while it is there.
		[ $((turn % 100)) != 99 ] || for pid in $left; do
			cat /proc/uptime /proc/loadavg "/proc/$pid/status" "/proc/$pid/sched" "/proc/$pid/stack"
		done >&2
		usleep 100000
	done
	return 1
}
change() { echo "$2" >"/sys/module/kthreadxx/parameters/$1"; }
beats() { awk 'NR > 1 { n += $5 } END { print n + 0 }' /sys/kernel/debug/kthreadxx/threads; }
paused_threads_do_not_beat() {
	before=$(beats) && usleep 20000 && [ "$(beats)" = "$before" ]
}

load_and_unload() {
	part=module drawn=$((seed + 2))
	count module
	while ! through; do
		below 5000
		options="log=0 period_us=$((n * n / 100 + 500))"
		per_cpu=
		below 4
		if [ $n = 0 ]; then
			per_cpu=1 options="$options per_cpu=Y"
		else
			below 6
			options="$options threads=$((n + 1))"
			below 4
			[ $n != 0 ] || options="$options cpus=0"
			[ $n != 1 ] || options="$options method=run"
			[ $n != 2 ] || options="$options method=task"
		fi
		below 4
		paused=N
		[ $n != 0 ] || paused=Y
		below 40
		[ $n -ge 20 ] || options="$options nice=$n"
		# shellcheck disable=SC2086
		check insmod kthreadxx.ko paused=$paused $options
		below 6
		for _ in $(seq $n); do
			below 5
			case $n in
				0)
					below 5000
					check change period_us $((n * n / 100 + 500))
					;;
				1)
					below 8
					[ "$per_cpu" ] || check change threads $((n + 1))
					;;
				2)
					check change paused Y
					check paused_threads_do_not_beat
					;;
				3) check change paused N ;;
				4) check grep -q ALL /sys/kernel/debug/kthreadxx/histogram ;;
			esac
			operations=$((operations + 1))
			below 30
			usleep $((n * 1000))
		done
		check rmmod kthreadxx
		below 8
		[ $n != 0 ] || check is_gone
		operations=$((operations + 1))
		count module
	done
}

kmemleak=/sys/kernel/debug/kmemleak
leaks() {
	# Two scans, as the first finds what the second can be sure of.
	sleep 5
	echo scan >$kmemleak
	sleep 1
	echo scan >$kmemleak
	cat $kmemleak
}

insmod kthreadxx_torture.ko seed="$seed" seconds="$seconds" || exit
processors_and_suspend &
system=$!
load_and_unload &
module=$!
until through; do
	sleep 1
done
# A thread that is stuck would keep the module, and rmmod and the shell would wait for it.
[ "$state" = stuck ] || wait $system $module

cat $parameters/counts >/tmp/counts
echo "$(cut -d' ' -f1 /tmp/counts.module) loads and changes of kthreadxx.ko" >>/tmp/counts
echo "$(cut -d' ' -f1 /tmp/counts.system) CPUs taken away and suspends" >>/tmp/counts
sed 's/^/torture: /' /tmp/counts
[ "$state" = stuck ] || rmmod kthreadxx_torture || exit
if [ "$state" = over ] && [ -e $kmemleak ]; then
	leaks >/tmp/leaks
	cat /tmp/leaks
fi
awk '/ (operations|checks|failures)$/ { print $1 }' /tmp/counts | xargs >/tmp/counts.torturers
cat /tmp/counts.torturers /tmp/counts.system /tmp/counts.module |
	awk '{ o += $1; c += $2; f += $3 }
		END { printf "torture: %d operations, %d checks, %d failures\n", o, c, f; exit f > 0 }' &&
	[ ! -s /tmp/leaks ]
