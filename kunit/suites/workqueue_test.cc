// SPDX-License-Identifier: GPL-2.0
//
// Items on the kernel's pools.
#include "kthread/workqueue.hpp"

#include "worker_fixture.hpp"

using kthread::delayed_pool_item;
using kthread::pool;
using kthread::pool_item;
using kthread::workqueue;

namespace
{
workqueue queue_of(kunit *test, kthread::workqueue_options options = {})
{
	return expect(test, workqueue::create("kunit", options));
}

// An item that waits in a gate.
auto gated(gate &in)
{
	return [&in] { in(); };
}
} // namespace

void workqueue_runs_items_of_each_pool(kunit *test)
{
	std::atomic<int> runs{0};
	const auto own = queue_of(test), unbound = queue_of(test, {.unbound = true}),
		   first = queue_of(test, {.high_priority = true}),
		   other = queue_of(test, {.freezable = true, .reclaims = true});

	const pool pools[] = {
		pool::system(), pool::unbound(), pool::high_priority(), own, unbound, first, other};
	for (const pool &each : pools) {
		kthread::work plain(each, [&] { ++runs; });
		kthread::work with_item(each, [&](pool_item &) { ++runs; });
		kthread::delayed_work with_delayed(each, [&](delayed_pool_item &) { ++runs; });

		runs = 0;
		KUNIT_EXPECT_TRUE(test, plain.queue());
		KUNIT_EXPECT_TRUE(test, with_item.queue());
		KUNIT_EXPECT_TRUE(test, with_delayed.queue());
		expect(test, plain.flush());
		expect(test, with_item.flush());
		expect(test, with_delayed.flush());
		KUNIT_EXPECT_EQ(test, runs.load(), 3);
	}
}

void workqueue_pending_item_is_not_queued_again(kunit *test)
{
	std::atomic<int> runs{0};
	const auto queue = queue_of(test, {.in_order = true});
	gate closed;
	kthread::work first(queue, gated(closed));
	kthread::work job(queue, [&] { ++runs; });

	KUNIT_EXPECT_TRUE(test, first.queue());
	KUNIT_EXPECT_TRUE(test, job.queue());
	KUNIT_EXPECT_FALSE(test, job.queue());
	closed.open = true;
	expect(test, job.flush());
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
}

void workqueue_in_order_runs_one_item_at_a_time(kunit *test)
{
	log order;
	auto queue = queue_of(test, {.in_order = true});
	gate closed;
	kthread::work first(queue, gated(closed));
	kthread::work<entry, pool_item> items[] = {
		{queue, entry{order, 0}}, {queue, entry{order, 1}}, {queue, entry{order, 2}}};

	first.queue();
	for (auto &item : items)
		KUNIT_EXPECT_TRUE(test, item.queue());
	closed.open = true;
	queue.flush();
	const int expected[] = {0, 1, 2};
	KUNIT_EXPECT_TRUE(test, order.is(expected));
}

void workqueue_item_queues_itself_until_cancelled(kunit *test)
{
	std::atomic<int> runs{0};
	kthread::work job(pool::system(), [&](pool_item &self) {
		++runs;
		self.queue();
	});

	job.queue();
	expect_soon(test, [&] { return runs > 100; });
	job.cancel();
	const int at = runs;
	kunit_bridge_sleep_ms(20);
	KUNIT_EXPECT_EQ(test, runs.load(), at);
	KUNIT_EXPECT_TRUE(test, job.queue());
	expect_soon(test, [&] { return runs > at; });
}

void workqueue_cancel_waits_while_it_runs(kunit *test)
{
	std::atomic<bool> entered{false}, left{false};
	kthread::work job(pool::system(), [&] {
		entered = true;
		kunit_bridge_sleep_ms(50);
		left = true;
	});

	job.queue();
	expect_soon(test, [&] { return entered.load(); });
	KUNIT_EXPECT_FALSE(test, job.cancel());
	KUNIT_EXPECT_TRUE(test, left.load());
}

void workqueue_cancel_of_a_pending_item_waits_for_no_other(kunit *test)
{
	std::atomic<int> runs{0};
	const auto queue = queue_of(test, {.in_order = true});
	gate closed;
	kthread::work first(queue, gated(closed));
	kthread::work job(queue, [&] { ++runs; });

	first.queue();
	job.queue();
	expect_at_once(test, [&] { KUNIT_EXPECT_TRUE(test, job.cancel()); });
	expect_at_once(test, [&] { KUNIT_EXPECT_FALSE(test, job.cancel()); });
	KUNIT_EXPECT_FALSE(test, closed.open.load());
	closed.open = true;
	expect(test, first.flush());
	KUNIT_EXPECT_EQ(test, runs.load(), 0);
}

void workqueue_item_being_cancelled_cannot_be_queued(kunit *test)
{
	std::atomic<bool> entered{false}, open{false}, queued_itself{true};
	kthread::work job(pool::unbound(), [&](pool_item &self) {
		entered = true;
		while (!open)
			kunit_bridge_sleep_ms(1);
		queued_itself = self.queue();
	});

	job.queue();
	expect_soon(test, [&] { return entered.load(); });
	auto canceller =
		jthread::run("canceller", [&](stop_token) { return job.cancel() ? 1 : 0; });
	expect_soon(test, [&] { return canceller->state() == 'D'; });
	KUNIT_EXPECT_FALSE(test, job.queue());
	open = true;
	KUNIT_EXPECT_EQ(test, canceller->join().value_or(-1), 0);
	KUNIT_EXPECT_FALSE(test, queued_itself.load());
	KUNIT_EXPECT_TRUE(test, job.queue());
}

void workqueue_item_cancels_and_flushes_itself(kunit *test)
{
	std::atomic<int> runs{0}, refused{0};
	std::atomic<bool> first{false}, second{true};
	kthread::work job(pool::system(), [&](pool_item &self) {
		++runs;
		self.queue();
		refused = kthread::to_errno(self.flush());
		first = self.cancel();
		second = self.cancel();
	});
	kthread::delayed_work later(pool::system(), [&](delayed_pool_item &self) {
		self.queue_after(forever);
		refused += kthread::to_errno(self.flush());
		runs.fetch_add(self.cancel());
	});

	job.queue();
	expect_at_once(test, [&] { expect(test, job.flush()); });
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
	KUNIT_EXPECT_TRUE(test, first.load());
	KUNIT_EXPECT_FALSE(test, second.load());
	later.queue();
	expect_at_once(test, [&] { expect(test, later.flush()); });
	KUNIT_EXPECT_EQ(test, runs.load(), 2);
	KUNIT_EXPECT_EQ(test, refused.load(), 2 * static_cast<int>(errno_t::EDEADLK));
}

void workqueue_item_waits_for_its_time(kunit *test)
{
	std::atomic<long long> ran{0};
	kthread::delayed_work job(pool::system(), [&] { ran = kunit_bridge_tick_ns(); });
	const long long due = kunit_bridge_tick_ns() + 30'000'000;

	KUNIT_EXPECT_TRUE(test, job.queue_after(30ms));
	KUNIT_EXPECT_FALSE(test, job.queue_after(forever));
	KUNIT_EXPECT_FALSE(test, job.queue());
	expect_soon(test, [&] { return ran != 0; });
	KUNIT_EXPECT_TRUE(test, ran.load() >= due);

	ran = 0;
	KUNIT_EXPECT_FALSE(test, job.mod(forever));
	KUNIT_EXPECT_TRUE(test, job.mod(0ms));
	expect_soon(test, [&] { return ran != 0; });

	ran = 0;
	KUNIT_EXPECT_TRUE(test, job.queue_after(forever));
	expect_at_once(test, [&] { expect(test, job.flush()); });
	KUNIT_EXPECT_TRUE(test, ran != 0);

	KUNIT_EXPECT_TRUE(test, job.queue_after(std::chrono::hours::max()));
	KUNIT_EXPECT_TRUE(test, job.cancel());
	KUNIT_EXPECT_FALSE(test, job.cancel());
	KUNIT_EXPECT_TRUE(test, job.queue_after(-1s));
	expect(test, job.flush());
}

void workqueue_destructor_runs_what_is_queued(kunit *test)
{
	std::atomic<int> runs{0};
	auto queue = queue_of(test);
	gate closed;
	kthread::work first(queue, gated(closed));
	kthread::work job(queue, [&] { ++runs; });
	kthread::delayed_work armed(queue, [&] { ++runs; });
	kthread::delayed_work fires(queue, [&] { ++runs; });

	KUNIT_EXPECT_TRUE(test, armed.queue_after(forever));
	KUNIT_EXPECT_TRUE(test, first.queue());
	KUNIT_EXPECT_TRUE(test, job.queue());
	closed.open = true;
	queue = workqueue();
	KUNIT_EXPECT_EQ(test, runs.load(), 1);

	// The items outlive it.
	KUNIT_EXPECT_FALSE(test, job.queue());
	KUNIT_EXPECT_FALSE(test, fires.queue_after(1ms));
	KUNIT_EXPECT_FALSE(test, fires.mod(1ms));
	KUNIT_EXPECT_FALSE(test, job.cancel());
	expect(test, job.flush());
	expect(test, armed.flush());
	KUNIT_EXPECT_FALSE(test, armed.cancel());
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
	expect_error(test, queue.spawn([] {}), errno_t::ESRCH);
	queue.flush();
}

void workqueue_timer_that_expires_later_runs_nothing(kunit *test)
{
	std::atomic<int> runs{0};
	auto queue = queue_of(test);
	kthread::delayed_work job(queue, [&] { ++runs; });

	KUNIT_EXPECT_TRUE(test, job.queue_after(50ms));
	queue = workqueue();
	// None, unless a busy host let that time pass before.
	const int ran = runs;
	kunit_bridge_sleep_ms(100);
	(void)job.cancel();
	KUNIT_EXPECT_EQ(test, runs.load(), ran);
}

void workqueue_item_destroys_itself(kunit *test)
{
	constexpr int count = 200;
	static std::atomic<int> destroyed;
	struct session {
		struct close {
			session *self;
			void operator()() const { delete self; }
		};
		explicit session(const pool &to) : last(to, close{this}) {}
		~session() { ++destroyed; }
		kthread::work<close, pool_item> last;
	};
	struct timed_session {
		struct close {
			timed_session *self;
			void operator()() const { delete self; }
		};
		explicit timed_session(const pool &to) : last(to, close{this}) {}
		~timed_session() { ++destroyed; }
		kthread::delayed_work<close, delayed_pool_item> last;
	};
	destroyed = 0;
	{
		const auto queue = queue_of(test);
		for (int i = 0; i < count; ++i) {
			if (i % 2)
				(new (std::nothrow) session(queue))->last.queue();
			else
				(new (std::nothrow) timed_session(queue))
					->last.queue_after(std::chrono::microseconds(i));
		}
		expect_soon(test, [&] { return destroyed == count; });
	}
	KUNIT_EXPECT_EQ(test, destroyed.load(), count);
}

void workqueue_item_can_be_queued_in_an_interrupt(kunit *test)
{
	std::atomic<int> runs{0};
	const auto queue = queue_of(test);
	struct timer : bridge_timer {
		pool_item *item;
		delayed_pool_item *delayed;
		std::atomic<int> queued{0};
	} timer;
	kthread::work job(queue, [&] { ++runs; });
	kthread::delayed_work later(queue, [&] { ++runs; });

	timer.item = &job;
	timer.delayed = &later;
	bridge_timer_init(&timer, [](bridge_timer *self) {
		auto &expired = static_cast<struct timer &>(*self);
		const int queued = expired.item->queue() + expired.delayed->queue_after(0ms);

		expired.delayed->mod(0ms);
		expired.queued.fetch_add(queued);
	});
	for (int i = 1; i <= 5; ++i) {
		bridge_timer_start(&timer, ktime_get() + 1000000, 0);
		expect_soon(test, [&] { return timer.queued == 2 * i; });
		expect(test, job.flush());
		expect(test, later.flush());
		KUNIT_EXPECT_TRUE(test, runs >= 2 * i);
	}
	bridge_timer_destroy(&timer);
}

void workqueue_spawn_runs_once_and_frees_itself(kunit *test)
{
	static std::atomic<int> runs, destroyed;
	runs = destroyed = 0;
	{
		const auto queue = queue_of(test);

		for (int i = 0; i < 100; ++i)
			expect(test, queue.spawn([x = witness(destroyed)] { ++runs; }));
		expect(test, queue.spawn([](stop_token stop) {
			while (!stop.stop_requested())
				stop.sleep_for(forever);
			++runs;
		}));
		// What is spawned last may be called after the stop.
	}
	KUNIT_EXPECT_EQ(test, runs.load(), 101);
	KUNIT_EXPECT_EQ(test, destroyed.load(), 100);
}

void workqueue_item_in_the_last_of_a_workqueue_frees_it(kunit *test)
{
	auto queue = queue_of(test);
	auto *item = new (std::nothrow) kthread::work(queue, [] {});

	KUNIT_EXPECT_TRUE(test, item != nullptr);
	queue = workqueue();
	delete item;
}

void workqueue_moves(kunit *test)
{
	std::atomic<int> runs{0};
	auto one = queue_of(test);
	kthread::work job(one, [&] { ++runs; });
	workqueue other(std::move(one));

	KUNIT_EXPECT_TRUE(test, job.queue());
	expect_error(test, one.spawn([] {}), errno_t::ESRCH);
	other.flush();
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
	other = std::move(one);
	KUNIT_EXPECT_FALSE(test, job.queue());
}
