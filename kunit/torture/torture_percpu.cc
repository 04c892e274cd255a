// SPDX-License-Identifier: GPL-2.0
#include "torture.hpp"

#include "kthread/percpu_threads.hpp"

namespace torture
{
namespace
{
constexpr unsigned int cpus_max = 64;

// What is known of the thread of a CPU.
struct percpu_record {
	std::atomic<unsigned int> wanted{0}, runs{0};
	std::atomic<bool> set_up{false}, parked{false};

	void is_here(unsigned int cpu) const
	{
		CHECK_EQ(torture_cpu(), cpu);
		CHECK(set_up);
		CHECK(!parked);
	}
};

template <unsigned int set>
struct calls {
	static inline percpu_record of[cpus_max];

	static bool should_run(unsigned int cpu) { return of[cpu].wanted != of[cpu].runs; }
	static void run(unsigned int cpu)
	{
		torture_count(TORTURE_PERCPU_RUNS);
		of[cpu].is_here(cpu);
		++of[cpu].runs;
	}
	static void setup(unsigned int cpu)
	{
		CHECK_EQ(torture_cpu(), cpu);
		CHECK(!of[cpu].set_up.exchange(true));
	}
	static void park(unsigned int cpu)
	{
		of[cpu].is_here(cpu);
		CHECK(!of[cpu].parked.exchange(true));
	}
	static void unpark(unsigned int cpu)
	{
		CHECK_EQ(torture_cpu(), cpu);
		CHECK(of[cpu].parked.exchange(false));
	}
	// On any CPU, when its own is offline.
	static void cleanup(unsigned int cpu, bool online)
	{
		if (online)
			CHECK_EQ(torture_cpu(), cpu);
		CHECK(of[cpu].set_up.exchange(false));
		of[cpu].parked = false;
	}

	static void is_gone()
	{
		for (percpu_record &one : of) {
			CHECK(!one.set_up);
			one.wanted = one.runs = 0;
		}
	}
};

template <unsigned int set>
struct percpu_set {
	gate door;
	kthread::percpu_threads<calls<set>> threads;

	void restart(random &r)
	{
		const possession alone(door);

		CHECK_ERROR(threads.stop(), errno_t{});
		calls<set>::is_gone();
		if (r.one_in(8))
			return;
		const auto done = threads.start("torture%u");
		CHECK(is_one_of(done, errno_t::ENOMEM));
		if (done) {
			torture_count(TORTURE_PERCPU);
			CHECK_ERROR(threads.start("again%u"), errno_t::EBUSY);
		}
	}

	// CPU 0 is always online.
	void wake()
	{
		const visit inside(door);
		percpu_record &first = calls<set>::of[0];
		const unsigned int wanted = ++first.wanted;

		++calls<set>::of[1].wanted;
		threads.wake(1);
		threads.wake(0);
		if (first.set_up)
			CHECK(eventually(
				[&] { return static_cast<int>(first.runs - wanted) >= 0; }));
	}

	void interrupt()
	{
		const try_visit inside(door);

		if (!inside)
			return;
		++calls<set>::of[0].wanted;
		threads.wake(0);
		threads.wake(1);
	}
};

struct percpu_sets {
	percpu_set<0> first;
	percpu_set<1> second;
};
percpu_sets *sets;
} // namespace

bool make_percpu()
{
	sets = new (std::nothrow) percpu_sets;
	return sets;
}

void destroy_percpu()
{
	delete sets;
}

void torture_percpu(torturer &self, random &r)
{
	const bool second = r.one_in(2);

	if (r.one_in(8)) {
		self.does("per CPU: restart");
		second ? sets->second.restart(r) : sets->first.restart(r);
	} else {
		self.does("per CPU: wake");
		second ? sets->second.wake() : sets->first.wake();
	}
}

void interrupt_percpu(random &r)
{
	r.one_in(2) ? sets->second.interrupt() : sets->first.interrupt();
}
} // namespace torture
