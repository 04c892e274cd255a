// SPDX-License-Identifier: GPL-2.0
//
// The examples of the headers of tasks: see examples_test.cc.
#include "kthread/executor_state.hpp"
#include "kthread/channel.hpp"
#include "kthread/task_view.hpp"
#include "kthread/task_waiting.hpp"
#include "kthread/task_when.hpp"
#include "kthread/task_work.hpp"
#include "kthread/worker.hpp"

#include "task_fixture.hpp"

namespace
{
namespace executor_example
{
#include "examples/executor.inc"
}
namespace executor_state_example
{
#include "examples/executor_state.inc"
}
namespace task_example
{
#include "examples/task.inc"
}
namespace task_event_example
{
#include "examples/task_event.inc"
}
namespace task_frames_example
{
#include "examples/task_frames.inc"
}
namespace task_node_example
{
#include "examples/task_node.inc"
}
namespace task_storage_example
{
#include "examples/task_storage.inc"
}
namespace this_task_example
{
#include "examples/this_task.inc"
}
namespace task_when_example
{
#include "examples/task_when.inc"
}
namespace task_view_example
{
#include "examples/task_view.inc"
}
namespace task_waiting_example
{
#include "examples/task_waiting.inc"
}
namespace task_work_example
{
#include "examples/task_work.inc"
}
namespace waiter_table_example
{
#include "examples/waiter_table.inc"
}
namespace timer_wheel_example
{
#include "examples/timer_wheel.inc"
}

std::atomic<int> calls;

void count_call()
{
	++calls;
}

task<int> waits(task_event_example::device &d)
{
	auto came = co_await d.data_ready.wait();

	co_return came ? 7 : 1;
}

task<int> settles()
{
	auto settled = co_await this_task_example::settle(count_call, count_call);

	co_return settled ? 7 : 1;
}
task<int> sleeps(int ms)
{
	auto slept = co_await this_task::sleep_for(std::chrono::milliseconds(ms));

	co_return slept ? ms : static_cast<int>(slept.error());
}
} // namespace

void example_executor_blinks(kunit *test)
{
	calls = 0;
	KUNIT_EXPECT_EQ(test, executor_example::blink(count_call, count_call), 0);
	KUNIT_EXPECT_TRUE(test, calls >= 2);
}

void example_executor_state_refuses_what_comes_late(kunit *test)
{
	auto state = std::unique_ptr<kthread::executor_state>(new (std::nothrow)
								      kthread::executor_state);
	kthread::task_node node(kthread::task_node::control);

	KUNIT_EXPECT_TRUE(test, state);
	if (!state)
		return;
	state->close();
	KUNIT_EXPECT_FALSE(test, executor_state_example::post_again(*state, node));
}

void example_task_reads_twice(kunit *test)
{
	const auto tasks = run_tasks(test);
	event ready;
	int value = 4;
	job<int> late(tasks);

	expect(test, late.spawn(task_example::read_twice(ready, value)));
	expect_error(test, late.join(), errno_t::EIO);
}

void example_task_event_is_set_by_an_interrupt(kunit *test)
{
	const auto tasks = run_tasks(test);
	task_event_example::device d;
	job<int> one(tasks);

	expect(test, one.spawn(waits(d)));
	task_event_example::interrupt(d);
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 7);
}

void example_task_node_of_an_empty_group(kunit *test)
{
	kthread::task_group group(nullptr,
				  [](kthread::task_group &, kthread::strand &) noexcept {});

	KUNIT_EXPECT_TRUE(test, task_node_example::is_leaf(group));
}

void example_this_task_settles(kunit *test)
{
	const auto tasks = run_tasks(test);
	job<int> one(tasks);

	calls = 0;
	expect(test, one.spawn(settles()));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, calls.load(), 2);
}

void example_task_when_the_first_is_in_time(kunit *test)
{
	const auto tasks = run_tasks(test);
	job<int> one(tasks);

	expect(test, one.spawn(task_when_example::first_in_time(sleeps(1000000), sleeps(3))));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 3);
}

void example_task_storage_settles(kunit *test)
{
	const auto tasks = run_tasks(test);

	calls = 0;
	for (int i = 1; i <= 2; ++i) {
		KUNIT_EXPECT_EQ(
			test, task_storage_example::settle_without_heap(tasks, [] { ++calls; }), 0);
		KUNIT_EXPECT_EQ(test, calls.load(), i);
	}
}

void example_task_view_logs(kunit *test)
{
	const auto tasks = run_tasks(test);
	scope all(tasks);

	expect(test, all.spawn(sleeps(1000000)));
	task_view_example::log_tasks(tasks);
}

void example_task_waiting_adds_two(kunit *test)
{
	const auto tasks = run_tasks(test);
	kthread::awaitable_channel<int, 4> samples{"kunit samples"_lock};
	job<int> one(tasks);

	expect(test, one.spawn(task_waiting_example::add_two(samples)));
	expect(test, samples.push(3));
	expect(test, samples.push(4));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 7);
}

void example_task_work_reads_slowly(kunit *test)
{
	const auto tasks = run_tasks(test);
	const auto disk = expect(test, kthread::worker::run("kunit disk"));
	job<int> one(tasks);

	expect(test, one.spawn(task_work_example::read_slowly(disk, [](stop_token) { return 6; })));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 7);
}

void example_task_frames_are_freed(kunit *test)
{
	kthread::task_frames frames;
	void *const frame = kthread::task_frames::allocate(100);

	KUNIT_EXPECT_TRUE(test, frame);
	if (frame)
		frames.keep(frame, 100);
	task_frames_example::forget(frames, 100);
	KUNIT_EXPECT_FALSE(test, frames.take(100));
}

void example_waiter_table_notifies(kunit *test)
{
	const auto count = [](kthread::waiter_node &) noexcept { ++calls; };
	kthread::waiter_node one(&one, count), other(&other, count);

	calls = 0;
	kthread::waiter_table::join(one);
	kthread::waiter_table::join(other);
	waiter_table_example::notify_waiters(&one);
	KUNIT_EXPECT_EQ(test, calls.load(), 1);
	KUNIT_EXPECT_TRUE(test, kthread::waiter_table::leave(one));
	KUNIT_EXPECT_FALSE(test, kthread::waiter_table::leave(other));
}

void example_timer_wheel_arms(kunit *test)
{
	auto wheel = std::unique_ptr<kthread::timer_wheel>(new (std::nothrow) kthread::timer_wheel);
	kthread::wheel_timer timer;

	KUNIT_EXPECT_TRUE(test, wheel);
	if (!wheel)
		return;
	timer_wheel_example::arm(*wheel, timer, 5000000);
	KUNIT_EXPECT_TRUE(test, wheel->next() >= 5000000 && wheel->next() <= 6000000);
	wheel->remove(timer);
}
