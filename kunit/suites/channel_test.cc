// SPDX-License-Identifier: GPL-2.0
#include "kthread/channel.hpp"

#include "fixture.hpp"
#include "locks_bridge.h"

using kthread::channel;
using kthread::in;
using kthread::ring;
using kthread::shared_ring;
using kthread::to_errno;

namespace
{
constinit channel<int, 4> ticked{"ticked channel"_lock};
std::atomic<int> ticks{0};
} // namespace

void ring_keeps_the_order(kunit *test)
{
	ring<int, 4> r;
	shared_ring<int, 2> shared{"shared ring"_lock};

	KUNIT_EXPECT_TRUE(test, r.empty());
	KUNIT_EXPECT_FALSE(test, r.try_pop());
	for (int round = 0; round < 5; ++round) {
		for (int i = 0; i < 4; ++i)
			KUNIT_EXPECT_TRUE(test, r.try_push(10 * round + i));
		KUNIT_EXPECT_FALSE(test, r.try_push(99));
		KUNIT_EXPECT_EQ(test, r.size(), 4);
		for (int i = 0; i < 4; ++i)
			KUNIT_EXPECT_EQ(test, r.try_pop().value_or(-1), 10 * round + i);
		KUNIT_EXPECT_TRUE(test, shared.try_push(round));
		KUNIT_EXPECT_EQ(test, shared.try_pop().value_or(-1), round);
	}
}

void ring_destroys_what_it_holds(kunit *test)
{
	int destroyed = 0;
	{
		ring<std::unique_ptr<witness<int>>, 2> r;

		KUNIT_EXPECT_TRUE(test, r.try_push(std::make_unique<witness<int>>(destroyed)));
		KUNIT_EXPECT_TRUE(test, r.try_push(std::make_unique<witness<int>>(destroyed)));
		auto third = std::make_unique<witness<int>>(destroyed);
		KUNIT_EXPECT_FALSE(test, r.try_push(std::move(third)));
		KUNIT_EXPECT_TRUE(test, third);
		(void)r.try_pop();
		KUNIT_EXPECT_EQ(test, destroyed, 1);
	}
	KUNIT_EXPECT_EQ(test, destroyed, 3);
}

void ring_needs_no_lock_for_one_on_each_side(kunit *test)
{
	const int rounds = repeats(1000);
	ring<int, 8> r;
	auto producer = expect(test, jthread::run("kunit", [&](stop_token stop) {
				       for (int i = 0; i < rounds;) {
					       if (r.try_push(i))
						       ++i;
					       else if (!stop.yield())
						       return 1;
				       }
				       return 0;
			       }));
	auto consumer = expect(test, jthread::run("kunit", [&](stop_token stop) {
				       for (int i = 0; i < rounds;) {
					       auto got = r.try_pop();

					       if (got && *got != i++)
						       return 1;
					       if (!got && !stop.yield())
						       return 2;
				       }
				       return 0;
			       }));

	KUNIT_EXPECT_EQ(test, producer.join().value_or(-1), 0);
	KUNIT_EXPECT_EQ(test, consumer.join().value_or(-1), 0);
}

void channel_hands_over_each_value_once(kunit *test)
{
	constexpr int rounds = 500;
	channel<int, 2> values{"values"_lock};
	std::atomic<long> sum{0};
	const auto produce = [&](stop_token stop) {
		for (int i = 1; i <= rounds; ++i) {
			if (!values.push(i, stop))
				return 1;
		}
		return 0;
	};
	const auto consume = [&](stop_token stop) {
		for (;;) {
			auto got = values.pop(stop);

			if (!got)
				return to_errno(got);
			sum += *got;
		}
	};
	auto c1 = expect(test, jthread::run("kunit", consume));
	auto c2 = expect(test, jthread::run("kunit", consume));
	auto p1 = expect(test, jthread::run("kunit", produce));
	auto p2 = expect(test, jthread::run("kunit", produce));

	KUNIT_EXPECT_EQ(test, p1.join().value_or(-1), 0);
	KUNIT_EXPECT_EQ(test, p2.join().value_or(-1), 0);
	values.close();
	KUNIT_EXPECT_EQ(test, c1.join().value_or(0), errno_t::EPIPE);
	KUNIT_EXPECT_EQ(test, c2.join().value_or(0), errno_t::EPIPE);
	KUNIT_EXPECT_EQ(test, sum.load(), long{rounds} * (rounds + 1));
}

void channel_waits_end_by_each_end(kunit *test)
{
	channel<int, 1> values{"values"_lock};

	expect_error(test, values.pop(kthread::idle, in(1ms)), errno_t::ETIMEDOUT);
	expect(test, values.push(1));
	KUNIT_EXPECT_FALSE(test, values.try_push(2));
	expect_error(test, values.push(2, kthread::idle, in(1ms)), errno_t::ETIMEDOUT);

	auto stopped = expect(test, jthread::run("kunit", [&](stop_token stop) {
				      return to_errno(values.push(3, stop));
			      }));
	expect_state(test, stopped, 'I');
	KUNIT_EXPECT_EQ(test, stopped.stop().value_or(0), errno_t::ECANCELED);

	auto closed = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     return to_errno(values.push(3, stop));
			     }));
	expect_state(test, closed, 'I');
	values.close();
	KUNIT_EXPECT_EQ(test, closed.join().value_or(0), errno_t::EPIPE);
	KUNIT_EXPECT_TRUE(test, values.is_closed());
	KUNIT_EXPECT_FALSE(test, values.try_push(2));
	KUNIT_EXPECT_EQ(test, values.pop().value_or(-1), 1);
	expect_error(test, values.pop(), errno_t::EPIPE);
}

void channel_moves_what_only_moves(kunit *test)
{
	channel<std::unique_ptr<int>, 2> values{"pointers"_lock};

	expect(test, values.push(std::make_unique<int>(5)));
	auto got = values.pop();
	KUNIT_EXPECT_TRUE(test, got && *got);
	if (got && *got)
		KUNIT_EXPECT_EQ(test, **got, 5);
}

void channel_is_for_hard_interrupts(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", [](stop_token stop) {
				     int last = 0;

				     for (int i = 0; i < 10; ++i) {
					     auto got = ticked.pop(stop);

					     if (!got || *got <= last)
						     return 1;
					     last = *got;
				     }
				     return 0;
			     }));

	locks_bridge_start_interrupts([] { (void)ticked.try_push(++ticks); });
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 0);
	locks_bridge_stop_interrupts();
}
