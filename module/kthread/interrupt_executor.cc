// SPDX-License-Identifier: GPL-2.0
//
// An executor whose tasks run in the interrupt of a timer. The kernel runs no interrupt of a timer inside itself, nor on
// two CPUs at once. So the interrupt is what the thread is to the others.
#include "bridge/timer.h"
#include "kthread/executor_state.hpp"
#include "kthread/rcu.hpp"

namespace kthread
{
namespace
{
class interrupt_state final : public executor_state
{
public:
	interrupt_state() noexcept : executor_state(true), alarm_(*this)
	{
		wheel_.start(ktime_get());
		inbox_.store(asleep());
	}

	// The lock of the timer lets the interrupt see closes_.
	void ask() noexcept override
	{
		closes_.store(true, std::memory_order_relaxed);
		wake();
	}

	void close() noexcept override
	{
		bridge_waiter waiter;

		// The module's end may have closed it before its owner does.
		if (inbox_.load() != closed())
			ask();
		bridge_wait_begin(&waiter, this);
		for (;;) {
			bridge_wait_prepare(&waiter, BRIDGE_WAITS);
			if (inbox_.load() == closed())
				break;
			schedule();
		}
		bridge_wait_end(&waiter);
		// A context that has posted a node may still be about to start the timer.
		rcu_synchronize();
		bridge_alarm_destroy(&alarm_);
	}

private:
	struct alarm : bridge_alarm {
		explicit alarm(interrupt_state &state) noexcept : state(state)
		{
			expired = [](bridge_alarm *self) {
				return static_cast<alarm *>(self)->state.run_here();
			};
			bridge_alarm_init(this);
		}
		interrupt_state &state;
	};

	// For a time after the last call: the kernel calls in one interrupt whatever was due when that began, and two executors
	// whose tasks wake each other would never leave it. What is due a moment later it puts off, after three times.
	void wake() noexcept override
	{
		bridge_alarm_start(&alarm_, now.load(std::memory_order_relaxed) + 1);
	}

	// Returns when it has to be called again.
	long long run_here() noexcept
	{
		// Started by a context that had posted a node before.
		if (inbox_.load(std::memory_order_relaxed) == closed())
			return BRIDGE_NEVER;
		interrupted_.store(bridge_hardirq_cpu(), std::memory_order_relaxed);

		// As look_for_stop() does, but there is no token to look for.
		if (closes_.load(std::memory_order_relaxed) && !stopping_) [[unlikely]]
			stop_all();

		const bool more = works();

		interrupted_.store(0, std::memory_order_relaxed);

		const bool ends = stopping_ && !groups_;
		task_node *none = nullptr;

		// Others have the processor for as long as the tasks had it, and a moment if the clock stood still.
		if (more || !inbox_.compare_exchange_strong(none, ends ? closed() : asleep()))
			return 2 * ktime_get() - now.load(std::memory_order_relaxed) + 1;
		if (ends)
			bridge_wake_all(this);
		return wheel_.next();
	}

	alarm alarm_;
};
} // namespace

result<executor> executor::run_in_interrupts() noexcept
{
	auto *const state = new (std::nothrow) interrupt_state;

	if (!state)
		return std::unexpected(errno_t::ENOMEM);

	executor made;
	made.shared_ = executor_ref(state);
	state->join_module();
	return made;
}
} // namespace kthread
