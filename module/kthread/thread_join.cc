// SPDX-License-Identifier: GPL-2.0
//
// How a thread ends without being stopped, and how far it has come.
#include "kthread/jthread.hpp"

namespace kthread
{
thread_progress thread_state::progress() const
{
	const unsigned int now = stage_of(word.load());

	if (now < starting)
		return thread_progress::created;
	if (now == starting)
		return thread_progress::started;
	return static_cast<thread_progress>((now - started) / created +
					    static_cast<unsigned int>(thread_progress::started));
}

[[gnu::cold]] void thread_state::wait_until_called()
{
	word.fetch_or(join);
	wait_for(running);
}

[[gnu::cold]] result<int> thread_handle::join()
{
	return join_until(steady_clock::time_point::max());
}

[[gnu::cold]] result<int> thread_handle::join_until(steady_clock::time_point deadline)
{
	might_sleep();
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	return state_->join_thread(deadline);
}

// A thread that was not started would never return, also if another context binds it meanwhile, so this asks for
// its stop. Without a deadline, the stop that another context asks for is for kthread_stop() to wait for.
[[gnu::cold]] result<int> thread_state::join_thread(steady_clock::time_point deadline)
{
	if (bridge_current() == task)
		return std::unexpected(errno_t::EDEADLK);
	map.wait();
	// Not for one that another owner parks meanwhile: that takes as long as the body likes. An owner that stops or
	// unparks the thread has the lock until it has stopped, which may be after the deadline.
	const bool is_patient = deadline == steady_clock::time_point::max();

	if (parked && is_patient) {
		const sleeping_guard owned(owners);

		if (parked)
			unpark_or_wake();
	} else {
		(void)try_unpark();
	}
	// kthread_stop() would make the body's own interruptible waits fail. The lock is not held, so that
	// others can park and stop the thread meanwhile.
	if (!joined.load(std::memory_order_acquire)) {
		if (stage_of(word.fetch_or(join)) < starting)
			(void)request_stop();
		if (!wait_for(returned, is_patient ? stop : request(), deadline))
			return std::unexpected(errno_t::ETIMEDOUT);
	}
	stop_and_wait(false);
	return get();
}

// The thread takes over the handle's reference, if it is not at its end yet.
[[gnu::cold]] result<void> thread_state::detach_thread()
{
	if (!bridge_hold_module())
		return std::unexpected(errno_t::ENODEV);
	if (bridge_current() == task) {
		// It is not parked. Who stops it as the module goes has the lock.
		if (!bridge_module_remove_own(this)) {
			bridge_let_go_of_module();
			return std::unexpected(errno_t::ENODEV);
		}
	} else {
		{
			const sleeping_guard owned(owners);

			if (parked)
				unpark_or_wake();
		}
		bridge_module_remove(this);
	}

	// The thread may be gone as soon as it knows, unless it is at its end already.
	const stop_ref self(static_cast<stop_state &>(*this));
	const unsigned int was = start(orphan);

	if (stage_of(was) < returned) {
		wake_up_process(task);
	} else {
		stop_and_wait(false);
		release();
		bridge_let_go_of_module();
	}
	return {};
}

[[gnu::cold]] result<void> jthread::detach()
{
	might_sleep();
	if (!joinable())
		return std::unexpected(errno_t::ESRCH);
	if (auto detached = state_->detach_thread(); !detached)
		return detached;
	state_ = nullptr;
	return {};
}
} // namespace kthread

bool kthreadxx_should_stop()
{
	using kthread::thread_state;

	const auto *const own =
		static_cast<thread_state *>(bridge_thread_data(thread_state::entry));

	return own ? own->word.load(std::memory_order_acquire) & thread_state::stop
		   : kthread_should_stop();
}
