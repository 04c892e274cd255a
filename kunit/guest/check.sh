# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034
#
# What the scripts in guests share. To be sourced; what looks unused is for them.

status=0
parameters=/sys/module/kthreadxx/parameters
debug=/sys/kernel/debug/kthreadxx
events=/sys/kernel/tracing/events

# check NAME COMMAND…
check() {
	name=$1
	shift
	if "$@" >/tmp/output 2>&1; then
		echo "ok $name"
	else
		echo "not ok $name"
		sed 's/^/# /' /tmp/output
		dmesg | tail -n 12 | sed 's/^/# /'
		status=1
	fi
}

not() { ! "$@"; }
now_ms() { awk '{ printf "%d", $1 * 1000 }' /proc/uptime; }

# within SECONDS COMMAND…: repeats the command until it succeeds. It counts attempts and not time, because time
# goes on while a busy host does not let the guest run. SECONDS is what the attempts take on an idle host.
within() {
	looks=$(($1 * 20))
	shift
	until "$@"; do
		looks=$((looks - 1))
		[ $looks -gt 0 ] || return
		sleep 0.05
	done
}

# took_less MILLISECONDS COMMAND…
took_less() {
	limit=$1 start=$(now_ms)
	shift
	"$@" || return
	took=$(($(now_ms) - start))
	echo "took $took ms"
	[ $took -lt "$limit" ]
}

# Lines of the log, without the time.
log() { dmesg | sed 's/^\[[^]]*\] //'; }

# told_by MODULE: its lines. Others may be the kernel's own.
told_by() { log | grep "^$1: "; }

# The lines since the last load.
story() { log | sed -n '/^kthreadxx: loaded/h; /^kthreadxx: loaded/!H; ${x; p}'; }

# said PATTERN…: the log of the last load has a line for each pattern, in this order.
said() {
	story >/tmp/story
	for pattern; do
		line=$(grep -n -m 1 -E "^kthreadxx: $pattern\$" /tmp/story) || {
			echo "no line: $pattern"
			return 1
		}
		sed -i "1,${line%%:*}d" /tmp/story
	done
}

get() { cat "$parameters/$1"; }
set_to() { echo "$2" >"$parameters/$1"; }
# column NAME [THREAD]: of the status, of each thread or of one, whatever the threads are called.
column() {
	awk -v column="$1" -v thread="$2" '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) n = i; next }
		thread == "" || substr($1, length($1) - length(thread)) == "/" thread { print $n }' $debug/threads
}
# is VALUE COMMAND…
is() {
	value=$1
	shift
	printed=$("$@")
	echo "$*: $printed, expected: $value"
	[ "$printed" = "$value" ]
}
beaten() { [ "$(column BEATS "${2-0}")" -ge "$1" ]; }
goes_on() { within 20 beaten $(($(column BEATS "${1-0}") + 3)) "${1-0}"; }

names() { awk 'NR > 1 { print $1 }' $debug/threads; }
# bound CPULIST…: one for each thread
bound() {
	for pid in $(column PID); do
		is "$1" awk '/^Cpus_allowed_list:/ { print $2 }' "/proc/$pid/status" || return
		shift
	done
	[ $# = 0 ]
}

# switch_cpu1 0|1
switch_cpu1() { echo "$1" >/sys/devices/system/cpu/cpu1/online; }
# refuse STEP: CPU 1 cannot go, as this step of its way fails, which comes after the scheduler's.
refuse() {
	number=$(sed -n "s|^ *\([0-9]*\): $1\$|\1|p" /sys/devices/system/cpu/hotplug/states)
	echo "step $number"
	echo "$number" >/sys/devices/system/cpu/cpu1/hotplug/fail && not switch_cpu1 0
}

# has THREADS: in the parameter, in the status and in ps. By few programs: in a kernel with checkers each of them
# takes long to begin.
has() {
	read -r in_parameter <"$parameters/threads"
	counted=$(ps | awk -v status="$debug/threads" '/[[]kthreadxx\// { n++ }
		END { while ((getline <status) > 0) lines++; print lines - 1, n + 0 }')
	echo "parameter, status and ps: $in_parameter $counted, expected: $1 in each"
	[ "$in_parameter $counted" = "$1 $1 $1" ]
}

in_ps() { ps | grep -c '[[]kthreadxx/'; }
gone() { is 0 in_ps && not grep '^kthreadxx ' /proc/modules && not [ -e $debug ]; }

# In kernels with kmemleak: the kernel reports what it finds, which scripts/guest sees.
check_leaks() {
	[ -e /sys/kernel/debug/kmemleak ] && ! grep -q kmemleak=off /proc/cmdline || return 0
	echo scan >/sys/kernel/debug/kmemleak
	# kmemleak does not report objects that are younger than that.
	sleep 5
	echo scan >/sys/kernel/debug/kmemleak
	check no_leak_found not grep -q . /sys/kernel/debug/kmemleak
}
