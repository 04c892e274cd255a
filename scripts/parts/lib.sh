# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# What the parts of scripts/check share. To be sourced by them. A part prints a line "ok NAME", "ok NAME #
# SKIP why" or "not ok NAME" for each test. Behind the comment that says what it tests, its first lines can
# have
#
#	# kernels: debian smp	kernels that have to be there; the parts with fewest run first
#	# packages: perl	Debian's packages besides those of the kernels
#	# downloads: 5 MB	what it downloads besides, if that is not in the cache
#	# arguments: SUITE…	it takes arguments, which it checks
#	# long: yes		run only with --full, or by name
#	# root: yes		it takes root or sudo, and is skipped without
#
# Parts run beside each other, and share the tree $builds/KERNEL of each kernel: they only build there. One that
# changes a source, or looks at the making of an object, has a tree of its own.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

if [[ $(header "$0" root) ]] && ! may_be_root "run ${0##*/}"; then
	echo "ok ${0##*/} # SKIP it takes root or sudo"
	exit
fi
# shellcheck disable=SC2046 # words
prepare "$(header "$0" kernels)" ccache $(header "$0" packages)
# Beside another run of the same part, whose tree it would remove or change.
mkdir -p "$builds"
exec {part_lock}>"$builds/part-${0##*/}.lock"
flock -n "$part_lock" || { step "waits for another run of this part" && flock "$part_lock"; }

# verdict NAME COMMAND…
verdict() {
	local name=$1 output
	shift
	if output=$("$@" 2>&1); then
		echo "ok $name"
	else
		echo "$output"
		echo "not ok $name"
	fi
}

# judged_by RELEASE PROGRAM NAME COMMAND…: a verdict by that release of the program, as others find other things
judged_by() {
	local release=$1 program=$2 version
	shift 2
	version=$("$program" --version | grep -o 'version [0-9]*' | head -n 1)
	if [[ $version == "version $release" ]]; then
		verdict "$@"
	else
		echo "ok $1 # SKIP $program $release judges, this is $version"
	fi
}

# nothing COMMAND…: whether it prints nothing, and no error either, as of a command that cannot run
nothing() {
	local output
	output=$("$@" 2>&1) || true
	echo "$output"
	[[ ! $output ]]
}

# no_line PATTERN COMMAND…: whether it ends well and prints lines, none of which matches
no_line() {
	local lines status=0
	lines=$(mktemp "$run_dir/lines.XXXXXX")
	"${@:2}" >"$lines" && [[ -s $lines ]] || return
	grep -E "$1" "$lines" || status=$?
	# 2 is an error.
	[[ $status == 1 ]]
}

# build KERNEL [TARGET | VARIABLE=VALUE]…: as build_for, and with a verdict on the warnings. Only who compiles a file
# sees them, and of the parts that may be any.
build() {
	local words=$*
	build_for "$@"
	verdict "kbuild ${words/ SUITES=*/}: no warning" nothing grep -iE 'warning|error:' "$build_log"
}

# in_guest KERNEL SCRIPT [OPTION of scripts/guest]…: a script of kunit/guest, with the module and with `files`
files=()
in_guest() {
	local kernel=$1 script=$2
	shift 2
	build "$kernel"
	"$project/scripts/guest" --kernel "$kernel" "$@" "$project/kunit/guest/$script" \
		"$project/kunit/guest/check.sh" "$tree/kthreadxx.ko" "${files[@]}"
}

# kunit KERNEL [SUITE | PARAMETER=VALUE]…: KUnit's results as lines, of all suites or of these. With `leaks` the smp
# kernel looks for leaks too, for half a minute; the uml kernel always does, in two seconds.
leaks=''
kunit() {
	local kernel=$1 status=0 word suites=() others=() append=kunit.enable=1 lock
	shift
	: >"$run_dir/parameters"
	for word; do
		if [[ $word == *=* ]]; then
			echo "$word" >>"$run_dir/parameters"
		else
			grep -q "^	suite($word, " "$project/kunit/suites/suites.h" || fail "no such suite in kunit/suites/suites.h: $word"
			suites+=("$word")
		fi
	done
	set -- "${suites[@]}"
	# All suites come with the other test modules, which have to build for this kernel too.
	(($#)) || others=(guest torture)
	# Another part may build other suites in the same tree, as soon as these are taken out of it.
	exec {lock}>"$builds/$kernel.suites.lock"
	flock "$lock"
	build "$kernel" kunit "${others[@]}" SUITES="$*"
	cp "$tree/kunit/suites/kthreadxx_kunit.ko" "$run_dir"
	exec {lock}>&-
	if (($#)); then
		echo $# >"$run_dir/suites"
	else
		count_suites >"$run_dir/suites"
	fi
	if [[ $kernel == smp && ! $leaks ]]; then
		append+=' kmemleak=off'
		echo 'ok kunit smp: no leak # SKIP that is for the parts kunit-uml and repeats'
	fi
	"$project/scripts/guest" --kernel "$kernel" --timeout 600 --append "$append" "$project/kunit/guest/run.sh" \
		"$run_dir/suites" "$run_dir/parameters" "$run_dir/kthreadxx_kunit.ko" |
		one_header >"$run_dir/ktap" || status=$?
	kernel_tools
	python3 "$TOOLS/tools/testing/kunit/kunit.py" parse "$run_dir/ktap" >"$run_dir/kunit" || status=1
	grep -E 'EXPECTATION|: expected ' "$run_dir/ktap" || true
	sed -nE "s/^\[[0-9:]*\] \[PASSED\] /ok kunit $kernel: /p
		s/^\[[0-9:]*\] \[(FAILED|CRASHED|ERROR)\] /not ok kunit $kernel: /p" "$run_dir/kunit"
	# Not from there, which leaves out why.
	sed -nE "s/^ *ok [0-9]+ (.* # SKIP)/ok kunit $kernel: \1/p" "$run_dir/ktap"
	if ((status)); then
		tail -n 40 "$run_dir/ktap"
		return $status
	fi
}

# with_detached KERNEL ROUNDS: sets `files` to what kunit/guest/detached.sh takes, which goes so many rounds
with_detached() {
	build "$1" guest
	make_detached "$2"
	files=("$run_dir"/{rounds,detached} "$tree/kunit/guest/modules/kthreadxx_detached.ko")
}

# forgotten KERNEL ROUNDS: a module that forgets its threads, and others that let go of themselves so often
forgotten() {
	with_detached "$@"
	files+=("$project/kunit/guest/detached.sh" "$tree/kunit/guest/modules/kthreadxx_forgetful.ko")
	in_guest "$1" forgotten.sh --timeout 300
}

# planted KERNEL FAULT PATTERN: a fault of kunit/planted has to be seen, and shown.
planted() {
	local kernel=$1 fault=$2 pattern=$3 output status=0
	echo "$fault" >"$run_dir/fault"
	output=$("$project/scripts/guest" --kernel "$kernel" "$project/kunit/planted/planted.sh" "$run_dir/fault" \
		"$builds/$kernel/kunit/planted/kthreadxx_planted.ko" 2>&1) || status=$?
	echo "$output"
	[[ $status == 125 && $output == *"kernel report: "$pattern* ]]
}

# contexts KERNEL SCRIPT MODULE [OPTION of scripts/guest]…: a script of kunit/guest with one of its modules
contexts() {
	local kernel=$1 script=$2 module=$3
	shift 3
	build "$kernel" guest
	"$project/scripts/guest" --kernel "$kernel" "$@" "$project/kunit/guest/$script" \
		"$project/kunit/guest/check.sh" "$tree/kunit/guest/modules/$module.ko"
}
