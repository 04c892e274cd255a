// SPDX-License-Identifier: GPL-2.0
#include "kthread/task_work.hpp"

#include "kthread/task_when.hpp"
#include "kthread/worker.hpp"

#include "task_fixture.hpp"

using kthread::pool;
using kthread::worker;
using kthread::workqueue;

namespace
{
struct sleeps_and_gives {
	int value;
	int operator()() const
	{
		kunit_bridge_sleep_ms(1);
		return value;
	}
};

template <class Place>
task<int> calls(const Place &place, int value, steady_clock::time_point deadline = kthread::never)
{
	auto got = co_await this_task::call_on(place, sleeps_and_gives{value}, deadline);

	co_return got ? *got : static_cast<int>(got.error());
}

// A call that ends when its token is asked, and has an object of the task by reference.
struct sleeps_until_stopped {
	std::atomic<int> &begun;
	int &ended;
	void operator()(const stop_token &stop) const
	{
		++begun;
		while (!stop.stop_requested())
			stop.sleep_for(forever);
		++ended;
	}
};

template <class Place>
task<int> calls_what_sleeps(const Place &place, std::atomic<int> &begun,
			    steady_clock::time_point deadline = kthread::never)
{
	const int before = begun;
	int ended = 0;
	auto slept =
		co_await this_task::call_on(place, sleeps_until_stopped{begun, ended}, deadline);

	// The function has ended as often as it has begun.
	co_return !slept && ended == begun - before ? static_cast<int>(slept.error()) : 0;
}

struct counts {
	std::atomic<int> &calls;
	void operator()() const { ++calls; }
};

// How it ends, and whether the counter is moved.
task<int> counts_on(const worker &place, std::atomic<int> &calls, steady_clock::time_point deadline)
{
	auto called = co_await this_task::call_on(place, counts{calls}, deadline);

	co_return called ? 7 : static_cast<int>(called.error());
}

task<int> joins(const jthread &thread, steady_clock::time_point deadline = kthread::never)
{
	auto ended = co_await this_task::join(thread, deadline);

	co_return ended ? *ended : static_cast<int>(ended.error());
}

task<int> gives_what_a_call_returns(const worker &place)
{
	auto failed = co_await this_task::call_on(
		place, []() -> result<int> { return std::unexpected(errno_t::EIO); });
	auto none = co_await this_task::call_on(place, [] {});
	auto only_moves = co_await this_task::call_on(place, [] {
		kunit_bridge_sleep_ms(1);
		return std::unique_ptr<int>(new (std::nothrow) int(7));
	});

	if (failed || failed.error() != errno_t::EIO || !none || !only_moves)
		co_return -1;
	co_return **only_moves;
}

// The limit of another function ends the call, too, and the stops of the task are as before.
task<int> calls_within(const worker &place, std::atomic<int> &begun)
{
	auto first = co_await kthread::within(2ms, calls_what_sleeps(place, begun));
	auto slept = co_await this_task::sleep_for(1ms);

	co_return first &&*first == static_cast<int>(errno_t::ECANCELED) && slept ? 7 : -1;
}
} // namespace

void task_calls_on_each_place(kunit *test)
{
	const auto tasks = run_tasks(test);
	const auto own = expect(test, worker::run("kunit"));
	const auto queue = expect(test, workqueue::create("kunit"));
	job<int> one(tasks), two(tasks), three(tasks), none(tasks);

	expect(test, one.spawn(calls(own, 1)));
	expect(test, two.spawn(calls(queue, 2)));
	expect(test, three.spawn(calls(pool::unbound(), 3)));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 1);
	KUNIT_EXPECT_EQ(test, two.join().value_or(-1), 2);
	KUNIT_EXPECT_EQ(test, three.join().value_or(-1), 3);
	expect(test, none.spawn(calls(worker(), 4)));
	KUNIT_EXPECT_EQ(test, none.join().value_or(-1), errno_t::ESRCH);
}

void task_gets_what_its_call_returns(kunit *test)
{
	const auto tasks = run_tasks(test);
	const auto own = expect(test, worker::run("kunit"));
	job<int> one(tasks);

	expect(test, one.spawn(gives_what_a_call_returns(own)));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 7);
}

// Other tasks run meanwhile.
void task_stop_reaches_the_token_of_its_call(kunit *test)
{
	const auto tasks = run_tasks(test);
	const auto own = expect(test, worker::run("kunit"));
	std::atomic<int> begun{0}, other_begun{0};
	job<int> one(tasks), other(tasks), late(tasks), inner(tasks);

	expect(test, one.spawn(calls_what_sleeps(own, begun)));
	expect(test, other.spawn(calls_what_sleeps(pool::unbound(), other_begun)));
	expect_soon(test, [&] { return begun == 1 && other_begun == 1; });
	wait_until_all_have_begun(test, tasks);
	one.request_stop();
	other.request_stop();
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), errno_t::ECANCELED);
	KUNIT_EXPECT_EQ(test, other.join().value_or(-1), errno_t::ECANCELED);

	expect(test, late.spawn(calls_what_sleeps(own, begun, kthread::in(20ms))));
	KUNIT_EXPECT_EQ(test, late.join().value_or(-1), errno_t::ETIMEDOUT);
	expect(test, inner.spawn(calls_within(own, begun)));
	KUNIT_EXPECT_EQ(test, inner.join().value_or(-1), 7);
}

// The worker is busy.
void task_call_that_has_not_begun_does_not_come(kunit *test)
{
	const auto tasks = run_tasks(test);
	std::atomic<bool> open{false};
	std::atomic<int> calls{0};
	const auto own = expect(test, worker::run("kunit"));
	kthread::work first(own, [&] {
		while (!open)
			kunit_bridge_sleep_ms(1);
	});
	job<int> one(tasks), late(tasks), last(tasks);

	first.queue();
	expect(test, one.spawn(counts_on(own, calls, kthread::never)));
	expect(test, late.spawn(counts_on(own, calls, kthread::in(2ms))));
	KUNIT_EXPECT_EQ(test, late.join().value_or(-1), errno_t::ETIMEDOUT);
	one.request_stop();
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), errno_t::ECANCELED);
	open = true;
	expect(test, last.spawn(counts_on(own, calls, kthread::never)));
	KUNIT_EXPECT_EQ(test, last.join().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, calls.load(), 1);
}

void task_joins_a_thread(kunit *test)
{
	const auto tasks = run_tasks(test);
	auto thread = expect(test, jthread::run_begun("kunit", sleep_until_stopped));
	auto created = expect(test, jthread::create("kunit", sleep_until_stopped));
	job<int> one(tasks), stopped(tasks), late(tasks), empty(tasks), never_run(tasks);

	expect(test, late.spawn(joins(thread, kthread::in(2ms))));
	KUNIT_EXPECT_EQ(test, late.join().value_or(-1), errno_t::ETIMEDOUT);
	expect(test, stopped.spawn(joins(thread)));
	wait_until_all_have_begun(test, tasks);
	stopped.request_stop();
	KUNIT_EXPECT_EQ(test, stopped.join().value_or(-1), errno_t::ECANCELED);
	KUNIT_EXPECT_TRUE(test, thread.joinable() && !thread.get_stop_token().stop_requested());

	expect(test, thread.park());
	expect(test, one.spawn(joins(thread)));
	thread.request_stop();
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);

	auto parked = expect(test, jthread::run_begun("kunit", sleep_until_stopped));
	job<int> before(tasks);
	expect(test, before.spawn(joins(parked)));
	kunit_bridge_sleep_ms(20);
	expect(test, parked.park());
	parked.request_stop();
	KUNIT_EXPECT_EQ(test, before.join().value_or(-1), 7);
	expect(test, never_run.spawn(joins(created)));
	KUNIT_EXPECT_EQ(test, never_run.join().value_or(-1), errno_t::EINTR);
	expect(test, empty.spawn(joins(jthread())));
	KUNIT_EXPECT_EQ(test, empty.join().value_or(-1), errno_t::ESRCH);
}

// The kernel runs up to 512 items of the pool at a time.
void task_joins_leave_the_pool_to_others(kunit *test)
{
	const auto tasks = run_tasks(test);
	auto thread = expect(test, jthread::run_begun("kunit", sleep_until_stopped));
	scope all(tasks);
	job<int> other(tasks);

	for (int i = 0; i < 520; ++i)
		expect(test, all.spawn(joins(thread)));
	wait_until_all_have_begun(test, tasks);
	expect(test, other.spawn(calls(pool::unbound(), 3, kthread::in(2s))));
	KUNIT_EXPECT_EQ(test, other.join().value_or(-1), 3);
	thread.request_stop();
	expect(test, all.wait());
}

// Calls, and threads that end, beside stops at any time.
void task_calls_survive_stops(kunit *test)
{
	const auto tasks = run_tasks(test);
	const auto own = expect(test, worker::run("kunit"));

	for (int i = 0; i < repeats(100); ++i) {
		const auto thread = expect(test, jthread::run("kunit", [] { return 7; }));
		std::atomic<int> begun{0};
		job<int> one(tasks), two(tasks), three(tasks);

		expect(test, one.spawn(calls_what_sleeps(own, begun)));
		expect(test, two.spawn(calls(pool::system(), 7)));
		expect(test, three.spawn(joins(thread)));
		if (i % 3)
			wait_until_all_have_begun(test, tasks);
		two.request_stop();
		three.request_stop();
		one.request_stop();
		// A task gives 0 if its call had begun and had not ended.
		KUNIT_EXPECT_TRUE(test, one.join().value_or(-1) != 0);
	}
}
