// SPDX-License-Identifier: GPL-2.0
#include "kthread/this_thread.hpp"

#include "fixture.hpp"
#include "kthread/percpu_threads.hpp"
#include "kthread/ticker.hpp"
#include "kthread/worker.hpp"

namespace this_thread = kthread::this_thread;

void m24_a_body_can_sleep_after_its_stop(kunit *test)
{
	std::atomic<bool> slept{false};
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     while (!stop.stop_requested())
					     stop.sleep_for(forever);

				     const auto start = steady_clock::now();
				     for (int i = 0; i < 5; ++i)
					     this_thread::sleep_for(10ms);
				     slept = steady_clock::now() - start >= 50ms;
				     return 0;
			     }));

	expect_state(test, thread, 'I');
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 0);
	KUNIT_EXPECT_TRUE(test, slept.load());
}

void this_thread_sleep_ends_by_no_wake_up(kunit *test)
{
	std::atomic<bool> begun{false}, slept{false};
	auto thread = expect(test, jthread::run("kunit", [&](stop_token) {
				     const auto start = steady_clock::now();

				     begun = true;
				     this_thread::sleep_until(start + 100ms);
				     slept = steady_clock::now() - start >= 100ms;
				     return 0;
			     }));

	expect_soon(test, [&] { return begun.load(); });
	for (int i = 0; i < 20; ++i)
		thread.wake();
	thread.request_stop();
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 0);
	KUNIT_EXPECT_TRUE(test, slept.load());
}

void this_thread_sleeps_in_an_item(kunit *test)
{
	auto w = expect(test, kthread::worker::run("kunit"));
	std::atomic<bool> slept{false};
	kthread::work item(w, [&] {
		const auto start = steady_clock::now();

		this_thread::yield();
		this_thread::sleep_for(20ms);
		slept = steady_clock::now() - start >= 20ms;
	});

	item.queue();
	expect(test, item.flush());
	KUNIT_EXPECT_TRUE(test, slept.load());
}

// The thread that runs the tests is none of the library's.
void this_thread_sleeps_in_any_thread(kunit *test)
{
	const auto start = steady_clock::now();

	this_thread::yield();
	this_thread::sleep_for(5ms);
	KUNIT_EXPECT_TRUE(test, steady_clock::now() - start >= 5ms);
}

namespace
{
struct sleeper {
	static inline std::atomic<int> rounds{0};
	static bool should_run(unsigned int) { return rounds < 20; }
	static void run(unsigned int)
	{
		this_thread::sleep_for(1ms);
		++rounds;
	}
};
} // namespace

void this_thread_sleeps_in_a_thread_of_a_cpu(kunit *test)
{
	kthread::percpu_threads<sleeper> threads;

	sleeper::rounds = 0;
	expect(test, threads.start("kunit/%u"));
	threads.wake(0);
	expect_soon(test, [] { return sleeper::rounds >= 20; });
	expect(test, threads.stop());
}

void sleeps_with_slack_last_at_least_their_time(kunit *test)
{
	std::atomic<int> kept{0};
	const auto each = [&](auto sleep) {
		const auto start = steady_clock::now();

		sleep();
		kept.fetch_add(steady_clock::now() - start >= 5ms);
	};
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     kthread::ticker every(5ms, 3ms);

				     each([&] { this_thread::sleep_for(5ms, 3ms); });
				     each([&] { this_thread::sleep_for(5ms, -1s); });
				     each([&] { stop.sleep_for(5ms, 3ms); });
				     each([&] {
					     (void)stop.wait_until(
						     steady_clock::now() + 5ms,
						     [] { return false; }, 3ms);
				     });
				     each([&] {
					     every.restart();
					     (void)every.wait(stop);
				     });
				     return 0;
			     }));

	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 0);
	KUNIT_EXPECT_EQ(test, kept.load(), 5);

	auto w = expect(test, kthread::worker::run("kunit"));
	std::atomic<long long> ran{0};
	kthread::delayed_work job(w, [&] { ran = ktime_get(); });
	const auto due = (steady_clock::now() + 5ms).time_since_epoch().count();

	KUNIT_EXPECT_TRUE(test, job.queue_after(5ms, 3ms));
	expect_soon(test, [&] { return ran != 0; });
	KUNIT_EXPECT_TRUE(test, ran.load() >= due);
	KUNIT_EXPECT_FALSE(test, job.mod(5ms, 3ms));
	expect(test, job.flush());
}

void this_thread_tells_its_id(kunit *test)
{
	kthread::thread_id own;
	auto thread = expect(test, jthread::create("kunit", [&] { own = this_thread::get_id(); }));
	const kthread::thread_id id = thread.get_id();

	thread.wake();
	expect(test, thread.join());
	KUNIT_EXPECT_TRUE(test, own == id);
	KUNIT_EXPECT_TRUE(test, own != this_thread::get_id());
	KUNIT_EXPECT_TRUE(test, this_thread::get_id() == this_thread::get_id());
	KUNIT_EXPECT_TRUE(test, this_thread::get_id() != kthread::thread_id());
}
