// SPDX-License-Identifier: GPL-2.0
//
// std::latch:
//
//	kthread::result<void> all_are_ready(kthread::latch &ready, kthread::stop_token stop)
//	{
//		return ready.wait(stop, kthread::in(10s));
//	}
#pragma once

#include "kthread/completion.hpp"

namespace kthread
{
// A gate that opens when it has been counted down to zero, and stays open. Lifetime: a waiter may destroy it when
// its wait has returned, if no other waits. Wraps struct completion.
class latch
{
public:
	template <fixed_string Name>
	constexpr latch(int expected, lock_class<Name> name) noexcept : left_(expected), open_(name)
	{
		if (expected <= 0)
			is_open_at_once_ = true;
	}

	// Counts down, and opens the latch at zero or below. Context: hard interrupt.
	void count_down(int update = 1) noexcept
	{
		const int left = left_.fetch_sub(update, std::memory_order_acq_rel);

		if (left > 0 && left <= update)
			open_.complete();
	}

	// Whether the latch is open. The call that has opened it may still be under way. Context: hard interrupt.
	[[nodiscard]] bool try_wait() const noexcept
	{
		return left_.load(std::memory_order_acquire) <= 0;
	}

	// Waits as waiting.hpp says, until the latch is open. Context: may sleep. Errors: those of waiting.hpp.
	[[nodiscard]] result<void> wait(wait_mode how, steady_clock::time_point deadline = never)
	{
		if (is_open_at_once_) {
			might_sleep();
			return how.go_on() ? result<void>() : std::unexpected(errno_t::ECANCELED);
		}

		auto waited = open_.wait(how, deadline);

		// Another waiter is just passing on, or the last count_down() has not yet returned.
		if (!waited && waited.error() == errno_t::ETIMEDOUT && try_wait())
			waited = open_.wait(uninterruptible);
		if (waited)
			pass_on();
		return waited;
	}
	// Waits as the standard's functions do, which only the opening ends. Context: may sleep.
	void wait() { (void)wait(uninterruptible); }
	void arrive_and_wait(int update = 1)
	{
		count_down(update);
		wait();
	}

private:
	// Each waiter lets the next one go on: the last count_down() may be in a hard interrupt, where
	// PREEMPT_RT forbids complete_all().
	void pass_on() noexcept { open_.complete(); }

	std::atomic<int> left_;
	bool is_open_at_once_ = false;
	completion open_;
};
} // namespace kthread
