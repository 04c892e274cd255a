// SPDX-License-Identifier: GPL-2.0
//
// The time that deadlines are made of:
//
//	bool is_late(kthread::steady_clock::time_point due)
//	{
//		return kthread::steady_clock::now() - due > 10ms;
//	}
#pragma once

#include <chrono>

#include "bridge/bridge.h"

namespace kthread
{
// The kernel's monotonic clock: it stands still while the system is suspended.
struct steady_clock {
	using duration = std::chrono::nanoseconds;
	using rep = duration::rep;
	using period = duration::period;
	using time_point = std::chrono::time_point<steady_clock>;
	static constexpr bool is_steady = true;

	// From any context. Stands on ktime_get().
	[[nodiscard]] static time_point now() noexcept { return time_point(duration(ktime_get())); }

	// The end of a time that begins there, or the end of all times.
	[[nodiscard]] static constexpr time_point after(time_point start, duration time) noexcept
	{
		return time > time_point::max() - start ? time_point::max() : start + time;
	}
};
} // namespace kthread
