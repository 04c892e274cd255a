// SPDX-License-Identifier: GPL-2.0
#include "sensor.h"

#include <cxxrt/print.hpp>

#include "kthread/executor.hpp"
#include "kthread/static_object.hpp"

using namespace std::chrono_literals;
using kthread::errno_t;
using kthread::task;

namespace
{
struct sensor {
	kthread::executor tasks;
	kthread::event ready;
	int value = 0; // of the tasks alone, which run on one thread
	kthread::scope all{tasks};

	explicit sensor(kthread::executor made) : tasks(std::move(made)) {}
	kthread::result<void> start();
};

// Looks each 10 ms whether there is a new value. This sensor has one each fourth time, and none any more after 40.
task<void> poll(sensor &s)
{
	kthread::co_ticker every(10ms, 1ms);

	for (int looks = 1;; ++looks) {
		auto beat = co_await every.wait();

		if (!beat)
			co_return beat;
		if (looks % 4 == 0 && looks <= 40) {
			s.value = looks;
			s.ready.set();
		}
	}
}

// Says each value, and when there was none for a while.
task<void> read(sensor &s)
{
	for (;;) {
		auto came = co_await s.ready.wait(kthread::in(200ms), 10ms);

		if (came)
			pr_info("%d\n", s.value);
		else if (came.error() == errno_t::ETIMEDOUT)
			pr_info("silent\n");
		else
			co_return came;
	}
}

kthread::result<void> sensor::start()
{
	auto spawned = all.spawn(poll(*this));

	if (spawned)
		spawned = all.spawn(read(*this));
	return spawned;
}

constinit kthread::static_object<sensor> device;
} // namespace

int sensor_start()
{
	return kthread::to_errno(device.emplace(kthread::executor::run("sensor")));
}

void sensor_stop()
{
	device.reset();
}
