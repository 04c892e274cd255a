// SPDX-License-Identifier: GPL-2.0
//
// The concepts of iterators, of <iterator>.
#pragma once

namespace cxxrt
{
template <class In>
concept readable = requires(const In in)
{
	typename std::iter_value_t<In>;
	typename std::iter_reference_t<In>;
	typename std::iter_rvalue_reference_t<In>;
	{
		*in
		} -> std::same_as<std::iter_reference_t<In>>;
	{
		std::ranges::iter_move(in)
		} -> std::same_as<std::iter_rvalue_reference_t<In>>;
}
&&std::common_reference_with<std::iter_reference_t<In> &&, std::iter_value_t<In> &>
	&&std::common_reference_with<std::iter_reference_t<In> &&,
				     std::iter_rvalue_reference_t<In> &&>
		&&std::common_reference_with<std::iter_rvalue_reference_t<In> &&,
					     const std::iter_value_t<In> &>;

// The class that says which concept an iterator claims: its traits, if its author has specialised them.
template <class T>
struct author_of : std::type_identity<T> {
};
template <class T>
	requires(!primary_traits<T>)
struct author_of<T> : std::type_identity<std::iterator_traits<T>> {
};
template <class T, class Author = typename author_of<T>::type>
struct concept_of {
};
template <class T>
	requires(
		!requires { typename T::iterator_concept; } &&
		!requires { typename T::iterator_category; })
struct concept_of<T, T> : std::type_identity<std::random_access_iterator_tag> {
};
template <class T, class Author>
	requires requires
	{
		typename Author::iterator_concept;
	}
struct concept_of<T, Author> : std::type_identity<typename Author::iterator_concept> {
};
template <class T, class Author>
	requires(
		!requires { typename Author::iterator_concept; } &&
		requires { typename Author::iterator_category; })
struct concept_of<T, Author> : std::type_identity<typename Author::iterator_category> {
};
template <class T, class Tag>
concept claims = std::derived_from<typename concept_of<T>::type, Tag>;

} // namespace cxxrt

namespace std
{
template <class In>
concept indirectly_readable = cxxrt::readable<remove_cvref_t<In>>;
template <indirectly_readable T>
using iter_common_reference_t = common_reference_t<iter_reference_t<T>, iter_value_t<T> &>;
template <class Out, class T>
concept indirectly_writable = requires(Out &&o, T &&t)
{
	*o = static_cast<T &&>(t);
	*static_cast<Out &&>(o) = static_cast<T &&>(t);
	const_cast<const iter_reference_t<Out> &&>(*o) = static_cast<T &&>(t);
	const_cast<const iter_reference_t<Out> &&>(*static_cast<Out &&>(o)) = static_cast<T &&>(t);
};

template <class T>
concept weakly_incrementable = movable<T> && requires(T i)
{
	typename iter_difference_t<T>;
	requires signed_integral<iter_difference_t<T>>;
	{
		++i
		} -> same_as<T &>;
	i++;
};
template <class T>
concept incrementable = regular<T> && weakly_incrementable<T> && requires(T i)
{
	{
		i++
		} -> same_as<T>;
};
template <class T>
concept input_or_output_iterator = weakly_incrementable<T> && requires(T i)
{
	{
		*i
		} -> cxxrt::referenceable;
};
template <class S, class T>
concept sentinel_for = semiregular<S> && input_or_output_iterator<T> && cxxrt::weakly_equal<S, T>;
template <class S, class T>
inline constexpr bool disable_sized_sentinel_for = false;
template <class S, class T>
concept sized_sentinel_for =
	sentinel_for<S, T> && !disable_sized_sentinel_for<remove_cv_t<S>, remove_cv_t<T>> &&
	requires(const T &i, const S &s)
{
	{
		s - i
		} -> same_as<iter_difference_t<T>>;
	{
		i - s
		} -> same_as<iter_difference_t<T>>;
};

template <class T>
concept input_iterator = input_or_output_iterator<T> && indirectly_readable<T> && requires
{
	typename cxxrt::concept_of<T>::type;
} && cxxrt::claims<T, input_iterator_tag>;
template <class T, class U>
concept output_iterator = input_or_output_iterator<T> && indirectly_writable<T, U> &&
	requires(T i, U &&u)
{
	*i++ = static_cast<U &&>(u);
};
template <class T>
concept forward_iterator = input_iterator<T> && cxxrt::claims<T, forward_iterator_tag> &&
	incrementable<T> && sentinel_for<T, T>;
template <class T>
concept bidirectional_iterator = forward_iterator<T> &&
	cxxrt::claims<T, bidirectional_iterator_tag> && requires(T i)
{
	{
		--i
		} -> same_as<T &>;
	{
		i--
		} -> same_as<T>;
};
template <class T>
concept random_access_iterator = bidirectional_iterator<T> &&
	cxxrt::claims<T, random_access_iterator_tag> && totally_ordered<T> &&
	sized_sentinel_for<T, T> && requires(T i, const T j, const iter_difference_t<T> n)
{
	{
		i += n
		} -> same_as<T &>;
	{
		j + n
		} -> same_as<T>;
	{
		n + j
		} -> same_as<T>;
	{
		i -= n
		} -> same_as<T &>;
	{
		j - n
		} -> same_as<T>;
	{
		j[n]
		} -> same_as<iter_reference_t<T>>;
};
template <class T>
concept contiguous_iterator = random_access_iterator<T> &&
	cxxrt::claims<T, contiguous_iterator_tag> && is_lvalue_reference_v<iter_reference_t<T>> &&
	same_as<iter_value_t<T>, remove_cvref_t<iter_reference_t<T>>> && requires(const T &i)
{
	{
		std::to_address(i)
		} -> same_as<add_pointer_t<iter_reference_t<T>>>;
};
} // namespace std
