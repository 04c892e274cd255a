// SPDX-License-Identifier: GPL-2.0
//
// common_type and common_reference, of <type_traits>.
#pragma once

namespace cxxrt
{
template <class T, class U>
using choice = decltype(false ? std::declval<T>() : std::declval<U>());
template <class T, class U>
using choice_of_lvalues = decltype(false ? std::declval<T (&)()>()() : std::declval<U (&)()>()());
} // namespace cxxrt

namespace std
{
template <class...>
struct common_type {
};
} // namespace std

namespace cxxrt
{
template <class T, class U, class DT = std::decay_t<T>, class DU = std::decay_t<U>>
struct common_type : std::common_type<DT, DU> {
};
template <class T, class U>
struct common_type<T, U, T, U> {
};
template <class T, class U>
	requires requires
	{
		typename std::decay_t<choice<T, U>>;
	}
struct common_type<T, U, T, U> : std::decay<choice<T, U>> {
};
template <class T, class U>
	requires(
		!requires { typename std::decay_t<choice<T, U>>; } &&
		requires { typename std::decay_t<choice<const T &, const U &>>; })
struct common_type<T, U, T, U> : std::decay<choice<const T &, const U &>> {
};
} // namespace cxxrt

namespace std
{
template <class T>
struct common_type<T> : common_type<T, T> {
};
template <class T, class U>
struct common_type<T, U> : cxxrt::common_type<T, U> {
};
template <class... T>
using common_type_t = typename common_type<T...>::type;
template <class T, class U, class V, class... Rest>
	requires requires
	{
		typename common_type_t<common_type_t<T, U>, V, Rest...>;
	}
struct common_type<T, U, V, Rest...> : common_type<common_type_t<T, U>, V, Rest...> {
};

template <class, class, template <class> class, template <class> class>
struct basic_common_reference {
};

template <class...>
struct common_reference {
};
template <class... T>
using common_reference_t = typename common_reference<T...>::type;
} // namespace std

namespace cxxrt
{
template <class From>
struct qualify_like {
	template <class T>
	using type = copy_cv<From, T>;
};
template <class From>
struct qualify_like<From &> {
	template <class T>
	using type = copy_cv<From, T> &;
};
template <class From>
struct qualify_like<From &&> {
	template <class T>
	using type = copy_cv<From, T> &&;
};

template <class T, class U>
using both_lvalues = choice_of_lvalues<copy_cv<T, U> &, copy_cv<U, T> &>;

// The reference that two references have in common, if there is one.
template <class T, class U>
struct reference_of_two {
};
template <class T, class U>
	requires std::is_reference_v<both_lvalues<T, U>>
struct reference_of_two<T &, U &> : std::type_identity<both_lvalues<T, U>> {
};
template <class T, class U>
using reference_of_two_t = typename reference_of_two<T, U>::type;
template <class T, class U>
using rvalue_of_two = std::remove_reference_t<reference_of_two_t<T &, U &>> &&;
template <class T, class U>
	requires(std::is_convertible_v<T &&, rvalue_of_two<T, U>>
			 &&std::is_convertible_v<U &&, rvalue_of_two<T, U>>)
struct reference_of_two<T &&, U &&> : std::type_identity<rvalue_of_two<T, U>> {
};
template <class T, class U>
	requires std::is_convertible_v<T &&, reference_of_two_t<const T &, U &>>
struct reference_of_two<T &&, U &> : reference_of_two<const T &, U &> {
};
template <class T, class U>
struct reference_of_two<T &, U &&> : reference_of_two<U &&, T &> {
};

template <class T, class U>
using basic_reference =
	typename std::basic_common_reference<std::remove_cvref_t<T>, std::remove_cvref_t<U>,
					     qualify_like<T>::template type,
					     qualify_like<U>::template type>::type;

// Which of the standard's four ways there is for two types, in its order.
template <class T, class U>
concept has_reference_of_two = requires
{
	typename reference_of_two_t<T, U>;
	requires std::is_convertible_v<std::add_pointer_t<T>,
				       std::add_pointer_t<reference_of_two_t<T, U>>>;
	requires std::is_convertible_v<std::add_pointer_t<U>,
				       std::add_pointer_t<reference_of_two_t<T, U>>>;
};
template <class T, class U>
concept has_basic_reference = requires
{
	typename basic_reference<T, U>;
};
template <class T, class U>
concept has_choice = requires
{
	typename choice_of_lvalues<T, U>;
};
template <class T, class U>
struct common_reference_of_two : std::common_type<T, U> {
};
template <class T, class U>
	requires has_reference_of_two<T, U>
struct common_reference_of_two<T, U> : reference_of_two<T, U> {
};
template <class T, class U>
	requires(!has_reference_of_two<T, U> && has_basic_reference<T, U>)
struct common_reference_of_two<T, U> : std::type_identity<basic_reference<T, U>> {
};
template <class T, class U>
	requires(!has_reference_of_two<T, U> && !has_basic_reference<T, U> && has_choice<T, U>)
struct common_reference_of_two<T, U> : std::type_identity<choice_of_lvalues<T, U>> {
};
} // namespace cxxrt

namespace std
{
template <class T>
struct common_reference<T> : type_identity<T> {
};
template <class T, class U>
struct common_reference<T, U> : cxxrt::common_reference_of_two<T, U> {
};
template <class T, class U, class V, class... Rest>
	requires requires
	{
		typename common_reference_t<common_reference_t<T, U>, V, Rest...>;
	}
struct common_reference<T, U, V, Rest...> : common_reference<common_reference_t<T, U>, V, Rest...> {
};
} // namespace std
