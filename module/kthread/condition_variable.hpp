// SPDX-License-Identifier: GPL-2.0
//
// std::condition_variable, for any lock of mutex.hpp and spinlock.hpp:
//
//	struct mailbox {
//		kthread::mutex lock{"mailbox::lock"_lock};
//		kthread::condition_variable changed{"mailbox::changed"_lock};
//		int letters KTHREAD_GUARDED_BY(lock) = 0;
//	};
//
//	void deliver(mailbox &box)
//	{
//		{
//			const std::lock_guard held(box.lock);
//
//			++box.letters;
//		}
//		box.changed.notify_one();
//	}
//
//	int empty(mailbox &box, kthread::stop_token stop)
//	{
//		std::unique_lock held(box.lock);
//		const auto any = [&]() KTHREAD_REQUIRES(box.lock) { return box.letters > 0; };
//
//		while (box.changed.wait(held, stop, any))
//			--box.letters;
//		return 0;
//	}
#pragma once

#include "kthread/mutex.hpp"
#include "kthread/spinlock.hpp"
#include "kthread/waiting.hpp"

namespace kthread
{
// A place where the holders of a lock wait for a condition that others make true with the lock held. wait() takes
// the object that holds the lock: unique_lock, shared_lock, irqsave_guard, bh_guard, or the lock itself. The
// caller holds no other lock. The condition is tested with the lock held, and may sleep if the lock allows it.
// Lifetime: until the last wait and the last notify have returned; a waiter may end it if who notifies holds the lock.
// Wraps struct swait_queue_head.
class condition_variable
{
public:
	template <fixed_string Name>
	constexpr explicit condition_variable(lock_class<Name> name) noexcept : queue_(name)
	{
	}

	// notify_one() ends one wait that has begun, notify_all() ends all. The caller may hold the
	// lock. Context: hard interrupt.
	void notify_one() noexcept { queue_.notify_one(); }
	void notify_all() noexcept { queue_.notify_all(); }

	// Waits as waiting.hpp says, until the condition holds. The lock is free in the meantime, and held
	// afterwards in any case. Context: may sleep, except that the caller holds this lock.
	// Errors: those of waiting.hpp. Wraps prepare_to_swait_exclusive().
	template <class Lock, class Condition>
	[[nodiscard]] result<void> wait(Lock &lock, wait_mode how,
					steady_clock::time_point deadline,
					Condition condition) KTHREAD_UNCHECKED
	{
		if (how.has_to_go_on()) {
			lock.unlock();
			const bool goes_on = how.go_on();

			lock.lock();
			if (!goes_on)
				return std::unexpected(errno_t::ECANCELED);
		}
		if (condition())
			return {};

		sleeper self(queue_.native_handle(), how, deadline);

		for (;;) {
			self.prepare();
			lock.unlock();
			self.sleep();

			const bool notified = self.leave();
			const bool asked = self.is_asked();
			result<void> answered;

			if (asked) {
				if (notified)
					queue_.notify_one();
				answered = self.answer();
			}
			lock.lock();
			if (!answered || condition())
				return answered;
			if (self.is_late()) {
				if (notified && !asked)
					queue_.notify_one();
				return std::unexpected(errno_t::ETIMEDOUT);
			}
		}
	}
	// Does the same without a deadline. Context: may sleep, but for that lock. Errors: those of waiting.hpp.
	template <class Lock, class Condition>
	[[nodiscard]] result<void> wait(Lock &lock, wait_mode how, Condition condition)
	{
		return wait(lock, how, never, condition);
	}
	// Waits as the standard's does, which nothing but the condition ends. Context: may sleep, but for that
	// lock.
	template <class Lock, class Condition>
	void wait(Lock &lock, Condition condition)
	{
		(void)wait(lock, uninterruptible, never, condition);
	}

private:
	wait_list queue_;
};
} // namespace kthread
