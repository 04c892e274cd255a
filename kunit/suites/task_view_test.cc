// SPDX-License-Identifier: GPL-2.0
#include "kthread/task_view.hpp"
#include "kthread/task_when.hpp"

#include "bridge/task_tracer.h"
#include "task_fixture.hpp"

using kthread::for_each_task;
using kthread::task_view;

namespace
{
task<void> sleeps_an_hour(std::atomic<int> &begun)
{
	++begun;
	auto slept = co_await this_task::sleep_for(1h);

	co_return slept;
}
task<void> sleeps_below(std::atomic<int> &begun)
{
	auto slept = co_await sleeps_an_hour(begun);

	co_return slept;
}
task<void> awaits(std::atomic<int> &begun, event &e)
{
	++begun;
	auto came = co_await e.wait();

	co_return came;
}

bool is(const char *text, const char *other)
{
	return !__builtin_strcmp(text, other);
}

task<int> looks_from_inside(const executor &tasks)
{
	co_return kthread::to_errno(for_each_task(tasks, [](const task_view &) {}));
}
} // namespace

void task_view_tells_what_each_waits_for(kunit *test)
{
	const auto tasks = run_tasks(test);
	scope all(tasks);
	std::atomic<int> begun{0};
	event e;
	int sleepers = 0, below = 0, waiters = 0, others = 0;
	const void *named = nullptr;

	expect(test, all.spawn(sleeps_an_hour(begun)));
	expect(test, all.spawn(sleeps_below(begun)));
	expect(test, all.spawn(awaits(begun, e)));
	expect_soon(test, [&] { return begun == 3; });
	expect(test, for_each_task(tasks, [&](const task_view &t) {
		       if (is(t.state, "event"))
			       waiters += t.what == &e && !t.deadline && t.waiting == t.function;
		       else if (!is(t.state, "sleeps"))
			       ++others;
		       else if (!t.deadline || t.stops)
			       others += 10;
		       else if (t.waiting == t.function)
			       ++sleepers;
		       else
			       ++below;
		       if (is(t.state, "sleeps") && t.waiting == t.function)
			       named = t.function;
	       }));
	KUNIT_EXPECT_EQ(test, sleepers, 1);
	KUNIT_EXPECT_EQ(test, below, 1);
	KUNIT_EXPECT_EQ(test, waiters, 1);
	// Not the one that looks.
	KUNIT_EXPECT_EQ(test, others, 0);
	KUNIT_EXPECT_TRUE(test, __builtin_strstr(kthread::name("%ps", named), "sleeps_an_hour"));
}

void task_view_of_what_is_stopped_or_gone(kunit *test)
{
	auto tasks = run_tasks(test);
	job<int> inside(tasks);

	expect(test, inside.spawn(looks_from_inside(tasks)));
	KUNIT_EXPECT_EQ(test, inside.join().value_or(0), static_cast<int>(errno_t::EDEADLK));
	tasks = executor();
	expect_error(test, for_each_task(tasks, [](const task_view &) {}), errno_t::ECANCELED);
}

namespace
{
// How often a tracer was told of each step, and of what that is not a coroutine of these tests.
struct {
	std::atomic<unsigned int> spawns, runs, waits[4], ends, strangers, deadlines;
} told;

void note(std::atomic<unsigned int> &step, const void *coroutine)
{
	++step;
	if (!__builtin_strstr(kthread::name("%ps", coroutine), "traced"))
		++told.strangers;
}

constexpr bridge_task_tracer tracer = {
	.name = "kunit",
	.spawn = [](const void *, const void *coroutine) { note(told.spawns, coroutine); },
	.run = [](const void *, const void *coroutine) { note(told.runs, coroutine); },
	.wait =
		[](const void *, const void *coroutine, unsigned int state, const void *what,
		   long long due) {
			note(told.waits[state], coroutine);
			told.deadlines += due > 0;
			told.strangers += !what == (state >= 2);
		},
	.end = [](const void *, const void *coroutine) { note(told.ends, coroutine); },
};

void trace_by(const bridge_task_tracer *tracer)
{
	__atomic_store_n(&kthread_task_tracer, tracer, __ATOMIC_RELAXED);
}

task<void> traced_sleep()
{
	auto slept = co_await this_task::sleep_for(1ms);

	co_return slept;
}
task<void> traced_parent(event &e)
{
	auto both = co_await kthread::when_all(traced_sleep(), traced_sleep());
	auto came = co_await e.wait();
	auto others = co_await this_task::yield();

	if (!both || !came)
		co_return std::unexpected(errno_t::ECANCELED);
	co_return others;
}
} // namespace

void task_tracer_is_told_of_each_step(kunit *test)
{
	const auto tasks = run_tasks(test);
	job<void> one(tasks);
	scope after(tasks);
	event e;

	for (auto *count :
	     {&told.spawns, &told.runs, &told.waits[0], &told.waits[1], &told.waits[2],
	      &told.waits[3], &told.ends, &told.strangers, &told.deadlines})
		*count = 0;
	trace_by(&tracer);
	expect(test, one.spawn(traced_parent(e)));
	expect_soon(test, [] { return told.waits[2] == 1; });
	e.set();
	expect(test, one.join());
	trace_by(nullptr);
	expect(test, after.spawn(traced_sleep()));
	expect(test, after.wait());
	KUNIT_EXPECT_EQ(test, told.spawns.load(), 3);
	KUNIT_EXPECT_EQ(test, told.runs.load(), 8);
	KUNIT_EXPECT_EQ(test, told.waits[0].load(), 1);
	KUNIT_EXPECT_EQ(test, told.waits[1].load(), 2);
	KUNIT_EXPECT_EQ(test, told.waits[2].load(), 1);
	KUNIT_EXPECT_EQ(test, told.waits[3].load(), 1);
	KUNIT_EXPECT_EQ(test, told.ends.load(), 3);
	KUNIT_EXPECT_EQ(test, told.deadlines.load(), 2);
	KUNIT_EXPECT_EQ(test, told.strangers.load(), 0);
}
