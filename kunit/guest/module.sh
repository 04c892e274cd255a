#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The module's parameters, at load and later, what it measures and shows, and what it refuses. In a
# guest with two processors. Prints a line "ok" or "not ok" for each promise; exits 1 if one was not
# kept.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

load() {
	dmesg -c >/dev/null
	insmod kthreadxx.ko "$@"
}
unload() { check "$1_unloads" rmmod kthreadxx; }

# readable NAME=VALUE…
readable() {
	for setting; do
		is "${setting#*=}" get "${setting%%=*}" || return
	done
}

each_beats() {
	for id in $(awk 'NR > 1 { sub(".*/", "", $1); print $1 }' $debug/threads); do
		goes_on "$id" || return
	done
}

# each_is VALUE COLUMN
each_is() { is "$1" eval "column $2 | uniq"; }

# scheduled NICE PRIORITY POLICY: each thread, by the kernel's numbers
scheduled() {
	for pid in $(column PID); do
		is "$*" cut -d ' ' -f 19,40,41 "/proc/$pid/stat" || return
	done
}

named() { is "$*" eval 'names | xargs' && is "$*" eval "ps | sed -n 's|.*\[\(${1%/*}/.*\)\]|\1|p' | xargs"; }

# logged STEP: the beats that are logged are so far apart, and there are some
logged() {
	log | awk -v step="$1" '
		/: beat [0-9]+, latency [0-9]+ us$/ { print; n++; if (($4 - 1) % step) exit wrong = 1 }
		END { exit wrong || n < 3 }'
}

# state_is STATE: of each thread; it takes the thread a moment to come to rest
state_is() { within 10 each_is "$1" STATE; }

stands_still() {
	sleep 0.3
	before=$(column BEATS)
	sleep 0.5
	is "$before" column BEATS
}

by_user() { su user -c "$*"; }

#
# 1. Parameters at load.
#
check load_without_parameters load
check defaults_are_readable readable threads=1 period_us=1000000 name=kthreadxx cpus= per_cpu=N node=-1 \
	policy=normal nice=0 priority=0 phase_us=-1 method=create log=60 breaktrace=0 paused=N
check default_threads named kthreadxx/0
check default_schedule scheduled 0 0 0
check default_cpus bound 0-1
unload defaults

check load_with_parameters load threads=3 period_us=10000 name=a.b-c:d cpus=1 policy=fifo log=3
check parameters_are_readable readable threads=3 period_us=10000 name=a.b-c:d cpus=1 policy=fifo log=3
check parameter_threads_and_name named a.b-c:d/0 a.b-c:d/1 a.b-c:d/2
check parameter_policy_fifo scheduled 0 50 1
check parameter_cpus bound 1 1 1
check parameter_cpus_is_where_they_run each_is 1 CPU
check parameter_log within 10 logged 3
unload parameters

check load_per_cpu load per_cpu=Y nice=-5 period_us=10000 log=0
check per_cpu_has_one_thread_for_each named kthreadxx/0 kthreadxx/1
check per_cpu_binds_each bound 0 1
check per_cpu_counts_threads readable per_cpu=Y threads=2 cpus=0-1
check parameter_nice scheduled -5 0 0
check per_cpu_beats each_beats
check per_cpu_refuses_other_threads not set_to threads 3
check per_cpu_says_why is 'kthreadxx: threads=3 is not accepted: with per_cpu each CPU has one' eval 'told_by kthreadxx | tail -n 1'
check per_cpu_has_its_threads readable threads=2
check parameter_log_0_is_silent not logged 1
unload per_cpu

check load_per_cpu_of_a_list load per_cpu=1 cpus=1 policy=fifo_low period_us=10000
check per_cpu_of_a_list named kthreadxx/1
check per_cpu_of_a_list_binds bound 1
check parameter_policy_fifo_low scheduled 0 1 1
unload per_cpu_of_a_list

check load_by_run load method=run node=0 threads=2 period_us=10000 nice=19
check parameter_method_and_node readable method=run node=0
check parameter_method_run_beats each_beats
check parameter_nice_of_what_runs scheduled 19 0 0
unload run

#
# 2. Live control.
#
check load_with_a_period_of_an_hour load threads=2 period_us=4000000000 log=0
check control_period_is_changed set_to period_us 10000
check control_period_wakes_who_sleeps each_beats
check control_period_is_readable is 10000 get period_us
set_to period_us 4000000000
check control_period_is_changed_back stands_still
set_to period_us 10000

check control_threads_grow set_to threads 5
check control_threads_have_grown named kthreadxx/0 kthreadxx/1 kthreadxx/2 kthreadxx/3 kthreadxx/4
check control_threads_new_ones_beat each_beats
check control_threads_shrink set_to threads 2
check control_threads_have_shrunk named kthreadxx/0 kthreadxx/1
check control_threads_of_the_past_are_summed_up said 'kthreadxx/2: stopped, result 0: .*' \
	'kthreadxx/3: stopped, .*' 'kthreadxx/4: stopped, .*'
check control_threads_is_readable is 2 get threads
check control_threads_others_go_on each_beats

set_to period_us 100000
check control_pause set_to paused Y
check control_paused_threads_are_parked state_is P
check control_paused_threads_do_not_beat stands_still
check control_paused_is_readable is Y get paused
set_to threads 3
check control_paused_is_for_new_threads_too state_is P
missed=$(column MISSED 0)
sleep 5
check control_resume set_to paused 0
check control_resumed_threads_beat each_beats
# They were parked for more than 90.
few_missed() {
	echo "$missed missed before, $(column MISSED 0) after"
	[ $(($(column MISSED 0) - missed)) -lt 60 ]
}
check control_a_pause_is_not_missed few_missed
check control_log set_to log 1
check control_log_is_changed within 10 logged 1

set_to log 0
set_to period_us 10000
mkdir -p /etc
echo 'user:x:1000:1000::/:/bin/sh' >/etc/passwd
for setting in threads=1 period_us=1 log=1 paused=Y; do
	check "control_is_for_root_only (${setting%=*})" not by_user "echo ${setting#*=} >$parameters/${setting%=*}"
done
check control_by_a_user_changed_nothing readable threads=3 period_us=10000 log=0 paused=N
check control_users_may_read by_user cat $parameters/threads $parameters/period_us

#
# 6. Bad input. All that is wrong has a line, which a load gives in each of busybox's two tries.
#
accepted() {
	case $1 in
		threads | period_us) echo '1 to 4294967295' ;;
		log | breaktrace) echo '0 to 4294967295' ;;
		phase_us) echo '-1 to 4294967295' ;;
		priority) echo '0 to 99' ;;
		reset) echo 1 ;;
		paused | per_cpu) echo 'Y or N' ;;
		node) echo '-1 or the number of an online node' ;;
		policy) echo 'normal, fifo or fifo_low' ;;
		nice) echo '-20 to 19' ;;
		method) echo 'create, run or task' ;;
		name) echo '1 to 15 letters, digits and signs other than % and /' ;;
		cpus) echo 'a list of CPUs that are online, such as 0-3,8' ;;
	esac
}
# lines NAME=VALUE…
lines() {
	for setting; do
		echo "kthreadxx: $setting is not accepted: give $(accepted "${setting%%=*}")"
	done
}
told() { log | grep '^kthreadxx: ' | diff /tmp/expected -; }

# write_refused ERROR LINES NAME=VALUE
write_refused() {
	echo "$2" >/tmp/expected
	setting=${3%%=*}
	old=$(get "$setting")
	dmesg -c >/dev/null
	if set_to "$setting" "${3#*=}" 2>/tmp/error; then
		return 1
	fi
	grep "$1" /tmp/error && told && is "$old" get "$setting"
}
# load_refused ERROR LINES NAME=VALUE…
load_refused() {
	printf '%s\n' "$2" "$2" >/tmp/expected
	error=$1
	shift 2
	dmesg -c >/dev/null
	if insmod kthreadxx.ko "$@" 2>/tmp/error; then
		rmmod kthreadxx
		return 1
	fi
	grep "$error" /tmp/error && told && gone
}
# refuse_write ERROR NAME VALUE…
refuse_write() {
	error=$1 setting=$2
	shift 2
	for each; do
		set -- "$setting=$each"
		check "write_refuses $1" write_refused "$error" "$(lines "$1")" "$1"
	done
}
# refuse_load ERROR NAME=VALUE…: the error is that of the first
refuse_load() {
	error=$1
	shift
	check "load_refuses $*" load_refused "$error" "$(lines "$@")" "$@"
}
EINVAL='Invalid argument' ERANGE='out of range' ENAMETOOLONG='File name too long'
zeros=$(printf %064d 0)

refuse_write "$EINVAL" threads 0 -1 '' many 1.5 '1 2' 0x %s%n
refuse_write "$ERANGE" threads 4294967296 99999999999999999999 -99999999999999999999
refuse_write "$EINVAL" period_us 0 ''
refuse_write "$ERANGE" period_us 4294967296
refuse_write "$EINVAL" log -1 many
refuse_write "$EINVAL" breaktrace -1 many
refuse_write "$ERANGE" breaktrace 4294967296
refuse_write "$EINVAL" paused '' maybe 2
check 'write_refuses threads=(200 digits)' write_refused "$EINVAL" "$(lines "threads=$zeros...")" \
	"threads=${zeros}${zeros}${zeros}00000000"
check 'write_refuses threads=(control characters)' write_refused "$EINVAL" "$(lines 'threads=1\a\n2')" \
	"threads=$(printf '1\a\n2')"
check refused_writes_changed_nothing readable threads=3 period_us=10000 log=0 paused=N
check refused_writes_left_it_working each_beats
unload live

refuse_load "$EINVAL" threads=0
refuse_load "$EINVAL" threads=-1 period_us=0 log=-1 paused=2 per_cpu=maybe node=-2 policy=deadline nice=20 \
	method=fork name=%s%n cpus=x
refuse_load "$EINVAL" threads= period_us= log= paused= per_cpu= node= policy= nice= method= name= cpus=
refuse_load "$EINVAL" name=a/b nice=-21 node=1 cpus=1- policy=FIFO threads=many period_us=%d
refuse_load "$ERANGE" period_us=4294967296 threads=99999999999999999999 log=4294967296 node=4294967296
refuse_load "$EINVAL" node=99999 nice=x cpus=1-0
refuse_load "$EINVAL" priority=-1 phase_us=-2 breaktrace=-1 reset=0
refuse_load "$EINVAL" priority=100 phase_us=x breaktrace= reset=2
refuse_load "$ERANGE" phase_us=4294967296 priority=99999999999999999999 breaktrace=4294967296
refuse_load "$EINVAL" cpus=2
refuse_load "$EINVAL" cpus=0-5000 name=ä
refuse_load "$ENAMETOOLONG" name=a234567890123456 threads=0
check 'load_refuses name=(200 characters)' load_refused "$ENAMETOOLONG" "$(lines "name=$zeros...")" \
	"name=${zeros}${zeros}${zeros}00000000"
check 'load_refuses name="a b"' load_refused "$EINVAL" "$(lines 'name=a b')" 'name="a b"'
check 'load_refuses name=(control characters)' load_refused "$EINVAL" "$(lines 'name=a\nb\e\001\177c')" \
	"$(printf 'name="a\nb\033\001\177c"')"
switch_cpu1 0
refuse_load "$EINVAL" cpus=1
refuse_load "$EINVAL" cpus=0-1
switch_cpu1 1

# refuse_together LINE NAME=VALUE…
refuse_together() {
	line="kthreadxx: $1"
	shift
	check "load_refuses $*" load_refused "$EINVAL" "$line" "$@"
}
refuse_together 'threads=2 is not accepted: with per_cpu each CPU has one' per_cpu=Y threads=2
refuse_together 'method=run is not accepted: give create with cpus or per_cpu' method=run cpus=1
refuse_together 'method=run is not accepted: give create with cpus or per_cpu' per_cpu=Y method=run
refuse_together 'priority=5 is not accepted: give it with policy=fifo' priority=5
refuse_together 'priority=5 is not accepted: give it with policy=fifo' policy=fifo_low priority=5
refuse_together 'nice=5 is not accepted: give it with policy=normal' policy=fifo nice=5

#
# 3 and 4. Measuring and status. The threads are parked when they are looked at: the figures stand still
# then, and have to be those of the trace.
#
trace=/sys/kernel/tracing
traced_beats() { [ "$(grep -c 'kthreadxx/0-.* kthreadxx_beat: ' $trace/trace)" -ge "$1" ]; }
# beat_for SECONDS: traced into /tmp/trace, and after all that was before into /tmp/traces
beat_for() {
	echo >$trace/trace
	set_to paused N
	sleep "$1"
	# As many as are looked at, also where the host is busy.
	within 30 traced_beats 60
	set_to paused Y
	cp $trace/trace /tmp/trace
	cat /tmp/trace >>/tmp/traces
}

# From lines of the trace: what $debug/threads and $debug/histogram are to have, without PID, CPU and STATE.
measure='
/kthreadxx_beat: / {
	sub(/-.*/, "", $1)
	for (i = 2; i <= NF; i++) {
		split($i, field, "=")
		value[field[1]] = field[2]
	}
	ns = value["latency_ns"]
	if (!beats[$1]++ || ns < min[$1])
		min[$1] = ns
	if (ns > max[$1])
		max[$1] = ns
	sum[$1] += ns
	missed[$1] = value["missed"]
	us = int(ns / 1000)
	if (!(us in bucket_of)) {
		for (bucket = 0; bucket < 84 && begin(bucket + 1) <= us;)
			bucket++
		bucket_of[us] = bucket
	}
	bucket = bucket_of[us]
	count[bucket, $1]++
	all[bucket]++
	seen[$1, us]++
}

# The latency that so many of 1000 did not exceed, up to the end of its bucket.
function percentile(name, permille, i, most, n) {
	for (most = 0; (n += seen[name, most]) * 1000 < permille * beats[name];)
		most++
	for (i = 0; i < 84 && begin(i + 1) <= most; i++)
		;
	most = i == 84 ? int(max[name] / 1000) : begin(i + 1) - 1
	return most < int(max[name] / 1000) ? most : int(max[name] / 1000)
}
# Four buckets for each power of two.
function begin(bucket, us) {
	if (bucket < 4)
		return bucket
	for (us = 4 + bucket % 4; bucket >= 8; bucket -= 4)
		us *= 2
	return us
}
END {
	for (i = 0; i < 2; i++) {
		name = "kthreadxx/" i
		if (what == "threads")
			print name, beats[name], missed[name], int(min[name] / 1000),
				int(sum[name] / beats[name] / 1000), int(max[name] / 1000),
				percentile(name, 500), percentile(name, 990), percentile(name, 999)
	}
	for (i = 0; i < 85 && what == "histogram"; i++)
		print begin(i), 0 + all[i], 0 + count[i, "kthreadxx/0"], 0 + count[i, "kthreadxx/1"]
}'
status_is_that_of_the_trace() {
	awk -v what=threads "$measure" /tmp/traces >/tmp/expected
	awk 'NR > 1 { print $1, $5, $6, $7, $8, $9, $10, $11, $12 }' $debug/threads | diff /tmp/expected -
}
histogram_is_that_of_the_trace() {
	awk -v what=histogram "$measure" /tmp/traces >/tmp/expected
	awk 'NR > 1 { print $1, $2, $3, $4 }' $debug/histogram | diff /tmp/expected -
}

# absolute PERIOD-US: each beat was due so long after the one before, or a multiple. The line of the trace
# is written some time after the beat, so the shortest of these times at both ends are compared.
absolute() {
	awk -v period="$1" '
	/kthreadxx\/0-.* kthreadxx_beat: / {
		for (i = 2; i <= NF; i++) {
			if ($i == "kthreadxx_beat:")
				us = $(i - 1) * 1000000
			split($i, field, "=")
			value[field[1]] = field[2]
		}
		due = us - value["latency_ns"] / 1000
		if (n++) {
			if (n == 2)
				base = due
			late[n] = due - base - periods * period
			periods += 1 + value["missed"] - missed
		}
		missed = value["missed"]
	}
	END {
		for (i = 0; i < 20; i++) {
			if (!i || late[2 + i] < first)
				first = late[2 + i]
			if (!i || late[n - i] < last)
				last = late[n - i]
		}
		print n " beats, " missed " missed, drift " last - first " us"
		exit n < 42 || last - first > 900 || first - last > 900
	}' /tmp/trace
}
has_missed() { [ "$(column MISSED 0)" -gt 10 ]; }

# As wide as its first line, and with as many columns.
is_aligned() { awk 'NR == 1 { width = length($0); n = NF } length($0) != width || NF != n { print; exit 1 }' "$1"; }

check load_paused load threads=2 period_us=10000 paused=Y log=0
check status_header is 'NAME PID CPU STATE BEATS MISSED MIN_US MEAN_US MAX_US P50_US P99_US P999_US' eval "head -n 1 $debug/threads | xargs"
check status_before_the_first_beat is '0 0 - - - - - -' eval "awk 'NR > 1 { print \$5, \$6, \$7, \$8, \$9, \$10, \$11, \$12 }' $debug/threads | uniq"
check status_is_aligned_then is_aligned $debug/threads
check tracepoints_are_there is 'kthreadxx_beat kthreadxx_max kthreadxx_park kthreadxx_start kthreadxx_stop kthreadxx_unpark task_end task_run task_spawn task_wait' \
	eval "ls -d $events/kthreadxx/*/ | xargs -n 1 basename | sort | xargs"
# The clock of the beats.
echo mono >$trace/trace_clock
# A slow guest beats for seconds until it is paused, every 20 us, and no beat may be lost.
echo 16384 >$trace/buffer_size_kb
echo 1 >$events/kthreadxx/enable
beat_for 1.5
pid=$(column PID 0)
cpu=$(column CPU 0)
# traced TASK PATTERN
traced() { grep -E "^ *$1-.* $2\$" $trace/trace; }
check tracepoint_start traced "kthreadxx/0" "kthreadxx_start: name=kthreadxx/0 pid=$pid"
check tracepoint_beat traced "kthreadxx/0" 'kthreadxx_beat: beat=1 latency_ns=[1-9][0-9]* missed=[0-9]*'
check tracepoint_beats_are_counted traced "kthreadxx/0" "kthreadxx_beat: beat=$(column BEATS 0) .* missed=$(column MISSED 0)"
check tracepoint_park traced sh "kthreadxx_park: name=kthreadxx/0 pid=$pid"
check tracepoint_unpark traced sh "kthreadxx_unpark: name=kthreadxx/0 pid=$pid"
check status_pid eval "ps | grep -q '^ *$pid .*\[kthreadxx/0\]'"
check status_cpu is "$cpu" cut -d ' ' -f 39 "/proc/$pid/stat"
check status_is_aligned is_aligned $debug/threads
check measured_is_what_was_traced status_is_that_of_the_trace
check histogram_header is 'FROM_US ALL kthreadxx/0 kthreadxx/1' eval "head -n 1 $debug/histogram | xargs"
check histogram_is_aligned is_aligned $debug/histogram
check histogram_is_what_was_traced histogram_is_that_of_the_trace
check beats_are_due_at_absolute_times absolute 10000
set_to period_us 20
beat_for 0.3
check periods_missed_are_counted has_missed
check beats_are_due_at_absolute_times_though_some_are_missed absolute 20
check measured_is_what_was_traced_when_late status_is_that_of_the_trace
check histogram_is_what_was_traced_when_late histogram_is_that_of_the_trace

if [ -e trace-cmd ]; then
	# Of the host, with its libraries.
	trace_cmd() {
		./ld-linux-x86-64.so.2 --library-path . ./trace-cmd "$@"
	}
	cat >/tmp/beat <<END
echo N >$parameters/paused
sleep 0.5
echo Y >$parameters/paused
END
	set_to period_us 10000
	check trace_cmd_records trace_cmd record -o /tmp/trace.dat -e kthreadxx sh /tmp/beat
	trace_cmd report -i /tmp/trace.dat >/tmp/trace
	check trace_cmd_reports_an_unpark grep "kthreadxx_unpark: *name=kthreadxx/0 pid=$pid\$" /tmp/trace
	check trace_cmd_reports_the_beats grep -E "kthreadxx_beat: *beat=$(column BEATS 0) latency_ns=[0-9]+ missed=$(column MISSED 0)\$" /tmp/trace
else
	echo "ok trace_cmd_records # SKIP the host has no trace-cmd for this architecture"
fi
echo 1 >$events/kthreadxx/enable

summary=$(awk '$1 == "kthreadxx/1" { print $5 " beats, " $6 " missed, latency " $7 "/" $8 "/" $9 " us" }' $debug/threads)
stopped=$(awk '$1 == "kthreadxx/1" { print "beats=" $5 " missed=" $6 }' $debug/threads)
set_to threads 1
check tracepoint_stop traced "kthreadxx/1" "kthreadxx_stop: $stopped"
check summary_of_what_was_measured said "kthreadxx/1: stopped, result 0: $summary"
summary=$(awk '$1 == "kthreadxx/0" { print $5 " beats, " $6 " missed, latency " $7 "/" $8 "/" $9 " us" }' $debug/threads)
unload paused
check summary_at_unload said "kthreadxx/0: stopped, result 0: $summary" unloaded
check unload_leaves_nothing gone
exit $status
