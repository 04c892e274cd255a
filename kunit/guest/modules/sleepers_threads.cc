// SPDX-License-Identifier: GPL-2.0
#include "sleepers.h"

#include "kthread/jthread_group.hpp"
#include "kthread/static_object.hpp"
#include "kthread/ticker.hpp"

using namespace std::chrono_literals;
using kthread::jthread;
using kthread::jthread_group;
using kthread::stop_token;

namespace
{
struct sleepers {
	jthread_group idle;
	jthread freezable, yielding, other, finishing;
};
constinit kthread::static_object<sleepers> all;

void count(unsigned long &number)
{
	__atomic_fetch_add(&number, 1, __ATOMIC_RELAXED);
}

int beat(stop_token stop, unsigned long &beats)
{
	kthread::ticker every(10ms);

	while (every.wait(stop))
		count(beats);
	return 7;
}

// Something is nearly always in flight, so that a freezer that did not wait for its end would come in the middle.
void finish_then_freeze(stop_token stop)
{
	stop.set_freezable();
	while (!stop.stop_requested()) {
		count(flights_begun);
		while (!stop.freeze_requested() && !stop.stop_requested())
			sleepers_doze();
		// The body finishes its flight before it freezes. The freezer waits for this sleep.
		sleepers_doze();
		count(flights_finished);
		if (stop.freeze())
			count(flights_frozen);
	}
}
} // namespace

int sleepers_start(unsigned int idle)
{
	auto group = jthread_group::create("idle", idle, [](stop_token stop, unsigned int) {
		while (!stop.stop_requested())
			stop.sleep_for(1h);
		return 0;
	});
	auto freezable = jthread::run("freezable", [](stop_token stop) {
		stop.set_freezable();
		return beat(stop, freezable_beats);
	});
	auto yielding = jthread::run("yielding", [](stop_token stop) {
		stop.set_freezable();
		while (stop.yield()) {
			// Not by the token, whose sleeps freeze too.
			sleepers_doze();
			count(yielding_beats);
		}
		return 7;
	});
	auto other = jthread::run("other", [](stop_token stop) { return beat(stop, other_beats); });
	auto finishing = jthread::run("finishing", finish_then_freeze);
	const auto made = all.emplace(std::move(group), std::move(freezable), std::move(yielding),
				      std::move(other), std::move(finishing));

	if (made)
		all->idle.wake();
	return kthread::to_errno(made);
}

void sleepers_stop()
{
	all.reset();
}
