// SPDX-License-Identifier: GPL-2.0
//
// min(), max() and their like, and clamp(), of <algorithm>.
#pragma once

#include <cxxrt/iterator_traits.hpp>
#include <cxxrt/operators.hpp>
#include <initializer_list>

namespace cxxrt
{
// A Size need only be convertible to an integer.
template <class T>
constexpr auto counter(T n)
{
	if constexpr (std::is_integral_v<T>)
		return +n;
	else if constexpr (std::is_floating_point_v<T> || std::is_enum_v<T>)
		return static_cast<long long>(n);
	else if constexpr (requires { n.operator long long(); })
		return n.operator long long();
	else if constexpr (requires { n.operator int(); })
		return n.operator int();
	else
		return static_cast<std::ptrdiff_t>(n);
}
} // namespace cxxrt

namespace std
{
template <class It, class Less>
[[nodiscard]] constexpr It min_element(It first, It last, Less less)
{
	It found = first;
	if (first == last)
		return found;
	while (++first != last) {
		if (less(*first, *found))
			found = first;
	}
	return found;
}
template <class It>
[[nodiscard]] constexpr It min_element(It first, It last)
{
	return std::min_element(first, last, std::less<>());
}
template <class It, class Less>
[[nodiscard]] constexpr It max_element(It first, It last, Less less)
{
	It found = first;
	if (first == last)
		return found;
	while (++first != last) {
		if (less(*found, *first))
			found = first;
	}
	return found;
}
template <class It>
[[nodiscard]] constexpr It max_element(It first, It last)
{
	return std::max_element(first, last, std::less<>());
}
// Among equal elements it finds the first least and the last greatest, as the standard says.
template <class It, class Less>
[[nodiscard]] constexpr pair<It, It> minmax_element(It first, It last, Less less)
{
	It least = first, greatest = first;
	if (first == last)
		return {least, greatest};
	while (++first != last) {
		It next = first;
		// Two at once: three comparisons for two elements.
		if (++next == last) {
			if (less(*first, *least))
				least = first;
			else if (!less(*first, *greatest))
				greatest = first;
			break;
		}
		const bool swapped = less(*next, *first);
		const It low = swapped ? next : first, high = swapped ? first : next;
		if (less(*low, *least))
			least = low;
		if (!less(*high, *greatest))
			greatest = high;
		first = next;
	}
	return {least, greatest};
}
template <class It>
[[nodiscard]] constexpr pair<It, It> minmax_element(It first, It last)
{
	return std::minmax_element(first, last, std::less<>());
}

template <class T, class Less>
[[nodiscard]] constexpr const T &min(const T &a, const T &b, Less less)
{
	return less(b, a) ? b : a;
}
template <class T>
[[nodiscard]] constexpr const T &min(const T &a, const T &b)
{
	return std::min(a, b, std::less<>());
}
template <class T, class Less>
[[nodiscard]] constexpr const T &max(const T &a, const T &b, Less less)
{
	return less(a, b) ? b : a;
}
template <class T>
[[nodiscard]] constexpr const T &max(const T &a, const T &b)
{
	return std::max(a, b, std::less<>());
}
template <class T, class Less>
[[nodiscard]] constexpr pair<const T &, const T &> minmax(const T &a, const T &b, Less less)
{
	using result = pair<const T &, const T &>;
	return less(b, a) ? result(b, a) : result(a, b);
}
template <class T>
[[nodiscard]] constexpr pair<const T &, const T &> minmax(const T &a, const T &b)
{
	return std::minmax(a, b, std::less<>());
}
template <class T, class Less>
[[nodiscard]] constexpr T min(initializer_list<T> list, Less less)
{
	return *std::min_element(list.begin(), list.end(), less);
}
template <class T>
[[nodiscard]] constexpr T min(initializer_list<T> list)
{
	return std::min(list, std::less<>());
}
template <class T, class Less>
[[nodiscard]] constexpr T max(initializer_list<T> list, Less less)
{
	return *std::max_element(list.begin(), list.end(), less);
}
template <class T>
[[nodiscard]] constexpr T max(initializer_list<T> list)
{
	return std::max(list, std::less<>());
}
template <class T, class Less>
[[nodiscard]] constexpr pair<T, T> minmax(initializer_list<T> list, Less less)
{
	const auto found = std::minmax_element(list.begin(), list.end(), less);
	return {*found.first, *found.second};
}
template <class T>
[[nodiscard]] constexpr pair<T, T> minmax(initializer_list<T> list)
{
	return std::minmax(list, std::less<>());
}
template <class T, class Less>
[[nodiscard]] constexpr const T &clamp(const T &x, const T &low, const T &high, Less less)
{
	return less(x, low) ? low : less(high, x) ? high : x;
}
template <class T>
[[nodiscard]] constexpr const T &clamp(const T &x, const T &low, const T &high)
{
	return std::clamp(x, low, high, std::less<>());
}
} // namespace std
