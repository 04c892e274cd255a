// SPDX-License-Identifier: GPL-2.0
//
// Algorithms that construct and destroy in memory that has no objects yet, of <memory>. Nothing is
// undone on the way, as nothing throws.
#pragma once

#include <cxxrt/iterator_traits.hpp>
#include <cxxrt/pointers.hpp>

namespace cxxrt
{
// A place for construct_at(), of an iterator whose element may be const.
template <class Iterator>
constexpr auto place(Iterator it)
{
	using type = std::remove_cv_t<std::remove_reference_t<decltype(*it)>>;
	return const_cast<type *>(std::addressof(*it));
}
} // namespace cxxrt

namespace std
{
template <class Iterator>
constexpr void destroy(Iterator first, Iterator last)
{
	for (; first != last; ++first)
		std::destroy_at(std::addressof(*first));
}
template <class Iterator, class Size>
constexpr Iterator destroy_n(Iterator first, Size n)
{
	for (; n > 0; --n, void(), ++first)
		std::destroy_at(std::addressof(*first));
	return first;
}

template <class In, class Out>
Out uninitialized_copy(In first, In last, Out to)
{
	for (; first != last; ++first, void(), ++to)
		std::construct_at(cxxrt::place(to), *first);
	return to;
}
template <class In, class Size, class Out>
Out uninitialized_copy_n(In first, Size n, Out to)
{
	for (; n > 0; --n, void(), ++first, void(), ++to)
		std::construct_at(cxxrt::place(to), *first);
	return to;
}
template <class In, class Out>
Out uninitialized_move(In first, In last, Out to)
{
	for (; first != last; ++first, void(), ++to)
		std::construct_at(cxxrt::place(to), cxxrt::iter_move(first));
	return to;
}
template <class In, class Size, class Out>
pair<In, Out> uninitialized_move_n(In first, Size n, Out to)
{
	for (; n > 0; --n, void(), ++first, void(), ++to)
		std::construct_at(cxxrt::place(to), cxxrt::iter_move(first));
	return {first, to};
}
template <class Iterator, class T>
void uninitialized_fill(Iterator first, Iterator last, const T &value)
{
	for (; first != last; ++first)
		std::construct_at(cxxrt::place(first), value);
}
template <class Iterator, class Size, class T>
Iterator uninitialized_fill_n(Iterator first, Size n, const T &value)
{
	for (; n > 0; --n, void(), ++first)
		std::construct_at(cxxrt::place(first), value);
	return first;
}
template <class Iterator>
void uninitialized_value_construct(Iterator first, Iterator last)
{
	for (; first != last; ++first)
		::new (static_cast<void *>(cxxrt::place(first)))
			typename iterator_traits<Iterator>::value_type();
}
template <class Iterator, class Size>
Iterator uninitialized_value_construct_n(Iterator first, Size n)
{
	for (; n > 0; --n, void(), ++first)
		::new (static_cast<void *>(cxxrt::place(first)))
			typename iterator_traits<Iterator>::value_type();
	return first;
}
template <class Iterator>
void uninitialized_default_construct(Iterator first, Iterator last)
{
	for (; first != last; ++first)
		::new (static_cast<void *>(cxxrt::place(first)))
			typename iterator_traits<Iterator>::value_type;
}
template <class Iterator, class Size>
Iterator uninitialized_default_construct_n(Iterator first, Size n)
{
	for (; n > 0; --n, void(), ++first)
		::new (static_cast<void *>(cxxrt::place(first)))
			typename iterator_traits<Iterator>::value_type;
	return first;
}
} // namespace std
