// SPDX-License-Identifier: GPL-2.0
#include "kthread/percpu_threads.hpp"

#include <atomic>
#include <memory>

#include "cpu_fixture.hpp"

using kthread::errno_t;
using kthread::percpu_threads;

namespace
{
constexpr unsigned int max_cpus = 8;

// What the threads have seen of each CPU. Members are written by its thread alone.
struct seen {
	std::atomic<int> pid, work, looks, runs, set_up, cleaned_up, cleaned_up_online, parked,
		unparked;
	std::atomic<bool> elsewhere; // called on another CPU
};
constinit seen cpus[max_cpus];

void reset()
{
	for (seen &at : cpus) {
		at.pid = at.work = at.runs = at.set_up = at.looks = 0;
		at.cleaned_up = at.cleaned_up_online = at.parked = at.unparked = 0;
		at.elsewhere = false;
	}
}

seen &here(unsigned int cpu)
{
	if (kunit_bridge_cpu() != cpu)
		cpus[cpu].elsewhere = true;
	return cpus[cpu];
}

struct counting {
	static bool should_run(unsigned int cpu)
	{
		const bool has_work = here(cpu).work > 0;

		++cpus[cpu].looks;
		return has_work;
	}
	static void run(unsigned int cpu)
	{
		seen &at = here(cpu);

		++at.runs;
		--at.work;
	}
	static void setup(unsigned int cpu)
	{
		seen &at = here(cpu);

		at.pid = bridge_task_pid(bridge_current());
		++at.set_up;
	}
	// The CPU of a stopped thread may be offline.
	static void cleanup(unsigned int cpu, bool online)
	{
		++cpus[cpu].cleaned_up;
		cpus[cpu].cleaned_up_online = online;
	}
	static void park(unsigned int cpu) { ++here(cpu).parked; }
	static void unpark(unsigned int cpu) { ++here(cpu).unparked; }
};

template <class Condition>
void expect_soon(kunit *test, Condition condition)
{
	for (int looks = 0; !condition() && looks < 5000; ++looks)
		kunit_bridge_sleep_ms(1);
	KUNIT_EXPECT_TRUE(test, condition());
}

bool asleep(int pid)
{
	return kunit_bridge_state(pid) == 'S';
}

template <class F>
void for_each_online_cpu(F f)
{
	for (unsigned int cpu = 0; cpu < max_cpus; ++cpu)
		if (kunit_bridge_cpu_is_online(cpu))
			f(cpu);
}

// Started, and all asleep, as they have found no work: a thread sets its state before it looks.
void start(kunit *test, percpu_threads<counting> &threads)
{
	reset();
	KUNIT_EXPECT_TRUE(test, threads.start("kunit/%u").has_value());
	for_each_online_cpu([&](unsigned int cpu) {
		expect_soon(test, [&] { return cpus[cpu].looks && asleep(cpus[cpu].pid); });
	})
		;
}

void expect_no_thread(kunit *test)
{
	for (const seen &at : cpus) {
		KUNIT_EXPECT_EQ(test, at.cleaned_up.load(), at.set_up.load());
		// The kernel wakes a waiter for a thread's end shortly before the thread is gone.
		expect_soon(test, [&] { return !at.pid || !kunit_bridge_state(at.pid); });
		KUNIT_EXPECT_FALSE(test, at.elsewhere.load());
	}
}
} // namespace

void percpu_threads_run_on_their_cpus(kunit *test)
{
	percpu_threads<counting> threads;

	start(test, threads);
	for_each_online_cpu([&](unsigned int cpu) {
		const char name[] = {'k', 'u', 'n', 'i', 't', '/', static_cast<char>('0' + cpu), 0};

		cpus[cpu].work = 1;
		KUNIT_EXPECT_TRUE(test, threads.wake(cpu));
		expect_soon(test, [&] { return cpus[cpu].runs == 1; });
		KUNIT_EXPECT_TRUE(test, kunit_bridge_has_comm(cpus[cpu].pid, name));
		KUNIT_EXPECT_EQ(test, kunit_bridge_task_cpu(cpus[cpu].pid), cpu);
		KUNIT_EXPECT_FALSE(test, cpus[cpu].elsewhere.load());
	})
		;
}

void percpu_threads_run_when_woken_and_not_before(kunit *test)
{
	percpu_threads<counting> threads;

	start(test, threads);
	cpus[0].work = 1;
	kunit_bridge_sleep_ms(20);
	KUNIT_EXPECT_EQ(test, cpus[0].runs.load(), 0);
	KUNIT_EXPECT_TRUE(test, threads.wake(0));
	expect_soon(test, [] { return cpus[0].runs == 1; });
	for (unsigned int cpu = 1; cpu < max_cpus; ++cpu)
		KUNIT_EXPECT_EQ(test, cpus[cpu].runs.load(), 0);
}

void percpu_threads_run_until_there_is_no_work(kunit *test)
{
	percpu_threads<counting> threads;

	start(test, threads);
	cpus[0].work = 5;
	threads.wake(0);
	expect_soon(test, [] { return cpus[0].runs == 5 && asleep(cpus[0].pid); });
	threads.wake(0);
	kunit_bridge_sleep_ms(20);
	KUNIT_EXPECT_EQ(test, cpus[0].runs.load(), 5);
}

void percpu_threads_set_up_and_clean_up_once(kunit *test)
{
	percpu_threads<counting> threads;

	start(test, threads);
	KUNIT_EXPECT_TRUE(test, threads.stop().has_value());
	for (unsigned int cpu = 0; cpu < max_cpus; ++cpu) {
		const int threads_there = kunit_bridge_cpu_is_online(cpu);

		KUNIT_EXPECT_EQ(test, cpus[cpu].set_up.load(), threads_there);
		KUNIT_EXPECT_EQ(test, cpus[cpu].cleaned_up.load(), threads_there);
		KUNIT_EXPECT_EQ(test, cpus[cpu].cleaned_up_online.load(), threads_there);
		KUNIT_EXPECT_EQ(test, cpus[cpu].parked.load(), 0);
	}
	expect_no_thread(test);
}

void percpu_threads_need_only_two_functions(kunit *test)
{
	static constinit std::atomic<int> runs;
	struct plain {
		static bool should_run(unsigned int) { return !runs; }
		static void run(unsigned int) { ++runs; }
	};
	percpu_threads<plain> threads;

	runs = 0;
	KUNIT_EXPECT_TRUE(test, threads.start("kunit/%u").has_value());
	expect_soon(test, [] { return runs > 0; });
}

void percpu_threads_start_twice_is_ebusy(kunit *test)
{
	percpu_threads<counting> threads;

	start(test, threads);
	KUNIT_EXPECT_EQ(test, kthread::to_errno(threads.start("again/%u")), errno_t::EBUSY);
	cpus[0].work = 1;
	KUNIT_EXPECT_TRUE(test, threads.wake(0));
	expect_soon(test, [] { return cpus[0].runs == 1; });
}

void percpu_threads_start_again_after_a_stop(kunit *test)
{
	percpu_threads<counting> threads;

	for (int i = 0; i < 3; ++i) {
		start(test, threads);
		KUNIT_EXPECT_TRUE(test, threads.stop().has_value());
		expect_no_thread(test);
		KUNIT_EXPECT_TRUE(test, threads.stop().has_value());
	}
}

void percpu_threads_start_by_a_killed_caller_is_eintr(kunit *test)
{
	int error = 0;

	// On another processor the threads may be there before their creator comes to wait for
	// them.
	for (int i = 0; !error && i < 100; ++i) {
		percpu_threads<counting> threads;

		reset();
		kunit_bridge_kill_current();
		error = kthread::to_errno(threads.start("kunit/%u"));
		kunit_bridge_revive_current();
		if (error) {
			KUNIT_EXPECT_FALSE(test, threads.wake(0));
			expect_no_thread(test);
		}
	}
	KUNIT_EXPECT_EQ(test, error, errno_t::EINTR);
}

void percpu_threads_stop_by_one_of_them_is_edeadlk(kunit *test)
{
	static constinit std::atomic<int> error;
	static constinit std::atomic<percpu_threads<struct stopping> *> own;
	struct stopping {
		static bool should_run(unsigned int) { return own && !error; }
		static void run(unsigned int) { error = kthread::to_errno(own.load()->stop()); }
	};
	percpu_threads<stopping> threads;

	error = 0;
	own = nullptr;
	KUNIT_EXPECT_TRUE(test, threads.start("kunit/%u").has_value());
	own = &threads;
	threads.wake(0);
	expect_soon(test, [] { return error != 0; });
	KUNIT_EXPECT_EQ(test, error.load(), errno_t::EDEADLK);
}

void percpu_threads_destructor_leaves_none(kunit *test)
{
	{
		percpu_threads<counting> threads;
		start(test, threads);
	}
	KUNIT_EXPECT_EQ(test, cpus[0].cleaned_up.load(), 1);
	expect_no_thread(test);
}

// run.sh looks for the report.
void percpu_threads_destructor_by_one_of_them_is_reported_and_leaves_them(kunit *test)
{
	static constinit std::atomic<bool> dropped;
	static constinit std::atomic<percpu_threads<struct dropping> *> own;
	struct dropping {
		static bool should_run(unsigned int cpu) { return !cpu && own && !dropped; }
		static void run(unsigned int)
		{
			std::destroy_at(own.load());
			dropped = true;
		}
	};
	using handle = percpu_threads<dropping>;
	alignas(handle) unsigned char place[2][sizeof(handle)];
	auto *const threads = std::construct_at(reinterpret_cast<handle *>(place[0]));

	dropped = false;
	own = nullptr;
	KUNIT_EXPECT_TRUE(test, threads->start("kunit/%u").has_value());
	// The test takes what the handle knew and ends the threads itself.
	__builtin_memcpy(place[1], place[0], sizeof(handle));
	own = threads;
	threads->wake(0);
	expect_soon(test, [] { return dropped.load(); });

	auto *const copy = reinterpret_cast<handle *>(place[1]);
	bool woken = false;
	expect_soon(test, [&] { return woken = woken || copy->wake(0); });
	KUNIT_EXPECT_TRUE(test, copy->stop().has_value());
}

void percpu_threads_wake_of_none_is_false(kunit *test)
{
	percpu_threads<counting> threads;

	KUNIT_EXPECT_FALSE(test, threads.wake(0));
	start(test, threads);
	KUNIT_EXPECT_TRUE(test, threads.wake(0));
	KUNIT_EXPECT_FALSE(test, threads.wake(max_cpus - 1));
	KUNIT_EXPECT_FALSE(test, threads.wake(~0u));
	(void)threads.stop();
	KUNIT_EXPECT_FALSE(test, threads.wake(0));
}

void percpu_threads_park_while_their_cpu_is_offline(kunit *test)
{
	percpu_threads<counting> threads;

	start(test, threads);
	const int pid = cpus[1].pid;
	cpu_1_offline offline(test);
	if (!offline)
		return;
	KUNIT_EXPECT_EQ(test, cpus[1].parked.load(), 1);
	KUNIT_EXPECT_EQ(test, kunit_bridge_state(pid), 'P');
	cpus[1].work = 1;
	KUNIT_EXPECT_FALSE(test, threads.wake(1));
	cpus[0].work = 1;
	KUNIT_EXPECT_TRUE(test, threads.wake(0));
	expect_soon(test, [] { return cpus[0].runs == 1; });
	kunit_bridge_sleep_ms(20);
	KUNIT_EXPECT_EQ(test, cpus[1].runs.load(), 0);

	offline.on();
	expect_soon(test, [] { return cpus[1].runs == 1; });
	KUNIT_EXPECT_EQ(test, cpus[1].unparked.load(), 1);
	KUNIT_EXPECT_EQ(test, cpus[1].set_up.load(), 1);
	KUNIT_EXPECT_EQ(test, kunit_bridge_task_cpu(pid), 1);
	(void)threads.stop();
	expect_no_thread(test);
}

void percpu_threads_unpark_without_a_park(kunit *test)
{
	struct returning {
		static bool should_run(unsigned int cpu) { return counting::should_run(cpu); }
		static void run(unsigned int cpu) { counting::run(cpu); }
		static void unpark(unsigned int cpu) { counting::unpark(cpu); }
	};
	percpu_threads<returning> threads;

	reset();
	cpus[1].work = 1;
	KUNIT_EXPECT_TRUE(test, threads.start("kunit/%u").has_value());
	expect_soon(test, [] { return cpus[1].runs == 1; });
	cpu_1_offline offline(test);
	if (!offline)
		return;
	cpus[1].work = 1;
	offline.on();
	expect_soon(test, [] { return cpus[1].runs == 2; });
	KUNIT_EXPECT_EQ(test, cpus[1].unparked.load(), 1);
	KUNIT_EXPECT_TRUE(test, threads.stop().has_value());
}

void percpu_threads_stop_while_a_cpu_is_offline(kunit *test)
{
	percpu_threads<counting> threads;

	start(test, threads);
	cpu_1_offline offline(test);
	if (!offline)
		return;
	KUNIT_EXPECT_TRUE(test, threads.stop().has_value());
	KUNIT_EXPECT_EQ(test, cpus[0].cleaned_up_online.load(), 1);
	KUNIT_EXPECT_EQ(test, cpus[1].cleaned_up.load(), 1);
	KUNIT_EXPECT_EQ(test, cpus[1].cleaned_up_online.load(), 0);
	expect_no_thread(test);
	offline.on();
	KUNIT_EXPECT_EQ(test, cpus[1].unparked.load(), 0);
	expect_no_thread(test);
}

void percpu_threads_start_while_a_cpu_is_offline(kunit *test)
{
	percpu_threads<counting> threads;
	cpu_1_offline offline(test);

	if (!offline)
		return;
	start(test, threads);
	KUNIT_EXPECT_EQ(test, cpus[1].set_up.load(), 0);
	KUNIT_EXPECT_FALSE(test, threads.wake(1));
	offline.on();
	expect_soon(test, [] { return cpus[1].set_up && asleep(cpus[1].pid); });
	cpus[1].work = 1;
	KUNIT_EXPECT_TRUE(test, threads.wake(1));
	expect_soon(test, [] { return cpus[1].runs == 1; });
	(void)threads.stop();
	expect_no_thread(test);
}
