// SPDX-License-Identifier: GPL-2.0
//
// Groups, threads and objects in static storage, and the threads of the CPUs own threads. Two contexts use each of
// these owners by each pair of its operations. Three contexts use one thread.
#include "kthread/static_object.hpp"

#include "pairs.hpp"

using kthread::errno_t;
using kthread::jthread;
using kthread::jthread_group;
using kthread::static_jthread;
using kthread::static_object;
using kthread::stop_token;

namespace
{
namespace group
{
enum operation { wake, request_stop, stop, join_first };
constexpr const char *names[] = {"wake", "request_stop", "stop", "join"};

void call(jthread_group &threads, int what)
{
	if (what == wake)
		threads.wake();
	else if (what == request_stop)
		threads.request_stop();
	else if (what == stop)
		threads.stop();
	else
		(void)threads[0].join();
}

void pair()
{
	const int one = current_scenario->one, other = current_scenario->other;
	tally t;

	one_order();
	auto made =
		jthread_group::create("group", 2, [c = counted(t)](stop_token token, unsigned int) {
			c();
			while (!token.stop_requested())
				(void)token.wait([] { return false; });
			return 7;
		});
	jthread_group &threads = must(made);
	threads.wake();
	all_orders();
	context b("other", [&] { call(threads, other); });
	// A third one ends what the two wait for.
	if (one == join_first) {
		context a("one", [&] { call(threads, one); });
		threads.request_stop();
		join();
	} else {
		call(threads, one);
		if (other == join_first)
			threads.request_stop();
		join();
	}
	one_order();
	threads.stop();
	for (jthread &thread : threads)
		expect(thread.get().value_or(0) == 7, "each has ended");
}

const pairs of_groups("group", names, pair, all_are_allowed);
} // namespace group

// A static_jthread has the functions of a jthread, and these.
namespace in_place
{
enum operation { run, run_begun, reset, forget };
constexpr const char *names[] = {"run", "run_begun", "reset", "forget"};

struct owned {
	tally t;
	static_jthread<sizeof(counted)> thread;

	void set_up(int what)
	{
		if (what == reset || what == forget)
			expect(bool(thread.run("thread", sleeper(t))), "runs");
	}
	void call(int what)
	{
		if (what == run)
			expect(bool(thread.run("thread", sleeper(t))), "runs");
		else if (what == run_begun)
			expect(bool(thread.run_begun("thread", sleeper(t))), "runs");
		else if (what == reset)
			thread.reset();
	}
};

void pair()
{
	const int one = current_scenario->one, other = current_scenario->other;
	owned first, second;

	one_order();
	first.set_up(one);
	second.set_up(other);
	all_orders();
	context a("one", [&] { first.call(one); });
	second.call(other);
	join();
	one_order();
	expect(second.thread.run("thread", sleeper(second.t)) || other != reset, "again");
	module_goes();
	expect_log(1, 2);
}

const pairs of_static_threads("static", names, pair, all_are_allowed);
} // namespace in_place

// A static_object, of two contexts.
namespace object
{
enum operation { emplace, reset, look };
constexpr const char *names[] = {"emplace", "reset", "look"};

struct holder {
	jthread thread;
	explicit holder(jthread made) : thread(std::move(made)) {}
};

void call(static_object<holder> &there, int what, tally &t)
{
	if (what == emplace) {
		const auto made = there.emplace(jthread::run("thread", sleeper(t)));

		expect(made || made.error() == errno_t::EBUSY, "made, or there is one");
	} else if (what == reset) {
		there.reset();
	} else {
		(void)there.has_value();
	}
}

void pair()
{
	const int one = current_scenario->one, other = current_scenario->other;
	tally t;
	static_object<holder> there;

	one_order();
	if (one != emplace || other == reset)
		call(there, emplace, t);
	all_orders();
	context b("other", [&] { call(there, other, t); });
	call(there, one, t);
	join();
	one_order();
	there.reset();
	expect(!there && !t.living_now(), "gone");
}

const pairs of_objects("object", names, pair, all_are_allowed);
} // namespace object

namespace percpu
{
enum operation { start, wake, stop, goes, comes, forget };
constexpr const char *names[] = {"start", "wake", "stop", "goes", "comes", "forget"};

struct calls {
	static inline std::atomic<int> work, runs;
	static bool should_run(unsigned int cpu)
	{
		return cpu == 1 && work.load(std::memory_order_relaxed);
	}
	static void run(unsigned int)
	{
		work.store(0, std::memory_order_relaxed);
		runs.fetch_add(1, std::memory_order_relaxed);
	}
};
using threads = kthread::percpu_threads<calls>;

void call(threads &all, int what)
{
	if (what == start) {
		expect(bool(all.start("test/%u")), "started");
	} else if (what == wake) {
		calls::work.store(1, std::memory_order_relaxed);
		all.wake(1);
	} else if (what == stop) {
		expect(bool(all.stop()), "stopped");
	} else if (what == goes) {
		cpu_down(1);
	} else if (what == comes) {
		cpu_up(1);
	}
}

void pair()
{
	const int one = current_scenario->one, other = current_scenario->other;
	const auto has = [=](int what) { return one == what || other == what; };
	forgotten<threads> all;
	calls::work = calls::runs = 0;

	one_order();
	if (!has(start))
		call(*all, start);
	if (has(comes))
		cpu_down(1);
	all_orders();
	context a("one", [&] { call(*all, one); });
	if (has(forget))
		module_goes();
	else
		call(*all, other);
	join();
	one_order();
	if (has(wake) && has(goes))
		cpu_up(1);
	while (has(wake) && calls::work.load(std::memory_order_relaxed))
		kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	if (has(forget))
		expect_log(1, 1);
	else
		expect(bool(all->stop()), "stopped");
	expect(calls::runs <= 2 && bool(calls::runs) == has(wake), "work that was there is done");
}

const char *why_not(int one, int other)
{
	const auto has = [=](int what) { return one == what || other == what; };

	if (has(start) && other != goes)
		return "only a CPU meets the start of threads";
	if (one == other && one != wake)
		return "one context alone does it";
	if (has(wake) && (has(stop) || has(forget)))
		return "nobody wakes threads that are being stopped";
	if ((has(stop) && has(forget)) || (has(goes) && has(comes)))
		return "one comes after the other";
	return nullptr;
}

const pairs of_cpus("cpu", names, pair, why_not);
} // namespace percpu

// Three contexts use a thread: each two of these beside a third.
namespace three
{
enum operation { wake, stop, joins, park, unpark };
constexpr const char *names[] = {"wake", "stop", "join", "park", "unpark"};

void call(jthread &thread, int what, const tally &t)
{
	if (what == wake)
		thread.wake();
	else if (what == stop)
		expect_result(thread.stop(), t, 7);
	else if (what == joins)
		expect_result(thread.join(), t, 7);
	else if (what == park)
		(void)thread.park();
	else
		(void)thread.unpark();
}

template <operation third>
void triple()
{
	const int one = current_scenario->one, other = current_scenario->other;
	tally t;

	one_order();
	auto made = jthread::run("thread", sleeper(t));
	jthread &thread = must(made);
	all_orders();
	context a("one", [&] { call(thread, one, t); });
	context b("other", [&] { call(thread, other, t); });
	call(thread, third, t);
	if (one == joins || other == joins)
		thread.request_stop();
	join();
	one_order();
	expect_result(thread.stop(), t, 7);
}

const pairs with_stop("threestop", names, triple<stop>, all_are_allowed);
const pairs with_park("threepark", names, triple<park>, all_are_allowed);
} // namespace three
} // namespace
