// SPDX-License-Identifier: GPL-2.0
//
// Tasks that wait for what threads wait for, or what threads give:
//
//	#include "kthread/channel.hpp"
//
//	kthread::task<int> add_two(kthread::channel<int, 4> &samples)
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

#include "kthread/this_task.hpp"
#include "kthread/waiter_table.hpp"

namespace kthread
{
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

namespace this_task
{
// Waits for a unit of a semaphore, and takes it. Context: a task. Errors: ECANCELED after a stop request; ETIMEDOUT after
// the deadline, which may be seen late by the slack; ENOMEM. Implemented with counting_semaphore::try_acquire().
template <class Semaphore>
[[nodiscard]] task<void> acquire(Semaphore &semaphore, steady_clock::time_point deadline = never,
				 timeout slack = std::chrono::nanoseconds(0)) noexcept
{
	const auto attempt = [&semaphore] {
		std::optional<result<void>> got;

		if (semaphore.try_acquire())
			got.emplace();
		return got;
	};

	return wait_at<void>(semaphore.waiters(), attempt, deadline, slack);
}

// Waits for a complete() of a completion. Context: a task. Errors: those of acquire(). Implemented with
// completion::try_wait().
template <class Completion>
[[nodiscard]] task<void> complete(Completion &done, steady_clock::time_point deadline = never,
				  timeout slack = std::chrono::nanoseconds(0)) noexcept
{
	const auto attempt = [&done] {
		std::optional<result<void>> got;

		if (done.try_wait())
			got.emplace();
		return got;
	};

	return wait_at<void>(&done, attempt, deadline, slack);
}

// Waits for a value of a channel, and takes it. Context: a task. Errors: those of acquire(); EPIPE if the channel is
// closed and empty. Implemented with channel::try_pop().
template <class T, unsigned int Capacity, template <class, unsigned int> class Channel>
[[nodiscard]] task<T> pop(Channel<T, Capacity> &channel, steady_clock::time_point deadline = never,
			  timeout slack = std::chrono::nanoseconds(0)) noexcept
{
	const auto attempt = [&channel] {
		const bool closed = channel.is_closed();
		std::optional<result<T>> got;

		if (auto value = channel.try_pop())
			got.emplace(*std::move(value));
		else if (closed)
			got.emplace(std::unexpected(errno_t::EPIPE));
		return got;
	};

	return wait_at<T>(channel.waiting_consumers(), attempt, deadline, slack);
}

// Waits for room in a channel, and pushes the value, which is lost if that fails. Context: a task. Errors: those of
// acquire(); EPIPE if the channel is closed. Implemented with channel::try_push().
template <class T, unsigned int Capacity, template <class, unsigned int> class Channel>
[[nodiscard]] task<void> push(Channel<T, Capacity> &channel, std::type_identity_t<T> value,
			      steady_clock::time_point deadline = never,
			      timeout slack = std::chrono::nanoseconds(0)) noexcept
{
	auto attempt = [&channel, value = std::move(value)]() mutable {
		std::optional<result<void>> got;

		if (channel.try_push(std::move(value)))
			got.emplace();
		else if (channel.is_closed())
			got.emplace(std::unexpected(errno_t::EPIPE));
		return got;
	};

	return wait_at<void>(channel.waiting_producers(), std::move(attempt), deadline, slack);
}
} // namespace this_task
} // namespace kthread
