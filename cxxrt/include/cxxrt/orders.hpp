// SPDX-License-Identifier: GPL-2.0
//
// strong_order, weak_order, partial_order and their fallbacks, of <compare>; and the comparison that
// pairs, tuples and their like make of < where there is no <=>.
#pragma once

namespace cxxrt
{
// Called by a pair and its like for each element.
struct synth_three_way {
	template <class T, class U>
	constexpr auto operator()(const T &t, const U &u) const
		noexcept(noexcept(t < u)) requires requires
	{
		{
			t < u
			} -> boolean_testable;
		{
			u < t
			} -> boolean_testable;
	}
	{
		if constexpr (std::three_way_comparable_with<T, U>)
			return t <=> u;
		else
			return t < u   ? std::weak_ordering::less
			       : u < t ? std::weak_ordering::greater
				       : std::weak_ordering::equivalent;
	}
};
template <class T, class U = T>
using synth_three_way_result = decltype(synth_three_way{}(std::declval<T &>(),
							  std::declval<U &>()));
} // namespace cxxrt

// A namespace of its own, where only an argument's function is found by its bare name.
namespace cxxrt_orders
{
void strong_order() = delete;
void weak_order() = delete;
void partial_order() = delete;

// The argument's own function, else its <=>, as far as the result has this category.
#define CXXRT_OWN(name, ordering)                                                                  \
	template <class T, class U>                                                                \
	concept own_##name = requires(T && t, U && u)                                              \
	{                                                                                          \
		std::ordering(name(static_cast<T &&>(t), static_cast<U &&>(u)));                   \
	};                                                                                         \
	template <class T, class U>                                                                \
	concept by_##ordering = requires(T && t, U && u)                                           \
	{                                                                                          \
		std::ordering(                                                                     \
			std::compare_three_way()(static_cast<T &&>(t), static_cast<U &&>(u)));     \
	};
CXXRT_OWN(strong_order, strong_ordering)
CXXRT_OWN(weak_order, weak_ordering)
CXXRT_OWN(partial_order, partial_ordering)
#undef CXXRT_OWN

template <class T, class U>
concept same = std::same_as<std::decay_t<T>, std::decay_t<U>>;

struct strong_function {
	template <class T, class U>
		requires(same<T, U> && (own_strong_order<T, U> || by_strong_ordering<T, U>))
	constexpr std::strong_ordering operator()(T &&t, U &&u) const noexcept([] {
		if constexpr (own_strong_order<T, U>)
			return noexcept(std::strong_ordering(
				strong_order(std::declval<T>(), std::declval<U>())));
		else
			return noexcept(
				std::compare_three_way()(std::declval<T>(), std::declval<U>()));
	}())
	{
		if constexpr (own_strong_order<T, U>)
			return std::strong_ordering(
				strong_order(static_cast<T &&>(t), static_cast<U &&>(u)));
		else
			return std::compare_three_way()(static_cast<T &&>(t), static_cast<U &&>(u));
	}
};
inline constexpr strong_function strong{};

struct weak_function {
	template <class T, class U>
		requires(same<T, U> && (own_weak_order<T, U> || by_weak_ordering<T, U> ||
					std::is_invocable_v<strong_function, T, U>))
	constexpr std::weak_ordering operator()(T &&t, U &&u) const noexcept([] {
		if constexpr (own_weak_order<T, U>)
			return noexcept(std::weak_ordering(
				weak_order(std::declval<T>(), std::declval<U>())));
		else if constexpr (by_weak_ordering<T, U>)
			return noexcept(
				std::compare_three_way()(std::declval<T>(), std::declval<U>()));
		else
			return noexcept(strong(std::declval<T>(), std::declval<U>()));
	}())
	{
		if constexpr (own_weak_order<T, U>)
			return std::weak_ordering(
				weak_order(static_cast<T &&>(t), static_cast<U &&>(u)));
		else if constexpr (by_weak_ordering<T, U>)
			return std::compare_three_way()(static_cast<T &&>(t), static_cast<U &&>(u));
		else
			return strong(static_cast<T &&>(t), static_cast<U &&>(u));
	}
};
inline constexpr weak_function weak{};

struct partial_function {
	template <class T, class U>
		requires(same<T, U> && (own_partial_order<T, U> || by_partial_ordering<T, U> ||
					std::is_invocable_v<weak_function, T, U>))
	constexpr std::partial_ordering operator()(T &&t, U &&u) const noexcept([] {
		if constexpr (own_partial_order<T, U>)
			return noexcept(std::partial_ordering(
				partial_order(std::declval<T>(), std::declval<U>())));
		else if constexpr (by_partial_ordering<T, U>)
			return noexcept(
				std::compare_three_way()(std::declval<T>(), std::declval<U>()));
		else
			return noexcept(weak(std::declval<T>(), std::declval<U>()));
	}())
	{
		if constexpr (own_partial_order<T, U>)
			return std::partial_ordering(
				partial_order(static_cast<T &&>(t), static_cast<U &&>(u)));
		else if constexpr (by_partial_ordering<T, U>)
			return std::compare_three_way()(static_cast<T &&>(t), static_cast<U &&>(u));
		else
			return weak(static_cast<T &&>(t), static_cast<U &&>(u));
	}
};
inline constexpr partial_function partial{};

// True for types that have == and < but no <=>.
template <class T, class U>
concept has_equal_and_less = requires(T &&t, U &&u)
{
	{
		static_cast<T &&>(t) == static_cast<U &&>(u)
		} -> std::convertible_to<bool>;
	{
		static_cast<T &&>(t) < static_cast<U &&>(u)
		} -> std::convertible_to<bool>;
};
// A partial order also has to see what is greater.
template <class T, class U>
concept has_greater = requires(T &&t, U &&u)
{
	{
		static_cast<U &&>(u) < static_cast<T &&>(t)
		} -> std::convertible_to<bool>;
};
template <class Ordering, class Function>
struct fallback_function {
	template <class T, class U>
		requires(same<T, U> && (std::is_invocable_v<Function, T, U> ||
					(has_equal_and_less<T, U> &&
					 (!std::is_same_v<Ordering, std::partial_ordering> ||
					  has_greater<T, U>))))
	constexpr Ordering operator()(T &&t, U &&u) const noexcept([] {
		if constexpr (std::is_invocable_v<Function, T, U>)
			return std::is_nothrow_invocable_v<Function, T, U>;
		else
			return noexcept(bool(std::declval<T>() == std::declval<U>())) &&noexcept(
				bool(std::declval<T>() < std::declval<U>()));
	}())
	{
		if constexpr (std::is_invocable_v<Function, T, U>)
			return Function()(static_cast<T &&>(t), static_cast<U &&>(u));
		else if (static_cast<T &&>(t) == static_cast<U &&>(u))
			return Ordering::equivalent;
		else if (static_cast<T &&>(t) < static_cast<U &&>(u))
			return Ordering::less;
		else if constexpr (std::is_same_v<Ordering, std::partial_ordering>)
			return static_cast<U &&>(u) < static_cast<T &&>(t) ? Ordering::greater
									   : Ordering::unordered;
		else
			return Ordering::greater;
	}
};
} // namespace cxxrt_orders

namespace std
{
inline constexpr cxxrt_orders::strong_function strong_order{};
inline constexpr cxxrt_orders::weak_function weak_order{};
inline constexpr cxxrt_orders::partial_function partial_order{};
inline constexpr cxxrt_orders::fallback_function<strong_ordering, cxxrt_orders::strong_function>
	compare_strong_order_fallback{};
inline constexpr cxxrt_orders::fallback_function<weak_ordering, cxxrt_orders::weak_function>
	compare_weak_order_fallback{};
inline constexpr cxxrt_orders::fallback_function<partial_ordering, cxxrt_orders::partial_function>
	compare_partial_order_fallback{};
} // namespace std
