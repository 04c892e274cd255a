// SPDX-License-Identifier: GPL-2.0
#pragma once

typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
typedef decltype(nullptr) nullptr_t;
// As aligned as any scalar is. No name of a floating type: the kernel's C++ refuses these words.
struct max_align_t {
	alignas(long long) long long integer;
	alignas(decltype(0.0L)) char bytes[alignof(decltype(0.0L))];
};

#ifndef NULL
#define NULL __null
#endif
#ifndef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)
#endif
