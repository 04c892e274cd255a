// SPDX-License-Identifier: GPL-2.0
#include "bench.h"

#include "kthread/jthread.hpp"
#include "kthread/ticker.hpp"

using namespace std::chrono_literals;

unsigned long long cxx_beat(unsigned int n)
{
	bench_spin();
	auto thread = kthread::jthread::run("bench", [n](kthread::stop_token stop) {
		kthread::ticker every(1ms);
		unsigned int beats = 0;

		while (every.wait(stop)) {
			if (++beats == n)
				bench_reach();
		}
		return 0;
	});
	if (thread)
		bench_await(1);
	const auto taken = bench_taken();
	return thread ? taken : 0;
}

unsigned long long cxx_beats(unsigned int n, unsigned int period)
{
	unsigned long long beats = 0;
	auto thread = kthread::jthread::run("bench", [period, &beats](kthread::stop_token stop) {
		kthread::ticker every{std::chrono::microseconds(period)};

		while (every.wait(stop))
			++beats;
		return 0;
	});
	if (!thread)
		return 0;
	bench_sleep(n * period + period / 2);
	(void)thread->stop();
	return beats;
}
