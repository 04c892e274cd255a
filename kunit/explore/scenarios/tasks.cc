// SPDX-License-Identifier: GPL-2.0
//
// Tasks: whatever ends a wait against whatever else ends it, and the ends of scopes and executors.
#include "kthread/semaphore.hpp"
#include "kthread/static_object.hpp"
#include "kthread/task_waiting.hpp"

#include "tasks.hpp"

using kthread::errno_t;
using kthread::event;
using kthread::executor;
using kthread::job;
using kthread::jthread;
using kthread::result;
using kthread::scope;
using kthread::stop_token;
using kthread::task;

namespace
{
task<void> await_twice(in_frame w, event &e)
{
	for (int i = 0; i < 2; ++i) {
		auto came = co_await e.wait();

		if (!came)
			co_return came;
		++w->runs;
	}
	co_return {};
}
} // namespace

SCENARIO(task_event_against_stop)
{
	witness w;
	auto tasks = executor::run("tasks");
	event e;
	job<int> j(must(tasks));

	expect(j.spawn(await(in_frame(w), e, kthread::never)).has_value(), "spawned");
	context a("sets", [&] { e.set(); });
	j.request_stop();
	join();
	const auto ended = j.join();
	if (ended)
		expect(*ended == 1 || *ended == stopped, "it came, or it was stopped");
	else
		expect(ended.error() == errno_t::ECANCELED && !w.runs, "it never ran");
}

SCENARIO(task_event_against_deadline)
{
	witness w;
	auto tasks = sleeping_executor();
	event e;
	job<int> j(must(tasks));

	expect(j.spawn(await(in_frame(w), e, kthread::steady_clock::now() + 1ms)).has_value(),
	       "spawned");
	interrupt a("sets", [&] { e.set(); });
	const auto ended = j.join();
	expect(ended && (*ended == 1 || *ended == late), "it came, or it is late");
	join();
}

SCENARIO(task_event_against_deadline_and_stop)
{
	witness w;
	auto tasks = sleeping_executor();
	event e;
	job<int> j(must(tasks));

	expect(j.spawn(await(in_frame(w), e, kthread::steady_clock::now() + 1ms)).has_value(),
	       "spawned");
	context a("sets", [&] { e.set(); });
	j.request_stop();
	(void)j.join();
	join();
}

SCENARIO(task_event_is_set_twice)
{
	witness w;
	auto tasks = sleeping_executor();
	event e;
	int written = 0;
	scope s(must(tasks));

	expect(s.spawn(await_twice(in_frame(w), e)).has_value(), "spawned");
	context a("sets", [&] {
		written = 1;
		e.set();
	});
	e.set();
	join();
	s.request_stop();
	expect(s.wait().has_value(), "ended");
	expect(w.runs <= 2 && written == 1, "it comes once for each");
}

// The last set() is not lost, and the task sees what comes before it.
SCENARIO(task_sees_the_last_event)
{
	struct mailbox {
		event e;
		std::atomic<int> sum{0};
	} m;
	auto tasks = sleeping_executor();
	scope s(must(tasks));
	struct reader {
		static task<void> read(mailbox &m)
		{
			while (m.sum.load(std::memory_order_relaxed) < 2) {
				auto came = co_await m.e.wait();

				if (!came)
					co_return came;
			}
			co_return {};
		}
	};

	expect(s.spawn(reader::read(m)).has_value(), "spawned");
	context a("adds", [&] {
		m.sum.fetch_add(1, std::memory_order_relaxed);
		m.e.set();
	});
	m.sum.fetch_add(1, std::memory_order_relaxed);
	m.e.set();
	expect(s.wait().has_value(), "it sees both");
	join();
}

SCENARIO(task_spawn_against_the_end_of_its_scope)
{
	witness w;
	auto tasks = sleeping_executor();
	scope s(must(tasks));
	bool first = false;

	context a("spawns", [&] { first = s.spawn(run(in_frame(w))).has_value(); });
	const bool second = s.spawn(run(in_frame(w))).has_value();
	s.request_stop();
	join();
	expect(s.wait().has_value(), "ended");
	expect(w.runs <= first + second, "what is refused does not run");
	expect(!s.spawn(run(in_frame(w))), "it is stopped");
}

// The poster is the last one that touches the event, the frame, or the scope, which go with the executor.
SCENARIO(task_post_against_the_end_of_all)
{
	witness w;
	event e;
	interrupt a("sets", [&] { e.set(); });
	{
		auto tasks = executor::run("tasks");
		scope s(must(tasks));

		expect(s.spawn(await(in_frame(w), e, kthread::never)).has_value(), "spawned");
		expect(s.wait().has_value(), "it comes");
	}
	join();
}

// A context whose wait has returned may destroy the scope.
SCENARIO(task_scope_goes_when_it_was_waited_for)
{
	witness w;
	auto tasks = executor::run("tasks");
	auto *const s = new (std::nothrow) scope(must(tasks));

	expect(s->spawn(run(in_frame(w))).has_value(), "spawned");
	expect(s->wait().has_value(), "ended");
	delete s;
}

SCENARIO(task_executor_closes_against_post)
{
	witness w;
	event e;
	auto tasks = executor::run("tasks");
	{
		scope s(must(tasks));

		expect(s.spawn(await(in_frame(w), e, kthread::never)).has_value(), "spawned");
		context a("sets", [&] { e.set(); });
		*tasks = executor();
		expect(s.wait().has_value(), "ended");
		expect(!s.spawn(run(in_frame(w))), "it is closed");
		join();
	}
}

SCENARIO(task_executor_closes_against_spawn)
{
	witness w;
	auto tasks = executor::run("tasks");
	scope s(must(tasks));
	bool spawned = false;

	context a("spawns", [&] { spawned = s.spawn(run(in_frame(w))).has_value(); });
	*tasks = executor();
	join();
	expect(s.wait().has_value(), "ended");
	expect(w.runs <= spawned, "what is refused does not run");
}

SCENARIO(task_executor_closes_against_a_burst)
{
	witness w, before;
	auto tasks = executor::run("tasks");
	scope s(must(tasks)), other(*tasks);
	bool spawned = false;

	// It may stand in the inbox when the burst looks, and be gone when that is refused.
	expect(other.spawn(run(in_frame(before))).has_value(), "spawned");
	context a("spawns", [&] {
		spawned = s.spawn_n(2, [&](unsigned int) { return run(in_frame(w)); }).has_value();
	});
	*tasks = executor();
	join();
	expect(s.wait().has_value() && other.wait().has_value(), "ended");
	expect(spawned || !w.runs, "what is refused does not run");
}

task<int> keep(std::unique_ptr<job<int>> own)
{
	co_return own ? 1 : 0;
}

SCENARIO(task_that_is_refused_owns_its_job)
{
	auto tasks = executor::run("tasks");
	auto own = std::make_unique<job<int>>(must(tasks));
	job<int> &itself = *own;

	itself.request_stop();
	expect(!itself.spawn(keep(std::move(own))), "refused");
}

SCENARIO(task_executor_closes_against_stop)
{
	witness w;
	event e;
	auto tasks = executor::run("tasks");
	scope s(must(tasks));

	expect(s.spawn(await(in_frame(w), e, kthread::never)).has_value(), "spawned");
	context a("stops", [&] { s.request_stop(); });
	*tasks = executor();
	join();
	expect(s.wait().has_value(), "ended");
}

// Spawns two tasks, which wait for an event each.
void spawn_two(scope &s, witness &w, event &one, event &other)
{
	expect(s.spawn(await(in_frame(w), one, kthread::never)).has_value(), "spawned");
	expect(s.spawn(await(in_frame(w), other, kthread::never)).has_value(), "spawned");
}

// A burst wakes the thread once, and nothing of it is left behind.
SCENARIO(task_three_posters)
{
	witness w;
	event one, other;
	auto tasks = sleeping_executor();
	scope s(must(tasks));

	spawn_two(s, w, one, other);
	context a("sets", [&] { one.set(); });
	interrupt b("interrupts", [&] { other.set(); });
	expect(s.wait().has_value(), "both come");
	expect(w.runs == 2, "both ran");
	join();
}

// A task wakes another one of its executor, while an interrupt on top of them wakes a third.
SCENARIO(task_sets_an_event)
{
	struct setter {
		static task<void> set(event &e)
		{
			e.set();
			co_return {};
		}
	};
	witness w;
	event one, other;
	auto tasks = sleeping_executor();
	scope s(must(tasks));

	spawn_two(s, w, one, other);
	expect(s.spawn(setter::set(one)).has_value(), "spawned");
	interrupt a("interrupts", [&] { other.set(); });
	expect(s.wait().has_value(), "both come");
	expect(w.runs == 2, "both ran");
	join();
}

// A stop reaches the tasks of a scope that a task has, whether it waits for them yet or not.
SCENARIO(task_stop_of_a_scope_in_a_task)
{
	witness w;
	event e;
	auto tasks = sleeping_executor();
	job<int> j(must(tasks));
	struct parent {
		static task<int> spawns(in_frame w, event &e)
		{
			auto self = co_await kthread::this_task::self();
			scope inner(self);
			auto spawned = inner.spawn(await(std::move(w), e, kthread::never));
			auto joined = co_await inner.join();

			co_return spawned &&joined;
		}
	};

	expect(j.spawn(parent::spawns(in_frame(w), e)).has_value(), "spawned");
	context a("stops", [&] { j.request_stop(); });
	j.request_stop();
	(void)j.join();
	join();
}

SCENARIO(task_finds_no_memory)
{
	witness w;

	allow_failures(1);
	auto tasks = executor::run("tasks");
	if (tasks) {
		scope s(*tasks);
		auto spawned = s.spawn(run(in_frame(w)));

		expect(spawned || spawned.error() == errno_t::ENOMEM, "why it fails");
		expect(s.wait().has_value(), "ended");
		expect(w.runs == spawned.has_value(), "it runs if it is spawned");
	}
	allow_failures(0);
}

// A module forgets what it owns, while another context still sets the event.
SCENARIO(task_object_is_forgotten)
{
	struct owner {
		executor tasks;
		scope all{tasks};

		explicit owner(executor made) : tasks(std::move(made)) {}
	};
	witness w;
	event e;
	kthread::static_object<owner> object;

	expect(object.emplace(executor::run("tasks")).has_value(), "made");
	expect(object->all.spawn(await(in_frame(w), e, kthread::never)).has_value(), "spawned");
	context a("sets", [&] { e.set(); });
	module_goes();
	expect_log(1, 1);
	join();
}

// The thread waits for a task, and is forgotten, too. It is the first that the module stops.
SCENARIO(task_executor_left_behind)
{
	witness w;
	event e;
	job<int> *its = nullptr;
	auto thread = jthread::create("waits", [&](stop_token) { return int(bool(its->wait())); });
	auto made = executor::run("tasks");
	forgotten waits(std::move(must(thread)));
	forgotten tasks(std::move(must(made)));
	{
		job<int> j(*tasks);

		its = &j;
		expect(j.spawn(await(in_frame(w), e, kthread::never)).has_value(), "spawned");
		waits->wake();
		module_goes();
		expect_log(2, 2);
	}
}

namespace
{
task<int> acquire_unit(in_frame w, kthread::awaitable_semaphore<> &units,
		       kthread::steady_clock::time_point deadline)
{
	auto got = co_await kthread::this_task::acquire(units, deadline);

	++w->runs;
	co_return got ? 1 : static_cast<int>(got.error());
}
} // namespace

// A unit is for the task or for the thread, and is not lost.
SCENARIO(task_and_thread_wait_for_a_unit)
{
	witness w;
	auto tasks = sleeping_executor();
	kthread::awaitable_semaphore<> units{0, "units"_lock};
	job<int> j(must(tasks));

	expect(j.spawn(acquire_unit(in_frame(w), units, kthread::never)).has_value(), "spawned");
	context a("acquires", [&] { units.acquire(); });
	units.release();
	units.release();
	join();
	const auto ended = j.join();
	expect(ended && *ended == 1 && !units.try_acquire(), "each has one");
}

// One of two tasks is late or stopped as the unit comes.
SCENARIO(task_unit_against_deadline)
{
	witness w;
	auto tasks = sleeping_executor();
	kthread::awaitable_semaphore<> units{0, "units"_lock};
	job<int> late_one(must(tasks)), other(must(tasks));

	expect(late_one.spawn(acquire_unit(in_frame(w), units, kthread::steady_clock::now() + 1ms))
		       .has_value(),
	       "spawned");
	expect(other.spawn(acquire_unit(in_frame(w), units, kthread::never)).has_value(),
	       "spawned");
	interrupt a("releases", [&] { units.release(); });
	const auto first = late_one.join();
	if (first && *first == 1)
		other.request_stop();
	const auto second = other.join();
	expect(first && (*first == 1 || (*first == late && second && *second == 1)),
	       "one of them has it");
	join();
}

// One that is stopped hands on the notification that it was given.
SCENARIO(task_unit_against_stop)
{
	witness w;
	auto tasks = sleeping_executor();
	kthread::awaitable_semaphore<> units{0, "units"_lock};
	job<int> stopped_one(must(tasks)), other(must(tasks));

	expect(stopped_one.spawn(acquire_unit(in_frame(w), units, kthread::never)).has_value(),
	       "spawned");
	expect(other.spawn(acquire_unit(in_frame(w), units, kthread::never)).has_value(),
	       "spawned");
	context a("releases", [&] { units.release(); });
	stopped_one.request_stop();
	const auto ended = stopped_one.join();
	if (ended && *ended == 1)
		other.request_stop();
	const auto second = other.join();
	join();
	expect((ended && *ended == 1) != (second && *second == 1), "one of them has it");
}

// A unit of one semaphore is not for the other, whose tasks wait in the same list.
SCENARIO(task_units_that_share_a_list)
{
	using unit = kthread::awaitable_semaphore<>;
	const auto list_of = [](const unit *u) {
		return reinterpret_cast<unsigned long>(&u->waiters()) * 0x9e3779b97f4a7c15ull >>
		       (64 - kthread::waiter_list::bits);
	};
	alignas(unit) unsigned char memory[300 * sizeof(unit)];
	auto *const one = reinterpret_cast<unit *>(memory), *other = one + 1;
	while (list_of(other) != list_of(one))
		++other;
	witness w;
	auto tasks = sleeping_executor();
	job<int> first(must(tasks)), second(must(tasks));

	new (one) unit{0, "one"_lock};
	new (other) unit{0, "other"_lock};
	expect(first.spawn(acquire_unit(in_frame(w), *one, kthread::never)).has_value(), "spawned");
	expect(second.spawn(acquire_unit(in_frame(w), *other, kthread::never)).has_value(),
	       "spawned");
	context a("releases", [&] { other->release(); });
	expect(second.join().has_value() && w.runs == 1, "it has its own");
	one->release();
	expect(first.join().has_value() && w.runs == 2, "so has the other");
	join();
}
