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
	expect(test, every.set_period(10ms));
	thread.wake();
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
}

void ticker_misses_nothing_by_a_shorter_period(kunit *test)
{
	ticker every(forever);
	steady_clock::time_point changed;
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     if (!every.wait(stop))
					     return -1;
				     return every.due() - every.missed() * 10ms >= changed ? 7 : 0;
			     }));

	expect_state(test, thread, 'I');
	kunit_bridge_sleep_ms(50);
	changed = steady_clock::now();
	expect(test, every.set_period(10ms));
	thread.wake();
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
}

void ticker_beat_that_is_late_stays_late_in_another_period(kunit *test)
{
	ticker every(10ms);
	auto thread = expect(test, jthread::create("kunit", [&](stop_token stop) {
				     return every.wait(stop) && every.late() >= 50ms &&
							    every.missed() >= 5
						    ? 7
						    : 0;
			     }));

	kunit_bridge_sleep_ms(60);
	expect(test, every.set_period(20ms));
	thread.wake();
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
}

void ticker_counts_a_longer_period_from_the_last_beat(kunit *test)
{
	// Again if a busy host let the shorter period pass before the longer one was set.
	for (bool in_time = false; !in_time;) {
		ticker every(1s);
		const auto start = every.due();
		auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
					     if (!every.wait(stop))
						     return -1;
					     return every.due() - every.missed() * 1100ms - start ==
								    1100ms
							    ? 7
							    : 0;
				     }));

		expect_state(test, thread, 'I');
		expect(test, every.set_period(1100ms));
		in_time = steady_clock::now() - start < 1s;
		thread.wake();
		const int code = thread.join().value_or(-1);
		if (in_time)
			KUNIT_EXPECT_EQ(test, code, 7);
	}
}

void ticker_period_set_between_look_and_sleep_is_not_lost(kunit *test)
{
	for (int i = 0; i < repeats(10); ++i) {
		std::atomic<bool> looking{false};
		ticker every(forever);
		auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
					     looking = true;
					     return every.wait(stop) ? 7 : 0;
				     }));

		expect_soon(test, [&] { return looking.load(); });
		expect(test, every.set_period(1ms));
		thread.wake();
		KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
	}
}

void ticker_restart_after_a_pause_misses_nothing(kunit *test)
{
	// Again if a busy host let the first period pass before the thread was parked.
	for (bool in_time = false; !in_time;) {
		ticker every(40ms);
		steady_clock::time_point resumed;
		std::atomic<bool> waiting{false}, over{false};
		auto thread =
			expect(test, jthread::run("kunit", [&](stop_token stop) {
				       waiting = true;
				       const bool beat = every.wait(stop);
				       over = true;
				       if (!beat)
					       return -1;
				       return every.due() - every.missed() * 40ms - resumed >= 40ms
						      ? 7
						      : 0;
			       }));

		expect_soon(test, [&] { return waiting.load(); });
		const auto parked = thread.park();
		in_time = !over;
		if (!in_time)
			continue;
		expect(test, parked);
		kunit_bridge_sleep_ms(100);
		resumed = steady_clock::now();
		every.restart();
		expect(test, thread.unpark());
		KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
	}
}

void ticker_restart_also_counts_before_the_first_wait(kunit *test)
{
	ticker every(20ms);

	kunit_bridge_sleep_ms(70);
	every.restart();

	const auto start = steady_clock::now();
	auto thread = expect(
		test, jthread::run("kunit", [&](stop_token stop) {
			return every.wait(stop) &&
					       every.due() - every.missed() * 20ms - start >= 20ms
				       ? 7
				       : 0;
		}));
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
}

void ticker_restart_before_all_time_counts_from_its_begin(kunit *test)
{
	ticker every(20ms);

	every.restart(steady_clock::time_point::min() + 1ns);

	auto thread =
		expect(test, jthread::run("kunit", [&](stop_token stop) {
			       return every.wait(stop) && every.late() > 0ns &&
						      every.due() > steady_clock::time_point() &&
						      every.wait(stop)
					      ? 7
					      : 0;
		       }));
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
}

void ticker_tells_how_late_a_beat_was(kunit *test)
{
	bool right = true;
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     ticker every(20ms);

				     for (int i = 0; i < 3; ++i) {
					     const auto due = every.due() + 20ms;
					     const auto before = steady_clock::now();

					     if (!every.wait(stop))
						     return -1;
					     right = right && every.late() >= 0ns &&
						     every.late() >= before - due &&
						     every.late() <= steady_clock::now() - due;
					     // Now the next one is late for certain.
					     kunit_bridge_sleep_ms(70);
				     }
				     return 7;
			     }));

	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
	KUNIT_EXPECT_TRUE(test, right);
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

void ticker_of_a_start_that_never_comes_does_not_beat(kunit *test)
{
	ticker every(1ms);

	every.restart(steady_clock::time_point::max());
	KUNIT_EXPECT_TRUE(test, every.next() > steady_clock::now() + std::chrono::hours(24));
	// A task that waits by itself may call beat() before the beat is due.
	every.beat();
	KUNIT_EXPECT_TRUE(test, every.missed() == 0);
}
