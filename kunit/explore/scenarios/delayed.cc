// SPDX-License-Identifier: GPL-2.0
//
// Items with a timer.
#include "items.hpp"

using kthread::delayed_work;
using kthread::delayed_work_item;
using kthread::worker;

SCENARIO(queue_after_and_cancel)
{
	auto w = worker::run("worker");
	tally t;
	delayed d(must(w), t);
	const int queued = d.queue_after(1us);
	const int cancelled = d.cancel();
	expect_runs(t, queued, cancelled);
}

SCENARIO(queue_after_and_flush)
{
	auto w = worker::run("worker");
	tally t;
	delayed d(must(w), t);
	expect(d.queue_after(1us), "accepted");
	(void)d.flush();
	expect(t.calls_now() == 1, "has run");
}

SCENARIO(queue_after_and_two_flushes, .less = 1)
{
	auto w = worker::run("worker");
	tally t;
	delayed d(must(w), t);
	d.queue_after(1us);
	context a("flusher", [&] { (void)d.flush(); });
	(void)d.flush();
	expect(t.calls_now() == 1, "has run");
	join();
}

SCENARIO(queue_after_and_mod, .less = 1)
{
	auto w = worker::run("worker");
	tally t;
	delayed d(must(w), t);
	d.queue_after(1us);
	const bool was_pending = d.mod(5us);
	const int cancelled = d.cancel();
	expect_runs(t, was_pending ? 1 : 2, cancelled);
}

SCENARIO(mod_and_mod, .less = 2)
{
	auto w = worker::run("worker");
	tally t;
	delayed d(must(w), t);
	std::atomic<int> more{1};
	d.queue_after(1us);
	context a("other", [&] { more.fetch_add(!d.mod(2us), std::memory_order_relaxed); });
	more.fetch_add(!d.mod(3us), std::memory_order_relaxed);
	join();
	const int cancelled = d.cancel();
	expect_runs(t, more.load(std::memory_order_relaxed), cancelled);
}

SCENARIO(mod_and_cancel, .less = 1)
{
	auto w = worker::run("worker");
	tally t;
	delayed d(must(w), t);
	d.queue_after(1us);
	context a("other", [&] { (void)d.mod(2us); });
	(void)d.cancel();
	join();
	(void)d.cancel();
	expect(t.calls_now() <= 2, "runs");
}

SCENARIO(delayed_item_goes)
{
	auto w = worker::run("worker");
	tally t;
	{
		delayed d(must(w), t);
		d.queue_after(1us);
	}
	expect(t.calls_now() <= 1, "runs");
}

SCENARIO(worker_of_a_delayed_item_goes)
{
	tally t;
	auto w = worker::run("worker");
	delayed d(must(w), t);
	d.queue_after(1us);
	*w = worker();
	expect(t.calls_now() <= 1, "runs");
	expect(!d.queue_after(1us), "nothing is queued to a worker that has gone");
	expect(!d.mod(1us), "nor changed");
}

SCENARIO(queue_after_of_two_contexts, .less = 1)
{
	auto w = worker::run("worker");
	tally t;
	delayed d(must(w), t);
	int first = 0;
	context a("other", [&] { first = d.queue(); });
	const int second = d.queue_after(1us);
	join();
	const int cancelled = d.cancel();
	expect_runs(t, first + second, cancelled);
}

SCENARIO(delayed_item_queues_itself_again, .less = 1)
{
	auto w = worker::run("worker");
	tally t;
	const auto f = [c = counted(t)](delayed_work_item &self) {
		c();
		if (c->calls_now() < 2)
			self.queue_after(1us);
	};
	delayed_work d(must(w), f);
	d.queue_after(1us);
	(void)d.flush();
	d.cancel();
	expect(t.calls_now() >= 1 && t.calls_now() <= 2, "runs");
}

SCENARIO(mod_of_zero_runs_at_once, .less = 1)
{
	auto w = worker::run("worker");
	tally t;
	delayed d(must(w), t);
	d.queue_after(1h);
	d.mod(0us);
	(void)d.flush();
	// Twice if the hour was over.
	expect(t.calls_now() == 1 || t.calls_now() == 2, "has run");
}
