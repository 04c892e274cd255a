// SPDX-License-Identifier: GPL-2.0
//
// Timers and tickers against what ends or changes them: from two contexts, from an interrupt, and from the
// timer's own callable.
#include "kthread/timer.hpp"

#include "pairs.hpp"

using kthread::jthread;
using kthread::stop_token;

namespace
{
enum operation { start, start_every, look, end, cancel };
constexpr const char *names[] = {"start", "every", "is_active", "end", "cancel"};

// Not in the template, where clang 14 would call the literals' operators.
constexpr std::chrono::nanoseconds soon = 1us, period_of_timers = 1ms;

// How often a timer was started, and ended before it came.
struct account {
	std::atomic<int> started{0}, ended{0}, calls{0};

	void count(std::atomic<int> &which, int by)
	{
		which.fetch_add(by, std::memory_order_relaxed);
	}
	int now(const std::atomic<int> &which) const
	{
		return which.load(std::memory_order_relaxed);
	}
};

template <class Timer>
void call(Timer &timer, int what, account &a)
{
	switch (what) {
	case start:
		a.count(a.started, 1);
		timer.start_after(soon);
		break;
	case start_every:
		a.count(a.started, 1);
		expect(bool(timer.start_every(period_of_timers)), "a period that is long enough");
		break;
	case look:
		(void)timer.is_active();
		break;
	case end:
		a.count(a.ended, timer.end());
		break;
	case cancel:
		a.count(a.ended, timer.cancel());
		break;
	}
}

enum place { context_of_its_own, in_an_interrupt, in_itself };

template <place where>
void one_timer()
{
	const int one = current_scenario->one, other = current_scenario->other;
	const bool once = one != start_every && other != start_every;
	account a;
	int last;
	{
		kthread::timer<> *self = nullptr;
		kthread::timer<> timer([&a, &self] {
			a.count(a.calls, 1);
			if (where == in_itself && a.now(a.calls) == 1)
				call(*self, current_scenario->other, a);
		});

		self = &timer;
		// The timer runs, so that each pair has something to end.
		call(timer, start, a);
		if constexpr (where == context_of_its_own) {
			context c("other", [&] { call(timer, other, a); });
			call(timer, one, a);
			join();
		} else if constexpr (where == in_an_interrupt) {
			interrupt c("irq", [&] { call(timer, other, a); });
			call(timer, one, a);
			join();
		} else {
			call(timer, one, a);
		}
		call(timer, cancel, a);
		last = a.now(a.calls);
		if (where != in_itself || once)
			expect(!timer.is_active(), "ended");
	}
	const int came = a.now(a.calls), ended = a.now(a.ended), started = a.now(a.started);
	expect(came == last, "not after its cancel");
	if (started == 1)
		expect(came + ended == 1, "it came once, or was ended");
	else if (once)
		expect(came + ended >= 1 && came + ended <= started,
		       "it comes for each start, or is ended");
}

const char *why_not(int one, int other)
{
	return one == start_every && other == start_every ? "as with one that has no period"
							  : nullptr;
}

const char *why_not_atomic(int one, int other)
{
	return other == cancel ? "waits for the interrupt" : why_not(one, other);
}

const pairs of_timers("timer", names, one_timer<context_of_its_own>, why_not);
const pairs of_interrupts("tirq", names, names, one_timer<in_an_interrupt>, why_not_atomic);
const pairs of_itself("tself", names, names, one_timer<in_itself>, why_not_atomic);
} // namespace

namespace
{
enum change { period, restart, wake, park, stop };
constexpr const char *changes[] = {"period", "restart", "wake", "park", "stop"};

void change(kthread::ticker &every, jthread &thread, int what)
{
	switch (what) {
	case period:
		expect(bool(every.set_period(2ms)), "a period that is long enough");
		thread.wake();
		break;
	case restart:
		every.restart();
		thread.wake();
		break;
	case wake:
		thread.wake();
		break;
	case park:
		if (thread.park())
			(void)thread.unpark();
		break;
	case stop:
		thread.request_stop();
		break;
	}
}

// A body that waits for one beat.
void beat()
{
	const int one = current_scenario->one, other = current_scenario->other;
	kthread::ticker every(1ms);

	one_order();
	auto made =
		jthread::run("thread", [&](stop_token token) { return int(every.wait(token)); });
	jthread &thread = must(made);
	all_orders();
	context b("other", [&] { change(every, thread, other); });
	change(every, thread, one);
	join();
	const auto r = thread.join();
	expect(r && (*r == 1 || one == stop || other == stop), "it beats unless it is stopped");
}

const pairs of_tickers("ticker", changes, beat, all_are_allowed);
} // namespace
