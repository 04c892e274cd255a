// SPDX-License-Identifier: GPL-2.0
//
// The algorithms of <algorithm> on sorted ranges.
#pragma once

#include <cxxrt/changing.hpp>

namespace std
{
template <class It, class T, class Less>
[[nodiscard]] constexpr It lower_bound(It first, It last, const T &value, Less less)
{
	return std::partition_point(first, last, [&](auto &&x) { return bool(less(x, value)); });
}
template <class It, class T>
[[nodiscard]] constexpr It lower_bound(It first, It last, const T &value)
{
	return std::lower_bound(first, last, value, std::less<>());
}
template <class It, class T, class Less>
[[nodiscard]] constexpr It upper_bound(It first, It last, const T &value, Less less)
{
	return std::partition_point(first, last, [&](auto &&x) { return !less(value, x); });
}
template <class It, class T>
[[nodiscard]] constexpr It upper_bound(It first, It last, const T &value)
{
	return std::upper_bound(first, last, value, std::less<>());
}
template <class It, class T, class Less>
[[nodiscard]] constexpr pair<It, It> equal_range(It first, It last, const T &value, Less less)
{
	const It lower = std::lower_bound(first, last, value, less);
	return {lower, std::upper_bound(lower, last, value, less)};
}
template <class It, class T>
[[nodiscard]] constexpr pair<It, It> equal_range(It first, It last, const T &value)
{
	return std::equal_range(first, last, value, std::less<>());
}
template <class It, class T, class Less>
[[nodiscard]] constexpr bool binary_search(It first, It last, const T &value, Less less)
{
	first = std::lower_bound(first, last, value, less);
	return first != last && !less(value, *first);
}
template <class It, class T>
[[nodiscard]] constexpr bool binary_search(It first, It last, const T &value)
{
	return std::binary_search(first, last, value, std::less<>());
}

template <class It, class Other, class Less>
[[nodiscard]] constexpr bool includes(It first, It last, Other other, Other other_last, Less less)
{
	for (; other != other_last; ++first) {
		if (first == last || less(*other, *first))
			return false;
		if (!less(*first, *other))
			++other;
	}
	return true;
}
template <class It, class Other>
[[nodiscard]] constexpr bool includes(It first, It last, Other other, Other other_last)
{
	return std::includes(first, last, other, other_last, std::less<>());
}
template <class It, class Other, class Out, class Less>
constexpr Out merge(It first, It last, Other other, Other other_last, Out to, Less less)
{
	for (; first != last && other != other_last; ++to) {
		if (less(*other, *first)) {
			*to = *other;
			++other;
		} else {
			*to = *first;
			++first;
		}
	}
	return std::copy(other, other_last, std::copy(first, last, to));
}
template <class It, class Other, class Out>
constexpr Out merge(It first, It last, Other other, Other other_last, Out to)
{
	return std::merge(first, last, other, other_last, to, std::less<>());
}
template <class It, class Other, class Out, class Less>
constexpr Out set_union(It first, It last, Other other, Other other_last, Out to, Less less)
{
	for (; first != last && other != other_last; ++to) {
		if (less(*other, *first)) {
			*to = *other;
			++other;
		} else {
			if (!less(*first, *other))
				++other;
			*to = *first;
			++first;
		}
	}
	return std::copy(other, other_last, std::copy(first, last, to));
}
template <class It, class Other, class Out>
constexpr Out set_union(It first, It last, Other other, Other other_last, Out to)
{
	return std::set_union(first, last, other, other_last, to, std::less<>());
}
template <class It, class Other, class Out, class Less>
constexpr Out set_intersection(It first, It last, Other other, Other other_last, Out to, Less less)
{
	while (first != last && other != other_last) {
		if (less(*first, *other)) {
			++first;
		} else {
			if (!less(*other, *first)) {
				*to = *first;
				++to;
				++first;
			}
			++other;
		}
	}
	return to;
}
template <class It, class Other, class Out>
constexpr Out set_intersection(It first, It last, Other other, Other other_last, Out to)
{
	return std::set_intersection(first, last, other, other_last, to, std::less<>());
}
template <class It, class Other, class Out, class Less>
constexpr Out set_difference(It first, It last, Other other, Other other_last, Out to, Less less)
{
	while (first != last && other != other_last) {
		if (less(*first, *other)) {
			*to = *first;
			++to;
			++first;
		} else {
			if (!less(*other, *first))
				++first;
			++other;
		}
	}
	return std::copy(first, last, to);
}
template <class It, class Other, class Out>
constexpr Out set_difference(It first, It last, Other other, Other other_last, Out to)
{
	return std::set_difference(first, last, other, other_last, to, std::less<>());
}
template <class It, class Other, class Out, class Less>
constexpr Out set_symmetric_difference(It first, It last, Other other, Other other_last, Out to,
				       Less less)
{
	while (first != last && other != other_last) {
		if (less(*first, *other)) {
			*to = *first;
			++to;
			++first;
		} else if (less(*other, *first)) {
			*to = *other;
			++to;
			++other;
		} else {
			++first;
			++other;
		}
	}
	return std::copy(other, other_last, std::copy(first, last, to));
}
template <class It, class Other, class Out>
constexpr Out set_symmetric_difference(It first, It last, Other other, Other other_last, Out to)
{
	return std::set_symmetric_difference(first, last, other, other_last, to, std::less<>());
}
} // namespace std
