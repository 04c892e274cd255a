// SPDX-License-Identifier: GPL-2.0
//
// std::stop_callback: calls what wakes a thread that sleeps where no token is looked at.
//
//	int receive(kthread::stop_token stop, int (*receive_from_socket)(), void (*shut_socket_down)())
//	{
//		kthread::stop_callback shut(stop, shut_socket_down);
//
//		while (!stop.stop_requested())
//			if (int error = receive_from_socket(); error < 0)
//				return error;
//		return 0;
//	}
#pragma once

#include <concepts>

#include "kthread/stop_token.hpp"

namespace kthread
{
// For the library: a callback without its callable.
class stop_callback_base
{
public:
	stop_callback_base(const stop_callback_base &) = delete;
	stop_callback_base &operator=(const stop_callback_base &) = delete;

protected:
	using caller = void (*)(stop_callback_base &);

	explicit stop_callback_base(const stop_token &token) noexcept : state_(token.state_) {}
	~stop_callback_base() = default;

	// The last of the constructor and the first of the destructor. add() registers the callback, or calls it
	// and returns false; take_over() empties the token of one that was registered.
	bool add(caller call);
	void take_over(stop_token &token, caller call);
	void remove();

private:
	friend struct callback_list;

	stop_ref state_;
	caller call_ = nullptr;
	// In the list, as long as it is to be called.
	stop_callback_base *next_ = nullptr;
	stop_callback_base **link_ = nullptr;
	// Who calls it, and where to tell that it has destroyed itself.
	std::atomic<task_struct *> caller_{nullptr};
	bool *is_gone_ = nullptr;
};

// Calls f() exactly once if a stop is requested while the callback exists, or was requested before: then the
// constructor calls it. Otherwise the first request_stop() calls it before it returns, in the context of its
// caller. So f() may sleep if all who request this stop may sleep, as the destructor of a jthread may.
// f() may destroy its own callback.
//
// Lifetime: neither the thread nor the source has to outlive it. Implemented with a raw spinlock.
template <class F>
class stop_callback : stop_callback_base
{
	static_assert(
		std::invocable<F> && std::destructible<F>,
		"a callback is called without an argument, and its destructor does not throw");

public:
	using callback_type = F;

	// Registers the callback, or calls it at once. Context: hard interrupt, if f() allows it.
	template <class G>
		requires std::constructible_from<F, G>
	[[nodiscard("a temporary one is taken back at once")]] explicit stop_callback(
		const stop_token &token, G &&f) noexcept(std::is_nothrow_constructible_v<F, G>)
		: stop_callback_base(token), f_(std::forward<G>(f))
	{
		add(call);
	}
	// Does the same. The token is empty afterwards if the callback was registered. Context: hard interrupt, if f()
	// allows it.
	template <class G>
		requires std::constructible_from<F, G>
	[[nodiscard("a temporary one is taken back at once")]] explicit stop_callback(
		stop_token &&token, G &&f) noexcept(std::is_nothrow_constructible_v<F, G>)
		: stop_callback_base(token), f_(std::forward<G>(f))
	{
		take_over(token, call);
	}
	// Takes the callback back, also from a request that everybody sees and that has not called it yet. Waits as long
	// as another thread is in f(). Context: may sleep.
	~stop_callback() { remove(); }

private:
	static void call(stop_callback_base &self)
	{
		std::forward<F>(static_cast<stop_callback &>(self).f_)();
	}

	F f_;
};

// For the library: stop_callback callback(token, f) has a copy of f.
template <class F>
stop_callback(stop_token, F) -> stop_callback<F>;
} // namespace kthread
