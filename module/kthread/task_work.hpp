// SPDX-License-Identifier: GPL-2.0
//
// Tasks that have something done elsewhere, which may sleep, and wait for its end:
//
//	#include "kthread/worker.hpp"
//
//	kthread::task<int> read_slowly(const kthread::worker &disk, int (*read)(kthread::stop_token stop))
//	{
//		auto value = co_await kthread::this_task::call_on(disk, read, kthread::in(1s), 10ms);
//
//		if (!value)
//			co_return value;
//		co_return *value + 1;
//	}
//
// Each wait is a child task, in whose frame the item lies. The stop_token that f() may take is how a stop of the task
// reaches code that is no coroutine.
#pragma once

#include "kthread/executor.hpp"
#include "kthread/task_waiting.hpp"
#include "kthread/workqueue.hpp"

namespace kthread
{
// For the library: what a result has in it, or the type itself.
template <class T>
struct without_result {
	using type = T;
};
template <class T>
struct without_result<result<T>> {
	using type = T;
};

// For the library: one call of f(), which an item makes and a task waits for. It lies in the frame of the task.
template <class F>
class awaited_call
{
	static constexpr bool takes_token = std::invocable<F &, stop_token>;
	using returned =
		typename std::conditional_t<takes_token, std::invoke_result<F &, stop_token>,
					    std::invoke_result<F &>>::type;

public:
	using value = typename without_result<std::remove_cvref_t<returned>>::type;

	// For the library: what the item calls.
	struct call {
		awaited_call &self;

		void operator()(stop_token stop) const requires takes_token
		{
			self.run(std::move(stop));
		}
		void operator()() const requires(!takes_token) { self.run(); }
	};

	explicit awaited_call(F &f) noexcept : f_(f) {}
	awaited_call(const awaited_call &) = delete;
	awaited_call &operator=(const awaited_call &) = delete;

	[[nodiscard]] event::awaiter wait(steady_clock::time_point deadline = never,
					  timeout slack = std::chrono::nanoseconds(0)) noexcept
	{
		return ended_.wait(deadline, slack);
	}
	// The item and the task take the call, and one of them has it: a call that the item has runs to its end.
	[[nodiscard]] bool take() noexcept { return !taken_.exchange(true); }
	[[nodiscard]] result<value> &got() noexcept { return got_; }

private:
	template <class... Args>
	void run(Args... args)
	{
		if (!take())
			return;
		if constexpr (std::is_void_v<returned>) {
			std::invoke(f_, std::move(args)...);
			got_ = {};
		} else {
			got_ = std::invoke(f_, std::move(args)...);
		}
		ended_.set();
	}

	F &f_;
	result<value> got_ = std::unexpected(errno_t::ECANCELED);
	std::atomic<bool> taken_{false};
	event ended_;
};

// For the library: when the wait for a call ends, and where it was written. One short name instead of three: those of
// its parameters are twice in a coroutine's name, of which objtool of 7.3 takes 500 letters.
struct call_terms {
	steady_clock::time_point deadline;
	timeout slack;
	lock_site site;
};

// For the library: a task that waits for a call. The item's destructor waits until the item has returned, which it is
// about to do.
template <class Place, class F>
struct in_item {
	static task<typename awaited_call<F>::value> run(Place place, F f, call_terms terms)
	{
		using call_in = typename awaited_call<F>::call;

		auto self = co_await this_task::self();
		awaited_call<F> call(f);
		work<call_in, typename std::remove_cvref_t<Place>::item> item(place, call_in{call},
									      terms.site);

		if (self.stop_requested())
			co_return std::unexpected(errno_t::ECANCELED);
		if (!item.queue())
			co_return std::unexpected(errno_t::ESRCH);

		auto came = co_await call.wait(terms.deadline, terms.slack);

		if (came)
			co_return std::move(call.got());
		if (!call.take()) {
			unsigned int stops = 0;

			item.request_stop();
			// What runs refers to this frame: stops do not end this wait.
			for (bool ended = false; !ended;) {
				stops += self.put_stops_aside();
				auto at_last = co_await call.wait();

				ended = at_last.has_value();
			}
			self.put_stops_back(stops);
		}
		co_return std::unexpected(came.error());
	}
};

// For the library: a thread that a task joins, and what an item does when it has ended, which does not take long.
class thread_end
{
public:
	explicit thread_end(const thread_handle &thread) noexcept : state_(thread.state_) {}
	explicit operator bool() const noexcept { return state_; }
	[[nodiscard]] const void *place() const noexcept { return &state_->word; }
	[[nodiscard]] bool has_come() const;
	[[nodiscard]] bool goes_on(bool begins) const;
	result<int> operator()() const;

private:
	thread_state *state_;
};

namespace this_task
{
// Has f() or f(stop_token) called once on a worker, a workqueue or a pool, and gives what it returns. f() may sleep. A
// stop of the task, or the deadline, asks the token; a call that has not begun does not come then. One that has begun is
// waited for in each case, as it may refer to the task. What it returns is lost then. The token may not outlive the call.
// Context: a task. Errors: ECANCELED after a stop request; ETIMEDOUT after the deadline, which may be seen late by the
// slack; those that f() returns; ESRCH if the place is empty or going; ENOMEM. Implemented with work.
template <class Place, class F>
[[nodiscard]] auto call_on(const Place &place, F f, steady_clock::time_point deadline = never,
			   timeout slack = std::chrono::nanoseconds(0),
			   lock_site site = lock_site::current()) noexcept
{
	// A pool may be a temporary one. It is const as nothing moves it.
	using held = std::conditional_t<std::same_as<Place, pool>, const pool, const Place &>;

	return in_item<held, F>::run(place, std::move(f), {deadline, slack, site});
}

} // namespace this_task

// For the library: a task that waits for a thread.
inline task<int> join_thread(thread_end thread, call_terms terms)
{
	auto self = co_await this_task::self();

	if (!thread)
		co_return std::unexpected(errno_t::ESRCH);

	task_waiter waiter(thread.place());

	for (bool begins = true, late = false;;) {
		if (self.stop_requested())
			co_return std::unexpected(errno_t::ECANCELED);
		waiter.prepare();
		if (thread.has_come())
			break;
		if (late)
			co_return std::unexpected(errno_t::ETIMEDOUT);

		if (!thread.goes_on(begins)) {
			// Who has the thread does not tell when that is over.
			(void)co_await this_task::sleep_for(std::chrono::milliseconds(1));
			late = steady_clock::now() >= terms.deadline;
			continue;
		}
		begins = false;

		auto came = co_await waiter.wait(terms.deadline, terms.slack);

		late = !came && came.error() == errno_t::ETIMEDOUT;
	}

	auto got = co_await this_task::call_on(pool::unbound(), thread, never,
					       std::chrono::nanoseconds(0), terms.site);

	co_return got;
}

namespace this_task
{
// Waits for the end of a thread, as its join() does, and gives the body's result. A stop of the task, or the deadline, ends
// the wait, and the thread goes on. A thread that was not started is stopped, and its stop callbacks are called in the
// executor's thread. Context: a task. Errors: those of thread_handle::join(); ECANCELED after a stop
// request; ETIMEDOUT after the deadline, which may be seen late by the slack; ENOMEM. Implemented with waiter_table, and
// with call_on() when the thread has ended.
[[nodiscard]] inline task<int> join(const thread_handle &thread,
				    steady_clock::time_point deadline = never,
				    timeout slack = std::chrono::nanoseconds(0),
				    lock_site site = lock_site::current()) noexcept
{
	return join_thread(thread_end(thread), {deadline, slack, site});
}
} // namespace this_task
} // namespace kthread
