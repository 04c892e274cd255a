// SPDX-License-Identifier: GPL-2.0
#include "bench.h"

#include "kthread/jthread.hpp"

using namespace std::chrono_literals;

unsigned long long cxx_sleep(unsigned int n)
{
	bench_spin();
	{
		auto thread = kthread::jthread::run("bench", [n](kthread::stop_token stop) {
			auto due = kthread::steady_clock::now();

			for (unsigned int left = n; left && !stop.stop_requested(); --left) {
				due += 1ms;
				stop.sleep_until(due);
			}
			bench_reach();
			return 0;
		});
		if (thread)
			bench_await(1);
		else
			n = 0;
	}
	const auto taken = bench_taken();
	return n ? taken : 0;
}

unsigned long long cxx_sleep_woken(unsigned int n)
{
	constexpr auto never = kthread::steady_clock::time_point::max() - 1ns;
	unsigned long long took = 0;
	kthread::static_jthread<> threads[2];

	auto made = threads[0].create("bench", [&](kthread::stop_token stop) {
		while (!stop.stop_requested()) {
			stop.sleep_until(never);
			threads[1].wake();
		}
		return 0;
	});
	if (made)
		made = threads[1].create("bench", [&, n](kthread::stop_token stop) {
			const auto begin = bench_clock();

			for (unsigned int left = n; left && !stop.stop_requested(); --left) {
				threads[0].wake();
				stop.sleep_until(never);
			}
			took = bench_clock() - begin;
			bench_reach();
			return 0;
		});
	if (made) {
		threads[0].wake();
		bench_settle();
		threads[1].wake();
		bench_await(1);
	}
	threads[0].reset();
	threads[1].reset();
	return took;
}
