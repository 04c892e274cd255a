// SPDX-License-Identifier: GPL-2.0
//
// std::swap, of <utility>, which the traits is_swappable of <type_traits> ask for.
#pragma once

namespace std
{
template <class T>
	requires(is_move_constructible_v<T> &&is_move_assignable_v<T>)
constexpr void
swap(T &a, T &b) noexcept(is_nothrow_move_constructible_v<T> &&is_nothrow_move_assignable_v<T>)
{
	T old = static_cast<T &&>(a);
	a = static_cast<T &&>(b);
	b = static_cast<T &&>(old);
}
} // namespace std

namespace cxxrt
{
template <class T>
struct elements;
}

namespace std
{
// Declared first for arrays of arrays: the test of their elements below needs this declaration.
template <class T, size_t n>
	requires(cxxrt::elements<T>::can_be_swapped)
constexpr void swap(T (&a)[n], T (&b)[n]) noexcept(cxxrt::elements<T>::nothrow);
} // namespace std

// Outside of std: an argument's own swap is found beside std's.
namespace cxxrt_swap
{
using std::swap;
template <class T, class U>
concept swaps = requires
{
	swap(std::declval<T>(), std::declval<U>());
	swap(std::declval<U>(), std::declval<T>());
};
template <class T, class U>
concept swaps_nothrow = swaps<T, U> &&
	noexcept(swap(std::declval<T>(), std::declval<U>())) &&noexcept(swap(std::declval<U>(),
									     std::declval<T>()));
template <class T, class U>
constexpr void do_swap(T &a, U &b) noexcept(swaps_nothrow<T &, U &>)
{
	swap(a, b);
}
} // namespace cxxrt_swap

namespace std
{
CXXRT_TRAIT_OF_TWO(is_swappable_with, cxxrt_swap::swaps<T, U>)
CXXRT_TRAIT_OF_TWO(is_nothrow_swappable_with, cxxrt_swap::swaps_nothrow<T, U>)
CXXRT_TRAIT(is_swappable, is_swappable_with_v<add_lvalue_reference_t<T>, add_lvalue_reference_t<T>>)
CXXRT_TRAIT(is_nothrow_swappable,
	    is_nothrow_swappable_with_v<add_lvalue_reference_t<T>, add_lvalue_reference_t<T>>)
} // namespace std

template <class T>
struct cxxrt::elements {
	static constexpr bool can_be_swapped = std::is_swappable_v<T>;
	static constexpr bool nothrow = std::is_nothrow_swappable_v<T>;
};

namespace std
{
template <class T, size_t n>
	requires(cxxrt::elements<T>::can_be_swapped)
constexpr void swap(T (&a)[n], T (&b)[n]) noexcept(cxxrt::elements<T>::nothrow)
{
	for (size_t i = 0; i < n; ++i)
		cxxrt_swap::do_swap(a[i], b[i]);
}
} // namespace std
