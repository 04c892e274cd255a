// SPDX-License-Identifier: GPL-2.0
#include "kthread/stop_token.hpp"

#include "fixture.hpp"

using kthread::wait_queue;

namespace
{
// Runs the body on a thread of its own and gives what it returned.
template <class F>
int on_a_thread(kunit *test, F body)
{
	return expect(test, jthread::run("kunit", std::move(body))).join().value_or(-1000);
}
} // namespace

void stop_token_sleep_for_lasts_its_duration(kunit *test)
{
	steady_clock::duration slept{};
	const int whole = on_a_thread(test, [&](stop_token stop) -> int {
		const auto start = steady_clock::now();
		const bool over = stop.sleep_for(30ms);
		slept = steady_clock::now() - start;
		return over;
	});

	KUNIT_EXPECT_TRUE(test, whole);
	KUNIT_EXPECT_TRUE(test, slept >= 30ms);
}

void stop_token_sleep_until_lasts_to_its_deadline(kunit *test)
{
	const auto deadline = steady_clock::now() + 30ms;
	const int whole = on_a_thread(
		test, [&](stop_token stop) -> int { return stop.sleep_until(deadline); });

	KUNIT_EXPECT_TRUE(test, whole);
	KUNIT_EXPECT_TRUE(test, steady_clock::now() >= deadline);
}

void stop_token_sleep_of_nothing_returns(kunit *test)
{
	const int overs = on_a_thread(test, [](stop_token stop) -> int {
		return stop.sleep_for(0s) + stop.sleep_for(-1s) +
		       stop.sleep_for(-std::chrono::nanoseconds::max()) +
		       stop.sleep_until(steady_clock::time_point());
	});

	KUNIT_EXPECT_EQ(test, overs, 4);
}

void stop_token_longest_sleep_is_no_short_one(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", [](stop_token stop) -> int {
				     return stop.sleep_for(std::chrono::nanoseconds::max());
			     }));

	expect_state(test, thread, 'I');
	kunit_bridge_sleep_ms(30);
	KUNIT_EXPECT_EQ(test, kunit_bridge_state(thread.pid()), 'I');
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 0);
}

void stop_token_wake_ends_a_sleep(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", [](stop_token stop) -> int {
				     return stop.sleep_for(forever);
			     }));

	expect_state(test, thread, 'I');
	KUNIT_EXPECT_TRUE(test, thread.wake());
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 0);
}

void stop_token_park_ends_a_sleep(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", [](stop_token stop) -> int {
				     return stop.sleep_for(forever);
			     }));

	expect_state(test, thread, 'I');
	expect(test, thread.park());
	expect_error(test, thread.get(), errno_t::EAGAIN);
	expect(test, thread.unpark());
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 0);
}

void stop_token_yield_parks_a_body_that_never_sleeps(kunit *test)
{
	std::atomic<unsigned int> steps{0};
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     while (stop.yield())
					     ++steps;
				     return 7;
			     }));

	expect_soon(test, [&] { return steps > 10; });
	expect(test, thread.park());
	const unsigned int before = steps;
	kunit_bridge_sleep_ms(20);
	KUNIT_EXPECT_EQ(test, steps.load(), before);
	expect(test, thread.unpark());
	expect_soon(test, [&] { return steps != before; });
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 7);
}

// A thread that looks between the two steps of a park() sees the request, of which the kernel does not know yet.
void stop_token_waits_for_the_kernel_to_know_of_a_park(kunit *test)
{
	struct opened : jthread {
		explicit opened(jthread &&thread) : jthread(std::move(thread)) {}
		std::atomic<unsigned int> &requests() { return state_->word; }
	};
	constexpr unsigned int park = kthread::thread_state::park;
	std::atomic<unsigned int> steps{0};
	opened thread(expect(test, jthread::run("kunit", [&](stop_token stop) {
				     while (stop.yield())
					     ++steps;
				     return 7;
			     })));
	if (!thread.joinable())
		return;
	const auto stands_still = [&] {
		expect_state(test, thread, 'I');
		const unsigned int before = steps;
		kunit_bridge_sleep_ms(20);
		KUNIT_EXPECT_EQ(test, steps.load(), before);
	};
	const auto goes_on = [&] {
		const unsigned int before = steps;
		expect_soon(test, [&] { return steps != before; });
	};

	goes_on();
	thread.requests().fetch_or(park);
	stands_still();
	thread.wake();
	stands_still();
	expect(test, thread.park());
	KUNIT_EXPECT_EQ(test, kunit_bridge_state(thread.pid()), 'P');
	expect(test, thread.unpark());
	goes_on();
	// The owner that came too late for the thread takes its request back.
	thread.requests().fetch_or(park);
	stands_still();
	thread.requests().fetch_and(~park);
	thread.wake();
	goes_on();
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 7);
}

void stop_token_is_not_frozen_while_the_system_goes_on(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", [](stop_token stop) {
				     stop.set_freezable();
				     return stop.freeze_requested() || stop.freeze() ? 1 : 0;
			     }));

	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 0);
	KUNIT_EXPECT_FALSE(test, stop_token().freeze_requested());
	KUNIT_EXPECT_FALSE(test, stop_token().freeze());
}

void stop_token_freezable_thread_is_none_while_it_is_parked(kunit *test)
{
	if (!kunit_bridge_has_freezer()) {
		kunit_bridge_skip(test, "there is no freezer");
		return;
	}

	auto thread = expect(test, jthread::run("kunit", [](stop_token stop) {
				     stop.set_freezable();
				     return sleep_until_stopped(stop);
			     }));

	expect_state(test, thread, 'I');
	KUNIT_EXPECT_TRUE(test, kunit_bridge_is_freezable(thread.pid()));
	expect(test, thread.park());
	KUNIT_EXPECT_FALSE(test, kunit_bridge_is_freezable(thread.pid()));
	expect(test, thread.unpark());
	expect_state(test, thread, 'I');
	KUNIT_EXPECT_TRUE(test, kunit_bridge_is_freezable(thread.pid()));
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 7);
}

void stop_token_wait_ends_when_woken_with_the_condition(kunit *test)
{
	std::atomic<bool> ready{false};
	std::atomic<int> looks{0};
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) -> int {
				     return stop.wait([&] {
					     ++looks;
					     return ready.load();
				     });
			     }));

	expect_state(test, thread, 'I');
	// Without it the thread only looks again.
	const int before = looks;
	thread.wake();
	expect_soon(test, [&] { return looks > before; });
	expect_error(test, thread.get(), errno_t::EAGAIN);
	ready = true;
	thread.wake();
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 1);
}

void stop_token_wait_ends_when_its_queue_is_notified(kunit *test)
{
	const auto queue = std::make_unique<wait_queue>();
	std::atomic<bool> ready{false};
	auto body = [&](stop_token stop) -> int {
		return stop.wait(*queue, [&] { return ready.load(); });
	};

	KUNIT_EXPECT_TRUE(test, queue);
	if (!queue)
		return;
	auto a = expect(test, jthread::run("a", body));
	auto b = expect(test, jthread::run("b", body));

	expect_state(test, a, 'I');
	expect_state(test, b, 'I');
	ready = true;
	queue->notify_all();
	KUNIT_EXPECT_EQ(test, a.join().value_or(-1), 1);
	KUNIT_EXPECT_EQ(test, b.join().value_or(-1), 1);
}

void stop_token_wait_of_what_holds_does_not_sleep(kunit *test)
{
	wait_queue queue;
	const int held = on_a_thread(test, [&](stop_token stop) -> int {
		return stop.wait([] { return true; }) + stop.wait(queue, [] { return true; });
	});

	KUNIT_EXPECT_EQ(test, held, 2);
}

void stop_token_wait_until_ends_at_its_deadline(kunit *test)
{
	wait_queue queue;
	const auto start = steady_clock::now();
	const int held = on_a_thread(test, [&](stop_token stop) -> int {
		return stop.wait_until(start + 20ms, [] { return false; }) +
		       stop.wait_until(queue, start + 40ms, [] { return false; });
	});

	KUNIT_EXPECT_EQ(test, held, 0);
	KUNIT_EXPECT_TRUE(test, steady_clock::now() - start >= 40ms);
}

void stop_token_stop_ends_a_wait(kunit *test)
{
	wait_queue queue;
	auto never = [] { return false; };
	auto woken = expect(test, jthread::run("kunit", [&](stop_token stop) -> int {
				    return stop.wait(never);
			    }));
	auto notified = expect(test, jthread::run("kunit", [&](stop_token stop) -> int {
				       return stop.wait(queue, never);
			       }));

	expect_state(test, woken, 'I');
	expect_state(test, notified, 'I');
	KUNIT_EXPECT_EQ(test, woken.stop().value_or(-1), 0);
	KUNIT_EXPECT_EQ(test, notified.stop().value_or(-1), 0);
}

void stop_token_park_and_stop_reach_a_body_that_never_runs_out_of_work(kunit *test)
{
	wait_queue queue;
	auto always = [] { return true; };
	auto body = [&](stop_token stop) {
		while (stop.wait(always) && stop.wait(queue, always))
			;
		return 7;
	};
	auto thread = expect(test, jthread::run("kunit", body));

	expect_soon(test, [&] { return thread.progress() == kthread::thread_progress::running; });
	expect(test, thread.park());
	KUNIT_EXPECT_EQ(test, kunit_bridge_state(thread.pid()), 'P');
	expect(test, thread.unpark());
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 7);
}

void stop_token_wait_goes_on_after_park(kunit *test)
{
	wait_queue queue;
	std::atomic<bool> ready{false};
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) -> int {
				     return stop.wait(queue, [&] { return ready.load(); });
			     }));

	expect_state(test, thread, 'I');
	expect(test, thread.park());
	ready = true;
	queue.notify_all();
	KUNIT_EXPECT_EQ(test, kunit_bridge_state(thread.pid()), 'P');
	expect(test, thread.unpark());
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 1);
}

void stop_token_wake_up_between_test_and_sleep_is_not_lost(kunit *test)
{
	const int rounds = repeats(200);
	wait_queue queue;
	std::atomic<int> ball{0};
	auto player = [&](int side) {
		return [&, side](stop_token stop) {
			int hits = 0;

			while (hits < rounds &&
			       stop.wait(queue, [&] { return (ball & 1) == side; })) {
				++ball;
				++hits;
				queue.notify_all();
			}
			return hits;
		};
	};
	auto a = expect(test, jthread::run("a", player(0)));
	auto b = expect(test, jthread::run("b", player(1)));

	// However slow the machine is, the ball moves on.
	for (int before = -1; before != ball;) {
		before = ball;
		expect_soon(test, [&] { return ball != before || ball == 2 * rounds; });
	}
	KUNIT_EXPECT_EQ(test, a.stop().value_or(-1), rounds);
	KUNIT_EXPECT_EQ(test, b.stop().value_or(-1), rounds);
}

void m05_stop_between_test_and_sleep_is_not_lost(kunit *test)
{
	for (int i = 0; i < repeats(20); ++i) {
		std::atomic<bool> go{false};
		auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
					     while (!go)
						     bridge_yield();
					     stop.sleep_for(forever);
					     return 7;
				     }));

		expect_soon(test,
			    [&] { return thread.progress() == kthread::thread_progress::running; });
		const auto start = steady_clock::now();
		go = true;
		KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 7);
		KUNIT_EXPECT_TRUE(test, steady_clock::now() - start < soon);
	}
}

void m05_stop_before_the_sleep_is_not_lost(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", [](stop_token stop) -> int {
				     while (!stop.stop_requested())
					     bridge_yield();
				     return stop.sleep_for(forever);
			     }));

	expect_soon(test, [&] { return thread.progress() == kthread::thread_progress::running; });
	const auto start = steady_clock::now();
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 0);
	KUNIT_EXPECT_TRUE(test, steady_clock::now() - start < soon);
}

void m06_stop_ends_a_sleep_at_once(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", sleep_until_stopped));

	expect_state(test, thread, 'I');
	const auto start = steady_clock::now();
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 7);
	KUNIT_EXPECT_TRUE(test, steady_clock::now() - start < soon);
}

void m07_every_sleep_is_idle(kunit *test)
{
	wait_queue queue;
	auto never = [] { return false; };
	auto a = expect(test, jthread::run("a", sleep_until_stopped));
	auto b = expect(
		test, jthread::run("b", [&](stop_token stop) -> int { return stop.wait(never); }));
	auto c = expect(test, jthread::run("c", [&](stop_token stop) -> int {
				return stop.wait(queue, never);
			}));

	expect_state(test, a, 'I');
	expect_state(test, b, 'I');
	expect_state(test, c, 'I');
}

void m07_a_thread_can_wait_for_its_start_parked(kunit *test)
{
	auto thread = expect(test, jthread::create("kunit", sleep_until_stopped));

	KUNIT_EXPECT_EQ(test, kunit_bridge_state(thread.pid()), 'D');
	expect(test, thread.park());
	KUNIT_EXPECT_EQ(test, kunit_bridge_state(thread.pid()), 'P');
	expect(test, thread.unpark());
	expect_state(test, thread, 'I');
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 7);
}
