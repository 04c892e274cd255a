# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# What the parts clangd and clangd-all share. To be sourced, after lib.sh.

# database KERNEL [TARGET]…: builds for that kernel, and tells clangd how each file is compiled there
database() {
	build "$@" compile_commands.json
	cp "$project/.clangd" "$tree"
}

# errors FILE: what an editor with clangd shows as errors in a file of `tree`. A file that the database does not
# have is judged by another file's command, which is as right as by chance: only a header may be one.
errors() {
	local said file=$tree/$1
	[[ $file == *.hpp ]] || grep -qF "\"file\": \"$file\"" "$tree/compile_commands.json" ||
		grep -qF "\"file\": \"$1\"" "$tree/compile_commands.json" || echo "not in compile_commands.json: $1"
	# The features of one line: those of all lines take minutes.
	said=$(clangd --check="$file" --check-lines=1-1 2>&1) && [[ $said == *'All checks completed, 0 errors'* ]] ||
		grep -E '^E|rror' <<<"$said" || echo "clangd says of $1 neither that it has errors nor that it has none"
}

# finds_no_error FILE…: clangd, in as many of them at a time as there are processors
finds_no_error() {
	local file
	export -f errors
	export tree
	for file; do
		printf '%s\0' "$file"
	done | nothing xargs -0 -n 1 -P "$(nproc)" bash -c 'errors "$1"' _
}
