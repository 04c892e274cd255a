// SPDX-License-Identifier: GPL-2.0
#pragma once

#include <atomic>
#include <chrono>

namespace kthread
{
// What a thread's body is given to see whether it shall stop. Only a jthread makes one; copies are
// valid as long as it has its thread.
class stop_token
{
public:
	// Whether somebody wants the thread to end. From any context; never sleeps.
	[[nodiscard]] bool stop_requested() const noexcept
	{
		return stop_->load(std::memory_order_relaxed);
	}

	// Sleeps for the duration, in TASK_IDLE, and ends at once when a stop is requested, before
	// or meanwhile; a wake-up ends it too. From the body only. Stands on schedule_hrtimeout().
	void sleep_for(std::chrono::nanoseconds duration) const;

private:
	friend struct thread_state;
	explicit stop_token(const std::atomic<bool> &stop) noexcept : stop_(&stop) {}

	const std::atomic<bool> *stop_;
};
} // namespace kthread
