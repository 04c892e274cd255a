// SPDX-License-Identifier: GPL-2.0
#include "kthread/task_when.hpp"

#include "task_fixture.hpp"

using kthread::when_all;
using kthread::when_any;
using kthread::within;

namespace
{
constexpr int long_time = 1000000;

task<int> sleeps(int ms, counted_frame)
{
	auto slept = co_await this_task::sleep_for(std::chrono::milliseconds(ms));

	if (!slept)
		co_return std::unexpected(slept.error());
	co_return ms;
}

// A child in a child.
task<int> sleeps_below(int ms, std::atomic<int> &frames)
{
	const counted_frame own(frames);
	auto slept = co_await sleeps(ms, counted_frame(frames));

	co_return slept;
}

task<void> sleeps_twice(std::atomic<int> &ended)
{
	auto first = co_await this_task::sleep_for(std::chrono::milliseconds(long_time));
	auto second = co_await this_task::sleep_for(std::chrono::milliseconds(long_time));

	ended += !first && !second;
	co_return second;
}

task<int> all_of_three(std::atomic<int> &frames)
{
	auto all = co_await when_all(sleeps_below(3, frames), sleeps_below(1, frames),
				     sleeps_below(2, frames));

	if (!all)
		co_return std::unexpected(all.error());

	const auto &[a, b, c] = *all;

	co_return a.value_or(0) * 100 + b.value_or(0) * 10 + c.value_or(0);
}

task<int> any_of_three(std::atomic<int> &frames)
{
	auto any = co_await when_any(sleeps_below(long_time, frames), sleeps_below(1, frames),
				     sleeps_below(long_time, frames));

	if (!any)
		co_return std::unexpected(any.error());
	co_return static_cast<int>(any->index) * 10 + any->value.value_or(-1);
}

task<int> all_of_nothing(std::atomic<int> &frames)
{
	auto all = co_await when_all(sleeps_below(1, frames), task<int>());

	co_return all ? 0 : static_cast<int>(all.error());
}

task<int> too_late(std::atomic<int> &frames, std::atomic<int> &ended)
{
	auto late = co_await within(2ms, sleeps_below(long_time, frames));
	auto in_time = co_await within(1h, sleeps_below(2, frames));
	auto twice = co_await within(2ms, sleeps_twice(ended));
	auto nested = co_await within(1h, any_of_three(frames));
	// It is not stopped itself.
	auto slept = co_await this_task::sleep_for(1ms);

	co_return late.error() == errno_t::ETIMEDOUT &&in_time.value_or(0) == 2 &&
			twice.error() == errno_t::ETIMEDOUT &&ended == 1 && nested &&slept
		? 7
		: 1;
}

// On a busy host both limits can be over at once. The outer one may then have stopped the inner
// task first.
task<int> nested_limits(std::atomic<int> &frames, steady_clock::time_point outer_limit)
{
	auto inner = co_await within(2ms, sleeps_below(long_time, frames));

	if (inner)
		co_return 1;
	if (inner.error() != errno_t::ETIMEDOUT && steady_clock::now() < outer_limit)
		co_return 1;
	auto outer = co_await within(1h, sleeps_below(long_time, frames));

	co_return std::unexpected(outer.error());
}
task<int> limits_in_limits(std::atomic<int> &frames)
{
	const auto limit = steady_clock::now() + 20ms;
	auto r = co_await within(20ms, nested_limits(frames, limit));

	co_return r || r.error() != errno_t::ETIMEDOUT ? 1 : 7;
}

// Stopped by so many, and by a limit that comes and goes, it sees a stop.
task<int> is_stopped_by(unsigned int many, std::atomic<int> &frames)
{
	const auto self = co_await this_task::self();

	self.put_stops_back(many);
	auto late = co_await within(0ms, sleeps_below(long_time, frames));

	co_return !late && self.stop_requested() ? 7 : 1;
}
} // namespace

void when_all_gives_each_result(kunit *test)
{
	const auto tasks = run_tasks(test);
	std::atomic<int> frames{0};
	job<int> one(tasks), nothing(tasks);

	expect(test, one.spawn(all_of_three(frames)));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 312);
	expect(test, nothing.spawn(all_of_nothing(frames)));
	KUNIT_EXPECT_EQ(test, nothing.join().value_or(-1), errno_t::ENOMEM);
	KUNIT_EXPECT_EQ(test, frames.load(), 0);
}

void when_any_stops_the_others(kunit *test)
{
	const auto tasks = run_tasks(test);
	std::atomic<int> frames{0};
	job<int> one(tasks);

	expect(test, one.spawn(any_of_three(frames)));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 11);
	KUNIT_EXPECT_EQ(test, frames.load(), 0);
}

void when_all_is_stopped_with_its_task(kunit *test)
{
	const auto tasks = run_tasks(test);
	std::atomic<int> frames{0};
	struct long_ones {
		static task<int> run(std::atomic<int> &frames)
		{
			auto all = co_await when_all(sleeps_below(long_time, frames),
						     sleeps_below(long_time, frames));
			auto again = co_await when_all(sleeps_below(long_time, frames));

			if (!all || !again)
				co_return 1;

			const auto &[a, b] = *all;
			const auto &[c] = *again;
			const auto stopped = errno_t::ECANCELED;

			co_return a.error() == stopped &&b.error() == stopped &&c.error() == stopped
				? 7
				: 2;
		}
	};
	job<int> one(tasks);

	expect(test, one.spawn(long_ones::run(frames)));
	expect_soon(test, [&] { return frames == 4; });
	one.request_stop();
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, frames.load(), 0);
}

void within_ends_what_is_late(kunit *test)
{
	const auto tasks = run_tasks(test);
	std::atomic<int> frames{0}, ended{0};
	job<int> one(tasks), nested(tasks);

	expect(test, one.spawn(too_late(frames, ended)));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 7);
	expect(test, nested.spawn(limits_in_limits(frames)));
	KUNIT_EXPECT_EQ(test, nested.join().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, frames.load(), 0);
}

void within_very_many_limits_a_task_is_stopped(kunit *test)
{
	const auto tasks = run_tasks(test);
	std::atomic<int> frames{0};

	for (const unsigned int many : {0xfffeu, 0xffffu, 0x10000u}) {
		job<int> stopped(tasks);

		expect(test, stopped.spawn(is_stopped_by(many, frames)));
		KUNIT_EXPECT_EQ(test, stopped.join().value_or(-1), 7);
	}
}
