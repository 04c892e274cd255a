// SPDX-License-Identifier: GPL-2.0
//
// The wait queues of C code: threads here wait on those of others, and others on ours.
//
//	// The queue is a socket's or another subsystem's, which its C code wakes.
//	int drain(kthread::stop_token stop, wait_queue_head *queue, bool (*take_one)())
//	{
//		int taken = 0;
//
//		while (kthread::wait_on_queue(queue, stop, take_one))
//			++taken;
//		return taken;
//	}
#pragma once

#include "kthread/waiting.hpp"

namespace kthread
{
// For the library: a place in such a queue.
class queue_sleeper : public single_sleep
{
public:
	queue_sleeper(::wait_queue_head *queue, wait_mode how,
		      steady_clock::time_point deadline) noexcept
		: single_sleep(how, deadline), queue_(queue)
	{
		native::bridge_wait_entry_init(&entry_);
	}
	~queue_sleeper() { leave(); }

	void prepare() noexcept { native::prepare_to_wait(queue_, entry(), state()); }
	void leave() noexcept { native::finish_wait(queue_, entry()); }

private:
	native::wait_queue_entry *entry() noexcept
	{
		return reinterpret_cast<native::wait_queue_entry *>(&entry_);
	}

	::wait_queue_head *queue_;
	native::bridge_wait_entry entry_;
};

// Waits on a wait_queue_head of C code until the condition holds, which must not sleep. It is tested after each
// wake-up of the queue. wake_up_interruptible() wakes the thread as well, in whatever state it sleeps.
// How it waits and what it returns: see waiting.hpp. Context: may sleep.
// Errors: ETIMEDOUT, ECANCELED, ERESTARTSYS. Wraps prepare_to_wait(), finish_wait().
template <class Condition>
[[nodiscard]] result<void> wait_on_queue(::wait_queue_head *queue, wait_mode how,
					 Condition condition,
					 steady_clock::time_point deadline = never)
{
	might_sleep();
	if (!how.go_on())
		return std::unexpected(errno_t::ECANCELED);

	queue_sleeper self(queue, how, deadline);

	for (;;) {
		self.prepare();
		if (condition())
			return {};
		self.sleep();
		self.leave();
		if (self.is_asked()) {
			if (auto answered = self.answer(); !answered)
				return answered;
		} else if (self.is_late()) {
			if (condition())
				return {};
			return std::unexpected(errno_t::ETIMEDOUT);
		}
	}
}

// A wait queue that C code and user processes can wait on, too: by wait_event() and its like, or by poll_wait() in
// a driver. Lifetime: until the last call has returned. Implemented with struct wait_queue_head.
class shared_wait_queue : kernel_object<wait_head_image, BRIDGE_WAIT_HEAD_ALIGN>
{
public:
	// The name is the one that lockdep shows. Context: any.
	template <fixed_string Name>
	constexpr explicit shared_wait_queue(lock_class<Name> name) noexcept : kernel_object(name)
	{
	}

	// Wakes all, after a change that they wait for. Context: atomic. Wraps wake_up_all().
	void notify_all() noexcept { native::bridge_wake_up_all(native_handle()); }

	// Waits until the condition holds, as wait_on_queue() does. Context: may sleep.
	// Errors: ETIMEDOUT, ECANCELED, ERESTARTSYS. Wraps prepare_to_wait(), finish_wait().
	template <class Condition>
	[[nodiscard]] result<void> wait(wait_mode how, Condition condition,
					steady_clock::time_point deadline = never)
	{
		return wait_on_queue(native_handle(), how, condition, deadline);
	}

	// For C functions. Context: any.
	::wait_queue_head *native_handle() noexcept { return as<::wait_queue_head>(); }
};
} // namespace kthread
