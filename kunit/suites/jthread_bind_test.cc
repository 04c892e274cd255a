// SPDX-License-Identifier: GPL-2.0
//
// Where a thread runs, and with which priority.
#include "jthread_fixture.hpp"

void jthread_runs_where_it_is_bound(kunit *test)
{
	const unsigned int cpu = kunit_bridge_last_cpu();
	auto where = [](stop_token) { return static_cast<int>(kunit_bridge_cpu()); };
	auto one = expect(test, jthread::create("kunit", where));
	auto list = expect(test, jthread::create("kunit", where));

	expect(test, one.bind(cpu));
	expect(test, list.bind(0));
	expect(test, list.bind_list(kthread::name("%u", cpu)));
	one.wake();
	list.wake();
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), cpu);
	KUNIT_EXPECT_EQ(test, list.join().value_or(-1), cpu);
}

void jthread_is_bound_anew_while_it_is_parked(kunit *test)
{
	const unsigned int cpu = kunit_bridge_last_cpu();
	std::atomic<unsigned int> ran_on{~0u};
	auto thread = expect(test, jthread::create("kunit", [&](stop_token stop) {
				     while (!stop.stop_requested()) {
					     ran_on = kunit_bridge_cpu();
					     stop.sleep_for(1ms);
				     }
				     return 7;
			     }));

	expect(test, thread.bind(0));
	expect(test, thread.park());
	expect_error(test, thread.bind(cpu), errno_t::EBUSY);
	expect_error(test, thread.bind_list("fast"), errno_t::EINVAL);
	expect(test, thread.bind_list(kthread::name("%u", cpu)));
	KUNIT_EXPECT_EQ(test, thread.state(), 'P');
	expect(test, thread.unpark());
	expect_soon(test, [&] { return ran_on == cpu; });
	expect_error(test, thread.bind_list("0"), errno_t::EBUSY);
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, ran_on, cpu);
}

void jthread_tells_its_state_and_cpu(kunit *test)
{
	const unsigned int cpu = kunit_bridge_last_cpu();
	auto thread = expect(test, jthread::create("kunit", sleep_until_stopped));
	const jthread empty;

	KUNIT_EXPECT_EQ(test, empty.state(), 0);
	KUNIT_EXPECT_EQ(test, empty.cpu(), 0);
	expect(test, thread.bind(cpu));
	expect_soon(test, [&] { return thread.state() == 'D'; });
	thread.wake();
	expect_soon(test, [&] { return thread.state() == 'I'; });
	KUNIT_EXPECT_EQ(test, thread.cpu(), cpu);
	(void)thread.stop();
	expect_soon(test, [&] { return thread.state() == 'X'; });
}

void jthread_bind_to_no_cpu_is_einval(kunit *test)
{
	auto thread = expect(test, jthread::create("kunit", sleep_until_stopped));

	expect_error(test, thread.bind(~0u), errno_t::EINVAL);
	expect_error(test, thread.bind_list("9999999"), errno_t::EINVAL);
	expect_error(test, thread.bind_list("fast"), errno_t::EINVAL);
	expect_error(test, thread.bind_list(""), errno_t::EINVAL);
}

void jthread_takes_a_numa_node(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", sleep_until_stopped, 0));

	expect_state(test, thread, 'I');
}

void jthread_takes_a_priority(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", sleep_until_stopped));

	expect(test, thread.set_nice(5));
	KUNIT_EXPECT_EQ(test, kunit_bridge_priority(thread.pid()), 125);
	expect_error(test, thread.set_nice(20), errno_t::EINVAL);
	expect_error(test, thread.set_nice(-21), errno_t::EINVAL);
	expect_error(test, thread.set_normal(20), errno_t::EINVAL);
	KUNIT_EXPECT_EQ(test, kunit_bridge_priority(thread.pid()), 125);
	expect(test, thread.set_fifo_low());
	KUNIT_EXPECT_EQ(test, kunit_bridge_priority(thread.pid()), 98);
	expect(test, thread.set_fifo());
	KUNIT_EXPECT_EQ(test, kunit_bridge_priority(thread.pid()), 49);
	expect(test, thread.set_normal(-3));
	KUNIT_EXPECT_EQ(test, kunit_bridge_priority(thread.pid()), 117);
}
