// SPDX-License-Identifier: GPL-2.0
#include "kthread/ticker.hpp"

namespace kthread
{
steady_clock::time_point ticker::next()
{
	// Before the period: whoever changes both changes the period first.
	const long long start =
		start_.load(std::memory_order_relaxed) == seen ? seen : start_.exchange(seen);
	steady_clock::duration period(period_.load(std::memory_order_relaxed));

	if (start == when_seen) {
		last_ = steady_clock::now();
	} else if (start != seen) {
		last_ = steady_clock::time_point(steady_clock::duration(start));
	} else if (period != last_period_) {
		const auto now = steady_clock::now();

		if (steady_clock::after(last_, last_period_) <= now)
			period = last_period_;
		else if (last_ < now - period)
			last_ = now - period;
	}
	last_period_ = period;
	return steady_clock::after(last_, period);
}

void ticker::beat()
{
	const auto due = steady_clock::after(last_, last_period_);

	late_ = steady_clock::now() - due;
	// A beat that has not come yet skips none.
	const auto skipped = std::max(late_ / last_period_, 0LL);
	missed_ += static_cast<unsigned long long>(skipped);
	last_ = due + last_period_ * skipped;
}

bool ticker::wait(const stop_token &stop)
{
	for (;;) {
		const long long wanted = period_.load(std::memory_order_relaxed);
		const auto due = next();
		const auto changed = [&] {
			return period_.load() != wanted || start_.load() != seen;
		};

		if (stop.wait_until(due, changed, slack_))
			continue;
		if (stop.stop_requested())
			return false;
		beat();
		return true;
	}
}
} // namespace kthread
