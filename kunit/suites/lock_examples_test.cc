// SPDX-License-Identifier: GPL-2.0
//
// The examples of the headers for locks and waits run, as examples_test.cc says.
#include "fixture.hpp"
#include "kthread/channel.hpp"
#include "kthread/condition_variable.hpp"
#include "kthread/guarded.hpp"
#include "kthread/intrusive_list.hpp"
#include "kthread/latch.hpp"
#include "kthread/rcu.hpp"
#include "kthread/semaphore.hpp"

namespace
{
namespace channel_example
{
#include "examples/channel.inc"
}
namespace completion_example
{
#include "examples/completion.inc"
}
namespace condition_variable_example
{
#include "examples/condition_variable.inc"
}
namespace guarded_example
{
#include "examples/guarded.inc"
}
namespace intrusive_list_example
{
#include "examples/intrusive_list.inc"
}
namespace kernel_object_example
{
#include "examples/kernel_object.inc"
}
namespace latch_example
{
#include "examples/latch.inc"
}
namespace mutex_example
{
#include "examples/mutex.inc"
}
namespace rcu_example
{
#include "examples/rcu.inc"
}
namespace ring_example
{
#include "examples/ring.inc"
}
namespace semaphore_example
{
#include "examples/semaphore.inc"
}
namespace spinlock_example
{
#include "examples/spinlock.inc"
}
namespace thread_safety_example
{
#include "examples/thread_safety.inc"

void gate::lock() {}
void gate::unlock() {}
gate door;
int inside;
} // namespace thread_safety_example
namespace waiting_example
{
#include "examples/waiting.inc"
}
} // namespace

void example_channel_passes_values_in_order(kunit *test)
{
	const auto producer = expect(test, jthread::run("kunit", channel_example::produce));

	for (int i = 0; i < 2; ++i) {
		expect_soon(test, [] { return !channel_example::samples.empty(); });
		KUNIT_EXPECT_EQ(test, channel_example::next_sample().value_or(-1), i);
	}
}

void example_completion_gives_the_status(kunit *test)
{
	completion_example::request request;

	completion_example::interrupt_comes(request, 5);
	KUNIT_EXPECT_EQ(test, completion_example::status_of(request).value_or(0), 5);
}

void example_condition_variable_empties_a_mailbox(kunit *test)
{
	condition_variable_example::mailbox box;
	const auto reader = expect(test, jthread::run("kunit", [&](stop_token stop) {
					   return condition_variable_example::empty(box, stop);
				   }));

	condition_variable_example::deliver(box);
	expect_soon(test, [&] {
		const std::lock_guard held(box.lock);

		return box.letters == 0;
	});
}

void example_guarded_counts(kunit *test)
{
	guarded_example::see(7);

	const long bytes = guarded_example::seen.with([](const auto &seen) { return seen.bytes; });
	KUNIT_EXPECT_EQ(test, bytes, 7);
	KUNIT_EXPECT_EQ(test, *guarded_example::lost.lock(), 1);
}

void example_intrusive_list_takes_a_request(kunit *test)
{
	intrusive_list_example::queue queue;
	intrusive_list_example::request request{.sector = 1, .place = {}};
	const intrusive_list_example::request *first;

	intrusive_list_example::submit(queue, request);
	{
		const kthread::irqsave_guard held(queue.lock);

		first = queue.waiting.pop_front();
	}
	KUNIT_EXPECT_TRUE(test, first == &request);
}

void example_kernel_object_is_of_the_kernels_size(kunit *test)
{
	KUNIT_EXPECT_EQ(test, sizeof(kernel_object_example::open), BRIDGE_COMPLETION_SIZE);
}

void example_latch_opens(kunit *test)
{
	kthread::latch ready{1, "example::ready"_lock};

	ready.count_down();
	auto waiter =
		expect(test, jthread::run("kunit", [&](stop_token stop) {
			       return kthread::to_errno(latch_example::all_are_ready(ready, stop));
		       }));
	KUNIT_EXPECT_EQ(test, waiter.join().value_or(-1), 0);
}

void example_mutex_counts_users(kunit *test)
{
	const int before = mutex_example::add_user();

	KUNIT_EXPECT_EQ(test, mutex_example::add_user(), before + 1);
}

void example_rcu_shows_the_last_settings(kunit *test)
{
	using rcu_example::settings;

	rcu_example::set(std::unique_ptr<settings>(new (std::nothrow) settings{3}));
	KUNIT_EXPECT_EQ(test, rcu_example::speed(), 3);
	rcu_example::set(nullptr);
	KUNIT_EXPECT_EQ(test, rcu_example::speed(), 0);
}

void example_ring_counts_what_it_loses(kunit *test)
{
	ring_example::uart uart;

	for (int i = 0; i < 65; ++i)
		ring_example::interrupt_comes(uart, 'x');
	KUNIT_EXPECT_EQ(test, uart.lost, 1);
}

void example_semaphore_limits_transfers(kunit *test)
{
	KUNIT_EXPECT_TRUE(test, semaphore_example::transfer([] { return 0; }).has_value());
	expect_error(test, semaphore_example::transfer([] { return 1; }), errno_t::EINVAL);
}

void example_spinlock_guards_bits(kunit *test)
{
	spinlock_example::device device;
	unsigned int pending;

	spinlock_example::interrupt_comes(device, 4);
	{
		const kthread::irqsave_guard held(device.lock);

		pending = device.pending;
	}
	KUNIT_EXPECT_EQ(test, pending, 4);
}

void example_thread_safety_names_a_lock(kunit *test)
{
	using namespace thread_safety_example;

	door.lock();
	const int now = ++inside;
	door.unlock();
	KUNIT_EXPECT_EQ(test, now, 1);
}

void example_waiting_finishes(kunit *test)
{
	kthread::completion done{"example::done"_lock};

	done.complete();
	auto waiter = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     return kthread::to_errno(waiting_example::finish(done, stop));
			     }));
	KUNIT_EXPECT_EQ(test, waiter.join().value_or(-1), 0);
}
