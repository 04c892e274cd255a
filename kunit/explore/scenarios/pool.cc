// SPDX-License-Identifier: GPL-2.0
//
// Items on the kernel's pools, and stop requests that items see.
#include "kthread/workqueue.hpp"

#include "items.hpp"

using kthread::delayed_pool_item;
using kthread::pool;
using kthread::pool_item;
using kthread::stop_token;
using kthread::work;
using kthread::worker;
using kthread::workqueue;

namespace
{
using pooled = work<counts, pool_item>;
using later = kthread::delayed_work<counts, delayed_pool_item>;

// Sleeps until it is stopped.
struct waits {
	counted c;
	waits(tally &t) : c(t) {}
	void operator()(const stop_token &stop) const
	{
		c();
		while (!stop.stop_requested())
			(void)stop.wait([] { return false; });
	}
};
} // namespace

SCENARIO(pool_queue_and_cancel)
{
	tally t;
	pooled i(pool::system(), t);
	int queued = 0;
	context a("queuer", [&] { queued = i.queue(); });
	int cancelled = i.cancel();
	join();
	cancelled += i.cancel();
	expect_runs(t, queued, cancelled);
}

SCENARIO(pool_queue_and_flush)
{
	tally t;
	pooled i(pool::system(), t);
	int first = 0;
	context a("queuer", [&] { first = i.queue(); });
	const int second = i.queue();
	expect(bool(i.flush()), "flushed");
	expect(t.calls_now() >= 1, "has run");
	join();
	expect(bool(i.flush()), "flushed");
	expect_runs(t, first + second, 0);
}

SCENARIO(pool_queued_by_an_interrupt)
{
	auto q = workqueue::create("queue");
	tally t;
	pooled i(must(q), t);
	int queued = 0;
	interrupt a("irq", [&] { queued = i.queue(); });
	const int cancelled = i.cancel();
	join();
	q->flush();
	expect_runs(t, queued, cancelled);
}

// An item that was accepted runs, whether the queue or the end of the queue comes first.
SCENARIO(pool_queue_and_the_end)
{
	auto q = workqueue::create("queue");
	tally t;
	pooled i(must(q), t);
	int queued = 0;
	context a("queuer", [&] { queued = i.queue(); });
	*q = workqueue();
	const int run = t.calls_now();
	join();
	expect(t.calls_now() == run, "none runs after the end");
	expect_runs(t, queued, 0);
	expect(!i.queue(), "refused");
}

SCENARIO(pool_queue_by_an_interrupt_and_the_end)
{
	auto q = workqueue::create("queue");
	tally t;
	pooled i(must(q), t);
	int queued = 0;
	interrupt a("irq", [&] { queued = i.queue(); });
	*q = workqueue();
	join();
	expect_runs(t, queued, 0);
}

SCENARIO(pool_item_and_its_queue_go)
{
	auto q = workqueue::create("queue");
	tally t;
	auto *i = new (std::nothrow) pooled(must(q), t);
	i->queue();
	context a("goes", [&] { delete i; });
	*q = workqueue();
	join();
	expect(t.calls_now() <= 1, "once");
}

SCENARIO(pool_timer_and_the_end)
{
	auto q = workqueue::create("queue");
	tally t;
	later d(must(q), t);
	d.queue_after(1us);
	*q = workqueue();
	const int run = t.calls_now();
	(void)d.flush();
	expect(t.calls_now() == run, "none runs after the end");
	expect(!d.mod(1us), "refused");
}

SCENARIO(pool_mod_and_cancel)
{
	tally t;
	later d(pool::system(), t);
	int queued = d.queue_after(1us), cancelled = 0;
	context a("canceller", [&] { cancelled = d.cancel(); });
	const bool was_pending = d.mod(2us);
	join();
	cancelled += d.cancel();
	expect(t.calls_now() <= queued - cancelled + !was_pending, "as often as queued");
}

SCENARIO(pool_item_destroys_itself)
{
	reuse_addresses();
	auto q = workqueue::create("queue");
	struct end {
		work<end, pool_item> **self;
		void operator()() const { delete *self; }
	};
	work<end, pool_item> *i;
	i = new (std::nothrow) work<end, pool_item>(must(q), end{&i});
	i->queue();
	*q = workqueue();
}

namespace
{
// An item cannot wait for itself, and takes itself out of the queue without.
template <template <class, class> class Work, class Item>
void waits_for_itself()
{
	tally t;
	const auto f = [c = counted(t)](Item &self) {
		c();
		expect(self.flush().error() == kthread::errno_t::EDEADLK,
		       "it would wait for itself");
		(void)self.cancel();
	};
	Work<std::decay_t<decltype(f)>, Item> i(pool::system(), f);
	int first = 0;
	context a("queuer", [&] { first = i.queue(); });
	const int second = i.queue();
	join();
	(void)i.flush();
	expect(t.calls_now() >= 1 && t.calls_now() <= first + second, "has run");
}

// Nobody waits for the end of such an item, which is reported.
template <template <class, class> class Work, class Item>
struct ends {
	Work<ends, Item> **self;
	std::atomic<bool> *gone;
	void operator()() const
	{
		auto *const tell = gone;
		delete *self;
		tell->store(true, std::memory_order_release);
	}

	static void in_the_kernels_pool()
	{
		std::atomic<bool> gone{false};
		Work<ends, Item> *i;
		i = new (std::nothrow) Work<ends, Item>(pool::system(), ends{&i, &gone});
		context a("queuer", [&] { i->queue(); });
		while (!gone.load(std::memory_order_acquire))
			kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
		join();
		expect_log(1, 1);
	}

	// The end of the module cancels the item, or waits until it has returned.
	static void while_the_module_goes()
	{
		std::atomic<bool> gone{false};
		Work<ends, Item> *i;
		i = new (std::nothrow) Work<ends, Item>(pool::system(), ends{&i, &gone});
		i->queue();
		module_goes();
		// The memory of one that was cancelled is nobody's.
		if (!gone.load(std::memory_order_acquire))
			operator delete(i);
		expect_log(1, 2);
	}
};
} // namespace

SCENARIO(pool_item_waits_for_itself)
{
	waits_for_itself<work, pool_item>();
}
SCENARIO(pool_delayed_item_waits_for_itself)
{
	waits_for_itself<kthread::delayed_work, delayed_pool_item>();
}
SCENARIO(pool_item_destroys_itself_in_the_kernels_pool)
{
	ends<work, pool_item>::in_the_kernels_pool();
}
SCENARIO(pool_delayed_item_destroys_itself_in_the_kernels_pool)
{
	ends<kthread::delayed_work, delayed_pool_item>::in_the_kernels_pool();
}
SCENARIO(pool_item_destroys_itself_while_the_module_goes)
{
	ends<work, pool_item>::while_the_module_goes();
}
SCENARIO(pool_delayed_item_destroys_itself_while_the_module_goes)
{
	ends<kthread::delayed_work, delayed_pool_item>::while_the_module_goes();
}

SCENARIO(pool_spawn)
{
	allow_failures(1);
	tally t;
	int spawned = 0;
	auto q = workqueue::create("queue");
	if (!q)
		return;
	spawned += bool(q->spawn([c = counted(t)] { c(); }));
	context a("spawner", [&] { spawned += bool(q->spawn(waits(t))); });
	join();
	*q = workqueue();
	expect(t.calls_now() == spawned, "each has run");
	expect(!t.living_now(), "and is gone");
}

SCENARIO(pool_item_is_stopped_by_a_cancel)
{
	tally t;
	work<waits, pool_item> i(pool::system(), t);
	const int queued = i.queue();
	const int cancelled = i.cancel();
	expect_runs(t, queued, cancelled);
}

SCENARIO(pool_item_is_stopped_by_two_cancels)
{
	tally t;
	work<waits, pool_item> i(pool::system(), t);
	int queued = i.queue(), other = 0;
	context a("canceller", [&] { other = i.cancel(); });
	int cancelled = i.cancel();
	queued += i.queue();
	cancelled += i.cancel();
	join();
	cancelled += other;
	expect_runs(t, queued, cancelled);
}

SCENARIO(pool_item_is_stopped_by_the_end)
{
	auto q = workqueue::create("queue");
	tally t;
	work<waits, pool_item> i(must(q), t);
	const int queued = i.queue();
	*q = workqueue();
	expect_runs(t, queued, 0);
}

SCENARIO(item_is_stopped_by_a_cancel)
{
	auto w = sleeping_worker();
	tally t;
	work<waits> i(must(w), t);
	const int queued = i.queue();
	const int cancelled = i.cancel();
	expect_runs(t, queued, cancelled);
}

SCENARIO(item_is_stopped_by_the_end)
{
	auto w = sleeping_worker();
	tally t;
	work<waits> i(must(w), t);
	const int queued = i.queue();
	*w = worker();
	expect_runs(t, queued, 0);
}

SCENARIO(worker_spawn)
{
	tally t;
	int spawned = 0;
	{
		auto w = sleeping_worker();
		spawned += bool(must(w).spawn([c = counted(t)] { c(); }));
		spawned += bool(w->spawn(waits(t)));
	}
	expect(t.calls_now() == spawned, "each has run");
}

// What it spawns runs, or is refused and destroyed, as its worker is going.
SCENARIO(item_spawns_at_the_end)
{
	tally t;
	worker *its = nullptr;
	int spawned = 0;
	work i([&, c = counted(t)] { spawned = bool(its->spawn([c] { c(); })); });
	{
		auto w = sleeping_worker();

		its = &must(w);
		expect(i.bind(*w) && i.queue(), "queued");
	}
	expect(t.calls_now() == spawned && t.living_now() == 1, "each has run, or is gone");
}

// Its item is stopped before its thread, which may wait for the item.
SCENARIO(worker_left_behind)
{
	memory_may_stay();
	auto made = worker::run("worker");
	forgotten w(std::move(must(made)));
	expect(bool(w->spawn([](const stop_token &stop) {
		       while (!stop.stop_requested())
			       (void)stop.wait([] { return false; });
	       })),
	       "accepted");
	module_goes();
	expect_log(1, 1);
}

// Its memory goes with the module.
SCENARIO(workqueue_left_behind)
{
	auto made = workqueue::create("queue");
	forgotten q(std::move(must(made)));
	tally t;
	expect(bool(q->spawn([c = counted(t)] { c(); })), "accepted");
	module_goes();
	expect_log(1, 1);
	expect(t.calls_now() == 1, "has run");
}
