// SPDX-License-Identifier: GPL-2.0
#include "kthread/task_waiting.hpp"

#include "kthread/channel.hpp"
#include "kthread/completion.hpp"
#include "kthread/jthread.hpp"
#include "kthread/semaphore.hpp"

#include "native_bridge.h"
#include "task_fixture.hpp"

using kthread::awaitable_channel;
using kthread::awaitable_completion;
using kthread::awaitable_semaphore;

namespace
{
task<int> acquires(awaitable_semaphore<> &units, std::atomic<int> &got,
		   steady_clock::time_point deadline = kthread::never)
{
	auto unit = co_await this_task::acquire(units, deadline);

	if (!unit)
		co_return static_cast<int>(unit.error());
	++got;
	co_return 7;
}

task<void> counts_one(awaitable_semaphore<> &units, std::atomic<int> &got)
{
	auto unit = co_await this_task::acquire(units);

	got += unit.has_value();
	co_return unit;
}

task<int> completes(awaitable_completion &done)
{
	auto came = co_await this_task::wait(done);

	co_return came ? 7 : static_cast<int>(came.error());
}

task<int> sums(awaitable_channel<int, 2> &numbers)
{
	for (int sum = 0;;) {
		auto number = co_await this_task::pop(numbers);

		if (!number)
			co_return number.error() == errno_t::EPIPE ? sum : -1;
		sum += *number;
	}
}

task<int> pushes(awaitable_channel<int, 2> &numbers, int count)
{
	for (int i = 1; i <= count; ++i) {
		auto pushed = co_await this_task::push(numbers, i);

		if (!pushed)
			co_return static_cast<int>(pushed.error());
	}
	co_return 7;
}

task<int> takes_from(wait_queue_head *queue, std::atomic<int> &items, std::atomic<int> &looks)
{
	for (int taken = 0;;) {
		auto there = co_await this_task::wait_on_queue(queue, [&] {
			const bool more = items > taken;

			// After the look, as the test adds an item when it sees this.
			++looks;
			return more;
		});

		if (!there)
			co_return there.error() == errno_t::ECANCELED ? taken : -1;
		++taken;
	}
}

task<int> waits_on(kthread::shared_wait_queue &queue, const std::atomic<bool> &ready,
		   steady_clock::time_point deadline)
{
	auto there = co_await this_task::wait(
		queue, [&] { return ready.load(); }, deadline);

	co_return there ? 7 : static_cast<int>(there.error());
}
} // namespace

void task_waits_for_a_semaphore(kunit *test)
{
	const auto tasks = run_tasks(test);
	awaitable_semaphore<> units{0, "kunit units"_lock};
	std::atomic<int> got{0};
	job<int> one(tasks), other(tasks), late(tasks), stopped(tasks);

	expect(test, one.spawn(acquires(units, got)));
	expect(test, other.spawn(acquires(units, got)));
	units.release();
	expect_soon(test, [&] { return got == 1; });
	units.release();
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, other.join().value_or(-1), 7);

	expect(test, late.spawn(acquires(units, got, kthread::in(2ms))));
	KUNIT_EXPECT_EQ(test, late.join().value_or(-1), errno_t::ETIMEDOUT);
	expect(test, stopped.spawn(acquires(units, got)));
	wait_until_all_have_begun(test, tasks);
	stopped.request_stop();
	KUNIT_EXPECT_EQ(test, stopped.join().value_or(-1), errno_t::ECANCELED);
	KUNIT_EXPECT_FALSE(test, units.try_acquire());
}

// A task and a thread wait for the same: each unit goes to one of them.
void task_and_thread_wait_for_the_same_semaphore(kunit *test)
{
	const auto tasks = run_tasks(test);
	awaitable_semaphore<> units{0, "kunit units"_lock};
	std::atomic<int> got{0};
	auto thread = expect(test, kthread::jthread::run("kunit", [&](kthread::stop_token stop) {
				     while (units.acquire(stop))
					     ++got;
			     }));
	scope all(tasks);

	for (int i = 1; i <= 100; ++i) {
		expect(test, all.spawn(counts_one(units, got)));
		units.release();
		expect_soon(test, [&] { return got == i; });
	}
	all.request_stop();
	expect(test, all.wait());
}

void task_waits_for_a_completion(kunit *test)
{
	const auto tasks = run_tasks(test);
	awaitable_completion done{"kunit done"_lock};
	job<int> one(tasks), two(tasks), three(tasks);

	expect(test, one.spawn(completes(done)));
	wait_until_all_have_begun(test, tasks);
	expect_error(test, one.get(), errno_t::EAGAIN);
	done.complete();
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 7);
	expect(test, two.spawn(completes(done)));
	expect(test, three.spawn(completes(done)));
	wait_until_all_have_begun(test, tasks);
	done.complete_all();
	KUNIT_EXPECT_EQ(test, two.join().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, three.join().value_or(-1), 7);
}

void task_pushes_and_pops(kunit *test)
{
	const auto tasks = run_tasks(test);
	awaitable_channel<int, 2> numbers{"kunit numbers"_lock};
	job<int> consumer(tasks), producer(tasks), late_producer(tasks);

	expect(test, consumer.spawn(sums(numbers)));
	expect(test, producer.spawn(pushes(numbers, 100)));
	KUNIT_EXPECT_EQ(test, producer.join().value_or(-1), 7);
	// A thread on the other side.
	expect(test, numbers.push(1000));
	numbers.close();
	KUNIT_EXPECT_EQ(test, consumer.join().value_or(-1), 5050 + 1000);
	expect(test, late_producer.spawn(pushes(numbers, 1)));
	KUNIT_EXPECT_EQ(test, late_producer.join().value_or(-1), errno_t::EPIPE);
}

void task_waits_on_a_queue_of_c_code(kunit *test)
{
	const auto tasks = run_tasks(test);
	std::atomic<int> items{0}, looks{0};
	job<int> one(tasks);

	expect(test, one.spawn(takes_from(native_queue(), items, looks)));
	for (int i = 1; i <= 3; ++i) {
		expect_soon(test, [&] { return looks == 2 * i - 1; });
		++items;
		native_wake_interruptible();
	}
	expect_soon(test, [&] { return looks == 7; });
	// It is woken in vain.
	native_wake_interruptible();
	expect_soon(test, [&] { return looks == 8; });
	one.request_stop();
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 3);
}

void task_and_thread_wait_on_the_same_queue(kunit *test)
{
	const auto tasks = run_tasks(test);
	kthread::shared_wait_queue queue{"kunit"_lock};
	std::atomic<bool> ready{false};
	auto thread = expect(test, kthread::jthread::run("kunit", [&](kthread::stop_token stop) {
				     return kthread::to_errno(
					     queue.wait(stop, [&] { return ready.load(); }));
			     }));
	job<int> one(tasks), two(tasks), late(tasks);

	expect(test, late.spawn(waits_on(queue, ready, kthread::in(2ms))));
	KUNIT_EXPECT_EQ(test, late.join().value_or(-1), errno_t::ETIMEDOUT);
	expect(test, one.spawn(waits_on(queue, ready, kthread::never)));
	expect(test, two.spawn(waits_on(queue, ready, kthread::in(forever))));
	wait_until_all_have_begun(test, tasks);
	expect_state(test, thread, 'I');
	ready = true;
	queue.notify_all();
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, two.join().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 0);
}
