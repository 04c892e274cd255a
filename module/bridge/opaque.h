/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Room for an object of C++ in a struct that C code has, too: so many bytes. kthread/opaque.hpp
 * says how C++ uses it, and refuses one that is too small.
 */
#ifndef KTHREADXX_OPAQUE_H
#define KTHREADXX_OPAQUE_H

#define KTHREADXX_OPAQUE(name, bytes)                                                              \
	unsigned long name[((bytes) + sizeof(unsigned long) - 1) / sizeof(unsigned long)]

#endif
