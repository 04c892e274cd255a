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

#include <atomic>

#include "kthread/clock.hpp"

namespace kthread
{
// Wakes those who sleep on the address, after a change that they are to see. From any context.
inline void wake_all_on(void *var) noexcept
{
	// wake_up_var() looks for sleepers first, and must not look before the change.
	std::atomic_thread_fence(std::memory_order_seq_cst);
	wake_up_var(var);
}

// Where threads wait for a condition that others make true: they change what the condition looks
// at, then call notify_all(). It has no memory of its own but its address. Stands on wake_up_var().
class wait_queue
{
public:
	constexpr wait_queue() noexcept = default;
	wait_queue(const wait_queue &) = delete;
	wait_queue &operator=(const wait_queue &) = delete;

	// Wakes all who wait here, so that they look again. From any context.
	void notify_all() noexcept { wake_all_on(this); }

private:
	[[maybe_unused]] unsigned char address_ = 0;
};

// What a thread's body is given. Only a jthread makes one; copies are valid as long as it has its
// thread.
//
// Each sleep is in TASK_IDLE, ends at once when a stop is requested, before or meanwhile, and loses
// no wake-up: the state is set before the condition is tested. When the thread is to be parked it
// parks there, and when the system suspends a freezable thread freezes there. Sleeps are for the
// body's own thread only, where it may sleep.
class stop_token
{
public:
	// Whether somebody wants the thread to end. From any context; never sleeps.
	[[nodiscard]] bool stop_requested() const noexcept
	{
		return requests_->load(std::memory_order_acquire) & stop;
	}

	// Lets others run, parks and freezes if asked to. For bodies that never sleep. False if the
	// thread shall stop. Stands on cond_resched(), kthread_parkme(), try_to_freeze().
	bool yield() const
	{
		bridge_yield();
		return go_on();
	}

	// Whether somebody waits for the thread to park, as it does in yield() and in each sleep.
	// From any context; never sleeps.
	[[nodiscard]] bool park_requested() const noexcept
	{
		return requests_->load(std::memory_order_relaxed) & park;
	}

	// Until the time is over, or the thread is woken, parked or stopped. True if the time is
	// over. Stands on schedule_hrtimeout().
	bool sleep_for(std::chrono::nanoseconds duration) const
	{
		return sleep_until(steady_clock::after(steady_clock::now(), duration));
	}
	bool sleep_until(steady_clock::time_point deadline) const
	{
		bridge_idle();
		return !block(deadline) && !stop_requested();
	}

	// Until the condition holds; it is tested after every wake-up, so who makes it true calls
	// jthread::wake(). It must not sleep itself. False if the thread shall stop, even if the
	// condition holds: a body that never runs out of work ends too.
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
		// A body for which it always holds never sleeps.
		if (!slept)
			bridge_yield();
		return !stop_requested();
	}

	// Until the condition holds; it is tested after every queue.notify_all() as well. Stands on
	// wait_var_event().
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
			bridge_wait_prepare(&waiter, &queue);
			met = condition();
			if (met || !block(deadline))
				break;
		}
		bridge_wait_end(&waiter, &queue);
		if (!slept)
			bridge_yield();
		return !stop_requested() && (met || condition());
	}

	// From now on the thread freezes when the system suspends, at its sleeps and at yield(),
	// where others go on running. Stands on set_freezable().
	void set_freezable() const { bridge_set_freezable(); }

private:
	friend struct thread_state;
	friend class thread_handle;
	// The last two ask nothing of the body: somebody waits for its end, and its handle is gone.
	enum : unsigned char { stop = 1, park = 2, join = 4, orphan = 8 };

	explicit stop_token(const std::atomic<unsigned char> &requests) noexcept
		: requests_(&requests)
	{
	}

	// After bridge_idle(): sleeps, unless there is a request. True if what is waited for is to
	// be tested again, false if the thread shall stop or the time is over.
	bool block(steady_clock::time_point deadline) const;
	[[gnu::noinline]] bool block_until(long long time) const;

	// Parks if asked to. False if the thread shall stop.
	bool go_on() const { return !is_asked() || answer(); }
	bool answer() const;
	[[nodiscard]] bool is_asked() const noexcept
	{
		return requests_->load(std::memory_order_relaxed) & (stop | park);
	}

	// Parks as long as it is asked for.
	void park_here() const;

	const std::atomic<unsigned char> *requests_;
};
} // namespace kthread
