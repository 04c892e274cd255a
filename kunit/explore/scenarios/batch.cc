// SPDX-License-Identifier: GPL-2.0
//
// What the thread has taken in a batch, and others want back.
#include <optional>

#include "items.hpp"

using kthread::delayed_work;
using kthread::work;
using kthread::work_item;
using kthread::worker;

namespace
{
// Which items have run, in their order, as the digits of a number.
struct order {
	std::atomic<int> ran{0};
	void note(int digit)
	{
		ran.store(ran.load(std::memory_order_relaxed) * 10 + digit,
			  std::memory_order_relaxed);
	}
};

struct notes {
	order *o;
	int digit;
	void operator()() const { o->note(digit); }
};

template <class... Numbers>
void expect_order(const order &o, Numbers... allowed)
{
	const int ran = o.ran.load(std::memory_order_relaxed);

	expect(((ran == allowed) || ...), "each has run once, in the order of queueing");
}
} // namespace

SCENARIO(batch_and_cancel)
{
	auto w = worker::run("worker");
	tally t, u;
	item i(must(w), t), j(*w, u);
	i.queue();
	j.queue();
	const int cancelled = j.cancel();
	expect_runs(u, 1, cancelled);
	expect(bool(w->flush()), "flushed");
	expect_runs(t, 1, 0);
	expect_runs(u, 1, cancelled);
}

SCENARIO(batch_and_cancel_of_the_first)
{
	auto w = worker::run("worker");
	tally t, u;
	item i(must(w), t), j(*w, u);
	i.queue();
	j.queue();
	const int cancelled = i.cancel();
	expect_runs(t, 1, cancelled);
	expect(bool(w->flush()), "flushed");
	expect_runs(u, 1, 0);
}

SCENARIO(batch_of_which_one_goes)
{
	auto w = worker::run("worker");
	tally t;
	int n = 0;
	const auto f = [&n] { ++n; };
	item i(must(w), t);
	i.queue();
	{
		work j(*w, f);
		j.queue();
	}
	expect(n == 0 || n == 1, "has run or has not, and is seen without a race");
	expect(bool(i.flush()), "flushed");
	expect_runs(t, 1, 0);
}

// The thread has gone on to the second item, so that nobody waits for the end of the first.
SCENARIO(batch_of_which_the_first_goes)
{
	auto w = worker::run("worker");
	tally t;
	int n = 0;
	const auto f = [&n] { ++n; };
	item j(must(w), t);
	{
		work i(*w, f);
		i.queue();
		j.queue();
	}
	expect(n == 0 || n == 1, "has run or has not, and is seen without a race");
	expect(bool(j.flush()), "flushed");
	expect_runs(t, 1, 0);
}

SCENARIO(batch_and_flush)
{
	auto w = sleeping_worker();
	order o;
	work i(must(w), notes{&o, 1}), j(*w, notes{&o, 2}), k(*w, notes{&o, 3});
	i.queue();
	j.queue();
	k.queue();
	expect(bool(j.flush()), "flushed");
	expect_order(o, 12, 123);
	expect(bool(w->flush()), "flushed");
	expect_order(o, 123);
}

SCENARIO(batch_keeps_its_order)
{
	auto w = sleeping_worker();
	order o;
	work i(must(w), notes{&o, 1}), j(*w, notes{&o, 2}), k(*w, notes{&o, 3}),
		l(*w, notes{&o, 4});
	i.queue();
	j.queue();
	k.queue();
	l.queue();
	const bool cancelled = j.cancel();
	expect(bool(w->flush()), "flushed");
	if (cancelled)
		expect_order(o, 134);
	else
		expect_order(o, 1234);
}

// What was written before, the next run sees, also if the item was pending already.
SCENARIO(batch_and_queue_again)
{
	auto w = worker::run("worker");
	std::atomic<int> written{0}, seen{0}, runs{0};
	const auto f = [&] {
		runs.fetch_add(1, std::memory_order_relaxed);
		seen.store(written.load(std::memory_order_relaxed), std::memory_order_relaxed);
	};
	tally t;
	item i(must(w), t);
	work j(*w, f);
	i.queue();
	j.queue();
	written.store(1, std::memory_order_relaxed);
	const int again = j.queue();
	expect(bool(j.flush()), "flushed");
	expect(seen.load(std::memory_order_relaxed) == 1, "the run saw what was written");
	expect(runs.load(std::memory_order_relaxed) == 1 + again, "has run as often as queued");
}

SCENARIO(item_queues_one_of_its_batch)
{
	auto w = worker::run("worker");
	tally t;
	item j(must(w), t);
	std::atomic<int> queued{0};
	const auto f = [&] { queued.fetch_add(j.queue(), std::memory_order_relaxed); };
	work i(*w, f);
	i.queue();
	queued.fetch_add(j.queue(), std::memory_order_relaxed);
	(void)i.flush();
	(void)w->flush();
	expect_runs(t, queued.load(std::memory_order_relaxed), 0);
}

SCENARIO(item_queues_the_one_before_it)
{
	auto w = worker::run("worker");
	tally t;
	item i(must(w), t);
	std::atomic<int> queued{0};
	const auto f = [&] { queued.fetch_add(i.queue(), std::memory_order_relaxed); };
	work j(*w, f);
	queued.fetch_add(i.queue(), std::memory_order_relaxed);
	j.queue();
	(void)j.flush();
	(void)w->flush();
	expect(queued.load(std::memory_order_relaxed) == 2, "it was not pending any more");
	expect_runs(t, 2, 0);
}

SCENARIO(item_cancels_one_of_its_batch)
{
	auto w = worker::run("worker");
	tally t;
	item j(must(w), t);
	std::atomic<int> cancelled{0};
	const auto f = [&] { cancelled.fetch_add(j.cancel(), std::memory_order_relaxed); };
	work i(*w, f);
	i.queue();
	const int queued = j.queue();
	(void)w->flush();
	expect_runs(t, queued, cancelled.load(std::memory_order_relaxed));
}

SCENARIO(item_flushes_one_of_its_batch)
{
	auto w = worker::run("worker");
	tally t;
	item j(must(w), t);
	std::atomic<int> refused{0};
	const auto f = [&] {
		const auto flushed = j.flush();

		refused.store(!flushed && flushed.error() == kthread::errno_t::EDEADLK);
	};
	work i(*w, f);
	i.queue();
	j.queue();
	(void)w->flush();
	// If the first ran before the second was queued, there was nothing to wait for.
	expect(refused.load() == 1 || t.calls_now() == 1, "it would wait for itself");
	expect_runs(t, 1, 0);
}

SCENARIO(batch_and_mod)
{
	auto w = sleeping_worker();
	tally t, u;
	item i(must(w), t);
	delayed d(*w, u);
	i.queue();
	d.queue();
	const bool was_pending = d.mod(1h);
	(void)w->flush();
	const int cancelled = d.cancel();
	expect_runs(t, 1, 0);
	expect_runs(u, was_pending ? 1 : 2, cancelled);
}

namespace
{
// The first item of a batch runs until the condition holds. What happens meanwhile returns how often it has cancelled
// the second one.
template <class Condition, class Event>
void while_the_first_runs(kthread::worker_options options, Condition is_over, Event event)
{
	auto w = worker::run("worker", options);
	tally t, u;
	std::atomic<bool> begun{false};
	const auto f = [&, c = counted(t)] {
		c();
		begun.store(true);
		while (!is_over())
			kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	};
	work i(must(w), f);
	item j(*w, u);
	i.queue();
	j.queue();
	while (!begun.load())
		kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	const int cancelled = event(*w, j, u);
	expect(bool(w->flush()), "flushed");
	expect_runs(t, 1, 0);
	expect_runs(u, 1, cancelled);
}
} // namespace

// A worker parks and freezes between two items, and the second item waits.
SCENARIO(batch_and_park)
{
	while_the_first_runs({}, kthread_should_park, [](worker &w, item &j, const tally &u) {
		expect(bool(w.park()), "parked");
		expect(!u.calls_now(), "the second item waits");
		const int cancelled = j.cancel();
		expect(cancelled, "and is pending");
		expect(bool(w.unpark()), "unparked");
		return cancelled;
	});
}

SCENARIO(batch_and_suspend)
{
	while_the_first_runs({.freezable = true}, bridge_freezing,
			     [](worker &, item &, const tally &u) {
				     suspend();
				     expect(!u.calls_now(), "the second item waits");
				     resume();
				     return 0;
			     });
}

SCENARIO(batch_and_the_end)
{
	tally t;
	auto w = worker::run("worker");
	item i(must(w), t), j(*w, t);
	i.queue();
	j.queue();
	*w = worker();
	expect_runs(t, 2, 0);
}

// The last of them are left for a second batch.
SCENARIO(batch_of_more_than_one_batch)
{
	auto w = sleeping_worker();
	tally t;
	std::optional<item> items[34];
	for (auto &i : items) {
		i.emplace(must(w), t);
		i->queue();
	}
	const int cancelled = items[33]->cancel();
	expect(bool(w->flush()), "flushed");
	expect_runs(t, 34, cancelled);
}
