// SPDX-License-Identifier: GPL-2.0
//
// addressof, pointer_traits, to_address, construct_at, destroy_at, of <memory>.
#pragma once

#include <cstdint>
#include <new>
#include <utility>

namespace cxxrt
{
// The element type of a class that is like a pointer: its element_type, or else its first template argument.
template <class P>
struct pointed_to {
};
template <template <class, class...> class P, class T, class... Args>
	requires(!requires { typename P<T, Args...>::element_type; })
struct pointed_to<P<T, Args...>> {
	using element_type = T;
};
template <class P>
	requires requires
	{
		typename P::element_type;
	}
struct pointed_to<P> {
	using element_type = typename P::element_type;
};
template <class P>
struct pointer_difference {
	using difference_type = ptrdiff_t;
};
template <class P>
	requires requires
	{
		typename P::difference_type;
	}
struct pointer_difference<P> {
	using difference_type = typename P::difference_type;
};
template <class P, class U>
struct pointer_rebind {
};
template <template <class, class...> class P, class T, class... Args, class U>
	requires(!requires { typename P<T, Args...>::template rebind<U>; })
struct pointer_rebind<P<T, Args...>, U> : std::type_identity<P<U, Args...>> {
};
template <class P, class U>
	requires requires
	{
		typename P::template rebind<U>;
	}
struct pointer_rebind<P, U> : std::type_identity<typename P::template rebind<U>> {
};

template <class P>
struct no_pointer_traits {
};
template <class P>
	requires requires
	{
		typename pointed_to<P>::element_type;
	}
struct no_pointer_traits<P> : pointed_to<P>, pointer_difference<P> {
	using pointer = P;
	template <class U>
	using rebind = typename pointer_rebind<P, U>::type;

	template <class T>
		requires(std::is_convertible_v<T *, typename pointed_to<P>::element_type *>
				 &&requires(T &t) { P::pointer_to(t); })
	static constexpr P pointer_to(T &object) { return P::pointer_to(object); }
};
} // namespace cxxrt

namespace std
{
template <class P>
struct pointer_traits : cxxrt::no_pointer_traits<P> {
};
template <class T>
struct pointer_traits<T *> {
	using pointer = T *;
	using element_type = T;
	using difference_type = ptrdiff_t;
	template <class U>
	using rebind = U *;

	[[nodiscard]] static constexpr T *
	pointer_to(conditional_t<is_void_v<T>, char, T> &object) noexcept
	{
		return std::addressof(object);
	}
};

template <class T>
[[nodiscard]] constexpr T *to_address(T *p) noexcept
{
	static_assert(!is_function_v<T>);
	return p;
}
template <class P>
[[nodiscard]] constexpr auto to_address(const P &p) noexcept
{
	if constexpr (requires { pointer_traits<P>::to_address(p); })
		return pointer_traits<P>::to_address(p);
	else
		return std::to_address(p.operator->());
}

// The compiler takes a placement new for a constant in this function alone.
template <class T, class... Args>
	requires requires(void *place)
	{
		::new (place) T(declval<Args>()...);
	}
constexpr T *construct_at(T *place,
			  Args &&...args) noexcept(noexcept(::new (static_cast<void *>(place))
								    T(std::forward<Args>(args)...)))
{
	return ::new (static_cast<void *>(place)) T(std::forward<Args>(args)...);
}
template <class T>
constexpr void destroy_at(T *object)
{
	if constexpr (is_array_v<T>) {
		for (auto &element : *object)
			std::destroy_at(std::addressof(element));
	} else {
		object->~T();
	}
}

// The next aligned address with room for size bytes, which the space is cut to; null if there is none.
inline void *align(size_t alignment, size_t size, void *&p, size_t &space) noexcept
{
	const auto at = reinterpret_cast<uintptr_t>(p);
	const size_t skip = -at & (alignment - 1);

	if (space < size || space - size < skip)
		return nullptr;
	space -= skip;
	return p = reinterpret_cast<void *>(at + skip);
}
template <size_t n, class T>
[[nodiscard]] constexpr T *assume_aligned(T *p) noexcept
{
	static_assert(n && !(n & (n - 1)), "an alignment is a power of two");
	if (std::is_constant_evaluated())
		return p;
	return static_cast<T *>(__builtin_assume_aligned(p, n));
}
} // namespace std
