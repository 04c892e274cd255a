// SPDX-License-Identifier: GPL-2.0
//
// Where a thread runs, and signals for it.
#include "kthread/jthread.hpp"

namespace kthread
{
// Fails if the thread has been started. Requests may come meanwhile.
[[gnu::cold]] bool thread_state::begin_binding()
{
	unsigned int was = word.load();

	while (stage_of(was) == created) {
		if (word.compare_exchange_weak(was, binding | (was & requests)))
			return true;
	}
	return false;
}

// Another context may have started the thread meanwhile.
[[gnu::cold]] void thread_state::finish_binding()
{
	unsigned int was = word.load();
	unsigned int next;

	do {
		next = (was & requests) | (stage_of(was) == starting ? started : created);
	} while (!word.compare_exchange_weak(was, next));
	if (stage_of(was) == starting)
		wake_up_process(task);
}

[[gnu::cold]] result<void> thread_state::bind(const char *cpus, unsigned int cpu)
{
	if (bridge_current() == task)
		return std::unexpected(errno_t::EBUSY);

	const sleeping_guard owned(owners);
	int error;

	if (parked && bound && cpus) {
		error = bridge_bind_list(task, cpus);
	} else if (begin_binding()) {
		error = cpus ? bridge_bind_list(task, cpus) : bridge_bind_cpu(task, cpu);
		// An error may have left it bound to a CPU that has just gone.
		bound = bound || !error;
		unbinds = !bound;
		finish_binding();
	} else {
		return std::unexpected(errno_t::EBUSY);
	}
	return to_result(error);
}

// Since 6.14 the kernel lets each thread that is not bound run on all CPUs of its node when it begins. So a thread
// that is not woken yet is bound until its body is called, and one that is on its way there is waited for. This does not
// wait for the lock, as an owner that parks or stops the thread holds it for as long as the body likes.
[[gnu::cold]] result<void> thread_state::set_affinity(const char *cpus)
{
	int error = 0;
	bool is_bound = false;

	if (bridge_current() != task && stage_of(word.load()) < started) {
		if (!owners.try_lock())
			return std::unexpected(errno_t::EBUSY);
		is_bound = begin_binding();
		if (is_bound) {
			error = bridge_bind_list(task, cpus);
			unbinds = !bound;
			finish_binding();
		}
		owners.unlock();
	}
	if (!is_bound) {
		// One that is stopped before will not call its body.
		if (bridge_current() != task && stage_of(word.fetch_or(join)) < running)
			wait_for(running, park | stop);
		error = bridge_set_affinity(task, cpus);
	}
	return to_result(error);
}

[[gnu::cold]] result<void> thread_handle::bind(unsigned int cpu)
{
	might_sleep();
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	return state_->bind(nullptr, cpu);
}

[[gnu::cold]] result<void> thread_handle::set_affinity(const char *cpus)
{
	might_sleep();
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	return state_->set_affinity(cpus);
}

[[gnu::cold]] result<void> thread_handle::send_signal(int signal)
{
	might_sleep();
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	return to_result(bridge_send_signal(state_->task, signal));
}

[[gnu::cold]] result<void> thread_handle::bind_list(const char *cpus)
{
	might_sleep();
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	if (!cpus)
		return std::unexpected(errno_t::EINVAL);
	return state_->bind(cpus, 0);
}
} // namespace kthread
