// SPDX-License-Identifier: GPL-2.0
//
// A beat at absolute times, that does not drift:
//
//	int sample(kthread::stop_token stop, void (*take)())
//	{
//		kthread::ticker every(10ms);
//
//		while (every.wait(stop))
//			take();
//		return static_cast<int>(every.missed());
//	}
#pragma once

#include "kthread/stop_token.hpp"

namespace kthread
{
// Is due each period after its start. What is missed is counted and skipped, never caught up in a
// burst. The body's own, but for restart() and set_period().
class ticker
{
public:
	// The shortest period.
	static constexpr std::chrono::nanoseconds shortest = std::chrono::microseconds(1);

	// The first beat is due one period from now. A period that is too short, also one of nothing or
	// less, is taken for the shortest.
	explicit ticker(timeout period)
		: period_(is_valid(period) ? period.get().count() : shortest.count()),
		  last_period_(period_.load()), last_(steady_clock::now())
	{
	}

	// Sleeps until the next beat is due. False if the thread shall stop. Beats that fall into a
	// time spent parked or frozen are missed. Wraps schedule_hrtimeout().
	[[nodiscard]] bool wait(stop_token stop);

	// As if it were made now: the next beat is due one period from now, and what was due before
	// is not missed. For the time before unpark(). Context: hard interrupt.
	void restart() { restarted_ = true; }

	// Another period: the next beat is due that long after the last one, or when the thread sees
	// it, which jthread::wake() makes it do at once. A beat that is late already stays late.
	// Context: hard interrupt. Errors: EINVAL, and nothing changes, if it is too short.
	result<void> set_period(timeout period)
	{
		if (!is_valid(period))
			return std::unexpected(errno_t::EINVAL);
		period_ = period.get().count();
		return {};
	}

	// When the last beat was due that was not skipped; how long after the first that was due,
	// skipped or not, wait() returned; how many were missed so far.
	[[nodiscard]] steady_clock::time_point due() const { return last_; }
	[[nodiscard]] steady_clock::duration late() const { return late_; }
	[[nodiscard]] unsigned long long missed() const { return missed_; }

private:
	static constexpr bool is_valid(timeout period) { return period.get() >= shortest; }

	std::atomic<long long> period_;
	std::atomic<bool> restarted_{false};
	steady_clock::duration last_period_;
	steady_clock::time_point last_;
	steady_clock::duration late_{0};
	unsigned long long missed_ = 0;
};

inline bool ticker::wait(stop_token stop)
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
