// SPDX-License-Identifier: GPL-2.0
#include "kthread/stop_token.hpp"

namespace kthread
{
bool stop_token::block(steady_clock::time_point deadline) const
{
	long long time = deadline.time_since_epoch().count();
	bool over = time <= 0;

	if (requests_->load(std::memory_order_relaxed) || over) {
		bridge_awake();
	} else if (deadline == steady_clock::time_point::max()) {
		schedule();
	} else {
		over = !schedule_hrtimeout(&time, static_cast<hrtimer_mode>(BRIDGE_TIMER_ABSOLUTE));
	}
	// A time that is over before the thread has gone to sleep costs it no turn.
	return yield() && !over;
}

bool stop_token::sleep_until(steady_clock::time_point deadline) const
{
	bridge_idle();
	return !block(deadline) && !stop_requested();
}

bool stop_token::yield() const
{
	bridge_yield();
	if (requests_->load(std::memory_order_relaxed) & park)
		park_here();
	return !stop_requested();
}

// The one who asked takes the request back, to let the thread go on or because it came too late.
void stop_token::park_here() const
{
	while (requests_->load() & park) {
		bridge_idle();
		if (kthread_should_park()) {
			bridge_awake();
			bridge_parkme();
		} else if (requests_->load() & park) {
			schedule();
		}
	}
	bridge_awake();
}
} // namespace kthread
