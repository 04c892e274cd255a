// SPDX-License-Identifier: GPL-2.0
//
// Waits of tasks that end in vain, or somewhere else.
#pragma once

#include "kthread/task_waiting.hpp"
#include "kthread/task_work.hpp"

#include "torture.hpp"

namespace torture
{
// A wait that is late is as good as one that is not.
inline result<void> of_wait(const result<void> &ended)
{
	if (is_one_of(ended, errno_t::ETIMEDOUT))
		return {};
	return ended;
}

// All tasks wait here, and others wake them.
inline constinit kthread::shared_wait_queue calls_queue{"torture queue"_lock};
inline kthread::task<void> waits_in_vain(std::chrono::nanoseconds time)
{
	auto came = co_await kthread::this_task::wait(
		calls_queue, [] { return false; }, kthread::in(time));

	CHECK(!came);
	co_return of_wait(came.get());
}

struct sleeps_elsewhere {
	std::chrono::nanoseconds time;
	void operator()(const kthread::stop_token &stop) const { (void)stop.sleep_for(time); }
};
inline kthread::task<void> has_it_called(std::chrono::nanoseconds time,
					 std::chrono::nanoseconds limit)
{
	auto called = co_await kthread::this_task::call_on(
		kthread::pool::unbound(), sleeps_elsewhere{time}, kthread::in(limit));

	co_return of_wait(called.get());
}
} // namespace torture
