// SPDX-License-Identifier: GPL-2.0
//
// What timers and items may call. It is for the headers of the library:
//
//	template <class F, class G>
//		requires kthread::made_without_memory<F, G>
//	F erase(G &&g)
//	{
//		return F(std::forward<G>(g));
//	}
#pragma once

#include <concepts>
#include <functional>

namespace kthread
{
// For the library: an F that keeps its callable elsewhere if that is too large.
template <class F>
inline constexpr bool may_allocate = false;
template <class... Signature>
inline constexpr bool may_allocate<std::move_only_function<Signature...>> = true;

// For the library: an F that is made of a G in its own memory, so that there is nothing to fail, and that has something to
// call.
template <class F, class G>
concept made_without_memory =
	std::constructible_from<F, G> && !std::is_null_pointer_v<std::remove_cvref_t<G>> &&
	(!may_allocate<F> || std::is_nothrow_constructible_v<F, G>);

// For the library: a member function and its object, as one callable. A class may have it as a member before the
// class is complete.
template <auto Call, class Signature = decltype(Call)>
struct member_call;
template <auto Call, class Object, class... Args, bool Noexcept>
struct member_call<Call, void (Object::*)(Args...) noexcept(Noexcept)> {
	using object = Object;

	Object *self = nullptr;
	void operator()(Args... args) const { (self->*Call)(std::forward<Args>(args)...); }
};
// For the library: the same for one that is const.
template <auto Call, class Object, class... Args, bool Noexcept>
struct member_call<Call, void (Object::*)(Args...) const noexcept(Noexcept)> {
	using object = const Object;

	const Object *self = nullptr;
	void operator()(Args... args) const { (self->*Call)(std::forward<Args>(args)...); }
};
} // namespace kthread
