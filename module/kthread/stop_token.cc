// SPDX-License-Identifier: GPL-2.0
//
// Tokens that are no body's: the request of a source, and sleeps that another's request ends. A module without such
// tokens has nothing of this.
#include "kthread/stop_token.hpp"

namespace kthread
{
bool stop_state::request_stop()
{
	if (is_thread())
		return static_cast<thread_state *>(this)->request_stop();

	const unsigned int was = word.fetch_or(stop);

	if (was & stop)
		return false;
	// Those who sleep by a token of a source.
	if (was & join)
		bridge_wake_all(&word);
	if (was & watched)
		call_callbacks();
	return true;
}

// The caller has set its state before. The request wakes all who sleep on the word.
[[gnu::cold]] bool stop_token::sleep_by(const stop_token &token, steady_clock::time_point deadline,
					unsigned long long slack)
{
	std::atomic<unsigned int> &word = token.state_->word;
	bridge_waiter waiter;
	bool is_over = false;

	bridge_wait_besides(&waiter, &word);
	if (word.fetch_or(stop_state::join) & stop_state::stop) {
		is_over = true;
	} else if (deadline == steady_clock::time_point::max()) {
		schedule();
	} else {
		long long time = deadline.time_since_epoch().count();

		is_over = !schedule_hrtimeout_range(
			&time, slack, static_cast<hrtimer_mode>(BRIDGE_TIMER_ABSOLUTE));
	}
	bridge_wait_end(&waiter);
	// The time may have been over already.
	if (is_over)
		bridge_yield();
	return !is_over && !token.stop_requested();
}

constinit const stop_token::others stop_token::another{{stop_state::stop}, sleep_by};
} // namespace kthread
