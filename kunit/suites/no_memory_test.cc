// SPDX-License-Identifier: GPL-2.0
//
// Each allocation of a caller that creates a thread, and of kthreadd, fails at least once. The test counts threads
// that are left over; kmemleak finds memory that is left over.
#include "kthread/executor.hpp"
#include "kthread/jthread_group.hpp"
#include "kthread/percpu_threads.hpp"
#include "kthread/static_object.hpp"
#include "kthread/worker.hpp"

#include "fixture.hpp"

namespace
{
constexpr char name[] = "no_memory";

// Each allocation fails in turn, until the operation is through without a failure: how often it could not
// be made, and in failed those of its own that were not to be had.
template <class Operation>
unsigned int fail_in_turn(kunit *test, bool kthreadd, unsigned long long &failed,
			  Operation operation)
{
	unsigned int errors = 0;

	for (unsigned int n = 1, left = 0; !left; ++n) {
		unsigned long long these;

		(void)kunit_bridge_count_kmalloc(&these);
		(void)kunit_bridge_fail_nth(kthreadd, n);
		const int error = operation();
		left = kunit_bridge_fail_nth(kthreadd, 0);
		(void)kunit_bridge_count_kmalloc(&these);
		failed |= these;
		if (error)
			KUNIT_EXPECT_TRUE(test,
					  !left && (error == static_cast<int>(errno_t::ENOMEM) ||
						    error == static_cast<int>(errno_t::EAGAIN)));
		errors += error != 0;
	}
	return errors;
}

// The operation makes something, and unmakes it: 0, or a negative errno if it could not be made.
//
// The checkers allocate memory too, now more and now less, so that a round may fail theirs in place of one
// of the operation's own. As many rounds follow as it takes for each of its own to have failed.
template <class Operation>
void fail_each(kunit *test, Operation operation)
{
	const unsigned int threads = kunit_bridge_count(name);
	unsigned long long failed = 0;

	if (!kunit_bridge_can_fail_memory()) {
		kunit_bridge_skip(test, "this kernel cannot make an allocation fail");
		return;
	}
	// Memory that only the first round allocates is not allocated again in the following ones.
	KUNIT_EXPECT_EQ(test, operation(), 0);
	KUNIT_EXPECT_EQ(test, kunit_bridge_watch_kmalloc(), 0);
	(void)kunit_bridge_count_kmalloc(&failed);
	KUNIT_EXPECT_EQ(test, operation(), 0);
	const unsigned int own = kunit_bridge_count_kmalloc(&failed);
	const unsigned long long all = (1ull << own) - 1;

	KUNIT_EXPECT_TRUE(test, own > 0 && own < 64 && !failed);
	for (int round = 0; round < 50 && (failed & all) != all; ++round)
		fail_in_turn(test, false, failed, operation);
	KUNIT_EXPECT_EQ(test, failed & all, all);
	KUNIT_EXPECT_TRUE(test, fail_in_turn(test, true, failed, operation) > 0);
	kunit_bridge_unwatch_kmalloc();
	expect_soon(test, [&] { return kunit_bridge_count(name) <= threads; });
}

struct nothing {
	static bool should_run(unsigned int) { return false; }
	static void run(unsigned int) {}
};

// Made in two steps, each of which may find no memory.
struct several {
	witness<int> last;
	kthread::worker worker;
	jthread thread;

	several(kthread::worker made, int &destroyed) : last(destroyed), worker(std::move(made)) {}

	result<void> start()
	{
		auto made = jthread::run(name, sleep_until_stopped);

		if (!made)
			return std::unexpected(made.error());
		thread = std::move(*made);
		return {};
	}
};
constinit kthread::static_object<several> object;

kthread::task<int> child(witness<int>)
{
	co_return 7;
}
kthread::task<int> parent(int &destroyed)
{
	auto got = co_await child(witness(destroyed));

	co_return got;
}
} // namespace

void no_memory_for_a_jthread(kunit *test)
{
	int destroyed = 0, made = 0;

	fail_each(test, [&] {
		++made;
		return kthread::to_errno(
			jthread::run(name, [owned = witness(destroyed)](stop_token stop) {
				return sleep_until_stopped(stop);
			}));
	});
	KUNIT_EXPECT_EQ(test, destroyed, made);
}

void no_memory_for_a_static_jthread(kunit *test)
{
	int destroyed = 0, made = 0;

	fail_each(test, [&] {
		kthread::static_jthread<> thread;
		const auto created =
			thread.create(name, [owned = witness(destroyed)](stop_token stop) {
				return sleep_until_stopped(stop);
			});

		++made;
		thread.reset();
		return kthread::to_errno(created);
	});
	KUNIT_EXPECT_EQ(test, destroyed, made);
}

void no_memory_for_a_group(kunit *test)
{
	fail_each(test, [] {
		auto group =
			kthread::jthread_group::create(name, 3, [](stop_token stop, unsigned int) {
				return sleep_until_stopped(stop);
			});

		if (group)
			group->wake();
		return kthread::to_errno(group);
	});
}

void no_memory_for_a_worker(kunit *test)
{
	fail_each(test, [] { return kthread::to_errno(kthread::worker::run(name)); });
}

void no_memory_for_percpu_threads(kunit *test)
{
	fail_each(test, [] {
		kthread::percpu_threads<nothing> threads;

		return kthread::to_errno(threads.start("no_memory/%u"));
	});
}

void no_memory_for_a_static_object(kunit *test)
{
	int destroyed = 0, made = 0;

	fail_each(test, [&] {
		auto worker = kthread::worker::run(name);

		made += worker.has_value();
		const auto emplaced = object.emplace(std::move(worker), destroyed);
		KUNIT_EXPECT_EQ(test, object.has_value(), emplaced.has_value());
		object.reset();
		return kthread::to_errno(emplaced);
	});
	KUNIT_EXPECT_EQ(test, destroyed, made);
}

void no_memory_for_a_task(kunit *test)
{
	int destroyed = 0, made = 0;

	fail_each(test, [&] {
		auto tasks = kthread::executor::run(name);

		if (!tasks)
			return kthread::to_errno(tasks);
		++made;
		kthread::job<int> one(*tasks);
		// The frame of the child is the executor's to find.
		auto spawned = one.spawn(parent(destroyed));
		if (!spawned) {
			--made;
			return kthread::to_errno(spawned);
		}
		return kthread::to_errno(one.join());
	});
	KUNIT_EXPECT_EQ(test, destroyed, made);
}
