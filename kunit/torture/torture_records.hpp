// SPDX-License-Identifier: GPL-2.0
//
// What the torture knows of each thread, and the bodies that the threads run.
#pragma once

#include "torture.hpp"

#include "kthread/ticker.hpp"

namespace torture
{
using kthread::jthread;
using kthread::thread_handle;
using kthread::thread_progress;
using kthread::ticker;

// What a body does.
enum class habit {
	// These end by themselves.
	returns,
	naps,
	yields,
	has_child,
	asks, // its own handle, for what a thread must not do to itself
	// These do not, but for a stop.
	sleeps,
	waits,
	waits_in_queue,
	ticks,
};

// Bodies that wait come more often, as they are the ones that could lose a wake-up.
inline constexpr habit habits[] = {
	habit::returns,        habit::naps,   habit::yields, habit::has_child,
	habit::asks,           habit::ticks,  habit::waits,  habit::waits_in_queue,
	habit::sleeps,         habit::waits,  habit::waits,  habit::waits_in_queue,
	habit::waits_in_queue, habit::sleeps,
};

// A time, of which one in sixteen is so short that a thread hardly sleeps.
std::chrono::nanoseconds some_time(random &r);

struct plan {
	habit what = habit::returns;
	int code = 0;
	unsigned int count = 0;
	std::chrono::nanoseconds time{1};
	bool freezable = false;

	plan() = default;
	explicit plan(random &r)
		: what(habits[r.below(sizeof(habits) / sizeof(*habits))]),
		  code(static_cast<int>(r.next())), count(1 + r.below(8)), time(some_time(r)),
		  freezable(r.one_in(4))
	{
	}
	[[nodiscard]] bool ends() const { return what < habit::sleeps; }
};

// What is known of a thread, from before its handle is made until after it is gone.
struct thread_record {
	std::atomic<unsigned int> generation{0};
	std::atomic<int> alive{0};
	std::atomic<unsigned int> runs{0}, running{0}, ended{0};
	std::atomic<unsigned long long> beats{0};
	std::atomic<unsigned int> produced{0}, consumed{0};
	std::atomic<bool> on_cpu_0{false};
	std::atomic<bool> stop_asked{false};
	std::atomic<long long> outcome{unknown};
	kthread::wait_queue queue;
	ticker every{1ns};
	plan planned;
	// Of shared threads.
	thread_handle *handle = nullptr;
	gate *door = nullptr;

	void prepare(const plan &p)
	{
		planned = p;
		planned.freezable &= p.what != habit::has_child;
		runs = ended = 0;
		beats = 0;
		produced = consumed = 0;
		on_cpu_0 = stop_asked = false;
		outcome = unknown;
		every.~ticker();
		new (&every) ticker(p.time);
	}

	// After the handle is gone, and everything with it.
	void is_gone()
	{
		CHECK_EQ(alive.load(), 0);
		CHECK_EQ(running.load(), 0u);
		CHECK(runs.load() <= 1);
		CHECK_EQ(ended.load(), runs.load());
		++generation;
	}

	// From the destructor of what is called.
	void destroyed() { CHECK_EQ(running.load(), 0u); }

	void beat()
	{
		++beats;
		CHECK_EQ(running.load(), 1u);
		if (on_cpu_0)
			CHECK_EQ(torture_cpu(), 0u);
	}

	// All who ask hear the same.
	void is_result(const result<int> &got)
	{
		if (got) {
			CHECK_EQ(*got, planned.code);
			CHECK_EQ(runs.load(), 1u);
			CHECK_EQ(ended.load(), 1u);
		} else {
			CHECK_EQ(got.error(), errno_t::EINTR);
			CHECK_EQ(runs.load(), 0u);
		}
		const long long now = got ? *got : cancelled;
		long long before = unknown;

		if (!outcome.compare_exchange_strong(before, now))
			CHECK_EQ(before, now);
		else if (!got)
			torture_count(TORTURE_CANCELLED);
	}

	void may_have_result(const thread_handle &thread)
	{
		const long long before = outcome.load();
		const auto got = thread.get();

		if (got || got.error() != errno_t::EAGAIN)
			is_result(got);
		else
			CHECK_EQ(before, unknown);
	}

	int run(stop_token stop);

private:
	static constexpr long long unknown = 1ll << 40, cancelled = 1ll << 41;

	void ask();
	void have_child(stop_token stop);
};

struct body {
	probe<thread_record> held;

	explicit body(thread_record &record) : held(record) {}
	int operator()(stop_token stop) { return held.alive().run(stop); }
};

// Joined or not.
inline bool has_thread(const thread_handle &thread)
{
	return thread.progress() != thread_progress::none;
}
void set_scheduling(thread_handle &thread, random &r, bool joinable);
// Checks all calls of a handle that has no thread.
void is_empty(thread_handle &thread, random &r);
// Makes the condition true that some bodies wait for.
void feed(thread_handle &handle, thread_record &record, unsigned int count);
} // namespace torture
