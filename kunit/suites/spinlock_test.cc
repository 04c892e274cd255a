// SPDX-License-Identifier: GPL-2.0
#include "kthread/spinlock.hpp"

#include "fixture.hpp"
#include "locks_bridge.h"

using kthread::bh_guard;
using kthread::irqsave_guard;
using kthread::raw_spinlock;
using kthread::spinlock;

namespace
{
constinit spinlock unused{"unused spinlock"_lock};
constinit raw_spinlock unused_raw{"unused raw_spinlock"_lock};
constinit raw_spinlock ticks_lock{"ticks"_lock};
long ticks KTHREAD_GUARDED_BY(ticks_lock), others KTHREAD_GUARDED_BY(ticks_lock);
} // namespace

void spinlock_is_initial_as_in_c(kunit *test)
{
	KUNIT_EXPECT_TRUE(test, locks_bridge_is_initial_spinlock(&unused, "unused spinlock"));
	KUNIT_EXPECT_TRUE(test,
			  locks_bridge_is_initial_raw_spinlock(&unused_raw, "unused raw_spinlock"));
}

void spinlock_guards_say_what_is_off(kunit *test)
{
	const bool rt = locks_bridge_is_preempt_rt();
	spinlock lock{"guards::lock"_lock};
	raw_spinlock raw{"guards::raw"_lock};
	{
		const std::lock_guard held(lock);
		KUNIT_EXPECT_FALSE(test, locks_bridge_irqs_are_off());
	}
	{
		const bh_guard held(lock);
		KUNIT_EXPECT_TRUE(test, locks_bridge_softirqs_are_off());
	}
	KUNIT_EXPECT_FALSE(test, locks_bridge_softirqs_are_off());
	{
		const irqsave_guard held(lock);
		KUNIT_EXPECT_EQ(test, locks_bridge_irqs_are_off(), !rt);
	}
	{
		const irqsave_guard held(raw);
		KUNIT_EXPECT_TRUE(test, locks_bridge_irqs_are_off());
	}
	KUNIT_EXPECT_FALSE(test, locks_bridge_irqs_are_off());
	KUNIT_EXPECT_FALSE(test, locks_bridge_softirqs_are_off());
}

void spinlock_excludes_others(kunit *test)
{
	constexpr int rounds = 1000;
	spinlock lock{"counter::lock"_lock};
	int value = 0;
	const auto count = [&](stop_token) {
		for (int i = 0; i < rounds; ++i) {
			const std::lock_guard held(lock);

			++value;
		}
		return 0;
	};
	auto one = expect(test, jthread::run("kunit", count));
	auto other = expect(test, jthread::run("kunit", count));

	(void)one.join();
	(void)other.join();
	KUNIT_EXPECT_EQ(test, value, 2 * rounds);

	const bool is_free = lock.try_lock();

	if (is_free)
		lock.unlock();
	KUNIT_EXPECT_TRUE(test, is_free);
}

void spinlock_of_the_same_class_nests_by_a_subclass(kunit *)
{
	spinlock parent{"pair"_lock}, child{"pair"_lock};
	raw_spinlock raw_parent{"raw pair"_lock}, raw_child{"raw pair"_lock};
	{
		const std::lock_guard held(parent);

		child.lock_nested(1);
		child.unlock();
	}
	const std::lock_guard held(raw_parent);

	raw_child.lock_nested(1);
	raw_child.unlock();
}

void raw_spinlock_is_for_hard_interrupts(kunit *test)
{
	{
		const irqsave_guard held(ticks_lock);

		ticks = others = 0;
	}
	locks_bridge_start_interrupts([] {
		const irqsave_guard held(ticks_lock);

		++ticks;
		++others;
	});
	expect_soon(test, [] {
		const irqsave_guard held(ticks_lock);

		return ++others > 20 && ticks > 10;
	});
	locks_bridge_stop_interrupts();
}
