// SPDX-License-Identifier: GPL-2.0
//
// Items without a timer.
#include "worker_fixture.hpp"

void work_calls_what_can_be_called(kunit *test)
{
	static std::atomic<int> calls;
	calls = 0;
	auto w = run(test);
	work function(
		w, +[] { ++calls; });
	work with_item(w, [](work_item &) { ++calls; });
	work move_only(w, [n = std::make_unique<int>(1)] { calls.fetch_add(*n); });
	delayed_work with_delayed(w, [](delayed_work_item &) { ++calls; });

	function.queue();
	with_item.queue();
	move_only.queue();
	with_delayed.queue();
	KUNIT_EXPECT_TRUE(test, w.flush().has_value());
	KUNIT_EXPECT_EQ(test, calls.load(), 4);
}

void work_pending_is_not_queued_again(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = run(test);
	work job(w, [&] { ++runs; });
	{
		busy first(test, w);

		KUNIT_EXPECT_TRUE(test, job.queue());
		KUNIT_EXPECT_FALSE(test, job.queue());
		KUNIT_EXPECT_FALSE(test, job.queue());
	}
	KUNIT_EXPECT_TRUE(test, w.flush().has_value());
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
	KUNIT_EXPECT_TRUE(test, job.queue());
	KUNIT_EXPECT_TRUE(test, job.flush().has_value());
	KUNIT_EXPECT_EQ(test, runs.load(), 2);
}

void work_queued_while_it_runs_runs_again(kunit *test)
{
	auto w = run(test);
	busy job(test, w);

	job.closed.entered = false;
	KUNIT_EXPECT_TRUE(test, job.item.queue());
	KUNIT_EXPECT_FALSE(test, job.item.queue());
	job.open();
	KUNIT_EXPECT_TRUE(test, job.item.flush().has_value());
	KUNIT_EXPECT_TRUE(test, job.closed.entered.load());
}

void work_queues_itself_until_cancelled(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = run(test);
	work job(w, [&](work_item &self) {
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

void work_cancel_of_a_pending_item_waits_for_no_other(kunit *test)
{
	log order;
	auto w = run(test);
	work<entry> items[] = {{w, {order, 0}}, {w, {order, 1}}, {w, {order, 2}},
			       {w, {order, 3}}, {w, {order, 4}}, {w, {order, 5}}};
	{
		busy first(test, w);

		// Some from the inbox, some from the ready list; first, last and between.
		for (int i = 0; i < 3; ++i)
			items[i].queue();
		expect_at_once(test, [&] { KUNIT_EXPECT_TRUE(test, items[1].cancel()); });
		expect_at_once(test, [&] { KUNIT_EXPECT_TRUE(test, items[0].cancel()); });
		for (int i = 3; i < 6; ++i)
			items[i].queue();
		expect_at_once(test, [&] { KUNIT_EXPECT_TRUE(test, items[5].cancel()); });
		expect_at_once(test, [&] { KUNIT_EXPECT_FALSE(test, items[5].cancel()); });
		KUNIT_EXPECT_TRUE(test, items[0].queue());
		KUNIT_EXPECT_FALSE(test, first.closed.open.load());
	}
	KUNIT_EXPECT_TRUE(test, w.flush().has_value());
	const int expected[] = {2, 3, 4, 0};
	KUNIT_EXPECT_TRUE(test, order.is(expected));
}

void work_cancel_waits_while_it_runs(kunit *test)
{
	std::atomic<bool> entered{false}, left{false};
	auto w = run(test);
	work job(w, [&] {
		entered = true;
		kunit_bridge_sleep_ms(50);
		left = true;
	});

	job.queue();
	expect_soon(test, [&] { return entered.load(); });
	KUNIT_EXPECT_FALSE(test, job.cancel());
	KUNIT_EXPECT_TRUE(test, left.load());
}

void work_being_cancelled_cannot_be_queued(kunit *test)
{
	std::atomic<bool> entered{false}, open{false}, queued_itself{true};
	auto w = run(test);
	work job(w, [&](work_item &self) {
		entered = true;
		while (!open)
			kunit_bridge_sleep_ms(1);
		queued_itself = self.queue();
	});

	job.queue();
	expect_soon(test, [&] { return entered.load(); });
	KUNIT_EXPECT_TRUE(test, job.queue());
	auto canceller =
		jthread::run("canceller", [&](stop_token) { return job.cancel() ? 1 : 0; });
	expect_soon(test, [&] { return canceller->state() == 'D'; });
	KUNIT_EXPECT_FALSE(test, job.queue());
	KUNIT_EXPECT_TRUE(test, canceller->progress() == kthread::thread_progress::running);
	open = true;
	KUNIT_EXPECT_EQ(test, canceller->join().value_or(-1), 1);
	KUNIT_EXPECT_FALSE(test, queued_itself.load());
	KUNIT_EXPECT_TRUE(test, job.queue());
}

void work_cancels_itself(kunit *test)
{
	std::atomic<int> runs{0};
	std::atomic<bool> first{false}, second{true};
	auto w = run(test);
	work job(w, [&](work_item &self) {
		++runs;
		self.queue();
		first = self.cancel();
		second = self.cancel();
	});

	job.queue();
	expect_at_once(test, [&] { KUNIT_EXPECT_TRUE(test, w.flush().has_value()); });
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
	KUNIT_EXPECT_TRUE(test, first.load());
	KUNIT_EXPECT_FALSE(test, second.load());
}

void work_cancels_and_queues_others(kunit *test)
{
	log order;
	auto w = run(test);
	work<entry> early(w, {order, 1});
	work<entry> late(w, {order, 2});
	work job(w, [&] {
		order.add(early.cancel() ? 10 : 20);
		late.queue();
		early.queue();
	});
	{
		busy first(test, w);
		job.queue();
		early.queue();
	}
	// The worker's flush() does not wait for what is queued after it.
	KUNIT_EXPECT_TRUE(test, job.flush().has_value());
	KUNIT_EXPECT_TRUE(test, w.flush().has_value());
	const int expected[] = {10, 2, 1};
	KUNIT_EXPECT_TRUE(test, order.is(expected));
}

void work_destructor_cancels(kunit *test)
{
	std::atomic<int> runs{0}, destroyed{0};
	auto w = run(test);
	{
		busy first(test, w);
		work pending(w, [&, x = witness(destroyed)] { ++runs; });
		work idle(w, [&, x = witness(destroyed)] { ++runs; });

		pending.queue();
	}
	KUNIT_EXPECT_EQ(test, destroyed.load(), 2);
	{
		std::atomic<bool> entered{false};
		work running(w, [&, x = witness(destroyed)] {
			entered = true;
			kunit_bridge_sleep_ms(50);
			runs.fetch_add(destroyed == 2);
		});

		running.queue();
		expect_soon(test, [&] { return entered.load(); });
	}
	KUNIT_EXPECT_EQ(test, destroyed.load(), 3);
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
}

void work_can_destroy_itself(kunit *test)
{
	constexpr int count = 200;
	static std::atomic<int> destroyed;
	struct session {
		struct close {
			session *self;
			void operator()() { delete self; }
		};
		explicit session(const worker &w) : last(w, close{this}), timed(w, close{this}) {}
		~session() { ++destroyed; }
		work<close> last;
		delayed_work<close> timed;
	};
	destroyed = 0;
	{
		auto w = run(test);
		for (int i = 0; i < count; ++i) {
			if (auto *s = new (std::nothrow) session(w); s && i % 2)
				s->last.queue();
			else if (s)
				s->timed.queue_after(std::chrono::microseconds(i));
		}
		expect_soon(test, [&] { return destroyed == count; });
	}
	KUNIT_EXPECT_EQ(test, destroyed.load(), count);
}

void work_in_the_place_of_one_that_destroyed_itself_is_another(kunit *test)
{
	gate closed;
	auto w = run(test);
	struct leave {
		gate &closed;
		alignas(void *) unsigned char (&place)[256];
		void operator()()
		{
			gate &in = closed;
			std::destroy_at(reinterpret_cast<work<leave> *>(place));
			in();
		}
	};
	alignas(void *) unsigned char place[256];
	static_assert(sizeof(work<leave>) <= sizeof(place));

	(new (static_cast<void *>(place)) work<leave>(w, leave{closed, place}))->queue();
	expect_soon(test, [&] { return closed.entered.load(); });
	auto *other = new (static_cast<void *>(place)) work<leave>(w, leave{closed, place});
	expect_at_once(test, [&] { KUNIT_EXPECT_FALSE(test, other->cancel()); });
	KUNIT_EXPECT_FALSE(test, closed.open.load());
	std::destroy_at(other);
	closed.open = true;
}

void work_flush_waits_for_this_item_only(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = run(test);
	gate closed;
	work job(w, [&] {
		kunit_bridge_sleep_ms(20);
		++runs;
	});
	work later(w, [&] { closed(); });

	job.queue();
	later.queue();
	expect_at_once(test, [&] { KUNIT_EXPECT_TRUE(test, job.flush().has_value()); });
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
	expect_soon(test, [&] { return closed.entered.load(); });
	expect_at_once(test, [&] { KUNIT_EXPECT_TRUE(test, job.flush().has_value()); });

	// It runs, and is pending too.
	later.queue();
	closed.entered = false;
	closed.open = true;
	KUNIT_EXPECT_TRUE(test, later.flush().has_value());
	KUNIT_EXPECT_TRUE(test, closed.entered.load());
}

void work_outlives_its_worker(kunit *test)
{
	std::atomic<int> runs{0}, fired{0};
	auto w = run(test);
	work job(w, [&] { ++runs; });
	delayed_work armed(w, [&] { ++runs; });
	delayed_work fires(w, [&] { ++fired; });

	KUNIT_EXPECT_TRUE(test, armed.queue_after(forever));
	KUNIT_EXPECT_TRUE(test, fires.queue_after(20ms));
	KUNIT_EXPECT_TRUE(test, job.queue());
	w = worker();
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
	// None, unless a busy host let that time pass before.
	const int fired_before = fired;

	KUNIT_EXPECT_FALSE(test, job.queue());
	KUNIT_EXPECT_FALSE(test, job.cancel());
	KUNIT_EXPECT_TRUE(test, job.flush().has_value());
	kunit_bridge_sleep_ms(50);
	KUNIT_EXPECT_FALSE(test, fires.queue_after(1ms));
	KUNIT_EXPECT_FALSE(test, fires.mod(1ms));
	(void)fires.cancel();
	KUNIT_EXPECT_TRUE(test, armed.cancel());
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
	KUNIT_EXPECT_EQ(test, fired.load(), fired_before);
}

void work_can_be_queued_in_an_interrupt(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = run(test);
	struct timer : bridge_timer {
		work_item *item;
		std::atomic<int> queued{0};
	} timer;
	work job(w, [&] { ++runs; });

	timer.item = &job;
	bridge_timer_init(&timer, [](bridge_timer *self) {
		auto &expired = static_cast<struct timer &>(*self);
		expired.queued.fetch_add(expired.item->queue());
	});
	for (int i = 1; i <= 5; ++i) {
		bridge_timer_start(&timer, ktime_get() + 1000000, 0);
		expect_soon(test, [&] { return runs == i; });
	}
	bridge_timer_destroy(&timer);
	KUNIT_EXPECT_EQ(test, timer.queued.load(), 5);
}
