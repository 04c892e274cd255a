// SPDX-License-Identifier: GPL-2.0
//
// The functions of <tuple> on whole tuples.
#pragma once

namespace cxxrt
{
template <size_t i, class T, class U>
constexpr bool equal_from(const T &t, const U &u)
{
	if constexpr (i == std::tuple_size_v<T>)
		return true;
	else
		return bool(std::get<i>(t) == std::get<i>(u)) && cxxrt::equal_from<i + 1>(t, u);
}
template <class Category, size_t i, class T, class U>
constexpr Category order_from(const T &t, const U &u)
{
	if constexpr (i == std::tuple_size_v<T>) {
		return Category::equivalent;
	} else {
		const auto order = synth_three_way()(std::get<i>(t), std::get<i>(u));
		return std::is_eq(order) ? cxxrt::order_from<Category, i + 1>(t, u)
					 : Category(order);
	}
}
template <class F, class Tuple, size_t... i>
constexpr decltype(auto) apply(F &&f, Tuple &&t, std::index_sequence<i...>) noexcept(
	std::is_nothrow_invocable_v<F, decltype(std::get<i>(std::forward<Tuple>(t)))...>)
{
	return std::invoke(std::forward<F>(f), std::get<i>(std::forward<Tuple>(t))...);
}
template <class T, class Tuple, size_t... i>
constexpr T make_from(Tuple &&t, std::index_sequence<i...>) noexcept(
	std::is_nothrow_constructible_v<T, decltype(std::get<i>(std::forward<Tuple>(t)))...>)
{
	static_assert(std::is_constructible_v<T, decltype(std::get<i>(std::declval<Tuple>()))...>);
	return T(std::get<i>(std::forward<Tuple>(t))...);
}
template <class Tuple>
using indices_of = std::make_index_sequence<std::tuple_size_v<std::remove_reference_t<Tuple>>>;

// The types of tuples behind each other.
template <class... Tuples>
struct concatenated : std::type_identity<std::tuple<>> {
};
template <class T, class Indices = indices_of<T>>
struct elements_of;
template <class T, size_t... i>
struct elements_of<T, std::index_sequence<i...>>
	: std::type_identity<std::tuple<std::tuple_element_t<i, std::remove_cvref_t<T>>...>> {
};
template <class... A, class... B>
std::tuple<A..., B...> joined(std::tuple<A...> *, std::tuple<B...> *);
template <class First, class... Rest>
struct concatenated<First, Rest...>
	: std::type_identity<decltype(joined(
		  static_cast<typename elements_of<First>::type *>(nullptr),
		  static_cast<typename concatenated<Rest...>::type *>(nullptr)))> {
};

template <class... T>
constexpr std::tuple<T &&...> references(T &&...t)
{
	return std::tuple<T &&...>(std::forward<T>(t)...);
}
// References to all elements: those that are done, and those of each tuple that is left.
template <class... Done>
constexpr std::tuple<Done...> all_elements(std::tuple<Done...> done)
{
	return done;
}
template <class... Done, class First, class... Rest>
constexpr auto all_elements(std::tuple<Done...> done, First &&first, Rest &&...rest)
{
	return [&]<size_t... i, size_t... j>(std::index_sequence<i...>, std::index_sequence<j...>)
	{
		return cxxrt::all_elements(references(std::get<i>(std::move(done))...,
						      std::get<j>(std::forward<First>(first))...),
					   std::forward<Rest>(rest)...);
	}
	(std::index_sequence_for<Done...>(), indices_of<First>());
}

struct ignore_type {
	template <class T>
	constexpr const ignore_type &operator=(T &&) const noexcept
	{
		return *this;
	}
};
} // namespace cxxrt

namespace std
{
template <class... T, class... U>
	requires(sizeof...(T) == sizeof...(U))
[[nodiscard]] constexpr bool operator==(const tuple<T...> &t, const tuple<U...> &u)
{
	return cxxrt::equal_from<0>(t, u);
}
template <class... T, class... U>
	requires(sizeof...(T) == sizeof...(U))
[[nodiscard]] constexpr common_comparison_category_t<cxxrt::synth_three_way_result<T, U>...>
operator<=>(const tuple<T...> &t, const tuple<U...> &u)
{
	using category = common_comparison_category_t<cxxrt::synth_three_way_result<T, U>...>;
	return cxxrt::order_from<category, 0>(t, u);
}

template <class... T>
	requires((... && is_swappable_v<T>))
constexpr void swap(tuple<T...> &a, tuple<T...> &b) noexcept(noexcept(a.swap(b)))
{
	a.swap(b);
}
template <class... T>
	requires(!(... && is_swappable_v<T>))
void swap(tuple<T...> &, tuple<T...> &) = delete;

template <class... T>
[[nodiscard]] constexpr tuple<unwrap_ref_decay_t<T>...> make_tuple(T &&...t)
{
	return tuple<unwrap_ref_decay_t<T>...>(std::forward<T>(t)...);
}
template <class... T>
[[nodiscard]] constexpr tuple<T &&...> forward_as_tuple(T &&...t) noexcept
{
	return tuple<T &&...>(std::forward<T>(t)...);
}
template <class... T>
[[nodiscard]] constexpr tuple<T &...> tie(T &...t) noexcept
{
	return tuple<T &...>(t...);
}
inline constexpr cxxrt::ignore_type ignore{};

template <class... Tuples>
[[nodiscard]] constexpr typename cxxrt::concatenated<Tuples...>::type tuple_cat(Tuples &&...tuples)
{
	using result = typename cxxrt::concatenated<Tuples...>::type;
	return cxxrt::make_from<result>(
		cxxrt::all_elements(tuple<>(), std::forward<Tuples>(tuples)...),
		make_index_sequence<tuple_size_v<result>>());
}

template <class F, class Tuple>
constexpr decltype(auto) apply(F &&f, Tuple &&t) noexcept(noexcept(
	cxxrt::apply(std::forward<F>(f), std::forward<Tuple>(t), cxxrt::indices_of<Tuple>())))
{
	return cxxrt::apply(std::forward<F>(f), std::forward<Tuple>(t), cxxrt::indices_of<Tuple>());
}
template <class T, class Tuple>
[[nodiscard]] constexpr T make_from_tuple(Tuple &&t) noexcept(
	noexcept(cxxrt::make_from<T>(std::forward<Tuple>(t), cxxrt::indices_of<Tuple>())))
{
	return cxxrt::make_from<T>(std::forward<Tuple>(t), cxxrt::indices_of<Tuple>());
}
} // namespace std
