// SPDX-License-Identifier: GPL-2.0
//
// The end of a thread that its module forgot: the kernel is about to free the memory in which that would run on.
#include "kthread/thread_state.hpp"

namespace kthread
{
namespace
{
// How many objects were not asked to end the last time. Of the one context in which the module ends.
constinit unsigned int left_to_makers = 0;
} // namespace

[[gnu::cold]] void thread_state::left_behind(bridge_link *link, bridge_end how)
{
	auto &state = *static_cast<thread_state *>(link);

	if (how == BRIDGE_FREE)
		return state.release();
	if (how == BRIDGE_ASK)
		return state.ask_forgotten();
	_printk("\0013kthread: %s (pid %d) is stopped, as its module goes without it\n",
		bridge_task_comm(state.task), bridge_task_pid(state.task));
	state.stop_forgotten();
}

[[gnu::cold]] bool thread_state::is_left_to(int maker)
{
	const bool lives = bridge_thread_lives(maker, entry);

	left_to_makers += lives;
	return lives;
}

[[gnu::cold]] void thread_state::ask_forgotten()
{
	const int maker = __atomic_load_n(&exit_code, __ATOMIC_RELAXED);

	if (!has_ended() && (word.load() & stop || !is_left_to(maker)))
		end_forgotten();
}

// Others may wait for what a parked thread does. The callbacks come last, as one may destroy the handle.
[[gnu::cold]] void thread_state::end_forgotten()
{
	const unsigned int was = ask_to_stop();

	(void)try_unpark();
	wake_and_call(was);
}

// It may wait for a thread that another one has made, which ends meanwhile and forgets that. But not for ever before
// kthread_stop(): that alone ends the waits of a thread that looks for the kernel's own request or for a signal.
[[gnu::cold]] void thread_state::stop_forgotten()
{
	if (!has_ended())
		end_forgotten();
	// A callback, also of another thread, may have destroyed the handle: then this is gone.
	for (int looks = 0; bridge_stopping == this && left_to_makers && looks < 1000; ++looks) {
		(void)try_unpark();

		const std::chrono::milliseconds a_while(10);

		if (wait_for(returned, 0, steady_clock::now() + a_while))
			break;
		// Its maker may have ended meanwhile.
		left_to_makers = 0;
		bridge_module_ask_again();
	}
	if (bridge_stopping == this)
		stop_and_wait(false);
}
} // namespace kthread
