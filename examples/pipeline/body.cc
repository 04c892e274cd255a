// SPDX-License-Identifier: GPL-2.0
#include "body.h"

#include "kthread/channel.hpp"
#include "kthread/jthread.hpp"
#include "kthread/ticker.hpp"

using namespace std::chrono_literals;

static std::atomic<unsigned long> made{0}, taken{0};
constinit static kthread::channel<unsigned long, 16> readings{"readings"_lock};
constinit static kthread::static_jthread<> producer, consumer;

static kthread::result<void> start()
{
	// It ends when the channel is closed and empty, so that no reading is lost.
	auto started = consumer.run("consumer", [](kthread::stop_token) {
		while (readings.pop())
			++taken;
		return 0;
	});

	if (!started)
		return started;
	return producer.run("producer", [](kthread::stop_token stop) {
		kthread::ticker every(1ms);

		// A push waits as long as the channel is full, or until the stop.
		while (every.wait(stop) && readings.push(made.load(), stop))
			++made;
		return 0;
	});
}

int pipeline_start()
{
	const auto started = start();

	if (!started)
		pipeline_stop();
	return kthread::to_errno(started);
}

void pipeline_stop()
{
	producer.reset();
	readings.close();
	consumer.reset();
}

unsigned long pipeline_made()
{
	return made;
}

unsigned long pipeline_taken()
{
	return taken;
}
