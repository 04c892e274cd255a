// SPDX-License-Identifier: GPL-2.0
//
// The names that structured bindings of a pair, a tuple or an array need.
#pragma once

#include <type_traits>

namespace std
{
template <class>
struct tuple_size;
template <class T>
	requires requires
	{
		tuple_size<T>::value;
	}
struct tuple_size<const T> : integral_constant<size_t, tuple_size<T>::value> {
};
template <class T>
	requires requires
	{
		tuple_size<T>::value;
	}
struct tuple_size<volatile T> : integral_constant<size_t, tuple_size<T>::value> {
};
template <class T>
	requires requires
	{
		tuple_size<T>::value;
	}
struct tuple_size<const volatile T> : integral_constant<size_t, tuple_size<T>::value> {
};
template <class T>
inline constexpr size_t tuple_size_v = tuple_size<T>::value;

template <size_t, class>
struct tuple_element;
template <size_t i, class T>
using tuple_element_t = typename tuple_element<i, T>::type;
template <size_t i, class T>
struct tuple_element<i, const T> : type_identity<const tuple_element_t<i, T>> {
};
template <size_t i, class T>
struct tuple_element<i, volatile T> : type_identity<volatile tuple_element_t<i, T>> {
};
template <size_t i, class T>
struct tuple_element<i, const volatile T> : type_identity<const volatile tuple_element_t<i, T>> {
};

template <class...>
class tuple;
template <class T, size_t n>
struct array;
// Here, as what takes a tuple apart comes before the tuple.
template <size_t i, class... T>
constexpr tuple_element_t<i, tuple<T...>> &get(tuple<T...> &t) noexcept;
template <size_t i, class... T>
constexpr const tuple_element_t<i, tuple<T...>> &get(const tuple<T...> &t) noexcept;
template <size_t i, class... T>
constexpr tuple_element_t<i, tuple<T...>> &&get(tuple<T...> &&t) noexcept;
template <size_t i, class... T>
constexpr const tuple_element_t<i, tuple<T...>> &&get(const tuple<T...> &&t) noexcept;
template <size_t i, class T, size_t n>
constexpr T &get(array<T, n> &a) noexcept;
template <size_t i, class T, size_t n>
constexpr const T &get(const array<T, n> &a) noexcept;
template <size_t i, class T, size_t n>
constexpr T &&get(array<T, n> &&a) noexcept;
template <size_t i, class T, size_t n>
constexpr const T &&get(const array<T, n> &&a) noexcept;
} // namespace std

namespace cxxrt
{
// T with the const and the reference of Like.
template <class Like, class T>
using forward_like = decltype(std::declval<qualify_like<Like>>(),
			      std::declval<typename qualify_like<Like>::template type<T>>());
// Which of a list of types T is, if it is exactly one; else the size of the list.
template <class T, class... Types>
consteval size_t index_of()
{
	size_t found = sizeof...(Types), i = 0, count = 0;
	((std::is_same_v<T, Types> ? (found = i, ++count) : 0, ++i), ...);
	return count == 1 ? found : sizeof...(Types);
}
// Can be default-constructed without being asked for it by name.
template <class T>
concept implicitly_default_constructible = requires(void (*take)(const T &))
{
	take({});
};
} // namespace cxxrt
