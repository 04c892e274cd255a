// SPDX-License-Identifier: GPL-2.0
//
// How a task joins a thread. It waits in the table of tasks, at the address where threads sleep that join.
#include "kthread/task_work.hpp"

namespace kthread
{
// As join_thread(), it asks for the stop of a thread that was not started.
bool thread_state::ends_for_task()
{
	// Before the change of the word, after which whoever wakes sees both.
	wake_tasks.store([](const void *at) { (void)waiter_table::notify(at, true); });
	if (stage_of(word.fetch_or(join)) < starting)
		(void)request_stop();
	return joined.load(std::memory_order_acquire) || has_ended();
}

// Who parks a thread has it until it is parked, and who stops one first unparks it.
bool thread_state::goes_on_for_task(bool begins)
{
	return !(begins || word.load() & thread_state::stop) || try_unpark();
}

bool thread_end::has_come() const
{
	return state_->ends_for_task();
}

bool thread_end::goes_on(bool begins) const
{
	return state_->goes_on_for_task(begins);
}

result<int> thread_end::operator()() const
{
	state_->stop_and_wait(false);
	return state_->get();
}
} // namespace kthread
