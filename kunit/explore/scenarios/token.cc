// SPDX-License-Identifier: GPL-2.0
//
// Each wait of the token against what may end it.
#include "scenario.hpp"

using kthread::jthread;
using kthread::steady_clock;
using kthread::stop_token;
using kthread::wait_queue;

namespace
{
enum event { stops, parks, wakes, notifies, nothing };

// A body that waits for a condition, in one of the four ways; another context makes it true, and a second
// event comes in between. 1 if the condition was met, 2 if the time was over, 3 after a stop.
void wait_against(bool by_queue, bool by_deadline, event what)
{
	tally t;
	std::atomic<bool> met{false};
	wait_queue queue;
	const bool stopped = what == stops;
	{
		auto made = jthread::run("thread", [&, c = counted(t)](stop_token stop) {
			const auto condition = [&] { return met.load(std::memory_order_acquire); };
			const auto deadline = by_deadline ? steady_clock::now() + 1ms
							  : steady_clock::time_point::max();

			c();
			if (by_queue ? stop.wait_until(queue, deadline, condition)
				     : stop.wait_until(deadline, condition))
				return 1;
			return stop.stop_requested() ? 3 : 2;
		});
		jthread &thread = must(made);
		context a("other", [&] {
			if (what == stops)
				thread.request_stop();
			else if (what == parks && thread.park())
				(void)thread.unpark();
			else if (what == wakes)
				thread.wake();
			else if (what == notifies)
				queue.notify_all();
		});
		met.store(true, std::memory_order_release);
		if (by_queue)
			queue.notify_all();
		else
			thread.wake();
		join();
		const auto r = thread.join();
		if (!r)
			expect(stopped && !t.calls_now(),
			       "the body is called unless it is stopped before");
		else
			expect(*r == 1 || (*r == 2 && by_deadline) || (*r == 3 && stopped),
			       "why the wait ended");
	}
}

// One that is not met ends only by a stop.
void stop_against(bool by_queue, bool created)
{
	tally t;
	wait_queue queue;
	const auto body = [&, c = counted(t)](stop_token stop) {
		const auto condition = [] { return false; };

		c();
		while (!stop.stop_requested())
			(void)(by_queue ? stop.wait(queue, condition) : stop.wait(condition));
		return 7;
	};
	auto made = created ? jthread::create("thread", body) : jthread::run("thread", body);
	jthread &thread = must(made);
	context a("other", [&] { by_queue ? queue.notify_all() : void(thread.wake()); });
	expect_result(thread.stop(), t, 7);
	join();
}
} // namespace

SCENARIO(wait_and_wake)
{
	wait_against(false, false, nothing);
}
SCENARIO(wait_and_stop)
{
	wait_against(false, false, stops);
}
SCENARIO(wait_and_park)
{
	wait_against(false, false, parks);
}
SCENARIO(wait_and_two_wakes)
{
	wait_against(false, false, wakes);
}
SCENARIO(wait_with_deadline)
{
	wait_against(false, true, nothing);
}
SCENARIO(wait_with_deadline_and_stop)
{
	wait_against(false, true, stops);
}
SCENARIO(wait_with_deadline_and_park)
{
	wait_against(false, true, parks);
}
SCENARIO(queue_and_notify)
{
	wait_against(true, false, nothing);
}
SCENARIO(queue_and_stop)
{
	wait_against(true, false, stops);
}
SCENARIO(queue_and_park)
{
	wait_against(true, false, parks);
}
SCENARIO(queue_and_wake)
{
	wait_against(true, false, wakes);
}
SCENARIO(queue_and_two_notifies)
{
	wait_against(true, false, notifies);
}
SCENARIO(queue_with_deadline)
{
	wait_against(true, true, nothing);
}
SCENARIO(queue_with_deadline_and_stop)
{
	wait_against(true, true, stops);
}
SCENARIO(queue_with_deadline_and_park)
{
	wait_against(true, true, parks);
}
SCENARIO(stop_of_a_wait)
{
	stop_against(false, false);
}
SCENARIO(stop_of_a_queue)
{
	stop_against(true, false);
}
SCENARIO(stop_of_a_wait_of_created)
{
	stop_against(false, true);
}

SCENARIO(notified_by_an_interrupt)
{
	std::atomic<bool> met{false};
	wait_queue queue;
	auto made = jthread::run("thread", [&](stop_token stop) {
		return int(stop.wait(queue, [&] { return met.load(std::memory_order_relaxed); }));
	});
	interrupt a("irq", [&] {
		met.store(true, std::memory_order_relaxed);
		queue.notify_all();
	});
	const auto r = must(made).join();
	expect(r && *r == 1, "the condition was seen");
	join();
}

// The notifier is held up between its change and its notify, or in it: others go on.
SCENARIO(two_notifiers_one_held_up)
{
	std::atomic<int> met{0};
	wait_queue queue;
	auto made = jthread::run("thread", [&](stop_token stop) {
		return int(
			stop.wait(queue, [&] { return met.load(std::memory_order_acquire) & 1; }));
	});
	slow_context a("slow", [&] {
		met.fetch_or(2);
		queue.notify_all();
	});
	met.fetch_or(1);
	queue.notify_all();
	const auto r = must(made).join();
	expect(r && *r == 1, "the condition was seen");
	thaw();
	join();
}

SCENARIO(sleep_and_stop)
{
	auto made = jthread::run("thread", [](stop_token stop) {
		return stop.sleep_for(1ms) ? 1 : stop.stop_requested() ? 3 : 2;
	});
	jthread &thread = must(made);
	context a("stopper", [&] { thread.request_stop(); });
	const auto r = thread.join();
	expect(r ? *r == 1 || *r == 3 : r.error() == kthread::errno_t::EINTR,
	       "the time is over, or a stop");
	join();
}

SCENARIO(sleep_and_wake)
{
	auto made =
		jthread::run("thread", [](stop_token stop) { return stop.sleep_for(1ms) ? 1 : 2; });
	jthread &thread = must(made);
	context a("waker", [&] { thread.wake(); });
	const auto r = thread.join();
	expect(r && (*r == 1 || *r == 2), "the time is over, or woken");
	join();
}

SCENARIO(sleep_and_park)
{
	auto made =
		jthread::run("thread", [](stop_token stop) { return stop.sleep_for(1ms) ? 1 : 2; });
	jthread &thread = must(made);
	context a("parker", [&] {
		if (thread.park())
			(void)thread.unpark();
	});
	const auto r = thread.join();
	expect(bool(r), "it has run");
	join();
}

SCENARIO(yield_and_park)
{
	auto made = jthread::run("thread", [](stop_token stop) {
		for (int i = 0; i < 2 && stop.yield(); ++i)
			;
		return 7;
	});
	jthread &thread = must(made);
	context a("parker", [&] {
		if (thread.park())
			(void)thread.unpark();
	});
	thread.request_stop();
	const auto r = thread.join();
	expect(!r || *r == 7, "it has ended");
	join();
}

SCENARIO(ticker_and_stop)
{
	auto made = jthread::run("thread", [](stop_token stop) {
		kthread::ticker every(1ms);
		int beats = 0;
		while (beats < 2 && every.wait(stop))
			++beats;
		return beats;
	});
	jthread &thread = must(made);
	context a("stopper", [&] { thread.request_stop(); });
	const auto r = thread.join();
	expect(!r || *r <= 2, "at most two beats");
	join();
}

SCENARIO(ticker_and_period)
{
	kthread::ticker every(1h);
	auto made = jthread::run("thread", [&](stop_token stop) { return int(every.wait(stop)); });
	jthread &thread = must(made);
	context a("other", [&] {
		(void)every.set_period(1ms);
		thread.wake();
	});
	every.restart();
	thread.wake();
	const auto r = thread.join();
	expect(r && *r == 1, "one beat");
	join();
}

SCENARIO(frozen_and_thawed)
{
	auto made = jthread::run("thread", [](stop_token stop) {
		stop.set_freezable();
		while (!stop.stop_requested())
			(void)stop.wait([] { return false; });
		return 7;
	});
	suspend();
	resume();
	const auto r = must(made).stop();
	expect(!r || *r == 7, "it ends after the thaw");
}

// Stopped before the system freezes, and awaited meanwhile, as a driver's suspend callback does.
SCENARIO(stopped_before_it_freezes)
{
	auto made = jthread::run("thread", [&](stop_token stop) {
		stop.set_freezable();
		while (!stop.stop_requested())
			(void)stop.wait([] { return false; });
		return 7;
	});
	kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	must(made).request_stop();
	begin_to_freeze();
	const auto r = must(made).join();
	expect(!r || *r == 7, "it has ended");
	resume();
}

// Parked, it is none that the freezer waits for; stopped, it goes to its end while the others are frozen.
SCENARIO(parked_freezes_and_is_stopped)
{
	auto made = jthread::run("thread", [&](stop_token stop) {
		stop.set_freezable();
		while (!stop.stop_requested())
			(void)stop.wait([] { return false; });
		return 7;
	});
	expect(bool(must(made).park()), "parked");
	begin_to_freeze();
	const auto r = must(made).stop();
	expect(!r || *r == 7, "it has ended");
	resume();
}
