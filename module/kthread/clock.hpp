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
// A duration of any unit, as nanoseconds. Functions that wait take one. A duration that is too long for
// 64 bits of nanoseconds becomes the longest one that fits; a part of a nanosecond counts as a whole one, so
// that no wait is too short. Context: any. Lifetime: it is a value.
// Implemented with std::chrono.
class timeout
{
public:
	// Converts the duration.
	template <class Rep, class Period>
	constexpr timeout(std::chrono::duration<Rep, Period> duration) noexcept
		: nanoseconds_(convert(duration))
	{
	}
	// The duration in nanoseconds.
	[[nodiscard]] constexpr std::chrono::nanoseconds get() const noexcept
	{
		return nanoseconds_;
	}

private:
	using longest = std::chrono::nanoseconds;

	template <class Rep, class Period>
	static constexpr longest convert(std::chrono::duration<Rep, Period> duration) noexcept
	{
		using factor = std::ratio_divide<Period, std::nano>;
		longest::rep count;

		if (__builtin_mul_overflow(duration.count(), factor::num, &count))
			return duration.count() < 0 ? -longest::max() : longest::max();
		return longest(count / factor::den + (count % factor::den > 0));
	}

	std::chrono::nanoseconds nanoseconds_;
};

// For the library: how much later a sleep may end, as the kernel takes it. A negative time is none.
constexpr unsigned long long slack_of(timeout slack)
{
	const auto count = slack.get().count();

	return count > 0 ? static_cast<unsigned long long>(count) : 0;
}
inline constexpr std::chrono::nanoseconds no_slack{0};

// The kernel's monotonic clock, which stands still while the system is suspended. Wraps ktime_get().
// Lifetime: nobody creates one; all members are static.
struct steady_clock {
	using duration = std::chrono::nanoseconds;
	using rep = duration::rep;
	using period = duration::period;
	using time_point = std::chrono::time_point<steady_clock>;
	static constexpr bool is_steady = true;

	// Context: hard interrupt. Wraps ktime_get().
	[[nodiscard]] static time_point now() noexcept { return time_point(duration(ktime_get())); }

	// Adds time to start. The result is time_point::max() if it would be later than that. A negative time
	// gives an earlier point. Context: any.
	[[nodiscard]] static constexpr time_point after(time_point start, timeout time) noexcept
	{
		rep end;

		if (__builtin_add_overflow(start.time_since_epoch().count(), time.get().count(),
					   &end))
			return time.get() < duration::zero() ? time_point(-duration::max())
							     : time_point::max();
		return time_point(duration(end));
	}
};
} // namespace kthread
