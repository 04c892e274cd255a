// SPDX-License-Identifier: GPL-2.0
//
// The example at the top of each header of the library runs. The build takes it from there: an example is
// .kthreadxx/generated/examples/HEADER.inc.
#include "fixture.hpp"
#include "kthread/completion.hpp"
#include "kthread/jthread_group.hpp"
#include "kthread/opaque.hpp"
#include "kthread/percpu_threads.hpp"
#include "kthread/shared_wait_queue.hpp"
#include "kthread/signal.hpp"
#include "kthread/static_object.hpp"
#include "kthread/this_thread.hpp"
#include "kthread/ticker.hpp"
#include "kthread/timer.hpp"
#include "kthread/worker.hpp"
#include "kthread/workqueue.hpp"

namespace
{
// Each example has a namespace of its own, as they may use the same names.
namespace clock_example
{
#include "examples/clock.inc"
}
namespace context_example
{
#include "examples/context.inc"
}
namespace errno_example
{
#include "examples/errno.inc"
}
namespace jthread_example
{
#include "examples/jthread.inc"
}
namespace jthread_group_example
{
#include "examples/jthread_group.inc"
}
namespace locking_example
{
#include "examples/locking.inc"
}
namespace opaque_example
{
#include "examples/opaque.inc"
}
namespace percpu_threads_example
{
#include "examples/percpu_threads.inc"
}
namespace shared_wait_queue_example
{
#include "examples/shared_wait_queue.inc"
}
namespace signal_example
{
#include "examples/signal.inc"
}
namespace static_object_example
{
#include "examples/static_object.inc"
}
namespace stop_callback_example
{
#include "examples/stop_callback.inc"
}
namespace stop_source_example
{
#include "examples/stop_source.inc"
}
namespace stop_state_example
{
#include "examples/stop_state.inc"
}
namespace stop_token_example
{
#include "examples/stop_token.inc"
}
namespace this_thread_example
{
#include "examples/this_thread.inc"
}
namespace thread_body_example
{
#include "examples/thread_body.inc"
}
namespace thread_state_example
{
#include "examples/thread_state.inc"
}
namespace ticker_example
{
#include "examples/ticker.inc"
}
namespace timer_example
{
#include "examples/timer.inc"
}
namespace callable_example
{
#include "examples/callable.inc"
}
namespace work_example
{
#include "examples/work.inc"
}
namespace workqueue_example
{
#include "examples/workqueue.inc"
}
namespace worker_example
{
#include "examples/worker.inc"
}

std::atomic<int> calls;

void count_call()
{
	++calls;
}

bool every_other_call()
{
	return ++calls % 2;
}

int pump(stop_token stop, unsigned int)
{
	++calls;
	return sleep_until_stopped(stop);
}
} // namespace

void example_clock_compares_times(kunit *test)
{
	const auto now = steady_clock::now();

	KUNIT_EXPECT_TRUE(test, clock_example::is_late(now - 1s));
	KUNIT_EXPECT_FALSE(test, clock_example::is_late(now + forever));
}

void example_context_may_sleep(kunit *test)
{
	const auto read = [] { return 3; };

	KUNIT_EXPECT_EQ(test, context_example::read_cached(read, 0), 3);
	KUNIT_EXPECT_EQ(test, context_example::read_cached(read, 5), 5);
}

void example_errno_returns_a_value_or_an_error(kunit *test)
{
	KUNIT_EXPECT_EQ(test, errno_example::half(4).value_or(0), 2);
	expect_error(test, errno_example::half(3), errno_t::EINVAL);
}

void example_jthread_counts_until_it_goes(kunit *test)
{
	std::atomic<long> ticks{0};
	const auto thread = expect(test, jthread_example::start(ticks));

	expect_soon(test, [&] { return ticks > 0; });
}

void example_jthread_group_starts_all(kunit *test)
{
	calls = 0;
	auto group = expect(test, jthread_group_example::start(pump));

	expect_soon(test, [] { return calls == 8; });
	group.stop();
	KUNIT_EXPECT_EQ(test, group[7].get().value_or(0), 7);
}

void example_locking_guards_a_member(kunit *)
{
	locking_example::stack stack;

	stack.push();
}

void example_percpu_threads_count_rounds(kunit *test)
{
	KUNIT_EXPECT_EQ(test, percpu_threads_example::count(), 0);
}

void example_static_object_blinks(kunit *test)
{
	using static_object_example::blinking;

	KUNIT_EXPECT_EQ(test, static_object_example::blink_init(), 0);
	if (blinking)
		expect_soon(test, [] { return blinking->on.load(); });
	static_object_example::blink_exit();
	KUNIT_EXPECT_FALSE(test, blinking.has_value());
}

void example_shared_wait_queue_drains(kunit *test)
{
	kthread::shared_wait_queue queue{"kunit"_lock};

	calls = 0;
	auto thread =
		expect(test, jthread::run("kunit", [&](stop_token stop) {
			       return shared_wait_queue_example::drain(stop, queue.native_handle(),
								       [] { return calls-- > 0; });
		       }));

	calls = 3;
	queue.notify_all();
	expect_soon(test, [] { return calls < 0; });
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 3);
}

void example_opaque_thread_beats(kunit *test)
{
	opaque_example::device device{};

	KUNIT_EXPECT_EQ(test, opaque_example::device_start(&device), 0);
	expect_soon(test, [&] { return __atomic_load_n(&device.beats, __ATOMIC_RELAXED) > 1; });
	opaque_example::device_stop(&device);
}

void example_signal_is_counted(kunit *test)
{
	kthread::completion never{"kunit"_lock};
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     return signal_example::count_signals(stop, never);
			     }));

	expect_state(test, thread, 'S');
	expect(test, thread.send_signal(10));
	expect_state(test, thread, 'S');
	kunit_bridge_sleep_ms(20);
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 1);
}

void example_stop_callback_shuts_down(kunit *test)
{
	static std::atomic<bool> open;
	open = true;
	auto thread = expect(test, jthread::run_begun("kunit", [](stop_token stop) {
				     return stop_callback_example::receive(
					     stop,
					     [] {
						     kunit_bridge_sleep_ms(1);
						     return open ? 1 : -5;
					     },
					     [] { open = false; });
			     }));

	const int got = thread.stop().value_or(-1);
	// A thread that sees the request by itself destroys the callback, maybe before it is called.
	KUNIT_EXPECT_TRUE(test, got == 0 || (got == -5 && !open));
}

void example_stop_source_stops_the_children(kunit *test)
{
	kthread::stop_source children;
	auto thread =
		expect(test, jthread::run_begun("kunit", [&](stop_token stop) {
			       return kthread::to_errno(stop_source_example::watch(stop, children));
		       }));

	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 0);
	KUNIT_EXPECT_TRUE(test, children.stop_requested());
}

void example_stop_state_tells_a_request(kunit *test)
{
	kthread::source_state state;

	KUNIT_EXPECT_FALSE(test, stop_state_example::is_asked(state));
	state.request_stop();
	KUNIT_EXPECT_TRUE(test, stop_state_example::is_asked(state));
}

void example_stop_token_consumes_items(kunit *test)
{
	kthread::wait_queue queue;
	std::atomic<int> items{0};
	const auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
					   return stop_token_example::consume(stop, queue, items);
				   }));

	items = 3;
	queue.notify_all();
	expect_soon(test, [&] { return items == 0; });
}

void example_this_thread_drains(kunit *test)
{
	calls = 1;
	this_thread_example::drain(every_other_call);
	KUNIT_EXPECT_EQ(test, calls, 3);
}

void example_thread_body_is_called(kunit *test)
{
	int calls = 0;

	KUNIT_EXPECT_EQ(test,
			thread_body_example::call_here([&](stop_token) { return ++calls; }, {}), 1);
	KUNIT_EXPECT_EQ(test, thread_body_example::call_here([&] { return ++calls; }, {}), 2);
}

void example_thread_state_tells_the_end(kunit *test)
{
	kthread::thread_state state(
		[](kthread::thread_state *, kthread::thread_state::action) { return 0; },
		kthread::lock_site::current());

	KUNIT_EXPECT_FALSE(test, thread_state_example::is_done(state));
}

void example_ticker_samples(kunit *test)
{
	calls = 0;
	const auto thread = expect(test, jthread::run("kunit", [](stop_token stop) {
					   return ticker_example::sample(stop, count_call);
				   }));

	expect_soon(test, [] { return calls > 2; });
}

void example_timer_switches_off(kunit *test)
{
	std::atomic<bool> lit{false};
	timer_example::lamp lamp(lit);

	lamp.touch();
	expect_soon(test, [&] { return !lit; });
}

void example_worker_blinks_twice(kunit *test)
{
	calls = 0;
	KUNIT_EXPECT_EQ(test, worker_example::blink(count_call), 0);
	KUNIT_EXPECT_EQ(test, calls, 2);
}

void example_work_sends(kunit *test)
{
	work_example::device device;

	expect(test, device.open(kthread::pool::system()));
	KUNIT_EXPECT_TRUE(test, device.send());
}

void example_workqueue_sums(kunit *test)
{
	const int numbers[] = {1, 2, 3, 4};

	KUNIT_EXPECT_EQ(test, workqueue_example::sum(numbers, 4), 10);
}

void example_callable_is_erased(kunit *test)
{
	static int calls;

	calls = 0;
	callable_example::erase<std::move_only_function<void()>>([] { ++calls; })();
	KUNIT_EXPECT_EQ(test, calls, 1);
}
