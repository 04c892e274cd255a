// SPDX-License-Identifier: GPL-2.0
#include "kthread/guarded.hpp"

#include "fixture.hpp"
#include "kthread/condition_variable.hpp"
#include "locks_bridge.h"

using kthread::guarded;

namespace
{
struct pair {
	int one = 1, other = 2;
};
constinit guarded<pair> pairs{"pairs"_lock};
constinit guarded<long, kthread::raw_spinlock, kthread::irqsave_guard> number{"number"_lock, 5};
constinit guarded<pair, kthread::shared_mutex> table{"table"_lock};
// An access that was moved from would give the data without the lock.
static_assert(!std::is_move_constructible_v<decltype(pairs.lock())>);
} // namespace

void guarded_is_locked_while_it_is_touched(kunit *test)
{
	pairs.with([&](pair &p) {
		KUNIT_EXPECT_TRUE(test, locks_bridge_is_locked_mutex(&pairs));
		p.one = 7;
	});
	KUNIT_EXPECT_FALSE(test, locks_bridge_is_locked_mutex(&pairs));
	KUNIT_EXPECT_EQ(test, pairs.with([](pair &p) { return p.one + p.other; }), 9);
	{
		auto held = pairs.lock();
		KUNIT_EXPECT_TRUE(test, locks_bridge_is_locked_mutex(&pairs));
		held->other = 3;
		KUNIT_EXPECT_EQ(test, (*held).other, 3);
	}
	KUNIT_EXPECT_FALSE(test, locks_bridge_is_locked_mutex(&pairs));
}

void guarded_takes_each_kind_of_lock(kunit *test)
{
	KUNIT_EXPECT_EQ(test, *number.lock(), 5);
	number.with([&](long &n) {
		++n;
		KUNIT_EXPECT_TRUE(test, locks_bridge_irqs_are_off());
	});
	KUNIT_EXPECT_EQ(test, ++*number.lock(), 7);
	KUNIT_EXPECT_EQ(test, table.lock_shared()->one, 1);
	table.lock()->one = 4;
	KUNIT_EXPECT_EQ(test, table.lock_shared()->one, 4);
}

void guarded_can_be_waited_for(kunit *test)
{
	guarded<int> letters{"letters"_lock, 0};
	kthread::condition_variable changed{"letters changed"_lock};
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     auto held = letters.lock();

				     if (!changed.wait(held, stop, [&] { return *held > 0; }))
					     return -1;
				     return *held;
			     }));

	*letters.lock() = 8;
	changed.notify_one();
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-2), 8);
}
