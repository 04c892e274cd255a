// SPDX-License-Identifier: GPL-2.0
//
// Numbers at their limits, as they come from outside, give an errno or the nearest number that makes sense.
#include "fixture.hpp"
#include "kthread/jthread_group.hpp"
#include "kthread/this_thread.hpp"
#include "kthread/ticker.hpp"
#include "kthread/worker.hpp"

using kthread::delayed_work;
using kthread::jthread_group;
using kthread::ticker;
using kthread::timeout;
using kthread::worker;
using std::chrono::duration;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

namespace
{
constexpr auto most = __LONG_LONG_MAX__;
constexpr auto least = -__LONG_LONG_MAX__ - 1;

static_assert(timeout(hours(most)).get() == nanoseconds::max());
static_assert(timeout(hours(least)).get() == -nanoseconds::max());
static_assert(timeout(seconds(10'000'000'000)).get() == nanoseconds::max());
static_assert(timeout(duration<unsigned long long>(~0ull)).get() == nanoseconds::max());
static_assert(timeout(duration<unsigned long long, std::nano>(~0ull)).get() == nanoseconds::max());
static_assert(timeout(duration<unsigned char, std::ratio<86400 * 365ll>>(200)).get() ==
	      200 * 365 * 24h);
static_assert(timeout(duration<long long, std::ratio<86400 * 365ll>>(300)).get() ==
	      nanoseconds::max());
static_assert(timeout(duration<long long, std::ratio<1, 1'000'000'000'000>>(-2500)).get() == -2ns);
static_assert(timeout(duration<long long, std::ratio<1, 1'000'000'000'000>>(2001)).get() == 3ns);
static_assert(timeout(duration<long long, std::ratio<1, 1'000'000'000'000>>(2000)).get() == 2ns);
static_assert(timeout(nanoseconds(least)).get() == nanoseconds(least));

// Durations that no clock reaches. A thread that waits for one waits until it is asked to stop.
template <class Call>
void for_each_long_duration(Call call)
{
	call(nanoseconds::max());
	call(std::chrono::microseconds(most));
	call(seconds(most));
	call(minutes(most / 2));
	call(hours(most));
	call(hours(3'000'000));
	call(duration<unsigned int, std::ratio<86400 * 365ll>>(~0u));
}

template <class Call>
void for_each_time_of_nothing_or_less(Call call)
{
	call(0ns);
	call(-1ns);
	call(nanoseconds(least));
	call(-nanoseconds::max());
	call(seconds(least));
	call(hours(-3'000'000));
	call(0h);
}
} // namespace

void m22_node_that_is_not_online_is_einval(kunit *test)
{
	constexpr int nodes[] = {1, 2, -2, 63, 1023, 1024, 1 << 20, 0x7fffffff, -0x7fffffff - 1};

	for (int node : nodes) {
		if (node == 1 && kunit_bridge_node_is_online(node))
			continue;
		kthread::static_jthread<> unmoved;

		expect_error(test, jthread::create("kunit", sleep_until_stopped, node),
			     errno_t::EINVAL);
		expect_error(test, jthread::run("kunit", sleep_until_stopped, node),
			     errno_t::EINVAL);
		expect_error(test, unmoved.create("kunit", sleep_until_stopped, node),
			     errno_t::EINVAL);
		KUNIT_EXPECT_FALSE(test, unmoved.joinable());
		expect_error(test, worker::create("kunit", {.node = node}), errno_t::EINVAL);
	}
	KUNIT_EXPECT_TRUE(test, jthread::create("kunit", sleep_until_stopped, 0).has_value());
}

void m23_ticker_takes_no_period_of_nothing_or_less(kunit *test)
{
	for_each_time_of_nothing_or_less([&](auto period) {
		std::atomic<unsigned int> beats{0};
		ticker every(period);
		auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
					     while (every.wait(stop))
						     ++beats;
					     return 0;
				     }));

		// It sleeps in between, so that a test on the same processor goes on.
		expect_soon(test, [&] { return beats > 2; });
		expect_error(test, every.set_period(period), errno_t::EINVAL);
		expect_error(test, every.set_period(999ns), errno_t::EINVAL);
		const unsigned int before = beats;
		expect_soon(test, [&] { return beats != before; });
		KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 0);
	});
}

void m23_ticker_of_the_longest_period_sleeps(kunit *test)
{
	for_each_long_duration([&](auto period) {
		std::atomic<unsigned int> beats{0};
		ticker every(1h);
		auto thread = expect(test, jthread::create("kunit", [&](stop_token stop) {
					     while (every.wait(stop))
						     ++beats;
					     return 0;
				     }));

		expect(test, every.set_period(period));
		thread.wake();
		expect_state(test, thread, 'I');
		every.restart();
		thread.wake();
		expect_state(test, thread, 'I');
		KUNIT_EXPECT_EQ(test, beats.load(), 0);
	});
}

void numbers_longest_sleep_is_no_short_one(kunit *test)
{
	for_each_long_duration([&](auto time) {
		std::atomic<bool> woke{false};
		auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
					     woke = stop.sleep_for(time);
					     return 0;
				     }));

		expect_state(test, thread, 'I');
		kunit_bridge_sleep_ms(5);
		KUNIT_EXPECT_EQ(test, kunit_bridge_state(thread.pid()), 'I');
		KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 0);
		KUNIT_EXPECT_FALSE(test, woke.load());
	});
}

void numbers_sleep_of_nothing_or_less_is_over(kunit *test)
{
	for_each_time_of_nothing_or_less([&](auto time) {
		auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
					     kthread::this_thread::sleep_for(time);
					     return stop.sleep_for(time) ? 7 : 0;
				     }));

		KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
	});
}

void numbers_item_of_the_longest_delay_stays_pending(kunit *test)
{
	for_each_long_duration([&](auto delay) {
		std::atomic<int> runs{0};
		auto w = expect(test, worker::run("kunit"));
		delayed_work item(w, [&] { ++runs; });

		KUNIT_EXPECT_TRUE(test, item.queue_after(delay));
		kunit_bridge_sleep_ms(5);
		KUNIT_EXPECT_EQ(test, runs.load(), 0);
		KUNIT_EXPECT_TRUE(test, item.mod(delay));
		kunit_bridge_sleep_ms(5);
		KUNIT_EXPECT_EQ(test, runs.load(), 0);
		KUNIT_EXPECT_TRUE(test, item.cancel());
	});
}

void numbers_item_of_no_delay_is_queued_at_once(kunit *test)
{
	for_each_time_of_nothing_or_less([&](auto delay) {
		std::atomic<int> runs{0};
		auto w = expect(test, worker::run("kunit"));
		delayed_work item(w, [&] { ++runs; });

		KUNIT_EXPECT_TRUE(test, item.queue_after(delay));
		expect_soon(test, [&] { return runs == 1; });
		KUNIT_EXPECT_FALSE(test, item.mod(delay));
		expect_soon(test, [&] { return runs == 2; });
	});
}

void numbers_group_of_too_many_is_enomem(kunit *test)
{
	const auto body = [](stop_token stop, unsigned int) { return sleep_until_stopped(stop); };

	expect_error(test, jthread_group::create("kunit", ~0u, body), errno_t::ENOMEM);
	expect_error(test, jthread_group::create("kunit", 1u << 31, body), errno_t::ENOMEM);
}

void numbers_list_of_cpus_that_is_none_is_einval(kunit *test)
{
	auto thread = expect(test, jthread::create("kunit", sleep_until_stopped));

	const char *const lists[] = {"", "-1", "0-", "1-0", "4294967296", "99999", "a", ",", "0x0"};
	constexpr unsigned int numbers[] = {8192, 0x7fffffff, ~0u};

	for (const char *cpus : lists)
		expect_error(test, thread.bind_list(cpus), errno_t::EINVAL);
	expect_error(test, thread.bind_list(nullptr), errno_t::EINVAL);
	for (unsigned int cpu : numbers)
		expect_error(test, thread.bind(cpu), errno_t::EINVAL);
	expect(test, thread.bind_list("0"));
}

void numbers_nice_out_of_range_is_einval(kunit *test)
{
	auto thread = expect(test, jthread::create("kunit", sleep_until_stopped));

	constexpr int refused[] = {-21, 20, 40, -0x7fffffff - 1, 0x7fffffff};

	for (int nice : refused) {
		expect_error(test, thread.set_nice(nice), errno_t::EINVAL);
		expect_error(test, thread.set_normal(nice), errno_t::EINVAL);
	}
	expect(test, thread.set_nice(19));
	expect(test, thread.set_normal(-20));
}
