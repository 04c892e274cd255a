// SPDX-License-Identifier: GPL-2.0
//
// What an optional keeps, as trivial as the value is; of <optional>.
#pragma once

#include <cxxrt/pointers.hpp>
#include <cxxrt/trivial.hpp>

namespace cxxrt
{
template <class T>
struct optional_storage {
	struct nothing {
	};
	union {
		nothing none;
		std::remove_const_t<T> value;
	};
	bool has_value;

	constexpr optional_storage() noexcept : none(), has_value(false) {}
	template <class... Args>
	explicit constexpr optional_storage(std::in_place_t, Args &&...args) noexcept(
		std::is_nothrow_constructible_v<T, Args...>)
		: value(std::forward<Args>(args)...), has_value(true)
	{
	}
	// The function's result itself, for transform().
	template <class F, class Arg>
	constexpr optional_storage(F &&f, Arg &&arg, std::in_place_t)
		: value(std::invoke(std::forward<F>(f), std::forward<Arg>(arg))), has_value(true)
	{
	}

	optional_storage(const optional_storage &) requires trivially_copy_constructible<T>
	= default;
	constexpr optional_storage(const optional_storage &other) noexcept(
		std::is_nothrow_copy_constructible_v<
			T>) requires(!trivially_copy_constructible<T> && copy_constructible<T>)
		: none(), has_value(false)
	{
		if (other.has_value)
			construct(other.value);
	}
	optional_storage(optional_storage &&) requires trivially_move_constructible<T>
	= default;
	constexpr optional_storage(optional_storage &&other) noexcept(
		std::is_nothrow_move_constructible_v<
			T>) requires(!trivially_move_constructible<T> && move_constructible<T>)
		: none(), has_value(false)
	{
		if (other.has_value)
			construct(std::move(other.value));
	}
	optional_storage &operator=(const optional_storage &) requires trivially_copyable<T>
	= default;
	constexpr optional_storage &
	operator=(const optional_storage &other) requires(!trivially_copyable<T> && copyable<T>)
	{
		if (other.has_value)
			assign(other.value);
		else
			reset();
		return *this;
	}
	optional_storage &operator=(optional_storage &&) requires trivially_movable<T>
	= default;
	constexpr optional_storage &operator=(optional_storage &&other) noexcept(
		nothrow_movable<T>) requires(!trivially_movable<T> && movable<T>)
	{
		if (other.has_value)
			assign(std::move(other.value));
		else
			reset();
		return *this;
	}
	~optional_storage() requires trivially_destructible<T>
	= default;
	constexpr ~optional_storage() requires(!trivially_destructible<T>) { reset(); }

	template <class... Args>
	constexpr void
	construct(Args &&...args) noexcept(std::is_nothrow_constructible_v<T, Args...>)
	{
		std::construct_at(std::addressof(value), std::forward<Args>(args)...);
		has_value = true;
	}
	template <class U>
	constexpr void assign(U &&u) noexcept(
		std::is_nothrow_constructible_v<T, U> &&std::is_nothrow_assignable_v<T &, U>)
	{
		if (has_value)
			value = std::forward<U>(u);
		else
			construct(std::forward<U>(u));
	}
	constexpr void reset() noexcept
	{
		if (!has_value)
			return;
		has_value = false;
		std::destroy_at(std::addressof(value));
	}
};
} // namespace cxxrt
