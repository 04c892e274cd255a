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
// Where threads wait for a condition that others make true: they change what the condition looks at,
// then call notify_all(). It has no memory of its own but its address. Wraps the kernel's
// swait_queue_head.
class wait_queue
{
public:
	constexpr wait_queue() noexcept = default;
	wait_queue(const wait_queue &) = delete;
	wait_queue &operator=(const wait_queue &) = delete;

	// Wakes all threads that wait here. Each looks at its condition again. Context: hard interrupt.
	void notify_all() noexcept { bridge_wake_all(this); }

private:
	[[maybe_unused]] unsigned char address_ = 0;
};

// A body is given one by its jthread, and may copy it: it is valid as long as the handle has the thread.
//
// A sleep is in TASK_IDLE. A stop request ends it at once, also one that came before. No wake-up is
// lost: the thread sets its state before it tests the condition. In a sleep the thread parks when it
// is to be parked, and a freezable thread freezes when the system suspends. To sleep on after a stop
// request, use kthread::this_thread.
class stop_token
{
public:
	// Whether somebody wants the thread to end. Context: any.
	[[nodiscard]] bool stop_requested() const noexcept
	{
		return state_->word.load(std::memory_order_acquire) & thread_state::stop;
	}

	// Asks the thread to end and wakes it: the body itself may, also before the handle has been
	// stored. Context: hard interrupt.
	void request_stop() const { state_->request_stop(); }

	// The thread's process id as ps shows it. Context: any.
	[[nodiscard]] int pid() const { return bridge_task_pid(state_->task); }

	// Lets others run, parks and freezes if asked to; after a stop request it does not freeze. For
	// bodies that never sleep. False if the thread shall stop. Context: the body. Wraps
	// cond_resched_tasks_rcu_qs(), kthread_parkme(), try_to_freeze().
	bool yield() const
	{
		bridge_yield();
		if (state_->freezable)
			state_->freeze_here();
		return go_on();
	}

	// Whether somebody waits for the thread to park, as it does in yield() and in each sleep.
	// Context: any.
	[[nodiscard]] bool park_requested() const noexcept
	{
		return state_->word.load(std::memory_order_relaxed) & thread_state::park;
	}

	// Sleeps until the time is over, or until the thread is woken, parked or stopped. True if the
	// time is over. Context: the body. Wraps schedule_hrtimeout().
	bool sleep_for(timeout time) const
	{
		return sleep_until(steady_clock::after(steady_clock::now(), time));
	}
	bool sleep_until(steady_clock::time_point deadline) const
	{
		bridge_idle();
		return !block(deadline) && !stop_requested();
	}

	// Sleeps until the condition holds. It is tested after every wake-up: whoever makes it true
	// calls jthread::wake(). It must not sleep itself. False if the thread shall stop, even if the
	// condition holds: a body that never runs out of work ends too. Context: the body.
	template <class Condition>
	[[nodiscard]] bool wait(Condition condition) const
	{
		return wait_until(steady_clock::time_point::max(), condition);
	}

	// The same, with a deadline: false also if the time is over first.
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
			if (!block(deadline))
				return !stop_requested() && condition();
		}
		// A body for which the condition always holds never sleeps.
		if (!slept)
			bridge_yield();
		return !stop_requested();
	}

	// Sleeps until the condition holds. It is tested after every queue.notify_all() as well.
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
			if (met || !block(deadline))
				break;
		}
		bridge_wait_end(&waiter);
		if (!slept)
			bridge_yield();
		return !stop_requested() && (met || condition());
	}

	// From now on the thread freezes when the system suspends, at its sleeps and at yield(),
	// where others go on running. A thread that was stopped before goes on to its end. Context: the
	// body. Wraps try_to_freeze().
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
	bool block(steady_clock::time_point deadline) const;
	[[gnu::noinline]] bool block_until(long long time) const;

	// Parks if asked to. False if the thread shall stop.
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
