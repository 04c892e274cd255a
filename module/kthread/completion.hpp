// SPDX-License-Identifier: GPL-2.0
//
// One side waits until the other is done:
//
//	struct request {
//		kthread::completion done{"request::done"_lock};
//		int status = 0;
//	};
//
//	void interrupt_comes(request &r, int status)
//	{
//		r.status = status;
//		r.done.complete();
//	}
//
//	kthread::result<int> status_of(request &r)
//	{
//		if (auto waited = r.done.wait(kthread::interruptible, kthread::in(1s)); !waited)
//			return std::unexpected(waited.error());
//		return r.status;
//	}
#pragma once

#include "kthread/waiting.hpp"

namespace kthread
{
// Counts the calls of complete() for which nobody has waited yet. Lifetime: a waiter may destroy it as soon as its
// wait has returned. Wraps struct completion.
class completion : kernel_object<completion_image, BRIDGE_COMPLETION_ALIGN>
{
public:
	template <fixed_string Name>
	constexpr explicit completion(lock_class<Name> name) noexcept : kernel_object(name)
	{
	}

	// Lets one waiter go on, now or later. Context: hard interrupt. Wraps complete().
	void complete() noexcept { native::complete(native_handle()); }

	// Lets all present and later waiters go on. Context: hard interrupt; on PREEMPT_RT may sleep, because the
	// kernel wakes all waiters there with a raw spinlock held. Wraps complete_all().
	void complete_all() noexcept { native::complete_all(native_handle()); }

	// Waits; no request of a stop or a park and no signal ends the wait. Context: may sleep.
	// Wraps wait_for_completion().
	void wait() noexcept { native::wait_for_completion(native_handle()); }

	// Waits as waiting.hpp says. Context: may sleep. Errors: those of waiting.hpp. Wraps
	// try_wait_for_completion(), prepare_to_swait_exclusive().
	[[nodiscard]] result<void> wait(wait_mode how, steady_clock::time_point deadline = never)
	{
		return wait_on(queue(), how, deadline, [this] { return try_wait(); });
	}

	// Takes one complete() without waiting. Returns false if there is none. Context: hard interrupt. Wraps
	// try_wait_for_completion().
	[[nodiscard]] bool try_wait() noexcept
	{
		return native::try_wait_for_completion(native_handle());
	}

	// Whether the next wait does not sleep. Context: hard interrupt. Wraps completion_done().
	[[nodiscard]] bool is_complete() noexcept
	{
		return native::completion_done(native_handle());
	}

	// The struct completion, for C. Context: any.
	using native_handle_type = native::completion *;
	native_handle_type native_handle() noexcept { return as<native::completion>(); }

private:
	native::swait_queue_head *queue() noexcept
	{
		return reinterpret_cast<native::swait_queue_head *>(as<char>() +
								    BRIDGE_COMPLETION_QUEUE);
	}
};
static_assert(sizeof(completion) == BRIDGE_COMPLETION_SIZE);
} // namespace kthread
