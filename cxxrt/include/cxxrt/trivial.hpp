// SPDX-License-Identifier: GPL-2.0
//
// The tests that optional and expected apply to the types that they hold.
#pragma once

#include <type_traits>

namespace cxxrt
{
template <class T, template <class...> class C>
inline constexpr bool is_specialization = false;
template <template <class...> class C, class... Args>
inline constexpr bool is_specialization<C<Args...>, C> = true;

// True if all of several types can be copied or moved, and if they can be copied by bytes.
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
// True for types that are trivial in each way. A class of its own keeps them: clang before 16 treats a class with
// conditional special members as not trivial, and would pass it in memory.
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
