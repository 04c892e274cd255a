// SPDX-License-Identifier: GPL-2.0
#include "bench.h"

#include "kthread/jthread.hpp"

namespace
{
template <class F>
unsigned long long run(unsigned int n, F loop)
{
	unsigned long long took = 0;
	auto thread = kthread::jthread::run("bench", [n, loop, &took](kthread::stop_token stop) {
		const auto begin = bench_clock();

		loop(stop, n);
		took = bench_clock() - begin;
		bench_reach();
		return 0;
	});

	if (!thread)
		return 0;
	bench_await(1);
	(void)thread->stop();
	return took;
}
} // namespace

unsigned long long cxx_check(unsigned int n)
{
	return run(n, [](kthread::stop_token stop, unsigned int left) {
		while (!stop.stop_requested() && left)
			--left;
	});
}

unsigned long long cxx_yield(unsigned int n)
{
	return run(n, [](kthread::stop_token stop, unsigned int left) {
		while (left && stop.yield())
			--left;
	});
}
