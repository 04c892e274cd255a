// SPDX-License-Identifier: GPL-2.0
#include "kthread/jthread_group.hpp"

#include "fixture.hpp"

using kthread::jthread_group;

namespace
{
auto sleep_and_give_index = [](stop_token stop, unsigned int i) {
	sleep_until_stopped(stop);
	return static_cast<int>(i);
};

bool all_asleep(jthread_group &group)
{
	for (jthread &thread : group)
		if (kunit_bridge_state(thread.pid()) != 'I')
			return false;
	return true;
}
} // namespace

void jthread_group_begins_and_ends_as_one(kunit *test)
{
	auto group = expect(test, jthread_group::create("pump", 5, sleep_and_give_index));

	KUNIT_EXPECT_EQ(test, group.size(), 5);
	KUNIT_EXPECT_TRUE(test, kunit_bridge_has_comm(group[3].pid(), "pump/3"));
	KUNIT_EXPECT_EQ(test, kunit_bridge_state(group[4].pid()), 'D');
	group.wake();
	expect_soon(test, [&] { return all_asleep(group); });
	group.stop();
	for (unsigned int i = 0; i < group.size(); ++i)
		KUNIT_EXPECT_EQ(test, group[i].get().value_or(-1), i);
}

void jthread_group_runs_a_function(kunit *test)
{
	struct body {
		static int run(stop_token stop, unsigned int i)
		{
			sleep_until_stopped(stop);
			return static_cast<int>(i) + 1;
		}
	};
	auto group = expect(test, jthread_group::create("pump", 2, body::run));

	group.wake();
	expect_soon(test, [&] { return all_asleep(group); });
	group.stop();
	KUNIT_EXPECT_EQ(test, group[1].get().value_or(-1), 2);
}

void jthread_group_of_none_is_empty(kunit *test)
{
	auto group = expect(test, jthread_group::create("pump", 0, sleep_and_give_index));

	KUNIT_EXPECT_EQ(test, group.size(), 0);
	group.wake();
	group.stop();
}

void jthread_group_moves(kunit *test)
{
	auto group = expect(test, jthread_group::create("pump", 2, sleep_and_give_index));
	const int pid = group[1].pid();

	jthread_group moved(std::move(group));
	KUNIT_EXPECT_EQ(test, group.size(), 0);
	KUNIT_EXPECT_EQ(test, moved[1].pid(), pid);
	group = std::move(moved);
	KUNIT_EXPECT_EQ(test, group[1].pid(), pid);
	group = jthread_group();
	expect_soon(test, [&] { return !kunit_bridge_state(pid); });
}

void m06_group_stops_in_the_time_of_one(kunit *test)
{
	constexpr unsigned int size = 20;
	std::atomic<unsigned int> stopped{0};
	// Each thread ends when all were asked to stop, or after too many looks. If threads were stopped one
	// by one, the first would wait for the others in vain.
	auto group = expect(test,
			    jthread_group::create("pump", size, [&](stop_token stop, unsigned int) {
				    sleep_until_stopped(stop);
				    ++stopped;
				    for (int looks = 0; stopped < size && looks < 5000; ++looks)
					    kunit_bridge_sleep_ms(1);
				    if (stopped < size)
					    stopped = 2 * size;
				    return 0;
			    }));

	group.wake();
	expect_soon(test, [&] { return all_asleep(group); });
	group = jthread_group();
	KUNIT_EXPECT_EQ(test, stopped.load(), size);
}

void m09_group_that_fails_at_one_leaves_none(kunit *test)
{
	static std::atomic<int> copies;
	static std::atomic<int> alive;
	static std::atomic<int> ran;
	struct body {
		body() { ++alive; }
		body(const body &)
		{
			++alive;
			// From the fourth thread on, the caller has been killed.
			if (++copies == 4)
				kunit_bridge_kill_current();
		}
		body(body &&) noexcept { ++alive; }
		~body() { --alive; }
		int operator()(stop_token, unsigned int) { return ++ran; }
	};

	copies = 0;
	alive = 0;
	ran = 0;
	auto group = jthread_group::create("pump", 100, body());
	kunit_bridge_revive_current();
	expect_error(test, group, errno_t::EINTR);
	KUNIT_EXPECT_TRUE(test, copies >= 4);
	KUNIT_EXPECT_EQ(test, alive.load(), 0);
	KUNIT_EXPECT_EQ(test, ran.load(), 0);
}
