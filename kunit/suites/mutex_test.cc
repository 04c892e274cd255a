// SPDX-License-Identifier: GPL-2.0
#include "kthread/mutex.hpp"

#include "fixture.hpp"
#include "locks_bridge.h"

using kthread::mutex;
using kthread::shared_mutex;

namespace
{
constinit mutex unused{"unused mutex"_lock};
constinit shared_mutex unused_shared{"unused shared_mutex"_lock};

struct device {
	mutex config{"device::config"_lock};
	mutex queue{"device::queue"_lock};
	shared_mutex table{"device::table"_lock};
	int value KTHREAD_GUARDED_BY(config) = 0;
};

// Another thread seems to hold this lock, and gives it up only to a thread that waits. (The thousandth try succeeds,
// so that the test ends.)
struct awaited {
	int tries = 0;
	bool held = false;

	void lock() { held = true; }
	bool try_lock() { return held = ++tries == 1000; }
	void unlock() { held = false; }
};
struct unheld {
	bool held = false;

	void lock() { held = true; }
	bool try_lock() { return held = true; }
	void unlock() { held = false; }
};

// What another thread gets.
template <class Lock>
bool is_free(kunit *test, Lock &lock)
{
	return expect(test, jthread::run("kunit",
					 [&](stop_token) KTHREAD_UNCHECKED {
						 if (!lock.try_lock())
							 return 0;
						 lock.unlock();
						 return 1;
					 }))
		       .join()
		       .value_or(-1) == 1;
}
} // namespace

void mutex_is_initial_as_in_c(kunit *test)
{
	KUNIT_EXPECT_TRUE(test, locks_bridge_is_initial_mutex(&unused, "unused mutex"));
	KUNIT_EXPECT_TRUE(test,
			  locks_bridge_is_initial_rwsem(&unused_shared, "unused shared_mutex"));
	const mutex on_stack{"mutex on the stack"_lock};
	KUNIT_EXPECT_TRUE(test, locks_bridge_is_initial_mutex(&on_stack, "mutex on the stack"));
	auto on_heap = std::make_unique<device>();
	KUNIT_EXPECT_TRUE(test, on_heap);
	if (on_heap)
		KUNIT_EXPECT_TRUE(test,
				  locks_bridge_is_initial_rwsem(&on_heap->table, "device::table"));
}

void mutex_excludes_others(kunit *test)
{
	constexpr int rounds = 1000;
	device d;
	const auto count = [&d](stop_token) {
		for (int i = 0; i < rounds; ++i) {
			const std::lock_guard held(d.config);

			++d.value;
		}
		return 0;
	};
	auto one = expect(test, jthread::run("kunit", count));
	auto other = expect(test, jthread::run("kunit", count));

	(void)one.join();
	(void)other.join();
	const std::lock_guard held(d.config);
	KUNIT_EXPECT_EQ(test, d.value, 2 * rounds);
}

void mutex_is_held_by_each_guard(kunit *test)
{
	device d;
	{
		const std::lock_guard held(d.config);
		KUNIT_EXPECT_FALSE(test, is_free(test, d.config));
		KUNIT_EXPECT_TRUE(test, locks_bridge_is_locked_mutex(d.config.native_handle()));
	}
	KUNIT_EXPECT_TRUE(test, is_free(test, d.config));
	{
		std::unique_lock held(d.config);
		KUNIT_EXPECT_TRUE(test, held.owns_lock());
		held.unlock();
		KUNIT_EXPECT_TRUE(test, is_free(test, d.config));
		held.lock();
		KUNIT_EXPECT_FALSE(test, is_free(test, d.config));
	}
	{
		const std::scoped_lock held(d.config, d.queue);
		KUNIT_EXPECT_FALSE(test, is_free(test, d.config));
		KUNIT_EXPECT_FALSE(test, is_free(test, d.queue));
	}
	KUNIT_EXPECT_TRUE(test, is_free(test, d.config));
	KUNIT_EXPECT_TRUE(test, is_free(test, d.queue));
}

void mutex_scoped_lock_waits_for_whichever_is_held(kunit *test)
{
	const auto waits = [test](awaited &wanted, auto &...locks) {
		const std::scoped_lock all(locks...);

		KUNIT_EXPECT_TRUE(test, (locks.held && ...));
		KUNIT_EXPECT_TRUE(test, wanted.tries <= 1);
		wanted.tries = 0;
	};
	awaited wanted;
	unheld a, b, c;

	waits(wanted, wanted, a);
	waits(wanted, a, wanted);
	waits(wanted, wanted, a, b);
	waits(wanted, a, wanted, b);
	waits(wanted, a, b, wanted);
	waits(wanted, a, b, c, wanted);
	KUNIT_EXPECT_FALSE(test, wanted.held || a.held || b.held || c.held);
}

// More than -Wthread-safety follows.
void mutex_unique_lock_moves(kunit *test) KTHREAD_UNCHECKED
{
	device d;
	std::unique_lock<mutex> held;
	KUNIT_EXPECT_FALSE(test, held);
	held = std::unique_lock(d.config);
	KUNIT_EXPECT_TRUE(test, held.owns_lock());
	std::unique_lock moved(std::move(held));
	KUNIT_EXPECT_FALSE(test, held.owns_lock());
	KUNIT_EXPECT_FALSE(test, is_free(test, d.config));
	moved.unlock();
	std::unique_lock tried(d.config, std::try_to_lock);
	KUNIT_EXPECT_TRUE(test, tried.owns_lock());
	std::unique_lock deferred(d.queue, std::defer_lock);
	KUNIT_EXPECT_FALSE(test, deferred.owns_lock());
	KUNIT_EXPECT_TRUE(test, deferred.try_lock());
	mutex *const released = deferred.release();
	KUNIT_EXPECT_TRUE(test, released == &d.queue);
	released->unlock();
}

void mutex_of_the_same_class_nests_by_a_subclass(kunit *test)
{
	device parent, child;
	const std::lock_guard held(parent.config);

	child.config.lock_nested(1);
	const std::lock_guard also(child.config, std::adopt_lock);
	KUNIT_EXPECT_FALSE(test, is_free(test, child.config));
}

void mutex_wait_ends_by_a_signal(kunit *test)
{
	device d;
	std::atomic<bool> held{false};
	// Not by the test itself, which waits for a thread that takes the lock: lockdep would report that.
	const auto holder = expect(test, jthread::run("kunit", [&](stop_token stop) {
					   const std::lock_guard lock(d.config);

					   held = true;
					   return sleep_until_stopped(stop);
				   }));
	const auto wait = [&](bool kill) {
		return expect(test, jthread::run("kunit",
						 [&d, kill](stop_token) KTHREAD_UNCHECKED {
							 if (kill)
								 kunit_bridge_kill_current();
							 const bool locked =
								 d.config.lock_interruptible();
							 const bool again =
								 d.config.lock_killable();
							 if (kill)
								 kunit_bridge_revive_current();
							 return locked + again;
						 }))
			.join()
			.value_or(-1);
	};

	expect_soon(test, [&] { return held.load(); });
	KUNIT_EXPECT_EQ(test, wait(true), 0);
}

void shared_mutex_lets_readers_in_together(kunit *test) KTHREAD_UNCHECKED
{
	device d;
	const auto try_as_reader = [&] {
		return expect(test, jthread::run("kunit",
						 [&](stop_token) KTHREAD_UNCHECKED {
							 if (!d.table.try_lock_shared())
								 return 0;
							 d.table.unlock_shared();
							 return 1;
						 }))
			.join()
			.value_or(-1);
	};
	{
		const std::shared_lock reading(d.table);
		KUNIT_EXPECT_EQ(test, try_as_reader(), 1);
		KUNIT_EXPECT_FALSE(test, is_free(test, d.table));
	}
	{
		const std::lock_guard writing(d.table);
		KUNIT_EXPECT_EQ(test, try_as_reader(), 0);
	}
	d.table.lock();
	d.table.downgrade();
	KUNIT_EXPECT_EQ(test, try_as_reader(), 1);
	d.table.unlock_shared();
	KUNIT_EXPECT_TRUE(test, is_free(test, d.table));
}
