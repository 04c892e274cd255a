// SPDX-License-Identifier: GPL-2.0
//
// Where a thread runs, and signals for it.
#include "kthread/jthread.hpp"

namespace kthread
{
// Fails if the thread has been started. Requests may come meanwhile.
bool thread_state::begin_binding()
{
	unsigned int was = word.load();

	while (stage_of(was) == created) {
		if (word.compare_exchange_weak(was, binding | (was & requests)))
			return true;
	}
	return false;
}

// Another context may have started the thread meanwhile.
void thread_state::finish_binding()
{
	unsigned int was = word.load();
	unsigned int next;

	do {
		next = (was & requests) | (stage_of(was) == starting ? started : created);
	} while (!word.compare_exchange_weak(was, next));
	if (stage_of(was) == starting)
		wake_up_process(task);
}

result<void> thread_state::bind(const char *cpus, unsigned int cpu)
{
	if (bridge_current() == task)
		return std::unexpected(errno_t::EBUSY);

	const sleeping_guard owned(owners);
	int error;

	if (parked && bound && cpus) {
		error = bridge_rebind_list(task, cpus);
	} else if (begin_binding()) {
		error = cpus ? bridge_bind_list(task, cpus) : bridge_bind_cpu(task, cpu);
		bound = bound || !error;
		finish_binding();
	} else {
		return std::unexpected(errno_t::EBUSY);
	}
	if (error)
		return std::unexpected(static_cast<errno_t>(error));
	return {};
}

result<void> thread_handle::bind(unsigned int cpu)
{
	might_sleep();
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	return state_->bind(nullptr, cpu);
}

result<void> thread_handle::set_affinity(const char *cpus)
{
	might_sleep();
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	if (int error = bridge_set_affinity(state_->task, cpus))
		return std::unexpected(static_cast<errno_t>(error));
	return {};
}

result<void> thread_handle::send_signal(int signal)
{
	might_sleep();
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	if (int error = bridge_send_signal(state_->task, signal))
		return std::unexpected(static_cast<errno_t>(error));
	return {};
}

result<void> thread_handle::bind_list(const char *cpus)
{
	might_sleep();
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	if (!cpus)
		return std::unexpected(errno_t::EINVAL);
	return state_->bind(cpus, 0);
}
} // namespace kthread
