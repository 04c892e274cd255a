// SPDX-License-Identifier: GPL-2.0
//
// Many tasks that wait for this and that, of scopes that end at any time, for the checkers of the kernel.
#include "kthread/task_when.hpp"

#include "locks_bridge.h"
#include "task_fixture.hpp"

using kthread::when_all;
using kthread::when_any;
using kthread::within;

namespace
{
constexpr unsigned int event_count = 64;
constinit event events[event_count];

// Of a task, so that each has its own.
class numbers
{
public:
	explicit numbers(unsigned int seed) : state_(seed * 2654435761u + 1) {}
	unsigned int below(unsigned int end)
	{
		state_ = state_ * 1664525u + 1013904223u;
		return (state_ >> 8) % end;
	}

private:
	unsigned int state_;
};

std::chrono::microseconds micros(unsigned int n)
{
	return std::chrono::microseconds(n);
}

task<int> sleeps(unsigned int us)
{
	auto slept = co_await this_task::sleep_for(micros(us), micros(us / 4));

	co_return slept ? 1 : 0;
}

// One in the other, each with a scope that it does not join.
task<int> nests(int deeper, std::atomic<int> &begun, std::atomic<int> &ended)
{
	auto self = co_await this_task::self();
	{
		scope inner(self);

		++begun;
		if (deeper && !inner.spawn(nests(deeper - 1, begun, ended)))
			co_return 1;

		auto slept = co_await this_task::sleep_for(1h);

		if (slept)
			co_return 2;
	}
	++ended;
	co_return 7;
}

task<int> waits(unsigned int which, unsigned int us)
{
	auto came = co_await events[which % event_count].wait(kthread::in(micros(us)));

	co_return came ? 1 : 0;
}

task<void> child(unsigned int us)
{
	auto slept = co_await this_task::sleep_for(micros(us));

	co_return slept;
}

task<int> owns(numbers random)
{
	auto self = co_await this_task::self();
	scope inner(self);
	bool spawned = true;

	for (unsigned int i = random.below(4); i; --i)
		spawned = spawned && inner.spawn(child(random.below(5000)));
	if (random.below(2))
		inner.request_stop();
	auto joined = co_await inner.join();

	co_return spawned &&joined ? 1 : 0;
}

task<int> one_wait(numbers random)
{
	const unsigned int us = random.below(10000), other = random.below(10000);

	switch (random.below(7)) {
	case 0:
		return sleeps(us);
	case 1:
		return waits(us, other);
	case 2:
		return owns(random);
	default:
		return sleeps(us / 16);
	}
}

task<int> wanders(unsigned int seed, std::atomic<int> &ended, counted_frame)
{
	numbers random(seed);
	auto self = co_await this_task::self();

	for (unsigned int i = random.below(8); i && !self.stop_requested(); --i) {
		const unsigned int us = random.below(10000);

		if (const unsigned int how = random.below(4); how == 0) {
			auto r = co_await within(micros(us), one_wait(random));
			events[us % event_count].set();
			(void)r;
		} else if (how == 1) {
			auto r = co_await when_any(one_wait(random), sleeps(us));
			(void)r;
		} else if (how == 2) {
			auto r = co_await when_all(sleeps(us / 2), one_wait(random));
			(void)r;
		} else {
			auto r = co_await one_wait(random);
			(void)r;
		}
		(void)random.below(2);
	}
	++ended;
	co_return 0;
}

constinit std::atomic<unsigned int> which{0};

void interrupts()
{
	events[which++ % event_count].set();
}

// Ends half of the scopes so many milliseconds after the last task was spawned.
void survive(kunit *test, unsigned int stop_after)
{
	const auto count = static_cast<unsigned int>(repeats(250));
	std::atomic<int> frames{0}, ended{0};
	int spawned = 0;
	const auto tasks = run_tasks(test), others = run_tasks(test);
	auto poster = expect(test, jthread::run_begun("kunit", [](stop_token stop) {
				     for (unsigned int i = 0; stop.sleep_for(50us); ++i)
					     events[i % event_count].set();
				     return 7;
			     }));

	locks_bridge_start_interrupts(interrupts);
	{
		scope all(tasks), other(others);

		for (unsigned int i = 0; i < count; ++i) {
			scope &one = i % 4 ? all : other;
			auto made = wanders(i + stop_after * count, ended, counted_frame(frames));

			spawned += one.spawn(std::move(made)).has_value();
		}
		kunit_bridge_sleep_ms(stop_after);
		other.request_stop();
	}
	KUNIT_EXPECT_EQ(test, spawned, static_cast<int>(count));
	// One that was stopped before it began has not run.
	KUNIT_EXPECT_TRUE(test, ended > 0 && ended <= spawned);
	KUNIT_EXPECT_EQ(test, frames.load(), 0);
	locks_bridge_stop_interrupts();
	KUNIT_EXPECT_EQ(test, poster.stop().value_or(-1), 7);
}
} // namespace

void scopes_that_were_not_joined_end_in_one_another(kunit *test)
{
	constexpr int depth = 16;
	std::atomic<int> begun{0}, ended{0};
	const auto tasks = run_tasks(test);
	job<int> one(tasks);

	expect(test, one.spawn(nests(depth - 1, begun, ended)));
	expect_soon(test, [&] { return begun == depth; });
	one.request_stop();
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, ended.load(), depth);
}

void tasks_survive_a_stop_at_once(kunit *test)
{
	survive(test, 0);
}

void tasks_survive_a_stop_after_10_ms(kunit *test)
{
	survive(test, 10);
}

void tasks_survive_a_stop_after_20_ms(kunit *test)
{
	survive(test, 20);
}
