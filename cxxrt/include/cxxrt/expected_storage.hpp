// SPDX-License-Identifier: GPL-2.0
//
// The storage of <expected>. It is trivial where both types are, so that functions return it in registers.
#pragma once

#include <cxxrt/pointers.hpp>
#include <cxxrt/precondition.hpp>
#include <cxxrt/trivial.hpp>

namespace std
{
struct unexpect_t {
	explicit unexpect_t() = default;
};
inline constexpr unexpect_t unexpect{};
} // namespace std

namespace cxxrt
{
// True for an enumeration of errors none of which is 0. An expected<void> of it is as large as the
// error, and 0 for success, as in C.
template <class E>
inline constexpr bool never_zero = false;

// The chaining functions pass it to construct a value or an error from the result of a call.
struct of_call {
};

template <class T, class E, bool trivial = all_trivial<T, E>>
struct expected_state {
	bool has_value;
	union {
		std::remove_cv_t<T> value;
		E error;
	};

	template <class... Args>
	explicit constexpr expected_state(std::in_place_t, Args &&...args)
		: has_value(true), value(std::forward<Args>(args)...)
	{
	}
	template <class... Args>
	explicit constexpr expected_state(std::unexpect_t, Args &&...args)
		: has_value(false), error(std::forward<Args>(args)...)
	{
	}
	template <class F>
	constexpr expected_state(of_call, std::in_place_t, F &&f)
		: has_value(true), value(std::forward<F>(f)())
	{
	}
	template <class F>
	constexpr expected_state(of_call, std::unexpect_t, F &&f)
		: has_value(false), error(std::forward<F>(f)())
	{
	}

#ifdef CXXRT_TRIVIAL_MEMBERS
	expected_state(const expected_state &) requires trivially_copy_constructible<T, E>
	= default;
#endif
	constexpr expected_state(const expected_state &other) noexcept(
		(std::is_nothrow_copy_constructible_v<T> &&
		 std::is_nothrow_copy_constructible_v<
			 E>)) requires(CXXRT_NOT_TRIVIALLY(copy_constructible, T, E)
					       copy_constructible<T, E>)
	{
		construct(other);
	}
#ifdef CXXRT_TRIVIAL_MEMBERS
	expected_state(expected_state &&) requires trivially_move_constructible<T, E>
	= default;
#endif
	constexpr expected_state(expected_state &&other) noexcept(
		nothrow_move_constructible<T, E>) requires(CXXRT_NOT_TRIVIALLY(move_constructible,
									       T, E)
								   move_constructible<T, E>)
	{
		construct(std::move(other));
	}
#ifdef CXXRT_TRIVIAL_MEMBERS
	~expected_state() requires trivially_destructible<T, E>
	= default;
#endif
	constexpr ~expected_state() requires(CXXRT_NOT_TRIVIALLY(destructible, T, E) true)
	{
		destroy();
	}

#ifdef CXXRT_TRIVIAL_MEMBERS
	expected_state &operator=(const expected_state &) requires trivially_copyable<T, E>
	= default;
#endif
	constexpr expected_state &operator=(const expected_state &other) noexcept(
		(std::is_nothrow_copy_constructible_v<T> &&
		 std::is_nothrow_copy_constructible_v<E> && std::is_nothrow_copy_assignable_v<T> &&
		 std::is_nothrow_copy_assignable_v<
			 E>)) requires(CXXRT_NOT_TRIVIALLY(copyable, T, E) copyable<T, E> &&
				       (std::is_nothrow_move_constructible_v<T> ||
					std::is_nothrow_move_constructible_v<E>))
	{
		assign(other);
		return *this;
	}
#ifdef CXXRT_TRIVIAL_MEMBERS
	expected_state &operator=(expected_state &&) requires trivially_movable<T, E>
	= default;
#endif
	constexpr expected_state &operator=(expected_state &&other) noexcept(
		nothrow_movable<T, E>) requires(CXXRT_NOT_TRIVIALLY(movable, T, E) movable<T, E> &&
						(std::is_nothrow_move_constructible_v<T> ||
						 std::is_nothrow_move_constructible_v<E>))
	{
		assign(std::move(other));
		return *this;
	}

	template <class U>
	constexpr void set_value(U &&u)
	{
		if (has_value) {
			value = std::forward<U>(u);
		} else {
			destroy();
			std::construct_at(std::addressof(value), std::forward<U>(u));
			has_value = true;
		}
	}
	template <class G>
	constexpr void set_error(G &&g)
	{
		if (!has_value) {
			error = std::forward<G>(g);
		} else {
			destroy();
			std::construct_at(std::addressof(error), std::forward<G>(g));
			has_value = false;
		}
	}
	constexpr void destroy()
	{
		if (has_value)
			std::destroy_at(std::addressof(value));
		else
			std::destroy_at(std::addressof(error));
	}

private:
	template <class Other>
	constexpr void construct(Other &&other)
	{
		has_value = other.has_value;
		if (has_value)
			std::construct_at(std::addressof(value), std::forward<Other>(other).value);
		else
			std::construct_at(std::addressof(error), std::forward<Other>(other).error);
	}
	template <class Other>
	constexpr void assign(Other &&other)
	{
		if (has_value != other.has_value) {
			destroy();
			construct(std::forward<Other>(other));
		} else if (has_value) {
			value = std::forward<Other>(other).value;
		} else {
			error = std::forward<Other>(other).error;
		}
	}
};

template <class T, class E>
struct expected_state<T, E, true> {
	bool has_value;
	union {
		std::remove_cv_t<T> value;
		E error;
	};

	template <class... Args>
	explicit constexpr expected_state(std::in_place_t, Args &&...args)
		: has_value(true), value(std::forward<Args>(args)...)
	{
	}
	template <class... Args>
	explicit constexpr expected_state(std::unexpect_t, Args &&...args)
		: has_value(false), error(std::forward<Args>(args)...)
	{
	}
	template <class F>
	constexpr expected_state(of_call, std::in_place_t, F &&f)
		: has_value(true), value(std::forward<F>(f)())
	{
	}
	template <class F>
	constexpr expected_state(of_call, std::unexpect_t, F &&f)
		: has_value(false), error(std::forward<F>(f)())
	{
	}

	template <class U>
	constexpr void set_value(U &&u)
	{
		std::construct_at(std::addressof(value), std::forward<U>(u));
		has_value = true;
	}
	template <class G>
	constexpr void set_error(G &&g)
	{
		std::construct_at(std::addressof(error), std::forward<G>(g));
		has_value = false;
	}
	constexpr void destroy() {}
};

template <class E>
struct error_or_zero {
	E error;

	explicit constexpr error_or_zero(std::in_place_t) : error{} {}
	template <class... Args>
	explicit constexpr error_or_zero(std::unexpect_t, Args &&...args)
		: error(std::forward<Args>(args)...)
	{
		precondition(error != E{});
	}
	template <class F>
	constexpr error_or_zero(of_call, std::unexpect_t, F &&f) : error(std::forward<F>(f)())
	{
		precondition(error != E{});
	}
};
} // namespace cxxrt
