// SPDX-License-Identifier: GPL-2.0
#include "bench.h"

#include "kthread/jthread.hpp"

unsigned long long cxx_park(unsigned int n)
{
	auto thread = kthread::jthread::run("bench", [](kthread::stop_token stop) {
		while (!stop.stop_requested())
			stop.sleep_until(kthread::steady_clock::time_point::max());
		return 0;
	});

	if (!thread)
		return 0;
	bench_spin();
	while (n--) {
		(void)thread->park();
		(void)thread->unpark();
		bench_settle();
	}
	return bench_taken();
}
