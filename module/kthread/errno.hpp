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

#include <expected>

#include "bridge/bridge.h"

namespace kthread
{
// A negative errno, as the kernel's functions return it. It may be any of them, and is never 0; these
// have names here.
enum class errno_t : int {
	ESRCH = -BRIDGE_ESRCH,
	EINTR = -BRIDGE_EINTR,
	EAGAIN = -BRIDGE_EAGAIN,
	ENOMEM = -BRIDGE_ENOMEM,
	EBUSY = -BRIDGE_EBUSY,
	EINVAL = -BRIDGE_EINVAL,
	EPIPE = -BRIDGE_EPIPE,
	EDEADLK = -BRIDGE_EDEADLK,
	ETIMEDOUT = -BRIDGE_ETIMEDOUT,
	ECANCELED = -BRIDGE_ECANCELED,
	ERESTARTSYS = -BRIDGE_ERESTARTSYS,
};
} // namespace kthread

template <>
inline constexpr bool cxxrt::never_zero<kthread::errno_t> = true;

namespace kthread
{

// What a call that can fail gives; a result<void> is an int in a register.
template <class T>
using result = std::expected<T, errno_t>;

// For the way back into C: 0 or the negative errno.
template <class T>
[[nodiscard]] constexpr int to_errno(const result<T> &r)
{
	return r ? 0 : static_cast<int>(r.error());
}
} // namespace kthread
