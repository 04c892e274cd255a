// SPDX-License-Identifier: GPL-2.0
#include "kthread/stop_token.hpp"

namespace kthread
{
bool stop_token::block(steady_clock::time_point deadline) const
{
	long long time = deadline.time_since_epoch().count();

	if (is_asked() || time <= 0) {
		bridge_awake();
		return yield() && time > 0;
	}
	if (deadline == steady_clock::time_point::max()) {
		schedule();
		return go_on();
	}
	if (schedule_hrtimeout(&time, static_cast<hrtimer_mode>(BRIDGE_TIMER_ABSOLUTE)))
		return go_on();
	// A time that is over before the thread has gone to sleep costs it no turn.
	(void)yield();
	return false;
}

bool stop_token::answer() const
{
	park_here();
	return !stop_requested();
}

// The one who asked takes the request back, to let the thread go on or because it came too late.
void stop_token::park_here() const
{
	while (requests_->load() & park) {
		if (kthread_should_park()) {
			bridge_parkme();
			continue;
		}
		bridge_idle();
		if (!kthread_should_park() && requests_->load() & park)
			schedule();
		bridge_awake();
	}
}
} // namespace kthread
