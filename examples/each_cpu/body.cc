// SPDX-License-Identifier: GPL-2.0
#include "body.h"

#include "kthread/percpu_threads.hpp"
#include "kthread/static_object.hpp"

namespace
{
struct calls {
	static bool should_run(unsigned int cpu) { return each_cpu_has_work(cpu); }
	static void run(unsigned int cpu) { each_cpu_work(cpu); }
};

struct each_cpu {
	kthread::percpu_threads<calls> threads;
	kthread::result<void> start() { return threads.start("each_cpu/%u"); }
};

constinit kthread::static_object<each_cpu> all;
} // namespace

int each_cpu_start()
{
	return kthread::to_errno(all.emplace());
}

void each_cpu_stop()
{
	all.reset();
}

void each_cpu_wake(unsigned int cpu)
{
	all->threads.wake(cpu);
}
