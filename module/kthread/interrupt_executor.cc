// SPDX-License-Identifier: GPL-2.0
//
// An executor whose tasks run in the interrupt of a timer. The kernel runs no interrupt of a timer inside itself, nor on
// two CPUs at once. So the interrupt is what the thread is to the others.
#include "kthread/executor_state.hpp"

namespace kthread
{
namespace
{
class interrupt_state final : public executor_state
{
public:
	interrupt_state() noexcept : executor_state(true), clock_(*this)
	{
		bridge_clock_init(&clock_);
		wheel_.start(ktime_get());
		inbox_.store(asleep());
	}
	~interrupt_state() override { bridge_clock_destroy(&clock_); }

	// A context that has posted a node may still be about to start the timer.
	void close() noexcept override
	{
		task_group last(this, nullptr);
		bridge_waiter waiter;

		last.pending.store(1, std::memory_order_relaxed);
		closes_.store(true, std::memory_order_relaxed);
		// The post also lets the interrupt see closes_.
		(void)post(last.stop_node);
		bridge_wait_begin(&waiter, this);
		for (;;) {
			bridge_wait_prepare(&waiter, true);
			if (inbox_.load() == closed())
				break;
			schedule();
		}
		bridge_wait_end(&waiter);
	}

private:
	struct clock : bridge_clock {
		explicit clock(interrupt_state &state) noexcept : state(state)
		{
			expired = [](bridge_clock *self) {
				static_cast<clock *>(self)->state.run_here();
			};
		}
		interrupt_state &state;
	};

	void start(long long due) noexcept { bridge_clock_start(&clock_, due, 0, 0); }
	void wake() noexcept override { start(0); }

	void run_here() noexcept
	{
		interrupted_.store(bridge_hardirq_cpu(), std::memory_order_relaxed);

		bool more = works();

		if (closes_.load(std::memory_order_relaxed) && !std::exchange(stopping_, true)) {
			for (task_group *group = groups_; group; group = group->next)
				stop(*group);
			more = true;
		}
		interrupted_.store(0, std::memory_order_relaxed);

		const bool ends = stopping_ && !groups_;
		task_node *none = nullptr;

		// Before anybody else may start the timer.
		if (const long long due = wheel_.next(); !more && due != timer_wheel::never_due)
			start(due);
		if (!more && inbox_.compare_exchange_strong(none, ends ? closed() : asleep())) {
			if (ends)
				bridge_wake_all(this);
		} else if (none != closed()) {
			// Others have the processor for as long as the tasks had it.
			start(2 * ktime_get() - now);
		}
	}

	clock clock_;
	std::atomic<bool> closes_{false};
};
} // namespace

result<executor> executor::run_in_interrupts() noexcept
{
	auto *const state = new (std::nothrow) interrupt_state;

	if (!state)
		return std::unexpected(errno_t::ENOMEM);

	executor made;
	made.shared_ = executor_ref(state);
	return made;
}
} // namespace kthread
