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

#include <algorithm>

#include "kthread/stop_token.hpp"

namespace kthread
{
// A deadline that comes again each period after its start. Missed beats are counted and skipped; they never
// come in a burst. All members but restart() and set_period() are for the body alone. Lifetime: as long as the
// body waits. Implemented with steady_clock and stop_token::wait_until().
class ticker
{
public:
	// The shortest period.
	static constexpr std::chrono::nanoseconds shortest = std::chrono::microseconds(1);

	// Starts: the first beat is due one period from now. A period that is shorter than the shortest, also
	// zero or a negative one, counts as the shortest. A beat may come later by the slack, if that saves an
	// interrupt; the next one is due as if it had not. Context: hard interrupt.
	explicit ticker(timeout period, timeout slack = no_slack)
		: slack_(slack.get()),
		  period_(is_valid(period) ? period.get().count() : shortest.count()),
		  last_period_(period_.load()), last_(steady_clock::now())
	{
	}

	// Sleeps until the next beat is due. Returns false after a stop request. Beats that were due while
	// the thread was parked or frozen count as missed. Context: the body. Wraps schedule_hrtimeout_range().
	[[nodiscard]] bool wait(const stop_token &stop);

	// The two halves of wait(), for those who wait otherwise, as a task does: when the next beat is due, and that
	// it has come. After a restart() or a set_period() the time is another one. Context: the body.
	[[nodiscard]] steady_clock::time_point next();
	void beat();

	// Starts anew: the next beat is due one period after start, or after the thread has seen this, and beats
	// that were due before do not count as missed. Call it before unpark(). Context: hard interrupt.
	void restart() { start_ = when_seen; }
	void restart(steady_clock::time_point start)
	{
		// The clock has no time before 0, and the last number has a meaning of its own.
		start_ = std::min(std::max(start.time_since_epoch().count(), 0LL), when_seen - 1);
	}

	// Changes the period. The next beat is due one new period after the last one, or when the thread
	// sees the change, which it does at once after jthread::wake(). A beat that is already late stays
	// late. Context: hard interrupt. Errors: EINVAL if the period is too short; it does not change then.
	result<void> set_period(timeout period)
	{
		if (!is_valid(period))
			return std::unexpected(errno_t::EINVAL);
		period_ = period.get().count();
		return {};
	}

	// due() gives the time of the last beat that was not skipped. late() gives how long after its beat was due the last
	// wait() returned; if it skipped beats, how long after the first of them. missed() gives how many beats were
	// skipped so far. Context: the body.
	[[nodiscard]] steady_clock::time_point due() const { return last_; }
	[[nodiscard]] steady_clock::duration late() const { return late_; }
	[[nodiscard]] unsigned long long missed() const { return missed_; }

private:
	static constexpr bool is_valid(timeout period) { return period.get() >= shortest; }

	const steady_clock::duration slack_;
	std::atomic<long long> period_;
	// Of restart(), until the body has seen it.
	static constexpr long long seen =
		steady_clock::time_point::min().time_since_epoch().count();
	static constexpr long long when_seen =
		steady_clock::time_point::max().time_since_epoch().count();
	std::atomic<long long> start_{seen};
	steady_clock::duration last_period_;
	steady_clock::time_point last_;
	steady_clock::duration late_{0};
	unsigned long long missed_ = 0;
};
} // namespace kthread
