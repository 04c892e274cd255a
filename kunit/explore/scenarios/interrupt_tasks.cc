// SPDX-License-Identifier: GPL-2.0
//
// Tasks that run in the interrupt of a timer: what ends a wait against what else ends it, and the executor's end.
#include "kthread/static_object.hpp"

#include "tasks.hpp"

using kthread::event;
using kthread::executor;
using kthread::job;
using kthread::scope;
using kthread::task;
using storage = kthread::task_storage<1024>;

namespace
{
task<int> await_in(storage &, in_frame w, event &e, kthread::steady_clock::time_point deadline)
{
	auto came = co_await e.wait(deadline);

	++w->runs;
	co_return came ? 1 : static_cast<int>(came.error());
}
} // namespace

SCENARIO(interrupt_task_event_against_deadline_and_stop)
{
	witness w;
	storage room;
	auto tasks = executor::run_in_interrupts();
	event e;
	job<int> j(must(tasks));

	expect(j.spawn(await_in(room, in_frame(w), e, kthread::steady_clock::now() + 1ms))
		       .has_value(),
	       "spawned");
	context a("sets", [&] { e.set(); });
	j.request_stop();
	(void)j.join();
	join();
}

SCENARIO(interrupt_task_events_of_two)
{
	witness w;
	storage room, room_of_other;
	event one, other;
	auto tasks = executor::run_in_interrupts();
	scope s(must(tasks));

	expect(s.spawn(await_in(room, in_frame(w), one, kthread::never)).has_value(), "spawned");
	expect(s.spawn(await_in(room_of_other, in_frame(w), other, kthread::never)).has_value(),
	       "spawned");
	interrupt a("sets", [&] { one.set(); });
	other.set();
	expect(s.wait().has_value(), "both come");
	expect(w.runs == 2, "both ran");
	join();
}

namespace
{
task<int> answer_in(storage &, in_frame w, event &mine, event &other)
{
	for (int i = 0; i < 2; ++i) {
		auto came = co_await mine.wait();

		if (!came)
			co_return 0;
		other.set();
	}
	++w->runs;
	co_return 1;
}
} // namespace

// The interrupt that both run in ends in between: the kernel calls no timer there whose time comes later. In one order, as
// on two processors they may answer at the same time.
SCENARIO(interrupt_tasks_answer_each_other)
{
	witness w, v;
	storage room, room_of_other;
	event one, other;
	one_order();
	auto a = executor::run_in_interrupts();
	auto b = executor::run_in_interrupts();
	job<int> j(must(a)), k(must(b));

	expect(j.spawn(answer_in(room, in_frame(w), one, other)).has_value(), "spawned");
	expect(k.spawn(answer_in(room_of_other, in_frame(v), other, one)).has_value(), "spawned");
	all_orders();
	one_order();
	const auto began = kthread::steady_clock::now();

	one.set();
	expect(j.join() == 1 && k.join() == 1, "both have answered");
	expect(kthread::steady_clock::now() > began, "the interrupt ended");
}

SCENARIO(interrupt_task_executor_closes_against_post)
{
	witness w;
	storage room;
	event e;
	auto tasks = executor::run_in_interrupts();
	{
		scope s(must(tasks));

		expect(s.spawn(await_in(room, in_frame(w), e, kthread::never)).has_value(),
		       "spawned");
		context a("sets", [&] { e.set(); });
		*tasks = executor();
		expect(s.wait().has_value(), "ended");
		expect(!s.spawn(await_in(room, in_frame(w), e, kthread::never)), "it is closed");
		join();
	}
}

// Its memory goes with the last scope.
SCENARIO(interrupt_task_executor_left_behind)
{
	witness w;
	storage room;
	event e;
	auto made = executor::run_in_interrupts();
	forgotten tasks(std::move(must(made)));
	{
		scope s(*tasks);

		expect(s.spawn(await_in(room, in_frame(w), e, kthread::never)).has_value(),
		       "spawned");
		context a("sets", [&] { e.set(); });
		module_goes();
		expect_log(1, 1);
		expect(!s.spawn(await_in(room, in_frame(w), e, kthread::never)), "it is closed");
		join();
	}
}

namespace
{
// The object is made after the executor, and so it is destroyed first. A thread makes the executor if has_maker, and
// has ended.
void forget_before_who_waits(bool has_maker)
{
	witness w;
	storage room;
	event e;
	kthread::static_object<object_that_waits<kthread::spawner, &kthread::spawner::wait>> object;
	executor made;
	const auto make = [&] {
		auto one = executor::run_in_interrupts();

		made = std::move(must(one));
	};

	one_order();
	if (has_maker) {
		auto maker = kthread::jthread::run("maker",
						   [&](kthread::stop_token) { return make(), 0; });

		expect(must(maker).join().has_value(), "ended");
	} else {
		make();
	}
	all_orders();
	forgotten tasks(std::move(made));
	{
		scope s(*tasks);

		expect(s.spawn(await_in(room, in_frame(w), e, kthread::never)).has_value(),
		       "spawned");
		expect(bool(object.emplace(s)), "made");
		module_goes();
		expect_log(2, 2);
	}
}
} // namespace

SCENARIO(interrupt_task_executor_is_forgotten_before_who_waits)
{
	forget_before_who_waits(false);
}

SCENARIO(interrupt_task_executor_of_a_thread_is_forgotten_before_who_waits)
{
	forget_before_who_waits(true);
}

namespace
{
// The body of the thread destroys the executor: when the module's end has closed that already, if this is late.
void forget_thread_that_owns_its_executor(bool late)
{
	auto tasks = executor::run_in_interrupts();
	auto thread = kthread::jthread::run(
		"owns", [late, own = std::move(must(tasks))](kthread::stop_token stop) {
			(void)stop.sleep_for(std::chrono::seconds(1));
			if (late)
				until_kthread_stop();
			return 0;
		});
	const forgotten owner(std::move(must(thread)));

	module_goes();
	expect_log(1, 2);
}
} // namespace

SCENARIO(interrupt_task_executor_in_the_body_of_a_forgotten_thread)
{
	forget_thread_that_owns_its_executor(false);
}

SCENARIO(interrupt_task_executor_in_the_body_of_a_thread_that_the_kernel_stops)
{
	forget_thread_that_owns_its_executor(true);
}

namespace
{
task<int> destroy_in(storage &, in_frame w, executor *own)
{
	own->~executor();
	++w->runs;
	co_return 1;
}

task<int> come_soon(storage &, in_frame w, event &e)
{
	auto came = co_await e.wait(kthread::steady_clock::now() + 1ms);

	++w->runs;
	co_return came ? 1 : static_cast<int>(came.error());
}
} // namespace

SCENARIO(interrupt_task_lets_go_of_its_executor)
{
	witness w;
	storage room, room2;
	event e;
	auto made = executor::run_in_interrupts();
	forgotten tasks(std::move(must(made)));
	{
		scope s(*tasks);

		expect(s.spawn(destroy_in(room, in_frame(w), &*tasks)).has_value(), "spawned");
		expect(s.wait().has_value(), "ended");
		expect(s.spawn(come_soon(room2, in_frame(w), e)).has_value(), "spawned");
		context a("sets", [&] { e.set(); });
		expect(s.wait().has_value(), "ended");
		join();
	}
	module_goes();
	expect_log(2, 2);
}
