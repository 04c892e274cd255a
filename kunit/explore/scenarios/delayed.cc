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

SCENARIO(queue_after_and_two_flushes)
{
	auto w = sleeping_worker();
	tally t;
	delayed d(must(w), t);
	d.queue_after(1us);
	context a("flusher", [&] { (void)d.flush(); });
	(void)d.flush();
	expect(t.calls_now() == 1, "has run");
	join();
}

SCENARIO(queue_after_and_mod)
{
	auto w = worker::run("worker");
	tally t;
	delayed d(must(w), t);
	d.queue_after(1us);
	const bool was_pending = d.mod(5us);
	const int cancelled = d.cancel();
	expect_runs(t, was_pending ? 1 : 2, cancelled);
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
	expect(bool(d.flush()) && !d.cancel(), "nor awaited");
}

// Which of the two comes first, the flush ends; the time that the other gave may take the run away.
SCENARIO(flush_and_mod)
{
	auto w = sleeping_worker();
	tally t;
	delayed d(must(w), t);
	d.queue_after(1us);
	context a("flusher", [&] { expect(bool(d.flush()), "flushed"); });
	const bool was_pending = d.mod(1h);
	join();
	const int cancelled = d.cancel();
	expect_runs(t, was_pending ? 1 : 2, cancelled);
}

SCENARIO(flush_and_mod_while_parked)
{
	one_order();
	auto w = worker::run("worker");
	tally t;
	delayed d(must(w), t);
	expect(bool(w->park()), "parked");
	d.queue_after(1us);
	all_orders();
	context a("flusher", [&] { expect(bool(d.flush()), "flushed"); });
	expect(d.mod(1h), "it was pending, as nothing runs");
	expect(bool(w->unpark()), "unparked");
	join();
	const int cancelled = d.cancel();
	expect_runs(t, 1, cancelled);
}

// A call of the timer that is late already does not count.
SCENARIO(mod_to_a_later_time)
{
	auto w = sleeping_worker();
	tally t;
	std::atomic<long long> ran_at{0};
	const auto f = [&, c = counted(t)] {
		c();
		ran_at.store(ktime_get(), std::memory_order_relaxed);
	};
	delayed_work d(must(w), f);
	d.queue_after(1us);
	const long long now = ktime_get();
	const bool was_pending = d.mod(1h);
	kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	const int cancelled = d.cancel();
	expect_runs(t, was_pending ? 1 : 2, cancelled);
	if (was_pending && !cancelled)
		expect(ran_at.load(std::memory_order_relaxed) >= now + 3600000000000,
		       "not before its new time");
}

// An interrupt queues an item, which destroys one that waits for its timer's interrupt.
SCENARIO(delayed_item_destroyed_by_another)
{
	auto w = sleeping_worker();
	tally t;
	auto *d = new (std::nothrow) delayed(must(w), t);
	const auto f = [&d] { delete std::exchange(d, nullptr); };
	kthread::work i(*w, f);
	d->queue_after(1us);
	interrupt a("irq", [&] { (void)i.queue(); });
	join();
	expect(bool(i.flush()) && !d, "destroyed");
	expect(t.calls_now() <= 1, "runs");
}

SCENARIO(delayed_item_queues_itself_again)
{
	auto w = sleeping_worker();
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

SCENARIO(mod_of_zero_runs_at_once)
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
