// SPDX-License-Identifier: GPL-2.0
//
// Threads at home among C code: its helpers, its wait queues, signals, CPUs, memory.
#include "kthread/completion.hpp"
#include "kthread/opaque.hpp"
#include "kthread/shared_wait_queue.hpp"
#include "kthread/signal.hpp"
#include "kthread/worker.hpp"

#include "jthread_fixture.hpp"
#include "native_bridge.h"

using kthread::in;
using kthread::or_signal;
using kthread::to_errno;

namespace
{
struct send {
	native_device &device;

	void operator()() const { __atomic_fetch_add(&device.sent, 1, __ATOMIC_RELAXED); }
};
using device_thread = kthread::opaque_member<&native_device::thread, kthread::static_jthread<>>;
using device_worker = kthread::opaque_member<&native_device::worker, kthread::worker>;
using device_item = kthread::opaque_member<&native_device::item, kthread::work<send>>;
} // namespace

int native_device_start(native_device *device)
{
	auto made = kthread::worker::run("kunit");

	if (!made)
		return to_errno(made);

	auto &worker = device_worker::construct(*device, std::move(*made));

	device_item::construct(*device, worker, send{*device});

	const auto ran = device_thread::construct(*device).run("kunit", [device](stop_token stop) {
		while (stop.sleep_for(1ms))
			__atomic_fetch_add(&device->beats, 1, __ATOMIC_RELAXED);
	});

	if (!ran)
		native_device_stop(device);
	return to_errno(ran);
}

bool native_device_send(native_device *device)
{
	return device_item::of(*device).queue();
}

void native_device_stop(native_device *device)
{
	device_thread::destroy(*device);
	device_item::destroy(*device);
	device_worker::destroy(*device);
}

void native_struct_has_a_thread_and_an_item(kunit *test)
{
	KUNIT_EXPECT_TRUE(test, native_device_sends(3) >= 3);
}

void native_helper_sees_a_request(kunit *test)
{
	auto thread = expect(test, jthread::run_begun("kunit", [] { return native_helper(); }));

	// Nobody waits for the thread yet, which is when the kernel's own flag is set.
	thread.request_stop();
	expect_soon(test, [&] { return thread.get().has_value(); });
	KUNIT_EXPECT_TRUE(test, thread.get().value_or(0) > 0);
	KUNIT_EXPECT_EQ(test, native_helper_in_c(), 7);
}

void native_queue_wakes_by_wake_up_interruptible(kunit *test)
{
	std::atomic<int> items{0};
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     int taken = 0;

				     while (kthread::wait_on_queue(native_queue(), stop,
								   [&] { return items > taken; }))
					     ++taken;
				     return taken;
			     }));

	for (int i = 0; i < 3; ++i) {
		expect_state(test, thread, 'I');
		++items;
		native_wake_interruptible();
	}
	expect_state(test, thread, 'I');
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 3);
}

void native_queue_ends_each_kind_of_wait(kunit *test)
{
	const auto never = [] { return false; };
	const auto source = expect(test, kthread::stop_source::create());
	auto foreign = expect(test, jthread::run("kunit", [&] {
				      return to_errno(kthread::wait_on_queue(
					      native_queue(), source.get_token(), never));
			      }));
	auto parked =
		expect(test, jthread::run("kunit", [&](stop_token stop) {
			       return to_errno(kthread::wait_on_queue(native_queue(), stop, never));
		       }));

	expect_error(test, kthread::wait_on_queue(native_queue(), kthread::idle, never, in(2ms)),
		     errno_t::ETIMEDOUT);
	expect(test, kthread::wait_on_queue(native_queue(), kthread::idle, [] { return true; }));
	expect_state(test, parked, 'I');
	expect(test, parked.park());
	expect(test, parked.unpark());
	expect_state(test, foreign, 'I');
	source.request_stop();
	KUNIT_EXPECT_EQ(test, foreign.join().value_or(0), static_cast<int>(errno_t::ECANCELED));
	KUNIT_EXPECT_EQ(test, parked.stop().value_or(0), static_cast<int>(errno_t::ECANCELED));
}

void native_code_waits_on_a_shared_queue(kunit *test)
{
	kthread::shared_wait_queue queue{"kunit"_lock};
	bool flag = false;
	auto c = expect(test, jthread::run("kunit", [&] {
				return native_wait_interruptible(queue.native_handle(), &flag);
			}));
	auto cxx = expect(test, jthread::run("kunit", [&](stop_token stop) {
				  return to_errno(queue.wait(stop, [&] {
					  return __atomic_load_n(&flag, __ATOMIC_RELAXED);
				  }));
			  }));

	expect_state(test, c, 'S');
	expect_state(test, cxx, 'I');
	__atomic_store_n(&flag, true, __ATOMIC_RELAXED);
	queue.notify_all();
	KUNIT_EXPECT_EQ(test, c.join().value_or(-1), 0);
	KUNIT_EXPECT_EQ(test, cxx.join().value_or(-1), 0);
}

void signal_ends_a_wait_that_allows_it(kunit *test)
{
	kthread::completion never{"kunit"_lock};
	std::atomic<int> signals{0};
	const auto body = [&](stop_token stop) {
		kthread::this_thread::allow_signal(10);
		for (;;) {
			const auto waited = never.wait(or_signal(stop));

			if (waited.error() != errno_t::ERESTARTSYS)
				return to_errno(waited);
			KUNIT_EXPECT_TRUE(test, kthread::this_thread::signal_pending());
			kthread::this_thread::flush_signals();
			++signals;
		}
	};
	auto thread = expect(test, jthread::run("kunit", body));

	for (int i = 1; i < 3; ++i) {
		expect_state(test, thread, 'S');
		expect(test, thread.send_signal(10));
		expect_soon(test, [&] { return signals == i; });
	}
	expect_error(test, thread.send_signal(1000), errno_t::EINVAL);
	expect_error(test, jthread().send_signal(10), errno_t::ESRCH);
	expect_state(test, thread, 'S');
	expect(test, thread.park());
	expect(test, thread.unpark());
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(0), static_cast<int>(errno_t::ECANCELED));
	KUNIT_EXPECT_EQ(test, signals.load(), 2);
}

void signal_that_is_not_allowed_is_none(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", [](stop_token stop) {
				     kthread::completion never{"kunit"_lock};

				     kthread::this_thread::allow_signal(10);
				     kthread::this_thread::disallow_signal(10);
				     return to_errno(never.wait(or_signal(stop)));
			     }));

	expect_state(test, thread, 'S');
	expect(test, thread.send_signal(10));
	kunit_bridge_sleep_ms(5);
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(0), static_cast<int>(errno_t::ECANCELED));
}

void jthread_affinity_can_change_while_it_runs(kunit *test)
{
	counter count;
	auto thread = expect(test, jthread::run("kunit", count.body()));

	expect(test, thread.set_affinity("0"));
	KUNIT_EXPECT_EQ(test, native_cpus_allowed(thread.native_handle()), 1);
	KUNIT_EXPECT_TRUE(test, count.beats_on());
	KUNIT_EXPECT_EQ(test, thread.cpu(), 0);
	expect_error(test, thread.set_affinity("no list"), errno_t::EINVAL);
	expect_error(test, thread.set_affinity(nullptr), errno_t::EINVAL);
	expect_error(test, jthread().set_affinity("0"), errno_t::ESRCH);
}

// A kernel since 6.14 gives a thread its CPUs when the thread begins.
void jthread_affinity_outlasts_the_begin_of_its_thread(kunit *test)
{
	auto allowed = [] { return static_cast<int>(native_cpus_allowed(bridge_current())); };
	auto created = expect(test, jthread::create("kunit", allowed));

	expect(test, created.set_affinity("0"));
	KUNIT_EXPECT_EQ(test, native_cpus_allowed(created.native_handle()), 1);
	KUNIT_EXPECT_EQ(test, native_users_may_move(created.native_handle()), false);
	created.wake();
	KUNIT_EXPECT_EQ(test, created.join().value_or(0), 1);
	for (int round = 0; round < 100; ++round) {
		std::atomic<bool> go{false};
		auto started = expect(test, jthread::run("kunit", [&](stop_token stop) {
					      (void)stop.wait([&] { return go.load(); });
					      return allowed();
				      }));

		expect(test, started.set_affinity("0"));
		KUNIT_EXPECT_TRUE(test, native_users_may_move(started.native_handle()));
		go = true;
		started.wake();
		KUNIT_EXPECT_EQ(test, started.join().value_or(0), 1);
	}
}

void jthread_affinity_leaves_a_parked_and_a_bound_thread_as_they_are(kunit *test)
{
	auto parked = expect(test, jthread::create("kunit", sleep_until_stopped));
	auto bound = expect(test, jthread::create("kunit", sleep_until_stopped));
	auto loose = expect(test, jthread::create("kunit", sleep_until_stopped));

	expect(test, parked.park());
	expect(test, parked.set_affinity("0"));
	KUNIT_EXPECT_EQ(test, parked.state(), 'P');
	KUNIT_EXPECT_TRUE(test, native_users_may_move(parked.native_handle()));
	expect(test, bound.set_affinity("0"));
	expect(test, bound.bind(0));
	expect(test, loose.set_affinity("0"));
	for (auto *thread : {&parked, &bound, &loose}) {
		KUNIT_EXPECT_EQ(test, native_cpus_allowed(thread->native_handle()), 1);
		thread->wake();
	}
	expect_state(test, bound, 'I');
	expect_state(test, loose, 'I');
	KUNIT_EXPECT_FALSE(test, native_users_may_move(bound.native_handle()));
	KUNIT_EXPECT_TRUE(test, native_users_may_move(loose.native_handle()));
	expect(test, bound.set_affinity("0"));
	KUNIT_EXPECT_FALSE(test, native_users_may_move(bound.native_handle()));
	expect(test, parked.unpark());
	expect_state(test, parked, 'I');
	KUNIT_EXPECT_EQ(test, native_cpus_allowed(parked.native_handle()), 1);
}

void memalloc_scope_nests(kunit *test)
{
	using kthread::memalloc_scope;

	KUNIT_EXPECT_FALSE(test, native_has_noio());
	{
		const memalloc_scope outer(memalloc_scope::noio);
		{
			const memalloc_scope inner(memalloc_scope::noio);
			const memalloc_scope other(memalloc_scope::nofs);
		}
		KUNIT_EXPECT_TRUE(test, native_has_noio());
	}
	KUNIT_EXPECT_FALSE(test, native_has_noio());
}
