// SPDX-License-Identifier: GPL-2.0
#include "kthread/ticker.hpp"

namespace kthread
{
bool ticker::wait(stop_token stop)
{
	for (;;) {
		const long long wanted = period_.load(std::memory_order_relaxed);
		steady_clock::duration period(wanted);

		if (restarted_.load(std::memory_order_relaxed)) {
			restarted_ = false;
			last_ = steady_clock::now();
		} else if (period != last_period_) {
			const auto now = steady_clock::now();

			if (steady_clock::after(last_, last_period_) <= now)
				period = last_period_;
			else if (last_ < now - period)
				last_ = now - period;
		}
		last_period_ = period;

		const auto due = steady_clock::after(last_, period);
		const auto changed = [&] { return period_.load() != wanted || restarted_.load(); };

		if (stop.wait_until(due, changed))
			continue;
		if (stop.stop_requested())
			return false;
		late_ = steady_clock::now() - due;
		const auto skipped = late_ / period;
		missed_ += static_cast<unsigned long long>(skipped);
		last_ = due + period * skipped;
		return true;
	}
}
} // namespace kthread
