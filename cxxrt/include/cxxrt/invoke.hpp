// SPDX-License-Identifier: GPL-2.0
//
// std::invoke, of <functional>, which the traits is_invocable of <type_traits> ask for.
#pragma once

namespace std
{
template <class T>
class reference_wrapper;
}

// clang gives member functions no type for kCFI, so that each call by a pointer to one would trap.
#ifndef __has_feature
#define CXXRT_UNCHECKED_CALL
#elif __has_feature(kcfi)
#define CXXRT_UNCHECKED_CALL __attribute__((no_sanitize("kcfi")))
#else
#define CXXRT_UNCHECKED_CALL
#endif

namespace cxxrt
{
template <class>
inline constexpr bool is_reference_wrapper = false;
template <class T>
inline constexpr bool is_reference_wrapper<std::reference_wrapper<T>> = true;

// The object that a pointer to member is applied to: a reference, a reference_wrapper or a pointer.
template <class C, class T>
constexpr decltype(auto) object(T &&t) noexcept(
	std::is_base_of_v<C, std::remove_cvref_t<T>> ||
	is_reference_wrapper<
		std::remove_cvref_t<T>>) requires(std::is_base_of_v<C, std::remove_cvref_t<T>> ||
						  is_reference_wrapper<std::remove_cvref_t<T>> ||
						  requires { *static_cast<T &&>(t); })
{
	if constexpr (std::is_base_of_v<C, std::remove_cvref_t<T>>)
		return static_cast<T &&>(t);
	else if constexpr (is_reference_wrapper<std::remove_cvref_t<T>>)
		return t.get();
	else
		return *static_cast<T &&>(t);
}

template <class F, class... Args>
constexpr auto
invoke(F &&f,
       Args &&...args) noexcept(noexcept(static_cast<F &&>(f)(static_cast<Args &&>(args)...)))
	-> decltype(static_cast<F &&>(f)(static_cast<Args &&>(args)...))
{
	return static_cast<F &&>(f)(static_cast<Args &&>(args)...);
}
template <class M, class C, class T>
	requires std::is_object_v<M>
constexpr auto invoke(M C::*p, T &&t) noexcept(noexcept(cxxrt::object<C>(static_cast<T &&>(t)).*p))
	-> decltype((cxxrt::object<C>(static_cast<T &&>(t)).*p))
{
	return cxxrt::object<C>(static_cast<T &&>(t)).*p;
}
template <class M, class C, class T, class... Args>
requires std::is_function_v<M> CXXRT_UNCHECKED_CALL constexpr auto
invoke(M C::*p, T &&t, Args &&...args) noexcept(noexcept((cxxrt::object<C>(static_cast<T &&>(t)).*
							  p)(static_cast<Args &&>(args)...)))
	-> decltype((cxxrt::object<C>(static_cast<T &&>(t)).*p)(static_cast<Args &&>(args)...))
{
	return (cxxrt::object<C>(static_cast<T &&>(t)).*p)(static_cast<Args &&>(args)...);
}

// std::invoke() of what a pointer to member is too, with the qualifiers it may have.
template <class F>
using callee = std::conditional_t<std::is_member_pointer_v<std::remove_cvref_t<F>>,
				  std::remove_cvref_t<F>, F>;
template <class F, class... Args>
concept invocable = requires
{
	cxxrt::invoke(std::declval<callee<F>>(), std::declval<Args>()...);
};
template <class F, class... Args>
using result_of = decltype(cxxrt::invoke(std::declval<callee<F>>(), std::declval<Args>()...));
// The result is converted in place, as a return does it.
template <class R, class T>
concept returns = std::is_void_v<R> || requires(T (&f)())
{
	take<R>(f());
};
template <class R, class T>
concept returns_nothrow = std::is_void_v<R> || requires(T (&f)() noexcept)
{
	requires noexcept(take<R>(f()));
};

template <class F, class... Args>
struct invoke_result {
};
template <class F, class... Args>
	requires invocable<F, Args...>
struct invoke_result<F, Args...> : std::type_identity<result_of<F, Args...>> {
};
} // namespace cxxrt

namespace std
{
template <class F, class... Args>
struct invoke_result : cxxrt::invoke_result<F, Args...> {
};
template <class F, class... Args>
using invoke_result_t = typename invoke_result<F, Args...>::type;

template <class F, class... Args>
inline constexpr bool is_invocable_v = cxxrt::invocable<F, Args...>;
template <class R, class F, class... Args>
inline constexpr bool is_invocable_r_v = false;
template <class R, class F, class... Args>
	requires cxxrt::invocable<F, Args...>
inline constexpr bool is_invocable_r_v<R, F, Args...> =
	cxxrt::returns<R, cxxrt::result_of<F, Args...>>;
template <class F, class... Args>
inline constexpr bool is_nothrow_invocable_v = false;
template <class F, class... Args>
	requires cxxrt::invocable<F, Args...>
inline constexpr bool is_nothrow_invocable_v<F, Args...> =
	noexcept(cxxrt::invoke(declval<cxxrt::callee<F>>(), declval<Args>()...));
template <class R, class F, class... Args>
inline constexpr bool is_nothrow_invocable_r_v = false;
template <class R, class F, class... Args>
	requires is_nothrow_invocable_v<F, Args...>
inline constexpr bool is_nothrow_invocable_r_v<R, F, Args...> =
	cxxrt::returns_nothrow<R, cxxrt::result_of<F, Args...>>;

template <class F, class... Args>
struct is_invocable : bool_constant<is_invocable_v<F, Args...>> {
};
template <class R, class F, class... Args>
struct is_invocable_r : bool_constant<is_invocable_r_v<R, F, Args...>> {
};
template <class F, class... Args>
struct is_nothrow_invocable : bool_constant<is_nothrow_invocable_v<F, Args...>> {
};
template <class R, class F, class... Args>
struct is_nothrow_invocable_r : bool_constant<is_nothrow_invocable_r_v<R, F, Args...>> {
};

template <class F, class... Args>
	requires is_invocable_v<F, Args...>
constexpr invoke_result_t<F, Args...>
invoke(F &&f, Args &&...args) noexcept(is_nothrow_invocable_v<F, Args...>)
{
	return cxxrt::invoke(static_cast<F &&>(f), static_cast<Args &&>(args)...);
}

template <class T>
struct unwrap_reference : type_identity<T> {
};
template <class T>
struct unwrap_reference<reference_wrapper<T>> : type_identity<T &> {
};
CXXRT_TYPE(unwrap_reference)
template <class T>
struct unwrap_ref_decay : unwrap_reference<decay_t<T>> {
};
CXXRT_TYPE(unwrap_ref_decay)
} // namespace std
