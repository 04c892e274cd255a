// SPDX-License-Identifier: GPL-2.0
//
// What is done with ranges that are sorted, of <algorithm>.
#pragma once

#include <cxxrt/changing.hpp>

namespace std
{
template <class It, class T, class Less = std::less<>>
[[nodiscard]] constexpr It lower_bound(It first, It last, const T &value, Less less = Less())
{
	return std::partition_point(first, last, [&](auto &&x) { return bool(less(x, value)); });
}
template <class It, class T, class Less = std::less<>>
[[nodiscard]] constexpr It upper_bound(It first, It last, const T &value, Less less = Less())
{
	return std::partition_point(first, last, [&](auto &&x) { return !less(value, x); });
}
template <class It, class T, class Less = std::less<>>
[[nodiscard]] constexpr pair<It, It> equal_range(It first, It last, const T &value,
						 Less less = Less())
{
	const It lower = std::lower_bound(first, last, value, less);
	return {lower, std::upper_bound(lower, last, value, less)};
}
template <class It, class T, class Less = std::less<>>
[[nodiscard]] constexpr bool binary_search(It first, It last, const T &value, Less less = Less())
{
	first = std::lower_bound(first, last, value, less);
	return first != last && !less(value, *first);
}

template <class It, class Other, class Less = std::less<>>
[[nodiscard]] constexpr bool includes(It first, It last, Other other, Other other_last,
				      Less less = Less())
{
	for (; other != other_last; ++first) {
		if (first == last || less(*other, *first))
			return false;
		if (!less(*first, *other))
			++other;
	}
	return true;
}
template <class It, class Other, class Out, class Less = std::less<>>
constexpr Out merge(It first, It last, Other other, Other other_last, Out to, Less less = Less())
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
template <class It, class Other, class Out, class Less = std::less<>>
constexpr Out set_union(It first, It last, Other other, Other other_last, Out to,
			Less less = Less())
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
template <class It, class Other, class Out, class Less = std::less<>>
constexpr Out set_intersection(It first, It last, Other other, Other other_last, Out to,
			       Less less = Less())
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
template <class It, class Other, class Out, class Less = std::less<>>
constexpr Out set_difference(It first, It last, Other other, Other other_last, Out to,
			     Less less = Less())
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
template <class It, class Other, class Out, class Less = std::less<>>
constexpr Out set_symmetric_difference(It first, It last, Other other, Other other_last, Out to,
				       Less less = Less())
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
} // namespace std
