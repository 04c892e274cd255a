// SPDX-License-Identifier: GPL-2.0
//
// How objects are constructed, assigned and destroyed, of <type_traits>.
#pragma once

namespace std
{
template <class T, class... Args>
inline constexpr bool is_constructible_v = __is_constructible(T, Args...);
template <class T, class... Args>
struct is_constructible : bool_constant<__is_constructible(T, Args...)> {
};
template <class T, class... Args>
inline constexpr bool is_nothrow_constructible_v = __is_nothrow_constructible(T, Args...);
template <class T, class... Args>
struct is_nothrow_constructible : bool_constant<__is_nothrow_constructible(T, Args...)> {
};
template <class T, class... Args>
inline constexpr bool is_trivially_constructible_v = __is_trivially_constructible(T, Args...);
template <class T, class... Args>
struct is_trivially_constructible : bool_constant<__is_trivially_constructible(T, Args...)> {
};

// Defines is_X, is_nothrow_X and is_trivially_X for a kind of construction, assignment or destruction.
#define CXXRT_TRAITS_OF(what, by, ...)                                                             \
	CXXRT_TRAIT(is_##what, __is_##by(__VA_ARGS__))                                             \
	CXXRT_TRAIT(is_nothrow_##what, __is_nothrow_##by(__VA_ARGS__))                             \
	CXXRT_TRAIT(is_trivially_##what, __is_trivially_##by(__VA_ARGS__))
CXXRT_TRAITS_OF(default_constructible, constructible, T)
CXXRT_TRAITS_OF(copy_constructible, constructible, T, add_lvalue_reference_t<const T>)
CXXRT_TRAITS_OF(move_constructible, constructible, T, add_rvalue_reference_t<T>)
CXXRT_TRAITS_OF(copy_assignable, assignable, add_lvalue_reference_t<T>,
		add_lvalue_reference_t<const T>)
CXXRT_TRAITS_OF(move_assignable, assignable, add_lvalue_reference_t<T>, add_rvalue_reference_t<T>)
#undef CXXRT_TRAITS_OF

} // namespace std
namespace cxxrt
{
template <class T>
concept destroys = requires(T &t)
{
	t.~T();
};
template <class T>
concept destroys_nothrow = requires(T &t)
{
	requires noexcept(t.~T());
};
} // namespace cxxrt
namespace std
{
CXXRT_TRAIT(is_destructible,
	    is_reference_v<T> || (is_object_v<T> && !is_unbounded_array_v<T> &&
				  cxxrt::destroys<remove_all_extents_t<remove_reference_t<T>>>))
CXXRT_TRAIT(is_nothrow_destructible,
	    is_reference_v<T> ||
		    (is_object_v<T> && !is_unbounded_array_v<T> &&
		     cxxrt::destroys_nothrow<remove_all_extents_t<remove_reference_t<T>>>))
#if __has_builtin(__is_trivially_destructible)
CXXRT_TRAIT(is_trivially_destructible, __is_trivially_destructible(T))
#else
CXXRT_TRAIT(is_trivially_destructible, is_destructible_v<T> &&__has_trivial_destructor(T))
#endif
} // namespace std
