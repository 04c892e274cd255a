// SPDX-License-Identifier: GPL-2.0
//
// iterator_traits and the concepts of iterators, of <iterator>. Left out are the indirect ones and
// projections, which the algorithms of std::ranges take.
#pragma once

#include <concepts>
#include <cxxrt/pointers.hpp>

namespace std
{
struct input_iterator_tag {
};
struct output_iterator_tag {
};
struct forward_iterator_tag : input_iterator_tag {
};
struct bidirectional_iterator_tag : forward_iterator_tag {
};
struct random_access_iterator_tag : bidirectional_iterator_tag {
};
struct contiguous_iterator_tag : random_access_iterator_tag {
};
} // namespace std

namespace cxxrt
{
template <class T>
using with_reference = T &;
template <class T>
concept referenceable = requires
{
	typename with_reference<T>;
};
template <class T>
concept dereferenceable = requires(T &t)
{
	{
		*t
		} -> referenceable;
};

// std::ranges::iter_move: an iterator's own, else a move of what it points to.
namespace own
{
void iter_move();
template <class T>
concept has_iter_move = (std::is_class_v<std::remove_cvref_t<T>> ||
			 std::is_enum_v<std::remove_cvref_t<T>>)&&requires(T &&t)
{
	iter_move(static_cast<T &&>(t));
};
struct iter_move_function {
	template <class T>
		requires has_iter_move<T>
	constexpr decltype(auto) operator()(T &&t) const
		noexcept(noexcept(iter_move(static_cast<T &&>(t))))
	{
		return iter_move(static_cast<T &&>(t));
	}
	template <dereferenceable T>
		requires(!has_iter_move<T>)
	constexpr auto operator()(T &&t) const noexcept(noexcept(*t))
		-> std::conditional_t<std::is_lvalue_reference_v<decltype(*t)>,
				      std::remove_reference_t<decltype(*t)> &&, decltype(*t)>
	{
		return static_cast<decltype(operator()(static_cast<T &&>(t)))>(*t);
	}
};
} // namespace own
template <class T>
constexpr decltype(auto) iter_move(T &&t)
{
	return own::iter_move_function()(static_cast<T &&>(t));
}
} // namespace cxxrt

namespace std
{
namespace ranges
{
inline constexpr cxxrt::own::iter_move_function iter_move{};
} // namespace ranges

template <cxxrt::dereferenceable T>
using iter_reference_t = decltype(*declval<T &>());
template <cxxrt::dereferenceable T>
using iter_rvalue_reference_t = decltype(ranges::iter_move(declval<T &>()));

template <class>
struct incrementable_traits {
};
template <class T>
	requires is_object_v<T>
struct incrementable_traits<T *> {
	using difference_type = ptrdiff_t;
};
template <class T>
struct incrementable_traits<const T> : incrementable_traits<T> {
};
template <class T>
	requires requires
	{
		typename T::difference_type;
	}
struct incrementable_traits<T> {
	using difference_type = typename T::difference_type;
};
template <class T>
	requires(
		!requires { typename T::difference_type; } &&
		requires(const T &a, const T &b) {
			{
				a - b
				} -> integral;
		})
struct incrementable_traits<T> {
	using difference_type = make_signed_t<decltype(declval<T>() - declval<T>())>;
};
} // namespace std

namespace cxxrt
{
template <class T>
struct value_type_of {
};
template <class T>
	requires std::is_object_v<T>
struct value_type_of<T> {
	using value_type = std::remove_cv_t<T>;
};
template <class T>
concept has_value_type = requires
{
	typename T::value_type;
};
template <class T>
concept has_element_type = requires
{
	typename T::element_type;
};
} // namespace cxxrt

namespace std
{
template <class>
struct indirectly_readable_traits {
};
template <class T>
struct indirectly_readable_traits<T *> : cxxrt::value_type_of<T> {
};
template <class T>
	requires is_array_v<T>
struct indirectly_readable_traits<T> {
	using value_type = remove_cv_t<remove_extent_t<T>>;
};
template <class T>
struct indirectly_readable_traits<const T> : indirectly_readable_traits<T> {
};
template <cxxrt::has_value_type T>
struct indirectly_readable_traits<T> : cxxrt::value_type_of<typename T::value_type> {
};
template <cxxrt::has_element_type T>
struct indirectly_readable_traits<T> : cxxrt::value_type_of<typename T::element_type> {
};
template <cxxrt::has_value_type T>
	requires(cxxrt::has_element_type<T> &&is_same_v<remove_cv_t<typename T::element_type>,
							remove_cv_t<typename T::value_type>>)
struct indirectly_readable_traits<T> : cxxrt::value_type_of<typename T::value_type> {
};
// Both, and they differ: the author has to say.
template <cxxrt::has_value_type T>
	requires(cxxrt::has_element_type<T> && !is_same_v<remove_cv_t<typename T::element_type>,
							  remove_cv_t<typename T::value_type>>)
struct indirectly_readable_traits<T> {
};

template <class>
struct iterator_traits;
} // namespace std

namespace cxxrt
{
template <class>
struct iterator_traits;
// True if nobody has specialised std::iterator_traits: only the primary template has this base.
template <class T>
concept primary_traits = std::is_base_of_v<iterator_traits<T>, std::iterator_traits<T>>;
template <class T>
struct difference_of : std::incrementable_traits<T> {
};
template <class T>
	requires(!primary_traits<T> &&
		 requires { typename std::iterator_traits<T>::difference_type; })
struct difference_of<T> {
	using difference_type = typename std::iterator_traits<T>::difference_type;
};
template <class T>
struct readable_of : std::indirectly_readable_traits<T> {
};
template <class T>
	requires(!primary_traits<T> && requires { typename std::iterator_traits<T>::value_type; })
struct readable_of<T> {
	using value_type = typename std::iterator_traits<T>::value_type;
};
} // namespace cxxrt

namespace std
{
template <class T>
using iter_difference_t = typename cxxrt::difference_of<remove_cvref_t<T>>::difference_type;
template <class T>
using iter_value_t = typename cxxrt::readable_of<remove_cvref_t<T>>::value_type;
} // namespace std

namespace cxxrt
{
template <class T>
concept legacy_iterator = requires(T i)
{
	{
		*i
		} -> referenceable;
	{
		++i
		} -> std::same_as<T &>;
	{
		*i++
		} -> referenceable;
}
&&std::copyable<T>;
template <class T>
concept legacy_input = legacy_iterator<T> && std::equality_comparable<T> && requires(T i)
{
	typename std::incrementable_traits<T>::difference_type;
	typename std::indirectly_readable_traits<T>::value_type;
	typename std::common_reference_t<std::iter_reference_t<T> &&,
					 typename std::indirectly_readable_traits<T>::value_type &>;
	typename std::common_reference_t<decltype(*i++) &&,
					 typename std::indirectly_readable_traits<T>::value_type &>;
	requires std::signed_integral<typename std::incrementable_traits<T>::difference_type>;
};
template <class T>
concept legacy_forward = legacy_input<T> && std::constructible_from<T> &&
			 std::is_reference_v<std::iter_reference_t<T>> &&
			 std::same_as < std::remove_cvref_t<std::iter_reference_t<T>>,
typename std::indirectly_readable_traits<T>::value_type > &&requires(T i)
{
	{
		i++
		} -> std::convertible_to<const T &>;
	{
		*i++
		} -> std::same_as<std::iter_reference_t<T>>;
};
template <class T>
concept legacy_bidirectional = legacy_forward<T> && requires(T i)
{
	{
		--i
		} -> std::same_as<T &>;
	{
		i--
		} -> std::convertible_to<const T &>;
	{
		*i--
		} -> std::same_as<std::iter_reference_t<T>>;
};
template <class T>
concept legacy_random_access = legacy_bidirectional<T> && std::totally_ordered<T> &&
	requires(T i, typename std::incrementable_traits<T>::difference_type n)
{
	{
		i += n
		} -> std::same_as<T &>;
	{
		i -= n
		} -> std::same_as<T &>;
	{
		i + n
		} -> std::same_as<T>;
	{
		n + i
		} -> std::same_as<T>;
	{
		i - n
		} -> std::same_as<T>;
	{
		i - i
		} -> std::same_as<decltype(n)>;
	{
		i[n]
		} -> std::convertible_to<std::iter_reference_t<T>>;
};

template <class T>
struct category_of
	: std::conditional<legacy_random_access<T>, std::random_access_iterator_tag,
			   std::conditional_t<
				   legacy_bidirectional<T>, std::bidirectional_iterator_tag,
				   std::conditional_t<legacy_forward<T>, std::forward_iterator_tag,
						      std::input_iterator_tag>>> {
};
template <class T>
	requires requires
	{
		typename T::iterator_category;
	}
struct category_of<T> : std::type_identity<typename T::iterator_category> {
};
template <class T>
struct pointer_of : std::type_identity<void> {
};
template <class T>
	requires requires
	{
		typename T::pointer;
	}
struct pointer_of<T> : std::type_identity<typename T::pointer> {
};
template <class T>
	requires(
		!requires { typename T::pointer; } && requires(T & t) { t.operator->(); })
struct pointer_of<T> : std::type_identity<decltype(std::declval<T &>().operator->())> {
};
template <class T>
struct reference_of : std::type_identity<std::iter_reference_t<T>> {
};
template <class T>
	requires requires
	{
		typename T::reference;
	}
struct reference_of<T> : std::type_identity<typename T::reference> {
};
template <class T>
struct difference_or_void : std::type_identity<void> {
};
template <class T>
	requires requires
	{
		typename std::incrementable_traits<T>::difference_type;
	}
struct difference_or_void<T>
	: std::type_identity<typename std::incrementable_traits<T>::difference_type> {
};

template <class T>
concept has_iterator_types = requires
{
	typename T::iterator_category;
	typename T::value_type;
	typename T::difference_type;
	typename T::reference;
};
template <class T>
struct iterator_traits {
};
template <has_iterator_types T>
struct iterator_traits<T> {
	using iterator_category = typename T::iterator_category;
	using value_type = typename T::value_type;
	using difference_type = typename T::difference_type;
	using pointer = typename pointer_of<T>::type;
	using reference = typename T::reference;
};
template <class T>
	requires(!has_iterator_types<T> && legacy_input<T>)
struct iterator_traits<T> {
	using iterator_category = typename category_of<T>::type;
	using value_type = typename std::indirectly_readable_traits<T>::value_type;
	using difference_type = typename std::incrementable_traits<T>::difference_type;
	using pointer = typename pointer_of<T>::type;
	using reference = typename reference_of<T>::type;
};
template <class T>
	requires(!has_iterator_types<T> && !legacy_input<T> && legacy_iterator<T>)
struct iterator_traits<T> {
	using iterator_category = std::output_iterator_tag;
	using value_type = void;
	using difference_type = typename difference_or_void<T>::type;
	using pointer = void;
	using reference = void;
};
} // namespace cxxrt

namespace std
{
template <class T>
struct iterator_traits : cxxrt::iterator_traits<T> {
};
template <class T>
	requires is_object_v<T>
struct iterator_traits<T *> {
	using iterator_concept = contiguous_iterator_tag;
	using iterator_category = random_access_iterator_tag;
	using value_type = remove_cv_t<T>;
	using difference_type = ptrdiff_t;
	using pointer = T *;
	using reference = T &;
};
} // namespace std

#include <cxxrt/iterator_concepts.hpp>
