// SPDX-License-Identifier: GPL-2.0
#include "locks_bridge.h"
#include "task_fixture.hpp"

namespace
{
constinit event interrupted;

task<int> awaits(event &e, steady_clock::time_point deadline, counted_frame)
{
	auto came = co_await e.wait(deadline);

	co_return came ? 7 : static_cast<int>(came.error());
}
task<int> awaits(event &e)
{
	auto came = co_await e.wait();

	co_return came ? 7 : static_cast<int>(came.error());
}

task<int> counts(event &e, std::atomic<int> &sum)
{
	for (;;) {
		auto came = co_await e.wait();

		if (!came)
			co_return static_cast<int>(came.error());
		++sum;
	}
}

task<int> sleeps(kthread::timeout time)
{
	const auto start = steady_clock::now();
	auto slept = co_await this_task::sleep_for(time);

	if (!slept)
		co_return slept.error() == errno_t::ECANCELED ? 8 : 9;
	co_return steady_clock::now() - start >= time.get() ? 7 : 1;
}

task<void> sleeps_in(scope &, int ms, std::atomic<int> &ended)
{
	auto slept = co_await this_task::sleep_for(std::chrono::milliseconds(ms), 1ms);

	++ended;
	co_return slept;
}

task<int> waits_for_children(std::atomic<int> &ended, bool stops)
{
	auto self = co_await this_task::self();
	scope inner(self);
	bool spawned = true;

	for (int i = 0; i < 5; ++i)
		spawned = spawned && inner.spawn(sleeps_in(inner, stops ? 1000000 : i, ended));
	if (stops)
		inner.request_stop();
	auto joined = co_await inner.join();

	co_return joined &&spawned &&ended == 5 ? 7 : 1;
}

task<int> forgets_to_join(std::atomic<int> &ended)
{
	auto self = co_await this_task::self();
	{
		scope inner(self);

		if (!inner.spawn(sleeps_in(inner, 1000000, ended)))
			co_return 1;
		auto yielded = co_await this_task::yield();
		if (!yielded)
			co_return 2;
	}
	co_return ended == 1 ? 7 : 3;
}

task<int> waits_for_another(scope &other)
{
	auto joined = co_await other.join();

	co_return joined ? 0 : static_cast<int>(joined.error());
}

task<void> joins(scope &own, std::atomic<int> &error)
{
	auto joined = co_await own.join();

	error = joined ? 0 : static_cast<int>(joined.error());
	co_return {};
}

task<int> sets_in_5_ms(event &e)
{
	(void)co_await this_task::sleep_for(5ms);
	e.set();
	co_return 7;
}

task<int> waits_by_the_thread(scope &all)
{
	co_return kthread::to_errno(all.wait());
}

task<void> says(char c, char *&to, int times)
{
	for (int i = 0; i < times; ++i) {
		*to++ = c;
		auto yielded = co_await this_task::yield();
		if (!yielded)
			co_return yielded;
	}
	co_return {};
}

task<void> beats(std::atomic<int> &sum)
{
	co_ticker every(2ms, 500us);

	for (;;) {
		auto beat = co_await every.wait();

		if (!beat)
			co_return beat;
		++sum;
	}
}

task<int> beats_at_multiples()
{
	co_ticker every(3ms);
	const auto start = every.due();

	for (unsigned int i = 1; i <= 20; ++i) {
		auto beat = co_await every.wait();

		if (!beat || every.due() - start != (i + every.missed()) * 3ms ||
		    steady_clock::now() < every.due())
			co_return -1;
	}
	co_return 7;
}

task<int> misses()
{
	co_ticker every(20ms);

	auto first = co_await every.wait();
	kunit_bridge_sleep_ms(110);
	auto late = co_await every.wait();
	co_return first &&late &&every.missed() >= 4 ? 7 : -1;
}
} // namespace

void event_wakes_its_task(kunit *test)
{
	const auto tasks = run_tasks(test);
	std::atomic<int> sum{0};
	event e;
	job<int> one(tasks);

	expect(test, one.spawn(counts(e, sum)));
	for (int i = 1; i <= 100; ++i) {
		e.set();
		expect_soon(test, [&] { return sum == i; });
	}
	one.request_stop();
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), errno_t::ECANCELED);
}

void scope_joined_by_its_own_task_is_einval(kunit *test)
{
	const auto tasks = run_tasks(test);
	scope own(tasks);
	std::atomic<int> error{0};

	expect(test, own.spawn(joins(own, error)));
	expect(test, own.wait());
	KUNIT_EXPECT_EQ(test, error.load(), static_cast<int>(errno_t::EINVAL));
}

void scope_wait_ends_although_a_task_joins(kunit *test)
{
	const auto tasks = run_tasks(test);
	scope all(tasks);
	event e;
	job<int> joiner(tasks), setter(tasks);

	expect(test, all.spawn(awaits(e)));
	expect(test, joiner.spawn(waits_for_another(all)));
	expect(test, setter.spawn(sets_in_5_ms(e)));
	expect(test, all.wait());
	KUNIT_EXPECT_EQ(test, joiner.join().value_or(-1), 0);
}

void event_is_remembered_once(kunit *test)
{
	const auto tasks = run_tasks(test);
	event e;
	job<int> first(tasks), second(tasks);

	e.set();
	e.set();
	expect(test, first.spawn(awaits(e)));
	KUNIT_EXPECT_EQ(test, first.join().value_or(-1), 7);
	expect(test, second.spawn(awaits(e)));
	wait_until_all_have_begun(test, tasks);
	expect_error(test, second.get(), errno_t::EAGAIN);
	e.set();
	KUNIT_EXPECT_EQ(test, second.join().value_or(-1), 7);
}

void event_for_two_refuses_the_second(kunit *test)
{
	const auto tasks = run_tasks(test);
	event e;
	job<int> first(tasks), second(tasks);

	expect(test, first.spawn(awaits(e)));
	expect(test, second.spawn(awaits(e)));
	KUNIT_EXPECT_EQ(test, second.join().value_or(-1), errno_t::EBUSY);
	e.set();
	KUNIT_EXPECT_EQ(test, first.join().value_or(-1), 7);
}

void event_wait_ends_at_its_deadline(kunit *test)
{
	const auto tasks = run_tasks(test);
	std::atomic<int> frames{0};
	event e;
	job<int> late(tasks), past(tasks);
	const auto start = steady_clock::now();

	expect(test, late.spawn(awaits(e, kthread::in(20ms), counted_frame(frames))));
	KUNIT_EXPECT_EQ(test, late.join().value_or(-1), errno_t::ETIMEDOUT);
	KUNIT_EXPECT_TRUE(test, steady_clock::now() - start >= 20ms);
	expect(test, past.spawn(awaits(e, steady_clock::time_point(), counted_frame(frames))));
	KUNIT_EXPECT_EQ(test, past.join().value_or(-1), errno_t::ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, frames.load(), 0);
}

void task_sleep_lasts_its_time(kunit *test)
{
	const auto tasks = run_tasks(test);
	job<int> none(tasks), some(tasks), negative(tasks), longest(tasks);

	expect(test, none.spawn(sleeps(0ms)));
	expect(test, some.spawn(sleeps(20ms)));
	expect(test, negative.spawn(sleeps(-5h)));
	expect(test, longest.spawn(sleeps(std::chrono::nanoseconds::max())));
	KUNIT_EXPECT_EQ(test, none.join().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, some.join().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, negative.join().value_or(-1), 7);
	expect_error(test, longest.get(), errno_t::EAGAIN);
	longest.request_stop();
	KUNIT_EXPECT_EQ(test, longest.join().value_or(-1), 8);
}

void co_ticker_beats_at_multiples_of_its_period(kunit *test)
{
	const auto tasks = run_tasks(test);
	job<int> exact(tasks), late(tasks);

	expect(test, exact.spawn(beats_at_multiples()));
	KUNIT_EXPECT_EQ(test, exact.join().value_or(-1), 7);
	expect(test, late.spawn(misses()));
	KUNIT_EXPECT_EQ(test, late.join().value_or(-1), 7);
}

void scope_waits_for_all(kunit *test)
{
	const auto tasks = run_tasks(test);
	std::atomic<int> ended{0};
	scope all(tasks);

	for (int i = 0; i < 50; ++i)
		expect(test, all.spawn(sleeps_in(all, i % 7, ended)));
	expect(test, all.wait());
	KUNIT_EXPECT_EQ(test, ended.load(), 50);
	expect(test, all.spawn(sleeps_in(all, 1, ended)));
	expect(test, all.wait());
	KUNIT_EXPECT_EQ(test, ended.load(), 51);
}

void scope_stop_ends_all_waits(kunit *test)
{
	const auto tasks = run_tasks(test);
	std::atomic<int> ended{0}, frames{0};
	event e;
	{
		scope all(tasks);

		for (int i = 0; i < 50; ++i)
			expect(test, all.spawn(sleeps_in(all, 1000000, ended)));
		expect(test, all.spawn(awaits(e, kthread::never, counted_frame(frames))));
		wait_until_all_have_begun(test, tasks);
		all.request_stop();
		KUNIT_EXPECT_TRUE(test, all.stop_requested());
		expect_error(test, all.spawn(sleeps_in(all, 1, ended)), errno_t::ECANCELED);
	}
	KUNIT_EXPECT_EQ(test, ended.load(), 50);
	KUNIT_EXPECT_EQ(test, frames.load(), 0);
}

void scope_of_a_task_owns_its_children(kunit *test)
{
	const auto tasks = run_tasks(test);
	std::atomic<int> ended{0}, stopped{0};
	job<int> parent(tasks), stops(tasks);

	expect(test, parent.spawn(waits_for_children(ended, false)));
	KUNIT_EXPECT_EQ(test, parent.join().value_or(-1), 7);
	expect(test, stops.spawn(waits_for_children(stopped, true)));
	KUNIT_EXPECT_EQ(test, stops.join().value_or(-1), 7);
}

void scope_of_a_task_is_stopped_with_it(kunit *test)
{
	const auto tasks = run_tasks(test);
	std::atomic<int> ended{0};
	struct parent {
		static task<int> run(std::atomic<int> &ended)
		{
			auto self = co_await this_task::self();
			scope inner(self);
			auto spawned = inner.spawn(sleeps_in(inner, 1000000, ended));
			auto joined = co_await inner.join();

			// All have ended, and the task was stopped meanwhile.
			if (!spawned || ended != 1 || !self.stop_requested() || joined)
				co_return 1;
			co_return joined.error() == errno_t::ECANCELED ? 7 : 2;
		}
	};
	job<int> one(tasks);

	expect(test, one.spawn(parent::run(ended)));
	wait_until_all_have_begun(test, tasks);
	one.request_stop();
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 7);
}

void scope_of_a_task_that_was_not_joined_is_reported(kunit *test)
{
	const auto tasks = run_tasks(test);
	std::atomic<int> ended{0};
	job<int> one(tasks);

	expect(test, one.spawn(forgets_to_join(ended)));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 7);
}

void scope_join_of_another_executor_is_einval(kunit *test)
{
	const auto tasks = run_tasks(test), others = run_tasks(test);
	scope all(tasks), other(others);
	job<int> foreign(tasks), itself(tasks);

	expect(test, foreign.spawn(waits_for_another(other)));
	KUNIT_EXPECT_EQ(test, foreign.join().value_or(-1), errno_t::EINVAL);
	expect(test, itself.spawn(waits_by_the_thread(all)));
	KUNIT_EXPECT_EQ(test, itself.join().value_or(-1), errno_t::EDEADLK);
}

void executor_runs_tasks_in_turn(kunit *test)
{
	const auto tasks = run_tasks(test);
	char text[16] = {}, *end = text;
	scope all(tasks);

	expect(test, all.spawn(says('a', end, 4)));
	expect(test, all.wait());
	expect(test, all.spawn(says('b', end, 3)));
	expect(test, all.wait());
	KUNIT_EXPECT_TRUE(test, !__builtin_strcmp(text, "aaaabbb"));

	// Both are there before the first runs again.
	struct both {
		static task<int> spawn(char *&end)
		{
			auto self = co_await this_task::self();
			scope inner(self);
			const bool spawned =
				inner.spawn(says('c', end, 3)) && inner.spawn(says('d', end, 3));
			auto joined = co_await inner.join();

			co_return joined &&spawned ? 7 : 1;
		}
	};
	job<int> one(tasks);

	end = text;
	expect(test, one.spawn(both::spawn(end)));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 7);
	KUNIT_EXPECT_TRUE(test, !__builtin_memcmp(text, "cdcdcd", 6));
}

void executor_that_goes_stops_its_tasks(kunit *test)
{
	std::atomic<int> frames{0}, sum{0};
	event e;
	auto tasks = run_tasks(test);
	scope all(tasks);
	job<int> one(tasks), never_run(tasks);

	// It has begun before the others beat.
	expect(test, one.spawn(awaits(e, kthread::never, counted_frame(frames))));
	for (int i = 0; i < 10; ++i)
		expect(test, all.spawn(beats(sum)));
	expect_soon(test, [&] { return sum > 20; });
	tasks = executor();
	expect(test, all.wait());
	KUNIT_EXPECT_EQ(test, frames.load(), 0);
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), errno_t::ECANCELED);
	expect_error(test, never_run.spawn(awaits(e)), errno_t::ECANCELED);
	all.request_stop();
	e.set();
}

void executor_that_is_empty_takes_no_task(kunit *test)
{
	const executor none;
	event e;
	scope all(none);
	job<int> one(none);

	expect_error(test, all.spawn(awaits(e)), errno_t::ECANCELED);
	expect_error(test, one.spawn(awaits(e)), errno_t::ECANCELED);
	all.request_stop();
	expect(test, all.wait());
}

void executor_parks_with_its_tasks(kunit *test)
{
	auto tasks = run_tasks(test);
	std::atomic<int> sum{0};
	scope all(tasks);

	expect(test, all.spawn(beats(sum)));
	expect_soon(test, [&] { return sum > 2; });
	expect(test, tasks.park());
	const int parked = sum;
	kunit_bridge_sleep_ms(20);
	KUNIT_EXPECT_EQ(test, sum.load(), parked);
	expect(test, tasks.unpark());
	expect_soon(test, [&] { return sum > parked; });
}

void executor_takes_posts_from_everywhere(kunit *test)
{
	const auto tasks = run_tasks(test), others = run_tasks(test);
	std::atomic<int> sum{0}, interrupts{0};
	event from_thread, from_task;
	scope all(tasks), other(others);
	auto ticks = expect(test, jthread::run("kunit", [&](stop_token stop) {
				    while (stop.sleep_for(100us))
					    from_thread.set();
				    return 7;
			    }));
	struct sets {
		static task<void> run(event &e)
		{
			co_ticker every(200us);

			for (;;) {
				auto beat = co_await every.wait();

				if (!beat)
					co_return beat;
				e.set();
			}
		}
	};

	expect(test, all.spawn(counts(from_thread, sum)));
	expect(test, all.spawn(counts(from_task, sum)));
	expect(test, other.spawn(sets::run(from_task)));
	expect(test, all.spawn(counts(interrupted, interrupts)));
	locks_bridge_start_interrupts([] { interrupted.set(); });
	expect_soon(test, [&] { return sum > 100 && interrupts > 10; });
	locks_bridge_stop_interrupts();
	KUNIT_EXPECT_EQ(test, ticks.stop().value_or(-1), 7);
	other.request_stop();
	expect(test, other.wait());
}
