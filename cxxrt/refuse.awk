# SPDX-License-Identifier: GPL-2.0
# Reads nm's list of a C++ object and refuses what compiles but could not run in a kernel: code that
# nobody would call, and symbols of a C++ runtime that is not there.

{ symbol = $NF }

symbol ~ /^__cxa_guard_/ {
	refuse("a static local variable needs a constructor at run time: make it constinit")
}
symbol ~ /^(__cxa_atexit|atexit|__dso_handle)$/ {
	refuse("a static variable needs a destructor at exit, and modules run none")
}
# KASAN and gcov bring constructors of their own, under other names.
symbol ~ /^_GLOBAL__(sub_)?I[_.]|^__cxx_global_var_init/ {
	refuse("a static variable needs a constructor at run time, and modules run none: make it constinit")
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
symbol ~ /^(_ZN?K?St|__cxa_|__gxx_)/ && $(NF - 1) == "U" &&
    symbol != "__cxa_pure_virtual" && symbol != "_ZSt7nothrow" {
	refuse("a function of the C++ library that cxxrt does not have")
}

function refuse(why)
{
	print file ": error: " why " (" symbol ")"
	refused = 1
	exit
}

END { exit refused }
