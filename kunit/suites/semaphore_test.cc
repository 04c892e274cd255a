// SPDX-License-Identifier: GPL-2.0
#include "kthread/semaphore.hpp"

#include "fixture.hpp"
#include "kthread/latch.hpp"
#include "locks_bridge.h"

using kthread::in;
using kthread::latch;
using kthread::to_errno;

namespace
{
using semaphore = kthread::counting_semaphore<>;

constinit semaphore ticked{0, "ticked semaphore"_lock};
constinit latch opened_by_an_interrupt{10, "opened by an interrupt"_lock};
} // namespace

void semaphore_counts(kunit *test)
{
	semaphore units{2, "units"_lock};

	units.acquire();
	KUNIT_EXPECT_TRUE(test, units.try_acquire());
	KUNIT_EXPECT_FALSE(test, units.try_acquire());
	KUNIT_EXPECT_FALSE(test, units.try_acquire_for(1ms));
	units.release(3);
	expect(test, units.acquire(kthread::idle));
	expect(test, units.acquire(kthread::killable, in(forever)));
	KUNIT_EXPECT_TRUE(test, units.try_acquire_for(forever));
	expect_error(test, units.acquire(kthread::idle, in(1ms)), errno_t::ETIMEDOUT);
	static_assert(kthread::binary_semaphore::max() == 1);
}

void semaphore_wakes_as_many_as_there_are_units(kunit *test)
{
	semaphore units{0, "units"_lock};
	std::atomic<int> got{0};
	const auto body = [&](stop_token stop) {
		while (units.acquire(stop))
			++got;
		return 0;
	};
	auto one = expect(test, jthread::run("kunit", body));
	auto other = expect(test, jthread::run("kunit", body));

	expect_state(test, one, 'I');
	expect_state(test, other, 'I');
	units.release(2);
	expect_soon(test, [&] { return got == 2; });
	expect(test, one.park());
	units.release();
	expect_soon(test, [&] { return got == 3; });
	(void)other.stop();
	units.release();
	expect(test, one.unpark());
	expect_soon(test, [&] { return got == 4; });
	KUNIT_EXPECT_EQ(test, one.stop().value_or(-1), 0);
}

void semaphore_is_for_hard_interrupts(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", [](stop_token stop) {
				     int got = 0;

				     while (got < 10 && ticked.acquire(stop))
					     ++got;
				     return got;
			     }));

	locks_bridge_start_interrupts([] { ticked.release(); });
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 10);
	locks_bridge_stop_interrupts();
}

void latch_opens_for_all(kunit *test)
{
	latch ready{2, "ready"_lock};
	const auto body = [&](stop_token stop) { return to_errno(ready.wait(stop, in(forever))); };
	auto one = expect(test, jthread::run("kunit", body));
	auto other = expect(test, jthread::run("kunit", body));

	KUNIT_EXPECT_FALSE(test, ready.try_wait());
	expect_error(test, ready.wait(kthread::idle, in(1ms)), errno_t::ETIMEDOUT);
	ready.count_down();
	KUNIT_EXPECT_FALSE(test, ready.try_wait());
	ready.arrive_and_wait();
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 0);
	KUNIT_EXPECT_EQ(test, other.join().value_or(-1), 0);
	KUNIT_EXPECT_TRUE(test, ready.try_wait());
	ready.wait();

	latch open{0, "open"_lock};
	KUNIT_EXPECT_TRUE(test, open.try_wait());
	open.wait();
	auto stopped = expect(test, kthread::stop_source::create());
	stopped.request_stop();
	expect_error(test, open.wait(stopped.get_token()), errno_t::ECANCELED);
}

// An interrupt counts down once more than its driver thought.
void latch_that_is_counted_too_far_is_open(kunit *test)
{
	latch ready{2, "ready"_lock}, below{-1, "below"_lock};

	ready.count_down();
	ready.count_down(2);
	KUNIT_EXPECT_TRUE(test, ready.try_wait());
	expect(test, ready.wait(kthread::idle, in(10ms)));
	ready.count_down();
	KUNIT_EXPECT_TRUE(test, ready.try_wait());
	expect(test, ready.wait(kthread::idle, in(10ms)));
	KUNIT_EXPECT_TRUE(test, below.try_wait());
	expect(test, below.wait(kthread::idle, in(10ms)));
}

void latch_is_for_hard_interrupts(kunit *test)
{
	static std::atomic<int> left{10};

	locks_bridge_start_interrupts([] {
		if (left > 0) {
			--left;
			opened_by_an_interrupt.count_down();
		}
	});
	expect(test, opened_by_an_interrupt.wait(kthread::uninterruptible));
	locks_bridge_stop_interrupts();
	KUNIT_EXPECT_TRUE(test, opened_by_an_interrupt.try_wait());
}
