// SPDX-License-Identifier: GPL-2.0
//
// The end of a thread that its module forgot: the kernel is about to free the memory in which that would run on.
#include "kthread/thread_state.hpp"

namespace kthread
{
[[gnu::cold]] void thread_state::left_behind(bridge_link *link, bridge_end how)
{
	auto &state = *static_cast<thread_state *>(link);

	if (how == BRIDGE_FREE)
		return state.release();
	if (how == BRIDGE_ASK)
		return state.ask_forgotten();
	_printk("\0013kthread: %s (pid %d) is stopped, as its module goes without it\n",
		bridge_task_comm(state.task), bridge_task_pid(state.task));
	state.stop_and_wait(false);
}

// Others may wait for what a parked thread does. The callbacks come last, as one may destroy the handle.
[[gnu::cold]] void thread_state::ask_forgotten()
{
	if (has_ended())
		return;

	const unsigned int was = ask_to_stop();

	(void)try_unpark();
	wake_and_call(was);
}
} // namespace kthread
