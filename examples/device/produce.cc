// SPDX-License-Identifier: GPL-2.0
#include "samples.h"

#include "kthread/channel.hpp"
#include "kthread/jthread.hpp"

using namespace std::chrono_literals;

constinit static kthread::channel<int, 16> samples{"samples"_lock};
constinit static kthread::static_jthread<> producer;

int samples_start()
{
	return kthread::to_errno(producer.run("samples", [](kthread::stop_token stop) {
		for (int i = 0; stop.sleep_for(10ms) && samples.push(i, stop); ++i) {
		}
		samples.close();
		return 0;
	}));
}

int samples_next(int *sample)
{
	auto next = samples.pop(kthread::interruptible, kthread::in(1s));

	if (!next)
		return next.error() == kthread::errno_t::EPIPE ? 0 : kthread::to_errno(next);
	*sample = *next;
	return 1;
}

void samples_stop()
{
	producer.request_stop();
}

void samples_remove()
{
	producer.reset();
}
