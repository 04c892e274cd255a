// SPDX-License-Identifier: GPL-2.0
//
// What std::jthread has, and the kernel's threads besides: bodies of each kind, joins with an end, detach().
#include "jthread_fixture.hpp"

using kthread::stop_source;
using kthread::thread_id;
using kthread::thread_progress;

void jthread_body_takes_no_token_and_returns_nothing(kunit *test)
{
	std::atomic<int> calls{0};
	auto plain = expect(test, jthread::run("kunit", [&] { ++calls; }));
	auto with_token = expect(test, jthread::run("kunit", [&](stop_token) { ++calls; }));
	auto with_result = expect(test, jthread::run("kunit", [&] { return ++calls, 5; }));

	KUNIT_EXPECT_EQ(test, plain.join().value_or(-1), 0);
	KUNIT_EXPECT_EQ(test, with_token.join().value_or(-1), 0);
	KUNIT_EXPECT_EQ(test, with_result.join().value_or(-1), 5);
	KUNIT_EXPECT_EQ(test, calls.load(), 3);
}

void jthread_body_takes_a_number(kunit *test)
{
	const auto doubles = [](int n) { return 2 * n; };
	auto thread = expect(test, jthread::run("kunit", doubles, 3));
	auto with_token = expect(test, jthread::create(
					       "kunit", [](stop_token, int n) { return n; }, 4));
	auto with_node = expect(test, jthread::run(
					      "kunit", [](stop_token) { return 5; }, 0));

	with_token.wake();
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 6);
	KUNIT_EXPECT_EQ(test, with_node.join().value_or(-1), 5);
	(void)with_token.join();
	KUNIT_EXPECT_EQ(test, with_token.get().value_or(-1), 4);
}

// The captures may look at the handle, which nobody holds meanwhile.
void jthread_captures_of_a_body_that_was_never_called_use_the_handle(kunit *test)
{
	struct looks {
		jthread **at;
		kunit *test;
		looks(jthread **at, kunit *test) : at(at), test(test) {}
		looks(looks &&other) noexcept
			: at(std::exchange(other.at, nullptr)), test(other.test)
		{
		}
		~looks()
		{
			if (at)
				expect_error(test, (*at)->park(), errno_t::ESRCH);
		}
	};
	jthread thread, *at = &thread;

	thread = expect(test, jthread::create("kunit", [l = looks(&at, test)] {}));
	expect_error(test, thread.stop(), errno_t::EINTR);
}

void jthread_join_for_ends_while_another_owner_parks(kunit *test)
{
	std::atomic<bool> parks{false}, leave{false};
	auto thread = expect(test, jthread::run_begun("kunit", [&](stop_token stop) {
				     while (!leave)
					     kunit_bridge_sleep_ms(1);
				     while (!stop.stop_requested())
					     stop.sleep_for(forever);
			     }));
	auto parker = expect(test, jthread::run("parker", [&](stop_token) {
				     parks = true;
				     expect(test, thread.park());
			     }));

	expect_soon(test, [&] { return parks && parker.state() == 'D'; });
	expect_error(test, thread.join_for(10ms), errno_t::ETIMEDOUT);
	KUNIT_EXPECT_FALSE(test, leave.load());
	leave = true;
	(void)parker.join();
}

void jthread_body_takes_arguments(kunit *test)
{
	struct device {
		int number = 40;
		int read(std::unique_ptr<int> more) { return number + *more; }
	} device;
	auto member = expect(
		test, jthread::run("kunit", &device::read, &device, std::make_unique<int>(2)));
	auto after_token =
		expect(test, jthread::create(
				     kthread::name("kunit/%d", 1),
				     [](stop_token stop, const int &one, int other) {
					     return stop.stop_requested() ? -1 : one + other;
				     },
				     3, 4));

	after_token.wake();
	KUNIT_EXPECT_EQ(test, member.join().value_or(-1), 42);
	KUNIT_EXPECT_EQ(test, after_token.join().value_or(-1), 7);
}

void jthread_body_is_a_member_function_that_takes_a_token(kunit *test)
{
	struct device {
		std::atomic<int> rounds{0};
		void loop(stop_token stop)
		{
			while (!stop.stop_requested()) {
				++rounds;
				stop.sleep_for(1ms);
			}
		}
		int add(const stop_token &stop, int one, std::unique_ptr<int> other) const
		{
			return stop.stop_possible() ? rounds + one + *other : -1;
		}
	} device;
	auto loop = expect(test, jthread::run("kunit", &device::loop, &device));

	expect_soon(test, [&] { return device.rounds > 1; });
	KUNIT_EXPECT_EQ(test, loop.stop().value_or(-1), 0);
	device.rounds = 40;

	auto add = expect(test, jthread::create("kunit", &device::add, std::ref(device), 1,
						std::make_unique<int>(2)));
	add.wake();
	KUNIT_EXPECT_EQ(test, add.join().value_or(-1), 43);
}

void jthread_calls_its_body_as_an_rvalue(kunit *test)
{
	struct once {
		int operator()() && { return 42; }
	};
	struct with_token_and_argument {
		int operator()(stop_token, int result) && { return result; }
	};
	auto thread = expect(test, jthread::run("kunit", once()));
	auto other = expect(test, jthread::run("kunit", with_token_and_argument(), 7));

	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 42);
	KUNIT_EXPECT_EQ(test, other.join().value_or(-1), 7);
}

void jthread_is_joinable_until_it_is_joined(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", [] { return 5; }));
	const thread_id none;

	KUNIT_EXPECT_TRUE(test, thread.joinable());
	KUNIT_EXPECT_TRUE(test, thread.get_id() != none);
	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 5);
	KUNIT_EXPECT_FALSE(test, thread.joinable());
	KUNIT_EXPECT_TRUE(test, thread.get_id() == none);
	KUNIT_EXPECT_EQ(test, thread.get().value_or(-1), 5);
	KUNIT_EXPECT_TRUE(test, thread.native_handle() != nullptr);
	KUNIT_EXPECT_TRUE(test, jthread().native_handle() == nullptr);
	KUNIT_EXPECT_TRUE(test, jthread::hardware_concurrency() >= 1);
}

void jthread_captures_die_in_their_thread_before_join_returns(kunit *test)
{
	static std::atomic<int> died_in;
	struct capture {
		bool mine = true;
		capture() = default;
		capture(capture &&other) noexcept : mine(std::exchange(other.mine, false)) {}
		~capture()
		{
			if (mine)
				died_in = bridge_task_pid(bridge_current());
		}
	};
	auto runs = expect(test, jthread::run("kunit", [c = capture()](stop_token stop) {
				   return sleep_until_stopped(stop);
			   }));

	expect_state(test, runs, 'I');
	died_in = 0;
	(void)runs.stop();
	KUNIT_EXPECT_EQ(test, died_in.load(), runs.pid());

	auto never_called = expect(test, jthread::create("kunit", [c = capture()] {}));
	died_in = 0;
	never_called.request_stop();
	expect_soon(test, [&] { return never_called.progress() == thread_progress::cancelled; });
	KUNIT_EXPECT_EQ(test, died_in.load(), never_called.pid());

	// The kernel never called the thread's function, if it has not run until then.
	auto never_run = expect(test, jthread::create("kunit", [c = capture()] {}));
	died_in = 0;
	(void)never_run.stop();
	KUNIT_EXPECT_TRUE(test, died_in != 0);
}

void jthread_join_for_gives_up_in_time(kunit *test)
{
	auto thread = expect(test, jthread::run_begun("kunit", sleep_until_stopped));

	expect_error(test, thread.join_for(2ms), errno_t::ETIMEDOUT);
	expect_error(test, thread.join_until(steady_clock::now() - 1s), errno_t::ETIMEDOUT);
	KUNIT_EXPECT_TRUE(test, thread.joinable() && !thread.get_stop_token().stop_requested());
	thread.request_stop();
	KUNIT_EXPECT_EQ(test, thread.join_for(forever).value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, thread.join_for(0ms).value_or(-1), 7);
	KUNIT_EXPECT_FALSE(test, thread.joinable());
	expect_error(test, jthread().join_for(1ms), errno_t::ESRCH);

	auto never_called = expect(test, jthread::create("kunit", sleep_until_stopped));
	expect_error(test, never_called.join_for(forever), errno_t::EINTR);
}

void jthread_run_begun_has_called_its_body(kunit *test)
{
	int cancelled = 0;

	for (int i = 0; i < repeats(10); ++i) {
		auto thread = expect(test, jthread::run_begun("kunit", sleep_until_stopped));

		cancelled += !thread.stop();
	}
	KUNIT_EXPECT_EQ(test, cancelled, 0);

	constinit static kthread::static_jthread<> fixed;
	expect(test, fixed.run_begun("kunit", sleep_until_stopped));
	KUNIT_EXPECT_EQ(test, fixed.stop().value_or(-1), 7);
	expect_error(test, fixed.run_begun("kunit", sleep_until_stopped), errno_t::EBUSY);
	fixed.reset();
}

void static_jthread_reset_waits_for_the_last_token(kunit *test)
{
	constinit static kthread::static_jthread<> fixed;

	expect(test, fixed.run("kunit", sleep_until_stopped));
	stop_token token = fixed.get_stop_token();
	const int pid = fixed.pid();
	auto owner = expect(test, jthread::run("owner", [] { fixed.reset(); }));

	// It waits where the kernel's hung-task detector looks, and no more for the thread.
	expect_soon(test, [&] { return !kunit_bridge_state(pid); });
	expect_state(test, owner, 'D');
	KUNIT_EXPECT_TRUE(test, token.stop_requested());
	token = {};
	expect(test, owner.join());
	expect(test, fixed.run("kunit", [] {}));
	fixed.reset();
}

void jthread_move_assignment_joins_the_old_thread_first(kunit *test)
{
	struct holder {
		jthread thread;
		bool empty_at_the_end = false;
	} holder;

	holder.thread = expect(test, jthread::run_begun("old", [&](stop_token stop) {
				       sleep_until_stopped(stop);
				       // The new one must not be there yet.
				       holder.empty_at_the_end =
					       holder.thread.get_stop_token() == stop;
				       return 0;
			       }));
	auto next = expect(test, jthread::run("new", sleep_until_stopped));
	const int pid = next.pid();

	holder.thread = std::move(next);
	KUNIT_EXPECT_TRUE(test, holder.empty_at_the_end);
	KUNIT_EXPECT_EQ(test, holder.thread.pid(), pid);

	jthread other;
	swap(other, holder.thread);
	KUNIT_EXPECT_EQ(test, other.pid(), pid);
	KUNIT_EXPECT_FALSE(test, holder.thread.joinable());
}

void jthread_detached_frees_all_at_its_end(kunit *test)
{
	static std::atomic<int> destroyed;
	destroyed = 0;
	stop_source source;
	int pid;
	{
		auto thread = expect(
			test, jthread::run("kunit", [w = witness(destroyed)](stop_token stop) {
				sleep_until_stopped(stop);
			}));
		source = thread.get_stop_source();
		pid = thread.pid();
		(void)thread.park();
		expect(test, thread.detach());
		KUNIT_EXPECT_FALSE(test, thread.joinable());
		expect_error(test, thread.detach(), errno_t::ESRCH);
	}
	KUNIT_EXPECT_EQ(test, destroyed.load(), 0);
	source.request_stop();
	expect_soon(test, [&] { return destroyed == 1; });
	// Its last steps are in this module's code.
	expect_soon(test, [&] { return !kunit_bridge_state(pid); });
	KUNIT_EXPECT_FALSE(test, source.request_stop());

	expect(test, expect(test, jthread::create("kunit", [w = witness(destroyed)] {})).detach());
	expect_soon(test, [&] { return destroyed == 2; });

	auto joined = expect(test, jthread::run("kunit", [] {}));
	(void)joined.join();
	expect_error(test, joined.detach(), errno_t::ESRCH);
}
