// SPDX-License-Identifier: GPL-2.0
//
// reverse_iterator, and rbegin() and rend(), of <iterator> and every container's header.
#pragma once

#include <cxxrt/range_access.hpp>

namespace std
{
template <class T>
class reverse_iterator
{
public:
	using iterator_type = T;
	using iterator_concept =
		conditional_t<random_access_iterator<T>, random_access_iterator_tag,
			      bidirectional_iterator_tag>;
	using iterator_category =
		conditional_t<is_base_of_v<random_access_iterator_tag,
					   typename iterator_traits<T>::iterator_category>,
			      random_access_iterator_tag,
			      typename iterator_traits<T>::iterator_category>;
	using value_type = iter_value_t<T>;
	using difference_type = iter_difference_t<T>;
	using pointer = typename iterator_traits<T>::pointer;
	using reference = iter_reference_t<T>;

	constexpr reverse_iterator() noexcept(is_nothrow_default_constructible_v<T>) : current() {}
	explicit constexpr reverse_iterator(T it) noexcept(is_nothrow_move_constructible_v<T>)
		: current(std::move(it))
	{
	}
	template <class U>
		requires(!is_same_v<U, T> && convertible_to<const U &, T>)
	constexpr reverse_iterator(const reverse_iterator<U> &other) noexcept(
		is_nothrow_constructible_v<T, const U &>)
		: current(other.base())
	{
	}
	template <class U>
		requires(!is_same_v<U, T> && convertible_to<const U &, T> &&
			 assignable_from<T &, const U &>)
	constexpr reverse_iterator &operator=(const reverse_iterator<U> &other) noexcept(
		is_nothrow_assignable_v<T &, const U &>)
	{
		current = other.base();
		return *this;
	}

	[[nodiscard]] constexpr T base() const noexcept(is_nothrow_copy_constructible_v<T>)
	{
		return current;
	}
	[[nodiscard]] constexpr reference operator*() const
	{
		T before = current;
		return *--before;
	}
	[[nodiscard]] constexpr pointer operator->() const
		requires(is_pointer_v<T> || requires(const T i) { i.operator->(); })
	{
		T before = current;
		--before;
		if constexpr (is_pointer_v<T>)
			return before;
		else
			return before.operator->();
	}
	[[nodiscard]] constexpr reference operator[](difference_type n) const
	{
		return *(*this + n);
	}

	constexpr reverse_iterator &operator++()
	{
		--current;
		return *this;
	}
	constexpr reverse_iterator operator++(int)
	{
		reverse_iterator old = *this;
		--current;
		return old;
	}
	constexpr reverse_iterator &operator--()
	{
		++current;
		return *this;
	}
	constexpr reverse_iterator operator--(int)
	{
		reverse_iterator old = *this;
		++current;
		return old;
	}
	constexpr reverse_iterator &operator+=(difference_type n)
	{
		current -= n;
		return *this;
	}
	constexpr reverse_iterator &operator-=(difference_type n)
	{
		current += n;
		return *this;
	}
	[[nodiscard]] constexpr reverse_iterator operator+(difference_type n) const
	{
		return reverse_iterator(current - n);
	}
	[[nodiscard]] constexpr reverse_iterator operator-(difference_type n) const
	{
		return reverse_iterator(current + n);
	}

	[[nodiscard]] friend constexpr iter_rvalue_reference_t<T>
	iter_move(const reverse_iterator &it) noexcept(
		is_nothrow_copy_constructible_v<T> &&noexcept(ranges::iter_move(--declval<T &>())))
	{
		T before = it.current;
		return ranges::iter_move(--before);
	}

protected:
	T current;
};

#define CXXRT_COMPARE(op, reversed)                                                                \
	template <class T, class U>                                                                \
		requires requires(const T &t, const U &u)                                          \
		{                                                                                  \
			{                                                                          \
				t reversed u                                                       \
				} -> convertible_to<bool>;                                         \
		}                                                                                  \
	[[nodiscard]] constexpr bool operator op(const reverse_iterator<T> &a,                     \
						 const reverse_iterator<U> &b)                     \
	{                                                                                          \
		return a.base() reversed b.base();                                                 \
	}
CXXRT_COMPARE(==, ==)
CXXRT_COMPARE(!=, !=)
CXXRT_COMPARE(<, >)
CXXRT_COMPARE(>, <)
CXXRT_COMPARE(<=, >=)
CXXRT_COMPARE(>=, <=)
#undef CXXRT_COMPARE
template <class T, three_way_comparable_with<T> U>
[[nodiscard]] constexpr compare_three_way_result_t<T, U> operator<=>(const reverse_iterator<T> &a,
								     const reverse_iterator<U> &b)
{
	return b.base() <=> a.base();
}
template <class T, class U>
[[nodiscard]] constexpr auto operator-(const reverse_iterator<T> &a, const reverse_iterator<U> &b)
	-> decltype(b.base() - a.base())
{
	return b.base() - a.base();
}
template <class T>
[[nodiscard]] constexpr reverse_iterator<T>
operator+(typename reverse_iterator<T>::difference_type n, const reverse_iterator<T> &it)
{
	return it + n;
}
template <class T>
[[nodiscard]] constexpr reverse_iterator<T> make_reverse_iterator(T it)
{
	return reverse_iterator<T>(std::move(it));
}
template <class T, class U>
	requires(!sized_sentinel_for<T, U>)
inline constexpr bool disable_sized_sentinel_for<reverse_iterator<T>, reverse_iterator<U>> = true;

template <class C>
[[nodiscard]] constexpr auto rbegin(C &c) -> decltype(c.rbegin())
{
	return c.rbegin();
}
template <class C>
[[nodiscard]] constexpr auto rbegin(const C &c) -> decltype(c.rbegin())
{
	return c.rbegin();
}
template <class C>
[[nodiscard]] constexpr auto rend(C &c) -> decltype(c.rend())
{
	return c.rend();
}
template <class C>
[[nodiscard]] constexpr auto rend(const C &c) -> decltype(c.rend())
{
	return c.rend();
}
template <class T, size_t n>
[[nodiscard]] constexpr reverse_iterator<T *> rbegin(T (&array)[n]) noexcept
{
	return reverse_iterator<T *>(array + n);
}
template <class T, size_t n>
[[nodiscard]] constexpr reverse_iterator<T *> rend(T (&array)[n]) noexcept
{
	return reverse_iterator<T *>(array);
}
template <class T>
[[nodiscard]] constexpr reverse_iterator<const T *> rbegin(initializer_list<T> list) noexcept
{
	return reverse_iterator<const T *>(list.end());
}
template <class T>
[[nodiscard]] constexpr reverse_iterator<const T *> rend(initializer_list<T> list) noexcept
{
	return reverse_iterator<const T *>(list.begin());
}
template <class C>
[[nodiscard]] constexpr auto crbegin(const C &c) -> decltype(std::rbegin(c))
{
	return std::rbegin(c);
}
template <class C>
[[nodiscard]] constexpr auto crend(const C &c) -> decltype(std::rend(c))
{
	return std::rend(c);
}
} // namespace std
