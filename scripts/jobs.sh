# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# Progress, and jobs that run in the background. To be sourced, by lib.sh.

started=${EPOCHREALTIME/[.,]/}

# Results go to stdout, everything about the way there to stderr.
step() {
	local now=${EPOCHREALTIME/[.,]/}
	local tenths=$(((now - started) / 100000))
	printf '[%5d.%ds] %s\n' $((tenths / 10)) $((tenths % 10)) "$*" >&2
}

# fail TEXT [STATUS]
fail() {
	printf '%s: %s\n' "${0##*/}" "$1" >&2
	exit "${2:-1}"
}

# The run's own directory: the logs in it outlive a failure, whose last line
# names one of them; the rest goes in any case, as do the dirs in `scratch`.
run_dir=$(mktemp -d "${TMPDIR:-/tmp}/kthreadxx.XXXXXX")
scratch=()
# The jobs that run, by process: when each began, in $SECONDS, and its label.
declare -A running=()
# A pipe that each job writes to when it ends: read has a timeout, wait has none.
exec {bell}<> <(:)
# A function of the script's own, to be called when the jobs have been told to end.
at_exit=:

clean_up() {
	local status=$? job
	trap '' INT TERM HUP
	for job in "${!running[@]}"; do
		# A user cannot signal what sudo has begun.
		{
			kill -- "-$job"
			((EUID == 0)) || sudo -n kill -- "-$job"
		} 2>/dev/null || true
	done
	"$at_exit" || true
	wait
	rm -rf "${scratch[@]}"
	if ((status == 0 || status > 128)); then
		rm -rf "$run_dir"
	else
		find "$run_dir" -mindepth 1 ! -name '*.log' -delete
		rmdir "$run_dir" 2>/dev/null || true
	fi
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# A file's name has at most 255 bytes.
log_of() {
	local name=${1//[^A-Za-z0-9.]/-}
	echo "$run_dir/${name:0:200}.log"
}

# begin LABEL COMMAND…: a command (or function) that takes long, in the background. Its output goes to a log.
begin() {
	local label=$1 log
	log=$(log_of "$1")
	shift
	step "$label"
	# Job control gives the job a process group of its own, to be killed whole.
	set -m
	{
		# shellcheck disable=SC2064 # the bell of now: what the job begins itself rings another one
		trap "echo \"\$BASHPID \$?\" >&$bell" EXIT
		exec {bell}<> <(:)
		running=()
		"$@"
	} </dev/null >"$log" 2>&1 &
	running[$!]="$SECONDS $label"
	set +m
}

# await: waits until one of the jobs ends, and shows a line of their logs now and then. Sets run_label, run_log,
# run_seconds and run_status of that job. Its status is not that of this, which would turn off set -e in the job.
await() {
	local job each label line part=''
	# A read that times out may have begun to read the line.
	until IFS= read -rt 15 -u "$bell" line; do
		part+=$line
		for each in "${!running[@]}"; do
			if kill -0 "$each" 2>/dev/null; then
				label=${running[$each]#* }
				step "  … $label: $(tail -n 1 "$(log_of "$label")" | tr -d '\r' | cut -c -70)"
				continue
			fi
			# A job rings before it ends, so one that has ended without was killed.
			if read -rt 0 -u "$bell"; then
				IFS= read -r -u "$bell" line
			else
				part='' line="$each killed"
			fi
			break 2
		done
	done
	line=$part$line job=${line% *} run_status=${line#* }
	run_label=${running[$job]#* } run_seconds=$((SECONDS - ${running[$job]%% *}))
	run_log=$(log_of "$run_label")
	unset "running[$job]"
}

# try LABEL COMMAND…: a job, and waits for it. No other job may run.
try() {
	begin "$@"
	await
}

# run LABEL COMMAND…: the same for what must not fail.
run() {
	try "$@"
	if [[ $run_status != 0 ]]; then
		tail -n 15 "$run_log" >&2
		fail "$1: failed ($run_status), log: $run_log"
	fi
}

# How many jobs this machine takes at once: one more than it has processors, as each waits now and then, if there
# is a GB of memory for each.
at_once() {
	awk -v most="$(($(nproc) + 1))" '/^MemAvailable/ { n = int($2 / 1048576); print n < 1 ? 1 : n < most ? n : most }' /proc/meminfo
}
