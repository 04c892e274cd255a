// SPDX-License-Identifier: GPL-2.0
#include "kthread/jthread.hpp"

#include <memory>

#include "kunit.hpp"

using namespace std::chrono_literals;
using kthread::errno_t;
using kthread::jthread;
using kthread::result;
using kthread::stop_token;

namespace
{
constexpr auto forever = 1h;
// Far over what a wake-up takes on a busy machine, far under forever.
constexpr auto soon = 2s;

std::chrono::nanoseconds now()
{
	return std::chrono::nanoseconds(ktime_get());
}

// Counts how often it, moved or not, was destroyed as the owner of something.
class witness
{
public:
	explicit witness(int &destroyed) : destroyed_(&destroyed) {}
	witness(witness &&other) noexcept : destroyed_(std::exchange(other.destroyed_, nullptr)) {}
	~witness()
	{
		if (destroyed_)
			++*destroyed_;
	}

private:
	int *destroyed_;
};

int sleep_until_stopped(stop_token stop)
{
	while (!stop.stop_requested())
		stop.sleep_for(forever);
	return 7;
}

// The handle, or an empty one and a failure. A body that ran is at its first sleep or beyond.
jthread expect(kunit *test, result<jthread> made)
{
	KUNIT_EXPECT_TRUE(test, made.has_value());
	if (!made)
		return {};
	return std::move(*made);
}

void expect_error(kunit *test, const result<int> &got, errno_t expected)
{
	KUNIT_EXPECT_FALSE(test, got.has_value());
	if (!got)
		KUNIT_EXPECT_EQ(test, got.error(), expected);
}

// Waits for what another thread does, not for ever.
template <class Condition>
void expect_soon(kunit *test, Condition condition)
{
	const auto deadline = now() + soon;

	while (!condition() && now() < deadline)
		kunit_bridge_sleep_ms(1);
	KUNIT_EXPECT_TRUE(test, condition());
}

template <class T>
concept copyable = requires(const T &t)
{
	T(t);
};
template <class T>
concept copy_assignable = requires(T &t, const T &u)
{
	t = u;
};
static_assert(!copyable<jthread> && !copy_assignable<jthread>);
static_assert(std::is_move_constructible_v<jthread>);
static_assert(kthread::thread_body<int (*)(stop_token)>);
static_assert(!kthread::thread_body<void (*)(stop_token)>);
static_assert(!kthread::thread_body<int (*)()>);
static_assert(!std::is_constructible_v<stop_token>);
static_assert(!std::is_constructible_v<stop_token, const std::atomic<bool> &>);
} // namespace

void jthread_create_does_not_run_before_wake(kunit *test)
{
	std::atomic<bool> ran{false};
	auto thread = expect(test, jthread::create("kunit", [&](stop_token) {
				     ran = true;
				     return 0;
			     }));

	kunit_bridge_sleep_ms(20);
	KUNIT_EXPECT_FALSE(test, ran.load());
	KUNIT_EXPECT_TRUE(test, thread.wake());
	expect_soon(test, [&] { return ran.load(); });
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
	std::atomic<int> seen{0};
	auto function = expect(test, jthread::run("kunit", sleep_until_stopped));
	auto callable = expect(
		test, jthread::run("kunit", [&, owned = std::make_unique<int>(42)](stop_token) {
			seen = *owned;
			return 0;
		}));

	expect_soon(test, [&] { return seen == 42; });
}

void jthread_stop_gives_the_result_every_time(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", sleep_until_stopped));

	kunit_bridge_sleep_ms(20);
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 7);
}

void jthread_stop_gives_the_result_of_a_body_that_returned(kunit *test)
{
	std::atomic<bool> ran{false};
	auto thread = expect(test, jthread::run("kunit", [&](stop_token) {
				     ran = true;
				     return -5;
			     }));

	expect_soon(test, [&] { return ran.load(); });
	kunit_bridge_sleep_ms(20);
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), -5);
}

void jthread_stop_before_the_first_run_is_eintr(kunit *test)
{
	int destroyed = 0;
	bool ran = false;
	{
		auto thread = expect(
			test, jthread::create("kunit", [&, w = witness(destroyed)](stop_token) {
				ran = true;
				return 0;
			}));
		expect_error(test, thread.stop(), errno_t::EINTR);
		expect_error(test, thread.stop(), errno_t::EINTR);
	}
	KUNIT_EXPECT_FALSE(test, ran);
	KUNIT_EXPECT_EQ(test, destroyed, 1);
}

void jthread_request_stop_before_the_first_run_is_eintr(kunit *test)
{
	bool ran = false;
	auto thread = expect(test, jthread::create("kunit", [&](stop_token) {
				     ran = true;
				     return 0;
			     }));

	thread.request_stop();
	kunit_bridge_sleep_ms(20);
	expect_error(test, thread.stop(), errno_t::EINTR);
	KUNIT_EXPECT_FALSE(test, ran);
}

void jthread_stop_of_itself_is_edeadlk(kunit *test)
{
	std::atomic<int> error{0};
	jthread thread;

	thread = expect(test, jthread::create("kunit", [&](stop_token) {
				error = kthread::to_errno(thread.stop());
				return 7;
			}));
	thread.wake();
	expect_soon(test, [&] { return error != 0; });
	KUNIT_EXPECT_EQ(test, error.load(), errno_t::EDEADLK);
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 7);
}

void jthread_stopped_from_two_contexts_gives_both_the_result(kunit *test)
{
	std::atomic<bool> stopping{false};
	auto slow = expect(test, jthread::run("slow", [&](stop_token stop) {
				   while (!stop.stop_requested())
					   stop.sleep_for(forever);
				   stopping = true;
				   kunit_bridge_sleep_ms(100);
				   return 7;
			   }));
	kunit_bridge_sleep_ms(20);
	auto other = expect(
		test, jthread::run("other", [&](stop_token) { return slow.stop().value_or(-1); }));

	expect_soon(test, [&] { return stopping.load(); });
	KUNIT_EXPECT_EQ(test, slow.stop().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, other.stop().value_or(-1), 7);
}

void jthread_destructor_stops_and_joins(kunit *test)
{
	bool left = false;
	{
		auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
					     sleep_until_stopped(stop);
					     kunit_bridge_sleep_ms(50);
					     left = true;
					     return 0;
				     }));
		kunit_bridge_sleep_ms(20);
	}
	KUNIT_EXPECT_TRUE(test, left);
}

void jthread_destroys_the_body_once_in_every_order(kunit *test)
{
	// Each bit is a step taken or left out.
	for (unsigned int steps = 0; steps < 16; ++steps) {
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
				thread.request_stop();
			if (steps & 8)
				(void)thread.stop();
			jthread moved(std::move(thread));
		}
		KUNIT_EXPECT_EQ(test, destroyed, 1);
	}
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
	empty.request_stop();
	expect_error(test, empty.stop(), errno_t::ESRCH);
}

void jthread_create_without_memory_is_enomem(kunit *test)
{
	// More than kmalloc() has in one piece.
	static struct {
		char bytes[5 << 20];
		int operator()(stop_token) { return bytes[0]; }
	} body;

	KUNIT_EXPECT_EQ(test, kthread::to_errno(jthread::create("kunit", body)), errno_t::ENOMEM);
}

void jthread_create_by_a_killed_caller_is_eintr(kunit *test)
{
	int destroyed = 0;

	kunit_bridge_kill_current();
	auto thread = jthread::create("kunit", [w = witness(destroyed)](stop_token) { return 0; });
	kunit_bridge_revive_current();

	KUNIT_EXPECT_EQ(test, kthread::to_errno(thread), errno_t::EINTR);
	KUNIT_EXPECT_EQ(test, destroyed, 1);
}

void jthread_name_is_no_format(kunit *test)
{
	auto thread = expect(test, jthread::create("100%s%n", sleep_until_stopped));

	KUNIT_EXPECT_TRUE(test, kunit_bridge_has_comm(thread.pid(), "100%s%n"));
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

void stop_token_sleep_lasts_its_duration(kunit *test)
{
	std::atomic<long long> slept{0};
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     const auto start = now();
				     stop.sleep_for(30ms);
				     slept = (now() - start).count();
				     return 0;
			     }));

	expect_soon(test, [&] { return slept != 0; });
	KUNIT_EXPECT_TRUE(test, std::chrono::nanoseconds(slept.load()) >= 30ms);
}

void stop_token_sleep_of_nothing_returns(kunit *test)
{
	std::atomic<bool> returned{false};
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     stop.sleep_for(0s);
				     stop.sleep_for(-1s);
				     returned = true;
				     return 0;
			     }));

	expect_soon(test, [&] { return returned.load(); });
}

void stop_token_sleep_is_idle(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", sleep_until_stopped));

	expect_soon(test, [&] { return kunit_bridge_state(thread.pid()) == 'I'; });
}

void stop_token_stop_ends_a_sleep_at_once(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", sleep_until_stopped));

	expect_soon(test, [&] { return kunit_bridge_state(thread.pid()) == 'I'; });
	const auto start = now();
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 7);
	KUNIT_EXPECT_TRUE(test, now() - start < soon);
}

void stop_token_stop_before_the_sleep_is_not_lost(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", [](stop_token stop) {
				     while (!stop.stop_requested())
					     kunit_bridge_sleep_ms(1);
				     stop.sleep_for(forever);
				     return 7;
			     }));

	kunit_bridge_sleep_ms(20);
	const auto start = now();
	KUNIT_EXPECT_EQ(test, thread.stop().value_or(-1), 7);
	KUNIT_EXPECT_TRUE(test, now() - start < soon);
}
