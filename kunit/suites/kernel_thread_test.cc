// SPDX-License-Identifier: GPL-2.0
//
// What makes a thread one of the kernel's.
#include "fixture.hpp"

namespace
{
jthread run(kunit *test, const char *name)
{
	return expect(test, jthread::run(name, sleep_until_stopped));
}
} // namespace

void kernel_thread_has_no_address_space(kunit *test)
{
	auto thread = run(test, "kunit");

	KUNIT_EXPECT_FALSE(test, kunit_bridge_has_mm(thread.pid()));
	// The one that loads the module is process 1 or a child of it, and has one.
	KUNIT_EXPECT_TRUE(test, kunit_bridge_has_mm(1));
}

void kernel_thread_is_one_to_the_kernel(kunit *test)
{
	auto thread = run(test, "kunit");

	KUNIT_EXPECT_TRUE(test, kunit_bridge_is_kthread(thread.pid()));
	KUNIT_EXPECT_FALSE(test, kunit_bridge_is_kthread(1));
}

void kernel_thread_has_its_name_in_comm(kunit *test)
{
	auto thread = run(test, "beat/0");

	KUNIT_EXPECT_TRUE(test, kunit_bridge_has_comm(thread.pid(), "beat/0"));
	KUNIT_EXPECT_FALSE(test, kunit_bridge_has_comm(thread.pid(), "beat"));
}

void kernel_thread_runs_where_it_is_bound(kunit *test)
{
	// Without a second one, at least that the first is taken.
	for (unsigned int cpu = 0; kunit_bridge_cpu_is_online(cpu); ++cpu) {
		std::atomic<int> ran_on{-1};
		auto thread = jthread::create("kunit", [&ran_on](stop_token stop) {
			ran_on = static_cast<int>(kunit_bridge_cpu());
			return sleep_until_stopped(stop);
		});

		KUNIT_EXPECT_TRUE(test, thread.has_value());
		if (!thread)
			return;
		KUNIT_EXPECT_TRUE(test, thread->bind(cpu).has_value());
		thread->wake();
		for (int i = 0; ran_on < 0 && i < 2000; ++i)
			kunit_bridge_sleep_ms(1);
		KUNIT_EXPECT_EQ(test, ran_on.load(), cpu);
		KUNIT_EXPECT_EQ(test, kunit_bridge_task_cpu(thread->pid()), cpu);
	}
}
