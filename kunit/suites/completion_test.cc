// SPDX-License-Identifier: GPL-2.0
#include "kthread/completion.hpp"

#include "fixture.hpp"
#include "locks_bridge.h"

using kthread::completion;
using kthread::in;
using kthread::to_errno;

namespace
{
constinit completion unused{"unused completion"_lock};
constinit completion ticked{"ticked"_lock};
} // namespace

void completion_is_initial_as_in_c(kunit *test)
{
	KUNIT_EXPECT_TRUE(test, locks_bridge_is_initial_completion(&unused, "unused completion"));
}

void completion_counts(kunit *test)
{
	completion done{"done"_lock};

	KUNIT_EXPECT_FALSE(test, done.try_wait());
	KUNIT_EXPECT_FALSE(test, done.is_complete());
	done.complete();
	done.complete();
	KUNIT_EXPECT_TRUE(test, done.is_complete());
	done.wait();
	KUNIT_EXPECT_TRUE(test, done.try_wait());
	KUNIT_EXPECT_FALSE(test, done.try_wait());
	done.complete_all();
	done.wait();
	expect(test, done.wait(kthread::idle, in(forever)));
	KUNIT_EXPECT_TRUE(test, done.try_wait());
}

void completion_ends_each_kind_of_wait(kunit *test)
{
	completion done{"done"_lock};
	const auto wait = [&](auto... how) {
		auto thread = expect(test, jthread::run("kunit", [&](stop_token) {
					     return to_errno(done.wait(how...));
				     }));

		expect_soon(test, [&] { return kunit_bridge_state(thread.pid()) != 'R'; });
		done.complete();
		KUNIT_EXPECT_EQ(test, thread.join().value_or(-1000), 0);
	};

	wait(kthread::uninterruptible);
	wait(kthread::uninterruptible, in(forever));
	wait(kthread::idle);
	wait(kthread::interruptible);
	wait(kthread::killable, in(forever));
	KUNIT_EXPECT_FALSE(test, done.is_complete());
}

void completion_wait_ends_at_its_deadline(kunit *test)
{
	completion done{"done"_lock};
	const auto deadline = in(20ms);

	expect_error(test, done.wait(kthread::uninterruptible, deadline), errno_t::ETIMEDOUT);
	KUNIT_EXPECT_TRUE(test, steady_clock::now() >= deadline);
	expect_error(test, done.wait(kthread::idle, in(-1s)), errno_t::ETIMEDOUT);
	expect_error(test, done.wait(kthread::idle, steady_clock::time_point()),
		     errno_t::ETIMEDOUT);
	done.complete();
	expect(test, done.wait(kthread::idle, steady_clock::time_point()));
}

void completion_wait_ends_by_a_stop_if_it_may(kunit *test)
{
	completion done{"done"_lock};
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     const int stopped = to_errno(done.wait(stop));

				     done.wait();
				     return stopped;
			     }));

	expect_state(test, thread, 'I');
	thread.request_stop();
	expect_state(test, thread, 'D');
	done.complete();
	KUNIT_EXPECT_EQ(test, thread.join().value_or(0), errno_t::ECANCELED);
}

void completion_wait_of_a_stopped_body_takes_nothing(kunit *test)
{
	completion done{"done"_lock};
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     stop.request_stop();
				     return to_errno(done.wait(stop));
			     }));

	done.complete();
	KUNIT_EXPECT_EQ(test, thread.join().value_or(0), errno_t::ECANCELED);
	KUNIT_EXPECT_TRUE(test, done.is_complete());
}

void completion_wait_ends_by_a_signal_if_it_may(kunit *test)
{
	completion done{"done"_lock};
	auto thread = expect(
		test, jthread::run("kunit", [&](stop_token) {
			kunit_bridge_kill_current();
			const int killed = to_errno(done.wait(kthread::killable));
			const int ended = to_errno(done.wait(kthread::interruptible, in(forever)));
			const int slept = to_errno(done.wait(kthread::idle, in(1ms)));
			kunit_bridge_revive_current();
			return killed == ended && slept == static_cast<int>(errno_t::ETIMEDOUT)
				       ? killed
				       : 0;
		}));

	KUNIT_EXPECT_EQ(test, thread.join().value_or(0), errno_t::ERESTARTSYS);
}

// The first in the queue is parked there. The other one is to have the word.
void completion_word_of_a_parked_waiter_goes_to_another(kunit *test)
{
	completion done{"done"_lock};
	std::atomic<int> got{0};
	const auto body = [&](stop_token stop) {
		while (done.wait(stop))
			++got;
		return 0;
	};
	auto first = expect(test, jthread::run("kunit", body));
	expect_state(test, first, 'I');
	auto second = expect(test, jthread::run("kunit", body));
	expect_state(test, second, 'I');

	expect(test, first.park());
	done.complete();
	expect_soon(test, [&] { return got == 1; });
	expect(test, first.unpark());
	done.complete();
	expect_soon(test, [&] { return got == 2; });
}

void completion_is_for_hard_interrupts(kunit *test)
{
	std::atomic<int> got{0};
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     while (ticked.wait(stop))
					     ++got;
				     return 0;
			     }));

	locks_bridge_start_interrupts([] { ticked.complete(); });
	expect_soon(test, [&] { return got > 10; });
	locks_bridge_stop_interrupts();
}
