// SPDX-License-Identifier: GPL-2.0
//
// Items with a timer.
#include "worker_fixture.hpp"

#include "kthread/jthread_group.hpp"

using kthread::jthread_group;

void delayed_work_does_not_run_before_its_time(kunit *test)
{
	std::atomic<long long> ran{0};
	auto w = run(test);
	delayed_work job(w, [&] { ran = ktime_get(); });

	for (auto delay = 1ms; delay < 30ms; delay *= 5) {
		const long long start = ktime_get();

		ran = 0;
		KUNIT_EXPECT_TRUE(test, job.queue_after(delay));
		expect_soon(test, [&] { return ran != 0; });
		KUNIT_EXPECT_TRUE(test, ran - start >= std::chrono::nanoseconds(delay).count());
	}
	KUNIT_EXPECT_TRUE(test, job.queue_after(-1s));
	KUNIT_EXPECT_TRUE(test, w.flush().has_value());
	KUNIT_EXPECT_TRUE(test, job.queue_after(std::chrono::nanoseconds::max()));
}

void delayed_work_pending_is_not_queued_again(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = run(test);
	delayed_work job(w, [&] { ++runs; });

	KUNIT_EXPECT_TRUE(test, job.queue_after(forever));
	KUNIT_EXPECT_FALSE(test, job.queue_after(0s));
	KUNIT_EXPECT_FALSE(test, job.queue());
	kunit_bridge_sleep_ms(20);
	KUNIT_EXPECT_EQ(test, runs.load(), 0);
	KUNIT_EXPECT_TRUE(test, job.mod(1ms));
	expect_soon(test, [&] { return runs == 1; });
	kunit_bridge_sleep_ms(20);
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
}

void delayed_work_queues_itself(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = run(test);
	delayed_work beat(w, [&](delayed_work_item &self) {
		++runs;
		self.queue_after(1ms);
	});

	beat.queue();
	expect_soon(test, [&] { return runs >= 5; });
	beat.cancel();
	const int at = runs;
	kunit_bridge_sleep_ms(20);
	KUNIT_EXPECT_EQ(test, runs.load(), at);
}

void delayed_work_mod_changes_the_time(kunit *test)
{
	std::atomic<long long> ran{0};
	auto w = run(test);
	delayed_work job(w, [&] { ran = ktime_get(); });

	// It was idle: queued.
	KUNIT_EXPECT_FALSE(test, job.mod(forever));
	// Earlier.
	KUNIT_EXPECT_TRUE(test, job.mod(1ms));
	expect_soon(test, [&] { return ran != 0; });

	// Later. Again if a busy host let the time pass before.
	for (bool later = false; !later;) {
		(void)job.flush();
		ran = 0;
		KUNIT_EXPECT_TRUE(test, job.queue_after(20ms));
		const long long start = ktime_get();
		later = job.mod(100ms);
		if (!later)
			continue;
		expect_soon(test, [&] { return ran != 0; });
		KUNIT_EXPECT_TRUE(test, ran - start >= 100000000);
	}

	// At once.
	ran = 0;
	KUNIT_EXPECT_TRUE(test, job.queue_after(forever));
	KUNIT_EXPECT_TRUE(test, job.mod(0s));
	KUNIT_EXPECT_TRUE(test, w.flush().has_value());
	KUNIT_EXPECT_TRUE(test, ran != 0);
}

void delayed_work_mod_takes_it_out_of_the_queue(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = run(test);
	delayed_work job(w, [&] { ++runs; });
	{
		busy first(test, w);

		job.queue();
		KUNIT_EXPECT_TRUE(test, job.mod(forever));
		KUNIT_EXPECT_FALSE(test, job.queue());
	}
	KUNIT_EXPECT_TRUE(test, w.flush().has_value());
	KUNIT_EXPECT_EQ(test, runs.load(), 0);
	KUNIT_EXPECT_TRUE(test, job.cancel());
}

void delayed_work_cancel_stops_the_timer(kunit *test)
{
	std::atomic<int> runs{0}, destroyed{0};
	auto w = run(test);
	long long took = 0;

	// Again if a busy host let the time pass before.
	do {
		destroyed = 0;
		runs = 0;
		const long long start = ktime_get();
		{
			delayed_work job(w, [&, x = witness(destroyed)] { ++runs; });

			KUNIT_EXPECT_TRUE(test, job.queue_after(forever));
			KUNIT_EXPECT_TRUE(test, job.cancel());
			KUNIT_EXPECT_FALSE(test, job.cancel());
			KUNIT_EXPECT_TRUE(test, job.queue_after(10ms));
		}
		took = ktime_get() - start;
		KUNIT_EXPECT_EQ(test, destroyed.load(), 1);
		kunit_bridge_sleep_ms(30);
	} while (took >= 10000000);
	KUNIT_EXPECT_EQ(test, runs.load(), 0);
}

void delayed_work_flush_runs_it_at_once(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = run(test);
	delayed_work job(w, [&] { ++runs; });

	KUNIT_EXPECT_TRUE(test, job.queue_after(forever));
	expect_at_once(test, [&] { KUNIT_EXPECT_TRUE(test, job.flush().has_value()); });
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
}

// Timers that come while their items are moved, cancelled and destroyed.
void delayed_work_mod_and_cancel_meet_the_timer(kunit *test)
{
	std::atomic<long> runs{0};
	auto w = run(test);
	auto group = jthread_group::create("mixer", 3, [&](stop_token stop, unsigned int) {
		for (int i = 0; i < repeats(50) || (!runs && i < 100000); ++i) {
			delayed_work job(w, [&] { ++runs; });

			for (int k = 0; k < 5; ++k) {
				job.queue_after(std::chrono::microseconds(10 * k));
				job.mod(std::chrono::microseconds((i + k) % 60));
			}
			if (i % 3 == 0)
				job.cancel();
			if (i % 16 == 0)
				stop.yield();
		}
		return 0;
	});

	KUNIT_EXPECT_TRUE(test, group.has_value());
	if (!group)
		return;
	group->wake();
	for (auto &thread : *group)
		KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 0);
	KUNIT_EXPECT_TRUE(test, runs > 0);
}
