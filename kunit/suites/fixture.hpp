// SPDX-License-Identifier: GPL-2.0
//
// What the tests of threads share.
#pragma once

#include <memory>

#include "kthread/jthread.hpp"

#include "kunit.hpp"

using namespace std::chrono_literals;
using kthread::errno_t;
using kthread::jthread;
using kthread::result;
using kthread::steady_clock;
using kthread::stop_token;

constexpr auto forever = 1h;
// Much longer than a wake-up takes on a busy machine, much shorter than forever.
constexpr auto soon = 60s;

// How often a test repeats what has to meet something else at the right moment: so often, or with the module's
// parameter rounds so many times as often.
inline int repeats(int often)
{
	return often * static_cast<int>(kunit_bridge_rounds());
}

// Counts how often it, moved or not, was destroyed as the owner of something.
template <class Count>
class witness
{
public:
	explicit witness(Count &destroyed) : destroyed_(&destroyed) {}
	witness(witness &&other) noexcept : destroyed_(std::exchange(other.destroyed_, nullptr)) {}
	~witness()
	{
		if (destroyed_)
			++*destroyed_;
	}

private:
	Count *destroyed_;
};

inline int sleep_until_stopped(stop_token stop)
{
	while (!stop.stop_requested())
		stop.sleep_for(forever);
	return 7;
}

// The value, or an empty one and a failed test.
template <class T>
T expect(kunit *test, result<T> made)
{
	KUNIT_EXPECT_TRUE(test, made.has_value());
	if (!made)
		return {};
	return std::move(*made);
}

inline void expect(kunit *test, const result<void> &done)
{
	KUNIT_EXPECT_EQ(test, kthread::to_errno(done), 0);
}

template <class T>
void expect_error(kunit *test, const result<T> &got, errno_t expected)
{
	KUNIT_EXPECT_EQ(test, kthread::to_errno(got), expected);
}

// Waits until the condition holds, but not for ever. It counts looks and not time, because time goes on while a
// busy host lets none of the guest's threads run.
template <class Condition>
void expect_soon(kunit *test, Condition condition)
{
	for (int looks = 0; looks < 5000; ++looks) {
		if (condition())
			return;
		kunit_bridge_sleep_ms(1);
	}
	KUNIT_EXPECT_TRUE(test, condition());
}

inline void expect_state(kunit *test, const kthread::thread_handle &thread, char state)
{
	expect_soon(test, [&] { return kunit_bridge_state(thread.pid()) == state; });
}
