// SPDX-License-Identifier: GPL-2.0
#include "kthread/jthread.hpp"

namespace kthread
{
result<void> thread_state::park()
{
	if (bridge_current() == task)
		return std::unexpected(errno_t::EDEADLK);
	if (!acquire())
		return std::unexpected(errno_t::ESRCH);

	result<void> done;
	if (parked) {
		done = std::unexpected(errno_t::EBUSY);
	} else {
		requests.fetch_or(stop_token::park);
		if (ended()) {
			let_go();
			done = std::unexpected(errno_t::ESRCH);
		} else {
			start();
			kthread_park(task);
			parked = true;
		}
	}
	release(none);
	return done;
}

result<void> thread_state::unpark()
{
	// Whoever parks it waits for it, and so must it not wait for them.
	if (bridge_current() == task)
		return std::unexpected(errno_t::EINVAL);
	if (!acquire())
		return std::unexpected(errno_t::ESRCH);

	result<void> done;
	if (parked)
		let_go();
	else
		done = std::unexpected(errno_t::EINVAL);
	release(none);
	return done;
}

result<void> thread_state::bind_list(const char *cpus)
{
	if (!acquire())
		return std::unexpected(errno_t::EBUSY);

	result<void> done;
	if (!parked && progress.load() != thread_progress::created)
		done = std::unexpected(errno_t::EBUSY);
	else if (int error = bridge_bind_list(task, cpus))
		done = std::unexpected(static_cast<errno_t>(error));
	release(none);
	return done;
}

result<void> thread_handle::bind(unsigned int cpu)
{
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	if (progress() != thread_progress::created)
		return std::unexpected(errno_t::EBUSY);
	if (!bridge_cpu_is_online(cpu))
		return std::unexpected(errno_t::EINVAL);
	kthread_bind(state_->task, cpu);
	return {};
}

result<void> thread_handle::bind_list(const char *cpus)
{
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	return state_->bind_list(cpus);
}

// The kernel takes any number here, and wraps it.
static bool is_nice(int nice)
{
	return nice >= -20 && nice <= 19;
}

result<void> thread_handle::set_nice(int nice)
{
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	if (!is_nice(nice))
		return std::unexpected(errno_t::EINVAL);
	set_user_nice(state_->task, nice);
	return {};
}

result<void> thread_handle::set_normal(int nice)
{
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	if (!is_nice(nice))
		return std::unexpected(errno_t::EINVAL);
	sched_set_normal(state_->task, nice);
	return {};
}

result<void> thread_handle::set_fifo()
{
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	sched_set_fifo(state_->task);
	return {};
}

result<void> thread_handle::set_fifo_low()
{
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	sched_set_fifo_low(state_->task);
	return {};
}
} // namespace kthread
