// SPDX-License-Identifier: GPL-2.0
//
// All errnos as a type, and the result of a function that can fail:
//
//	cxxrt::result<int> half(int n)
//	{
//		if (n % 2)
//			return std::unexpected(cxxrt::errno_t::EINVAL);
//		return n / 2;
//	}
#pragma once

#include <cxxrt/errnos.h>
#include <expected>

namespace cxxrt
{
// A negative errno, as the kernel's functions return it. It is never 0. Lifetime: a value.
enum class errno_t : int {
#define CXXRT_ENUMERATOR(name, value) name = -(value),
	CXXRT_ERRNOS(CXXRT_ENUMERATOR)
#undef CXXRT_ENUMERATOR
};
template <>
inline constexpr bool never_zero<errno_t> = true;

// A function that can fail returns a result: a value, or a negative errno. A result<void> is an int in a register.
// Lifetime: a value.
template <class T>
using result = std::expected<T, errno_t>;
} // namespace cxxrt
