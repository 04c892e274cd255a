// SPDX-License-Identifier: GPL-2.0
#include "kthread/jthread.hpp"

namespace kthread
{
result<void> thread_state::create(const char *name, int (*entry)(void *))
{
	task_struct *created = kthread_create_on_node(entry, this, BRIDGE_NO_NODE, "%s", name);
	auto address = reinterpret_cast<std::intptr_t>(created);

	if (address < 0 && address >= -BRIDGE_MAX_ERRNO)
		return std::unexpected(static_cast<errno_t>(address));
	bridge_get_task(created);
	task = created;
	return {};
}

void thread_state::request_stop()
{
	stop.store(true, std::memory_order_relaxed);
	wake_up_process(task);
}

result<int> thread_state::join()
{
	if (bridge_current() == task)
		return std::unexpected(errno_t::EDEADLK);

	unsigned char was = open;
	if (phase.compare_exchange_strong(was, joining)) {
		stop.store(true, std::memory_order_relaxed);
		exit_code = kthread_stop(task);
		phase.store(joined, std::memory_order_release);
		// wake_up_var() looks for sleepers first, and must not look before the store.
		std::atomic_thread_fence(std::memory_order_seq_cst);
		wake_up_var(&phase);
	} else if (was == joining) {
		bridge_wait_var(&phase, joined);
	}
	if (!ran)
		return std::unexpected(errno_t::EINTR);
	return exit_code;
}

jthread::~jthread()
{
	if (!state_)
		return;
	if (state_->task) {
		(void)state_->join();
		bridge_put_task(state_->task);
	}
	state_->destroy(state_);
}

void stop_token::sleep_for(std::chrono::nanoseconds duration) const
{
	long long time = duration.count();

	if (time <= 0)
		return;
	bridge_idle();
	if (stop_requested())
		bridge_awake();
	else
		schedule_hrtimeout(&time, static_cast<hrtimer_mode>(BRIDGE_TIMER_RELATIVE));
	// A time that is over before the thread has gone to sleep costs it no turn.
	bridge_cond_resched();
}

name::name(const char *format, ...)
{
	__builtin_va_list args;

	__builtin_va_start(args, format);
	vsnprintf(text_, sizeof(text_), format, args);
	__builtin_va_end(args);
}
} // namespace kthread
