// SPDX-License-Identifier: GPL-2.0
//
// Each way to wait, and each way to leave a wait: no wake-up of one is lost or swallowed.
#include "kthread/channel.hpp"
#include "kthread/completion.hpp"
#include "kthread/condition_variable.hpp"
#include "kthread/latch.hpp"
#include "kthread/semaphore.hpp"
#include "scenario.hpp"

using kthread::jthread;
using kthread::result;
using kthread::steady_clock;
using kthread::stop_token;
using kthread::wait_mode;

namespace
{
enum event { stops, parks, times_out, freezes };
// Not in the template, where clang 14 would call the literal's operator.
constexpr std::chrono::nanoseconds soon = 1ms;

// put() one unit, and take() one: 1 if it has, 0 if the wait has ended without.
struct by_condition {
	kthread::mutex lock{"lock"_lock};
	kthread::condition_variable changed{"changed"_lock};
	int units = 0;

	void put()
	{
		{
			const std::lock_guard held(lock);

			++units;
		}
		changed.notify_one();
	}
	result<void> take(wait_mode how, steady_clock::time_point deadline)
	{
		const std::lock_guard held(lock);
		auto waited = changed.wait(lock, how, deadline, [this] { return units > 0; });

		units -= waited.has_value();
		return waited;
	}
};

struct by_completion {
	kthread::completion done{"done"_lock};

	void put() { done.complete(); }
	result<void> take(wait_mode how, steady_clock::time_point deadline)
	{
		return done.wait(how, deadline);
	}
};

struct by_semaphore {
	kthread::counting_semaphore<> units{0, "units"_lock};

	void put() { units.release(); }
	result<void> take(wait_mode how, steady_clock::time_point deadline)
	{
		return units.acquire(how, deadline);
	}
};

struct by_channel {
	kthread::channel<int, 2> values{"values"_lock};

	void put() { expect(values.try_push(1), "there is room"); }
	result<void> take(wait_mode how, steady_clock::time_point deadline)
	{
		auto got = values.pop(how, deadline);

		return got ? result<void>() : result<void>(std::unexpected(got.error()));
	}
};

// Two wait. One of them may leave, while a unit comes: that one or the other gets it. If it was the first,
// the other gets a second.
template <class Units>
void one_leaves(event what)
{
	Units units;
	bool other_got = false;
	std::atomic<bool> leaver_took{false};
	auto made = jthread::run("leaver", [&](stop_token stop) {
		const auto deadline =
			what == times_out ? steady_clock::now() + soon : kthread::never;
		if (what == freezes)
			stop.set_freezable();
		auto taken = units.take(stop, deadline);

		leaver_took = taken.has_value();
		return taken ? 1 : kthread::to_errno(taken);
	});
	jthread &leaver = must(made);
	context other("other",
		      [&] { other_got = units.take(kthread::idle, kthread::never).has_value(); });
	units.put();
	if (what == parks && leaver.park()) {
		// Parked in its wait it holds up nobody.
		if (!leaver_took)
			join();
		(void)leaver.unpark();
	}
	if (what == freezes) {
		suspend();
		// A frozen waiter holds up nobody either.
		if (!leaver_took)
			join();
		resume();
	}
	const auto left = what == stops ? leaver.stop() : result<int>(0);
	const bool leaver_got = what == stops && left && *left == 1;

	if (leaver_got || what == parks || what == freezes)
		units.put();
	if (what == times_out) {
		const auto ended = leaver.join();

		expect(ended && (*ended == 1 ||
				 *ended == static_cast<int>(kthread::errno_t::ETIMEDOUT)),
		       "it has its unit, or no time");
		if (ended && *ended == 1)
			units.put();
	}
	join();
	expect(other_got, "the other gets a unit");
	if (what == parks || what == freezes) {
		const auto ended = leaver.join();

		expect(ended && *ended == 1, "so does the one that was away");
	}
}
} // namespace

SCENARIO(condition_variable_waiter_is_stopped)
{
	one_leaves<by_condition>(stops);
}
SCENARIO(condition_variable_waiter_is_parked)
{
	one_leaves<by_condition>(parks);
}
SCENARIO(condition_variable_waiter_times_out)
{
	one_leaves<by_condition>(times_out);
}
SCENARIO(condition_variable_waiter_freezes)
{
	one_leaves<by_condition>(freezes);
}
SCENARIO(completion_waiter_is_stopped)
{
	one_leaves<by_completion>(stops);
}
SCENARIO(completion_waiter_is_parked)
{
	one_leaves<by_completion>(parks);
}
SCENARIO(completion_waiter_times_out)
{
	one_leaves<by_completion>(times_out);
}
SCENARIO(completion_waiter_freezes)
{
	one_leaves<by_completion>(freezes);
}
SCENARIO(semaphore_waiter_is_stopped)
{
	one_leaves<by_semaphore>(stops);
}
SCENARIO(semaphore_waiter_is_parked)
{
	one_leaves<by_semaphore>(parks);
}
SCENARIO(semaphore_waiter_times_out)
{
	one_leaves<by_semaphore>(times_out);
}
SCENARIO(semaphore_waiter_freezes)
{
	one_leaves<by_semaphore>(freezes);
}
SCENARIO(channel_waiter_is_stopped)
{
	one_leaves<by_channel>(stops);
}
SCENARIO(channel_waiter_is_parked)
{
	one_leaves<by_channel>(parks);
}
SCENARIO(channel_waiter_times_out)
{
	one_leaves<by_channel>(times_out);
}
SCENARIO(channel_waiter_freezes)
{
	one_leaves<by_channel>(freezes);
}

// A word that comes to one that has its unit already is for the other.
SCENARIO(semaphore_two_units_for_two)
{
	by_semaphore units;
	const auto take = [&] {
		expect(units.take(kthread::idle, kthread::never).has_value(), "it gets a unit");
	};
	context one("one", take), other("other", take);
	context a("puts", [&] {
		units.put();
		units.put();
	});
	join();
}

// The producer waits for room, the consumer for values.
SCENARIO(channel_both_sides_wait)
{
	kthread::channel<int, 1> values{"values"_lock};
	int sum = 0;
	context consumer("consumer", [&] {
		while (auto got = values.pop(kthread::idle))
			sum += *got;
	});
	for (int i = 1; i <= 2; ++i)
		expect(values.push(i, kthread::idle).has_value(), "pushed");
	values.close();
	join();
	expect(sum == 3, "each value comes once");
}

// A context whose wait has returned may destroy the completion.
SCENARIO(completion_dies_when_it_was_waited_for)
{
	auto *const done = new (std::nothrow) kthread::completion{"done"_lock};
	context a("completes", [&] { done->complete(); });
	expect(done->wait(kthread::idle).has_value(), "it comes");
	delete done;
	join();
}

// Those who look at an open latch see it open, while others pass.
SCENARIO(latch_stays_open)
{
	kthread::latch ready{1, "ready"_lock};
	ready.count_down();
	context other("other",
		      [&] { expect(bool(ready.wait(kthread::idle)), "the other passes"); });
	expect(ready.try_wait(), "it is open");
	expect(bool(ready.wait(kthread::idle, steady_clock::time_point())), "and takes no time");
	join();
}

// A waiter may destroy the latch after its wait, also if the time was over when the latch opened.
SCENARIO(latch_goes_with_its_waiter)
{
	auto *const ready = new (std::nothrow) kthread::latch(1, "ready"_lock);
	context a("opens", [&] { ready->count_down(); });
	const bool has_passed = bool(ready->wait(kthread::idle, steady_clock::time_point()));
	if (!has_passed)
		join();
	delete ready;
	if (has_passed)
		join();
}

SCENARIO(channel_size_while_it_changes)
{
	kthread::channel<int, 1> values{"values"_lock};
	context a("changes it", [&] {
		expect(values.try_push(1), "there is room");
		expect(values.try_pop() == 1, "which it is");
		expect(values.try_push(2), "there is room again");
	});
	expect(values.size() <= 1, "there are no more than there can be");
	join();
}
