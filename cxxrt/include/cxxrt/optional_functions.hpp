// SPDX-License-Identifier: GPL-2.0
//
// Comparisons, swap and make_optional, of <optional>. None is less than any value.
#pragma once

namespace std
{
#define CXXRT_COMPARE(op, both, ...)                                                               \
	template <class T, class U>                                                                \
		requires requires(const T &t, const U &u)                                          \
		{                                                                                  \
			{                                                                          \
				t op u                                                             \
				} -> convertible_to<bool>;                                         \
		}                                                                                  \
	[[nodiscard]] constexpr bool operator op(const optional<T> &a, const optional<U> &b)       \
	{                                                                                          \
		return both ? *a op * b : __VA_ARGS__;                                             \
	}
CXXRT_COMPARE(==, a &&b, bool(a) == bool(b))
CXXRT_COMPARE(!=, a &&b, bool(a) != bool(b))
CXXRT_COMPARE(<, a &&b, !a && b)
CXXRT_COMPARE(>, a &&b, a && !b)
CXXRT_COMPARE(<=, a &&b, !a)
CXXRT_COMPARE(>=, a &&b, !b)
#undef CXXRT_COMPARE
template <class T, three_way_comparable_with<T> U>
[[nodiscard]] constexpr compare_three_way_result_t<T, U> operator<=>(const optional<T> &a,
								     const optional<U> &b)
{
	return a && b ? *a <=> *b : bool(a) <=> bool(b);
}
template <class T>
[[nodiscard]] constexpr bool operator==(const optional<T> &a, nullopt_t) noexcept
{
	return !a;
}
template <class T>
[[nodiscard]] constexpr strong_ordering operator<=>(const optional<T> &a, nullopt_t) noexcept
{
	return bool(a) <=> false;
}

#define CXXRT_COMPARE(op, without, reversed)                                                       \
	template <class T, class U>                                                                \
		requires(!cxxrt::is_specialization<U, optional> &&                                 \
			 requires(const T &t, const U &u) {                                        \
				 {                                                                 \
					 t op u                                                    \
					 } -> convertible_to<bool>;                                \
			 })                                                                        \
	[[nodiscard]] constexpr bool operator op(const optional<T> &a, const U &b)                 \
	{                                                                                          \
		return a ? *a op b : without;                                                      \
	}                                                                                          \
	template <class T, class U>                                                                \
		requires(!cxxrt::is_specialization<T, optional> &&                                 \
			 requires(const T &t, const U &u) {                                        \
				 {                                                                 \
					 t op u                                                    \
					 } -> convertible_to<bool>;                                \
			 })                                                                        \
	[[nodiscard]] constexpr bool operator op(const T &a, const optional<U> &b)                 \
	{                                                                                          \
		return b ? a op * b : reversed;                                                    \
	}
CXXRT_COMPARE(==, false, false)
CXXRT_COMPARE(!=, true, true)
CXXRT_COMPARE(<, true, false)
CXXRT_COMPARE(>, false, true)
CXXRT_COMPARE(<=, true, false)
CXXRT_COMPARE(>=, false, true)
#undef CXXRT_COMPARE
} // namespace std

namespace cxxrt
{
// It also takes a class that derives from an optional.
template <class T>
void optional_base(const std::optional<T> *);
template <class T>
concept is_optional = requires(const T *p)
{
	cxxrt::optional_base(p);
};
} // namespace cxxrt

namespace std
{
template <class T, class U>
	requires(!cxxrt::is_optional<U> && three_way_comparable_with<T, U>)
[[nodiscard]] constexpr compare_three_way_result_t<T, U> operator<=>(const optional<T> &a,
								     const U &b)
{
	return a ? *a <=> b : strong_ordering::less;
}

template <class T>
	requires(is_move_constructible_v<T> &&is_swappable_v<T>)
constexpr void swap(optional<T> &a, optional<T> &b) noexcept(noexcept(a.swap(b)))
{
	a.swap(b);
}
template <class T>
	requires(!is_move_constructible_v<T> || !is_swappable_v<T>)
void swap(optional<T> &, optional<T> &) = delete;

template <class T>
[[nodiscard]] constexpr optional<decay_t<T>>
make_optional(T &&value) noexcept(is_nothrow_constructible_v<decay_t<T>, T>)
{
	return optional<decay_t<T>>(std::forward<T>(value));
}
template <class T, class... Args>
	requires is_constructible_v<T, Args...>
[[nodiscard]] constexpr optional<T>
make_optional(Args &&...args) noexcept(is_nothrow_constructible_v<T, Args...>)
{
	return optional<T>(in_place, std::forward<Args>(args)...);
}
template <class T, class U, class... Args>
	requires is_constructible_v < T, initializer_list<U>
&, Args... > [[nodiscard]] constexpr optional<T>
	     make_optional(initializer_list<U> list, Args &&...args) noexcept(
		     is_nothrow_constructible_v<T, initializer_list<U> &, Args...>)
{
	return optional<T>(in_place, list, std::forward<Args>(args)...);
}
} // namespace std
