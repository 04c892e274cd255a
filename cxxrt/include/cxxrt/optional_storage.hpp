// SPDX-License-Identifier: GPL-2.0
//
// The storage of <optional>, which is trivial in each way in which the value is.
#pragma once

#include <cxxrt/pointers.hpp>
#include <cxxrt/trivial.hpp>

namespace cxxrt
{
template <class T, bool trivial = all_trivial<T>>
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

#ifdef CXXRT_TRIVIAL_MEMBERS
	optional_storage(const optional_storage &) requires trivially_copy_constructible<T>
	= default;
#endif
	constexpr optional_storage(const optional_storage &other) noexcept(
		std::is_nothrow_copy_constructible_v<
			T>) requires(CXXRT_NOT_TRIVIALLY(copy_constructible, T)
					     copy_constructible<T>)
		: none(), has_value(false)
	{
		if (other.has_value)
			construct(other.value);
	}
#ifdef CXXRT_TRIVIAL_MEMBERS
	optional_storage(optional_storage &&) requires trivially_move_constructible<T>
	= default;
#endif
	constexpr optional_storage(optional_storage &&other) noexcept(
		std::is_nothrow_move_constructible_v<
			T>) requires(CXXRT_NOT_TRIVIALLY(move_constructible, T)
					     move_constructible<T>)
		: none(), has_value(false)
	{
		if (other.has_value)
			construct(std::move(other.value));
	}
#ifdef CXXRT_TRIVIAL_MEMBERS
	optional_storage &operator=(const optional_storage &) requires trivially_copyable<T>
	= default;
#endif
	constexpr optional_storage &
	operator=(const optional_storage &other) requires(CXXRT_NOT_TRIVIALLY(copyable, T)
								  copyable<T>)
	{
		if (other.has_value)
			assign(other.value);
		else
			reset();
		return *this;
	}
#ifdef CXXRT_TRIVIAL_MEMBERS
	optional_storage &operator=(optional_storage &&) requires trivially_movable<T>
	= default;
#endif
	constexpr optional_storage &operator=(optional_storage &&other) noexcept(
		nothrow_movable<T>) requires(CXXRT_NOT_TRIVIALLY(movable, T) movable<T>)
	{
		if (other.has_value)
			assign(std::move(other.value));
		else
			reset();
		return *this;
	}
#ifdef CXXRT_TRIVIAL_MEMBERS
	~optional_storage() requires trivially_destructible<T>
	= default;
#endif
	constexpr ~optional_storage() requires(CXXRT_NOT_TRIVIALLY(destructible, T) true)
	{
		reset();
	}

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

template <class T>
struct optional_storage<T, true> {
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
	template <class F, class Arg>
	constexpr optional_storage(F &&f, Arg &&arg, std::in_place_t)
		: value(std::invoke(std::forward<F>(f), std::forward<Arg>(arg))), has_value(true)
	{
	}

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
		construct(std::forward<U>(u));
	}
	constexpr void reset() noexcept { has_value = false; }
};
} // namespace cxxrt
