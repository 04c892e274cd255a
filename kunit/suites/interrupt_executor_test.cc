// SPDX-License-Identifier: GPL-2.0
#include "locks_bridge.h"
#include "task_fixture.hpp"

namespace
{
using storage = kthread::task_storage<512>;
constinit storage rooms[5];
constinit event interrupted;

executor run_in_interrupts(kunit *test)
{
	return expect(test, executor::run_in_interrupts());
}

// Beats so often, in the interrupt each time.
task<int> beats_in(storage &, int times)
{
	co_ticker every(1ms);
	unsigned int seen = 0;

	for (int i = 0; i < times; ++i) {
		auto beat = co_await every.wait();

		if (!beat)
			co_return -1;
		seen += bridge_hardirq_cpu() != 0 && kthread::steady_clock::now() >= every.due();
	}
	co_return seen == static_cast<unsigned int>(times) ? 7 : -2;
}

task<int> counts_in(storage &, event &e, std::atomic<int> &sum, counted_frame)
{
	for (;;) {
		auto came = co_await e.wait();

		if (!came)
			co_return static_cast<int>(came.error());
		++sum;
	}
}

task<int> on_the_heap(counted_frame)
{
	co_return 7;
}

task<int> awaits_one_on_the_heap(storage &, std::atomic<int> &frames)
{
	auto r = co_await on_the_heap(counted_frame(frames));

	co_return r ? 1 : static_cast<int>(r.error());
}

task<int> takes_a_task(storage &, task<int> child)
{
	auto r = co_await std::move(child);

	co_return r;
}

task<void> sets_each_time(storage &, event &e)
{
	co_ticker every(200us);

	for (;;) {
		auto beat = co_await every.wait();

		if (!beat)
			co_return beat;
		e.set();
	}
}

task<int> child_in(storage &)
{
	auto slept = co_await this_task::sleep_for(2ms);

	co_return slept ? 3 : -1;
}
task<int> parent_in(storage &, storage &for_child, storage &for_other)
{
	auto self = co_await this_task::self();
	scope inner(self);
	auto spawned = inner.spawn(child_in(for_other));
	auto waited = inner.wait();
	auto r = co_await child_in(for_child);
	auto joined = co_await inner.join();

	if (!spawned || !r || !joined || waited || waited.error() != errno_t::EDEADLK)
		co_return -1;
	co_return *r + 4;
}

task<int> waits_in(storage &, event &e, counted_frame)
{
	auto came = co_await e.wait();

	co_return came ? 1 : 2;
}
task<int> forgets_to_join_in(storage &, storage &for_child, event &e, std::atomic<int> &frames)
{
	auto self = co_await this_task::self();
	{
		scope inner(self);

		if (!inner.spawn(waits_in(for_child, e, counted_frame(frames))))
			co_return 1;
		auto yielded = co_await this_task::yield();
		if (!yielded)
			co_return 2;
	}
	co_return frames == 0 ? 7 : 3;
}

task<int> ends_its_scope_in(storage &, scope &own, std::atomic<int> &ended,
			    std::atomic<int> &frames)
{
	own.~scope();
	const int left = frames;
	auto slept = co_await this_task::sleep_for(10s);

	ended = left == 0 && !slept ? 7 : 1;
	co_return 0;
}

// Goes on without a wait until it is told to end.
task<int> computes_in(storage &, const std::atomic<bool> &end)
{
	while (!end) {
		auto yielded = co_await this_task::yield();

		if (!yielded)
			co_return -1;
	}
	co_return 7;
}

// Answers so often, or until it is told to end.
task<int> answers_in(storage &, event &mine, event &other, const std::atomic<bool> &end)
{
	for (int i = 0; i < 100000 && !end; ++i) {
		auto came = co_await mine.wait();

		if (!came)
			co_return 7;
		other.set();
	}
	co_return end ? 7 : -1;
}
} // namespace

void interrupt_executor_beats_in_the_interrupt(kunit *test)
{
	const auto tasks = run_in_interrupts(test);
	job<int> one(tasks), other(tasks);

	expect(test, one.spawn(beats_in(rooms[0], 20)));
	expect(test, other.spawn(beats_in(rooms[1], 10)));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-3), 7);
	KUNIT_EXPECT_EQ(test, other.join().value_or(-3), 7);
}

void interrupt_executor_refuses_frames_on_the_heap(kunit *test)
{
	auto tasks = run_in_interrupts(test);
	std::atomic<int> frames{0};
	job<int> one(tasks);

	expect_error(test, one.spawn(on_the_heap(counted_frame(frames))), errno_t::EINVAL);
	KUNIT_EXPECT_EQ(test, frames.load(), 0);

	// A task among the parameters may not be on the heap either.
	job<int> other(tasks), inner(tasks);
	expect_error(test, other.spawn(takes_a_task(rooms[0], on_the_heap(counted_frame(frames)))),
		     errno_t::EINVAL);
	expect_error(test,
		     inner.spawn(takes_a_task(
			     rooms[0], takes_a_task(rooms[1], on_the_heap(counted_frame(frames))))),
		     errno_t::EINVAL);
	KUNIT_EXPECT_EQ(test, frames.load(), 0);
	expect_error(test, tasks.park(), errno_t::ESRCH);

	// A job that was refused is as it was.
	expect_error(test, one.get(), errno_t::EAGAIN);
	expect(test, one.spawn(beats_in(rooms[0], 1)));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-3), 7);
}

void interrupt_executor_allocates_nothing(kunit *test)
{
	const auto tasks = run_in_interrupts(test);
	std::atomic<int> frames{0};
	job<int> one(tasks);

	expect(test, one.spawn(awaits_one_on_the_heap(rooms[0], frames)));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-3), static_cast<int>(errno_t::ENOMEM));
	KUNIT_EXPECT_EQ(test, frames.load(), 0);
}

void interrupt_executor_takes_posts_from_everywhere(kunit *test)
{
	const auto tasks = run_in_interrupts(test), others = run_tasks(test);
	std::atomic<int> sum{0}, interrupts{0}, frames{0};
	event from_thread, from_task, from_other;
	scope all(tasks), other(others);
	auto ticks = expect(test, jthread::run("kunit", [&](stop_token stop) {
				    while (stop.sleep_for(100us))
					    from_thread.set();
				    return 7;
			    }));

	expect(test, all.spawn(counts_in(rooms[0], from_thread, sum, counted_frame(frames))));
	expect(test, all.spawn(counts_in(rooms[1], from_task, sum, counted_frame(frames))));
	expect(test,
	       all.spawn(counts_in(rooms[2], interrupted, interrupts, counted_frame(frames))));
	expect(test, all.spawn(counts_in(rooms[3], from_other, sum, counted_frame(frames))));
	expect(test, all.spawn(sets_each_time(rooms[4], from_task)));
	storage of_other;
	expect(test, other.spawn(sets_each_time(of_other, from_other)));
	locks_bridge_start_interrupts([] { interrupted.set(); });
	expect_soon(test, [&] { return sum > 200 && interrupts > 10; });
	locks_bridge_stop_interrupts();
	KUNIT_EXPECT_EQ(test, ticks.stop().value_or(-1), 7);
	other.request_stop();
	expect(test, other.wait());
	all.request_stop();
	expect(test, all.wait());
	KUNIT_EXPECT_EQ(test, frames.load(), 0);
}

void interrupt_executor_has_children_and_scopes(kunit *test)
{
	const auto tasks = run_in_interrupts(test);
	job<int> one(tasks);

	expect(test, one.spawn(parent_in(rooms[0], rooms[1], rooms[2])));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-3), 7);
}

void interrupt_executor_waits_for_a_scope_that_was_not_joined(kunit *test)
{
	const auto tasks = run_in_interrupts(test);
	std::atomic<int> frames{0};
	event e;
	job<int> one(tasks);

	expect(test, one.spawn(forgets_to_join_in(rooms[0], rooms[1], e, frames)));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-3), 7);
}

void interrupt_executor_goes_on_without_a_scope_that_its_task_ends(kunit *test)
{
	std::atomic<int> ended{0}, frames{0};
	event e;
	{
		const auto tasks = run_in_interrupts(test);
		alignas(scope) std::byte memory[sizeof(scope)];
		scope &all = *new (memory) scope(tasks);

		expect(test, all.spawn(waits_in(rooms[0], e, counted_frame(frames))));
		expect(test, all.spawn(ends_its_scope_in(rooms[1], all, ended, frames)));
		expect_soon(test, [&] { return ended != 0; });
	}
	KUNIT_EXPECT_EQ(test, ended.load(), 7);
	KUNIT_EXPECT_EQ(test, frames.load(), 0);
}

void interrupt_executor_lets_others_run(kunit *test)
{
	const auto tasks = run_in_interrupts(test);
	std::atomic<bool> end{false};
	job<int> busy(tasks);

	expect(test, busy.spawn(computes_in(rooms[0], end)));
	// This thread goes on besides.
	kunit_bridge_sleep_ms(20);
	expect_error(test, busy.get(), errno_t::EAGAIN);
	end = true;
	KUNIT_EXPECT_EQ(test, busy.join().value_or(-3), 7);
}

// Two executors that answer each other do not keep this thread from going on either.
void interrupt_executors_that_answer_each_other_let_others_run(kunit *test)
{
	const auto tasks = run_in_interrupts(test), others = run_in_interrupts(test);
	std::atomic<bool> end{false};
	event one, other;
	job<int> a(tasks), b(others);

	expect(test, a.spawn(answers_in(rooms[0], one, other, end)));
	expect(test, b.spawn(answers_in(rooms[1], other, one, end)));
	one.set();
	kunit_bridge_sleep_ms(20);
	end = true;
	kunit_bridge_sleep_ms(1);
	a.request_stop();
	b.request_stop();
	KUNIT_EXPECT_EQ(test, a.join().value_or(-3), 7);
	KUNIT_EXPECT_EQ(test, b.join().value_or(-3), 7);
}

void interrupt_executor_that_goes_stops_its_tasks(kunit *test)
{
	std::atomic<int> frames{0}, sum{0};
	event e;

	for (int i = 0; i < 20; ++i) {
		auto tasks = run_in_interrupts(test);
		job<int> one(tasks), late(tasks);

		expect(test, one.spawn(counts_in(rooms[0], e, sum, counted_frame(frames))));
		if (i & 1)
			e.set();
		tasks = executor();
		const auto ended = one.join();
		KUNIT_EXPECT_TRUE(test, !ended || *ended == static_cast<int>(errno_t::ECANCELED));
		KUNIT_EXPECT_EQ(test, frames.load(), 0);
		expect_error(test, late.spawn(counts_in(rooms[0], e, sum, counted_frame(frames))),
			     errno_t::ECANCELED);
		KUNIT_EXPECT_EQ(test, frames.load(), 0);
		e.set();
	}
}
