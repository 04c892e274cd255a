// SPDX-License-Identifier: GPL-2.0
#include "body.h"

#include "kthread/jthread.hpp"
#include "kthread/ticker.hpp"

static std::atomic<unsigned long> beats{0};
constinit static kthread::static_jthread<> thread;

int my_module_start(unsigned int period_us)
{
	const std::chrono::microseconds period(period_us);

	return kthread::to_errno(thread.run("my_module", [period](kthread::stop_token stop) {
		kthread::ticker every(period);

		while (every.wait(stop))
			++beats;
		return 0;
	}));
}

void my_module_stop()
{
	thread.reset();
}

unsigned long my_module_beats()
{
	return beats;
}
