// SPDX-License-Identifier: GPL-2.0
//
// What is done to many tasks at once.
#include "task_fixture.hpp"

namespace
{
constexpr unsigned int many = 1000;

task<void> runs_as_the(unsigned int number, std::atomic<unsigned int> &ran, counted_frame)
{
	if (ran++ != number)
		ran = many;
	co_return {};
}

} // namespace

void scope_spawns_many_with_one_wake_up(kunit *test)
{
	const auto tasks = run_tasks(test);
	std::atomic<unsigned int> ran{0};
	std::atomic<int> frames{0};
	unsigned int early = 0;
	scope all(tasks);

	// The executor's thread sleeps.
	wait_until_all_have_begun(test, tasks);
	kunit_bridge_sleep_ms(5);
	expect(test, all.spawn_n(10, [&](unsigned int i) {
		if (i == 5)
			kunit_bridge_sleep_ms(20);
		early += ran;
		return runs_as_the(i, ran, counted_frame(frames));
	}));
	expect(test, all.wait());
	KUNIT_EXPECT_EQ(test, early, 0u);
	KUNIT_EXPECT_EQ(test, ran.load(), 10u);
	KUNIT_EXPECT_EQ(test, frames.load(), 0);
}

void scope_spawns_all_or_none(kunit *test)
{
	auto tasks = run_tasks(test);
	std::atomic<unsigned int> ran{0};
	std::atomic<int> frames{0};
	scope all(tasks), stopped(tasks), late(tasks);
	const auto make = [&](unsigned int i) {
		return i == 7 ? task<void>() : runs_as_the(i, ran, counted_frame(frames));
	};

	expect_error(test, all.spawn_n(10, make), errno_t::ENOMEM);
	expect(test, all.spawn_n(0, make));
	expect(test, all.wait());
	stopped.request_stop();
	expect_error(test, stopped.spawn_n(5, make), errno_t::ECANCELED);
	tasks = executor();
	expect_error(test, late.spawn_n(5, make), errno_t::ECANCELED);
	expect(test, late.wait());
	KUNIT_EXPECT_EQ(test, ran.load(), 0u);
	KUNIT_EXPECT_EQ(test, frames.load(), 0);
}
