# SPDX-License-Identifier: GPL-2.0
# Reads what readelf says of a C++ object, and refuses what compiles but could not run in a kernel: code
# that nobody would call, symbols of a C++ runtime that is not there, and relocations that the kernel's
# loader of modules does not know.

/^Section Headers:/ { read = 1 }

# [Nr] NAME TYPE ADDRESS OFFSET SIZE ENTRY FLAGS …: where a loader of programs looks for what it calls.
/^  \[ *[1-9]/ {
	number = $0
	sub(/^ *\[ */, "", number)
	sub(/^[^]]*\]/, "")
	section[number + 0] = symbol = $1
	if ($7 ~ /T/)
		refuse("a thread_local variable: a kernel thread has none")
	if ($1 == ".init" || $1 == ".fini")
		refuse("code for a loader of programs, and modules run none")
	if ($2 ~ /INIT_ARRAY/ || $1 ~ /^\.(init_array|preinit_array|ctors)(\.|$)/)
		calls[$1] = "first"
	if ($2 ~ /FINI_ARRAY/ || $1 ~ /^\.(fini_array|dtors)(\.|$)/)
		calls[$1] = "last"
}

/^Relocation section / {
	loaded = !/\.debug/
	split($0, word, "'")
	sub(/^\.rela?/, "", word[2])
	when = calls[word[2]]
}
/^Symbol table / { table = 1 }

# There a pointer is to a function, or to so many bytes behind the begin of a section.
when && $3 ~ /^R_/ { called[$5 " " (NF > 6 ? $7 : 0)] = when }

loaded && $3 ~ /^R_/ && !is_known($3) {
	symbol = $3 ", " $5
	if ($3 ~ /TLS|TPREL|TPOFF/ || $5 ~ /^_ZT[HW]/)
		refuse("a thread_local variable: a kernel thread has none")
	if ($3 ~ /GOT/)
		refuse("an address by a table (GOT), which modules do not have")
	refuse("a relocation that the loader of modules does not know")
}

# Each line from here on has a symbol.
!table || !/^ *[0-9]+: / { next }
{ symbol = $NF }

# An object of the library that the module is not linked with, by its variable: see cxxrt-lacks.
/ UND / {
	for (i = split(lacks, lack, " "); i > 0; i--) {
		split(lack[i], part, ":")
		if (symbol ~ part[3])
			lacked = i
	}
	if (lacked) {
		split(lack[lacked], part, ":")
		refuse(part[1] "-y lacks $(" part[2] "), or $(kthread-all-objs)")
	}
}

symbol ~ /^__cxa_guard_/ {
	refuse("a static local variable needs a constructor at run time: make it constinit")
}
symbol ~ /^(__cxa_atexit|atexit|__dso_handle)$/ {
	refuse("a static variable needs a destructor at exit, and modules run none")
}
$4 == "TLS" { refuse("a thread_local variable: a kernel thread has none") }
$4 == "IFUNC" { refuse("an indirect function, which the loader of modules does not resolve") }
$7 == "COM" { refuse("a common variable, which the loader of modules does not place") }
{
	value = $2
	sub(/^0+/, "", value)
	place = section[$7] " " (value ? value : 0)
	if (!(place in called) || $4 != "FUNC")
		place = symbol " 0"
	if (place in called && $4 != "SECTION" && !is_the_compilers(symbol))
		function_of[called[place]] = symbol
}
symbol ~ /^(__cxa_(throw|rethrow|begin_catch|end_catch|allocate_exception)|__gxx_personality_|_Unwind_)/ {
	refuse("exceptions: the kernel cannot unwind, return std::expected")
}
symbol ~ /^(__dynamic_cast|__cxa_bad_(cast|typeid)|_ZTVN10__cxxabiv1)/ {
	refuse("run-time type information: the kernel has none")
}
# libgcc's names: arithmetic, comparison and conversion of half to quad floats.
symbol ~ /^__(add|sub|mul|div|neg|eq|ne|lt|le|gt|ge|unord|powi)[hsdtx]f[23]$/ ||
symbol ~ /^__(fix(uns)?[hsdtx]f[sdt]i|float(un)?[sdt]i[hsdtx]f|(extend|trunc)[hsdtx]f[hsdtx]f2)$/ {
	refuse("floating point: a kernel thread does not own the FPU")
}
symbol ~ /^__u?(div|mod|divmod)ti[34]$/ {
	refuse("128-bit division: the kernel has none")
}
symbol ~ /^__atomic_/ {
	refuse("an atomic operation that this processor has no instruction for")
}
symbol ~ /^_Zn[aw][jm](St11align_val_t)?$/ {
	refuse("plain new: memory can run out, write new (std::nothrow) and test for null")
}
symbol ~ /^(_ZN?K?St|__cxa_|__gxx_)/ && / UND / &&
    symbol != "__cxa_pure_virtual" && symbol != "_ZSt7nothrow" {
	refuse("a function of the C++ library that cxxrt does not have")
}

# As arch/*/kernel/module.c has them. Other architectures are not judged.
function is_known(type)
{
	if (type ~ /^R_X86_64_/)
		return type ~ /_(NONE|64|32S?|PC32|PC64|PLT32)$/
	if (type ~ /^R_AARCH64_/)
		return type ~ /_(NONE|ABS(64|32|16)|PREL(64|32|16)|MOVW_(UABS|SABS|PREL)_G[0-3](_NC)?)$/ ||
			type ~ /_(LD_PREL_LO19|ADR_PREL_(LO21|PG_HI21(_NC)?)|ADD_ABS_LO12_NC)$/ ||
			type ~ /_(LDST(8|16|32|64|128)_ABS_LO12_NC|TSTBR14|CONDBR19|JUMP26|CALL26)$/
	if (type ~ /^R_RISCV_/)
		return type !~ /_(TLS|TPREL|DTP|ALIGN|COPY|RELATIVE|JUMP_SLOT)/
	return 1
}

function refuse(why)
{
	print file ": error: " why " (" symbol ")"
	refused = 1
	exit 1
}

# KASAN and gcov have such functions.
function is_the_compilers(name)
{
	return name ~ /^_sub_[ID]_[0-9_]+$|^[a-z]+\.module_[cd]tor$|^__llvm_gcov_/
}

# Only here, as a variable that also registers a destructor has a better reason.
END {
	if (refused)
		exit 1
	if (!read) {
		print file ": error: readelf said nothing of the object"
		exit 1
	}
	if ("first" in function_of) {
		symbol = function_of["first"]
		if (symbol ~ /^_GLOBAL__(sub_)?I[_.]/)
			refuse("a static variable needs a constructor at run time, and modules run none: make it constinit")
		refuse("a function that is to run before others, and modules run none: call it from module_init()")
	}
	if ("last" in function_of) {
		symbol = function_of["last"]
		refuse("a function that is to run at exit, and modules run none: call it from module_exit()")
	}
}
