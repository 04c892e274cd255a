# SPDX-License-Identifier: GPL-2.0
# Reads which headers a C++ file includes, as the compiler lists them by -M -MG, and refuses with a line of
# its own each that is not there: one of the kernel, which is below one of the folders `kernel`, or one of
# the standard, which absent_headers names. Of any other the compiler says that there is no such file.

BEGIN {
	folders = split(kernel, folder)
	while ((getline line < absent) > 0) {
		colon = index(line, ": ")
		headers = line ~ /^#/ ? 0 : split(substr(line, 1, colon - 1), header)
		for (i = 1; i <= headers; ++i)
			why[header[i]] = substr(line, colon + 2)
	}
}

{
	for (i = 1; i <= NF; ++i) {
		if ($i == "\\" || $i ~ /:$/)
			continue
		if (exists($i))
			included[++files] = $i
		else if ($i in why)
			missing[$i] = why[$i]
		else if (is_of_the_kernel($i))
			missing[$i] = "kernel headers are C, include them in a .c file and declare what you need in a bridge"
	}
}

END {
	for (name in missing) {
		refused = 1
		print place(name) ": error: <" name ">: " missing[name]
	}
	exit refused
}

function exists(name, status, line)
{
	status = (getline line < name)
	close(name)
	return status >= 0
}

function is_of_the_kernel(name, i)
{
	for (i = 1; i <= folders; ++i)
		if (exists(folder[i] "/" name))
			return 1
	return 0
}

# FILE:LINE where it is included
function place(name, i, line, number, found)
{
	for (i = 1; i <= files && !found; ++i) {
		for (number = 1; !found && (getline line < included[i]) > 0; ++number)
			if (line ~ /^[ \t]*#[ \t]*include/ && match(line, /[<"][^>"]*/) &&
			    substr(line, RSTART + 1, RLENGTH - 1) == name)
				found = included[i] ":" number
		close(included[i])
	}
	return found ? found : file
}
