// SPDX-License-Identifier: GPL-2.0
//
// Heaps, sorting and permutations, of <algorithm>. sort() and its like sort by a heap: in place, without
// recursion, n log n in the worst case.
#pragma once

#include <cxxrt/changing.hpp>

namespace cxxrt
{
template <class It>
using difference = typename std::iterator_traits<It>::difference_type;

// Fills the hole at i of a heap of n elements with a value that may be less than those below.
template <class It, class T, class Less>
constexpr void sift_down(It first, difference<It> n, difference<It> i, T value, Less &less)
{
	for (;;) {
		difference<It> child = 2 * i + 1;
		if (child >= n)
			break;
		if (child + 1 < n && less(first[child], first[child + 1]))
			++child;
		if (!less(value, first[child]))
			break;
		first[i] = std::move(first[child]);
		i = child;
	}
	first[i] = std::move(value);
}
template <class It, class Less>
constexpr void sort_heap(It first, difference<It> n, Less &less)
{
	while (n > 1) {
		--n;
		auto value = std::move(first[n]);
		first[n] = std::move(*first);
		cxxrt::sift_down(first, n, difference<It>(0), std::move(value), less);
	}
}
template <class It, class Less>
constexpr void make_heap(It first, difference<It> n, Less &less)
{
	for (difference<It> i = n / 2; i > 0;) {
		--i;
		auto value = std::move(first[i]);
		cxxrt::sift_down(first, n, i, std::move(value), less);
	}
}
template <class It, class Less>
constexpr void insertion_sort(It first, It last, Less &less)
{
	if (first == last)
		return;
	for (It it = first; ++it != last;) {
		auto value = std::move(*it);
		It hole = it;
		for (; hole != first && less(value, hole[-1]); --hole)
			*hole = std::move(hole[-1]);
		*hole = std::move(value);
	}
}
} // namespace cxxrt

namespace std
{
template <class It, class Less>
constexpr void push_heap(It first, It last, Less less)
{
	auto i = last - first - 1;
	auto value = std::move(first[i]);
	for (; i > 0 && less(first[(i - 1) / 2], value); i = (i - 1) / 2)
		first[i] = std::move(first[(i - 1) / 2]);
	first[i] = std::move(value);
}
template <class It>
constexpr void push_heap(It first, It last)
{
	std::push_heap(first, last, std::less<>());
}
template <class It, class Less>
constexpr void pop_heap(It first, It last, Less less)
{
	const auto n = last - first - 1;
	if (n < 1)
		return;
	auto value = std::move(first[n]);
	first[n] = std::move(*first);
	cxxrt::sift_down(first, n, cxxrt::difference<It>(0), std::move(value), less);
}
template <class It>
constexpr void pop_heap(It first, It last)
{
	std::pop_heap(first, last, std::less<>());
}
template <class It, class Less>
constexpr void make_heap(It first, It last, Less less)
{
	cxxrt::make_heap(first, last - first, less);
}
template <class It>
constexpr void make_heap(It first, It last)
{
	std::make_heap(first, last, std::less<>());
}
template <class It, class Less>
constexpr void sort_heap(It first, It last, Less less)
{
	cxxrt::sort_heap(first, last - first, less);
}
template <class It>
constexpr void sort_heap(It first, It last)
{
	std::sort_heap(first, last, std::less<>());
}
template <class It, class Less>
[[nodiscard]] constexpr It is_heap_until(It first, It last, Less less)
{
	const auto n = last - first;
	for (cxxrt::difference<It> i = 1; i < n; ++i) {
		if (less(first[(i - 1) / 2], first[i]))
			return first + i;
	}
	return last;
}
template <class It>
[[nodiscard]] constexpr It is_heap_until(It first, It last)
{
	return std::is_heap_until(first, last, std::less<>());
}
template <class It, class Less>
[[nodiscard]] constexpr bool is_heap(It first, It last, Less less)
{
	return std::is_heap_until(first, last, std::move(less)) == last;
}
template <class It>
[[nodiscard]] constexpr bool is_heap(It first, It last)
{
	return std::is_heap(first, last, std::less<>());
}

template <class It, class Less>
constexpr void sort(It first, It last, Less less)
{
	const auto n = last - first;
	if (n <= 16) {
		cxxrt::insertion_sort(first, last, less);
		return;
	}
	cxxrt::make_heap(first, n, less);
	cxxrt::sort_heap(first, n, less);
}
template <class It>
constexpr void sort(It first, It last)
{
	std::sort(first, last, std::less<>());
}
// The least of all elements, sorted, up to middle.
template <class It, class Less>
constexpr void partial_sort(It first, It middle, It last, Less less)
{
	const auto n = middle - first;
	if (!n)
		return;
	cxxrt::make_heap(first, n, less);
	for (It it = middle; it != last; ++it) {
		if (less(*it, *first)) {
			auto value = std::move(*it);
			*it = std::move(*first);
			cxxrt::sift_down(first, n, cxxrt::difference<It>(0), std::move(value),
					 less);
		}
	}
	cxxrt::sort_heap(first, n, less);
}
template <class It>
constexpr void partial_sort(It first, It middle, It last)
{
	std::partial_sort(first, middle, last, std::less<>());
}
template <class It, class Out, class Less>
constexpr Out partial_sort_copy(It first, It last, Out to, Out to_last, Less less)
{
	Out end = to;
	for (; first != last && end != to_last; ++first, void(), ++end)
		*end = *first;
	const auto n = end - to;
	if (!n)
		return end;
	cxxrt::make_heap(to, n, less);
	for (; first != last; ++first) {
		if (less(*first, *to)) {
			typename iterator_traits<Out>::value_type value = *first;
			cxxrt::sift_down(to, n, cxxrt::difference<Out>(0), std::move(value), less);
		}
	}
	cxxrt::sort_heap(to, n, less);
	return end;
}
template <class It, class Out>
constexpr Out partial_sort_copy(It first, It last, Out to, Out to_last)
{
	return std::partial_sort_copy(first, last, to, to_last, std::less<>());
}
// The element that sorting would put there, and before it none that is greater.
template <class It, class Less>
constexpr void nth_element(It first, It nth, It last, Less less)
{
	// Each round halves the rest on average; a heap does it if that takes too long.
	for (int rounds = 64; nth != last && last - first > 16; --rounds) {
		if (!rounds) {
			std::partial_sort(first, nth + 1, last, less);
			return;
		}
		// The median of three comes to stand at the front, then as the boundary of two parts.
		It middle = first + (last - first) / 2;
		if (less(*middle, *first))
			std::iter_swap(middle, first);
		if (less(last[-1], *middle)) {
			std::iter_swap(last - 1, middle);
			if (less(*middle, *first))
				std::iter_swap(middle, first);
		}
		std::iter_swap(first, middle);
		It low = first, high = last;
		for (;;) {
			while (less(*++low, *first) && low + 1 != last)
				;
			while (less(*first, *--high))
				;
			if (low >= high)
				break;
			std::iter_swap(low, high);
		}
		std::iter_swap(first, high);
		if (high == nth)
			return;
		if (high < nth)
			first = high + 1;
		else
			last = high;
	}
	cxxrt::insertion_sort(first, last, less);
}
template <class It>
constexpr void nth_element(It first, It nth, It last)
{
	std::nth_element(first, nth, last, std::less<>());
}

template <class It, class Less>
[[nodiscard]] constexpr It is_sorted_until(It first, It last, Less less)
{
	if (first == last)
		return last;
	for (It next = first; ++next != last; first = next) {
		if (less(*next, *first))
			return next;
	}
	return last;
}
template <class It>
[[nodiscard]] constexpr It is_sorted_until(It first, It last)
{
	return std::is_sorted_until(first, last, std::less<>());
}
template <class It, class Less>
[[nodiscard]] constexpr bool is_sorted(It first, It last, Less less)
{
	return std::is_sorted_until(first, last, std::move(less)) == last;
}
template <class It>
[[nodiscard]] constexpr bool is_sorted(It first, It last)
{
	return std::is_sorted(first, last, std::less<>());
}

template <class It, class Less>
constexpr bool next_permutation(It first, It last, Less less)
{
	if (first == last)
		return false;
	for (It it = std::prev(last); it != first;) {
		const It after = it;
		if (less(*--it, *after)) {
			It swapped = last;
			while (!less(*it, *--swapped))
				;
			std::iter_swap(it, swapped);
			std::reverse(after, last);
			return true;
		}
	}
	std::reverse(first, last);
	return false;
}
template <class It>
constexpr bool next_permutation(It first, It last)
{
	return std::next_permutation(first, last, std::less<>());
}
template <class It, class Less>
constexpr bool prev_permutation(It first, It last, Less less)
{
	return std::next_permutation(
		first, last, [&](const auto &a, const auto &b) { return bool(less(b, a)); });
}
template <class It>
constexpr bool prev_permutation(It first, It last)
{
	return std::prev_permutation(first, last, std::less<>());
}
} // namespace std
