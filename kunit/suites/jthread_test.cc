// SPDX-License-Identifier: GPL-2.0
#include "jthread_fixture.hpp"

using kthread::static_jthread;
using kthread::thread_progress;

namespace
{
template <class T, class U>
concept assignable = std::same_as<decltype(std::declval<T>() = std::declval<U>()), T>;
static_assert(!std::is_constructible_v<jthread, const jthread &>);
static_assert(!assignable<jthread &, const jthread &>);
static_assert(std::is_move_constructible_v<jthread> && assignable<jthread &, jthread &&>);
static_assert(!std::is_move_constructible_v<static_jthread<>>);
static_assert(kthread::thread_body<int (*)(stop_token)>);
static_assert(kthread::thread_body<void (*)(stop_token)> && kthread::thread_body<int (*)()>);
static_assert(kthread::thread_body<int (*)(stop_token, char), char>);
static_assert(!kthread::thread_body<int (*)(const char *)>);
static_assert(!kthread::thread_body<const char *(*)()>);

constinit static_jthread<> static_thread;
} // namespace

void jthread_create_does_not_run_before_wake(kunit *test)
{
	counter count;
	auto thread = expect(test, jthread::create("kunit", count.body()));

	KUNIT_EXPECT_TRUE(test, count.stands_still());
	KUNIT_EXPECT_TRUE(test, thread.wake());
	KUNIT_EXPECT_TRUE(test, count.beats_on());
}

void jthread_run_calls_the_body_with_its_captures(kunit *test)
{
	std::atomic<int> seen{0};
	auto thread = expect(test, jthread::run("kunit", [&seen, value = 42](stop_token) {
				     seen = value;
				     return 0;
			     }));

	expect_soon(test, [&] { return seen == 42; });
}

void jthread_runs_functions_and_move_only_callables(kunit *test)
{
	auto function = expect(test, jthread::run("kunit", sleep_until_stopped));
	auto callable = expect(test, jthread::run("kunit", [owned = std::make_unique<int>(42)](
								   stop_token) { return *owned; }));

	KUNIT_EXPECT_EQ(test, callable.join().value_or(-1), 42);
	expect_state(test, function, 'I');
	KUNIT_EXPECT_EQ(test, function.stop().value_or(-1), 7);
}

void jthread_wake_tells_whether_it_woke(kunit *test)
{
	auto thread = expect(test, jthread::create("kunit", sleep_until_stopped));

	KUNIT_EXPECT_TRUE(test, thread.wake());
	expect_state(test, thread, 'I');
	KUNIT_EXPECT_TRUE(test, thread.wake());
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 7);
	KUNIT_EXPECT_FALSE(test, thread.wake());
}

void jthread_join_waits_for_the_body_to_return(kunit *test)
{
	bool asked = true;
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     stop.sleep_for(50ms);
				     asked = stop.stop_requested();
				     return 7;
			     }));

	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
	KUNIT_EXPECT_FALSE(test, asked);
}

void jthread_join_leaves_the_body_its_interruptible_waits(kunit *test)
{
	bool pending = true;
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     stop.sleep_for(50ms);
				     pending = kunit_bridge_signal_pending();
				     return 7;
			     }));

	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
	KUNIT_EXPECT_FALSE(test, pending);
}

void jthread_join_before_the_start_is_eintr(kunit *test)
{
	auto thread = expect(test, jthread::create("kunit", sleep_until_stopped));

	expect_error(test, thread.join(), errno_t::EINTR);
	KUNIT_EXPECT_EQ(test, thread.progress(), thread_progress::cancelled);
}

void jthread_request_stop_ends_a_join(kunit *test)
{
	auto thread = expect(test, jthread::run_begun("kunit", sleep_until_stopped));
	auto joiner = expect(
		test, jthread::run("join", [&](stop_token) { return thread.join().value_or(-1); }));

	expect_state(test, joiner, 'D');
	thread.request_stop();
	KUNIT_EXPECT_EQ(test, joiner.join().value_or(-1), 7);
}

void jthread_request_stop_before_the_first_run_is_eintr(kunit *test)
{
	counter count;
	auto thread = expect(test, jthread::create("kunit", count.body()));

	thread.request_stop();
	expect_soon(test, [&] { return thread.progress() == thread_progress::cancelled; });
	expect_error(test, thread.get(), errno_t::EINTR);
	expect_error(test, thread.stop(), errno_t::EINTR);
	KUNIT_EXPECT_EQ(test, count.beats.load(), 0);
}

void jthread_get_gives_the_result_without_waiting(kunit *test)
{
	std::atomic<bool> go{false};
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     return stop.wait([&] { return go.load(); }) ? 5 : 6;
			     }));

	expect_state(test, thread, 'I');
	expect_error(test, thread.get(), errno_t::EAGAIN);
	KUNIT_EXPECT_EQ(test, thread.progress(), thread_progress::running);
	go = true;
	thread.wake();
	expect_soon(test, [&] { return thread.get().has_value(); });
	KUNIT_EXPECT_EQ(test, thread.get().value_or(-1), 5);
	KUNIT_EXPECT_EQ(test, thread.progress(), thread_progress::returned);
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 5);
	KUNIT_EXPECT_EQ(test, thread.get().value_or(-1), 5);
}

void jthread_moves(kunit *test)
{
	int destroyed = 0;
	auto body = [&] {
		return [w = witness(destroyed)](stop_token stop) {
			return sleep_until_stopped(stop);
		};
	};
	auto first = expect(test, jthread::create("kunit", body()));
	auto second = expect(test, jthread::create("kunit", body()));
	const int pid = second.pid();

	first = std::move(second);
	KUNIT_EXPECT_EQ(test, destroyed, 1);
	KUNIT_EXPECT_EQ(test, first.pid(), pid);
	KUNIT_EXPECT_FALSE(test, second.joinable());

	jthread &same = first;
	first = std::move(same);
	KUNIT_EXPECT_EQ(test, destroyed, 1);
	KUNIT_EXPECT_EQ(test, first.pid(), pid);

	first = jthread();
	KUNIT_EXPECT_EQ(test, destroyed, 2);
}

void jthread_empty_has_no_thread(kunit *test)
{
	jthread empty;

	KUNIT_EXPECT_FALSE(test, empty.joinable());
	KUNIT_EXPECT_FALSE(test, empty.wake());
	KUNIT_EXPECT_EQ(test, empty.pid(), 0);
	KUNIT_EXPECT_EQ(test, empty.progress(), thread_progress::none);
	empty.request_stop();
	expect_error(test, empty.join(), errno_t::ESRCH);
	expect_error(test, empty.stop(), errno_t::ESRCH);
	expect_error(test, empty.get(), errno_t::ESRCH);
	expect_error(test, empty.park(), errno_t::ESRCH);
	expect_error(test, empty.unpark(), errno_t::ESRCH);
	expect_error(test, empty.bind(0), errno_t::ESRCH);
	expect_error(test, empty.bind_list("0"), errno_t::ESRCH);
	expect_error(test, empty.set_nice(0), errno_t::ESRCH);
	expect_error(test, empty.set_normal(0), errno_t::ESRCH);
	expect_error(test, empty.set_fifo(), errno_t::ESRCH);
	expect_error(test, empty.set_fifo_low(), errno_t::ESRCH);
}

void jthread_create_without_memory_is_enomem(kunit *test)
{
	// More than kmalloc() has in one piece.
	static struct {
		char bytes[5 << 20];
		int operator()(stop_token) { return bytes[0]; }
	} body;

	expect_error(test, jthread::create("kunit", body), errno_t::ENOMEM);
}

void jthread_name_can_be_formatted(kunit *test)
{
	auto thread = expect(
		test, jthread::create(kthread::name("%s/%d", "kunit", 3), sleep_until_stopped));

	KUNIT_EXPECT_TRUE(test, kunit_bridge_has_comm(thread.pid(), "kunit/3"));
}

void jthread_name_is_cut_by_the_kernel(kunit *test)
{
	auto thread = expect(test, jthread::create("0123456789abcdefghij", sleep_until_stopped));

	KUNIT_EXPECT_TRUE(test, kunit_bridge_has_comm(thread.pid(), "0123456789abcde"));
}

void jthread_letting_go_of_itself_is_reported_and_frees_all(kunit *test)
{
	static std::atomic<int> destroyed;
	struct last_word {
		bool mine = true;
		last_word() = default;
		last_word(last_word &&other) noexcept : mine(std::exchange(other.mine, false)) {}
		~last_word() { destroyed.fetch_add(mine); }
	};
	static jthread *handle;

	destroyed = 0;
	handle = new (std::nothrow) jthread;
	*handle = expect(test, jthread::create("kunit", [word = last_word()](stop_token) {
				 delete handle;
				 return 0;
			 }));
	const int pid = handle->pid();
	handle->wake();
	expect_soon(test, [] { return destroyed == 1; });
	// Its last steps are in this module's code.
	expect_soon(test, [&] { return !kunit_bridge_state(pid); });
}

void static_jthread_reset_by_itself_keeps_its_thread(kunit *test)
{
	expect(test, static_thread.run("kunit", [](stop_token stop) {
		static_thread.reset();
		return stop.stop_requested() && static_thread.joinable() ? 7 : 0;
	}));
	expect_error(test, static_thread.run("kunit", sleep_until_stopped), errno_t::EBUSY);
	KUNIT_EXPECT_EQ(test, static_thread.join().value_or(-1), 7);
	static_thread.reset();
}

void static_jthread_needs_no_heap_and_can_be_used_again(kunit *test)
{
	for (int i = 0; i < 3; ++i) {
		int destroyed = 0;

		expect(test, static_thread.run("kunit", [w = witness(destroyed)](stop_token stop) {
			return sleep_until_stopped(stop);
		}));
		expect_error(test, static_thread.run("kunit", sleep_until_stopped), errno_t::EBUSY);
		expect_state(test, static_thread, 'I');
		KUNIT_EXPECT_EQ(test, static_thread.stop().value_or(-1), 7);
		KUNIT_EXPECT_EQ(test, static_thread.stop().value_or(-1), 7);
		KUNIT_EXPECT_EQ(test, destroyed, 1);
		static_thread.reset();
		KUNIT_EXPECT_EQ(test, destroyed, 1);
		KUNIT_EXPECT_FALSE(test, static_thread.joinable());
	}
}

void static_jthread_made_in_used_memory_is_empty(kunit *test)
{
	using handle = kthread::static_jthread<>;
	alignas(handle) unsigned char place[sizeof(handle)];

	__builtin_memset(place, 0xff, sizeof(place));
	auto *const thread = std::construct_at(reinterpret_cast<handle *>(place));
	KUNIT_EXPECT_FALSE(test, thread->joinable());
	if (thread->joinable())
		return;
	expect(test, thread->run("kunit", sleep_until_stopped));
	expect_state(test, *thread, 'I');
	KUNIT_EXPECT_EQ(test, thread->stop().value_or(-1), 7);
	thread->reset();
}

void m02_destructor_stops_and_joins(kunit *test)
{
	bool left = false;
	{
		auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
					     sleep_until_stopped(stop);
					     kunit_bridge_sleep_ms(50);
					     left = true;
					     return 0;
				     }));
		expect_state(test, thread, 'I');
	}
	KUNIT_EXPECT_TRUE(test, left);
}

void m03_stop_twice_gives_the_result_twice(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", sleep_until_stopped));

	expect_state(test, thread, 'I');
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 7);
}

void m04_stop_after_the_body_returned_gives_its_result(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", [](stop_token) { return -5; }));

	// Gone, not only returned.
	expect_soon(test, [&] { return !kunit_bridge_state(thread.pid()); });
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), -5);
}

void m08_name_is_no_format(kunit *test)
{
	auto thread = expect(test, jthread::create("100%s%n", sleep_until_stopped));

	KUNIT_EXPECT_TRUE(test, kunit_bridge_has_comm(thread.pid(), "100%s%n"));
}

void m10_captures_live_until_after_the_join(kunit *test)
{
	int destroyed = 0;
	int at_the_end = -1;
	{
		auto thread = expect(
			test, jthread::run("kunit", [&, w = witness(destroyed)](stop_token stop) {
				sleep_until_stopped(stop);
				kunit_bridge_sleep_ms(50);
				at_the_end = destroyed;
				return 0;
			}));
		expect_state(test, thread, 'I');
	}
	KUNIT_EXPECT_EQ(test, at_the_end, 0);
	KUNIT_EXPECT_EQ(test, destroyed, 1);
}

void m11_stop_before_the_first_run_frees_the_body(kunit *test)
{
	counter count;
	int destroyed = 0;
	{
		auto thread = expect(
			test,
			jthread::create("kunit",
					[body = count.body(), w = witness(destroyed)](
						stop_token stop) mutable { return body(stop); }));
		expect_error(test, thread.stop(), errno_t::EINTR);
		expect_error(test, thread.stop(), errno_t::EINTR);
	}
	KUNIT_EXPECT_EQ(test, count.beats.load(), 0);
	KUNIT_EXPECT_EQ(test, destroyed, 1);
}

void m11_body_is_destroyed_once_in_every_order(kunit *test)
{
	// Each bit is a step taken or left out.
	for (unsigned int steps = 0; steps < 64; ++steps) {
		int destroyed = 0;
		{
			auto thread = expect(
				test,
				jthread::create("kunit", [w = witness(destroyed)](stop_token stop) {
					return sleep_until_stopped(stop);
				}));
			if (steps & 1)
				thread.wake();
			if (steps & 2)
				kunit_bridge_sleep_ms(2);
			if (steps & 4)
				(void)thread.park();
			if (steps & 8)
				thread.request_stop();
			if (steps & 16)
				(void)thread.unpark();
			if (steps & 32)
				(void)thread.stop();
			jthread moved(std::move(thread));
		}
		KUNIT_EXPECT_EQ(test, destroyed, 1);
	}
}

void m12_stop_of_itself_is_edeadlk(kunit *test)
{
	int asked = -1, joined = 0;
	jthread thread;

	thread = expect(test, jthread::create("kunit", [&](stop_token stop) {
				const int error = kthread::to_errno(thread.stop());

				joined = kthread::to_errno(thread.join());
				asked = stop.stop_requested();
				return error;
			}));
	thread.wake();
	KUNIT_EXPECT_EQ(test, thread.join().value_or(0), errno_t::EDEADLK);
	KUNIT_EXPECT_EQ(test, joined, errno_t::EDEADLK);
	KUNIT_EXPECT_EQ(test, asked, 0);
}

void m14_bind_after_the_start_is_ebusy(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", sleep_until_stopped));

	expect_error(test, thread.bind(0), errno_t::EBUSY);
	expect_error(test, thread.bind_list("0"), errno_t::EBUSY);
	(void)thread.stop();
	expect_error(test, thread.bind(0), errno_t::EBUSY);
	expect_error(test, thread.bind_list("0"), errno_t::EBUSY);
}

void m15_create_by_a_killed_caller_is_eintr(kunit *test)
{
	int error = 0;

	// On another processor the thread may be there before its creator comes to wait for it.
	for (int i = 0; !error && i < 100; ++i) {
		int destroyed = 0;
		{
			kunit_bridge_kill_current();
			auto thread = jthread::create(
				"kunit", [w = witness(destroyed)](stop_token) { return 0; });
			kunit_bridge_revive_current();
			error = kthread::to_errno(thread);
		}
		KUNIT_EXPECT_EQ(test, destroyed, 1);
	}
	KUNIT_EXPECT_EQ(test, error, errno_t::EINTR);
}

void m16_stop_from_two_contexts_gives_both_the_result(kunit *test)
{
	std::atomic<bool> stopping{false};
	auto slow = expect(test, jthread::run("slow", [&](stop_token stop) {
				   sleep_until_stopped(stop);
				   stopping = true;
				   kunit_bridge_sleep_ms(100);
				   return 7;
			   }));
	expect_state(test, slow, 'I');
	auto other = expect(
		test, jthread::run("other", [&](stop_token) { return slow.stop().value_or(-1); }));

	expect_soon(test, [&] { return stopping.load(); });
	KUNIT_EXPECT_EQ(test, slow.stop().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, other.join().value_or(-1), 7);
}
