// SPDX-License-Identifier: GPL-2.0
//
// The ticker of one that beats.
#pragma once

#include "heartbeat.h"
#include "kthread/ticker.hpp"

class beat_ticker : public kthread::ticker
{
public:
	beat_ticker(const heartbeat_options &options, unsigned int id, unsigned int period_us)
		: kthread::ticker(std::chrono::microseconds(period_us)), options_(options), id_(id),
		  period_us_(period_us)
	{
	}

	void set_period_us(unsigned int period_us)
	{
		period_us_ = period_us;
		(void)set_period(std::chrono::microseconds(period_us));
		if (options_.phase_us >= 0)
			restart();
	}

	// Begins to count the time anew. noinline, as many call it; what calls something cold is cold, and a beat is not.
	[[gnu::noinline]] void restart()
	{
		if (options_.phase_us < 0)
			return kthread::ticker::restart();

		unsigned int period_us;

		// A start made of an old period may lie further back than the new one is long.
		do {
			period_us = period_us_.load();
			kthread::ticker::restart(start_of(period_us));
		} while (period_us != period_us_.load());
	}

	[[nodiscard]] unsigned int id() const { return id_; }

private:
	[[nodiscard]] kthread::steady_clock::time_point start_of(unsigned int period_us) const
	{
		const auto period = std::chrono::nanoseconds(period_us * 1000LL);
		const auto phase = std::chrono::nanoseconds(
			id_ * static_cast<unsigned long long>(options_.phase_us) % period_us *
			1000);
		const auto now = kthread::steady_clock::now();

		return now - (now.time_since_epoch() + period - phase) % period;
	}

	const heartbeat_options &options_;
	const unsigned int id_;
	std::atomic<unsigned int> period_us_;
};
