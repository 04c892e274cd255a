// SPDX-License-Identifier: GPL-2.0
//
// Tasks, scopes and executors come to their end beside slow contexts, other executors and each other.
#include "kthread/semaphore.hpp"
#include "kthread/task_view.hpp"
#include "kthread/task_waiting.hpp"
#include "tasks.hpp"

using kthread::errno_t;
using kthread::event;
using kthread::executor;
using kthread::job;
using kthread::scope;
using kthread::task;
namespace this_task = kthread::this_task;

namespace
{
task<int> await_twice(in_frame w, event &e)
{
	auto came = co_await e.wait();

	if (!came)
		co_return static_cast<int>(came.error());
	auto again = co_await e.wait();

	++w->runs;
	co_return again ? 2 : static_cast<int>(again.error());
}

task<void> begin(in_frame w, kthread::counting_semaphore<> &begun)
{
	++w->runs;
	begun.release();
	co_return {};
}

task<void> join_another(in_frame w, scope &other, witness &v, kthread::counting_semaphore<> &begun)
{
	auto spawned = other.spawn(begin(in_frame(v), begun));
	auto joined = co_await other.join();

	++w->runs;
	if (!spawned)
		co_return spawned;
	co_return joined;
}

task<void> set(event &e)
{
	e.set();
	co_return {};
}

task<void> forget_to_join(event &e)
{
	auto self = co_await this_task::self();
	scope own(self);

	co_return own.spawn(set(e));
}

task<void> forget_to_join_as_well(in_frame w, scope &all, witness &v, event &e)
{
	auto self = co_await this_task::self();
	scope own(self);
	auto other = all.spawn(forget_to_join(e));
	auto mine = own.spawn(run(in_frame(v)));
	auto came = co_await e.wait();

	++w->runs;
	if (!other || !mine)
		co_return std::unexpected(errno_t::EIO);
	co_return came;
}

task<void> come(event &e)
{
	auto came = co_await e.wait();

	co_return came;
}

task<void> destroy(in_frame w, executor *own)
{
	delete own;
	auto slept = co_await this_task::sleep_for(1ms);

	++w->runs;
	co_return slept;
}

// Starts its child again when that has ended.
task<void> supervise(in_frame w, event &e)
{
	auto self = co_await this_task::self();

	for (;;) {
		scope own(self);

		if (auto spawned = own.spawn(come(e)); !spawned)
			co_return spawned;
		auto joined = co_await own.join();

		++w->runs;
		if (!joined)
			co_return joined;
	}
}
} // namespace

SCENARIO(task_of_another_setter_is_not_held_up)
{
	witness w, v;
	event e, f;
	auto tasks = sleeping_executor();
	job<int> one(must(tasks)), two(must(tasks));

	expect(one.spawn(await(in_frame(w), e, kthread::never)).has_value(), "spawned");
	expect(two.spawn(await(in_frame(v), f, kthread::never)).has_value(), "spawned");
	slow_context a("slow", [&] { e.set(); });
	f.set();
	expect(two.join().has_value(), "the other event came");
	thaw();
	join();
	expect(one.join().has_value(), "its event came");
}

SCENARIO(task_with_a_deadline_is_not_held_up_by_a_setter)
{
	witness w;
	event e;
	auto tasks = sleeping_executor();
	job<int> one(must(tasks));

	expect(one.spawn(await(in_frame(w), e, kthread::steady_clock::now() + 1ms)).has_value(),
	       "spawned");
	slow_context a("slow", [&] { e.set(); });
	(void)one.join();
	thaw();
	join();
}

SCENARIO(task_event_of_two_executors)
{
	witness w, v;
	auto a = sleeping_executor();
	auto b = sleeping_executor();
	event e;
	job<int> one(must(a)), two(must(b));

	e.set();
	expect(one.spawn(await(in_frame(w), e, kthread::never)).has_value(), "spawned");
	expect(two.spawn(await_twice(in_frame(v), e)).has_value(), "spawned");
	all_orders();
	one_order();
	one.request_stop();
	two.request_stop();
	(void)one.join();
	(void)two.join();
}

SCENARIO(task_scope_is_joined_and_waited_for)
{
	witness w, v;
	kthread::counting_semaphore<> begun{0, "begun"_lock};
	auto tasks = sleeping_executor();
	scope all(must(tasks));
	auto *const other = new (std::nothrow) scope(*tasks);

	expect(all.spawn(join_another(in_frame(w), *other, v, begun)).has_value(), "spawned");
	begun.acquire();
	expect(other->wait().has_value(), "ended");
	delete other;
	expect(all.wait().has_value(), "ended");
}

SCENARIO(task_scopes_that_nobody_joins)
{
	witness w, v;
	event e;
	auto tasks = sleeping_executor();
	scope all(must(tasks));

	expect(all.spawn(forget_to_join_as_well(in_frame(w), all, v, e)).has_value(), "spawned");
	expect(all.wait().has_value(), "ended");
	expect_log(1, 2);
}

SCENARIO(task_that_starts_its_child_again_is_stopped)
{
	witness w;
	event e;
	auto tasks = sleeping_executor();
	scope all(must(tasks));

	expect(all.spawn(supervise(in_frame(w), e)).has_value(), "spawned");
	all.request_stop();
	expect(all.wait().has_value(), "ended");
	expect(w.runs <= 1, "a child ends by the stop alone, of which its join tells");
}

SCENARIO(task_destroys_its_own_executor)
{
	witness w;
	auto *const own = new (std::nothrow) executor(std::move(*sleeping_executor()));
	scope all(*own);

	expect(all.spawn(destroy(in_frame(w), own)).has_value(), "spawned");
	expect(all.wait().has_value(), "ended");
	expect(w.runs == 1, "the wait ended by a stop");
	expect_log(1, 1);
}

namespace
{
task<void> beats(kthread::counting_semaphore<> &beat)
{
	for (;;) {
		auto slept = co_await this_task::sleep_for(1ms);

		if (!slept)
			co_return slept;
		beat.release();
	}
}
} // namespace

SCENARIO(task_executor_of_a_forgotten_thread)
{
	// The end of the module polls: all orders are millions.
	one_order();
	kthread::counting_semaphore<> begun{0, "begun"_lock};
	auto thread = kthread::jthread::run("owns", [&](kthread::stop_token stop) {
		kthread::counting_semaphore<> beat{0, "beat"_lock};
		auto tasks = executor::run("tasks");
		scope s(must(tasks));
		expect(s.spawn(beats(beat)).has_value(), "spawned");
		begun.release();
		while (!stop.stop_requested())
			beat.acquire();
		return 0;
	});
	const forgotten owner(std::move(must(thread)));
	begun.acquire();
	module_goes();
	expect_log(1, 2);
}

namespace
{
task<void> destroy_there(in_frame w, executor *own)
{
	own->~executor();
	auto slept = co_await this_task::sleep_for(1ms);

	++w->runs;
	co_return slept;
}

void destroy_while_the_module_goes(bool init_fails)
{
	witness w;
	forgotten own(std::move(*sleeping_executor()));
	scope all(*own);

	expect(all.spawn(destroy_there(in_frame(w), &*own)).has_value(), "spawned");
	module_goes(init_fails);
	expect(all.wait().has_value(), "ended");
	expect_log(0, 4);
}
} // namespace

SCENARIO(task_destroys_its_own_executor_while_its_module_goes)
{
	destroy_while_the_module_goes(false);
}

SCENARIO(task_destroys_its_own_executor_while_the_init_fails)
{
	destroy_while_the_module_goes(true);
}

SCENARIO(task_executor_is_forgotten_while_it_is_parked)
{
	witness w;
	event e;
	job<int> *its = nullptr;
	auto thread = kthread::jthread::create("waits", [&](kthread::stop_token) {
		return static_cast<int>(its->wait().has_value());
	});
	auto made = sleeping_executor();
	forgotten waits(std::move(must(thread)));
	forgotten tasks(std::move(must(made)));
	{
		job<int> j(*tasks);

		its = &j;
		expect(j.spawn(await(in_frame(w), e, kthread::never)).has_value(), "spawned");
		expect(tasks->park().has_value(), "parks");
		waits->wake();
		module_goes();
		expect_log(2, 2);
	}
}

namespace
{
using storage = kthread::task_storage<1024>;

task<void> tell(storage &, kthread::counting_semaphore<> &told)
{
	told.release();
	co_return {};
}
} // namespace

// The thread uses its executor until its own end.
SCENARIO(task_executor_of_a_forgotten_thread_in_interrupts)
{
	kthread::counting_semaphore<> begun{0, "begun"_lock};
	auto thread = kthread::jthread::run("owns", [&](kthread::stop_token stop) {
		kthread::counting_semaphore<> told{0, "told"_lock};
		storage room;
		auto tasks = executor::run_in_interrupts();
		scope s(must(tasks));

		begun.release();
		while (!stop.stop_requested())
			(void)stop.sleep_for(std::chrono::seconds(1));
		expect(s.spawn(tell(room, told)).has_value(), "spawned");
		told.acquire();
		return 0;
	});
	const forgotten owner(std::move(must(thread)));
	begun.acquire();
	module_goes();
	expect_log(1, 1);
}

namespace
{
// The task ends after its stop, when the event comes.
task<void> ends_late(event &told)
{
	auto self = co_await this_task::self();
	auto came = co_await told.wait();
	const unsigned int stops = self.put_stops_aside();

	if (!came)
		(void)co_await told.wait();
	self.put_stops_back(stops);
	co_return {};
}
} // namespace

// for_each_task() either shows the task, or fails and shows none.
SCENARIO(task_is_looked_at_while_the_module_goes)
{
	event told;
	int shown = 0;
	auto made = sleeping_executor();
	forgotten tasks(std::move(must(made)));
	scope s(*tasks);

	expect(s.spawn(ends_late(told)).has_value(), "spawned");
	context a("looks", [&] {
		auto looked = kthread::for_each_task(*tasks,
						     [&](const kthread::task_view &) { ++shown; });

		expect(looked ? shown == 1
			      : looked.error() == kthread::errno_t::ECANCELED && !shown,
		       "as told");
		told.set();
	});
	module_goes();
	join();
	expect_log(1, 2);
}
