// SPDX-License-Identifier: GPL-2.0
//
// What a body sees of its thread: whether to stop, and the sleeps that a stop ends.
//
//	int consume(kthread::stop_token stop, kthread::wait_queue &queue, std::atomic<int> &items)
//	{
//		while (stop.wait(queue, [&items] { return items > 0; }))
//			--items;
//		return 0;
//	}
#pragma once

#include "kthread/clock.hpp"
#include "kthread/thread_state.hpp"

namespace kthread
{
// A place where threads wait for a condition. Others change what the condition depends on, then call
// notify_all(). Wraps swait_queue_head, of which the library has a table: a wait_queue is only an address.
// Lifetime: until the last waiter has returned from its wait.
class wait_queue
{
public:
	constexpr wait_queue() noexcept = default;
	wait_queue(const wait_queue &) = delete;
	wait_queue &operator=(const wait_queue &) = delete;

	// Wakes all threads that wait here. Each tests its condition again. Context: hard interrupt.
	void notify_all() noexcept { bridge_wake_all(this); }

private:
	[[maybe_unused]] unsigned char address_ = 0;
};

// What a body is called with. A body may copy it. Lifetime: as long as the handle has the thread.
//
// A sleep is in TASK_IDLE. A stop request ends it at once, also one that came before the sleep. No wake-up
// is lost, because the thread sets its state before it tests the condition. A thread that is asked to park
// does so in its sleep, and a freezable thread freezes there when the system suspends. Use
// kthread::this_thread for sleeps that a stop request does not end. Implemented with one word of atomic
// memory that the thread shares with its owners.
class stop_token
{
public:
	// Whether the thread was asked to end. Context: any.
	[[nodiscard]] bool stop_requested() const noexcept
	{
		return state_->word.load(std::memory_order_acquire) & thread_state::stop;
	}

	// Asks the thread to end and wakes it. The body itself may call it, also before the handle has been
	// stored. Context: hard interrupt. Wraps wake_up_process().
	void request_stop() const { state_->request_stop(); }

	// The thread's process id as ps shows it. Context: any.
	[[nodiscard]] int pid() const { return bridge_task_pid(state_->task); }

	// Lets other threads run. Parks if asked to, and freezes if asked to before a stop request. A body
	// that never sleeps calls it. Returns false after a stop request. Context: the body.
	// Wraps cond_resched_tasks_rcu_qs(), kthread_parkme(), try_to_freeze().
	bool yield() const
	{
		bridge_yield();
		if (state_->freezable)
			state_->freeze_here();
		return go_on();
	}

	// Whether the thread was asked to park, as it does in yield() and in each sleep. Context: any.
	[[nodiscard]] bool park_requested() const noexcept
	{
		return state_->word.load(std::memory_order_relaxed) & thread_state::park;
	}

	// Sleeps until the time is over, or until the thread is woken, parked or stopped. Returns true if
	// the time is over. Context: the body. Wraps schedule_hrtimeout().
	bool sleep_for(timeout time) const
	{
		return sleep_until(steady_clock::after(steady_clock::now(), time));
	}
	bool sleep_until(steady_clock::time_point deadline) const
	{
		bridge_idle();
		return !sleep_once(deadline) && !stop_requested();
	}

	// Sleeps until the condition holds. The thread tests it after every wake-up, so the code that makes
	// it true calls jthread::wake(). The condition must not sleep. Returns false after a stop request,
	// even if the condition holds, so that a body with endless work ends too. Context: the body.
	template <class Condition>
	[[nodiscard]] bool wait(Condition condition) const
	{
		return wait_until(steady_clock::time_point::max(), condition);
	}

	// Does the same until a deadline. Returns false also if the deadline comes first. Context: the body.
	template <class Condition>
	[[nodiscard]] bool wait_until(steady_clock::time_point deadline, Condition condition) const
	{
		bool slept = false;

		(void)go_on();
		for (;; slept = true) {
			bridge_idle();
			if (condition()) {
				bridge_awake();
				break;
			}
			if (!sleep_once(deadline))
				return !stop_requested() && condition();
		}
		// A body whose condition always holds would never sleep.
		if (!slept)
			bridge_yield();
		return !stop_requested();
	}

	// Does the same, and tests the condition after every queue.notify_all() as well.
	// Context: the body. Wraps prepare_to_swait_event().
	template <class Condition>
	[[nodiscard]] bool wait(wait_queue &queue, Condition condition) const
	{
		return wait_until(queue, steady_clock::time_point::max(), condition);
	}
	template <class Condition>
	[[nodiscard]] bool wait_until(wait_queue &queue, steady_clock::time_point deadline,
				      Condition condition) const
	{
		bridge_waiter waiter;
		bool slept = false;
		bool met;

		(void)go_on();
		bridge_wait_begin(&waiter, &queue);
		for (;; slept = true) {
			bridge_wait_prepare(&waiter, false);
			met = condition();
			if (met || !sleep_once(deadline))
				break;
		}
		bridge_wait_end(&waiter);
		if (!slept)
			bridge_yield();
		return !stop_requested() && (met || condition());
	}

	// Makes the thread freezable: from now on it freezes in its sleeps and in yield() when the system
	// suspends, where other threads go on. After a stop request it does not freeze any more.
	// Context: the body. Wraps set_freezable(), try_to_freeze().
	void set_freezable() const
	{
		state_->freezable = true;
		bridge_set_freezable();
		state_->freeze_here();
	}

private:
	template <class F>
	friend struct thread_block;
	friend class wait_mode;

	explicit stop_token(thread_state &state) noexcept : state_(&state) {}

	// After bridge_idle(): sleeps, unless there is a request. True if the caller is to test again
	// what it waits for, false if the thread shall stop or the time is over.
	bool sleep_once(steady_clock::time_point deadline) const;
	[[gnu::noinline]] bool sleep_once_until(long long time) const;

	// Parks if asked to. Returns false after a stop request.
	bool go_on() const { return !is_asked() || answer(); }
	bool answer() const;
	[[nodiscard]] bool is_asked() const noexcept
	{
		return state_->word.load(std::memory_order_relaxed) &
		       (thread_state::stop | thread_state::park);
	}

	thread_state *state_;
};
} // namespace kthread
