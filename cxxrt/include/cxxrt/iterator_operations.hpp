// SPDX-License-Identifier: GPL-2.0
//
// advance(), distance(), next(), prev(), of <iterator>.
#pragma once

#include <cxxrt/iterator_traits.hpp>

namespace cxxrt
{
template <class T, class Tag>
concept category = std::is_base_of_v<Tag, typename std::iterator_traits<T>::iterator_category>;
}

namespace std
{
template <class T, class Distance>
constexpr void advance(T &it, Distance n)
{
	typename iterator_traits<T>::difference_type left = n;
	if constexpr (cxxrt::category<T, random_access_iterator_tag>) {
		it += left;
	} else {
		for (; left > 0; --left)
			++it;
		if constexpr (cxxrt::category<T, bidirectional_iterator_tag>) {
			for (; left < 0; ++left)
				--it;
		}
	}
}
template <class T>
[[nodiscard]] constexpr typename iterator_traits<T>::difference_type distance(T first, T last)
{
	if constexpr (cxxrt::category<T, random_access_iterator_tag>) {
		return last - first;
	} else {
		typename iterator_traits<T>::difference_type n = 0;
		for (; first != last; ++first)
			++n;
		return n;
	}
}
template <class T>
[[nodiscard]] constexpr T next(T it, typename iterator_traits<T>::difference_type n = 1)
{
	std::advance(it, n);
	return it;
}
template <class T>
[[nodiscard]] constexpr T prev(T it, typename iterator_traits<T>::difference_type n = 1)
{
	std::advance(it, -n);
	return it;
}
} // namespace std
