// SPDX-License-Identifier: GPL-2.0
#include "kthread/timer.hpp"

#include "fixture.hpp"

using kthread::timer;

void timer_comes_once_at_its_time(kunit *test)
{
	std::atomic<int> calls{0};
	std::atomic<long long> came{0};
	timer once([&] {
		came = ktime_get();
		++calls;
	});

	KUNIT_EXPECT_FALSE(test, once.is_active());
	once.start_after(1h);
	KUNIT_EXPECT_TRUE(test, once.is_active());

	const auto due = steady_clock::now() + 5ms;

	once.start_at(due);
	expect_soon(test, [&] { return calls == 1; });
	KUNIT_EXPECT_TRUE(test, came >= due.time_since_epoch().count());
	kunit_bridge_sleep_ms(10);
	KUNIT_EXPECT_EQ(test, calls.load(), 1);
	KUNIT_EXPECT_FALSE(test, once.is_active() || once.cancel());
}

void timer_slack_lets_it_come_later(kunit *test)
{
	std::atomic<int> calls{0};
	timer late([&] { ++calls; });

	late.start_after(1ms, 2ms);
	expect_soon(test, [&] { return calls == 1; });
	expect(test, late.start_every(1ms, 1ms));
	expect_soon(test, [&] { return calls > 3; });
}

void timer_beats_until_it_is_ended(kunit *test)
{
	std::atomic<int> calls{0};
	kthread::timer<> *self = nullptr;
	kthread::timer<> every([&calls, &self] {
		if (++calls == 5)
			self->end();
	});

	self = &every;
	expect(test, every.start_every(1ms));
	expect_soon(test, [&] { return calls == 5; });
	kunit_bridge_sleep_ms(10);
	KUNIT_EXPECT_EQ(test, calls.load(), 5);
	KUNIT_EXPECT_FALSE(test, every.is_active());
	expect_error(test, every.start_every(0ms), errno_t::EINVAL);
	expect_error(test, every.start_every(-1ms), errno_t::EINVAL);
	expect_error(test, every.start_every(1us), errno_t::EINVAL);
	KUNIT_EXPECT_FALSE(test, every.is_active());
}

void timer_counts_what_it_missed(kunit *test)
{
	std::atomic<int> calls{0};
	timer busy([&calls] {
		const auto begin = ktime_get();

		// As long as several periods.
		while (!calls && ktime_get() - begin < 5'000'000) {
		}
		++calls;
	});

	expect(test, busy.start_every(1ms));
	expect_soon(test, [&] { return calls > 1; });
	busy.cancel();
	KUNIT_EXPECT_TRUE(test, busy.missed_periods() > 0);
}

void timer_starts_itself_anew(kunit *test)
{
	struct chain {
		std::atomic<int> calls{0};
		timer<> next;

		chain()
			: next([this] {
				  if (++calls < 3)
					  next.start_after(1ms);
			  })
		{
		}
	} chain;

	chain.next.start_after(1ms);
	expect_soon(test, [&] { return chain.calls == 3; });
}

// f() ends what it has started, and a timer that is put off does not come at its earlier time.
void timer_that_is_ended_in_its_callable_does_not_come(kunit *test)
{
	struct chain {
		std::atomic<int> calls{0};
		std::chrono::nanoseconds later = 5ms;
		timer<> next;

		chain()
			: next([this] {
				  ++calls;
				  next.start_after(later);
				  next.end();
			  })
		{
		}
	} chain;

	chain.next.start_after(-1ms);
	expect_soon(test, [&] { return chain.calls == 1; });
	kunit_bridge_sleep_ms(20);
	KUNIT_EXPECT_EQ(test, chain.calls.load(), 1);
	KUNIT_EXPECT_FALSE(test, chain.next.is_active() || chain.next.cancel());

	// The kernel's timer stays in its queue until then.
	chain.later = 1h;
	chain.next.start_after(-1ms);
	expect_soon(test, [&] { return chain.calls == 2; });
	expect_soon(test, [&] { return !chain.next.is_active(); });
}

void timer_destructor_cancels_and_waits(kunit *test)
{
	std::atomic<int> calls{0};
	for (int i = 0; i < 20; ++i) {
		timer never([&] { ++calls; });
		timer often([&] { ++calls; });

		never.start_after(forever);
		expect(test, often.start_every(500us));
		kunit_bridge_sleep_ms(1);
	}
	const int before = calls;
	kunit_bridge_sleep_ms(5);
	KUNIT_EXPECT_EQ(test, calls.load(), before);

	timer twice([&] { ++calls; });
	twice.start_after(forever);
	KUNIT_EXPECT_TRUE(test, twice.cancel());
	KUNIT_EXPECT_FALSE(test, twice.cancel());
}
