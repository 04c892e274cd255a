// SPDX-License-Identifier: GPL-2.0
//
// The kernel's assertions. Both take $(cxxrt-kernel-objs).
#pragma once

#include <cxxrt/kernel_words.hpp>

namespace cxxrt
{
[[gnu::always_inline]] inline bool warn_on(bool condition, const char *text, const char *file,
					   int line)
{
	if (__builtin_expect(condition, false))
		cxxrt_warn(file, line, text);
	return condition;
}
} // namespace cxxrt

// The condition, and if it holds, a warning with where it stands and a call trace. From any context:
//
//	if (warn_on(!buffer))
//		return -EINVAL;
#define warn_on(...) cxxrt::warn_on(bool(__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__)
// The same, at most once for each place.
#define warn_on_once(...)                                                                          \
	__extension__({                                                                            \
		static constinit bool cxxrt_warned = false;                                        \
		const bool cxxrt_holds = bool(__VA_ARGS__);                                        \
		if (__builtin_expect(cxxrt_holds, false) &&                                        \
		    !__atomic_exchange_n(&cxxrt_warned, true, __ATOMIC_RELAXED))                   \
			cxxrt_warn(__FILE__, __LINE__, #__VA_ARGS__);                              \
		cxxrt_holds;                                                                       \
	})
// Says that a function may sleep: a debug kernel warns where it is called and may not.
#define might_sleep() cxxrt_might_sleep(__FILE__, __LINE__)
