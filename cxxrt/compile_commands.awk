# SPDX-License-Identifier: GPL-2.0
# Reads what kbuild has saved of how it compiled each object, .NAME.o.cmd, and prints compile_commands.json for
# editors. The kernel's script for this knows no C++. `kernel` is where kbuild ran if paths are absolute, and
# `module` if not.
BEGIN { print "[" }
FNR > 1 || !match($0, /^(saved)?cmd_[^ ]* := /) { next }
{
	command = substr($0, RLENGTH + 1)
	sub(/ *(;|\|\|).*/, "", command)
	gsub(/\$\(pound\)/, "#", command)
	gsub(/\$\$/, "$", command)
	n = split(command, word, " ")
	file = word[n]
	if (file !~ /\.(c|cc|cpp|cxx)$/ || file ~ /\.mod\.c$/)
		next
	# An editor that opens a file of the library looks for it by the name without dots.
	while (match(file, /(^|\/)([^\/.]|\.[^\/.]|\.\.[^\/])[^\/]*\/\.\.\//))
		file = substr(file, 1, RSTART - 1) substr(file, RSTART, substr(file, RSTART, 1) == "/") substr(file, RSTART + RLENGTH)
	gsub(/\\/, "\\\\", command)
	gsub(/"/, "\\\"", command)
	printf "%s{\"directory\": \"%s\", \"file\": \"%s\",\n \"command\": \"%s\"}", separator, \
		file ~ /^\// ? kernel : module, file, command
	separator = ",\n"
}
END { print "\n]" }
