/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Read before each C++ file: the words of C++ that have no meaning in a kernel, refused where they
 * stand. What only the object shows is refused by Makefile.cxx.
 */
#define CXXRT_REFUSE(why) _Pragma(#why)

#define throw CXXRT_REFUSE(GCC error "throw: the kernel has no exceptions, return std::expected")
#define try CXXRT_REFUSE(GCC error "try: the kernel has no exceptions, test std::expected")
#define catch CXXRT_REFUSE(GCC error "catch: the kernel has no exceptions, test std::expected") if
#define dynamic_cast                                                                               \
	CXXRT_REFUSE(GCC error "dynamic_cast: the kernel has no run-time type information")        \
	static_cast
#define typeid CXXRT_REFUSE(GCC error "typeid: the kernel has no run-time type information") sizeof
#define float CXXRT_REFUSE(GCC error "float: a kernel thread does not own the FPU") float
#define double CXXRT_REFUSE(GCC error "double: a kernel thread does not own the FPU") double
