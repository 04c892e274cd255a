// SPDX-License-Identifier: GPL-2.0
//
// A worker and several contexts that change it at once, and calls from interrupts.
#include "fixture.hpp"
#include "kthread/this_thread.hpp"
#include "kthread/worker.hpp"

using kthread::delayed_work;
using kthread::delayed_work_item;
using kthread::work;
using kthread::work_item;
using kthread::worker;

// The item asks whether the other is pending while another context makes it so, and cancels it again.
void worker_flush_from_an_item_never_waits_for_its_own_worker(kunit *test)
{
	std::atomic<int> rounds{0}, refused{0};
	std::atomic<bool> other_error{false};
	auto w = expect(test, worker::run("kunit"));
	work other(w, [] {});
	work asks(w, [&](work_item &self) {
		for (int i = 0; i < 50; ++i) {
			const int error = kthread::to_errno(other.flush());

			refused.fetch_add(error == static_cast<int>(errno_t::EDEADLK));
			if (error && error != static_cast<int>(errno_t::EDEADLK))
				other_error = true;
		}
		++rounds;
		self.queue();
	});
	auto thread = expect(test, jthread::run("changes", [&](stop_token stop) {
				     do {
					     for (int i = 0; i < 20; ++i) {
						     other.queue();
						     other.cancel();
					     }
				     } while (stop.yield());
				     return 0;
			     }));

	asks.queue();
	for (int seen = 0; seen < repeats(100);) {
		const int next = seen + 50;

		expect_soon(test, [&] { return rounds >= next; });
		if (rounds < next)
			return; // It hangs, and so would the destructors; the test has failed.
		seen = rounds;
	}
	KUNIT_EXPECT_FALSE(test, other_error.load());
	(void)thread.stop();
	asks.cancel();
}

void m14_worker_bind_after_the_first_queue_is_ebusy(kunit *test)
{
	for (int i = 0; i < repeats(10); ++i) {
		std::atomic<int> runs{0};
		auto w = expect(test, worker::create("kunit"));
		work item(w, [&] { ++runs; });

		KUNIT_EXPECT_TRUE(test, item.queue());
		expect_error(test, w.bind(0u), errno_t::EBUSY);
		expect_error(test, w.bind_list("0"), errno_t::EBUSY);
		expect(test, item.flush());
		KUNIT_EXPECT_EQ(test, runs.load(), 1);
	}
}

// bind() and the start meet in any order. bind() may fail, and the thread runs in either case.
void m14_bind_meets_a_start_in_any_order(kunit *test)
{
	const int rounds = repeats(30);
	int bound = 0;

	// The starter comes later from round to round, until bind() was the first.
	for (int i = 0; i < rounds || (!bound && i < 100 * rounds); ++i) {
		std::atomic<int> runs{0};
		std::atomic<bool> go{false};
		auto w = expect(test, worker::create("kunit"));
		work item(w, [&] { ++runs; });
		auto starter = expect(test, jthread::run("starter", [&](stop_token stop) {
					      (void)stop.wait([&] { return go.load(); });
					      for (int spin = 0; spin < 6000 / rounds * i; ++spin)
						      __asm__ volatile("");
					      item.queue();
					      return 0;
				      }));

		expect_state(test, starter, 'I');
		go = true;
		starter.wake();
		const int error = kthread::to_errno(w.bind(kunit_bridge_last_cpu()));
		KUNIT_EXPECT_TRUE(test, !error || error == static_cast<int>(errno_t::EBUSY));
		bound += !error;
		KUNIT_EXPECT_EQ(test, starter.join().value_or(-1), 0);
		expect(test, item.flush());
		KUNIT_EXPECT_EQ(test, runs.load(), 1);
		if (!error)
			KUNIT_EXPECT_EQ(test, w.cpu(), kunit_bridge_last_cpu());
	}
	KUNIT_EXPECT_TRUE(test, bound > 0);
}

void work_flush_ends_without_a_run_that_mod_took_away(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = expect(test, worker::run("kunit"));
	delayed_work item(w, [&] { ++runs; });

	expect(test, w.park());
	KUNIT_EXPECT_TRUE(test, item.queue_after(forever));
	auto flusher = expect(test, jthread::run("flusher", [&](stop_token) {
				      return kthread::to_errno(item.flush());
			      }));
	// In a wait of its own, which the hung-task detector watches.
	expect_state(test, flusher, 'D');
	KUNIT_EXPECT_TRUE(test, item.mod(forever));
	expect(test, w.unpark());
	KUNIT_EXPECT_EQ(test, flusher.join().value_or(-1), 0);
	KUNIT_EXPECT_EQ(test, runs.load(), 0);
	KUNIT_EXPECT_TRUE(test, item.cancel());
}

void work_owners_wait_where_the_hung_task_detector_looks(kunit *test)
{
	std::atomic<bool> begun{false}, open{false};
	auto w = expect(test, worker::run("kunit"));
	work item(w, [&] {
		begun = true;
		while (!open)
			kthread::this_thread::sleep_for(1ms);
	});
	work behind(w, [] {});

	item.queue();
	behind.queue();
	// A cancel before that takes the item out of the queue.
	expect_soon(test, [&] { return begun.load(); });
	auto canceller = expect(test, jthread::run("canceller", [&](stop_token) {
					return static_cast<int>(item.cancel());
				}));
	auto flusher = expect(test, jthread::run("flusher", [&](stop_token) {
				      return kthread::to_errno(behind.flush());
			      }));
	auto other = expect(test, jthread::run("other", [&](stop_token) {
				    return kthread::to_errno(w.flush());
			    }));
	expect_state(test, flusher, 'D');
	expect_state(test, other, 'D');
	open = true;
	(void)canceller.join();
	KUNIT_EXPECT_EQ(test, flusher.join().value_or(-1), 0);
	KUNIT_EXPECT_EQ(test, other.join().value_or(-1), 0);
}

namespace
{
// Calls what it is given in a hard interrupt.
template <class F>
class interrupt : bridge_timer
{
public:
	explicit interrupt(F call) : call_(call)
	{
		bridge_timer_init(this, [](bridge_timer *self) {
			auto &here = static_cast<interrupt &>(*self);

			here.call_();
			here.calls_.fetch_add(1);
		});
	}
	~interrupt() { bridge_timer_destroy(this); }
	void raise(kunit *test)
	{
		const int before = calls_;

		bridge_timer_start(this, ktime_get() + 100'000, 0);
		expect_soon(test, [&] { return calls_ != before; });
	}

private:
	F call_;
	std::atomic<int> calls_{0};
};
} // namespace

void delayed_work_is_changed_in_an_interrupt(kunit *test)
{
	std::atomic<int> runs{0}, was_pending{0};
	auto w = expect(test, worker::run("kunit"));
	delayed_work item(w, [&] { ++runs; });
	interrupt put_off([&] { was_pending.fetch_add(item.mod(forever)); });
	interrupt bring_on([&] { was_pending.fetch_add(item.mod(0s)); });
	interrupt queue_it([&] { was_pending.fetch_add(item.queue_after(1ms)); });

	for (int i = 1; i <= 5; ++i) {
		put_off.raise(test); // idle
		put_off.raise(test); // waits
		bring_on.raise(test);
		expect_soon(test, [&] { return runs == 2 * i - 1; });
		queue_it.raise(test);
		expect_soon(test, [&] { return runs == 2 * i; });
	}
	KUNIT_EXPECT_EQ(test, was_pending.load(), 5 * 3);
}

// A timer that comes late does not bring on an item whose time has been changed meanwhile.
void delayed_work_mod_meets_its_timer(kunit *test)
{
	std::atomic<long> runs{0};
	long expected = 0;
	auto w = expect(test, worker::run("kunit"));
	delayed_work item(w, [&] { ++runs; });

	for (int i = 0; i < repeats(200); ++i) {
		KUNIT_EXPECT_TRUE(test, item.queue_after(std::chrono::microseconds(i % 50)));
		for (int spin = 0; spin < i % 97 * 10; ++spin)
			__asm__ volatile("");
		expected += !item.mod(1h);
		if (i % 64 == 0)
			kunit_bridge_sleep_ms(1);
		KUNIT_EXPECT_TRUE(test, item.cancel());
	}
	expect(test, w.flush());
	KUNIT_EXPECT_EQ(test, runs.load(), expected);
}
