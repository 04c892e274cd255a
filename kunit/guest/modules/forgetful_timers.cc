// SPDX-License-Identifier: GPL-2.0
//
// A timer that comes again and again, and one that deletes another, for which the end of the module waits; and an item
// that a thread waits for.
#include "forgetful.h"

#include "kthread/jthread.hpp"
#include "kthread/timer.hpp"
#include "kthread/workqueue.hpp"

using namespace std::chrono_literals;
using kthread::timer;

namespace
{
using item = kthread::work<int (*)(kthread::stop_token), kthread::pool_item>;

constinit item *flushed = nullptr;
constinit timer<> *other = nullptr;
constinit timer<void (*)()> *deletes = nullptr;
constinit std::atomic<bool> begins{false}, runs{false}, deleted{false};
} // namespace

int forgetful_timer()
{
	other = new (std::nothrow) timer<>([] {});
	return other ? kthread::to_errno(other->start_every(1ms))
		     : static_cast<int>(kthread::errno_t::ENOMEM);
}

// The CPU of rmmod has the interrupt that deletes the other timer, which runs on CPU 1.
int forgetful_deleting_timer()
{
	static constinit kthread::static_jthread<> starter;

	other = new (std::nothrow) timer<>([] {
		runs = true;
		while (!deleted) {
		}
	});
	deletes = new (std::nothrow) timer<void (*)()>([] {
		deleted = true;
		delete std::exchange(other, nullptr);
	});
	if (!other || !deletes)
		return static_cast<int>(kthread::errno_t::ENOMEM);

	auto made = starter.create("forgetful", [](kthread::stop_token) {
		while (!begins)
			kthread::this_thread::sleep_for(1ms);
		other->start_after(50ms);
		return 0;
	});

	if (made)
		made = starter.bind(1);
	starter.wake();
	return kthread::to_errno(made);
}

// It runs until it is stopped.
int forgetful_flushed_pool_item()
{
	static constinit kthread::static_jthread<> waits;

	flushed = new (std::nothrow) item(kthread::pool::unbound(), [](kthread::stop_token stop) {
		while (stop.sleep_for(1h)) {
		}
		return 0;
	});
	if (!flushed)
		return static_cast<int>(kthread::errno_t::ENOMEM);
	flushed->queue();
	return kthread::to_errno(waits.run("forgetful", [](kthread::stop_token) {
		return kthread::to_errno(flushed->flush());
	}));
}

void forgetful_timers_at_exit()
{
	if (!deletes)
		return;
	begins = true;
	while (!runs)
		kthread::this_thread::sleep_for(1ms);
	// The end of the module waits for the other one by then.
	deletes->start_after(200ms);
}
