// SPDX-License-Identifier: GPL-2.0
#include "bench.h"

#include "kthread/jthread.hpp"

namespace
{
int until_stopped(kthread::stop_token stop)
{
	(void)stop.wait([] { return false; });
	return 0;
}

constinit kthread::static_jthread<> thread;

auto counting(unsigned int &runs)
{
	return [&runs](kthread::stop_token stop) {
		++runs;
		return until_stopped(stop);
	};
}
} // namespace

unsigned long long cxx_create(unsigned int n)
{
	bench_spin();
	for (; n; --n) {
		if (!thread.run("bench", until_stopped))
			break;
		bench_settle();
		thread.reset();
	}
	return bench_taken() * !n;
}

unsigned long long cxx_create_boxed(unsigned int n)
{
	unsigned int runs = 0;

	bench_spin();
	for (; n; --n) {
		auto boxed = kthread::jthread::run("bench", counting(runs));
		if (!boxed)
			break;
		bench_settle();
	}
	return bench_taken() * !n;
}

unsigned long long cxx_create_bytes(unsigned int n)
{
	using block = kthread::thread_block<decltype(counting(n))>;

	return sizeof(kthread::jthread) + bench_allocated(sizeof(block));
}
