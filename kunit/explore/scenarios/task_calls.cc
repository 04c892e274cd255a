// SPDX-License-Identifier: GPL-2.0
//
// Tasks that wait for what workers, pools, threads and C code do, against a stop and a deadline.
#include "kthread/task_waiting.hpp"
#include "kthread/task_work.hpp"
#include "tasks.hpp"

using kthread::errno_t;
using kthread::event;
using kthread::job;
using kthread::jthread;
using kthread::pool;
using kthread::result;
using kthread::shared_wait_queue;
using kthread::stop_token;
using kthread::task;
using kthread::worker;
namespace this_task = kthread::this_task;

namespace
{
// A call in an item, and how often it has run.
struct gives_seven {
	tally &t;
	int operator()() const
	{
		t.call();
		return 7;
	}
};

// Ends when it is stopped. It refers to the frame that awaits it.
struct until_stopped {
	tally &t;
	int &in_frame;
	int operator()(const stop_token &stop) const
	{
		t.call();
		(void)stop.wait([] { return false; });
		in_frame = 1;
		return 7;
	}
};

template <class Place>
task<int> calls(in_frame w, const Place &place, tally &t)
{
	auto got = co_await this_task::call_on(place, gives_seven{t});

	++w->runs;
	co_return got ? *got : static_cast<int>(got.error());
}

template <class Place>
task<int> calls_what_waits(in_frame w, const Place &place, tally &t,
			   kthread::steady_clock::time_point deadline)
{
	int ended = 0;
	auto got = co_await this_task::call_on(place, until_stopped{t, ended}, deadline);

	w->runs += ended;
	co_return got ? *got : static_cast<int>(got.error());
}

struct until_its_place_ends {
	kthread::counting_semaphore<> &begun;
	int operator()(const stop_token &stop) const
	{
		begun.release();
		(void)stop.wait([] { return false; });
		return 7;
	}
};

task<int> calls_until_its_place_ends(in_frame w, const worker &place,
				     kthread::counting_semaphore<> &begun)
{
	auto got = co_await this_task::call_on(place, until_its_place_ends{begun});

	++w->runs;
	co_return got ? *got : static_cast<int>(got.error());
}

struct takes {
	kthread::counting_semaphore<> &unit;
	int operator()() const
	{
		unit.acquire();
		return 7;
	}
};

task<int> calls_what_takes(in_frame w, kthread::counting_semaphore<> &unit)
{
	auto got = co_await this_task::call_on(pool::system(), takes{unit});

	++w->runs;
	co_return got ? *got : static_cast<int>(got.error());
}

task<void> releases(in_frame w, event &e, kthread::counting_semaphore<> &unit)
{
	auto came = co_await e.wait();

	unit.release();
	++w->runs;
	co_return came;
}

task<int> joins(in_frame w, const jthread &thread,
		kthread::steady_clock::time_point deadline = kthread::never)
{
	auto ended = co_await this_task::join(thread, deadline);

	++w->runs;
	co_return ended ? *ended : static_cast<int>(ended.error());
}

struct is_true {
	std::atomic<bool> &what;
	bool operator()() const { return what.load(std::memory_order_relaxed); }
};

task<int> waits(in_frame w, shared_wait_queue &queue, std::atomic<bool> &ready,
		kthread::steady_clock::time_point deadline)
{
	auto came = co_await this_task::wait(queue, is_true{ready}, deadline);

	++w->runs;
	co_return came ? 1 : static_cast<int>(came.error());
}

// The job may be stopped before its task begins.
int code_of(const result<int> &ended)
{
	return ended ? *ended : static_cast<int>(ended.error());
}
} // namespace

SCENARIO(task_call_against_stop)
{
	witness w;
	tally t;
	auto w1 = worker::run("worker");
	auto tasks = sleeping_executor();
	job<int> j(must(tasks));

	expect(j.spawn(calls(in_frame(w), must(w1), t)).has_value(), "spawned");
	context a("stops", [&] { j.request_stop(); });
	const int code = code_of(j.join());
	expect(code == stopped || (code == 7 && t.calls_now() == 1), "it has run, or is stopped");
	join();
}

SCENARIO(task_call_on_a_pool_against_stop)
{
	witness w;
	tally t;
	auto tasks = sleeping_executor();
	job<int> j(must(tasks));

	expect(j.spawn(calls(in_frame(w), pool::system(), t)).has_value(), "spawned");
	context a("stops", [&] { j.request_stop(); });
	const int code = code_of(j.join());
	expect(code == stopped || (code == 7 && t.calls_now() == 1), "it has run, or is stopped");
	join();
}

// A stop tells the call that runs, and the task waits for its end.
SCENARIO(task_call_that_waits_against_stop)
{
	witness w;
	tally t;
	auto w1 = worker::run("worker");
	auto tasks = sleeping_executor();
	job<int> j(must(tasks));

	expect(j.spawn(calls_what_waits(in_frame(w), must(w1), t, kthread::never)).has_value(),
	       "spawned");
	context a("stops", [&] { j.request_stop(); });
	expect(code_of(j.join()) == stopped, "it is stopped");
	expect(w.runs == t.calls_now(), "what has begun has ended");
	join();
}

// The stop comes before the deadline, or while what is late is waited for, too.
SCENARIO(task_call_that_is_late_against_stop)
{
	witness w;
	tally t;
	auto tasks = sleeping_executor();
	job<int> j(must(tasks));

	expect(j.spawn(calls_what_waits(in_frame(w), pool::system(), t,
					kthread::steady_clock::now() + 1ms))
		       .has_value(),
	       "spawned");
	context a("stops", [&] { j.request_stop(); });
	const int code = code_of(j.join());
	expect(code == stopped || code == late, "it ends as one of them asks");
	expect(w.runs == t.calls_now(), "what has begun has ended");
	join();
}

// The worker's end asks what runs there. Nobody has stopped the task.
SCENARIO(task_call_against_the_end_of_its_worker)
{
	witness w;
	tally t;
	kthread::counting_semaphore<> begun{0, "begun"_lock};
	auto w1 = worker::run("worker");
	auto tasks = sleeping_executor();
	job<int> j(must(tasks));

	expect(j.spawn(calls_until_its_place_ends(in_frame(w), must(w1), begun)).has_value(),
	       "spawned");
	begun.acquire();
	*w1 = worker();
	expect(code_of(j.join()) == 7, "it gives what it returned");
}

// The call ends only if another task runs, while the first one is stopped and waits for the call.
SCENARIO(task_call_that_runs_does_not_hold_up_others)
{
	witness w, v;
	kthread::counting_semaphore<> unit{0, "unit"_lock};
	event e;
	auto tasks = sleeping_executor();
	job<int> j(must(tasks));
	job<void> k(must(tasks));

	expect(j.spawn(calls_what_takes(in_frame(w), unit)).has_value(), "spawned");
	expect(k.spawn(releases(in_frame(v), e, unit)).has_value(), "spawned");
	context a("stops", [&] { j.request_stop(); });
	e.set();
	const int code = code_of(j.join());
	expect(code == stopped || code == 7, "it has run, or is stopped");
	join();
	expect(k.join().has_value(), "released");
}

SCENARIO(task_joins_a_thread_against_stop)
{
	witness w;
	auto thread = jthread::run("thread", [] { return 3; });
	auto tasks = sleeping_executor();
	job<int> j(must(tasks));

	expect(j.spawn(joins(in_frame(w), must(thread))).has_value(), "spawned");
	context a("stops", [&] { j.request_stop(); });
	const int code = code_of(j.join());
	expect(code == 3 || code == stopped, "it has ended, or the task is stopped");
	join();
	expect(thread->join() == 3, "the thread goes on");
}

SCENARIO(task_joins_a_thread_against_deadline)
{
	witness w;
	tally t;
	auto thread = jthread::run("thread", sleeper(t));
	auto tasks = sleeping_executor();
	job<int> j(must(tasks));

	expect(j.spawn(joins(in_frame(w), must(thread), kthread::steady_clock::now() + 1ms))
		       .has_value(),
	       "spawned");
	const auto ended = thread->stop();
	const int code = code_of(j.join());
	expect(code == code_of(ended) || code == late, "it has ended, or it is late");
}

// The join unparks it, as that of a thread does, and so it sees its stop.
SCENARIO(task_joins_a_parked_thread)
{
	witness w;
	tally t;
	auto thread = jthread::run("thread", sleeper(t));
	auto tasks = sleeping_executor();
	job<int> j(must(tasks));

	expect(must(thread).park().has_value(), "parked");
	expect(j.spawn(joins(in_frame(w), *thread)).has_value(), "spawned");
	thread->request_stop();
	const int code = code_of(j.join());
	expect(code == (t.calls_now() ? 7 : static_cast<int>(errno_t::EINTR)), "its result");
}

// It is parked while the task waits, and the owner may still have it when the stop comes.
SCENARIO(task_joins_what_another_parks)
{
	witness w;
	tally t;
	auto thread = jthread::run_begun("thread", sleeper(t));
	auto tasks = sleeping_executor();
	job<int> j(must(tasks));

	one_order();
	expect(j.spawn(joins(in_frame(w), must(thread))).has_value(), "spawned");
	all_orders();
	context a("parks", [&] { (void)thread->park(); });
	thread->request_stop();
	expect(code_of(j.join()) == 7, "its result");
	join();
}

// Nobody starts it, and the join asks for its stop, as that of a thread does.
SCENARIO(task_joins_a_created_thread)
{
	witness w;
	tally t;
	auto thread = jthread::create("thread", sleeper(t));
	auto tasks = sleeping_executor();
	job<int> j(must(tasks));

	expect(j.spawn(joins(in_frame(w), must(thread))).has_value(), "spawned");
	context a("binds", [&] { (void)thread->bind(0); });
	expect(code_of(j.join()) == static_cast<int>(errno_t::EINTR), "it never ran");
	join();
}

SCENARIO(task_joins_against_the_owner)
{
	witness w;
	tally t;
	auto thread = jthread::run("thread", sleeper(t));
	auto tasks = sleeping_executor();
	job<int> j(must(tasks));

	expect(j.spawn(joins(in_frame(w), must(thread))).has_value(), "spawned");
	const auto ended = thread->stop();
	expect(code_of(j.join()) == code_of(ended), "both get its result");
}

namespace
{
// A queue, and the condition of those who wait on it.
struct readiness {
	shared_wait_queue queue{"queue"_lock};
	std::atomic<bool> ready{false};

	void come()
	{
		ready.store(true, std::memory_order_relaxed);
		queue.notify_all();
	}
};
} // namespace

SCENARIO(task_wait_queue_against_deadline)
{
	witness w;
	readiness it;
	auto tasks = sleeping_executor();
	job<int> j(must(tasks));

	expect(j.spawn(waits(in_frame(w), it.queue, it.ready, kthread::steady_clock::now() + 1ms))
		       .has_value(),
	       "spawned");
	context a("wakes", [&] { it.come(); });
	const int code = code_of(j.join());
	expect(code == 1 || code == late, "it ends as one of them asks");
	join();
}

SCENARIO(task_wait_queue_against_stop)
{
	witness w;
	readiness it;
	auto tasks = sleeping_executor();
	job<int> j(must(tasks));

	expect(j.spawn(waits(in_frame(w), it.queue, it.ready, kthread::never)).has_value(),
	       "spawned");
	interrupt a("wakes", [&] { it.come(); });
	j.request_stop();
	const int code = code_of(j.join());
	expect(code == 1 || code == stopped, "it ends as one of them asks");
	join();
}

// It is woken in vain first.
SCENARIO(task_wait_queue_is_woken_twice)
{
	witness w;
	readiness it;
	auto tasks = sleeping_executor();
	job<int> j(must(tasks));

	expect(j.spawn(waits(in_frame(w), it.queue, it.ready, kthread::never)).has_value(),
	       "spawned");
	context a("wakes", [&] { it.queue.notify_all(); });
	it.come();
	expect(code_of(j.join()) == 1, "it comes");
	join();
}

namespace
{
struct waits_for {
	kthread::completion &done;
	event &begun;
	int operator()() const
	{
		begun.set();
		done.wait();
		return 7;
	}
};

task<void> completes_at_its_stop(event &never_set, kthread::completion &done)
{
	auto came = co_await never_set.wait();

	done.complete();
	co_return came;
}

task<void> calls_and_waits(const worker &place, kthread::completion &done, event &begun)
{
	auto got = co_await this_task::call_on(place, waits_for{done, begun});

	(void)got;
	co_return {};
}

task<void> forgets_to_join(const worker &place, kthread::completion &done, event &begun)
{
	auto self = co_await this_task::self();
	kthread::scope inner(self);
	auto spawned = inner.spawn(calls_and_waits(place, done, begun));

	(void)co_await begun.wait();
	co_return spawned;
}
} // namespace

// The scope that was not joined has a call which waits for the stop of another task.
SCENARIO(task_executor_ends_with_a_scope_that_waits_for_its_end)
{
	event never_set, begun;
	kthread::completion done{"done"_lock};
	auto place = worker::run("worker");
	auto tasks = sleeping_executor();
	kthread::scope others(must(tasks)), all(must(tasks));

	expect(others.spawn(completes_at_its_stop(never_set, done)).has_value(), "spawned");
	expect(all.spawn(forgets_to_join(must(place), done, begun)).has_value(), "spawned");
	must(tasks) = {};
	expect_log(0, 1);
}
