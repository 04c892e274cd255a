// SPDX-License-Identifier: GPL-2.0
#include "kthread/jthread.hpp"

namespace kthread
{
// Until the body is done, or somebody wants it to be. A thread that was not started never is.
void thread_state::wait_for_end()
{
	bridge_waiter waiter;

	requests.fetch_or(start() ? stop_token::join | stop_token::stop : stop_token::join);
	bridge_wait_begin(&waiter, &progress);
	for (;;) {
		bridge_wait_prepare(&waiter, &progress);
		if (ended() || requests.load() & stop_token::stop)
			break;
		schedule();
	}
	bridge_wait_end(&waiter, &progress);
}

result<int> thread_state::join()
{
	if (bridge_current() == task)
		return std::unexpected(errno_t::EDEADLK);
	if (acquire()) {
		if (parked)
			let_go();
		release(none);
		// Not by kthread_stop(), which makes the body's own interruptible waits fail, and not
		// in possession, so that others may park and stop it meanwhile.
		wait_for_end();
	}
	finish();
	return get();
}
} // namespace kthread
