// SPDX-License-Identifier: GPL-2.0
//
// park(), unpark(), and the other calls of owners while a thread is parked or joined.
#include "jthread_fixture.hpp"

#include "kthread/condition_variable.hpp"
#include "kthread/semaphore.hpp"
#include "kthread/shared_wait_queue.hpp"
#include "kthread/this_thread.hpp"

using kthread::thread_progress;

void jthread_park_holds_and_unpark_lets_go(kunit *test)
{
	counter count;
	auto thread = expect(test, jthread::run("kunit", count.body()));

	KUNIT_EXPECT_TRUE(test, count.beats_on());
	for (int i = 0; i < 3; ++i) {
		expect(test, thread.park());
		KUNIT_EXPECT_EQ(test, kunit_bridge_state(thread.pid()), 'P');
		KUNIT_EXPECT_TRUE(test, count.stands_still());
		expect(test, thread.unpark());
		KUNIT_EXPECT_TRUE(test, count.beats_on());
	}
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 7);
}

void jthread_park_twice_is_ebusy_and_unpark_twice_einval(kunit *test)
{
	counter count;
	auto thread = expect(test, jthread::run("kunit", count.body()));

	expect_error(test, thread.unpark(), errno_t::EINVAL);
	expect(test, thread.park());
	expect_error(test, thread.park(), errno_t::EBUSY);
	expect(test, thread.unpark());
	expect_error(test, thread.unpark(), errno_t::EINVAL);
	KUNIT_EXPECT_TRUE(test, count.beats_on());
}

void jthread_park_of_an_ended_thread_is_esrch(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", [](stop_token) { return 7; }));

	expect_soon(test, [&] { return thread.get().has_value(); });
	expect_error(test, thread.park(), errno_t::ESRCH);
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
	expect_error(test, thread.park(), errno_t::ESRCH);
	expect_error(test, thread.unpark(), errno_t::ESRCH);
}

namespace
{
// If such a body does not park, the owner waits for ever.
template <class Body>
void expect_parks(kunit *test, Body body)
{
	auto thread = expect(test, jthread::run_begun("kunit", body));
	auto owner = expect(test, jthread::run("kunit", [&](stop_token) {
				    return kthread::to_errno(thread.park());
			    }));

	KUNIT_EXPECT_EQ(test, owner.join_for(forever).value_or(-1), 0);
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 7);
}
} // namespace

void jthread_park_of_a_body_that_never_has_to_wait(kunit *test)
{
	kthread::counting_semaphore<> units{1, "units"_lock};
	kthread::mutex lock{"lock"_lock};
	kthread::condition_variable changed{"changed"_lock};
	kthread::shared_wait_queue queue{"queue"_lock};
	const auto holds = [] { return true; };

	expect_parks(test, [&](stop_token stop) {
		while (units.acquire(stop))
			units.release();
		return 7;
	});
	expect_parks(test, [&](stop_token stop) {
		const std::lock_guard held(lock);

		// With a lock that may be a spinlock the wait itself lets nobody run.
		while (changed.wait(lock, stop, holds))
			kthread::this_thread::yield();
		return 7;
	});
	expect_parks(test, [&](stop_token stop) {
		while (queue.wait(stop, holds)) {
		}
		return 7;
	});
}

void jthread_park_of_itself_is_edeadlk(kunit *test)
{
	jthread thread;

	thread = expect(test, jthread::create("kunit", [&](stop_token) {
				return kthread::to_errno(thread.park());
			}));
	thread.wake();
	KUNIT_EXPECT_EQ(test, thread.join().value_or(0), errno_t::EDEADLK);
}

void jthread_stop_of_a_parked_thread_ends_it(kunit *test)
{
	counter count;
	auto thread = expect(test, jthread::run("kunit", count.body()));

	KUNIT_EXPECT_TRUE(test, count.beats_on());
	expect(test, thread.park());
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 7);
}

void jthread_join_of_a_parked_thread_lets_it_go_on(kunit *test)
{
	std::atomic<bool> parked{false};
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     while (!parked)
					     stop.sleep_for(1ms);
				     return 7;
			     }));

	expect(test, thread.park());
	parked = true;
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
}

void jthread_request_stop_of_a_parked_thread_waits_for_unpark(kunit *test)
{
	counter count;
	auto thread = expect(test, jthread::run("kunit", count.body()));

	KUNIT_EXPECT_TRUE(test, count.beats_on());
	expect(test, thread.park());
	thread.request_stop();
	KUNIT_EXPECT_TRUE(test, count.stands_still());
	expect_error(test, thread.get(), errno_t::EAGAIN);
	expect(test, thread.unpark());
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
}

void jthread_park_of_a_body_that_returns_never_hangs(kunit *test)
{
	for (int i = 0; i < repeats(20); ++i) {
		std::atomic<bool> go{false};
		auto thread = expect(test, jthread::run("kunit", [&](stop_token) {
					     while (!go)
						     bridge_yield();
					     return 7;
				     }));
		expect_soon(test, [&] { return thread.progress() == thread_progress::running; });
		go = true;
		if (auto done = thread.park(); done)
			expect(test, thread.unpark());
		else
			expect_error(test, done, errno_t::ESRCH);
		KUNIT_EXPECT_EQ(test, thread.stop().value_or(-7), 7);
	}
}

void jthread_survives_all_calls_at_once(kunit *test)
{
	for (int round = 0; round < repeats(5); ++round) {
		counter count;
		auto thread = expect(test, jthread::create("kunit", count.body()));
		auto call = [&](unsigned int first) {
			return [&thread, first](stop_token) {
				for (unsigned int i = 0; i < 40; ++i) {
					switch ((first + i * 7) % 5) {
					case 0:
						thread.wake();
						break;
					case 1:
						(void)thread.park();
						break;
					case 2:
						(void)thread.unpark();
						break;
					case 3:
						(void)thread.get();
						break;
					case 4:
						if (i > 30)
							(void)thread.stop();
					}
				}
				return 0;
			};
		};
		auto a = expect(test, jthread::run("a", call(0)));
		auto b = expect(test, jthread::run("b", call(1)));
		auto c = expect(test, jthread::run("c", call(3)));
		(void)a.join();
		(void)b.join();
		(void)c.join();
		const auto code = thread.stop();
		KUNIT_EXPECT_TRUE(test, code.value_or(-4) == 7 || code.value_or(-4) == -4);
	}
}

void jthread_others_can_park_and_stop_it_during_a_join(kunit *test)
{
	counter count;
	auto thread = expect(test, jthread::run("kunit", count.body()));
	auto joiner = expect(
		test, jthread::run("join", [&](stop_token) { return thread.join().value_or(-1); }));

	expect_state(test, joiner, 'D');
	expect(test, thread.park());
	KUNIT_EXPECT_TRUE(test, count.stands_still());
	expect(test, thread.unpark());
	KUNIT_EXPECT_TRUE(test, count.beats_on());
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, joiner.join().value_or(-1), 7);
}

void jthread_stop_during_a_join_ends_interruptible_waits(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", [](stop_token) {
				     return kunit_bridge_sleep_interruptible();
			     }));
	auto joiner = expect(
		test, jthread::run("join", [&](stop_token) { return thread.join().value_or(-1); }));

	expect_state(test, thread, 'S');
	expect_state(test, joiner, 'D');
	KUNIT_EXPECT_TRUE(test, thread.stop().value_or(0) < 0);
	KUNIT_EXPECT_TRUE(test, joiner.join().value_or(0) < 0);
}
