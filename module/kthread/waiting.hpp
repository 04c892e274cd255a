// SPDX-License-Identifier: GPL-2.0
//
// How a wait sleeps and what ends it, for all that can be waited for: completion, condition_variable,
// counting_semaphore, latch, channel.
//
//	#include "kthread/completion.hpp"
//
//	kthread::result<void> finish(kthread::completion &done, kthread::stop_token stop)
//	{
//		if (auto waited = done.wait(stop, kthread::in(5s)); !waited)
//			return waited;
//		return {};
//	}
//
// The first argument of such a wait is
//
//   a stop_token            of a body: it sleeps in TASK_IDLE, parks and freezes, and a stop ends the wait
//   kthread::or_signal(token)  a body's or another one: a signal ends the wait, too, that the thread has allowed
//   kthread::uninterruptible  any thread: a stop or a signal does not end the wait, and the hung-task detector
//                           looks; a wait without this argument behaves so, too
//   kthread::idle           any thread: the same without the detector, for waits that may be long
//   kthread::interruptible  a process in a system call: a signal ends the wait
//   kthread::killable       the same for a signal that kills
//
// and the second, if there is one, the time at which the wait ends. What a wait returns is
//
//   success       what was waited for is there, and is the caller's
//   ETIMEDOUT     the time is over
//   ECANCELED     the thread shall stop. A stop is looked at first: a body that never has to wait ends, too
//   ERESTARTSYS   a signal has come: for the system call to return as it is
//
// A waiter that ends so, parks or freezes hands on the notify_one() that it may have been given.
#pragma once

#include "kthread/errno.hpp"
#include "kthread/kernel_object.hpp"
#include "kthread/stop_token.hpp"

namespace kthread
{
inline constexpr auto never = steady_clock::time_point::max();

// The point in time that comes after this time from now. Context: hard interrupt. Wraps ktime_get().
[[nodiscard]] inline steady_clock::time_point in(timeout time) noexcept
{
	return steady_clock::after(steady_clock::now(), time);
}

// How a wait sleeps and what ends it; the text at the top of this file lists the modes. Context: any. Lifetime: as
// long as the token. Implemented with a task state and a stop_token.
class wait_mode
{
public:
	// For the library: a wait in this task state.
	constexpr explicit wait_mode(unsigned int state) noexcept : state_(state) {}
	// A wait that a stop request ends.
	wait_mode(const stop_token &stop) noexcept : stop_(&stop), state_(BRIDGE_TASK_IDLE) {}

	// Before a wait, which may have to sleep never: lets others run, parks and freezes, as the token is asked to.
	// Returns false after a stop request. Context: may sleep.
	[[nodiscard]] bool go_on() const { return !stop_ || stop_->yield(); }
	// Returns true if the token is asked to stop, to park or to freeze.
	[[nodiscard]] bool has_to_go_on() const;

	// Returns true if the thread is asked to stop, to park or to freeze, or has a signal.
	[[nodiscard]] bool is_asked() const;
	// Does what is asked. Context: may sleep. Errors: ECANCELED or ERESTARTSYS if the wait has to end.
	[[nodiscard]] result<void> answer() const;

private:
	friend class single_sleep;
	friend wait_mode or_signal(const stop_token &stop) noexcept;

	wait_mode(const stop_token &stop, unsigned int state) noexcept : stop_(&stop), state_(state)
	{
	}

	const stop_token *stop_ = nullptr;
	unsigned int state_;
};

inline constexpr wait_mode uninterruptible{BRIDGE_TASK_UNINTERRUPTIBLE};
inline constexpr wait_mode idle{BRIDGE_TASK_IDLE};
inline constexpr wait_mode interruptible{BRIDGE_TASK_INTERRUPTIBLE};
inline constexpr wait_mode killable{BRIDGE_TASK_KILLABLE};

// Waits of a body that a signal ends as well, if the thread has allowed it: done.wait(or_signal(stop)). Context: any.
// Lifetime: as long as the token. Wraps signal_pending().
[[nodiscard]] inline wait_mode or_signal(const stop_token &stop) noexcept
{
	return {stop, BRIDGE_TASK_INTERRUPTIBLE};
}

// For the library: one sleep of the calling thread, which is in a queue already, and what follows.
class single_sleep
{
public:
	single_sleep(wait_mode how, steady_clock::time_point deadline) noexcept
		: how_(how), deadline_(deadline)
	{
	}
	single_sleep(const single_sleep &) = delete;
	single_sleep &operator=(const single_sleep &) = delete;

	void sleep();
	// The functions of wait_mode, for after the sleep.
	[[nodiscard]] bool is_asked() const { return how_.is_asked(); }
	[[nodiscard]] result<void> answer() const { return how_.answer(); }
	[[nodiscard]] bool is_late() const noexcept { return late_; }

protected:
	~single_sleep() = default;
	[[nodiscard]] int state() const noexcept { return static_cast<int>(how_.state_); }

private:
	wait_mode how_;
	steady_clock::time_point deadline_;
	bool late_ = false;
};

// For the library: one wait of the calling thread on a queue. In this order: prepare(), the last look at what it
// waits for, sleep(), leave(), and then, if is_asked(), answer(). Context: may sleep.
class sleeper : public single_sleep
{
public:
	sleeper(native::swait_queue_head *queue, wait_mode how,
		steady_clock::time_point deadline) noexcept
		: single_sleep(how, deadline), queue_(queue)
	{
		native::bridge_swait_begin(entry());
	}

	// Goes into the queue, as its last. A wake-up from now on ends the next sleep().
	void prepare() noexcept { native::prepare_to_swait_exclusive(queue_, entry(), state()); }
	// Leaves the queue. Returns whether the waiter had been notified.
	[[nodiscard]] bool leave() noexcept { return native::bridge_swait_end(queue_, entry()); }

private:
	native::swait_queue *entry() noexcept
	{
		return reinterpret_cast<native::swait_queue *>(&entry_);
	}

	native::swait_queue_head *queue_;
	native::bridge_swait entry_;
};

// For the library: waits until attempt() has succeeded. The code that makes that possible wakes one waiter.
// attempt() must not sleep.
template <class Attempt>
[[nodiscard]] result<void> wait_on(native::swait_queue_head *queue, wait_mode how,
				   steady_clock::time_point deadline, Attempt attempt)
{
	might_sleep();
	if (!how.go_on())
		return std::unexpected(errno_t::ECANCELED);
	if (attempt())
		return {};

	sleeper self(queue, how, deadline);

	for (;;) {
		self.prepare();
		if (attempt()) {
			// A notification that has come since goes on to the next waiter.
			if (self.leave())
				native::swake_up_one(queue);
			return {};
		}
		self.sleep();

		const bool notified = self.leave();
		const bool asked = self.is_asked();

		if (!asked && attempt())
			return {};
		if (!asked && !self.is_late())
			continue;
		if (notified)
			native::swake_up_one(queue);
		if (!asked)
			return std::unexpected(errno_t::ETIMEDOUT);
		if (auto answered = self.answer(); !answered)
			return answered;
	}
}

// For the library: a place where threads wait to be notified, in the order in which they came. Context: hard
// interrupt. Wraps struct swait_queue_head.
class wait_list : kernel_object<swait_head_image, BRIDGE_SWAIT_HEAD_ALIGN>
{
public:
	template <fixed_string Name>
	constexpr explicit wait_list(lock_class<Name> name) noexcept : kernel_object(name)
	{
	}

	// Wakes one waiter, after a change that it waits for, or so many. Wraps swake_up_one().
	void notify_one() noexcept { notify(1); }
	void notify(int count) noexcept
	{
		for (; count > 0 && has_waiters(); --count)
			native::swake_up_one(native_handle());
	}
	void notify_all() noexcept
	{
		if (has_waiters())
			native::bridge_swait_wake_all(native_handle());
	}
	[[nodiscard]] bool has_waiters() const noexcept
	{
		// Either this sees the waiter, or the waiter's last look sees the change.
		std::atomic_thread_fence(std::memory_order_seq_cst);
		return !is_list_empty();
	}

	native::swait_queue_head *native_handle() noexcept
	{
		return as<native::swait_queue_head>();
	}
};
} // namespace kthread
