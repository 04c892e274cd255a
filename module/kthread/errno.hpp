// SPDX-License-Identifier: GPL-2.0
//
// Errors are values:
//
//	kthread::result<int> half(int n)
//	{
//		if (n % 2)
//			return std::unexpected(kthread::errno_t::EINVAL);
//		return n / 2;
//	}
#pragma once

#include <cxxrt/errno.hpp>

namespace kthread
{
// A negative errno, and what a call that can fail gives.
using cxxrt::errno_t;
using cxxrt::result;

// Turns a result into what C functions return: 0 or the negative errno. Context: any. Implemented with
// has_value() and error().
template <class T>
[[nodiscard]] constexpr int to_errno(const result<T> &r)
{
	return r ? 0 : static_cast<int>(r.error());
}

// For the library: turns what a C function returned, 0 or a negative errno, into a result.
[[nodiscard]] constexpr result<void> to_result(int error)
{
	if (error)
		return std::unexpected(static_cast<errno_t>(error));
	return {};
}
} // namespace kthread
