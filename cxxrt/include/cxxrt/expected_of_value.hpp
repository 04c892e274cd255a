// SPDX-License-Identifier: GPL-2.0
//
// expected<T, E> of a value, of <expected>.
#pragma once

namespace std
{
template <class T, class E>
class [[nodiscard]] expected
{
	static_assert(!is_reference_v<T> && !is_function_v<T> && !is_array_v<T> &&
		      !is_same_v<remove_cv_t<T>, in_place_t> &&
		      !is_same_v<remove_cv_t<T>, unexpect_t> &&
		      !cxxrt::is_specialization<remove_cv_t<T>, unexpected>);

	template <class U, class G, class V, class H>
	static constexpr bool
		from_other = is_constructible_v<T, V> &&is_constructible_v<E, H> &&
			     (is_same_v<remove_cv_t<T>, bool> ||
			      (!cxxrt::constructible_from_expected<T, expected<U, G>> &&
			       !cxxrt::convertible_from_expected<T, expected<U, G>>)) &&
			     !cxxrt::constructible_from_expected<unexpected<E>, expected<U, G>>;

public:
	using value_type = T;
	using error_type = E;
	using unexpected_type = unexpected<E>;
	template <class U>
	using rebind = expected<U, E>;

	constexpr expected() noexcept(is_nothrow_default_constructible_v<T>) requires
		is_default_constructible_v<T> : state_(in_place)
	{
	}
	template <class U, class G>
		requires(from_other<U, G, const U &, const G &>)
	explicit(!is_convertible_v<const U &, T> ||
		 !is_convertible_v<const G &, E>) constexpr expected(const expected<U, G> &other)
		: state_(other ? state(in_place, *other) : state(unexpect, other.error()))
	{
	}
	template <class U, class G>
		requires(from_other<U, G, U, G>)
	explicit(!is_convertible_v<U, T> ||
		 !is_convertible_v<G, E>) constexpr expected(expected<U, G> &&other)
		: state_(other ? state(in_place, *std::move(other))
			       : state(unexpect, std::move(other).error()))
	{
	}
	template <class U = T>
		requires(!is_same_v<remove_cvref_t<U>, expected> &&
			 !is_same_v<remove_cvref_t<U>, in_place_t> &&
			 !cxxrt::is_specialization<remove_cvref_t<U>, unexpected> &&
			 is_constructible_v<T, U> &&
			 (!is_same_v<remove_cv_t<T>, bool> ||
			  !cxxrt::is_specialization<remove_cvref_t<U>, expected>))
	explicit(!is_convertible_v<U, T>) constexpr expected(U &&value) noexcept(
		is_nothrow_constructible_v<T, U>)
		: state_(in_place, std::forward<U>(value))
	{
	}
	template <class G>
		requires is_constructible_v<E, const G &>
	explicit(!is_convertible_v<const G &, E>) constexpr expected(
		const unexpected<G> &e) noexcept(is_nothrow_constructible_v<E, const G &>)
		: state_(unexpect, e.error())
	{
	}
	template <class G>
		requires is_constructible_v<E, G>
	explicit(!is_convertible_v<G, E>) constexpr expected(unexpected<G> &&e) noexcept(
		is_nothrow_constructible_v<E, G>)
		: state_(unexpect, std::move(e).error())
	{
	}
	template <class... Args>
		requires is_constructible_v<T, Args...>
	explicit constexpr expected(in_place_t,
				    Args &&...args) noexcept(is_nothrow_constructible_v<T, Args...>)
		: state_(in_place, std::forward<Args>(args)...)
	{
	}
	template <class U, class... Args>
		requires is_constructible_v < T, initializer_list<U>
	&, Args... > explicit constexpr expected(
			     in_place_t, initializer_list<U> list,
			     Args &&...args) noexcept(is_nothrow_constructible_v<T,
										 initializer_list<U>
											 &,
										 Args...>)
		: state_(in_place, list, std::forward<Args>(args)...)
	{
	}
	template <class... Args>
		requires is_constructible_v<E, Args...>
	explicit constexpr expected(unexpect_t,
				    Args &&...args) noexcept(is_nothrow_constructible_v<E, Args...>)
		: state_(unexpect, std::forward<Args>(args)...)
	{
	}
	template <class U, class... Args>
		requires is_constructible_v < E, initializer_list<U>
	&, Args... > explicit constexpr expected(
			     unexpect_t, initializer_list<U> list,
			     Args &&...args) noexcept(is_nothrow_constructible_v<E,
										 initializer_list<U>
											 &,
										 Args...>)
		: state_(unexpect, list, std::forward<Args>(args)...)
	{
	}

	template <class U = T>
		requires(!is_same_v<remove_cvref_t<U>, expected> &&
			 !cxxrt::is_specialization<remove_cvref_t<U>, unexpected> &&
			 is_constructible_v<T, U> && is_assignable_v<T &, U>)
	constexpr expected &operator=(U &&value)
	{
		state_.set_value(std::forward<U>(value));
		return *this;
	}
	template <class G>
		requires(is_constructible_v<E, const G &> &&is_assignable_v<E &, const G &>)
	constexpr expected &operator=(const unexpected<G> &e)
	{
		state_.set_error(e.error());
		return *this;
	}
	template <class G>
		requires(is_constructible_v<E, G> &&is_assignable_v<E &, G>)
	constexpr expected &operator=(unexpected<G> &&e)
	{
		state_.set_error(std::move(e).error());
		return *this;
	}
	template <class... Args>
		requires is_nothrow_constructible_v<T, Args...>
	constexpr T &emplace(Args &&...args) noexcept
	{
		state_.destroy();
		state_.has_value = true;
		return *std::construct_at(std::addressof(state_.value),
					  std::forward<Args>(args)...);
	}
	template <class U, class... Args>
		requires is_nothrow_constructible_v < T, initializer_list<U>
	&, Args... > constexpr T &emplace(initializer_list<U> list, Args &&...args) noexcept
	{
		state_.destroy();
		state_.has_value = true;
		return *std::construct_at(std::addressof(state_.value), list,
					  std::forward<Args>(args)...);
	}
	constexpr void swap(expected &other) noexcept(
		(cxxrt::nothrow_move_constructible<T, E> && is_nothrow_swappable_v<T> &&
		 is_nothrow_swappable_v<E>)) requires(is_swappable_v<T> &&is_swappable_v<E>
							      &&cxxrt::move_constructible<T, E>)
	{
		if (has_value() && other.has_value()) {
			cxxrt_swap::do_swap(state_.value, other.state_.value);
		} else if (!has_value() && !other.has_value()) {
			cxxrt_swap::do_swap(state_.error, other.state_.error);
		} else if (!has_value()) {
			other.swap(*this);
		} else {
			E error = std::move(other.state_.error);
			other.state_.set_value(std::move(state_.value));
			state_.set_error(std::move(error));
		}
	}
	friend constexpr void swap(expected &a,
				   expected &b) noexcept(noexcept(a.swap(b))) requires requires
	{
		a.swap(b);
	}
	{
		a.swap(b);
	}

	[[nodiscard]] constexpr bool has_value() const noexcept { return state_.has_value; }
	explicit constexpr operator bool() const noexcept { return has_value(); }

	constexpr T &operator*() &noexcept { return check(true), state_.value; }
	constexpr const T &operator*() const &noexcept { return check(true), state_.value; }
	constexpr T &&operator*() &&noexcept { return check(true), std::move(state_.value); }
	constexpr const T &&operator*() const &&noexcept
	{
		return check(true), std::move(state_.value);
	}
	constexpr T *operator->() noexcept { return std::addressof(**this); }
	constexpr const T *operator->() const noexcept { return std::addressof(**this); }

	[[nodiscard]] constexpr E &error() &noexcept { return check(false), state_.error; }
	[[nodiscard]] constexpr const E &error() const &noexcept
	{
		return check(false), state_.error;
	}
	[[nodiscard]] constexpr E &&error() &&noexcept
	{
		return check(false), std::move(state_.error);
	}
	[[nodiscard]] constexpr const E &&error() const &&noexcept
	{
		return check(false), std::move(state_.error);
	}

	template <class U = remove_cv_t<T>>
	[[nodiscard]] constexpr T value_or(U &&other) const &
	{
		return has_value() ? state_.value : static_cast<T>(std::forward<U>(other));
	}
	template <class U = remove_cv_t<T>>
	[[nodiscard]] constexpr T value_or(U &&other) &&
	{
		return has_value() ? std::move(state_.value)
				   : static_cast<T>(std::forward<U>(other));
	}
	template <class G = E>
	[[nodiscard]] constexpr E error_or(G &&other) const &
	{
		return has_value() ? static_cast<E>(std::forward<G>(other)) : state_.error;
	}
	template <class G = E>
	[[nodiscard]] constexpr E error_or(G &&other) &&
	{
		return has_value() ? static_cast<E>(std::forward<G>(other))
				   : std::move(state_.error);
	}

	// With a value this returns f(value), an expected; without one it returns the error.
	CXXRT_CHAIN(and_then)
	// With an error this returns f(error), an expected; without one it returns the value.
	CXXRT_CHAIN(or_else)
	// Of a value: an expected of f(value). Else the error.
	CXXRT_CHAIN(transform)
	// Of an error: an expected with the error f(error). Else the value.
	CXXRT_CHAIN(transform_error)

	template <class U, class G>
		requires(!is_void_v<U>)
	[[nodiscard]] friend constexpr bool operator==(const expected &a, const expected<U, G> &b)
	{
		if (a.has_value() != b.has_value())
			return false;
		return a.has_value() ? bool(*a == *b) : bool(a.error() == b.error());
	}
	template <class U>
		requires(!cxxrt::is_specialization<U, expected> &&
			 !cxxrt::is_specialization<U, unexpected>)
	[[nodiscard]] friend constexpr bool operator==(const expected &a, const U &b)
	{
		return a.has_value() && bool(*a == b);
	}
	template <class G>
	[[nodiscard]] friend constexpr bool operator==(const expected &a, const unexpected<G> &b)
	{
		return !a.has_value() && bool(a.error() == b.error());
	}

private:
	using state = cxxrt::expected_state<T, E>;
	friend cxxrt::chain;
	template <class Which, class F>
	constexpr expected(cxxrt::of_call, Which which, F &&f) : state_(cxxrt::of_call(), which, f)
	{
	}
	constexpr void check(bool value) const { cxxrt::precondition(has_value() == value); }

	state state_;
};
} // namespace std
