// SPDX-License-Identifier: GPL-2.0
//
// time_point, and the literals of durations, of <chrono>.
#pragma once

namespace std::chrono
{
// A time of a clock, as the duration since its beginning.
template <class Clock, class Duration>
class time_point
{
	static_assert(cxxrt::is_duration<Duration>);

public:
	using clock = Clock;
	using duration = Duration;
	using rep = typename Duration::rep;
	using period = typename Duration::period;

	constexpr time_point() : since_(duration::zero()) {}
	explicit constexpr time_point(const duration &since) : since_(since) {}
	template <class Duration2>
		requires is_convertible_v<Duration2, Duration>
	constexpr time_point(const time_point<Clock, Duration2> &t) : since_(t.time_since_epoch())
	{
	}

	[[nodiscard]] constexpr duration time_since_epoch() const { return since_; }
	[[nodiscard]] static constexpr time_point min() noexcept
	{
		return time_point(duration::min());
	}
	[[nodiscard]] static constexpr time_point max() noexcept
	{
		return time_point(duration::max());
	}

	constexpr time_point &operator++()
	{
		++since_;
		return *this;
	}
	constexpr time_point operator++(int) { return time_point(since_++); }
	constexpr time_point &operator--()
	{
		--since_;
		return *this;
	}
	constexpr time_point operator--(int) { return time_point(since_--); }
	constexpr time_point &operator+=(const duration &d)
	{
		since_ += d;
		return *this;
	}
	constexpr time_point &operator-=(const duration &d)
	{
		since_ -= d;
		return *this;
	}

private:
	duration since_;
};

template <class Clock, class D1, class R2, class P2, class C = common_type_t<D1, duration<R2, P2>>>
constexpr time_point<Clock, C> operator+(const time_point<Clock, D1> &t, const duration<R2, P2> &d)
{
	return time_point<Clock, C>(t.time_since_epoch() + d);
}
template <class R1, class P1, class Clock, class D2, class C = common_type_t<duration<R1, P1>, D2>>
constexpr time_point<Clock, C> operator+(const duration<R1, P1> &d, const time_point<Clock, D2> &t)
{
	return time_point<Clock, C>(d + t.time_since_epoch());
}
template <class Clock, class D1, class R2, class P2, class C = common_type_t<D1, duration<R2, P2>>>
constexpr time_point<Clock, C> operator-(const time_point<Clock, D1> &t, const duration<R2, P2> &d)
{
	return time_point<Clock, C>(t.time_since_epoch() - d);
}
template <class Clock, class D1, class D2>
constexpr common_type_t<D1, D2> operator-(const time_point<Clock, D1> &a,
					  const time_point<Clock, D2> &b)
{
	return a.time_since_epoch() - b.time_since_epoch();
}
#define CXXRT_COMPARE(op)                                                                          \
	template <class Clock, class D1, class D2>                                                 \
	constexpr bool operator op(const time_point<Clock, D1> &a, const time_point<Clock, D2> &b) \
	{                                                                                          \
		return a.time_since_epoch() op b.time_since_epoch();                               \
	}
CXXRT_COMPARE(==)
CXXRT_COMPARE(<)
CXXRT_COMPARE(>)
CXXRT_COMPARE(<=)
CXXRT_COMPARE(>=)
#undef CXXRT_COMPARE
template <class Clock, class D1, three_way_comparable_with<D1> D2>
constexpr auto operator<=>(const time_point<Clock, D1> &a, const time_point<Clock, D2> &b)
{
	return a.time_since_epoch() <=> b.time_since_epoch();
}

#define CXXRT_CAST(name, function)                                                                 \
	template <class To, class Clock, class D>                                                  \
		requires cxxrt::is_duration<To>                                                    \
	[[nodiscard]] constexpr auto name(const time_point<Clock, D> &t)                           \
		->decltype(time_point<Clock, To>(chrono::function<To>(t.time_since_epoch())))      \
	{                                                                                          \
		return time_point<Clock, To>(chrono::function<To>(t.time_since_epoch()));          \
	}
CXXRT_CAST(time_point_cast, duration_cast)
CXXRT_CAST(floor, floor)
CXXRT_CAST(ceil, ceil)
CXXRT_CAST(round, round)
#undef CXXRT_CAST
} // namespace std::chrono

#pragma GCC diagnostic push
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wuser-defined-literals"
#else
#pragma GCC diagnostic ignored "-Wliteral-suffix"
#endif
namespace std
{
inline namespace literals
{
inline namespace chrono_literals
{
// A literal that does not fit is no constant, and so no literal.
#define CXXRT_LITERAL(suffix, type)                                                                \
	[[nodiscard]] consteval chrono::type operator""##suffix(unsigned long long n)              \
	{                                                                                          \
		if (n > static_cast<unsigned long long>(chrono::type::max().count()))              \
			__builtin_trap();                                                          \
		return chrono::type(static_cast<chrono::type::rep>(n));                            \
	}
CXXRT_LITERAL(h, hours)
CXXRT_LITERAL(min, minutes)
CXXRT_LITERAL(s, seconds)
CXXRT_LITERAL(ms, milliseconds)
CXXRT_LITERAL(us, microseconds)
CXXRT_LITERAL(ns, nanoseconds)
#undef CXXRT_LITERAL
} // namespace chrono_literals
} // namespace literals
} // namespace std
#pragma GCC diagnostic pop

namespace std::chrono
{
using namespace literals::chrono_literals;
}
