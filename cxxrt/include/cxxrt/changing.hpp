// SPDX-License-Identifier: GPL-2.0
//
// Algorithms that copy, replace, remove and move elements about, of <algorithm>.
#pragma once

#include <cxxrt/searching.hpp>

namespace std
{
template <class It, class Out>
constexpr Out copy(It first, It last, Out to)
{
	for (; first != last; ++first, void(), ++to)
		*to = *first;
	return to;
}
template <class It, class Size, class Out>
constexpr Out copy_n(It first, Size count, Out to)
{
	auto n = cxxrt::counter(count);
	if (n <= 0)
		return to;
	// The iterator does not advance past the last element, because it may read a stream.
	for (*to = *first, ++to; --n > 0; ++to)
		*to = *++first;
	return to;
}
template <class It, class Out, class Pred>
constexpr Out copy_if(It first, It last, Out to, Pred pred)
{
	for (; first != last; ++first) {
		if (pred(*first)) {
			*to = *first;
			++to;
		}
	}
	return to;
}
template <class It, class Out>
constexpr Out copy_backward(It first, It last, Out to)
{
	while (first != last)
		*--to = *--last;
	return to;
}
template <class It, class Out>
constexpr Out move(It first, It last, Out to)
{
	for (; first != last; ++first, void(), ++to)
		*to = cxxrt::iter_move(first);
	return to;
}
template <class It, class Out>
constexpr Out move_backward(It first, It last, Out to)
{
	while (first != last)
		*--to = cxxrt::iter_move(--last);
	return to;
}
template <class It, class Other>
constexpr void iter_swap(It a, Other b)
{
	cxxrt_swap::do_swap(*a, *b);
}
template <class It, class Other>
constexpr Other swap_ranges(It first, It last, Other other)
{
	for (; first != last; ++first, void(), ++other)
		std::iter_swap(first, other);
	return other;
}

template <class It, class Out, class F>
constexpr Out transform(It first, It last, Out to, F f)
{
	for (; first != last; ++first, void(), ++to)
		*to = f(*first);
	return to;
}
template <class It, class Other, class Out, class F>
constexpr Out transform(It first, It last, Other other, Out to, F f)
{
	for (; first != last; ++first, void(), ++other, void(), ++to)
		*to = f(*first, *other);
	return to;
}
template <class It, class Pred, class T>
constexpr void replace_if(It first, It last, Pred pred, const T &value)
{
	for (; first != last; ++first) {
		if (pred(*first))
			*first = value;
	}
}
template <class It, class T>
constexpr void replace(It first, It last, const T &old, const T &value)
{
	for (; first != last; ++first) {
		if (*first == old)
			*first = value;
	}
}
template <class It, class Out, class Pred, class T>
constexpr Out replace_copy_if(It first, It last, Out to, Pred pred, const T &value)
{
	for (; first != last; ++first, void(), ++to) {
		if (pred(*first))
			*to = value;
		else
			*to = *first;
	}
	return to;
}
template <class It, class Out, class T>
constexpr Out replace_copy(It first, It last, Out to, const T &old, const T &value)
{
	for (; first != last; ++first, void(), ++to) {
		if (*first == old)
			*to = value;
		else
			*to = *first;
	}
	return to;
}
template <class It, class T>
constexpr void fill(It first, It last, const T &value)
{
	for (; first != last; ++first)
		*first = value;
}
template <class It, class Size, class T>
constexpr It fill_n(It first, Size n, const T &value)
{
	for (auto left = cxxrt::counter(n); left > 0; --left, void(), ++first)
		*first = value;
	return first;
}
template <class It, class F>
constexpr void generate(It first, It last, F f)
{
	for (; first != last; ++first)
		*first = f();
}
template <class It, class Size, class F>
constexpr It generate_n(It first, Size n, F f)
{
	for (auto left = cxxrt::counter(n); left > 0; --left, void(), ++first)
		*first = f();
	return first;
}

template <class It, class Pred>
[[nodiscard]] constexpr It remove_if(It first, It last, Pred pred)
{
	first = std::find_if(first, last, pred);
	if (first == last)
		return first;
	for (It it = first; ++it != last;) {
		if (!pred(*it)) {
			*first = cxxrt::iter_move(it);
			++first;
		}
	}
	return first;
}
template <class It, class T>
[[nodiscard]] constexpr It remove(It first, It last, const T &value)
{
	return std::remove_if(first, last, [&](const auto &x) { return bool(x == value); });
}
template <class It, class Out, class Pred>
constexpr Out remove_copy_if(It first, It last, Out to, Pred pred)
{
	for (; first != last; ++first) {
		if (!pred(*first)) {
			*to = *first;
			++to;
		}
	}
	return to;
}
template <class It, class Out, class T>
constexpr Out remove_copy(It first, It last, Out to, const T &value)
{
	for (; first != last; ++first) {
		if (!(*first == value)) {
			*to = *first;
			++to;
		}
	}
	return to;
}
template <class It, class Equal>
[[nodiscard]] constexpr It unique(It first, It last, Equal equal)
{
	first = std::adjacent_find(first, last, equal);
	if (first == last)
		return last;
	for (It it = std::next(first); ++it != last;) {
		if (!equal(*first, *it))
			*++first = cxxrt::iter_move(it);
	}
	return ++first;
}
template <class It>
[[nodiscard]] constexpr It unique(It first, It last)
{
	return std::unique(first, last, std::equal_to<>());
}
template <class It, class Out, class Equal>
constexpr Out unique_copy(It first, It last, Out to, Equal equal)
{
	if (first == last)
		return to;
	if constexpr (cxxrt::category<It, forward_iterator_tag>) {
		It kept = first;
		*to = *first;
		while (++first != last) {
			if (!equal(*kept, *first)) {
				kept = first;
				*++to = *first;
			}
		}
	} else {
		// Each value is read once, and kept here.
		typename iterator_traits<It>::value_type kept = *first;
		*to = kept;
		while (++first != last) {
			if (!equal(kept, *first)) {
				kept = *first;
				*++to = kept;
			}
		}
	}
	return ++to;
}
template <class It, class Out>
constexpr Out unique_copy(It first, It last, Out to)
{
	return std::unique_copy(first, last, to, std::equal_to<>());
}

template <class It>
constexpr void reverse(It first, It last)
{
	while (first != last && first != --last) {
		std::iter_swap(first, last);
		++first;
	}
}
template <class It, class Out>
constexpr Out reverse_copy(It first, It last, Out to)
{
	for (; first != last; ++to)
		*to = *--last;
	return to;
}
// Rotates by swaps alone. Returns the place where the first element comes to stand.
template <class It>
constexpr It rotate(It first, It middle, It last)
{
	if (first == middle)
		return last;
	if (middle == last)
		return first;
	It write = first, next_read = first;
	for (It read = middle; read != last; ++write, void(), ++read) {
		if (write == next_read)
			next_read = read;
		std::iter_swap(write, read);
	}
	std::rotate(write, next_read, last);
	return write;
}
template <class It, class Out>
constexpr Out rotate_copy(It first, It middle, It last, Out to)
{
	return std::copy(first, middle, std::copy(middle, last, to));
}
template <class It>
constexpr It shift_left(It first, It last, typename iterator_traits<It>::difference_type n)
{
	It from = first;
	if (n <= 0)
		return last;
	for (; n > 0; --n, void(), ++from) {
		if (from == last)
			return first;
	}
	return std::move(from, last, first);
}
template <class It>
constexpr It shift_right(It first, It last, typename iterator_traits<It>::difference_type n)
{
	if (n <= 0)
		return first;
	if constexpr (cxxrt::category<It, bidirectional_iterator_tag>) {
		It from = last;
		for (; n > 0; --n, void(), --from) {
			if (from == first)
				return last;
		}
		return std::move_backward(first, from, last);
	} else {
		It to = first;
		for (auto left = n; left > 0; --left, void(), ++to) {
			if (to == last)
				return last;
		}
		// Moves a window of n elements forward with swaps, rotating within the window.
		It result = to, window = first;
		for (It write = to; write != last; ++write) {
			std::iter_swap(window, write);
			if (++window == to)
				window = first;
		}
		return result;
	}
}

template <class It, class Pred>
[[nodiscard]] constexpr bool is_partitioned(It first, It last, Pred pred)
{
	first = std::find_if_not(first, last, pred);
	return first == last || std::none_of(++first, last, pred);
}
template <class It, class Pred>
constexpr It partition(It first, It last, Pred pred)
{
	first = std::find_if_not(first, last, pred);
	if (first == last)
		return first;
	if constexpr (cxxrt::category<It, bidirectional_iterator_tag>) {
		for (;;) {
			do {
				if (first == --last)
					return first;
			} while (!pred(*last));
			std::iter_swap(first, last);
			do {
				if (++first == last)
					return first;
			} while (pred(*first));
		}
	} else {
		for (It it = std::next(first); it != last; ++it) {
			if (pred(*it)) {
				std::iter_swap(first, it);
				++first;
			}
		}
		return first;
	}
}
template <class It, class Out, class Other, class Pred>
constexpr pair<Out, Other> partition_copy(It first, It last, Out yes, Other no, Pred pred)
{
	for (; first != last; ++first) {
		if (pred(*first)) {
			*yes = *first;
			++yes;
		} else {
			*no = *first;
			++no;
		}
	}
	return {yes, no};
}
template <class It, class Pred>
[[nodiscard]] constexpr It partition_point(It first, It last, Pred pred)
{
	for (auto n = std::distance(first, last); n > 0;) {
		const auto half = n / 2;
		It middle = std::next(first, half);
		if (pred(*middle)) {
			first = ++middle;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return first;
}
} // namespace std
