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

// Tells whether a stop was requested: of a thread, to whose body it is given, or by a stop_source. Copies refer to
// the same request. Lifetime: a token may outlive its thread or its sources. The last copy to go frees memory, and
// may sleep. Implemented with std::atomic.
//
// The sleeps are for the body that was called with the token. A sleep is in TASK_IDLE. A stop request ends it at
// once, also one that came before the sleep. No wake-up is lost, because the thread sets its state before it tests
// the condition. A thread that is asked to park does so in its sleep, and a freezable thread freezes there when the
// system suspends. Use kthread::this_thread for sleeps that a stop request does not end.
//
// A copy of a body's token is for that body's sleeps alone: do not sleep by it in another thread. Any thread may
// sleep by a token of a stop_source, or by one that another thread's handle gave. A stop
// request for that token ends the sleep. Such a sleep does not look whether the sleeper is asked to park or
// freeze, and is not frozen.
class stop_token
{
public:
	// Has no request, and never gets one.
	stop_token() noexcept = default;
	// Copies and moves refer to the same request. Context: hard interrupt.
	stop_token(const stop_token &) noexcept = default;
	stop_token(stop_token &&other) noexcept
		: state_(std::move(other.state_)), asked_(std::exchange(other.asked_, &not_own))
	{
	}
	// Context: hard interrupt, unless the old request has no other copy.
	stop_token &operator=(stop_token other) noexcept
	{
		swap(other);
		return *this;
	}

	// Whether a stop was requested. Context: any.
	[[nodiscard]] bool stop_requested() const noexcept
	{
		return state_ && state_->word.load(std::memory_order_acquire) & stop_state::stop;
	}

	// Whether a stop was requested or still can be. Context: any.
	[[nodiscard]] bool stop_possible() const noexcept
	{
		return state_ && state_->is_stop_possible();
	}

	// Requests the stop and wakes the thread. The body itself may call it, also before the handle has been
	// stored. True if this is the first request; it has called the callbacks then. Context: hard
	// interrupt, if the callbacks allow it. Wraps wake_up_process().
	bool request_stop() const { return state_ && state_->request_stop(); }

	// The thread's process id as ps shows it, 0 if the token is no thread's. Context: any.
	[[nodiscard]] int pid() const
	{
		return state_ && state_->is_thread() ? bridge_task_pid(thread().task) : 0;
	}

	// Whether both refer to the same request. Context: any.
	friend bool operator==(const stop_token &one, const stop_token &other) noexcept
	{
		return one.state_ == other.state_;
	}
	void swap(stop_token &other) noexcept
	{
		std::swap(state_, other.state_);
		std::swap(asked_, other.asked_);
	}
	friend void swap(stop_token &one, stop_token &other) noexcept { one.swap(other); }

	// Lets other threads run. Parks if asked to, and freezes if asked to before a stop request. A body
	// that never sleeps calls it. Returns false after a stop request. Context: the body.
	// Wraps cond_resched_tasks_rcu_qs(), kthread_parkme(), try_to_freeze().
	bool yield() const
	{
		bridge_yield();
		return begin();
	}

	// Whether the thread was asked to park, as it does in yield() and in each sleep. Context: any.
	[[nodiscard]] bool park_requested() const noexcept { return is_asked(stop_state::park); }

	// Sleeps until the time is over, or until the thread is woken, parked or stopped. Returns true if
	// the time is over. The sleep may last longer by the slack, if that saves an interrupt; without one it is
	// as exact as the kernel's own. Context: the body. Wraps schedule_hrtimeout_range().
	bool sleep_for(timeout time, timeout slack = no_slack) const
	{
		return sleep_until(steady_clock::after(steady_clock::now(), time), slack);
	}
	bool sleep_until(steady_clock::time_point deadline, timeout slack = no_slack) const
	{
		bridge_idle(is_own());
		return !sleep_once(deadline, slack_of(slack)) && !stop_requested();
	}

	// Sleeps until the condition holds. The thread tests it after every wake-up, so the code that makes
	// it true calls jthread::wake(). The condition must not sleep. Returns false after a stop request,
	// even if the condition holds, so that a body with endless work ends too. Context: the body.
	template <class Condition>
	[[nodiscard]] bool wait(Condition condition) const
	{
		return wait_until(steady_clock::time_point::max(), condition);
	}

	// Does the same until a deadline, or until the slack after it. Returns false also if that comes first.
	// Context: the body.
	template <class Condition>
	[[nodiscard]] bool wait_until(steady_clock::time_point deadline, Condition condition,
				      timeout slack = no_slack) const
	{
		bool slept = false;

		(void)begin();
		for (;; slept = true) {
			bridge_idle(is_own());
			if (condition()) {
				bridge_awake();
				break;
			}
			if (!sleep_once(deadline, slack_of(slack)))
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
				      Condition condition, timeout slack = no_slack) const
	{
		bridge_waiter waiter;
		bool slept = false;
		bool met;

		(void)begin();
		bridge_wait_begin(&waiter, &queue);
		for (;; slept = true) {
			bridge_wait_prepare(&waiter, is_own() ? BRIDGE_FREEZES : BRIDGE_SLEEPS);
			met = condition();
			if (met || !sleep_once(deadline, slack_of(slack)))
				break;
		}
		bridge_wait_end(&waiter);
		if (!slept)
			bridge_yield();
		return !stop_requested() && (met || condition());
	}

	// Makes the thread freezable: from now on it freezes in its sleeps and in yield() when the system
	// suspends, where other threads go on. After a stop request it does not freeze any more. While it waits for
	// another thread or an item it does not freeze either, as it may hold locks. So a freezable thread must not
	// stop, park, join or flush another freezable one: if the other one is frozen first, the suspend fails
	// after 20 s, as in C.
	// Context: the body. Wraps set_freezable(), try_to_freeze().
	void set_freezable() const
	{
		if (!is_own())
			return;
		state_->word.fetch_or(stop_state::freezes);
		bridge_set_freezable();
		thread().freeze_here();
	}

	// Whether the freezer waits for this thread, which is freezable: a body that has something in flight finishes
	// it then, with sleeps of this_thread, as those of the token may be frozen at any time. Context: the body.
	// Wraps freezing().
	[[nodiscard]] bool freeze_requested() const
	{
		return is_own() && is_asked(stop_state::freezes) && bridge_freezing();
	}

	// Freezes now, if the freezer waits for the thread and no stop was requested, and returns when it goes on:
	// true if the thread was frozen, so that a body can set up its device anew. Context: the body. Wraps
	// try_to_freeze().
	bool freeze() const { return is_own() && thread().freeze_here(); }

private:
	template <class F>
	friend struct thread_block;
	friend class thread_handle;
	friend class stop_source;
	friend class stop_callback_base;
	friend class wait_mode;
	friend class single_sleep;
	friend class item_stop;
	friend class worker_state;

	// A body's.
	explicit stop_token(thread_state &state) noexcept : state_(state), asked_(&state.word) {}
	// For others.
	explicit stop_token(stop_ref state) noexcept
		: state_(std::move(state)), asked_(&another.word)
	{
	}

	[[nodiscard]] thread_state &thread() const
	{
		return *static_cast<thread_state *>(state_.get());
	}

	// After bridge_idle(): sleeps, unless there is a request. True if the caller is to test again
	// what it waits for, false if the thread shall stop or the time is over.
	bool sleep_once(steady_clock::time_point deadline, unsigned long long slack) const;
	[[gnu::noinline]] bool sleep_once_until(long long time, unsigned long long slack) const;
	bool sleep_as_another(steady_clock::time_point deadline, unsigned long long slack) const
	{
		return reinterpret_cast<const others *>(asked_)->sleep(*this, deadline, slack);
	}
	static bool sleep_by(const stop_token &token, steady_clock::time_point deadline,
			     unsigned long long slack);

	// Parks, and freezes, if asked to: what a wait does at its begin, as one whose condition always holds never
	// sleeps. Returns false after a stop request.
	bool begin() const
	{
		return !is_asked(stop_state::stop | stop_state::park | stop_state::freezes) ||
		       answer_and_freeze();
	}
	// Parks if asked to. Returns false after a stop request.
	bool go_on() const { return !is_asked() || answer(); }
	bool answer() const;
	bool answer_and_freeze() const;
	// A token that is no body's is always asked to stop: what comes then looks closer.
	[[nodiscard]] bool is_asked(unsigned int what = stop_state::stop |
							stop_state::park) const noexcept
	{
		return asked_->load(std::memory_order_relaxed) & what;
	}
	// Whether the token looks at its own state's word, which is the state's first member.
	[[nodiscard]] bool is_own() const noexcept
	{
		static_assert(offsetof(stop_state, word) == 0);
		return static_cast<const void *>(asked_) == state_.get();
	}

	[[nodiscard]] bool is_anothers() const noexcept { return state_ && !is_own(); }

	static const std::atomic<unsigned int> not_own;
	// For the library: the same for a token of another's request, and how a thread sleeps by it. A module without
	// such tokens has no code for that.
	static const struct others {
		std::atomic<unsigned int> word;
		bool (*sleep)(const stop_token &token, steady_clock::time_point deadline,
			      unsigned long long slack);
	} another;

	stop_ref state_;
	const std::atomic<unsigned int> *asked_ = &not_own;
};
} // namespace kthread
