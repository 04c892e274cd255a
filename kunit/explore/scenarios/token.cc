// SPDX-License-Identifier: GPL-2.0
//
// Each wait of the token against what may end it.
#include "kthread/shared_wait_queue.hpp"
#include "kthread/this_thread.hpp"

#include "pairs.hpp"

using kthread::jthread;
using kthread::steady_clock;
using kthread::stop_token;
using kthread::wait_queue;

namespace
{
enum wait { waits, queues, waits_until, queues_until, sleeps, yields, ticks };
constexpr const char *wait_names[] = {"wait",  "queue", "wait_until", "queue_until",
				      "sleep", "yield", "tick"};
enum event { stops, parks, wakes, notifies, nothing };
constexpr const char *event_names[] = {"stop", "park", "wake", "notify", "alone"};

// A body that waits once, for a condition if that is what it waits for.
int wait_once(stop_token stop, wait how, wait_queue &queue, kthread::ticker &every,
	      const std::atomic<bool> &met)
{
	const auto condition = [&] { return met.load(std::memory_order_acquire); };
	bool over = false;

	switch (how) {
	case waits:
		over = stop.wait(condition);
		break;
	case queues:
		over = stop.wait(queue, condition);
		break;
	case waits_until:
		over = stop.wait_until(steady_clock::now() + 1ms, condition);
		break;
	case queues_until:
		over = stop.wait_until(queue, steady_clock::now() + 1ms, condition);
		break;
	case sleeps:
		over = stop.sleep_for(1ms);
		break;
	case yields:
		over = stop.yield();
		break;
	case ticks:
		over = every.wait(stop);
		break;
	}
	return over ? 1 : stop.stop_requested() ? 3 : 2;
}

// Another context makes the condition true, and a second event comes in between.
void wait_against()
{
	const auto how = static_cast<wait>(current_scenario->one);
	const auto what = static_cast<event>(current_scenario->other);
	const bool has_end = how == waits_until || how == queues_until || how == sleeps;
	tally t;
	std::atomic<bool> met{false};
	wait_queue queue;
	kthread::ticker every(1ms);
	{
		auto made = jthread::run("thread", [&, c = counted(t)](stop_token stop) {
			c();
			return wait_once(stop, how, queue, every, met);
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
		if (how <= queues_until) {
			met.store(true, std::memory_order_release);
			if (how == queues || how == queues_until)
				queue.notify_all();
			else
				thread.wake();
		}
		const auto r = thread.join();
		join();
		if (!r)
			expect(what == stops && !t.calls_now(),
			       "the body is called unless it is stopped before");
		else
			expect(*r == 1 || (*r == 2 && has_end) || (*r == 3 && what == stops),
			       "why the wait ended");
	}
}

const char *why_not(int one, int other)
{
	if (other == notifies && one != queues && one != queues_until)
		return "waits at no queue";
	return nullptr;
}

const pairs of_token("token", wait_names, event_names, wait_against, why_not);

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

SCENARIO(two_wait_at_a_queue)
{
	std::atomic<bool> met{false};
	wait_queue queue;
	const auto body = [&](stop_token stop) {
		return int(stop.wait(queue, [&] { return met.load(std::memory_order_acquire); }));
	};
	auto one = jthread::run("one", body), other = jthread::run("other", body);
	met.store(true, std::memory_order_release);
	queue.notify_all();
	const auto r = must(one).join(), s = must(other).join();
	expect(r && *r == 1 && s && *s == 1, "both saw the condition");
}

// On a queue of C code.
SCENARIO(shared_queue_is_notified_and_stopped)
{
	std::atomic<bool> met{false};
	kthread::shared_wait_queue queue{"queue"_lock};
	auto made = jthread::run("thread", [&](stop_token stop) {
		return int(bool(
			queue.wait(stop, [&] { return met.load(std::memory_order_acquire); })));
	});
	jthread &thread = must(made);
	context a("stopper", [&] { thread.request_stop(); });
	met.store(true, std::memory_order_release);
	queue.notify_all();
	const auto r = thread.join();
	expect(!r || *r == 0 || *r == 1, "the condition or the stop");
	join();
}
SCENARIO(shared_queue_is_notified)
{
	std::atomic<bool> met{false};
	kthread::shared_wait_queue queue{"queue"_lock};
	auto made = jthread::run("thread", [&](stop_token stop) {
		return int(bool(
			queue.wait(stop, [&] { return met.load(std::memory_order_acquire); })));
	});
	met.store(true, std::memory_order_release);
	queue.notify_all();
	const auto r = must(made).join();
	expect(r && *r == 1, "the condition was seen");
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

// Something is in flight, which the thread finishes before it freezes.
SCENARIO(finishes_and_freezes)
{
	std::atomic<int> stage{0};
	auto j = jthread::run("thread", [&stage](stop_token stop) {
		stop.set_freezable();
		stage.store(1);
		while (!stop.stop_requested() && !stop.freeze_requested())
			kthread::this_thread::sleep_for(3ms);
		stage.store(2);
		if (stop.freeze())
			stage.store(3);
		return 0;
	});
	while (!stage.load())
		kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	suspend();
	expect(stage.load() == 2, "has finished, and is frozen");
	resume();
	expect(j->stop().has_value(), "ends");
	// The kernel does not say so of a thread that had not yet stood still when the system went on.
	expect(stage.load() >= 2, "has finished");
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
