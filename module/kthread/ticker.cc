// SPDX-License-Identifier: GPL-2.0
#include "kthread/ticker.hpp"

namespace kthread
{
bool ticker::wait(stop_token stop)
{
	while (!stop.stop_requested()) {
		const steady_clock::duration period(period_.load(std::memory_order_relaxed));
		const auto due = steady_clock::after(last_, period);

		if (stop.wait_until(due, [&] { return period_.load() != period.count(); }) ||
		    stop.stop_requested())
			continue;
		const auto skipped = (steady_clock::now() - due) / period;
		missed_ += static_cast<unsigned long long>(skipped);
		last_ = due + period * skipped;
		return true;
	}
	return false;
}
} // namespace kthread
