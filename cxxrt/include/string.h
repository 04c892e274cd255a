// SPDX-License-Identifier: GPL-2.0
//
// The kernel's own functions, which its modules may call. Left out is what the kernel does not have
// (strcoll, strtok, strerror) or has taken away, as strcpy and strncpy were: use strscpy(), or a
// std::string_view.
#pragma once

#include <stddef.h>

extern "C" {
void *memcpy(void *to, const void *from, size_t count);
void *memmove(void *to, const void *from, size_t count);
void *memset(void *to, int byte, size_t count);
int memcmp(const void *a, const void *b, size_t count);
size_t strlen(const char *text);
size_t strnlen(const char *text, size_t most);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t most);
size_t strspn(const char *text, const char *set);
size_t strcspn(const char *text, const char *set);
}

// C++ has two of each: what is const stays const.
#define CXXRT_TWO(name, last)                                                                      \
	extern "C++" inline const char *name(const char *text, last x)                             \
	{                                                                                          \
		return __builtin_##name(text, x);                                                  \
	}                                                                                          \
	extern "C++" inline char *name(char *text, last x)                                         \
	{                                                                                          \
		return __builtin_##name(text, x);                                                  \
	}
CXXRT_TWO(strchr, int)
CXXRT_TWO(strrchr, int)
CXXRT_TWO(strpbrk, const char *)
CXXRT_TWO(strstr, const char *)
#undef CXXRT_TWO
inline const void *memchr(const void *memory, int byte, size_t count)
{
	return __builtin_memchr(memory, byte, count);
}
inline void *memchr(void *memory, int byte, size_t count)
{
	return __builtin_memchr(memory, byte, count);
}
