// SPDX-License-Identifier: GPL-2.0
#include "kthread/ticker.hpp"

#include "fixture.hpp"

using kthread::ticker;

void ticker_beats_at_multiples_of_its_period(kunit *test)
{
	bool exact = true;
	bool early = false;
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     ticker every(3ms);
				     const auto start = every.due();

				     for (unsigned int i = 1; i <= 20 && every.wait(stop); ++i) {
					     exact = exact && every.due() - start ==
								      (i + every.missed()) * 3ms;
					     early = early || steady_clock::now() < every.due();
					     // Time that a relative sleep would add to the period.
					     kunit_bridge_sleep_ms(1);
				     }
				     return 7;
			     }));

	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
	KUNIT_EXPECT_TRUE(test, exact);
	KUNIT_EXPECT_FALSE(test, early);
}

void ticker_counts_what_is_missed_and_skips_it(kunit *test)
{
	unsigned long long missed = 0;
	unsigned int at_once = 0;
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     ticker every(20ms);

				     if (!every.wait(stop))
					     return -1;
				     kunit_bridge_sleep_ms(110);
				     const auto late = steady_clock::now();
				     for (int i = 0; i < 4 && every.wait(stop); ++i)
					     at_once += steady_clock::now() - late < 15ms;
				     missed = every.missed();
				     return 7;
			     }));

	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
	KUNIT_EXPECT_TRUE(test, missed >= 4);
	// The one that was due when the body came back, and at most the next.
	KUNIT_EXPECT_TRUE(test, at_once <= 2);
}

void ticker_takes_another_period_at_once(kunit *test)
{
	ticker every(forever);
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     return every.wait(stop) ? 7 : 0;
			     }));

	expect_state(test, thread, 'I');
	every.set_period(10ms);
	thread.wake();
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
}

void ticker_period_set_between_look_and_sleep_is_not_lost(kunit *test)
{
	for (int i = 0; i < 100; ++i) {
		std::atomic<bool> looking{false};
		ticker every(forever);
		auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
					     looking = true;
					     return every.wait(stop) ? 7 : 0;
				     }));

		expect_soon(test, [&] { return looking.load(); });
		every.set_period(1ms);
		thread.wake();
		KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
	}
}

void ticker_goes_on_sleeping_when_woken_early(kunit *test)
{
	const auto start = steady_clock::now();
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     ticker every(100ms);
				     return every.wait(stop) ? 7 : 0;
			     }));

	for (int i = 0; i < 10; ++i) {
		thread.wake();
		kunit_bridge_sleep_ms(2);
	}
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
	KUNIT_EXPECT_TRUE(test, steady_clock::now() - start >= 100ms);
}

void ticker_wait_ends_when_stopped(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", [](stop_token stop) {
				     ticker every(std::chrono::nanoseconds::max());
				     return every.wait(stop) ? 7 : 0;
			     }));

	expect_state(test, thread, 'I');
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 0);
}
