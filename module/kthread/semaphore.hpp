// SPDX-License-Identifier: GPL-2.0
//
// std::counting_semaphore:
//
//	constinit kthread::counting_semaphore<4> channels{4, "dma channels"_lock};
//
//	kthread::result<void> transfer(int (*run)())
//	{
//		if (auto got = channels.acquire(kthread::killable); !got)
//			return got;
//		const int error = run();
//		channels.release();
//		return error ? kthread::result<void>(std::unexpected(kthread::errno_t::EINVAL))
//			     : kthread::result<void>();
//	}
#pragma once

#include <limits>

#include "kthread/waiting.hpp"

namespace kthread
{
// A number of units, of which each acquire() takes one. Implemented with an atomic number and a wait_list, as the
// kernel's struct semaphore knows no stop and takes a lock each time. Lifetime: until the last release() has
// returned. A thread must not destroy it after its acquire(), as release() may still look at it; completion allows
// that.
template <int LeastMaxValue = std::numeric_limits<int>::max(), class List = wait_list>
class counting_semaphore
{
public:
	template <fixed_string Name>
	constexpr counting_semaphore(int desired, lock_class<Name> name) noexcept
		: count_(desired), queue_(name)
	{
	}

	// The largest number of units. Context: any.
	[[nodiscard]] static constexpr int max() noexcept { return LeastMaxValue; }

	// Gives units back, or adds some. Context: hard interrupt.
	void release(int update = 1) noexcept
	{
		count_.fetch_add(update, std::memory_order_release);
		queue_.notify(update);
	}

	// Takes a unit if there is one. Context: hard interrupt.
	[[nodiscard]] bool try_acquire() noexcept
	{
		int count = count_.load(std::memory_order_relaxed);

		while (count > 0) {
			if (count_.compare_exchange_weak(count, count - 1,
							 std::memory_order_acquire,
							 std::memory_order_relaxed))
				return true;
		}
		return false;
	}

	// Takes a unit, and waits for one as waiting.hpp says. Context: may sleep. Errors: those of waiting.hpp.
	// Wraps prepare_to_swait_exclusive().
	[[nodiscard]] result<void> acquire(wait_mode how, steady_clock::time_point deadline = never)
	{
		return wait_on(queue_.native_handle(), how, deadline,
			       [this] { return try_acquire(); });
	}
	// Take a unit as the standard's functions do: acquire() waits until there is one. Context: may sleep.
	void acquire() { (void)acquire(uninterruptible); }
	// Does so until a deadline, after which it returns false. Context: may sleep.
	[[nodiscard]] bool try_acquire_until(steady_clock::time_point deadline)
	{
		return acquire(uninterruptible, deadline).has_value();
	}
	// Does so for a time, after which it returns false. Context: may sleep.
	[[nodiscard]] bool try_acquire_for(timeout time) { return try_acquire_until(in(time)); }

	// For the library: where its tasks wait.
	[[nodiscard]] const List &waiters() const noexcept { return queue_; }

private:
	std::atomic<int> count_;
	List queue_;
};

using binary_semaphore = counting_semaphore<1>;
} // namespace kthread
