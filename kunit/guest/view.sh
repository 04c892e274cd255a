#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Looks at kthreadxx.ko by scripts/view, where that has no terminal and where it has one. In a guest whose
# kernel has pseudo terminals. Prints a line "ok" or "not ok" for each promise; exits 1 if one was not kept.

# shellcheck source=kunit/guest/check.sh
. ./check.sh

# refuses REASON COMMAND…: status 1 and the reason, and no other line.
refuses() {
	reason=$1
	shift
	"$@" >/tmp/said 2>&1
	ended=$?
	echo "status $ended"
	cat /tmp/said
	[ $ended = 1 ] && [ "$(cat /tmp/said)" = "view: $reason" ]
}

refuses_seconds() {
	for seconds in 0 0.0 '' . -1 1x 1.1.1 often; do
		refuses 'SECONDS is a number above 0' ./view "$seconds" || return
	done
	refuses 'takes one argument at most' ./view 1 1
}

as_nobody() { su nobody -c "$1"; }

pause() { echo "$1" >/sys/module/kthreadxx/parameters/paused; }

# soon COMMAND…: within 15 s.
soon() {
	for _ in $(seq 150); do
		"$@" && return
		sleep 0.1
	done
	return 1
}

# same COMMAND COMMAND
same() {
	$1 >/tmp/one
	$2 >/tmp/other
	[ -s /tmp/one ] && diff /tmp/one /tmp/other
}

threads_of_module() { tr -s ' ' <$debug/threads; }
threads_of_frame() { sed -n '2,/^$/{/^$/!p}' /tmp/frame | tr -s ' '; }
buckets_of_module() { awk 'NR > 1 && $2 > 0 { print $1, $2 }' $debug/histogram; }
count_of_module() { awk 'NR > 1 { sum += $2 } END { print sum }' $debug/histogram; }
count_of_picture() { awk '/ us / { sum += $3 } END { print sum }' /tmp/picture.2; }
buckets_of_frame() { awk '/ us / && $3 > 0 { sub(/[-+].*/, "", $1); print $1, $3 }' /tmp/frame; }

# A bar for each row that is not empty, as long as its share, and the longest up to the edge. A row begins
# where the one before ends.
bars() {
	awk -v columns="$1" '
		/ us / {
			count[++n] = $3
			bar[n] = length($4)
			wrong += $4 !~ /^#*$/ || (n > 1 && $1 + 0 != end)
			end = substr($1, index($1, "-") + 1)
			if ($3 > count[most])
				most = n
			edge = length($0) > edge ? length($0) : edge
		}
		END {
			for (i = 1; i <= n; i++) {
				off = bar[i] - count[i] / count[most] * bar[most]
				wrong += (count[i] > 0) != (bar[i] > 0) || off > 1 || off < -1
			}
			print n " bars, " (wrong + 0) " wrong, up to column " edge
			exit !n || wrong || edge != columns - 1
		}' "$2"
}

# on_terminal COMMANDS TYPIST…: runs them on a terminal, where what the second prints is typed. What it
# showed is in /tmp/screen, and each picture of it in /tmp/picture.N.
on_terminal() {
	printf '#!/bin/sh\ntrap : INT\n%s\necho "status $?"\n' "$1" >/tmp/commands
	chmod +x /tmp/commands
	rm -f /tmp/picture.*
	shift
	: >/tmp/screen
	# Of what busybox has, the one that makes a terminal to be read.
	"$@" | telnetd -i -l /tmp/commands >/tmp/screen
	sed -i 's/\r//g' /tmp/screen
	awk '
		/\033\[J/ { file = "" }
		/\033\[H/ { file = "/tmp/picture." ++n }
		file { gsub(/.*\033\[H|\033\[K/, ""); print >file }' /tmp/screen
}

pictures() { ls /tmp/picture.* | wc -l; }

# shown TEXT [TIMES]
shown() { [ "$(grep -c "$1" /tmp/screen)" -ge "${2-1}" ]; }

more_pictures() {
	end_of_one=$(printf '\033\\[J')
	soon shown "$end_of_one" $(($(grep -c "$end_of_one" /tmp/screen) + $1))
}

# The typists: they wait for what they type after, and stay until it has had its effect.
ctrl_c() { more_pictures 4 && printf '\003' && soon shown status; }
resize() { more_pictures 1 && stty -F /dev/pts/0 rows 4 cols 20 && ctrl_c; }
run() { more_pictures 1 && "$@" >&2 && soon shown status; }
hang_up() { more_pictures 1; }

# fills LINES COLUMNS PICTURE…: the cursor is in the last line, below the picture.
fills() {
	awk -v lines="$1" -v columns="$2" '
		FNR == 1 { pictures++ }
		length($0) >= columns { wide++; print FILENAME ", line " FNR ": " $0 }
		END {
			print NR " lines in " pictures " pictures"
			exit !NR || wide || NR != pictures * (lines - 1)
		}' $3
}

# ended STATUS
ended() {
	cat -v /tmp/screen | tail -n 3
	grep -q "status $1\$" /tmp/screen || return
	# Hidden, and shown after the last picture.
	awk '/\033\[\?25l/ { hidden = 1 } /\033\[[HJ]/ { shown = 0 } /\033\[\?25h/ { shown = 1 }
		END { exit !hidden || !shown }' /tmp/screen
}

more() { sed -n 's/^\.\.\. and \([0-9]*\) more$/\1/p' "$1"; }

# The rest is counted, and none of it was later.
shows_the_latest() {
	cat "$1"
	rows=$(grep -c '^kthreadxx/' "$1")
	[ "$rows" -gt 0 ] && [ "$(more "$1")" = $((24 - rows)) ] || return
	awk 'NR == FNR { shown[$1]; next }
		/^kthreadxx/ && $1 in shown { least = least == "" || $9 < least ? $9 : least; next }
		/^kthreadxx/ && $9 > most { most = $9 }
		END { print "shown from " least " us, not shown up to " most " us"; exit most > least }' \
		"$1" $debug/threads
}

mkdir -p /etc /dev/pts
echo 'nobody:x:65534:65534::/:/bin/sh' >/etc/passwd
mount -t devpts devpts /dev/pts || exit

check view_needs_the_module refuses 'kthreadxx is not loaded' ./view
insmod kthreadxx.ko threads=24 period_us=40000 || exit
umount /sys/kernel/debug
check view_needs_debugfs refuses 'debugfs is not mounted on /sys/kernel/debug' ./view
mount -t debugfs debugfs /sys/kernel/debug
check view_needs_root refuses '/sys/kernel/debug is for root only' as_nobody ./view
check view_needs_good_seconds refuses_seconds

sleep 1
pause Y
./view </dev/null >/tmp/frame
check view_frame_has_a_heading grep -qx 'kthreadxx (paused): 24 threads, period 40000 us' /tmp/frame
check view_frame_has_the_threads same threads_of_module threads_of_frame
check view_frame_has_the_histogram same buckets_of_module buckets_of_frame
check view_frame_has_bars bars 80 /tmp/frame
check view_frame_has_no_escapes not grep -q "$(printf '\033')" /tmp/frame

on_terminal 'stty rows 10 cols 40; ./view 0.2' ctrl_c
check view_small_window_fits fills 10 40 '/tmp/picture.*'
check view_small_window_has_bars bars 40 /tmp/picture.2
check view_small_window_leaves_no_bucket_out same count_of_module count_of_picture
check view_small_window_has_the_latest shows_the_latest /tmp/picture.2

pause N
# 600, give or take what a busy machine does. As many as in the 0.2 s since the last frame would be 120.
tells_the_rate() { grep -Eqx 'kthreadxx: 24 threads, period 40000 us, [2-8][0-9][0-9] beats/s' /tmp/picture.*; }
for _ in $(seq 10); do
	on_terminal './view 0.2' ctrl_c
	! tells_the_rate || break
done
check view_refreshes [ "$(pictures)" -ge 4 ]
check view_refreshes_without_a_blank_screen not grep -q "$(printf '\033\\[2J')" /tmp/screen
check view_tells_the_rate tells_the_rate
check view_unknown_window_is_80x24 fills 24 80 '/tmp/picture.*'
check view_unknown_window_has_bars bars 80 /tmp/picture.2
check view_ends_by_ctrl_c ended 0

on_terminal './view 0.2' resize
check view_before_the_resize bars 80 /tmp/picture.1
check view_resized_window_fits fills 4 20 "/tmp/picture.$(pictures)"
on_terminal './view 0.2' run killall view
check view_ends_by_sigterm ended 0
on_terminal './view 0.2' hang_up
check view_ends_with_its_terminal soon not pidof view
on_terminal './view 0.2' run rmmod kthreadxx
check view_tells_of_the_unload grep -q 'view: kthreadxx is not loaded$' /tmp/screen
check view_ends_by_the_unload ended 1

# A name that could be taken for a number.
insmod kthreadxx.ko threads=1 paused=Y name=1.5 || exit
./view </dev/null >/tmp/frame
check view_before_the_first_beat same threads_of_module threads_of_frame
check view_of_one_thread grep -qx 'kthreadxx (paused): 1 thread, period 1000000 us' /tmp/frame
check view_of_no_latency grep -qx '0-1 us 0' /tmp/frame
exit $status
