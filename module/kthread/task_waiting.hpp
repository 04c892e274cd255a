// SPDX-License-Identifier: GPL-2.0
//
// Tasks that wait for what threads wait for, or what threads give:
//
//	#include "kthread/channel.hpp"
//
//	kthread::task<int> add_two(kthread::awaitable_channel<int, 4> &samples)
//	{
//		auto first = co_await kthread::this_task::pop(samples);
//		auto second = co_await kthread::this_task::pop(samples, kthread::in(1s), 10ms);
//
//		if (!first)
//			co_return first;
//		if (!second)
//			co_return second;
//		co_return *first + *second;
//	}
//
// Each wait is a child task, whose frame is there while it waits. A stop is looked at first, as in the waits of threads.
// A task and a thread that wait for the same thing may both be woken for it, and one of them waits again.
#pragma once

#include <optional>

#include "kthread/channel.hpp"
#include "kthread/completion.hpp"
#include "kthread/semaphore.hpp"
#include "kthread/shared_wait_queue.hpp"
#include "kthread/this_task.hpp"
#include "kthread/waiter_table.hpp"

namespace kthread
{
// For the library: a place where threads and tasks wait. A wake-up of tasks costs a fence and a look into the table,
// which the types without tasks do not pay.
class awaitable_list : public wait_list
{
public:
	using wait_list::wait_list;

	void notify_one() noexcept { notify(1); }
	void notify(int count) noexcept
	{
		wait_list::notify(count);
		while (count > 0 && waiter_table::notify(this, false))
			--count;
	}
	void notify_all() noexcept
	{
		wait_list::notify_all();
		waiter_table::notify(this, true);
	}
};

// A channel that tasks may wait on too, besides threads. Lifetime: that of channel. Implemented with
// awaitable_list.
template <class T, unsigned int Capacity>
using awaitable_channel = channel<T, Capacity, awaitable_list>;

// A counting_semaphore that tasks may wait on too. Lifetime: that of counting_semaphore. Implemented with
// awaitable_list.
template <int LeastMaxValue = std::numeric_limits<int>::max()>
using awaitable_semaphore = counting_semaphore<LeastMaxValue, awaitable_list>;

// A completion that tasks may wait on too. Lifetime: a thread that waited may destroy it as soon as its wait has returned,
// and so may a task. Implemented with waiter_table.
class awaitable_completion : completion
{
public:
	using completion::completion, completion::wait, completion::try_wait,
		completion::is_complete;

	// As those of completion. Context: hard interrupt; complete_all() may sleep on PREEMPT_RT. Wraps complete(),
	// complete_all().
	void complete() noexcept
	{
		completion::complete();
		// The object may be gone.
		waiter_table::notify(this, false);
	}
	void complete_all() noexcept
	{
		completion::complete_all();
		waiter_table::notify(this, true);
	}
};

// For the library: a task that waits in the table.
class task_waiter : waiter_node
{
public:
	explicit task_waiter(const void *address) noexcept : waiter_node(address, notified) {}
	// A notification that came and was not looked at is for the next one.
	~task_waiter()
	{
		if (waiter_table::leave(*this))
			waiter_table::notify(address, false);
	}

	void prepare() noexcept { waiter_table::join(*this); }
	[[nodiscard]] event::awaiter wait(steady_clock::time_point deadline, timeout slack) noexcept
	{
		return happened_.wait(deadline, slack);
	}

private:
	static void notified(waiter_node &node) noexcept
	{
		static_cast<task_waiter &>(node).happened_.set();
	}

	event happened_;
};

// For the library: waits until attempt() gives a result. The code that makes that possible notifies the address.
template <class T, class Attempt>
task<T> wait_at(const void *address, Attempt attempt, steady_clock::time_point deadline,
		timeout slack)
{
	auto self = co_await this_task::self();
	task_waiter waiter(address);
	bool late = false;

	for (;;) {
		if (self.stop_requested())
			co_return std::unexpected(errno_t::ECANCELED);
		if (!late)
			waiter.prepare();
		if (auto got = attempt())
			co_return *std::move(got);
		if (late)
			co_return std::unexpected(errno_t::ETIMEDOUT);

		auto came = co_await waiter.wait(deadline, slack);

		late = !came && came.error() == errno_t::ETIMEDOUT;
	}
}

// For the library: a task in a wait queue of C code, from its construction to its destruction.
class queue_watcher : bridge_wait_call
{
public:
	explicit queue_watcher(::wait_queue_head *queue) noexcept
		: bridge_wait_call{}, queue_(queue)
	{
		native::bridge_wait_entry_calls(this, woken);
		native::add_wait_queue(queue_, entry());
		// Who wakes may look for waiters without the lock: either it sees this one, or the next look sees its
		// change.
		std::atomic_thread_fence(std::memory_order_seq_cst);
	}
	queue_watcher(const queue_watcher &) = delete;
	queue_watcher &operator=(const queue_watcher &) = delete;
	~queue_watcher() { native::remove_wait_queue(queue_, entry()); }

	[[nodiscard]] event::awaiter wait(steady_clock::time_point deadline, timeout slack) noexcept
	{
		return woken_.wait(deadline, slack);
	}

private:
	static void woken(bridge_wait_call *self)
	{
		static_cast<queue_watcher *>(self)->woken_.set();
	}
	native::wait_queue_entry *entry() noexcept
	{
		return reinterpret_cast<native::wait_queue_entry *>(storage);
	}

	::wait_queue_head *queue_;
	event woken_;
};

// For the library: waits in such a queue until the condition holds.
template <class Condition>
task<void> wait_in_queue(::wait_queue_head *queue, Condition condition,
			 steady_clock::time_point deadline, timeout slack)
{
	auto self = co_await this_task::self();
	queue_watcher watcher(queue);
	bool late = false;

	for (;;) {
		if (self.stop_requested())
			co_return std::unexpected(errno_t::ECANCELED);
		if (condition())
			co_return {};
		if (late)
			co_return std::unexpected(errno_t::ETIMEDOUT);

		auto woken = co_await watcher.wait(deadline, slack);

		late = !woken && woken.error() == errno_t::ETIMEDOUT;
	}
}

// For the library: a task attempts to take a unit. This and the next three are no lambdas, because the name of a
// coroutine contains the types of its arguments, and objtool takes no name of 500 bytes.
template <int Max>
struct acquire_attempt {
	counting_semaphore<Max, awaitable_list> &semaphore;

	std::optional<result<void>> operator()()
	{
		std::optional<result<void>> got;

		if (semaphore.try_acquire())
			got.emplace();
		return got;
	}
};

// For the library: a task attempts to take a completion.
struct completion_attempt {
	awaitable_completion &done;

	std::optional<result<void>> operator()()
	{
		std::optional<result<void>> got;

		if (done.try_wait())
			got.emplace();
		return got;
	}
};

// For the library: a task attempts to take a value.
template <class T, unsigned int Capacity>
struct pop_attempt {
	channel<T, Capacity, awaitable_list> &from;

	std::optional<result<T>> operator()()
	{
		const bool closed = from.is_closed();
		std::optional<result<T>> got;

		if (auto value = from.try_pop())
			got.emplace(*std::move(value));
		else if (closed)
			got.emplace(std::unexpected(errno_t::EPIPE));
		return got;
	}
};

// For the library: a task attempts to push a value.
template <class T, unsigned int Capacity>
struct push_attempt {
	channel<T, Capacity, awaitable_list> &to;
	T value;

	std::optional<result<void>> operator()()
	{
		std::optional<result<void>> got;

		if (to.try_push(std::move(value)))
			got.emplace();
		else if (to.is_closed())
			got.emplace(std::unexpected(errno_t::EPIPE));
		return got;
	}
};

namespace this_task
{
// Waits for a unit of a semaphore, and takes it. Context: a task. Errors: ECANCELED after a stop request; ETIMEDOUT after
// the deadline, which may be seen late by the slack; ENOMEM. Implemented with counting_semaphore::try_acquire().
template <int Max>
[[nodiscard]] task<void> acquire(counting_semaphore<Max, awaitable_list> &semaphore,
				 steady_clock::time_point deadline = never,
				 timeout slack = std::chrono::nanoseconds(0)) noexcept
{
	return wait_at<void>(&semaphore.waiters(), acquire_attempt<Max>{semaphore}, deadline,
			     slack);
}

// Waits for a complete() of a completion. Context: a task. Errors: those of acquire(). Implemented with
// completion::try_wait().
[[nodiscard]] inline task<void> wait(awaitable_completion &done,
				     steady_clock::time_point deadline = never,
				     timeout slack = std::chrono::nanoseconds(0)) noexcept
{
	return wait_at<void>(&done, completion_attempt{done}, deadline, slack);
}

// Waits for a value of a channel, and takes it. Context: a task. Errors: those of acquire(); EPIPE if the channel is
// closed and empty. Implemented with channel::try_pop().
template <class T, unsigned int Capacity>
[[nodiscard]] task<T> pop(channel<T, Capacity, awaitable_list> &channel,
			  steady_clock::time_point deadline = never,
			  timeout slack = std::chrono::nanoseconds(0)) noexcept
{
	return wait_at<T>(&channel.waiting_consumers(), pop_attempt<T, Capacity>{channel}, deadline,
			  slack);
}

// Waits for room in a channel, and pushes the value, which is lost if that fails. Context: a task. Errors: those of
// acquire(); EPIPE if the channel is closed. Implemented with channel::try_push().
template <class T, unsigned int Capacity>
[[nodiscard]] task<void> push(channel<T, Capacity, awaitable_list> &channel,
			      std::type_identity_t<T> value,
			      steady_clock::time_point deadline = never,
			      timeout slack = std::chrono::nanoseconds(0)) noexcept
{
	return wait_at<void>(&channel.waiting_producers(),
			     push_attempt<T, Capacity>{channel, std::move(value)}, deadline, slack);
}

// Waits on a wait_queue_head of C code until the condition holds. It is tested after each wake-up of the queue, outside of
// the queue's lock, so that it may take locks of its own. Context: a task. Errors: those of
// acquire(). Wraps add_wait_queue(), remove_wait_queue().
template <class Condition>
[[nodiscard]] task<void> wait_on_queue(::wait_queue_head *queue, Condition condition,
				       steady_clock::time_point deadline = never,
				       timeout slack = std::chrono::nanoseconds(0)) noexcept
{
	return wait_in_queue(queue, std::move(condition), deadline, slack);
}

// The same on a queue of one's own. Context: a task. Errors: those of acquire(). Implemented with
// wait_on_queue().
template <class Condition>
[[nodiscard]] task<void> wait(shared_wait_queue &queue, Condition condition,
			      steady_clock::time_point deadline = never,
			      timeout slack = std::chrono::nanoseconds(0)) noexcept
{
	return wait_in_queue(queue.native_handle(), std::move(condition), deadline, slack);
}
} // namespace this_task
} // namespace kthread
