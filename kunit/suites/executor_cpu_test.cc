// SPDX-License-Identifier: GPL-2.0
#include "cpu_fixture.hpp"
#include "task_fixture.hpp"

namespace
{
// Where a task has run last, and how many CPUs it might have run on.
struct place {
	std::atomic<unsigned int> cpu, allowed, beats;
};

task<void> look_each_ms(place &here)
{
	for (;;) {
		here.cpu = kunit_bridge_cpu();
		here.allowed = kunit_bridge_cpus_allowed();
		++here.beats;

		auto slept = co_await this_task::sleep_for(1ms);

		if (!slept)
			co_return slept;
	}
}
} // namespace

void executor_of_a_cpu_leaves_and_comes_back_with_it(kunit *test)
{
	if (!kunit_bridge_cpu_is_online(1))
		return kunit_bridge_skip(test, "there is no second CPU");

	place here{};
	const auto tasks = expect(test, executor::run("kunit", {.cpu = 1}));
	scope all(tasks);

	expect(test, all.spawn(look_each_ms(here)));
	for (int i = 0; i < 2; ++i) {
		expect_soon(test, [&] { return here.allowed == 1 && here.cpu == 1; });
		cpu_1_offline offline(test);
		expect_soon(test, [&] { return here.allowed > 1 && here.cpu != 1; });

		const unsigned int before = here.beats;

		expect_soon(test, [&] { return here.beats > before + 10; });
		expect_error(test, executor::run("kunit", {.cpu = 1}), errno_t::EINVAL);
	}
	expect_soon(test, [&] { return here.allowed == 1 && here.cpu == 1; });
}
