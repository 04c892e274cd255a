// SPDX-License-Identifier: GPL-2.0
//
// The kernel's assertions, as macros that name the place. They take $(cxxrt-kernel-objs):
//
//	cxxrt::result<int> first_byte(const char *buffer)
//	{
//		might_sleep();
//		if (warn_on(!buffer))
//			return std::unexpected(cxxrt::errno_t::EINVAL);
//		return buffer[0];
//	}
#pragma once

#include <cxxrt/kernel_words.hpp>

namespace cxxrt
{
// For the library: the macro of this name calls it.
[[gnu::always_inline]] inline bool warn_on(bool condition, const char *text, const char *file,
					   int line)
{
	if (__builtin_expect(condition, false))
		cxxrt_warn(file, line, text);
	return condition;
}
} // namespace cxxrt

// Gives the condition. If the condition holds, the kernel prints a warning with file, line and call trace.
// Context: any. Wraps WARN_ON().
#define warn_on(...) cxxrt::warn_on(bool(__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__)
// The macro does what warn_on() does, and each place in the source prints at most once. Context: any. Wraps
// WARN_ON_ONCE().
#define warn_on_once(...)                                                                          \
	__extension__({                                                                            \
		static constinit bool cxxrt_warned = false;                                        \
		const bool cxxrt_holds = bool(__VA_ARGS__);                                        \
		if (__builtin_expect(cxxrt_holds, false) &&                                        \
		    !__atomic_exchange_n(&cxxrt_warned, true, __ATOMIC_RELAXED))                   \
			cxxrt_warn(__FILE__, __LINE__, #__VA_ARGS__);                              \
		cxxrt_holds;                                                                       \
	})
// Says that the calling function may sleep. A debug kernel warns if the caller must not sleep. Context: may
// sleep. Wraps might_sleep().
#define might_sleep() cxxrt_might_sleep(__FILE__, __LINE__)
