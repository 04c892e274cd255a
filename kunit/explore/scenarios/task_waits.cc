// SPDX-License-Identifier: GPL-2.0
//
// Tasks that sleep, have a time limit, or wait for each other, against what ends that from outside.
#include "bridge/task_tracer.h"
#include "kthread/task_view.hpp"
#include "kthread/task_when.hpp"

#include "tasks.hpp"

using kthread::errno_t;
using kthread::event;
using kthread::executor;
using kthread::job;
using kthread::result;
using kthread::scope;
using kthread::task;

namespace
{
task<int> sleep(in_frame w)
{
	(void)co_await kthread::this_task::yield();
	auto slept = co_await kthread::this_task::sleep_for(1ms);

	++w->runs;
	co_return slept ? 1 : static_cast<int>(slept.error());
}

task<int> come(in_frame w, event &e)
{
	auto came = co_await e.wait();

	if (!came)
		co_return std::unexpected(came.error());
	++w->runs;
	co_return 1;
}

task<void> come_into(result<int> &came, in_frame w, event &e)
{
	auto ended = co_await come(std::move(w), e);

	came = ended ? result<int>(*ended) : std::unexpected(ended.error());
	co_return {};
}

// Waits for another task, which is in a scope of its own.
task<int> come_in_a_scope(in_frame w, event &e)
{
	auto self = co_await kthread::this_task::self();
	result<int> came = std::unexpected(errno_t::ECANCELED);
	scope inner(self);
	auto spawned = inner.spawn(come_into(came, std::move(w), e));
	auto joined = co_await inner.join();

	if (!spawned || !joined)
		co_return std::unexpected(spawned ? joined.error() : errno_t::EIO);
	co_return came;
}

task<int> come_in_time(in_frame w, event &e)
{
	auto came = co_await kthread::within(1ms, come(std::move(w), e));

	co_return came ? 1 : static_cast<int>(came.error());
}

task<int> come_in_a_scope_in_time(in_frame w, event &e)
{
	auto came = co_await kthread::within(1ms, come_in_a_scope(std::move(w), e));

	co_return came ? 1 : static_cast<int>(came.error());
}

// The number of the first.
task<int> any_comes(in_frame w, event &one, in_frame v, event &other)
{
	auto first = co_await kthread::when_any(come(std::move(w), one), come(std::move(v), other));

	if (!first)
		co_return std::unexpected(first.error());
	co_return first->value ? static_cast<int>(first->index)
			       : static_cast<int>(first->value.error());
}

// How many have come.
task<int> all_come(in_frame w, event &one, in_frame v, event &other)
{
	auto all = co_await kthread::when_all(come(std::move(w), one), come(std::move(v), other));

	if (!all)
		co_return std::unexpected(all.error());
	co_return std::get<0>(*all).has_value() + std::get<1>(*all).has_value();
}

// Tells two others, and waits.
task<int> tells_and_awaits(in_frame w, event &one, event &other, event &e)
{
	one.set();
	other.set();
	auto came = co_await await(std::move(w), e, kthread::never);

	co_return came;
}

// Ends with a scope whose task waits.
task<void> forgets(in_frame w, event &begun, event &other, event &e)
{
	auto self = co_await kthread::this_task::self();
	scope inner(self);
	auto spawned = inner.spawn(tells_and_awaits(std::move(w), begun, other, e));

	(void)co_await begun.wait();
	co_return spawned;
}

template <class... Codes>
void expect_one_of(const result<int> &ended, Codes... codes)
{
	expect(ended && ((*ended == codes) || ...), "it ends as one of them asks");
}
} // namespace

SCENARIO(task_sleep_against_stop)
{
	witness w;
	auto tasks = sleeping_executor();
	job<int> j(must(tasks));

	expect(j.spawn(sleep(in_frame(w))).has_value(), "spawned");
	context a("stops", [&] { j.request_stop(); });
	const auto ended = j.join();
	if (ended || w.runs)
		expect_one_of(ended, 1, stopped);
	join();
}

SCENARIO(task_within_against_event)
{
	witness w;
	auto tasks = sleeping_executor();
	event e;
	job<int> j(must(tasks));

	expect(j.spawn(come_in_time(in_frame(w), e)).has_value(), "spawned");
	interrupt a("sets", [&] { e.set(); });
	expect_one_of(j.join(), 1, late);
	join();
}

SCENARIO(task_within_against_stop)
{
	witness w;
	auto tasks = sleeping_executor();
	event e;
	job<int> j(must(tasks));

	expect(j.spawn(come_in_time(in_frame(w), e)).has_value(), "spawned");
	context a("stops", [&] { j.request_stop(); });
	const auto ended = j.join();
	if (ended)
		expect_one_of(ended, late, stopped);
	join();
}

// The limit ends what the task waits for: the tasks of its scope.
SCENARIO(task_scope_within_against_event)
{
	witness w;
	auto tasks = sleeping_executor();
	event e;
	job<int> j(must(tasks));

	expect(j.spawn(come_in_a_scope_in_time(in_frame(w), e)).has_value(), "spawned");
	interrupt a("sets", [&] { e.set(); });
	expect_one_of(j.join(), 1, late);
	join();
}

SCENARIO(task_any_of_two_events)
{
	witness w;
	auto tasks = sleeping_executor();
	event one, other;
	job<int> j(must(tasks));

	expect(j.spawn(any_comes(in_frame(w), one, in_frame(w), other)).has_value(), "spawned");
	context a("sets", [&] { one.set(); });
	other.set();
	expect_one_of(j.join(), 0, 1);
	join();
}

SCENARIO(task_all_of_two_events_against_stop)
{
	witness w;
	auto tasks = sleeping_executor();
	event one, other;
	job<int> j(must(tasks));

	expect(j.spawn(all_come(in_frame(w), one, in_frame(w), other)).has_value(), "spawned");
	one.set();
	context a("stops", [&] { j.request_stop(); });
	other.set();
	const auto ended = j.join();
	if (ended)
		expect(*ended == w.runs, "as many as have come");
	join();
}

// The scope is reported, and its task, whose event may be on its way, ends inside of the one that forgot it. So does
// another that is ready, if there is nothing else to do.
SCENARIO(task_scope_ends_in_a_task)
{
	witness w;
	auto tasks = sleeping_executor();
	event e, begun, other;
	scope s(must(tasks));

	expect(s.spawn(await(in_frame(w), other, kthread::never)).has_value(), "spawned");
	expect(s.spawn(forgets(in_frame(w), begun, other, e)).has_value(), "spawned");
	context a("sets", [&] { e.set(); });
	expect(s.wait().has_value(), "ended");
	join();
	expect(w.runs == 2, "both have run");
	expect_log(0, 1);
}

namespace
{
// How many tasks others find, while they go on.
int looks(const executor &tasks)
{
	int seen = 0;
	const auto look = [](const kthread::task_view &view, void *data) {
		expect(view.task && view.function && view.state, "a task that is there");
		++*static_cast<int *>(data);
	};

	allow_failures(1);
	const auto looked = kthread::task_views(tasks, look, &seen);
	allow_failures(0);
	expect(looked || (!seen && looked.error() == errno_t::ENOMEM), "looked");
	return seen;
}
} // namespace

SCENARIO(task_view_against_event)
{
	witness w;

	one_order();
	auto tasks = executor::run("tasks");
	event e;
	job<int> j(must(tasks));

	expect(j.spawn(come_in_a_scope(in_frame(w), e)).has_value(), "spawned");
	all_orders();
	context a("sets", [&] { e.set(); });
	expect(looks(*tasks) <= 2, "those that are left");
	expect_one_of(j.join(), 1);
	join();
}

SCENARIO(task_view_against_deadline)
{
	witness w;

	one_order();
	auto tasks = executor::run("tasks");
	event e;
	job<int> j(must(tasks));

	expect(j.spawn(await(in_frame(w), e, kthread::steady_clock::now() + 1ms)).has_value(),
	       "spawned");
	all_orders();
	expect(looks(*tasks) <= 1, "the one, if it is left");
	expect_one_of(j.join(), late);
}

// The tracer may go between two looks of a task at it.
SCENARIO(task_tracer_goes)
{
	constexpr auto step = [](const void *task, const void *coroutine) {
		expect(task && coroutine, "a task that is there");
	};
	static constexpr bridge_task_tracer tracer = {
		.name = "tracer",
		.spawn = step,
		.run = step,
		.wait = [](const void *task, const void *coroutine, unsigned int, const void *,
			   long long) { expect(task && coroutine, "a task that waits"); },
		.end = step,
	};
	const auto trace_by = [](const bridge_task_tracer *by) {
		__atomic_store_n(&kthread_task_tracer, by, __ATOMIC_RELAXED);
	};
	witness w;
	event one, other;

	trace_by(&tracer);
	one_order();
	auto tasks = executor::run("tasks");
	job<int> j(must(tasks));

	expect(j.spawn(all_come(in_frame(w), one, in_frame(w), other)).has_value(), "spawned");
	one.set();
	all_orders();
	context a("ends to trace", [&] { trace_by(nullptr); });
	other.set();
	expect_one_of(j.join(), 2);
	join();
}

namespace
{
// The executor, or a frame, or that of a child.
template <class Make>
void finds_no_memory(Make make, int runs)
{
	witness w;
	event one, other;

	one.set();
	other.set();
	allow_failures(1);
	auto tasks = executor::run("tasks", {.cpu = 0});
	if (tasks) {
		job<int> j(*tasks);
		const auto spawned = j.spawn(make(w, one, other));
		const auto ended = j.join();

		if (spawned)
			expect(ended ? w.runs == runs : !w.runs, "all of it, or nothing");
		else
			expect(spawned.error() == errno_t::ENOMEM, "why it fails");
	}
	allow_failures(0);
}
} // namespace

SCENARIO(task_or_its_child_finds_no_memory)
{
	finds_no_memory(
		[](witness &w, event &e, event &) { return come_in_a_scope(in_frame(w), e); }, 1);
}
SCENARIO(task_or_one_of_all_finds_no_memory)
{
	finds_no_memory([](witness &w, event &one,
			   event &other) { return all_come(in_frame(w), one, in_frame(w), other); },
			2);
}
SCENARIO(task_or_one_of_any_finds_no_memory)
{
	finds_no_memory(
		[](witness &w, event &one, event &other) {
			return any_comes(in_frame(w), one, in_frame(w), other);
		},
		1);
}

// The thread keeps the frame of a child for the next one. Another context makes frames of its own meanwhile.
SCENARIO(task_frames_are_kept)
{
	struct parent {
		static task<void> run_twice(in_frame w, witness &v)
		{
			auto first = co_await run(std::move(w));
			auto second = co_await run(in_frame(v));

			co_return first &&second ? result<void>()
						 : std::unexpected(errno_t::ENOMEM);
		}
	};
	keep_frames();
	witness w;
	auto tasks = executor::run("tasks");
	scope s(must(tasks));

	expect(s.spawn(parent::run_twice(in_frame(w), w)).has_value(), "spawned");
	context a("spawns", [&] { expect(s.spawn(run(in_frame(w))).has_value(), "spawned"); });
	expect(s.wait().has_value(), "ended");
	join();
	expect(s.wait().has_value() && w.runs == 3, "all have run");
}

SCENARIO(task_executor_freezes)
{
	witness w;
	auto tasks = executor::run("tasks", {.freezable = true});
	event e;
	job<int> j(must(tasks));

	expect(j.spawn(await(in_frame(w), e, kthread::never)).has_value(), "spawned");
	context a("sets", [&] { e.set(); });
	suspend();
	resume();
	expect_one_of(j.join(), 1);
	join();
}

// One of two contexts has the job.
SCENARIO(task_job_is_spawned_twice)
{
	witness w;
	auto tasks = sleeping_executor();
	job<void> j(must(tasks));
	result<void> one;

	context a("spawns", [&] { one = j.spawn(run(in_frame(w))); });
	const auto other = j.spawn(run(in_frame(w)));
	const auto early = j.get();
	expect(early || early.error() == errno_t::EAGAIN, "it has ended, or not yet");
	join();
	expect(one.has_value() != other.has_value(), "one is refused");
	expect((one ? other : one).error() == errno_t::EBUSY, "as there is a task");
	expect(j.join().has_value() && w.runs == 1, "the other has run");
}
