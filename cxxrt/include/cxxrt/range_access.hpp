// SPDX-License-Identifier: GPL-2.0
//
// begin(), end(), size(), data() and their like, which <iterator> has and every container's header.
#pragma once

#include <cxxrt/iterator_traits.hpp>
#include <initializer_list>

namespace std
{
template <class C>
[[nodiscard]] constexpr auto begin(C &c) -> decltype(c.begin())
{
	return c.begin();
}
template <class C>
[[nodiscard]] constexpr auto begin(const C &c) -> decltype(c.begin())
{
	return c.begin();
}
template <class C>
[[nodiscard]] constexpr auto end(C &c) -> decltype(c.end())
{
	return c.end();
}
template <class C>
[[nodiscard]] constexpr auto end(const C &c) -> decltype(c.end())
{
	return c.end();
}
template <class T, size_t n>
[[nodiscard]] constexpr T *begin(T (&array)[n]) noexcept
{
	return array;
}
template <class T, size_t n>
[[nodiscard]] constexpr T *end(T (&array)[n]) noexcept
{
	return array + n;
}
template <class C>
[[nodiscard]] constexpr auto cbegin(const C &c) noexcept(noexcept(std::begin(c)))
	-> decltype(std::begin(c))
{
	return std::begin(c);
}
template <class C>
[[nodiscard]] constexpr auto cend(const C &c) noexcept(noexcept(std::end(c)))
	-> decltype(std::end(c))
{
	return std::end(c);
}

template <class C>
[[nodiscard]] constexpr auto size(const C &c) noexcept(noexcept(c.size())) -> decltype(c.size())
{
	return c.size();
}
template <class T, size_t n>
[[nodiscard]] constexpr size_t size(const T (&)[n]) noexcept
{
	return n;
}
template <class C>
[[nodiscard]] constexpr auto ssize(const C &c) noexcept(noexcept(c.size()))
	-> common_type_t<ptrdiff_t, make_signed_t<decltype(c.size())>>
{
	return static_cast<common_type_t<ptrdiff_t, make_signed_t<decltype(c.size())>>>(c.size());
}
template <class T, ptrdiff_t n>
[[nodiscard]] constexpr ptrdiff_t ssize(const T (&)[n]) noexcept
{
	return n;
}
template <class C>
[[nodiscard]] constexpr auto empty(const C &c) noexcept(noexcept(c.empty())) -> decltype(c.empty())
{
	return c.empty();
}
template <class T, size_t n>
[[nodiscard]] constexpr bool empty(const T (&)[n]) noexcept
{
	return false;
}
template <class T>
[[nodiscard]] constexpr bool empty(initializer_list<T> list) noexcept
{
	return !list.size();
}
template <class C>
[[nodiscard]] constexpr auto data(C &c) noexcept(noexcept(c.data())) -> decltype(c.data())
{
	return c.data();
}
template <class C>
[[nodiscard]] constexpr auto data(const C &c) noexcept(noexcept(c.data())) -> decltype(c.data())
{
	return c.data();
}
template <class T, size_t n>
[[nodiscard]] constexpr T *data(T (&array)[n]) noexcept
{
	return array;
}
template <class T>
[[nodiscard]] constexpr const T *data(initializer_list<T> list) noexcept
{
	return list.begin();
}
} // namespace std
