// SPDX-License-Identifier: GPL-2.0
//
// Clocks for libstdc++'s tests of times, which ask for their types and seldom for the time.
#pragma once

#include <chrono>

namespace std::chrono
{
struct system_clock {
	using duration = nanoseconds;
	using rep = duration::rep;
	using period = duration::period;
	using time_point = chrono::time_point<system_clock>;
	static constexpr bool is_steady = false;

	static time_point now() noexcept
	{
		static rep ticks;
		return time_point(duration(++ticks));
	}
};
struct steady_clock {
	using duration = nanoseconds;
	using rep = duration::rep;
	using period = duration::period;
	using time_point = chrono::time_point<steady_clock>;
	static constexpr bool is_steady = true;

	static time_point now() noexcept
	{
		static rep ticks;
		return time_point(duration(++ticks));
	}
};
using high_resolution_clock = system_clock;
} // namespace std::chrono
