// SPDX-License-Identifier: GPL-2.0
//
// An executor begins, stops and looks at many tasks at once.
#include "kthread/task_view.hpp"

#include "task_fixture.hpp"

using kthread::for_each_task;
using kthread::task_view;

namespace
{
constexpr unsigned int many = 1000;

task<void> runs_as_the(unsigned int number, std::atomic<unsigned int> &ran, counted_frame)
{
	if (ran++ != number)
		ran = many;
	co_return {};
}

// A thread of the first CPU that runs before all others, as soon as they let it.
class urgent_thread
{
public:
	explicit urgent_thread(kunit *test)
		: thread_(expect(test, jthread::create("urgent", [this](const stop_token &stop) {
					 while (stop.wait(
						 [this] { return asked_.exchange(false); }))
						 has_run_ = true;
					 return 0;
				 })))
	{
		expect(test, thread_.bind(0));
		expect(test, thread_.set_fifo());
		thread_.wake();
	}

	void ask()
	{
		has_run_ = false;
		asked_ = true;
		thread_.wake();
	}
	[[nodiscard]] bool has_run() const { return has_run_; }

private:
	std::atomic<bool> asked_{false}, has_run_{false};
	jthread thread_;
};

// Whether another thread had run when the first of many tasks goes on.
struct observed {
	urgent_thread other;
	int goes_on = 0, let_others_run = 0;
};

task<void> sleeps_an_hour(observed &by)
{
	auto slept = co_await this_task::sleep_for(1h);

	if (!by.goes_on++)
		by.let_others_run += by.other.has_run();
	co_return slept;
}

// A task that is stopped stops those for which it waits.
task<void> stops_what_it_joins(observed &by, scope &all, event &never_set)
{
	(void)co_await never_set.wait();
	by.other.ask();
	auto joined = co_await all.join();

	co_return joined;
}
} // namespace

void scope_spawns_many_with_one_wake_up(kunit *test)
{
	const auto tasks = run_tasks(test);
	std::atomic<unsigned int> ran{0};
	std::atomic<int> frames{0};
	unsigned int early = 0;
	scope all(tasks);

	// The executor's thread sleeps.
	wait_until_all_have_begun(test, tasks);
	kunit_bridge_sleep_ms(5);
	expect(test, all.spawn_n(10, [&](unsigned int i) {
		if (i == 5)
			kunit_bridge_sleep_ms(20);
		early += ran;
		return runs_as_the(i, ran, counted_frame(frames));
	}));
	expect(test, all.wait());
	KUNIT_EXPECT_EQ(test, early, 0u);
	KUNIT_EXPECT_EQ(test, ran.load(), 10u);
	KUNIT_EXPECT_EQ(test, frames.load(), 0);
}

void scope_spawns_all_or_none(kunit *test)
{
	auto tasks = run_tasks(test);
	std::atomic<unsigned int> ran{0};
	std::atomic<int> frames{0};
	scope all(tasks), stopped(tasks), late(tasks);
	const auto make = [&](unsigned int i) {
		return i == 7 ? task<void>() : runs_as_the(i, ran, counted_frame(frames));
	};

	expect_error(test, all.spawn_n(10, make), errno_t::ENOMEM);
	expect(test, all.spawn_n(0, make));
	expect(test, all.wait());
	stopped.request_stop();
	expect_error(test, stopped.spawn_n(5, make), errno_t::ECANCELED);
	tasks = executor();
	expect_error(test, late.spawn_n(5, make), errno_t::ECANCELED);
	expect(test, late.wait());
	KUNIT_EXPECT_EQ(test, ran.load(), 0u);
	KUNIT_EXPECT_EQ(test, frames.load(), 0);
}

void executor_lets_others_run_while_it_stops_many(kunit *test)
{
	const auto tasks = expect(test, executor::run("kunit", {.cpu = 0}));
	observed by{urgent_thread(test)};
	event never_set;
	scope all(tasks), stops(tasks);

	expect(test, all.spawn_n(many, [&](unsigned int) { return sleeps_an_hour(by); }));
	expect(test, stops.spawn(stops_what_it_joins(by, all, never_set)));
	wait_until_all_have_begun(test, tasks);
	stops.request_stop();
	expect(test, stops.wait());
	KUNIT_EXPECT_EQ(test, by.goes_on, static_cast<int>(many));
	KUNIT_EXPECT_EQ(test, by.let_others_run, 1);
}

void executor_lets_others_run_while_many_are_looked_at(kunit *test)
{
	const auto tasks = expect(test, executor::run("kunit", {.cpu = 0}));
	observed by{urgent_thread(test)};
	unsigned int looked_at = 0;
	bool has_run = false;
	scope all(tasks);

	expect(test, all.spawn_n(many, [&](unsigned int) { return sleeps_an_hour(by); }));
	wait_until_all_have_begun(test, tasks);
	expect(test, for_each_task(tasks, [&](const task_view &) {
		       if (++looked_at == 1)
			       by.other.ask();
		       has_run = by.other.has_run();
	       }));
	KUNIT_EXPECT_EQ(test, looked_at, many);
	KUNIT_EXPECT_TRUE(test, has_run);
}
