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
// Opens when it has been counted down to zero, and stays open. Who has waited may destroy it, if no other
// waits. Wraps struct completion.
class latch
{
public:
	template <fixed_string Name>
	constexpr latch(int expected, lock_class<Name> name) noexcept
		: left_(expected),
		  open_(name)
	{
		if (!expected)
			is_open_at_once_ = true;
	}

	// Context: hard interrupt.
	void count_down(int update = 1) noexcept
	{
		if (left_.fetch_sub(update, std::memory_order_acq_rel) == update)
			open_.complete();
	}

	// Whether it is open. Context: hard interrupt.
	[[nodiscard]] bool try_wait() noexcept
	{
		if (is_open_at_once_)
			return true;
		if (!open_.try_wait())
			return false;
		pass_on();
		return true;
	}

	// Waits until it is open, as it is said in waiting.hpp, with its errors. Context: may sleep.
	[[nodiscard]] result<void> wait(wait_mode how, steady_clock::time_point deadline = never)
	{
		if (is_open_at_once_)
			return {};

		auto waited = open_.wait(how, deadline);

		if (waited)
			pass_on();
		return waited;
	}
	// The standard's: to the end.
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
