// SPDX-License-Identifier: GPL-2.0
//
// What a thread may call, and where it lies. It is for the headers of the library:
//
//	template <kthread::thread_body F>
//	int call_here(F body, const kthread::stop_token &stop)
//	{
//		return kthread::call_body(std::move(body), stop);
//	}
#pragma once

#include <concepts>
#include <functional>

#include "kthread/stop_token.hpp"

namespace kthread
{
// For the library: whether F is a member function that takes a stop_token before its arguments. As libstdc++ has it,
// the token then stands behind the object.
template <class F, class... Args>
inline constexpr bool takes_stop_as_member = false;
template <class F, class Object, class... Args>
inline constexpr bool takes_stop_as_member<F, Object, Args...> =
	std::conjunction_v<std::is_member_function_pointer<std::remove_cvref_t<F>>,
			   std::is_invocable<F, Object, stop_token, Args...>>;

// For the library: a member function, which gets its object before the token.
template <class F, class Object, class... Args>
decltype(auto) call_member(F &&body, stop_token stop, Object &&object, Args &&...args)
{
	return std::invoke(std::forward<F>(body), std::forward<Object>(object), std::move(stop),
			   std::forward<Args>(args)...);
}

// For the library: how a body is called. A thread calls its own once, so it does that by an rvalue, as std::jthread
// does. A stop_token comes before the arguments, if the body takes one.
template <class F, class... Args>
decltype(auto) call_body(F &&body, stop_token stop, Args &&...args)
{
	if constexpr (takes_stop_as_member<F, Args...>)
		return call_member(std::forward<F>(body), std::move(stop),
				   std::forward<Args>(args)...);
	else if constexpr (std::is_invocable_v<F, stop_token, Args...>)
		return std::invoke(std::forward<F>(body), std::move(stop),
				   std::forward<Args>(args)...);
	else
		return std::invoke(std::forward<F>(body), std::forward<Args>(args)...);
}

// For the library: whether call_body() can call it.
template <class F, class... Args>
concept callable_body = takes_stop_as_member<F, Args...> ||
	std::is_invocable_v<F, stop_token, Args...> || std::is_invocable_v<F, Args...>;

// For the library: what call_body() gives.
template <class F, class... Args>
using body_result = decltype(call_body(std::declval<F>(), stop_token(), std::declval<Args>()...));

// A body is called with a stop_token or without, and returns an int or nothing, which counts as 0.
template <class F, class... Args>
concept thread_body = callable_body<F, Args...> &&
	(std::same_as<body_result<F, Args...>, int> || std::is_void_v<body_result<F, Args...>>);

// For the library: the state and the callable, in one piece of memory.
template <class F>
struct thread_block final : thread_state {
	union {
		F body;
	};

	template <class G>
	thread_block(int (*act)(thread_state *, action), lock_site site, G &&g)
		: thread_state(act, site), body(std::forward<G>(g))
	{
	}
	~thread_block()
	{ /* act() has destroyed the body. */
	}

	template <bool on_heap>
	static int act(thread_state *self, action what)
	{
		auto *const block = static_cast<thread_block *>(self);

		if (what == action::call)
			return block->run();
		if (what == action::destroy_body)
			std::destroy_at(&block->body);
		else if constexpr (on_heap)
			delete block;
		else
			std::destroy_at(block);
		return 0;
	}

private:
	int run()
	{
		return call(body, [this](F &body) {
			if constexpr (std::is_void_v<decltype(call_body(std::move(body),
									stop_token()))>)
				return call_body(std::move(body), stop_token(*this)), 0;
			else
				return call_body(std::move(body), stop_token(*this));
		});
	}
};
} // namespace kthread
