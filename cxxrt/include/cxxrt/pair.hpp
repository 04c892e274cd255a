// SPDX-License-Identifier: GPL-2.0
//
// std::pair, of <utility>.
#pragma once

#include <cxxrt/tuple_like.hpp>

namespace std
{
template <class T, class U>
struct pair {
	using first_type = T;
	using second_type = U;

	T first;
	U second;

	constexpr explicit(!(cxxrt::implicitly_default_constructible<T> &&
			     cxxrt::implicitly_default_constructible<U>))
		pair() noexcept(
			is_nothrow_default_constructible_v<T> &&is_nothrow_default_constructible_v<
				U>) requires(is_default_constructible_v<T>
						     &&is_default_constructible_v<U>)
		: first(), second()
	{
	}
	pair(const pair &) = default;
	pair(pair &&) = default;
	constexpr explicit(!(is_convertible_v<const T &, T> && is_convertible_v<const U &, U>))
		pair(const T &a, const U &b) noexcept(
			is_nothrow_copy_constructible_v<T> &&is_nothrow_copy_constructible_v<
				U>) requires(is_copy_constructible_v<T>
						     &&is_copy_constructible_v<U>)
		: first(a), second(b)
	{
	}
	template <class V = T, class W = U>
		requires(is_constructible_v<T, V> &&is_constructible_v<U, W>)
	constexpr explicit(!(is_convertible_v<V, T> && is_convertible_v<W, U>))
		pair(V &&a, W &&b) noexcept(
			is_nothrow_constructible_v<T, V> &&is_nothrow_constructible_v<U, W>)
		: first(std::forward<V>(a)), second(std::forward<W>(b))
	{
	}
	template <class V, class W>
		requires(is_constructible_v<T, const V &> &&is_constructible_v<U, const W &>)
	constexpr explicit(!(is_convertible_v<const V &, T> && is_convertible_v<const W &, U>))
		pair(const pair<V, W> &other) noexcept(
			is_nothrow_constructible_v<T, const V &>
				&&is_nothrow_constructible_v<U, const W &>)
		: first(other.first), second(other.second)
	{
	}
	template <class V, class W>
		requires(is_constructible_v<T, V> &&is_constructible_v<U, W>)
	constexpr explicit(!(is_convertible_v<V, T> && is_convertible_v<W, U>))
		pair(pair<V, W> &&other) noexcept(
			is_nothrow_constructible_v<T, V> &&is_nothrow_constructible_v<U, W>)
		: first(std::forward<V>(other.first)), second(std::forward<W>(other.second))
	{
	}
	template <class... A, class... B>
	constexpr pair(piecewise_construct_t, tuple<A...> a, tuple<B...> b)
		: pair(a, b, index_sequence_for<A...>(), index_sequence_for<B...>())
	{
	}

	constexpr pair &operator=(const pair &other) noexcept(
		is_nothrow_copy_assignable_v<T> &&is_nothrow_copy_assignable_v<
			U>) requires(is_copy_assignable_v<T> &&is_copy_assignable_v<U>)
	{
		first = other.first;
		second = other.second;
		return *this;
	}
	constexpr pair &operator=(pair &&other) noexcept(
		is_nothrow_move_assignable_v<T> &&is_nothrow_move_assignable_v<
			U>) requires(is_move_assignable_v<T> &&is_move_assignable_v<U>)
	{
		first = std::forward<T>(other.first);
		second = std::forward<U>(other.second);
		return *this;
	}
	template <class V, class W>
		requires(is_assignable_v<T &, const V &> &&is_assignable_v<U &, const W &>)
	constexpr pair &operator=(const pair<V, W> &other)
	{
		first = other.first;
		second = other.second;
		return *this;
	}
	template <class V, class W>
		requires(is_assignable_v<T &, V> &&is_assignable_v<U &, W>)
	constexpr pair &operator=(pair<V, W> &&other)
	{
		first = std::forward<V>(other.first);
		second = std::forward<W>(other.second);
		return *this;
	}

	constexpr void
	swap(pair &other) noexcept(is_nothrow_swappable_v<T> &&is_nothrow_swappable_v<U>)
	{
		cxxrt_swap::do_swap(first, other.first);
		cxxrt_swap::do_swap(second, other.second);
	}

private:
	template <class... A, class... B, size_t... i, size_t... j>
	constexpr pair(tuple<A...> &a, tuple<B...> &b, index_sequence<i...>, index_sequence<j...>)
		: first(std::forward<A>(get<i>(a))...), second(std::forward<B>(get<j>(b))...)
	{
	}
};
template <class T, class U>
pair(T, U) -> pair<T, U>;

template <class T, class U>
constexpr bool operator==(const pair<T, U> &a, const pair<T, U> &b)
{
	return a.first == b.first && a.second == b.second;
}
template <class T, class U>
constexpr common_comparison_category_t<cxxrt::synth_three_way_result<T>,
				       cxxrt::synth_three_way_result<U>>
operator<=>(const pair<T, U> &a, const pair<T, U> &b)
{
	if (auto order = cxxrt::synth_three_way()(a.first, b.first); !std::is_eq(order))
		return order;
	return cxxrt::synth_three_way()(a.second, b.second);
}

template <class T, class U>
	requires(is_swappable_v<T> &&is_swappable_v<U>)
constexpr void swap(pair<T, U> &a, pair<T, U> &b) noexcept(noexcept(a.swap(b)))
{
	a.swap(b);
}
template <class T, class U>
	requires(!is_swappable_v<T> || !is_swappable_v<U>)
void swap(pair<T, U> &, pair<T, U> &) = delete;

template <class T, class U>
[[nodiscard]] constexpr pair<unwrap_ref_decay_t<T>, unwrap_ref_decay_t<U>> make_pair(T &&a, U &&b)
{
	return {std::forward<T>(a), std::forward<U>(b)};
}

template <class T, class U>
struct tuple_size<pair<T, U>> : integral_constant<size_t, 2> {
};
template <size_t i, class T, class U>
struct tuple_element<i, pair<T, U>> : conditional<i == 0, T, U> {
	static_assert(i < 2, "a pair has two elements");
};

template <size_t i, class T, class U>
[[nodiscard]] constexpr tuple_element_t<i, pair<T, U>> &get(pair<T, U> &p) noexcept
{
	if constexpr (i == 0)
		return p.first;
	else
		return p.second;
}
template <size_t i, class T, class U>
[[nodiscard]] constexpr const tuple_element_t<i, pair<T, U>> &get(const pair<T, U> &p) noexcept
{
	if constexpr (i == 0)
		return p.first;
	else
		return p.second;
}
template <size_t i, class T, class U>
[[nodiscard]] constexpr tuple_element_t<i, pair<T, U>> &&get(pair<T, U> &&p) noexcept
{
	return std::forward<tuple_element_t<i, pair<T, U>>>(std::get<i>(p));
}
template <size_t i, class T, class U>
[[nodiscard]] constexpr const tuple_element_t<i, pair<T, U>> &&get(const pair<T, U> &&p) noexcept
{
	return std::forward<const tuple_element_t<i, pair<T, U>>>(std::get<i>(p));
}
template <class V, class T, class U>
[[nodiscard]] constexpr V &get(pair<T, U> &p) noexcept
{
	return std::get<cxxrt::index_of<V, T, U>()>(p);
}
template <class V, class T, class U>
[[nodiscard]] constexpr const V &get(const pair<T, U> &p) noexcept
{
	return std::get<cxxrt::index_of<V, T, U>()>(p);
}
template <class V, class T, class U>
[[nodiscard]] constexpr V &&get(pair<T, U> &&p) noexcept
{
	return std::get<cxxrt::index_of<V, T, U>()>(std::move(p));
}
template <class V, class T, class U>
[[nodiscard]] constexpr const V &&get(const pair<T, U> &&p) noexcept
{
	return std::get<cxxrt::index_of<V, T, U>()>(std::move(p));
}
} // namespace std
