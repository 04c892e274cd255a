// SPDX-License-Identifier: GPL-2.0
#include <chrono>
#include <cstdint>
#include <ratio>
#include <type_traits>

#include "kunit.hpp"

namespace
{
static_assert([] {
	using namespace std::chrono;
	return 1s;
}() == std::chrono::seconds(1));

using namespace std::chrono_literals;
using std::chrono::duration_cast, std::chrono::duration;
using std::chrono::nanoseconds, std::chrono::microseconds, std::chrono::milliseconds,
	std::chrono::seconds, std::chrono::minutes, std::chrono::hours;

static_assert(std::ratio<6, 4>::num == 3 && std::ratio<6, 4>::den == 2);
static_assert(std::is_same_v<std::ratio<6, 4>::type, std::ratio<3, 2>>);
static_assert(std::is_same_v<std::ratio_divide<std::milli, std::nano>, std::ratio<1000000>>);
static_assert(std::is_same_v<duration<int, std::ratio<6, 4>>::period, std::ratio<3, 2>>);

// To a finer unit always, to a coarser one never, and not from a number.
static_assert(std::is_convertible_v<hours, nanoseconds>);
static_assert(std::is_convertible_v<seconds, milliseconds>);
static_assert(std::is_convertible_v<duration<short>, seconds>);
static_assert(!std::is_constructible_v<seconds, milliseconds>);
static_assert(!std::is_constructible_v<hours, minutes>);
static_assert(!std::is_constructible_v<duration<int, std::ratio<2>>, duration<int, std::ratio<3>>>);
static_assert(!std::is_convertible_v<int, seconds> && std::is_constructible_v<seconds, int>);
static_assert(!std::is_convertible_v<seconds, int> && !std::is_constructible_v<seconds, char *>);

template <class A, class B>
concept can_add = requires(A a, B b)
{
	a + b;
};
template <class A, class B>
concept can_multiply = requires(A a, B b)
{
	a *b;
};
template <class A, class B>
concept can_compare = requires(A a, B b)
{
	a < b;
};
static_assert(can_add<seconds, hours> && !can_add<seconds, int> && !can_add<int, seconds>);
static_assert(can_multiply<int, seconds> && can_multiply<seconds, int>);
static_assert(!can_multiply<seconds, seconds>);
static_assert(can_compare<seconds, hours> && !can_compare<seconds, int>);

// The units of results.
static_assert(std::is_same_v<decltype(1s + 1ms), milliseconds>);
static_assert(std::is_same_v<decltype(1ns - 1h), nanoseconds>);
static_assert(std::is_same_v<std::common_type_t<minutes, seconds>, seconds>);
// And their numbers: as wide as the wider, no wider.
static_assert(std::is_same_v<decltype(duration<int>(1) * 2ll), duration<long long>>);
static_assert(std::is_same_v<decltype(2ll * duration<int>(1)), duration<long long>>);
static_assert(std::is_same_v<decltype(duration<int>(1) / 2ll), duration<long long>>);
static_assert(std::is_same_v<decltype(duration<short>(1) + duration<short>(1)), duration<short>>);
static_assert(std::is_same_v<decltype(duration<short>(1) / duration<short>(1)), short>);
static_assert(std::is_same_v<decltype(3s / 1s), seconds::rep>);

static_assert(hours(1) == 3600s && 2h == 120min && 1min == 60s && 1s == 1000ms);
static_assert(1ms == 1000us && 1us == 1000ns && 1s == 1000000000ns);
static_assert(1s != 1ms && 1s < 1001ms && 1001ms > 1s && 1s <= 1000ms && 1000ms >= 1s);
static_assert(-1s < 0ns && !(1s < 1000ms) && !(1s > 1000ms) && !(1001ms <= 1s) && !(999ms >= 1s));

// In the wider of the two numbers, or this would overflow.
static_assert(milliseconds(duration<int>(3000000)).count() == 3000000000);
static_assert(duration_cast<duration<int, std::ratio<60>>>(3600000000000ns).count() == 60);
static_assert((duration<int>(2000000000) * 4ll).count() == 8000000000);

constexpr seconds changed_in_place()
{
	seconds d = 10s;
	d += 1min;
	d -= 20s;
	d *= 3;
	d /= 4;
	return d;
}
static_assert(changed_in_place() == 37s);

// A number that the compiler does not know, and so leaves the rest to the code.
std::int64_t unknown(std::int64_t n)
{
	volatile std::int64_t hidden = n;
	return hidden;
}
} // namespace

void chrono_casts_truncate_towards_zero(kunit *test)
{
	KUNIT_EXPECT_EQ(test, duration_cast<seconds>(1999ms).count(), 1);
	KUNIT_EXPECT_EQ(test, duration_cast<seconds>(-1999ms).count(), -1);
	KUNIT_EXPECT_EQ(test, duration_cast<seconds>(999ms).count(), 0);
	KUNIT_EXPECT_EQ(test, duration_cast<hours>(7199s).count(), 1);
}

void chrono_casts_between_units_that_do_not_divide(kunit *test)
{
	using thirds = duration<std::int64_t, std::ratio<1, 3>>;
	using halves = duration<std::int64_t, std::ratio<1, 2>>;
	KUNIT_EXPECT_EQ(test, duration_cast<thirds>(halves(3)).count(), 4);
	KUNIT_EXPECT_EQ(test, duration_cast<halves>(thirds(-4)).count(), -2);
}

void chrono_converts_without_loss(kunit *test)
{
	nanoseconds d = -2min;
	KUNIT_EXPECT_EQ(test, d.count(), -120000000000);
	d = 3us;
	KUNIT_EXPECT_EQ(test, d.count(), 3000);
}

void chrono_adds_in_the_finer_unit(kunit *test)
{
	KUNIT_EXPECT_EQ(test, (1s + 500ms).count(), 1500);
	KUNIT_EXPECT_EQ(test, (1s - 1500ms).count(), -500);
	KUNIT_EXPECT_EQ(test, (-(3s)).count(), -3);
}

void chrono_multiplies_and_divides(kunit *test)
{
	KUNIT_EXPECT_EQ(test, (3 * 2s).count(), 6);
	KUNIT_EXPECT_EQ(test, (2s * 3).count(), 6);
	KUNIT_EXPECT_EQ(test, (7s / 2).count(), 3);
	KUNIT_EXPECT_EQ(test, 7s / 2000ms, 3);
	KUNIT_EXPECT_EQ(test, -7s / 2s, -3);
}

void chrono_computes_the_same_at_run_time(kunit *test)
{
	const seconds d(unknown(7));
	KUNIT_EXPECT_EQ(test, (d / 2).count(), 3);
	KUNIT_EXPECT_EQ(test, (-d / unknown(2)).count(), -3);
	KUNIT_EXPECT_EQ(test, (d * 3).count(), 21);
	KUNIT_EXPECT_EQ(test, (unknown(-3) * d).count(), -21);
	KUNIT_EXPECT_EQ(test, d / 2000ms, 3);
	KUNIT_EXPECT_EQ(test, (d + 1ms).count(), 7001);
	KUNIT_EXPECT_EQ(test, (1min - d).count(), 53);
	KUNIT_EXPECT_EQ(test, duration_cast<minutes>(10 * d).count(), 1);
	KUNIT_EXPECT_TRUE(test, d > 6999ms && d >= 7000ms && d <= 7s && d < 1min && d != 1s);
}

void chrono_zero_is_nothing(kunit *test)
{
	KUNIT_EXPECT_EQ(test, seconds::zero().count(), 0);
	KUNIT_EXPECT_EQ(test, nanoseconds{}.count(), 0);
}
