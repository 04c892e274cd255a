// SPDX-License-Identifier: GPL-2.0
//
// What optional and expected ask of the types they hold.
#pragma once

#include <type_traits>

namespace cxxrt
{
template <class T, template <class...> class C>
inline constexpr bool is_specialization = false;
template <template <class...> class C, class... Args>
inline constexpr bool is_specialization<C<Args...>, C> = true;

// Of several types: whether all can be copied and moved, and whether by bytes.
template <class... T>
inline constexpr bool copy_constructible = (... && std::is_copy_constructible_v<T>);
template <class... T>
inline constexpr bool move_constructible = (... && std::is_move_constructible_v<T>);
template <class... T>
inline constexpr bool copyable = copy_constructible<T...> && (... && std::is_copy_assignable_v<T>);
template <class... T>
inline constexpr bool movable = move_constructible<T...> && (... && std::is_move_assignable_v<T>);
template <class... T>
inline constexpr bool trivially_copy_constructible = (... &&
						      std::is_trivially_copy_constructible_v<T>);
template <class... T>
inline constexpr bool trivially_move_constructible = (... &&
						      std::is_trivially_move_constructible_v<T>);
template <class... T>
inline constexpr bool trivially_destructible = (... && std::is_trivially_destructible_v<T>);
template <class... T>
inline constexpr bool
	trivially_copyable = trivially_copy_constructible<T...> &&trivially_destructible<T...> &&
			     (... && std::is_trivially_copy_assignable_v<T>);
template <class... T>
inline constexpr bool
	trivially_movable = trivially_move_constructible<T...> &&trivially_destructible<T...> &&
			    (... && std::is_trivially_move_assignable_v<T>);
template <class... T>
inline constexpr bool nothrow_move_constructible = (... && std::is_nothrow_move_constructible_v<T>);
template <class... T>
inline constexpr bool nothrow_movable = nothrow_move_constructible<T...> &&
					(... && std::is_nothrow_move_assignable_v<T>);
// What is trivial in each way, and is kept by a class of its own: clang before 16 takes a class that has
// special members under conditions for one that is not trivial, and would pass it in memory.
template <class... T>
inline constexpr bool
	all_trivial = (... && (std::is_trivially_copyable_v<T> &&
			       std::is_copy_constructible_v<T> == std::is_copy_assignable_v<T> &&
			       std::is_move_constructible_v<T> == std::is_move_assignable_v<T>));
#if __cpp_concepts >= 202002L
#define CXXRT_TRIVIAL_MEMBERS 1
#define CXXRT_NOT_TRIVIALLY(how, ...) !trivially_##how<__VA_ARGS__> &&
#else
#define CXXRT_NOT_TRIVIALLY(how, ...)
#endif
} // namespace cxxrt
