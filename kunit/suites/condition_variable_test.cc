// SPDX-License-Identifier: GPL-2.0
#include "kthread/condition_variable.hpp"

#include "fixture.hpp"
#include "locks_bridge.h"

using kthread::condition_variable;
using kthread::in;
using kthread::mutex;
using kthread::to_errno;

namespace
{
constinit kthread::wait_list unused{"unused wait_list"_lock};
constinit kthread::raw_spinlock ticks_lock{"ticks of a condition"_lock};
constinit condition_variable ticked{"ticked condition"_lock};
long ticks;

template <class Lock>
struct mailbox {
	Lock lock{"mailbox::lock"_lock};
	condition_variable changed{"mailbox::changed"_lock};
	int letters = 0;

	void deliver()
	{
		{
			const std::lock_guard held(lock);

			++letters;
		}
		changed.notify_one();
	}
};

// One who waits with that lock, held so, gets what is delivered.
template <class Lock, template <class> class Guard>
void expect_delivery(kunit *test)
{
	mailbox<Lock> box;
	auto thread = expect(
		test, jthread::run("kunit", [&](stop_token stop) {
			int got = 0;
			Guard<Lock> held(box.lock);

			while (box.changed.wait(held, stop, [&] { return box.letters > 0; })) {
				--box.letters;
				if (++got == 3)
					break;
			}
			return got;
		}));

	for (int i = 0; i < 3; ++i) {
		box.deliver();
		kunit_bridge_sleep_ms(1);
	}
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 3);

	const bool is_free = box.lock.try_lock();

	if (is_free)
		box.lock.unlock();
	KUNIT_EXPECT_TRUE(test, is_free);
}
} // namespace

void condition_variable_is_initial_as_in_c(kunit *test)
{
	KUNIT_EXPECT_TRUE(test, locks_bridge_is_initial_wait_list(&unused, "unused wait_list"));
}

void condition_variable_takes_each_lock(kunit *test)
{
	expect_delivery<mutex, std::unique_lock>(test);
	expect_delivery<kthread::shared_mutex, std::unique_lock>(test);
	expect_delivery<kthread::spinlock, std::unique_lock>(test);
	expect_delivery<kthread::spinlock, kthread::bh_guard>(test);
	expect_delivery<kthread::spinlock, kthread::irqsave_guard>(test);
	expect_delivery<kthread::raw_spinlock, kthread::irqsave_guard>(test);
}

// Else lockdep would take the one for the other, which is held.
void condition_variable_may_have_the_name_of_its_lock(kunit *test)
{
	mutex lock{"mailbox"_lock};
	condition_variable changed{"mailbox"_lock};
	bool is_there = false;
	auto thread =
		expect(test, jthread::run("kunit", [&](stop_token stop) {
			       std::unique_lock held(lock);

			       return to_errno(changed.wait(held, stop, [&] { return is_there; }));
		       }));

	expect_state(test, thread, 'I');
	{
		const std::lock_guard held(lock);

		is_there = true;
		changed.notify_one();
	}
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 0);
}

void condition_variable_wait_ends_by_each_end(kunit *test)
{
	mailbox<mutex> box;
	std::unique_lock held(box.lock);
	const auto any = [&] { return box.letters > 0; };
	const auto deadline = in(10ms);

	expect_error(test, box.changed.wait(held, kthread::idle, deadline, any),
		     errno_t::ETIMEDOUT);
	KUNIT_EXPECT_TRUE(test, steady_clock::now() >= deadline);
	KUNIT_EXPECT_TRUE(test, held.owns_lock());
	KUNIT_EXPECT_TRUE(test, locks_bridge_is_locked_mutex(&box.lock));
	held.unlock();

	auto stopped = expect(test, jthread::run("kunit", [&](stop_token stop) {
				      std::unique_lock own(box.lock);

				      return to_errno(box.changed.wait(own, stop, any));
			      }));
	expect_state(test, stopped, 'I');
	KUNIT_EXPECT_EQ(test, stopped.stop().value_or(0), errno_t::ECANCELED);

	auto killed = expect(test, jthread::run("kunit", [&](stop_token) {
				     std::unique_lock own(box.lock);

				     kunit_bridge_kill_current();
				     const int error = to_errno(
					     box.changed.wait(own, kthread::killable, any));
				     kunit_bridge_revive_current();
				     return error;
			     }));
	KUNIT_EXPECT_EQ(test, killed.join().value_or(0), errno_t::ERESTARTSYS);

	held.lock();
	box.letters = 1;
	box.changed.wait(held, any);
	// The threads go without it: one has taken it.
	held.unlock();
}

void condition_variable_notify_all_wakes_all(kunit *test)
{
	mailbox<mutex> box;
	bool open = false;
	const auto body = [&](stop_token stop) {
		std::unique_lock held(box.lock);

		return to_errno(box.changed.wait(held, stop, [&] { return open; }));
	};
	auto one = expect(test, jthread::run("kunit", body));
	auto other = expect(test, jthread::run("kunit", body));

	expect_state(test, one, 'I');
	expect_state(test, other, 'I');
	{
		const std::lock_guard held(box.lock);

		open = true;
		box.changed.notify_all();
	}
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 0);
	KUNIT_EXPECT_EQ(test, other.join().value_or(-1), 0);
}

void condition_variable_word_of_one_that_leaves_goes_to_another(kunit *test)
{
	mailbox<mutex> box;
	std::atomic<int> got{0};
	const auto body = [&](stop_token stop) {
		std::unique_lock held(box.lock);

		while (box.changed.wait(held, stop, [&] { return box.letters > 0; })) {
			--box.letters;
			++got;
		}
		return 0;
	};
	auto first = expect(test, jthread::run("kunit", body));
	expect_state(test, first, 'I');
	auto second = expect(test, jthread::run("kunit", body));
	expect_state(test, second, 'I');

	expect(test, first.park());
	box.deliver();
	expect_soon(test, [&] { return got == 1; });
	(void)first.stop();
	box.deliver();
	expect_soon(test, [&] { return got == 2; });
}

// The condition of stop_token::wait() may take no mutex. That of condition_variable may.
void condition_variable_condition_may_sleep(kunit *test)
{
	mailbox<mutex> box;
	mutex inner{"mailbox::inner"_lock};
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     std::unique_lock held(box.lock);

				     return to_errno(box.changed.wait(held, stop, [&] {
					     const std::lock_guard also(inner);

					     kunit_bridge_sleep_ms(1);
					     return box.letters > 0;
				     }));
			     }));

	expect_state(test, thread, 'I');
	box.deliver();
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 0);
}

void condition_variable_is_for_hard_interrupts(kunit *test)
{
	auto thread = expect(
		test, jthread::run("kunit", [](stop_token stop) {
			int got = 0;
			long seen = 0;
			kthread::irqsave_guard held(ticks_lock);

			while (got < 10 && ticked.wait(held, stop, [&] { return ticks != seen; })) {
				seen = ticks;
				++got;
			}
			return got;
		}));

	locks_bridge_start_interrupts([] {
		{
			const kthread::irqsave_guard held(ticks_lock);

			++ticks;
		}
		if (ticks % 2)
			ticked.notify_all();
		else
			ticked.notify_one();
	});
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 10);
	locks_bridge_stop_interrupts();
}
