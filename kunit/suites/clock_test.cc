// SPDX-License-Identifier: GPL-2.0
#include "kthread/clock.hpp"

#include "fixture.hpp"

using time_point = steady_clock::time_point;

void clock_goes_on(kunit *test)
{
	const auto start = steady_clock::now();

	kunit_bridge_sleep_ms(5);
	KUNIT_EXPECT_TRUE(test, steady_clock::now() - start >= 4ms);
}

void clock_deadline_is_never_before_its_start(kunit *test)
{
	constexpr auto longest = std::chrono::nanoseconds::max();
	constexpr time_point start(5s);

	KUNIT_EXPECT_TRUE(test, steady_clock::after(start, 2s) == time_point(7s));
	KUNIT_EXPECT_TRUE(test, steady_clock::after(start, longest) == time_point::max());
	KUNIT_EXPECT_TRUE(test, steady_clock::after(start, -2s) == time_point(3s));
	KUNIT_EXPECT_TRUE(test, steady_clock::after(start, -longest) < start);
}
