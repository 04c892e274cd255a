// SPDX-License-Identifier: GPL-2.0
//
// expected<void, E>, of <expected>.
#pragma once

namespace std
{
template <class T, class E>
	requires is_void_v<T>
class [[nodiscard]] expected<T, E>
{
	struct nothing {
	};
	static constexpr bool small = cxxrt::never_zero<E>;
	using state =
		conditional_t<small, cxxrt::error_or_zero<E>, cxxrt::expected_state<nothing, E>>;

	template <class U, class G, class H>
	static constexpr bool from_other =
		is_void_v<U> &&is_constructible_v<E, H> &&
		!cxxrt::constructible_from_expected<unexpected<E>, expected<U, G>>;

public:
	using value_type = T;
	using error_type = E;
	using unexpected_type = unexpected<E>;
	template <class U>
	using rebind = expected<U, E>;

	constexpr expected() noexcept : state_(in_place) {}
	explicit constexpr expected(in_place_t) noexcept : state_(in_place) {}
	template <class U, class G>
		requires(from_other<U, G, const G &>)
	explicit(!is_convertible_v<const G &, E>) constexpr expected(const expected<U, G> &other)
		: state_(other ? state(in_place) : state(unexpect, other.error()))
	{
	}
	template <class U, class G>
		requires(from_other<U, G, G>)
	explicit(!is_convertible_v<G, E>) constexpr expected(expected<U, G> &&other)
		: state_(other ? state(in_place) : state(unexpect, std::move(other).error()))
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
		requires is_constructible_v<E, Args...>
	explicit constexpr expected(unexpect_t,
				    Args &&...args) noexcept(is_nothrow_constructible_v<E, Args...>)
		: state_(unexpect, std::forward<Args>(args)...)
	{
	}
	template <class U, class... Args>
		requires is_constructible_v < E, initializer_list<U>
	&, Args... >
		   explicit constexpr expected(unexpect_t, initializer_list<U> list, Args &&...args)
		: state_(unexpect, list, std::forward<Args>(args)...)
	{
	}

	template <class G>
		requires(is_constructible_v<E, const G &> &&is_assignable_v<E &, const G &>)
	constexpr expected &operator=(const unexpected<G> &e)
	{
		return *this = expected(unexpect, e.error());
	}
	template <class G>
		requires(is_constructible_v<E, G> &&is_assignable_v<E &, G>)
	constexpr expected &operator=(unexpected<G> &&e)
	{
		return *this = expected(unexpect, std::move(e).error());
	}
	constexpr void emplace() noexcept { *this = expected(); }
	constexpr void swap(expected &other) noexcept((
		is_nothrow_move_constructible_v<E> &&
		is_nothrow_swappable_v<E>)) requires(is_swappable_v<E> &&is_move_constructible_v<E>)
	{
		if (!has_value() && !other.has_value()) {
			cxxrt_swap::do_swap(state_.error, other.state_.error);
		} else if (!has_value()) {
			other = expected(unexpect, std::move(state_.error));
			emplace();
		} else if (!other.has_value()) {
			other.swap(*this);
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

	[[nodiscard]] constexpr bool has_value() const noexcept
	{
		if constexpr (small)
			return state_.error == E{};
		else
			return state_.has_value;
	}
	explicit constexpr operator bool() const noexcept { return has_value(); }

	constexpr void operator*() const noexcept { cxxrt::precondition(has_value()); }

	[[nodiscard]] constexpr E &error() &noexcept { return check(), state_.error; }
	[[nodiscard]] constexpr const E &error() const &noexcept { return check(), state_.error; }
	[[nodiscard]] constexpr E &&error() &&noexcept { return check(), std::move(state_.error); }
	[[nodiscard]] constexpr const E &&error() const &&noexcept
	{
		return check(), std::move(state_.error);
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

	CXXRT_CHAIN(and_then)
	CXXRT_CHAIN(or_else)
	CXXRT_CHAIN(transform)
	CXXRT_CHAIN(transform_error)

	template <class U, class G>
		requires is_void_v<U>
	[[nodiscard]] friend constexpr bool operator==(const expected &a, const expected<U, G> &b)
	{
		if (a.has_value() != b.has_value())
			return false;
		return a.has_value() || bool(a.error() == b.error());
	}
	template <class G>
	[[nodiscard]] friend constexpr bool operator==(const expected &a, const unexpected<G> &b)
	{
		return !a.has_value() && bool(a.error() == b.error());
	}

private:
	friend cxxrt::chain;
	template <class Which, class F>
	constexpr expected(cxxrt::of_call, Which which, F &&f) : state_(cxxrt::of_call(), which, f)
	{
	}
	constexpr void check() const { cxxrt::precondition(!has_value()); }

	state state_;
};
} // namespace std
