// SPDX-License-Identifier: GPL-2.0
//
// Algorithms that look and change nothing, of <algorithm>.
#pragma once

#include <cxxrt/iterator_operations.hpp>
#include <cxxrt/min_max.hpp>

namespace std
{
template <class It, class Pred>
[[nodiscard]] constexpr It find_if(It first, It last, Pred pred)
{
	while (first != last && !pred(*first))
		++first;
	return first;
}
template <class It, class Pred>
[[nodiscard]] constexpr It find_if_not(It first, It last, Pred pred)
{
	while (first != last && pred(*first))
		++first;
	return first;
}
template <class It, class T>
[[nodiscard]] constexpr It find(It first, It last, const T &value)
{
	while (first != last && !(*first == value))
		++first;
	return first;
}
template <class It, class Pred>
[[nodiscard]] constexpr bool all_of(It first, It last, Pred pred)
{
	return std::find_if_not(first, last, std::move(pred)) == last;
}
template <class It, class Pred>
[[nodiscard]] constexpr bool any_of(It first, It last, Pred pred)
{
	return std::find_if(first, last, std::move(pred)) != last;
}
template <class It, class Pred>
[[nodiscard]] constexpr bool none_of(It first, It last, Pred pred)
{
	return std::find_if(first, last, std::move(pred)) == last;
}
template <class It, class F>
constexpr F for_each(It first, It last, F f)
{
	for (; first != last; ++first)
		f(*first);
	return f;
}
template <class It, class Size, class F>
constexpr It for_each_n(It first, Size n, F f)
{
	for (auto left = cxxrt::counter(n); left > 0; --left, void(), ++first)
		f(*first);
	return first;
}
template <class It, class Pred>
[[nodiscard]] constexpr typename iterator_traits<It>::difference_type count_if(It first, It last,
									       Pred pred)
{
	typename iterator_traits<It>::difference_type n = 0;
	for (; first != last; ++first) {
		if (pred(*first))
			++n;
	}
	return n;
}
template <class It, class T>
[[nodiscard]] constexpr typename iterator_traits<It>::difference_type count(It first, It last,
									    const T &value)
{
	typename iterator_traits<It>::difference_type n = 0;
	for (; first != last; ++first) {
		if (*first == value)
			++n;
	}
	return n;
}

template <class It, class Other, class Equal>
[[nodiscard]] constexpr It find_first_of(It first, It last, Other from, Other to, Equal equal)
{
	for (; first != last; ++first) {
		for (Other it = from; it != to; ++it) {
			if (equal(*first, *it))
				return first;
		}
	}
	return last;
}
template <class It, class Other>
[[nodiscard]] constexpr It find_first_of(It first, It last, Other from, Other to)
{
	return std::find_first_of(first, last, from, to, std::equal_to<>());
}
template <class It, class Equal>
[[nodiscard]] constexpr It adjacent_find(It first, It last, Equal equal)
{
	if (first == last)
		return last;
	for (It next = first; ++next != last; first = next) {
		if (equal(*first, *next))
			return first;
	}
	return last;
}
template <class It>
[[nodiscard]] constexpr It adjacent_find(It first, It last)
{
	return std::adjacent_find(first, last, std::equal_to<>());
}

template <class It, class Other, class Equal>
	requires(!is_same_v<Equal, Other>)
[[nodiscard]] constexpr pair<It, Other> mismatch(It first, It last, Other other, Equal equal)
{
	while (first != last && equal(*first, *other)) {
		++first;
		++other;
	}
	return {first, other};
}
template <class It, class Other>
[[nodiscard]] constexpr pair<It, Other> mismatch(It first, It last, Other other)
{
	return std::mismatch(first, last, other, std::equal_to<>());
}
template <class It, class Other, class Equal>
[[nodiscard]] constexpr pair<It, Other> mismatch(It first, It last, Other other, Other other_last,
						 Equal equal)
{
	while (first != last && other != other_last && equal(*first, *other)) {
		++first;
		++other;
	}
	return {first, other};
}
template <class It, class Other>
[[nodiscard]] constexpr pair<It, Other> mismatch(It first, It last, Other other, Other other_last)
{
	return std::mismatch(first, last, other, other_last, std::equal_to<>());
}
template <class It, class Other, class Equal>
	requires(!is_same_v<Equal, Other>)
[[nodiscard]] constexpr bool equal(It first, It last, Other other, Equal equal)
{
	for (; first != last; ++first, void(), ++other) {
		if (!equal(*first, *other))
			return false;
	}
	return true;
}
template <class It, class Other>
[[nodiscard]] constexpr bool equal(It first, It last, Other other)
{
	return std::equal(first, last, other, std::equal_to<>());
}
template <class It, class Other, class Equal>
[[nodiscard]] constexpr bool equal(It first, It last, Other other, Other other_last, Equal equal)
{
	if constexpr (cxxrt::category<It, random_access_iterator_tag> &&
		      cxxrt::category<Other, random_access_iterator_tag>) {
		if (last - first != other_last - other)
			return false;
	}
	for (; first != last && other != other_last; ++first, void(), ++other) {
		if (!equal(*first, *other))
			return false;
	}
	return first == last && other == other_last;
}
template <class It, class Other>
[[nodiscard]] constexpr bool equal(It first, It last, Other other, Other other_last)
{
	return std::equal(first, last, other, other_last, std::equal_to<>());
}

template <class It, class Other, class Equal>
[[nodiscard]] constexpr It search(It first, It last, Other from, Other to, Equal equal)
{
	for (;; ++first) {
		It it = first;
		for (Other other = from;; ++it, void(), ++other) {
			if (other == to)
				return first;
			if (it == last)
				return last;
			if (!equal(*it, *other))
				break;
		}
	}
}
template <class It, class Other>
[[nodiscard]] constexpr It search(It first, It last, Other from, Other to)
{
	return std::search(first, last, from, to, std::equal_to<>());
}
template <class It, class Searcher>
[[nodiscard]] constexpr It search(It first, It last, const Searcher &searcher)
{
	return searcher(first, last).first;
}
template <class It, class Size, class T, class Equal>
[[nodiscard]] constexpr It search_n(It first, It last, Size count, const T &value, Equal equal)
{
	auto n = cxxrt::counter(count);
	if (n <= 0)
		return first;
	for (; first != last; ++first) {
		if (!equal(*first, value))
			continue;
		It begin = first;
		for (auto left = n;;) {
			if (!--left)
				return begin;
			if (++first == last)
				return last;
			if (!equal(*first, value))
				break;
		}
	}
	return last;
}
template <class It, class Size, class T>
[[nodiscard]] constexpr It search_n(It first, It last, Size count, const T &value)
{
	return std::search_n(first, last, count, value, std::equal_to<>());
}
template <class It, class Other, class Equal>
[[nodiscard]] constexpr It find_end(It first, It last, Other from, Other to, Equal equal)
{
	It found = last;
	if (from == to)
		return found;
	for (;; ++first) {
		first = std::search(first, last, from, to, equal);
		if (first == last)
			return found;
		found = first;
	}
}
template <class It, class Other>
[[nodiscard]] constexpr It find_end(It first, It last, Other from, Other to)
{
	return std::find_end(first, last, from, to, std::equal_to<>());
}

template <class It, class Other, class Less>
[[nodiscard]] constexpr bool lexicographical_compare(It first, It last, Other other,
						     Other other_last, Less less)
{
	for (; first != last && other != other_last; ++first, void(), ++other) {
		if (less(*first, *other))
			return true;
		if (less(*other, *first))
			return false;
	}
	return first == last && other != other_last;
}
template <class It, class Other>
[[nodiscard]] constexpr bool lexicographical_compare(It first, It last, Other other,
						     Other other_last)
{
	return std::lexicographical_compare(first, last, other, other_last, std::less<>());
}
template <class It, class Other, class Order = compare_three_way>
[[nodiscard]] constexpr auto lexicographical_compare_three_way(It first, It last, Other other,
							       Other other_last,
							       Order order = Order())
	-> decltype(order(*first, *other))
{
	for (; first != last && other != other_last; ++first, void(), ++other) {
		if (auto found = order(*first, *other); found != nullptr)
			return found;
	}
	return first != last         ? strong_ordering::greater
	       : other != other_last ? strong_ordering::less
				     : strong_ordering::equal;
}

template <class It, class Other, class Equal>
	requires(!is_same_v<Equal, Other>)
[[nodiscard]] constexpr bool is_permutation(It first, It last, Other other, Equal equal)
{
	const auto tail = std::mismatch(first, last, other, equal);
	const Other end = std::next(tail.second, std::distance(tail.first, last));
	for (It it = tail.first; it != last; ++it) {
		const auto same = [&](const auto &x) { return bool(equal(*it, x)); };
		// Each value once: where it stands first.
		if (std::find_if(tail.first, it, same) != it)
			continue;
		const auto there = std::count_if(tail.second, end, same);
		if (!there || there != std::count_if(it, last, same))
			return false;
	}
	return true;
}
template <class It, class Other>
[[nodiscard]] constexpr bool is_permutation(It first, It last, Other other)
{
	return std::is_permutation(first, last, other, std::equal_to<>());
}
template <class It, class Other, class Equal>
[[nodiscard]] constexpr bool is_permutation(It first, It last, Other other, Other other_last,
					    Equal equal)
{
	return std::distance(first, last) == std::distance(other, other_last) &&
	       std::is_permutation(first, last, other, equal);
}
template <class It, class Other>
[[nodiscard]] constexpr bool is_permutation(It first, It last, Other other, Other other_last)
{
	return std::is_permutation(first, last, other, other_last, std::equal_to<>());
}
} // namespace std
