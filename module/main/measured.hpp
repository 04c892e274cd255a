// SPDX-License-Identifier: GPL-2.0
//
// What one of those that beat measures. It writes the numbers, and others read them.
#pragma once

#include <atomic>
#include <utility>

#include "heartbeat.h"

// What can be changed while they beat.
struct live_settings {
	std::atomic<unsigned int> log, breaktrace;
};

// A number that one thread writes, without an atomic addition, and that any context reads.
class counter
{
public:
	[[nodiscard]] unsigned long long get() const
	{
		return value_.load(std::memory_order_acquire);
	}
	void set(unsigned long long value) { value_.store(value, std::memory_order_release); }
	void add(unsigned long long more) { set(value_.load(std::memory_order_relaxed) + more); }

private:
	std::atomic<unsigned long long> value_{0};
};

class measured
{
public:
	measured() = default;
	measured(const measured &) = delete;
	measured &operator=(const measured &) = delete;

	// Whoever beats does it, before the next beat.
	void reset() { forgotten_ = true; }

	// None if no beat came after a reset.
	[[nodiscard]] unsigned long long beats() const { return forgotten_ ? 0 : beats_.get(); }
	[[nodiscard]] unsigned long long missed() const { return forgotten_ ? 0 : missed_.get(); }

	// All but the name of the thread.
	[[gnu::cold]] void get(heartbeat_status &status) const
	{
		if (forgotten_.load(std::memory_order_acquire)) {
			status.beats = status.missed = 0;
			status.min_ns = status.mean_ns = status.max_ns = 0;
			status.latency = nullptr;
			return;
		}
		// The one that is counted last.
		status.beats = beats_.get();
		status.missed = missed_.get();
		status.min_ns = min_.get();
		status.mean_ns = status.beats ? sum_.get() / status.beats : 0;
		status.max_ns = max_.get();
		status.latency = latency_;
	}

	// A beat that is so many nanoseconds late; all that its ticker has missed. Calls name() for what is logged.
	template <class Name>
	void beat(unsigned long long late, unsigned long long all_missed, const live_settings &live,
		  Name name)
	{
		if (forgotten_.load(std::memory_order_relaxed))
			forget(all_missed);

		const auto missed = all_missed - missed_before_;
		const auto number = beats_.get() + 1;
		const count_of count(latency_[heartbeat_bucket(late)]);

		if (number == 1 || late < min_.get())
			min_.set(late);
		const bool highest = late > max_.get();
		if (highest)
			max_.set(late);
		sum_.add(late);
		count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
		missed_.set(missed);
		beats_.set(number);
		heartbeat_trace_beat(number, late, missed);
		if (const auto from = live.breaktrace.load(std::memory_order_relaxed);
		    from && highest && late >= from * 1000ULL)
			heartbeat_new_max(name(), number, late, missed);
		if (const auto log = live.log.load(std::memory_order_relaxed);
		    log && (number - 1) % log == 0)
			heartbeat_log_beat(name(), number, late);
	}

private:
	using count_of = std::atomic_ref<unsigned long long>;

	void forget(unsigned long long all_missed)
	{
		for (counter *each : {&beats_, &missed_, &min_, &max_, &sum_})
			each->set(0);
		for (auto &each : latency_)
			count_of(each).store(0, std::memory_order_relaxed);
		missed_before_ = all_missed;
		forgotten_.store(false, std::memory_order_release);
	}

	std::atomic<bool> forgotten_{false};
	unsigned long long missed_before_ = 0;
	counter beats_, missed_, min_, max_, sum_;
	unsigned long long latency_[HEARTBEAT_BUCKETS] = {};
};
