// SPDX-License-Identifier: GPL-2.0
#include "ticker.h"

#include "kthread/jthread.hpp"
#include "kthread/ticker.hpp"

using namespace std::chrono_literals;

static std::atomic<long> ticks{0};
constinit static kthread::static_jthread<> thread;

int ticker_start()
{
	return kthread::to_errno(thread.run("ticker", [](kthread::stop_token stop) {
		kthread::ticker every(10ms);

		while (every.wait(stop))
			++ticks;
		return 0;
	}));
}

long ticker_stop()
{
	thread.reset();
	return ticks;
}
