// SPDX-License-Identifier: GPL-2.0
//
// Each allocation fails once, of who makes a thread and of kthreadd, which makes it for them. Threads
// left over are counted, memory left over kmemleak finds.
#include "kthread/jthread_group.hpp"
#include "kthread/percpu_threads.hpp"
#include "kthread/worker.hpp"

#include "fixture.hpp"

namespace
{
constexpr char name[] = "no_memory";

// The operation makes something, and unmakes it: 0, or a negative errno if it could not be made.
template <class Operation>
void fail_each(kunit *test, unsigned int own, Operation operation)
{
	const unsigned int threads = kunit_bridge_count(name);

	for (int kthreadd = 0; kthreadd < 2; ++kthreadd) {
		unsigned int failed = 0;

		for (unsigned int n = 1, left = 0; !left; ++n) {
			(void)kunit_bridge_fail_nth(kthreadd, n);
			const int error = operation();
			left = kunit_bridge_fail_nth(kthreadd, 0);
			if (error)
				KUNIT_EXPECT_TRUE(test, !left && (error == -BRIDGE_ENOMEM ||
								  error == -BRIDGE_EAGAIN));
			failed += error != 0;
		}
		if (const unsigned int least = kthreadd ? 2 : own; failed < least)
			KUNIT_EXPECT_EQ(test, failed, least);
	}
	expect_soon(test, [&] { return kunit_bridge_count(name) <= threads; });
}

struct nothing {
	static bool should_run(unsigned int) { return false; }
	static void run(unsigned int) {}
};
} // namespace

void no_memory_for_a_jthread(kunit *test)
{
	int destroyed = 0, made = 0;

	fail_each(test, 2, [&] {
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

	fail_each(test, 1, [&] {
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
	fail_each(test, 7, [] {
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
	fail_each(test, 3, [] { return kthread::to_errno(kthread::worker::run(name)); });
}

void no_memory_for_percpu_threads(kunit *test)
{
	fail_each(test, 3, [] {
		kthread::percpu_threads<nothing> threads;

		return kthread::to_errno(threads.start("no_memory/%u"));
	});
}
