// SPDX-License-Identifier: GPL-2.0
//
// The threads of the CPUs, when one goes and comes.
#include "scenario.hpp"

namespace
{
struct calls {
	static inline std::atomic<int> work[kernel::cpus], runs, set_up, parked, unparked, cleaned;

	static void reset()
	{
		for (auto &w : work)
			w.store(0, std::memory_order_relaxed);
		runs = set_up = parked = unparked = cleaned = 0;
	}
	static bool should_run(unsigned int cpu)
	{
		return work[cpu].load(std::memory_order_relaxed);
	}
	static void run(unsigned int cpu)
	{
		work[cpu].store(0, std::memory_order_relaxed);
		runs.fetch_add(1, std::memory_order_relaxed);
	}
	static void setup(unsigned int) { set_up.fetch_add(1, std::memory_order_relaxed); }
	static void park(unsigned int) { parked.fetch_add(1, std::memory_order_relaxed); }
	static void unpark(unsigned int) { unparked.fetch_add(1, std::memory_order_relaxed); }
	static void cleanup(unsigned int, bool) { cleaned.fetch_add(1, std::memory_order_relaxed); }
};

struct short_calls {
	static bool should_run(unsigned int) { return false; }
	static void run(unsigned int) {}
};

struct back {
	static bool should_run(unsigned int cpu) { return calls::should_run(cpu); }
	static void run(unsigned int cpu) { calls::run(cpu); }
	static void setup(unsigned int cpu) { calls::setup(cpu); }
	static void unpark(unsigned int cpu) { calls::unpark(cpu); }
};
} // namespace

SCENARIO(percpu_start_and_stop)
{
	kthread::percpu_threads<short_calls> threads;
	expect(bool(threads.start("test/%u")), "started");
	expect(threads.start("test/%u").error() == kthread::errno_t::EBUSY, "once");
	expect(!threads.wake(9), "no such CPU");
	expect(bool(threads.stop()), "stopped");
}

SCENARIO(percpu_start_fails)
{
	kthread::percpu_threads<short_calls> threads;
	allow_failures(1);
	const auto started = threads.start("test/%u");
	allow_failures(0);
	expect(started || started.error() == kthread::errno_t::ENOMEM ||
		       started.error() == kthread::errno_t::EINTR,
	       "all or none");
}

SCENARIO(percpu_is_forgotten)
{
	forgotten<kthread::percpu_threads<short_calls>> threads;
	expect(bool(threads->start("test/%u")), "started");
	module_goes();
	expect_log(1, 1);
}

SCENARIO(percpu_wake_and_cpu_goes)
{
	kthread::percpu_threads<calls> threads;
	calls::reset();
	expect(bool(threads.start("test/%u")), "started");
	context a("hotplug", [] {
		cpu_down(1);
		cpu_up(1);
	});
	calls::work[1].store(1, std::memory_order_relaxed);
	threads.wake(1);
	join();
	while (calls::work[1].load(std::memory_order_relaxed))
		kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	expect(bool(threads.stop()), "stopped");
	expect(calls::runs.load(std::memory_order_relaxed) == 1, "the work was done");
	expect(calls::parked.load(std::memory_order_relaxed) >=
		       calls::unparked.load(std::memory_order_relaxed),
	       "unparked only what was parked");
	expect(calls::set_up.load(std::memory_order_relaxed) ==
		       calls::cleaned.load(std::memory_order_relaxed),
	       "cleaned as often as set up");
}

SCENARIO(percpu_stop_while_cpu_goes)
{
	kthread::percpu_threads<calls> threads;
	calls::reset();
	expect(bool(threads.start("test/%u")), "started");
	context a("hotplug", [] { cpu_down(1); });
	expect(bool(threads.stop()), "stopped");
	join();
	expect(calls::set_up.load(std::memory_order_relaxed) ==
		       calls::cleaned.load(std::memory_order_relaxed),
	       "cleaned as often as set up");
}

// The kernel calls unpark() of those alone that have a park().
SCENARIO(percpu_unparks_without_a_park)
{
	const auto works = [](kthread::percpu_threads<back> &threads) {
		calls::work[1].store(1, std::memory_order_relaxed);
		threads.wake(1);
		while (calls::work[1].load(std::memory_order_relaxed))
			kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	};
	kthread::percpu_threads<back> threads;
	calls::reset();
	expect(bool(threads.start("test/%u")), "started");
	works(threads);
	cpu_down(1);
	cpu_up(1);
	works(threads);
	expect(calls::unparked.load(std::memory_order_relaxed) == 1, "the CPU is back");
	expect(bool(threads.stop()), "stopped");
}
