// SPDX-License-Identifier: GPL-2.0
//
// Scopes that end in tasks of their own, or in tasks that never began.
#include <memory>

#include "kthread/task_when.hpp"
#include "tasks.hpp"

using kthread::event;
using kthread::executor;
using kthread::result;
using kthread::scope;
using kthread::task;
namespace this_task = kthread::this_task;

namespace
{
using owned = std::unique_ptr<scope>;

// The others of the scope have ended when its destructor returns.
task<void> end(in_frame w, owned own, witness &others)
{
	own.reset();
	expect(!others.frames.load(), "the others have ended");
	auto slept = co_await this_task::sleep_for(1ms);

	++w->runs;
	expect(!slept, "it is stopped");
	co_return slept;
}

task<void> join_one_that_ends(in_frame w, in_frame v, owned own, witness &others)
{
	auto self = co_await this_task::self();
	scope inner(self);
	auto spawned = inner.spawn(end(std::move(v), std::move(own), others));
	auto joined = co_await inner.join();

	++w->runs;
	expect(!joined, "it is stopped");
	if (!spawned)
		co_return spawned;
	co_return joined;
}

task<void> await_one_that_ends(in_frame w, in_frame v, in_frame u, owned own, witness &others)
{
	auto both = co_await kthread::when_all(end(std::move(v), std::move(own), others),
					       run(std::move(u)));

	++w->runs;
	co_return both ? result<void>() : std::unexpected(both.error());
}

task<void> come(in_frame w, event &e)
{
	auto came = co_await e.wait();

	++w->runs;
	co_return came;
}

// The scope ends with the frame.
task<void> keep(in_frame w, owned)
{
	++w->runs;
	co_return {};
}

// A scope whose tasks have ended when it has.
struct whole {
	owned own;
	witness *others;
	whole(owned own, witness &others) : own(std::move(own)), others(&others) {}
	whole(whole &&) = default;
	~whole()
	{
		if (!own)
			return;
		own.reset();
		expect(!others->frames.load(), "the others have ended");
	}
};
task<void> keep_whole(in_frame w, whole)
{
	++w->runs;
	co_return {};
}

task<void> keep_and_wait(in_frame w, owned own, event &e)
{
	auto came = co_await e.wait();
	auto joined = co_await own->join();

	++w->runs;
	if (!came)
		co_return came;
	co_return joined;
}

task<void> join_another(in_frame w, scope &other)
{
	auto joined = co_await other.join();

	++w->runs;
	co_return joined;
}

owned make(result<executor> &tasks)
{
	return owned(new (std::nothrow) scope(must(tasks)));
}
} // namespace

SCENARIO(task_ends_its_own_scope)
{
	witness w, v;
	event e;
	auto tasks = sleeping_executor();
	auto own = make(tasks);
	scope &all = *own;

	expect(all.spawn(come(in_frame(v), e)).has_value(), "spawned");
	context a("sets", [&] { e.set(); });
	expect(all.spawn(end(in_frame(w), std::move(own), v)).has_value(), "spawned");
	*tasks = executor();
	join();
	expect_log(1, 1);
}

SCENARIO(task_ends_the_scope_of_its_parent)
{
	witness w, v, u;
	event e;
	auto tasks = sleeping_executor();
	auto own = make(tasks);
	scope &all = *own;

	expect(all.spawn(come(in_frame(u), e)).has_value(), "spawned");
	expect(all.spawn(join_one_that_ends(in_frame(w), in_frame(v), std::move(own), u))
		       .has_value(),
	       "spawned");
	*tasks = executor();
	expect_log(1, 1);
}

SCENARIO(task_ends_the_scope_of_one_that_awaits_it)
{
	witness w, v, u, t;
	event e;
	auto tasks = sleeping_executor();
	auto own = make(tasks);
	scope &all = *own;

	expect(all.spawn(come(in_frame(t), e)).has_value(), "spawned");
	expect(all.spawn(await_one_that_ends(in_frame(w), in_frame(v), in_frame(u), std::move(own),
					     t))
		       .has_value(),
	       "spawned");
	*tasks = executor();
	expect_log(1, 1);
}

SCENARIO(task_keeps_its_own_scope)
{
	witness w, v;
	event e;
	auto tasks = sleeping_executor();
	auto own = make(tasks);
	scope &all = *own;

	expect(all.spawn(come(in_frame(v), e)).has_value(), "spawned");
	expect(all.spawn(keep(in_frame(w), std::move(own))).has_value(), "spawned");
	*tasks = executor();
	expect_log(1, 1);
}

SCENARIO(task_ends_its_own_scope_that_another_joins)
{
	witness w, v, u;
	auto tasks = sleeping_executor();
	scope others(must(tasks));
	auto own = make(tasks);
	scope &all = *own;

	expect(others.spawn(join_another(in_frame(v), all)).has_value(), "spawned");
	expect(all.spawn(end(in_frame(w), std::move(own), u)).has_value(), "spawned");
	expect(others.wait().has_value(), "ended");
	*tasks = executor();
	expect_log(1, 1);
}

// The last task that ran belongs to the scope, and one that never began has that.
SCENARIO(task_scope_goes_with_one_that_never_began)
{
	witness w, v;
	event e;
	auto tasks = sleeping_executor();
	scope all(must(tasks));
	auto own = make(tasks);

	one_order();
	expect(own->spawn(come(in_frame(v), e)).has_value(), "spawned");
	all_orders();
	expect(all.spawn(keep_whole(in_frame(w), whole(std::move(own), v))).has_value(), "spawned");
	*tasks = executor();
	expect(all.wait().has_value(), "ended");
	expect_log(1, 1);
}

// The thread is stopped before it has run, and ends the first task, whose scope has the other one.
SCENARIO(task_executor_ends_with_a_scope_in_a_task)
{
	witness w, v;
	event e;
	auto tasks = executor::run("tasks");
	scope all(must(tasks));
	auto own = make(tasks);
	scope &inner = *own;

	expect(all.spawn(keep_and_wait(in_frame(w), std::move(own), e)).has_value(), "spawned");
	expect(inner.spawn(come(in_frame(v), e)).has_value(), "spawned");
	*tasks = executor();
	expect(all.wait().has_value(), "ended");
	expect_log(0, 1);
}
