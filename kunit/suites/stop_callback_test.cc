// SPDX-License-Identifier: GPL-2.0
#include <optional>

#include "kthread/completion.hpp"

#include "jthread_fixture.hpp"

using kthread::stop_callback;
using kthread::stop_source;

namespace
{
static_assert(std::is_nothrow_default_constructible_v<stop_token>);
static_assert(std::is_nothrow_copy_constructible_v<stop_source>);
static_assert(!std::is_copy_constructible_v<stop_callback<void (*)()>>);
static_assert(!std::is_move_constructible_v<stop_callback<void (*)()>>);
static_assert(std::same_as<stop_callback<void (*)()>::callback_type, void (*)()>);

stop_source make_source(kunit *test)
{
	return expect(test, stop_source::create());
}
} // namespace

void stop_source_tells_its_tokens(kunit *test)
{
	const stop_source source = make_source(test), other = make_source(test);
	const stop_token token = source.get_token();

	KUNIT_EXPECT_TRUE(test, source.stop_possible() && token.stop_possible());
	KUNIT_EXPECT_FALSE(test, token.stop_requested());
	KUNIT_EXPECT_TRUE(test, token == source.get_token() && token != other.get_token());
	KUNIT_EXPECT_TRUE(test, source.request_stop());
	KUNIT_EXPECT_FALSE(test, source.request_stop());
	KUNIT_EXPECT_TRUE(test, token.stop_requested() && !other.stop_requested());
	KUNIT_EXPECT_EQ(test, token.pid(), 0);
}

void stop_callback_is_not_called_by_a_join(kunit *test)
{
	jthread thread = expect(test, jthread::run("ends", [] { return 5; }));
	const stop_token token = thread.get_stop_token();
	bool called = false;
	const stop_callback callback(token, [&] { called = true; });

	KUNIT_EXPECT_EQ(test, thread.join().value_or(0), 5);
	KUNIT_EXPECT_FALSE(test, called || token.stop_requested());
}

void stop_source_without_a_state_does_nothing(kunit *test)
{
	const stop_source none(kthread::nostopstate), other;
	bool called = false;
	const stop_callback callback(none.get_token(), [&] { called = true; });

	KUNIT_EXPECT_FALSE(test, none.stop_possible() || none.request_stop());
	KUNIT_EXPECT_TRUE(test, none == other && none.get_token() == stop_token());
	KUNIT_EXPECT_FALSE(test, called);
}

void stop_token_knows_that_no_source_is_left(kunit *test)
{
	stop_token token;
	{
		stop_source source = make_source(test);
		stop_source copy(source), moved(std::move(source));

		token = copy.get_token();
		KUNIT_EXPECT_TRUE(test, token.stop_possible());
		swap(copy, source);
		KUNIT_EXPECT_TRUE(test, source == moved && !copy.stop_possible());
	}
	KUNIT_EXPECT_FALSE(test, token.stop_possible());

	stop_token other;
	swap(token, other);
	KUNIT_EXPECT_TRUE(test, token == stop_token() && other != token);
}

void stop_callback_is_called_once_by_the_first_request(kunit *test)
{
	const stop_source source = make_source(test);
	int calls = 0, later = 0, of_another = 0;
	const stop_callback callback(source.get_token(), [&] { ++calls; });
	{
		const stop_callback gone(source.get_token(), [&] { ++of_another; });
	}

	source.request_stop();
	source.request_stop();
	KUNIT_EXPECT_EQ(test, calls, 1);
	KUNIT_EXPECT_EQ(test, of_another, 0);

	const stop_callback late(source.get_token(), [&] { ++later; });
	KUNIT_EXPECT_EQ(test, later, 1);
}

void stop_callback_may_destroy_itself_and_others(kunit *test)
{
	const stop_source source = make_source(test);
	int calls = 0;
	using destroyer = stop_callback<void (*)()>;
	static destroyer *self;

	self = new (std::nothrow)
		destroyer(source.get_token(), [] { delete std::exchange(self, nullptr); });
	const stop_callback after(source.get_token(), [&] { ++calls; });
	source.request_stop();
	KUNIT_EXPECT_TRUE(test, !self);
	KUNIT_EXPECT_EQ(test, calls, 1);
}

void stop_callback_takes_over_a_token_that_is_moved(kunit *test)
{
	const stop_source source = make_source(test);
	stop_token token = source.get_token();
	int calls = 0;
	const stop_callback first(std::move(token), [&] { ++calls; });

	KUNIT_EXPECT_TRUE(test, token == stop_token());
	source.request_stop();
	KUNIT_EXPECT_EQ(test, calls, 1);

	// It is called at once, and needs no token any more.
	token = source.get_token();
	const stop_callback second(std::move(token), [&] { ++calls; });
	KUNIT_EXPECT_EQ(test, calls, 2);
	KUNIT_EXPECT_TRUE(test, token.stop_requested());
}

void stop_callback_destructor_waits_for_a_call(kunit *test)
{
	stop_source source = make_source(test);
	std::atomic<bool> called{false};
	bool over = false;
	std::optional<jthread> stopper;
	{
		const stop_callback callback(source.get_token(), [&] {
			called = true;
			kunit_bridge_sleep_ms(50);
			over = true;
		});
		stopper = expect(test, jthread::run("stopper", [&] { source.request_stop(); }));
		expect_soon(test, [&] { return called.load(); });
	}
	KUNIT_EXPECT_TRUE(test, over);
}

void stop_callback_is_called_for_a_thread(kunit *test)
{
	int calls = 0, by_destructor = 0;
	{
		auto thread = expect(test, jthread::run("kunit", sleep_until_stopped));
		const stop_callback callback(thread.get_stop_token(), [&] { ++calls; });

		KUNIT_EXPECT_TRUE(test, thread.request_stop());
		KUNIT_EXPECT_EQ(test, calls, 1);
		KUNIT_EXPECT_FALSE(test, thread.request_stop());
	}
	stop_token token;
	{
		auto thread = expect(test, jthread::run("kunit", sleep_until_stopped));

		token = thread.get_stop_token();
		auto count = [&by_destructor] { ++by_destructor; };
		auto other = expect(test, jthread::run("other", [token, count](stop_token own) {
					    const stop_callback callback(token, count);

					    return sleep_until_stopped(own);
				    }));
		expect_state(test, other, 'I');
		thread = {};
		KUNIT_EXPECT_EQ(test, by_destructor, 1);
	}
	KUNIT_EXPECT_TRUE(test, token.stop_requested() && !token.request_stop());
	KUNIT_EXPECT_TRUE(test, token.pid() > 0);
}

void stop_callback_of_a_created_thread_is_called_by_join(kunit *test)
{
	bool called = false;
	auto thread = expect(test, jthread::create("kunit", sleep_until_stopped));
	const stop_callback callback(thread.get_stop_token(), [&] { called = true; });

	expect_error(test, thread.join(), errno_t::EINTR);
	KUNIT_EXPECT_TRUE(test, called);
}

void stop_of_one_thread_can_stop_another(kunit *test)
{
	const stop_source parent = make_source(test);
	auto child =
		expect(test, jthread::run("kunit", [token = parent.get_token()](stop_token stop) {
			       const stop_callback both(token, [stop] { stop.request_stop(); });

			       return sleep_until_stopped(stop);
		       }));

	expect_state(test, child, 'I');
	parent.request_stop();
	KUNIT_EXPECT_EQ(test, child.join().value_or(-1), 7);
}

void stop_source_ends_sleeps_by_its_token(kunit *test)
{
	const stop_source source = make_source(test);
	kthread::completion never("kunit"_lock);
	kthread::wait_queue queue;
	const stop_token token = source.get_token();
	auto sleeps =
		expect(test, jthread::run("kunit", [&] { return sleep_until_stopped(token); }));
	auto waits = expect(test, jthread::run("kunit", [&] {
				    return int(token.wait(queue, [] { return false; }));
			    }));
	auto completes = expect(
		test, jthread::run("kunit", [&] { return kthread::to_errno(never.wait(token)); }));

	expect_state(test, sleeps, 'I');
	expect_state(test, waits, 'I');
	expect_state(test, completes, 'I');
	KUNIT_EXPECT_TRUE(test, token.sleep_for(1ms));
	source.request_stop();
	KUNIT_EXPECT_EQ(test, sleeps.join().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, waits.join().value_or(-1), 0);
	KUNIT_EXPECT_EQ(test, completes.join().value_or(0), static_cast<int>(errno_t::ECANCELED));
	expect_error(test, never.wait(token, kthread::in(1ms)), errno_t::ECANCELED);
}

void stop_token_of_nothing_sleeps_until_its_time(kunit *test)
{
	kthread::completion never("kunit"_lock);
	const stop_token none;
	const auto start = steady_clock::now();

	KUNIT_EXPECT_TRUE(test, none.sleep_for(2ms));
	KUNIT_EXPECT_FALSE(test, none.wait_until(kthread::in(1ms), [] { return false; }));
	expect_error(test, never.wait(none, kthread::in(1ms)), errno_t::ETIMEDOUT);
	KUNIT_EXPECT_TRUE(test, steady_clock::now() - start >= 4ms);
	KUNIT_EXPECT_TRUE(test, none.yield() && !none.park_requested() && !none.request_stop());
	none.set_freezable();
}
