// SPDX-License-Identifier: GPL-2.0
//
// Tasks: those of an executor of one torturer's own, and those of one that all torturers use at once.
#include "torture.hpp"

#include <optional>

#include "kthread/task_view.hpp"
#include "kthread/task_when.hpp"

#include "torture_calls.hpp"

namespace torture
{
using kthread::event;
using kthread::executor;
using kthread::job;
using kthread::scope;
using kthread::task;
namespace this_task = kthread::this_task;

namespace
{
using storage = kthread::task_storage<640>;

// A record of tasks that belong together. It is there before the first is made and until all are gone.
struct task_record {
	std::atomic<unsigned int> generation{0};
	std::atomic<int> alive{0};
	std::atomic<int> running{0};
	std::atomic<unsigned int> begun{0}, ended{0};

	void destroyed() {}
	void is_gone()
	{
		CHECK_EQ(alive.load(), 0);
		CHECK_EQ(running.load(), 0);
		CHECK_EQ(ended.load(), begun.load());
		++generation;
		begun = ended = 0;
	}
};

// A variable of each task that runs.
class presence
{
public:
	explicit presence(task_record &record) : record_(record)
	{
		++record_.begun;
		++record_.running;
		torture_count(TORTURE_TASKS);
	}
	presence(const presence &) = delete;
	presence &operator=(const presence &) = delete;
	~presence()
	{
		++record_.ended;
		--record_.running;
	}

private:
	task_record &record_;
};

struct task_plan {
	unsigned long long stream = 0;
	unsigned int waits = 0;
	int code = 0;

	explicit task_plan(random &r)
		: stream(r.next()), waits(r.below(6)), code(static_cast<int>(r.below(1000)))
	{
	}
};

std::chrono::nanoseconds short_time(random &r)
{
	return std::chrono::nanoseconds(r.below(r.one_in(4) ? 50000 : 3000000));
}

// Some tasks of others may wait for it too.
result<void> of_event(const result<void> &came)
{
	if (is_one_of(came, errno_t::ETIMEDOUT, errno_t::EBUSY))
		return {};
	return came;
}

task<void> waits(event &e, std::chrono::nanoseconds time, std::chrono::nanoseconds slack)
{
	auto came = co_await e.wait(kthread::in(time), slack);

	co_return of_event(came.get());
}
task<void> sleeps(std::chrono::nanoseconds time, std::chrono::nanoseconds slack)
{
	const auto due = steady_clock::now() + time;
	auto slept = co_await this_task::sleep_until(due, slack);

	if (slept)
		CHECK(steady_clock::now() >= due);
	co_return slept;
}
task<void> beats(std::chrono::nanoseconds period)
{
	kthread::co_ticker every(period);

	for (int i = 0; i < 3; ++i) {
		auto beat = co_await every.wait();

		if (!beat)
			co_return beat;
		CHECK(steady_clock::now() >= every.due());
	}
	co_return {};
}
task<void> yields()
{
	auto yielded = co_await this_task::yield();

	co_return yielded;
}
task<void> races(event &e, std::chrono::nanoseconds time)
{
	auto first = co_await kthread::when_any(sleeps(time, 0ns), waits(e, 2 * time, 0ns));

	if (!first)
		co_return std::unexpected(first.error());
	CHECK(first->index < 2);
	co_return first->value;
}
task<void> does_both(event &e, std::chrono::nanoseconds time)
{
	auto both = co_await kthread::when_all(sleeps(time, 1ms), waits(e, time, 1ms));

	if (!both)
		co_return std::unexpected(both.error());
	auto &[slept, came] = *both;
	co_return slept ? came : slept;
}
task<void> is_limited(std::chrono::nanoseconds time)
{
	auto late = co_await kthread::within(time, sleeps(forever, 0ns));

	CHECK(!late);
	if (!late && late.error() == errno_t::ETIMEDOUT)
		co_return {};
	co_return late;
}
task<void> has_scope(task_record &record, event &e, task_plan plan);

task<void> some_wait(task_record &record, event &e, random &r)
{
	const auto time = short_time(r), slack = short_time(r);

	switch (r.below(11)) {
	case 0:
		return sleeps(time, slack);
	case 1:
		return beats(time);
	case 2:
		return yields();
	case 3:
		return races(e, time);
	case 4:
		return does_both(e, time);
	case 5:
		return is_limited(time);
	case 6:
		return waits_in_vain(time);
	case 7:
		return has_it_called(time, slack);
	case 8:
		if (r.one_in(4))
			return has_scope(record, e, task_plan(r));
		[[fallthrough]];
	default:
		return waits(e, time, slack);
	}
}

task<int> lives(probe<task_record> held, task_plan plan, event &e)
{
	const presence in(held.alive());

	for (unsigned int i = 0; i < plan.waits; ++i) {
		random r(plan.stream, 0, i);
		auto waited = co_await some_wait(held.alive(), e, r);

		held.alive();
		if (!waited) {
			CHECK(is_one_of(waited.get(), errno_t::ECANCELED, errno_t::ENOMEM));
			co_return std::unexpected(waited.error());
		}
	}
	co_return plan.code;
}

// The same without memory from the heap, so that it runs in an interrupt too.
task<int> lives_in(storage &, probe<task_record> held, task_plan plan, event &e)
{
	const presence in(held.alive());
	random r(plan.stream, 0, 0);

	for (unsigned int i = 0; i < plan.waits; ++i) {
		const auto time = short_time(r);

		if (r.one_in(3)) {
			auto slept = co_await this_task::sleep_for(time, short_time(r));

			if (!slept)
				co_return std::unexpected(slept.error());
		} else {
			auto came = co_await e.wait(kthread::in(time));
			const auto waited = of_event(came.get());

			if (!waited)
				co_return std::unexpected(waited.error());
		}
		held.alive();
	}
	co_return plan.code;
}

task<void> has_scope(task_record &record, event &e, task_plan plan)
{
	random r(plan.stream, 1, 0);
	auto self = co_await this_task::self();
	scope inner(self);

	const auto spawned = inner.spawn_n(r.below(4), [&](unsigned int) {
		return lives(probe<task_record>(record), task_plan(r), e);
	});
	CHECK(is_one_of(spawned, errno_t::ENOMEM));
	if (r.one_in(3))
		inner.request_stop();
	auto joined = co_await inner.join();

	// A stop of this task reaches the scope, whose end this waits for all the same.
	CHECK(is_one_of(joined.get(), errno_t::ECANCELED));
	co_return {};
}

constexpr unsigned int rooms_count = 4, events_count = 4;

// Some tasks, and what others do to them.
class trial
{
public:
	explicit trial(executor &tasks) : all_(tasks), one_(tasks) {}

	void begin(random &r, event (&events)[events_count], bool in_interrupts)
	{
		for (unsigned int i = 0; i < rooms_count; ++i) {
			event &e = events[r.below(events_count)];
			const task_plan plan(r);
			probe<task_record> held(record_);

			if (i)
				counts(spawn(all_, std::move(held), plan, e, rooms_[i],
					     in_interrupts || r.one_in(4)));
			else if (counts(spawn(one_, std::move(held), plan, e, rooms_[i],
					      in_interrupts || r.one_in(4))))
				code_ = plan.code;
		}
		if (in_interrupts)
			CHECK_ERROR(all_.spawn(yields()), errno_t::EINVAL);
	}

	void disturb(random &r, event (&events)[events_count])
	{
		for (unsigned int i = r.below(10); i; --i) {
			events[r.below(events_count)].set();
			calls_queue.notify_all();
			r.spin();
		}
		if (r.one_in(4)) {
			one_.request_stop();
			one_stopped_ = true;
		}
		if (r.one_in(4)) {
			all_.request_stop();
			all_stopped_ = true;
			CHECK(!all_.spawn(yields()));
		}
	}

	// The executor stops them.
	void is_over() { one_stopped_ = all_stopped_ = true; }

	void end()
	{
		CHECK_ERROR(all_.wait(), errno_t{});
		if (code_) {
			const auto got = one_.join();

			if (got)
				CHECK_EQ(*got, *code_);
			else
				CHECK(got.error() == errno_t::ENOMEM ||
				      (one_stopped_ && got.error() == errno_t::ECANCELED));
			CHECK(one_.get().has_value() == got.has_value());
		}
		// Each of its own scopes' tasks has begun, too, or was stopped.
		if (!one_stopped_ && !all_stopped_)
			CHECK(record_.begun.load() >= spawned_);
		record_.is_gone();
	}

private:
	template <class Spawner>
	static result<void> spawn(Spawner &to, probe<task_record> held, task_plan plan, event &e,
				  storage &room, bool stored)
	{
		if (stored)
			return to.spawn(lives_in(room, std::move(held), plan, e));
		return to.spawn(lives(std::move(held), plan, e));
	}
	bool counts(const result<void> &spawned)
	{
		CHECK(is_one_of(spawned, errno_t::ENOMEM));
		spawned_ += spawned.has_value();
		return spawned.has_value();
	}

	task_record record_;
	storage rooms_[rooms_count];
	std::optional<int> code_;
	bool one_stopped_ = false, all_stopped_ = false;
	unsigned int spawned_ = 0;
	scope all_;
	job<int> one_;
};

result<executor> make_executor(random &r, bool in_interrupts)
{
	torture_count(TORTURE_EXECUTORS);
	return in_interrupts ? executor::run_in_interrupts()
			     : executor::run("torture/tasks", {.freezable = r.one_in(4)});
}
} // namespace

void torture_own_tasks(torturer &self, random &r)
{
	const bool in_interrupts = r.one_in(3);
	event events[events_count];

	self.does("own tasks: make");
	auto made = make_executor(r, in_interrupts);
	if (!CHECK(is_one_of(made, errno_t::ENOMEM)) || !made)
		return;

	executor tasks(std::move(*made));
	const std::unique_ptr<trial> its(new (std::nothrow) trial(tasks));
	if (!its)
		return;
	self.does("own tasks: spawn");
	its->begin(r, events, in_interrupts);
	its->disturb(r, events);
	if (r.one_in(2)) {
		self.does("own tasks: drop the executor");
		tasks = {};
		its->is_over();
	}
	self.does("own tasks: end");
	its->end();
}

namespace
{
// An executor that all torturers use at once, and the interrupt.
struct shared_executor {
	gate door;
	executor tasks;
	bool in_interrupts = false;
	task_record record;
	event events[events_count];
	storage rooms[rooms_count];
	std::optional<scope> all;

	~shared_executor() { drop(false); }

	void drop(bool tasks_first)
	{
		if (tasks_first)
			tasks = {};
		if (all)
			CHECK(is_one_of(all->wait()));
		all.reset();
		tasks = {};
		record.is_gone();
	}
	void make(random &r)
	{
		drop(r.one_in(2));
		in_interrupts = r.one_in(2);
		auto made = make_executor(r, in_interrupts);
		if (!CHECK(is_one_of(made, errno_t::ENOMEM)) || !made)
			return;
		tasks = std::move(*made);
		all.emplace(tasks);
	}

	// The room may be taken, and the scope stopped.
	void spawn(random &r)
	{
		CHECK(is_one_of(
			all->spawn(lives_in(rooms[r.below(rooms_count)], probe<task_record>(record),
					    task_plan(r), events[r.below(events_count)])),
			errno_t::ENOMEM, errno_t::ECANCELED));
	}
	void set(random &r) { events[r.below(events_count)].set(); }

	void tries(random &r)
	{
		const std::unique_ptr<trial> its(new (std::nothrow) trial(tasks));

		if (!its)
			return;
		its->begin(r, events, in_interrupts);
		its->disturb(r, events);
		its->end();
	}
	void park(random &r)
	{
		if (!tasks.park())
			return;
		r.nap(2000);
		CHECK(is_one_of(tasks.unpark(), errno_t::EINVAL));
	}
};

shared_executor *shared;

constexpr operation<shared_executor> shared_operations[] = {
	{30, "shared tasks: try", [](shared_executor &it, random &r) { it.tries(r); }},
	{20, "shared tasks: spawn", [](shared_executor &it, random &r) { it.spawn(r); }},
	{30, "shared tasks: set", [](shared_executor &it, random &r) { it.set(r); }},
	{2, "shared tasks: park", [](shared_executor &it, random &r) { it.park(r); }},
	{3, "shared tasks: request_stop",
	 [](shared_executor &it, random &) { it.all->request_stop(); }},
	{3, "shared tasks: view",
	 [](shared_executor &it, random &) {
		 const auto seen =
			 kthread::for_each_task(it.tasks, [](const kthread::task_view &) {});

		 CHECK(is_one_of(seen, it.in_interrupts ? errno_t::EINVAL : errno_t::ENOMEM));
	 }},
};
} // namespace

bool make_shared_tasks()
{
	shared = new (std::nothrow) shared_executor;
	return shared;
}

void destroy_shared_tasks()
{
	delete shared;
}

void torture_shared_tasks(torturer &self, random &r)
{
	if (r.one_in(20)) {
		self.does("shared tasks: make");
		const possession alone(shared->door);

		return shared->make(r);
	}

	const auto &operation = r.choose(shared_operations);

	self.does(operation.name);
	const visit inside(shared->door);

	if (shared->all)
		operation.call(*shared, r);
}

void interrupt_shared_tasks(random &r)
{
	const try_visit inside(shared->door);

	if (!inside || !shared->all)
		return;
	if (r.one_in(3))
		shared->spawn(r);
	else if (r.one_in(100))
		shared->all->request_stop();
	else
		shared->set(r);
}
} // namespace torture
