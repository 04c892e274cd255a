// SPDX-License-Identifier: GPL-2.0
//
// Which thread this is, and sleeps that last, for any kernel thread: a body after its stop request, a work item, a
// thread of a CPU, or a thread that C code has made.
//
//	void drain(bool (*is_empty)())
//	{
//		while (!is_empty())
//			kthread::this_thread::sleep_for(10ms);
//	}
#pragma once

#include <compare>

#include "kthread/clock.hpp"
#include "kthread/context.hpp"

namespace kthread
{
// Tells threads apart, as std::thread::id does. Lifetime: it is a value; the kernel gives the number of a thread
// that has gone to another one. Context: any. Implemented with the process id.
class thread_id
{
public:
	// No thread's.
	constexpr thread_id() noexcept = default;
	// For the library.
	constexpr explicit thread_id(int pid) noexcept : pid_(pid) {}

	friend constexpr auto operator<=>(thread_id, thread_id) noexcept = default;

private:
	int pid_ = 0;
};
} // namespace kthread

namespace kthread::this_thread
{
// Which thread this is, as get_id() of its handle tells it. In an interrupt it is the thread that was interrupted.
// Context: any. Wraps current.
[[nodiscard]] inline thread_id get_id() noexcept
{
	return thread_id(bridge_task_pid(bridge_current()));
}

// Sleeps until the deadline, in TASK_IDLE. No wake-up and no request to stop or to park ends the sleep
// before, and the freezer waits for its end. The sleep may end later by the slack, if that saves an interrupt.
// Context: may sleep. Wraps schedule_hrtimeout_range().
inline void sleep_until(steady_clock::time_point deadline, timeout slack = no_slack)
{
	might_sleep();
	bridge_sleep_until(deadline.time_since_epoch().count(), slack_of(slack));
}

// Sleeps for a time. A time of zero or less returns at once. Context: may sleep.
// Wraps schedule_hrtimeout_range().
inline void sleep_for(timeout time, timeout slack = no_slack)
{
	sleep_until(steady_clock::after(steady_clock::now(), time), slack);
}

// Lets other threads run, and tells RCU that the thread is between two pieces of work. A loop that never
// sleeps has to call it, or it holds up tracing and BPF. Context: may sleep. Wraps
// cond_resched_tasks_rcu_qs().
inline void yield()
{
	bridge_yield();
}
} // namespace kthread::this_thread
