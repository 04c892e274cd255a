// SPDX-License-Identifier: GPL-2.0
#include "receiver.h"

#include "kthread/jthread.hpp"
#include "kthread/stop_callback.hpp"

using kthread::stop_token;

namespace
{
constinit kthread::static_jthread<> thread;

int receive(stop_token stop)
{
	const kthread::stop_callback shut(stop, receiver_shut_down);

	while (!stop.stop_requested()) {
		const int got = receiver_receive();

		if (got < 0)
			return got;
		if (got > 0)
			__atomic_fetch_add(&receiver_datagrams, 1, __ATOMIC_RELAXED);
	}
	return 0;
}
} // namespace

int receiver_start()
{
	return kthread::to_errno(thread.run_begun("receiver", receive));
}

int receiver_stop()
{
	thread.request_stop();

	const int ended = kthread::to_errno(thread.join());
	const int result = thread.get().value_or(ended);

	thread.reset();
	return result;
}
