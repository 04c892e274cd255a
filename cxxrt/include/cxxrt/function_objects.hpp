// SPDX-License-Identifier: GPL-2.0
//
// reference_wrapper, not_fn, bind_front, mem_fn, of <functional>.
#pragma once

#include <cxxrt/operators.hpp>
#include <tuple>
#include <utility>

namespace std
{
template <class T>
class reference_wrapper
{
	// A reference binds to a T, and to no temporary.
	static constexpr void bind(T &) noexcept {}
	static void bind(T &&) = delete;

public:
	using type = T;

	template <class U>
		requires(!is_same_v<remove_cvref_t<U>, reference_wrapper> &&
			 requires(U && u) { bind(std::forward<U>(u)); })
	constexpr reference_wrapper(U &&u) noexcept(noexcept(bind(std::forward<U>(u))))
	{
		T &t = std::forward<U>(u);
		pointer_ = std::addressof(t);
	}

	[[nodiscard]] constexpr T &get() const noexcept { return *pointer_; }
	constexpr operator T &() const noexcept { return *pointer_; }
	template <class... Args>
	constexpr invoke_result_t<T &, Args...> operator()(Args &&...args) const
		noexcept(is_nothrow_invocable_v<T &, Args...>)
	{
		return std::invoke(get(), std::forward<Args>(args)...);
	}

private:
	T *pointer_;
};
template <class T>
reference_wrapper(T &) -> reference_wrapper<T>;

template <class T>
[[nodiscard]] constexpr reference_wrapper<T> ref(T &t) noexcept
{
	return reference_wrapper<T>(t);
}
template <class T>
[[nodiscard]] constexpr reference_wrapper<T> ref(reference_wrapper<T> t) noexcept
{
	return t;
}
template <class T>
void ref(const T &&) = delete;
template <class T>
[[nodiscard]] constexpr reference_wrapper<const T> cref(const T &t) noexcept
{
	return reference_wrapper<const T>(t);
}
template <class T>
[[nodiscard]] constexpr reference_wrapper<const T> cref(reference_wrapper<T> t) noexcept
{
	return t.get();
}
template <class T>
void cref(const T &&) = delete;

struct identity {
	using is_transparent = void;
	template <class T>
	[[nodiscard]] constexpr T &&operator()(T &&t) const noexcept
	{
		return std::forward<T>(t);
	}
};
} // namespace std

namespace cxxrt
{
// The result of not_fn(). It calls f as an lvalue or an rvalue, const or not, as it is itself.
template <class F>
struct negated {
	F f;

#define CXXRT_CALL(qualifiers)                                                                     \
	template <class... Args>                                                                   \
	constexpr auto operator()(Args &&...args) qualifiers noexcept(                             \
		noexcept(!std::invoke(std::declval<F qualifiers>(), std::forward<Args>(args)...))) \
		->decltype(!std::invoke(std::declval<F qualifiers>(),                              \
					std::forward<Args>(args)...))                              \
	{                                                                                          \
		return !std::invoke(static_cast<F qualifiers>(f), std::forward<Args>(args)...);    \
	}
#define CXXRT_CALL_CONST(qualifiers)                                                               \
	template <class... Args>                                                                   \
	constexpr auto operator()(Args &&...args) const qualifiers noexcept(                       \
		noexcept(!std::invoke(std::declval<const F qualifiers>(),                          \
				      std::forward<Args>(args)...)))                               \
		->decltype(!std::invoke(std::declval<const F qualifiers>(),                        \
					std::forward<Args>(args)...))                              \
	{                                                                                          \
		return !std::invoke(static_cast<const F qualifiers>(f),                            \
				    std::forward<Args>(args)...);                                  \
	}
	CXXRT_CALL(&)
	CXXRT_CALL(&&)
	CXXRT_CALL_CONST(&)
	CXXRT_CALL_CONST(&&)
#undef CXXRT_CALL
#undef CXXRT_CALL_CONST
};

// The result of bind_front().
template <class F, class... Bound>
struct front_bound {
	F f;
	std::tuple<Bound...> bound;

	template <class Self, class... Args>
	static constexpr decltype(auto) call(Self &&self, Args &&...args)
	{
		return [&]<size_t... i>(std::index_sequence<i...>)->decltype(auto)
		{
			return std::invoke(std::forward<Self>(self).f,
					   std::get<i>(std::forward<Self>(self).bound)...,
					   std::forward<Args>(args)...);
		}
		(std::index_sequence_for<Bound...>());
	}
	template <class... Args>
		requires std::is_invocable_v<F &, Bound &..., Args...>
	constexpr decltype(auto)
	operator()(Args &&...args) &noexcept(std::is_nothrow_invocable_v<F &, Bound &..., Args...>)
	{
		return call(*this, std::forward<Args>(args)...);
	}
	template <class... Args>
		requires std::is_invocable_v<const F &, const Bound &..., Args...>
	constexpr decltype(auto) operator()(Args &&...args) const &noexcept(
		std::is_nothrow_invocable_v<const F &, const Bound &..., Args...>)
	{
		return call(*this, std::forward<Args>(args)...);
	}
	template <class... Args>
		requires std::is_invocable_v<F, Bound..., Args...>
	constexpr decltype(auto)
	operator()(Args &&...args) &&noexcept(std::is_nothrow_invocable_v<F, Bound..., Args...>)
	{
		return call(std::move(*this), std::forward<Args>(args)...);
	}
	template <class... Args>
		requires std::is_invocable_v<const F, const Bound..., Args...>
	constexpr decltype(auto) operator()(Args &&...args) const &&noexcept(
		std::is_nothrow_invocable_v<const F, const Bound..., Args...>)
	{
		return call(std::move(*this), std::forward<Args>(args)...);
	}
	// Else an rvalue would be called as const.
	template <class... Args>
		requires(!std::is_invocable_v<F &, Bound &..., Args...>)
	void operator()(Args &&...args) & = delete;
	template <class... Args>
		requires(!std::is_invocable_v<F, Bound..., Args...>)
	void operator()(Args &&...args) && = delete;
};

template <class M>
struct member_function {
	M member;

	template <class... Args>
	constexpr auto operator()(Args &&...args) const
		noexcept(noexcept(std::invoke(std::declval<M>(), std::forward<Args>(args)...)))
			-> decltype(std::invoke(std::declval<M>(), std::forward<Args>(args)...))
	{
		return std::invoke(member, std::forward<Args>(args)...);
	}
};
} // namespace cxxrt

namespace std
{
template <class F>
[[nodiscard]] constexpr auto not_fn(F &&f) noexcept(is_nothrow_constructible_v<decay_t<F>, F>)
{
	return cxxrt::negated<decay_t<F>>{std::forward<F>(f)};
}
template <class F, class... Args>
[[nodiscard]] constexpr auto
bind_front(F &&f, Args &&...args) noexcept((is_nothrow_constructible_v<decay_t<F>, F> && ... &&
					    is_nothrow_constructible_v<decay_t<Args>, Args>))
{
	return cxxrt::front_bound<decay_t<F>, decay_t<Args>...>{
		std::forward<F>(f), tuple<decay_t<Args>...>(std::forward<Args>(args)...)};
}
template <class M, class C>
[[nodiscard]] constexpr auto mem_fn(M C::*member) noexcept
{
	return cxxrt::member_function<M C::*>{member};
}

template <class R, class F, class... Args>
	requires is_invocable_r_v<R, F, Args...>
constexpr R invoke_r(F &&f, Args &&...args) noexcept(is_nothrow_invocable_r_v<R, F, Args...>)
{
	if constexpr (is_void_v<R>)
		std::invoke(std::forward<F>(f), std::forward<Args>(args)...);
	else
		return std::invoke(std::forward<F>(f), std::forward<Args>(args)...);
}
} // namespace std
