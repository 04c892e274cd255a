// SPDX-License-Identifier: GPL-2.0
//
// move_iterator, of <iterator>: what is read through it is moved from.
#pragma once

#include <cxxrt/iterator_traits.hpp>

namespace cxxrt
{
template <class T>
struct move_category {
};
template <class T>
	requires requires
	{
		typename std::iterator_traits<T>::iterator_category;
	}
struct move_category<T> {
	using iterator_category = std::conditional_t<
		std::is_base_of_v<std::random_access_iterator_tag,
				  typename std::iterator_traits<T>::iterator_category>,
		std::random_access_iterator_tag,
		typename std::iterator_traits<T>::iterator_category>;
};
} // namespace cxxrt

namespace std
{
template <class T>
class move_iterator : public cxxrt::move_category<T>
{
public:
	using iterator_type = T;
	using iterator_concept = input_iterator_tag;
	using value_type = iter_value_t<T>;
	using difference_type = iter_difference_t<T>;
	using pointer = T;
	using reference = iter_rvalue_reference_t<T>;

	constexpr move_iterator() : current_() {}
	explicit constexpr move_iterator(T it) : current_(std::move(it)) {}
	template <class U>
		requires(!is_same_v<U, T> && convertible_to<const U &, T>)
	constexpr move_iterator(const move_iterator<U> &other) : current_(other.base()) {}
	template <class U>
		requires(!is_same_v<U, T> && convertible_to<const U &, T> &&
			 assignable_from<T &, const U &>)
	constexpr move_iterator &operator=(const move_iterator<U> &other)
	{
		current_ = other.base();
		return *this;
	}

	[[nodiscard]] constexpr const T &base() const &noexcept { return current_; }
	[[nodiscard]] constexpr T base() && { return std::move(current_); }
	[[nodiscard]] constexpr reference operator*() const { return ranges::iter_move(current_); }
	[[nodiscard]] constexpr pointer operator->() const { return current_; }
	[[nodiscard]] constexpr reference operator[](difference_type n) const
	{
		return ranges::iter_move(current_ + n);
	}

	constexpr move_iterator &operator++()
	{
		++current_;
		return *this;
	}
	constexpr move_iterator operator++(int) requires forward_iterator<T>
	{
		move_iterator old = *this;
		++current_;
		return old;
	}
	constexpr void operator++(int) { ++current_; }
	constexpr move_iterator &operator--()
	{
		--current_;
		return *this;
	}
	constexpr move_iterator operator--(int)
	{
		move_iterator old = *this;
		--current_;
		return old;
	}
	[[nodiscard]] constexpr move_iterator operator+(difference_type n) const
	{
		return move_iterator(current_ + n);
	}
	[[nodiscard]] constexpr move_iterator operator-(difference_type n) const
	{
		return move_iterator(current_ - n);
	}
	constexpr move_iterator &operator+=(difference_type n)
	{
		current_ += n;
		return *this;
	}
	constexpr move_iterator &operator-=(difference_type n)
	{
		current_ -= n;
		return *this;
	}

	[[nodiscard]] friend constexpr iter_rvalue_reference_t<T>
	iter_move(const move_iterator &it) noexcept(noexcept(ranges::iter_move(it.current_)))
	{
		return ranges::iter_move(it.current_);
	}

private:
	T current_;
};

#define CXXRT_COMPARE(op, ...)                                                                     \
	template <class T, class U>                                                                \
		requires requires(const T &x, const U &y)                                          \
		{                                                                                  \
			{                                                                          \
				__VA_ARGS__                                                        \
				} -> convertible_to<bool>;                                         \
		}                                                                                  \
	[[nodiscard]] constexpr bool operator op(const move_iterator<T> &a,                        \
						 const move_iterator<U> &b)                        \
	{                                                                                          \
		const T &x = a.base();                                                             \
		const U &y = b.base();                                                             \
		return __VA_ARGS__;                                                                \
	}
CXXRT_COMPARE(==, x == y)
CXXRT_COMPARE(<, x < y)
CXXRT_COMPARE(>, y < x)
CXXRT_COMPARE(<=, !(y < x))
CXXRT_COMPARE(>=, !(x < y))
#undef CXXRT_COMPARE
template <class T, three_way_comparable_with<T> U>
[[nodiscard]] constexpr compare_three_way_result_t<T, U> operator<=>(const move_iterator<T> &a,
								     const move_iterator<U> &b)
{
	return a.base() <=> b.base();
}
template <class T, class U>
[[nodiscard]] constexpr auto operator-(const move_iterator<T> &a, const move_iterator<U> &b)
	-> decltype(a.base() - b.base())
{
	return a.base() - b.base();
}
template <class T>
[[nodiscard]] constexpr move_iterator<T> operator+(typename move_iterator<T>::difference_type n,
						   const move_iterator<T> &it)
{
	return it + n;
}
template <class T>
[[nodiscard]] constexpr move_iterator<T> make_move_iterator(T it)
{
	return move_iterator<T>(std::move(it));
}
} // namespace std
