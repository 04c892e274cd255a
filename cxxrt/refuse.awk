# SPDX-License-Identifier: GPL-2.0
# Reads what readelf says of a C++ object, and refuses what compiles but could not run in a kernel: code
# that nobody would call, symbols of a C++ runtime that is not there, and relocations that the kernel's
# loader of modules does not know.

# [Nr] NAME TYPE ADDRESS OFFSET SIZE ENTRY FLAGS …: what a loader of programs calls, by where it looks for it.
# KASAN and gcov have such functions too, of a priority that a program may not take.
/^  \[ *[1-9]/ {
	sub(/^[^]]*\]/, "")
	symbol = $1
	if ($7 ~ /T/)
		refuse("a thread_local variable: a kernel thread has none")
	if ($2 == "FINI_ARRAY" || $1 ~ /^\.(dtors|fini)(\.|$)/)
		destructor = is_the_compilers($1) ? destructor : $1
	else if ($2 ~ /INIT_ARRAY/ || $1 ~ /^\.(ctors|init|preinit_array|init_array)(\.[0-9]+)?$/)
		constructor = is_the_compilers($1) ? constructor : $1
}

/^Relocation section / { loaded = !/\.debug/ }
/^Symbol table / { table = 1 }

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
symbol ~ /^_GLOBAL__(sub_)?I[_.]|^__cxx_global_var_init/ { variable = symbol }
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

# .init_array.00099 and .ctors.65436: up to 100
function is_the_compilers(section)
{
	if (section !~ /\.[0-9]+$/)
		return 0
	priority = section
	sub(/.*\./, "", priority)
	return (section ~ /^\.[cd]tors/ ? 65535 - priority : priority + 0) <= 100
}

# Only here, as a variable that also registers a destructor has a better reason.
END {
	if (refused)
		exit 1
	symbol = constructor ? variable ? variable : constructor : destructor
	if (constructor && variable)
		refuse("a static variable needs a constructor at run time, and modules run none: make it constinit")
	if (constructor)
		refuse("a function that is to run before others, and modules run none: call it from module_init()")
	if (destructor)
		refuse("a function that is to run at exit, and modules run none: call it from module_exit()")
}
